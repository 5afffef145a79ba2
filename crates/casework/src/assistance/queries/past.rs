//! How the tables of help are read at a past moment.

use store::{PastTable, Reading};

/// What people had written down by the end of the day.
pub const PAST_TABLES: &[PastTable] = &[
    PastTable::new("measures", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("measure_times", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("measure_moves", Reading::Done("t.recorded_at <= {done}")),
    PastTable::new("helpers", Reading::Done("t.recorded_at <= {done}")),
];
