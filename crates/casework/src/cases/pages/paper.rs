//! Papers that are made and not filled in: check sheet, notice, understanding card of a case; notice and list for approval of
//! all cases that a list shows. A notice never holds a number of a person, a phone, an account, or a word about health.

use askama::Template;
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::ShippedCodes;
use web::ui::Empty;
use web::{Act, Answer as Answered, Desk, L, page};

use super::super::book::{CaseBook, MONITORING};
use super::super::judgement::THINGS;
use super::super::life::ClockDef;
use super::super::look::View;
use super::super::model::Days;
use super::super::queries::lists::Line;
use super::{class_word, parts, risk_words};
use crate::papers::{Paper, Values, not_public};

/// Most cases on one paper.
pub(super) const MOST: i64 = 500;

/// A paper: each part may be empty.
pub(super) struct Sheet {
    pub(super) title: String,
    pub(super) under: String,
    pub(super) lines: Vec<String>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) blanks: Vec<String>,
    pub(super) ticks: Vec<String>,
    pub(super) signs: Vec<String>,
}

impl Sheet {
    pub(super) fn titled(title: String) -> Self {
        let (under, lines, facts) = (String::new(), Vec::new(), Vec::new());
        let (heads, rows, blanks) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            title,
            under,
            lines,
            facts,
            heads,
            rows,
            blanks,
            ticks: Vec::new(),
            signs: Vec::new(),
        }
    }
}

#[derive(Template)]
#[template(path = "cases/templates/paper.html")]
struct PaperPage {
    sheets: Vec<Sheet>,
    empty: Empty,
}

fn facts_of(l: L, view: &View) -> (Vec<(String, String)>, Vec<String>) {
    let schema = crate::screening::schema().ok();
    let columns = THINGS.iter().flat_map(|thing| thing.columns);
    let columns = columns.filter_map(|name| schema?.column(facts::HOUSEHOLD.name, name));
    let (mut known, mut missing) = (Vec::new(), Vec::new());
    for column in columns {
        let title = column.title.get(l.0).to_owned();
        match view.facts.get(column.name) {
            None | Some(facts::Scalar::Null) => missing.push(title),
            Some(value) => known.push((title, facts::shown(value, column.kind, column.unit, l.0))),
        }
    }
    (known, missing)
}

/// The check sheet: everything that is known is on it, only what is missing is asked.
pub(super) fn check_sheet(l: L, view: &View) -> Sheet {
    let (known, missing) = facts_of(l, view);
    let mut facts = parts::strip(l, view);
    facts.extend(known);
    let risks =
        ShippedCodes::Risks.all().iter().filter(|one| one.of.is_none() && one.valid_to.is_none());
    let named = |code: &str| view.risks.iter().any(|risk| risk.risk == code);
    let ticks =
        risks.map(|one| format!("{} {}", if named(&one.code) { "☑" } else { "□" }, one.words(l.0)));
    let asked = ["income", "spending", "guarantees", "capacity"];
    let asked = asked.iter().map(|id| l.t(&format!("cases-thing-{id}")));
    let signs = ["checker", "checker", "household", "day"];
    Sheet {
        under: l.t("cases-paper-consent"),
        facts,
        blanks: missing.into_iter().chain(asked).collect(),
        ticks: ticks.collect(),
        signs: signs.iter().map(|id| l.t(&format!("cases-sign-{id}"))).collect(),
        ..Sheet::titled(l.t("papers-kind-check_sheet"))
    }
}

fn notice_days(book: &CaseBook, village: kernel::area::AreaCode, today: Day) -> Option<Day> {
    let clock: &ClockDef = book.life(MONITORING).ok()?.notice.as_ref()?;
    Days { params: &book.params, calendar: book.calendar, today }.after(clock, village, today)
}

/// A notice for the board of one village. Names that hold what must not hang there are refused with the place.
pub(super) fn notice(
    l: L,
    (book, today): (&CaseBook, Day),
    (village, lines): (&str, &[&Line]),
) -> Result<Sheet> {
    let removal = lines.iter().any(|line| line.phase == "remove");
    let kind = if removal { "removal" } else { "taking" };
    let until = lines.first().and_then(|line| notice_days(book, line.village.0, today));
    let until = until.map(|day| day.to_string()).unwrap_or_default();
    let mut rows = Vec::new();
    for (line, place) in lines.iter().zip(1..) {
        if let Some(found) = not_public(&line.head) {
            let refusal = Refusal::invalid("cases.not_public").arg("place", found);
            return Err(refusal.arg("where", &line.number).into());
        }
        rows.push(vec![
            place.to_string(),
            line.head.clone(),
            line.group.clone().unwrap_or_default(),
        ]);
    }
    let heads = ["cases-column-n", "cases-head", "cases-column-group"].map(|id| l.t(id)).into();
    let args = [
        ("village", village.to_owned().into()),
        ("from", today.to_string().into()),
        ("until", until.into()),
    ];
    Ok(Sheet {
        lines: vec![l.t_args(&format!("cases-notice-{kind}"), &args), l.t("cases-notice-object")],
        heads,
        rows,
        blanks: vec![l.t("cases-notice-phone")],
        signs: vec![l.t1("cases-sign-village", "village", village), l.t("cases-sign-day")],
        ..Sheet::titled(l.t(&format!("cases-notice-{kind}-title")))
    })
}

pub(super) fn notices(l: L, (book, today): (&CaseBook, Day), lines: &[Line]) -> Result<Vec<Sheet>> {
    let mut villages: Vec<(&str, Vec<&Line>)> = Vec::new();
    for line in lines {
        match villages.iter_mut().find(|(name, _)| *name == line.village.1) {
            Some((_, of)) => of.push(line),
            None => villages.push((&line.village.1, vec![line])),
        }
    }
    villages.iter().map(|(name, of)| notice(l, (book, today), (name, of))).collect()
}

/// A list for the township's review or the county's approval.
pub(super) fn approval((l, paper): (L, Paper), book: &CaseBook, lines: &[Line]) -> Sheet {
    let heads = ["n", "number", "household", "place", "risks", "class", "discovered", "opinion"];
    let rows = lines.iter().zip(1..).map(|(line, place)| {
        vec![
            place.to_string(),
            line.number.clone(),
            line.head.clone(),
            format!("{} {}", line.village.1, line.group.clone().unwrap_or_default()),
            risk_words(l, &line.risks),
            line.class.as_deref().map(|class| class_word(l, book, class)).unwrap_or_default(),
            line.discovered_on.to_string(),
            String::new(),
        ]
    });
    let signs = ["cases-sign-reviewer", "cases-sign-leader", "cases-sign-seal", "cases-sign-day"];
    Sheet {
        under: l.t1("cases-approval-count", "n", lines.len()),
        heads: heads.iter().map(|id| l.t(&format!("cases-column-{id}"))).collect(),
        rows: rows.collect(),
        signs: signs.map(|id| l.t(id)).into(),
        ..Sheet::titled(l.t(&format!("papers-kind-{}", paper.code())))
    }
}

/// Any other paper: its single values, its list.
pub(super) fn plain(l: L, paper: Paper, values: &Values) -> Sheet {
    let word = |id: &str| l.t(&format!("papers-field-{}", id.replace('.', "-")));
    let facts = paper.fields().filter(|field| !field.row).filter_map(|field| {
        let value = values.one.get(field.id).filter(|value| !value.is_empty())?;
        Some((word(field.id), value.clone()))
    });
    // a column in which no line has anything is not drawn
    let said =
        |id: &str| values.rows.iter().any(|row| row.get(id).is_some_and(|text| !text.is_empty()));
    let columns: Vec<&str> =
        paper.fields().filter(|field| field.row && said(field.id)).map(|field| field.id).collect();
    let row = |row: &std::collections::BTreeMap<&'static str, String>| {
        columns.iter().map(|id| row.get(id).cloned().unwrap_or_default()).collect()
    };
    let signs = ["cases-sign-reviewer", "cases-sign-seal", "cases-sign-day"];
    Sheet {
        facts: facts.collect(),
        heads: columns.iter().map(|id| word(id)).collect(),
        rows: values.rows.iter().map(row).collect(),
        signs: signs.map(|id| l.t(id)).into(),
        ..Sheet::titled(l.t(&format!("papers-kind-{}", paper.code())))
    }
}

pub(super) fn printed(
    desk: &Desk,
    sheets: Vec<Sheet>,
    (back, paper): ((String, String), Paper),
) -> Answered {
    let l = desk.l;
    let whole = desk.address.to_string();
    let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
    let taken = |form: &str| web::Address::new(format!("{path}.{form}"), query).to_string();
    let mut shell = desk
        .untitled()
        .title(l.t(&format!("papers-kind-{}", paper.code())))
        .nav("cases")
        .crumb(l.t("nav-cases"), "/cases")
        .crumb(back.0, back.1)
        .wide();
    if desk.may(Permission::PaperMake) && !sheets.is_empty() {
        shell = shell.act(Act::new(l.t("papers-word"), taken("docx")).icon("export"));
        if sheets.iter().any(|sheet| !sheet.rows.is_empty()) && !paper.is_public() {
            shell = shell.act(Act::new(l.t("papers-workbook"), taken("xlsx")).icon("export"));
        }
    }
    let shell = shell.act(Act::print(l).primary());
    page(&shell, PaperPage { sheets, empty: Empty::new(l.t("cases-none"), l.t("cases-none-help")) })
}

pub(super) fn line_of(view: &View) -> Line {
    let case = &view.case;
    let village = view.path.last().map(|(_, name)| name.clone()).unwrap_or_default();
    let phase =
        view.life().ok().and_then(|life| life.state(&case.state)).map(|state| state.phase.code());
    Line {
        id: case.id,
        number: case.number.clone(),
        life: case.life.clone(),
        household: case.household.to_string(),
        household_number: view.household.number.clone(),
        head: view.head.clone(),
        person: view.person.clone().unwrap_or_default(),
        village: (case.village, village),
        group: view.household.group.clone(),
        state: case.state.clone(),
        phase: phase.unwrap_or_default().to_owned(),
        owner: String::new(),
        class: case.class.clone(),
        risks: view.risks.iter().map(|risk| risk.risk.clone()).collect(),
        discovered_on: case.discovered_on,
        due: case.due,
        total_due: case.total_due,
        sort_day: case.since,
        urgent: case.urgent,
        identified_on: case.identified_on,
        closed_on: case.closed_on,
        version: case.version,
    }
}
