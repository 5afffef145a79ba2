//! What a person says about a pair: they are one (a village proposes, the township or the county carries it out), or they
//! are two and are not suggested again.

use std::collections::BTreeSet;

use kernel::error::{OrFault, Refusal, Result};
use kernel::ids::MergeId;
use kernel::permission::{Permission, allows};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Ctx, Entry, Permit, Tx, Value};

use super::carry::carry_out;
use super::queries::{self, Kind, Merge, MergeState};
use crate::households::{Household, load_household};

/// Two records: the one that goes into the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// People or households.
    pub kind: Kind,
    /// The one that goes.
    pub goes: String,
    /// The one that stays.
    pub stays: String,
}

/// What is chosen with a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The name of the one that goes is kept.
    pub name_of_goes: bool,
    /// The person goes on living where the one that goes lives.
    pub home_of_goes: bool,
    /// Of two households: who of the one that goes is whom of the other.
    pub same: Vec<(String, String)>,
    /// Why, in words.
    pub reason: String,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It waits for the township.
    Waits(MergeId),
    /// It stands.
    Done(MergeId),
}

/// The households of a pair, both inside the scope: of the one that goes, of the one that stays.
pub(super) fn homes_of(
    ctx: &Ctx,
    tx: &mut store::Session,
    (permit, pair): (&Permit, &Pair),
) -> Result<(Household, Household)> {
    let mut home = |id: &str| -> Result<Household> {
        let home = match pair.kind {
            Kind::Household => Some(id.to_owned()),
            Kind::Person => queries::last_home(tx, id)?,
        };
        let home = home.ok_or_else(|| ctx.not_found("duplicates.no_such_record", id))?;
        load_household(ctx, tx, permit, &home)
    };
    Ok((home(&pair.goes)?, home(&pair.stays)?))
}

/// The same, held until the end of the transaction: two who merge at once go one after the other, and the second looks
/// at what the first has done.
fn hold_homes(
    ctx: &Ctx,
    tx: &mut Tx,
    (permit, pair): (&Permit, &Pair),
) -> Result<(Household, Household)> {
    let seen = homes_of(ctx, tx, (permit, pair))?;
    queries::hold_households(tx, (seen.0.id, seen.1.id))?;
    let now = homes_of(ctx, tx, (permit, pair))?;
    if (now.0.id, now.1.id) != (seen.0.id, seen.1.id) {
        return Err(Refusal::unavailable("store.locked").into());
    }
    Ok(now)
}

fn still_two(tx: &mut Tx, pair: &Pair) -> Result<()> {
    if pair.goes == pair.stays {
        return Err(Refusal::invalid("duplicates.same_record").into());
    }
    for id in [&pair.goes, &pair.stays] {
        if let Some((_, who, when)) = queries::find_standing(tx, pair.kind, id)? {
            return Err(Refusal::conflict("duplicates.already_merged")
                .arg("who", who)
                .arg("when", when.local_text())
                .into());
        }
    }
    Ok(())
}

fn entry(ctx: &Ctx, verb: &'static str, (pair, home): (&Pair, &Household)) -> Entry {
    Entry::new(ctx, verb).about(pair.kind.as_str(), pair.stays.clone()).area(home.village)
}

/// Says that two are one. Who may confirm merges them at once; else it waits for somebody who may.
///
/// # Errors
/// Refused to whom may not propose; *not found* outside the scope of either; a conflict when one of them is merged already
/// or the same pair waits; invalid when it cannot be.
pub fn merge(ctx: &Ctx, pair: &Pair, chosen: &Chosen) -> Result<Outcome> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let direct = allows(ctx.actor.role, Permission::HouseholdConfirm);
    let mut tx = ctx.begin()?;
    let homes = hold_homes(ctx, &mut tx, (&permit, pair))?;
    still_two(&mut tx, pair)?;
    if queries::waits(&mut tx, (&pair.goes, &pair.stays))? && !direct {
        return Err(Refusal::conflict("duplicates.already_proposed").into());
    }
    let id: MergeId = ctx.new_id();
    let state = if direct { MergeState::Carried } else { MergeState::Proposed };
    let body = serde_json::to_string(chosen).or_fault("what was chosen")?;
    let write = |tx: &mut Tx| {
        let values: [Value; 12] = [
            id.into(),
            pair.kind.as_str().into(),
            state.as_str().into(),
            Value::from(&pair.goes),
            Value::from(&pair.stays),
            homes.0.id.into(),
            homes.1.id.into(),
            homes.1.village.into(),
            Value::from(&body),
            Value::from(&ctx.actor.account),
            tx.now().into(),
            Some(chosen.reason.clone()).filter(|why| !why.is_empty()).into(),
        ];
        queries::insert_merge(tx, &values)
    };
    write(&mut tx)?;
    // tried in any case, so that nobody waits for what cannot be
    carry_out(&mut tx, id, (pair, chosen), &homes)?;
    let detail = json!({ "goes": pair.goes, "chosen": chosen });
    if direct {
        queries::close_waiting(&mut tx, (&pair.goes, &pair.stays), &ctx.actor.account)?;
        tx.commit(entry(ctx, "duplicate.merge", (pair, &homes.1)).detail(detail))?;
        return Ok(Outcome::Done(id));
    }
    drop(tx);
    let mut tx = ctx.begin()?;
    still_two(&mut tx, pair)?;
    write(&mut tx)?;
    tx.commit(entry(ctx, "duplicate.propose", (pair, &homes.1)).detail(detail))?;
    Ok(Outcome::Waits(id))
}

pub(super) fn load_merge(
    ctx: &Ctx,
    session: &mut store::Session,
    permit: &Permit,
    id: &str,
) -> Result<Merge> {
    let found = queries::list_merges(session, permit, (None, Some(id)), 1)?;
    found.into_iter().next().ok_or_else(|| ctx.not_found("duplicates.no_such_merge", id))
}

impl Merge {
    /// The pair.
    #[must_use]
    pub fn pair(&self) -> Pair {
        Pair { kind: self.kind, goes: self.goes.clone(), stays: self.stays.clone() }
    }

    /// What was chosen.
    ///
    /// # Errors
    /// A body that is none.
    pub fn chosen(&self) -> Result<Chosen> {
        serde_json::from_str(&self.body).or_fault("what was chosen")
    }
}

fn decided_already(merge: &Merge) -> Refusal {
    let (who, at) =
        merge.decided.clone().map_or_else(Default::default, |(who, at)| (who, at.local_text()));
    Refusal::conflict("duplicates.already_decided").arg("who", who).arg("when", at)
}

/// Carries out what was proposed.
///
/// # Errors
/// Refused to whom may not confirm and to the one who proposed it; *not found* outside the scope; a conflict when it was
/// decided already or cannot be any more.
pub fn confirm(ctx: &Ctx, id: &str) -> Result<MergeId> {
    let permit = ctx.permit(Permission::HouseholdConfirm)?;
    let mut tx = ctx.begin()?;
    let merge = load_merge(ctx, &mut tx, &permit, id)?;
    if merge.by.0 == ctx.actor.account {
        return Err(Refusal::forbidden("households.own_proposal").into());
    }
    if merge.state != MergeState::Proposed {
        return Err(decided_already(&merge).into());
    }
    let (pair, chosen) = (merge.pair(), merge.chosen()?);
    let homes = hold_homes(ctx, &mut tx, (&permit, &pair))?;
    let now = load_merge(ctx, &mut tx, &permit, id)?;
    if now.state != MergeState::Proposed {
        return Err(decided_already(&now).into());
    }
    still_two(&mut tx, &pair)?;
    queries::decide_merge(&mut tx, (merge.id, MergeState::Carried), &ctx.actor.account, None)?;
    carry_out(&mut tx, merge.id, (&pair, &chosen), &homes)?;
    let detail = json!({ "goes": pair.goes, "chosen": chosen, "proposed_by": merge.by.0 });
    tx.commit(entry(ctx, "duplicate.merge", (&pair, &homes.1)).detail(detail))?;
    Ok(merge.id)
}

/// Refuses what was proposed, with a reason.
///
/// # Errors
/// As [`confirm`]; invalid without a reason.
pub fn refuse(ctx: &Ctx, id: &str, reason: &str) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdConfirm)?;
    if reason.trim().is_empty() {
        let code = "households.reason_needed";
        return Err(Refusal::invalid(code).field("reason", code).into());
    }
    let mut tx = ctx.begin()?;
    let merge = load_merge(ctx, &mut tx, &permit, id)?;
    let state = (merge.id, MergeState::Refused);
    if !queries::decide_merge(&mut tx, state, &ctx.actor.account, Some(reason))? {
        return Err(decided_already(&merge).into());
    }
    let entry = Entry::new(ctx, "duplicate.refuse").about(merge.kind.as_str(), merge.stays.clone());
    tx.commit(entry.area(merge.village).detail(json!({ "goes": merge.goes, "reason": reason })))?;
    Ok(())
}

/// Says that two are two: they are not suggested again.
///
/// # Errors
/// Refused to whom may not propose; *not found* outside the scope; a conflict when they are merged.
pub fn not_the_same(ctx: &Ctx, pair: &Pair, reason: &str) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut tx = ctx.begin()?;
    let homes = homes_of(ctx, &mut tx, (&permit, pair))?;
    still_two(&mut tx, pair)?;
    let said = (pair.kind, pair.goes.as_str(), pair.stays.as_str());
    if !queries::insert_verdict(&mut tx, said, &ctx.actor.account, reason)? {
        return Err(Refusal::conflict("duplicates.said_already").into());
    }
    let detail = json!({ "other": pair.goes, "reason": reason });
    tx.commit(entry(ctx, "duplicate.differ", (pair, &homes.1)).detail(detail))?;
    Ok(())
}

/// Takes back that two are two: they may be suggested again.
///
/// # Errors
/// As [`not_the_same`]; a conflict when nobody has said so.
pub fn ask_again(ctx: &Ctx, pair: &Pair) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut tx = ctx.begin()?;
    let homes = homes_of(ctx, &mut tx, (&permit, pair))?;
    if !queries::delete_verdict(&mut tx, (pair.kind, &pair.goes, &pair.stays))? {
        return Err(Refusal::conflict("duplicates.nothing_said").into());
    }
    let detail = json!({ "other": pair.goes });
    tx.commit(entry(ctx, "duplicate.ask_again", (pair, &homes.1)).detail(detail))?;
    Ok(())
}

/// Says which households and villages a merge touches.
pub(super) fn touch(tx: &mut Tx, households: &BTreeSet<String>) -> Result<()> {
    for home in households {
        if let Some(village) = queries::village_of(tx, home)? {
            tx.touch_household(home.clone(), village);
        }
    }
    Ok(())
}
