//! The villages of a year as a workbook.

use kernel::error::{Error, Result};
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, Value};
use store::{Ctx, Entry};
use web::L;

use super::actions::Year;
use crate::areas::kind_word;

const HEADS: [(&str, ColumnKind); 8] = [
    ("town", ColumnKind::Text),
    ("village", ColumnKind::Text),
    ("code", ColumnKind::Text),
    ("kind", ColumnKind::Text),
    ("year", ColumnKind::Number),
    ("income", ColumnKind::Money),
    ("class", ColumnKind::Text),
    ("document", ColumnKind::Text),
];

/// The workbook. Journalled.
pub fn workbook_of(ctx: &Ctx, l: L, found: &Year) -> Result<Vec<u8>> {
    let detail = json!({ "year": found.year, "rows": found.lines.len() });
    ctx.journal(Entry::new(ctx, "village.export").detail(detail))?;
    let columns = HEADS
        .iter()
        .map(|(id, kind)| Column::new(l.t(&format!("villages-sheet-{id}")), *kind))
        .collect();
    let table = Columns { sheet: l.t("villages-title"), columns };
    let kinds: Vec<&str> = found
        .lines
        .iter()
        .map(|line| kind_word(line.kind.as_deref().unwrap_or_default(), l.0))
        .collect::<Result<_>>()?;
    let text = |text: &str| Value::Text(text.to_owned());
    let rows = found.lines.iter().zip(kinds).map(|(line, kind)| {
        let set = line.by_hand.as_ref().map(|set| set.document.as_str());
        let said = set.or(line.income.as_ref().map(|income| income.document.as_str()));
        vec![
            text(&line.names.1),
            text(&line.names.0),
            text(line.code.as_str()),
            text(kind),
            Value::Int(found.year),
            line.income.as_ref().map_or(Value::Empty, |income| Value::Int(income.amount)),
            text(&l.t(&format!("villages-class-{}", line.class))),
            text(said.unwrap_or_default()),
        ]
    });
    let mut bytes = Vec::new();
    table
        .write_xlsx(rows, &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of villages: {why}")))?;
    Ok(bytes)
}
