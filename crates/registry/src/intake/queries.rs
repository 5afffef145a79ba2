//! The SQL of batches, their rows, findings and coverage.

use kernel::error::{Error, Result};
use kernel::ids::BatchId;
use kernel::time::{Day, Instant, Period};
use store::{Ctx, Row, Session, Tx, Value, params};

use super::batch::{Batch, BatchState, Counts, NewBatch, SheetUse};

mod known;
mod rows;

pub use known::*;
pub use rows::*;

macro_rules! batch_columns {
    () => {
        "b.id, b.template, b.department, b.list_id, b.title, b.file_name, b.file_hash, b.period_from, b.period_to, \
         b.area_code, b.state, b.replaces_id, b.uploaded_by, b.uploaded_at, b.accepted_at, b.ended_at, b.rows_total, \
         b.rows_taken, b.rows_duplicate, b.rows_asked, b.rows_not_here, b.rows_rejected"
    };
}

mod views;

pub use views::*;

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

/// Whether no batch at all came of a file with this content.
pub fn is_unused(session: &mut Session, hash: &str) -> Result<bool> {
    Ok(session.find("select 1 from batches where file_hash = $1 limit 1", params![hash])?.is_none())
}

/// Accepted batches of the same list that bear the same name or speak of a time in common, newest first: those whose place
/// a corrected file may take.
pub fn list_rivals(session: &mut Session, new: &NewBatch) -> Result<Vec<Batch>> {
    // a file that does not say its time says it by its rows, which nobody has read yet
    let (from, to) = new.period.map_or((Day::MIN, Day::MAX), |period| (period.from, period.to));
    let rows = session.rows(
        concat!(
            "select ",
            batch_columns!(),
            " from batches b where b.list_id = $1 and b.state = 'accepted' \
             and (b.file_name = $2 or (b.period_from <= $3 and b.period_to >= $4)) \
             order by b.uploaded_at desc limit 60"
        ),
        params![&new.list, &new.file_name, to, from],
    )?;
    rows.iter().map(batch).collect()
}

/// Whether another batch of the same list about some of the same time began or ceased to count since this one was read.
pub fn is_overtaken(session: &mut Session, batch: &Batch) -> Result<bool> {
    let (from, to) = batch.period.map_or((Day::MIN, Day::MAX), |period| (period.from, period.to));
    let others = session.row(
        "select count(*) from batches
         where list_id = $1 and id <> $2 and state <> 'staging' and (accepted_at >= $3 or ended_at >= $3)
           and (period_from is null or (period_from <= $4 and period_to >= $5))",
        params![&batch.list, batch.id, batch.uploaded_at, to, from],
    )?;
    Ok(others.int(0)? > 0)
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
        "insert into batch_sheets (batch_id, sheet, name, template, list_id, header_row, mapping, coverage)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, sheet, &used.name, &used.template, &used.list, used.header_row, &used.mapping, used.coverage],
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

/// Whether a batch is in staging, and stays so until this transaction ends.
pub fn hold_staging(tx: &mut Tx, id: BatchId) -> Result<bool> {
    let held = tx.exec(
        "update batches set state = 'staging' where id = $1 and state = 'staging'",
        params![id],
    )?;
    Ok(held == 1)
}

/// Batches in staging: being written, or left by a program that stopped.
pub fn list_staging(session: &mut Session) -> Result<Vec<(BatchId, String)>> {
    session
        .rows("select id, template from batches where state = 'staging' order by id", &[])?
        .iter()
        .map(|row| Ok((row.parse(0)?, row.text(1)?)))
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
