//! From the database to the fact tables and back: what is loaded, derived and kept.
//!
//! A write says which households and villages it touched; [`derivation`] runs inside its commit and brings their rows up
//! to date, so nothing that people read is ever stale. What would hold the writer too long, a whole list, is worked out
//! beforehand by [`prepare`] and published by [`apply`]. [`rebuild`] derives everything once more and must find nothing
//! to change.

mod around;
mod as_of;
mod coverage;
mod evidence;
mod fields;
mod hear;
mod load;
mod prepare;
mod publish;
mod queries;
mod rebuild;
mod refresh;
mod rows;
mod tables;
#[cfg(test)]
mod tests;
mod whole;

pub use as_of::{Then, facts_as_of, lay_out_facts};
pub use coverage::coverage_view;
pub use evidence::{Behind, evidence_of};
pub use fields::fields_of;
pub use hear::{Moment, Says, hear};
pub use prepare::{Prepared, Swap, prepare};
pub use publish::{apply, forget, sweep};
pub use rebuild::{Rebuilt, rebuild, turn_day};
pub use refresh::derivation;
pub use tables::{ensure_tables, schema};

use kernel::ids::BatchId;
use kernel::time::Day;

/// What a derivation sees: a day, what was known by then, and batches that are about to begin or end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// The day whose state is derived.
    day: Day,
    /// Instants after this text are not known yet; `9` is later than all.
    known: String,
    /// A batch in staging that is taken as accepted.
    begins: Option<BatchId>,
    /// An accepted batch that is taken as ended.
    ends: Option<BatchId>,
    /// What the beginning batch will cover: list, area, first and last day.
    covers: Vec<around::Cover>,
    /// Whether the day is past: then a household is where it stood on that day.
    past: bool,
}

impl View {
    /// The state of the day as it is known now.
    fn of(day: Day) -> Self {
        Self {
            day,
            known: "9".to_owned(),
            begins: None,
            ends: None,
            covers: Vec::new(),
            past: false,
        }
    }

    fn begins(&self) -> String {
        self.begins.map(|id| id.to_string()).unwrap_or_default()
    }

    fn ends(&self) -> String {
        self.ends.map(|id| id.to_string()).unwrap_or_default()
    }
}
