//! What the household is told of its case on the public page, and its objection, which a person answers. Nothing that somebody
//! typed goes outside: the words are those of the pack.

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::{CaseId, DeclarationId, LeadId};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::Words;
use serde_json::json;
use store::{Ctx, Entry, Session, Tx};

use super::actions::{Shown, may_step};
use super::book::find_book;
use super::life::Phase;
use super::look::visible;
use super::model::{Case, LONGEST};
use super::queries::objections;
use super::queries::reminders::Recalled;
use super::queries::{self, papers};

/// What the household is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldOutside {
    /// Where the case stands.
    pub state: Words,
    /// Why it was decided so.
    pub why: Option<Words>,
    /// By when the next step is to be done.
    pub next: Option<Day>,
    /// Where the household stands now.
    pub village: AreaCode,
    /// It may object.
    pub may_object: bool,
    /// It has objected and nobody has answered yet.
    pub objected: bool,
    /// Its last objection was answered on the day.
    pub answered: Option<Day>,
}

/// What is told of the case that answers a lead; `None` where no case does.
///
/// # Errors
/// What the database refuses.
pub fn told_outside(ctx: &Ctx, session: &mut Session, lead: LeadId) -> Result<Option<ToldOutside>> {
    let Some(id) = objections::find_case_of(session, lead)? else { return Ok(None) };
    let (Some(case), Some(book)) =
        (queries::find_any(session, id)?, find_book(session, ctx.today)?)
    else {
        return Ok(None);
    };
    let life = book.life(&case.life)?;
    let Some(state) = life.state(&case.state) else { return Ok(None) };
    let steps = queries::list_steps(session, id)?;
    let why = |name: &str| life.step(name).and_then(|step| step.told.clone());
    // of what has been decided the reason stands behind the step that told the household
    let why = match state.phase {
        Phase::Over => steps.iter().rev().find_map(|step| why(&step.step)),
        _ => steps.last().and_then(|step| why(&step.step)),
    };
    let said = objections::list(session, id)?;
    let objected = said.iter().any(|one| one.answer.is_none());
    Ok(Some(ToldOutside {
        state: state.told.clone().unwrap_or_else(|| state.title.clone()),
        why,
        next: next_of(&case),
        village: case.village,
        may_object: state.may_object && !objected,
        objected,
        answered: said.first().and_then(|one| one.answer.as_ref()).map(|(_, on, _)| *on),
    }))
}

fn next_of(case: &Case) -> Option<Day> {
    match (case.due, case.total_due) {
        (Some(due), Some(total)) => Some(due.min(total)),
        (due, total) => due.or(total),
    }
}

/// Gives an objection from the public page to the case that answers a lead; `false` where no case does. The caller has the
/// right to take letters in, and writes the journal.
///
/// # Errors
/// What the database refuses.
pub fn receive_objection(
    tx: &mut Tx,
    lead: LeadId,
    (letter, said_on, words): (DeclarationId, Day, &str),
) -> Result<bool> {
    let Some(id) = objections::find_case_of(tx, lead)? else { return Ok(false) };
    let sealed = tx.db().keys().seal_text(words)?;
    objections::insert(tx, id, (letter, said_on, &sealed))?;
    Ok(true)
}

/// Answers an objection in words; they are what the household is told at the door, and go nowhere else.
///
/// # Errors
/// Refused to who takes no step, without words, when somebody was first; outside the scope it is not found.
pub fn answer_objection(ctx: &Ctx, shown: Shown, (seq, words): (i64, &str)) -> Result<()> {
    may_step(ctx)?;
    let permit = ctx.permit(Permission::CaseSee)?;
    let words: String = words.trim().chars().take(LONGEST).collect();
    if words.is_empty() {
        return Err(Refusal::invalid("cases.fields").field("answer", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    let case = visible(ctx, &mut tx, &permit, shown.id)?;
    let known = objections::list(&mut tx, case.id)?;
    if !known.iter().any(|one| one.seq == seq) {
        return Err(ctx.not_found("cases.no_objection", &format!("{} {seq}", case.id)));
    }
    if !objections::save_answer(&mut tx, ctx, (case.id, seq), &words)? {
        return Err(Refusal::conflict("cases.objection_answered").into());
    }
    if !papers::next_version(&mut tx, case.id, shown.version)? {
        return Err(Refusal::conflict("cases.changed").into());
    }
    tx.touch_household(case.household.to_string(), case.village);
    let entry = Entry::new(ctx, "case.answer_objection").about("case", case.id.to_string());
    tx.commit(entry.area(case.village).detail(json!({ "objection": seq })))?;
    Ok(())
}

/// Objections in the person's scope that nobody has answered.
///
/// # Errors
/// Refused without `case.see`; what the database refuses.
pub fn open_objections(ctx: &Ctx, most: i64) -> Result<Vec<Recalled>> {
    let permit = ctx.permit(Permission::CaseSee)?;
    objections::list_open(&mut ctx.read()?, &permit, most)
}

/// How many objections to a case wait for an answer.
pub(super) fn count_open(session: &mut Session, id: CaseId) -> Result<usize> {
    Ok(objections::list(session, id)?.iter().filter(|one| one.answer.is_none()).count())
}
