//! A staged batch begins to count, or stops counting: one short transaction each.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::BatchId;
use kernel::time::Period;
use serde_json::json;
use store::{Ctx, Entry, Session, Tx};

use super::batch::{Batch, BatchState};
use super::deliver::{Until, Watcher};
use super::queries;
use super::staging::Job;
use crate::circumstances::ledger::{self, Prepared, Swap};
use crate::circumstances::register;

/// Ends the staging of a job as it was wished: looked at, ready, or accepted.
pub(super) fn finish(job: &mut Job<'_>, watcher: &mut dyn Watcher) -> Result<()> {
    if job.wish.until == Until::Look {
        return Ok(());
    }
    let mut tx = job.ctx.begin()?;
    queries::save_counts(&mut tx, job.batch, &job.counts)?;
    queries::save_period(&mut tx, job.batch, job.new.period)?;
    tx.commit_staged(&job.batch.to_string())?;
    watcher.stored();
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

/// Publishes a batch: from this commit on its rows count, and those of the batch it replaces do not. The facts that follow
/// are worked out before, so that nobody waits for them.
pub(super) fn accept_staged(ctx: &Ctx, id: BatchId, from: BatchState) -> Result<()> {
    let batch = queries::find_batch(&mut ctx.read()?, id)?
        .ok_or_else(|| Refusal::not_found("intake.no_batch"))?;
    let facts = prepare_accept(ctx, &batch)?;
    let done = ctx.begin().and_then(|tx| accept_in(ctx, tx, (&batch, from), &facts));
    ledger::forget(ctx, &facts)?;
    done
}

/// The facts as they will be once the batch counts.
pub(super) fn prepare_accept(ctx: &Ctx, batch: &Batch) -> Result<Prepared> {
    let covers = coverage(&mut ctx.read()?, batch)?
        .into_iter()
        .map(|(list, area, period)| Ok((list, area.parse()?, period)))
        .collect::<Result<Vec<_>>>()?;
    ledger::prepare(ctx, &Swap { begins: Some(batch.id), ends: batch.replaces, covers })
}

/// The part of accepting that all kinds of batches share; `tx` may hold more that belongs to it.
pub(super) fn accept_in(
    ctx: &Ctx,
    mut tx: Tx,
    (batch, from): (&Batch, BatchState),
    facts: &Prepared,
) -> Result<()> {
    if !queries::move_batch(&mut tx, batch.id, from, BatchState::Accepted)? {
        return Err(Refusal::conflict("intake.not_waiting").into());
    }
    if let Some(replaced) = batch.replaces {
        queries::move_batch(&mut tx, replaced, BatchState::Accepted, BatchState::Replaced)?;
        queries::end_questions(&mut tx, replaced)?;
    }
    let covers = coverage(&mut tx, batch)?;
    queries::insert_coverage(&mut tx, batch.id, &batch.department, &covers)?;
    ledger::apply(&mut tx, facts)?;
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

/// Takes a whole accepted batch back. The facts that follow are worked out before, so that nobody waits for them.
pub(super) fn revert_rows(ctx: &Ctx, batch: &Batch, reason: &str) -> Result<()> {
    let facts = ledger::prepare(ctx, &Swap { ends: Some(batch.id), ..Swap::default() })?;
    let done = ctx.begin().and_then(|tx| revert_in(ctx, tx, (batch, reason), &facts));
    ledger::forget(ctx, &facts)?;
    done
}

fn revert_in(
    ctx: &Ctx,
    mut tx: Tx,
    (batch, reason): (&Batch, &str),
    facts: &Prepared,
) -> Result<()> {
    if !queries::move_batch(&mut tx, batch.id, BatchState::Accepted, BatchState::Reverted)? {
        return Err(Refusal::conflict("intake.not_accepted").into());
    }
    if batch.list == "register" {
        register::revert(&mut tx, &batch.id)?;
    }
    queries::end_questions(&mut tx, batch.id)?;
    ledger::apply(&mut tx, facts)?;
    let entry = Entry::new(ctx, "intake.revert")
        .about("batch", batch.id.to_string())
        .detail(json!({ "list": batch.list, "reason": reason }));
    tx.commit(entry)?;
    Ok(())
}

/// Which lists have arrived with this batch, for which area and time.
fn coverage(session: &mut Session, batch: &Batch) -> Result<Vec<(String, String, Period)>> {
    let Some(period) = batch.period else { return Ok(Vec::new()) };
    let area = match batch.area {
        Some(area) => Some(area.to_string()),
        None => queries::find_county(session)?,
    };
    let Some(area) = area else { return Ok(Vec::new()) };
    let mut lists = queries::lists_of(session, batch.id)?;
    lists.sort();
    lists.dedup();
    Ok(lists
        .into_iter()
        .filter(|list| !list.is_empty())
        .map(|list| (list, area.clone(), period))
        .collect())
}
