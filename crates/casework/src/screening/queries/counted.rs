//! The SQL that keeps the counts of leads by village: the commit that changes a lead counts its village again.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use serde_json::json;
use store::{Session, Touched, Tx, Value, params};

/// Says in which villages these leads stand, so that the commit counts them again.
pub fn touch(tx: &mut Tx, leads: &[Value]) -> Result<()> {
    let ids: Vec<&str> = leads.iter().filter_map(Value::as_text).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let sql =
        "select distinct village_code from leads where id in (select value from json_each($1))";
    for row in tx.rows(sql, params![json!(ids).to_string()])? {
        tx.touch_counted(row.parse(0)?);
    }
    Ok(())
}

/// Goes up with every change of a count of leads.
pub fn version(session: &mut Session) -> Result<i64> {
    let sql = "select cast(coalesce(sum(changed), 0) as bigint) from counted_villages";
    session.row(sql, &[])?.int(0)
}

/// What is counted of leads in villages `$1`, anew.
const ANEW: [&str; 6] = [
    "delete from lead_counts where village_code in (select value from json_each($1))",
    "delete from reason_counts where village_code in (select value from json_each($1))",
    "delete from wave_counts where village_code in (select value from json_each($1))",
    "insert into lead_counts (village_code, state, level, severity, department, outcome, due_on, released_on, leads)
     select l.village_code, l.state, l.level, l.severity, l.department, coalesce(l.outcome, ''),
       case when l.state = 'open' then coalesce(l.due_on, '') else '' end,
       case when l.state = 'open' then coalesce(l.released_on, '') else '' end, count(*)
     from leads l where l.village_code in (select value from json_each($1)) group by 1, 2, 3, 4, 5, 6, 7, 8",
    "insert into reason_counts (rule_id, village_code, state, level, department, outcome, holds, settled, reasons)
     select r.rule_id, l.village_code, l.state, l.level, r.department, coalesce(l.outcome, ''),
       case when r.gone_on is null then 1 else 0 end, r.settled, count(*)
     from leads l join lead_reasons r on r.lead_id = l.id
     where l.village_code in (select value from json_each($1)) group by 1, 2, 3, 4, 5, 6, 7, 8",
    "insert into wave_counts (village_code, released_on, leads)
     select l.village_code, l.released_on, count(*) from leads l join rule_runs u on u.id = l.run_id and u.kind = 'baseline'
     where l.released_on is not null and l.village_code in (select value from json_each($1)) group by 1, 2",
];

/// Counts the villages again whose leads this commit changes, itself or by what it derives. Whoever counts a village first
/// takes its row, in the order of the codes: then two who write at once see each other's leads and never wait in a circle.
pub fn recount(tx: &mut Tx, touched: &Touched) -> Result<()> {
    let villages: BTreeSet<AreaCode> =
        touched.counted.union(&tx.touched().counted).copied().collect();
    if villages.is_empty() {
        return Ok(());
    }
    tx.exec_many(
        "insert into counted_villages (village_code, changed) values ($1, 1)
         on conflict (village_code) do update set changed = counted_villages.changed + 1",
        villages.iter().map(|village| vec![(*village).into()]),
    )?;
    let codes: Vec<String> = villages.iter().map(ToString::to_string).collect();
    let codes = Value::from(json!(codes).to_string());
    for sql in ANEW {
        tx.exec(sql, std::slice::from_ref(&codes))?;
    }
    Ok(())
}
