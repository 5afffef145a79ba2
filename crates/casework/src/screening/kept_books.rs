//! Books kept in memory until the pack, the lists that arrived or the day change, because every commit asks them.

use std::sync::{Arc, Mutex};

use kernel::error::Result;
use kernel::time::Day;
use registry::circumstances::ledger;
use registry::policies;
use store::Session;

use super::book::{Book, Bound, Questions, RULES};
use super::queries;
use super::reask::digest;

type Kept = Vec<(String, Arc<Bound>)>;

static KEPT: Mutex<Kept> = Mutex::new(Vec::new());

/// Books kept in memory: those of the tests of one program run beside each other, a county has one.
const MOST_KEPT: usize = 16;

/// The book that holds today, bound; `None` before any pack is published or any village is known.
///
/// # Errors
/// Faults of the database; a published pack that is unsound.
pub fn bound(session: &mut Session, today: Day) -> Result<Option<Arc<Bound>>> {
    bound_to(session, today, &RULES)
}

/// The same of other questions of the pack.
///
/// # Errors
/// Faults of the database; a published pack that is unsound.
pub fn bound_to(
    session: &mut Session,
    today: Day,
    questions: &Questions,
) -> Result<Option<Arc<Bound>>> {
    let rests_on = format!("book {} {today}", session.journal_number()?);
    let key = session.remembered(rests_on, |session| key_of(session, today))?;
    let Some(key) = key.map(|key| format!("{} {key}", questions.folder)) else { return Ok(None) };
    let kept = || KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((_, bound)) = kept().iter().find(|(known, _)| *known == key) {
        return Ok(Some(bound.clone()));
    }
    let Some(county) = queries::find_county(session)? else { return Ok(None) };
    let Some(pack) = policies::find_pack_on(session, today)? else { return Ok(None) };
    let coverage = ledger::coverage_view(session, today)?;
    let book = Arc::new(Book::of_questions(pack, (county, today), questions)?);
    let digest = digest(&book, &coverage, today);
    let bound = Arc::new(Bound::checked(session, book, (coverage, today), digest)?);
    let mut kept = kept();
    kept.insert(0, (key, bound.clone()));
    kept.truncate(MOST_KEPT);
    Ok(Some(bound))
}

/// Everything on which the book of a day rests: which county, which packs, which lists have arrived.
fn key_of(session: &mut Session, today: Day) -> Result<Option<String>> {
    let Some(county) = queries::find_county(session)? else { return Ok(None) };
    let coverage = ledger::coverage_view(session, today)?;
    let versions = policies::list_versions(session)?;
    let packs: Vec<_> = versions.iter().map(|v| (&v.pack_id, v.version, &v.hash)).collect();
    Ok(Some(format!("{county} {today} {:?} {packs:?} {coverage:?}", session.engine())))
}

/// Keeps in memory which rules take too long, so that nobody waits for them again until rules, lists or the day change.
pub fn remember_slow(found: &Bound) {
    let mut kept = KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (_, bound) in kept.iter_mut().filter(|(_, bound)| Arc::ptr_eq(&bound.book, &found.book)) {
        *bound = Arc::new(found.clone());
    }
}
