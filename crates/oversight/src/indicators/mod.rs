//! Indicators: figures whose definition is data, each of which opens to exactly the rows that it counts.
//!
//! In the county's life: a leader asks how many households stand so and so, the office writes the condition in the browser,
//! a second person publishes it, and from that hour the figure stands by township and village, on any day, with its rows.
//! What can never happen here: a figure without a definition in words and its source, a figure whose rows are not as many
//! as it says, a row shown outside one's scope, *cannot tell* counted as no.

mod actions;
mod define;
mod measure;
mod model;
mod pages;
mod queries;
mod sheet;
#[cfg(test)]
mod tests;

pub use actions::{Listed, RowLine, Rows, RowsWanted, figure, list, rows};
pub use define::{Read, changes, known, understood};
pub use measure::{measure, trial};
pub use model::{Counts, Figure, PlaceFigure, Wanted, part_of};
pub use pages::routes;
pub use sheet::{figures_workbook, rows_workbook};
