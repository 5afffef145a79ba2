//! `GET /checks`: questions about the record, with filters in the address, and how many there are of each check.

use askama::Template;
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::Permission;
use registry::areas;
use store::Ctx;
use web::ui::{Chip, Column, Columns, Empty, Field, Pager, Tab, Tabs};
use web::{Act, Address, Answer as Page, CtxOf, Desk, Fields, L, blocking, page};

use super::super::actions::{self, Filter, Line, PAGE};
use super::super::book::CheckBook;
use super::super::model::State;
use super::{by, said, sentence, state_chip};
use crate::screening::{choices, place_choices};

struct Row {
    href: String,
    name: String,
    number: String,
    place: String,
    title: String,
    sentence: String,
    said: Option<(String, String)>,
}

struct OfCheck {
    title: String,
    numbers: String,
    condition: String,
    count: String,
    href: String,
}

/// Checks that ask something here, and the others.
type Checks = (Vec<OfCheck>, Vec<OfCheck>);

#[derive(Template)]
#[template(path = "quality/templates/list.html")]
struct ListPage {
    l: L,
    tabs: Tabs,
    search: Field,
    place: Field,
    check: Field,
    hidden: Vec<(String, String)>,
    filtered: bool,
    clear: String,
    columns: Columns,
    rows: Vec<Row>,
    pager: Pager,
    empty: Empty,
    state: Chip,
    checks: Vec<OfCheck>,
    silent: Vec<OfCheck>,
    troubles: Vec<(String, String)>,
    answered: bool,
}

/// What the address asks for.
pub fn filter_of(address: &Address) -> Filter {
    let some = |key: &str| address.get(key).filter(|text| !text.is_empty());
    Filter {
        state: some("state").and_then(State::of).unwrap_or(State::Open),
        check: some("check").map(str::to_owned),
        area: some("area").and_then(|text| AreaCode::parse_short(text).ok()),
        words: some("q").map(str::to_owned),
    }
}

struct Found {
    page: actions::Page,
    path: Vec<(AreaCode, String)>,
    below: Vec<(AreaCode, String)>,
}

fn found(ctx: &Ctx, address: &Address) -> Result<Found> {
    let filter = filter_of(address);
    let page = actions::list(ctx, &filter, (address.get("after"), PAGE))?;
    let mut session = ctx.read()?;
    let here = filter.area.or(ctx.actor.home);
    let path = match here {
        Some(code) => areas::path_of(&mut session, code)?,
        None => Vec::new(),
    };
    let below = areas::list_below(&mut session, here)?;
    Ok(Found { page, path, below })
}

fn row(l: L, book: &CheckBook, line: &Line) -> Row {
    let whose = &line.whose;
    let group = whose.group.as_deref().map(|group| format!(" {group}")).unwrap_or_default();
    let check = book.checks.get(line.question.check);
    Row {
        href: format!("/checks/{}/{}", line.question.id, whose.id),
        name: whose.head.clone().unwrap_or_else(|| whose.number.clone()),
        number: whose.number.clone(),
        place: format!("{}{group}", whose.village_name),
        title: check.map(|check| check.def.title.get(l.0).to_owned()).unwrap_or_default(),
        sentence: sentence(l, &line.question),
        said: line.question.answer.as_ref().map(|answer| (said(l, answer), by(answer))),
    }
}

fn of_checks(l: L, address: &Address, found: &actions::Page) -> Checks {
    let Some(book) = &found.book else { return Checks::default() };
    let line = |(place, check): (usize, &super::super::book::Check)| {
        let count = found.counts.get(place).copied().unwrap_or(0);
        let to = address.without("after").with("check", &check.def.id);
        OfCheck {
            title: check.def.title.get(l.0).to_owned(),
            numbers: check.def.numbers.join(" / "),
            condition: book.in_words(place, l.0),
            count: l.count(count),
            href: to.to_string(),
        }
    };
    let asks = |(place, _): &(usize, &super::super::book::Check)| {
        found.counts.get(*place).is_some_and(|count| *count > 0)
    };
    let (asking, silent): (Vec<_>, Vec<_>) = book.checks.iter().enumerate().partition(asks);
    (asking.into_iter().map(line).collect(), silent.into_iter().map(line).collect())
}

fn tabs(l: L, address: &Address, found: &actions::Page, current: State) -> Tabs {
    let tab = |(state, count): (State, usize)| Tab {
        href: address.without("after").with("state", state.code()).to_string(),
        label: l.t(&format!("quality-state-{}", state.code())),
        count: Some(l.count(count)),
        current: state == current,
    };
    Tabs(State::ALL.into_iter().zip(found.states).map(tab).collect())
}

/// `GET /checks`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let (l, address) = (desk.l, desk.address.clone());
    let asked = address.clone();
    let found = blocking(move || found(&ctx, &asked)).await?;
    let filter = filter_of(&address);
    let mut shell = desk.shell("quality").nav("leads").crumb(l.t("nav-leads"), "/leads").wide();
    for step in &found.path {
        let to = address.with("area", step.0.as_str()).without("after");
        shell = shell.area(step, to.to_string());
    }
    if desk.may(Permission::CheckAnswer) {
        shell = shell.act(Act::new(l.t("quality-answers-title"), "/checks/answers").icon("intake"));
    }
    if desk.may(Permission::CheckExport) {
        let to = address.without("after").to_string().replacen("/checks", "/checks/export", 1);
        shell = shell.act(Act::new(l.t("web-export"), to).icon("export"));
    }
    let answered = filter.state != State::Open;
    let mut heads = vec![
        Column::new(l.t("screening-subject")),
        Column::new(l.t("screening-place")).id("place"),
        Column::new(l.t("quality-question")),
    ];
    if answered {
        heads.push(Column::new(l.t("quality-answer")).id("answer"));
    }
    let chosen =
        |key: &'static str| Fields::default().with(key, address.get(key).unwrap_or_default());
    let book = found.page.book.as_deref();
    let checks = book.map(|book| book.checks.as_slice()).unwrap_or_default();
    let titles =
        checks.iter().map(|check| (check.def.id.as_str(), check.def.title.get(l.0).to_owned()));
    let next = found.page.next.clone();
    let total = i64::try_from(found.page.total).ok();
    let changed = ["q", "area", "check", "after"];
    let (checks, silent) = of_checks(l, &address, &found.page);
    let body = ListPage {
        l,
        tabs: tabs(l, &address, &found.page, filter.state),
        search: Field::input("search", "q", l.t("households-search")).filled(l, &chosen("q"), None),
        place: place_choices(l, &address, (&found.path, &found.below)),
        check: Field::select("check", l.t("quality-check"), choices(l.t("screening-any"), titles))
            .filled(l, &chosen("check"), None),
        hidden: address
            .others(&changed)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        filtered: ["q", "area", "check"].iter().any(|key| address.get(key).is_some()),
        clear: Address::new("/checks", "").with("state", filter.state.code()).to_string(),
        columns: Columns::new(&address, heads).liked(&desk.view, "checks"),
        pager: Pager::new(l, &address, found.page.lines.len(), next, total),
        rows: book
            .map(|book| found.page.lines.iter().map(|line| row(l, book, line)).collect())
            .unwrap_or_default(),
        empty: Empty::new(
            l.t(&format!("quality-none-{}", filter.state.code())),
            l.t("quality-none-help"),
        ),
        state: state_chip(l, filter.state),
        checks,
        silent,
        troubles: book
            .map(|book| {
                let all = book.troubles.iter();
                all.map(|one| (one.file.clone(), one.why.clone())).collect()
            })
            .unwrap_or_default(),
        answered,
    };
    page(&shell, body)
}
