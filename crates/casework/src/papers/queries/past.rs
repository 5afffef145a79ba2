//! How the layouts of papers are read at a past moment.

use store::{PastTable, Reading};

/// What had been sent by the end of the day.
pub const PAST_TABLES: &[PastTable] =
    &[PastTable::new("paper_layouts", Reading::Done("t.recorded_at <= {done}"))];
