//! The one way to write: a transaction that ends in a journal entry.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::time::{Day, Instant};

use crate::db::{Conn, Db, Session};
use crate::journal::{self, Entry};
use crate::kept;
use crate::sqlite;
use crate::value::{IntoSql, Value};

pub(crate) const ROLLBACK: &str = "rollback";

/// Refreshes what is derived (facts, open leads) for everything that a commit touched. Registered by the binary.
pub type Derivation = fn(&mut Tx, &Touched) -> Result<()>;

/// What a transaction says it changed.
#[derive(Debug, Default, Clone)]
pub struct Touched {
    /// Households by id, with the village in which they stand.
    pub households: BTreeMap<String, AreaCode>,
    /// Villages whose own facts changed.
    pub villages: BTreeSet<AreaCode>,
    /// Villages whose facts were worked out beforehand and published in this transaction: nothing has to be derived
    /// for them again, but what rests on their facts is stale.
    pub published: BTreeSet<AreaCode>,
    /// Villages of which something is counted that changed: the counts kept by village are made anew, nothing else.
    pub counted: BTreeSet<AreaCode>,
}

impl Touched {
    fn is_nothing(&self) -> bool {
        self.households.is_empty()
            && self.villages.is_empty()
            && self.published.is_empty()
            && self.counted.is_empty()
    }
}

/// A write transaction. Reads through [`Session`]; dropped without `commit`, it leaves nothing behind.
pub struct Tx {
    session: Session,
    touched: Touched,
    db: Db,
    now: Instant,
    today: Day,
    held: Held,
}

/// How long a transaction waited for its turn to write, and since when others wait for it.
struct Held {
    waited: std::time::Duration,
    since: std::time::Instant,
}

impl Held {
    /// Who wants to know what kept others from writing listens to `store=debug`.
    fn say(&self, what: &str, committing: std::time::Instant) {
        let (held, commit) = (self.since.elapsed(), committing.elapsed());
        tracing::debug!(what, waited = ?self.waited, ?held, ?commit, "written");
    }
}

impl Deref for Tx {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Tx {
    pub(crate) fn begin(db: &Db, now: Instant, today: Day) -> Result<Self> {
        Self::on(db, (now, today), Db::write_session)
    }

    pub(crate) fn begin_piece(db: &Db, now: Instant, today: Day) -> Result<Self> {
        Self::on(db, (now, today), Db::piece_session)
    }

    fn on(
        db: &Db,
        (now, today): (Instant, Day),
        begin: impl FnOnce(&Db) -> Result<Session>,
    ) -> Result<Self> {
        let asked = std::time::Instant::now();
        let mut session = begin(db)?;
        kept::say_when(&mut session, now)?;
        let held = Held { waited: asked.elapsed(), since: std::time::Instant::now() };
        Ok(Tx { session, touched: Touched::default(), db: db.clone(), now, today, held })
    }

    /// Whether somebody else waits to write: who writes in bulk lets them in soon.
    pub fn is_wanted(&self) -> bool {
        self.session.is_wanted()
    }

    /// How long others could not write because of this transaction.
    pub(crate) fn held_for(&self) -> std::time::Duration {
        self.held.since.elapsed()
    }

    /// The instant of this transaction, the same for all it writes.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The day of this transaction in the county.
    pub fn today(&self) -> Day {
        self.today
    }

    /// The database, for its keys.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Runs one writing statement; returns the number of rows it changed.
    pub fn exec(&mut self, sql: impl IntoSql, params: &[Value]) -> Result<usize> {
        match self.session.conn()? {
            Conn::SqliteReader(conn) | Conn::SqliteWriter(conn) => {
                sqlite::exec(conn, sql.sql(), params)
            }
            Conn::Postgres(client) => client.exec(sql.sql(), params),
        }
    }

    /// Runs one statement for each parameter list, prepared once.
    pub fn exec_many(
        &mut self,
        sql: impl IntoSql,
        params: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<usize> {
        match self.session.conn()? {
            Conn::SqliteReader(conn) | Conn::SqliteWriter(conn) => {
                sqlite::exec_many(conn, sql.sql(), &mut params.into_iter())
            }
            Conn::Postgres(client) => {
                let mut changed: usize = 0;
                for values in params {
                    changed += client.exec(sql.sql(), &values)?;
                }
                Ok(changed)
            }
        }
    }

    /// Inserts many rows the fastest way the engine has. Conflicts are errors.
    pub fn insert_many(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<usize> {
        match self.session.conn()? {
            Conn::SqliteReader(conn) | Conn::SqliteWriter(conn) => {
                let marks = vec!["?"; columns.len()].join(", ");
                let sql = format!("insert into {table} ({}) values ({marks})", columns.join(", "));
                sqlite::exec_many(conn, &sql, &mut rows.into_iter())
            }
            Conn::Postgres(client) => client.copy_in(table, columns, &mut rows.into_iter()),
        }
    }

    /// Says that facts of this household (standing in `village`) changed.
    pub fn touch_household(&mut self, household: impl Into<String>, village: AreaCode) {
        self.touched.households.insert(household.into(), village);
    }

    /// Says that facts of the village itself changed.
    pub fn touch_village(&mut self, village: AreaCode) {
        self.touched.villages.insert(village);
    }

    /// Says that the facts of this village were prepared and are published here: only its stamp goes up.
    pub fn touch_published(&mut self, village: AreaCode) {
        self.touched.published.insert(village);
    }

    /// Says that what is counted of this village changed.
    pub fn touch_counted(&mut self, village: AreaCode) {
        self.touched.counted.insert(village);
    }

    /// What has been touched so far.
    pub fn touched(&self) -> &Touched {
        &self.touched
    }

    /// Runs the derivations, bumps the stamps of the touched villages, appends `entry` to the journal, commits.
    /// Returns the entry's number. There is no other commit.
    pub fn commit(mut self, entry: Entry) -> Result<i64> {
        if self.session.bulk {
            return Err(Error::fault("a piece that nobody sees cannot be published by itself"));
        }
        let mut touched = std::mem::take(&mut self.touched);
        let db = self.db.clone();
        if !touched.is_nothing() {
            for derive in db.shared.derivations.get().map(Vec::as_slice).unwrap_or_default() {
                derive(&mut self, &touched)?;
                // households that one derivation changes are those of the next ones too
                touched.households.append(&mut self.touched.households);
            }
        }
        let number = journal::append(&mut self, &entry)?;
        let villages: BTreeSet<AreaCode> = touched
            .households
            .values()
            .chain(&touched.villages)
            .chain(&touched.published)
            .chain(&self.touched.villages)
            .copied()
            .collect();
        self.exec_many(
            "insert into village_stamps (village_code, stamp) values ($1, $2)
             on conflict (village_code) do update set stamp = excluded.stamp",
            villages.into_iter().map(|village| vec![village.into(), number.into()]),
        )?;
        let committing = std::time::Instant::now();
        self.session.command("commit")?;
        self.held.say(entry.verb(), committing);
        Ok(number)
    }

    /// Commits what is invisible until something else publishes it (rows of a staging batch, buffered access notes,
    /// migrations): no journal entry, because nothing anybody can see has changed.
    pub(crate) fn commit_unseen(mut self) -> Result<()> {
        self.session.bulk = true;
        let committing = std::time::Instant::now();
        self.session.command("commit")?;
        self.held.say("unseen", committing);
        Ok(())
    }

    /// Commits the clearing away of a batch that was never published and is gone now.
    pub fn commit_swept(mut self, batch_id: &str) -> Result<()> {
        match self.session.find("select 1 from batches where id = $1", &[batch_id.into()])? {
            None => self.commit_unseen(),
            Some(_) => Err(Error::fault(format!("batch {batch_id} is not gone"))),
        }
    }

    /// Commits rows that belong to a batch still in staging. The batch must be named and must be unpublished;
    /// its publication is the journalled act.
    pub fn commit_staged(mut self, batch_id: &str) -> Result<()> {
        let row =
            self.session.find("select state from batches where id = $1", &[batch_id.into()])?;
        match row.map(|row| row.text(0)).transpose()?.as_deref() {
            Some("staging") => self.commit_unseen(),
            other => Err(Error::fault(format!("batch {batch_id} is not in staging but {other:?}"))),
        }
    }
}
