//! Help for one person goes along when the person lives in another household, and comes back when that is undone. What is over
//! stays where it was given.

use kernel::error::{Refusal, Result};
use kernel::ids::{HouseholdId, MeasureId};
use kernel::permission::Permission;
use registry::households;
use serde_json::json;
use store::{Ctx, Entry, Session, Tx};

use super::actions::{load, same_version};
use super::model::Measure;
use super::queries;
use super::queries::moves;

pub use moves::Moved;

/// Where the person whom a measure helps lives now, if that is another household: the household and its number.
pub fn lives_elsewhere(
    session: &mut Session,
    measure: &Measure,
) -> Result<Option<(HouseholdId, String)>> {
    let (Some(household), Some(person)) = (measure.subject.household(), measure.subject.person())
    else {
        return Ok(None);
    };
    let home = moves::find_home(session, person)?;
    Ok(home.filter(|(home, _)| *home != household && measure.ended.is_none()))
}

fn touch(tx: &mut Tx, household: HouseholdId) -> Result<()> {
    if let Some(row) = queries::find_village(tx, household)? {
        tx.touch_household(household.to_string(), row.parse(0)?);
    }
    Ok(())
}

/// Help for the people who went to another household goes along, in a transaction of somebody else's who has the right to do so
/// and writes the journal. Answers with how many measures went.
///
/// # Errors
/// What the database refuses.
pub fn take_along(tx: &mut Tx, ctx: &Ctx, (from, to): (HouseholdId, HouseholdId)) -> Result<usize> {
    let going = moves::list_gone_along(tx, (from, to))?;
    for one in &going {
        if moves::save_household(tx, *one, to)? {
            moves::insert_move(tx, ctx, one.0, (from, to))?;
        }
    }
    Ok(going.len())
}

/// What went along between two households comes back, in a transaction of somebody else's.
///
/// # Errors
/// What the database refuses.
pub fn take_back(tx: &mut Tx, ctx: &Ctx, between: (HouseholdId, HouseholdId)) -> Result<()> {
    for one in moves::list_moves(tx, between)? {
        moves::undo_move(tx, ctx, &one)?;
    }
    Ok(())
}

/// A measure goes along to the household in which its person lives now.
///
/// # Errors
/// Not found outside of the scope, of either household; a refusal where nobody has moved, or who has changed it since.
pub fn move_along(ctx: &Ctx, (id, version): (MeasureId, i64)) -> Result<()> {
    ctx.permit(Permission::AssistancePlan)?;
    let mut tx = ctx.begin()?;
    let measure = load(ctx, &mut tx, (Permission::AssistancePlan, id))?;
    same_version(&measure, version)?;
    let nobody = || Refusal::conflict("assistance.nobody_moved");
    let (to, _) = lives_elsewhere(&mut tx, &measure)?.ok_or_else(nobody)?;
    let from = measure.subject.household().ok_or_else(nobody)?;
    let permit = ctx.permit(Permission::AssistancePlan)?;
    households::load_household(ctx, &mut tx, &permit, &to.to_string())?;
    if !moves::save_household(&mut tx, (id, version), to)? {
        return Err(Refusal::conflict("assistance.changed").arg("who", measure.by).into());
    }
    moves::insert_move(&mut tx, ctx, id, (from, to))?;
    touch(&mut tx, from)?;
    touch(&mut tx, to)?;
    let entry = Entry::new(ctx, "assistance.move").about("measure", id.to_string());
    let detail = json!({ "from": from.to_string(), "to": to.to_string() });
    tx.commit(entry.area(measure.village).detail(detail))?;
    Ok(())
}

/// Undoes that a measure went along.
///
/// # Errors
/// Not found outside of the scope; a refusal where it did not, or who has changed it since.
pub fn move_back(ctx: &Ctx, (id, version): (MeasureId, i64)) -> Result<()> {
    ctx.permit(Permission::AssistancePlan)?;
    let mut tx = ctx.begin()?;
    let measure = load(ctx, &mut tx, (Permission::AssistancePlan, id))?;
    same_version(&measure, version)?;
    let nobody = || Refusal::conflict("assistance.nobody_moved");
    let moved = moves::find_move(&mut tx, id)?.ok_or_else(nobody)?;
    moves::undo_move(&mut tx, ctx, &moved)?;
    touch(&mut tx, moved.from.0)?;
    touch(&mut tx, moved.to)?;
    let entry = Entry::new(ctx, "assistance.move_back").about("measure", id.to_string());
    let detail = json!({ "from": moved.to.to_string(), "to": moved.from.0.to_string() });
    tx.commit(entry.area(measure.village).detail(detail))?;
    Ok(())
}
