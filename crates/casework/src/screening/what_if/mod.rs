//! What other thresholds and conditions would find, before anybody publishes them: nothing is stored.

mod compare;
mod past;
mod tally;

#[cfg(test)]
pub(super) use compare::compare_within;
pub use compare::{Changed, Difference, compare};
pub use tally::Counts;
