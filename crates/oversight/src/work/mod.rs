//! My work: what a person has to do today, from every room, by its day.
//!
//! In the county's life: the first page of everybody who signs in. A village answers leads, a township confirms changes and
//! decides rows, the county accepts lists, an office mends its own rows.
//! What can never happen here: a score, a ranking, a count of clicks; a duty that has no place to do it.

mod cases;
mod gather;
mod item;
mod pages;
#[cfg(test)]
mod tests;

pub use gather::{Board, Show, gather};
pub use item::{Item, Step};
pub use pages::routes;
