//! Households: who lives together, where, since when.
mod how;
mod kin;
mod model;
mod status;

pub use how::{HowIn, HowOut};
pub use kin::Kin;
pub use model::{ChangeError, Edits, EndedStay, House, Membership};
pub use status::{Recorded, Scheme, StatusValue, held};
