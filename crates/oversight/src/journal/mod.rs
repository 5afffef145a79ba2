//! The journal as people read it: who did what, when, about what; whether its chain holds; who looked where they may not.
//!
//! In the county's life: the county office and the inspectors read it, print a slip of each day and keep it on paper, so
//! that a chain that was written anew would not agree with the paper.
//! What can never happen here: an entry that is changed, a number of identity in an entry.

mod actions;
mod pages;
mod queries;
#[cfg(test)]
mod tests;

pub use actions::{Slip, access, entries, slip, verify};
pub use pages::routes;
pub use queries::{AccessLine, EntryLine, Wanted};
