//! Pages of leads and rules.

mod after;
mod compare;
mod explain;
mod explained;
mod filters;
mod histogram;
mod inbox;
mod knobs;
mod lead;
mod own_fields;
mod own_rule;
mod paper;
mod rulebook;
mod sheets;
mod what_if;

use axum::Router;
use axum::routing::{get, post};
use kernel::lang::Lang;
use registry::households::Scheme;
use registry::policies::{form_known, form_new, put_known, put_new};
use web::L;
use web::ui::{Chip, Tone};

use super::model::{Outcome, State};
use super::rule::Severity;

use self::own_rule::OwnRule;
pub use explained::explained;
pub use filters::{choices, place_choices};
pub use inbox::{first_sentence, panel};
pub use own_rule::names as names_of_conditions;
pub use rulebook::issue_words;
pub use what_if::problem_words;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/leads", get(inbox::list))
        .route("/leads/answer", post(inbox::answer_post))
        .route("/leads/release", post(inbox::release_post))
        .route("/leads/export", get(paper::export))
        .route("/leads/answers", get(paper::answers_page).post(paper::answers_post))
        .route("/leads/sheets", get(sheets::print))
        .route("/leads/entry", get(sheets::entry).post(sheets::entry_post))
        .route("/leads/{id}", get(lead::show))
        .route("/leads/{id}/answer", post(lead::answer_post))
        .route("/leads/{id}/second-look", post(lead::look_post))
        .route("/rules", get(rulebook::list))
        .route("/rules/run", post(rulebook::run))
        .route("/rules/new", get(form_new::<OwnRule>).post(put_new::<OwnRule>))
        .route("/rules/compare", get(compare::show))
        .route("/rules/check", get(own_rule::understood_as))
        .route("/rules/{id}/edit", get(form_known::<OwnRule>).post(put_known::<OwnRule>))
        .route("/rules/{id}", get(rulebook::show))
        .route("/rules/{id}/what-if", get(what_if::show))
}

/// The chip of a severity: colour, icon and word.
fn severity_chip(l: L, severity: Severity) -> Chip {
    let word = l.t(&format!("screening-severity-{}", severity.code()));
    match severity {
        Severity::Severe => Chip::new(Tone::Red, word).icon("bang"),
        Severity::Serious => Chip::new(Tone::Amber, word).icon("bang"),
        Severity::Notice => Chip::new(Tone::Grey, word).icon("info"),
    }
}

fn state_chip(l: L, state: State) -> Chip {
    let word = l.t(&format!("screening-state-{}", state.code()));
    match state {
        State::Open => Chip::new(Tone::Accent, word),
        State::SecondLook => Chip::new(Tone::Amber, word).icon("clock"),
        State::Answered => Chip::new(Tone::Green, word).icon("check"),
        State::Waiting | State::Withdrawn => Chip::new(Tone::Grey, word),
    }
}

fn outcome_word(l: L, outcome: Outcome) -> String {
    l.t(&format!("screening-outcome-{}", outcome.code()))
}

/// The name of an office; one that the words do not know stands as it is stored.
fn department_word(l: L, code: &str) -> String {
    l.find(&format!("department-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// How a risk was noticed, as the national system names it, in the reader's language; another name stands as it is.
fn channel_word(l: L, channel: &str) -> String {
    match channel {
        "部门筛查预警" => l.t("screening-channel-departments"),
        "信访、12345" => l.t("department-hotline"),
        "农户自主申报" => l.t("screening-channel-household"),
        "基层干部排查" => l.t("screening-channel-village"),
        "媒体、舆情" => l.t("screening-channel-media"),
        _ => channel.to_owned(),
    }
}

/// The word of a kind of household or of a class under monitoring, as the register writes it.
fn status_word(l: L, written: &str) -> String {
    let known = [Scheme::Type, Scheme::Monitored].into_iter().find_map(|scheme| {
        let value = scheme.values().iter().find(|(_, official)| *official == written)?;
        Some(l.t(&format!("households-status-{}-{}", scheme.as_str(), value.0)))
    });
    known.unwrap_or_else(|| written.to_owned())
}

/// A sentence in the reader's language.
fn said<'a>(l: L, zh: &'a str, en: &'a str) -> &'a str {
    if l.0 == Lang::Zh { zh } else { en }
}
