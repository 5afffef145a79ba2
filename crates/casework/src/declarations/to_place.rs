//! A person says whom a declaration is about.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::{DeclarationId, HouseholdId, LeadId, PersonId};
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry};

use super::model::State;
use super::queries::{self, desk};
use super::take_in::place_in;

/// Gives a declaration that waits, or that was put aside, to a household in the person's scope. What the same person
/// declared and still waits goes with it. The second of two people is told who was first.
///
/// # Errors
/// `declarations.none` outside the scope, `declarations.decided`, `declarations.no_household`.
pub fn place(
    ctx: &Ctx,
    (id, version): (DeclarationId, i64),
    (household, person): (HouseholdId, Option<PersonId>),
) -> Result<LeadId> {
    let permit = ctx.permit(Permission::DeclarationPlace)?;
    let mut tx = ctx.begin()?;
    let one = desk::find(&mut tx, &permit, id)?
        .ok_or_else(|| ctx.not_found("declarations.none", &id.to_string()))?;
    if one.version != version || one.state == State::Placed {
        return Err(decided(&one));
    }
    let no_household = || {
        Error::from(Refusal::not_found("declarations.no_household").field("number", "web.required"))
    };
    if desk::find_somebody(&mut tx, &permit, (household, None))?.is_none() {
        return Err(no_household());
    }
    let person = person.filter(|person| {
        one.maybe.iter().any(|maybe| maybe.person == *person && maybe.household == household)
    });
    if !place_in(ctx, &mut tx, (id, person, household))? {
        return Err(no_household());
    }
    let mut with = Vec::new();
    for other in queries::list_same_waiting(&mut tx, (&one.same_digest, id))? {
        if place_in(ctx, &mut tx, (other, person, household))? {
            with.push(other.to_string());
        }
    }
    let placed = queries::load(&mut tx, id)?;
    let lead = placed.lead.ok_or_else(|| Error::fault("placed without a lead"))?;
    let entry = Entry::new(ctx, "declaration.place").about("declaration", id.to_string());
    let detail = json!({ "household": household, "lead": lead, "with": with });
    tx.commit(entry.area(placed.village).detail(detail))?;
    Ok(lead)
}

/// The refusal for who comes second.
pub(super) fn decided(one: &queries::Declared) -> Error {
    match &one.decided {
        Some((who, at)) => Refusal::conflict("declarations.decided")
            .arg("who", who)
            .arg("at", at.local_text())
            .into(),
        None => Refusal::conflict("declarations.changed").into(),
    }
}
