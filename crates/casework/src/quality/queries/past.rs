//! How answers are read at a past moment: what was said until the day had ended.

use store::{PastTable, Reading};

/// What was answered by the end of the day.
pub const PAST_TABLES: &[PastTable] =
    &[PastTable::new("check_answers", Reading::Done("t.answered_at <= {done}"))];

/// What was replaced later held.
pub const PAST_STEPS: &[&str] =
    &["update check_answers set replaced_at = null where replaced_at > {done}"];
