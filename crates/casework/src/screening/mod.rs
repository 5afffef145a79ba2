//! Screening: every household is asked every question of the rule book, and each hit becomes a lead that somebody must
//! answer.
//!
//! In the county's life: departments deliver lists, the rules are asked, one household with several hits is one lead,
//! the village answers it by its day, and every answer is kept. The first run over a county is a baseline: its leads
//! are given out in waves.
//! What can never happen here: a rule that reads a column nobody documented, a threshold without a source, an unknown
//! that passes for a miss, an answer that is overwritten, a lead seen outside one's scope.

mod actions;
mod behalf;
pub mod api;
mod book;
mod codes;
mod dry_run;
mod kept_books;
mod model;
mod own_rule;
mod pages;
mod people;
mod preview;
mod queries;
mod reask;
mod results;
pub mod rule;
mod rules;
mod run;
mod sealed;
mod sheet;
mod time;

mod trouble;
mod wave;
pub mod what_if;
#[cfg(test)]
mod compare_tests;
#[cfg(test)]
mod counted_tests;
#[cfg(test)]
mod behalf_tests;
#[cfg(test)]
mod listed_tests;
#[cfg(test)]
pub(crate) mod merged_tests;
#[cfg(test)]
mod own_rule_tests;
#[cfg(test)]
mod pages_tests;
#[cfg(test)]
mod partial_tests;
#[cfg(test)]
mod past_tests;
#[cfg(test)]
mod time_tests;
#[cfg(test)]
mod reask_tests;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod trial_tests;
#[cfg(test)]
mod what_if_tests;

pub use actions::{
    Filter, LeadLine, LeadView, MOST_TOGETHER, PAGE, Page, PastAnswer, Reason, ReasonLine, Shown,
    Strip, Together, WorkCounts, answer, answer_together, count_states, list, of_household,
    returned, second_look, show, work_counts, work_items,
};
pub use behalf::{Paper, answer_for, lead_of_sheet, sheet_number};
pub(crate) use book::bound;
pub(crate) use book::{Ask, Bound, Questions, bound_to};
pub use book::{Book, Issue, Trouble, schema, working_calendar};
pub use codes::{ReasonCode, reason_codes, words_of as reason_words_of};
pub use dry_run::trial;
pub use model::{Answer, Given, Lead, Look, Outcome, State};
pub use own_rule::{pack_of, schema_of};
pub(crate) use pages::{choices, explained, place_choices};
pub use pages::{issue_words, names_of_conditions, panel, problem_words, routes};
pub use people::{
    Channel, Said, Told, days_of, days_on, plain_kind, raise, said_of, words_of_said,
};
pub(crate) use preview::because;
pub use preview::{PreviewLine, Rules, screen_preview};
pub use queries::past::{PAST_STEPS, PAST_TABLES};
pub use queries::returned::Returned;
pub(crate) use queries::situation;
pub use queries::told::{LeadStatus, status_of_lead};
pub(crate) use queries::{HitRow, What, answers as ask_book, evidence as values_of};
pub use queries::{RunRow, find_county, scalar};
pub use reask::{last_publication, screen_stale};
pub(crate) use results::check_questions;
pub use results::{
    CannotTell, Checked, RuleBook, RuleCount, RuleLine, RulePage, cannot_tell, check_rules,
    count_hits, facts_of, has_baseline, rule_book, rule_page, rule_titles, statement,
};
pub use rule::{
    Calendar, Level, Rule, RuleDef, RuleError, RuleProblem, RuleTrouble, Severity, SituationTests,
    check,
};
pub(crate) use rules::{Hit, fingerprint};
pub(crate) use run::hit;
pub use run::{Report, refresh, screen_all};
pub use sealed::opens;
pub use sheet::{AnswerRow, AnswersReport, answers_in, workbook_of};
pub use wave::{WEEKLY_BUDGET, release_wave, waiting_for_wave};
