//! From derived facts to rows, and which of them differ from those that are kept.

use std::collections::{BTreeSet, HashMap};

use ::facts::Scalar;
use kernel::area::AreaCode;
use kernel::error::{OrFault, Result};
use kernel::time::Day;
use store::{Session, Tx, Value};

use super::around::Around;
use super::tables::{Rows, tables};
use super::{View, load, queries};
use crate::circumstances::facts::{
    HouseholdFactRow, PersonFactRow, VillageFactRow, VillageFacts, derive,
};

/// Rows as they should be.
#[derive(Default)]
pub(super) struct Fresh {
    pub(super) households: Vec<Vec<Value>>,
    pub(super) persons: Vec<Vec<Value>>,
}

impl Fresh {
    pub(super) fn rows(&self) -> usize {
        self.households.len() + self.persons.len()
    }

    /// Its households and where they stand.
    pub(super) fn places(&self) -> impl Iterator<Item = (&str, AreaCode)> {
        let place = |row: &'_ Vec<Value>| text_at(row, 1).parse().ok();
        self.households.iter().filter_map(move |row| Some((text_at(row, 0), place(row)?)))
    }

    /// Takes rows of other households in.
    pub(super) fn add(&mut self, other: Self) {
        self.households.extend(other.households);
        self.persons.extend(other.persons);
    }
}

/// How the kept rows of one table must change.
#[derive(Default)]
pub(super) struct Change {
    pub(super) new: Vec<Vec<Value>>,
    pub(super) changed: Vec<Vec<Value>>,
    pub(super) gone: Vec<String>,
}

impl Change {
    pub(super) fn rows(&self) -> usize {
        self.new.len() + self.changed.len() + self.gone.len()
    }

    /// Takes another change of the same table in, of other rows.
    pub(super) fn add(&mut self, other: Self) {
        self.new.extend(other.new);
        self.changed.extend(other.changed);
        self.gone.extend(other.gone);
    }
}

/// How the kept rows of all tables must change, and which villages' sums that touches.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) households: Change,
    pub(super) persons: Change,
    pub(super) villages: BTreeSet<AreaCode>,
}

fn value(scalar: Scalar) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Int(number) => Value::Int(number),
        Scalar::Real(number) => Value::Real(number),
        Scalar::Text(text) => Value::Text(text),
    }
}

fn household_row(row: &HouseholdFactRow, village: AreaCode, changes_on: Option<Day>) -> Vec<Value> {
    let mut values = vec![row.household.into(), village.into(), changes_on.into()];
    values.extend(row.scalars().into_iter().map(value));
    values
}

fn person_row(row: &PersonFactRow, village: AreaCode) -> Vec<Value> {
    let mut values =
        vec![row.person.into(), row.household.into(), village.into(), row.changes_on.into()];
    values.extend(row.facts.scalars().into_iter().map(value));
    values
}

/// A village without people and without events has no row.
pub(super) fn village_row(village: AreaCode, row: &VillageFactRow) -> Option<Vec<Value>> {
    (row.facts != VillageFacts::default()).then(|| {
        let mut values = vec![village.into(), row.changes_on.into()];
        values.extend(row.facts.scalars().into_iter().map(value));
        values
    })
}

/// Derives some households; `each` sees every row before it becomes values.
pub(super) fn derived(
    session: &mut Session,
    (view, around): (&View, &mut Around),
    ids: &[String],
    each: &mut dyn FnMut(AreaCode, &HouseholdFactRow),
) -> Result<Fresh> {
    let mut fresh = Fresh::default();
    for one in load::households(session, ids, (view, around.counting()))? {
        let (surroundings, _) = around.of(session, one.village, view)?;
        let (row, persons) =
            derive(&one.records, view.day, surroundings).or_fault("facts of a household")?;
        let changes_on = match (row.changes_on, one.closes) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        each(one.village, &row);
        fresh.households.push(household_row(&row, one.village, changes_on));
        fresh.persons.extend(persons.iter().map(|person| person_row(person, one.village)));
    }
    Ok(fresh)
}

fn text_at(row: &[Value], index: usize) -> &str {
    row.get(index).and_then(Value::as_text).unwrap_or_default()
}

fn keys(rows: &[Vec<Value>]) -> impl Iterator<Item = &str> {
    rows.iter().map(|row| text_at(row, 0))
}

/// Compares with what is kept for the same households; `fresh` must hold all that stands of them.
pub(super) fn compare(session: &mut Session, ids: &[String], fresh: Fresh) -> Result<Changes> {
    let tables = tables()?;
    let mut changes = Changes::default();
    let mut old = HashMap::new();
    kept(session, (&tables.household.by_key, &queries::listed(ids)), &mut old)?;
    note_villages(&old, 1, &mut changes.villages);
    for row in &fresh.households {
        changes.villages.extend(text_at(row, 1).parse::<AreaCode>().ok());
    }
    changes.households = difference(old, fresh.households);

    let mut old = HashMap::new();
    kept(session, (&tables.person.by_household, &queries::listed(ids)), &mut old)?;
    let elsewhere: Vec<&str> = keys(&fresh.persons).filter(|key| !old.contains_key(*key)).collect();
    if !elsewhere.is_empty() {
        let list = queries::listed(elsewhere);
        kept(session, (&tables.person.by_key, &list), &mut old)?;
    }
    changes.persons = difference(old, fresh.persons);
    Ok(changes)
}

fn note_villages(rows: &HashMap<String, Vec<Value>>, at: usize, villages: &mut BTreeSet<AreaCode>) {
    villages.extend(rows.values().filter_map(|row| text_at(row, at).parse::<AreaCode>().ok()));
}

fn kept(
    session: &mut Session,
    (sql, list): (&store::BuiltSql, &str),
    into: &mut HashMap<String, Vec<Value>>,
) -> Result<()> {
    session.each(sql, &[list.into()], |row| {
        into.insert(text_at(&row.0, 0).to_owned(), row.0);
        Ok(true)
    })
}

fn difference(mut old: HashMap<String, Vec<Value>>, fresh: Vec<Vec<Value>>) -> Change {
    let mut change = Change::default();
    for row in fresh {
        match old.remove(text_at(&row, 0)) {
            None => change.new.push(row),
            Some(before) if before != row => change.changed.push(row),
            Some(_) => {}
        }
    }
    change.gone = old.into_keys().collect();
    change.gone.sort_unstable();
    change
}

/// Compares the row of one village with the kept one.
pub(super) fn compare_village(
    session: &mut Session,
    village: AreaCode,
    fresh: Option<Vec<Value>>,
) -> Result<Change> {
    let mut old = HashMap::new();
    let list = queries::listed([village.as_str()]);
    kept(session, (&tables()?.village.by_key, &list), &mut old)?;
    Ok(difference(old, fresh.into_iter().collect()))
}

/// Carries out a change of one table.
pub(super) fn write(tx: &mut Tx, rows: &'static Rows, change: Change) -> Result<usize> {
    let written = change.rows();
    if !change.gone.is_empty() {
        tx.exec(&rows.remove, &[queries::listed(&change.gone).into()])?;
    }
    if !change.new.is_empty() {
        tx.insert_many(rows.table.name, rows.columns, change.new)?;
    }
    if !change.changed.is_empty() {
        tx.exec_many(&rows.upsert, change.changed)?;
    }
    Ok(written)
}

/// The row of a village from its own events and the kept rows of its households.
pub(super) fn village_from_rows(
    session: &mut Session,
    village: AreaCode,
    events: &VillageFactRow,
) -> Result<Option<Vec<Value>>> {
    let sums = queries::sums(session, village)?;
    let mut row = events.clone();
    if sums.int(0)? > 0 {
        let facts = &mut row.facts;
        facts.households = sums.opt_int(0)?;
        facts.persons = sums.opt_int(1)?;
        facts.monitored_households = sums.opt_int(2)?;
        facts.disaster_households_12m = sums.opt_int(3)?;
        facts.disaster_loss_12m = sums.opt_int(4)?;
        facts.water_unsafe_households = sums.opt_int(5)?;
        facts.dangerous_houses = sums.opt_int(6)?;
        facts.complaints_12m = sums.opt_int(7)?;
        facts.complaints_water_12m = sums.opt_int(8)?;
        facts.jobless_12m = sums.opt_int(9)?;
        facts.loans_overdue = sums.opt_int(10)?;
    }
    Ok(village_row(village, &row))
}
