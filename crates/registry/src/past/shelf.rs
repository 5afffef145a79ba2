//! The past states that are laid out: the last few stay, as long as what they rest on does not change.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::error::Result;
use kernel::ids::RunId;
use kernel::time::Instant;
use store::{Ctx, Db, Entry, Moment, PastTable, Value};

use super::model::Asked;
use super::queries;
use crate::circumstances::ledger;
use crate::people::search_keys;

/// So many are kept. Each is as large as the register and its facts.
const KEPT: usize = 4;
/// The beginning of the names of their folders.
const FOLDER: &str = "past-";

/// A past state of the county, in a database of its own that goes with this value.
pub struct Past {
    /// The database.
    pub db: Db,
    /// The day and what is known.
    pub moment: Moment,
    folder: PathBuf,
}

impl Past {
    /// The context of the same person in the past state.
    #[must_use]
    pub fn ctx(&self, ctx: &Ctx) -> Ctx {
        ctx.at(&self.db, self.moment.day, self.moment.known)
    }
}

impl Drop for Past {
    fn drop(&mut self) {
        // what cannot be removed now is removed with the next past state, a day later
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Lays past states out and keeps them.
#[derive(Default)]
pub struct Shelf {
    tables: Vec<PastTable>,
    steps: Vec<&'static str>,
    kept: Mutex<Vec<(String, Arc<Past>)>>,
    laying: Mutex<()>,
}

impl Shelf {
    /// A shelf that reads the tables of this wing and those of others.
    #[must_use]
    pub fn new(tables: &[PastTable], steps: &[&'static str]) -> Self {
        Shelf {
            tables: super::TABLES.iter().chain(tables).copied().collect(),
            steps: super::STEPS.iter().chain(steps).copied().collect(),
            ..Shelf::default()
        }
    }

    /// How every table is read.
    #[must_use]
    pub fn tables(&self) -> &[PastTable] {
        &self.tables
    }

    /// The state that is asked for: one that is kept, or laid out now (some seconds for a county).
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn of(&self, ctx: &Ctx, asked: &Asked) -> Result<Arc<Past>> {
        let ctx = ctx.present();
        let moment = Moment { day: asked.day, known: asked.known_at(ctx.now), today: ctx.today };
        if let Some(past) = self.kept(&self.key(ctx, (asked, &moment))?) {
            return Ok(past);
        }
        // one after the other: who waited may find that it has been laid out meanwhile
        let _laying = self.laying.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.key(ctx, (asked, &moment))?;
        if let Some(past) = self.kept(&key) {
            return Ok(past);
        }
        let past = Arc::new(self.lay_out(ctx, moment)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.insert(0, (key, Arc::clone(&past)));
        if asked.known.is_none() {
            // who goes on in this view asks for its own instant
            let pinned = Asked { known: Some(super::Known::At(moment.known)), ..*asked };
            let key = self.key(ctx, (&pinned, &moment))?;
            kept.insert(0, (key, Arc::clone(&past)));
        }
        let mut seen: Vec<*const Past> = Vec::new();
        kept.retain(|(_, past)| {
            if !seen.contains(&Arc::as_ptr(past)) {
                seen.push(Arc::as_ptr(past));
            }
            seen.iter().position(|one| *one == Arc::as_ptr(past)).is_some_and(|at| at < KEPT)
        });
        Ok(past)
    }

    /// The state that is asked for, if it is laid out.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn laid(&self, ctx: &Ctx, asked: &Asked) -> Result<Option<Arc<Past>>> {
        let ctx = ctx.present();
        let moment = Moment { day: asked.day, known: asked.known_at(ctx.now), today: ctx.today };
        Ok(self.kept(&self.key(ctx, (asked, &moment))?))
    }

    fn kept(&self, key: &str) -> Option<Arc<Past>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at);
        let past = Arc::clone(&found.1);
        kept.insert(0, found);
        Some(past)
    }

    /// What a state rests on. What is known now changes with every change of the people or the leads.
    fn key(&self, ctx: &Ctx, (asked, moment): (&Asked, &Moment)) -> Result<String> {
        let version = ctx.db.past_version(moment, &self.tables)?;
        let of = match asked.known {
            Some(known) => known.to_string(),
            None => ctx.read()?.journal_number()?.to_string(),
        };
        Ok(format!("{} {of} {} {version}", asked.day, ctx.today))
    }

    fn lay_out(&self, ctx: &Ctx, moment: Moment) -> Result<Past> {
        let beside = ctx.db.file().and_then(Path::parent).map(PathBuf::from);
        if let Some(beside) = &beside {
            sweep(beside, ctx.now);
        }
        let beside = beside.unwrap_or_else(std::env::temp_dir);
        let folder = beside.join(format!("{FOLDER}{}", ctx.new_id::<RunId>()));
        std::fs::create_dir_all(&folder)?;
        let how = (self.tables.as_slice(), self.steps.as_slice());
        let facts = |db: &Db| ledger::ensure_tables(db).map(|_| ());
        let laid = ctx.db.past(&folder, &moment, how, facts).and_then(|db| {
            let mut program = ctx.on(&db);
            (program.now, program.today) = (moment.known, moment.day);
            found_by(&program, ctx.db.file().is_some())?;
            ledger::lay_out_facts(&program)?;
            Ok(db)
        });
        match laid {
            Ok(db) => Ok(Past { db, moment, folder }),
            Err(why) => {
                // nothing is left of what failed; what cannot be removed is swept later
                let _ = std::fs::remove_dir_all(&folder);
                Err(why)
            }
        }
    }
}

/// The texts by which people are found who were called otherwise or lived elsewhere.
fn found_by(program: &Ctx, beside: bool) -> Result<()> {
    let mut tx = program.begin()?;
    queries::find_otherwise(&mut tx, beside)?;
    let mut keys: Vec<Vec<Value>> = Vec::new();
    for row in queries::names(&mut tx)? {
        for (key, kind) in search_keys(&row.text(1)?).keys {
            keys.push(vec![
                key.into(),
                kind.text().into(),
                row.text(2)?.into(),
                row.text(0)?.into(),
                row.text(3)?.into(),
            ]);
        }
    }
    queries::save_keys(&mut tx, keys)?;
    tx.commit(Entry::new(program, "past.lay_out"))?;
    Ok(())
}

/// Removes what a program that was stopped left behind more than a day ago: nobody asks it any more, because what is kept
/// holds for one day.
fn sweep(beside: &Path, now: Instant) {
    let oldest = now.add_millis(-24 * 60 * 60 * 1000).millis();
    for entry in beside.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // the name ends in an id, which begins with the milliseconds of its making
        let made = name.strip_prefix(FOLDER).and_then(|id| id.get(..12));
        let made = made.and_then(|hex| i64::from_str_radix(hex, 16).ok());
        if made.is_some_and(|made| made < oldest) {
            // tried again with the next one
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
