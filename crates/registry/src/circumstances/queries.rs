//! SQL on dated records: what was recorded about a household.

use kernel::error::Result;
use kernel::ids::HouseholdId;
use kernel::time::Day;
use serde_json::json;
use store::{Permit, Row, Session, params, visible};

use super::homes::{Asked, Homes};
use super::topics::{Body, Correction, Topic};
use crate::people::EVER;

/// The columns of `records` that whoever writes a record fills, in the order of its values.
pub const RECORD_COLUMNS: &[&str] = &[
    "batch_id",
    "row_no",
    "seq",
    "subject",
    "subject_id",
    "household_id",
    "village_code",
    "topic",
    "source",
    "valid_from",
    "recorded_at",
    "body",
];

/// A record as it counts today, with the list that brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it is about.
    pub topic: Topic,
    /// The person, where it speaks of one.
    pub person: Option<String>,
    /// The day that the row names.
    pub on: Day,
    /// Who says so, as the record has it.
    pub source: String,
    /// The department that delivered the list.
    pub department: String,
    /// Last day of the period of the list.
    pub period_to: Option<String>,
    /// The batch and row.
    pub row: (String, i64),
    /// JSON by the topic.
    pub body: String,
}

impl Said {
    /// The body, typed; `None` when this record is about something else.
    #[must_use]
    pub fn body<B: Body + Default>(&self) -> Option<B> {
        if self.topic != B::TOPIC {
            return None;
        }
        B::from_json(&self.body).ok()
    }

    /// The page of the row.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/intake/batches/{}/rows/{}", self.row.0, self.row.1)
    }
}

const OF_HOUSEHOLDS: &str =
    "select r.topic, r.subject, r.subject_id, r.valid_from, r.source, b.department, b.period_to, r.batch_id, r.row_no, r.body,
            r.household_id
     from records r join batches b on b.id = r.batch_id and b.state = 'accepted'
     where r.household_id in (select value from json_each($1)) and r.withdrawn_at is null
     order by r.valid_from desc, r.recorded_at desc, r.batch_id, r.row_no";

const OF_VILLAGE: &str =
    "select r.topic, r.subject, r.subject_id, r.valid_from, r.source, b.department, b.period_to, r.batch_id, r.row_no, r.body
     from records r join batches b on b.id = r.batch_id and b.state = 'accepted'
     where r.village_code = $1 and r.household_id is null and r.withdrawn_at is null
     order by r.valid_from desc, r.recorded_at desc, r.row_no";

/// What counts about a household on a day, the latest first: of people who have lived in several households what stayed
/// with this one or came with them. The caller has loaded the household under its permit.
///
/// # Errors
/// What the database refuses.
pub fn list_records(
    session: &mut Session,
    household: HouseholdId,
    as_of: Day,
) -> Result<Vec<Said>> {
    let homes = Homes::load(session, &[household.to_string()], (EVER, ""))?;
    let mut near = homes.households();
    near.insert(household);
    let mut rows = session.rows(OF_HOUSEHOLDS, params![json!(near).to_string()])?;
    if !homes.is_empty() {
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            if counts_in(&homes, household, &row, as_of)? {
                kept.push(row);
            }
        }
        rows = kept;
    }
    let mut found = said_of(rows, &homes)?;
    put_right(&mut found);
    Ok(found)
}

fn counts_in(homes: &Homes, household: HouseholdId, row: &Row, as_of: Day) -> Result<bool> {
    let Some(topic) = Topic::parse(&row.text(0)?) else { return Ok(false) };
    let person = if row.text(1)? == "person" { Some(row.parse(2)?) } else { None };
    if topic == Topic::Correction {
        let own = row.parse::<HouseholdId>(10)? == household;
        return Ok(own || person.is_some_and(|id| homes.households_of(id).contains(&household)));
    }
    let asked = Asked { person, topic, on: row.parse(3)?, household: row.parse(10)? };
    Ok(homes.household_of(asked, as_of) == household)
}

/// What counts about a whole village, the latest first.
///
/// # Errors
/// What the database refuses.
pub fn list_village_records(session: &mut Session, village: &str) -> Result<Vec<Said>> {
    said(session.rows(OF_VILLAGE, params![village])?)
}

const OF_ITS_HOUSEHOLDS: &str = concat!(
    "select r.topic, r.subject, r.subject_id, r.valid_from, r.source, b.department, b.period_to, r.batch_id, r.row_no, r.body
     from households h join records r on r.household_id = h.id and r.topic = $4
     join batches b on b.id = r.batch_id and b.state = 'accepted'
     where h.village_code = $3 and r.withdrawn_at is null and (r.valid_from >= $5 or r.valid_to is null) and ",
    visible!("h.village_code", "h.id"),
    " order by r.valid_from desc, r.recorded_at desc, r.batch_id, r.row_no"
);

/// What counts about the households of a village that the permit opens, of one topic, since a day or still going on, the
/// latest first: the rows behind a sum over the village.
///
/// # Errors
/// What the database refuses.
pub fn list_in_village(
    session: &mut Session,
    permit: &Permit,
    village: &str,
    (topic, since): (Topic, Day),
) -> Result<Vec<Said>> {
    let params =
        [permit.account(), permit.today(), village.into(), topic.as_str().into(), since.into()];
    said(session.rows(OF_ITS_HOUSEHOLDS, &params)?)
}

fn said(rows: Vec<Row>) -> Result<Vec<Said>> {
    let mut found = said_of(rows, &Homes::default())?;
    put_right(&mut found);
    Ok(found)
}

fn said_of(rows: Vec<Row>, homes: &Homes) -> Result<Vec<Said>> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(topic) = Topic::parse(&row.text(0)?) else { continue };
        found.push(Said {
            topic,
            person: match row.text(1)?.as_str() {
                "person" => Some(homes.person(row.parse(2)?).to_string()),
                _ => None,
            },
            on: row.parse(3)?,
            source: row.text(4)?,
            department: row.text(5)?,
            period_to: row.opt_text(6)?,
            row: (row.text(7)?, row.int(8)?),
            body: row.text(9)?,
        });
    }
    Ok(found)
}

/// What was put right by hand counts in place of what an earlier list says, and of a later one that still says the same.
fn put_right(found: &mut [Said]) {
    let fixes: Vec<(Said, Correction)> =
        found.iter().filter_map(|said| Some((said.clone(), said.body::<Correction>()?))).collect();
    for (by, fix) in fixes.iter().rev() {
        let meant = |said: &&mut Said| said.topic.as_str() == fix.topic && said.person == by.person;
        for said in found.iter_mut().filter(meant) {
            let Ok(mut body) = serde_json::from_str::<serde_json::Value>(&said.body) else {
                continue;
            };
            let current = body.get(&fix.field).cloned().unwrap_or_default();
            if (said.on <= by.on || current == fix.old)
                && let Some(fields) = body.as_object_mut()
            {
                fields.insert(fix.field.clone(), fix.new.clone());
                said.body = body.to_string();
            }
        }
    }
}
