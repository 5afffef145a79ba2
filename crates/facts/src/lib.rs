//! Fact tables and the predicate language over them.
//!
//! A fact is a documented column of a wide table (`household_facts`, `person_facts`, `village_facts`, later one per
//! ledger). Rooms declare their columns, the binary collects them into one [`Schema`], and from it come the tables, the
//! reference page and the check of every predicate in every pack. This crate is pure: it makes SQL, it never runs any.
//!
//! What can never happen here: a predicate that writes, a predicate over a column that is not documented, and an unknown
//! value that silently becomes a miss. NULL is *cannot tell*.

pub mod column;
pub mod coverage;
pub mod docs;
pub mod figure;
pub mod own;
pub mod params;
pub mod pass;
pub mod predicate;
pub mod scalar;
pub mod schema;

pub use column::{Column, Coverage, Kind, Title, Unit};
pub use coverage::{CoverageView, Extent};
pub use figure::Part;
pub use own::{Own, OwnField, OwnList, OwnRow, Says};
pub use params::{AreaValue, Param, Params};
pub use pass::{Buckets, Only, Pass, Versions};
pub use predicate::{
    Against, Binding, Comparison, Engine, FUNCTIONS, Predicate, Problem, Scope, Trouble, Unknown,
    compile, suggest,
};
pub use scalar::{FactRow, Scalar, Situation};
pub use schema::{CHANGES_ON, HOUSEHOLD, PERSON, Schema, SchemaError, Table, VILLAGE};

/// A stored value as people read it: fen as yuan, yes/no as words, with its unit.
pub fn shown(value: &Scalar, kind: Kind, unit: Unit, lang: kernel::lang::Lang) -> String {
    predicate::shown(value, kind, unit, lang)
}
