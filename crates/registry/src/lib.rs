//! Wing 1, the registry: whom we serve and what we know about them.
//!
//! Rooms in the order in which they may use each other.

pub mod accounts;
pub mod circumstances;
pub mod intake;
