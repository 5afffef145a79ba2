//! Gathers what is to be done from the rooms; every room asks for its own permission.

use casework::departments::{self, Question, QuestionFilter};
use casework::screening::{self, Filter, LeadLine, State};
use casework::{alarms, declarations};
use kernel::error::Result;
use kernel::permission::{Permission, allows};
use kernel::time::{Day, Instant};
use registry::areas::list_areas;
use registry::households::{self, Proposal, count_absences, list_proposals};
use registry::intake::batch::{Batch, BatchState};
use registry::intake::{self, BatchFilter, Templates, match_actions};
use store::Ctx;

use super::cases;
use super::item::{Asked, Item, Step};

/// How much of it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    /// Everything to do.
    #[default]
    All,
    /// Due today.
    Today,
    /// Past its day.
    Over,
    /// Came in since yesterday.
    New,
    /// Done here, in the hands of others.
    Waiting,
}

impl Show {
    /// From the address.
    #[must_use]
    pub fn of(text: Option<&str>) -> Show {
        match text {
            Some("today") => Show::Today,
            Some("over") => Show::Over,
            Some("new") => Show::New,
            Some("waiting") => Show::Waiting,
            _ => Show::All,
        }
    }
}

/// The four numbers and the list.
#[derive(Debug, Clone)]
pub struct Board {
    /// Due today, overdue, new, waiting for others.
    pub numbers: [i64; 4],
    /// What is shown.
    pub items: Vec<Item>,
}

/// Items of one kind that are shown at most.
pub(super) const MOST: i64 = 50;
/// Rows to mend are a duty of the last weeks; older lists have been replaced or never will be.
const MEND_DAYS: i64 = 62;

pub(super) fn may(ctx: &Ctx, permission: Permission) -> bool {
    allows(ctx.actor.role, permission)
}

/// Days for which an answer to one's own question stays on the list.
const ANSWERED_DAYS: i64 = 7;

/// What the caller has to do.
///
/// # Errors
/// What the database refuses.
pub fn gather(ctx: &Ctx, templates: &Templates, show: Show) -> Result<Board> {
    let proposals = proposals(ctx)?;
    let batches = batches(ctx)?;
    let mut board = Board { numbers: [0; 4], items: Vec::new() };
    leads(ctx, show, &mut board)?;
    let confirms = may(ctx, Permission::HouseholdConfirm);
    let accepts = may(ctx, Permission::IntakeAccept);
    if confirms {
        board.numbers[2] += len(&proposals);
    } else {
        board.numbers[3] += len(&proposals);
    }
    if accepts {
        board.numbers[2] += len(&batches);
    } else {
        board.numbers[3] += len(&batches);
    }
    let wanted = |mine: bool| match show {
        Show::All | Show::New => mine,
        Show::Waiting => !mine,
        Show::Today | Show::Over => false,
    };
    if wanted(confirms) {
        board.items.extend(proposals.into_iter().map(|one| Item::Proposal(Box::new(one))));
    }
    if wanted(accepts) {
        board.items.extend(batches.into_iter().map(|one| Item::Batch(Box::new(one))));
    }
    questions(ctx, show, &mut board)?;
    cases::gather(ctx, show, &mut board)?;
    if show == Show::All {
        board.items.extend(alarmed(ctx)?);
        board.items.extend(declared(ctx)?);
        board.items.extend(deliveries(ctx, templates)?);
        board.items.extend(step(ctx)?.map(Item::Step));
        board.items.extend(release(ctx)?);
        board.items.extend(matches(ctx)?);
        board.items.extend(not_listed(ctx)?);
        board.items.extend(cases::beside(ctx)?);
        board.items.extend(mend(ctx)?);
    }
    Ok(board)
}

fn len<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

fn leads(ctx: &Ctx, show: Show, board: &mut Board) -> Result<()> {
    if !may(ctx, Permission::LeadSee) {
        return Ok(());
    }
    let looks = may(ctx, Permission::LeadSecondLook);
    let counts = screening::work_counts(ctx)?;
    let (new, waiting) = if looks { (counts.second_look, 0) } else { (0, counts.second_look) };
    board.numbers = [counts.due_today, counts.overdue, counts.fresh + new, waiting];
    let open = Filter::of(State::Open);
    let drawn = Filter::of(State::SecondLook);
    let of = |filter: &Filter| screening::list(ctx, filter, None).map(|page| page.lines);
    let yesterday = ctx.today.add_days(-1);
    let lines = match show {
        Show::All => screening::work_items(ctx, MOST)?,
        Show::Today => of(&Filter { due_from: Some(ctx.today), due_to: Some(ctx.today), ..open })?,
        Show::Over => of(&Filter { due_to: Some(yesterday), ..open })?,
        Show::New => {
            let mut lines = of(&Filter { released_from: Some(yesterday), ..open })?;
            if looks {
                lines.extend(of(&drawn)?);
            }
            lines
        }
        Show::Waiting if looks => Vec::new(),
        Show::Waiting => of(&drawn)?,
    };
    let item = |line: LeadLine| {
        let again = looks && line.state == State::SecondLook;
        Item::Lead(Box::new(line), again)
    };
    board.items.extend(lines.into_iter().map(item));
    Ok(())
}

fn proposals(ctx: &Ctx) -> Result<Vec<Proposal>> {
    let mine = may(ctx, Permission::HouseholdConfirm) || may(ctx, Permission::HouseholdPropose);
    if !mine {
        return Ok(Vec::new());
    }
    let permit = ctx.permit(Permission::HouseholdSee)?;
    list_proposals(&mut ctx.read()?, &permit, Some("proposed"), (None, None), MOST)
}

/// Lists that wait to be accepted: all of them for who accepts, otherwise those of one's own.
fn batches(ctx: &Ctx) -> Result<Vec<Batch>> {
    if !may(ctx, Permission::IntakeUpload) {
        return Ok(Vec::new());
    }
    let filter = BatchFilter { state: Some(BatchState::Ready), ..BatchFilter::default() };
    let all = may(ctx, Permission::IntakeAccept) || ctx.actor.department.is_some();
    let found = intake::list(ctx, &filter, MOST)?;
    let own = |batch: &Batch| all || batch.uploaded_by == ctx.actor.account;
    Ok(found.into_iter().map(|(batch, _)| batch).filter(own).collect())
}

/// Questions: those of one's office to answer, one's own that wait, and one's own that were answered lately.
fn questions(ctx: &Ctx, show: Show, board: &mut Board) -> Result<()> {
    if !may(ctx, Permission::QuestionSee) {
        return Ok(());
    }
    let answers = may(ctx, Permission::QuestionAnswer);
    let own = (!answers).then(|| ctx.actor.account.clone());
    let open = QuestionFilter { state: Some("open"), asked_by: own.clone(), ..Default::default() };
    let open = departments::list_questions(ctx, &open, MOST)?;
    let (due, over) = (|day: Day| day == ctx.today, |day: Day| day < ctx.today);
    let number = |is: &dyn Fn(Day) -> bool| {
        let days = open.iter().map(|one| one.asked.due_on);
        i64::try_from(days.filter(|day| is(*day)).count()).unwrap_or(i64::MAX)
    };
    let [today, past, new, waiting] = &mut board.numbers;
    if answers {
        *today += number(&due);
        *past += number(&over);
        *new += len(&open);
    } else {
        *waiting += len(&open);
    }
    let wanted = |one: &Question| match show {
        Show::All | Show::New => answers,
        Show::Waiting => !answers,
        Show::Today => answers && due(one.asked.due_on),
        Show::Over => answers && over(one.asked.due_on),
    };
    let asked = if answers { Asked::Mine } else { Asked::Waits };
    let shown = open.into_iter().filter(|one| wanted(one));
    board.items.extend(shown.map(|one| Item::Question(Box::new(one), asked)));
    if !answers && matches!(show, Show::All | Show::New) {
        let since = Instant::start_of(ctx.today.add_days(-ANSWERED_DAYS));
        let lately = QuestionFilter {
            state: Some("answered"),
            asked_by: own,
            answered_from: Some(since),
            ..Default::default()
        };
        let lately = departments::list_questions(ctx, &lately, MOST)?;
        let items = lately.into_iter().map(|one| Item::Question(Box::new(one), Asked::Answered));
        board.items.extend(items);
    }
    Ok(())
}

/// What people declared and nobody has said yet whom it is about.
fn declared(ctx: &Ctx) -> Result<Option<Item>> {
    if !may(ctx, Permission::DeclarationPlace) {
        return Ok(None);
    }
    let waiting = declarations::count_waiting(ctx)?;
    Ok((waiting > 0).then_some(Item::Declared(waiting)))
}

fn alarmed(ctx: &Ctx) -> Result<Option<Item>> {
    if !may(ctx, Permission::AlarmAnswer) {
        return Ok(None);
    }
    let (open, past) = alarms::count_open(ctx)?;
    Ok((open > 0).then_some(Item::Alarms(open, past)))
}

/// Late lists for who sees to them, and for an office what came back to it.
fn deliveries(ctx: &Ctx, templates: &Templates) -> Result<Vec<Item>> {
    let office = ctx.actor.department.as_deref();
    if !may(ctx, Permission::DeliverySee)
        || (office.is_none() && !may(ctx, Permission::IntakeAccept))
    {
        return Ok(Vec::new());
    }
    let late = departments::calendar(ctx, templates, office)?.late(ctx.today).len();
    let mut items = if late > 0 { vec![Item::Late(late)] } else { Vec::new() };
    if let Some(office) = office {
        let back = departments::all_back(ctx, office)?.back;
        let waiting = back.iter().filter(|one| one.said.is_none()).count();
        if waiting > 0 {
            items.push(Item::Back(office.to_owned(), waiting));
        }
    }
    Ok(items)
}

/// The step that comes next; `None` in a county that works.
fn step(ctx: &Ctx) -> Result<Option<Step>> {
    if !may(ctx, Permission::AreaManage) || !may(ctx, Permission::RuleRun) {
        return Ok(None);
    }
    if screening::has_baseline(ctx)? {
        return Ok(None);
    }
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let mut session = ctx.read()?;
    if list_areas(&mut session, None)?.is_empty() {
        return Ok(Some(Step::Areas));
    }
    let filter = households::Filter::default();
    let one = households::list_households(&mut session, &permit, &filter, 1)?;
    Ok(Some(if one.is_empty() { Step::Register } else { Step::Screen }))
}

/// The next wave, where this week's budget leaves room for one.
fn release(ctx: &Ctx) -> Result<Option<Item>> {
    if !may(ctx, Permission::LeadRelease) {
        return Ok(None);
    }
    let (waiting, now) = screening::waiting_for_wave(ctx)?;
    Ok((now > 0).then_some(Item::Release(waiting, now)))
}

fn matches(ctx: &Ctx) -> Result<Option<Item>> {
    if !may(ctx, Permission::IntakeMatch) {
        return Ok(None);
    }
    let open = match_actions::queue_state(ctx)?.open;
    let total: i64 = open.iter().map(|(_, number)| number).sum();
    let most = open.into_iter().max_by_key(|(_, number)| *number);
    Ok(most.map(|(list, _)| Item::Match(total, list)))
}

/// Whom the newest register does not name, for those who may say what became of them.
fn not_listed(ctx: &Ctx) -> Result<Option<Item>> {
    if !may(ctx, Permission::HouseholdPropose) {
        return Ok(None);
    }
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let missing = count_absences(&mut ctx.read()?, &permit)?;
    Ok((missing > 0).then_some(Item::NotListed(missing)))
}

/// Accepted lists of one's own office with rows that were rejected.
fn mend(ctx: &Ctx) -> Result<Vec<Item>> {
    if ctx.actor.department.is_none() || !may(ctx, Permission::IntakeUpload) {
        return Ok(Vec::new());
    }
    let filter = BatchFilter { state: Some(BatchState::Accepted), ..BatchFilter::default() };
    let since: Instant = Instant::start_of(ctx.today.add_days(-MEND_DAYS));
    let found = intake::list(ctx, &filter, MOST)?.into_iter().map(|(batch, _)| batch);
    let wrong = found.filter(|batch| batch.counts.rejected > 0 && batch.uploaded_at >= since);
    Ok(wrong.map(|batch| Item::Mend(Box::new(batch))).collect())
}
