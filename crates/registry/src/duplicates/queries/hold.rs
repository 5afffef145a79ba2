//! The SQL by which one merge waits for another.

use kernel::error::Result;
use kernel::ids::{HouseholdId, MergeId};
use store::{Tx, params};

/// Makes whoever merges something of these households wait until this transaction has ended.
pub fn hold_households(tx: &mut Tx, (one, other): (HouseholdId, HouseholdId)) -> Result<()> {
    tx.exec(
        "update households set merged_into = merged_into where id in ($1, $2)",
        params![one, other],
    )?;
    Ok(())
}

/// Makes whoever undoes the same merge wait until this transaction has ended.
pub fn hold_merge(tx: &mut Tx, id: MergeId) -> Result<()> {
    tx.exec("update merges set state = state where id = $1", params![id])?;
    Ok(())
}
