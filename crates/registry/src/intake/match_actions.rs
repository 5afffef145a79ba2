//! Deciding who a row is about: the record is written in the same commit, every open question with the same evidence
//! is settled with it, and the last decision can be taken back.

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{HouseholdId, PersonId};
use kernel::permission::Permission;
use kernel::time::Instant;
use serde_json::json;
use store::{Ctx, Entry, Permit, ScopeKind, Tx, Value};

use super::batch::{BatchState, RowOutcome};
use super::evidence::Evidence;
use super::mask;
use super::match_queue::{self as queue, At, Candidate, Settled, Stored, Which};
use super::queries;
use super::waiting::Waiting;

/// What a person says about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It speaks of this one of the candidates.
    Person(PersonId),
    /// It speaks of nobody in the register.
    NotHere,
    /// It cannot be used: wrong data, back to its department.
    Rejected,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Verdict::Person(_) => "person",
            Verdict::NotHere => "not_here",
            Verdict::Rejected => "rejected",
        }
    }
}

/// An open question, with its evidence opened.
#[derive(Debug, Clone)]
pub struct Question {
    /// Batch and row.
    pub at: At,
    /// The list.
    pub list: String,
    /// Template of the row's sheet.
    pub template: String,
    /// Why it is asked, as a code.
    pub reason: String,
    /// What the row shows.
    pub evidence: Evidence,
    /// Who it may be, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// How far the queue is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueState {
    /// Open questions of each list.
    pub open: Vec<(String, i64)>,
    /// Rows that the caller decided today.
    pub decided_today: i64,
}

/// Whether the person's scope is the whole county: then rows that name no village are theirs too.
pub(super) fn sees_all(ctx: &Ctx) -> bool {
    ctx.actor.scopes.iter().any(|scope| match &scope.kind {
        ScopeKind::Everywhere => true,
        ScopeKind::Area(area) => area.level() <= AreaLevel::County,
        ScopeKind::Household(_) | ScopeKind::List(_) => false,
    })
}

fn permit(ctx: &Ctx) -> Result<(Permit, bool)> {
    Ok((ctx.permit(Permission::IntakeMatch)?, sees_all(ctx)))
}

/// What the queue holds of one question, whatever its state.
pub(super) fn list_stored(
    ctx: &Ctx,
    (which, state): (&Which, &str),
    page: (Option<At>, i64),
) -> Result<Vec<Stored>> {
    let (permit, all) = permit(ctx)?;
    queue::list(&mut ctx.read()?, (&permit, all), (which, state), page)
}

/// One stored question with its evidence, whatever its state.
pub(super) fn find_stored(ctx: &Ctx, at: At) -> Result<Stored> {
    let (permit, all) = permit(ctx)?;
    queue::find(&mut ctx.read()?, &permit, all, at)?
        .ok_or_else(|| ctx.not_found("intake.no_question", &place(at)))
}

pub(super) fn opened(ctx: &Ctx, stored: Stored) -> Result<Question> {
    let evidence = serde_json::from_str(&ctx.db.keys().open_text(&stored.evidence)?)
        .map_err(|why| Error::fault(format!("evidence: {why}")))?;
    Ok(Question {
        at: stored.at,
        list: stored.list,
        template: stored.template,
        reason: stored.reason,
        evidence,
        candidates: stored.candidates,
    })
}

/// How much there is to decide.
pub fn queue_state(ctx: &Ctx) -> Result<QueueState> {
    let (permit, all) = permit(ctx)?;
    let mut session = ctx.read()?;
    Ok(QueueState {
        open: queue::count_open(&mut session, &permit, all)?,
        decided_today: queue::count_decided(
            &mut session,
            &ctx.actor.account,
            Instant::start_of(ctx.today),
        )?,
    })
}

/// The first open question after a row; from the beginning again when there is none behind it.
pub fn next_question(ctx: &Ctx, which: &Which, after: Option<At>) -> Result<Option<Question>> {
    let permit = permit(ctx)?;
    let mut session = ctx.read()?;
    let mut found = queue::find_next(&mut session, (&permit.0, permit.1), which, after)?;
    if found.is_none() && after.is_some() {
        found = queue::find_next(&mut session, (&permit.0, permit.1), which, None)?;
    }
    found.map(|stored| opened(ctx, stored)).transpose()
}

/// The open question about a row.
///
/// # Errors
/// Not found outside the scope; a conflict that says who decided, when it is not open any more.
pub fn load_question(ctx: &Ctx, at: At) -> Result<Question> {
    let (permit, all) = permit(ctx)?;
    let stored = queue::find(&mut ctx.read()?, &permit, all, at)?
        .ok_or_else(|| ctx.not_found("intake.no_question", &place(at)))?;
    still_open(&stored)?;
    opened(ctx, stored)
}

fn place(at: At) -> String {
    format!("{}/{}", at.0, at.1)
}

fn still_open(stored: &Stored) -> Result<()> {
    let live = matches!(stored.batch, BatchState::Ready | BatchState::Accepted);
    match (&stored.decided, stored.state.as_str()) {
        (_, "open") if live => Ok(()),
        (Some((who, when)), "decided") => Err(Refusal::conflict("intake.already_decided")
            .arg("who", who)
            .arg("when", when.local_text())
            .into()),
        _ => Err(Refusal::conflict("intake.question_withdrawn").into()),
    }
}

/// Decides who a row is about, and with it every open row that shows the same evidence. Returns how many.
///
/// # Errors
/// Not found outside the scope; a conflict that says who was faster; invalid when the person is no candidate.
pub fn decide(ctx: &Ctx, at: At, verdict: Verdict) -> Result<usize> {
    decide_because(ctx, at, (verdict, ""))
}

/// The same, with a reason in words, which the journal keeps.
///
/// # Errors
/// As [`decide`].
pub fn decide_because(ctx: &Ctx, at: At, (verdict, why): (Verdict, &str)) -> Result<usize> {
    let (permit, all) = permit(ctx)?;
    let mut tx = ctx.begin()?;
    let asked = queue::find(&mut tx, &permit, all, at)?
        .ok_or_else(|| ctx.not_found("intake.no_question", &place(at)))?;
    still_open(&asked)?;
    let whom = match verdict {
        Verdict::NotHere | Verdict::Rejected => None,
        Verdict::Person(person) => {
            let candidate = asked.candidates.iter().find(|one| one.person == person);
            let chosen = candidate.ok_or_else(|| Refusal::invalid("intake.not_a_candidate"))?;
            let village = queries::village_of(&mut tx, chosen.household)?;
            let village = village.ok_or_else(|| Refusal::conflict("intake.candidate_gone"))?;
            Some((chosen.person, chosen.household, village))
        }
    };
    let same = queue::list_same(&mut tx, &asked.digest)?;
    let mut made: Vec<(&'static str, String)> = Vec::new();
    for one in &same {
        let decided = (verdict.word(), whom.map(|w| (w.0, w.1)));
        if !queue::close(&mut tx, one.at, &ctx.actor.account, decided)? {
            return Err(Error::fault("a question closed while it was being decided"));
        }
        let outcome = settle(&mut tx, one, (verdict, whom))?;
        made.push((outcome.text(), place(one.at)));
    }
    let entry = Entry::new(ctx, "intake.match").about("batch_row", place(at)).detail(json!({
        "person": whom.map(|w| w.0.to_string()),
        "household": whom.map(|w| w.1.to_string()),
        "rows": made,
        "decision": verdict.word(),
        "reason": mask::runs(why),
    }));
    let entry = match whom {
        Some((_, _, village)) => entry.area(village),
        None => entry,
    };
    tx.commit(entry)?;
    Ok(same.len())
}

type Whom = (PersonId, HouseholdId, AreaCode);

fn settle(
    tx: &mut Tx,
    asked: &Stored,
    (verdict, whom): (Verdict, Option<Whom>),
) -> Result<RowOutcome> {
    let keys = tx.db().keys().clone();
    let waiting = Waiting::open(&keys, &asked.statement)?;
    let mut settled = Settled {
        outcome: match verdict {
            Verdict::Rejected => RowOutcome::Rejected,
            Verdict::NotHere | Verdict::Person(_) => RowOutcome::NotHere,
        },
        reason: "decided".to_owned(),
        whom,
        event: None,
        day: waiting.day,
        repeats: None,
    };
    let Some((person, household, village)) = whom else {
        queue::settle(tx, asked.at, &settled)?;
        return Ok(settled.outcome);
    };
    if let Some(broken) = &waiting.broken {
        settled.outcome = RowOutcome::Rejected;
        settled.reason.clone_from(broken);
        queue::settle(tx, asked.at, &settled)?;
        return Ok(settled.outcome);
    }
    let event = keys.digest(&waiting.event_of(&person.to_string()));
    settled.repeats = repeats(tx, asked.at, &event)?;
    settled.event = Some(event);
    if settled.repeats.is_some() {
        settled.outcome = RowOutcome::Duplicate;
        settled.reason = "repeats".to_owned();
    } else {
        settled.outcome = RowOutcome::Taken;
        queries::insert_records(
            tx,
            [record(asked.at, &waiting, (person, household, village), tx.now())],
        )?;
        if asked.batch == BatchState::Accepted {
            tx.touch_household(household.to_string(), village);
        }
    }
    queue::settle(tx, asked.at, &settled)?;
    Ok(settled.outcome)
}

fn repeats(tx: &mut Tx, at: At, event: &str) -> Result<Option<At>> {
    if let Some(row) = queue::find_event_within(tx, at, event)? {
        return Ok(Some((at.0, row)));
    }
    let before = queries::find_events(tx, &[event.to_owned()])?;
    Ok(before.into_iter().map(|(_, batch, row)| (batch, row)).find(|found| *found != at))
}

fn record(
    at: At,
    waiting: &Waiting,
    (person, household, village): Whom,
    now: Instant,
) -> Vec<Value> {
    vec![
        at.0.into(),
        at.1.into(),
        0_i64.into(),
        "person".into(),
        person.into(),
        household.into(),
        village.into(),
        Value::from(&waiting.topic),
        Value::from(&waiting.department),
        waiting.day.into(),
        now.into(),
        Value::from(&waiting.body),
    ]
}

/// Takes the caller's last decision back: its rows are asked again. Returns the first of them.
///
/// # Errors
/// Invalid when there is none; a conflict when the batch ended or another row counts as its repeat.
pub fn undo(ctx: &Ctx) -> Result<At> {
    let _ = permit(ctx)?;
    let mut tx = ctx.begin()?;
    let last = queue::list_last(&mut tx, &ctx.actor.account)?;
    let first =
        last.first().map(|one| one.at).ok_or_else(|| Refusal::invalid("intake.nothing_to_undo"))?;
    for one in &last {
        if !matches!(one.batch, BatchState::Ready | BatchState::Accepted) {
            return Err(Refusal::conflict("intake.question_withdrawn").into());
        }
        if let Some((household, village)) = queue::find_subject(&mut tx, one.at)?
            && one.batch == BatchState::Accepted
        {
            tx.touch_household(household.to_string(), village);
        }
        queue::delete_records(&mut tx, one.at)?;
        queue::reopen(&mut tx, one.at)?;
        let asked = Settled {
            outcome: RowOutcome::Asked,
            reason: one.reason.clone(),
            whom: None,
            event: None,
            day: None,
            repeats: None,
        };
        queue::settle(&mut tx, one.at, &asked)?;
    }
    // Repeats among the rows that were settled together are open again; a row outside still counts on one of them.
    for one in &last {
        if queue::is_repeated(&mut tx, one.at)? {
            return Err(Refusal::conflict("intake.repeated_since").into());
        }
    }
    let entry = Entry::new(ctx, "intake.unmatch").about("batch_row", place(first));
    tx.commit(entry.detail(json!({ "rows": last.len() })))?;
    Ok(first)
}
