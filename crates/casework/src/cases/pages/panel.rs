//! The cases of a household, at the side of its page.

use askama::Template;
use kernel::error::{OrFault, Result};
use kernel::permission::{Permission, allows};
use registry::households::{Panel, Place, Subject};
use store::Session;
use web::L;
use web::ui::{Chip, Clock};

use super::super::book::{CaseBook, MONITORING, find_book};
use super::super::queries;
use super::{first_clock, phase_chip, state_word};

struct Row {
    href: String,
    number: String,
    state: Chip,
    clock: Option<Clock>,
    day: String,
}

#[derive(Template)]
#[template(path = "cases/templates/panel.html")]
struct PanelPage {
    l: L,
    rows: Vec<Row>,
    begin: String,
}

/// The name of a life other than that of monitored households, before the number of its case.
fn life_word(l: L, book: &CaseBook, life: &str) -> String {
    let known = book.life(life).ok().filter(|life| life.id != MONITORING);
    known.map(|life| format!("{} · ", life.title.get(l.0))).unwrap_or_default()
}

/// The cases of a household, the newest first.
///
/// # Errors
/// What the database refuses.
pub fn panel(session: &mut Session, subject: &Subject) -> Result<Option<Panel>> {
    let (l, ctx) = (subject.l, subject.ctx);
    if !allows(ctx.actor.role, Permission::CaseSee) {
        return Ok(None);
    }
    let household = subject.household.id.to_string();
    let cases = queries::of_household(session, subject.permit, &household)?;
    let levels = [Permission::CaseWork, Permission::CaseReview, Permission::CaseApprove];
    let begins = levels.into_iter().any(|one| allows(ctx.actor.role, one));
    let Some(book) = find_book(session, subject.as_of)?.filter(|_| begins || !cases.is_empty())
    else {
        return Ok(None);
    };
    let row = |case: &super::super::model::Case| {
        let state = book.life(&case.life).ok().and_then(|life| life.state(&case.state));
        let phase = state.map_or("side", |state| state.phase.code());
        Row {
            href: format!("/cases/{}", case.id),
            number: format!("{}{}", life_word(l, &book, &case.life), case.number),
            state: phase_chip(l, phase, state_word(l, &book, (&case.life, &case.state))),
            clock: first_clock(l, subject.as_of, (case.due, case.total_due)),
            day: case.discovered_on.to_string(),
        }
    };
    let begin = if begins { format!("/cases/new?household={household}") } else { String::new() };
    let html = PanelPage { l, rows: cases.iter().map(row).collect(), begin };
    let html = html.render().or_fault("cases of a household")?;
    Ok(Some(Panel { place: Place::Side, html }))
}
