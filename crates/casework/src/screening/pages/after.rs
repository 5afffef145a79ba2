//! What happens after an answer, and what has happened: sentences and history on the page of a lead.

use web::L;
use web::ui::{Event, Tone};

use super::super::actions::{LeadView, PaperKept, PastAnswer};
use super::super::codes;
use super::super::model::{Outcome, State};
use super::outcome_word;

/// What happens after each answer, in sentences.
pub fn next(l: L, view: &LeadView) -> Vec<String> {
    match view.lead.state {
        State::Open => ["confirmed", "dismissed", "wrong_data", "silent"]
            .map(|id| l.t(&format!("screening-next-{id}")))
            .into(),
        State::SecondLook => vec![l.t("screening-next-second_look")],
        State::Answered => match view.lead.given.as_ref().map(|given| given.answer.outcome) {
            Some(Outcome::RiskConfirmed) => vec![l.t("screening-next-confirmed")],
            Some(Outcome::WrongData) => vec![l.t("screening-next-wrong_data")],
            _ => vec![l.t("screening-next-kept")],
        },
        State::Waiting | State::Withdrawn => Vec::new(),
    }
}

/// One answer or second look of the past.
pub fn event(l: L, past: &PastAnswer, papers: &[PaperKept]) -> Event {
    let title = match past.kind.as_str() {
        "answer" => {
            let outcome = past.outcome.as_deref().and_then(|code| code.parse::<Outcome>().ok());
            outcome.map_or_else(String::new, |outcome| outcome_word(l, outcome))
        }
        kind => l.t(&format!("screening-look-{kind}")),
    };
    let mut text = vec![past.name.clone(), past.at.local_text()];
    text.extend(past.reason_code.as_deref().map(|code| codes::words_of(code, l.0)));
    text.extend(past.reason.clone());
    for paper in papers.iter().filter(|paper| paper.at == past.at && past.kind == "answer") {
        let args = [
            ("sheet", (&paper.sheet).into()),
            ("day", paper.on.to_string().into()),
            ("who", (&paper.typed).into()),
        ];
        text.push(l.t_args("screening-typed-by", &args));
    }
    if past.together > 1 {
        text.push(l.t1("screening-together-of", "n", past.together));
    }
    Event {
        day: past.at.day().to_string(),
        tone: if past.kind == "disagree" { Tone::Amber } else { Tone::Green },
        title,
        text: text.join(" · "),
        source: None,
        href: None,
    }
}
