//! Search: one field for everything a person of the county may look for.
//!
//! In the county's life: somebody calls and says a name, a number, a village, a file; one key press later the place is
//! open. What can never happen here: something found that lies outside one's scope, a number of identity kept in an
//! address longer than it takes to look it up.

mod find;
mod pages;

pub use find::{Everything, find};
pub use pages::routes;
