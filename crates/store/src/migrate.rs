//! Applies `migrations/NNNN_room_what.sql`, one portable text for both engines.

use std::collections::BTreeSet;

use include_dir::{Dir, include_dir};
use kernel::error::{Error, Refusal, Result};

use crate::db::{Db, Engine, Session};
use crate::derived::has_table;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");

/// `json_each` as SQLite has it, so that `in (select value from json_each($1))` runs on both engines. Written before any
/// migration; a change of it comes with one.
const POSTGRES_HELPERS: &str = "
create or replace function json_each(list text) returns table (key bigint, value text)
language sql immutable strict as $$
  select place - 1, item from jsonb_array_elements_text(list::jsonb) with ordinality as x(item, place)
$$;";

fn files() -> Result<Vec<(i64, &'static str, &'static str)>> {
    let mut found = Vec::new();
    for file in FILES.files() {
        let name = file.path().file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(stem) = name.strip_suffix(".sql") else { continue };
        let number = stem.split('_').next().and_then(|digits| digits.parse().ok());
        let number =
            number.ok_or_else(|| Error::fault(format!("migration {name} has no number")))?;
        let text =
            file.contents_utf8().ok_or_else(|| Error::fault(format!("{name} is not UTF-8")))?;
        found.push((number, stem, text));
    }
    found.sort_unstable();
    Ok(found)
}

/// The text of all migrations for one engine, in order: what `schema.sql` is made from.
pub fn schema_text(engine: Engine) -> Result<String> {
    Ok(files()?.iter().map(|(_, _, text)| for_engine(text, engine)).collect::<Vec<_>>().join("\n"))
}

/// How many migrations this database has.
pub fn migrations_applied(session: &mut Session) -> Result<i64> {
    session.row("select count(*) from migrations", &[])?.int(0)
}

/// The collation of a PostgreSQL database; it must be C, so that both engines order and compare alike.
pub fn collation(session: &mut Session) -> Result<String> {
    let sql = "select datcollate::text from pg_database where datname = current_database()";
    session.row(sql, &[])?.text(0)
}

fn for_engine(text: &str, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => text.replace("/*clustered*/", "without rowid"),
        Engine::Postgres => text.to_owned(),
    }
}

pub(crate) fn run(db: &Db) -> Result<()> {
    let files = files()?;
    // A program that starts while another one works does not wait for the writer only to learn that all is done.
    let mut session = db.read()?;
    if has_table(&mut session, "migrations")? {
        let known = session.rows("select number from migrations", &[])?;
        let known = known.iter().map(|row| row.int(0)).collect::<Result<BTreeSet<i64>>>()?;
        newer(&files, &known)?;
        if files.iter().all(|(number, _, _)| known.contains(number)) {
            return Ok(());
        }
    }
    drop(session);
    let mut session = db.write_session()?;
    if session.engine() == Engine::Postgres {
        // Two programs that start at once take turns.
        session.command("select pg_advisory_xact_lock(7413)")?;
        session.command(POSTGRES_HELPERS)?;
    }
    session.command(
        "create table if not exists migrations (number bigint primary key, name text not null)",
    )?;
    session.command("commit")?;
    drop(session);
    for (number, name, text) in files {
        apply(db, number, name, text)?;
    }
    Ok(())
}

/// A database that a newer program has written to is left alone: this one would not know what some of its columns mean.
fn newer(files: &[(i64, &str, &str)], known: &BTreeSet<i64>) -> Result<()> {
    let own: BTreeSet<i64> = files.iter().map(|(number, _, _)| *number).collect();
    match known.difference(&own).last() {
        None => Ok(()),
        Some(number) => {
            let last = own.last().copied().unwrap_or_default();
            let refusal = Refusal::conflict("store.newer_program");
            Err(refusal.arg("number", *number).arg("last", last).into())
        }
    }
}

fn apply(db: &Db, number: i64, name: &str, text: &str) -> Result<()> {
    let mut session: Session = db.write_session()?;
    if session.engine() == Engine::Postgres {
        session.command("select pg_advisory_xact_lock(7413)")?;
    }
    let done = session.find("select 1 from migrations where number = $1", &[number.into()])?;
    if done.is_some() {
        return Ok(());
    }
    session
        .command(&for_engine(text, session.engine()))
        .map_err(|why| Error::fault(format!("migration {name}: {why}")))?;
    session.rows(
        "insert into migrations (number, name) values ($1, $2) returning number",
        &[number.into(), name.into()],
    )?;
    session.command("commit")
}
