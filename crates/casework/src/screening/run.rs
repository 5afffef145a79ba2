//! Asking the rules: over everything, over what is stale, over what one commit touched; storing the leads or only showing
//! them. All ways end in the same [`screen`], so that none can differ.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use facts::{FactRow, Kind, Scalar};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{LeadId, RunId};
use kernel::lang::Lang;
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry, Session, Touched, Tx, Value};

use super::book::{Ask, Bound, Issue, bound, kept_columns, working_calendar};
use super::model::{State, Subject};
use super::people;
use super::queries::changes::{Batch, NewLead};
use super::queries::{self, RunRow, What};
use super::reask;
use super::rule::{Level, Rule};
use super::rules::{Change, Hit, Known, Mode, Plan, Round, plan};
use super::time;

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The run, if one was needed.
    pub run: Option<RunId>,
    /// Counts.
    pub row: RunRow,
    /// For each rule: hits, rows for which it cannot tell.
    pub rules: BTreeMap<String, (i64, i64)>,
    /// Rules that could not be asked, and why.
    pub issues: Vec<Issue>,
}

impl Report {
    /// Takes in what the next piece of the same work did.
    pub(super) fn add(&mut self, next: Self) {
        self.run = next.run.or(self.run);
        self.row.add(&next.row);
        for (rule, (hits, unknown)) in next.rules {
            let sum = self.rules.entry(rule).or_default();
            *sum = (sum.0 + hits, sum.1 + unknown);
        }
        self.issues = next.issues;
    }
}

/// Runs every rule over every household and village and stores the leads. The first such run is the baseline.
/// Refused without the right to run rules, and before a pack is published.
pub fn screen_all(ctx: &Ctx) -> Result<Report> {
    screen_all_within(ctx, time::OF_A_RULE)
}

/// The same with another time for a rule.
pub(super) fn screen_all_within(ctx: &Ctx, limit: Duration) -> Result<Report> {
    ctx.permit(Permission::RuleRun)?;
    time::in_time(ctx, limit, |limit| all_once(ctx, limit))
}

fn all_once(ctx: &Ctx, limit: Duration) -> Result<Report> {
    let mut tx = ctx.begin()?;
    let book = must(bound(&mut tx, ctx.today)?)?;
    let villages = queries::all_villages(&mut tx)?;
    let kind = if queries::has_baseline(&mut tx)? { "full" } else { "baseline" };
    let what = What::All;
    let asked = ask(&mut tx, &book, (&what, limit))?;
    finish(ctx, tx, &book, (kind, what, villages), asked)
}

fn must<T>(found: Option<T>) -> Result<T> {
    found.ok_or_else(|| kernel::error::Refusal::unavailable("screening.no_book").into())
}

/// Stores what the rules answered, and says that the villages are right; one transaction.
pub(super) fn finish(
    ctx: &Ctx,
    mut tx: Tx,
    book: &Bound,
    (kind, what, villages): (&'static str, What, Vec<(String, i64)>),
    asked: Asked,
) -> Result<Report> {
    let run: RunId = ctx.new_id();
    let mode = if kind == "baseline" { Mode::Baseline } else { Mode::Daily };
    let since = asked.since;
    let mut tally = store(&mut tx, book, (&what, asked), (mode, Some(run)))?;
    queries::save_screened(&mut tx, &villages, &book.digest)?;
    reask::remember(&mut tx, book)?;
    tally.row.kind = kind;
    tally.row.villages = villages.len();
    tally.row.millis = i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX);
    let results = tally.rules.iter().map(|(rule, (hits, unknown))| {
        vec![run.into(), rule.into(), (*hits).into(), (*unknown).into(), Value::Null]
    });
    let silent = tally.issues.iter().map(|Issue { rule, trouble, .. }| {
        let problem = Value::from(json!({ "why": trouble.to_string() }).to_string());
        vec![run.into(), rule.into(), 0i64.into(), 0i64.into(), problem]
    });
    let results = results.chain(silent).collect();
    queries::save_run(&mut tx, run, &ctx.actor.account, book, (&tally.row, results))?;
    let detail = json!({
        "kind": kind, "pack": book.book.pack.head.id, "version": book.book.pack.head.version,
        "villages": villages.len(), "hits": tally.row.hits, "opened": tally.row.opened,
        "joined": tally.row.joined, "withdrawn": tally.row.withdrawn,
    });
    tx.commit(Entry::new(ctx, "rule.run").about("run", run.to_string()).detail(detail))?;
    tally.run = Some(run);
    Ok(tally)
}

/// Refreshes the leads of what a commit touched and the counts of the villages whose leads changed, inside that commit. Registered with the database after the derivation
/// of facts. A rule that the database refuses must not stop anybody's work: its village stays stale, and the next run
/// says what is wrong.
///
/// # Errors
/// Faults of the database itself.
pub fn refresh(tx: &mut Tx, touched: &Touched) -> Result<()> {
    refresh_leads(tx, touched)?;
    queries::counted::recount(tx, touched)
}

fn refresh_leads(tx: &mut Tx, touched: &Touched) -> Result<()> {
    if touched.households.is_empty() && touched.villages.is_empty() {
        return Ok(());
    }
    if !queries::has_baseline(tx)? {
        return Ok(());
    }
    let today = tx.today();
    let Some(book) = bound(tx, today)? else { return Ok(()) };
    let mut villages: BTreeSet<String> = touched.villages.iter().map(ToString::to_string).collect();
    villages.extend(touched.households.values().map(ToString::to_string));
    let what = What::Touched {
        households: touched.households.keys().cloned().collect(),
        villages: villages.into_iter().collect(),
    };
    queries::guarded(tx, |tx| {
        let asked = ask(tx, &book, (&what, time::OF_A_COMMIT))?;
        store(tx, &book, (&what, asked), (Mode::Daily, None))?;
        queries::keep_screened(tx, &all_asked(touched), &book.digest)
    })
}

/// The villages of which everything that changed was asked: of one that was touched itself, or whose facts were prepared
/// beforehand, only a run asks all households.
fn all_asked(touched: &Touched) -> Vec<&str> {
    let whole = |village: &&AreaCode| {
        !touched.villages.contains(village) && !touched.published.contains(village)
    };
    let villages: BTreeSet<&AreaCode> = touched.households.values().filter(whole).collect();
    villages.into_iter().map(AreaCode::as_str).collect()
}

/// What the rules of a book answer about some rows.
pub(super) struct Asked {
    /// When asking began.
    since: std::time::Instant,
    /// Level, key, village and hits, by subject.
    subjects: BTreeMap<String, (Level, String, String, Vec<Hit>)>,
    hits: usize,
    /// For each rule: hits, rows for which it cannot tell.
    rules: BTreeMap<String, (i64, i64)>,
}

/// Asks the rules and puts the sentences of their hits. It only reads the facts, not the leads.
pub(super) fn ask(
    session: &mut Session,
    book: &Bound,
    (what, limit): (&What, Duration),
) -> Result<Asked> {
    let since = std::time::Instant::now();
    let mut asked = Asked { since, subjects: BTreeMap::new(), hits: 0, rules: BTreeMap::new() };
    for ask in &book.asks {
        let answers = session.within(limit, |session| queries::answers(session, ask, what))?;
        for place in &ask.rules {
            if let Some(head) = book.book.heads.get(*place) {
                let unknown = answers.unknown.get(place).copied().unwrap_or(0);
                asked.rules.insert(head.id.clone(), (0, unknown));
            }
        }
        let keys: Vec<&str> = answers.hits.iter().map(|row| row.key.as_str()).collect();
        let values = queries::evidence(session, ask, &keys)?;
        for row in &answers.hits {
            let stored = values.get(&row.key).map_or(&[][..], Vec::as_slice);
            for place in &row.rules {
                let Some(rule) = book.book.rules.get(*place) else { continue };
                let subject = subject(ask.level, &row.key, rule);
                let hit = hit(book, (ask, *place), stored, &row.village);
                asked.hits += 1;
                if let Some(count) = asked.rules.get_mut(&rule.def.id) {
                    count.0 += 1;
                }
                asked
                    .subjects
                    .entry(subject.key())
                    .or_insert_with(|| {
                        (ask.level, row.key.clone(), row.village.clone(), Vec::new())
                    })
                    .3
                    .push(hit);
            }
        }
    }
    Ok(asked)
}

/// Compares what was answered with what stands, writes the difference.
fn store(
    tx: &mut Tx,
    book: &Bound,
    (what, asked): (&What, Asked),
    (mode, run): (Mode, Option<RunId>),
) -> Result<Report> {
    let calendar = working_calendar()?;
    queries::follow_households(tx, what)?;
    let subjects = asked.subjects;
    let mut report = Report { rules: asked.rules, ..Report::default() };
    report.row.hits = asked.hits;
    let known = book.issues();
    let first = |rule: &String| known.iter().find(|issue| issue.rule == *rule).cloned();
    report.issues = book.silent.iter().filter_map(first).collect();
    let mut live = queries::live(tx, what)?;
    let mut settled = queries::settled(tx, what)?;
    let silent: BTreeSet<String> = book.silent.union(&book.unchanged).cloned().collect();
    let people = people::heads(&book.book.params);
    let (rules, today) = (&book.book.heads, book.today);
    let round = Round { rules, silent: &silent, today, calendar, mode, people: &people };
    let mut batch = Batch::default();
    let known_subjects: BTreeSet<String> =
        subjects.keys().chain(live.keys()).chain(settled.keys()).cloned().collect();
    let none = (Level::Household, String::new(), String::new(), Vec::new());
    for key in &known_subjects {
        let known =
            Known { live: live.remove(key), settled: settled.remove(key).unwrap_or_default() };
        let about = subjects.get(key).unwrap_or(&none);
        let plan = plan(&about.3, &known, round);
        let target = Target { subject: key, about, known: &known, run };
        put(&mut batch, tx, book, (&target, &plan, round));
    }
    (report.row.opened, report.row.joined, report.row.withdrawn) = batch.counts();
    if !batch.is_empty() {
        batch.write(tx)?;
    }
    Ok(report)
}

fn subject(level: Level, key: &str, rule: &Rule) -> Subject {
    match level {
        Level::Household => Subject::Household(key.to_owned()),
        Level::Village => Subject::Village(key.to_owned(), rule.def.department.clone()),
    }
}

struct Target<'a> {
    subject: &'a str,
    about: &'a (Level, String, String, Vec<Hit>),
    known: &'a Known,
    run: Option<RunId>,
}

/// Turns the plan of one subject into rows.
fn put(
    batch: &mut Batch,
    tx: &Tx,
    book: &Bound,
    (target, plan, round): (&Target<'_>, &Plan, Round<'_>),
) {
    let (level, key, village, hits) = target.about;
    let lead = target.known.live.as_ref().map(|lead| lead.id);
    let hit = |n: &usize| hits.get(*n);
    for (settled, rule) in &plan.settled_gone {
        batch.gone(*settled, rule, book.today);
    }
    for (settled, rule) in &plan.settled_back {
        batch.back(*settled, rule);
    }
    if let Some(lead) = lead {
        plan.gone.iter().for_each(|rule| batch.gone(lead, rule, book.today));
        for hit in plan.refresh.iter().filter_map(hit) {
            if let Some(head) = book.book.heads.get(hit.rule) {
                batch.refresh(lead, &head.id, hit);
            }
        }
        plan.add.iter().filter_map(hit).for_each(|hit| batch.join(lead, hit, book));
    }
    match (&plan.change, lead) {
        (Change::Open { head, raised_from }, _) => {
            let id: LeadId = tx.db().ids().make_at(tx.now());
            let open = round.mode == Mode::Daily;
            let new = NewLead {
                id,
                level: *level,
                subject: target.subject,
                household: (*level == Level::Household).then_some(key.as_str()),
                village,
                head,
                state: if open { State::Open } else { State::Waiting },
                due_on: open.then(|| head.clock.day_after(round.today, round.calendar)),
                raised_from: *raised_from,
            };
            batch.open(&new, book, target.run);
            plan.add.iter().filter_map(hit).for_each(|hit| batch.reason(&new, hit, book));
        }
        (Change::Alter { head, due_on, release }, Some(lead)) => {
            batch.alter(lead, head, *due_on, release.then_some(round.today));
        }
        (Change::Withdraw, Some(lead)) => batch.withdraw(lead, round.today),
        _ => {}
    }
}

/// A hit with its sentences and the values that it rests on.
pub(crate) fn hit(
    book: &Bound,
    (ask, place): (&Ask, usize),
    stored: &[Scalar],
    village: &str,
) -> Hit {
    let Some(rule) = book.book.rules.get(place) else {
        return Hit {
            rule: place,
            sentence_zh: String::new(),
            sentence_en: String::new(),
            evidence: String::new(),
            worse: None,
        };
    };
    let binding = book.binding();
    let mut row = FactRow::new();
    let mut evidence = serde_json::Map::new();
    let mut worse = None;
    for column in kept_columns(rule) {
        let at = ask.columns.iter().position(|known| known.name == column.name);
        let value = at.and_then(|at| stored.get(at)).cloned().unwrap_or_default();
        let read = binding.read(&column, &value, village);
        if rule.worse.is_some_and(|worse| worse.name == column.name) {
            worse = number(&read, column.kind);
        }
        evidence.insert(column.name.to_owned(), as_json(&read));
        row.insert(column.name.to_owned(), value);
    }
    Hit {
        rule: place,
        sentence_zh: rule.sentence(Lang::Zh, binding, &row, village),
        sentence_en: rule.sentence(Lang::En, binding, &row, village),
        evidence: serde_json::Value::Object(evidence).to_string(),
        worse,
    }
}

#[allow(clippy::cast_precision_loss)]
fn number(value: &Scalar, kind: Kind) -> Option<f64> {
    match (value, kind) {
        (Scalar::Int(fen), Kind::Money) => Some(*fen as f64 / 100.0),
        (Scalar::Int(number), _) => Some(*number as f64),
        (Scalar::Real(number), _) => Some(*number),
        _ => None,
    }
}

fn as_json(value: &Scalar) -> serde_json::Value {
    match value {
        Scalar::Null => serde_json::Value::Null,
        Scalar::Int(number) => json!(number),
        Scalar::Real(number) => json!(number),
        Scalar::Text(text) => json!(text),
    }
}
