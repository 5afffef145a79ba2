//! The fact tables themselves: made from the declarations of the columns, made anew when these change.

use std::sync::OnceLock;

use facts::{HOUSEHOLD, PERSON, Schema, Table, VILLAGE};
use kernel::error::{OrFault, Result};
use store::{BuiltSql, Db, Engine, has_table};

use super::queries;
use crate::circumstances::facts::columns;

/// What the derivation itself means. It goes up when the same records give other values than before; then every row is
/// derived again at the next start.
const DERIVATION: u32 = 3;

/// Every fact table with the columns that the register derives. Rules, lists and indicators are checked against it.
///
/// # Errors
/// When a declaration is careless; this is found by the first test.
pub fn schema() -> Result<&'static Schema> {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    if let Some(schema) = SCHEMA.get() {
        return Ok(schema);
    }
    let made = Schema::of(columns()).or_fault("columns of the facts")?;
    Ok(SCHEMA.get_or_init(|| made))
}

/// One fact table with the statements that read and write its rows.
pub(super) struct Rows {
    pub(super) table: Table,
    /// Where prepared rows wait.
    pub(super) next: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) next_columns: &'static [&'static str],
    pub(super) upsert: BuiltSql,
    /// The rows whose keys are in `$1`.
    pub(super) by_key: BuiltSql,
    /// The keys and rows that belong to the households in `$1`; for the tables of persons.
    pub(super) by_household: BuiltSql,
    /// Removes the rows whose keys are in `$1`.
    pub(super) remove: BuiltSql,
    /// The same, but not in the villages in `$2`.
    pub(super) remove_but: BuiltSql,
    /// Publishes the rows of the preparation `$1`, but not those of the villages in `$2`.
    pub(super) publish: BuiltSql,
    /// Removes the rows of the preparation `$1`: all at once, or at most [`FORGOTTEN_AT_ONCE`] of them.
    pub(super) forget: BuiltSql,
    pub(super) forget_some: BuiltSql,
    /// Removes the rows of preparations before `$1`.
    pub(super) sweep: BuiltSql,
    pub(super) whole: Option<Whole>,
}

/// A table of the same form, in which all rows are prepared when most change: it takes the other's place by its name.
pub(super) struct Whole {
    pub(super) name: &'static str,
    create: Vec<String>,
    /// Writes a prepared row.
    pub(super) put: BuiltSql,
    /// Copies the rows of the villages in `$1`, but not those of the households in `$2`.
    pub(super) copy: BuiltSql,
    pub(super) clear: BuiltSql,
    pub(super) has_rows: BuiltSql,
    /// One after the other in one transaction.
    pub(super) exchange: [BuiltSql; 3],
}

fn whole(schema: &Schema, table: &Table, name: &'static str) -> Whole {
    let built = BuiltSql::from_generator;
    let create = schema.create_sql().into_iter().filter(|text| text.contains(table.name));
    let columns = schema.upsert_columns(table);
    Whole {
        name,
        create: create.map(|text| queries::about_another(&text, table.name, name)).collect(),
        put: built(queries::about_another(&schema.upsert_sql(table), table.name, name)),
        copy: built(queries::copy_rows(table, name, &columns)),
        clear: built(queries::clear(name)),
        has_rows: built(queries::has_rows(name)),
        exchange: queries::exchange(table.name, name).map(built),
    }
}

/// So many rows are removed while somebody else waits to write.
pub(super) const FORGOTTEN_AT_ONCE: usize = 5_000;

/// The three tables.
pub(super) struct Tables {
    pub(super) household: Rows,
    pub(super) person: Rows,
    pub(super) village: Rows,
}

pub(super) fn tables() -> Result<&'static Tables> {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    if let Some(tables) = TABLES.get() {
        return Ok(tables);
    }
    let schema = schema()?;
    let made = Tables {
        household: Rows {
            whole: Some(whole(schema, &HOUSEHOLD, "household_facts_whole_next")),
            ..rows(schema, HOUSEHOLD, "household_facts_next")
        },
        person: Rows {
            whole: Some(whole(schema, &PERSON, "person_facts_whole_next")),
            ..rows(schema, PERSON, "person_facts_next")
        },
        village: rows(schema, VILLAGE, "village_facts_next"),
    };
    Ok(TABLES.get_or_init(|| made))
}

fn rows(schema: &Schema, table: Table, next: &'static str) -> Rows {
    let columns: &'static [&'static str] = schema.upsert_columns(&table).leak();
    let mut with_preparation = vec!["preparation"];
    with_preparation.extend(columns);
    let built = BuiltSql::from_generator;
    Rows {
        table,
        next,
        columns,
        next_columns: with_preparation.leak(),
        upsert: built(schema.upsert_sql(&table)),
        by_key: built(queries::by_key(&table, columns)),
        by_household: built(queries::by_household(&table, columns)),
        remove: built(queries::remove(&table)),
        publish: built(queries::publish(&table, next, columns)),
        remove_but: built(queries::remove_but(&table)),
        forget: built(queries::forget(next)),
        forget_some: built(queries::forget_some(next, FORGOTTEN_AT_ONCE)),
        sweep: built(queries::sweep(next)),
        whole: None,
    }
}

/// Makes the fact tables where they are missing, and anew where columns or their meaning changed. Answers whether
/// every row has to be derived again. Run at every start, after the migrations.
///
/// # Errors
/// What the database refuses.
pub fn ensure_tables(db: &Db) -> Result<bool> {
    let schema = schema()?;
    let meant = meaning(schema);
    let kept = queries::kept_meaning(&mut db.read()?)?;
    let same = kept.as_deref() == Some(meant.as_str());
    let mut statements = Vec::new();
    if !same {
        for rows in [&tables()?.household, &tables()?.person, &tables()?.village] {
            let beside = std::iter::once(rows.next).chain(rows.whole.iter().map(|one| one.name));
            let beside: Vec<&str> = beside.collect();
            statements.extend(queries::drop_tables(rows.table.name, &beside));
        }
        statements.extend(schema.create_sql());
        for rows in [&tables()?.household, &tables()?.person, &tables()?.village] {
            statements.push(queries::create_next(rows.table.name, rows.next));
        }
    }
    // only the embedded engine shows every reader one state of the names of tables too
    if db.engine() == Engine::Sqlite {
        for whole in [&tables()?.household.whole, &tables()?.person.whole].into_iter().flatten() {
            if !same || !has_table(&mut db.read()?, whole.name)? {
                statements.extend(whole.create.iter().cloned());
            }
        }
    }
    if !statements.is_empty() {
        let statements: Vec<BuiltSql> =
            statements.into_iter().map(BuiltSql::from_generator).collect();
        db.ensure(&statements)?;
    }
    let empty = !same && queries::is_empty(&mut db.read()?)?;
    if empty {
        keep_meaning(db)?;
    }
    Ok(!same && !empty)
}

/// Remembers that every row is derived as these columns mean it.
pub(super) fn keep_meaning(db: &Db) -> Result<()> {
    let text = meaning(schema()?);
    db.ensure(&[BuiltSql::from_generator(queries::keep_meaning(&text))])
}

/// A digest of all declarations and of the derivation's own number: letters and digits only.
fn meaning(schema: &Schema) -> String {
    use sha2::{Digest, Sha256};
    let mut digest = Sha256::new();
    digest.update(DERIVATION.to_string());
    for table in schema.tables() {
        for column in schema.columns(table.name) {
            digest.update(format!("{}.{} {};", table.name, column.name, column.kind.sql_type()));
        }
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
