//! Queries whose text follows from the declarations of the fact columns.

use facts::Table;

const LISTED: &str = "in (select value from json_each($1))";

pub fn by_key(table: &Table, columns: &[&str]) -> String {
    format!("select {} from {} where {} {LISTED}", columns.join(", "), table.name, table.key)
}

pub fn by_household(table: &Table, columns: &[&str]) -> String {
    format!("select {} from {} where household_id {LISTED}", columns.join(", "), table.name)
}

pub fn remove(table: &Table) -> String {
    format!("delete from {} where {} {LISTED}", table.name, table.key)
}

pub fn publish(table: &Table, next: &str, columns: &[&str]) -> String {
    let list = columns.join(", ");
    let others = columns.iter().filter(|name| **name != table.key);
    let set: Vec<String> = others.map(|name| format!("{name} = excluded.{name}")).collect();
    format!(
        "insert into {} ({list}) select {list} from {next} where preparation = $1 \
         and village_code not in (select value from json_each($2)) on conflict ({}) do update set {}",
        table.name,
        table.key,
        set.join(", ")
    )
}

/// Like [`remove`], but not in the villages in `$2`.
pub fn remove_but(table: &Table) -> String {
    format!("{} and village_code not in (select value from json_each($2))", remove(table))
}

pub fn forget(next: &str) -> String {
    format!("delete from {next} where preparation = $1")
}

/// Removes at most so many rows of the preparation `$1`; only SQLite, where it keeps others from writing, needs pieces.
pub fn forget_some(next: &str, most: usize) -> String {
    format!(
        "delete from {next} where rowid in (select rowid from {next} where preparation = $1 limit {most})"
    )
}

pub fn sweep(next: &str) -> String {
    format!("delete from {next} where preparation < $1")
}

pub fn drop_tables(table: &str, beside: &[&str]) -> Vec<String> {
    let all = std::iter::once(&table).chain(beside);
    all.map(|name| format!("drop table if exists {name}")).collect()
}

/// A table of prepared rows has the columns of its fact table and no index: it is written and read as a whole.
pub fn create_next(table: &str, next: &str) -> String {
    format!(
        "create table {next} as select cast('' as text) as preparation, f.* from {table} f where 1 = 0"
    )
}

/// The statements of `text` about another table of the same form.
pub fn about_another(text: &str, table: &str, other: &str) -> String {
    text.replace(table, other)
}

/// Copies the rows of the villages in `$1` into a table of the same form, but not those of the households in `$2` and not
/// those that are there.
pub fn copy_rows(table: &Table, whole: &str, columns: &[&str]) -> String {
    let list = columns.join(", ");
    format!(
        "insert into {whole} ({list}) select {list} from {} where village_code {LISTED} \
         and household_id not in (select value from json_each($2)) on conflict ({}) do nothing",
        table.name, table.key
    )
}

pub fn clear(whole: &str) -> String {
    format!("delete from {whole}")
}

pub fn has_rows(whole: &str) -> String {
    format!("select 1 from {whole} limit 1")
}

/// Two tables of the same form take each other's names.
pub fn exchange(table: &str, whole: &str) -> [String; 3] {
    let between = format!("{table}_leaving_next");
    [
        format!("alter table {table} rename to {between}"),
        format!("alter table {whole} rename to {table}"),
        format!("alter table {between} rename to {whole}"),
    ]
}

/// `meaning` holds letters and digits only.
pub fn keep_meaning(meaning: &str) -> String {
    format!(
        "insert into fact_meaning (id, meaning) values (1, '{meaning}') \
         on conflict (id) do update set meaning = excluded.meaning"
    )
}
