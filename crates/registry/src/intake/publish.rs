//! A staged batch begins to count, or stops counting: one short transaction each.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::BatchId;
use kernel::time::Period;
use serde_json::json;
use store::{Ctx, Entry, Tx};

use super::batch::{Batch, BatchState};
use super::deliver::Until;
use super::queries;
use super::staging::Job;

/// Ends the staging of a job as it was wished: looked at, ready, or accepted.
pub(super) fn finish(job: &mut Job<'_>) -> Result<()> {
    if job.wish.until == Until::Look {
        return Ok(());
    }
    let mut tx = job.ctx.begin()?;
    queries::save_counts(&mut tx, job.batch, &job.counts)?;
    queries::save_period(&mut tx, job.batch, job.new.period)?;
    tx.commit_staged(&job.batch.to_string())?;
    match job.wish.until {
        Until::Accepted => accept_staged(job.ctx, job.batch, BatchState::Staging),
        _ => set_ready(job.ctx, job.batch),
    }
}

fn set_ready(ctx: &Ctx, id: BatchId) -> Result<()> {
    let mut tx = ctx.begin()?;
    if !queries::move_batch(&mut tx, id, BatchState::Staging, BatchState::Ready)? {
        return Err(Error::fault("a batch left staging while it was written"));
    }
    tx.commit(Entry::new(ctx, "intake.upload").about("batch", id.to_string()))?;
    Ok(())
}

/// Publishes a batch of records: from this commit on its rows count, and those of the batch it replaces do not.
pub(super) fn accept_staged(ctx: &Ctx, id: BatchId, from: BatchState) -> Result<()> {
    let mut tx = ctx.begin()?;
    let batch =
        queries::find_batch(&mut tx, id)?.ok_or_else(|| Refusal::not_found("intake.no_batch"))?;
    touch(&mut tx, id)?;
    touch_latest(&mut tx, &batch)?;
    accept_in(ctx, tx, (&batch, from))
}

/// The part of accepting that all kinds of batches share; `tx` may hold more that belongs to it.
pub(super) fn accept_in(ctx: &Ctx, mut tx: Tx, (batch, from): (&Batch, BatchState)) -> Result<()> {
    if !queries::move_batch(&mut tx, batch.id, from, BatchState::Accepted)? {
        return Err(Refusal::conflict("intake.not_waiting").into());
    }
    if let Some(replaced) = batch.replaces {
        touch(&mut tx, replaced)?;
        queries::move_batch(&mut tx, replaced, BatchState::Accepted, BatchState::Replaced)?;
        queries::end_questions(&mut tx, replaced)?;
    }
    let covers = coverage(&mut tx, batch)?;
    queries::insert_coverage(&mut tx, batch.id, &batch.department, &covers)?;
    let entry =
        Entry::new(ctx, "intake.accept").about("batch", batch.id.to_string()).detail(json!({
            "list": batch.list,
            "file": batch.file_hash,
            "rows": batch.counts.total,
            "taken": batch.counts.taken,
            "replaces": batch.replaces.map(|id| id.to_string()),
        }));
    tx.commit(entry)?;
    Ok(())
}

/// Takes a whole accepted batch back.
pub(super) fn revert_records(ctx: &Ctx, batch: &Batch, reason: &str) -> Result<()> {
    let mut tx = ctx.begin()?;
    touch(&mut tx, batch.id)?;
    touch_latest(&mut tx, batch)?;
    revert_in(ctx, tx, (batch, reason))
}

/// The part of reverting that all kinds of batches share.
pub(super) fn revert_in(ctx: &Ctx, mut tx: Tx, (batch, reason): (&Batch, &str)) -> Result<()> {
    if !queries::move_batch(&mut tx, batch.id, BatchState::Accepted, BatchState::Reverted)? {
        return Err(Refusal::conflict("intake.not_accepted").into());
    }
    queries::end_questions(&mut tx, batch.id)?;
    let entry = Entry::new(ctx, "intake.revert")
        .about("batch", batch.id.to_string())
        .detail(json!({ "list": batch.list, "reason": reason }));
    tx.commit(entry)?;
    Ok(())
}

/// Says which households and villages the records of a batch speak of.
pub(super) fn touch(tx: &mut Tx, id: BatchId) -> Result<()> {
    for (household, village) in queries::touched_by(tx, id)? {
        let village = village.parse()?;
        match household {
            Some(household) => tx.touch_household(household, village),
            None => tx.touch_village(village),
        }
    }
    Ok(())
}

/// Where the latest list says how things stand, a new one also changes those who stood on the one before.
fn touch_latest(tx: &mut Tx, batch: &Batch) -> Result<()> {
    for before in queries::latest_of_same_lists(tx, batch.id)? {
        touch(tx, before)?;
    }
    Ok(())
}

/// Which lists have arrived with this batch, for which area and time.
fn coverage(tx: &mut Tx, batch: &Batch) -> Result<Vec<(String, String, Period)>> {
    let Some(period) = batch.period else { return Ok(Vec::new()) };
    let area = match batch.area {
        Some(area) => Some(area.to_string()),
        None => queries::find_county(tx)?,
    };
    let Some(area) = area else { return Ok(Vec::new()) };
    let mut lists = queries::lists_of(tx, batch.id)?;
    lists.sort();
    lists.dedup();
    Ok(lists
        .into_iter()
        .filter(|list| !list.is_empty())
        .map(|list| (list, area.clone(), period))
        .collect())
}
