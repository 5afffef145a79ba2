//! What people do with deliveries: bring a file, accept it, take it back, map its columns, decide who a row is about.

use std::time::Duration;

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{BatchId, HouseholdId};
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry};

use super::batch::{Batch, BatchState};
use super::deliver::{self, Delivered, Desk, Looked, Until, Upload, Watcher, Wish};
use super::mapping::Mapping;
use super::queries::BatchFilter;
use super::{publish, queries};
use crate::circumstances::register;

/// Takes in a file as far as `wish` says. The same content a second time is recognised and changes nothing; a corrected
/// file of the same list and name takes the place of the one before. Who has opened the file already hands it over.
pub fn bring(
    ctx: &Ctx,
    desk: &Desk,
    (upload, looked, wish): (&Upload, Option<Looked>, &Wish),
    watcher: &mut dyn Watcher,
) -> Result<Delivered> {
    ctx.permit(Permission::IntakeUpload)?;
    if wish.until == Until::Accepted {
        ctx.permit(Permission::IntakeAccept)?;
    }
    deliver::deliver(ctx, desk, (upload, looked, wish), watcher)
}

/// A batch of the caller's office (or any, for those who see all).
pub fn load(ctx: &Ctx, id: BatchId) -> Result<Batch> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let batch = queries::find_batch(&mut ctx.read()?, id)?;
    batch
        .filter(|batch| permit.department().is_none_or(|office| office == batch.department))
        .ok_or_else(|| ctx.not_found("intake.no_batch", &id.to_string()))
}

/// Batches that a filter takes, newest first, each with the name of who brought it; an office sees its own only.
pub fn list(ctx: &Ctx, filter: &BatchFilter, limit: i64) -> Result<Vec<(Batch, String)>> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let office = permit.department().map(str::to_owned);
    let filter =
        BatchFilter { department: office.or_else(|| filter.department.clone()), ..filter.clone() };
    queries::list_filtered(&mut ctx.read()?, &filter, limit)
}

/// A row that somebody may see, and about whom it speaks.
#[derive(Debug, Clone)]
pub struct RowAbout {
    /// Its batch.
    pub batch: Batch,
    /// Row as the file counts it.
    pub row: i64,
    /// The household, if it is known, and the village in which it stands.
    pub household: Option<(HouseholdId, Option<AreaCode>)>,
}

/// One row of a batch in the caller's scope, for who wants to ask about it.
pub fn row_about(ctx: &Ctx, id: BatchId, key: i64) -> Result<RowAbout> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let batch = load(ctx, id)?;
    let whole = super::api::sees_whole(ctx, &batch);
    let mut session = ctx.read()?;
    let seen = queries::find_seen(&mut session, (&permit, whole), (id, key))?
        .ok_or_else(|| ctx.not_found("intake.no_row", &format!("{id}/{key}")))?;
    let household = match seen.household {
        Some((household, _)) => Some((household, queries::village_of(&mut session, household)?)),
        None => None,
    };
    Ok(RowAbout { batch, row: super::batch::place_of(key).1, household })
}

/// Accepts a batch that was looked at. It is staged anew from its original when others of its list came or went meanwhile:
/// what it replaces and which of its rows are repeats was said before them. A register or an income list always is,
/// because other changes may have been made in between. The batch has another id then, which is returned.
pub fn accept(ctx: &Ctx, desk: &Desk, id: BatchId, watcher: &mut dyn Watcher) -> Result<BatchId> {
    ctx.permit(Permission::IntakeAccept)?;
    let batch = load(ctx, id)?;
    if batch.state != BatchState::Ready {
        return Err(Refusal::conflict("intake.not_waiting").into());
    }
    let anew = batch.list == "register" || batch.list == "income";
    if !anew && !queries::is_overtaken(&mut ctx.read()?, &batch)? {
        publish::accept_staged(ctx, id, BatchState::Ready)?;
        return Ok(id);
    }
    let upload = Upload {
        name: batch.file_name.clone(),
        bytes: desk.originals.open(&batch.file_hash)?.into(),
    };
    discard(ctx, id)?;
    let (period, area) = (batch.period, batch.area);
    let wish = Wish { period, area, ..Wish::of(Until::Accepted) };
    let delivered = deliver::deliver(ctx, desk, (&upload, None, &wish), watcher)?;
    delivered.batch.ok_or_else(|| Error::fault("an accepted file left no batch"))
}

/// Throws away a batch that was looked at and not wanted.
pub fn discard(ctx: &Ctx, id: BatchId) -> Result<()> {
    ctx.permit(Permission::IntakeUpload)?;
    let batch = load(ctx, id)?;
    let mut tx = ctx.begin()?;
    if !queries::move_batch(&mut tx, id, BatchState::Ready, BatchState::Staging)? {
        return Err(Refusal::conflict("intake.not_waiting").into());
    }
    if batch.list == "register" {
        register::sweep(&mut tx, &id)?;
    }
    queries::sweep(&mut tx, id)?;
    tx.commit(Entry::new(ctx, "intake.discard").about("batch", id.to_string()))?;
    Ok(())
}

/// Takes a whole accepted batch back; what it said no longer counts from this moment.
pub fn revert(ctx: &Ctx, id: BatchId, reason: &str) -> Result<()> {
    ctx.permit(Permission::IntakeRevert)?;
    let batch = load(ctx, id)?;
    publish::revert_rows(ctx, &batch, reason)
}

/// By what a mapping is remembered: the headings, and the office whose list they are. Two offices may send the same
/// headings and mean different lists.
pub(super) fn mapping_key(ctx: &Ctx, office: &str, signature: &str) -> String {
    ctx.db.keys().digest(&format!("{office}\u{1f}{signature}"))
}

/// Remembers how the columns of files with these headings map: for the office whose list it is, and for the county where
/// the county says so.
pub fn remember_mapping(
    ctx: &Ctx,
    (office, signature): (&str, &str),
    mapping: &Mapping,
) -> Result<()> {
    let permit = ctx.permit(Permission::IntakeMap)?;
    let text = serde_json::to_string(&mapping.to_remember())
        .map_err(|why| kernel::error::Error::fault(format!("mapping: {why}")))?;
    let mut tx = ctx.begin()?;
    let digest = mapping_key(ctx, office, signature);
    queries::save_mapping(&mut tx, ctx, (&digest, &mapping.template), &text)?;
    if permit.department().is_none() {
        let own = mapping_key(ctx, "", signature);
        queries::save_mapping(&mut tx, ctx, (&own, &mapping.template), &text)?;
    }
    let detail = json!({ "template": mapping.template });
    tx.commit(Entry::new(ctx, "intake.map").about("mapping", digest).detail(detail))?;
    Ok(())
}

/// Forgets files for whose columns nobody answered for so long: they are kept only until a reading of them becomes a batch.
/// Returns how many. Run once a day while serving.
pub fn sweep_originals(ctx: &Ctx, desk: &Desk, wait: Duration) -> Result<usize> {
    let mut session = ctx.read()?;
    let mut swept = 0;
    for hash in desk.originals.list_older(wait)? {
        if queries::is_unused(&mut session, &hash)? {
            desk.originals.forget(&hash)?;
            swept += 1;
        }
    }
    Ok(swept)
}

/// Clears away what a program that stopped in the middle left behind; what somebody still writes, in this program or in
/// another one on the same database, is left alone. Run at every start, and every minute while serving.
pub fn sweep(ctx: &Ctx) -> Result<usize> {
    let left = queries::list_staging(&mut ctx.read()?)?;
    let mut swept = 0;
    for (id, template) in &left {
        let Some(_lease) = ctx.db.lease(&id.to_string())? else { continue };
        let mut tx = ctx.begin()?;
        // Its writer may have finished since it was listed.
        if !queries::hold_staging(&mut tx, *id)? {
            continue;
        }
        if template.starts_with("register") {
            register::sweep(&mut tx, id)?;
        }
        queries::sweep(&mut tx, *id)?;
        tx.commit(Entry::new(ctx, "intake.sweep").about("batch", id.to_string()))?;
        swept += 1;
    }
    Ok(swept)
}
