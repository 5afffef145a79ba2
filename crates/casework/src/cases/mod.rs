//! Cases (监测对象): a household on its way from a confirmed lead to a risk that is gone.
//!
//! In the county's life: a lead is confirmed, the household is checked, departments are asked, the village reviews and hangs
//! out a notice, the township reviews, the county approves and announces; help is planned and given; when the risk is truly
//! gone it is removed by the same way, looked back at, and taken up again if it was too early. The way itself is a file of
//! the pack (`lives/*.toml`), every number of days a parameter.
//! What can never happen here: a step out of order, by the wrong level or over somebody else's; an announcement without a
//! finished notice; a removal of a household in which nobody can work; a question about assets without the consent paper; a
//! notice with a number or a word about health; an order of merit by speed or by removals.

mod acted;
pub mod api;
mod actions;
mod answers_in;
mod begin;
mod book;
mod cards;
mod campaigns;
mod classes;
mod clocks;
mod earlier;
mod facts;
mod judgement;
mod life;
mod look;
mod model;
pub mod national;
mod on_paper;
mod open;
mod pages;
mod plan;
mod proof;
mod queries;
mod reassess;
mod record;
mod removal;
mod sheet;
pub mod sittings;
mod splits;
mod starts;
mod take_over;
mod told;
mod wrong;
#[cfg(test)]
mod facts_tests;
#[cfg(test)]
mod followed_tests;
#[cfg(test)]
mod life_tests;
#[cfg(test)]
mod lives_tests;
#[cfg(test)]
mod merged_tests;
#[cfg(test)]
mod reminder_tests;
#[cfg(test)]
mod splits_tests;
#[cfg(test)]
mod replay_tests;
#[cfg(test)]
mod api_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod wrong_tests;

pub use acted::acted;
pub use actions::{
    Asked, MOST_TOGETHER, PAGE, Page, Shown, Turn, Turns, Wanted, list, list_all, take,
    take_together, work_counts, work_items,
};
pub use begin::open_by_hand;
pub use book::{CaseBook, MONITORING, Trouble, book, check_lives, find_book};
pub use campaigns::start as start_campaign;
pub use cards::{Card, Cards, Printing, print_cards};
pub use classes::Classes;
pub use clocks::{Ran, papers_to_come, run_clocks};
pub use earlier::{take_over_earlier, taking_over};
pub use life::{AskKind, Effect, Level, Life, Need, Phase, StepDef};
pub use look::{View, show};
pub use model::Case;
pub use open::refresh;
pub use pages::{panel, routes};
pub use queries::comparison::{Question, Waiting};
pub use queries::followed::Followed;
pub use queries::lists::{Among, Filter, Line};
pub use queries::papers::{Paper, Risk};
pub use queries::past::PAST_TABLES;
pub use queries::reminders::{Counted, Recalled, Reminder};
pub use queries::splits::Split;
pub use record::{
    NewRisk, OfficeAnswer, answer_question, ask_offices, decide_question, mark_urgent, open_found,
    record_consent, save_risks, waiting,
};
pub use splits::{leave_out, splits_to_check, take_up, undo as undo_split};
pub use told::{ToldOutside, answer_objection, open_objections, receive_objection, told_outside};
pub use wrong::Wrong;
