//! Pages of cases: the list, one case with its next step, questions to departments, papers.

mod book;
mod card;
mod begin;
mod campaigns;
mod form;
mod list;
mod notes;
mod one;
mod paper;
mod panel;
mod parts;
mod questions;
mod splits;
mod steps;
mod taken;

use axum::Router;
use axum::routing::{get, post};
use kernel::time::Day;
use registry::policies::ShippedCodes;
use web::L;
use web::ui::{Chip, Clock, Tone};

use super::book::CaseBook;
use super::life::Phase;
use super::national::pages as national;
use super::sittings::pages as sittings;

pub use panel::panel;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/cases", get(list::list).post(list::together))
        .route("/cases/export", get(list::export))
        .route("/cases/new", get(begin::form).post(begin::open))
        .route("/cases/campaigns", get(campaigns::list).post(campaigns::start))
        .route("/cases/campaigns/{id}", get(campaigns::one))
        .route("/cases/papers/{paper}", get(taken::of_list))
        .route("/cases/questions", get(questions::list))
        .route("/cases/questions/export", get(book::export))
        .route("/cases/questions/answers", get(book::page).post(book::post))
        .route("/cases/national", get(national::show).post(national::export))
        .route("/cases/national/{id}/{field}", post(national::settle))
        .route("/cases/national/{id}/undo/{seq}", post(national::undo))
        .route("/cases/questions/{id}/{item}", post(questions::answer))
        .route("/cases/{id}", get(one::show))
        .route("/cases/{id}/steps/{step}", post(steps::step))
        .route("/cases/{id}/consent", post(steps::consent))
        .route("/cases/{id}/risks", post(steps::risks))
        .route("/cases/{id}/urgent", post(steps::urgent))
        .route("/cases/{id}/ask", post(steps::ask))
        .route("/cases/{id}/questions/{item}", post(steps::decide))
        .route("/cases/{id}/objections/{seq}", post(steps::objection))
        .route("/cases/{id}/splits/{household}", post(splits::answer))
        .route("/cases/{id}/found/{item}", post(steps::found))
        .route("/cases/{id}/papers/{paper}", get(taken::of_case))
        .route("/sittings", get(sittings::list))
        .route("/sittings/new", get(sittings::new).post(sittings::open))
        .route("/sittings/{id}", get(sittings::show).post(sittings::change))
        .route("/sittings/{id}/{paper}", get(taken::of_sitting))
}

/// The words of a state as the pack has them; its code where the pack no longer knows it.
fn state_word(l: L, book: &CaseBook, (life, state): (&str, &str)) -> String {
    let known = book.life(life).ok().and_then(|life| life.state(state));
    known.map_or_else(|| state.to_owned(), |state| state.title.get(l.0).to_owned())
}

fn phase_chip(l: L, phase: &str, word: String) -> Chip {
    let _ = l;
    let (tone, icon) = match phase {
        "identify" => (Tone::Accent, "info"),
        "help" => (Tone::Green, "check"),
        "remove" => (Tone::Amber, "info"),
        _ => (Tone::Grey, "info"),
    };
    Chip::new(tone, word).icon(icon)
}

fn risk_words(l: L, risks: &[String]) -> String {
    let words = risks.iter().map(|risk| ShippedCodes::Risks.words_of(risk, l.0));
    words.collect::<Vec<_>>().join(if l.is_zh() { "、" } else { ", " })
}

fn class_word(l: L, book: &CaseBook, class: &str) -> String {
    let known = book.classes.class.iter().find(|one| one.code == class);
    match known {
        Some(one) => if l.is_zh() { &one.zh } else { &one.en }.clone(),
        None => registry::households::Scheme::Monitored.official(class).to_owned(),
    }
}

/// The clock that runs out first.
fn first_clock(l: L, today: Day, (due, total): (Option<Day>, Option<Day>)) -> Option<Clock> {
    let first = match (due, total) {
        (Some(due), Some(total)) => Some(due.min(total)),
        (due, total) => due.or(total),
    };
    first.map(|day| Clock::new(l, today, day))
}

/// The parts of a life as tabs and filters name them.
const PHASES: [&str; 5] = ["running", "identify", "help", "remove", "closed"];

/// Whether a state of this phase is one in which nobody has to act.
fn is_over(phase: Phase) -> bool {
    matches!(phase, Phase::Over | Phase::Follow)
}

/// What a plan lacks, in words: a risk at which nothing is aimed, or a measure of development.
fn plan_word(l: L, lack: &str) -> String {
    match ShippedCodes::Risks.find(lack) {
        Some(risk) => l.t1("cases-lacks-measure", "risk", risk.words(l.0)),
        None => l.t(&format!("cases-lacks-{lack}")),
    }
}
