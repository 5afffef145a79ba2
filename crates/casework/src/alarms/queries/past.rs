//! How the tables of alarms are read at a past moment.

use store::{PastTable, Reading};

/// What was raised by the end of the day.
pub const PAST_TABLES: &[PastTable] =
    &[PastTable::new("area_alarms", Reading::Done("t.from_day <= {done_day}"))];

/// An alarm that ended later stood, and what was said later was not said.
pub const PAST_STEPS: &[&str] = &[
    "update area_alarms set to_day = null where to_day > {done_day}",
    "update area_alarms set words = null, document = null, said_by = null, said_name = null, said_at = null
     where said_at > {done}",
];
