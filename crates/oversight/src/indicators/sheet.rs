//! Figures and the rows behind them as workbooks.

use kernel::error::{Error, Result};
use kernel::permission::Permission;
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, Value};
use store::{Ctx, Entry};
use web::L;

use super::actions::{RowsWanted, figure, rows};
use super::model::{Counts, Wanted};

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn written(
    heads: Vec<(String, ColumnKind)>,
    rows: Vec<Vec<Value>>,
    sheet: String,
) -> Result<Vec<u8>> {
    let columns = heads.into_iter().map(|(title, kind)| Column::new(title, kind)).collect();
    let mut bytes = Vec::new();
    Columns { sheet, columns }
        .write_xlsx(rows.into_iter(), &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of indicators: {why}")))?;
    Ok(bytes)
}

fn journal(ctx: &Ctx, id: &str, table: &str, (wanted, rows): (Wanted, usize)) -> Result<()> {
    let area = wanted.area.map(|area| area.to_string());
    let day = wanted.day.unwrap_or(ctx.today);
    let detail = json!({ "table": table, "area": area, "day": day, "rows": rows });
    ctx.journal(Entry::new(ctx, "indicator.export").about("indicator", id).detail(detail))
}

/// The figure of an indicator by place. Journalled.
///
/// # Errors
/// Refused without `indicator.export`, and as the page of the figure is.
pub fn figures_workbook(ctx: &Ctx, l: L, (id, wanted): (&str, Wanted)) -> Result<Vec<u8>> {
    ctx.permit(Permission::IndicatorExport)?;
    let found = figure(ctx, id, wanted)?;
    let is_share = found.def.base.is_some();
    let head = |name: &str, kind| (l.t(&format!("indicators-{name}")), kind);
    let mut heads = vec![
        head("place", ColumnKind::Text),
        head("area-code", ColumnKind::Text),
        (found.def.title.get(l.0).to_owned(), ColumnKind::Number),
        head("of", ColumnKind::Number),
        head("unknown", ColumnKind::Number),
    ];
    if is_share {
        heads.push(head("share", ColumnKind::Text));
    }
    heads.extend([head("day", ColumnKind::Day), head("definition", ColumnKind::Text)]);
    let line = |name: String, code: String, counts: Counts| {
        let mut row = vec![
            text(name),
            text(code),
            Value::Int(counts.hits),
            Value::Int(counts.base),
            Value::Int(counts.unknown),
        ];
        if is_share {
            row.push(text(l.percent(counts.hits, counts.base)));
        }
        row.extend([text(found.day.to_string()), text(found.def.definition.get(l.0))]);
        row
    };
    let whole = found.area.as_ref().map_or_else(
        || (l.t("indicators-all"), String::new()),
        |(area, name)| (name.clone(), area.to_string()),
    );
    let mut rows = vec![line(whole.0, whole.1, found.total)];
    let places = found.places.iter();
    rows.extend(places.map(|one| line(one.name.clone(), one.area.to_string(), one.counts)));
    journal(ctx, id, "figures", (wanted, rows.len()))?;
    written(heads, rows, l.t("indicators-sheet"))
}

/// The rows behind a number. Journalled.
///
/// # Errors
/// Refused without `indicator.export`, and as the page of the rows is.
pub fn rows_workbook(ctx: &Ctx, l: L, (id, wanted): (&str, RowsWanted)) -> Result<Vec<u8>> {
    ctx.permit(Permission::IndicatorExport)?;
    let found = rows(ctx, id, RowsWanted { offset: None, ..wanted })?;
    let head = |name: &str| (l.t(&format!("indicators-{name}")), ColumnKind::Text);
    let mut heads = ["village", "area-code", "number", "name"].map(head).to_vec();
    let values = found.columns.iter();
    heads.extend(values.map(|column| (column.title.get(l.0).to_owned(), ColumnKind::Text)));
    let lines: Vec<Vec<Value>> = found
        .lines
        .iter()
        .map(|line| {
            let mut row = vec![
                text(&line.village.1),
                text(line.village.0.to_string()),
                text(&line.number),
                text(&line.name),
            ];
            let values = found.columns.iter();
            row.extend(values.map(|column| text(shown(l, column, &line.values))));
            row
        })
        .collect();
    journal(ctx, id, "rows", (wanted.of, lines.len()))?;
    written(heads, lines, l.t("indicators-sheet"))
}

/// A stored value in words; empty where it is not known.
pub fn shown(l: L, column: &facts::Column, values: &facts::FactRow) -> String {
    match values.get(column.name) {
        None | Some(facts::Scalar::Null) => String::new(),
        Some(value) => column.shown(value, l.0),
    }
}
