//! Questions on the page of a household: what is asked, and what was answered "it is really so".

use askama::Template;
use kernel::error::{OrFault, Result};
use kernel::permission::{Permission, allows};
use registry::households::{Panel, Place, Subject};
use store::Session;
use web::L;
use web::ui::Chip;

use super::super::actions::open_of_household;
use super::super::book::book;
use super::super::model::State;
use super::{by, said, sentence, state_chip};

struct Row {
    href: String,
    state: Chip,
    sentence: String,
    said: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "quality/templates/panel.html")]
struct PanelPage {
    l: L,
    rows: Vec<Row>,
}

/// The questions of a household, open ones first; none where nothing is asked.
///
/// # Errors
/// What the database refuses.
pub fn panel(session: &mut Session, subject: &Subject) -> Result<Option<Panel>> {
    let (l, ctx) = (subject.l, subject.ctx);
    if !allows(ctx.actor.role, Permission::CheckSee) {
        return Ok(None);
    }
    let Some(book) = book(session, ctx.today)? else { return Ok(None) };
    let household = subject.household.id;
    let (mut questions, _) = open_of_household(session, &book, household)?;
    if questions.is_empty() {
        return Ok(None);
    }
    questions.sort_by_key(|question| (question.state, question.check));
    let row = |question: &super::super::actions::Question| Row {
        href: format!("/checks/{}/{household}", question.id),
        state: state_chip(l, question.state),
        sentence: sentence(l, question),
        said: question
            .answer
            .as_ref()
            .filter(|_| question.state != State::Open)
            .map(|answer| (said(l, answer), by(answer))),
    };
    let rows = questions.iter().map(row).collect();
    let html = PanelPage { l, rows }.render().or_fault("questions of a household")?;
    Ok(Some(Panel { place: Place::Side, html }))
}
