//! Queries of the taking over of registers that came before there were cases: how far it is.

use kernel::error::Result;
use kernel::time::Instant;
use store::{Session, Tx, params};

/// A taking over that has not ended: when it began, how many households it found, how many it has taken.
pub fn find_open(session: &mut Session) -> Result<Option<(Instant, i64, i64)>> {
    let row = session.find(
        "select begun_at, waiting, taken from case_take_overs where ended_at is null order by begun_at desc limit 1",
        &[],
    )?;
    row.map(|row| Ok((row.parse(0)?, row.int(1)?, row.int(2)?))).transpose()
}

/// Begins one.
pub fn insert(tx: &mut Tx, (begun, waiting): (Instant, i64)) -> Result<()> {
    tx.exec(
        "insert into case_take_overs (begun_at, waiting, taken) values ($1, $2, 0)
         on conflict (begun_at) do update set waiting = excluded.waiting",
        params![begun, waiting],
    )?;
    Ok(())
}

/// It has gone on, and perhaps ended.
pub fn save(tx: &mut Tx, begun: Instant, (taken, ended): (i64, bool)) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "update case_take_overs set taken = taken + $2, ended_at = $3 where begun_at = $1",
        params![begun, taken, ended.then_some(now)],
    )?;
    Ok(())
}
