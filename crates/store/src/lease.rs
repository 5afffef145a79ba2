//! A sign that somebody is at work: held by one program, seen by all that share the database, and gone when its holder
//! ends, however it ends. What was begun under a lease that nobody holds any more was left behind.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use kernel::error::{Error, Result};

use crate::db::{Db, Pool};
use crate::postgres::PgClient;
use crate::sqlite::locks_of;

/// Held from [`Db::lease`] until it is dropped or its program ends.
pub struct Lease {
    _held: Held,
}

enum Held {
    /// A locked file beside the embedded database; the system unlocks it when the program ends.
    File { _locked: File, path: PathBuf },
    /// A connection of its own; the server gives its locks back when it ends.
    Connection(Box<PgClient>),
}

impl Db {
    /// The lease of this name (an id), or nothing while somebody holds it: this program, or another one on the same
    /// database.
    ///
    /// # Errors
    /// A refusal when the disk or the server does not let anybody hold a lease.
    pub fn lease(&self, name: &str) -> Result<Option<Lease>> {
        let held = match &self.shared.pool {
            Pool::Sqlite(pool) => locked_file(pool.path(), name)?,
            Pool::Postgres(pool) => {
                let mut client = pool.connect()?;
                let mut taken = false;
                client.rows(
                    "select pg_try_advisory_lock(hashtextextended($1, 0))",
                    &[name.into()],
                    |row| {
                        taken = row.int(0)? == 1;
                        Ok(false)
                    },
                )?;
                taken.then(|| Held::Connection(Box::new(client)))
            }
        };
        Ok(held.map(|held| Lease { _held: held }))
    }
}

fn locked_file(database: &Path, name: &str) -> Result<Option<Held>> {
    if !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(Error::fault(format!("{name:?} is no name for a lease")));
    }
    let folder = locks_of(database);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    loop {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(why)) => return Err(why.into()),
        }
        // Its holder may have removed it between our opening and our locking: then this is another file.
        let there = std::fs::metadata(&path).map(|there| there.ino()).ok();
        if there == Some(file.metadata()?.ino()) {
            return Ok(Some(Held::File { _locked: file, path }));
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        match self {
            // Removed while it is still locked; a file that stays is no harm, only its lock means something.
            Held::File { path, .. } => {
                let _ = std::fs::remove_file(path);
            }
            // Said aloud, because a connection that is closed is noticed a little later.
            Held::Connection(client) => {
                let _ = client.batch("select pg_advisory_unlock_all()");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_lease_has_one_holder_and_is_free_when_it_ends() {
        for test in crate::testing::test_db().unwrap() {
            let first = test.db.lease("0a1b").unwrap();
            assert!(first.is_some(), "{}", test.engine);
            assert!(test.db.lease("0a1b").unwrap().is_none(), "{}", test.engine);
            let other = test.db.lease("0a1c").unwrap();
            assert!(other.is_some(), "{}", test.engine);
            drop(first);
            assert!(test.db.lease("0a1b").unwrap().is_some(), "{}", test.engine);
            assert!(test.db.lease("0a1c").unwrap().is_none(), "{}", test.engine);
        }
    }
}
