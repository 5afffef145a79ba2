//! The understanding card (明白卡): what the household gets, from whom, until when, and whom to ask; for one case or for all that
//! a list shows.

use askama::Template;
use axum::http::{HeaderValue, header};
use store::Ctx;
use web::ui::Progress;
use web::{Answer as Answered, Desk, L, blocking, page};

use super::super::book::CaseBook;
use super::super::cards::{Card, Printing, print_cards};
use super::super::queries::lists::Filter;
use super::paper::{Sheet, printed};
use super::{class_word, risk_words};
use crate::assistance::{Measure, kind_word};
use crate::departments::office_name;
use crate::papers::Paper;

fn facts(l: L, book: &CaseBook, card: &Card) -> Vec<(String, String)> {
    let line = &card.line;
    let place = format!("{} {}", line.village.1, line.group.clone().unwrap_or_default());
    let mut facts = vec![
        (l.t("cases-head"), line.head.clone()),
        (l.t("cases-household-number"), line.household_number.clone()),
        (l.t("cases-column-place"), place.trim().to_owned()),
        (l.t("cases-number"), line.number.clone()),
    ];
    if let Some(on) = line.identified_on {
        facts.push((l.t("cases-identified"), on.to_string()));
    }
    if let Some(class) = &line.class {
        facts.push((l.t("cases-column-class"), class_word(l, book, class)));
    }
    facts.push((l.t("cases-risks"), risk_words(l, &line.risks)));
    if let Some((name, unit, phone)) = &card.helper {
        let apart = if l.is_zh() { format!("（{unit}）") } else { format!(" ({unit})") };
        facts.push((l.t("cases-card-helper"), format!("{name}{apart}")));
        facts.extend(phone.clone().map(|phone| (l.t("cases-card-phone"), phone)));
    }
    facts
}

fn row(l: L, measure: &Measure) -> Vec<String> {
    let office = (!measure.office.is_empty()).then(|| office_name(l, &measure.office));
    let owner: Vec<String> = office.into_iter().chain([measure.owner.clone()]).collect();
    let day = match &measure.delivered {
        Some(given) => l.t1("cases-card-given", "day", given.on.to_string()),
        None => l.t1("cases-card-due", "day", measure.due_on.to_string()),
    };
    vec![kind_word(l, &measure.kind), risk_words(l, &measure.aims), owner.join(" · "), day]
}

/// One card. What nobody has written down is left to be filled in by hand.
pub(super) fn sheet(l: L, book: &CaseBook, card: &Card) -> Sheet {
    let phone = card.helper.as_ref().and_then(|(_, _, phone)| phone.as_ref());
    let lacks = [
        ("cases-card-helper", card.helper.is_none()),
        ("cases-card-phone", phone.is_none()),
        ("cases-card-measures", card.measures.is_empty()),
    ];
    Sheet {
        under: l.t("cases-card-help"),
        facts: facts(l, book, card),
        heads: ["cases-card-kind", "cases-card-aims", "cases-card-owner", "cases-card-day"]
            .map(|id| l.t(id))
            .into(),
        rows: card.measures.iter().map(|measure| row(l, measure)).collect(),
        blanks: lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(id, _)| l.t(id)).collect(),
        signs: ["cases-sign-household", "cases-sign-helper", "cases-sign-day"]
            .map(|id| l.t(id))
            .into(),
        ..Sheet::titled(l.t("papers-kind-card"))
    }
}

#[derive(Template)]
#[template(path = "cases/templates/printing.html")]
struct PrintingPage {
    l: L,
    progress: Progress,
}

/// `GET /cases/papers/card?phase=help`: the cards of all cases that the list shows; while many are made, how far it is.
pub(super) async fn of_list(
    ctx: Ctx,
    desk: Desk,
    (filter, back): (Filter, (String, String)),
) -> Answered {
    let l = desk.l;
    let key = desk.address.to_string();
    let made = blocking(move || print_cards(&ctx, &key, &filter)).await?;
    match made {
        Printing::Ready((book, cards)) => {
            let sheets = cards.iter().map(|card| sheet(l, &book, card)).collect();
            printed(&desk, sheets, (back, Paper::Card))
        }
        Printing::Working(done, of) => {
            let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
            let args = [("done", done.into()), ("of", of.into())];
            let progress = Progress {
                done: number(done),
                of: number(of.max(1)),
                label: l.t_args("cases-printing-of", &args),
                detail: String::new(),
            };
            let shell = desk
                .shell("cases-printing")
                .nav("cases")
                .crumb(l.t("nav-cases"), "/cases")
                .crumb(back.0, back.1);
            let mut answer = page(&shell, PrintingPage { l, progress })?;
            answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static("1"));
            Ok(answer)
        }
    }
}
