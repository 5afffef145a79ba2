//! Whom the county answers for and what it knows about them.

pub mod circumstances;
pub mod intake;
