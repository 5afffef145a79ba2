//! The SQL that keeps the counts of leads by village: the commit that changes a lead counts its village again, or writes the
//! difference where it changes only a few.

use std::collections::{BTreeMap, BTreeSet};

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

/// What some leads count for: table and group, and how many.
pub type Groups = BTreeMap<String, (usize, Vec<Value>, i64)>;

/// Of how many leads the difference is written at most, instead of counting their villages anew.
pub const FEW: usize = 64;

/// For each table: what leads `$1` count for in it, and how a difference is written.
const DIFFERENCE: [[&str; 3]; 3] = [
    [
        "select village_code, state, level, severity, department, coalesce(outcome, ''),
           case when state = 'open' then coalesce(due_on, '') else '' end,
           case when state = 'open' then coalesce(released_on, '') else '' end, count(*)
         from leads where id in (select value from json_each($1)) group by 1, 2, 3, 4, 5, 6, 7, 8",
        "insert into lead_counts (village_code, state, level, severity, department, outcome, due_on, released_on, leads)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (village_code, state, level, severity, department, outcome, due_on, released_on)
         do update set leads = lead_counts.leads + excluded.leads",
        "delete from lead_counts where leads = 0 and village_code in (select value from json_each($1))",
    ],
    [
        "select l.village_code, r.rule_id, l.state, l.level, r.department, coalesce(l.outcome, ''),
           case when r.gone_on is null then 1 else 0 end, r.settled, count(*)
         from leads l join lead_reasons r on r.lead_id = l.id
         where l.id in (select value from json_each($1)) group by 1, 2, 3, 4, 5, 6, 7, 8",
        "insert into reason_counts (village_code, rule_id, state, level, department, outcome, holds, settled, reasons)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (rule_id, village_code, state, level, department, outcome, holds, settled)
         do update set reasons = reason_counts.reasons + excluded.reasons",
        "delete from reason_counts where reasons = 0 and village_code in (select value from json_each($1))",
    ],
    [
        "select l.village_code, l.released_on, count(*) from leads l join rule_runs u on u.id = l.run_id and u.kind = 'baseline'
         where l.released_on is not null and l.id in (select value from json_each($1)) group by 1, 2",
        "insert into wave_counts (village_code, released_on, leads) values ($1, $2, $3)
         on conflict (village_code, released_on) do update set leads = wave_counts.leads + excluded.leads",
        "delete from wave_counts where leads = 0 and village_code in (select value from json_each($1))",
    ],
];

/// What these leads count for now.
pub fn groups(session: &mut Session, leads: &[Value]) -> Result<Groups> {
    let ids: Vec<&str> = leads.iter().filter_map(Value::as_text).collect();
    let ids = Value::from(json!(ids).to_string());
    let mut groups = Groups::new();
    for (table, [of, ..]) in DIFFERENCE.iter().enumerate() {
        for row in session.rows(*of, std::slice::from_ref(&ids))? {
            let mut group = row.0;
            let Some(Value::Int(many)) = group.pop() else { continue };
            groups.insert(format!("{table} {group:?}"), (table, group, many));
        }
    }
    Ok(groups)
}

/// Writes what has become different for a few leads: as `groups` says of them before and after they were changed. The rows
/// of their villages are taken first, in the order of the codes, as whoever counts anew does.
pub fn adjust(tx: &mut Tx, before: Groups, after: Groups) -> Result<()> {
    let mut changed = after;
    for (key, (table, group, many)) in before {
        let entry = changed.entry(key).or_insert((table, group, 0));
        entry.2 = entry.2.saturating_sub(many);
    }
    changed.retain(|_, (.., many)| *many != 0);
    let villages: BTreeSet<String> = changed
        .values()
        .filter_map(|(_, group, _)| group.first().and_then(Value::as_text).map(str::to_owned))
        .collect();
    count_changed(tx, villages.iter().map(Value::from))?;
    let codes = Value::from(json!(villages).to_string());
    for (table, [_, write, clear]) in DIFFERENCE.iter().enumerate() {
        let rows = changed.values().filter(|(of, ..)| *of == table);
        let lost = rows.clone().any(|(.., many)| *many < 0);
        tx.exec_many(
            *write,
            rows.map(|(_, group, many)| group.iter().cloned().chain([(*many).into()]).collect()),
        )?;
        if lost {
            tx.exec(*clear, std::slice::from_ref(&codes))?;
        }
    }
    Ok(())
}

/// Takes the rows of villages whose counts change.
fn count_changed(tx: &mut Tx, villages: impl Iterator<Item = Value>) -> Result<usize> {
    tx.exec_many(
        "insert into counted_villages (village_code, changed) values ($1, 1)
         on conflict (village_code) do update set changed = counted_villages.changed + 1",
        villages.map(|village| vec![village]),
    )
}

/// Counts the villages again whose leads this commit changes, itself or by what it derives. Whoever counts a village first
/// takes its row, in the order of the codes: then two who write at once see each other's leads and never wait in a circle.
pub fn recount(tx: &mut Tx, touched: &Touched) -> Result<()> {
    let villages: BTreeSet<AreaCode> =
        touched.counted.union(&tx.touched().counted).copied().collect();
    if villages.is_empty() {
        return Ok(());
    }
    count_changed(tx, villages.iter().map(|village| (*village).into()))?;
    let codes: Vec<String> = villages.iter().map(ToString::to_string).collect();
    let codes = Value::from(json!(codes).to_string());
    for sql in ANEW {
        tx.exec(sql, std::slice::from_ref(&codes))?;
    }
    Ok(())
}
