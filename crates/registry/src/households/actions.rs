//! What people do with households: propose a change, confirm or refuse it, carry it out, see a number in full.

use std::collections::BTreeMap;

use kernel::error::{OrFault, Refusal, Result};
use kernel::ids::{HouseholdId, PersonId, ProposalId};
use kernel::permission::Permission;
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry, Permit, Tx, Value};

use super::change::{Change, Newcomer, kin_of};
use super::how::{HowIn, HowOut};
use super::model::{Edits, Membership};
use super::queries::{Household, load_house, load_household};
use super::store_changes::{self as saved, Papers};
use super::values;
use super::waiting::{self, Proposal};
use crate::areas::{Span, find_area};

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It waits for the township.
    Waits(String),
    /// It was carried out at once, by somebody who may confirm.
    Done(HouseholdId),
}

/// Proposes a change of a household; who may confirm carries it out at once.
///
/// # Errors
/// Refused to whom may not propose; *not found* outside the scope; invalid when the day lies ahead or the change cannot
/// be (it is tried before it waits).
pub fn propose(
    ctx: &Ctx,
    household: &str,
    on: Day,
    change: &Change,
    papers: &Papers,
) -> Result<Outcome> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    if on > ctx.today {
        return Err(Refusal::invalid("households.day_ahead")
            .field("on", "households.day_ahead")
            .into());
    }
    let mut tx = ctx.begin()?;
    let home = load_household(ctx, &mut tx, &permit, household)?;
    if kernel::permission::allows(ctx.actor.role, Permission::HouseholdConfirm) {
        let permit = ctx.permit(Permission::HouseholdConfirm)?;
        let done = carry_out(ctx, &mut tx, &permit, (&home, on, change, papers))?;
        tx.commit(entry(ctx, &home, change.verb(), on, change)?)?;
        return Ok(Outcome::Done(done));
    }
    drop(tx);
    // tried and thrown away, so that nobody waits for what cannot be
    try_change(ctx, household, on, change, papers)?;
    let mut tx = ctx.begin()?;
    let id: ProposalId = ctx.new_id();
    let body = serde_json::to_string(change).or_fault("proposal")?;
    let sealed = seal(ctx, papers)?;
    saved::insert_proposal(
        &mut tx,
        &[
            id.to_string().into(),
            change.kind().into(),
            home.id.to_string().into(),
            home.village.into(),
            on.into(),
            Value::from(&body),
            sealed.into(),
            Value::from(&ctx.actor.account),
            ctx.now.into(),
        ],
    )?;
    tx.commit(entry(ctx, &home, "household.propose", on, change)?)?;
    Ok(Outcome::Waits(id.to_string()))
}

/// Tries a change without keeping anything.
///
/// # Errors
/// As [`propose`].
pub fn try_change(
    ctx: &Ctx,
    household: &str,
    on: Day,
    change: &Change,
    papers: &Papers,
) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut tx = ctx.begin()?;
    let home = load_household(ctx, &mut tx, &permit, household)?;
    carry_out(ctx, &mut tx, &permit, (&home, on, change, papers))?;
    Ok(())
}

fn seal(ctx: &Ctx, papers: &Papers) -> Result<Option<String>> {
    if papers.id.is_none() && papers.phone.is_none() {
        return Ok(None);
    }
    let id = papers.id.as_ref().map_or("", |id| id.reveal());
    let phone = papers.phone.as_ref().map_or("", |phone| phone.reveal());
    Ok(Some(ctx.db.keys().seal_text(&format!("{id}|{phone}"))?))
}

fn unseal(ctx: &Ctx, sealed: Option<&str>) -> Result<Papers> {
    let Some(sealed) = sealed else { return Ok(Papers::default()) };
    let text = ctx.db.keys().open_text(sealed)?;
    let (id, phone) = text.split_once('|').unwrap_or((&text, ""));
    Ok(Papers {
        id: kernel::idnumber::IdNumber::of_form(id),
        phone: kernel::phone::Phone::read(phone).ok(),
    })
}

fn entry(
    ctx: &Ctx,
    home: &Household,
    verb: &'static str,
    on: Day,
    change: &Change,
) -> Result<Entry> {
    let detail =
        json!({ "on": on, "change": serde_json::to_value(change).or_fault("journal detail")? });
    Ok(Entry::new(ctx, verb)
        .about("household", home.id.to_string())
        .area(home.village)
        .detail(detail))
}

/// Confirms a proposal: it is carried out as of its day.
///
/// # Errors
/// Refused to whom may not confirm; *not found* outside the scope; conflict when it was decided already, or when the
/// household has changed so that it cannot be any more.
pub fn confirm(ctx: &Ctx, proposal: &str) -> Result<HouseholdId> {
    let permit = ctx.permit(Permission::HouseholdConfirm)?;
    let mut tx = ctx.begin()?;
    let waiting = load_proposal(ctx, &mut tx, &permit, proposal)?;
    let change: Change = serde_json::from_str(&waiting.body).or_fault("proposal")?;
    let papers = unseal(ctx, waiting.sealed.as_deref())?;
    let home = load_household(ctx, &mut tx, &permit, &waiting.household.to_string())?;
    decide(ctx, &mut tx, &waiting, "confirmed", None)?;
    let done = carry_out(ctx, &mut tx, &permit, (&home, waiting.on, &change, &papers))?;
    tx.commit(entry(ctx, &home, change.verb(), waiting.on, &change)?)?;
    Ok(done)
}

/// Refuses a proposal, with a reason that the village reads.
///
/// # Errors
/// As [`confirm`]; invalid without a reason.
pub fn refuse(ctx: &Ctx, proposal: &str, reason: &str) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdConfirm)?;
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("households.reason_needed")
            .field("reason", "households.reason_needed")
            .into());
    }
    let mut tx = ctx.begin()?;
    let waiting = load_proposal(ctx, &mut tx, &permit, proposal)?;
    decide(ctx, &mut tx, &waiting, "refused", Some(reason))?;
    let entry =
        Entry::new(ctx, "household.refuse").about("household", waiting.household.to_string());
    tx.commit(
        entry
            .area(waiting.village)
            .detail(json!({ "proposal": waiting.id, "kind": waiting.kind, "reason": reason })),
    )?;
    Ok(())
}

fn load_proposal(ctx: &Ctx, tx: &mut Tx, permit: &Permit, id: &str) -> Result<Proposal> {
    let found = waiting::list_proposals(tx, permit, None, (Some(id), None), 1)?;
    found.into_iter().next().ok_or_else(|| ctx.not_found("households.no_such_proposal", id))
}

fn decide(
    ctx: &Ctx,
    tx: &mut Tx,
    waiting: &Proposal,
    state: &'static str,
    reason: Option<&str>,
) -> Result<()> {
    if saved::decide(tx, &waiting.id, state, &ctx.actor.account, reason)? {
        return Ok(());
    }
    Err(Refusal::conflict("households.already_decided").into())
}

/// Carries a change out in `tx` and answers with the household to look at afterwards.
fn carry_out(
    ctx: &Ctx,
    tx: &mut Tx,
    permit: &Permit,
    (home, on, change, papers): (&Household, Day, &Change, &Papers),
) -> Result<HouseholdId> {
    tx.touch_household(home.id.to_string(), home.village);
    let house = load_house(tx, home)?;
    match change {
        Change::Birth { newcomer } => join(ctx, tx, (home, on), newcomer, (HowIn::Birth, papers)),
        Change::MarriageIn { newcomer } => {
            join(ctx, tx, (home, on), newcomer, (HowIn::Marriage, papers))
        }
        Change::Death { person, new_head } => {
            let edits =
                house.go(person, on, HowOut::Death, new_head.as_ref()).map_err(Refusal::from)?;
            saved::save_edits(tx, &edits)?;
            saved::record_death(tx, *person, on)?;
            Ok(home.id)
        }
        Change::Leave { person, new_head } => {
            let edits =
                house.go(person, on, HowOut::Left, new_head.as_ref()).map_err(Refusal::from)?;
            saved::save_edits(tx, &edits)?;
            Ok(home.id)
        }
        Change::Return { person, kin } => {
            let (dead, lives) = saved::find_whereabouts(tx, *person, on)?
                .ok_or_else(|| Refusal::not_found("households.no_such_person"))?;
            if dead || lives {
                return Err(Refusal::conflict("households.cannot_return").into());
            }
            // only somebody who once lived here comes back here
            let before = house.stays.iter().rev().find(|stay| stay.person == *person);
            let before = before.ok_or_else(|| Refusal::not_found("households.no_such_person"))?;
            let stay = Membership {
                span: Span::since(on),
                kin: kin_of(kin)?,
                how_in: HowIn::Return,
                how_out: None,
                ..before.clone()
            };
            saved::save_edits(tx, &house.join(stay).map_err(Refusal::from)?)?;
            Ok(home.id)
        }
        Change::Split { going, new_head, group } => {
            let new_id: HouseholdId = ctx.new_id();
            let going = kins(going)?;
            let edits =
                house.split(&new_id, &going, on, new_head.as_ref()).map_err(Refusal::from)?;
            saved::insert_household(tx, new_id, home, group.as_deref(), on)?;
            saved::save_edits(tx, &edits)?;
            saved::take_statuses_along(tx, home.id, &edits, on)?;
            tx.touch_household(new_id.to_string(), home.village);
            Ok(new_id)
        }
        Change::Merge { into, kins: named } => {
            let other = load_household(ctx, tx, permit, &into.to_string())?;
            let there = load_house(tx, &other)?;
            let edits: Edits =
                house.merge_into(&there, &kins(named)?, on).map_err(Refusal::from)?;
            saved::save_edits(tx, &edits)?;
            saved::take_statuses_along(tx, home.id, &edits, on)?;
            tx.touch_household(other.id.to_string(), other.village);
            Ok(other.id)
        }
        Change::Correct { topic, field, person, old, new, reason } => {
            if reason.trim().is_empty() {
                return Err(Refusal::invalid("households.reason_needed")
                    .field("reason", "households.reason_needed")
                    .into());
            }
            let subject = person.map_or_else(|| home.id.to_string(), |id| id.to_string());
            let found = values::find_value(tx, (topic, &subject, field), home.id)?;
            let (current, _, _) = found.unwrap_or((serde_json::Value::Null, String::new(), on));
            if current != *old || current == *new {
                return Err(Refusal::conflict("households.value_changed").into());
            }
            let body =
                json!({ "t": topic, "f": field, "o": old, "v": new, "r": reason }).to_string();
            let batch: kernel::ids::BatchId = ctx.new_id();
            let made = (body.as_str(), ctx.actor.account.as_str());
            values::insert_correction(tx, &batch.to_string(), (home, on), *person, made)?;
            Ok(home.id)
        }
        Change::Move { village, group, address } => {
            if home.closed_on.is_some() {
                return Err(Refusal::conflict("households.closed").into());
            }
            let known = find_area(tx, *village)?.is_some_and(|area| area.span.is_open());
            if !known || !ctx.actor.works_in(*village) {
                return Err(Refusal::invalid("areas.no_such_village")
                    .field("village", "areas.no_such_village")
                    .into());
            }
            saved::save_move(tx, home, (*village, group.as_deref(), address.as_deref()), on)?;
            tx.touch_household(home.id.to_string(), *village);
            tx.touch_village(home.village);
            Ok(home.id)
        }
    }
}

fn kins(named: &BTreeMap<PersonId, String>) -> Result<BTreeMap<PersonId, super::kin::Kin>> {
    named.iter().map(|(person, code)| Ok((*person, kin_of(code)?))).collect()
}

fn join(
    ctx: &Ctx,
    tx: &mut Tx,
    (home, on): (&Household, Day),
    newcomer: &Newcomer,
    (how_in, papers): (HowIn, &Papers),
) -> Result<HouseholdId> {
    if newcomer.name.trim().is_empty() {
        return Err(Refusal::invalid("households.name_needed")
            .field("name", "households.name_needed")
            .into());
    }
    if newcomer.birth_day > on {
        return Err(Refusal::invalid("households.born_later")
            .field("birth_day", "households.born_later")
            .into());
    }
    let house = load_house(tx, home)?;
    let person: PersonId = ctx.new_id();
    let stay = Membership {
        household: home.id,
        person,
        span: Span::since(on),
        kin: kin_of(&newcomer.kin)?,
        how_in,
        how_out: None,
        hukou: true,
        shares_budget: true,
        resident: true,
        sex: Some(newcomer.sex),
    };
    let edits = house.join(stay).map_err(Refusal::from)?;
    saved::insert_person(tx, person, home, newcomer, papers)?;
    saved::save_edits(tx, &edits)?;
    Ok(home.id)
}

/// Shows the identity number and the phone of somebody in full, for a purpose that stays in the journal.
///
/// # Errors
/// Refused to whom may not reveal; *not found* outside the scope; invalid without a purpose.
pub fn reveal(
    ctx: &Ctx,
    household: &str,
    person: &str,
    purpose: &str,
) -> Result<(Option<String>, Option<String>)> {
    let permit = ctx.permit(Permission::HouseholdReveal)?;
    if purpose.trim().is_empty() {
        return Err(Refusal::invalid("households.purpose_needed")
            .field("purpose", "households.purpose_needed")
            .into());
    }
    let mut tx = ctx.begin()?;
    let home = load_household(ctx, &mut tx, &permit, household)?;
    let row = super::queries::find_sealed(&mut tx, &home.id.to_string(), person)?
        .ok_or_else(|| ctx.not_found("households.no_such_person", person))?;
    let keys = ctx.db.keys();
    let open = |sealed: Option<String>| sealed.map(|text| keys.open_text(&text)).transpose();
    let number = open(row.opt_text(0)?)?
        .map(|number| number + &row.opt_text(1).ok().flatten().unwrap_or_default());
    let phone = open(row.opt_text(2)?)?;
    let entry = Entry::new(ctx, "household.reveal").about("person", person).area(home.village);
    tx.commit(entry.detail(json!({ "household": home.id, "purpose": purpose })))?;
    ctx.note_access("reveal", "household.reveal", person);
    Ok((number, phone))
}

/// Writes into the journal that a list went out, with its filter.
///
/// # Errors
/// Refused to whom may not export.
pub fn note_export(ctx: &Ctx, lines: usize, filter: &str) -> Result<()> {
    ctx.permit(Permission::HouseholdExport)?;
    let entry = Entry::new(ctx, "household.export").about("households", lines.to_string());
    ctx.begin()?.commit(entry.detail(json!({ "filter": filter })))?;
    Ok(())
}
