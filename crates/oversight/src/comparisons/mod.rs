//! Comparisons 两日对比: the county on one day beside the county on another, what changed between them, and why.
//!
//! In the county's life: the leader asks why there are eleven households more under monitoring than at midsummer; the
//! auditor asks which figures of March were corrected in April. Every difference opens to exactly the households behind it:
//! who came in, who went out, what the old value was, what the new one is, and which row, change by hand, rule version or
//! answer made it so. A day has two sides here as everywhere: what held on it, and until when it was known.
//! It stands in oversight because it uses the registry and the leads alike and changes neither: households may not know
//! leads, and leads have no say about households.
//! What can never happen here: a difference that its rows do not add up to, a household outside one's scope of today, a
//! value that one's role does not open, something changed.

mod actions;
mod behind;
mod causes;
mod laid;
mod model;
mod pages;
mod queries;
mod read;
mod sheet;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

pub use actions::{Sides, compare, of_household};
pub use behind::{Behind, RowsWanted, rows};
pub use causes::Cause;
pub use laid::TwoDays;
pub use model::{Asking, Comparison, Figure, Item, Side, Tally, Way};
pub use pages::routes;
