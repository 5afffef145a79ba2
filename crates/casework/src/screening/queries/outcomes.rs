//! The SQL of what came of the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::error::Result;
use store::{Session, params};

/// What came of one rule: what is live, what was answered, what was confirmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule's id.
    pub rule: String,
    /// The department whose list shows it.
    pub department: String,
    /// Reasons ever stored.
    pub hits: i64,
    /// Of leads that wait or are open.
    pub live: i64,
    /// Of answered leads.
    pub answered: i64,
    /// Of leads answered "risk confirmed".
    pub confirmed: i64,
    /// Of leads answered "wrong data".
    pub wrong_data: i64,
}

/// What came of every rule. Counts only: no row of a household is shown.
pub fn rule_counts(session: &mut Session) -> Result<Arc<Vec<RuleCount>>> {
    let key = format!("outcomes of rules {}", session.journal_number()?);
    session.remembered(key, |session| count_rules(session).map(Arc::new))
}

fn count_rules(session: &mut Session) -> Result<Vec<RuleCount>> {
    session
        .rows(
            "select r.rule_id, min(r.department), count(*),
               cast(coalesce(sum(case when l.state in ('waiting', 'open') and r.gone_on is null then 1 else 0 end), 0) as bigint),
               cast(coalesce(sum(case when r.settled = 1 then 1 else 0 end), 0) as bigint),
               cast(coalesce(sum(case when r.settled = 1 and l.outcome = 'risk_confirmed' then 1 else 0 end), 0) as bigint),
               cast(coalesce(sum(case when r.settled = 1 and l.outcome = 'wrong_data' then 1 else 0 end), 0) as bigint)
             from lead_reasons r join leads l on l.id = r.lead_id group by r.rule_id order by r.rule_id",
            &[],
        )?
        .iter()
        .map(|row| {
            Ok(RuleCount {
                rule: row.text(0)?,
                department: row.text(1)?,
                hits: row.int(2)?,
                live: row.int(3)?,
                answered: row.int(4)?,
                confirmed: row.int(5)?,
                wrong_data: row.int(6)?,
            })
        })
        .collect()
}

/// The newest run: kind, when, milliseconds; and for each rule its hits, unknowns and problem.
pub type LastRun = (String, String, i64, BTreeMap<String, (i64, i64, Option<String>)>);

/// The newest run that looked at everything.
pub fn last_run(session: &mut Session) -> Result<Option<LastRun>> {
    let run = session.find(
        "select id, kind, at, millis from rule_runs where kind in ('baseline', 'full') order by at desc, id desc limit 1",
        &[],
    )?;
    let Some(run) = run else { return Ok(None) };
    let rows = session.rows(
        "select rule_id, hits, unknown, problem from rule_results where run_id = $1",
        params![run.text(0)?],
    )?;
    let results = rows
        .iter()
        .map(|row| Ok((row.text(0)?, (row.int(1)?, row.int(2)?, row.opt_text(3)?))))
        .collect::<Result<_>>()?;
    Ok(Some((run.text(1)?, run.text(2)?, run.int(3)?, results)))
}
