//! registry

pub mod intake;
