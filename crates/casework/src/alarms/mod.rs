//! Alarms over areas (规模性返贫预警): when too much comes together in one village or township, it is no longer a matter of
//! single households.
//!
//! In the county's life: rules of the pack (`alarms/*.toml`) ask every village and township for sums of its households and for
//! what visits confirmed; where one holds, an alarm is raised with the day, stands until it no longer holds, and the county
//! says what it does. The thresholds are parameters that the county sets.
//! What can never happen here: an alarm that is counted for somebody who does not work in the area, an unknown that passes for
//! "no alarm" and ends one, areas in an order of merit, an answer that is overwritten.

mod actions;
mod book;
mod model;
mod pages;
mod queries;
mod sheet;
#[cfg(test)]
mod tests;

pub use actions::{Line, Standing, View, answer, count_open, follow, list, show, standing};
pub use book::{Alarm, AlarmBook, Trouble};
pub use model::{COLUMNS, Sums};
pub use pages::routes;
pub use queries::past::{PAST_STEPS, PAST_TABLES};
pub use queries::{AlarmId, Raised, Said};
