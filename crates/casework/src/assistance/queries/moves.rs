//! Queries of help for one person that goes along when the person lives in another household.

use kernel::error::Result;
use kernel::ids::{HouseholdId, MeasureId, PersonId};
use store::{Ctx, Row, Session, Tx, params};

/// The household in which a person lives now, and its number.
pub fn find_home(session: &mut Session, person: PersonId) -> Result<Option<(HouseholdId, String)>> {
    let row = session.find(
        "select h.id, h.number from memberships m join persons p on p.id = m.person_id join households h on h.id = m.household_id
         where m.person_id = $1 and m.valid_to is null and p.died_on is null and h.closed_on is null
         order by m.valid_from desc limit 1",
        params![person],
    )?;
    row.map(|row| Ok((row.parse(0)?, row.text(1)?))).transpose()
}

/// Help for people that was promised to a household, is not over, and whose people live in another one now: with the version.
pub fn list_gone_along(
    session: &mut Session,
    (from, to): (HouseholdId, HouseholdId),
) -> Result<Vec<(MeasureId, i64)>> {
    let rows = session.rows(
        "select m.id, m.version from measures m left join persons q on q.id = m.person_id
         where m.household_id = $1 and m.ended_on is null and exists (select 1 from memberships s
           where s.person_id = coalesce(q.merged_into, m.person_id) and s.household_id = $2 and s.valid_to is null)
         order by m.promised_on, m.id",
        params![from, to],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.int(1)?))).collect()
}

/// A measure is that of another household from now on; `false` when somebody has changed it since.
pub fn save_household(
    tx: &mut Tx,
    (id, version): (MeasureId, i64),
    to: HouseholdId,
) -> Result<bool> {
    let written = tx.exec(
        "update measures set household_id = $3, version = version + 1 where id = $1 and version = $2",
        params![id.to_string(), version, to],
    )?;
    Ok(written == 1)
}

/// Keeps that it went along.
pub fn insert_move(
    tx: &mut Tx,
    ctx: &Ctx,
    id: MeasureId,
    (from, to): (HouseholdId, HouseholdId),
) -> Result<()> {
    tx.exec(
        "insert into measure_moves (measure_id, seq, from_household, to_household, account_id, by_name, recorded_at)
         select $1, (select coalesce(max(seq), 0) + 1 from measure_moves where measure_id = $1), $2, $3, $4, $5, $6",
        params![id.to_string(), from, to, &ctx.actor.account, &ctx.actor.name, ctx.now],
    )?;
    Ok(())
}

/// A way that a measure went and that was not undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The measure.
    pub measure: MeasureId,
    /// Its place among those of the measure.
    pub seq: i64,
    /// From which household, and its number.
    pub from: (HouseholdId, String),
    /// To which.
    pub to: HouseholdId,
    /// Who did it.
    pub by: String,
    /// The day.
    pub on: kernel::time::Day,
}

fn moved(row: &Row) -> Result<Moved> {
    Ok(Moved {
        measure: row.parse(0)?,
        seq: row.int(1)?,
        from: (row.parse(2)?, row.text(3)?),
        to: row.parse(4)?,
        by: row.text(5)?,
        on: row.parse::<kernel::time::Instant>(6)?.day(),
    })
}

/// The last way of a measure that was not undone, as long as the measure is still there.
pub fn find_move(session: &mut Session, id: MeasureId) -> Result<Option<Moved>> {
    let row = session.find(
        "select v.measure_id, v.seq, v.from_household, h.number, v.to_household, v.by_name, v.recorded_at
         from measure_moves v join households h on h.id = v.from_household join measures m on m.id = v.measure_id
         where v.measure_id = $1 and v.undone_at is null and m.household_id = v.to_household order by v.seq desc limit 1",
        params![id.to_string()],
    )?;
    row.as_ref().map(moved).transpose()
}

/// The ways between two households that were not undone, of measures that are still there.
pub fn list_moves(
    session: &mut Session,
    (from, to): (HouseholdId, HouseholdId),
) -> Result<Vec<Moved>> {
    let rows = session.rows(
        "select v.measure_id, v.seq, v.from_household, h.number, v.to_household, v.by_name, v.recorded_at
         from measures m join measure_moves v on v.measure_id = m.id join households h on h.id = v.from_household
         where m.household_id = $2 and v.from_household = $1 and v.to_household = $2 and v.undone_at is null
         order by v.measure_id, v.seq",
        params![from, to],
    )?;
    rows.iter().map(moved).collect()
}

/// A way is undone: the measure is again where it was.
pub fn undo_move(tx: &mut Tx, ctx: &Ctx, of: &Moved) -> Result<bool> {
    let written = tx.exec(
        "update measures set household_id = $3, version = version + 1 where id = $1 and household_id = $2",
        params![of.measure.to_string(), of.to, of.from.0],
    )?;
    tx.exec(
        "update measure_moves set undone_at = $3, undone_by = $4 where measure_id = $1 and seq = $2",
        params![of.measure.to_string(), of.seq, ctx.now, &ctx.actor.name],
    )?;
    Ok(written == 1)
}
