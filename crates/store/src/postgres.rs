//! The second engine: a pool of blocking PostgreSQL clients.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use kernel::error::{Error, Refusal, Result};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use crate::sqlite::LONG_WAIT;
use crate::value::{Row, Value};

const CLIENTS: usize = 12;
/// So many even when all of them are waited for.
const MOST_CLIENTS: usize = 48;
/// A server that takes no connection within this time is away.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// A connection over which nothing sent has arrived for so long is lost.
const HEARD_WITHIN: Duration = Duration::from_secs(30);

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => match *ty {
                Type::INT8 => number.to_sql(ty, out),
                Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
                Type::FLOAT8 => (*number as f64).to_sql(ty, out),
                _ => Err(format!("a whole number cannot be bound as {ty}").into()),
            },
            Value::Real(number) => match *ty {
                Type::FLOAT8 => number.to_sql(ty, out),
                _ => Err(format!("a real number cannot be bound as {ty}").into()),
            },
            Value::Text(text) => match *ty {
                Type::TEXT | Type::VARCHAR | Type::UNKNOWN => text.as_str().to_sql(ty, out),
                _ => Err(format!("text cannot be bound as {ty}").into()),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Turns an engine error into something a person can act on where the cause is outside the program.
pub(crate) fn explain(why: postgres::Error) -> Error {
    let code = match why.code().map(postgres::error::SqlState::code) {
        Some("53100") => Some("store.disk_full"),
        Some("55P03" | "40P01" | "40001") => Some("store.locked"),
        Some("57014") => Some("store.interrupted"),
        Some("57P01" | "57P02" | "57P03" | "53300" | "08006" | "08001") => {
            Some("store.unavailable")
        }
        Some(_) => None,
        None => (why.is_closed() || why.source().is_some_and(|s| s.is::<std::io::Error>()))
            .then_some("store.unavailable"),
    };
    match code {
        Some(code) => Refusal::unavailable(code).into(),
        None => {
            let detail = why.as_db_error().map(|e| e.message().to_owned()).unwrap_or_default();
            Error::fault(format!("postgresql: {why} {detail}"))
        }
    }
}

/// A client with the statements it has prepared.
pub(crate) struct PgClient {
    client: Client,
    prepared: HashMap<String, Statement>,
    /// Whether it was used before.
    kept: bool,
}

impl PgClient {
    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(explain)?;
        if self.prepared.len() > 300 {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Begins to stop statements that take longer than `limit`, or ends it: what came since is kept, or undone where a
    /// statement was stopped, so that the transaction goes on.
    pub(crate) fn bound(&mut self, limit: Option<Duration>) -> Result<()> {
        match limit {
            Some(limit) => {
                let millis = limit.as_millis().max(1);
                self.batch(&format!("savepoint bounded; set local statement_timeout = {millis}"))
            }
            None => {
                self.batch("set local statement_timeout = 0; release savepoint bounded").or_else(
                    |_| self.batch("rollback to savepoint bounded; release savepoint bounded"),
                )
            }
        }
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(explain)
    }

    pub(crate) fn rows(
        &mut self,
        sql: &str,
        params: &[Value],
        mut each: impl FnMut(Row) -> Result<bool>,
    ) -> Result<()> {
        let statement = self.statement(sql)?;
        let mut found = self.client.query_raw(&statement, params).map_err(explain)?;
        while let Some(row) = found.next().map_err(explain)? {
            let mut values = Vec::with_capacity(row.len());
            for (index, column) in row.columns().iter().enumerate() {
                values.push(read(&row, index, column.type_())?);
            }
            if !each(Row(values))? {
                break;
            }
        }
        Ok(())
    }

    pub(crate) fn exec(&mut self, sql: &str, params: &[Value]) -> Result<usize> {
        let statement = self.statement(sql)?;
        let bound: Vec<&(dyn ToSql + Sync)> =
            params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let changed = self.client.execute(&statement, &bound).map_err(explain)?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Copies rows in, the fast way; nothing is checked against existing rows but the table's own constraints.
    pub(crate) fn copy_in(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = Vec<Value>>,
    ) -> Result<usize> {
        let sql = format!("copy {table} ({}) from stdin", columns.join(", "));
        let mut writer = self.client.copy_in(sql.as_str()).map_err(explain)?;
        let mut line = String::new();
        for row in rows {
            line.clear();
            for (index, value) in row.iter().enumerate() {
                if index > 0 {
                    line.push('\t');
                }
                copy_text(value, &mut line);
            }
            line.push('\n');
            writer.write_all(line.as_bytes()).map_err(lost_line)?;
        }
        let copied = writer.finish().map_err(explain)?;
        Ok(usize::try_from(copied).unwrap_or(usize::MAX))
    }
}

/// What a copy that cannot go on says: the cause is inside.
fn lost_line(why: std::io::Error) -> Error {
    match why.downcast::<postgres::Error>() {
        Ok(why) => explain(why),
        Err(_) => Refusal::unavailable("store.unavailable").into(),
    }
}

fn copy_text(value: &Value, line: &mut String) {
    match value {
        Value::Null => line.push_str("\\N"),
        Value::Int(number) => line.push_str(&number.to_string()),
        Value::Real(number) => line.push_str(&number.to_string()),
        Value::Text(text) => {
            for c in text.chars() {
                match c {
                    '\\' => line.push_str("\\\\"),
                    '\t' => line.push_str("\\t"),
                    '\n' => line.push_str("\\n"),
                    '\r' => line.push_str("\\r"),
                    '\0' => {}
                    other => line.push(other),
                }
            }
        }
    }
}

fn read(row: &postgres::Row, index: usize, ty: &Type) -> Result<Value> {
    let value = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(index).map(|v| v.map(Value::Int)),
        Type::INT4 => {
            row.try_get::<_, Option<i32>>(index).map(|v| v.map(|n| Value::Int(i64::from(n))))
        }
        Type::BOOL => {
            row.try_get::<_, Option<bool>>(index).map(|v| v.map(|b| Value::Int(i64::from(b))))
        }
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(index).map(|v| v.map(Value::Real)),
        Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
            row.try_get::<_, Option<String>>(index).map(|v| v.map(Value::Text))
        }
        _ => return Err(Error::fault(format!("column {index} has type {ty}; cast it in the SQL"))),
    };
    Ok(value.map_err(explain)?.unwrap_or(Value::Null))
}

#[derive(Default)]
struct Shelf {
    free: Vec<PgClient>,
    out: usize,
}

pub(crate) struct PgPool {
    config: postgres::Config,
    shelf: Mutex<Shelf>,
    changed: Condvar,
}

impl PgPool {
    pub(crate) fn open(url: &str) -> Result<Arc<Self>> {
        let mut config: postgres::Config = url.parse().map_err(explain)?;
        // A server that does not answer at all is away too, and a person waits for the page.
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(ANSWERS_WITHIN);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(HEARD_WITHIN);
        }
        let pool = PgPool { config, shelf: Mutex::new(Shelf::default()), changed: Condvar::new() };
        let client = pool.take()?;
        pool.give_back(client);
        Ok(Arc::new(pool))
    }

    /// A client on which a transaction has begun. Those that were kept from before the server went away are found out
    /// here, so that the first request after it is back does not fail for them.
    pub(crate) fn begin(&self, sql: &str) -> Result<PgClient> {
        loop {
            let mut client = self.take()?;
            let kept = client.kept;
            match client.batch(sql) {
                Ok(()) => return Ok(client),
                Err(_) if kept => self.lost(),
                Err(why) => {
                    self.lost();
                    return Err(why);
                }
            }
        }
    }

    /// A free client, or one more while there are few; one more too for who has waited long, as the others may be in the
    /// hands of those who wait themselves.
    pub(crate) fn take(&self) -> Result<PgClient> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waited = false;
        loop {
            if let Some(mut client) = shelf.free.pop() {
                if client.client.is_closed() {
                    continue;
                }
                shelf.out += 1;
                client.kept = true;
                return Ok(client);
            }
            if shelf.out < CLIENTS || (waited && shelf.out < MOST_CLIENTS) {
                shelf.out += 1;
                drop(shelf);
                return self.connect().inspect_err(|_| self.lost());
            }
            let woken = self.changed.wait_timeout_while(shelf, LONG_WAIT, |shelf| {
                shelf.free.is_empty() && shelf.out >= CLIENTS
            });
            let (next, result) = woken.unwrap_or_else(PoisonError::into_inner);
            (shelf, waited) = (next, result.timed_out());
        }
    }

    pub(crate) fn connect(&self) -> Result<PgClient> {
        let mut client = self.config.connect(NoTls).map_err(|why| {
            if why.code().is_some() {
                return explain(why);
            }
            Refusal::unavailable("store.unavailable").into()
        })?;
        // translating the condition of a long rule into machine code takes minutes and no time limit stops it
        client.batch_execute("set jit = off").map_err(explain)?;
        Ok(PgClient { client, prepared: HashMap::new(), kept: false })
    }

    fn lost(&self) {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner).out -= 1;
        self.changed.notify_one();
    }

    pub(crate) fn give_back(&self, client: PgClient) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.out = shelf.out.saturating_sub(1);
        if !client.client.is_closed() && shelf.out + shelf.free.len() < CLIENTS {
            shelf.free.push(client);
        }
        drop(shelf);
        self.changed.notify_one();
    }
}
