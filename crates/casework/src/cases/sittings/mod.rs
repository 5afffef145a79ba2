//! Review sittings (民主评议会) of a village: one sitting with its date, place and people, many households with a result each,
//! one record of what was said. Within the room of cases, for a result is a step of the case.
//!
//! What can never happen here: a result without a sitting that was held; a held sitting that changes; a draft that moves a case.

mod actions;
mod model;
pub(super) mod pages;
mod queries;

pub use actions::{drop_draft, hold, list, of_case, open, save, show, waiting};
pub use model::{Entry, Line, Outcome, Sitting};
