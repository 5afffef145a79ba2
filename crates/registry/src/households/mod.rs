//! Households: who lives together, where, since when.
mod kin;
mod model;
mod status;

pub use kin::Kin;
pub use model::{ChangeError, Edits, EndedStay, House, HowIn, HowOut, Membership};
pub use status::{Recorded, Scheme, StatusValue, held};
