//! Households as a file: a workbook, or plain CSV.

use kernel::error::{Error, Result};
use sheets::{Column, ColumnKind, Columns, Value};
use web::L;

use super::pages::status_word;
use super::queries::Line;

/// The lines of a list as a file, in the reader's language: `plain` is CSV, otherwise a workbook.
///
/// # Errors
/// A fault when the file cannot be written.
pub(super) fn file(l: L, lines: &[Line], plain: bool) -> Result<Vec<u8>> {
    let column = |id: &str, kind| Column::new(l.t(id), kind);
    let table = Columns {
        sheet: l.t("households-list-title"),
        columns: vec![
            column("households-number", ColumnKind::Text),
            column("households-head", ColumnKind::Text),
            column("households-village", ColumnKind::Text),
            column("households-group", ColumnKind::Text),
            column("households-people", ColumnKind::Number),
            column("households-statuses", ColumnKind::Text),
        ],
    };
    let rows = lines.iter().map(|line| {
        let statuses: Vec<String> =
            line.statuses.iter().map(|(scheme, value)| status_word(l, *scheme, value)).collect();
        vec![
            Value::Text(line.number.clone()),
            Value::Text(line.head.clone().unwrap_or_default()),
            Value::Text(line.village_name.clone()),
            Value::Text(line.group.clone().unwrap_or_default()),
            Value::Int(line.people),
            Value::Text(statuses.join("、")),
        ]
    });
    let mut bytes = Vec::new();
    let written = match plain {
        true => table.write_csv(rows, &mut bytes),
        false => table.write_xlsx(rows, &mut bytes),
    };
    written.map_err(|why| Error::fault(format!("list of households: {why}")))?;
    Ok(bytes)
}
