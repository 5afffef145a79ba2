//! How the tables of declarations are read at a past moment.

use store::{PastTable, Reading};

/// What had been taken in by the end of the day. Phones to be called are those of today.
pub const PAST_TABLES: &[PastTable] = &[
    PastTable::new("declarations", Reading::Done("t.taken_at <= {done}")),
    PastTable::new("declaration_phones", Reading::Done("1 = 1")),
];

/// What was decided later was not decided.
pub const PAST_STEPS: &[&str] = &[
    "update declarations set state = 'waiting', household_id = null, person_id = null, lead_id = null,
       village_code = said_village, decided_by = null, decided_name = null, decided_at = null, words = null
     where decided_at > {done}",
];
