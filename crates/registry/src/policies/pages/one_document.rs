//! One document: what it says, what stands under it, what is to be reached, who has received it.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{DocumentId, MilestoneId};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Choice, Csrf, Errors, Field, Stat, Stats, Tone};
use web::{Act, Answer, CtxOf, Desk, Fields, L, blocking, page_of_form};

use super::super::actions;
use super::super::indicators::IndicatorDef;
use super::super::model::{Document, DocumentState};
use super::super::plans::{Direction, Issue, Measure, Milestone, MilestoneState, UnitKind};
use super::super::queries;
use super::document::id_of;
use super::document_chip;

struct MilestoneRow {
    id: MilestoneId,
    title: String,
    due: String,
    target: String,
    value: String,
    value_small: String,
    now: String,
    href: String,
    by_hand: bool,
    chip: Chip,
}

struct IssueRow {
    unit: String,
    kind: String,
    issued: String,
    received: String,
}

struct Link {
    href: String,
    title: String,
    small: String,
    chip: Chip,
}

#[derive(Template)]
#[template(path = "policies/templates/document.html")]
struct DocumentPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    id: DocumentId,
    chips: Vec<Chip>,
    facts: Vec<(String, String)>,
    above: Option<Link>,
    below: Vec<Link>,
    stats: Option<Stats>,
    milestones: Vec<MilestoneRow>,
    milestone_fields: Vec<Field>,
    issues: Vec<IssueRow>,
    issue_field: Option<Field>,
    without: String,
    receives: bool,
    manages: bool,
}

struct Found {
    document: Document,
    all: Vec<Document>,
    milestones: Vec<(Milestone, Option<f64>)>,
    indicators: Vec<IndicatorDef>,
    issues: Vec<Issue>,
    area: String,
}

fn found(ctx: &Ctx, id: DocumentId, measure: &Measure) -> Result<Found> {
    ctx.permit(Permission::PolicySee)?;
    let mut session = ctx.read()?;
    let document = queries::load_document(&mut session, id)?;
    let all = queries::list_documents(&mut session)?;
    let milestones = queries::list_milestones(&mut session)?;
    let pack = queries::find_pack_on(&mut session, ctx.today)?;
    let issues = queries::list_issues(&mut session, id)?;
    let area = document.area.map(|area| queries::area_name(&mut session, area)).transpose()?;
    drop(session);
    let now = |one: &Milestone| match &one.indicator {
        None => Ok(None),
        Some(indicator) => match (measure.0)(ctx, indicator, one.area) {
            // who may not see the indicator still sees what was recorded
            Err(Error::Refusal(_)) => Ok(None),
            value => value,
        },
    };
    let mine = milestones.into_iter().filter(|one| one.document == id);
    let milestones: Result<Vec<_>> = mine
        .map(|one| Ok((now(&one)?, one)))
        .map(|pair| pair.map(|(now, one)| (one, now)))
        .collect();
    Ok(Found {
        indicators: pack.map(|pack| pack.indicators()).unwrap_or_default(),
        milestones: milestones?,
        area: area.unwrap_or_default(),
        document,
        all,
        issues,
    })
}

/// A number as plans write it: at most two places, none that are nothing.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) fn milestone_chip(l: L, state: MilestoneState) -> Chip {
    let (tone, icon) = match state {
        MilestoneState::Met => (Tone::Green, "check"),
        MilestoneState::Missed => (Tone::Red, "bang"),
        MilestoneState::Due => (Tone::Accent, "clock"),
    };
    Chip::new(tone, l.t(&format!("policies-milestone-{state}"))).icon(icon)
}

fn milestone_row(
    (l, today): (L, kernel::time::Day),
    (one, now): &(Milestone, Option<f64>),
    indicators: &[IndicatorDef],
) -> MilestoneRow {
    let with_unit = |value: f64| format!("{} {}", number(value), one.unit);
    let sign = match one.direction {
        Direction::AtLeast => "≥",
        Direction::AtMost => "≤",
    };
    let indicator = one.indicator.as_ref();
    let title = indicator.and_then(|id| indicators.iter().find(|known| known.id == *id));
    let area = one.area.map(|area| format!("?area={area}")).unwrap_or_default();
    MilestoneRow {
        id: one.id,
        title: one.title.clone(),
        due: one.due_on.to_string(),
        target: format!("{sign} {}", with_unit(one.target)),
        value: one.value.map_or_else(|| "—".to_owned(), |(value, _)| with_unit(value)),
        value_small: one
            .value
            .map(|(_, on)| format!("{on} {}", one.note).trim().to_owned())
            .unwrap_or_default(),
        now: now.map(with_unit).unwrap_or_default(),
        href: title.map(|def| format!("/indicators/{}{area}", def.id)).unwrap_or_default(),
        by_hand: indicator.is_none(),
        chip: milestone_chip(l, one.state(today)),
    }
}

fn milestone_fields(l: L, indicators: &[IndicatorDef]) -> Vec<Field> {
    let word = |name: &str| l.t(&format!("policies-milestone-{name}"));
    let mut from = vec![Choice::new("", word("by-hand"))];
    from.extend(indicators.iter().map(|one| Choice::new(&one.id, one.title.get(l.0))));
    let sides = Direction::ALL
        .iter()
        .map(|side| Choice::new(side.code(), l.t(&format!("policies-direction-{side}"))));
    vec![
        Field::text("title", word("title")).required(),
        Field::input("date", "due_on", word("due-on")).required(),
        Field::select("indicator", word("from"), from).help(word("from-help")),
        Field::text("area", l.t("policies-field-area")).help(l.t("policies-area-help")),
        Field::select("direction", word("direction"), sides.collect()),
        Field::text("target", word("target")).required(),
        Field::text("unit", word("unit")).help(word("unit-help")).required(),
    ]
}

fn unit_word(l: L, issue: &Issue) -> String {
    match issue.kind {
        UnitKind::Office => {
            l.find(&format!("department-{}", issue.unit), &[]).unwrap_or_else(|| issue.unit.clone())
        }
        UnitKind::Town | UnitKind::Village => issue.name.clone(),
    }
}

fn facts(l: L, found: &Found) -> Vec<(String, String)> {
    let document = &found.document;
    let word = |name: &str| l.t(&format!("policies-field-{name}"));
    let day = |day: Option<kernel::time::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let earlier = found.all.iter().find(|one| Some(one.id) == document.supersedes);
    let run_out =
        document.runs_out_on().map(|day| l.t1("policies-runs-out-on", "day", day.to_string()));
    let mut lines = vec![
        (word("number"), document.number.clone()),
        (word("issuer"), document.issuer.clone()),
        (word("kind"), l.t(&format!("policies-kind-{}", document.kind))),
        (word("issued_on"), day(document.issued_on)),
        (word("valid_from"), document.valid_from.to_string()),
        (word("valid_to"), day(document.valid_to)),
        (word("run_out"), run_out.unwrap_or_default()),
        (word("area"), found.area.clone()),
        (word("supersedes"), earlier.map(Document::named).unwrap_or_default()),
        (word("note"), document.note.clone()),
    ];
    lines.retain(|(_, text)| !text.is_empty());
    lines
}

fn link((l, today): (L, kernel::time::Day), all: &[Document], one: &Document) -> Link {
    Link {
        href: format!("/policies/documents/{}", one.id),
        title: one.title.clone(),
        small: format!("{} · {}", one.number, l.t(&format!("policies-kind-{}", one.kind))),
        chip: document_chip(l, one, (today, one.is_superseded(all, today))),
    }
}

fn stats(l: L, found: &Found, today: kernel::time::Day) -> Option<Stats> {
    if found.milestones.is_empty() {
        return None;
    }
    let of = |state: MilestoneState| {
        let all = found.milestones.iter().filter(|(one, _)| one.state(today) == state);
        all.count()
    };
    let stat = |state: MilestoneState, tone, icon| {
        let stat = Stat::new(l.count(of(state)), l.t(&format!("policies-milestone-{state}")));
        if of(state) > 0 { stat.tone(tone, icon) } else { stat }
    };
    Some(Stats(vec![
        stat(MilestoneState::Met, Tone::Green, "check"),
        stat(MilestoneState::Due, Tone::Accent, "clock"),
        stat(MilestoneState::Missed, Tone::Red, "bang"),
    ]))
}

pub(super) async fn shown(
    (ctx, desk, id): (Ctx, Desk, DocumentId),
    measure: Measure,
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let (l, today) = (desk.l, ctx.today);
    let unit = actions::unit_of(&ctx);
    let found = blocking(move || found(&ctx, id, &measure)).await?;
    let document = &found.document;
    let manages = desk.may(Permission::PolicyManage);
    let fresh = Fields::default().with("direction", Direction::AtLeast);
    let fields = sent.unwrap_or(&fresh);
    let milestone_fields: Vec<Field> = milestone_fields(l, &found.indicators)
        .into_iter()
        .map(|field| field.filled(l, fields, refused))
        .collect();
    let kinds = UnitKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), l.t(&format!("policies-units-{kind}"))));
    let can_send = manages && document.state != DocumentState::Draft;
    let issue_field = Field::boxes("units", l.t("policies-issue-to"), kinds.collect());
    let without = found.issues.iter().filter(|one| one.received.is_none()).count();
    let waits = |one: &Issue| {
        one.received.is_none()
            && unit.as_ref().is_some_and(|unit| *unit == (one.kind, one.unit.clone()))
    };
    let args = [("n", without.into()), ("all", found.issues.len().into())];
    let mine = (l, today);
    let body = DocumentPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused).labelled(l, &milestone_fields),
        id,
        chips: vec![
            document_chip(l, document, (today, document.is_superseded(&found.all, today))),
            Chip::new(Tone::Grey, l.t(&format!("policies-kind-{}", document.kind))),
        ],
        facts: facts(l, &found),
        above: found
            .all
            .iter()
            .find(|one| Some(one.id) == document.parent)
            .map(|one| link(mine, &found.all, one)),
        below: found
            .all
            .iter()
            .filter(|one| one.parent == Some(id))
            .map(|one| link(mine, &found.all, one))
            .collect(),
        stats: stats(l, &found, today),
        milestones: found
            .milestones
            .iter()
            .map(|one| milestone_row(mine, one, &found.indicators))
            .collect(),
        milestone_fields,
        issue_field: can_send.then(|| issue_field.filled(l, fields, refused)),
        without: l.t_args("policies-without-receipt", &args),
        receives: desk.may(Permission::PolicyReceive) && found.issues.iter().any(waits),
        issues: issue_rows(l, &found.issues),
        manages,
    };
    let mut shell = desk
        .untitled()
        .title(document.title.clone())
        .nav("policies")
        .wide()
        .crumb(l.t("policies-list-title"), "/policies")
        .crumb(l.t("policies-documents"), "/policies/documents")
        .here(document.number.clone());
    if manages {
        let to = format!("/policies/documents/{id}/edit");
        shell = shell.act(Act::new(l.t("policies-document-edit"), to).icon("edit"));
    }
    page_of_form(&shell, body, refused)
}

/// Those without a receipt first.
fn issue_rows(l: L, issues: &[Issue]) -> Vec<IssueRow> {
    let mut all: Vec<&Issue> = issues.iter().collect();
    all.sort_by_key(|one| one.received.is_some());
    let row = |one: &Issue| IssueRow {
        unit: unit_word(l, one),
        kind: l.t(&format!("policies-unit-{}", one.kind)),
        issued: one.issued_on.to_string(),
        received: one
            .received
            .as_ref()
            .map(|(at, name)| format!("{} {name}", at.day()))
            .unwrap_or_default(),
    };
    all.into_iter().map(row).collect()
}

/// `GET /policies/documents/{id}`
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(measure): Extension<Measure>,
    (desk, Path(id)): (Desk, Path<String>),
) -> Answer {
    shown((ctx, desk, id_of(&id)?), measure, (None, None)).await
}
