//! Fact tables and the predicate language over them.
//!
//! A fact is a documented column of a wide table (`household_facts`, `person_facts`, `village_facts`, later one per
//! ledger). Rooms declare their columns, the binary collects them into one [`Schema`], and from it come the tables, the
//! reference page and the check of every predicate in every pack. This crate is pure: it makes SQL, it never runs any.
//!
//! What can never happen here: a predicate that writes, a predicate over a column that is not documented, and an unknown
//! value that silently becomes a miss. NULL is *cannot tell*.

pub mod column;
pub mod schema;

pub use column::{Column, Coverage, Kind, Title, Unit};
pub use schema::{HOUSEHOLD, PERSON, Schema, SchemaError, Table, VILLAGE};
