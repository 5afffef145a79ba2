//! intake: the files of the departments [部门数据接收]. A file is read, its columns are mapped to a template, its rows
//! find their person or wait for somebody to say, and a whole batch is accepted or taken back.

mod actions;
pub mod api;
pub mod ask_mapping;
mod assign;
pub mod batch;
pub mod bodies;
mod content;
mod deliver;
pub mod evidence;
pub mod headings;
mod jobs;
pub mod look_back;
mod lookup;
mod mask;
pub mod match_actions;
pub mod match_list;
pub mod match_queue;
pub mod mapping;
pub mod matching;
mod neighbours;
mod originals;
mod own_lists;
mod own_templates;
mod pages;
pub mod period;
mod publish;
pub mod reading;
mod rhythm;
mod queries;
mod register_in;
mod register_rows;
mod replaces;
mod sheet_notes;
mod shipped;
mod staging;
pub mod template;
mod value;
mod waiting;
mod who;

pub use actions::{
    RowAbout, accept, bring, discard, list, load, remember_mapping, revert, row_about, sweep,
    sweep_originals,
};
pub use assign::Register;
pub use deliver::{
    Delivered, Desk, Line, Looked, Until, Unwatched, Upload, Watcher, Wish, look, template_of,
};
pub use evidence::{AsRead, Evidence};
pub use jobs::{Job, JobState, Jobs};
pub use mapping::{MappedColumn, Mapping};
pub use mask::pair as masked_pair;
pub use originals::{Originals, UNANSWERED};
pub use pages::routes;
pub use period::Said;
pub use queries::{BatchFilter, batch_places, register_numbers};
pub use reading::{FieldValue, ReadRow, SheetPlan};
pub use rhythm::{rhythms, rhythms_on};
pub use template::{Coverage, FieldType, Names, Template, Templates};
pub use who::who;

#[cfg(test)]
mod correction_tests;
#[cfg(test)]
mod match_tests;
#[cfg(test)]
mod office_tests;
#[cfg(test)]
mod own_tests;
#[cfg(test)]
pub(crate) mod tests;
