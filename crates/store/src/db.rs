//! One database behind two engines, and the read-only session on it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use kernel::error::{Error, Refusal, Result};
use kernel::ids::IdSource;
use kernel::time::Clock;

use crate::access::AccessNote;
use crate::keys::Keys;
use crate::memo::Memo;
use crate::postgres::{PgClient, PgPool};
use crate::sqlite::{self, SqlitePool};
use crate::tx::Derivation;
use crate::value::{IntoSql, Row, Value};
use crate::{kept, migrate, tx};

/// Where the database is: `sqlite:PATH` or `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbUrl {
    /// A file of the embedded engine.
    Sqlite(PathBuf),
    /// The address of a PostgreSQL database.
    Postgres(String),
}

impl FromStr for DbUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            Ok(DbUrl::Sqlite(PathBuf::from(path)))
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(DbUrl::Postgres(text.to_owned()))
        } else {
            Err(Refusal::invalid("store.bad_address").into())
        }
    }
}

/// The engines, for the few places that must know (generated DDL, predicates).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(Arc<SqlitePool>),
    Postgres(Arc<PgPool>),
}

pub(crate) struct Shared {
    pub(crate) pool: Pool,
    pub(crate) keys: Keys,
    pub(crate) derivations: OnceLock<Vec<Derivation>>,
    pub(crate) access: Mutex<Vec<AccessNote>>,
    memo: Arc<Memo>,
    ids: IdSource,
}

/// The database. Cheap to clone; all clones share connections, keys and derivations.
#[derive(Clone)]
pub struct Db {
    pub(crate) shared: Arc<Shared>,
}

impl Db {
    /// Opens the database, applies the migrations that are missing, each in its own transaction.
    pub fn open(url: &DbUrl, keys: Keys) -> Result<Self> {
        let pool = match url {
            DbUrl::Sqlite(path) => Pool::Sqlite(SqlitePool::open(path, "")?),
            DbUrl::Postgres(address) => Pool::Postgres(PgPool::open(address)?),
        };
        let db = Self::of(pool, keys);
        migrate::run(&db)?;
        kept::ensure(&db)?;
        Ok(db)
    }

    /// The embedded database in which a past state of another is laid out: `before` is run on each of its connections.
    pub(crate) fn aside(path: &Path, before: &str, keys: Keys) -> Result<Self> {
        let db = Self::of(Pool::Sqlite(SqlitePool::open(path, before)?), keys);
        if before.is_empty() {
            migrate::run(&db)?;
        }
        Ok(db)
    }

    fn of(pool: Pool, keys: Keys) -> Self {
        Db {
            shared: Arc::new(Shared {
                pool,
                keys,
                derivations: OnceLock::new(),
                access: Mutex::new(Vec::new()),
                memo: Arc::default(),
                ids: IdSource::new(Clock::System),
            }),
        }
    }

    /// Registers what is derived inside every commit from the households and villages it touched. Once, at start.
    pub fn derive_with(&self, derivations: Vec<Derivation>) -> Result<()> {
        self.shared
            .derivations
            .set(derivations)
            .map_err(|_| Error::fault("derivations are registered once"))
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.shared.pool {
            Pool::Sqlite(_) => Engine::Sqlite,
            Pool::Postgres(_) => Engine::Postgres,
        }
    }

    /// Makes ids; ascending within this program.
    pub fn ids(&self) -> &IdSource {
        &self.shared.ids
    }

    /// The keys of this data folder.
    pub fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    /// A read-only session that sees one state of the database until it is dropped.
    pub fn read(&self) -> Result<Session> {
        let kept = || Some(self.shared.memo.clone());
        match &self.shared.pool {
            Pool::Sqlite(pool) => {
                let mut session = self.session(Conn::SqliteReader(pool.reader()?), kept());
                session.command("begin deferred")?;
                Ok(session)
            }
            Pool::Postgres(pool) => {
                let client = pool.begin("begin isolation level repeatable read read only")?;
                Ok(self.session(Conn::Postgres(Box::new(client)), kept()))
            }
        }
    }

    /// The same where it costs nobody else anything: a second session for work that two can share. None while others wait
    /// for sessions, and on PostgreSQL, which shares the work of a statement among its own processes.
    pub fn read_if_free(&self) -> Result<Option<Session>> {
        let Pool::Sqlite(pool) = &self.shared.pool else { return Ok(None) };
        let Some(reader) = pool.free_reader()? else { return Ok(None) };
        let mut session = self.session(Conn::SqliteReader(reader), Some(self.shared.memo.clone()));
        session.command("begin deferred")?;
        Ok(Some(session))
    }

    pub(crate) fn write_session(&self) -> Result<Session> {
        self.writing("pragma synchronous = full; begin immediate", "begin")
    }

    /// To write a piece of something that nobody sees before it is published: its commit does not wait until it has
    /// arrived on the disk. The next commit that does brings it there with itself, as one log holds both in order.
    pub(crate) fn piece_session(&self) -> Result<Session> {
        let mut session = self.writing(
            "pragma synchronous = normal; begin immediate",
            "begin; set local synchronous_commit = off",
        )?;
        session.bulk = true;
        Ok(session)
    }

    fn writing(&self, sqlite: &str, postgres: &str) -> Result<Session> {
        match &self.shared.pool {
            Pool::Sqlite(pool) => {
                let mut session = self.session(Conn::SqliteWriter(pool.writer()?), None);
                session.command(sqlite)?;
                Ok(session)
            }
            Pool::Postgres(pool) => {
                Ok(self.session(Conn::Postgres(Box::new(pool.begin(postgres)?)), None))
            }
        }
    }

    fn session(&self, conn: Conn, memo: Option<Arc<Memo>>) -> Session {
        Session { conn: Some(conn), pool: self.shared.pool.clone(), memo, bulk: false }
    }

    /// A consistent copy of the embedded database into `target`, while it is in use.
    /// PostgreSQL has its own tools; there it is refused with advice.
    pub fn copy_to(&self, target: &Path) -> Result<()> {
        match &self.shared.pool {
            Pool::Sqlite(pool) => sqlite::copy_to(pool, target),
            Pool::Postgres(_) => Err(Refusal::invalid("store.backup_with_pg_dump").into()),
        }
    }

    /// The file of the embedded database, if that is the engine.
    pub fn file(&self) -> Option<&Path> {
        match &self.shared.pool {
            Pool::Sqlite(pool) => Some(pool.path()),
            Pool::Postgres(_) => None,
        }
    }
}

pub(crate) enum Conn {
    SqliteReader(rusqlite::Connection),
    SqliteWriter(rusqlite::Connection),
    Postgres(Box<PgClient>),
}

/// A conversation with the database. From [`Db::read`] it only reads; inside a [`tx::Tx`] it also writes.
pub struct Session {
    conn: Option<Conn>,
    pool: Pool,
    /// Answers kept in memory; a session that writes sees what nobody else does and keeps none.
    memo: Option<Arc<Memo>>,
    /// It wrote a piece of something large: what the database has to do after that is waited for here.
    pub(crate) bulk: bool,
}

impl Session {
    pub(crate) fn conn(&mut self) -> Result<&mut Conn> {
        self.conn.as_mut().ok_or_else(|| Error::fault("the session has ended"))
    }

    pub(crate) fn memo(&self) -> Option<Arc<Memo>> {
        self.memo.clone()
    }

    /// Whether somebody else waits to write. PostgreSQL lets all write at once.
    pub(crate) fn is_wanted(&self) -> bool {
        match (&self.conn, &self.pool) {
            (Some(Conn::SqliteWriter(_)), Pool::Sqlite(pool)) => pool.is_wanted(),
            _ => false,
        }
    }

    /// Runs a command without parameters or result: begin, commit, rollback.
    pub(crate) fn command(&mut self, sql: &str) -> Result<()> {
        match self.conn()? {
            Conn::SqliteReader(conn) | Conn::SqliteWriter(conn) => {
                conn.execute_batch(sql).map_err(sqlite::explain)
            }
            Conn::Postgres(client) => client.batch(sql),
        }
    }

    /// Hands every row to `each` until it answers `false`.
    pub fn each(
        &mut self,
        sql: impl IntoSql,
        params: &[Value],
        each: impl FnMut(Row) -> Result<bool>,
    ) -> Result<()> {
        match self.conn()? {
            Conn::SqliteReader(conn) | Conn::SqliteWriter(conn) => {
                sqlite::rows(conn, sql.sql(), params, each)
            }
            Conn::Postgres(client) => client.rows(sql.sql(), params, each),
        }
    }

    /// Does some reading of which no statement may take longer than `limit`: the one that does is stopped, and the work ends
    /// with the refusal `store.interrupted`. What was read or written before stands; a transaction goes on.
    ///
    /// # Errors
    /// What `work` gives; `store.interrupted`.
    pub fn within<T>(
        &mut self,
        limit: Duration,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.bound(Some(limit))?;
        let done = work(self);
        self.bound(None).and(done)
    }

    fn bound(&mut self, limit: Option<Duration>) -> Result<()> {
        match self.conn()? {
            Conn::SqliteReader(conn) | Conn::SqliteWriter(conn) => sqlite::bound(conn, limit),
            Conn::Postgres(client) => client.bound(limit),
        }
    }

    /// All rows.
    pub fn rows(&mut self, sql: impl IntoSql, params: &[Value]) -> Result<Vec<Row>> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(row);
            Ok(true)
        })?;
        Ok(found)
    }

    /// The first row, if any.
    pub fn find(&mut self, sql: impl IntoSql, params: &[Value]) -> Result<Option<Row>> {
        let mut found = None;
        self.each(sql, params, |row| {
            found = Some(row);
            Ok(false)
        })?;
        Ok(found)
    }

    /// The first row, which must be there (counts, rows just written).
    pub fn row(&mut self, sql: impl IntoSql, params: &[Value]) -> Result<Row> {
        self.find(sql, params)?.ok_or_else(|| Error::fault("a row that must exist is missing"))
    }

    /// Which engine answers.
    pub fn engine(&self) -> Engine {
        match self.pool {
            Pool::Sqlite(_) => Engine::Sqlite,
            Pool::Postgres(_) => Engine::Postgres,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // What was not committed is undone; on a connection that is already lost there is nothing left to undo.
        let _ = self.command(tx::ROLLBACK);
        match (self.conn.take(), &self.pool) {
            (Some(Conn::SqliteReader(conn)), Pool::Sqlite(pool)) => pool.give_back_reader(conn),
            (Some(Conn::SqliteWriter(conn)), Pool::Sqlite(pool)) => {
                pool.give_back_writer(conn, self.bulk)
            }
            (Some(Conn::Postgres(client)), Pool::Postgres(pool)) => pool.give_back(*client),
            _ => {}
        }
    }
}
