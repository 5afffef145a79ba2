//! Reading the journal; nothing here changes anything.

use kernel::error::Result;
use kernel::permission::Permission;
use kernel::time::Day;
use store::{Ctx, JournalReport};

use super::queries::{self, AccessLine, EntryLine, Wanted};

/// Entries that are wanted, newest first, and the verbs that there are.
///
/// # Errors
/// Refused without `journal.see`.
pub fn entries(ctx: &Ctx, wanted: &Wanted, limit: i64) -> Result<(Vec<EntryLine>, Vec<String>)> {
    ctx.permit(Permission::JournalSee)?;
    let mut session = ctx.read()?;
    let found = queries::list_entries(&mut session, wanted, limit)?;
    let verbs = queries::count_verbs(&mut session, None)?;
    Ok((found, verbs.into_iter().map(|(verb, _)| verb).collect()))
}

/// Walks the whole chain.
///
/// # Errors
/// Refused without `journal.see`.
pub fn verify(ctx: &Ctx) -> Result<JournalReport> {
    ctx.permit(Permission::JournalSee)?;
    store::verify_journal(&ctx.db)
}

/// What is printed of a day: its first and last entry with the code of the last, and what was done how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The day.
    pub day: Day,
    /// First and last entry; `None` on a day without any.
    pub ends: Option<(EntryLine, EntryLine)>,
    /// Verbs and how often.
    pub verbs: Vec<(String, i64)>,
}

/// The slip of a day.
///
/// # Errors
/// Refused without `journal.see`.
pub fn slip(ctx: &Ctx, day: Day) -> Result<Slip> {
    ctx.permit(Permission::JournalSee)?;
    let mut session = ctx.read()?;
    Ok(Slip {
        day,
        ends: queries::find_ends(&mut session, day)?,
        verbs: queries::count_verbs(&mut session, Some(day))?,
    })
}

/// The access log: denied attempts, looks outside one's scope, numbers shown in full.
///
/// # Errors
/// Refused without `journal.see`.
pub fn access(
    ctx: &Ctx,
    kind: Option<&str>,
    before: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<AccessLine>> {
    ctx.permit(Permission::JournalSee)?;
    queries::list_access(&mut ctx.read()?, kind, before, limit)
}
