//! `GET /work`

use std::cmp::Reverse;

use askama::Template;
use axum::routing::get;
use axum::{Extension, Router};
use casework::screening::{LeadLine, Severity};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::households::Proposal;
use registry::intake::batch::Batch;
use registry::intake::{self, Templates};
use web::ui::{Chip, Clock, Column, Columns, Empty, Stat, Stats, Tone};
use web::{Answer, CtxOf, Desk, L, blocking, page};

use super::cases;
use super::gather::{Board, Show, gather};
use super::item::{Asked, Item, Step};
use casework::departments::Question;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new().route("/work", get(show))
}

/// A line of the list.
pub(super) struct Line {
    pub(super) what: String,
    pub(super) chip: Option<Chip>,
    pub(super) why: String,
    pub(super) who: String,
    pub(super) place: String,
    pub(super) clock: Option<Clock>,
    pub(super) act: String,
    pub(super) href: String,
}

#[derive(Template)]
#[template(path = "work/templates/work.html")]
struct WorkPage {
    l: L,
    stats: Stats,
    columns: Columns,
    rows: Vec<Line>,
    empty: Empty,
    all: bool,
}

fn stats(l: L, show: Show, numbers: [i64; 4]) -> Stats {
    let [today, over, new, waiting] = numbers;
    let tone = |stat: Stat, number: i64, tone: Tone, icon: &'static str| {
        if number > 0 { stat.tone(tone, icon) } else { stat }
    };
    let stat = |number: i64, id: &str, key: &str, here: Show| {
        let href = if show == here { "/work".to_owned() } else { format!("/work?show={key}") };
        let stat = Stat::new(l.count(number), l.t(id)).href(href);
        if show == here { stat.small(l.t("work-show-all")) } else { stat }
    };
    Stats(vec![
        tone(stat(today, "work-due-today", "today", Show::Today), today, Tone::Amber, "clock"),
        tone(stat(over, "work-overdue", "over", Show::Over), over, Tone::Red, "bang"),
        stat(new, "work-new", "new", Show::New),
        stat(waiting, "work-waiting", "waiting", Show::Waiting),
    ])
}

async fn show(CtxOf(ctx): CtxOf, Extension(tools): Extension<intake::Desk>, desk: Desk) -> Answer {
    let l = desk.l;
    let show = Show::of(desk.address.get("show"));
    let today = ctx.today;
    let templates = tools.templates.clone();
    let Board { numbers, items } = blocking(move || gather(&ctx, &templates, show)).await?;
    let mut items = items;
    items.sort_by_key(|item| (turn(item, today), item.due(), Reverse(item.severity())));
    let words = ["work-col-what", "work-col-who", "work-col-where", "work-col-due"];
    let mut columns: Vec<Column> = words.iter().map(|id| Column::new(l.t(id))).collect();
    columns.push(Column::new(""));
    let empty = if show == Show::All {
        Empty::new(l.t("work-empty"), l.t("work-empty-help"))
    } else {
        Empty::new(l.t("work-empty-shown"), l.t("work-empty-shown-help"))
            .action(l.t("work-show-all"), "/work")
    };
    let body = WorkPage {
        l,
        stats: stats(l, show, numbers),
        columns: Columns::new(&desk.address, columns),
        rows: items.iter().map(|item| line(&desk, &tools.templates, item, today)).collect(),
        empty,
        all: show == Show::All,
    };
    let mut shell = desk.shell("work").nav("work").wide();
    if desk.may(Permission::SlipSee) {
        shell = shell.act(web::Act::new(l.t("work-brief"), "/brief").icon("board"));
    }
    page(&shell, body)
}

/// What comes first: leads whose day is here or past, then what has no day and waits for one hand, then all other leads.
fn turn(item: &Item, today: Day) -> u8 {
    match item.due() {
        Some(due) if due <= today => 0,
        None => 1,
        Some(_) => 2,
    }
}

fn line(desk: &Desk, templates: &Templates, item: &Item, today: Day) -> Line {
    let l = desk.l;
    match item {
        Item::Lead(lead, again) => lead_line(desk, lead, *again, today),
        Item::Proposal(proposal) => proposal_line(desk, proposal),
        Item::Step(step) => step_line(l, *step),
        Item::Release(waiting, now) => {
            let args = [("waiting", (*waiting).into()), ("now", (*now).into())];
            plain(l, "release", l.t_args("work-release-why", &args), "/leads?state=waiting")
        }
        Item::Match(number, list) => {
            let list = list_name(l, templates, list);
            let args = [("n", (*number).into()), ("list", list.into())];
            plain(l, "match", l.t_args("work-match-why", &args), "/intake/match")
        }
        Item::NotListed(number) => {
            let why = l.t1("work-not_listed-why", "n", *number);
            plain(l, "not_listed", why, "/households/not-listed")
        }
        Item::Declared(number) => {
            let why = l.t1("work-declared-why", "n", *number);
            plain(l, "declared", why, "/declarations")
        }
        Item::Alarms(number, past) => {
            let args = [("n", (*number).into()), ("past", (*past).into())];
            plain(l, "alarms", l.t_args("work-alarms-why", &args), "/alarms")
        }
        Item::Late(number) => {
            let why = l.t1("work-late-why", "n", *number);
            let own = !desk.may(Permission::IntakeAccept);
            let href = if own { "/departments" } else { "/departments/late" };
            let act = if own { "work-late-own-do" } else { "work-late-do" };
            Line { act: l.t(act), ..plain(l, "late", why, href) }
        }
        Item::Back(office, number) => {
            let why = l.t1("work-back-why", "n", *number);
            plain(l, "back", why, &format!("/departments/{office}/returned"))
        }
        Item::Case(turn) => cases::line(l, turn, today),
        Item::Cases(all, narrowed, owner) => cases::more(l, (*all, narrowed), (owner, today)),
        Item::Papers(one) => cases::paper_line(l, one),
        Item::Objected(one) => cases::objected_line(l, one),
        Item::Split(one) => cases::split_line(l, one),
        Item::TakenOver(taken, of) => {
            let args = [("taken", (*taken).into()), ("of", (*of).into())];
            plain(l, "taken_over", l.t_args("work-taken_over-why", &args), "/cases")
        }
        Item::Measures(due, over) => {
            let args = [("n", (*due).into()), ("over", (*over).into())];
            let (id, state) = match *over {
                0 => ("work-measures-why", "due"),
                _ => ("work-measures-why-over", "overdue"),
            };
            plain(l, "measures", l.t_args(id, &args), &format!("/assistance?state={state}"))
        }
        Item::Compared(number) => {
            let why = l.t1("work-compared-why", "n", *number);
            plain(l, "compared", why, "/cases/questions")
        }
        Item::Checks(number) => {
            let why = number.map_or_else(
                || l.t("work-checks-some"),
                |number| l.t1("work-checks-why", "n", number),
            );
            plain(l, "checks", why, "/checks")
        }
        Item::Question(one, asked) => question_line(l, one, *asked, today),
        Item::Batch(batch) => {
            let own =
                if desk.may(Permission::IntakeAccept) { "work-batch" } else { "work-batch-own" };
            batch_line(l, templates, batch, [own, "work-batch-why", "work-batch-do"])
        }
        Item::Mend(batch) => {
            batch_line(l, templates, batch, ["work-mend", "work-mend-why", "work-mend-do"])
        }
    }
}

/// Something without a person, a place or a day.
pub(super) fn plain(l: L, id: &str, why: String, href: &str) -> Line {
    Line {
        what: l.t(&format!("work-{id}")),
        chip: None,
        why,
        who: String::new(),
        place: String::new(),
        clock: None,
        act: l.t(&format!("work-{id}-do")),
        href: href.to_owned(),
    }
}

fn question_line(l: L, one: &Question, asked: Asked, today: Day) -> Line {
    let (what, act) = match asked {
        Asked::Mine => ("work-question", "work-question-do"),
        Asked::Waits => ("work-question-own", "work-lead-look"),
        Asked::Answered => ("work-question-answered", "work-question-look"),
    };
    Line {
        what: l.t(what),
        chip: None,
        why: one.asked.text.clone(),
        who: one.household_name.clone(),
        place: one.village_name.clone(),
        clock: (asked != Asked::Answered).then(|| Clock::new(l, today, one.asked.due_on)),
        act: l.t(act),
        href: format!("/questions/{}", one.id),
    }
}

fn step_line(l: L, step: Step) -> Line {
    let (id, href) = match step {
        Step::Areas => ("areas", "/areas/import"),
        Step::Register => ("register", "/intake/new"),
        Step::Screen => ("screen", "/rules"),
    };
    Line {
        what: l.t(&format!("work-step-{id}")),
        chip: Some(Chip::new(Tone::Accent, l.t("work-step"))),
        why: l.t(&format!("work-step-{id}-why")),
        who: String::new(),
        place: String::new(),
        clock: None,
        act: l.t(&format!("work-step-{id}-do")),
        href: href.to_owned(),
    }
}

fn list_name(l: L, templates: &Templates, list: &str) -> String {
    let known = templates.iter().find(|template| template.list == list);
    known.map_or_else(
        || list.to_owned(),
        |known| if l.is_zh() { known.title.zh.clone() } else { known.title.en.clone() },
    )
}

fn lead_line(desk: &Desk, lead: &LeadLine, again: bool, today: Day) -> Line {
    let l = desk.l;
    let sentence = |at: usize| {
        lead.reasons
            .get(at)
            .map(|reason| if l.is_zh() { reason.zh.clone() } else { reason.en.clone() })
    };
    let more = lead.reasons.len().saturating_sub(1);
    let (tone, icon) = match lead.severity {
        Severity::Severe => (Tone::Red, "bang"),
        Severity::Serious => (Tone::Amber, "bang"),
        Severity::Notice => (Tone::Grey, "info"),
    };
    let act = match (again, desk.may(Permission::LeadAnswer)) {
        (true, _) => "work-lead-second",
        (false, true) => "work-lead-answer",
        (false, false) => "work-lead-look",
    };
    let group = lead.group.as_deref().unwrap_or_default();
    Line {
        what: sentence(0).unwrap_or_default(),
        chip: Some(Chip::new(tone, l.t(&format!("work-lead-{}", lead.severity.code()))).icon(icon)),
        why: if more > 0 { l.t1("work-more-reasons", "n", more) } else { String::new() },
        who: lead.head.clone().or_else(|| lead.household_number.clone()).unwrap_or_default(),
        place: format!("{} {group}", lead.village_name).trim().to_owned(),
        clock: lead.due_on.map(|due| Clock::new(l, today, due)),
        act: l.t(act),
        href: format!("/leads/{}", lead.id),
    }
}

fn proposal_line(desk: &Desk, proposal: &Proposal) -> Line {
    let l = desk.l;
    let confirms = desk.may(Permission::HouseholdConfirm);
    let kind = l.t(&format!("households-change-{}", proposal.kind));
    let (what, act) = if confirms {
        ("work-proposal", "work-proposal-do")
    } else {
        ("work-proposal-own", "work-lead-look")
    };
    Line {
        what: l.t1(what, "kind", kind),
        chip: None,
        why: l.t_args(
            "work-proposal-why",
            &[("by", (&proposal.by).into()), ("at", (&proposal.at).into())],
        ),
        who: proposal.head.clone().unwrap_or_else(|| proposal.household_number.clone()),
        place: proposal.village_name.clone(),
        clock: None,
        act: l.t(act),
        href: "/households/proposals".to_owned(),
    }
}

fn batch_line(l: L, templates: &Templates, batch: &Batch, [what, why, act]: [&str; 3]) -> Line {
    let list = list_name(l, templates, &batch.list);
    let number = if what == "work-mend" { batch.counts.rejected } else { batch.counts.total };
    Line {
        what: l.t(what),
        chip: None,
        why: l.t_args(
            why,
            &[
                ("list", list.into()),
                ("n", number.into()),
                ("rejected", batch.counts.rejected.into()),
            ],
        ),
        who: l.t(&format!("department-{}", batch.department)),
        place: batch.area.map(|_| l.t("work-whole-county")).unwrap_or_default(),
        clock: None,
        act: l.t(act),
        href: format!("/intake/batches/{}", batch.id),
    }
}
