//! What people see of the rule book: every rule in plain words, what it found, what came of it, what is wrong with it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use facts::{FactRow, Params, Situation, Unknown};
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies;
use store::{Ctx, Session};

use super::book::{Book, Bound, Issue, Questions, RULES, Trouble, bound, bound_to};
use super::queries::{self, outcomes};
use super::rule::{Level, Rule, SituationTests};
use super::time;

pub use super::queries::outcomes::RuleCount;

/// One rule in the list of rules.
#[derive(Debug, Clone)]
pub struct RuleLine {
    /// Its id.
    pub id: String,
    /// The rule, if it can be asked.
    pub rule: Option<Rule>,
    /// What is wrong with it.
    pub issues: Vec<Issue>,
    /// Hits and unknowns of the last full run.
    pub last: Option<(i64, i64)>,
    /// What came of its leads.
    pub count: RuleCount,
}

/// The rule book of today.
#[derive(Debug, Clone)]
pub struct RuleBook {
    /// The pack's title in both languages, and its version.
    pub pack: (policies::Words, u32),
    /// The rules, the gravest first.
    pub rules: Vec<RuleLine>,
    /// When the last full run was, and how long it took in milliseconds.
    pub last_run: Option<(String, i64)>,
}

/// Whether the first screening of the county was run.
pub fn has_baseline(ctx: &Ctx) -> Result<bool> {
    ctx.permit(Permission::RuleSee)?;
    super::queries::has_baseline(&mut ctx.read()?)
}

/// Id and title (Chinese, English) of the rules of today, without what came of them: for choices and for the search.
pub fn rule_titles(ctx: &Ctx) -> Result<Vec<(String, String, String)>> {
    ctx.permit(Permission::RuleSee)?;
    let Some(bound) = bound(&mut ctx.read()?, ctx.today)? else { return Ok(Vec::new()) };
    let title = |rule: &Rule| {
        let title = &rule.def.title;
        (rule.def.id.clone(), title.zh.clone(), title.en.clone())
    };
    Ok(bound.book.rules.iter().map(title).collect())
}

/// The rules of today with what came of them. `None` before a pack is published or households are there.
pub fn rule_book(ctx: &Ctx) -> Result<Option<RuleBook>> {
    ctx.permit(Permission::RuleSee)?;
    let mut session = ctx.read()?;
    let Some(book) = bound(&mut session, ctx.today)? else { return Ok(None) };
    let counts: BTreeMap<String, RuleCount> = outcomes::rule_counts(&mut session)?
        .iter()
        .map(|count| (count.rule.clone(), count.clone()))
        .collect();
    let last = outcomes::last_run(&mut session)?;
    let result = |id: &str| {
        let found = last.as_ref().and_then(|(_, _, _, results)| results.get(id));
        found.map(|(hits, unknown, _)| (*hits, *unknown))
    };
    let line = |id: &str, rule: Option<&Rule>| RuleLine {
        id: id.to_owned(),
        rule: rule.cloned(),
        issues: issues_of(&book, id),
        last: result(id),
        count: counts.get(id).cloned().unwrap_or_default(),
    };
    let mut rules: Vec<RuleLine> =
        book.book.rules.iter().map(|rule| line(&rule.def.id, Some(rule))).collect();
    for issue in &book.book.issues {
        if !rules.iter().any(|known| known.id == issue.rule) {
            rules.push(line(&issue.rule, None));
        }
    }
    rules.sort_by_key(|line| {
        let severity = line.rule.as_ref().map(|rule| rule.def.severity);
        (std::cmp::Reverse(severity), line.id.clone())
    });
    let head = &book.book.pack.head;
    let last_run = last.map(|(_, at, millis, _)| (at, millis));
    Ok(Some(RuleBook { pack: (head.title.clone(), head.version), rules, last_run }))
}

pub(super) fn issues_of(book: &Bound, id: &str) -> Vec<Issue> {
    let mut issues: Vec<Issue> =
        book.book.issues.iter().filter(|issue| issue.rule == id).cloned().collect();
    if issues.is_empty() && book.silent.contains(id) {
        let refused = || Trouble::Failed("the database does not take its condition".to_owned());
        let trouble = book.trouble(id).unwrap_or_else(refused);
        let file = String::new();
        issues.push(Issue { rule: id.to_owned(), file, trouble });
    }
    issues
}

/// The rules about households as one statement over `household_facts`, for who asks the same rows with another program.
pub fn statement(ctx: &Ctx) -> Result<Option<String>> {
    ctx.permit(Permission::RuleSee)?;
    Ok(bound(&mut ctx.read()?, ctx.today)?.map(|bound| bound.statement()))
}

/// How many hits the rules of today have, over everything or in one village. Nothing is stored.
pub fn count_hits(ctx: &Ctx, village: Option<AreaCode>) -> Result<usize> {
    ctx.permit(Permission::RuleSee)?;
    let mut session = ctx.read()?;
    let Some(book) = bound(&mut session, ctx.today)? else { return Ok(0) };
    let only = |village: AreaCode| queries::What::Villages(vec![village.to_string()]);
    let what = village.map_or(queries::What::All, only);
    let mut hits = 0;
    for ask in &book.asks {
        let answers = queries::answers(&mut session, ask, &what)?;
        hits += answers.hits.iter().map(|row| row.rules.len()).sum::<usize>();
    }
    Ok(hits)
}

/// One rule in full.
#[derive(Debug, Clone)]
pub struct RulePage {
    /// The line of the list.
    pub line: RuleLine,
    /// The book on the day.
    pub book: Arc<Book>,
    /// Its file in the pack.
    pub file: String,
    /// The text of its file.
    pub text: String,
    /// Its tests as they come out today.
    pub tests: Vec<super::rule::SituationResult>,
}

/// One rule with its text, tests and results. A rule that is not in today's book is not found.
pub fn rule_page(ctx: &Ctx, id: &str) -> Result<RulePage> {
    ctx.permit(Permission::RuleSee)?;
    let missing = || Error::from(Refusal::not_found("screening.no_rule").arg("rule", id));
    let line = rule_book(ctx)?
        .and_then(|book| book.rules.into_iter().find(|line| line.id == id))
        .ok_or_else(missing)?;
    let mut session = ctx.read()?;
    let bound = bound(&mut session, ctx.today)?.ok_or_else(missing)?;
    let book = bound.book.clone();
    let file = match book.rule(id) {
        Some((n, _)) => book.files.get(n).cloned(),
        None => line.issues.first().map(|issue| issue.file.clone()),
    };
    let file = file.unwrap_or_default();
    let text = book.pack.files.get(&file).cloned().unwrap_or_default();
    let tests = match (&line.rule, book.pack.test_of(&file).map(SituationTests::parse)) {
        (Some(rule), Some(Ok(tests))) => {
            let params = params_of_tests(&mut session, &book, ctx.today)?;
            tests.run(rule, &book.schema, &params, ctx.today)
        }
        _ => Vec::new(),
    };
    Ok(RulePage { line, book, file, text, tests })
}

/// The tests of a rule are written for the values that ship with it: a value that the county changed breaks none.
fn params_of_tests(session: &mut Session, book: &Book, day: Day) -> Result<Params> {
    if book.pack.head.id != policies::COUNTY {
        return Ok(book.params.clone());
    }
    let county = queries::find_county(session)?;
    let shipped = policies::find_shipped_on(session, day)?;
    let params = county.zip(shipped).map(|(county, pack)| {
        let mut params = book.params.clone();
        params.extend(policies::resolve(&pack.parameters, county, day));
        params
    });
    Ok(params.unwrap_or_else(|| book.params.clone()))
}

/// Why a rule cannot tell about one household or village.
#[derive(Debug, Clone, PartialEq)]
pub struct CannotTell {
    /// The rule.
    pub rule: Rule,
    /// What is unknown.
    pub because: Vec<Unknown>,
}

/// The rules that cannot tell about a household, with their reasons, the gravest first. The caller has loaded the
/// household under a permit.
pub fn cannot_tell(ctx: &Ctx, household: &str) -> Result<Vec<CannotTell>> {
    let mut session = ctx.read()?;
    let Some(book) = bound(&mut session, ctx.today)? else { return Ok(Vec::new()) };
    let Some(situation) = queries::situation(&mut session, Level::Household, household)? else {
        return Ok(Vec::new());
    };
    let mut found = unknowns(&book, Level::Household, &situation);
    found.sort_by_key(|one| std::cmp::Reverse(one.rule.def.severity));
    Ok(found)
}

fn unknowns(book: &Bound, level: Level, situation: &Situation) -> Vec<CannotTell> {
    let of_level = book.book.rules.iter().filter(|rule| rule.def.level == level);
    of_level
        .filter(|rule| rule.predicate.eval(book.binding(), situation).is_none())
        .map(|rule| CannotTell {
            rule: rule.clone(),
            because: rule.predicate.unknowns(book.binding(), situation),
        })
        .collect()
}

/// What is known of one row of facts, as it reads today: the columns in order with their values.
pub fn facts_of(ctx: &Ctx, household: &str) -> Result<FactRow> {
    let mut session = ctx.read()?;
    Ok(queries::situation(&mut session, Level::Household, household)?
        .map(|situation| situation.row)
        .unwrap_or_default())
}

/// What a check of the rules against the data says.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What is wrong.
    pub issues: Vec<Issue>,
    /// For each sound rule, its hits and the rows for which it cannot tell.
    pub counts: BTreeMap<String, (i64, i64)>,
}

/// Proves the rules against the data: each is counted alone, with its time.
pub fn check_rules(ctx: &Ctx) -> Result<Checked> {
    check_rules_within(ctx, time::OF_A_RULE)
}

/// The same of other questions of the pack.
///
/// # Errors
/// Refused without `rule.see` and before a pack is published.
pub(crate) fn check_questions(ctx: &Ctx, questions: &Questions) -> Result<Checked> {
    checked(ctx, time::OF_A_RULE, questions)
}

pub(super) fn check_rules_within(ctx: &Ctx, limit: Duration) -> Result<Checked> {
    checked(ctx, limit, &RULES)
}

fn checked(ctx: &Ctx, limit: Duration, questions: &Questions) -> Result<Checked> {
    ctx.permit(Permission::RuleSee)?;
    let mut session = ctx.read()?;
    let book = bound_to(&mut session, ctx.today, questions)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let mut issues = book.book.issues.clone();
    let mut counts = BTreeMap::new();
    for (rule, file) in book.book.rules.iter().zip(&book.book.files) {
        let Some(sql) = book.count_of(rule) else { continue };
        let answer = ctx.read()?.within(limit, |session| session.row(&sql, &[]));
        let mut issue = |trouble| {
            issues.push(Issue { rule: rule.def.id.clone(), file: file.clone(), trouble });
        };
        match answer.and_then(|row| Ok((row.int(0)?, row.int(1)?))) {
            Err(why) if time::was_stopped(&why) => {
                issue(Trouble::Slow { millis: time::millis(limit) });
            }
            Ok(count) => {
                counts.insert(rule.def.id.clone(), count);
            }
            Err(why) => issue(Trouble::Failed(why.to_string())),
        }
    }
    Ok(Checked { issues, counts })
}
