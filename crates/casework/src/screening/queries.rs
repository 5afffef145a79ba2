//! The SQL of screening: what a run reads and writes here, what people see in [`inbox`], one lead in [`one`].

mod asking;
pub mod changes;
pub mod counted;
pub mod counts;
pub mod inbox;
pub mod one;
pub mod outcomes;
pub mod papers;
pub mod past;
pub mod returned;
mod stale;
pub mod told;
pub mod what_if;

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::Result;
use kernel::ids::{LeadId, RunId};
use serde_json::json;
use store::{Row, Session, Tx, Value, params};

use super::book::Bound;
use super::model::State;
use super::rules::{LiveLead, LiveReason, Settled};

pub use asking::{
    HitRow, answers, answers_with_unknown, evidence, household_numbers, rows_of_levels, scalar,
    situation, takes,
};
pub use stale::{
    Stale, all_villages, find_book, keep_screened, last_publication, save_book, save_screened,
    stale_among, stale_villages,
};

/// The county (or the smallest area) that holds every household; `None` while there is none.
pub fn find_county(session: &mut Session) -> Result<Option<AreaCode>> {
    let row = session
        .row("select (select min(village_code) from households), (select max(village_code) from households)", &[])?;
    let (Some(low), Some(high)) = (row.opt_parse::<AreaCode>(0)?, row.opt_parse::<AreaCode>(1)?)
    else {
        return Ok(None);
    };
    let levels = [AreaLevel::County, AreaLevel::City, AreaLevel::Province];
    let shared = |level: &AreaLevel| low.at(*level).filter(|area| area.contains(high));
    Ok(Some(levels.iter().find_map(shared).unwrap_or(low)))
}

/// Does `work` so that an error of a statement undoes only its own writes and lets the transaction go on; it is logged.
pub fn guarded(tx: &mut Tx, work: impl FnOnce(&mut Tx) -> Result<()>) -> Result<()> {
    tx.exec("savepoint leads", &[])?;
    if let Err(why) = work(tx) {
        tracing::error!(%why, "leads could not be refreshed with the commit; the next run does it");
        tx.exec("rollback to savepoint leads", &[])?;
    }
    tx.exec("release savepoint leads", &[])?;
    Ok(())
}

/// What a run looks at.
#[derive(Debug, Clone)]
pub enum What {
    /// Everything.
    All,
    /// Villages, by code.
    Villages(Vec<String>),
    /// Villages in which no fact has changed since they were screened: nobody has moved, only the rules have changed.
    Standing(Vec<String>),
    /// Households and villages, by id and code: what one commit touched.
    Touched {
        /// Household ids.
        households: Vec<String>,
        /// Village codes.
        villages: Vec<String>,
    },
}

/// Where a lead stands and where its household does now; what is looked for by villages may have left or entered them.
const MOVED: &str = "select l.id, l.village_code, f.village_code from leads l
    join household_facts f on f.household_id = l.household_id where f.village_code <> l.village_code";
const MOVED_OF_VILLAGES: &str = "select l.id, l.village_code, f.village_code from leads l
    join household_facts f on f.household_id = l.household_id
    where l.village_code in (select value from json_each($1)) and f.village_code <> l.village_code
    union select l.id, l.village_code, f.village_code from household_facts f join leads l on l.subject = f.household_id
    where f.village_code in (select value from json_each($1)) and f.village_code <> l.village_code";
const MOVED_OF_TOUCHED: &str = "select l.id, l.village_code, f.village_code from leads l
    join household_facts f on f.household_id = l.household_id
    where l.subject in (select value from json_each($1)) and f.village_code <> l.village_code";

/// Leads stand where their household stands: after a move the new village sees them.
pub fn follow_households(tx: &mut Tx, what: &What) -> Result<usize> {
    let (sql, bound) = match what {
        What::All => (MOVED, Vec::new()),
        What::Villages(villages) => (MOVED_OF_VILLAGES, vec![json!(villages).to_string().into()]),
        What::Standing(_) => return Ok(0),
        What::Touched { households, .. } => {
            (MOVED_OF_TOUCHED, vec![json!(households).to_string().into()])
        }
    };
    let moved = tx.rows(sql, &bound)?;
    for row in &moved {
        tx.touch_counted(row.parse(1)?);
        tx.touch_counted(row.parse(2)?);
    }
    tx.exec_many(
        "update leads set version = version + 1, village_code = $2 where id = $1",
        moved.into_iter().map(|row| {
            row.0
                .into_iter()
                .enumerate()
                .filter(|(at, _)| *at != 1)
                .map(|(_, value)| value)
                .collect()
        }),
    )
}

const LIVE: &str =
    "select l.subject, l.id, l.state, l.severity, l.due_on, r.rule_id, r.severity, r.evidence
    from leads l left join lead_reasons r on r.lead_id = l.id and r.gone_on is null
    where l.state in ('waiting', 'open')";
const LIVE_OF_VILLAGES: &str =
    "select l.subject, l.id, l.state, l.severity, l.due_on, r.rule_id, r.severity, r.evidence
    from leads l left join lead_reasons r on r.lead_id = l.id and r.gone_on is null
    where l.state in ('waiting', 'open') and l.village_code in (select value from json_each($1))";
/// The leads of the households and villages that a commit touched come first: by their state all live ones would be gone
/// through, in every commit.
macro_rules! of_touched {
    () => {
        "(select t.id from leads t where t.subject in (select value from json_each($1)) union
          select t.id from leads t where t.level = 'village' and t.village_code in (select value from json_each($2))) w
         cross join leads l"
    };
}
pub(super) const LIVE_OF_TOUCHED: &str = concat!(
    "select l.subject, l.id, l.state, l.severity, l.due_on, r.rule_id, r.severity, r.evidence from ",
    of_touched!(),
    " left join lead_reasons r on r.lead_id = l.id and r.gone_on is null
     where l.id = w.id and l.state in ('waiting', 'open')"
);
const SETTLED: &str =
    "select l.subject, l.id, r.rule_id, l.answered_on, r.evidence, r.worse, r.gone_on
    from leads l join lead_reasons r on r.lead_id = l.id and r.settled = 1
    where l.state in ('answered', 'second_look') order by l.answered_at, l.id";
const SETTLED_OF_VILLAGES: &str = "select l.subject, l.id, r.rule_id, l.answered_on, r.evidence, r.worse, r.gone_on
    from leads l join lead_reasons r on r.lead_id = l.id and r.settled = 1
    where l.state in ('answered', 'second_look') and l.village_code in (select value from json_each($1))
    order by l.answered_at, l.id";
pub(super) const SETTLED_OF_TOUCHED: &str = concat!(
    "select l.subject, l.id, r.rule_id, l.answered_on, r.evidence, r.worse, r.gone_on from ",
    of_touched!(),
    " join lead_reasons r on r.lead_id = l.id and r.settled = 1
     where l.id = w.id and l.state in ('answered', 'second_look') order by l.answered_at, l.id"
);

fn scoped(what: &What, sql: [&'static str; 3]) -> (&'static str, Vec<Value>) {
    let [all, by_village, by_touched] = sql;
    match what {
        What::All => (all, Vec::new()),
        What::Villages(villages) | What::Standing(villages) => {
            (by_village, vec![json!(villages).to_string().into()])
        }
        What::Touched { households, villages } => (
            by_touched,
            vec![json!(households).to_string().into(), json!(villages).to_string().into()],
        ),
    }
}

/// Live leads with their reasons, by subject.
pub fn live(session: &mut Session, what: &What) -> Result<BTreeMap<String, LiveLead>> {
    let (sql, bound) = scoped(what, [LIVE, LIVE_OF_VILLAGES, LIVE_OF_TOUCHED]);
    let mut found: BTreeMap<String, LiveLead> = BTreeMap::new();
    session.each(sql, &bound, |row| {
        let (id, state, severity) = (row.parse(1)?, row.parse::<State>(2)?, row.parse(3)?);
        let due_on = row.opt_parse(4)?;
        let lead = found.entry(row.text(0)?).or_insert_with(|| LiveLead {
            id,
            state,
            severity,
            due_on,
            reasons: Vec::new(),
        });
        if let Some(rule) = row.opt_text(5)? {
            let (severity, evidence) = (row.parse(6)?, row.text(7)?);
            lead.reasons.push(LiveReason { rule, severity, evidence });
        }
        Ok(true)
    })?;
    Ok(found)
}

/// The newest answer for each rule, by subject.
pub fn settled(session: &mut Session, what: &What) -> Result<BTreeMap<String, Vec<Settled>>> {
    let (sql, bound) = scoped(what, [SETTLED, SETTLED_OF_VILLAGES, SETTLED_OF_TOUCHED]);
    let mut found: BTreeMap<String, Vec<Settled>> = BTreeMap::new();
    session.each(sql, &bound, |row| {
        let settled = settled_of(&row)?;
        let of_subject = found.entry(row.text(0)?).or_default();
        of_subject.retain(|older| older.rule != settled.rule);
        of_subject.push(settled);
        Ok(true)
    })?;
    Ok(found)
}

fn settled_of(row: &Row) -> Result<Settled> {
    Ok(Settled {
        lead: row.parse(1)?,
        rule: row.text(2)?,
        on: row.parse(3)?,
        evidence: row.text(4)?,
        worse: row.opt_real(5)?,
        gone: row.opt_text(6)?.is_some(),
    })
}

/// Whether the baseline has been run: before it, nothing becomes a lead by a commit.
pub fn has_baseline(session: &mut Session) -> Result<bool> {
    Ok(session.find("select 1 from rule_runs where kind = 'baseline'", &[])?.is_some())
}

/// What a run did, for its row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunRow {
    /// `baseline`, `full` or `stale`.
    pub kind: &'static str,
    /// Villages looked at.
    pub villages: usize,
    /// Rows times rules that hit.
    pub hits: usize,
    /// Leads opened, or put in line.
    pub opened: usize,
    /// Reasons that joined a lead.
    pub joined: usize,
    /// Leads withdrawn.
    pub withdrawn: usize,
    /// Milliseconds.
    pub millis: i64,
}

impl RunRow {
    /// Takes in what the next piece of the same work did.
    pub fn add(&mut self, next: &Self) {
        self.kind = next.kind;
        self.villages += next.villages;
        self.hits += next.hits;
        self.opened += next.opened;
        self.joined += next.joined;
        self.withdrawn += next.withdrawn;
        self.millis += next.millis;
    }
}

/// Writes the row of a run and what each rule answered.
pub fn save_run(
    tx: &mut Tx,
    id: RunId,
    account: &str,
    bound: &Bound,
    (run, results): (&RunRow, Vec<Vec<Value>>),
) -> Result<()> {
    let now = tx.now();
    let pack = &bound.book.pack.head;
    tx.exec(
        "insert into rule_runs (id, kind, at, as_of, account_id, pack_id, pack_version, book, villages, hits, opened,
           joined, withdrawn, millis) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            id, run.kind, now, bound.today, account, &pack.id, pack.version, &bound.digest, run.villages, run.hits,
            run.opened, run.joined, run.withdrawn, run.millis
        ],
    )?;
    let columns = &["run_id", "rule_id", "hits", "unknown", "problem"];
    tx.insert_many("rule_results", columns, results)?;
    Ok(())
}

/// Ids as a JSON list, for `in`.
pub fn id_list<'a>(ids: impl IntoIterator<Item = &'a LeadId>) -> String {
    let texts: BTreeSet<String> = ids.into_iter().map(ToString::to_string).collect();
    json!(texts).to_string()
}
