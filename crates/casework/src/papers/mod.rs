//! Papers (工作文书): the kinds of papers that offices edit in Word, and how each of them looks in this county.
//!
//! In the county's life: the program fills in check sheets, minutes, notices, lists, cards and household files; an office
//! downloads the layout, changes it in Word and sends it back; from its day on every paper of that kind has the new look.
//! What can never happen here: a layout that loses a placeholder in silence, carries a macro or fetches another file; an
//! earlier layout that is gone; a number of a person or a word about health in what hangs on a board.

mod actions;
mod board;
mod model;
mod pages;
mod queries;
#[cfg(test)]
mod tests;

pub use actions::{Made, Standing, add, list, made_with, note_made, shipped, take_back, versions};
pub use board::not_public;
pub use model::{Paper, Problem, Values, chinese_day};
pub use pages::{docx_answer, routes, xlsx_answer};
pub use queries::past::PAST_TABLES;
