//! Which rows of which files stand behind a value, found by deriving the household once more.

use std::collections::HashMap;

use ::facts::OwnRow;
use ::facts::own::{PREFIX, named, rows_of};
use kernel::error::{OrFault, Result};
use kernel::ids::{BatchId, HouseholdId};
use kernel::time::{Day, Period};
use store::{Ctx, Permit, Session};

use super::around::Around;
use super::fields::fields_of;
use super::{View, load, queries};
use crate::circumstances::facts::{Origin, evidence};

/// A row of a delivered file that counts for a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The column, as in `household_facts`.
    pub column: String,
    /// The batch.
    pub batch: BatchId,
    /// The row in the batch: sheet and row together.
    pub row: i64,
    /// The office that sent the file.
    pub department: String,
    /// The list.
    pub list: String,
    /// The file's name.
    pub file: String,
    /// The day that the row names.
    pub on: Option<Day>,
}

impl Behind {
    /// The page of the row, the cells marked in which the value stands.
    #[must_use]
    pub fn href(&self) -> String {
        let row = format!("/intake/batches/{}/rows/{}", self.batch, self.row);
        if self.list.starts_with(PREFIX) {
            let field = named(&self.column).and_then(|named| named.field);
            return field.map_or(row.clone(), |field| format!("{row}?field={field}"));
        }
        match fields_of(&self.list, &self.column) {
            [] => row,
            fields => format!("{row}?field={}", fields.join(",")),
        }
    }
}

/// Where the values of some columns of a household come from today, column by column in the order in which the rows
/// counted.
///
/// # Errors
/// *Not found* outside the scope of the permit; what the database refuses.
pub fn evidence_of(
    ctx: &Ctx,
    (session, permit): (&mut Session, &Permit),
    household: HouseholdId,
    columns: &[&str],
) -> Result<Vec<Behind>> {
    let id = household.to_string();
    if !queries::may_see(session, permit, &id)? {
        return Err(ctx.not_found("households.not_found", &id));
    }
    let view = View::of(ctx.today);
    let Some(one) = load::households(session, std::slice::from_ref(&id), (&view, None))?.pop()
    else {
        return Ok(Vec::new());
    };
    let mut around = Around::load(session, &view)?;
    let (surroundings, _) = around.of(session, one.village, &view)?;
    let heard = evidence(&one.records, view.day, surroundings).or_fault("evidence")?;
    let mut days: HashMap<Origin, Day> = HashMap::new();
    let of_village = load::village_records(session, one.village, &view)?;
    for record in one.records.records.iter().chain(&of_village) {
        days.insert(record.origin, record.valid_from);
    }
    days.extend(one.records.incomes.iter().map(|income| (income.origin, income.to_day)));
    days.extend(one.records.statuses.iter().map(|status| (status.origin, status.valid_from)));
    let mut rows: Vec<(&str, Origin)> = columns
        .iter()
        .flat_map(|column| heard.of(column).into_iter().map(|origin| (*column, origin)))
        .collect();
    let held =
        crate::circumstances::facts::own_rows(&one.records, view.day).or_fault("evidence")?;
    let held = held.as_deref().map(rows_of).unwrap_or_default();
    rows.extend(columns.iter().flat_map(|column| of_own(column, &held, view.day)));
    let files = queries::files(session, rows.iter().map(|(_, origin)| origin.batch))?;
    let behind = rows.into_iter().filter_map(|(column, origin)| {
        let (department, list, file) = files.get(&origin.batch)?.clone();
        let on = days.get(&origin).copied();
        let column = column.to_owned();
        Some(Behind { column, batch: origin.batch, row: origin.row, department, list, file, on })
    });
    Ok(behind.collect())
}

/// The rows behind what is asked of an own list.
fn of_own<'c>(column: &'c str, held: &[OwnRow], day: Day) -> Vec<(&'c str, Origin)> {
    let Some(named) = named(column) else { return Vec::new() };
    let of_list = held.iter().filter(|row| row.list == named.list);
    let first = named.months.map(|months| Period::months_to(day, u32::from(months)).from);
    let inside = of_list.filter(|row| first.is_none_or(|first| row.day >= first));
    inside
        .filter_map(|row| Some((column, Origin { batch: row.batch.parse().ok()?, row: row.row })))
        .collect()
}
