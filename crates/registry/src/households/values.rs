//! Queries of single values: as they stand, and put right by hand.

use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use store::{Session, Tx, params};

use super::queries::Household;

/// The latest value of a field: as the body has it, who said so, on which day. `subject_id` is the household or person; of
/// a person also what was delivered while they lived elsewhere.
///
/// # Errors
/// What the database refuses.
pub(super) fn find_value(
    session: &mut Session,
    (topic, subject_id, field): (&str, &str, &str),
    household: HouseholdId,
) -> Result<Option<(serde_json::Value, String, Day)>> {
    let rows = session.rows(
        "select r.topic, r.body, r.source, r.valid_from from records r join batches b on b.id = r.batch_id
         where (r.household_id = $1 or r.household_id in (select household_id from memberships where person_id = $3))
           and r.topic in ($2, 'correction') and r.subject_id = $3 and b.state = 'accepted' and r.withdrawn_at is null
         order by r.valid_from desc, r.recorded_at desc, r.batch_id desc",
        params![household.to_string(), topic, subject_id],
    )?;
    for row in rows {
        let body: serde_json::Value = serde_json::from_str(&row.text(1)?).unwrap_or_default();
        let value = if row.text(0)? == "correction" {
            let same = body.get("t").and_then(|t| t.as_str()) == Some(topic)
                && body.get("f").and_then(|f| f.as_str()) == Some(field);
            if !same {
                continue;
            }
            body.get("v").cloned()
        } else {
            body.get(field).cloned()
        };
        return Ok(Some((value.unwrap_or_default(), row.text(2)?, row.parse(3)?)));
    }
    Ok(None)
}

/// What a form by hand says.
pub(super) struct Said<'a> {
    pub(super) topic: &'a str,
    pub(super) person: Option<PersonId>,
    pub(super) on: Day,
    pub(super) body: &'a str,
}

/// Whether the newest record of the register before 2020 about somebody says exactly this.
pub(super) fn stands_already(tx: &mut Tx, person: PersonId, body: &str) -> Result<bool> {
    let newest = tx.find(
        "select r.body from records r join batches b on b.id = r.batch_id
         where r.subject_id = $1 and r.topic = 'old_register' and b.state = 'accepted' and r.withdrawn_at is null
           and r.household_id in (select household_id from memberships where person_id = $1)
         order by r.recorded_at desc, r.batch_id desc limit 1",
        params![person],
    )?;
    Ok(newest.map(|row| row.text(0)).transpose()?.as_deref() == Some(body))
}

/// A change made by hand is a batch of one row, accepted at once, so that it counts and can be taken back like any other.
pub(super) fn insert_by_hand(
    tx: &mut Tx,
    batch: &str,
    home: &Household,
    (said, by): (Said<'_>, &str),
) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, area_code, state, uploaded_by,
                              uploaded_at, accepted_at, rows_total, rows_taken)
         values ($1, 'hand', 'hand', 'hand', '', $1, $2, 'accepted', $3, $4, $4, 1, 1)",
        params![batch, home.village, by, now],
    )?;
    let subject = if said.person.is_some() { "person" } else { "household" };
    let subject_id = said.person.map_or_else(|| home.id.to_string(), |id| id.to_string());
    tx.exec(
        "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
                              valid_from, recorded_at, body)
         values ($1, 1, 0, $2, $3, $4, $5, $6, 'hand', $7, $8, $9)",
        params![
            batch, subject, subject_id, home.id.to_string(), home.village, said.topic, said.on, now, said.body
        ],
    )?;
    Ok(())
}
