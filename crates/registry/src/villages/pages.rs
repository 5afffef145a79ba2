//! `GET /villages`: classes of a year; `/villages/income`: what villages earned; `/villages/{code}`: one village.

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::money::Money;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Choice, Column, Columns, Csrf, Empty, Errors, Field, Stat, Stats, Tone};
use web::{Act, Address, Answer, CtxOf, Desk, Fields, L, blocking, done, page, page_of_form};

use super::actions::{self, FIRST_YEAR, Line, Year};
use super::model::{Collective, Thresholds};
use super::sheet;
use crate::areas::kind_word;

mod one;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/villages", get(list))
        .route("/villages/export", get(export))
        .route("/villages/income", get(income_form).post(income_post))
        .route("/villages/{code}", get(one::show).post(one::set))
}

fn class_chip(l: L, class: Collective) -> Chip {
    let word = l.t(&format!("villages-class-{class}"));
    match class {
        Collective::Shell => Chip::new(Tone::Red, word).icon("bang"),
        Collective::Weak => Chip::new(Tone::Amber, word).icon("bang"),
        Collective::Over => Chip::new(Tone::Green, word).icon("check"),
        Collective::Unknown => Chip::new(Tone::Grey, word).icon("ask"),
    }
}

/// The year that is asked for; the last one that is over otherwise.
fn year_of(text: &str, ctx: &Ctx) -> i64 {
    let now = i64::from(ctx.today.year());
    let asked = text.parse().ok().filter(|year| (FIRST_YEAR..=now).contains(year));
    asked.unwrap_or(now - 1)
}

fn year_field(l: L, year: i64, now: i64) -> Field {
    let years = (FIRST_YEAR.max(now - 9)..=now).rev();
    let choices = years.map(|year| Choice::new(year.to_string(), year.to_string())).collect();
    Field::select("year", l.t("villages-sheet-year"), choices).filled(
        l,
        &Fields::default().with("year", year),
        None,
    )
}

fn area_of(address: &Address) -> Option<AreaCode> {
    address.get("area").and_then(|code| AreaCode::parse_short(code).ok())
}

struct Row {
    href: String,
    name: String,
    town: String,
    kind: String,
    income: String,
    class: Chip,
    by_hand: bool,
    document: String,
}

/// The kind of a village in the reader's words.
fn kind_of(l: L, line: &Line) -> Result<String> {
    Ok(kind_word(line.kind.as_deref().unwrap_or_default(), l.0)?.to_owned())
}

fn row(l: L, year: i64, line: &Line) -> Result<Row> {
    let said = line.by_hand.as_ref().map(|set| set.document.clone());
    Ok(Row {
        href: format!("/villages/{}?year={year}", line.code),
        name: line.names.0.clone(),
        town: line.names.1.clone(),
        kind: kind_of(l, line)?,
        income: line.income.as_ref().map(|income| l.money(income.amount)).unwrap_or_default(),
        class: class_chip(l, line.class),
        by_hand: line.by_hand.is_some(),
        document: said
            .or_else(|| line.income.as_ref().map(|income| income.document.clone()))
            .unwrap_or_default(),
    })
}

/// The lines of a year in words.
fn lines_in_words(l: L, lines: Thresholds) -> String {
    match (lines.shell, lines.weak) {
        (Some(shell), Some(weak)) => l.t_args(
            "villages-lines",
            &[("shell", l.money(shell).into()), ("weak", l.money(weak).into())],
        ),
        _ => l.t("villages-no-lines"),
    }
}

fn stats(l: L, found: &Year, address: &Address) -> Stats {
    let counts = found.counts();
    let mut all = vec![
        Stat::new(l.count(found.lines.len()), l.t("villages-all"))
            .href(address.without("class").to_string()),
    ];
    all.extend(counts.into_iter().map(|(class, number)| {
        let stat = Stat::new(l.count(number), l.t(&format!("villages-class-{class}")))
            .href(address.with("class", class.text()).to_string());
        match class {
            Collective::Shell if number > 0 => stat.tone(Tone::Red, "bang"),
            Collective::Weak if number > 0 => stat.tone(Tone::Amber, "bang"),
            _ => stat,
        }
    }));
    Stats(all)
}

#[derive(Template)]
#[template(path = "villages/templates/list.html")]
struct ListPage {
    l: L,
    stats: Stats,
    year: Field,
    hidden: Vec<(String, String)>,
    lines: String,
    class: Option<String>,
    clear: String,
    columns: Columns,
    rows: Vec<Row>,
    empty: Empty,
}

/// `GET /villages?area=&year=&class=`
async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let (l, now) = (desk.l, i64::from(ctx.today.year()));
    let (area, year) =
        (area_of(&desk.address), year_of(desk.address.get("year").unwrap_or(""), &ctx));
    let class = desk.address.get("class").and_then(|text| text.parse::<Collective>().ok());
    let found = blocking(move || actions::list(&ctx, area, year)).await?;
    let ids = ["village", "town", "kind", "income", "class", "document"];
    let columns = ids.iter().map(|id| {
        let column = Column::new(l.t(&format!("villages-sheet-{id}")));
        if *id == "income" { column.number() } else { column }
    });
    let shown = found.lines.iter().filter(|line| class.is_none_or(|class| class == line.class));
    let file = Address::new("/villages/export", "").with("year", &year.to_string());
    let file = area.map_or(file.clone(), |area| file.with("area", area.as_str()));
    let hidden = desk.address.others(&["year"]);
    let body = ListPage {
        l,
        stats: stats(l, &found, &desk.address),
        year: year_field(l, year, now),
        hidden: hidden.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        lines: lines_in_words(l, found.thresholds),
        class: class.map(|class| l.t(&format!("villages-class-{class}"))),
        clear: desk.address.without("class").to_string(),
        columns: Columns::new(&desk.address, columns.collect()).file("Excel", file.to_string()),
        rows: shown.map(|line| row(l, year, line)).collect::<Result<_>>()?,
        empty: Empty::new(l.t("villages-none"), l.t("villages-none-help")),
    };
    let mut shell = desk.shell("villages").nav("areas").wide();
    for step in &found.path {
        shell = shell.area(step, desk.address.with("area", step.0.as_str()).to_string());
    }
    if desk.may(Permission::VillageIncome) {
        let to = Address::new("/villages/income", "").with("year", &year.to_string());
        let to = area.map_or(to.clone(), |area| to.with("area", area.as_str()));
        shell = shell.act(Act::new(l.t("villages-write"), to.to_string()).icon("edit").primary());
    }
    page(&shell, body)
}

/// `GET /villages/export`
async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let (area, year) =
        (area_of(&desk.address), year_of(desk.address.get("year").unwrap_or(""), &ctx));
    let bytes = blocking(move || {
        let found = actions::list(&ctx, area, year)?;
        sheet::workbook_of(&ctx, l, &found)
    })
    .await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = "attachment; filename=\"villages.xlsx\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

struct Cell {
    code: String,
    label: String,
    value: String,
    wrong: bool,
}

#[derive(Template)]
#[template(path = "villages/templates/income.html")]
struct IncomePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    year: i64,
    area: String,
    cells: Vec<Cell>,
    document: Field,
    empty: Empty,
}

/// What was typed for a village; `None` where nothing was, an error where it is no amount.
fn typed(sent: &Fields, code: AreaCode) -> std::result::Result<Option<i64>, ()> {
    let text = sent.text(&format!("amount-{code}")).trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse::<Money>().map(|money| Some(money.fen())).map_err(|_| ())
}

async fn income_page(
    ctx: Ctx,
    desk: Desk,
    (area, year): (Option<AreaCode>, i64),
    (sent, refused): (Option<Fields>, Option<Refusal>),
) -> Answer {
    let l = desk.l;
    let found = blocking(move || actions::list(&ctx, area, year)).await?;
    let cell = |line: &Line| {
        let kept = line.income.as_ref().map(|income| Money::from_fen(income.amount).plain());
        let value =
            sent.as_ref().map(|sent| sent.text(&format!("amount-{}", line.code)).to_owned());
        Cell {
            code: line.code.to_string(),
            label: format!("{} {}", line.names.1, line.names.0),
            value: value.or(kept).unwrap_or_default(),
            wrong: sent.as_ref().is_some_and(|sent| typed(sent, line.code).is_err()),
        }
    };
    let fields = sent.clone().unwrap_or_default();
    let body = IncomePage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        year,
        area: area.map(|area| area.to_string()).unwrap_or_default(),
        cells: found.lines.iter().map(cell).collect(),
        document: Field::text("document", l.t("villages-sheet-document"))
            .help(l.t("villages-document-help"))
            .filled(l, &fields, refused.as_ref()),
        empty: Empty::new(l.t("villages-none"), l.t("villages-none-help")),
    };
    let mut shell = desk
        .untitled()
        .title(l.t1("villages-income-title", "year", year.to_string()))
        .lead(l.t("villages-income-lead"))
        .nav("areas")
        .crumb(l.t("villages-title"), format!("/villages?year={year}"));
    for step in &found.path {
        let to = Address::new("/villages/income", "").with("year", &year.to_string());
        shell = shell.area(step, to.with("area", step.0.as_str()).to_string());
    }
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /villages/income?area=&year=`
async fn income_form(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    ctx.permit(Permission::VillageIncome)?;
    let (area, year) =
        (area_of(&desk.address), year_of(desk.address.get("year").unwrap_or(""), &ctx));
    income_page(ctx, desk, (area, year), (None, None)).await
}

fn amounts(
    ctx: &Ctx,
    area: Option<AreaCode>,
    (year, sent): (i64, &Fields),
) -> Result<Vec<(AreaCode, i64)>> {
    let mut amounts = Vec::new();
    for line in actions::list(ctx, area, year)?.lines {
        match typed(sent, line.code) {
            Ok(Some(fen)) => amounts.push((line.code, fen)),
            Ok(None) => {}
            Err(()) => {
                let refusal = Refusal::invalid("villages.not_an_amount");
                return Err(refusal.arg("village", line.names.0).into());
            }
        }
    }
    Ok(amounts)
}

/// `POST /villages/income`
async fn income_post(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Answer {
    ctx.permit(Permission::VillageIncome)?;
    let area = AreaCode::parse_short(sent.text("area")).ok();
    let year = year_of(sent.text("year"), &ctx);
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let amounts = amounts(&acting, area, (year, &form))?;
        actions::save_incomes(&acting, year, &amounts, form.text("document"))
    })
    .await;
    match result {
        Ok(_) => {
            let to = Address::new("/villages", "").with("year", &year.to_string());
            let to = area.map_or(to.clone(), |area| to.with("area", area.as_str()));
            done(&to.to_string(), "villages-written-done")
        }
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            income_page(ctx, desk, (area, year), (Some(sent), Some(refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
