//! Where all questions stand. Nothing is written when facts change: the questions of a village are asked again when somebody
//! looks after its stamp went up or somebody answered there, and kept in memory until then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use facts::{Only, PERSON, Pass, Predicate};
use kernel::error::Result;
use store::{Engine, Session};

use super::book::CheckBook;
use super::model::State;
use super::queries::{self, Live};
use crate::screening::{Hit, HitRow, What, ask_book, hit, values_of};

/// Households that are worked out in one statement.
const TOGETHER: usize = 500;

/// From so many villages on, everything is asked in one pass.
const MANY: usize = 40;

/// A question as the list counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The household.
    pub household: String,
    /// The check, by place in the book.
    pub check: usize,
    /// Where it stands.
    pub state: State,
}

/// The questions by village, by household and check within it.
pub type Villages = BTreeMap<String, Arc<Vec<Asked>>>;

#[derive(Default)]
struct Cell {
    book: Option<Arc<CheckBook>>,
    stamps: BTreeMap<String, (i64, i64)>,
    villages: Villages,
}

/// Where all questions stand, as the session sees the data.
pub fn standing(session: &mut Session, book: &Arc<CheckBook>) -> Result<Villages> {
    Ok(stand(session, book, false)?.unwrap_or_default())
}

/// The same, unless everything would have to be asked for it: a page that only counts does not wait for that.
pub fn standing_at_once(session: &mut Session, book: &Arc<CheckBook>) -> Result<Option<Villages>> {
    stand(session, book, true)
}

fn stand(session: &mut Session, book: &Arc<CheckBook>, at_once: bool) -> Result<Option<Villages>> {
    let cell = session
        .remembered("check questions".to_owned(), |_| Ok(Arc::new(Mutex::new(Cell::default()))))?;
    let now = queries::stamps(session)?;
    let (known, mut villages) = {
        let cell = cell.lock().unwrap_or_else(PoisonError::into_inner);
        let same = cell.book.as_ref().is_some_and(|known| Arc::ptr_eq(known, book));
        if same { (Some(cell.stamps.clone()), cell.villages.clone()) } else { Default::default() }
    };
    let changed: Option<Vec<String>> = known.map(|known| {
        let differs = |village: &&String| known.get(*village) != now.get(*village);
        now.keys().filter(differs).cloned().collect()
    });
    let what = match changed {
        Some(changed) if changed.is_empty() => return Ok(Some(villages)),
        Some(changed) if changed.len() <= MANY => {
            changed.iter().for_each(|village| drop(villages.remove(village)));
            What::Villages(changed)
        }
        _ if at_once && now.len() > MANY => return Ok(None),
        _ => {
            villages.clear();
            What::All
        }
    };
    villages.extend(asked(session, book, &what)?);
    let mut cell = cell.lock().unwrap_or_else(PoisonError::into_inner);
    *cell = Cell { book: Some(Arc::clone(book)), stamps: now, villages: villages.clone() };
    Ok(Some(villages))
}

fn asked(session: &mut Session, book: &CheckBook, what: &What) -> Result<Villages> {
    let Some(ask) = book.ask() else { return Ok(Villages::new()) };
    let hits = ask_book(session, ask, what)?.hits;
    let live = match what {
        What::All => queries::live(session, None)?,
        _ => {
            let ids: BTreeSet<String> = hits.iter().map(|row| row.key.clone()).collect();
            queries::live(session, Some(&ids))?
        }
    };
    // only where somebody has answered the values matter
    let answered: BTreeSet<&str> = live.keys().map(|(household, _)| household.as_str()).collect();
    let answered: Vec<&HitRow> =
        hits.iter().filter(|row| answered.contains(row.key.as_str())).collect();
    let mut states: BTreeMap<(String, usize), State> = BTreeMap::new();
    for part in answered.chunks(TOGETHER) {
        for (household, found) in worked_out(session, book, part)? {
            for one in found {
                states.insert(
                    (household.clone(), one.check),
                    state_of(&live, book, &household, &one),
                );
            }
        }
    }
    let mut villages: BTreeMap<String, Vec<Asked>> = BTreeMap::new();
    for row in hits {
        let of_village = villages.entry(row.village).or_default();
        for check in row.rules {
            let state = states.remove(&(row.key.clone(), check)).unwrap_or(State::Open);
            of_village.push(Asked { household: row.key.clone(), check, state });
        }
    }
    let sorted = villages.into_iter().map(|(village, mut all)| {
        all.sort_by(|a, b| (&a.household, a.check).cmp(&(&b.household, b.check)));
        (village, Arc::new(all))
    });
    Ok(sorted.collect())
}

/// Where a question that was worked out stands.
pub fn state_of(live: &Live, book: &CheckBook, household: &str, found: &Found) -> State {
    let id = book.checks.get(found.check).map(|check| check.def.id.clone()).unwrap_or_default();
    let answer = live.get(&(household.to_owned(), id));
    State::after(answer.map(|(kind, values)| (*kind, values.as_str())), &found.hit.evidence)
}

/// A question with its sentence, its values and whom it names.
#[derive(Debug, Clone)]
pub struct Found {
    /// The check, by place in the book.
    pub check: usize,
    /// Sentence and values; whom it names is one of the values.
    pub hit: Hit,
    /// Whom it names: person and name.
    pub named: Vec<(String, String)>,
}

/// What is asked of households, by id.
pub fn questions(
    session: &mut Session,
    book: &CheckBook,
    households: &[&str],
) -> Result<BTreeMap<String, Vec<Found>>> {
    let mut all = BTreeMap::new();
    let Some(ask) = book.ask() else { return Ok(all) };
    for part in households.chunks(TOGETHER) {
        let households = part.iter().map(|id| (*id).to_owned()).collect();
        let what = What::Touched { households, villages: Vec::new() };
        let hits = ask_book(session, ask, &what)?.hits;
        all.extend(worked_out(session, book, &hits.iter().collect::<Vec<_>>())?);
    }
    Ok(all)
}

fn worked_out(
    session: &mut Session,
    book: &CheckBook,
    rows: &[&HitRow],
) -> Result<BTreeMap<String, Vec<Found>>> {
    let Some(ask) = book.ask() else { return Ok(BTreeMap::new()) };
    let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    let values = values_of(session, ask, &keys)?;
    let mut named = named(session, book, rows)?;
    let mut all = BTreeMap::new();
    for row in rows {
        let stored = values.get(&row.key).map_or(&[][..], Vec::as_slice);
        let found = row.rules.iter().map(|check| {
            let mut hit = hit(&book.bound, (ask, *check), stored, &row.village);
            let named = named.remove(&(row.key.clone(), *check)).unwrap_or_default();
            if !named.is_empty() {
                hit.evidence = with_persons(&hit.evidence, &named);
            }
            Found { check: *check, hit, named }
        });
        all.insert(row.key.clone(), found.collect());
    }
    Ok(all)
}

/// Whom a question names belongs to its values: about somebody else it is asked again.
fn with_persons(evidence: &str, named: &[(String, String)]) -> String {
    let mut values: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(evidence).unwrap_or_default();
    let ids: Vec<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    values.insert("who".to_owned(), serde_json::json!(ids));
    serde_json::Value::Object(values).to_string()
}

type Named = BTreeMap<(String, usize), Vec<(String, String)>>;

fn named(session: &mut Session, book: &CheckBook, rows: &[&HitRow]) -> Result<Named> {
    let asks = |check: &usize| book.checks.get(*check).is_some_and(|check| check.who.is_some());
    let checks: BTreeSet<usize> =
        rows.iter().flat_map(|row| &row.rules).copied().filter(asks).collect();
    let checks: Vec<usize> = checks.into_iter().collect();
    if checks.is_empty() {
        return Ok(Named::new());
    }
    let households: BTreeMap<&str, &HitRow> =
        rows.iter().map(|row| (row.key.as_str(), *row)).collect();
    let keys: Vec<&str> = households.keys().copied().collect();
    let members = queries::members(session, &keys)?;
    let engine = match session.engine() {
        Engine::Sqlite => facts::Engine::Sqlite,
        Engine::Postgres => facts::Engine::Postgres,
    };
    let of = |check: &usize| book.checks.get(*check).and_then(|check| check.who.as_ref());
    let conditions: Vec<&Predicate> = checks.iter().filter_map(of).collect();
    let pass = Pass { table: &PERSON, engine, binding: book.bound.binding() };
    let sql = pass.packed(&conditions, Only::Keys);
    let persons: Vec<&str> = members.iter().map(|(person, _, _)| person.as_str()).collect();
    let who = queries::who(session, (sql, conditions.len()), &persons)?;
    let mut named = Named::new();
    for (person, household, name) in &members {
        let asked = households.get(household.as_str()).map(|row| row.rules.as_slice());
        for place in who.get(person).into_iter().flatten() {
            let Some(check) = checks.get(*place) else { continue };
            if asked.is_some_and(|asked| asked.contains(check)) {
                let of_check = named.entry((household.clone(), *check)).or_default();
                of_check.push((person.clone(), name.clone()));
            }
        }
    }
    Ok(named)
}
