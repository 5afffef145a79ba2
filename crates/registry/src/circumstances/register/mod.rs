//! Taking in the register of households and people (户, 人), new or again.
//!
//! A county's register is fifty thousand households. They are written in short transactions under a batch that is not
//! yet accepted ([`stage`]); a household that arrives stands in no village, so nobody sees it. [`publish`] then gives all
//! of them their villages and carries out what the register changes about households that were known, in the one
//! transaction in which the batch is accepted. A crash in between leaves a batch that [`sweep`] clears away; [`revert`]
//! takes an accepted register back.

mod plan;
mod queries;
#[cfg(test)]
mod tests;

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::finding::Finding;
use kernel::idnumber::{IdNumber, Sex};
use kernel::ids::BatchId;
use kernel::phone::Phone;
use kernel::time::Day;
use store::{Ctx, Tx};

use super::topics;
use crate::households::Kin;
use crate::people::Certificate;
use plan::Plan;

/// A row of the household sheet, read and typed.
#[derive(Clone, Debug)]
pub struct HouseholdRow {
    /// The row's number within the batch.
    pub row_no: i64,
    /// 户编号.
    pub number: String,
    /// The village, already found by name or code.
    pub village: AreaCode,
    /// The household's own phone.
    pub phone: Option<Phone>,
    /// Everything else that the row says.
    pub says: topics::RegisterHousehold,
}

/// A row of the person sheet, read and typed.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The row's number within the batch.
    pub row_no: i64,
    /// 人编号.
    pub number: String,
    /// 户编号 of the household in which the person lives.
    pub household_number: String,
    /// Name as written.
    pub name: String,
    /// Sex.
    pub sex: Option<Sex>,
    /// Day of birth as the sheet has it.
    pub birth_day: Option<Day>,
    /// Which paper the number comes from.
    pub certificate: Certificate,
    /// The citizen number, also one with a wrong check character; `None` when there is none in the right form.
    pub id: Option<IdNumber>,
    /// What follows the 18 characters on a disability certificate.
    pub certificate_tail: Option<String>,
    /// Phone.
    pub phone: Option<Phone>,
    /// Relation to the head, if the word is known.
    pub kin: Option<Kin>,
    /// Everything else that the row says.
    pub says: topics::RegisterPerson,
}

/// The register's day and the batch under which it is taken in.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The batch, which must be in staging.
    pub batch: BatchId,
    /// The day whose state the register shows.
    pub day: Day,
    /// Who delivered it, the `source` of its records and statuses.
    pub source: String,
}

/// What became of a register that is staged.
#[derive(Debug)]
pub struct Staged {
    /// Households that were not known.
    pub new_households: usize,
    /// People who were not known.
    pub new_persons: usize,
    /// Households that are known and say something new about who lives there, their status or their place.
    pub changed_households: usize,
    /// People of known households whom the register does not name; they stay, and somebody is asked.
    pub left_out: usize,
    /// Rows that were not taken: their household is not in the household sheet, or their number came twice.
    pub rejected: Vec<i64>,
    /// What is doubtful, by row number.
    pub findings: Vec<(i64, Finding)>,
    /// Villages in which something changes.
    pub villages: Vec<AreaCode>,
    late: plan::Late,
    batch: BatchId,
}

/// How many households go into one transaction: short enough that a person who answers a lead does not wait.
const HOUSEHOLDS_AT_A_TIME: usize = 1_500;

/// Writes a register under its batch, invisible until [`publish`]. `progress` hears how many households are written.
///
/// # Errors
/// What the database refuses; the batch is then swept by whoever began it.
pub fn stage(
    ctx: &Ctx,
    delivery: &Delivery,
    households: &[HouseholdRow],
    persons: &[PersonRow],
    progress: &mut dyn FnMut(usize),
) -> Result<Staged> {
    let known = queries::load_known(&mut ctx.read()?, households)?;
    let mut plan = Plan::new(ctx, delivery, known);
    let grouped = plan.group(households, persons);
    // One thread works the rows out, the other writes them: a county has two cores to spare for its register.
    std::thread::scope(|scope| {
        let (send, receive) = std::sync::mpsc::sync_channel::<queries::Rows>(2);
        let batch = delivery.batch.to_string();
        let writer_ctx = ctx.clone();
        let writer = scope.spawn(move || writer_ctx.write_staged(&batch, receive, queries::insert));
        let mut worked_out = 0;
        for chunk in grouped.chunks(HOUSEHOLDS_AT_A_TIME) {
            worked_out += chunk.len();
            if send.send(plan.rows_of(chunk)?).is_err() {
                break;
            }
            progress(worked_out);
        }
        for rows in plan.search_rows() {
            if send.send(rows).is_err() {
                break;
            }
        }
        drop(send);
        writer.join().unwrap_or_else(|_| Err(Error::fault("the writer of the register stopped")))
    })?;
    Ok(plan.finish())
}

/// Makes a staged register count: new households stand in their villages, changes to known ones are carried out. The
/// caller accepts the batch and commits with its journal entry, all in `tx`.
///
/// # Errors
/// What the database refuses.
pub fn publish(tx: &mut Tx, staged: &Staged) -> Result<()> {
    queries::publish(tx, &staged.batch, &staged.late)?;
    for village in &staged.villages {
        tx.touch_village(*village);
    }
    Ok(())
}

/// Like [`publish`], where the facts of what arrives are prepared already: only households that were known and that this
/// register changes are derived in the commit.
///
/// # Errors
/// What the database refuses.
pub fn publish_prepared(tx: &mut Tx, staged: &Staged) -> Result<()> {
    queries::publish(tx, &staged.batch, &staged.late)?;
    for (household, village) in queries::changed_by(tx, &staged.late)? {
        tx.touch_household(household, village);
    }
    Ok(())
}

/// Clears away what a register left that was never accepted.
///
/// # Errors
/// What the database refuses.
pub fn sweep(tx: &mut Tx, batch: &BatchId) -> Result<()> {
    queries::sweep(tx, batch)
}

/// Takes an accepted register back: its households stand in no village again, stays and statuses that it began are gone,
/// those that it ended go on, and names, numbers, heads and places that it changed are what they were. The facts are
/// prepared before, with the register as the batch that ends.
///
/// # Errors
/// A conflict while a later register counts, which rests on this one; what the database refuses.
pub fn revert(tx: &mut Tx, batch: &BatchId) -> Result<()> {
    if let Some(file) = queries::find_later(tx, batch)? {
        return Err(Refusal::conflict("intake.later_register").arg("file", file).into());
    }
    for (household, village) in queries::revert(tx, batch)? {
        tx.touch_household(household, village);
    }
    Ok(())
}
