//! Cases as a workbook, in the words of the national export where it has one.

use kernel::error::{Error, Result};
use kernel::permission::Permission;
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, Value};
use store::{Ctx, Entry};
use web::L;

use super::actions::list_all;
use super::book::CaseBook;
use super::queries::lists::{Filter, Line};
use crate::papers::{Paper, Values};
use registry::households::Scheme;
use registry::policies::ShippedCodes;

/// Most cases in one workbook.
const MOST: i64 = 100_000;
const HEADS: [(&str, ColumnKind); 13] = [
    ("number", ColumnKind::Text),
    ("household_number", ColumnKind::Text),
    ("household", ColumnKind::Text),
    ("place", ColumnKind::Text),
    ("group", ColumnKind::Text),
    ("state", ColumnKind::Text),
    ("class", ColumnKind::Text),
    ("risks", ColumnKind::Text),
    ("discovered", ColumnKind::Day),
    ("due", ColumnKind::Day),
    ("total", ColumnKind::Day),
    ("identified", ColumnKind::Day),
    ("closed", ColumnKind::Day),
];

/// The cases that a list shows, in the person's scope. Journalled.
pub fn workbook_of(ctx: &Ctx, l: L, filter: &Filter) -> Result<Vec<u8>> {
    ctx.permit(Permission::CaseExport)?;
    let (book, lines) = list_all(ctx, filter, MOST)?;
    ctx.journal(Entry::new(ctx, "case.export").detail(json!({ "rows": lines.len() })))?;
    let columns = HEADS
        .iter()
        .map(|(id, kind)| Column::new(l.t(&format!("cases-column-{id}")), *kind))
        .collect();
    let table = Columns { sheet: l.t("cases-title"), columns };
    let mut bytes = Vec::new();
    table
        .write_xlsx(lines.iter().map(|one| row(l, &book, one)), &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of cases: {why}")))?;
    Ok(bytes)
}

fn row(l: L, book: &CaseBook, one: &Line) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let day = |day: Option<kernel::time::Day>| {
        day.map_or(Value::Empty, |day| Value::Text(day.to_string()))
    };
    let state = book.life(&one.life).ok().and_then(|life| life.state(&one.state));
    let state = state.map_or(one.state.as_str(), |state| state.title.get(l.0));
    let class = one.class.as_deref().map(|class| Scheme::Monitored.official(class));
    let risks = one.risks.iter().map(|risk| ShippedCodes::Risks.words_of(risk, l.0));
    vec![
        text(&one.number),
        text(&one.household_number),
        text(&one.head),
        text(&one.village.1),
        text(one.group.as_deref().unwrap_or_default()),
        text(state),
        text(class.unwrap_or_default()),
        text(&risks.collect::<Vec<_>>().join("、")),
        day(Some(one.discovered_on)),
        day(one.due),
        day(one.total_due),
        day(one.identified_on),
        day(one.closed_on),
    ]
}

/// A paper of a list as a workbook: its columns, a row for each household.
pub fn workbook_of_paper(l: L, paper: Paper, values: &[Values]) -> Result<Vec<u8>> {
    let ids: Vec<&str> = paper.fields().filter(|field| field.row).map(|field| field.id).collect();
    let word = |id: &&str| l.t(&format!("papers-field-{}", id.replace('.', "-")));
    let columns = ids.iter().map(|id| Column::new(word(id), ColumnKind::Text)).collect();
    let table = Columns { sheet: l.t(&format!("papers-kind-{}", paper.code())), columns };
    let rows = values.iter().flat_map(|one| &one.rows).map(|row| {
        ids.iter().map(|id| Value::Text(row.get(id).cloned().unwrap_or_default())).collect()
    });
    let mut bytes = Vec::new();
    table
        .write_xlsx(rows, &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of a paper: {why}")))?;
    Ok(bytes)
}
