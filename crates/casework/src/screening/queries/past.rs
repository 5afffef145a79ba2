//! How the tables of screening are read at a past moment: what people and runs did until the day had ended.

use store::{PastTable, Reading};

const fn of(name: &'static str, reading: Reading) -> PastTable {
    PastTable::new(name, reading)
}

/// The tables of leads.
pub const PAST_TABLES: &[PastTable] = &[
    of("rule_runs", Reading::Done("t.at <= {done}")),
    of("rule_results", Reading::Done("1 = 1")),
    of("screened_villages", Reading::Nothing),
    of("screened_books", Reading::Nothing),
    of("leads", Reading::Done("t.opened_on <= {done_day}")),
    of("lead_reasons", Reading::Done("t.hit_on <= {done_day}")),
    of("lead_answers", Reading::Done("t.at <= {done}")),
    of("lead_papers", Reading::Done("t.at <= {done}")),
    // counted anew
    of("lead_counts", Reading::Nothing),
    of("reason_counts", Reading::Nothing),
    of("wave_counts", Reading::Nothing),
    of("counted_villages", Reading::Nothing),
];

/// Reasons carry state and day of their lead; villages are counted as every commit counts them.
pub const PAST_STEPS: &[&str] = &[
    "delete from rule_results where run_id not in (select id from rule_runs)",
    "delete from lead_reasons where lead_id not in (select id from leads)",
    "update lead_reasons set
       (lead_state, lead_day) = (select l.state, l.sort_day from leads l where l.id = lead_reasons.lead_id)",
    "insert into counted_villages (village_code, changed) select distinct village_code, 1 from leads",
    "insert into lead_counts (village_code, state, level, severity, department, outcome, due_on, released_on, leads)
     select l.village_code, l.state, l.level, l.severity, l.department, coalesce(l.outcome, ''),
       case when l.state = 'open' then coalesce(l.due_on, '') else '' end,
       case when l.state = 'open' then coalesce(l.released_on, '') else '' end, count(*)
     from leads l group by 1, 2, 3, 4, 5, 6, 7, 8",
    "insert into reason_counts (rule_id, village_code, state, level, department, outcome, holds, settled, reasons)
     select r.rule_id, l.village_code, l.state, l.level, r.department, coalesce(l.outcome, ''),
       case when r.gone_on is null then 1 else 0 end, r.settled, count(*)
     from leads l join lead_reasons r on r.lead_id = l.id group by 1, 2, 3, 4, 5, 6, 7, 8",
    "insert into wave_counts (village_code, released_on, leads)
     select l.village_code, l.released_on, count(*) from leads l join rule_runs u on u.id = l.run_id and u.kind = 'baseline'
     where l.released_on is not null group by 1, 2",
];
