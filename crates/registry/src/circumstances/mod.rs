//! Circumstances (情况): dated facts about people, households and villages, and where each came from.
//!
//! Used by the household page, by intake (which writes records) and by screening (which asks the facts derived from
//! them). What can never happen here: a value without a source, a day and the row it came from.

pub mod facts;
pub mod incomes;
mod homes;
mod matrix;
pub mod panels;
#[cfg(test)]
mod panels_tests;
pub mod queries;
pub mod ledger;
pub mod register;
mod shares;
pub mod topics;

pub use queries::{RECORD_COLUMNS, Said, list_in_village, list_records, list_village_records};
