//! Policy as data: packs of dated parameters, rules, code lists, each with the document behind it.
//!
//! A pack is a folder of files that ships with the program; what a county uses is the *published version* in its
//! database, which is only ever added to. A later pack may extend an earlier one and then holds only what differs.
//!
//! What can never happen here: a threshold without a source or a reason, two values of one parameter for the same place
//! and day, a published text that changes under a decision made by it.

mod actions;
mod codes;
mod derivation;
mod indicators;
mod lists;
mod model;
mod offices;
mod pack;
mod pages;
mod parameter;
mod plans;
mod queries;
mod rhythm;
#[cfg(test)]
mod draft_tests;
#[cfg(test)]
pub(crate) mod list_tests;
mod values;
mod word_lists;
#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use actions::{
    DraftHead, Effect, Preview, Trial, Tried, Wrong, begin_draft, begin_with, drop_change,
    enter_document, give_back, issue_document, preview_draft, publish, publish_checked,
    publish_draft, publish_shipped, put_change, receive_document, record_milestone, save_head,
    set_milestone, submit_draft, undo_change, withdraw_draft,
};
pub use codes::{CodeList, CodeWord, MOST_CODES};
pub use derivation::{days_on_its_way, longest_turn_days, question_days, school_age};
pub use indicators::{Counted, IndicatorDef};
pub use lists::{
    About, ByKey, ListColumn, ListDef, ListType, MOST_COLUMNS, OwnLists, column_name, is_code,
};
pub use model::{COUNTY, Change, Document, DocumentKind, DocumentState, Draft, DraftState, Stance};
pub use offices::{Office, is_office, office_named, offices};
pub use pack::{Pack, PackFault, PackHead, PackProblem, read_folder, shipped};
pub use pages::{
    OwnForm, Sent, draft_field, draft_of, foot_of, form_known, form_new, open_drafts, put_known,
    put_new, put_own, routes, submitted_drafts, tabs, text_in,
};
pub use parameter::{DatedValue, Parameter, resolve};
pub use plans::{Direction, Issue, Measure, Measuring, Milestone, MilestoneState, UnitKind};
pub use queries::{
    PackVersion, county_files, find_pack_on, find_shipped_on, first_days, list_documents,
    list_versions, load_version,
};
pub use rhythm::{After, DueBy, Every, ListRhythm, Rhythm};
pub use values::NewValue;
pub use word_lists::{ListedCode, ShippedCodes};

/// Words of a pack in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The words in one language.
    pub fn get(&self, lang: kernel::lang::Lang) -> &str {
        match lang {
            kernel::lang::Lang::Zh => &self.zh,
            kernel::lang::Lang::En => &self.en,
        }
    }

    fn complete(&self) -> bool {
        !self.zh.trim().is_empty() && !self.en.trim().is_empty()
    }
}
