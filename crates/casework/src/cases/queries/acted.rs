//! Queries of the newest case of many households at a moment, for the facts.

use std::collections::BTreeMap;

use kernel::error::Result;
use kernel::time::Instant;
use registry::circumstances::ledger::Moment;
use store::{Row, Session, params};

use crate::assistance::with_merged;
use crate::cases::facts::Told;

macro_rules! cases {
    ($from:literal, $also:literal) => {
        concat!(
            "select c.id, c.household_id, c.state, c.discovered_on, c.created_at, c.identified_on, c.closed_on, c.closed_how,
       c.number from ",
            $from,
            " c where c.household_id in (select value from json_each($1)) and c.created_at <= $2
       and c.life = 'monitoring'",
            $also,
            " order by c.created_at, c.number"
        )
    };
}
const CASES: &str = cases!("cases", "");
const CASES_WERE: &str = cases!(
    "cases_kept",
    " and c.until > $2 and not exists (select 1 from cases_kept e where e.id = c.id and e.until > $2 and e.until < c.until)"
);

macro_rules! risks {
    ($from:literal, $also:literal) => {
        concat!(
            "select r.case_id, r.position, r.risk, r.gone_on from ",
            $from,
            " r where r.case_id in (select value from json_each($1)) and r.recorded_at <= $2",
            $also,
            " order by r.case_id, r.position"
        )
    };
}
const RISKS: &str = risks!("case_risks", "");
const RISKS_WERE: &str = risks!("case_risks_kept", " and r.until > $2");

fn told(row: &Row) -> Result<Told> {
    let helped = row.opt_text(7)?.as_deref() == Some("helped");
    Ok(Told {
        id: row.text(0)?,
        state: row.text(2)?,
        discovered_on: row.parse(3)?,
        accepted_on: row.parse::<Instant>(4)?.day(),
        announced_on: row.opt_parse(5)?,
        removed_on: row.opt_parse(6)?.filter(|_| helped),
        risks: Vec::new(),
    })
}

/// The newest case of each household that has one; a case of a household that is held to be another one is that one's.
pub fn newest(
    session: &mut Session,
    households: &str,
    at: &Moment,
) -> Result<BTreeMap<String, Told>> {
    let (merged, households) = with_merged(session, households, (at.past, &at.known))?;
    let bound = params![&households, &at.done];
    let mut were: BTreeMap<String, Row> = BTreeMap::new();
    if at.past {
        for row in session.rows(CASES_WERE, bound)? {
            were.insert(row.text(0)?, row);
        }
    }
    let mut found: BTreeMap<String, Told> = BTreeMap::new();
    for row in session.rows(CASES, bound)? {
        let row = were.remove(row.str(0)?).unwrap_or(row);
        found.insert(merged.household(row.parse(1)?).to_string(), told(&row)?);
    }
    if found.is_empty() {
        return Ok(found);
    }
    let ids: Vec<&str> = found.values().map(|case| case.id.as_str()).collect();
    let bound = params![serde_json::json!(ids).to_string(), &at.done];
    let mut risks: BTreeMap<(String, i64), (String, bool)> = BTreeMap::new();
    let mut rows = session.rows(RISKS, bound)?;
    if at.past {
        rows.extend(session.rows(RISKS_WERE, bound)?);
    }
    for row in rows {
        let open = row.opt_text(3)?.is_none();
        risks.insert((row.text(0)?, row.int(1)?), (row.text(2)?, open));
    }
    for case in found.values_mut() {
        let own = risks.range((case.id.clone(), 0)..=(case.id.clone(), i64::MAX));
        case.risks = own.map(|(_, risk)| risk.clone()).collect();
    }
    Ok(found)
}
