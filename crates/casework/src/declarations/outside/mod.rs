//! The public side: pages without login over a folder that holds what the county published and an inbox that only grows.
//! Nothing here knows a database or a key that opens anything.

mod asking;
mod fields;
mod folder;
mod inbox;
mod limits;
mod pages;
mod published;
#[cfg(test)]
pub(crate) mod tests;

pub use folder::{Door, Settings};
pub use inbox::{INBOX, Inbox, Line, MOST_BYTES, read_lines};
pub use limits::Limits;
pub use pages::routes;
pub use published::{PUBLISHED, Place, Published, Said, Status, Step, Town};
