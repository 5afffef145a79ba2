//! Questions about the record (数据核查): where what is written of a household does not fit together, somebody is asked.
//!
//! In the county's life: each check of the pack (`checks/*.toml`) asks every household in the language of the screening
//! rules. A hit is a question on the household's page and in the list; it is mended by hand, or answered "it is really so,
//! because …". That answer stays with the record and silences the question until one of its values changes. The room stands
//! among casework, not with oversight's lists, because it asks with the engine of screening and cases ask it what is open.
//! What can never happen here: a fact that must be changed to get rid of a question, an answer that is overwritten, an
//! answer given to other values than those that were shown, people or villages in an order of merit.

mod actions;
mod book;
mod codes;
mod model;
mod pages;
mod queries;
mod sheet;
mod standing;
#[cfg(test)]
mod merged_tests;
#[cfg(test)]
mod tests;

pub use actions::{
    Filter, Given, Line, Page, Question, View, answer, count_open, count_open_at_once, list,
    open_of_household, show,
};
pub use book::{Check, CheckBook, CheckTrouble, book, check_all};
pub use model::{CheckDef, CheckLevel, Kind, State};
pub use pages::{panel, routes};
pub use queries::Answered;
pub use queries::past::{PAST_STEPS, PAST_TABLES};
pub use sheet::{answers_in, workbook_of};
