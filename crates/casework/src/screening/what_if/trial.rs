//! One rule with other thresholds or another condition: what it would find, beside what it finds.

use std::collections::BTreeSet;
use std::time::Duration;

use facts::{Binding, Params, Pass, Predicate, Versions};
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use store::{BuiltSql, Ctx, Session, Value};

use super::bars::Bars;
use super::compare::{asked, engine};
use super::past::Facts;
use super::places::{Place, Places};
use super::rows::{Line, lines};
use super::tally::Counts;
use super::wanted::{Mistake, Wanted, day_of, resolved};
use crate::screening::book::{Bound, Issue, bound};
use crate::screening::model::Subject;
use crate::screening::queries;
use crate::screening::results::issues_of;
use crate::screening::rule::{Level, Rule, RuleDef, RuleProblem, check};
use crate::screening::{time, wave};

/// What a what-if answers.
#[derive(Debug)]
pub struct Trial {
    /// The rule as its file has it. None where the file is no rule.
    pub def: Option<RuleDef>,
    /// What is wrong with the rule as it stands.
    pub issues: Vec<Issue>,
    /// The rule as it is asked on the day; none where it cannot be.
    pub before: Option<Rule>,
    /// The rule as it would be asked; none where the condition is wrong.
    pub after: Option<Rule>,
    /// What is wrong with the rule with the condition of the address.
    pub problems: Vec<RuleProblem>,
    /// The condition that is tried, as text.
    pub when: String,
    /// The day on which the facts stand.
    pub day: Day,
    /// Parameters of the day, as published.
    pub params: Params,
    /// The same with the values of the address.
    pub tried: Params,
    /// The parameters as the pack has them, with their sources.
    pub parameters: Vec<registry::policies::Parameter>,
    /// What is wrong with the address.
    pub mistakes: Vec<Mistake>,
    /// What came of it.
    pub found: Found,
}

/// What came of asking.
#[derive(Debug)]
pub enum Found {
    /// Nothing was asked: something must be put right first.
    Nothing,
    /// It took longer than so many milliseconds and was stopped.
    Stopped(i64),
    /// The database does not take the condition.
    Refused,
    /// The numbers.
    Numbers(Box<Numbers>),
}

/// What two versions of a rule find.
#[derive(Debug)]
pub struct Numbers {
    /// Rows in and out.
    pub counts: Counts,
    /// All rows that were asked.
    pub rows: i64,
    /// Those that came in and have no live lead: each would become one.
    pub new_leads: i64,
    /// Those that came in and have a live lead, which the rule joins.
    pub joined: i64,
    /// By township, those with most new leads first.
    pub townships: Vec<Place>,
    /// By village, those with most new leads first.
    pub villages: Vec<Place>,
    /// The histogram around a threshold.
    pub bars: Option<Bars>,
    /// The first that changed, by name.
    pub lines: Vec<Line>,
    /// Of a past day: how many of the rows hit before, of those hit after, were confirmed as a risk since.
    pub confirmed: Option<(i64, i64)>,
}

impl Trial {
    /// The condition that is tried is that of the rule as it stands.
    pub fn when_is_as_it_was(&self) -> bool {
        self.def.as_ref().is_some_and(|def| def.when.trim() == self.when.trim())
    }
}

/// Tries values and a condition of the address on one rule.
///
/// # Errors
/// Refused without `rule.run`; *not found* where the book of the day has no such rule; *unavailable* before a pack is
/// published. What is wrong with values or the condition is no error but part of the answer.
pub fn what_if(ctx: &Ctx, rule: &str, wanted: &Wanted) -> Result<Trial> {
    what_if_within(ctx, (rule, wanted), time::OF_A_RULE)
}

/// The same with another time for the rule.
pub(in crate::screening) fn what_if_within(
    ctx: &Ctx,
    (rule, wanted): (&str, &Wanted),
    limit: Duration,
) -> Result<Trial> {
    let permit = ctx.permit(Permission::RuleRun)?;
    let mut session = ctx.read()?;
    let (day, bad_day) = day_of(wanted, ctx.today);
    let book = bound(&mut session, day)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let (def, issues) = (def_of(&book, rule), issues_of(&book, rule));
    if def.is_none() && issues.is_empty() {
        return Err(missing(ctx, rule, day));
    }
    let before = asked(&book, rule).cloned();
    let (tried, mut mistakes) = resolved(&book.book.params, wanted);
    mistakes.extend(bad_day);
    let when = wanted.when.clone().or_else(|| def.as_ref().map(|def| def.when.clone()));
    let when = when.unwrap_or_default();
    let (after, problems) = match def.clone().map(|def| RuleDef { when: when.clone(), ..def }) {
        Some(def) => match check(&def, &book.book.schema, &tried) {
            Ok(rule) => (Some(rule), Vec::new()),
            Err(problems) => (None, problems),
        },
        None => (None, Vec::new()),
    };
    let read = |rule: &Option<Rule>, name: &String| {
        rule.as_ref().is_some_and(|rule| rule.predicate.params().contains(name))
    };
    for name in wanted.values.keys().filter(|name| book.book.params.contains_key(*name)) {
        let used = read(&after, name) || name == wave::WEEKLY_BUDGET;
        if after.is_some() && !used {
            mistakes.push(Mistake::NotRead { name: name.clone() });
        }
    }
    let mut trial = Trial {
        def,
        issues,
        before,
        after,
        problems,
        when,
        day,
        params: book.book.params.clone(),
        tried,
        parameters: book.book.pack.parameters.clone(),
        mistakes,
        found: Found::Nothing,
    };
    let own = |rule: &Rule| rule.def.table_name() == rule.def.level.table().name;
    if trial.after.as_ref().is_some_and(own) && !trial.mistakes.iter().any(Mistake::stops) {
        let found = numbers(ctx, &mut session, (&trial, &permit), limit);
        trial.found = match found {
            Err(why) if time::was_stopped(&why) => Found::Stopped(time::millis(limit)),
            Err(Error::Fault(why)) if asks_badly(ctx, &trial)? => {
                tracing::warn!(rule, %why, "the database does not take a condition that was tried");
                Found::Refused
            }
            found => Found::Numbers(Box::new(found?)),
        };
    }
    Ok(trial)
}

/// The rule as its file has it, sound or not.
fn def_of(book: &Bound, id: &str) -> Option<RuleDef> {
    if let Some((_, rule)) = book.book.rule(id) {
        return Some(rule.def.clone());
    }
    let read = book.book.pack.folder("screening").filter_map(|(_, text)| RuleDef::parse(text).ok());
    read.into_iter().find(|def| def.id == id)
}

fn missing(ctx: &Ctx, rule: &str, day: Day) -> Error {
    match day == ctx.today {
        true => Refusal::not_found("screening.no_rule").arg("rule", rule).into(),
        false => {
            let refusal = Refusal::not_found("screening.no_rule_then").arg("rule", rule);
            refusal.arg("day", day).into()
        }
    }
}

/// Whether the database refuses the condition even for no row at all: then the fault is the condition's.
fn asks_badly(ctx: &Ctx, trial: &Trial) -> Result<bool> {
    let Some(after) = &trial.after else { return Ok(false) };
    let mut session = ctx.read()?;
    let coverage = facts::CoverageView::everything();
    let binding = Binding { today: trial.day, params: &trial.tried, coverage: &coverage };
    let table = after.def.level.table();
    let pass = Pass { table: &table, engine: engine(&session), binding };
    let sql = BuiltSql::from_generator(pass.packed(&[&after.predicate], facts::Only::Keys));
    Ok(session.rows(&sql, &[Value::from("[]")]).is_err())
}

/// Both versions over all rows, in one pass.
fn numbers(
    ctx: &Ctx,
    session: &mut Session,
    (trial, permit): (&Trial, &store::Permit),
    limit: Duration,
) -> Result<Numbers> {
    let Some(after) = &trial.after else {
        return Err(Error::fault("a rule that is not sound was tried"));
    };
    let level = after.def.level;
    let facts = Facts::of(ctx, session, trial.day)?;
    let was = Binding { today: facts.day, params: &trial.params, coverage: &facts.coverage };
    let is = Binding { params: &trial.tried, ..was };
    let county = queries::find_county(session)?;
    let middle = county.map(|county| county.to_string()).unwrap_or_default();
    let bars = Bars::around(after, (&trial.params, &trial.tried), &middle);
    let before = trial.before.as_ref().filter(|rule| rule.def.level == level);
    let before: Option<(&Predicate, Binding<'_>)> = before.map(|rule| (&rule.predicate, was));
    let pair = Versions { before, after: Some((&after.predicate, is)) };
    let mut rows = facts.read(ctx)?;
    let beside = facts.read_beside(ctx, &mut rows)?;
    let asked = ask((&mut rows, beside), level, (&pair, was), (bars, limit))?;
    let subject = |key: &str| match level {
        Level::Household => key.to_owned(),
        Level::Village => Subject::Village(key.to_owned(), after.def.department.clone()).key(),
    };
    let came_in = asked.keyed.iter().filter(|row| row.came_in());
    let mut live = BTreeSet::new();
    if !facts.is_past() {
        let subjects: BTreeSet<String> = came_in.map(|row| subject(&row.key)).collect();
        live = queries::what_if::live_among(session, &subjects)?;
    }
    let mut places = Places::default();
    for row in &asked.keyed {
        let has_lead = row.came_in() && live.contains(&subject(&row.key));
        places.add(row, has_lead);
    }
    let budget = trial.tried.get(wave::WEEKLY_BUDGET);
    let (townships, villages) = places.named(session, budget)?;
    let mut confirmed = None;
    if facts.is_past() {
        let later = queries::what_if::confirmed_after(session, trial.day)?;
        let (mut before, mut after) = (0, 0);
        for row in asked.keyed.iter().filter(|row| later.contains(&subject(&row.key))) {
            before += i64::from(row.was == Some(true));
            after += i64::from(row.is == Some(true));
        }
        confirmed = Some((before, after));
    }
    let lines = lines(session, &mut rows, (trial, permit), (&asked.keyed, (was, is)))?;
    Ok(Numbers {
        counts: asked.counts,
        rows: asked.rows,
        new_leads: villages.iter().map(|place| place.new_leads).sum(),
        joined: villages.iter().map(|place| place.joined).sum(),
        townships,
        villages,
        bars: asked.bars,
        lines,
        confirmed,
    })
}

/// A row that a version hits, or about which they say different things.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    /// Household id or village code.
    pub key: String,
    /// Village code.
    pub village: String,
    /// The answer before; none is *cannot tell*.
    pub was: Option<bool>,
    /// The answer after.
    pub is: Option<bool>,
}

impl Answered {
    /// Hit only after.
    pub fn came_in(&self) -> bool {
        self.is == Some(true) && self.was != Some(true)
    }

    /// Hit only before.
    pub fn dropped_out(&self) -> bool {
        self.was == Some(true) && self.is != Some(true)
    }
}

struct Asked {
    counts: Counts,
    rows: i64,
    bars: Option<Bars>,
    keyed: Vec<Answered>,
}

/// Asks all rows: two halves at once, each in a session of its own, where a second one is free.
fn ask(
    (session, beside): (&mut Session, Option<Session>),
    level: Level,
    (pair, binding): (&Versions<'_>, Binding<'_>),
    (bars, limit): (Option<Bars>, Duration),
) -> Result<Asked> {
    let table = level.table();
    let pass = Pass { table: &table, engine: engine(session), binding };
    let buckets = bars.as_ref().map(|bars| bars.buckets(binding));
    let sql = BuiltSql::from_generator(pass.compared(pair, buckets.as_ref()));
    let half = |session: &mut Session, bars: Option<Bars>, from: i64, to: i64| {
        session.within(limit, |session| part(session, &sql, bars, &[from.into(), to.into()]))
    };
    let places = pass.places().map(BuiltSql::from_generator);
    let (Some(mut beside), Some(middle)) = (beside, queries::what_if::middle(session, places)?)
    else {
        return half(session, bars, FIRST, LAST);
    };
    let (low, high) = std::thread::scope(|scope| {
        let others = bars.clone();
        let high = scope.spawn(|| half(&mut beside, others, middle, LAST));
        let low = half(session, bars, FIRST, middle);
        (low, high.join())
    });
    let mut asked = low?;
    let high = high.map_err(|_| Error::fault("half of a what-if came to nothing"))??;
    asked.counts = asked.counts.and(high.counts);
    asked.rows += high.rows;
    asked.keyed.extend(high.keyed);
    if let (Some(bars), Some(more)) = (&mut asked.bars, &high.bars) {
        bars.join(more);
    }
    Ok(asked)
}

/// Below and above every place of a row.
const FIRST: i64 = i64::MIN;
const LAST: i64 = i64::MAX;

fn part(
    session: &mut Session,
    sql: &BuiltSql,
    mut bars: Option<Bars>,
    places: &[Value],
) -> Result<Asked> {
    let (mut counts, mut rows, mut keyed) = (Counts::default(), 0, Vec::new());
    session.each(sql, places, |row| {
        let packed = row.int(2)?;
        let (was, is) = facts::pass::unpack_pair(&[packed & 15], 0);
        counts.add((was, is), 1);
        rows += 1;
        if let Some(bars) = &mut bars {
            bars.add(packed >> 4, was == Some(true), is == Some(true));
        }
        let mut values = row.0.into_iter();
        if let (Some(Value::Text(key)), Some(Value::Text(village))) = (values.next(), values.next())
        {
            keyed.push(Answered { key, village, was, is });
        }
        Ok(true)
    })?;
    Ok(Asked { counts, rows, bars, keyed })
}

/// The township of a village, by code.
pub(super) fn township(village: &str) -> Option<AreaCode> {
    village.parse::<AreaCode>().ok()?.at(AreaLevel::Town)
}
