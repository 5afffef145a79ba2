//! Slips: what a village has to do today as a few lines without personal data, to be read out, pasted into the group chat
//! or pinned to the wall.
//!
//! In the county's life: every morning a township copies the slips of its villages; a village prints its own.
//! What can never happen here: a name, a number of a person or a household; villages in an order of merit; a count of what
//! the reader may not see.

mod actions;
mod model;
mod pages;
mod queries;
#[cfg(test)]
mod tests;

pub use actions::{Brief, Slips, brief, slips};
pub use model::{Counts, VillageSlip, Week};
pub use pages::routes;
