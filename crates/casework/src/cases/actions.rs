//! What people do with cases: take a step, alone or for many; look at one; list them.

use std::sync::Arc;

use kernel::error::{Error, Refusal, Result};
use kernel::ids::CaseId;
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use registry::households;
use serde_json::json;
use store::{Ctx, Entry, Permit, Tx};

use super::book::{CaseBook, book};
use super::life::{Effect, Level, Need, StepDef};
use super::look::{Beside, visible};
use super::model::{CannotTake, Case, Known, Take, fill};
use super::queries::lists::{self, Among, Filter, Line};
use super::queries::{self, Step};

/// Rows of one page of a list.
pub const PAGE: i64 = 50;
/// Most cases with which one step may be taken at once.
pub const MOST_TOGETHER: usize = 300;
/// The paper before any query about assets: promise of truth and consent.
pub const CONSENT: &str = "consent";

/// The permission that a level of steps asks for.
pub const fn permission_of(level: Level) -> Permission {
    match level {
        Level::Village => Permission::CaseWork,
        Level::Township => Permission::CaseReview,
        Level::County => Permission::CaseApprove,
    }
}

/// Refused for who only looks: no step of any level is theirs.
pub(super) fn may_step(ctx: &Ctx) -> Result<()> {
    let levels = [Level::Village, Level::Township, Level::County];
    if levels.into_iter().any(|level| allows(ctx.actor.role, permission_of(level))) {
        return Ok(());
    }
    ctx.permit(Permission::CaseWork).map(drop)
}

/// One page of cases, and the key of the next.
#[derive(Debug, Clone)]
pub struct Page {
    /// What the pack says of them.
    pub book: Arc<CaseBook>,
    /// The lines.
    pub lines: Vec<Line>,
    /// Sort day and id after which the next page begins; `None` at the end.
    pub next: Option<(Day, CaseId)>,
    /// How many there are in all.
    pub total: i64,
    /// State, phase, number: of what the filter finds without its state and phase.
    pub states: Vec<(String, String, i64)>,
    /// Of which cases these numbers tell.
    pub among: Among,
}

/// Cases in the person's scope, by their day.
pub fn list(ctx: &Ctx, filter: &Filter, after: Option<(Day, CaseId)>) -> Result<Page> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut session = ctx.read()?;
    let book = book(&mut session, ctx.today)?;
    let among = book.among(filter);
    let of = (filter, among);
    let mut lines = lists::list(&mut session, &permit, of, (after, PAGE + 1))?;
    let states = lists::count_states(&mut session, &permit, of)?;
    let total = lists::total(&states, filter);
    let among = if filter.is_plain() { Among::All } else { among };
    let more = lines.len() > usize::try_from(PAGE).unwrap_or(0);
    lines.truncate(usize::try_from(PAGE).unwrap_or(0));
    let next = if more { lines.last().map(|line| (line.sort_day, line.id)) } else { None };
    Ok(Page { book, lines, next, total, states, among })
}

/// Cases of a list for a workbook or a print: all of them, up to a number.
pub fn list_all(ctx: &Ctx, filter: &Filter, most: i64) -> Result<(Arc<CaseBook>, Vec<Line>)> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut session = ctx.read()?;
    let book = book(&mut session, ctx.today)?;
    let of = (filter, book.among(filter));
    let lines = lists::list(&mut session, &permit, of, (None, most))?;
    Ok((book, lines))
}

/// The case that the person saw: its id and version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The case.
    pub id: CaseId,
    /// The version that was on the page.
    pub version: i64,
}

/// A step as it was asked for: its id and its fields.
pub struct Asked<'a> {
    /// The step.
    pub step: &'a str,
    /// The text of a field.
    pub field: &'a dyn Fn(&str) -> String,
}

/// Takes a step with a case. The second of two people is told who was first; nothing is overwritten.
pub fn take(ctx: &Ctx, shown: Shown, asked: &Asked<'_>) -> Result<Case> {
    may_step(ctx)?;
    let permit = ctx.permit(Permission::CaseSee)?;
    let book = book(&mut ctx.read()?, ctx.today)?;
    let mut tx = ctx.begin()?;
    let (before, after) = take_in(ctx, &mut tx, (&book, &permit), (shown, asked))?;
    let detail = json!({
        "step": asked.step, "from": before.state, "to": after.state, "version": after.version, "pack": book.pack.0,
        "pack_version": book.pack.1,
    });
    let entry = Entry::new(ctx, "case.step").about("case", after.id.to_string());
    tx.commit(entry.area(after.village).detail(detail))?;
    Ok(after)
}

/// What came of a step with several cases: those that took it, and those that could not and why.
pub type Together = (Vec<Case>, Vec<(CaseId, Refusal)>);

/// Takes the same step with several cases: a sitting, a list for approval. Those that cannot take it are left and named.
pub fn take_together(ctx: &Ctx, shown: &[Shown], asked: &Asked<'_>) -> Result<Together> {
    may_step(ctx)?;
    let permit = ctx.permit(Permission::CaseSee)?;
    if shown.is_empty() {
        return Err(Refusal::invalid("cases.none_chosen").into());
    }
    if shown.len() > MOST_TOGETHER {
        return Err(Refusal::too_many("cases.too_many").arg("most", MOST_TOGETHER).into());
    }
    let book = book(&mut ctx.read()?, ctx.today)?;
    let mut tx = ctx.begin()?;
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for one in shown {
        match take_in(ctx, &mut tx, (&book, &permit), (*one, asked)) {
            Ok((_, after)) => done.push(after),
            Err(Error::Refusal(refusal)) => refused.push((one.id, refusal)),
            Err(fault) => return Err(fault),
        }
    }
    if done.is_empty() {
        return Ok((done, refused));
    }
    let ids: Vec<String> = done.iter().map(|case| case.id.to_string()).collect();
    let entry = Entry::new(ctx, "case.step").about("cases", ids.len().to_string());
    tx.commit(entry.detail(json!({ "step": asked.step, "cases": ids, "pack": book.pack.0, "pack_version": book.pack.1 })))?;
    Ok((done, refused))
}

/// Steps of several cases within something larger that writes itself: what the day says of them, and whose they are.
pub struct Within {
    book: Arc<CaseBook>,
    permit: Permit,
}

impl Within {
    /// For a person who takes steps.
    ///
    /// # Errors
    /// Nobody who only looks.
    pub fn open(ctx: &Ctx) -> Result<Self> {
        may_step(ctx)?;
        let permit = ctx.permit(Permission::CaseSee)?;
        Ok(Self { book: book(&mut ctx.read()?, ctx.today)?, permit })
    }

    /// The pack and its version.
    pub fn pack(&self) -> (&str, u32) {
        (&self.book.pack.0, self.book.pack.1)
    }

    /// The version of a case now; `None` when it is no longer the person's.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn version(&self, tx: &mut Tx, id: CaseId) -> Result<Option<i64>> {
        Ok(queries::find(tx, &self.permit, id)?.map(|case| case.version))
    }

    /// Takes a step; what writes the whole commits and journals.
    ///
    /// # Errors
    /// Why the step cannot be taken; nothing of it is written then.
    pub fn take(&self, ctx: &Ctx, tx: &mut Tx, shown: Shown, asked: &Asked<'_>) -> Result<Case> {
        take_in(ctx, tx, (&self.book, &self.permit), (shown, asked)).map(|(_, after)| after)
    }
}

fn take_in(
    ctx: &Ctx,
    tx: &mut Tx,
    (book, permit): (&CaseBook, &Permit),
    (shown, asked): (Shown, &Asked<'_>),
) -> Result<(Case, Case)> {
    let case = visible(ctx, tx, permit, shown.id)?;
    let life = book.life(&case.life)?;
    let step = life.step(asked.step).ok_or_else(|| Refusal::not_found("cases.no_step"))?;
    ctx.permit(permission_of(step.by))?;
    let beside = Beside::load(ctx, tx, book, &case)?;
    let say = |tx: &mut Tx, why: CannotTake| cannot_take(tx, (&case, step), (why, &beside.known));
    if shown.version != case.version {
        return Err(say(tx, CannotTake::Changed));
    }
    let filled = match fill(step, asked.field, (Some(&book.classes), ctx.today)) {
        Ok(filled) => filled,
        Err(why) => return Err(say(tx, why)),
    };
    let how = Take { step, seen: shown.version, by: &ctx.actor.account, filled: &filled };
    let after = match case.take(life, how, &beside.known, book.days()) {
        Ok(after) => after,
        Err(why) => return Err(say(tx, why)),
    };
    if !queries::save(tx, (&case, &after), life)? {
        return Err(say(tx, CannotTake::Changed));
    }
    let evidence = match step.has_effect(Effect::Judge) {
        true => super::judgement::kept(&beside.facts, book),
        false => "{}".to_owned(),
    };
    let kept = Step {
        seq: case.version,
        step: step.id.clone(),
        states: (case.state.clone(), after.state.clone()),
        on: filled.get("on").and_then(|day| Day::parse(day).ok()).unwrap_or(ctx.today),
        at: ctx.now,
        by: queries::by(ctx),
        filled,
        evidence,
        pack: (book.pack.0.clone(), i64::from(book.pack.1)),
    };
    queries::insert_step(tx, case.id, &kept)?;
    carry(ctx, tx, step, (&case, &after))?;
    tx.touch_household(after.household.to_string(), after.village);
    if step.has_effect(Effect::Reassess) {
        super::reassess::carry(ctx, tx, book, &after)?;
    }
    Ok((case, after))
}

/// What a step changes beside the case: the status of the household.
fn carry(ctx: &Ctx, tx: &mut Tx, step: &StepDef, (before, after): (&Case, &Case)) -> Result<()> {
    let home = (after.household, after.village);
    let class = after.class.as_deref().unwrap_or_default();
    if let (true, Some(on)) = (step.has_effect(Effect::Identify), after.identified_on) {
        let detail = json!({ "case": after.number }).to_string();
        households::begin_monitoring(tx, ctx, home, (class, on, &detail))?;
    }
    let over = step.has_effect(Effect::Remove) || step.has_effect(Effect::Natural);
    if let (true, Some(since), Some(on)) = (over, after.identified_on, after.closed_on) {
        households::end_monitoring(tx, ctx, home, (class, since, on))?;
    }
    if step.has_effect(Effect::Again)
        && before.closed_on.is_some()
        && before.identified_on.is_some()
    {
        households::resume_monitoring(tx, home)?;
    }
    Ok(())
}

fn cannot_take(
    tx: &mut Tx,
    (case, step): (&Case, &StepDef),
    (why, known): (CannotTake, &Known),
) -> Error {
    let refusal = match why {
        CannotTake::Changed => {
            let last =
                queries::list_steps(tx, case.id).ok().and_then(|steps| steps.into_iter().last());
            match last.filter(|last| last.seq + 1 == case.version) {
                Some(last) => Refusal::conflict("cases.changed_by").arg("who", last.by.1),
                None => Refusal::conflict("cases.changed"),
            }
        }
        CannotTake::OutOfOrder => Refusal::conflict("cases.out_of_order")
            .arg("step", step.id.clone())
            .arg("state", case.state.clone()),
        CannotTake::Needs(needs) => {
            let code = match needs.first() {
                Some(Need::Consent) => "cases.needs_consent",
                Some(Need::Risks) => "cases.needs_risks",
                Some(Need::Answered) => "cases.needs_answers",
                Some(Need::NoticeOver) => "cases.needs_notice",
                Some(Need::NoObjection) => "cases.needs_no_objection",
                Some(Need::OtherPerson) => "cases.needs_other_person",
                Some(Need::Plan) => "cases.needs_plan",
                Some(Need::Labour) => "cases.needs_labour",
                Some(Need::Removal) | None => "cases.needs_removal",
            };
            let until = case.notice_until.map(|day| day.to_string()).unwrap_or_default();
            Refusal::conflict(code).arg("until", until).arg("count", known.unanswered)
        }
        CannotTake::Fields(wrong) => {
            wrong.into_iter().fold(Refusal::invalid("cases.fields"), |refusal, (field, code)| {
                refusal.field(field, code)
            })
        }
        CannotTake::NotPublic(field, place) => Refusal::invalid("cases.not_public")
            .arg("place", place)
            .field(field, "cases.not_public_here"),
    };
    refusal.into()
}

/// The numbers of *my work*: the running cases in which it is the person's turn and a clock runs. One that is being helped
/// and waits for nobody's step is no work of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turns {
    /// All of them.
    pub all: i64,
    /// Due today.
    pub due_today: i64,
    /// Past their day.
    pub overdue: i64,
    /// Theirs since yesterday.
    pub fresh: i64,
}

/// What it is the person's turn to do; nothing for who only looks.
///
/// # Errors
/// Refused without `case.see`; what the database refuses.
pub fn work_counts(ctx: &Ctx) -> Result<Turns> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let Some(owner) = turn_of(ctx) else { return Ok(Turns::default()) };
    let since = ctx.today.add_days(-1);
    let of = (owner.as_str(), ctx.today, since);
    let [all, due_today, overdue, fresh] = lists::count_turns(&mut ctx.read()?, &permit, of)?;
    Ok(Turns { all, due_today, overdue, fresh })
}

/// Which of them are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    All,
    /// Due today.
    Today,
    /// Past their day.
    Over,
    /// Theirs since yesterday.
    Fresh,
}

/// A case in which it is the person's turn, with the words of its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The case.
    pub line: Line,
    /// What is to be done, as the pack says it.
    pub title: registry::policies::Words,
}

/// Cases in which it is the person's turn, by their day.
///
/// # Errors
/// Refused without `case.see`; what the database refuses.
pub fn work_items(ctx: &Ctx, wanted: Wanted, most: i64) -> Result<Vec<Turn>> {
    ctx.permit(Permission::CaseSee)?;
    let Some(owner) = turn_of(ctx) else { return Ok(Vec::new()) };
    let running = Filter {
        phase: Some("running".to_owned()),
        owner: Some(owner),
        clocked: true,
        ..Filter::default()
    };
    let (today, yesterday) = (Some(ctx.today), ctx.today.add_days(-1));
    let filter = match wanted {
        Wanted::All => running,
        Wanted::Today => Filter { due_from: today, due_to: today, ..running },
        Wanted::Over => Filter { due_to: Some(yesterday), ..running },
        Wanted::Fresh => Filter { since_from: Some(yesterday), ..running },
    };
    let (book, lines) = list_all(ctx, &filter, most)?;
    let turn = |line: Line| {
        let state = book.life(&line.life).ok().and_then(|life| life.state(&line.state));
        let code = || registry::policies::Words { zh: line.state.clone(), en: line.state.clone() };
        let title = state.map_or_else(code, |state| state.title.clone());
        Turn { line, title }
    };
    Ok(lines.into_iter().map(turn).collect())
}

/// Whose steps the person takes; `None` for who only looks.
fn turn_of(ctx: &Ctx) -> Option<String> {
    let of = [Level::County, Level::Township, Level::Village].into_iter();
    of.filter(|level| allows(ctx.actor.role, permission_of(*level)))
        .map(|level| level.code().to_owned())
        .next()
}
