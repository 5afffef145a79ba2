//! Views 常用视图: a list with its filters, kept under a name by the person who comes back to it.
//!
//! In the county's life: a clerk looks at the same three lists every morning (severe leads of two townships, lists that
//! came this week); each is one click, in the list itself, on a page of its own and in the search.
//! What can never happen here: somebody else's view, a number of identity or a phone kept in a filter, an address
//! outside the program. A view holds filters, not rows: what it shows is asked anew with the permit of the day.
//! Used by the tools above every table and by the search.

mod actions;
mod model;
mod pages;
mod queries;

pub use actions::{drop_view, keep, list};
pub use model::{MOST, View};
pub use pages::routes;

#[cfg(test)]
mod tests;
