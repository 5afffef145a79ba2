//! The SQL of batches, their rows, findings and coverage.

use std::collections::HashMap;

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::finding::Finding;
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::time::{Day, Instant, Period};
use serde_json::json;
use store::{Ctx, Row, Session, Tx, Value, params};

use super::assign::{Decided, Question};
use super::batch::{Batch, BatchState, Counts, NewBatch, RowOutcome, RowResult, SheetUse};

macro_rules! batch_columns {
    () => {
        "b.id, b.template, b.department, b.list_id, b.title, b.file_name, b.file_hash, b.period_from, b.period_to, \
         b.area_code, b.state, b.replaces_id, b.uploaded_by, b.uploaded_at, b.accepted_at, b.ended_at, b.rows_total, \
         b.rows_taken, b.rows_duplicate, b.rows_asked, b.rows_not_here, b.rows_rejected"
    };
}

fn batch(row: &Row) -> Result<Batch> {
    let from: Option<Day> = row.opt_parse(7)?;
    let to: Option<Day> = row.opt_parse(8)?;
    Ok(Batch {
        id: row.parse(0)?,
        template: row.text(1)?,
        department: row.text(2)?,
        list: row.text(3)?,
        title: row.opt_text(4)?,
        file_name: row.text(5)?,
        file_hash: row.text(6)?,
        period: from.zip(to).and_then(|(from, to)| Period::new(from, to)),
        area: row.opt_parse(9)?,
        state: row.parse(10)?,
        replaces: row.opt_parse(11)?,
        uploaded_by: row.text(12)?,
        uploaded_at: row.parse(13)?,
        accepted_at: row.opt_parse::<Instant>(14)?,
        ended_at: row.opt_parse::<Instant>(15)?,
        counts: Counts {
            total: row.int(16)?,
            taken: row.int(17)?,
            duplicate: row.int(18)?,
            asked: row.int(19)?,
            not_here: row.int(20)?,
            rejected: row.int(21)?,
        },
    })
}

/// The batch with this id.
pub fn find_batch(session: &mut Session, id: BatchId) -> Result<Option<Batch>> {
    let row = session.find(
        concat!("select ", batch_columns!(), " from batches b where b.id = $1"),
        params![id],
    )?;
    row.as_ref().map(batch).transpose()
}

/// Accepted batches of a file with exactly this content.
pub fn find_by_hash(session: &mut Session, hash: &str) -> Result<Option<Batch>> {
    let row = session.find(
        concat!(
            "select ",
            batch_columns!(),
            " from batches b where b.file_hash = $1 and b.state = 'accepted' order by b.uploaded_at desc limit 1"
        ),
        params![hash],
    )?;
    row.as_ref().map(batch).transpose()
}

/// The accepted batch that a corrected file of the same list, period and name takes the place of.
pub fn find_replaced(session: &mut Session, new: &NewBatch) -> Result<Option<Batch>> {
    let row = session.find(
        concat!(
            "select ",
            batch_columns!(),
            " from batches b where b.list_id = $1 and b.file_name = $2 and b.state = 'accepted' \
             order by b.uploaded_at desc limit 1"
        ),
        params![&new.list, &new.file_name],
    )?;
    row.as_ref().map(batch).transpose()
}

/// Batches, newest first, of one department or all, before an id (keyset paging).
pub fn list_batches(
    session: &mut Session,
    department: Option<&str>,
    before: Option<BatchId>,
    limit: i64,
) -> Result<Vec<Batch>> {
    session
        .rows(
            concat!(
                "select ",
                batch_columns!(),
                " from batches b where b.template <> 'by_hand' \
                 and (cast($1 as text) is null or b.department = $1) \
                 and (cast($2 as text) is null or b.id < $2) order by b.id desc limit $3"
            ),
            params![department, before, limit],
        )?
        .iter()
        .map(batch)
        .collect()
}

/// Writes a batch in staging.
pub fn insert_batch(tx: &mut Tx, ctx: &Ctx, id: BatchId, new: &NewBatch) -> Result<()> {
    tx.exec(
        "insert into batches (id, template, department, list_id, title, file_name, file_hash, period_from, period_to,
           area_code, state, replaces_id, uploaded_by, uploaded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'staging', $11, $12, $13)",
        &[
            id.into(),
            Value::from(&new.template),
            Value::from(&new.department),
            Value::from(&new.list),
            new.title.clone().into(),
            Value::from(&new.file_name),
            Value::from(&new.file_hash),
            new.period.map(|period| period.from).into(),
            new.period.map(|period| period.to).into(),
            new.area.into(),
            new.replaces.into(),
            Value::from(&ctx.actor.account),
            ctx.now.into(),
        ],
    )?;
    for (sheet, used) in (0_i64..).zip(&new.sheets) {
        insert_sheet(tx, id, sheet, used)?;
    }
    Ok(())
}

fn insert_sheet(tx: &mut Tx, id: BatchId, sheet: i64, used: &SheetUse) -> Result<()> {
    tx.exec(
        "insert into batch_sheets (batch_id, sheet, name, template, list_id, header_row, mapping)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![id, sheet, &used.name, &used.template, &used.list, used.header_row, &used.mapping],
    )?;
    Ok(())
}

/// Writes what became of rows; a staging batch only.
pub fn insert_rows(tx: &mut Tx, id: BatchId, rows: &[RowResult]) -> Result<()> {
    tx.insert_many(
        "batch_rows",
        &[
            "batch_id",
            "row_no",
            "outcome",
            "reason",
            "person_id",
            "household_id",
            "village_code",
            "event_key",
            "event_day",
            "amount_fen",
            "repeats_batch",
            "repeats_row",
        ],
        rows.iter().map(|row| {
            vec![
                id.into(),
                row.key.into(),
                row.outcome.text().into(),
                row.reason.as_str().into(),
                row.person.into(),
                row.household.into(),
                row.village.into(),
                row.event_key.clone().into(),
                row.event_day.into(),
                row.amount.into(),
                row.repeats.map(|(batch, _)| batch).into(),
                row.repeats.map(|(_, key)| key).into(),
            ]
        }),
    )?;
    Ok(())
}

/// Writes findings after the `from`-th of the batch.
pub fn insert_findings(tx: &mut Tx, id: BatchId, from: i64, found: &[Finding]) -> Result<()> {
    tx.insert_many(
        "findings",
        &["batch_id", "seq", "severity", "code", "sheet", "row_no", "cell", "args"],
        found.iter().zip(from..).map(|(finding, seq)| {
            let args: serde_json::Map<String, serde_json::Value> =
                finding.args.iter().map(|(name, value)| (name.to_string(), json!(value))).collect();
            vec![
                id.into(),
                seq.into(),
                finding.severity.text().into(),
                finding.code.as_ref().into(),
                finding.place.sheet.clone().into(),
                i64::from(finding.place.row.unwrap_or(0)).into(),
                finding.place.cell().into(),
                serde_json::Value::Object(args).to_string().into(),
            ]
        }),
    )?;
    Ok(())
}

/// Sets the counts of a batch.
pub fn save_counts(tx: &mut Tx, id: BatchId, counts: &Counts) -> Result<()> {
    tx.exec(
        "update batches set rows_total = $2, rows_taken = $3, rows_duplicate = $4, rows_asked = $5,
           rows_not_here = $6, rows_rejected = $7 where id = $1",
        params![
            id,
            counts.total,
            counts.taken,
            counts.duplicate,
            counts.asked,
            counts.not_here,
            counts.rejected
        ],
    )?;
    Ok(())
}

/// Moves a batch from one state to another; `false` when it is not in `from` (any more).
pub fn move_batch(tx: &mut Tx, id: BatchId, from: BatchState, to: BatchState) -> Result<bool> {
    let now = tx.now();
    let changed = match to {
        BatchState::Accepted => tx.exec(
            "update batches set state = $3, accepted_at = $4, ended_at = null where id = $1 and state = $2",
            params![id, from.text(), to.text(), now],
        )?,
        _ => tx.exec(
            "update batches set state = $3, ended_at = $4 where id = $1 and state = $2",
            params![id, from.text(), to.text(), now],
        )?,
    };
    Ok(changed == 1)
}

/// Removes what a batch that never was published left behind.
pub fn sweep(tx: &mut Tx, id: BatchId) -> Result<()> {
    tx.exec("delete from records where batch_id = $1", params![id])?;
    tx.exec("delete from batch_rows where batch_id = $1", params![id])?;
    tx.exec("delete from findings where batch_id = $1", params![id])?;
    tx.exec("delete from match_queue where batch_id = $1", params![id])?;
    tx.exec("delete from coverage where batch_id = $1", params![id])?;
    tx.exec("delete from batch_sheets where batch_id = $1", params![id])?;
    tx.exec("delete from batches where id = $1 and state = 'staging'", params![id])?;
    Ok(())
}

/// Batches left in staging by a program that stopped.
pub fn list_staging(session: &mut Session) -> Result<Vec<(BatchId, String)>> {
    session
        .rows("select id, template from batches where state = 'staging' order by id", &[])?
        .iter()
        .map(|row| Ok((row.parse(0)?, row.text(1)?)))
        .collect()
}

/// Households and villages that the records of a batch speak of.
pub fn touched_by(session: &mut Session, id: BatchId) -> Result<Vec<(Option<String>, String)>> {
    session
        .rows(
            "select distinct household_id, village_code from records where batch_id = $1",
            params![id],
        )?
        .iter()
        .map(|row| Ok((row.opt_text(0)?, row.text(1)?)))
        .collect()
}

/// Records that a list has arrived for an area and period.
pub fn insert_coverage(
    tx: &mut Tx,
    id: BatchId,
    department: &str,
    covers: &[(String, String, Period)],
) -> Result<()> {
    for (list, area, period) in covers {
        tx.exec(
            "insert into coverage (department, list_id, area_code, from_day, to_day, batch_id)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (list_id, area_code, from_day, batch_id) do update set to_day = excluded.to_day",
            params![department, list, area, period.from, period.to, id],
        )?;
    }
    Ok(())
}

/// First rows of the events with these keys among accepted batches: key → (batch, row).
pub fn find_events(session: &mut Session, keys: &[String]) -> Result<Vec<(String, BatchId, i64)>> {
    session
        .rows(
            "select r.event_key, r.batch_id, r.row_no from batch_rows r join batches b on b.id = r.batch_id
             where r.event_key in (select value from json_each($1)) and r.outcome = 'taken' and b.state = 'accepted'",
            params![json!(keys).to_string()],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.parse(1)?, row.int(2)?)))
        .collect()
}

/// Rows of a batch with one outcome (or all), after a key.
pub fn list_rows(
    session: &mut Session,
    id: BatchId,
    outcome: Option<RowOutcome>,
    page: (i64, i64),
) -> Result<Vec<RowResult>> {
    session
        .rows(
            "select row_no, outcome, reason, person_id, household_id, village_code, event_key, event_day, amount_fen,
               repeats_batch, repeats_row
             from batch_rows where batch_id = $1 and (cast($2 as text) is null or outcome = $2) and row_no > $3
             order by row_no limit $4",
            params![id, outcome.map(RowOutcome::text), page.0, page.1],
        )?
        .iter()
        .map(|row| {
            let batch: Option<BatchId> = row.opt_parse(9)?;
            Ok(RowResult {
                key: row.int(0)?,
                outcome: row.parse(1)?,
                reason: row.text(2)?,
                person: row.opt_parse(3)?,
                household: row.opt_parse(4)?,
                village: row.opt_parse(5)?,
                event_key: row.opt_text(6)?,
                event_day: row.opt_parse(7)?,
                amount: row.opt_int(8)?.map(kernel::money::Money::from_fen),
                repeats: batch.zip(row.opt_int(10)?),
            })
        })
        .collect()
}

/// The sealed identity number of a person.
pub fn find_sealed_number(session: &mut Session, person: PersonId) -> Result<Option<String>> {
    let row = session.find("select id_sealed from persons where id = $1", params![person])?;
    row.map(|row| row.opt_text(0)).transpose().map(Option::flatten)
}

/// The village in which a household stands.
pub fn village_of(session: &mut Session, household: HouseholdId) -> Result<Option<AreaCode>> {
    let row =
        session.find("select village_code from households where id = $1", params![household])?;
    row.map(|row| row.opt_parse(0)).transpose().map(Option::flatten)
}

/// What people decided about evidence, by its digest; the latest decision counts.
pub fn decisions(session: &mut Session) -> Result<HashMap<String, Decided>> {
    let mut found = HashMap::new();
    session.each(
        "select evidence_digest, decision, person_id, household_id from match_queue
         where state = 'decided' order by decided_at",
        &[],
        |row| {
            let household: Option<HouseholdId> = row.opt_parse(3)?;
            let person: Option<PersonId> = row.opt_parse(2)?;
            let decided = match (person, household) {
                (Some(person), Some(household)) => Decided::Person(person, household),
                (None, Some(household)) => Decided::Household(household),
                _ => Decided::NotHere,
            };
            found.insert(row.text(0)?, decided);
            Ok(true)
        },
    )?;
    Ok(found)
}

/// Puts questions into the match queue.
pub fn insert_questions(tx: &mut Tx, id: BatchId, list: &str, asked: &[Question]) -> Result<()> {
    tx.insert_many(
        "match_queue",
        &[
            "batch_id",
            "row_no",
            "list_id",
            "village_code",
            "evidence",
            "evidence_digest",
            "candidates",
            "state",
        ],
        asked.iter().map(|one| {
            vec![
                id.into(),
                one.key.into(),
                list.into(),
                one.village.into(),
                Value::from(&one.evidence),
                Value::from(&one.digest),
                Value::from(&one.candidates),
                "open".into(),
            ]
        }),
    )?;
    Ok(())
}

/// Writes the records of rows that were taken.
pub fn insert_records(tx: &mut Tx, records: impl IntoIterator<Item = Vec<Value>>) -> Result<()> {
    tx.insert_many(
        "records",
        &[
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
        ],
        records,
    )?;
    Ok(())
}

/// The batch with this id, which must be there.
pub fn load_batch(session: &mut Session, id: BatchId) -> Result<Batch> {
    find_batch(session, id)?.ok_or_else(|| Error::fault("a batch that is being written is gone"))
}

/// Sets the period of a batch.
pub fn save_period(tx: &mut Tx, id: BatchId, period: Option<Period>) -> Result<()> {
    tx.exec(
        "update batches set period_from = $2, period_to = $3 where id = $1",
        params![id, period.map(|p| p.from), period.map(|p| p.to)],
    )?;
    Ok(())
}

/// The lists that the sheets of a batch deliver.
pub fn lists_of(session: &mut Session, id: BatchId) -> Result<Vec<String>> {
    session
        .rows("select list_id from batch_sheets where batch_id = $1", params![id])?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

/// The county whose areas were imported, if it is one.
pub fn find_county(session: &mut Session) -> Result<Option<String>> {
    let rows =
        session.rows("select code from areas where level = 'county' order by code limit 2", &[])?;
    match rows.as_slice() {
        [one] => one.text(0).map(Some),
        _ => Ok(None),
    }
}

/// Villages whose households an income list speaks of.
pub fn villages_of_incomes(session: &mut Session, id: BatchId) -> Result<Vec<String>> {
    session
        .rows(
            "select distinct h.village_code from households h
             where h.village_code is not null
               and exists (select 1 from incomes i where i.household_id = h.id and i.batch_id = $1)",
            params![id],
        )?
        .iter()
        .map(|row| row.text(0))
        .collect()
}

/// Open questions of a batch that no longer counts are withdrawn.
pub fn end_questions(tx: &mut Tx, id: BatchId) -> Result<()> {
    tx.exec(
        "update match_queue set state = 'withdrawn' where batch_id = $1 and state = 'open'",
        params![id],
    )?;
    Ok(())
}

/// Mappings that people decided, by digest of the headings.
pub fn mappings(session: &mut Session) -> Result<HashMap<String, String>> {
    session
        .rows("select signature, mapping from mappings", &[])?
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect()
}

/// Remembers a mapping.
pub fn save_mapping(
    tx: &mut Tx,
    ctx: &Ctx,
    (signature, template): (&str, &str),
    mapping: &str,
) -> Result<()> {
    tx.exec(
        "insert into mappings (signature, template, mapping, decided_by, decided_at) values ($1, $2, $3, $4, $5)
         on conflict (signature) do update set template = excluded.template, mapping = excluded.mapping,
           decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        params![signature, template, mapping, &ctx.actor.account, ctx.now],
    )?;
    Ok(())
}

/// 户编号 and 人编号 of the whole register by id, for files that leave the program in the register's own numbers.
pub fn register_numbers(session: &mut Session) -> Result<HashMap<String, String>> {
    let mut numbers = HashMap::new();
    for sql in ["select id, number from persons", "select id, number from households"] {
        session.each(sql, &[], |row| {
            numbers.insert(row.text(0)?, row.text(1)?);
            Ok(true)
        })?;
    }
    Ok(numbers)
}

/// File name and sheet names of every batch by id.
pub fn batch_places(session: &mut Session) -> Result<HashMap<String, (String, Vec<String>)>> {
    let mut places: HashMap<String, (String, Vec<String>)> = HashMap::new();
    session.each(
        "select b.id, b.file_name, s.name from batches b join batch_sheets s on s.batch_id = b.id order by b.id, s.sheet",
        &[],
        |row| {
            let place = places.entry(row.text(0)?).or_insert_with(|| (String::new(), Vec::new()));
            place.0 = row.text(1)?;
            place.1.push(row.text(2)?);
            Ok(true)
        },
    )?;
    Ok(places)
}
