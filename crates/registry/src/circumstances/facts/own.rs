//! Rows of lists that the county made itself: held as they are, in one column, so that a new list needs no derivation of
//! its own. What rules ask of them is asked of that column.

use ::facts::OwnRow;
use ::facts::own::MOST_MONTHS;

use super::input::Turn;
use super::picture::Picture;
use super::read::{BadBody, Reader, Told};
use super::table::fact_columns;
use crate::circumstances::topics::OwnListRow;

fact_columns! {
    /// What own lists say about a household.
    OwnListFacts of household {
        own_lists: Text None "intake" ("自建名单的行", "Rows of own lists") ("近36个月自建名单中本户及其现有人口的行（JSON），用 listed() 和 field() 查询。", "Rows of the county's own lists of 36 months about the household and its members as JSON; asked by listed() and field().");
    }
}

/// Every row of an own list that is known on the day.
pub(super) fn all(reader: &Reader<'_>) -> Result<Vec<Told<OwnListRow>>, BadBody> {
    reader.all::<OwnListRow>()
}

/// What own lists say about a household and those who are here.
pub(super) fn of_household(
    reader: &Reader<'_>,
    people: &[Picture],
    turn: &mut Turn,
) -> Result<OwnListFacts, BadBody> {
    let here = |row: &&Told<OwnListRow>| {
        row.person.is_none_or(|id| people.iter().any(|one| one.is_here() && one.person == id))
    };
    let rows = all(reader)?;
    let rows: Vec<&Told<OwnListRow>> = rows.iter().filter(here).collect();
    Ok(OwnListFacts { own_lists: text(&rows, turn) })
}

/// The stored text, the oldest row first; none where there is no row. It changes when a row becomes too old.
pub(super) fn text(rows: &[&Told<OwnListRow>], turn: &mut Turn) -> Option<String> {
    let mut held: Vec<OwnRow> = Vec::new();
    for row in rows {
        let gone = row.day.add_months(i64::from(MOST_MONTHS));
        if gone <= turn.today() {
            continue;
        }
        turn.on(gone);
        held.push(OwnRow {
            list: row.body.list.clone(),
            day: row.day,
            batch: row.origin.batch.to_string(),
            row: row.origin.row,
            values: row.body.values.clone(),
        });
    }
    held.sort_by(|a, b| (a.day, &a.batch, a.row).cmp(&(b.day, &b.batch, b.row)));
    if held.is_empty() { None } else { serde_json::to_string(&held).ok() }
}
