//! Comparisons as workbooks.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, SheetError, Value};
use store::{Ctx, Entry};
use web::L;

use super::actions::{RowLine, Sides};
use super::behind::Behind;
use super::model::Comparison;
use crate::indicators::part_of;

fn written(
    l: L,
    heads: Vec<(String, ColumnKind)>,
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<Vec<u8>> {
    let columns = heads.into_iter().map(|(title, kind)| Column::new(title, kind)).collect();
    let mut bytes = Vec::new();
    Columns { sheet: l.t("comparisons-title"), columns }.write_xlsx(rows, &mut bytes).map_err(
        |why| match why {
            SheetError::TooManyRows { .. } => Refusal::invalid("comparisons.too_many_rows").into(),
            why => Error::fault(format!("workbook of a comparison: {why}")),
        },
    )?;
    Ok(bytes)
}

fn journal(ctx: &Ctx, what: &str, rows: usize) -> Result<()> {
    ctx.permit(Permission::HouseholdExport)?;
    let entry = Entry::new(ctx, "comparison.export").about("comparison", rows.to_string());
    ctx.journal(entry.detail(json!({ "what": what })))
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// What a sheet of lines is about: its address, the area, the two days.
type About = (String, Option<AreaCode>, [String; 2]);
/// Lines in words, and the names of places by their codes.
type Named<'a> = (&'a dyn Fn(&str) -> String, &'a BTreeMap<String, String>);

/// Every line in an area and in each of its parts. Journalled.
///
/// # Errors
/// Refused without `household.export`.
pub fn lines_workbook(
    (ctx, l): (&Ctx, L),
    found: &Comparison,
    (address, area, days): About,
    (name, places): Named<'_>,
) -> Result<Vec<u8>> {
    let [from, to] = days;
    let head = |id: &str, kind| (l.t(&format!("comparisons-{id}")), kind);
    let heads = vec![
        head("place", ColumnKind::Text),
        head("area-code", ColumnKind::Text),
        head("what", ColumnKind::Text),
        (from, ColumnKind::Number),
        (to, ColumnKind::Number),
        head("more", ColumnKind::Number),
        head("came", ColumnKind::Number),
        head("went", ColumnKind::Number),
    ];
    let mut rows = Vec::new();
    for (at, (code, figure)) in found.lines.iter().zip(found.figures(area)).enumerate() {
        let whole = area.map(|area| area.to_string()).unwrap_or_default();
        let parts = found.places(at, area, part_of);
        let parts = parts.into_iter().filter(|(part, _)| Some(*part) != area);
        let parts = parts.map(|(part, figure)| (part.to_string(), figure));
        for (place, figure) in std::iter::once((whole, figure)).chain(parts) {
            let all = l.t("indicators-all");
            let title = places.get(&place).cloned();
            rows.push(vec![
                text(title.unwrap_or_else(|| if place.is_empty() { all } else { place.clone() })),
                text(place),
                text(name(code)),
                Value::Int(figure.from),
                Value::Int(figure.to),
                Value::Int(figure.more()),
                Value::Int(figure.came),
                Value::Int(figure.went),
            ]);
        }
    }
    journal(ctx, &address, rows.len())?;
    written(l, heads, rows.into_iter())
}

/// What is said of a row: each value with old and new, and why.
type Texts = (Vec<(String, String, String)>, Vec<String>);

/// All rows behind a difference, read and written some at a time. Journalled.
///
/// # Errors
/// Refused without `household.export`; more rows than a sheet holds.
pub fn rows_workbook(
    (ctx, l): (&Ctx, L),
    (sides, found): (&Sides, &Behind),
    (address, days): (String, [String; 2]),
    texts: &dyn Fn(&RowLine) -> Texts,
) -> Result<Vec<u8>> {
    ctx.permit(Permission::HouseholdExport)?;
    let [from, to] = days;
    let head = |id: &str| (l.t(&format!("comparisons-{id}")), ColumnKind::Text);
    let mut heads = ["village", "number", "name", "what"].map(head).to_vec();
    heads.extend([(from, ColumnKind::Text), (to, ColumnKind::Text), head("why")]);
    let row = |line: &RowLine| {
        let (values, why) = texts(line);
        let (own, why) = ([&line.village, &line.number, &line.name].map(text), why.join("；"));
        values.into_iter().map(move |(what, old, new)| {
            let rest = [what, old, new, why.clone()].map(text);
            own.iter().cloned().chain(rest).collect::<Vec<_>>()
        })
    };
    let mut refused = None;
    let lines =
        found.pieces(sides).map_while(|piece| piece.map_err(|why| refused = Some(why)).ok());
    let rows = lines.flatten().flat_map(|line| row(&line).collect::<Vec<_>>());
    let bytes = written(l, heads, rows);
    if let Some(why) = refused {
        return Err(why);
    }
    let bytes = bytes?;
    journal(ctx, &address, found.total())?;
    Ok(bytes)
}
