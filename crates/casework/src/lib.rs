//! Wing 2, what the county does about it.
//!
//! The order of the rooms is the order of allowed use: a room may use only those above it.

pub mod screening;
pub mod departments;
pub mod alarms;
pub mod slips;
