//! Duplicates (疑似重复): people and households that were recorded twice, side by side, and what somebody said about them.
//!
//! Used by whoever keeps the register clean: a list of pairs with reasons, a decision, and its undoing at any time. What can
//! never happen here: a merge that nobody decided, a delivered row that is rewritten, a merge that cannot be undone, or an
//! undoing that loses what was said meanwhile.

mod actions;
mod carry;
mod compare;
mod model;
mod pages;
#[cfg(test)]
mod pages_tests;
mod queries;
mod suggest;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod intake_tests;
#[cfg(test)]
mod known_then_tests;
mod undo;

pub use actions::{Chosen, Outcome, Pair, ask_again, confirm, merge, not_the_same, refuse};
pub use model::{StayEdit, StayRow};
pub use pages::routes;
pub use queries::{Kind, Merge, MergeState};
pub use suggest::{Reason, Suggested, suggested};
pub use undo::{Undone, Unsure, undo};
