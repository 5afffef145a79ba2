//! Tables that are derived from others: made at start by a generator, filled beforehand, published as a whole.

use kernel::error::{Error, Result};

use crate::db::{Db, Engine, Session};
use crate::tx::Tx;
use crate::value::{BuiltSql, Value};

/// Tables whose names end so hold what is prepared and not yet published; nobody reads them but the publication.
const UNPUBLISHED: &str = "_next";

impl Db {
    /// Runs generated statements that make tables and indexes, in one transaction. What they hold can be derived
    /// again at any time, so this is no change of the county's data and needs no journal entry.
    pub fn ensure(&self, statements: &[BuiltSql]) -> Result<()> {
        let mut session = self.write_session()?;
        if session.engine() == Engine::Postgres {
            // two programs that start at once take turns
            session.command("select pg_advisory_xact_lock(7413)")?;
        }
        for statement in statements {
            session.command(statement.as_str())?;
        }
        session.command("commit")
    }

    /// Writes rows that nobody sees before they are published. `table` must be one of the tables of prepared rows.
    pub fn keep_unpublished(
        &self,
        tx: Tx,
        table: &'static str,
        columns: &'static [&'static str],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<usize> {
        unpublished(table)?;
        let mut tx = tx;
        let written = tx.insert_many(table, columns, rows)?;
        tx.commit_unseen()?;
        Ok(written)
    }

    /// Writes rows that nobody sees before they are published by a generated statement that names their table.
    pub fn put_unpublished(
        &self,
        tx: Tx,
        table: &'static str,
        statement: &BuiltSql,
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<usize> {
        unpublished(table)?;
        let mut tx = tx;
        let written = tx.exec_many(statement, rows)?;
        tx.commit_unseen()?;
        Ok(written)
    }

    /// Removes prepared rows by a generated statement that names their table.
    pub fn drop_unpublished(
        &self,
        tx: Tx,
        table: &'static str,
        statement: &BuiltSql,
        params: &[Value],
    ) -> Result<usize> {
        unpublished(table)?;
        let mut tx = tx;
        let removed = tx.exec(statement, params)?;
        tx.commit_unseen()?;
        Ok(removed)
    }
}

fn unpublished(table: &str) -> Result<()> {
    if table.ends_with(UNPUBLISHED) {
        return Ok(());
    }
    Err(Error::fault(format!("{table} is no table of prepared rows")))
}

/// Whether a table exists.
pub fn has_table(session: &mut Session, name: &str) -> Result<bool> {
    let sql = match session.engine() {
        Engine::Sqlite => "select 1 from sqlite_master where type = 'table' and name = $1",
        Engine::Postgres => {
            "select 1 from information_schema.tables where table_schema = current_schema() and cast(table_name as text) = $1"
        }
    };
    Ok(session.find(sql, &[name.into()])?.is_some())
}
