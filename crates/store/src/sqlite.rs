//! The embedded engine: rusqlite, one writer connection handed out in order of asking, a few readers.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kernel::error::{Error, Refusal, Result};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::log::Log;
use crate::turns::Turns;
use crate::value::{Row, Value};

const READERS: usize = 6;
/// So many even when all of them are waited for.
const MOST_READERS: usize = 48;
/// After this time nobody waits for a connection any longer.
pub(crate) const LONG_WAIT: Duration = Duration::from_millis(200);
/// An import touches pages of many tables at once; readers are served by the system's own cache.
const WRITER_CACHE_KIB: i64 = 64_000;
const READER_CACHE_KIB: i64 = 8_000;
const EXTRA_CACHE_KIB: i64 = 1_000;
/// How long a program waits for another one that writes.
const PATIENCE: Duration = Duration::from_secs(10);

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// Turns an engine error into something a person can act on where the cause is outside the program.
pub(crate) fn explain(why: rusqlite::Error) -> Error {
    let code = match &why {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DiskFull => Some("store.disk_full"),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Some("store.locked"),
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::SystemIoFailure => {
                Some("store.unavailable")
            }
            ErrorCode::OperationInterrupted => Some("store.interrupted"),
            _ => None,
        },
        _ => None,
    };
    match code {
        Some(code) => Refusal::unavailable(code).into(),
        None => Error::fault(format!("sqlite: {why}")),
    }
}

/// `$3` is a *named* parameter to SQLite, numbered by first appearance; `?3` is the third. One pass, same length.
fn numbered(sql: &str) -> String {
    let mut quoted = false;
    sql.chars()
        .map(|c| {
            if c == '\'' {
                quoted = !quoted;
            }
            if c == '$' && !quoted { '?' } else { c }
        })
        .collect()
}

pub(crate) fn rows(
    conn: &Connection,
    sql: &str,
    params: &[Value],
    mut each: impl FnMut(Row) -> Result<bool>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(&numbered(sql)).map_err(explain)?;
    let width = statement.column_count();
    let mut found = statement.query(rusqlite::params_from_iter(params)).map_err(explain)?;
    while let Some(row) = found.next().map_err(explain)? {
        let mut values = Vec::with_capacity(width);
        for index in 0..width {
            values.push(match row.get_ref(index).map_err(explain)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Real(number) => Value::Real(number),
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::Text(text(bytes)),
            });
        }
        if !each(Row(values))? {
            break;
        }
    }
    Ok(())
}

/// Nearly all of it is sound: that is seen much sooner than what is not is mended.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

pub(crate) fn exec(conn: &Connection, sql: &str, params: &[Value]) -> Result<usize> {
    let mut statement = conn.prepare_cached(&numbered(sql)).map_err(explain)?;
    statement.execute(rusqlite::params_from_iter(params)).map_err(explain)
}

pub(crate) fn exec_many(
    conn: &Connection,
    sql: &str,
    params: &mut dyn Iterator<Item = Vec<Value>>,
) -> Result<usize> {
    let mut statement = conn.prepare_cached(&numbered(sql)).map_err(explain)?;
    let mut changed: usize = 0;
    for values in params {
        changed += statement.execute(rusqlite::params_from_iter(&values)).map_err(explain)?;
    }
    Ok(changed)
}

/// How many steps of its machine SQLite goes between two looks at the clock: about a tenth of a millisecond.
const STEPS: i32 = 20_000;

/// Stops statements that go on after `limit` from now; none is stopped without a limit.
pub(crate) fn bound(conn: &mut Connection, limit: Option<Duration>) -> Result<()> {
    let until = limit.map(|limit| Instant::now() + limit);
    let late = until.map(|until| move || Instant::now() > until);
    conn.progress_handler(if late.is_some() { STEPS } else { 0 }, late).map_err(explain)
}

#[derive(Default)]
struct Queue {
    next_ticket: u64,
    serving: u64,
    writer: Option<Connection>,
    readers: Vec<Connection>,
    readers_out: usize,
}

pub(crate) struct SqlitePool {
    path: PathBuf,
    /// What every connection runs before anybody has it.
    before: String,
    queue: Mutex<Queue>,
    changed: Condvar,
    /// None where no file can be made: SQLite says what is the matter when somebody writes.
    turns: Option<Turns>,
    log: Log,
}

/// The folder beside the database in which programs lock files to tell each other what they do.
pub(crate) fn locks_of(database: &Path) -> PathBuf {
    let mut folder = database.as_os_str().to_owned();
    folder.push("-leases");
    PathBuf::from(folder)
}

fn locked(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SqlitePool {
    pub(crate) fn open(path: &Path, before: &str) -> Result<Arc<Self>> {
        let pool = SqlitePool {
            path: path.to_owned(),
            before: before.to_owned(),
            queue: Mutex::new(Queue::default()),
            changed: Condvar::new(),
            turns: Turns::open(&locks_of(path), PATIENCE).ok(),
            log: Log::of(path),
        };
        let mut writer = pool.connect(WRITER_CACHE_KIB)?;
        pool.log.watch(&mut writer)?;
        locked(&pool.queue).writer = Some(writer);
        Ok(Arc::new(pool))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn connect(&self, cache_kib: i64) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.path, flags).map_err(explain)?;
        conn.busy_timeout(PATIENCE).map_err(explain)?;
        conn.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
             pragma temp_store = memory; pragma wal_autocheckpoint = 0;",
        )
        .map_err(explain)?;
        // a statement keeps its plan whatever is bound to it: without this some are prepared anew for every value
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(explain)?;
        conn.pragma_update(None, "cache_size", -cache_kib).map_err(explain)?;
        conn.set_prepared_statement_cache_capacity(200);
        conn.execute_batch(&self.before).map_err(explain)?;
        Ok(conn)
    }

    /// Waits in line: writers are served strictly in the order in which they asked, so that an import that writes
    /// in many short pieces never starves a person who answers one lead; then the program waits for its own turn among
    /// those that use the same database.
    pub(crate) fn writer(&self) -> Result<Connection> {
        let mut queue = locked(&self.queue);
        let ticket = queue.next_ticket;
        queue.next_ticket += 1;
        let conn = loop {
            if queue.serving == ticket
                && let Some(conn) = queue.writer.take()
            {
                break conn;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        };
        drop(queue);
        self.turns.iter().for_each(Turns::take);
        Ok(conn)
    }

    /// Whether somebody waits for who writes now: another thread, or another program.
    pub(crate) fn is_wanted(&self) -> bool {
        let queue = locked(&self.queue);
        let waits = queue.next_ticket > queue.serving + 1;
        drop(queue);
        waits || self.turns.as_ref().is_some_and(Turns::is_wanted)
    }

    pub(crate) fn give_back_writer(&self, conn: Connection, bulk: bool) {
        self.turns.iter().for_each(Turns::give);
        let mut queue = locked(&self.queue);
        queue.writer = Some(conn);
        queue.serving += 1;
        drop(queue);
        self.changed.notify_all();
        self.log.copy_when_due(bulk);
    }

    /// A free reader, or one more while there are few. Who has waited long gets one more all the same: the others may be in
    /// the hands of those who wait themselves.
    pub(crate) fn reader(&self) -> Result<Connection> {
        let mut queue = locked(&self.queue);
        let mut waited = false;
        loop {
            if let Some(conn) = queue.readers.pop() {
                queue.readers_out += 1;
                return Ok(conn);
            }
            if queue.readers_out < READERS || (waited && queue.readers_out < MOST_READERS) {
                // those that are opened only because all are waited for are soon closed again, and remember little
                let more = queue.readers_out >= READERS;
                queue.readers_out += 1;
                drop(queue);
                let cache = if more { EXTRA_CACHE_KIB } else { READER_CACHE_KIB };
                return self.connect(cache).inspect_err(|_| {
                    locked(&self.queue).readers_out -= 1;
                    self.changed.notify_all();
                });
            }
            let woken = self.changed.wait_timeout_while(queue, LONG_WAIT, |queue| {
                queue.readers.is_empty() && queue.readers_out >= READERS
            });
            let (next, result) = woken.unwrap_or_else(PoisonError::into_inner);
            (queue, waited) = (next, result.timed_out());
        }
    }

    /// A reader nobody has to wait for, or none.
    pub(crate) fn free_reader(&self) -> Result<Option<Connection>> {
        let mut queue = locked(&self.queue);
        let (kept, room) = (queue.readers.pop(), queue.readers_out < READERS);
        if kept.is_none() && !room {
            return Ok(None);
        }
        queue.readers_out += 1;
        drop(queue);
        let open = || self.connect(READER_CACHE_KIB);
        let reader = kept.map_or_else(open, Ok).inspect_err(|_| {
            locked(&self.queue).readers_out -= 1;
            self.changed.notify_all();
        });
        reader.map(Some)
    }

    pub(crate) fn give_back_reader(&self, conn: Connection) {
        let mut queue = locked(&self.queue);
        queue.readers_out -= 1;
        if queue.readers_out + queue.readers.len() < READERS {
            queue.readers.push(conn);
        }
        drop(queue);
        self.changed.notify_all();
    }
}

/// Copies the whole database into `target` while others go on reading and writing.
pub(crate) fn copy_to(pool: &SqlitePool, target: &Path) -> Result<()> {
    let source = pool.reader()?;
    let result = (|| {
        let mut copy = Connection::open(target).map_err(explain)?;
        let backup = rusqlite::backup::Backup::new(&source, &mut copy).map_err(explain)?;
        backup.run_to_completion(2000, Duration::from_millis(2), None).map_err(explain)
    })();
    pool.give_back_reader(source);
    result
}
