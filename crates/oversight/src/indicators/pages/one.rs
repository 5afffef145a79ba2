//! One indicator by place, and the rows behind each of its numbers.

use askama::Template;
use axum::extract::Path;
use facts::Part;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::permission::{Permission, allows};
use web::ui::{Pager, Stat, Stats};
use web::{Act, Address, Answer, CtxOf, Desk, L, Shell, blocking, page};

use super::super::actions::{PAGE, Rows, RowsWanted, figure, rows};
use super::super::model::{Counts, Figure, PlaceFigure, Wanted};
use super::super::sheet::{figures_workbook, rows_workbook, shown};
use super::{counted_word, figure_words, wanted, workbook};

/// A number with the address of its rows; none where there is none.
struct Number {
    text: String,
    href: Option<String>,
}

struct PlaceRow {
    name: String,
    href: Option<String>,
    hits: Number,
    base: Number,
    share: String,
    unknown: Number,
}

#[derive(Template)]
#[template(path = "indicators/templates/one.html")]
struct OnePage {
    l: L,
    path: String,
    area: String,
    day: String,
    latest: String,
    may_past: bool,
    stats: Stats,
    is_share: bool,
    hits: String,
    base: String,
    places: Vec<PlaceRow>,
    about: Vec<(String, String)>,
}

fn part_code(part: Part) -> &'static str {
    match part {
        Part::Hits => "hits",
        Part::Base => "base",
        Part::Unknown => "unknown",
    }
}

/// The address of the rows behind a number.
fn rows_of((id, day): (&str, &str), area: Option<AreaCode>, part: Part) -> String {
    let address = Address::new(format!("/indicators/{id}/rows"), "");
    let mut address = address.with("part", part_code(part));
    if let Some(area) = area {
        address = address.with("area", &area.to_string());
    }
    if !day.is_empty() {
        address = address.with("day", day);
    }
    address.to_string()
}

fn number(
    l: L,
    of: (&str, &str),
    area: Option<AreaCode>,
    (part, counts): (Part, Counts),
) -> Number {
    let n = counts.of(part);
    Number { text: l.count(n), href: (n > 0).then(|| rows_of(of, area, part)) }
}

fn place_row(l: L, found: &Figure, day: &str, one: &PlaceFigure) -> PlaceRow {
    let of = (found.def.id.as_str(), day);
    let place = |part| number(l, of, Some(one.area), (part, one.counts));
    let down = Address::new(format!("/indicators/{}", found.def.id), "");
    let mut down = down.with("area", &one.area.to_string());
    if !day.is_empty() {
        down = down.with("day", day);
    }
    PlaceRow {
        name: one.name.clone(),
        href: (one.area.level() == AreaLevel::Town).then(|| down.to_string()),
        hits: place(Part::Hits),
        base: place(Part::Base),
        share: if one.counts.base == 0 {
            "—".to_owned()
        } else {
            l.percent(one.counts.hits, one.counts.base)
        },
        unknown: place(Part::Unknown),
    }
}

fn stats(l: L, found: &Figure, day: &str) -> Stats {
    let def = &found.def;
    let area = found.area.as_ref().map(|(area, _)| *area);
    let of = (def.id.as_str(), day);
    let place = found.area.as_ref().map_or_else(|| l.t("indicators-all"), |(_, name)| name.clone());
    let counts = found.total;
    let linked = |stat: Stat, part: Part| match counts.of(part) {
        0 => stat,
        _ => stat.href(rows_of(of, area, part)),
    };
    let mut all = vec![linked(
        Stat::new(figure_words(l, def, counts), place).small(found.day.to_string()),
        Part::Hits,
    )];
    if def.base.is_some() {
        let hits = Stat::new(l.count(counts.hits), l.t("indicators-hits")).small(def.unit.get(l.0));
        all.push(linked(hits, Part::Hits));
    }
    let label = if def.base.is_some() { "indicators-of" } else { "indicators-rows" };
    let base = Stat::new(l.count(counts.base), l.t(label)).small(counted_word(l, def.counted));
    all.push(linked(base, Part::Base));
    all.push(linked(
        Stat::new(l.count(counts.unknown), l.t("indicators-unknown"))
            .small(l.t("indicators-unknown-help")),
        Part::Unknown,
    ));
    Stats(all)
}

fn about(l: L, found: &Figure) -> Vec<(String, String)> {
    let def = &found.def;
    let word = |name: &str| l.t(&format!("indicators-{name}"));
    let mut lines = vec![(word("definition"), def.definition.get(l.0).to_owned())];
    lines.push((word("counted"), counted_word(l, def.counted)));
    lines.push((word("when"), found.words.0.clone()));
    lines.push((word("base"), found.words.1.clone()));
    let source = def.basis.as_ref().or(def.set_locally.as_ref());
    lines.push((word("source"), source.map(|text| l.half(text)).unwrap_or_default()));
    lines.retain(|(_, text)| !text.is_empty());
    lines
}

fn crumbs(desk: &Desk, title: String) -> Shell {
    let shell = desk.untitled().title(title).nav("indicators").wide();
    shell.crumb(desk.l.t("indicators-list-title"), "/indicators")
}

fn query(wanted: Wanted) -> String {
    let area = wanted.area.map(|area| format!("area={area}"));
    let day = wanted.day.map(|day| format!("day={day}"));
    area.into_iter().chain(day).collect::<Vec<_>>().join("&")
}

/// `GET /indicators/{id}?area=…&day=…`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    let (l, today) = (desk.l, ctx.today);
    let wanted = wanted(&desk.address)?;
    let (role, asked) = (ctx.actor.role, id.clone());
    let found = blocking(move || figure(&ctx, &asked, wanted)).await?;
    let day = wanted.day.map(|day| day.to_string()).unwrap_or_default();
    let body = OnePage {
        l,
        path: desk.address.path().to_owned(),
        area: wanted.area.map(|area| area.to_string()).unwrap_or_default(),
        latest: today.to_string(),
        may_past: allows(role, Permission::RuleRun),
        stats: stats(l, &found, &day),
        is_share: found.def.base.is_some(),
        hits: l.t("indicators-hits"),
        base: l.t(if found.def.base.is_some() { "indicators-of" } else { "indicators-rows" }),
        places: found.places.iter().map(|one| place_row(l, &found, &day, one)).collect(),
        about: about(l, &found),
        day,
    };
    let mut shell = crumbs(&desk, found.def.title.get(l.0).to_owned());
    if let Some((_, name)) = &found.area {
        shell =
            shell.crumb(found.def.title.get(l.0), format!("/indicators/{id}")).here(name.clone());
    }
    if desk.may(Permission::IndicatorExport) {
        let to = format!("/indicators/{id}/export?{}", query(wanted));
        shell = shell.act(Act::new(l.t("web-export"), to).icon("export"));
    }
    if desk.may(Permission::PolicyManage) {
        let to = format!("/indicators/{id}/edit");
        shell = shell.act(Act::new(l.t("indicators-edit"), to).icon("edit"));
    }
    page(&shell, body)
}

/// `GET /indicators/{id}/export`
pub async fn export(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    let (l, wanted, name) = (desk.l, wanted(&desk.address)?, id.clone());
    let bytes = blocking(move || figures_workbook(&ctx, l, (&id, wanted))).await?;
    Ok(workbook(&name, bytes))
}

struct Line {
    href: String,
    name: String,
    number: String,
    village: String,
    values: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "indicators/templates/rows.html")]
struct RowsPage {
    l: L,
    heads: Vec<String>,
    lines: Vec<Line>,
    pager: Pager,
}

fn rows_wanted(address: &Address) -> Result<RowsWanted> {
    let part = match address.get("part").unwrap_or("hits") {
        "hits" => Part::Hits,
        "base" => Part::Base,
        "unknown" => Part::Unknown,
        _ => return Err(Refusal::not_found("web.no_such_page").into()),
    };
    let offset = address.get("after").and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    Ok(RowsWanted { of: wanted(address)?, part, offset: Some(offset.max(0)) })
}

fn lines(l: L, found: &Rows) -> Vec<Line> {
    let line = |line: &super::super::actions::RowLine| Line {
        href: format!("/households/{}", line.household),
        name: line.name.clone(),
        number: line.number.clone(),
        village: line.village.1.clone(),
        values: found
            .columns
            .iter()
            .map(|column| {
                let value = shown(l, column, &line.values);
                let value = if value.is_empty() { l.t("indicators-not-known") } else { value };
                (column.title.get(l.0).to_owned(), value)
            })
            .collect(),
    };
    found.lines.iter().map(line).collect()
}

/// `GET /indicators/{id}/rows?part=hits&area=…&day=…`: exactly the rows of one number.
pub async fn rows_page(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    let l = desk.l;
    let asked = rows_wanted(&desk.address)?;
    let name = id.clone();
    let found = blocking(move || rows(&ctx, &name, asked)).await?;
    let at = asked.offset.unwrap_or(0) + i64::try_from(found.lines.len()).unwrap_or(0);
    let next = (at < found.total && found.lines.len() as i64 == PAGE).then(|| at.to_string());
    let title = found.def.title.get(l.0).to_owned();
    let body = RowsPage {
        l,
        heads: found.columns.iter().map(|column| column.title.get(l.0).to_owned()).collect(),
        pager: Pager::new(l, &desk.address, found.lines.len(), next, Some(found.total)),
        lines: lines(l, &found),
    };
    let figure = format!("/indicators/{id}?{}", query(asked.of));
    let part = l.t(&format!("indicators-rows-{}", part_code(asked.part)));
    let mut shell = crumbs(&desk, format!("{title} · {part}"))
        .lead(l.t1("indicators-rows-lead", "day", found.day.to_string()))
        .crumb(title, figure)
        .here(part);
    if desk.may(Permission::IndicatorExport) {
        let part = part_code(asked.part);
        let to = format!("/indicators/{id}/rows/export?part={part}&{}", query(asked.of));
        shell = shell.act(Act::new(l.t("web-export"), to).icon("export"));
    }
    page(&shell, body)
}

/// `GET /indicators/{id}/rows/export`
pub async fn rows_export(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    let (l, wanted, name) = (desk.l, rows_wanted(&desk.address)?, id.clone());
    let bytes = blocking(move || rows_workbook(&ctx, l, (&id, wanted))).await?;
    Ok(workbook(&name, bytes))
}
