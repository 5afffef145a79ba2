//! The SQL of what came of the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::error::Result;
use store::{Session, params};

use super::counted;

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
    let key = format!("outcomes of rules {}", counted::version(session)?);
    session.remembered(key, |session| count_rules(session).map(Arc::new))
}

fn count_rules(session: &mut Session) -> Result<Vec<RuleCount>> {
    session
        .rows(
            "select rule_id, min(department), cast(sum(reasons) as bigint),
               cast(sum(case when state in ('waiting', 'open') and holds = 1 then reasons else 0 end) as bigint),
               cast(sum(case when settled = 1 then reasons else 0 end) as bigint),
               cast(sum(case when settled = 1 and outcome = 'risk_confirmed' then reasons else 0 end) as bigint),
               cast(sum(case when settled = 1 and outcome = 'wrong_data' then reasons else 0 end) as bigint)
             from reason_counts group by rule_id order by rule_id",
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
