//! Villages: what a village earns together (集体经济), and the class that follows from it: shell village, weak village, others.
//!
//! In the county's life: once a year the township writes down what each village's collective earned; the class of the year
//! follows by the county's thresholds, and where the county knows better it says so with a document.
//! What can never happen here: a village in two classes of one year or in none, a class by hand without its document, a figure
//! that is overwritten without a trace, villages in an order of merit.

mod actions;
mod listed;
mod model;
mod pages;
mod queries;
mod sheet;
#[cfg(test)]
mod tests;

pub use actions::{Line, Year, list, save_incomes, set_class, show};
pub use listed::Listed;
pub use model::{Collective, Thresholds, classify};
pub use pages::routes;
pub use queries::{ByHand, Income};
