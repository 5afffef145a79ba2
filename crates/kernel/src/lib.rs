//! The words that every part of Shouwang shares: days, money, areas, identity numbers, names,
//! permissions, refusals and findings.
//!
//! Nothing here reads a file, a socket or a database, and nothing is asynchronous. A type belongs
//! here when two wings need it; what one room alone understands stays in that room.

#[macro_use]
mod text;
mod width;

pub mod area;
pub mod calendar;
pub mod cells;
pub mod error;
pub mod finding;
pub mod idnumber;
pub mod ids;
pub mod lang;
pub mod money;
pub mod name;
pub mod permission;
pub mod phone;
pub mod place;
pub mod time;

pub use error::{Error, Fault, OrFault, Refusal, RefusalKind, Result};
pub use text::BadText;
pub use width::half_width;

#[cfg(test)]
mod words;
