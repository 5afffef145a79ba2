//! `GET /declarations`: what waits for somebody to say whom it is about, and what was placed or put aside.

use askama::Template;
use axum::Extension;
use kernel::area::AreaCode;
use kernel::error::Refusal;
use kernel::permission::Permission;
use web::ui::{Chip, Column, Columns, Csrf, Empty, Tab, Tabs};
use web::{Act, Answer as Page, CtxOf, Desk, L, blocking, done, page};

use super::super::actions::{self, Filter, Line};
use super::super::model::State;
use super::super::{publish, take_in};
use super::{Outside, mark_chips};
use crate::screening::plain_kind;

struct Row {
    href: String,
    name: String,
    place: String,
    kind: String,
    channel: String,
    day: String,
    chips: Vec<Chip>,
    last: String,
}

#[derive(Template)]
#[template(path = "declarations/templates/list.html")]
struct ListPage {
    l: L,
    csrf: Csrf,
    tabs: Tabs,
    columns: Columns,
    rows: Vec<Row>,
    empty: Empty,
    fetches: bool,
    before: Option<String>,
    more: Option<String>,
}

fn row(l: L, line: &Line) -> Row {
    let one = &line.declared;
    let (village, town) = &line.place;
    let last = match one.state {
        State::Placed => line.number.clone(),
        State::Waiting => {
            let id = format!("intake-reason-{}", one.reason);
            l.find(&id, &[]).unwrap_or_else(|| l.t("declarations-nobody-asked"))
        }
        State::NotHere | State::Junk => one.words.clone().unwrap_or_default(),
    };
    Row {
        href: format!("/declarations/{}", one.id),
        name: line.name.clone(),
        place: if town.is_empty() { village.clone() } else { format!("{town} {village}") },
        kind: plain_kind(&one.kind, l.0),
        channel: one.channel.word(l),
        day: one.said_at.local_text(),
        chips: mark_chips(l, one),
        last,
    }
}

/// `GET /declarations?state=placed&area=…&page=2`
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk, Extension(outside): Extension<Outside>) -> Page {
    let l = desk.l;
    let state = desk.address.get("state").and_then(|text| text.parse().ok());
    let number = desk.address.get("page").and_then(|text| text.parse().ok()).unwrap_or(0_i64);
    let filter = Filter {
        state: state.unwrap_or(State::Waiting),
        area: desk.address.get("area").and_then(|text| AreaCode::parse(text).ok()),
        channel: desk.address.get("channel").and_then(|text| text.parse().ok()),
        page: number.max(0),
    };
    let found = blocking(move || actions::list(&ctx, filter)).await?;
    let tab = |state: &State| Tab {
        href: desk.address.with("state", state.code()).without("page").to_string(),
        label: l.t(&format!("declarations-state-{state}")),
        count: Some(l.count(
            found.counts.iter().find(|(one, _)| one == state).map_or(0, |(_, count)| *count),
        )),
        current: filter.state == *state,
    };
    let last = match filter.state {
        State::Placed => "household",
        State::Waiting => "why",
        State::NotHere | State::Junk => "words",
    };
    let heads = ["who", "place", "kind", "channel", "when", "marks", last];
    let columns = heads.iter().map(|id| Column::new(l.t(&format!("declarations-head-{id}"))));
    let turn = |page: i64| desk.address.with("page", &page.to_string()).to_string();
    let body = ListPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        tabs: Tabs(State::ALL.iter().map(tab).collect()),
        columns: Columns::new(&desk.address, columns.collect()),
        rows: found.lines.iter().map(|line| row(l, line)).collect(),
        empty: Empty::new(
            l.t(&format!("declarations-none-{}", filter.state)),
            l.t(&format!("declarations-none-{}-help", filter.state)),
        ),
        fetches: outside.folder.is_some() && desk.may(Permission::DeclarationFetch),
        before: (filter.page > 0).then(|| turn(filter.page - 1)),
        more: found.more.then(|| turn(filter.page + 1)),
    };
    let mut shell =
        desk.shell("declarations").nav("leads").crumb(l.t("nav-leads"), "/leads").wide();
    if desk.may(Permission::DeclarationPrint) {
        let act = Act::new(l.t("declarations-posters"), "/declarations/posters");
        shell = shell.act(act.icon("print").looks());
    }
    if desk.may(Permission::DeclarationEnter) {
        let act = Act::new(l.t("declarations-enter"), "/declarations/new");
        shell = shell.act(act.icon("plus").primary());
    }
    page(&shell, body)
}

/// `POST /declarations/fetch`: takes in what the public side holds, and publishes where things stand.
pub async fn fetch(CtxOf(ctx): CtxOf, Extension(outside): Extension<Outside>) -> Page {
    ctx.permit(Permission::DeclarationFetch)?;
    let folder = outside.folder.ok_or_else(|| Refusal::unavailable("declarations.no_outside"))?;
    let taken = blocking(move || {
        let taken = take_in(&ctx, &folder)?;
        publish(&ctx, &folder, outside.after)?;
        Ok(taken)
    })
    .await?;
    let id =
        if taken.fresh > 0 { "declarations-fetched-done" } else { "declarations-nothing-done" };
    done("/declarations", id)
}
