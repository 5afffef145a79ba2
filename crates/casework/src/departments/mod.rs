//! Departments: which lists an office owes and when, what came back to it, what its lists led to, what villages ask it.
//!
//! In the county's life: the county office sees which lists are late and whom to remind; an office sees its own calendar,
//! the rows that were returned as wrong, its rules, and the questions it has to answer.
//! What can never happen here: offices side by side in an order of merit, a list called late that was due before the county
//! began, a second word about the same row over the first.

mod actions;
mod look;
mod model;
mod pages;
mod queries;
mod sheet;
#[cfg(test)]
mod tests;

pub use actions::{
    Askable, answer_question, ask, askable_lead, askable_row, list_questions, say, show_question,
};
pub use look::{
    AllBack, Back, BackOf, Calendar, ListLine, OfficeLine, all_back, calendar, list_offices,
    rules_of,
};
pub use model::{RowSaid, Slot, Standing};
pub use pages::{list_name, office_name, period_words, routes};
pub use queries::past::{PAST_STEPS, PAST_TABLES};
pub use queries::questions::{About, Question, QuestionFilter};
