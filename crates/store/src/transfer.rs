//! A county moves from one database into another, perhaps of the other engine: every row of every table, in one
//! transaction. The journal moves with it, so its chain holds on the other side.

use kernel::error::{Refusal, Result};

use crate::db::{Conn, Db, Session};
use crate::sqlite;
use crate::value::{BuiltSql, Value};

/// Rows that are carried together.
const ROWS_AT_A_TIME: usize = 5_000;

/// Copies all tables of `from`, an embedded database, into `to`, in which nobody has done anything yet; but not those in
/// `left_out`. Both must have the same migrations. Returns the number of rows.
///
/// # Errors
/// A conflict when `to` has a journal already; what the databases refuse, and then nothing has been copied.
pub fn transfer(from: &Db, to: &Db, left_out: &[&str]) -> Result<usize> {
    let mut source = from.read()?;
    let mut target = to.write_session()?;
    if target.row("select count(*) from journal", &[])?.int(0)? > 0 {
        return Err(Refusal::conflict("store.not_empty").into());
    }
    let tables =
        source.rows("select name from sqlite_master where type = 'table' order by name", &[])?;
    let mut moved = 0;
    for table in tables {
        let table = table.text(0)?;
        let own = table.starts_with("sqlite_") || table == "migrations" || table.ends_with("_next");
        if !own && !left_out.contains(&table.as_str()) {
            moved += one_table(&mut source, &mut target, &table)?;
        }
    }
    target.command("commit")?;
    Ok(moved)
}

fn one_table(source: &mut Session, target: &mut Session, table: &str) -> Result<usize> {
    let sql = format!("select name from pragma_table_info('{table}') order by cid");
    let columns = source.rows(&BuiltSql::from_generator(sql), &[])?;
    let columns = columns.iter().map(|row| row.text(0)).collect::<Result<Vec<String>>>()?;
    // What the migrations put there comes with the rest.
    target.command(&format!("delete from {table}"))?;
    let (mut waiting, mut moved) = (Vec::new(), 0);
    let sql = BuiltSql::from_generator(format!("select {} from {table}", columns.join(", ")));
    source.each(&sql, &[], |row| {
        waiting.push(row.0);
        if waiting.len() == ROWS_AT_A_TIME {
            moved += put(target, (table, &columns), std::mem::take(&mut waiting))?;
        }
        Ok(true)
    })?;
    Ok(moved + put(target, (table, &columns), waiting)?)
}

fn put(
    target: &mut Session,
    (table, columns): (&str, &[String]),
    rows: Vec<Vec<Value>>,
) -> Result<usize> {
    match target.conn()? {
        Conn::SqliteReader(conn) | Conn::SqliteWriter(conn) => {
            let marks = vec!["?"; columns.len()].join(", ");
            let sql = format!("insert into {table} ({}) values ({marks})", columns.join(", "));
            sqlite::exec_many(conn, &sql, &mut rows.into_iter())
        }
        Conn::Postgres(client) => {
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            client.copy_in(table, &columns, &mut rows.into_iter())
        }
    }
}
