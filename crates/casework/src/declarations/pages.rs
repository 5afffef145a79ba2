//! Pages of declarations inside the county: what waits to be placed, one of them, entering and reporting, posters.

mod desk;
mod enter;
mod one;
mod poster;

use std::path::PathBuf;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use kernel::error::{Error, Result};
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use registry::households::{Panel, Place, Subject as OfHousehold};
use store::Session;
use web::L;
use web::ui::{Chip, Choice, Tone};

use super::model::{Mark, State, kinds_on};
use super::publish::StatusAfter;
use super::queries::Declared;
use super::queries::desk::of_household;
use super::words::of_mark;
use crate::screening::plain_kind;

/// Where the public side stands, as the program was told. Put into each request by the program.
#[derive(Clone, Default)]
pub struct Outside {
    /// The folder of the public side, where this program reaches it.
    pub folder: Option<PathBuf>,
    /// Its address as people type it.
    pub address: Option<String>,
    /// What later steps say of a lead.
    pub after: &'static [StatusAfter],
}

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/declarations", get(desk::list))
        .route("/declarations/fetch", post(desk::fetch))
        .route("/declarations/new", get(enter::new_page).post(enter::new_post))
        .route("/declarations/report", get(enter::report_page).post(enter::report_post))
        .route("/declarations/posters", get(poster::show))
        .route("/declarations/posters/phone", post(poster::phone))
        .route("/declarations/{id}", get(one::show))
        .route("/declarations/{id}/place", post(one::place))
        .route("/declarations/{id}/aside", post(one::aside))
        .route("/declarations/{id}/reveal", post(one::reveal))
}

fn state_chip(l: L, state: State) -> Chip {
    let word = l.t(&format!("declarations-state-{state}"));
    match state {
        State::Waiting => Chip::new(Tone::Amber, word).icon("clock"),
        State::Placed => Chip::new(Tone::Green, word).icon("check"),
        State::NotHere | State::Junk => Chip::new(Tone::Grey, word),
    }
}

fn mark_chips(l: L, declared: &Declared) -> Vec<Chip> {
    let tone = |mark: Mark| if mark.waits() { Tone::Amber } else { Tone::Grey };
    let mut chips: Vec<Chip> = declared
        .marks
        .iter()
        .map(|mark| Chip::new(tone(*mark), of_mark(l, *mark)).icon("info"))
        .collect();
    if declared.objects_to.is_some() {
        chips.insert(0, Chip::new(Tone::Red, l.t("declarations-objection")).icon("bang"));
    } else if declared.urgent {
        chips.insert(0, Chip::new(Tone::Red, l.t("declarations-urgent")).icon("bang"));
    }
    chips
}

fn kind_choices(l: L, today: Day) -> Vec<Choice> {
    let each =
        kinds_on(today).map(|one| Choice::new(one.code.as_str(), plain_kind(&one.code, l.0)));
    std::iter::once(Choice::new("", l.t("declarations-pick"))).chain(each).collect()
}

struct SaidLine {
    href: String,
    day: String,
    channel: String,
    kind: String,
}

#[derive(Template)]
#[template(path = "declarations/templates/panel.html")]
struct PanelPage {
    l: L,
    household: String,
    lines: Vec<SaidLine>,
    may_report: bool,
    may_enter: bool,
}

/// What was said about a household, and the way to report what was found, for the side of its page.
///
/// # Errors
/// What the database refuses.
pub fn panel(session: &mut Session, subject: &OfHousehold) -> Result<Option<Panel>> {
    let (l, ctx) = (subject.l, subject.ctx);
    let may = |permission| allows(ctx.actor.role, permission);
    let open = subject.household.closed_on.is_none() && !ctx.is_past();
    let may_report = may(Permission::DeclarationReport) && open;
    let lines = match may(Permission::DeclarationSee) {
        true => {
            let permit = ctx.permit(Permission::DeclarationSee)?;
            of_household(session, &permit, subject.household.id)?
        }
        false => Vec::new(),
    };
    if lines.is_empty() && !may_report {
        return Ok(None);
    }
    let line = |one: Declared| SaidLine {
        href: format!("/declarations/{}", one.id),
        day: one.said_on.to_string(),
        channel: one.channel.word(l),
        kind: match one.objects_to {
            Some(_) => l.t("declarations-objection"),
            None => plain_kind(&one.kind, l.0),
        },
    };
    let page = PanelPage {
        l,
        household: subject.household.id.to_string(),
        lines: lines.into_iter().map(line).collect(),
        may_report,
        may_enter: may(Permission::DeclarationEnter) && open,
    };
    let html =
        page.render().map_err(|why| Error::fault(format!("declarations of a household: {why}")))?;
    Ok(Some(Panel { place: Place::Side, html }))
}
