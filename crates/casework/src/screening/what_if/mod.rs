//! What other thresholds and conditions would find, before anybody publishes them: nothing is stored.

mod bars;
mod compare;
mod drafts;
mod past;
mod places;
mod rows;
mod tally;
mod trial;
mod wanted;

pub use bars::{Bar, Bars};
#[cfg(test)]
pub(super) use compare::compare_within;
pub use compare::{Changed, Difference, compare, engine};
pub use drafts::{Apart, Compared, PlaceOfBoth, Side, Sides, compare_drafts};
pub use past::Facts;
pub use places::Place;
pub use rows::{Line, SHOWN, Turn};
pub use tally::Counts;
#[cfg(test)]
pub(super) use trial::what_if_within;
pub use trial::{Found, Numbers, Trial, what_if};
pub use wanted::{Mistake, Wanted};
