//! Declarations (自主申报和各种来源的线索): what people say about a household that is in trouble, and by which way it came.
//!
//! In the county's life: a household declares on a page without login, on a phone; a neighbour writes for one who cannot; a
//! village worker reports what was found; township and county enter what came by hotline, petition and media. All of it
//! becomes a reason of the household's lead. A code tells who declared where it stands.
//! What can never happen here: an answer that differs for people the county knows and does not know; a public process that
//! can read back what it has taken in; a declaration that is lost, or taken in twice; a code that can be guessed.
//!
//! The public side ([`outside`]) knows no database: it works in a folder with what the county published and with an inbox
//! that only grows.

mod actions;
mod model;
pub mod outside;
mod pages;
mod phones;
mod publish;
mod queries;
mod take_in;
#[cfg(test)]
mod tests;
mod to_place;
mod words;

pub use actions::{
    Entered, Filter, Finding, Line, NotOurs, Page, View, count_waiting, enter, list, put_aside,
    report, reveal, show,
};
pub use model::{Letter, Mark, State, What, Writing, Written};
pub use pages::{Outside, panel, routes};
pub use phones::{Phone, list_phones, save_phone};
pub use publish::{StatusAfter, after_case, publish};
pub use queries::past::{PAST_STEPS, PAST_TABLES};
pub use take_in::{TakenIn, take_in};
pub use to_place::place;
