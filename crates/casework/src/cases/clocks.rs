//! The nightly clocks: what is due or past its day is recalled, in one go over all cases. No case changes its state by them.
//! A reminder goes by the thing being done: a step, the announcement, the paper, the help.

use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry};

use super::book::{CaseBook, find_book};
use super::queries::reminders::{self, Counted, KINDS, New, Recalled};

/// How many days before its day a step is recalled.
const AHEAD: &str = "case_remind_days";
/// The name under which one run keeps others away.
const LEASE: &str = "caseclocks";
/// Reminders that are written between two words of progress.
const AT_A_TIME: usize = 1_000;

/// What the clocks found on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    /// The day.
    pub day: Day,
    /// How the cases stand.
    pub counted: Counted,
    /// Reminders that are new.
    pub reminded: i64,
    /// Whether the clocks went now; they go once a day by themselves.
    pub went: bool,
}

fn ahead(book: Option<&CaseBook>, new: &New) -> i64 {
    let Some(param) = book.and_then(|book| book.params.get(AHEAD)) else { return 0 };
    match param.at(&new.village) {
        facts::Scalar::Int(days) => days,
        _ => 0,
    }
}

/// The furthest day that any place of the county recalls today.
fn furthest(book: Option<&CaseBook>, today: Day) -> Day {
    let values = book.and_then(|book| book.params.get(AHEAD)).map(|param| param.values.iter());
    let days = values.into_iter().flatten().filter_map(|area| match area.value {
        facts::Scalar::Int(days) => Some(days),
        _ => None,
    });
    today.add_days(days.max().unwrap_or(0).clamp(0, 366))
}

/// Lets the clocks go over all cases: once a day, or again when somebody asks for it. `progress` hears how many reminders of
/// how many are written.
///
/// # Errors
/// Refused without `rule.run`, and while another run goes on; what the database refuses.
pub fn run_clocks(ctx: &Ctx, again: bool, progress: &mut dyn FnMut(usize, usize)) -> Result<Ran> {
    ctx.permit(Permission::RuleRun)?;
    let day = ctx.today;
    if let (false, Some((counted, reminded))) = (again, reminders::find_run(&mut ctx.read()?, day)?)
    {
        return Ok(Ran { day, counted, reminded, went: false });
    }
    let Some(_held) = ctx.db.lease(LEASE)? else {
        return Err(Error::from(Refusal::conflict("cases.clocks_running")));
    };
    let book = find_book(&mut ctx.read()?, day)?;
    let book = book.as_deref();
    let mut tx = ctx.begin()?;
    let settled = reminders::settle(&mut tx, None::<std::iter::Empty<&String>>)?;
    let mut new: Vec<New> = Vec::new();
    for kind in KINDS {
        let found = reminders::list_new(&mut tx, kind, furthest(book, day))?;
        new.extend(found.into_iter().filter(|one| one.day.add_days(-ahead(book, one)) <= day));
    }
    let mut written = 0;
    for some in new.chunks(AT_A_TIME) {
        reminders::insert(&mut tx, some)?;
        written += some.len();
        progress(written, new.len());
    }
    let counted = reminders::count(&mut tx, day)?;
    let reminded = i64::try_from(new.len()).unwrap_or(i64::MAX);
    reminders::save_run(&mut tx, (day, ctx.now), (&counted, reminded))?;
    let detail = json!({
        "cases": counted.cases, "due": counted.due, "overdue": counted.overdue, "reminded": reminded, "done": settled,
    });
    tx.commit(Entry::new(ctx, "case.clocks").detail(detail))?;
    Ok(Ran { day, counted, reminded, went: true })
}

/// Papers that are still to come after urgent help, in the person's scope, and how many there are.
///
/// # Errors
/// Refused without `case.see`; what the database refuses.
pub fn papers_to_come(ctx: &Ctx, most: i64) -> Result<(Vec<Recalled>, i64)> {
    let permit = ctx.permit(Permission::CaseSee)?;
    reminders::list(&mut ctx.read()?, &permit, ("papers", most))
}
