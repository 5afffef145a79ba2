//! Alarms as a workbook.

use kernel::error::{Error, Result};
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, Value};
use store::{Ctx, Entry};
use web::L;

use super::actions::list;
use super::queries::Raised;
use crate::departments::office_name;

/// Most alarms in one workbook, of those that stand and of those that ended.
const MOST: i64 = 10_000;
const HEADS: [(&str, ColumnKind); 12] = [
    ("area", ColumnKind::Text),
    ("above", ColumnKind::Text),
    ("alarm", ColumnKind::Text),
    ("severity", ColumnKind::Text),
    ("sentence", ColumnKind::Text),
    ("office", ColumnKind::Text),
    ("from", ColumnKind::Day),
    ("to", ColumnKind::Day),
    ("due", ColumnKind::Day),
    ("words", ColumnKind::Text),
    ("document", ColumnKind::Text),
    ("by", ColumnKind::Text),
];

/// All alarms of the areas in which the person works. Journalled.
pub fn workbook_of(ctx: &Ctx, l: L) -> Result<Vec<u8>> {
    let mut all = list(ctx, true, MOST)?;
    all.extend(list(ctx, false, MOST)?);
    ctx.journal(Entry::new(ctx, "alarm.export").detail(json!({ "rows": all.len() })))?;
    let columns = HEADS
        .iter()
        .map(|(id, kind)| Column::new(l.t(&format!("alarms-sheet-{id}")), *kind))
        .collect();
    let table = Columns { sheet: l.t("alarms-title"), columns };
    let mut bytes = Vec::new();
    table
        .write_xlsx(all.iter().map(|one| row(l, one)), &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of alarms: {why}")))?;
    Ok(bytes)
}

fn row(l: L, one: &Raised) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let pair = |(zh, en): &(String, String)| text(if l.is_zh() { zh } else { en });
    let said = one.said.as_ref();
    let of = |text: Option<&String>| text.cloned().map_or(Value::Empty, Value::Text);
    vec![
        text(&one.names.0),
        text(&one.names.1),
        pair(&one.title),
        text(&l.t(&format!("screening-severity-{}", one.severity))),
        pair(&one.sentence),
        text(&office_name(l, &one.department)),
        text(&one.from.to_string()),
        one.to.map_or(Value::Empty, |day| text(&day.to_string())),
        text(&one.due.to_string()),
        of(said.map(|said| &said.words)),
        of(said.map(|said| &said.document)),
        said.map_or(Value::Empty, |said| text(&format!("{} {}", said.by, said.at.day()))),
    ]
}
