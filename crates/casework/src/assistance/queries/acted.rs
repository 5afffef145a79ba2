//! Queries of the help of many households at a moment, for the facts.

use std::collections::BTreeMap;

use kernel::error::{OrFault, Result};
use registry::circumstances::ledger::Moment;
use registry::people::{EVER, Merged};
use store::{Row, Session, params};

use super::measure_of;
use crate::assistance::facts::Stay;
use crate::assistance::model::Measure;

macro_rules! measures {
    ($from:literal, $also:literal) => {
        concat!(
            "select m.id, m.household_id, m.person_id, m.village_code, m.kind, m.aims, m.words, m.owner_office, m.owner_name,
       m.promised_on, m.due_on, m.delivered_on, m.proof_kind, m.proof_number, m.amount_fen, m.term_until, m.ended_on,
       m.ended_how, m.ended_why, m.by_name, m.version from ",
            $from,
            " m where m.household_id in (select value from json_each($1)) and m.promised_on <= $2 and m.recorded_at <= $3",
            $also,
            " order by m.household_id, m.promised_on, m.id"
        )
    };
}
const MEASURES: &str = measures!("measures", "");
const MEASURES_WERE: &str = measures!(
    "measures_kept",
    " and m.until > $3 and not exists (select 1 from measures_kept e where e.id = m.id and e.until > $3 and e.until < m.until)"
);
const HELPERS: &str = "select h.id, h.household_id, h.from_day, h.to_day from helpers h
     where h.household_id in (select value from json_each($1)) and h.recorded_at <= $2 order by h.household_id, h.from_day, h.id";
const HELPERS_WERE: &str = "select h.id, h.household_id, h.from_day, h.to_day from helpers_kept h
     where h.household_id in (select value from json_each($1)) and h.recorded_at <= $2 and h.until > $2
       and not exists (select 1 from helpers_kept e where e.id = h.id and e.until > $2 and e.until < h.until)";

/// The rows of now, with those that were otherwise at the time as they were then.
fn then(now: Vec<Row>, were: Vec<Row>) -> Result<Vec<Row>> {
    let mut before: BTreeMap<String, Row> = BTreeMap::new();
    for row in were {
        before.insert(row.text(0)?, row);
    }
    let mut rows = Vec::with_capacity(now.len() + before.len());
    for row in now {
        rows.push(before.remove(row.str(0)?).unwrap_or(row));
    }
    rows.extend(before.into_values());
    Ok(rows)
}

/// Who was held to be whom at a moment, and the households with those that were held to be them.
///
/// # Errors
/// What the database refuses.
pub fn with_merged(
    session: &mut Session,
    ids: &str,
    (past, known): (bool, &str),
) -> Result<(Merged, String)> {
    let merged = Merged::pairs(session, if past { known } else { EVER })?;
    let mut all: Vec<String> = serde_json::from_str(ids).or_fault("ids of households")?;
    for id in all.clone() {
        all.extend(merged.merged_into(id.parse()?).map(|id| id.to_string()));
    }
    Ok((merged, serde_json::json!(all).to_string()))
}

/// The measures of some households by household; those of a household that is held to be another one are that one's.
pub fn measures(
    session: &mut Session,
    ids: &str,
    at: &Moment,
) -> Result<BTreeMap<String, Vec<Measure>>> {
    let (merged, all) = with_merged(session, ids, (at.past, &at.known))?;
    let bound = params![&all, at.day, &at.known];
    let now = session.rows(MEASURES, bound)?;
    let rows = match at.past {
        true => then(now, session.rows(MEASURES_WERE, bound)?)?,
        false => now,
    };
    let mut found: BTreeMap<String, Vec<Measure>> = BTreeMap::new();
    for row in rows {
        let home = merged.household(row.parse(1)?);
        found.entry(home.to_string()).or_default().push(measure_of(&row, at.day)?);
    }
    Ok(found)
}

/// Who looked after some households, by household.
pub fn helpers(
    session: &mut Session,
    ids: &str,
    at: &Moment,
) -> Result<BTreeMap<String, Vec<Stay>>> {
    let (merged, all) = with_merged(session, ids, (at.past, &at.known))?;
    let bound = params![&all, &at.known];
    let now = session.rows(HELPERS, bound)?;
    let rows = match at.past {
        true => then(now, session.rows(HELPERS_WERE, bound)?)?,
        false => now,
    };
    let mut found: BTreeMap<String, Vec<Stay>> = BTreeMap::new();
    for row in rows {
        let home = merged.household(row.parse(1)?);
        found.entry(home.to_string()).or_default().push((row.parse(2)?, row.opt_parse(3)?));
    }
    Ok(found)
}
