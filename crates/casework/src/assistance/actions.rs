//! Help is planned, given, logged and ended.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::MeasureId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::households;
use serde_json::json;
use store::{Ctx, Entry, Session, Tx};

use super::model::{Delivered, Ending, Measure, NewMeasure, Subject};
use super::queries;
use super::queries::list::{Filter, Line};

/// Longest reason that is kept, in characters.
const LONGEST: usize = 500;

fn tidy(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

/// Refuses what lies outside of the scope of the person as not found.
fn in_scope(
    ctx: &Ctx,
    session: &mut Session,
    (permission, subject): (Permission, Subject),
) -> Result<()> {
    let permit = ctx.permit(permission)?;
    match subject {
        Subject::Household(id) | Subject::Person(id, _) => {
            households::load_household(ctx, session, &permit, &id.to_string()).map(drop)
        }
        Subject::Village(code) if ctx.actor.works_in(code) => Ok(()),
        Subject::Village(code) => Err(ctx.not_found("areas.no_such_village", code.as_str())),
    }
}

/// Adds a measure in a transaction of somebody else's, who has asked for the right to do so and writes the journal.
///
/// # Errors
/// A refusal that says what does not fit; faults of the database.
pub fn add_measure(tx: &mut Tx, ctx: &Ctx, new: NewMeasure) -> Result<MeasureId> {
    let new = new.checked(ctx.today)?;
    let village = match new.subject {
        Subject::Village(code) => code,
        Subject::Household(household) | Subject::Person(household, _) => {
            let about = household.to_string();
            let row = queries::find_village(tx, household)?
                .ok_or_else(|| ctx.not_found("households.not_found", &about))?;
            if row.opt_parse::<Day>(1)?.is_some_and(|closed| closed <= ctx.today) {
                return Err(Refusal::conflict("assistance.household_closed").into());
            }
            row.parse(0)?
        }
    };
    if let Subject::Person(household, person) = new.subject
        && !queries::lives_in(tx, (household, person), ctx.today)?
    {
        let refusal = Refusal::invalid("assistance.not_a_member");
        return Err(refusal.field("person", "web.required").into());
    }
    let id: MeasureId = ctx.new_id();
    queries::insert_measure(tx, ctx, (id, village.as_str()), &new)?;
    if let Some(household) = new.subject.household() {
        tx.touch_household(household.to_string(), village);
    }
    Ok(id)
}

/// Plans a measure.
///
/// # Errors
/// A refusal that says what does not fit; not found outside of the scope.
pub fn plan(ctx: &Ctx, new: NewMeasure) -> Result<MeasureId> {
    ctx.permit(Permission::AssistancePlan)?;
    let mut tx = ctx.begin()?;
    in_scope(ctx, &mut tx, (Permission::AssistancePlan, new.subject))?;
    let detail = json!({
        "kind": new.kind, "aims": new.aims, "household": new.subject.household().map(|id| id.to_string()),
        "person": new.subject.person().map(|id| id.to_string()), "office": new.office, "due": new.due_on,
    });
    let id = add_measure(&mut tx, ctx, new)?;
    tx.commit(Entry::new(ctx, "assistance.plan").about("measure", id.to_string()).detail(detail))?;
    Ok(id)
}

pub(super) fn load(
    ctx: &Ctx,
    session: &mut Session,
    (permission, id): (Permission, MeasureId),
) -> Result<Measure> {
    let missing = || ctx.not_found("assistance.no_measure", &id.to_string());
    let measure = queries::find_measure(session, id, ctx.today)?.ok_or_else(missing)?;
    in_scope(ctx, session, (permission, measure.subject)).map_err(|error| match error {
        Error::Refusal(refusal) if refusal.kind == kernel::error::RefusalKind::NotFound => {
            missing()
        }
        other => other,
    })?;
    let office = ctx.actor.department.as_deref();
    if permission == Permission::AssistanceDeliver
        && office.is_some_and(|office| office != measure.office)
    {
        return Err(Refusal::forbidden("assistance.other_office").into());
    }
    Ok(measure)
}

/// One measure in the scope of the person.
///
/// # Errors
/// Not found outside of the scope.
pub fn show(ctx: &Ctx, id: MeasureId) -> Result<Measure> {
    ctx.permit(Permission::AssistanceSee)?;
    load(ctx, &mut ctx.read()?, (Permission::AssistanceSee, id))
}

/// Measures in the scope of the person, and how many there are in all.
///
/// # Errors
/// What the database refuses.
pub fn list(ctx: &Ctx, filter: &Filter, limit: i64) -> Result<(Vec<Line>, i64)> {
    let permit = ctx.permit(Permission::AssistanceSee)?;
    let mut session = ctx.read()?;
    let lines = queries::list::list_measures(&mut session, &permit, filter, (ctx.today, limit))?;
    let total = queries::list::count_measures(&mut session, &permit, filter)?;
    Ok((lines, total))
}

/// How much help was promised and is not given in the scope of the person, and how much of it is past its day: as the lists
/// *due* and *overdue* hold it.
///
/// # Errors
/// What the database refuses.
pub fn count_open(ctx: &Ctx) -> Result<(i64, i64)> {
    let permit = ctx.permit(Permission::AssistanceSee)?;
    queries::list::count_open(&mut ctx.read()?, &permit)
}

fn done(mut tx: Tx, measure: &Measure, entry: Entry) -> Result<()> {
    if let Some(household) = measure.subject.household() {
        // where it stands now, which need not be where the help was promised
        let row = queries::find_village(&mut tx, household)?;
        let village = row.map_or(Ok(None), |row| row.opt_parse(0))?;
        tx.touch_household(household.to_string(), village.unwrap_or(measure.village));
    }
    tx.commit(entry.about("measure", measure.id.to_string()).area(measure.village))?;
    Ok(())
}

/// Who read an older version is told who has changed it.
pub(super) fn same_version(measure: &Measure, version: i64) -> Result<()> {
    if measure.version == version {
        return Ok(());
    }
    Err(Refusal::conflict("assistance.changed").arg("who", measure.by.clone()).into())
}

/// Says with a proof that a measure was given.
///
/// # Errors
/// Not found outside of the scope; a refusal that says what does not fit, or who has changed it since it was read.
pub fn deliver(ctx: &Ctx, (id, version): (MeasureId, i64), given: Delivered) -> Result<()> {
    ctx.permit(Permission::AssistanceDeliver)?;
    let mut tx = ctx.begin()?;
    let measure = load(ctx, &mut tx, (Permission::AssistanceDeliver, id))?;
    same_version(&measure, version)?;
    measure.checked(&given, ctx.today)?;
    if !queries::save_delivered(&mut tx, ctx, (id, version), &given)? {
        return Err(Refusal::conflict("assistance.changed").arg("who", measure.by).into());
    }
    let detail = json!({
        "kind": measure.kind, "on": given.on, "proof": given.proof.code(), "number": given.number.trim(),
        "amount_fen": given.amount.map(kernel::money::Money::fen), "term": given.term,
    });
    done(tx, &measure, Entry::new(ctx, "assistance.deliver").detail(detail))
}

/// Logs that a recurring service was given on a day.
///
/// # Errors
/// Not found outside of the scope; a kind that does not recur, a day that does not fit or is logged already.
pub fn give(ctx: &Ctx, id: MeasureId, on: Day, words: &str) -> Result<()> {
    ctx.permit(Permission::AssistanceDeliver)?;
    let mut tx = ctx.begin()?;
    let measure = load(ctx, &mut tx, (Permission::AssistanceDeliver, id))?;
    if !measure.is("recurring") {
        return Err(Refusal::conflict("assistance.not_recurring").into());
    }
    if on > ctx.today || !measure.stands_on(on) {
        let refusal = Refusal::invalid("assistance.given_when");
        return Err(refusal.field("given_on", "web.required").into());
    }
    let words = tidy(words);
    if !queries::insert_time(&mut tx, ctx, id, (on, &words))? {
        return Err(Refusal::conflict("assistance.given_already").into());
    }
    let detail = json!({ "kind": measure.kind, "on": on });
    done(tx, &measure, Entry::new(ctx, "assistance.give").detail(detail))
}

/// Ends a measure, with a reason: one that was given is over, one that was never given is withdrawn.
///
/// # Errors
/// Not found outside of the scope; a refusal that says what does not fit, or who has changed it since it was read.
pub fn end(ctx: &Ctx, (id, version): (MeasureId, i64), (on, why): (Day, &str)) -> Result<()> {
    ctx.permit(Permission::AssistancePlan)?;
    let mut tx = ctx.begin()?;
    let measure = load(ctx, &mut tx, (Permission::AssistancePlan, id))?;
    same_version(&measure, version)?;
    if measure.ended.is_some() {
        return Err(Refusal::conflict("assistance.ended").into());
    }
    let why = tidy(why);
    if why.is_empty() {
        return Err(Refusal::invalid("assistance.why_needed").field("why", "web.required").into());
    }
    let first = measure.delivered.as_ref().map_or(measure.promised_on, |given| given.on);
    if on > ctx.today || on < first {
        let refusal = Refusal::invalid("assistance.ended_when");
        return Err(refusal.field("ended_on", "web.required").into());
    }
    let how = if measure.delivered.is_some() { Ending::Ended } else { Ending::Withdrawn };
    if !queries::save_ended(&mut tx, ctx, (id, version), (on, how, &why))? {
        return Err(Refusal::conflict("assistance.changed").arg("who", measure.by).into());
    }
    let detail = json!({ "kind": measure.kind, "on": on, "how": how.code(), "why": why });
    done(tx, &measure, Entry::new(ctx, "assistance.end").detail(detail))
}
