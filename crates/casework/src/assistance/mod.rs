//! Help (帮扶): what is promised to a household, a person or a village, and the helper who looks after a household.
//!
//! In the county's life: a measure has a kind from the code list, the risks at which it is aimed, an owner and a day; it counts
//! as given when somebody says so with a proof. Services that are given again and again are logged each time. Every household
//! has a helper from a day to a day.
//! What can never happen here: help that counts as given without a proof, a change that overwrites what somebody else has just
//! written, a measure for a household outside of one's scope, two helpers of one household on the same day.
//! Used by `cases` (does the help fit the risks).

mod actions;
mod carers;
mod facts;
mod model;
mod moves;
mod pages;
mod queries;
mod sheet;
#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod tests;

pub use actions::{add_measure, count_open, deliver, end, give, list, plan, show};
pub use carers::{Helper, NewHelper, assign, helper_names, helpers_of, release};
pub use facts::{Stay, help, no_help};
pub use model::{
    Delivered, Ending, Fit, Measure, NewMeasure, PROOFS, Proof, Subject, aims_at, fits,
};
pub use moves::{move_along, move_back, take_along, take_back};
pub use pages::{events, helper_panel, kind_word, measures_panel, routes};
pub use queries::acted::{helpers as helpers_then, measures as measures_then, with_merged};
pub use queries::carers::{Contact, list_contacts};
pub use queries::list::{Filter, Line};
pub use queries::past::PAST_TABLES;
pub use queries::{Given, find_measure, measures_of, times_of};
