//! Pages of households: the list with its search, the household page, its print.

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::Permission;
use store::{Ctx, Permit, Session};
use web::ui::{Chip, Choice, Column, Columns, Csrf, Empty, Field, Pager, Tone};
use web::{Act, Address, Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::queries::{self, Filter, Line};
use super::status::Scheme;
use super::{forms, not_listed, page_of, proposals, search};

const ON_A_PAGE: i64 = 50;
/// A search that finds more asks for more letters.
const FOUND_AT_MOST: i64 = 200;

/// The kinds of change in the order of the menu.
pub(super) const KINDS: [&str; 10] = [
    "birth",
    "marriage_in",
    "return",
    "death",
    "leave",
    "split",
    "merge",
    "move",
    "correct",
    "old_register",
];

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/households", get(list))
        .route("/households/export", get(export))
        .route("/households/not-listed", get(not_listed::list))
        .route("/households/{id}/stays", post(not_listed::stays))
        .route("/households/proposals", get(proposals::list))
        .route("/households/proposals/{id}/confirm", post(proposals::confirm))
        .route("/households/proposals/{id}/refuse", post(proposals::refuse))
        .route("/households/{id}", get(page_of::show))
        .route("/households/{id}/print", get(page_of::print))
        .route("/households/{id}/change/{kind}", get(forms::change_page).post(forms::change_post))
        .route(
            "/households/{id}/people/{person}/reveal",
            get(proposals::reveal_page).post(proposals::reveal_post),
        )
}

/// The word of a status value.
pub(super) fn status_word(l: L, scheme: Scheme, value: &str) -> String {
    let known = scheme.values().iter().any(|(code, _)| *code == value);
    if known {
        l.t(&format!("households-status-{}-{value}", scheme.as_str()))
    } else {
        value.to_owned()
    }
}

pub(super) fn chip_of(l: L, scheme: Scheme, value: &str) -> Option<Chip> {
    let tone = match scheme {
        Scheme::Type if value == "general" => return None,
        Scheme::Monitored => Tone::Red,
        Scheme::Dibao | Scheme::Tekun => Tone::Amber,
        Scheme::Type => Tone::Accent,
        Scheme::Legacy => Tone::Grey,
    };
    let chip = Chip::new(tone, status_word(l, scheme, value));
    Some(if tone == Tone::Red { chip.icon("bang") } else { chip })
}

struct ListRow {
    line: Line,
    chips: Vec<Chip>,
}

#[derive(Template)]
#[template(path = "households/templates/list.html")]
struct ListPage {
    l: L,
    search: Field,
    status: Field,
    area: Field,
    columns: Columns,
    rows: Vec<ListRow>,
    pager: Pager,
    empty: Empty,
    many: bool,
    filtered: bool,
    asked: bool,
}

struct Listed {
    lines: Vec<Line>,
    total: i64,
    path: Vec<(AreaCode, String)>,
    below: Vec<(AreaCode, String)>,
    many: bool,
}

fn status_filter(text: &str) -> Option<(Scheme, String)> {
    let (scheme, value) = text.split_once(':')?;
    Some((Scheme::parse(scheme)?, value.to_owned()))
}

fn filter_of(
    ctx: &Ctx,
    session: &mut Session,
    permit: &Permit,
    address: &Address,
) -> Result<Filter> {
    let ids = match address.get("q") {
        Some(text) => Some(search::find_households(ctx, session, permit, text, FOUND_AT_MOST)?),
        None => None,
    };
    Ok(Filter {
        area: address.get("area").and_then(|code| AreaCode::parse_short(code).ok()),
        status: address.get("status").and_then(status_filter),
        ids,
        after: address
            .get("after")
            .and_then(|key| key.split_once('|'))
            .map(|(a, b)| (a.to_owned(), b.to_owned())),
    })
}

fn listed(ctx: &Ctx, address: &Address) -> Result<Listed> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let mut session = ctx.read()?;
    let filter = filter_of(ctx, &mut session, &permit, address)?;
    let lines = queries::list_households(&mut session, &permit, &filter, ON_A_PAGE + 1)?;
    let total = queries::count_households(&mut session, &permit, &filter)?;
    let here = filter.area.or(ctx.actor.home);
    let path = match here {
        Some(code) => crate::areas::path_of(&mut session, code)?,
        None => Vec::new(),
    };
    let below = crate::areas::list_below(&mut session, here)?;
    let many = filter
        .ids
        .as_ref()
        .is_some_and(|ids| i64::try_from(ids.len()).unwrap_or(0) >= FOUND_AT_MOST);
    Ok(Listed { lines, total, path, below, many })
}

fn here_code(address: &Address) -> String {
    let code = address.get("area").and_then(|code| AreaCode::parse_short(code).ok());
    code.map(|code| code.to_string()).unwrap_or_default()
}

async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let address = desk.address.clone();
    let mut found = blocking(move || listed(&ctx, &address)).await?;
    let page_size = usize::try_from(ON_A_PAGE).unwrap_or(50);
    let after = (found.lines.len() > page_size)
        .then(|| found.lines.truncate(page_size))
        .and_then(|()| found.lines.last().map(|line| format!("{}|{}", line.village, line.number)));
    let asked = Fields::default()
        .with("q", desk.address.get("q").unwrap_or_default())
        .with("area", here_code(&desk.address))
        .with("status", desk.address.get("status").unwrap_or_default());
    let mut choices = vec![Choice::new("", l.t("households-any-status"))];
    for scheme in Scheme::ALL {
        choices.extend(scheme.values().iter().map(|(value, _)| {
            Choice::new(format!("{}:{value}", scheme.as_str()), status_word(l, *scheme, value))
        }));
    }
    let mut columns = Columns::new(
        &desk.address,
        vec![
            Column::new(l.t("households-head")),
            Column::new(l.t("households-number")).id("number"),
            Column::new(l.t("households-village")).id("village"),
            Column::new(l.t("households-people")).number().id("people"),
            Column::new(l.t("households-statuses")).id("statuses"),
        ],
    )
    .liked(&desk.view, "households");
    let mut shell = desk.shell("households-list").nav("households").wide();
    for step in &found.path {
        let to = desk.address.with("area", step.0.as_str()).without("after");
        shell = shell.area(step, to.to_string());
    }
    if desk.may(Permission::HouseholdExport) {
        let file = |form| {
            let asked = desk.address.without("after").with("form", form).to_string();
            asked.replacen("/households", "/households/export", 1)
        };
        columns = columns.file("Excel", file("xlsx")).file("CSV", file("csv"));
    }
    let not_listed = l.t("households-not_listed-title");
    shell = shell.act(Act::new(not_listed, "/households/not-listed").icon("info"));
    if desk.may(Permission::HouseholdPropose) {
        shell = shell.act(Act::new(l.t("duplicates-list-title"), "/duplicates").icon("people"));
    }
    shell = shell
        .act(Act::new(l.t("households-proposals-title"), "/households/proposals").icon("clock"));
    let mut places = vec![Choice::new("", l.t("households-any-place"))];
    let here = desk.address.get("area").and_then(|code| AreaCode::parse_short(code).ok());
    let here = here.and_then(|code| found.path.iter().find(|(known, _)| *known == code));
    places.extend(
        here.into_iter().chain(&found.below).map(|(code, name)| Choice::new(code.as_str(), name)),
    );
    let body = ListPage {
        l,
        search: Field::input("search", "q", l.t("households-search"))
            .help(l.t("households-search-help"))
            .filled(l, &asked, None),
        status: Field::select("status", l.t("households-status"), choices).filled(l, &asked, None),
        area: Field::select("area", l.t("households-village"), places).filled(l, &asked, None),
        columns,
        pager: Pager::new(l, &desk.address, found.lines.len(), after, Some(found.total)),
        rows: found
            .lines
            .into_iter()
            .map(|line| {
                let chips = line
                    .statuses
                    .iter()
                    .filter_map(|(scheme, value)| chip_of(l, *scheme, value))
                    .collect();
                ListRow { line, chips }
            })
            .collect(),
        empty: Empty::new(l.t("households-none"), l.t("households-none-help")),
        many: found.many,
        filtered: ["area", "status"].iter().any(|key| desk.address.get(key).is_some()),
        asked: desk.address.get("q").is_some(),
    };
    page(&shell, body)
}

/// What goes into a file is what the list shows, without numbers of identity; a workbook, or CSV where the address asks
/// for it.
async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let (l, address) = (desk.l, desk.address.clone());
    let plain = address.get("form") == Some("csv");
    let bytes = blocking(move || {
        let permit = ctx.permit(Permission::HouseholdExport)?;
        let mut session = ctx.read()?;
        let filter = Filter { after: None, ..filter_of(&ctx, &mut session, &permit, &address)? };
        let lines = queries::list_households(&mut session, &permit, &filter, i64::from(u32::MAX))?;
        drop(session);
        super::actions::note_export(&ctx, lines.len(), &address.to_string())?;
        super::sheet::file(l, &lines, plain)
    })
    .await?;
    let (kind, name) = match plain {
        true => ("text/csv; charset=utf-8", "attachment; filename=\"households.csv\""),
        false => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "attachment; filename=\"households.xlsx\"",
        ),
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

pub(super) fn csrf_of(desk: &Desk) -> Csrf {
    Csrf(desk.csrf.clone())
}
