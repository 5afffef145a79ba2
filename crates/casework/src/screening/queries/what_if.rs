//! The SQL of what-ifs beside the statement that asks: who has a lead already, what was confirmed later, names.

use std::collections::{BTreeMap, BTreeSet};

use kernel::error::Result;
use kernel::time::Day;
use serde_json::json;
use store::{BuiltSql, Permit, Session, params};

/// From so many subjects on, all live leads are read instead of being looked up one by one.
const MANY: usize = 2_000;

/// Those of the subjects that have a lead which waits or is open.
pub fn live_among(session: &mut Session, subjects: &BTreeSet<String>) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut take = |row: store::Row| {
        let subject = row.text(0)?;
        if subjects.contains(&subject) {
            found.insert(subject);
        }
        Ok(true)
    };
    if subjects.is_empty() {
        return Ok(found);
    }
    if subjects.len() > MANY {
        session.each("select subject from leads where state in ('waiting', 'open')", &[], take)?;
    } else {
        session.each(
            "select subject from leads where subject in (select value from json_each($1)) and state in ('waiting', 'open')",
            params![json!(subjects).to_string()],
            &mut take,
        )?;
    }
    Ok(found)
}

/// The place in the middle between the first row and the last, which `places` asks; none where there is only one row, or rows
/// have no places.
pub fn middle(session: &mut Session, places: Option<BuiltSql>) -> Result<Option<i64>> {
    let Some(places) = places else { return Ok(None) };
    let row = session.row(&places, &[])?;
    let ends = row.opt_int(0)?.zip(row.opt_int(1)?);
    Ok(ends.filter(|(first, last)| first < last).map(|(first, last)| first.midpoint(last) + 1))
}

/// Subjects of whom a lead was answered "risk confirmed" after a day.
pub fn confirmed_after(session: &mut Session, day: Day) -> Result<BTreeSet<String>> {
    let rows = session.rows(
        "select distinct subject from leads
         where state in ('answered', 'second_look') and outcome = 'risk_confirmed' and answered_on > $1",
        params![day],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Number and head of households by id, of those that the person may see.
pub fn heads(
    session: &mut Session,
    permit: &Permit,
    ids: &[&str],
) -> Result<BTreeMap<String, (String, Option<String>)>> {
    let rows = session.rows(
        concat!(
            "select h.id, h.number, p.name from households h left join persons p on p.id = h.head_id
             where h.id in (select value from json_each($3)) and ",
            store::visible!("h.village_code", "h.id")
        ),
        params![permit.account(), permit.today(), json!(ids).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, (row.text(1)?, row.opt_text(2)?)))).collect()
}

/// Names of areas by code; those that the areas do not know are missing.
pub fn area_names(session: &mut Session, codes: &[String]) -> Result<BTreeMap<String, String>> {
    let rows = session.rows(
        "select code, name from areas where code in (select value from json_each($1))",
        params![json!(codes).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}
