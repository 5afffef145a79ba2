//! Two whole rule books over the same facts: what a draft would change.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use facts::{Binding, HOUSEHOLD, Pass, VILLAGE, Versions};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::{Pack, Words};
use store::{BuiltSql, Ctx, Session};

use super::past::Facts;
use super::tally::Counts;
use crate::screening::book::{Book, Bound, Issue, bound};
use crate::screening::results::issues_of;
use crate::screening::rule::{Level, Rule};
use crate::screening::{queries, time};

/// In what a rule differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// The book before did not have it, or could not ask it.
    New,
    /// The book after does not have it.
    Gone,
    /// The book after has it and cannot ask it: what it found before stays.
    Unsound,
    /// Its condition reads otherwise.
    Condition,
    /// A parameter that it reads has another value somewhere; the name.
    Parameter(String),
    /// A hit is graver or less grave.
    Severity,
    /// It is asked of villages instead of households, or the other way round.
    Level,
}

/// A rule that differs between two books.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its id.
    pub rule: String,
    /// Its title after the change; of one that goes, before. The id where its file cannot be read.
    pub title: Words,
    /// What is counted (of one that changes its level, what it asks after).
    pub level: Level,
    /// In what it differs.
    pub changed: Vec<Changed>,
    /// What both find. None where it was stopped because it takes too long, or can be asked by neither book.
    pub counts: Option<Counts>,
    /// It was stopped after so many milliseconds.
    pub stopped: Option<i64>,
    /// What is wrong with it in the book after that was not wrong before.
    pub problems: Vec<Issue>,
}

/// Compares the published book of a day with that of another pack: for each rule whose condition, parameters, severity,
/// level or existence differs, what both find over the facts of that day (of today, if the day is still to come). Stores
/// nothing. Rules in the order of the pack, those that go last.
///
/// # Errors
/// Refused without `rule.run` and before any household is there.
pub fn compare(ctx: &Ctx, after: &Pack, day: Day) -> Result<Vec<Difference>> {
    compare_within(ctx, after, (day, time::OF_A_RULE))
}

/// The same with another time for a rule.
pub(in crate::screening) fn compare_within(
    ctx: &Ctx,
    after: &Pack,
    (day, limit): (Day, Duration),
) -> Result<Vec<Difference>> {
    ctx.permit(Permission::RuleRun)?;
    let mut session = ctx.read()?;
    let county = queries::find_county(&mut session)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let before = bound(&mut session, day)?;
    let facts = Facts::of(ctx, &mut session, day)?;
    drop(session);
    let mut session = facts.read(ctx)?;
    let view = || (facts.coverage.clone(), facts.day);
    let after = Arc::new(Book::of(after.clone(), county, day)?);
    let after = Bound::checked(&mut session, after, view(), String::new())?;
    let before = match before {
        Some(before) if day == ctx.today => before,
        before => {
            let book = before.map_or_else(|| empty(&after.book), |before| Arc::clone(&before.book));
            Arc::new(Bound::checked(&mut session, book, view(), String::new())?)
        }
    };
    let mut found = differences(&before, &after);
    count(&mut session, (&before, &after), &mut found, limit)?;
    Ok(found)
}

/// What stands before the first pack is published.
fn empty(after: &Book) -> Arc<Book> {
    let (rules, files, heads, issues) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (pack, params) = (after.pack.clone(), after.params.clone());
    let schema = Arc::clone(&after.schema);
    Arc::new(Book { pack, rules, files, heads, issues, params, schema })
}

/// A rule of a book that can be asked of its level's table.
pub(super) fn asked<'a>(book: &'a Bound, id: &str) -> Option<&'a Rule> {
    let (_, rule) = book.book.rule(id)?;
    let own = rule.def.table_name() == rule.def.level.table().name;
    (own && !book.silent.contains(id)).then_some(rule)
}

pub(super) fn differences(before: &Bound, after: &Bound) -> Vec<Difference> {
    let ids = |book: &Bound| {
        let sound = book.book.rules.iter().map(|rule| rule.def.id.clone());
        sound.chain(book.book.issues.iter().map(|issue| issue.rule.clone())).collect::<Vec<_>>()
    };
    let mut seen = BTreeSet::new();
    let all = ids(after).into_iter().chain(ids(before));
    all.filter(|id| seen.insert(id.clone()))
        .filter_map(|id| difference(before, after, &id))
        .collect()
}

fn difference(before: &Bound, after: &Bound, id: &str) -> Option<Difference> {
    let known = issues_of(before, id);
    let problems: Vec<Issue> = issues_of(after, id)
        .into_iter()
        .filter(|issue| !known.iter().any(|old| old.trouble == issue.trouble))
        .collect();
    let (was, is) = (asked(before, id), asked(after, id));
    let is_there = after.book.rule(id).is_some() || !issues_of(after, id).is_empty();
    let changed = match (was, is) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![Changed::New],
        (Some(_), None) if is_there => vec![Changed::Unsound],
        (Some(_), None) => vec![Changed::Gone],
        (Some(was), Some(is)) => changes((before, was), (after, is)),
    };
    if changed.is_empty() && problems.is_empty() {
        return None;
    }
    let rule = is.or(was);
    let unnamed = || Words { zh: id.to_owned(), en: id.to_owned() };
    Some(Difference {
        rule: id.to_owned(),
        title: rule.map_or_else(unnamed, |rule| rule.def.title.clone()),
        level: rule.map_or(Level::Household, |rule| rule.def.level),
        changed,
        counts: None,
        stopped: None,
        problems,
    })
}

fn changes((before, was): (&Bound, &Rule), (after, is): (&Bound, &Rule)) -> Vec<Changed> {
    let mut changed = Vec::new();
    if was.def.when.trim() != is.def.when.trim() {
        changed.push(Changed::Condition);
    }
    let mut names = was.predicate.params();
    names.extend(is.predicate.params());
    names.sort_unstable();
    names.dedup();
    let value = |book: &Bound, name: &str| book.book.params.get(name).map(|one| one.values.clone());
    let other = names.into_iter().filter(|name| value(before, name) != value(after, name));
    changed.extend(other.map(Changed::Parameter));
    if was.def.severity != is.def.severity {
        changed.push(Changed::Severity);
    }
    if was.def.level != is.def.level {
        changed.push(Changed::Level);
    }
    changed
}

/// Whose counts a pair of answers is, and the rules that give them.
struct Pair<'a> {
    place: usize,
    before: Option<&'a Rule>,
    after: Option<&'a Rule>,
}

pub(super) fn count(
    session: &mut Session,
    (before, after): (&Bound, &Bound),
    found: &mut [Difference],
    limit: Duration,
) -> Result<()> {
    for (level, table) in [(Level::Household, &HOUSEHOLD), (Level::Village, &VILLAGE)] {
        let of_level = |rule: &&Rule| rule.def.level == level;
        let pairs: Vec<Pair<'_>> = found
            .iter()
            .enumerate()
            .map(|(place, one)| {
                let was = asked(before, &one.rule).filter(of_level);
                let is = asked(after, &one.rule).filter(of_level);
                // an unsound rule is not asked, and its leads stay as they are
                let is = if one.changed.contains(&Changed::Unsound) { was } else { is };
                Pair { place, before: was, after: is }
            })
            .filter(|pair| pair.before.is_some() || pair.after.is_some())
            .collect();
        let pass = Pass { table, engine: engine(session), binding: before.binding() };
        let bindings = (before.binding(), after.binding());
        let tallies = match tally(session, &pass, (&pairs, bindings), limit) {
            Err(why) if time::was_stopped(&why) => {
                let mut each = Vec::new();
                for pair in &pairs {
                    let alone = std::slice::from_ref(pair);
                    match tally(session, &pass, (alone, bindings), limit) {
                        Err(why) if time::was_stopped(&why) => each.push(None),
                        counted => each.push(counted?.first().copied()),
                    }
                }
                each
            }
            counted => counted?.into_iter().map(Some).collect(),
        };
        for (pair, counts) in pairs.iter().zip(tallies) {
            let Some(one) = found.get_mut(pair.place) else { continue };
            match counts {
                Some(counts) => one.counts = Some(one.counts.unwrap_or_default().and(counts)),
                None => one.stopped = Some(time::millis(limit)),
            }
        }
    }
    for one in found.iter_mut().filter(|one| one.stopped.is_some()) {
        one.counts = None;
    }
    Ok(())
}

/// The counts of each pair, in one pass over the table.
fn tally(
    session: &mut Session,
    pass: &Pass<'_>,
    (pairs, (before, after)): (&[Pair<'_>], (Binding<'_>, Binding<'_>)),
    limit: Duration,
) -> Result<Vec<Counts>> {
    let mut counts = vec![Counts::default(); pairs.len()];
    if pairs.is_empty() {
        return Ok(counts);
    }
    let unsound = |pair: &Pair<'_>| match (pair.before, pair.after) {
        (Some(was), Some(is)) => std::ptr::eq(was, is),
        _ => false,
    };
    let versions: Vec<Versions<'_>> = pairs
        .iter()
        .map(|pair| Versions {
            before: pair.before.map(|rule| (&rule.predicate, before)),
            after: pair
                .after
                .map(|rule| (&rule.predicate, if unsound(pair) { before } else { after })),
        })
        .collect();
    let sql = BuiltSql::from_generator(pass.versions(&versions));
    let mut words: Vec<i64> = Vec::new();
    session.within(limit, |session| {
        session.each(&sql, &[], |row| {
            words.clear();
            words.extend(row.0.iter().map(|value| value.as_int().unwrap_or(0)));
            if words.iter().any(|word| *word != 0) {
                for (n, count) in counts.iter_mut().enumerate() {
                    count.add(facts::pass::unpack_pair(&words, n), 1);
                }
            }
            Ok(true)
        })
    })?;
    Ok(counts)
}

/// The engine of a session, as the compiler of predicates names it.
pub fn engine(session: &Session) -> facts::Engine {
    match session.engine() {
        store::Engine::Sqlite => facts::Engine::Sqlite,
        store::Engine::Postgres => facts::Engine::Postgres,
    }
}
