//! How the tables of cases are read at a past moment.

use store::{PastTable, Reading};

/// What people had done by the end of the day.
pub const PAST_TABLES: &[PastTable] = &[
    PastTable::new("cases", Reading::Done("t.created_at <= {done}")),
    PastTable::new("campaigns", Reading::Done("t.at <= {done}")),
    PastTable::new("case_steps", Reading::Done("t.at <= {done}")),
    PastTable::new("case_leads", Reading::Done("t.joined_at <= {done}")),
    PastTable::new("case_papers", Reading::Done("t.at <= {done}")),
    PastTable::new("case_risks", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("case_questions", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("case_reminders", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("case_clock_runs", Reading::Done("t.at <= {done}")),
    PastTable::new("case_objections", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("case_settlements", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("case_take_overs", Reading::Done("t.begun_at <= {done}")),
    PastTable::new("case_splits", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("sittings", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("sitting_lines", Reading::Done("t.recorded_at <= {done}")),
];
