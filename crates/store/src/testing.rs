//! Databases for tests: always a fresh SQLite file, and a fresh PostgreSQL database where a server is offered in
//! `SHOUWANG_TEST_PG` (an address with the right to create databases).

use std::path::PathBuf;

use kernel::error::{Error, Result};
use kernel::time::Clock;

use crate::ctx::Ctx;
use crate::db::{Db, DbUrl};
use crate::keys::Keys;
use crate::postgres::PgPool;

/// A database that disappears with this value.
pub struct TestDb {
    /// The database itself.
    pub db: Db,
    /// `sqlite` or `postgres`, for messages.
    pub engine: &'static str,
    url: DbUrl,
    _folder: Option<Folder>,
    _database: Option<Database>,
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An empty PostgreSQL database that disappears with this value.
pub struct Database {
    server: String,
    name: String,
    /// The address under which a program opens it.
    pub url: String,
}

impl Database {
    /// A new one on the server that `SHOUWANG_TEST_PG` names; `None` where it names none.
    pub fn create() -> Result<Option<Database>> {
        let Ok(server) = std::env::var("SHOUWANG_TEST_PG") else { return Ok(None) };
        let name = unique()?;
        PgPool::open(&server)?.take()?.batch(&format!(
            "create database {name} template template0 lc_collate 'C' lc_ctype 'C' encoding 'UTF8'"
        ))?;
        let (head, query) = server.split_once('?').unwrap_or((server.as_str(), ""));
        let base = head.rsplit_once('/').map_or(head, |(base, _)| base);
        let url = format!("{base}/{name}{}{query}", if query.is_empty() { "" } else { "?" });
        Ok(Some(Database { server, name, url }))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(pool) = PgPool::open(&self.server)
            && let Ok(mut client) = pool.take()
        {
            let _ = client.batch(&format!("drop database if exists {} with (force)", self.name));
        }
    }
}

/// The engines at hand, each with an empty, migrated database.
pub fn test_db() -> Result<Vec<TestDb>> {
    let name = unique()?;
    let folder = Folder(std::env::temp_dir().join(&name));
    std::fs::create_dir_all(&folder.0)?;
    let keys = Keys::from_master([42; 32])?;
    let url = DbUrl::Sqlite(folder.0.join("test.db"));
    let db = Db::open(&url, keys.clone())?;
    let mut all =
        vec![TestDb { db, engine: "sqlite", url, _folder: Some(folder), _database: None }];
    if let Some(database) = Database::create()? {
        let url = DbUrl::Postgres(database.url.clone());
        let db = Db::open(&url, keys)?;
        all.push(TestDb { db, engine: "postgres", url, _folder: None, _database: Some(database) });
    }
    Ok(all)
}

fn unique() -> Result<String> {
    let mut bytes = [0u8; 8];
    getrandom::fill(&mut bytes).map_err(|why| Error::fault(format!("no randomness: {why}")))?;
    Ok(format!("shouwang_test_{:016x}", u64::from_le_bytes(bytes)))
}

impl TestDb {
    /// The same database as the next start of the program opens it.
    pub fn open_again(&self) -> Result<Db> {
        Db::open(&self.url, self.db.keys().clone())
    }

    /// The program's own context on this database.
    pub fn system(&self, clock: Clock) -> Ctx {
        Ctx::system(&self.db, clock)
    }
}
