//! What people do with households: propose a change, confirm or refuse it, carry it out, see a number in full.

use kernel::error::{OrFault, Refusal, Result};
use kernel::ids::{HouseholdId, ProposalId};
use kernel::permission::Permission;
use kernel::time::{Day, Instant};
use serde_json::json;
use store::{Ctx, Entry, Permit, Tx, Value};

use super::carry_out::carry_out;
use super::change::Change;
use super::queries::{Household, load_household};
use super::store_changes::{self as saved, Papers};
use super::waiting::{self, Proposal, changed_since};

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
    if saved::waits_already(&mut tx, (&home, on), &body)? {
        return Err(Refusal::conflict("households.already_proposed").into());
    }
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
/// As [`confirm_seen`].
pub fn confirm(ctx: &Ctx, proposal: &str) -> Result<HouseholdId> {
    confirm_seen(ctx, proposal, None)
}

/// Confirms a proposal by somebody who was shown what happened in the household until `seen`.
///
/// # Errors
/// Refused to whom may not confirm, and to the one who proposed it; *not found* outside the scope; conflict when it was
/// decided already, when the household has changed after it was proposed and the one who confirms was not shown that, or
/// when it cannot be any more.
pub fn confirm_seen(ctx: &Ctx, proposal: &str, seen: Option<Instant>) -> Result<HouseholdId> {
    let permit = ctx.permit(Permission::HouseholdConfirm)?;
    let mut tx = ctx.begin()?;
    let waiting = load_proposal(ctx, &mut tx, &permit, proposal)?;
    if waiting.by_account == ctx.actor.account {
        return Err(Refusal::forbidden("households.own_proposal").into());
    }
    if waiting.state != "proposed" {
        return Err(decided_already(&waiting).into());
    }
    let later = changed_since(&mut tx, waiting.household, waiting.proposed_at)?;
    if later.iter().map(|change| change.at).max() > seen {
        return Err(Refusal::conflict("households.overtaken").into());
    }
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
    Err(decided_already(waiting).into())
}

fn decided_already(waiting: &Proposal) -> Refusal {
    let (who, at) = waiting.decided.clone().unwrap_or_default();
    Refusal::conflict("households.already_decided").arg("who", who).arg("at", at)
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
    ctx.journal(entry.detail(json!({ "filter": filter })))
}
