//! A batch: one delivered file, what became of its rows, and the life of the whole.

use kernel::area::AreaCode;
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::money::Money;
use kernel::time::{Day, Instant, Period};
use kernel::word_list;

/// Row keys of a batch: sheet * this + row as the file counts it.
pub const SHEET_STEP: i64 = 10_000_000;

/// The key of a row in its batch.
pub fn row_key(sheet: usize, row: u32) -> i64 {
    i64::try_from(sheet).unwrap_or(0) * SHEET_STEP + i64::from(row)
}

/// Sheet and row of a key.
pub fn place_of(key: i64) -> (i64, i64) {
    (key / SHEET_STEP, key % SHEET_STEP)
}

word_list! {
    /// Where a batch is in its life.
    BatchState, "kernel.not_a_word", text:
    /// Being written; nobody sees it.
    Staging = "staging";
    /// Written and looked at; waits to be accepted.
    Ready = "ready";
    /// Its rows count.
    Accepted = "accepted";
    /// Taken back as a whole.
    Reverted = "reverted";
    /// A corrected file took its place.
    Replaced = "replaced";
    /// Could not be finished.
    Failed = "failed";
}

word_list! {
    /// What became of a data row: every one has exactly one.
    RowOutcome, "kernel.not_a_word", text:
    /// Given to a person, household or village.
    Taken = "taken";
    /// Repeats a row that was taken.
    Duplicate = "duplicate";
    /// Waits in the match queue.
    Asked = "asked";
    /// Speaks of somebody who is not in the register.
    NotHere = "not_here";
    /// Cannot be used until it is mended.
    Rejected = "rejected";
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Data rows.
    pub total: i64,
    /// Given to somebody.
    pub taken: i64,
    /// Repeats.
    pub duplicate: i64,
    /// In the match queue.
    pub asked: i64,
    /// Of people elsewhere.
    pub not_here: i64,
    /// To be mended.
    pub rejected: i64,
}

impl Counts {
    /// Counts one more row.
    pub fn add(&mut self, outcome: RowOutcome) {
        self.total += 1;
        *match outcome {
            RowOutcome::Taken => &mut self.taken,
            RowOutcome::Duplicate => &mut self.duplicate,
            RowOutcome::Asked => &mut self.asked,
            RowOutcome::NotHere => &mut self.not_here,
            RowOutcome::Rejected => &mut self.rejected,
        } += 1;
    }
}

/// One sheet of the file and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetUse {
    /// Its name; empty for a text table.
    pub name: String,
    /// The template that it was read by; empty when no template fits.
    pub template: String,
    /// The list it delivers.
    pub list: String,
    /// What absence from it means: `events`, `snapshot`, `roll`; empty without a template.
    pub coverage: &'static str,
    /// Where its headings stand.
    pub header_row: Option<i64>,
    /// The mapping as it was used, JSON.
    pub mapping: String,
}

/// What is known of a batch when it is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBatch {
    /// Template of its first sheet.
    pub template: String,
    /// Who sent it.
    pub department: String,
    /// The list of its first sheet.
    pub list: String,
    /// The title that the file bears.
    pub title: Option<String>,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of its content.
    pub file_hash: String,
    /// The period it speaks of.
    pub period: Option<Period>,
    /// The area it speaks of.
    pub area: Option<AreaCode>,
    /// The batch it takes the place of.
    pub replaces: Option<BatchId>,
    /// Its sheets in order.
    pub sheets: Vec<SheetUse>,
}

/// A batch as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Id.
    pub id: BatchId,
    /// Template of its first sheet.
    pub template: String,
    /// Who sent it.
    pub department: String,
    /// The list of its first sheet.
    pub list: String,
    /// The title that the file bears.
    pub title: Option<String>,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of its content.
    pub file_hash: String,
    /// The period it speaks of.
    pub period: Option<Period>,
    /// The area it speaks of.
    pub area: Option<AreaCode>,
    /// Where it is in its life.
    pub state: BatchState,
    /// The batch it took the place of.
    pub replaces: Option<BatchId>,
    /// Whose account brought it.
    pub uploaded_by: String,
    /// When.
    pub uploaded_at: Instant,
    /// When it began to count.
    pub accepted_at: Option<Instant>,
    /// When it stopped counting.
    pub ended_at: Option<Instant>,
    /// What became of its rows.
    pub counts: Counts,
}

/// What became of one data row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowResult {
    /// Sheet and row, see [`row_key`].
    pub key: i64,
    /// What became of it.
    pub outcome: RowOutcome,
    /// Why, as a code.
    pub reason: String,
    /// Whom it speaks of.
    pub person: Option<PersonId>,
    /// The household it counts for.
    pub household: Option<HouseholdId>,
    /// The village it counts for.
    pub village: Option<AreaCode>,
    /// Keyed digest of what makes two rows the same event.
    pub event_key: Option<String>,
    /// The day that the row names.
    pub event_day: Option<Day>,
    /// The amount of the row.
    pub amount: Option<Money>,
    /// The row it repeats: batch and key.
    pub repeats: Option<(BatchId, i64)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_key_names_sheet_and_row() {
        assert_eq!(place_of(row_key(2, 1_048_576)), (2, 1_048_576));
        assert_eq!(place_of(row_key(0, 7)), (0, 7));
    }

    #[test]
    fn every_row_is_counted_once() {
        let mut counts = Counts::default();
        for outcome in [
            RowOutcome::Taken,
            RowOutcome::Duplicate,
            RowOutcome::Asked,
            RowOutcome::NotHere,
            RowOutcome::Rejected,
        ] {
            counts.add(outcome);
            assert_eq!(outcome.text().parse(), Ok(outcome));
        }
        let parts =
            counts.taken + counts.duplicate + counts.asked + counts.not_here + counts.rejected;
        assert_eq!((counts.total, parts), (5, 5));
    }
}
