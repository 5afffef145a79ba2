//! A change carried out inside a transaction: checked against everything that is known, written down whole or not at all.

use std::collections::BTreeMap;

use kernel::area::AreaLevel;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{HouseholdId, PersonId};
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use store::{Ctx, Permit, Tx};

use super::change::{Change, Newcomer, kin_of};
use super::how::{HowIn, HowOut};
use super::kin::Kin;
use super::known_number::{self, KnownPerson};
use super::model::{ChangeError, Edits, House, Membership};
use super::put_right;
use super::queries::{Household, find_household, load_house, load_household};
use super::store_changes::{self as saved, Papers};
use crate::areas::{Span, find_area};

/// Nobody is older than that; a year that was mistyped makes people of three hundred.
const OLDEST: i32 = 130;

pub(super) fn at(code: &'static str, field: &'static str) -> Refusal {
    Refusal::invalid(code).field(field, code)
}

/// Carries a change out in `tx` and answers with the household to look at afterwards.
pub(super) fn carry_out(
    ctx: &Ctx,
    tx: &mut Tx,
    permit: &Permit,
    (home, on, change, papers): (&Household, Day, &Change, &Papers),
) -> Result<HouseholdId> {
    tx.touch_household(home.id.to_string(), home.village);
    let house = load_house(tx, home)?;
    match change {
        Change::Birth { newcomer } => {
            if newcomer.birth_day < on {
                return Err(at("households.birth_day_differs", "on").into());
            }
            join(ctx, tx, (home, on, permit), newcomer, (HowIn::Birth, papers))
        }
        Change::MarriageIn { newcomer } => {
            join(ctx, tx, (home, on, permit), newcomer, (HowIn::Marriage, papers))
        }
        Change::MoveIn { person, name, kin } => {
            move_in(ctx, tx, (home, on, permit), (*person, name, kin_of(kin)?))
        }
        Change::Death { person, new_head } => {
            let edits = gone(&house, (*person, on, HowOut::Death), new_head.as_ref())?;
            saved::save_edits(tx, &edits)?;
            saved::record_death(tx, *person, on)?;
            Ok(home.id)
        }
        Change::Leave { person, new_head } => {
            let edits = gone(&house, (*person, on, HowOut::Left), new_head.as_ref())?;
            saved::save_edits(tx, &edits)?;
            Ok(home.id)
        }
        Change::Return { person, kin } => come_back(tx, (home, &house), (*person, kin), on),
        Change::Split { going, new_head, group } => {
            let new_id: HouseholdId = ctx.new_id();
            let going = kins(going)?;
            head_goes(&house, going.keys(), on, new_head.as_ref())?;
            let edits =
                house.split(&new_id, &going, on, new_head.as_ref()).map_err(Refusal::from)?;
            saved::insert_household(tx, new_id, home, group.as_deref(), on)?;
            saved::save_edits(tx, &edits)?;
            saved::take_statuses_along(tx, home.id, &edits, on)?;
            saved::copy_statuses(tx, home.id, new_id)?;
            tx.touch_household(new_id.to_string(), home.village);
            Ok(new_id)
        }
        Change::Merge { into, kins: named } => {
            let other = load_household(ctx, tx, permit, &into.to_string())?;
            if other.closed_on.is_some() {
                return Err(Refusal::conflict("households.into_closed")
                    .field("into", "households.into_closed")
                    .into());
            }
            let there = load_house(tx, &other)?;
            let edits: Edits =
                house.merge_into(&there, &kins(named)?, on).map_err(Refusal::from)?;
            saved::save_edits(tx, &edits)?;
            saved::take_statuses_along(tx, home.id, &edits, on)?;
            tx.touch_household(other.id.to_string(), other.village);
            Ok(other.id)
        }
        Change::Correct { topic, field, person, old, new, reason } => {
            let asked = put_right::Asked { topic, field, person: *person, old, new, reason };
            put_right::correct(ctx, tx, (home, on), asked)
        }
        Change::OldRegister { registered_year, causes, exit_year } => {
            let head = house.head_on(on).map(|stay| stay.person);
            let said = put_right::OldRegister {
                registered_year: *registered_year,
                causes,
                exit_year: *exit_year,
            };
            put_right::old_register(ctx, tx, (home, head), &said)
        }
        Change::Move { village, group, address } => {
            if home.closed_on.is_some() {
                return Err(Refusal::conflict("households.closed").into());
            }
            let known = find_area(tx, *village)?
                .is_some_and(|area| area.span.is_open() && area.row.level == AreaLevel::Village);
            if !known || !ctx.actor.works_in(*village) {
                return Err(at("areas.no_such_village", "village").into());
            }
            let stays_at = |new: &Option<String>, old: &Option<String>| new.is_none() || new == old;
            if *village == home.village
                && stays_at(group, &home.group)
                && stays_at(address, &home.address)
            {
                return Err(at("households.same_place", "village").into());
            }
            let since = saved::moved_on(tx, home)?.max(home.opened_on);
            if since.is_some_and(|since| on <= since) {
                return Err(Refusal::from(ChangeError::LaterChange).into());
            }
            saved::save_move(tx, home, (*village, group.as_deref(), address.as_deref()), on)?;
            tx.touch_household(home.id.to_string(), *village);
            tx.touch_village(home.village);
            Ok(home.id)
        }
    }
}

fn kins(named: &BTreeMap<PersonId, String>) -> Result<BTreeMap<PersonId, Kin>> {
    named.iter().map(|(person, code)| Ok((*person, kin_of(code)?))).collect()
}

/// A new head is named only when the head goes: else the form means something that would not happen.
fn head_goes<'p>(
    house: &House,
    mut going: impl Iterator<Item = &'p PersonId>,
    on: Day,
    new_head: Option<&PersonId>,
) -> Result<()> {
    let head = house.head_on(on).map(|stay| stay.person);
    if new_head.is_some() && head.is_some_and(|head| going.all(|person| *person != head)) {
        return Err(at("households.head_stays", "new_head").into());
    }
    Ok(())
}

fn gone(
    house: &House,
    (person, on, how): (PersonId, Day, HowOut),
    new_head: Option<&PersonId>,
) -> Result<Edits> {
    let edits = house.go(&person, on, how, new_head).map_err(Refusal::from)?;
    head_goes(house, std::iter::once(&person), on, new_head)?;
    Ok(edits)
}

fn come_back(
    tx: &mut Tx,
    (home, house): (&Household, &House),
    (person, kin): (PersonId, &str),
    on: Day,
) -> Result<HouseholdId> {
    let (dead, lives) = saved::find_whereabouts(tx, person, on)?
        .ok_or_else(|| Refusal::not_found("households.no_such_person"))?;
    if dead || lives {
        return Err(Refusal::conflict("households.cannot_return")
            .field("person", "households.cannot_return")
            .into());
    }
    // only somebody who once lived here comes back here
    let before = house.stays.iter().rev().find(|stay| stay.person == person);
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

fn newcomer_stay(
    home: &Household,
    (person, kin, sex): (PersonId, Kin, Option<kernel::idnumber::Sex>),
    (on, how_in): (Day, HowIn),
) -> Membership {
    Membership {
        household: home.id,
        person,
        span: Span::since(on),
        kin,
        how_in,
        how_out: None,
        hukou: true,
        shares_budget: true,
        resident: true,
        sex,
    }
}

/// Nobody comes to a household that was not there yet.
fn there_by(home: &Household, on: Day) -> Result<()> {
    if home.opened_on.is_some_and(|opened| on < opened) {
        return Err(at("households.before_household", "on").into());
    }
    Ok(())
}

/// Refuses a newcomer who cannot be, before anything is looked up.
fn check_newcomer(ctx: &Ctx, newcomer: &Newcomer, on: Day, papers: &Papers) -> Result<()> {
    if newcomer.name.trim().is_empty() {
        return Err(at("households.name_needed", "name").into());
    }
    if newcomer.birth_day > ctx.today {
        return Err(at("households.day_ahead", "birth_day").into());
    }
    if newcomer.birth_day > on {
        return Err(at("households.born_later", "birth_day").into());
    }
    if newcomer.birth_day.age_on(on) > OLDEST {
        return Err(at("households.too_old", "birth_day").into());
    }
    if let Some(id) = &papers.id
        && (id.birth_day() != Some(newcomer.birth_day) || id.sex() != newcomer.sex)
    {
        return Err(at("households.id_differs", "id").into());
    }
    Ok(())
}

/// Why somebody the county knows is not entered once more. That a number belongs to a household outside one's scope is told
/// so that nobody enters a second person; who asks is noted like every other attempt outside the scope.
fn known_already(
    ctx: &Ctx,
    tx: &mut Tx,
    (known, permit): (&KnownPerson, &Permit),
    home: &Household,
) -> Result<Error> {
    let refusal = known_number::refusal_of(tx, permit, known, home.id)?;
    if find_household(tx, permit, &known.household.to_string())?.is_none() {
        ctx.note_access("not_found", refusal.code, &known.household.to_string());
    }
    Ok(refusal.into())
}

fn join(
    ctx: &Ctx,
    tx: &mut Tx,
    (home, on, permit): (&Household, Day, &Permit),
    newcomer: &Newcomer,
    (how_in, papers): (HowIn, &Papers),
) -> Result<HouseholdId> {
    check_newcomer(ctx, newcomer, on, papers)?;
    there_by(home, on)?;
    let keys = tx.db().keys().clone();
    if let Some(number) = &papers.id
        && let Some(known) = known_number::find_by_number(tx, number, &keys)?
    {
        return Err(known_already(ctx, tx, (&known, permit), home)?);
    }
    if saved::lives_here(tx, home, newcomer)? {
        return Err(Refusal::conflict("households.same_person_here")
            .field("name", "households.same_person_here")
            .into());
    }
    let house = load_house(tx, home)?;
    let person: PersonId = ctx.new_id();
    let stay =
        newcomer_stay(home, (person, kin_of(&newcomer.kin)?, Some(newcomer.sex)), (on, how_in));
    let edits = house.join(stay).map_err(Refusal::from)?;
    saved::insert_person(tx, person, home, newcomer, papers)?;
    saved::save_edits(tx, &edits)?;
    Ok(home.id)
}

/// Somebody of the county comes: the stay elsewhere, if there is one, ends on the day on which the one here begins. Only
/// who works in both places may end it; a village that proposes is not told more of a household outside its area.
fn move_in(
    ctx: &Ctx,
    tx: &mut Tx,
    (home, on, permit): (&Household, Day, &Permit),
    (person, name, kin): (PersonId, &str, Kin),
) -> Result<HouseholdId> {
    let known = known_number::find_known(tx, person)?
        .ok_or_else(|| Refusal::not_found("households.no_such_person"))?;
    if known.died || (known.household == home.id && known.left_on.is_none()) {
        return Err(known_already(ctx, tx, (&known, permit), home)?);
    }
    if kernel::name::normal(name).text != known.name_key {
        return Err(at("households.number_other_name", "name").into());
    }
    there_by(home, on)?;
    let house = load_house(tx, home)?;
    let stay = newcomer_stay(home, (person, kin, known.sex), (on, HowIn::Marriage));
    let mut edits = house.join(stay).map_err(Refusal::from)?;
    if known.left_on.is_some() {
        if known.left_on > Some(on) {
            return Err(Refusal::from(ChangeError::LaterChange).into());
        }
        saved::save_edits(tx, &edits)?;
        return Ok(home.id);
    }
    let Some(there) = find_household(tx, permit, &known.household.to_string())? else {
        if allows(ctx.actor.role, Permission::HouseholdConfirm) {
            return Err(Refusal::forbidden("households.moves_between").into());
        }
        // a village proposes: the one who confirms sees both households
        return Ok(home.id);
    };
    let left = left_behind(tx, (&there, &known), on)?;
    edits.ended.extend(left.ended);
    edits.closed.extend(left.closed);
    saved::save_edits(tx, &edits)?;
    saved::take_statuses_along(tx, there.id, &edits, on)?;
    tx.touch_household(there.id.to_string(), there.village);
    Ok(home.id)
}

fn left_behind(tx: &mut Tx, (there, known): (&Household, &KnownPerson), on: Day) -> Result<Edits> {
    load_house(tx, there)?.go(&known.id, on, HowOut::Left, None).map_err(|why| match why {
        ChangeError::HeadNeeded => {
            Refusal::conflict("households.head_elsewhere").arg("household", &there.number).into()
        }
        why => Refusal::from(why).into(),
    })
}
