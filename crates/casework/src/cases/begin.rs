//! Cases begin: with a lead, by hand, or with a campaign.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::{CaseId, HouseholdId, PersonId};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::households;
use serde_json::json;
use store::{Ctx, Entry, Tx};

use super::actions::permission_of;
use super::book::{CaseBook, book};
use super::life::{Level, Life};
use super::model::Case;
use super::queries::registered::{self, Somebody};
use super::queries::{self, From, Numbers, Step};
use super::starts::{Start, Subject};

/// The step by which every case begins.
pub const OPEN: &str = "open";

/// Whom a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of {
    /// The household.
    pub household: HouseholdId,
    /// The member, in the lives of one person.
    pub person: Option<PersonId>,
    /// Where the household stands.
    pub village: AreaCode,
}

/// How it began.
pub struct Began<'a> {
    /// The day on which it was found.
    pub on: Day,
    /// Account and name of who began it.
    pub by: (String, String),
    /// The lead or the campaign.
    pub from: From<'a>,
}

/// A case in its first state, with its first step.
pub fn begin(
    tx: &mut Tx,
    (book, life): (&CaseBook, &Life),
    (numbers, of): (&mut Numbers, Of),
    began: &Began<'_>,
) -> Result<Case> {
    let id: CaseId = tx.db().ids().make_at(tx.now());
    let home = (of.household, of.village);
    let case = Case::begin(life, (id, numbers.take()), home, began.on, book.days());
    let case = Case { person: of.person, ..case };
    queries::insert(tx, &case, life, began.from)?;
    first_step(tx, book, (&case, OPEN), began)?;
    Ok(case)
}

/// Keeps the step by which a case began.
pub fn first_step(
    tx: &mut Tx,
    book: &CaseBook,
    (case, step): (&Case, &str),
    began: &Began<'_>,
) -> Result<()> {
    let step = Step {
        seq: 0,
        step: step.to_owned(),
        states: (String::new(), case.state.clone()),
        on: tx.today(),
        at: tx.now(),
        by: began.by.clone(),
        filled: BTreeMap::from([("discovered_on".to_owned(), began.on.to_string())]),
        evidence: "{}".to_owned(),
        pack: (book.pack.0.clone(), i64::from(book.pack.1)),
    };
    queries::insert_step(tx, case.id, &step)
}

/// Who may begin cases of a life by hand: whoever takes its first step, and the levels above.
fn may_begin(ctx: &Ctx, life: &Life) -> Result<()> {
    let first = life.state(&life.start).map_or(Level::Village, |state| state.owner);
    let levels = [Level::Village, Level::Township, Level::County];
    let above = levels.into_iter().filter(|level| *level >= first);
    let permitted =
        above.map(permission_of).any(|one| kernel::permission::allows(ctx.actor.role, one));
    if permitted { Ok(()) } else { ctx.permit(permission_of(first)).map(drop) }
}

/// The lives that the person may begin by hand, and the members for whom one of a person can begin.
pub fn by_hand(ctx: &Ctx, household: HouseholdId) -> Result<(Vec<Life>, Vec<Somebody>)> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut session = ctx.read()?;
    let members = registered::list_members(&mut session, &permit, household)?;
    if members.is_empty() {
        return Err(ctx.not_found("cases.no_household", &household.to_string()));
    }
    let book = book(&mut session, ctx.today)?;
    let hand = |life: &&Life| life.starts_by(Start::Hand) && may_begin(ctx, life).is_ok();
    Ok((book.lives.iter().filter(hand).cloned().collect(), members))
}

/// Households of the scope that somebody looks for to begin something with, the most likely first.
pub fn look_for(ctx: &Ctx, text: &str) -> Result<Vec<households::Line>> {
    const MOST: i64 = 20;
    let permit = ctx.permit(Permission::CaseSee)?;
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut session = ctx.read()?;
    let found = households::find_households(ctx, &mut session, &permit, text, MOST)?;
    let filter = households::Filter { ids: Some(found), ..households::Filter::default() };
    households::list_households(&mut session, &permit, &filter, MOST)
}

/// Begins a case by hand. A second one of the same life about the same household or person is refused with the first.
pub fn open_by_hand(
    ctx: &Ctx,
    (life, household): (&str, HouseholdId),
    (person, words): (Option<PersonId>, &str),
) -> Result<CaseId> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut tx = ctx.begin()?;
    let book = book(&mut tx, ctx.today)?;
    let life = book.life(life)?;
    if !life.starts_by(Start::Hand) {
        return Err(Refusal::conflict("cases.not_by_hand").into());
    }
    may_begin(ctx, life)?;
    let members = registered::list_members(&mut tx, &permit, household)?;
    let missing = || ctx.not_found("cases.no_household", &household.to_string());
    let village = members.first().map(|one| one.village).ok_or_else(missing)?;
    let person = match life.subject {
        Subject::Household => None,
        Subject::Person => {
            let known = person.filter(|id| members.iter().any(|one| one.person == *id));
            let needed = || Refusal::invalid("cases.fields").field("person", "web.required");
            Some(known.ok_or_else(needed)?)
        }
    };
    let of = Of { household, person, village };
    if let Some(other) = queries::find_live_of(&mut tx, &life.id, of)? {
        return Err(Refusal::conflict("cases.has_one").arg("number", other.number).into());
    }
    let mut numbers = Numbers::after_last(&mut tx, village)?;
    let began = Began { on: ctx.today, by: queries::by(ctx), from: From::default() };
    let case = begin(&mut tx, (&book, life), (&mut numbers, of), &began)?;
    let entry = Entry::new(ctx, "case.open").about("case", case.id.to_string()).area(village);
    tx.touch_household(household.to_string(), village);
    tx.commit(entry.detail(json!({ "life": life.id, "number": case.number, "words": words })))?;
    Ok(case.id)
}
