//! What rows were before they were changed or deleted: a table `x_kept` beside `x` says that every earlier state of its rows
//! is kept, until when it stood. Triggers keep it, so that no statement, also none that is written later, can forget it.
//!
//! A row that is changed in the transaction that wrote it leaves nothing, and of several changes in one transaction the
//! state before the first one is kept: nobody saw the others. What was never published is not kept either.

use std::fmt::Write as _;

use kernel::error::Result;
use kernel::time::Instant;
use sha2::{Digest, Sha256};

use crate::db::{Db, Engine, Session};
use crate::value::BuiltSql;

/// How tables of earlier rows are called.
const KEPT: &str = "_kept";
/// Columns that say when a row was written, in this order.
const BORN: [&str; 3] = ["created_at", "recorded_at", "uploaded_at"];

/// The tables whose earlier rows are kept.
///
/// # Errors
/// What the database refuses.
pub fn kept_tables(session: &mut Session) -> Result<Vec<String>> {
    let sql = match session.engine() {
        Engine::Sqlite => "select name from sqlite_master where type = 'table' order by name",
        Engine::Postgres => {
            "select cast(table_name as text) from information_schema.tables
             where table_schema = current_schema() order by 1"
        }
    };
    let names = session.rows(sql, &[])?;
    let names: Vec<String> = names.iter().map(|row| row.text(0)).collect::<Result<_>>()?;
    Ok(names.iter().filter_map(|name| name.strip_suffix(KEPT).map(str::to_owned)).collect())
}

/// The columns of a table, in order.
///
/// # Errors
/// What the database refuses.
pub fn columns_of(session: &mut Session, table: &str) -> Result<Vec<String>> {
    let sql = match session.engine() {
        Engine::Sqlite => "select name from pragma_table_info($1) order by cid",
        Engine::Postgres => {
            "select cast(column_name as text) from information_schema.columns
             where table_schema = current_schema() and cast(table_name as text) = $1 order by ordinal_position"
        }
    };
    session.rows(sql, &[table.into()])?.iter().map(|row| row.text(0)).collect()
}

/// Says to the triggers when the transaction that begins writes.
pub(crate) fn say_when(session: &mut Session, now: Instant) -> Result<()> {
    match session.engine() {
        Engine::Sqlite => session.command(&format!("update writing set at = '{now}'")),
        Engine::Postgres => session.command(&format!("set local shouwang.at = '{now}'")),
    }
}

/// Makes the triggers that are missing and those of which the columns have changed. Run at every start.
pub(crate) fn ensure(db: &Db) -> Result<()> {
    let mut session = db.read()?;
    let mut statements = Vec::new();
    let there = triggers(&mut session)?;
    for table in kept_tables(&mut session)? {
        let mut columns = columns_of(&mut session, &format!("{table}{KEPT}"))?;
        columns.retain(|column| column != "until");
        let made = match session.engine() {
            Engine::Sqlite => sqlite(&table, &columns),
            Engine::Postgres => postgres(&table, &columns),
        };
        let name = format!("{table}_keeps_{}", digest(&made.concat()));
        let old: Vec<&String> = there
            .iter()
            .filter(|one| one.starts_with(&format!("{table}_keeps_")) && !one.starts_with(&name))
            .collect();
        for one in &old {
            statements.push(match session.engine() {
                Engine::Sqlite => format!("drop trigger if exists {one}"),
                Engine::Postgres => format!("drop trigger if exists {one} on {table}"),
            });
        }
        if !there.iter().any(|one| one.starts_with(&name)) {
            statements.extend(made.iter().map(|text| text.replace("{name}", &name)));
        }
    }
    drop(session);
    if statements.is_empty() {
        return Ok(());
    }
    let statements: Vec<BuiltSql> = statements.into_iter().map(BuiltSql::from_generator).collect();
    db.ensure(&statements)
}

fn triggers(session: &mut Session) -> Result<Vec<String>> {
    let sql = match session.engine() {
        Engine::Sqlite => "select name from sqlite_master where type = 'trigger'",
        Engine::Postgres => "select cast(tgname as text) from pg_trigger where not tgisinternal",
    };
    session.rows(sql, &[])?.iter().map(|row| row.text(0)).collect()
}

fn digest(text: &str) -> String {
    let all = Sha256::digest(text);
    all.iter().take(5).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// When a row is worth keeping: it was there before this transaction, and published.
fn worth(columns: &[String], now: &str) -> Vec<String> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let mut all = Vec::new();
    if let Some(born) = BORN.iter().find(|name| has(name)) {
        all.push(format!("old.{born} <> {now}"));
    }
    if has("batch_id") && has("row_no") {
        all.push(
            "exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging')"
                .to_owned(),
        );
    }
    all
}

fn insert(table: &str, columns: &[String], now: &str) -> String {
    let old: Vec<String> = columns.iter().map(|column| format!("old.{column}")).collect();
    format!(
        "insert into {table}{KEPT} (until, {}) select {now}, {} where true on conflict do nothing;",
        columns.join(", "),
        old.join(", ")
    )
}

fn differs(columns: &[String], unlike: &str) -> String {
    let each = columns.iter().map(|column| format!("old.{column} {unlike} new.{column}"));
    format!("({})", each.collect::<Vec<_>>().join(" or "))
}

fn sqlite(table: &str, columns: &[String]) -> Vec<String> {
    let now = "(select at from writing)";
    let insert = insert(table, columns, now);
    let worth = worth(columns, now);
    let when = |more: Option<String>| {
        let all: Vec<String> = more.into_iter().chain(worth.iter().cloned()).collect();
        if all.is_empty() { String::new() } else { format!("when {}", all.join(" and ")) }
    };
    vec![
        format!(
            "create trigger if not exists {{name}}_u after update on {table} {} begin {insert} end",
            when(Some(differs(columns, "is not")))
        ),
        format!(
            "create trigger if not exists {{name}}_d after delete on {table} {} begin {insert} end",
            when(None)
        ),
    ]
}

fn postgres(table: &str, columns: &[String]) -> Vec<String> {
    let now = "coalesce(nullif(current_setting('shouwang.at', true), ''), '0')";
    let insert = insert(table, columns, now);
    let worth = worth(columns, now);
    let body = match worth.is_empty() {
        true => insert,
        false => format!("if {} then {insert} end if;", worth.join(" and ")),
    };
    vec![
        format!(
            "create or replace function {table}_keep() returns trigger language plpgsql as $$ begin {body} return null; end $$"
        ),
        format!(
            "create or replace trigger {{name}}_u after update on {table} for each row when ({}) execute function {table}_keep()",
            differs(columns, "is distinct from")
        ),
        format!(
            "create or replace trigger {{name}}_d after delete on {table} for each row execute function {table}_keep()"
        ),
    ]
}
