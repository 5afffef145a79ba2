//! `GET /alarms`: alarms over areas, and how each alarm of the pack stands; `GET /alarms/{id}`: one of them.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use facts::{Scalar, shown};
use kernel::error::{Error, Refusal, RefusalKind};
use kernel::permission::Permission;
use kernel::time::Day;
use store::Ctx;
use web::ui::{
    Chip, Clock, Column, Columns, Csrf, Empty, Errors, Evidence, Field, Source, Tab, Tabs, Tone,
    Why,
};
use web::{Address, Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page, page_of_form};

use super::actions::{self, Standing, View};
use super::model::COLUMNS;
use super::queries::{AlarmId, Raised};
use super::sheet;
use crate::departments::office_name;

/// Alarms on one page.
const ON_A_PAGE: i64 = 500;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/alarms", get(list))
        .route("/alarms/export", get(export))
        .route("/alarms/{id}", get(show))
        .route("/alarms/{id}/answer", post(answer))
}

fn said(l: L, (zh, en): &(String, String)) -> String {
    if l.is_zh() { zh.clone() } else { en.clone() }
}

fn severity(l: L, code: &str) -> Chip {
    let word = l.t(&format!("screening-severity-{code}"));
    match code {
        "severe" => Chip::new(Tone::Red, word).icon("bang"),
        "serious" => Chip::new(Tone::Amber, word).icon("bang"),
        _ => Chip::new(Tone::Grey, word).icon("info"),
    }
}

struct Row {
    href: String,
    area: String,
    above: String,
    title: String,
    severity: Chip,
    sentence: String,
    from: String,
    to: Option<String>,
    clock: Option<Clock>,
    by: String,
}

fn row((l, today): (L, Day), one: &Raised) -> Row {
    let waits = one.said.is_none() && one.to.is_none();
    Row {
        href: format!("/alarms/{}", one.id),
        area: one.names.0.clone(),
        above: one.names.1.clone(),
        title: said(l, &one.title),
        severity: severity(l, &one.severity),
        sentence: said(l, &one.sentence),
        from: one.from.to_string(),
        to: one.to.map(|day| day.to_string()),
        clock: waits.then(|| Clock::new(l, today, one.due)),
        by: one.said.as_ref().map(|said| said.by.clone()).unwrap_or_default(),
    }
}

struct OfPack {
    title: String,
    severity: Chip,
    condition: String,
    over: String,
    asked: String,
    unknown: Option<String>,
    hit: bool,
}

fn of_pack(l: L, standing: &Standing) -> Vec<OfPack> {
    let line = |line: &actions::Line| {
        let alarm = standing.book.alarms.get(line.place)?;
        let level = format!("alarms-of-{}", alarm.level);
        Some(OfPack {
            title: alarm.rule.def.title.get(l.0).to_owned(),
            severity: severity(l, alarm.rule.def.severity.code()),
            condition: standing.book.in_words(alarm, l.0),
            over: l.count(line.over),
            asked: l.t1(&level, "n", line.asked),
            unknown: (line.unknown > 0).then(|| l.t1("alarms-unknown", "n", line.unknown)),
            hit: line.over > 0,
        })
    };
    standing.lines.iter().filter_map(line).collect()
}

#[derive(Template)]
#[template(path = "alarms/templates/list.html")]
struct ListPage {
    l: L,
    tabs: Tabs,
    columns: Columns,
    rows: Vec<Row>,
    empty: Empty,
    asked: Vec<OfPack>,
    troubles: Vec<(String, String)>,
    policies: bool,
}

/// `GET /alarms?state=ended`
async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let ended = desk.address.get("state") == Some("ended");
    let (rows, standing) =
        blocking(move || Ok((actions::list(&ctx, !ended, ON_A_PAGE)?, actions::standing(&ctx)?)))
            .await?;
    let tab = |state: &str, id: &str, current: bool| Tab {
        href: desk.address.with("state", state).to_string(),
        label: l.t(id),
        count: None,
        current,
    };
    let last = if ended { "to" } else { "due" };
    let ids = ["area", "alarm", "sentence", "from", last];
    let columns = ids.iter().map(|id| Column::new(l.t(&format!("alarms-sheet-{id}"))));
    let id = if ended { "alarms-none-ended" } else { "alarms-none" };
    let body = ListPage {
        l,
        tabs: Tabs(vec![tab("open", "alarms-open", !ended), tab("ended", "alarms-ended", ended)]),
        columns: Columns::new(&desk.address, columns.collect()).file("Excel", "/alarms/export"),
        rows: rows.iter().map(|one| row((l, today), one)).collect(),
        empty: Empty::new(l.t(id), l.t("alarms-none-help")),
        asked: standing.as_ref().map(|standing| of_pack(l, standing)).unwrap_or_default(),
        troubles: standing.map_or_else(Vec::new, |standing| {
            let all = standing.book.troubles.iter();
            all.map(|one| (one.file.clone(), one.why.clone())).collect()
        }),
        policies: desk.may(Permission::PolicySee),
    };
    page(&desk.shell("alarms").nav("leads").crumb(l.t("nav-leads"), "/leads").wide(), body)
}

/// `GET /alarms/export`
async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let l = desk.l;
    ctx.permit(Permission::AlarmSee)?;
    let bytes = blocking(move || sheet::workbook_of(&ctx, l)).await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = "attachment; filename=\"alarms.xlsx\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

#[derive(Template)]
#[template(path = "alarms/templates/one.html")]
struct OnePage {
    l: L,
    id: String,
    csrf: Csrf,
    errors: Errors,
    severity: Chip,
    clock: Option<Clock>,
    when: String,
    office: String,
    why: Why,
    said: Option<(String, String, String)>,
    answering: Option<(Field, Field)>,
}

/// The values on which an alarm rests; those that are rows of other pages lead there.
fn evidence(l: L, raised: &Raised, may: &dyn Fn(Permission) -> bool) -> Vec<Evidence> {
    let values: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&raised.evidence).unwrap_or_default();
    let known = COLUMNS.iter().filter_map(|column| Some((column, values.get(column.name)?)));
    known
        .map(|(column, value)| {
            let stored = value.as_i64().map_or(Scalar::Null, Scalar::Int);
            let leads = |query: &str| {
                Address::new("/leads", query).with("area", raised.area.as_str()).to_string()
            };
            let rows = match column.name {
                "confirmed_12m" | "confirmed_3m" if may(Permission::LeadSee) => {
                    Some(leads("state=answered&outcome=risk_confirmed"))
                }
                "severe_open" if may(Permission::LeadSee) => Some(leads("severity=severe")),
                "households" if may(Permission::HouseholdSee) => Some(
                    Address::new("/households", "").with("area", raised.area.as_str()).to_string(),
                ),
                _ => None,
            };
            let note = if rows.is_none() { l.t("alarms-sum") } else { String::new() };
            Evidence {
                label: column.title.get(l.0).to_owned(),
                value: shown(&stored, column.kind, column.unit, l.0),
                sources: rows
                    .map(|href| Source::named(l.t("alarms-rows")).href(href))
                    .into_iter()
                    .collect(),
                note,
            }
        })
        .collect()
}

fn why(l: L, view: &View, may: &dyn Fn(Permission) -> bool) -> Why {
    let raised = &view.raised;
    let tone = if raised.severity == "severe" { Tone::Red } else { Tone::Amber };
    let alarm = view.book.as_ref().and_then(|book| Some((book, book.find(&raised.alarm)?)));
    let condition = alarm.map(|(book, alarm)| book.in_words(alarm, l.0)).unwrap_or_default();
    let mut why = Why::new(l, tone, said(l, &raised.sentence), condition)
        .evidence(evidence(l, raised, may))
        .open();
    if let Some((_, alarm)) = alarm {
        let def = &alarm.rule.def;
        let (id, basis) = match (&def.basis, &def.set_locally) {
            (Some(basis), _) => ("alarms-basis", basis),
            (None, local) => ("alarms-local", local.as_ref().unwrap_or(&def.id)),
        };
        why = why.basis(l.t(id), l.half(basis));
    }
    why
}

async fn one(
    ctx: Ctx,
    desk: Desk,
    (id, sent): (AlarmId, Fields),
    refused: Option<Refusal>,
) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let view = blocking(move || actions::show(&ctx, id)).await?;
    let raised = &view.raised;
    let waits = raised.said.is_none() && raised.to.is_none();
    let answering = (waits && desk.may(Permission::AlarmAnswer)).then(|| {
        let refused = refused.as_ref();
        (
            Field::area("words", l.t("alarms-sheet-words"))
                .help(l.t("alarms-words-help"))
                .filled(l, &sent, refused),
            Field::text("document", l.t("alarms-sheet-document"))
                .help(l.t("alarms-document-help"))
                .filled(l, &sent, refused),
        )
    });
    let from = l.t1("alarms-since", "day", raised.from.to_string());
    let to = raised.to.map(|day| l.t1("alarms-until", "day", day.to_string()));
    let body = OnePage {
        l,
        id: id.to_string(),
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        severity: severity(l, &raised.severity),
        clock: waits.then(|| Clock::new(l, today, raised.due)),
        when: to.map_or_else(|| from.clone(), |to| format!("{from} · {to}")),
        office: l.t1("alarms-leads", "office", office_name(l, &raised.department)),
        why: why(l, &view, &|permission| desk.may(permission)),
        said: raised.said.as_ref().map(|said| {
            let by = format!("{} · {}", said.by, said.at.local_text());
            (said.words.clone(), said.document.clone(), by)
        }),
        answering,
    };
    let mut shell = desk
        .untitled()
        .title(format!("{} · {}", raised.names.0, said(l, &raised.title)))
        .nav("leads")
        .crumb(l.t("alarms-title"), "/alarms")
        .act(web::Act::print(l));
    for step in &view.path {
        shell = shell.area(step, format!("/areas?area={}", step.0));
    }
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /alarms/{id}`
async fn show(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<AlarmId>)) -> Page {
    one(ctx, desk, (id, Fields::default()), None).await
}

/// `POST /alarms/{id}/answer`
async fn answer(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<AlarmId>), sent: Fields) -> Page {
    ctx.permit(Permission::AlarmAnswer)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result =
        blocking(move || actions::answer(&acting, id, form.text("words"), form.text("document")))
            .await;
    match result {
        Ok(()) => done(&format!("/alarms/{id}"), "alarms-answered-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            one(ctx, desk, (id, sent), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
