//! The page of one lead: why, what is known, what is unknown, the answer, what happens next.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::LeadId;
use kernel::permission::Permission;
use registry::circumstances::panels;
use registry::households::{self, Subject as OfHousehold};
use store::{Ctx, Permit};
use web::ui::{Chip, Clock, Csrf, Errors, Field, Note, Timeline, Tone, Why};
use web::{Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, LeadView, Shown, Strip};
use super::super::book::{Book, bound};
use super::super::codes;
use super::super::model::{Look, State};
use super::super::results::{CannotTell, cannot_tell};
use super::super::rule::{Calendar, Level};
use super::after::{event, next};
use super::explain::{self, Behind, Rows};
use super::inbox::{answer_fields, answer_of};
use super::{
    channel_word, department_word, outcome_word, said, severity_chip, state_chip, status_word,
};

pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

#[derive(Template)]
#[template(path = "screening/templates/lead.html")]
struct LeadPage {
    l: L,
    id: String,
    version: i64,
    csrf: Csrf,
    errors: Errors,
    chips: Vec<Chip>,
    clock: Option<Clock>,
    strip: Vec<Fact>,
    household: Option<String>,
    state_note: Option<Note>,
    whys: Vec<Why>,
    past: Vec<(String, String)>,
    known: Option<String>,
    unknown: Vec<(String, String)>,
    unknown_more: usize,
    answering: Option<(Field, Field, Field)>,
    looking: Option<(Field, Field)>,
    next: Vec<String>,
    history: Timeline,
}

pub(super) struct Found {
    pub(super) view: LeadView,
    permit: Permit,
    book: Option<std::sync::Arc<Book>>,
    rows: Rows,
    pub(super) known: Option<String>,
    pub(super) unseen: Vec<String>,
    pub(super) unknown: Vec<CannotTell>,
    own: bool,
}

pub(super) fn found(ctx: &Ctx, id: LeadId, l: L) -> Result<Found> {
    let view = actions::show(ctx, id)?;
    let permit = ctx.permit(Permission::LeadSee)?;
    let book = bound(&mut ctx.read()?, ctx.today)?.map(|bound| bound.book.clone());
    let mut unknown = Vec::new();
    let (mut known, mut unseen) = (None, Vec::new());
    if let Some(household) = view.lead.household {
        unknown = cannot_tell(ctx, &household.to_string())?;
        (known, unseen) = guarantees(ctx, &household.to_string(), l)?;
    }
    let rows = explain::rows(ctx, &view)?;
    let own = view.lead.given.as_ref().is_some_and(|given| given.account == ctx.actor.account);
    Ok(Found { view, permit, book, rows, known, unseen, unknown, own })
}

/// The guarantees of the household with source and age, as they stand on its own page, and those that nobody has seen.
fn guarantees(ctx: &Ctx, id: &str, l: L) -> Result<(Option<String>, Vec<String>)> {
    let Ok(permit) = ctx.permit(Permission::HouseholdSee) else { return Ok((None, Vec::new())) };
    let mut session = ctx.read()?;
    // A department sees a lead about a household only through its own list; the page itself may be closed to it.
    let household = match households::load_household(ctx, &mut session, &permit, id) {
        Ok(household) => household,
        Err(Error::Refusal(_)) => return Ok((None, Vec::new())),
        Err(fault) => return Err(fault),
    };
    let mut residents = households::list_residents(&mut session, &household.id)?;
    residents.retain(|resident| resident.stay.span.holds_on(ctx.today));
    let subject = OfHousehold {
        ctx,
        permit: &permit,
        household: &household,
        residents: &residents,
        as_of: ctx.today,
        l,
    };
    let panel = panels::guarantees(&mut session, &subject)?.map(|panel| panel.html);
    Ok((panel, panels::unseen(&mut session, &subject)?))
}

/// The page of a lead.
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Page {
    lead(ctx, desk, (id_of(&id)?, Fields::default()), None).await
}

fn id_of(text: &str) -> Result<LeadId> {
    LeadId::parse(text).map_err(|_| Refusal::not_found("screening.no_lead").into())
}

async fn lead(
    ctx: Ctx,
    desk: Desk,
    (id, sent): (LeadId, Fields),
    refused: Option<Refusal>,
) -> Page {
    let (l, today, looks) = (desk.l, ctx.today, ctx.clone());
    let found = blocking(move || found(&ctx, id, l)).await?;
    let view = &found.view;
    let behind = Behind {
        ctx: &looks,
        l,
        permit: &found.permit,
        book: found.book.as_deref(),
        rows: &found.rows,
        today,
        village: view.lead.village,
    };
    let standing = |reason: &&actions::Reason| reason.gone_on.is_none() || reason.settled;
    let whys = behind.whys(view.reasons.iter().filter(standing).collect());
    let gone = view.reasons.iter().filter(|reason| reason.gone_on.is_some());
    let past = gone.map(|reason| {
        let day = reason.gone_on.map(|day| day.to_string()).unwrap_or_default();
        (l.t1("screening-gone-on", "day", day), said(l, &reason.zh, &reason.en).to_owned())
    });
    let answering = view.lead.state == State::Open && desk.may(Permission::LeadAnswer);
    let looking =
        view.lead.state == State::SecondLook && desk.may(Permission::LeadSecondLook) && !found.own;
    let body = LeadPage {
        l,
        id: id.to_string(),
        version: view.lead.version,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        chips: chips(l, view),
        clock: clock(l, view, today),
        strip: view.strip.as_ref().map(|strip| strip_facts(l, strip)).unwrap_or_default(),
        household: view.lead.household.map(|id| format!("/households/{id}")),
        state_note: state_note(l, view),
        whys,
        past: past.collect(),
        known: found.known.clone(),
        unknown: unknown(&behind, &found.unknown),
        unknown_more: found.unknown.len().saturating_sub(MOST_UNKNOWN),
        answering: answering.then(|| answer_fields(l, &sent, refused.as_ref(), None)),
        looking: looking.then(|| look_fields(l, &sent, refused.as_ref())),
        next: next(l, view),
        history: Timeline(
            view.history.iter().rev().map(|past| event(l, past, &view.papers)).collect(),
        ),
    };
    let mut shell = desk.untitled().nav("leads").title(title(l, view)).lead(lead_line(l, view));
    shell = shell.act(web::Act::print(l));
    if desk.may(Permission::QuestionAsk) {
        let ask = format!("/questions/new?lead={id}");
        shell = shell.act(web::Act::new(l.t("departments-ask"), ask).icon("ask"));
    }
    if desk.may(Permission::LeadExport) && view.lead.state == State::Open {
        let sheet = format!("/leads/sheets?lead={id}");
        shell = shell.act(web::Act::new(l.t("screening-sheets-one"), sheet).icon("print"));
    }
    for step in &view.path {
        shell = shell.area(step, format!("/leads?area={}", step.0));
    }
    page_of_form(&shell, body, refused.as_ref())
}

pub(super) fn title(l: L, view: &LeadView) -> String {
    let village = view.path.last().map_or_else(|| view.lead.village.to_string(), |p| p.1.clone());
    match (&view.strip, view.lead.level) {
        (Some(strip), Level::Household) => {
            let name = if strip.head.is_empty() { &strip.number } else { &strip.head };
            l.t1("screening-lead-of", "name", name)
        }
        _ => l.t1("screening-lead-of-village", "name", village),
    }
}

fn lead_line(l: L, view: &LeadView) -> String {
    l.t_args(
        "screening-lead-line",
        &[
            ("department", department_word(l, &view.lead.department).into()),
            ("channel", channel_word(l, &view.lead.channel).into()),
            ("day", view.lead.opened_on.to_string().into()),
        ],
    )
}

fn chips(l: L, view: &LeadView) -> Vec<Chip> {
    let mut chips = vec![severity_chip(l, view.lead.severity), state_chip(l, view.lead.state)];
    if let Some(from) = view.lead.raised_from {
        let again = Chip::new(Tone::Amber, l.t("screening-raised-again"));
        chips.push(again.icon("history").href(format!("/leads/{from}")));
    }
    chips
}

fn clock(l: L, view: &LeadView, today: kernel::time::Day) -> Option<Clock> {
    let due = view.lead.due_on.filter(|_| view.lead.state == State::Open)?;
    let id = match view.lead.clock.calendar {
        Calendar::Working => "screening-clock-working",
        Calendar::Calendar => "screening-clock-calendar",
    };
    let from = view.lead.released_on.unwrap_or(view.lead.opened_on).to_string();
    let days = i64::from(view.lead.clock.days);
    let tip = l.t_args(id, &[("from", from.into()), ("days", days.into())]);
    Some(Clock::new(l, today, due).tip(tip))
}

pub(super) fn strip_facts(l: L, strip: &Strip) -> Vec<Fact> {
    let fact = |id: &str, value: String| Fact { label: l.t(id), value };
    let mut facts = vec![fact("screening-household-number", strip.number.clone())];
    if let Some(persons) = strip.persons {
        let people = l.t_args(
            "screening-people",
            &[("n", persons.into()), ("labour", strip.labour.unwrap_or(0).into())],
        );
        facts.push(fact("screening-persons", people));
    }
    if !strip.place.is_empty() {
        facts.push(fact("screening-address", strip.place.clone()));
    }
    if let Some(tail) = &strip.phone_tail {
        facts.push(fact("screening-phone", format!("*******{tail}")));
    }
    let kinds = [&strip.kind, &strip.monitored].into_iter().flatten();
    let mut status: Vec<String> = kinds.map(|written| status_word(l, written)).collect();
    for (holds, id) in [(strip.dibao, "screening-dibao"), (strip.tekun, "screening-tekun")] {
        if holds {
            status.push(l.t(id));
        }
    }
    if !status.is_empty() {
        facts.push(fact("screening-status", status.join(" · ")));
    }
    facts
}

/// What became of a lead that nobody can answer (any more).
fn state_note(l: L, view: &LeadView) -> Option<Note> {
    match view.lead.state {
        State::Withdrawn => {
            Some(Note::new(Tone::Grey, l.t("screening-withdrawn"), l.t("screening-withdrawn-help")))
        }
        State::Waiting => {
            Some(Note::new(Tone::Grey, l.t("screening-waits"), l.t("screening-waits-help")))
        }
        State::Answered | State::SecondLook => view.lead.given.as_ref().map(|given| {
            let words = given.answer.reason_code.as_deref().map(|code| codes::words_of(code, l.0));
            let text: Vec<String> = words.into_iter().chain(given.answer.reason.clone()).collect();
            let who = l.t_args(
                "screening-given",
                &[
                    ("who", given.name.as_str().into()),
                    ("outcome", outcome_word(l, given.answer.outcome).into()),
                    ("at", given.at.local_text().into()),
                ],
            );
            Note::new(Tone::Green, who, text.join("；"))
        }),
        State::Open => None,
    }
}

/// Unknown rules that are named on the page; the rest is counted.
const MOST_UNKNOWN: usize = 8;

fn unknown(behind: &Behind<'_>, all: &[CannotTell]) -> Vec<(String, String)> {
    all.iter()
        .take(MOST_UNKNOWN)
        .map(|one| {
            let title = said(behind.l, &one.rule.def.title.zh, &one.rule.def.title.en);
            let why: Vec<String> =
                one.because.iter().map(|because| behind.unknown(because)).collect();
            (title.to_owned(), why.join(if behind.l.is_zh() { "；" } else { "; " }))
        })
        .collect()
}

fn look_fields(l: L, sent: &Fields, refused: Option<&Refusal>) -> (Field, Field) {
    let choices = ["agree", "disagree"].map(|code| {
        web::ui::Choice::new(code, l.t(&format!("screening-look-{code}")))
            .help(l.t(&format!("screening-look-{code}-help")))
    });
    let look = Field::radio("look", l.t("screening-look"), choices.into());
    let reason = Field::area("reason", l.t("screening-reason-words"));
    (look.filled(l, sent, refused), reason.filled(l, sent, refused))
}

/// Shows the page once more with what was refused; or leads on.
async fn again(
    ctx: Ctx,
    desk: Desk,
    (id, fields): (LeadId, Fields),
    result: Result<State>,
) -> Page {
    match result {
        Ok(State::SecondLook) => done(&format!("/leads/{id}"), "screening-drawn-done"),
        Ok(_) => done("/leads", "screening-answered-done"),
        Err(Error::Refusal(refusal)) if refusal.code != "screening.no_lead" => {
            lead(ctx, desk, (id, fields), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Answers the lead.
pub async fn answer_post(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Page {
    ctx.permit(Permission::LeadAnswer)?;
    let id = id_of(&id)?;
    let (acting, sent) = (ctx.clone(), fields.clone());
    let result = blocking(move || {
        let answer = answer_of(&sent)?;
        actions::answer(&acting, Shown { id, version: version_of(&sent) }, &answer)
    })
    .await;
    again(ctx, desk, (id, fields), result).await
}

fn version_of(fields: &Fields) -> i64 {
    fields.text("version").parse().unwrap_or(0)
}

/// Takes the second look.
pub async fn look_post(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Page {
    ctx.permit(Permission::LeadSecondLook)?;
    let id = id_of(&id)?;
    let (acting, sent) = (ctx.clone(), fields.clone());
    let result = blocking(move || {
        let look = match sent.text("look") {
            "agree" => Look::Agree,
            "disagree" => Look::Disagree(sent.text("reason").to_owned()),
            _ => {
                let refusal = Refusal::invalid("screening.look_needed");
                return Err(refusal.field("look", "web.required").into());
            }
        };
        actions::second_look(&acting, Shown { id, version: version_of(&sent) }, &look)
    })
    .await;
    again(ctx, desk, (id, fields), result).await
}
