//! The rule book of a day: the pack that holds, its proven rules, the parameters, the lists that have arrived, and the
//! statements that ask all of it at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use facts::{
    Binding, Column, CoverageView, HOUSEHOLD, Only, Params, Pass, Predicate, Schema, Table, VILLAGE,
};
use include_dir::{Dir, include_dir};
use kernel::area::AreaCode;
use kernel::calendar::WorkingCalendar;
use kernel::error::{Error, Result};
use kernel::time::Day;
pub use registry::circumstances::ledger::schema;
use registry::policies::{self, Pack};
use store::{BuiltSql, Engine, Session};

pub use super::kept_books::{bound, bound_to, remember_slow};
use super::queries;
use super::rule::{Level, Rule, RuleDef, RuleError, check};
use super::rules::RuleHead;
pub use super::trouble::{Issue, Trouble};

static CALENDAR: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs/common/calendar");

/// The rules of a pack, proven against the fact tables and the parameters of a day.
#[derive(Debug, Clone)]
pub struct Book {
    /// The pack, with what it extends.
    pub pack: Pack,
    /// Rules that can be asked, in the order of their files.
    pub rules: Vec<Rule>,
    /// Their files, in the same order.
    pub files: Vec<String>,
    /// What runs need of them, in the same order.
    pub heads: Vec<RuleHead>,
    /// What is wrong with the others.
    pub issues: Vec<Issue>,
    /// Parameters of the day.
    pub params: Params,
    /// The fact tables with the own lists of the pack.
    pub schema: Arc<Schema>,
}

/// Files of a pack that are asked as rules: their folder, and how one is read.
#[derive(Debug, Clone, Copy)]
pub struct Questions {
    /// The folder in the pack.
    pub folder: &'static str,
    /// A file as a rule.
    pub read: fn(&str) -> std::result::Result<RuleDef, RuleError>,
}

/// The screening rules.
pub const RULES: Questions = Questions { folder: "screening", read: RuleDef::parse };

/// Public holidays and make-up workdays as they ship.
///
/// # Errors
/// A fault when a shipped year is unsound.
pub fn working_calendar() -> Result<&'static WorkingCalendar> {
    static WORKING: OnceLock<std::result::Result<WorkingCalendar, String>> = OnceLock::new();
    let made = WORKING.get_or_init(|| {
        let texts = CALENDAR.files().filter_map(include_dir::File::contents_utf8);
        WorkingCalendar::of_files(texts).map_err(|why| why.to_string())
    });
    made.as_ref().map_err(|why| Error::fault(why.clone()))
}

impl Book {
    /// Proves the rules of a pack for a county on a day. Rules that are wrong become issues; the others stand.
    ///
    /// # Errors
    /// Only when the fact tables themselves are unsound.
    pub fn of(pack: Pack, within: AreaCode, day: Day) -> Result<Self> {
        Self::of_questions(pack, (within, day), &RULES)
    }

    /// The same of another folder of the pack, whose files are read in their own way.
    ///
    /// # Errors
    /// Only when the fact tables themselves are unsound.
    pub fn of_questions(
        pack: Pack,
        (within, day): (AreaCode, Day),
        questions: &Questions,
    ) -> Result<Self> {
        let params = policies::resolve(&pack.parameters, within, day);
        let schema = Arc::new(schema()?.with_lists(pack.own_lists().asked()));
        let (mut rules, mut files, mut issues) = (Vec::<Rule>::new(), Vec::new(), Vec::new());
        for (file, text) in pack.folder(questions.folder) {
            let mut issue = |rule: &str, trouble| {
                issues.push(Issue { rule: rule.to_owned(), file: file.to_owned(), trouble });
            };
            let def = match (questions.read)(text) {
                Ok(def) => def,
                Err(error) => {
                    issue(stem(file), Trouble::Unreadable(error));
                    continue;
                }
            };
            if rules.iter().any(|rule| rule.def.id == def.id) {
                issue(&def.id, Trouble::Twice);
                continue;
            }
            match check(&def, &schema, &params) {
                Ok(rule) => {
                    rules.push(rule);
                    files.push(file.to_owned());
                }
                Err(problems) => {
                    problems.into_iter().for_each(|p| issue(&def.id, Trouble::Wrong(p)));
                }
            }
        }
        let heads = rules.iter().map(|rule| head(&rule.def)).collect();
        Ok(Book { pack, rules, files, heads, issues, params, schema })
    }

    /// The rule of this id and its place.
    pub fn rule(&self, id: &str) -> Option<(usize, &Rule)> {
        self.rules.iter().enumerate().find(|(_, rule)| rule.def.id == id)
    }

    /// The rules of one level, by place.
    pub fn of_level(&self, level: Level) -> impl Iterator<Item = usize> + '_ {
        self.rules
            .iter()
            .enumerate()
            .filter(move |(_, rule)| rule.def.level == level)
            .map(|(n, _)| n)
    }
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

fn head(def: &RuleDef) -> RuleHead {
    RuleHead {
        id: def.id.clone(),
        severity: def.severity,
        department: def.department.clone(),
        channel: def.channel.clone(),
        clock: def.clock,
        raise_again: def.raise_again.clone(),
    }
}

/// The rules over one fact table and the statements that ask them.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Which level the leads have.
    pub level: Level,
    /// The rules, by place in the book, in the order of the packed answers.
    pub rules: Vec<usize>,
    /// The columns whose values are kept with a hit.
    pub columns: Vec<Column>,
    /// All rows; rows of villages; rows by key.
    pub answers: [BuiltSql; 3],
    /// The values of rows by key.
    pub evidence: BuiltSql,
}

/// A book on a day in a database: nothing is left to decide.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The book.
    pub book: Arc<Book>,
    /// Lists that have arrived.
    pub coverage: CoverageView,
    /// The day.
    pub today: Day,
    /// Changes with anything that can change an answer although no fact changed.
    pub digest: String,
    /// Rules that cannot be asked.
    pub silent: BTreeSet<String>,
    /// Rules that a run need not ask, because nothing on which their answers rest has changed.
    pub unchanged: BTreeSet<String>,
    /// Those of the silent that were stopped because they took too long, with the milliseconds they were given.
    pub slow: BTreeMap<String, i64>,
    /// One for each level that has rules.
    pub asks: Vec<Ask>,
    engine: facts::Engine,
}

impl Bound {
    /// Binds a book, leaving out the rules of `silent`.
    pub fn new(
        book: Arc<Book>,
        (coverage, today): (CoverageView, Day),
        (engine, digest): (Engine, String),
        silent: BTreeSet<String>,
    ) -> Self {
        let engine = match engine {
            Engine::Sqlite => facts::Engine::Sqlite,
            Engine::Postgres => facts::Engine::Postgres,
        };
        let mut bound = Bound {
            book,
            coverage,
            today,
            digest,
            silent,
            unchanged: BTreeSet::new(),
            slow: BTreeMap::new(),
            asks: Vec::new(),
            engine,
        };
        bound.asks = bound.all_asks();
        bound.silent.extend(bound.book.issues.iter().map(|issue| issue.rule.clone()));
        bound
    }

    /// Binds a book, leaving out what the database does not take.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn checked(
        session: &mut Session,
        book: Arc<Book>,
        (coverage, today): (CoverageView, Day),
        digest: String,
    ) -> Result<Self> {
        let engine = session.engine();
        let silent = broken(session, &book, &coverage, (today, engine))?;
        Ok(Bound::new(book, (coverage, today), (engine, digest), silent))
    }

    fn all_asks(&self) -> Vec<Ask> {
        let levels = [(Level::Household, HOUSEHOLD), (Level::Village, VILLAGE)];
        levels.iter().filter_map(|(level, table)| self.ask(*level, table)).collect()
    }

    /// The same without rules that take too long.
    pub fn without(&self, slow: BTreeMap<String, i64>) -> Self {
        let mut bound = self.clone();
        bound.silent.extend(slow.keys().cloned());
        bound.slow.extend(slow);
        bound.asks = bound.all_asks();
        bound
    }

    /// The same for a run that asks only some of its rules.
    pub fn only(&self, asked: &BTreeSet<String>) -> Self {
        let mut bound = self.clone();
        let ids = self.book.heads.iter().map(|rule| &rule.id);
        bound.unchanged = ids.filter(|id| !asked.contains(*id)).cloned().collect();
        bound.asks = bound.all_asks();
        bound
    }

    /// Why a silent rule is not asked.
    pub fn trouble(&self, rule: &str) -> Option<Trouble> {
        let known = self.book.issues.iter().find(|issue| issue.rule == rule);
        let slow = || self.slow.get(rule).map(|millis| Trouble::Slow { millis: *millis });
        known.map(|issue| issue.trouble.clone()).or_else(slow)
    }

    /// What is wrong with the rules that are not asked.
    pub fn issues(&self) -> Vec<Issue> {
        let mut issues = self.book.issues.clone();
        for (rule, millis) in &self.slow {
            let place = self.book.rule(rule).map(|(place, _)| place);
            let file = place.and_then(|place| self.book.files.get(place)).cloned();
            let (file, trouble) = (file.unwrap_or_default(), Trouble::Slow { millis: *millis });
            issues.push(Issue { rule: rule.clone(), file, trouble });
        }
        issues
    }

    /// Day, parameters and coverage, for sentences and evaluation.
    pub fn binding(&self) -> Binding<'_> {
        Binding { today: self.today, params: &self.book.params, coverage: &self.coverage }
    }

    fn asks_for(&self, id: &str) -> bool {
        !self.silent.contains(id) && !self.unchanged.contains(id)
    }

    fn ask(&self, level: Level, table: &Table) -> Option<Ask> {
        let rule_at = |n: &usize| self.book.rules.get(*n);
        let rules: Vec<usize> = self
            .book
            .of_level(level)
            .filter(|n| {
                rule_at(n).is_some_and(|rule| {
                    rule.def.table_name() == table.name && self.asks_for(&rule.def.id)
                })
            })
            .collect();
        if rules.is_empty() {
            return None;
        }
        let mut columns: Vec<Column> = Vec::new();
        for column in rules.iter().filter_map(rule_at).flat_map(kept_columns) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let pass = Pass { table, engine: self.engine, binding: self.binding() };
        let predicates: Vec<&Predicate> =
            rules.iter().filter_map(rule_at).map(|rule| &rule.predicate).collect();
        let packed = |only| BuiltSql::from_generator(pass.packed(&predicates, only));
        let answers = [packed(Only::All), packed(Only::Villages), packed(Only::Keys)];
        let evidence = BuiltSql::from_generator(pass.evidence(&columns, Only::Keys));
        Some(Ask { level, rules, columns, answers, evidence })
    }

    /// All rules about households as one statement: key, village, then an answer for each (1, 0 or null: cannot tell).
    pub fn statement(&self) -> String {
        let rules = self.book.of_level(Level::Household).filter_map(|n| self.book.rules.get(n));
        let asked = rules.filter(|rule| {
            rule.def.table_name() == HOUSEHOLD.name && !self.silent.contains(&rule.def.id)
        });
        let predicates: Vec<&Predicate> = asked.map(|rule| &rule.predicate).collect();
        let pass = Pass { table: &HOUSEHOLD, engine: self.engine, binding: self.binding() };
        pass.answers(&predicates, Only::All)
    }

    /// How many rows one rule hits, for how many it cannot tell, how many there are.
    pub fn count_of(&self, rule: &Rule) -> Option<BuiltSql> {
        let table = match rule.def.level {
            Level::Household => &HOUSEHOLD,
            Level::Village => &VILLAGE,
        };
        if rule.def.table_name() != table.name {
            return None;
        }
        let pass = Pass { table, engine: self.engine, binding: self.binding() };
        Some(BuiltSql::from_generator(pass.count(&rule.predicate, Only::All)))
    }
}

/// The columns kept with a hit of the rule: its evidence and what can make it worse.
pub fn kept_columns(rule: &Rule) -> Vec<Column> {
    let mut columns = rule.evidence.clone();
    if let Some(worse) = rule.worse
        && !columns.contains(&worse)
    {
        columns.push(worse);
    }
    columns
}

/// Rules that the database does not take: each is asked about no row at all, in a session of its own.
fn broken(
    session: &mut Session,
    book: &Arc<Book>,
    coverage: &CoverageView,
    (today, engine): (Day, Engine),
) -> Result<BTreeSet<String>> {
    let whole = Bound::new(
        book.clone(),
        (coverage.clone(), today),
        (engine, String::new()),
        BTreeSet::new(),
    );
    if queries::takes(session, &whole)? {
        return Ok(BTreeSet::new());
    }
    let mut silent = BTreeSet::new();
    for rule in &book.rules {
        let others: BTreeSet<String> =
            book.rules.iter().map(|r| r.def.id.clone()).filter(|id| *id != rule.def.id).collect();
        let alone =
            Bound::new(book.clone(), (coverage.clone(), today), (engine, String::new()), others);
        if !queries::takes(session, &alone)? {
            silent.insert(rule.def.id.clone());
        }
    }
    Ok(silent)
}
