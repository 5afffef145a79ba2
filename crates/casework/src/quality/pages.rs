//! Pages of questions about the record: the list, one question, answers as a workbook, the panel of a household.

mod book;
mod list;
mod one;
mod panel;

use axum::Router;
use axum::routing::{get, post};
use web::L;
use web::ui::{Chip, Tone};

use super::actions::Question;
use super::codes;
use super::model::{Kind, State};
use super::queries::Answered;

pub use panel::panel;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/checks", get(list::show))
        .route("/checks/export", get(book::export))
        .route("/checks/answers", get(book::answers_page).post(book::answers_post))
        .route("/checks/{check}/{household}", get(one::show))
        .route("/checks/{check}/{household}/answer", post(one::answer))
}

fn state_chip(l: L, state: State) -> Chip {
    let word = l.t(&format!("quality-state-{}", state.code()));
    match state {
        State::Open => Chip::new(Tone::Amber, word).icon("ask"),
        State::Mending => Chip::new(Tone::Accent, word).icon("clock"),
        State::Answered => Chip::new(Tone::Green, word).icon("check"),
    }
}

/// The sentence in the reader's language, and whom it names.
fn sentence(l: L, question: &Question) -> String {
    let hit = &question.found.hit;
    let said = if l.is_zh() { &hit.sentence_zh } else { &hit.sentence_en };
    let names: Vec<&str> = question.found.named.iter().map(|(_, name)| name.as_str()).collect();
    if names.is_empty() {
        return said.clone();
    }
    let names = names.join(if l.is_zh() { "、" } else { ", " });
    l.t_args("quality-named", &[("question", said.as_str().into()), ("names", names.into())])
}

/// What was answered: "it is really so: …", or that it is being mended.
fn said(l: L, answer: &Answered) -> String {
    let words = answer.words.trim();
    let reason = match answer.kind {
        Kind::Mending => l.t("quality-said-mending"),
        Kind::True if answer.code == codes::OTHER => {
            return l.t1("quality-said-true", "why", words);
        }
        Kind::True => l.t1("quality-said-true", "why", codes::words_of(&answer.code, l.0)),
    };
    match words {
        "" => reason,
        words => {
            l.t_args("quality-said-words", &[("said", reason.into()), ("words", words.into())])
        }
    }
}

/// Who answered, and when.
fn by(answer: &Answered) -> String {
    format!("{} · {}", answer.by, answer.at.day())
}
