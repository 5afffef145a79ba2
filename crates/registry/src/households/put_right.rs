//! Values put right by hand, and what a paper of earlier says: written as records of a batch of one row, so that they count
//! and can be taken back like any other.

use kernel::error::{Refusal, Result};
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::time::Day;
use serde_json::{Value, json};
use store::{Ctx, Tx};

use super::carry_out::at;
use super::queries::Household;
use super::store_changes as saved;
use super::values;

/// A value that is to be put right.
pub(super) struct Asked<'a> {
    pub(super) topic: &'a str,
    pub(super) field: &'a str,
    pub(super) person: Option<PersonId>,
    pub(super) old: &'a Value,
    pub(super) new: &'a Value,
    pub(super) reason: &'a str,
}

fn conflict(code: &'static str, field: &'static str) -> Refusal {
    Refusal::conflict(code).field(field, code)
}

/// Puts a value right; the record that said otherwise stays.
pub(super) fn correct(
    ctx: &Ctx,
    tx: &mut Tx,
    (home, on): (&Household, Day),
    asked: Asked<'_>,
) -> Result<HouseholdId> {
    let Asked { topic, field, person, old, new, reason } = asked;
    if reason.trim().is_empty() {
        return Err(at("households.reason_needed", "reason").into());
    }
    if saved::first_day(tx, home, person)?.is_none_or(|first| on < first) {
        return Err(at("households.before_joined", "on").into());
    }
    let subject = person.map_or_else(|| home.id.to_string(), |id| id.to_string());
    let found = values::find_value(tx, (topic, &subject, field), home.id)?;
    let (current, _, _) = found.unwrap_or((Value::Null, String::new(), on));
    if current == *new {
        return Err(conflict("households.value_same", "value").into());
    }
    if current != *old {
        return Err(Refusal::conflict("households.value_changed").into());
    }
    let body = json!({ "t": topic, "f": field, "o": old, "v": new, "r": reason }).to_string();
    let batch: BatchId = ctx.new_id();
    let said = values::Said { topic: "correction", person, on, body: &body };
    values::insert_by_hand(tx, &batch.to_string(), home, (said, &ctx.actor.account))?;
    Ok(home.id)
}

/// What the register before 2020 said about a household.
pub(super) struct OldRegister<'a> {
    pub(super) registered_year: i64,
    pub(super) causes: &'a [String],
    pub(super) exit_year: Option<i64>,
}

/// The first year of the register and its last: every household had left it by the end of 2020.
const YEARS: std::ops::RangeInclusive<i64> = 2013..=2020;

/// Writes down what the register before 2020 said, under the head and from the year of registration on, as its list does.
pub(super) fn old_register(
    ctx: &Ctx,
    tx: &mut Tx,
    (home, head): (&Household, Option<PersonId>),
    said: &OldRegister<'_>,
) -> Result<HouseholdId> {
    if home.closed_on.is_some() {
        return Err(Refusal::conflict("households.closed").into());
    }
    let since = Some(said.registered_year).filter(|year| YEARS.contains(year));
    let since = since.and_then(|year| Day::of(i32::try_from(year).ok()?, 1, 1));
    let Some(since) = since else {
        return Err(at("households.old_year", "registered_year").into());
    };
    if said.causes.is_empty() {
        return Err(at("households.old_cause", "causes").into());
    }
    let left = said.exit_year;
    if left.is_some_and(|year| !YEARS.contains(&year) || year < said.registered_year) {
        return Err(at("households.old_exit", "exit_year").into());
    }
    let head = head.ok_or_else(|| Refusal::conflict("households.closed"))?;
    let mut body = json!({ "y": said.registered_year, "k": said.causes });
    if let (Some(year), Some(body)) = (left, body.as_object_mut()) {
        body.insert("e".to_owned(), year.into());
    }
    let body = body.to_string();
    if values::stands_already(tx, head, &body)? {
        return Err(conflict("households.value_same", "causes").into());
    }
    let batch: BatchId = ctx.new_id();
    let row = values::Said { topic: "old_register", person: Some(head), on: since, body: &body };
    values::insert_by_hand(tx, &batch.to_string(), home, (row, &ctx.actor.account))?;
    Ok(home.id)
}
