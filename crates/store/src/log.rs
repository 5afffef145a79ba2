//! What was committed to the embedded database lies in its log until it is copied into the file. Nobody who writes waits
//! for that: it is done on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use kernel::error::Result;
use rusqlite::{Connection, OpenFlags};

use crate::sqlite::explain;

/// Pages after which the log is copied once more: 16 MB.
const PAGES: i32 = 4_000;

/// How long the log is, and the thread that copies it.
pub(crate) struct Log {
    path: PathBuf,
    length: Arc<Length>,
    copying: Mutex<Option<JoinHandle<()>>>,
}

struct Length {
    pages: AtomicI32,
    /// The length at which it is copied.
    copy_at: AtomicI32,
}

impl Length {
    fn is(&self, pages: i32) {
        if pages < self.pages.swap(pages, Ordering::Relaxed) {
            // it was copied to the end and has begun anew
            self.copy_at.store(PAGES, Ordering::Relaxed);
        }
    }

    fn is_due(&self) -> bool {
        self.pages.load(Ordering::Relaxed) >= self.copy_at.load(Ordering::Relaxed)
    }

    /// What somebody still reads keeps the log from beginning anew: it is copied again when it has grown as much again.
    fn put_off(&self) {
        self.copy_at
            .store(self.pages.load(Ordering::Relaxed).saturating_add(PAGES), Ordering::Relaxed);
    }
}

impl Log {
    pub(crate) fn of(path: &Path) -> Self {
        let length = Length { pages: AtomicI32::new(0), copy_at: AtomicI32::new(PAGES) };
        Log { path: path.to_owned(), length: Arc::new(length), copying: Mutex::default() }
    }

    /// Hears of every commit of this connection, and keeps it from copying the log itself.
    pub(crate) fn watch(&self, conn: &mut Connection) -> Result<()> {
        let length = Arc::clone(&self.length);
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            length.is(pages);
            Ok(())
        }))
        .map_err(explain)
    }

    /// Copies the log if it is long enough. What is written in bulk waits for that, with the writer given back: so the log
    /// is copied to its end and begins anew. Nobody else waits: it is copied on a thread of its own, one at a time.
    pub(crate) fn copy_when_due(&self, bulk: bool) {
        if !self.length.is_due() {
            return;
        }
        let mut copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        if copying.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        self.length.put_off();
        if bulk {
            drop(copying);
            return copied(&self.path);
        }
        let path = self.path.clone();
        let thread = std::thread::Builder::new().name("log".to_owned());
        *copying = thread.spawn(move || copied(&path)).ok();
    }
}

fn copied(path: &Path) {
    let began = std::time::Instant::now();
    if let Err(why) = copy(path) {
        tracing::warn!(%why, "the log of the database could not be copied yet");
    }
    tracing::debug!(took = ?began.elapsed(), "copied");
}

impl Drop for Log {
    fn drop(&mut self) {
        let copying = self.copying.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // its failure was said where it happened
        copying.map(JoinHandle::join);
    }
}

/// Copies what nobody needs in the log any more; waits for nobody.
fn copy(path: &Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(explain)?;
    conn.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(())).map_err(explain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(bulk: bool) -> (u64, u64) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let mut conn = Connection::open(&path).unwrap();
        conn.execute_batch("pragma journal_mode = wal; create table t (x blob);").unwrap();
        let log = Log::of(&path);
        log.watch(&mut conn).unwrap();
        let size = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().len();
        for megabyte in 0..50 {
            conn.execute("insert into t values (zeroblob(1000000))", []).unwrap();
            log.copy_when_due(bulk);
            assert!(megabyte > 10 || size("a.db") < 1_000_000, "copied after {megabyte} MB");
        }
        drop(log);
        (size("a.db"), size("a.db-wal"))
    }

    #[test]
    fn what_is_written_in_bulk_waits_for_its_log_which_then_begins_anew() {
        let (database, log) = filled(true);
        assert!(database > 30_000_000, "{database}");
        assert!(log < 20_000_000, "{log}");
    }

    #[test]
    fn others_do_not_wait_and_the_log_is_copied_beside_them() {
        let (database, _) = filled(false);
        assert!(database > 10_000_000, "{database}");
    }
}
