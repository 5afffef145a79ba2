//! matching [数据比对]: whom does a row of a department's list speak of? Pure: an index of the register and the
//! evidence of one row go in, a decision with its reason comes out; no database, no file, no clock.
//!
//! In the county's life this is where lists become knowledge about households. What can never happen here: a row given
//! to somebody on a guess. Evidence is weighed in the order of the county's rule (number, repaired number, number with
//! one slip and the name, roll number or certificate, register numbers, phone, birth, village), and evidence that
//! contradicts turns a find into a question. A person who is not in the register and brings a number that is right is
//! not here, whatever their name.
//!
//! The index holds digests, never numbers: whoever builds it passes in how a text becomes a [`Key`]. Only where one
//! differing digit must be proved are a handful of sealed numbers opened, through the matcher's opener.

mod decide;
mod index;
mod names;
mod near;
mod number;
mod places;
mod reasons;
mod repeats;
#[cfg(test)]
mod tests;
mod weigh;

pub use decide::{Matcher, Subject};
pub use index::{Entry, IndexBuilder, Key, Member, NumberKeys, RegisterIndex};
pub use names::{Likeness, likeness, normal};
pub use number::{Shown, is_valid, one_slip_apart, read as shown};
pub use places::{AreaName, Certainty, Place, Places};
pub use reasons::{Agreement, Candidate, Decision, Reason};
pub use repeats::{Repeats, RowPlace, event_key};
pub use weigh::phone_digits;
