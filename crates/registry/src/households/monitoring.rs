//! Queries that write the status under monitoring as a case decides it. It counts before what a register says.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{BatchId, HouseholdId};
use kernel::time::Day;
use store::{Ctx, Tx, params};

use super::status::Scheme;

/// The `source` of statuses that cases decide; a later register does not end them.
pub const DECIDED: &str = "cases";

fn batch(tx: &mut Tx, ctx: &Ctx, village: AreaCode) -> Result<BatchId> {
    let batch: BatchId = ctx.new_id();
    let now = tx.now();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, area_code, state, uploaded_by,
                              uploaded_at, accepted_at, rows_total, rows_taken)
         values ($1, 'hand', 'hand', 'hand', '', $1, $2, 'accepted', $3, $4, $4, 1, 1)",
        params![batch, village, &ctx.actor.account, now],
    )?;
    Ok(batch)
}

/// The household is monitored in a class from a day on; a class it had before ends on that day. `detail` is JSON.
pub fn begin_monitoring(
    tx: &mut Tx,
    ctx: &Ctx,
    (household, village): (HouseholdId, AreaCode),
    (class, from, detail): (&str, Day, &str),
) -> Result<()> {
    let (batch, now) = (batch(tx, ctx, village)?, tx.now());
    end_open(tx, household, from)?;
    tx.exec(
        "insert into statuses (household_id, seq, scheme, value, valid_from, source, detail, recorded_at, batch_id, row_no)
         values ($1, (select coalesce(max(s.seq), -1) + 1 from statuses s where s.household_id = $1), $2, $3, $4, $5, $6,
           $7, $8, 1)",
        params![household, Scheme::Monitored.as_str(), class, from, DECIDED, detail, now, batch],
    )?;
    tx.touch_household(household.to_string(), village);
    Ok(())
}

fn end_open(tx: &mut Tx, household: HouseholdId, on: Day) -> Result<usize> {
    let now = tx.now();
    tx.exec(
        "update statuses set valid_to = $2, ended_at = $3
         where household_id = $1 and scheme = 'monitored' and person_id is null and valid_to is null",
        params![household, on, now],
    )
}

/// The household is no longer monitored from a day on. Of one that only a register had as monitored it is written down since
/// when and in which class it was.
pub fn end_monitoring(
    tx: &mut Tx,
    ctx: &Ctx,
    (household, village): (HouseholdId, AreaCode),
    (class, since, on): (&str, Day, Day),
) -> Result<()> {
    let decided =
        "select 1 from statuses where household_id = $1 and scheme = 'monitored' and source = $2
           and valid_to is null";
    if tx.find(decided, params![household, DECIDED])?.is_none() {
        begin_monitoring(tx, ctx, (household, village), (class, since, "{}"))?;
    }
    end_open(tx, household, on)?;
    tx.touch_household(household.to_string(), village);
    Ok(())
}

/// The end was wrong: the household is monitored as it was before.
pub fn resume_monitoring(tx: &mut Tx, (household, village): (HouseholdId, AreaCode)) -> Result<()> {
    tx.exec(
        "update statuses set valid_to = null, ended_at = null
         where household_id = $1 and seq = (select max(s.seq) from statuses s where s.household_id = $1
           and s.scheme = 'monitored' and s.source = $2)",
        params![household, DECIDED],
    )?;
    tx.touch_household(household.to_string(), village);
    Ok(())
}

/// A household that split off a monitored one is not monitored itself: the status that it has from there ends on a day.
pub fn part_monitoring(
    tx: &mut Tx,
    (household, village): (HouseholdId, AreaCode),
    on: Day,
) -> Result<()> {
    end_open(tx, household, on)?;
    tx.touch_household(household.to_string(), village);
    Ok(())
}

/// That was wrong: what ended on the day goes on.
pub fn rejoin_monitoring(
    tx: &mut Tx,
    (household, village): (HouseholdId, AreaCode),
    on: Day,
) -> Result<()> {
    tx.exec(
        "update statuses set valid_to = null, ended_at = null
         where household_id = $1 and scheme = 'monitored' and person_id is null and valid_to = $2",
        params![household, on],
    )?;
    tx.touch_household(household.to_string(), village);
    Ok(())
}
