//! How the tables of departments are read at a past moment.

use store::{PastTable, Reading};

/// What offices said and were asked by the end of the day.
pub const PAST_TABLES: &[PastTable] = &[
    PastTable::new("returned_answers", Reading::Done("t.at <= {done}")),
    PastTable::new("questions", Reading::Done("t.asked_at <= {done}")),
];

/// A question that was answered later was open.
pub const PAST_STEPS: &[&str] = &["update questions set state = 'open', answer = null, answered_by = null, answered_name = null, answered_at = null
     where answered_at > {done}"];
