//! Whom the county answers for and what it knows about them.
//!
//! The rooms stand in the order in which one may use another. People stand before households: a person is somebody
//! without a household too (between two of them, or in a list before the register knew them).

pub mod areas;
pub mod circumstances;
pub mod households;
pub mod intake;
pub mod people;
