//! The national system and the cases: households and people out in its columns, so that nothing is typed twice; what its
//! register says otherwise side by side, settled by a person, field by field.
//!
//! What can never happen here: a state of a case that changes because another system says so; a difference that is settled
//! without a name; a number of a person that goes out without a purpose.

mod actions;
mod model;
pub(super) mod pages;
mod queries;
mod sheet;

pub use actions::{differences, settle, settled, undo};
pub use model::{Choice, Difference, Field};
pub use sheet::workbook_of;
#[cfg(test)]
pub(super) use sheet::{HOUSEHOLD, PERSON};
