//! How long rules may take. All are asked in one pass; only when that takes too long each is asked alone, and the one that
//! is slow is stopped and left out with its reason while the others run.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::error::{Error, Result};
use store::{Ctx, Session};

use super::book::{Bound, bound, remember_slow};

/// Longest that one rule may take over everything. All of them together take a tenth of it for fifty thousand households.
pub const OF_A_RULE: Duration = Duration::from_secs(2);
/// Longest that a commit waits for the rules over what it touched.
pub const OF_A_COMMIT: Duration = Duration::from_secs(1);

/// Whether a statement was stopped because it took too long.
pub fn was_stopped(why: &Error) -> bool {
    why.refusal().is_some_and(|refusal| refusal.code == "store.interrupted")
}

/// Rules of a book that take longer than `limit` when each is asked alone over everything.
///
/// # Errors
/// Faults of the database.
pub fn slow_rules(
    session: &mut Session,
    book: &Bound,
    limit: Duration,
) -> Result<BTreeMap<String, i64>> {
    let mut slow = BTreeMap::new();
    for rule in &book.book.rules {
        let Some(sql) = book.count_of(rule) else { continue };
        if book.silent.contains(&rule.def.id) {
            continue;
        }
        match session.within(limit, |session| session.rows(&sql, &[])) {
            Err(why) if was_stopped(&why) => {
                slow.insert(rule.def.id.clone(), millis(limit));
            }
            asked => drop(asked?),
        }
    }
    Ok(slow)
}

/// A time in milliseconds.
pub fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Does a run whose passes may take `limit` each. If one is stopped, the slow rules are found, left out from now on, and
/// the run is done again with time for every rule that is left.
///
/// # Errors
/// What the run gives.
pub fn in_time<T>(ctx: &Ctx, limit: Duration, run: impl Fn(Duration) -> Result<T>) -> Result<T> {
    match run(limit) {
        Err(why) if was_stopped(&why) => {
            let mut session = ctx.read()?;
            let Some(book) = bound(&mut session, ctx.today)? else { return Err(why) };
            let slow = slow_rules(&mut session, &book, limit)?;
            drop(session);
            for rule in slow.keys() {
                tracing::warn!(rule, "a rule takes too long and is left out");
            }
            let rules = book.book.rules.len().saturating_sub(slow.len());
            remember_slow(&book.without(slow));
            run(limit.saturating_mul(u32::try_from(rules).unwrap_or(1).max(1)))
        }
        done => done,
    }
}
