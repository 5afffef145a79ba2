//! Wing 1, the registry: whom we serve and what we know about them.
//!
//! Rooms in the order in which they may use each other. People stand before households: a person is somebody without a
//! household too (between two of them, or in a list before the register knew them).

pub mod areas;
pub mod policies;
pub mod accounts;
pub mod villages;
pub mod views;
pub mod people;
pub mod households;
pub mod circumstances;
pub mod intake;
pub mod duplicates;
pub mod past;
