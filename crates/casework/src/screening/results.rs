//! What people see of the rule book: every rule in plain words, what it found, what came of it, what is wrong with it; and
//! runs that store nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use facts::{FactRow, Situation, Unknown};
use kernel::error::{Error, Refusal, Result};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::circumstances::ledger;
use registry::policies::{self, Pack};
use store::{Ctx, Session};

use super::book::{Book, Bound, Issue, Trouble, bound};
use super::model::Subject;
use super::queries::{self, outcomes};
use super::rule::{Level, Rule, Severity, SituationTests};
use super::{run, time};

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

/// One rule in full.
#[derive(Debug, Clone)]
pub struct RulePage {
    /// The line of the list.
    pub line: RuleLine,
    /// The book on the day.
    pub book: Arc<Book>,
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
            tests.run(rule, super::book::schema()?, &book.params, ctx.today)
        }
        _ => Vec::new(),
    };
    Ok(RulePage { line, book, text, tests })
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

/// One line of a run that stores nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    /// The rule.
    pub rule_id: String,
    /// 户编号, or the village code and department of a village rule.
    pub subject: String,
    /// How bad.
    pub severity: Severity,
    /// `sure`, or `cannot_tell`.
    pub certainty: &'static str,
    /// The sentence of a hit; what is unknown otherwise.
    pub explanation: String,
}

/// Which rules a preview asks.
#[derive(Debug, Clone, Copy)]
pub enum Rules<'a> {
    /// The published book.
    Published,
    /// A folder: a whole pack, or rule files on top of the published parameters.
    Folder(&'a Path),
}

/// Asks rules over the facts of a day and stores nothing. Lines by rule, then subject. A day other than today is derived
/// anew from what was valid then and is known now.
pub fn screen_preview(
    ctx: &Ctx,
    rules: Rules<'_>,
    day: Day,
) -> Result<(Vec<PreviewLine>, Vec<Issue>)> {
    screen_preview_within(ctx, rules, (day, time::OF_A_RULE))
}

pub(super) fn screen_preview_within(
    ctx: &Ctx,
    rules: Rules<'_>,
    (day, limit): (Day, Duration),
) -> Result<(Vec<PreviewLine>, Vec<Issue>)> {
    ctx.permit(Permission::RuleRun)?;
    let mut session = ctx.read()?;
    let published = bound(&mut session, day)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let then = (day != ctx.today)
        .then(|| ledger::facts_as_of(ctx, (day, None), &mut |_, _| {}))
        .transpose()?;
    let coverage =
        then.as_ref().map_or_else(|| published.coverage.clone(), |then| then.coverage.clone());
    let book = match rules {
        Rules::Published => Arc::clone(&published.book),
        Rules::Folder(folder) => over(&mut session, &published, folder, day)?,
    };
    let numbers = queries::household_numbers(&mut session)?;
    let mut facts = then.as_ref().map_or(Ok(session), |then| then.read())?;
    let asked = Bound::checked(&mut facts, book, (coverage, day), String::new())?;
    match preview(&mut facts, &asked, (&numbers, ctx.lang), limit) {
        Err(why) if time::was_stopped(&why) => {
            let asked = asked.without(time::slow_rules(&mut facts, &asked, limit)?);
            let rules = u32::try_from(asked.book.rules.len()).unwrap_or(1).max(1);
            let limit = limit.saturating_mul(rules);
            Ok((preview(&mut facts, &asked, (&numbers, ctx.lang), limit)?, asked.issues()))
        }
        lines => Ok((lines?, asked.issues())),
    }
}

/// The book of a folder: its own `pack.toml` or, without one, its rules with the published parameters.
fn over(session: &mut Session, published: &Bound, folder: &Path, day: Day) -> Result<Arc<Book>> {
    let mut files = policies::read_folder(folder)?;
    if !files.contains_key("pack.toml") {
        let rules = files.into_iter().map(|(name, text)| {
            let name = name.rsplit('/').next().unwrap_or(&name).to_owned();
            (format!("screening/{name}"), text)
        });
        let kept = published.book.pack.files.clone().into_iter();
        files = kept.filter(|(name, _)| !name.starts_with("screening/")).chain(rules).collect();
    }
    let pack = Pack::read(files).map_err(|problems| {
        let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::from(Refusal::invalid("screening.bad_folder").arg("problems", words.join("; ")))
    })?;
    let county = queries::find_county(session)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    Ok(Arc::new(Book::of(pack, county, day)?))
}

fn preview(
    session: &mut Session,
    book: &Bound,
    (numbers, lang): (&BTreeMap<String, String>, Lang),
    limit: Duration,
) -> Result<Vec<PreviewLine>> {
    let mut lines = Vec::new();
    for ask in &book.asks {
        let answers =
            session.within(limit, |session| queries::answers_with_unknown(session, ask))?;
        let keys: Vec<&str> = answers.hits.iter().map(|row| row.key.as_str()).collect();
        let values = queries::evidence(session, ask, &keys)?;
        for row in &answers.hits {
            let stored = values.get(&row.key).map_or(&[][..], Vec::as_slice);
            for place in &row.rules {
                let Some(rule) = book.book.rules.get(*place) else { continue };
                let hit = run::hit(book, (ask, *place), stored, &row.village);
                let sentence = if lang == Lang::Zh { hit.sentence_zh } else { hit.sentence_en };
                lines.push(line(
                    rule,
                    subject(ask.level, rule, &row.key, numbers),
                    "sure",
                    sentence,
                ));
            }
        }
        for (key, places) in &answers.cannot_tell {
            let Some(situation) = queries::situation(session, ask.level, key)? else { continue };
            for place in places {
                let Some(rule) = book.book.rules.get(*place) else { continue };
                let why = rule.predicate.unknowns(book.binding(), &situation);
                let why: Vec<String> = why.iter().map(|one| because(one, book, lang)).collect();
                let subject = subject(ask.level, rule, key, numbers);
                lines.push(line(rule, subject, "cannot_tell", why.join("; ")));
            }
        }
    }
    lines.sort_by(|a, b| (&a.rule_id, &a.subject).cmp(&(&b.rule_id, &b.subject)));
    Ok(lines)
}

fn line(rule: &Rule, subject: String, certainty: &'static str, explanation: String) -> PreviewLine {
    let (rule_id, severity) = (rule.def.id.clone(), rule.def.severity);
    PreviewLine { rule_id, subject, severity, certainty, explanation }
}

fn subject(level: Level, rule: &Rule, key: &str, numbers: &BTreeMap<String, String>) -> String {
    match level {
        Level::Household => numbers.get(key).cloned().unwrap_or_else(|| key.to_owned()),
        Level::Village => Subject::Village(key.to_owned(), rule.def.department.clone()).key(),
    }
}

/// What is unknown, in a few words.
fn because(unknown: &Unknown, book: &Bound, lang: Lang) -> String {
    let parameter = |name: &str| {
        book.book.params.get(name).map_or_else(
            || name.to_owned(),
            |param| if lang == Lang::Zh { param.title_zh.clone() } else { param.title_en.clone() },
        )
    };
    let l = web::L::new(lang);
    match unknown {
        Unknown::NotDelivered(column) => {
            l.t1("screening-unknown-not_delivered", "what", column.title.get(lang))
        }
        Unknown::NotRecorded(column) => {
            l.t1("screening-unknown-not_recorded", "what", column.title.get(lang))
        }
        Unknown::NoValue(name) => l.t1("screening-unknown-no_value", "what", parameter(name)),
    }
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

pub(super) fn check_rules_within(ctx: &Ctx, limit: Duration) -> Result<Checked> {
    ctx.permit(Permission::RuleSee)?;
    let mut session = ctx.read()?;
    let book = bound(&mut session, ctx.today)?
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
