//! The past 往日视图: any page and list as the county stood on a past day, as it was known then or as it is known now.
//!
//! In the county's life: the auditor asks what the office knew on the day on which it did not act; the office asks what a
//! list of last month would look like with the corrections that came since. Two days tell it: *as of* the day whose state
//! is shown, *as known on* the day after which nothing was known yet.
//! How: the whole register, the lists, leads and counts are laid out as they were in a database of their own, the facts
//! are worked out there, and every page is asked of that database as if the day were today. So there is no page that
//! could show a figure of another day, and none that has to know of the past.
//! What can never happen here: something changed in the past, a row that came to be known later, somebody seeing whom they
//! may not see today, a state that is kept on after the rows on which it rests were changed.
//! Used by the layer around all pages and by the comparison of two days.

mod model;
mod queries;
mod shelf;
#[cfg(test)]
mod tests;

pub use model::{Asked, Known};
pub use queries::{STEPS, TABLES};
pub use shelf::{Past, Shelf};
