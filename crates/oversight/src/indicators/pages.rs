//! Pages of indicators: all of them, one by place, the rows behind a number, the form.

mod form;
mod one;

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::{Counted, IndicatorDef, form_known, form_new, put_known, put_new, tabs};
use web::ui::{Empty, Tabs};
use web::{Act, Address, Answer, CtxOf, Desk, L, blocking, page};

use self::form::OwnIndicator;
use super::actions::{Listed, list};
use super::model::{Counts, Wanted};

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/indicators", get(all))
        .route("/indicators/new", get(form_new::<OwnIndicator>).post(put_new::<OwnIndicator>))
        .route("/indicators/check", get(form::check))
        .route("/indicators/{id}", get(one::show))
        .route(
            "/indicators/{id}/edit",
            get(form_known::<OwnIndicator>).post(put_known::<OwnIndicator>),
        )
        .route("/indicators/{id}/export", get(one::export))
        .route("/indicators/{id}/rows", get(one::rows_page))
        .route("/indicators/{id}/rows/export", get(one::rows_export))
}

/// The area and day of an address; what is neither is refused.
fn wanted(address: &Address) -> Result<Wanted> {
    let area = match address.get("area").unwrap_or_default() {
        "" => None,
        text => Some(text.parse::<AreaCode>().or_else(|_| AreaCode::parse_short(text))?),
    };
    let day = match address.get("day").unwrap_or_default().trim() {
        "" => None,
        text => {
            let bad = || Refusal::invalid("indicators.no_day").arg("text", text);
            Some(Day::parse(text).map_err(|_| bad())?)
        }
    };
    Ok(Wanted { area, day })
}

/// The figure as people read it: a number with its unit, or a share.
fn figure_words(l: L, def: &IndicatorDef, counts: Counts) -> String {
    match (&def.base, counts.base) {
        (Some(_), 0) => "—".to_owned(),
        (Some(_), base) => l.percent(counts.hits, base),
        (None, _) => format!("{} {}", l.count(counts.hits), def.unit.get(l.0)),
    }
}

/// What is counted, in one word.
fn counted_word(l: L, counted: Counted) -> String {
    l.t(&format!("indicators-counted-{counted}"))
}

fn workbook(name: &str, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"{name}.xlsx\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}

struct Row {
    href: String,
    title: String,
    id: String,
    figure: String,
    small: String,
    counted: String,
    source: String,
}

#[derive(Template)]
#[template(path = "indicators/templates/list.html")]
struct ListPage {
    l: L,
    tabs: Option<Tabs>,
    rows: Vec<Row>,
    empty: Empty,
}

fn row(l: L, one: &Listed) -> Row {
    let def = &one.def;
    let figure = one.counts.map(|counts| figure_words(l, def, counts));
    let small = one.counts.filter(|_| def.base.is_some()).map(|counts| {
        let args = [("hits", counts.hits.into()), ("base", counts.base.into())];
        l.t_args("indicators-hits-of", &args)
    });
    let source = def.basis.as_ref().or(def.set_locally.as_ref());
    Row {
        href: format!("/indicators/{}", def.id),
        title: def.title.get(l.0).to_owned(),
        id: def.id.clone(),
        figure: figure.unwrap_or_else(|| l.t("indicators-cannot-ask")),
        small: small.unwrap_or_default(),
        counted: counted_word(l, def.counted),
        source: source.map(|text| l.half(text)).unwrap_or_default(),
    }
}

/// `GET /indicators`: every indicator with its figure of now over all that the reader sees.
async fn all(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let found = blocking(move || list(&ctx)).await?;
    let manages = desk.may(Permission::PolicyManage);
    let mut empty = Empty::new(l.t("indicators-none"), l.t("indicators-none-help"));
    let mut shell = desk.shell("indicators-list").nav("indicators").wide();
    if manages {
        let label = l.t("indicators-new-title");
        empty = empty.action(label.clone(), "/indicators/new");
        shell = shell.act(Act::new(label, "/indicators/new").icon("plus"));
    }
    let rows = found.iter().map(|one| row(l, one)).collect();
    page(&shell, ListPage { l, tabs: manages.then(|| tabs(&desk, "indicators")), rows, empty })
}
