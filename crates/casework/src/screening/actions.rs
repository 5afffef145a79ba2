//! What a person can do with leads: answer one or several, look a second time.

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::LeadId;
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry, Permit, Session, Tx};

use super::book::{bound, working_calendar};
use super::model::{Answer, CannotAnswer, CannotLook, Drawn, Lead, Look, State};
use super::queries::one::By;
use super::queries::returned::{Returned, returned_leads};
use super::queries::{counts, inbox, one, papers};
use super::sealed;

pub use super::queries::inbox::{Filter, LeadLine, ReasonLine};
pub use super::queries::one::{PastAnswer, Reason, Strip};
pub use super::queries::papers::PaperKept;

/// Rows of one page of the inbox.
pub const PAGE: i64 = 50;

/// One page of leads, and the key of the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The lines.
    pub lines: Vec<LeadLine>,
    /// Sort day and id after which the next page begins; `None` at the end.
    pub next: Option<(Day, LeadId)>,
    /// How many there are in all.
    pub total: i64,
}

/// Leads in the person's scope, by their day.
pub fn list(ctx: &Ctx, filter: &Filter, after: Option<(Day, LeadId)>) -> Result<Page> {
    let permit = ctx.permit(Permission::LeadSee)?;
    if filter.state == State::Waiting && !sees_waiting(ctx) {
        return Ok(Page { lines: Vec::new(), next: None, total: 0 });
    }
    let mut session = ctx.read()?;
    let mut lines = inbox::list(&mut session, &permit, filter, (after, PAGE + 1))?;
    let total = counts::count(&mut session, &permit, filter)?;
    seal(ctx, &mut session, &permit, &mut lines)?;
    let more = lines.len() > usize::try_from(PAGE).unwrap_or(0);
    if more {
        lines.pop();
    }
    let next = if more { lines.last().map(|line| (line.sort_day, line.id)) } else { None };
    Ok(Page { lines, next, total })
}

/// Takes out of lines what the person's role does not open.
fn seal(ctx: &Ctx, session: &mut Session, permit: &Permit, lines: &mut [LeadLine]) -> Result<()> {
    let book = bound(session, ctx.today)?;
    sealed::seal_lines(permit, book.as_ref().map(|bound| &*bound.book), lines);
    Ok(())
}

/// What waits for a wave is the county's to see.
fn sees_waiting(ctx: &Ctx) -> bool {
    allows(ctx.actor.role, Permission::LeadRelease)
}

/// One lead with everything about it.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadView {
    /// The lead.
    pub lead: Lead,
    /// Its reasons.
    pub reasons: Vec<Reason>,
    /// What was ever answered.
    pub history: Vec<PastAnswer>,
    /// The household, of a lead about one.
    pub strip: Option<Strip>,
    /// Names of the areas down to the village.
    pub path: Vec<(AreaCode, String)>,
    /// Papers from which answers were typed in.
    pub papers: Vec<PaperKept>,
}

/// One lead. Outside the scope, and before it is given out, it is not found.
pub fn show(ctx: &Ctx, id: LeadId) -> Result<LeadView> {
    let permit = ctx.permit(Permission::LeadSee)?;
    let mut session = ctx.read()?;
    let mut lead = visible(ctx, &mut session, &permit, id)?;
    let mut reasons = one::reasons(&mut session, id)?;
    let book = bound(&mut session, ctx.today)?;
    sealed::seal_reasons(&permit, book.as_ref().map(|bound| &*bound.book), &mut reasons);
    let mut history = one::history(&mut session, id)?;
    sealed::seal_answers(&permit, &mut lead, &mut history);
    let strip = match lead.household {
        Some(household) => one::strip(&mut session, household)?,
        None => None,
    };
    let path = registry::areas::path_of(&mut session, lead.village)?;
    let papers = papers::list_papers(&mut session, id)?;
    Ok(LeadView { lead, reasons, history, strip, path, papers })
}

pub(super) fn visible(
    ctx: &Ctx,
    session: &mut Session,
    permit: &Permit,
    id: LeadId,
) -> Result<Lead> {
    one::find(session, permit, id)?
        .filter(|lead| lead.state != State::Waiting || sees_waiting(ctx))
        .ok_or_else(|| ctx.not_found("screening.no_lead", &id.to_string()))
}

/// The lead that the person saw: its id and version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The lead.
    pub id: LeadId,
    /// The version that was on the page.
    pub version: i64,
}

/// Answers one lead. The second of two people is told who answered and what; nothing is overwritten.
pub fn answer(ctx: &Ctx, shown: Shown, answer: &Answer) -> Result<State> {
    let permit = ctx.permit(Permission::LeadAnswer)?;
    let mut tx = ctx.begin()?;
    let lead = visible(ctx, &mut tx, &permit, shown.id)?;
    let state = answer_in(ctx, &mut tx, (&lead, shown.version), (answer, own(ctx, 1)))?;
    let detail = json!({
        "outcome": answer.outcome.code(), "reason_code": answer.reason_code, "reason": answer.reason,
        "state": state.code(),
    });
    let entry = Entry::new(ctx, "lead.answer").about("lead", lead.id.to_string());
    tx.commit(entry.area(lead.village).detail(detail))?;
    Ok(state)
}

/// The person who acts.
fn own(ctx: &Ctx, together: usize) -> By<'_> {
    By { account: &ctx.actor.account, name: &ctx.actor.name, today: ctx.today, together }
}

pub(super) fn answer_in(
    ctx: &Ctx,
    tx: &mut Tx,
    (lead, version): (&Lead, i64),
    (answer, by): (&Answer, By<'_>),
) -> Result<State> {
    let drawn = Drawn::by_digest(&ctx.db.keys().digest(&lead.id.to_string()));
    let state = lead.answered(answer, version, drawn).map_err(|why| cannot_answer(lead, &why))?;
    if one::save_answer(tx, lead, (answer, state), by)? {
        return Ok(state);
    }
    let now = one::load(tx, lead.id)?;
    let why = now.answered(answer, version, drawn).err().unwrap_or(CannotAnswer::Changed);
    Err(cannot_answer(&now, &why))
}

fn cannot_answer(lead: &Lead, why: &CannotAnswer) -> Error {
    let refusal = match why {
        CannotAnswer::Answered => match &lead.given {
            Some(given) => Refusal::conflict("screening.already_answered")
                .arg("who", &given.name)
                .arg("outcome", given.answer.outcome.code())
                .arg("at", given.at.local_text()),
            None => Refusal::conflict("screening.changed"),
        },
        CannotAnswer::Waiting => Refusal::conflict("screening.not_released"),
        CannotAnswer::Withdrawn => Refusal::conflict("screening.withdrawn"),
        CannotAnswer::Changed => Refusal::conflict("screening.changed"),
        CannotAnswer::NoReason => {
            Refusal::invalid("screening.reason_needed").field("reason", "web.required")
        }
    };
    refusal.into()
}

/// What came of answering several leads together.
#[derive(Debug, Clone, Default)]
pub struct Together {
    /// Answered now.
    pub answered: Vec<LeadId>,
    /// Not answered, and why: somebody was first, a reason came, outside the scope.
    pub refused: Vec<(LeadId, Refusal)>,
}

/// Most leads that may be answered at once.
pub const MOST_TOGETHER: usize = 500;

/// Answers several leads with one outcome and reason. Those that cannot be answered are left as they are and named.
pub fn answer_together(ctx: &Ctx, shown: &[Shown], answer: &Answer) -> Result<Together> {
    let permit = ctx.permit(Permission::LeadAnswer)?;
    if shown.is_empty() {
        return Err(Refusal::invalid("screening.none_chosen").into());
    }
    if shown.len() > MOST_TOGETHER {
        return Err(Refusal::too_many("screening.too_many").arg("most", MOST_TOGETHER).into());
    }
    if answer.outcome.needs_reason() && !answer.has_reason() {
        let refusal = Refusal::invalid("screening.reason_needed");
        return Err(refusal.field("reason", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    let mut together = Together::default();
    for one in shown {
        let done = visible(ctx, &mut tx, &permit, one.id).and_then(|lead| {
            let by = own(ctx, shown.len());
            answer_in(ctx, &mut tx, (&lead, one.version), (answer, by))
        });
        match done {
            Ok(_) => together.answered.push(one.id),
            Err(Error::Refusal(refusal)) => together.refused.push((one.id, refusal)),
            Err(fault) => return Err(fault),
        }
    }
    if together.answered.is_empty() {
        return Ok(together);
    }
    let ids: Vec<String> = together.answered.iter().map(ToString::to_string).collect();
    let detail = json!({
        "outcome": answer.outcome.code(), "reason_code": answer.reason_code, "reason": answer.reason, "leads": ids,
    });
    tx.commit(Entry::new(ctx, "lead.answer").about("leads", ids.len().to_string()).detail(detail))?;
    Ok(together)
}

/// Takes a second look at a drawn answer.
pub fn second_look(ctx: &Ctx, shown: Shown, look: &Look) -> Result<State> {
    let permit = ctx.permit(Permission::LeadSecondLook)?;
    let mut tx = ctx.begin()?;
    let lead = visible(ctx, &mut tx, &permit, shown.id)?;
    let state = lead
        .looked_at(look, shown.version, &ctx.actor.account)
        .map_err(|why| cannot_look(&lead, why))?;
    let due_on = lead.clock.day_after(ctx.today, working_calendar()?);
    let saved = match (look, one::find_live_beside(&mut tx, lead.id)?) {
        (Look::Agree, _) => one::save_agreed(&mut tx, &lead)?,
        (Look::Disagree(_), None) => one::save_reopened(&mut tx, &lead, due_on)?,
        (Look::Disagree(_), Some(live)) => one::save_joined(&mut tx, &lead, live, due_on)?,
    };
    if !saved {
        return Err(Refusal::conflict("screening.changed").into());
    }
    let (kind, reason) = match look {
        Look::Agree => ("agree", ""),
        Look::Disagree(reason) => ("disagree", reason.as_str()),
    };
    let given = lead.given.as_ref().map(|given| given.answer.outcome);
    let answer = given.map(|outcome| Answer::new(outcome, "", reason));
    let by =
        By { account: &ctx.actor.account, name: &ctx.actor.name, today: ctx.today, together: 1 };
    one::insert_history(&mut tx, lead.id, kind, answer.as_ref(), by)?;
    let entry = Entry::new(ctx, "lead.second_look").about("lead", lead.id.to_string());
    tx.commit(entry.area(lead.village).detail(json!({ "look": kind, "reason": reason })))?;
    Ok(state)
}

fn cannot_look(lead: &Lead, why: CannotLook) -> Error {
    match why {
        CannotLook::NotDrawn => Refusal::conflict("screening.not_drawn"),
        CannotLook::Changed => Refusal::conflict("screening.changed"),
        CannotLook::OwnAnswer => Refusal::forbidden("screening.own_answer")
            .arg("who", lead.given.as_ref().map_or("", |given| given.name.as_str())),
        CannotLook::NoReason => {
            Refusal::invalid("screening.reason_needed").field("reason", "web.required")
        }
    }
    .into()
}

/// The live leads of a household, for its page: in the person's scope, given out.
pub fn of_household(ctx: &Ctx, session: &mut Session, household: &str) -> Result<Vec<LeadLine>> {
    let permit = ctx.permit(Permission::LeadSee)?;
    let mut lines = inbox::of_household(session, &permit, household)?;
    if !lines.is_empty() {
        seal(ctx, session, &permit, &mut lines)?;
    }
    Ok(lines)
}

/// Leads that ended as wrong data of a department, in the person's scope, the newest first.
pub fn returned(ctx: &Ctx, department: &str) -> Result<Vec<Returned>> {
    let permit = ctx.permit(Permission::LeadSee)?;
    let mut session = ctx.read()?;
    let mut found = returned_leads(&mut session, &permit, department)?;
    let book = bound(&mut session, ctx.today)?;
    sealed::seal_returned(&permit, book.as_ref().map(|bound| &*bound.book), &mut found);
    Ok(found)
}

/// Leads of a list for a workbook: all of them, up to a number.
pub(super) fn list_all(
    ctx: &Ctx,
    permit: &Permit,
    filter: &Filter,
    most: i64,
) -> Result<Vec<LeadLine>> {
    let mut session = ctx.read()?;
    let mut lines = inbox::list(&mut session, permit, filter, (None, most))?;
    seal(ctx, &mut session, permit, &mut lines)?;
    Ok(lines)
}

/// The four numbers of *my work*.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkCounts {
    /// Due today.
    pub due_today: i64,
    /// Past their day.
    pub overdue: i64,
    /// Given out today or yesterday.
    pub fresh: i64,
    /// Answered, and waiting for a second look by others; for who takes the look, waiting for them.
    pub second_look: i64,
}

/// The four numbers of *my work*, in the person's scope.
pub fn work_counts(ctx: &Ctx) -> Result<WorkCounts> {
    let permit = ctx.permit(Permission::LeadSee)?;
    let mut session = ctx.read()?;
    let mut count = |filter: &Filter| counts::count(&mut session, &permit, filter);
    let open = Filter::of(State::Open);
    Ok(WorkCounts {
        due_today: count(&Filter {
            due_from: Some(ctx.today),
            due_to: Some(ctx.today),
            ..open.clone()
        })?,
        overdue: count(&Filter { due_to: Some(ctx.today.add_days(-1)), ..open.clone() })?,
        fresh: count(&Filter { released_from: Some(ctx.today.add_days(-1)), ..open })?,
        second_look: count(&Filter::of(State::SecondLook))?,
    })
}

/// The leads of *my work* by their clock: what is drawn for a second look (for who may take it), then what is open.
pub fn work_items(ctx: &Ctx, most: i64) -> Result<Vec<LeadLine>> {
    let permit = ctx.permit(Permission::LeadSee)?;
    let mut session = ctx.read()?;
    let mut lines = Vec::new();
    if allows(ctx.actor.role, Permission::LeadSecondLook) {
        let drawn = Filter::of(State::SecondLook);
        lines = inbox::list(&mut session, &permit, &drawn, (None, most))?;
    }
    if allows(ctx.actor.role, Permission::LeadAnswer) || lines.is_empty() {
        lines.extend(inbox::list(&mut session, &permit, &Filter::of(State::Open), (None, most))?);
    }
    lines.truncate(usize::try_from(most).unwrap_or(0));
    seal(ctx, &mut session, &permit, &mut lines)?;
    Ok(lines)
}

/// How many leads stand where, in the person's scope and an area.
pub fn count_states(
    ctx: &Ctx,
    area: Option<AreaCode>,
) -> Result<std::collections::BTreeMap<State, i64>> {
    let permit = ctx.permit(Permission::LeadSee)?;
    let mut counts = counts::count_states(&mut ctx.read()?, &permit, area)?;
    if !sees_waiting(ctx) {
        counts.remove(&State::Waiting);
    }
    Ok(counts)
}

/// Writes an entry about something that was only taken out.
pub(super) fn journal(ctx: &Ctx, entry: Entry) -> Result<()> {
    ctx.journal(entry)
}
