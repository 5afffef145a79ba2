//! The facts of a past day, in tables of their own that are gone when the question is answered.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::path::PathBuf;

use ::facts::CoverageView;
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::RunId;
use kernel::permission::Permission;
use kernel::time::{Day, Instant};
use store::{Ctx, Db, DbUrl, Entry, Session, Tx};

use super::around::Around;
use super::refresh::AT_A_TIME;
use super::rows::{self, Fresh};
use super::tables::{self, tables};
use super::{View, coverage, queries};
use crate::circumstances::facts::VillageFactRow;

/// The fact tables of a past day. They lie in a small database of their own (always the embedded engine), so that
/// nothing is stored where people work; it is removed with this value.
pub struct Then {
    db: Db,
    folder: PathBuf,
    /// How far the lists reached on that day.
    pub coverage: CoverageView,
    /// The day.
    pub day: Day,
}

impl Then {
    /// A session in which `household_facts`, `person_facts` and `village_facts` are those of the day.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn read(&self) -> Result<Session> {
        self.db.read()
    }

    /// A second one, if it costs nobody else anything.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn read_if_free(&self) -> Result<Option<Session>> {
        self.db.read_if_free()
    }
}

impl Drop for Then {
    fn drop(&mut self) {
        // what cannot be removed now lies in the folder for temporary files, which the system empties
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Derives every household as it stood on a day, by what was known at an instant (or is known now), without storing
/// anything where people work. `progress` hears how many villages of how many are done.
///
/// # Errors
/// A refusal to who may not run rules; what the databases refuse.
pub fn facts_as_of(
    ctx: &Ctx,
    (day, known_at): (Day, Option<Instant>),
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Then> {
    ctx.permit(Permission::RuleRun)?;
    let mut view = View { past: true, ..View::of(day) };
    if let Some(instant) = known_at {
        view.known = instant.to_string();
    }
    let mut session = ctx.read()?;
    let then = scratch(ctx, coverage::view_of(&mut session, &view)?, day)?;
    let aside = ctx.on(&then.db);
    let mut tx = aside.begin()?;
    fill(&mut session, &mut tx, &view, progress)?;
    tx.commit(Entry::new(&aside, "facts.as_of"))?;
    Ok(then)
}

/// Works the facts out in a database in which a past state of everything else has been laid out, as if that day were
/// today; `ctx` is on it, and the fact tables are there ([`tables::ensure_tables`]).
///
/// # Errors
/// What the database refuses.
pub fn lay_out_facts(ctx: &Ctx) -> Result<()> {
    let mut session = ctx.read()?;
    let mut tx = ctx.begin()?;
    fill(&mut session, &mut tx, &View::of(ctx.today), &mut |_, _| {})?;
    tx.commit(Entry::new(ctx, "facts.as_of"))?;
    Ok(())
}

/// Derives everything that `session` sees and writes it with `tx`.
fn fill(
    session: &mut Session,
    tx: &mut Tx,
    view: &View,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<()> {
    let villages = queries::villages(session)?;
    let mut around = Around::load_for_many(session, view)?;
    let mut sums: BTreeMap<AreaCode, VillageFactRow> = BTreeMap::new();
    for (done, village) in villages.iter().enumerate() {
        let village: AreaCode = village.parse()?;
        let own = around.of(session, village, view)?.1.clone();
        sums.entry(village).or_insert(own);
        let ids = queries::households_of(session, village)?;
        for some in ids.chunks(AT_A_TIME) {
            let mut found = Vec::new();
            let fresh = rows::derived(session, (view, &mut around), some, &mut |at, row| {
                found.push((at, row.clone()));
            })?;
            for (at, row) in found {
                match sums.entry(at) {
                    Place::Occupied(mut sum) => sum.get_mut().add(&row),
                    Place::Vacant(free) => {
                        free.insert(around.of(session, at, view)?.1.clone()).add(&row);
                    }
                }
            }
            put(tx, fresh)?;
        }
        progress(done + 1, villages.len());
    }
    let rows = sums.iter().filter_map(|(village, row)| rows::village_row(*village, row));
    tx.insert_many("village_facts", tables()?.village.columns, rows)?;
    Ok(())
}

fn put(tx: &mut Tx, fresh: Fresh) -> Result<()> {
    tx.insert_many("household_facts", tables()?.household.columns, fresh.households)?;
    tx.insert_many("person_facts", tables()?.person.columns, fresh.persons)?;
    Ok(())
}

fn scratch(ctx: &Ctx, coverage: CoverageView, day: Day) -> Result<Then> {
    let beside = ctx.db.file().and_then(|file| file.parent()).map(PathBuf::from);
    let folder =
        beside.unwrap_or_else(std::env::temp_dir).join(format!("as-of-{}", ctx.new_id::<RunId>()));
    std::fs::create_dir_all(&folder)?;
    let db = Db::open(&DbUrl::Sqlite(folder.join("facts.db")), ctx.db.keys().clone())?;
    let then = Then { db, folder, coverage, day };
    tables::ensure_tables(&then.db)?;
    Ok(then)
}
