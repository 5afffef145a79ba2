//! Which delivery a corrected file takes the place of: the same list of the same time about mostly the same rows. A name
//! alone says little: 附件1 comes every month, and every town has its 名单.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use kernel::error::Result;
use kernel::ids::BatchId;
use kernel::time::{Day, Period};
use sheets::{Book, RowKind};
use store::Ctx;

use super::batch::{Batch, NewBatch};
use super::deliver::{Desk, Looked, Upload, look};
use super::queries;
use super::reading::{self, ReadRow, SheetPlan};

/// The accepted batch whose place the new one takes.
///
/// # Errors
/// A refusal when a sheet is damaged.
pub(super) fn find(
    ctx: &Ctx,
    desk: &Desk,
    (book, plans): (&mut Book, &[SheetPlan]),
    new: &NewBatch,
) -> Result<Option<BatchId>> {
    let rivals = queries::list_rivals(&mut ctx.read()?, new)?;
    let about: Option<u64> =
        plans.iter().filter(|p| p.mapping.is_some()).map(|p| book.rows_about(p.index)).sum();
    let mut rivals: Vec<Batch> = rivals
        .into_iter()
        .filter(|rival| new.period.is_none_or(|period| same_time(Some(period), rival.period)))
        .filter(|rival| rival.file_name == new.file_name || as_long(rival, about))
        .collect();
    if rivals.is_empty() {
        return Ok(None);
    }
    let mine = Rows::read(desk, (book, plans), &new.file_name)?;
    let period = new.period.or(mine.days);
    rivals.retain(|rival| same_time(period, rival.period));
    for rival in rivals {
        let same_name = rival.file_name == new.file_name;
        // incomes have no people by whom two parts of one list are told apart
        if same_name && new.list == "income" {
            return Ok(Some(rival.id));
        }
        let Ok(bytes) = desk.originals.open(&rival.file_hash) else {
            if same_name {
                return Ok(Some(rival.id));
            }
            continue;
        };
        let upload = Upload { name: rival.file_name.clone(), bytes: bytes.into() };
        let Looked { book: mut old, plans: its } = look(ctx, desk, &upload)?;
        let old = Rows::read(desk, (&mut old, &its), &rival.file_name)?;
        if mine.corrects(&old, same_name) {
            return Ok(Some(rival.id));
        }
    }
    Ok(None)
}

/// A list is not corrected by one of quite another length.
fn as_long(rival: &Batch, about: Option<u64>) -> bool {
    let (Some(about), Ok(rows)) = (about, u64::try_from(rival.counts.total)) else { return true };
    about.abs_diff(rows) <= 20 + about.max(rows) / 3
}

/// Both speak of the same time, for the most part.
fn same_time(one: Option<Period>, other: Option<Period>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    let length = |from: Day, to: Day| from.days_until(to) + 1;
    let both = length(one.from.max(other.from), one.to.min(other.to));
    both * 2 >= length(one.from, one.to).max(length(other.from, other.to))
}

/// What the rows of a file say, as far as two files are compared by it.
#[derive(Default)]
struct Rows {
    /// Whom they are about.
    whom: HashSet<u64>,
    /// Everything in them.
    whole: HashSet<u64>,
    /// First and last day that they name.
    days: Option<Period>,
}

impl Rows {
    fn read(desk: &Desk, (book, plans): (&mut Book, &[SheetPlan]), file: &str) -> Result<Self> {
        let mut rows = Rows::default();
        for plan in plans {
            reading::read(book, (file, plan), &desk.templates, &mut |row| {
                if row.kind == RowKind::Data {
                    rows.add(&row);
                }
                Ok(())
            })?;
        }
        Ok(rows)
    }

    fn add(&mut self, row: &ReadRow) {
        let shown = &row.evidence;
        let plain = |text: &Option<String>| text.as_deref().map(sheets::squeeze);
        let id = shown.id.as_ref().or(shown.household_number.as_ref());
        let id = id.map(|id| sheets::squeeze(&id.written_out()));
        let places = [plain(&shown.town), plain(&shown.village), plain(&shown.address)];
        let known = plain(&shown.name).is_some() && places.iter().any(Option::is_some);
        let whom = (plain(&shown.name), places, if known { None } else { id.clone() });
        let fields: Vec<String> = row.fields.iter().map(|field| format!("{field:?}")).collect();
        self.whole.insert(digest(&(&whom, id, fields, row.event_date)));
        self.whom.insert(digest(&whom));
        if let Some(day) = row.event_date {
            let days = self.days.map_or((day, day), |days| (days.from.min(day), days.to.max(day)));
            self.days = Period::new(days.0, days.1);
        }
    }

    /// Of the same name: half of the shorter one is the same people. Of another name: nearly all of the longer one is, and
    /// something that stood in the old one no longer does; otherwise its rows are repeats or come in addition.
    fn corrects(&self, old: &Rows, same_name: bool) -> bool {
        let shared = self.whom.intersection(&old.whom).count();
        let (less, more) =
            (self.whom.len().min(old.whom.len()), self.whom.len().max(old.whom.len()));
        if same_name {
            return shared * 2 >= less;
        }
        more > 0 && shared * 5 >= more * 4 && !old.whole.is_subset(&self.whole)
    }
}

fn digest(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
