//! `GET /cases/{id}`: one case with what is known, what comes next and what was done; its forms.

use askama::Template;
use axum::extract::Path;
use facts::shown;
use kernel::error::Refusal;
use kernel::ids::CaseId;
use kernel::permission::Permission;
use kernel::time::Day;
use store::Ctx;
use web::ui::{Chip, Clock, Csrf, Errors, Mark, Note, Timeline, Tone};
use web::{Act, Answer as Answered, CtxOf, Desk, Fields, L, blocking, page_of_form};

use super::super::book::MONITORING;
use super::super::judgement::{LINE, THINGS, suggested};
use super::super::life::{Life, Need, Phase, StepDef};
use super::super::look::{self, Standing, View};
use super::super::queries::objections::Objection;
use super::form::{FormCard, fields_of, lacks_words, opened};
use super::list::urgent_chip;
use super::parts::{self, QuestionRow, RiskRow};
use super::splits::{self, SplitRow};
use super::{class_word, notes, phase_chip, state_word};
use crate::screening::because;

/// A step as a button: where it leads, its words, whether it is open, whether nothing is missing.
struct Offer {
    href: String,
    title: String,
    current: bool,
    ready: bool,
}

struct ThingCard {
    title: String,
    facts: Vec<(String, String)>,
    untold: String,
}

struct ConditionRow {
    title: String,
    mark: Mark,
    facts: Vec<(String, String)>,
    unknown: String,
}

struct ObjectionRow {
    seq: i64,
    day: String,
    words: String,
    answer: String,
}

fn objections(l: L, view: &View) -> Vec<ObjectionRow> {
    let row = |(one, words): &(Objection, String)| ObjectionRow {
        seq: one.seq,
        day: one.said_on.to_string(),
        words: words.clone(),
        answer: one.answer.as_ref().map_or_else(String::new, |(words, on, by)| {
            let args = [("by", by.into()), ("day", on.to_string().into()), ("words", words.into())];
            l.t_args("cases-objection-answered", &args)
        }),
    };
    view.objections.iter().map(row).collect()
}

/// Which parts belong to the life of the case.
struct Parts {
    judgement: bool,
    risks: bool,
    papers: bool,
}

impl Parts {
    fn of(life: &Life) -> Self {
        Self {
            judgement: life.id == MONITORING,
            risks: life.asks_for(&[Need::Risks, Need::Plan, Need::Removal]),
            papers: life.asks_for(&[Need::Consent]),
        }
    }
}

#[derive(Template)]
#[template(path = "cases/templates/one.html")]
struct OnePage {
    l: L,
    id: String,
    version: i64,
    csrf: Csrf,
    errors: Errors,
    chips: Vec<Chip>,
    clocks: Vec<(String, Clock)>,
    urgent: bool,
    works: bool,
    asks: bool,
    notes: Vec<Note>,
    waits: String,
    forward: Vec<Offer>,
    backward: Vec<Offer>,
    form: Option<FormCard>,
    things: Vec<ThingCard>,
    suggestion: String,
    parts: Parts,
    risks: Vec<RiskRow>,
    papers: Vec<String>,
    questions: Vec<QuestionRow>,
    conditions: Vec<ConditionRow>,
    objections: Vec<ObjectionRow>,
    splits: Vec<SplitRow>,
    splitting: bool,
    strip: Vec<(String, String)>,
    household: String,
    prints: Vec<(String, String)>,
    sittings: Vec<(String, String)>,
    timeline: Timeline,
}

fn things(l: L, view: &View) -> Vec<ThingCard> {
    let schema = crate::screening::schema().ok();
    let column = |name: &str| schema.and_then(|schema| schema.column(facts::HOUSEHOLD.name, name));
    let mut cards: Vec<ThingCard> = THINGS
        .iter()
        .map(|thing| {
            let (mut facts, mut untold) = (Vec::new(), Vec::new());
            for column in thing.columns.iter().filter_map(|name| column(name)) {
                let title = column.title.get(l.0).to_owned();
                match view.facts.get(column.name) {
                    None | Some(facts::Scalar::Null) => untold.push(title),
                    Some(value) => {
                        facts.push((title, shown(value, column.kind, column.unit, l.0)));
                    }
                }
            }
            let untold = untold.join(if l.is_zh() { "、" } else { ", " });
            let title = l.t(&format!("cases-thing-{}", thing.id));
            ThingCard { title, facts, untold }
        })
        .collect();
    let line = view.book.params.get(LINE);
    if let (Some(first), Some(line)) = (cards.first_mut(), line) {
        let value = line.at(view.case.village.as_str());
        let title = if l.is_zh() { &line.title_zh } else { &line.title_en };
        first.facts.insert(0, (title.clone(), shown(&value, line.kind, line.unit, l.0)));
    }
    cards
}

fn conditions(l: L, view: &View) -> Vec<ConditionRow> {
    let row = |(_, title, held): &Standing| ConditionRow {
        title: title.get(l.0).to_owned(),
        mark: match held.holds {
            Some(true) => Mark::ok(l.t("cases-holds")),
            Some(false) => Mark::bad(l.t("cases-holds-not")),
            None => Mark::ask(l.t("cases-untold")),
        },
        facts: held
            .evidence
            .iter()
            .map(|(column, value)| {
                (column.title.get(l.0).to_owned(), shown(value, column.kind, column.unit, l.0))
            })
            .collect(),
        unknown: held
            .unknown
            .iter()
            .map(|one| because(one, &view.book.params, l.0))
            .collect::<Vec<_>>()
            .join(if l.is_zh() { "；" } else { "; " }),
    };
    view.removal.iter().map(row).collect()
}

/// The step that is next: of those that lead forward the one for which something had to be there and now is, else the first.
/// Where it is somebody else's turn none is, whatever else could be done.
fn next(view: &View) -> Option<&(StepDef, Vec<Need>)> {
    let owner = view.life().ok()?.state(&view.case.state)?.owner;
    if !view.offered.iter().any(|(step, _)| step.by == owner) {
        return None;
    }
    let forward = || view.offered.iter().filter(|(step, _)| !step.back && step.by == owner);
    let waited = forward().find(|(step, lacks)| !step.needs.is_empty() && lacks.is_empty());
    waited.or_else(|| forward().next())
}

/// The form that the address opens: a step, or a part of the case; without a wish the first step that leads forward.
fn form(
    l: L,
    today: Day,
    (view, wish): (&View, &str),
    (sent, refused): (&Fields, Option<&Refusal>),
) -> Option<FormCard> {
    let id = view.case.id;
    if let Some(card) = parts::form(l, today, (view, wish), (sent, refused)) {
        return Some(card);
    }
    let wanted = view.offered.iter().find(|(step, _)| step.id == wish);
    let (step, lacks) = wanted.or_else(|| next(view))?;
    let hint = suggested(&view.facts, &view.book, view.case.village.as_str());
    let hint = hint.map(|(trigger, class)| (trigger, class.code.as_str()));
    let filled = if refused.is_some() { sent.clone() } else { opened(step, today, hint) };
    let removal: Vec<_> = view
        .removal
        .iter()
        .map(|(_, title, held)| (title.get(l.0).to_owned(), held.clone()))
        .collect();
    Some(FormCard {
        title: step.title.get(l.0).to_owned(),
        action: format!("/cases/{id}/steps/{}", step.id),
        fields: fields_of(l, (&view.book, step), (&filled, refused)),
        lacks: lacks_words(l, &view.case, lacks, (&removal, &view.known.plan_lacks)),
        help: String::new(),
    })
}

fn offers(l: L, view: &View, open: &str, back: bool) -> Vec<Offer> {
    let id = view.case.id;
    let offer = |(step, lacks): &(StepDef, Vec<_>)| Offer {
        href: format!("/cases/{id}?do={}#do", step.id),
        title: step.title.get(l.0).to_owned(),
        current: open.ends_with(&format!("/steps/{}", step.id)),
        ready: lacks.is_empty(),
    };
    view.offered.iter().filter(|(step, _)| step.back == back).map(offer).collect()
}

pub(super) async fn one(
    ctx: Ctx,
    desk: Desk,
    (id, sent): (CaseId, Fields),
    (wish, refused): (String, Option<Refusal>),
) -> Answered {
    let (l, today) = (desk.l, ctx.today);
    let view = blocking(move || look::show(&ctx, id)).await?;
    let case = &view.case;
    let state = view.life()?.state(&case.state);
    let phase = state.map_or(Phase::Side, |state| state.phase);
    let word = state_word(l, &view.book, (&case.life, &case.state));
    let mut chips = vec![phase_chip(l, phase.code(), word)];
    if case.life != MONITORING {
        chips.insert(0, Chip::new(Tone::Grey, view.life()?.title.get(l.0)));
    }
    if let Some(class) = &case.class {
        chips.push(Chip::new(Tone::Grey, class_word(l, &view.book, class)));
    }
    if case.urgent {
        chips.push(urgent_chip(l));
    }
    let running = !super::is_over(phase) || case.due.is_some();
    let clock = |id: &str, day: Option<Day>| {
        day.filter(|_| running).map(|day| (l.t(id), Clock::new(l, today, day)))
    };
    let form = form(l, today, (&view, &wish), (&sent, refused.as_ref()));
    let open = form.as_ref().map(|card| card.action.clone()).unwrap_or_default();
    let suggestion =
        suggested(&view.facts, &view.book, case.village.as_str()).map(|(trigger, class)| {
            let class = if l.is_zh() { &class.zh } else { &class.en };
            l.t_args(
                "cases-suggested",
                &[
                    ("trigger", l.t(&format!("cases-trigger-{trigger}")).into()),
                    ("class", class.clone().into()),
                ],
            )
        });
    let removing = matches!(phase, Phase::Help | Phase::Remove);
    let body = OnePage {
        l,
        id: id.to_string(),
        version: case.version,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        chips,
        clocks: [clock("cases-clock-step", case.due), clock("cases-clock-total", case.total_due)]
            .into_iter()
            .flatten()
            .collect(),
        urgent: case.urgent,
        works: desk.may(Permission::CaseWork) && phase != Phase::Over,
        asks: desk.may(Permission::CaseCompare) && case.state == "checked",
        notes: notes::notes(l, &view, today),
        waits: notes::waits(l, &view),
        forward: offers(l, &view, &open, false),
        backward: offers(l, &view, &open, true),
        things: things(l, &view),
        parts: Parts::of(view.life()?),
        suggestion: suggestion.filter(|_| phase == Phase::Identify).unwrap_or_default(),
        risks: parts::risks(l, &view),
        papers: parts::papers(l, &view),
        questions: parts::questions(l, &view, desk.may(Permission::CaseWork)),
        conditions: if removing && view.life()?.asks_for(&[Need::Removal]) {
            conditions(l, &view)
        } else {
            Vec::new()
        },
        objections: objections(l, &view),
        splits: splits::rows(l, &view),
        splitting: desk.may(Permission::CaseWork),
        strip: parts::strip(l, &view),
        household: format!("/households/{}", case.household),
        prints: parts::prints(l, &view),
        sittings: parts::sittings(l, &view),
        timeline: parts::timeline(l, &view),
        form,
    };
    let name = if view.head.is_empty() { &view.household.number } else { &view.head };
    let name = view.person.as_ref().unwrap_or(name);
    let mut shell = desk
        .untitled()
        .title(format!("{name} · {}", case.number))
        .nav("cases")
        .crumb(l.t("nav-cases"), "/cases")
        .wide()
        .act(Act::print(l));
    for step in &view.path {
        shell = shell.area(step, format!("/cases?area={}", step.0));
    }
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /cases/{id}?do=STEP`
pub async fn show(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<CaseId>)) -> Answered {
    let wish = desk.address.get("do").unwrap_or_default().to_owned();
    one(ctx, desk, (id, Fields::default()), (wish, None)).await
}
