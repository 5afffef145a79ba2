//! `GET /assistance`: help that is promised, given or over; forms to plan it, to say that it was given, and to name helpers.

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use kernel::area::AreaCode;
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::{ListedCode, ShippedCodes, is_office, offices};
use web::ui::{Choice, Clock, Column, Columns, Empty, Field, Tab, Tabs};
use web::{Address, Answer as Page, CtxOf, Desk, Fields, L, blocking, page};

use super::actions;
use super::model::offered;
use super::queries::list::{Filter, Line};
use super::sheet;
use crate::departments::office_name;

mod carer;
mod one;
mod panel;
mod plan;
mod release;

pub use panel::{events, helper as helper_panel, measures as measures_panel};

/// Measures on one page.
const ON_A_PAGE: i64 = 500;
const STATES: [&str; 5] = ["due", "overdue", "given", "runs_on", "ended"];

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/assistance", get(list))
        .route("/assistance/export", get(export))
        .route("/assistance/{id}", get(one::show))
        .route("/assistance/{id}/deliver", post(one::deliver))
        .route("/assistance/{id}/give", post(one::give))
        .route("/assistance/{id}/end", post(one::end))
        .route("/assistance/{id}/move", post(one::go_along))
        .route("/households/{id}/measures/new", get(plan::form).post(plan::post))
        .route("/households/{id}/helper", get(carer::form).post(carer::post))
        .route("/households/{id}/helper/release", get(release::form).post(release::post))
}

/// The kind in words, after its group.
pub fn kind_word(l: L, code: &str) -> String {
    let Some(kind) = ShippedCodes::Measures.find(code) else { return code.to_owned() };
    let words = kind.words(l.0).to_owned();
    match kind.of.as_deref().and_then(|group| ShippedCodes::Measures.find(group)) {
        Some(group) => format!("{} · {words}", group.words(l.0)),
        None => words,
    }
}

/// Risks in words, one after the other.
pub fn risk_words(l: L, codes: &[String]) -> String {
    let words: Vec<String> =
        codes.iter().map(|code| ShippedCodes::Risks.words_of(code, l.0)).collect();
    words.join(if l.0 == Lang::Zh { "、" } else { ", " })
}

fn offices_to_choose(l: L, any: String) -> Vec<Choice> {
    let known = offices().iter().map(|one| Choice::new(&*one.code, office_name(l, &one.code)));
    std::iter::once(Choice::new("", any)).chain(known).collect()
}

fn kinds_to_choose(l: L, today: Day, any: String) -> Vec<Choice> {
    let known = offered(today);
    let known =
        known.iter().map(|one: &&ListedCode| Choice::new(&*one.code, kind_word(l, &one.code)));
    std::iter::once(Choice::new("", any)).chain(known).collect()
}

fn filter_of(address: &Address) -> Filter {
    let state = address.get("state").and_then(|state| STATES.into_iter().find(|one| *one == state));
    let text = |key: &str| address.get(key).map(str::to_owned);
    Filter {
        state: state.unwrap_or("due"),
        area: address.get("area").and_then(|code| AreaCode::parse_short(code).ok()),
        kind: text("kind").filter(|code| ShippedCodes::Measures.find(code).is_some()),
        office: text("office").filter(|code| is_office(code)),
    }
}

struct Row {
    href: String,
    who: String,
    place: String,
    kind: String,
    aims: String,
    owner: String,
    clock: Option<Clock>,
    day: String,
}

fn row((l, today, state): (L, Day, &str), line: &Line) -> Row {
    let measure = &line.measure;
    let waits = measure.delivered.is_none() && measure.ended.is_none();
    let office = (!measure.office.is_empty()).then(|| office_name(l, &measure.office));
    let ended = measure.ended.as_ref().map(|(on, _, _)| on.to_string());
    let given = measure.delivered.as_ref().map(|given| given.on.to_string());
    let term = measure.delivered.as_ref().and_then(|given| given.term).map(|day| day.to_string());
    let head = line.head.clone().or_else(|| line.number.clone());
    let who = [line.person.clone(), head].into_iter().flatten().next();
    Row {
        href: format!("/assistance/{}", measure.id),
        who: who.unwrap_or_else(|| line.village.clone()),
        place: line.village.clone(),
        kind: kind_word(l, &measure.kind),
        aims: risk_words(l, &measure.aims),
        owner: office.into_iter().chain([measure.owner.clone()]).collect::<Vec<_>>().join(" · "),
        clock: waits.then(|| Clock::new(l, today, measure.due_on)),
        day: match state {
            "runs_on" => term.unwrap_or_else(|| l.t("assistance-no-end")),
            _ => ended.or(given).unwrap_or_default(),
        },
    }
}

#[derive(Template)]
#[template(path = "assistance/templates/list.html")]
struct ListPage {
    l: L,
    tabs: Tabs,
    state: &'static str,
    kind: Field,
    office: Field,
    area: String,
    filtered: bool,
    columns: Columns,
    rows: Vec<Row>,
    more: Option<String>,
    empty: Empty,
}

/// `GET /assistance?state=overdue&kind=net_dibao&office=civil_affairs&area=140430203`
async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let filter = filter_of(&desk.address);
    let asked = filter.clone();
    let ((lines, total), path) = blocking(move || {
        let found = actions::list(&ctx, &asked, ON_A_PAGE)?;
        let here = asked.area.or(ctx.actor.home);
        let mut session = ctx.read()?;
        let path = here.map(|code| registry::areas::path_of(&mut session, code)).transpose()?;
        Ok((found, path.unwrap_or_default()))
    })
    .await?;
    let tab = |state: &'static str| Tab {
        href: desk.address.with("state", state).to_string(),
        label: l.t(&format!("assistance-state-{state}")),
        count: None,
        current: state == filter.state,
    };
    let last = match filter.state {
        "given" => "given",
        "runs_on" => "term",
        "ended" => "ended",
        _ => "due",
    };
    let ids = ["household", "village", "kind", "aims", "owner", last];
    let columns = ids.iter().map(|id| Column::new(l.t(&format!("assistance-sheet-{id}"))));
    let mut columns = Columns::new(&desk.address, columns.collect());
    if desk.may(Permission::AssistanceExport) {
        let file = desk.address.to_string().replacen("/assistance", "/assistance/export", 1);
        columns = columns.file("Excel", file);
    }
    let chosen = |key: &str| desk.address.get(key).unwrap_or_default().to_owned();
    let sent = Fields::default().with("kind", chosen("kind")).with("office", chosen("office"));
    let shown = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let body = ListPage {
        l,
        tabs: Tabs(STATES.into_iter().map(tab).collect()),
        state: filter.state,
        kind: Field::select(
            "kind",
            l.t("assistance-sheet-kind"),
            kinds_to_choose(l, today, l.t("assistance-any")),
        )
        .filled(l, &sent, None),
        office: Field::select(
            "office",
            l.t("assistance-sheet-office"),
            offices_to_choose(l, l.t("assistance-any")),
        )
        .filled(l, &sent, None),
        area: chosen("area"),
        filtered: filter.kind.is_some() || filter.office.is_some(),
        columns,
        rows: lines.iter().map(|line| row((l, today, filter.state), line)).collect(),
        more: (total > shown)
            .then(|| l.t_args("assistance-more", &[("n", shown.into()), ("of", total.into())])),
        empty: Empty::new(l.t("assistance-none"), l.t("assistance-none-help")),
    };
    let mut shell = desk.shell("assistance").nav("assistance");
    for step in &path {
        shell = shell.area(step, desk.address.with("area", step.0.as_str()).to_string());
    }
    page(&shell.wide(), body)
}

/// `GET /assistance/export`
async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let l = desk.l;
    ctx.permit(Permission::AssistanceExport)?;
    let filter = filter_of(&desk.address);
    let bytes = blocking(move || sheet::workbook_of(&ctx, l, &filter)).await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = "attachment; filename=\"assistance.xlsx\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}
