//! Queries of the match queue: rows that only a person can assign.

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::time::{Day, Instant};
use serde::Deserialize;
use store::{Permit, Row, Session, Tx, params, visible};

use super::batch::{BatchState, RowOutcome};

/// Batch and row of a question.
pub type At = (BatchId, i64);

/// A question as addresses and files name it: `BATCH-ROW`.
pub fn named(at: At) -> String {
    format!("{}-{}", at.0, at.1)
}

/// The question that a text names.
pub fn read_at(text: &str) -> Option<At> {
    let (batch, row) = text.trim().split_once('-')?;
    Some((batch.parse::<BatchId>().ok()?, row.parse().ok()?))
}

/// Somebody the row may speak of, as it was stored with the question.
#[derive(Debug, Clone, Deserialize)]
pub struct Candidate {
    /// The person.
    pub person: PersonId,
    /// The household.
    pub household: HouseholdId,
    /// Codes of what agrees.
    pub agrees: Vec<String>,
    /// Codes of what the row says otherwise.
    pub differs: Vec<String>,
}

/// A question as it is stored; evidence and statement are sealed.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Which row.
    pub at: At,
    /// The list.
    pub list: String,
    /// Why it is asked.
    pub reason: String,
    /// Sealed evidence.
    pub evidence: String,
    /// Sealed statement.
    pub statement: String,
    /// Digest of the evidence.
    pub digest: String,
    /// Who it may be.
    pub candidates: Vec<Candidate>,
    /// `open`, `decided` or `withdrawn`.
    pub state: String,
    /// What was decided: `person`, `household`, `not_here` or `rejected`.
    pub decision: Option<String>,
    /// The person it was decided for.
    pub person: Option<PersonId>,
    /// Who decided and when.
    pub decided: Option<(String, Instant)>,
    /// State of the batch.
    pub batch: BatchState,
    /// Template of the row's sheet.
    pub template: String,
}

/// Which questions are meant.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Only of this list.
    pub list: Option<String>,
    /// Only of this batch.
    pub batch: Option<BatchId>,
    /// Only from this department.
    pub department: Option<String>,
}

macro_rules! question {
    ($rest:literal) => {
        concat!(
            "select q.batch_id, q.row_no, q.list_id, q.reason, q.evidence, q.statement, q.evidence_digest, q.candidates,
               q.state, a.name, q.decided_at, b.state, s.template, q.decided_by, q.decision, q.person_id
             from match_queue q join batches b on b.id = q.batch_id
             join batch_sheets s on s.batch_id = q.batch_id and s.sheet = q.row_no / 10000000
             left join accounts a on a.id = q.decided_by ",
            $rest
        )
    };
    ($rest:literal, visible $more:literal) => {
        concat!(
            question!($rest),
            " and ((q.village_code is null and $3 = 1) or ",
            visible!("q.village_code", "''"),
            ")",
            $more
        )
    };
}

fn stored(row: &Row) -> Result<Stored> {
    let candidates = serde_json::from_str(&row.text(7)?)
        .map_err(|why| Error::fault(format!("candidates of a question: {why}")))?;
    let by = row.opt_text(9)?.or(row.opt_text(13)?);
    Ok(Stored {
        at: (row.parse(0)?, row.int(1)?),
        list: row.text(2)?,
        reason: row.text(3)?,
        evidence: row.text(4)?,
        statement: row.text(5)?,
        digest: row.text(6)?,
        candidates,
        state: row.text(8)?,
        decision: row.opt_text(14)?,
        person: row.opt_parse(15)?,
        decided: by.zip(row.opt_parse::<Instant>(10)?),
        batch: row.parse(11)?,
        template: row.text(12)?,
    })
}

/// The question about a row, if the person may decide it.
pub fn find(session: &mut Session, permit: &Permit, all: bool, at: At) -> Result<Option<Stored>> {
    session
        .find(
            question!("where q.batch_id = $4 and q.row_no = $5", visible ""),
            params![permit.account(), permit.today(), i64::from(all), at.0, at.1],
        )?
        .as_ref()
        .map(stored)
        .transpose()
}

/// The first open question after a row.
pub fn find_next(
    session: &mut Session,
    (permit, all): (&Permit, bool),
    which: &Which,
    after: Option<At>,
) -> Result<Option<Stored>> {
    session
        .find(
            question!(
                "where q.state = 'open' and b.state in ('ready', 'accepted')
                 and (cast($4 as text) is null or q.list_id = $4) and (cast($5 as text) is null or q.batch_id = $5)
                 and (cast($6 as text) is null or q.batch_id > $6 or (q.batch_id = $6 and q.row_no > $7))
                 and (cast($8 as text) is null or b.department = $8)",
                visible " order by q.batch_id, q.row_no limit 1"
            ),
            params![
                permit.account(),
                permit.today(),
                i64::from(all),
                which.list.clone(),
                which.batch,
                after.map(|at| at.0),
                after.map_or(0, |at| at.1),
                which.department.clone()
            ],
        )?
        .as_ref()
        .map(stored)
        .transpose()
}

/// Questions in one state (`open`, `decided`, `withdrawn`) after a row, at most so many.
pub fn list(
    session: &mut Session,
    (permit, all): (&Permit, bool),
    (which, state): (&Which, &str),
    (after, limit): (Option<At>, i64),
) -> Result<Vec<Stored>> {
    session
        .rows(
            question!(
                "where q.state = $9 and (q.state <> 'open' or b.state in ('ready', 'accepted'))
                 and (cast($4 as text) is null or q.list_id = $4) and (cast($5 as text) is null or q.batch_id = $5)
                 and (cast($6 as text) is null or q.batch_id > $6 or (q.batch_id = $6 and q.row_no > $7))
                 and (cast($8 as text) is null or b.department = $8)",
                visible " order by q.batch_id, q.row_no limit $10"
            ),
            params![
                permit.account(),
                permit.today(),
                i64::from(all),
                which.list.clone(),
                which.batch,
                after.map(|at| at.0),
                after.map_or(0, |at| at.1),
                which.department.clone(),
                state,
                limit
            ],
        )?
        .iter()
        .map(stored)
        .collect()
}

/// How many questions each list has open.
pub fn count_open(session: &mut Session, permit: &Permit, all: bool) -> Result<Vec<(String, i64)>> {
    session
        .rows(
            concat!(
                "select q.list_id, count(*) from match_queue q join batches b on b.id = q.batch_id
                 where q.state = 'open' and b.state in ('ready', 'accepted')
                 and ((q.village_code is null and $3 = 1) or ",
                visible!("q.village_code", "''"),
                ") group by q.list_id order by q.list_id"
            ),
            params![permit.account(), permit.today(), i64::from(all)],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect()
}

/// How many rows an account decided since an instant.
pub fn count_decided(session: &mut Session, account: &str, since: Instant) -> Result<i64> {
    session
        .row(
            "select count(*) from match_queue where decided_by = $1 and decided_at >= $2 and state = 'decided'",
            params![account, since],
        )?
        .int(0)
}

/// Every open question with this evidence whose batch is ready or accepted.
pub fn list_same(session: &mut Session, digest: &str) -> Result<Vec<Stored>> {
    session
        .rows(
            question!("where q.evidence_digest = $1 and q.state = 'open' and b.state in ('ready', 'accepted')"),
            params![digest],
        )?
        .iter()
        .map(stored)
        .collect()
}

/// What an account decided last: all the rows that one decision settled.
pub fn list_last(session: &mut Session, account: &str) -> Result<Vec<Stored>> {
    session
        .rows(
            question!(
                "where q.state = 'decided' and q.decided_by = $1 and q.decided_at =
                   (select max(decided_at) from match_queue where state = 'decided' and decided_by = $1)
                 order by q.batch_id, q.row_no"
            ),
            params![account],
        )?
        .iter()
        .map(stored)
        .collect()
}

/// What a decision makes of a row.
#[derive(Debug, Clone)]
pub struct Settled {
    /// Outcome of the row.
    pub outcome: RowOutcome,
    /// Why.
    pub reason: String,
    /// Whom it speaks of: person, household, village.
    pub whom: Option<(PersonId, HouseholdId, AreaCode)>,
    /// Keyed digest of the event.
    pub event: Option<String>,
    /// The day of the event.
    pub day: Option<Day>,
    /// The row it repeats.
    pub repeats: Option<At>,
}

/// Closes a question; `false` when somebody else was faster.
pub fn close(
    tx: &mut Tx,
    at: At,
    account: &str,
    (decision, whom): (&str, Option<(PersonId, HouseholdId)>),
) -> Result<bool> {
    let now = tx.now();
    let changed = tx.exec(
        "update match_queue set state = 'decided', decision = $3, person_id = $4, household_id = $5,
           decided_by = $6, decided_at = $7 where batch_id = $1 and row_no = $2 and state = 'open'",
        params![at.0, at.1, decision, whom.map(|w| w.0), whom.map(|w| w.1), account, now],
    )?;
    Ok(changed == 1)
}

/// Opens a question again.
pub fn reopen(tx: &mut Tx, at: At) -> Result<()> {
    tx.exec(
        "update match_queue set state = 'open', decision = null, person_id = null, household_id = null,
           decided_by = null, decided_at = null where batch_id = $1 and row_no = $2",
        params![at.0, at.1],
    )?;
    Ok(())
}

/// Outcome and person of a row, and the counts of its batch with it.
pub fn settle(tx: &mut Tx, at: At, settled: &Settled) -> Result<()> {
    let before: RowOutcome = tx
        .row(
            "select outcome from batch_rows where batch_id = $1 and row_no = $2",
            params![at.0, at.1],
        )?
        .parse(0)?;
    let whom = settled.whom;
    tx.exec(
        "update batch_rows set outcome = $3, reason = $4, person_id = $5, household_id = $6, village_code = $7,
           event_key = $8, event_day = $9, repeats_batch = $10, repeats_row = $11 where batch_id = $1 and row_no = $2",
        params![
            at.0,
            at.1,
            settled.outcome.text(),
            &settled.reason,
            whom.map(|w| w.0),
            whom.map(|w| w.1),
            whom.map(|w| w.2),
            settled.event.clone(),
            settled.day,
            settled.repeats.map(|at| at.0),
            settled.repeats.map(|at| at.1)
        ],
    )?;
    count(tx, at.0, before, -1)?;
    count(tx, at.0, settled.outcome, 1)
}

fn count(tx: &mut Tx, batch: BatchId, outcome: RowOutcome, by: i64) -> Result<()> {
    let sql = match outcome {
        RowOutcome::Taken => "update batches set rows_taken = rows_taken + $2 where id = $1",
        RowOutcome::Duplicate => {
            "update batches set rows_duplicate = rows_duplicate + $2 where id = $1"
        }
        RowOutcome::Asked => "update batches set rows_asked = rows_asked + $2 where id = $1",
        RowOutcome::NotHere => {
            "update batches set rows_not_here = rows_not_here + $2 where id = $1"
        }
        RowOutcome::Rejected => {
            "update batches set rows_rejected = rows_rejected + $2 where id = $1"
        }
    };
    tx.exec(sql, params![batch, by])?;
    Ok(())
}

/// Another taken row of the same batch with this event.
pub fn find_event_within(session: &mut Session, at: At, event: &str) -> Result<Option<i64>> {
    let row = session.find(
        "select row_no from batch_rows where event_key = $3 and batch_id = $1 and row_no <> $2 and outcome = 'taken'
         order by row_no limit 1",
        params![at.0, at.1, event],
    )?;
    row.map(|row| row.int(0)).transpose()
}

/// Whether another row counts as a repeat of this one.
pub fn is_repeated(session: &mut Session, at: At) -> Result<bool> {
    let row = session.find(
        "select 1 from batch_rows where repeats_batch = $1 and repeats_row = $2 limit 1",
        params![at.0, at.1],
    )?;
    Ok(row.is_some())
}

/// The household of the record that a row became.
pub fn find_subject(session: &mut Session, at: At) -> Result<Option<(HouseholdId, AreaCode)>> {
    let row = session.find(
        "select household_id, village_code from records where batch_id = $1 and row_no = $2 and household_id is not null",
        params![at.0, at.1],
    )?;
    row.map(|row| Ok((row.parse(0)?, row.parse(1)?))).transpose()
}

/// Takes the records of a row away; only for the undoing of a decision.
pub fn delete_records(tx: &mut Tx, at: At) -> Result<()> {
    tx.exec("delete from records where batch_id = $1 and row_no = $2", params![at.0, at.1])?;
    Ok(())
}
