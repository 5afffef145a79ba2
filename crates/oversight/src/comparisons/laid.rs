//! The states that are compared: laid out one after the other while the page says so, and the last comparisons kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use kernel::error::{Error, Result};
use registry::past::{Asked, Past, Shelf};
use store::Ctx;

use super::actions::{Sides, compare};
use super::model::{Asking, Comparison};

/// So many comparisons are kept. Each holds what differs over all that somebody sees.
const KEPT: usize = 6;
/// How long a request waits for a state that is being laid out, before the page says so.
const TURNS: u32 = 12;
const TURN: Duration = Duration::from_millis(100);

/// What a comparison rests on.
struct Kept {
    who: String,
    states: (Option<Weak<Past>>, Option<Weak<Past>>),
    found: Arc<Comparison>,
}

/// Both days of everybody who compares; as an axum `Extension`.
pub struct TwoDays {
    shelf: Arc<Shelf>,
    /// States that are being laid out, by what was asked; those that failed with what was wrong.
    laying: Mutex<HashMap<String, Option<Error>>>,
    kept: Mutex<Vec<Kept>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn same(known: Option<&Weak<Past>>, asked: Option<&Arc<Past>>) -> bool {
    match (known, asked) {
        (None, None) => true,
        (Some(known), Some(asked)) => {
            known.upgrade().is_some_and(|known| Arc::ptr_eq(&known, asked))
        }
        _ => false,
    }
}

impl TwoDays {
    /// Over the past states of this program.
    #[must_use]
    pub fn new(shelf: Arc<Shelf>) -> Self {
        TwoDays { shelf, laying: Mutex::default(), kept: Mutex::default() }
    }

    fn side(&self, ctx: &Ctx, asked: Option<Asked>) -> Result<(Ctx, Option<Arc<Past>>)> {
        let Some(asked) = asked else { return Ok((ctx.clone(), None)) };
        let past = self.shelf.of(ctx, &asked)?;
        Ok((past.ctx(ctx), Some(past)))
    }

    /// The person on the two days; what is not laid out yet is laid out now.
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn sides(&self, ctx: &Ctx, asking: Asking) -> Result<Sides> {
        let (from, first) = self.side(ctx, asking.from)?;
        let (to, second) = self.side(ctx, asking.to)?;
        Ok(Sides { from, to, held: (first, second) })
    }

    /// Which of the two states are there; what is missing is being laid out from now on, beside the request. It waits a
    /// moment, so that nobody is sent away for a small county.
    ///
    /// # Errors
    /// What went wrong while a state was laid out.
    pub fn ready(self: &Arc<Self>, ctx: &Ctx, asking: Asking) -> Result<(bool, bool)> {
        let there = |asked: Option<Asked>| match asked {
            None => Ok(true),
            Some(asked) => Ok::<_, Error>(self.shelf.laid(ctx, &asked)?.is_some()),
        };
        let mut found = (there(asking.from)?, there(asking.to)?);
        for _ in 0..TURNS {
            for (asked, _) in
                [(asking.from, found.0), (asking.to, found.1)].iter().filter(|one| !one.1)
            {
                if let Some(asked) = asked {
                    self.start(ctx, *asked)?;
                }
            }
            if found.0 && found.1 {
                break;
            }
            std::thread::sleep(TURN);
            found = (there(asking.from)?, there(asking.to)?);
        }
        Ok(found)
    }

    fn start(self: &Arc<Self>, ctx: &Ctx, asked: Asked) -> Result<()> {
        let key = format!("{asked:?}");
        let mut laying = locked(&self.laying);
        match laying.remove(&key) {
            Some(Some(why)) => return Err(why),
            Some(None) => {
                laying.insert(key, None);
                return Ok(());
            }
            None => {}
        }
        laying.insert(key.clone(), None);
        drop(laying);
        let (desk, ctx) = (Arc::clone(self), ctx.clone());
        std::thread::spawn(move || {
            let laid = desk.shelf.of(&ctx, &asked);
            let mut laying = locked(&desk.laying);
            match laid {
                Ok(_) => drop(laying.remove(&key)),
                Err(why) => drop(laying.insert(key, Some(why))),
            }
        });
        Ok(())
    }

    /// The comparison of two days, kept while nothing of it can have changed.
    ///
    /// # Errors
    /// Refused without `household.see`; what the databases refuse.
    pub fn compare(&self, ctx: &Ctx, sides: &Sides) -> Result<Arc<Comparison>> {
        let mut session = ctx.read()?;
        let live = sides.held.0.is_none() || sides.held.1.is_none();
        let number = if live { session.journal_number()? } else { 0 };
        let scopes = session.scopes_of(&ctx.actor.account)?;
        drop(session);
        let who =
            format!("{} {:?} {scopes} {number} {}", ctx.actor.account, ctx.actor.role, ctx.today);
        let fits = |kept: &Kept| {
            kept.who == who
                && same(kept.states.0.as_ref(), sides.held.0.as_ref())
                && same(kept.states.1.as_ref(), sides.held.1.as_ref())
        };
        if let Some(kept) = locked(&self.kept).iter().find(|kept| fits(kept)) {
            return Ok(Arc::clone(&kept.found));
        }
        let found = Arc::new(compare(sides)?);
        let weak = |past: &Option<Arc<Past>>| past.as_ref().map(Arc::downgrade);
        let states = (weak(&sides.held.0), weak(&sides.held.1));
        let mut kept = locked(&self.kept);
        kept.retain(|one| one.who != who || !same(one.states.0.as_ref(), sides.held.0.as_ref()));
        kept.insert(0, Kept { who, states, found: Arc::clone(&found) });
        kept.truncate(KEPT);
        Ok(found)
    }
}
