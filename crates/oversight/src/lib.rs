//! Wing 3, oversight: what is due, and how we know that it is right.

pub mod indicators;
pub mod comparisons;
pub mod journal;
pub mod search;
pub mod work;
