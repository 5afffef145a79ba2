//! A household that splits off a monitored one. The case stays with the old household; whether the new one has a risk of its own
//! is a question to the village. One touch opens its case: with the day on which the risk was found, the risks that are there and
//! the help of the people who went along. Either answer can be undone while nobody has worked on.

use kernel::error::{Refusal, Result};
use kernel::ids::{CaseId, HouseholdId};
use kernel::permission::Permission;
use registry::households;
use serde_json::json;
use store::{Ctx, Entry, Tx};

use super::begin::{Began, first_step};
use super::book::{MONITORING, book};
use super::look::visible;
use super::model::{Case, LONGEST};
use super::queries::papers::{self, Risk};
use super::queries::reminders::Recalled;
use super::queries::splits::{self, Split};
use super::queries::{self, From, Numbers};
use crate::assistance;

/// The step by which the case of such a household begins.
pub const SPLIT_OFF: &str = "split_off";

/// The case, and one of the households that split off its household, for who works on cases in both places.
fn found(ctx: &Ctx, tx: &mut Tx, (id, household): (CaseId, HouseholdId)) -> Result<(Case, Split)> {
    let permit = ctx.permit(Permission::CaseWork)?;
    let case = visible(ctx, tx, &permit, id)?;
    households::load_household(ctx, tx, &permit, &household.to_string())?;
    let missing = || ctx.not_found("cases.no_split", &household.to_string());
    let split = splits::of_case(tx, id)?.into_iter().find(|one| one.household == household);
    Ok((case, split.ok_or_else(missing)?))
}

fn open(split: &Split) -> Result<()> {
    if let Some(said) = &split.said {
        return Err(Refusal::conflict("cases.split_answered").arg("who", said.by.clone()).into());
    }
    Ok(())
}

fn commit(
    ctx: &Ctx,
    mut tx: Tx,
    (verb, case, split): (&'static str, &Case, &Split),
    detail: serde_json::Value,
) -> Result<()> {
    tx.touch_household(split.household.to_string(), split.village);
    tx.touch_household(case.household.to_string(), case.village);
    let entry = Entry::new(ctx, verb).about("household", split.household.to_string());
    tx.commit(entry.area(split.village).detail(detail))?;
    Ok(())
}

/// Opens the case of a household that split off.
///
/// # Errors
/// Outside the scope it is not found; a refusal when somebody was first, or it has a case.
pub fn take_up(ctx: &Ctx, of: (CaseId, HouseholdId)) -> Result<CaseId> {
    let mut tx = ctx.begin()?;
    let (case, split) = found(ctx, &mut tx, of)?;
    open(&split)?;
    if let Some((_, number)) = &split.case {
        return Err(Refusal::conflict("cases.has_one").arg("number", number.clone()).into());
    }
    let book = book(&mut tx, ctx.today)?;
    let life = book.life(MONITORING)?;
    let id: CaseId = ctx.new_id();
    let number = Numbers::after_last(&mut tx, split.village)?.take();
    let home = (split.household, split.village);
    let begun = Case::begin(life, (id, number), home, case.discovered_on, book.days());
    // where the risk of the old household has been announced its clock has stopped, and it runs for nobody again
    let new = Case { total_due: case.total_due, class: case.class.clone(), ..begun };
    queries::insert(&mut tx, &new, life, From::default())?;
    let began = Began { on: case.discovered_on, by: queries::by(ctx), from: From::default() };
    first_step(&mut tx, &book, (&new, SPLIT_OFF), &began)?;
    let there = papers::list_risks(&mut tx, case.id)?;
    let risks = there.into_iter().filter(|risk| risk.gone_on.is_none()).zip(1..);
    let risks: Vec<Risk> = risks
        .map(|(risk, position)| Risk { position, name: ctx.actor.name.clone(), ..risk })
        .collect();
    papers::insert_risks(&mut tx, id, &risks)?;
    let along = assistance::take_along(&mut tx, ctx, (split.from, split.household))?;
    splits::insert(&mut tx, ctx, (split.household, case.id), (Some(id), ""))?;
    let detail = json!({
        "from": case.number, "case": new.number, "risks": risks.len(), "measures": along,
    });
    commit(ctx, tx, ("case.split_take_up", &case, &split), detail)?;
    Ok(id)
}

/// Says that a household that split off has no risk of its own: it is no longer monitored with the old one.
///
/// # Errors
/// Outside the scope it is not found; a refusal without words, or when somebody was first.
pub fn leave_out(ctx: &Ctx, of: (CaseId, HouseholdId), words: &str) -> Result<()> {
    let words: String = words.trim().chars().take(LONGEST).collect();
    let mut tx = ctx.begin()?;
    let (case, split) = found(ctx, &mut tx, of)?;
    open(&split)?;
    if words.is_empty() {
        return Err(Refusal::invalid("cases.fields").field("words", "web.required").into());
    }
    if let Some((_, number)) = &split.case {
        return Err(Refusal::conflict("cases.has_one").arg("number", number.clone()).into());
    }
    households::part_monitoring(&mut tx, (split.household, split.village), ctx.today)?;
    splits::insert(&mut tx, ctx, (split.household, case.id), (None, &words))?;
    let detail = json!({ "from": case.number, "words": words });
    commit(ctx, tx, ("case.split_leave_out", &case, &split), detail)
}

/// Undoes what was said of a household that split off. A case that somebody has worked on stays.
///
/// # Errors
/// Outside the scope it is not found; a refusal where nothing was said, or the case has gone on.
pub fn undo(ctx: &Ctx, of: (CaseId, HouseholdId)) -> Result<()> {
    let mut tx = ctx.begin()?;
    let (case, split) = found(ctx, &mut tx, of)?;
    let nothing = || Refusal::conflict("cases.split_not_answered");
    let said = split.said.clone().ok_or_else(nothing)?;
    match said.opened {
        Some(opened) => {
            if !splits::drop_untouched(&mut tx, opened)? {
                return Err(Refusal::conflict("cases.split_worked_on").into());
            }
            assistance::take_back(&mut tx, ctx, (split.from, split.household))?;
        }
        None => {
            let home = (split.household, split.village);
            households::rejoin_monitoring(&mut tx, home, said.on)?;
        }
    }
    splits::undo(&mut tx, ctx, (split.household, said.seq))?;
    commit(ctx, tx, ("case.split_undo", &case, &split), json!({ "from": case.number }))
}

/// Households in the person's scope that split off a monitored one and wait for a look.
///
/// # Errors
/// Refused without `case.see`; what the database refuses.
pub fn splits_to_check(ctx: &Ctx, most: i64) -> Result<Vec<Recalled>> {
    let permit = ctx.permit(Permission::CaseSee)?;
    splits::list_open(&mut ctx.read()?, &permit, most)
}
