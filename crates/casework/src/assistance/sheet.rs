//! The list of help as a workbook.

use kernel::error::{Error, Result};
use kernel::money::Money;
use kernel::permission::Permission;
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, Value};
use store::{Ctx, Entry};
use web::L;

use super::actions::list;
use super::pages::{kind_word, risk_words};
use super::queries::list::{Filter, Line};
use crate::departments::office_name;

/// Most measures in one workbook.
const MOST: i64 = 100_000;
const HEADS: [(&str, ColumnKind); 16] = [
    ("household", ColumnKind::Text),
    ("number", ColumnKind::Text),
    ("person", ColumnKind::Text),
    ("village", ColumnKind::Text),
    ("kind", ColumnKind::Text),
    ("aims", ColumnKind::Text),
    ("words", ColumnKind::Text),
    ("office", ColumnKind::Text),
    ("owner", ColumnKind::Text),
    ("promised", ColumnKind::Day),
    ("due", ColumnKind::Day),
    ("given", ColumnKind::Day),
    ("proof", ColumnKind::Text),
    ("proof_number", ColumnKind::Text),
    ("amount", ColumnKind::Text),
    ("term", ColumnKind::Day),
];

/// What the list shows, all of it. Journalled.
pub fn workbook_of(ctx: &Ctx, l: L, filter: &Filter) -> Result<Vec<u8>> {
    ctx.permit(Permission::AssistanceExport)?;
    let (all, _) = list(ctx, filter, MOST)?;
    let detail = json!({ "rows": all.len(), "state": filter.state, "kind": filter.kind });
    ctx.journal(Entry::new(ctx, "assistance.export").detail(detail))?;
    let columns = HEADS
        .iter()
        .map(|(id, kind)| Column::new(l.t(&format!("assistance-sheet-{id}")), *kind))
        .collect();
    let table = Columns { sheet: l.t("assistance-title"), columns };
    let mut bytes = Vec::new();
    table
        .write_xlsx(all.iter().map(|one| row(l, one)), &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of help: {why}")))?;
    Ok(bytes)
}

fn row(l: L, line: &Line) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let of = |text: Option<String>| text.map_or(Value::Empty, Value::Text);
    let measure = &line.measure;
    let given = measure.delivered.as_ref();
    vec![
        of(line.head.clone()),
        of(line.number.clone()),
        of(line.person.clone()),
        text(&line.village),
        text(&kind_word(l, &measure.kind)),
        text(&risk_words(l, &measure.aims)),
        text(&measure.words),
        of((!measure.office.is_empty()).then(|| office_name(l, &measure.office))),
        text(&measure.owner),
        text(&measure.promised_on.to_string()),
        text(&measure.due_on.to_string()),
        of(given.map(|given| given.on.to_string())),
        of(given.map(|given| l.t(&format!("assistance-proof-{}", given.proof.code())))),
        of(given.map(|given| given.number.clone())),
        of(given.and_then(|given| given.amount).map(Money::plain)),
        of(given.and_then(|given| given.term).map(|day| day.to_string())),
    ]
}
