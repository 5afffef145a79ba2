//! The facts that a what-if asks: those of today as they stand, or those of a past day, which are worked out once and kept
//! while somebody moves a slider over them.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use facts::CoverageView;
use kernel::error::Result;
use kernel::time::Day;
use registry::circumstances::ledger::{self, Then};
use store::{Ctx, Session};

/// The fact tables of a day.
pub struct Facts {
    then: Option<Arc<Then>>,
    /// How far the lists reached.
    pub coverage: CoverageView,
    /// The day on which the facts stand: never after today.
    pub day: Day,
}

/// The past day that was asked last, with the state of the data that it rests on. One county keeps one: it is as large as
/// its fact tables.
type Kept = Arc<Mutex<Option<(String, Arc<Then>)>>>;

impl Facts {
    /// The facts of a day. A past one is derived anew (about ten seconds for a county) unless it was the last one asked and
    /// nothing has changed since; a day to come is asked with the facts of today.
    pub fn of(ctx: &Ctx, session: &mut Session, day: Day) -> Result<Self> {
        if day >= ctx.today {
            let coverage = ledger::coverage_view(session, ctx.today)?;
            return Ok(Facts { then: None, coverage, day: ctx.today });
        }
        let kept: Kept =
            session.remembered("facts of a past day".to_owned(), |_| Ok(Kept::default()))?;
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let reach = ledger::coverage_view(session, day)?;
        let state = format!("{day} {} {} {reach:?}", ctx.today, session.people_version()?);
        let then = match kept.as_ref().filter(|(known, _)| *known == state) {
            Some((_, then)) => Arc::clone(then),
            None => {
                *kept = None;
                sweep(ctx);
                let then = Arc::new(ledger::facts_as_of(ctx, (day, None), &mut |_, _| {})?);
                *kept = Some((state, Arc::clone(&then)));
                then
            }
        };
        Ok(Facts { coverage: then.coverage.clone(), then: Some(then), day })
    }

    /// They are those of a past day, and not of today.
    pub fn is_past(&self) -> bool {
        self.then.is_some()
    }

    /// A second session over the same state, where it costs nobody else anything.
    pub fn read_beside(&self, ctx: &Ctx, first: &mut Session) -> Result<Option<Session>> {
        if let Some(then) = &self.then {
            return then.read_if_free();
        }
        let Some(mut second) = ctx.db.read_if_free()? else { return Ok(None) };
        // what was written between the two would be seen by one of them alone
        let same = first.journal_number()? == second.journal_number()?;
        Ok(same.then_some(second))
    }

    /// A session over them: that of the county for today, their own for a past day.
    pub fn read(&self, ctx: &Ctx) -> Result<Session> {
        self.then.as_ref().map_or_else(|| ctx.read(), |then| then.read())
    }
}

/// Removes the facts of past days that a program left behind when it was stopped, more than a day ago: no program asks
/// them any more, because what is kept holds for one day.
fn sweep(ctx: &Ctx) {
    let oldest = ctx.now.add_millis(-24 * 60 * 60 * 1000).millis();
    let beside = ctx.db.file().and_then(Path::parent).and_then(|folder| folder.read_dir().ok());
    for entry in beside.into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // the name ends in an id, which begins with the milliseconds of its making
        let made = name.strip_prefix("as-of-").and_then(|id| id.get(..12));
        let made = made.and_then(|hex| i64::from_str_radix(hex, 16).ok());
        if made.is_some_and(|made| made < oldest) {
            // what cannot be removed now is tried again with the next past day
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
