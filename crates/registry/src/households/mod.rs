//! Households: who lives together, where, since when.
mod kin;
mod model;

pub use kin::Kin;
pub use model::{ChangeError, Edits, EndedStay, House, HowIn, HowOut, Membership};
