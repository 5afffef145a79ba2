//! All fact tables of the program, collected from the rooms by the binary, and the SQL that makes and fills them.

use crate::column::{Column, Kind};
use crate::own::{self, MOST_MONTHS, OwnList};

/// A fact table: what one of its rows is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The name in SQL, `household_facts`.
    pub name: &'static str,
    /// The primary key column, a typed id as text.
    pub key: &'static str,
    /// Further key columns, with an index each, that say where the row belongs. Always holds the village code unless
    /// that is the key itself.
    pub belongs: &'static [&'static str],
}

/// One row per household.
pub const HOUSEHOLD: Table =
    Table { name: "household_facts", key: "household_id", belongs: &["village_code"] };
/// One row per person; `members(…)` looks here.
pub const PERSON: Table =
    Table { name: "person_facts", key: "person_id", belongs: &["household_id", "village_code"] };
/// One row per village.
pub const VILLAGE: Table = Table { name: "village_facts", key: "village_code", belongs: &[] };

/// The column every fact table carries: the day on which one of the row's values changes by itself (an age, a window).
pub const CHANGES_ON: &str = "changes_on";

/// Why a set of columns is no schema. These are mistakes in our own code, found when the program starts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A column names a table that was not declared.
    #[error("column {table}.{column}: no such fact table")]
    NoTable {
        /// The table it names.
        table: String,
        /// The column.
        column: String,
    },
    /// Two rooms declare the same column.
    #[error("column {table}.{column} is declared twice")]
    Twice {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The name is not lower-case ASCII with digits and underscores, or is a word that SQL keeps for itself.
    #[error("column {table}.{column}: the name must be plain lower case and no word of SQL")]
    BadName {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// Room, title or sentence is missing in one language.
    #[error("column {table}.{column}: room, title and sentence in both languages are needed")]
    Undocumented {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A day with coverage: "none" has no day to stand for it.
    #[error(
        "column {table}.{column}: a day cannot have coverage; give a count or a yes/no beside it"
    )]
    CoveredDay {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

/// Every fact table and its columns, in the order they were declared.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    tables: Vec<Table>,
    columns: Vec<Column>,
    lists: Vec<OwnList>,
}

/// Words that cannot be column names: the language of predicates, the keys, and what both engines reserve.
const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "true",
    "false",
    "between",
    "case",
    "when",
    "then",
    "else",
    "end",
    "select",
    "from",
    "where",
    "group",
    "order",
    "by",
    "table",
    "user",
    "primary",
    "check",
    "default",
    "limit",
    "offset",
    "union",
    "join",
    "on",
    "as",
    "to",
    "column",
    "unique",
    "references",
    "desc",
    "asc",
    "all",
    "any",
    "interval",
    "date",
    "left",
    "right",
    "cast",
    "exists",
    "like",
    "window",
];

impl Schema {
    /// The three tables of the register with the columns of all rooms. Errors name the column and what is wrong with it.
    pub fn of(columns: impl IntoIterator<Item = Column>) -> Result<Self, SchemaError> {
        Self::new(&[HOUSEHOLD, PERSON, VILLAGE], columns)
    }

    /// Any set of tables. Errors name the column and what is wrong with it.
    pub fn new(
        tables: &[Table],
        columns: impl IntoIterator<Item = Column>,
    ) -> Result<Self, SchemaError> {
        let mut schema = Self { tables: tables.to_vec(), columns: Vec::new(), lists: Vec::new() };
        for column in columns {
            schema.accept(&column)?;
            schema.columns.push(column);
        }
        Ok(schema)
    }

    fn accept(&self, column: &Column) -> Result<(), SchemaError> {
        let (table, name) = (column.table.to_owned(), column.name.to_owned());
        let Some(home) = self.table(column.table) else {
            return Err(SchemaError::NoTable { table, column: name });
        };
        if self.column(column.table, column.name).is_some() {
            return Err(SchemaError::Twice { table, column: name });
        }
        let keys = home.key == column.name
            || home.belongs.contains(&column.name)
            || column.name == CHANGES_ON;
        let starts = column.name.starts_with(|c: char| c.is_ascii_lowercase());
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if keys || !starts || !column.name.chars().all(plain) || RESERVED.contains(&column.name) {
            return Err(SchemaError::BadName { table, column: name });
        }
        let words =
            [column.room, column.title.zh, column.title.en, column.sentence.zh, column.sentence.en];
        if words.iter().any(|word| word.trim().is_empty()) {
            return Err(SchemaError::Undocumented { table, column: name });
        }
        if column.kind == Kind::Day && column.coverage.is_some() {
            return Err(SchemaError::CoveredDay { table, column: name });
        }
        Ok(())
    }

    /// The same with a county's own lists, which predicates may ask too.
    #[must_use]
    pub fn with_lists(&self, lists: Vec<OwnList>) -> Self {
        Self { lists, ..self.clone() }
    }

    /// The county's own lists.
    pub fn lists(&self) -> &[OwnList] {
        &self.lists
    }

    /// The own lists whose rows are about the rows of a table.
    pub fn lists_of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a OwnList> + 'a {
        self.lists.iter().filter(move |list| list.of_villages == (table == VILLAGE.name))
    }

    /// A column by what stands in rules, sentences and tests: a stored one by its name, or what is asked of an own list,
    /// `listed('list', months)` or `field('list.column')`.
    pub fn find(&self, table: &str, name: &str) -> Option<Column> {
        let Some(named) = own::named(name) else { return self.column(table, name).copied() };
        let home = self.table(table)?.name;
        let list = self.lists_of(table).find(|list| list.code == named.list)?;
        let months = named.months.unwrap_or(list.months);
        let field = match named.field {
            None => None,
            Some(name) => Some(list.columns.iter().find(|column| column.name == name)?),
        };
        (1..=MOST_MONTHS).contains(&months).then(|| list.column(home, field, months))
    }

    /// The tables.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The columns of one table, in the order of declaration.
    pub fn columns<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Column> + 'a {
        self.columns.iter().filter(move |column| column.table == table)
    }

    /// One column.
    pub fn column(&self, table: &str, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.table == table && column.name == name)
    }

    /// The statements that make the fact tables where they do not exist yet; one text for both engines.
    pub fn create_sql(&self) -> Vec<String> {
        let mut statements = Vec::new();
        for table in &self.tables {
            let mut lines = vec![format!("{} TEXT NOT NULL PRIMARY KEY", table.key)];
            lines.extend(table.belongs.iter().map(|name| format!("{name} TEXT NOT NULL")));
            lines.push(format!("{CHANGES_ON} TEXT"));
            lines.extend(self.columns(table.name).map(column_line));
            statements.push(format!(
                "CREATE TABLE IF NOT EXISTS {} (\n  {}\n)",
                table.name,
                lines.join(",\n  ")
            ));
            for indexed in table.belongs.iter().chain([&CHANGES_ON]) {
                statements.push(format!(
                    "CREATE INDEX IF NOT EXISTS {0}_{indexed} ON {0} ({indexed})",
                    table.name
                ));
            }
        }
        statements
    }

    /// The statements that add what a table of an earlier release lacks. `present` are the columns it has.
    pub fn add_missing_sql(&self, table: &str, present: &[String]) -> Vec<String> {
        let lacking = |column: &&Column| !present.iter().any(|name| name == column.name);
        let add =
            |column: &Column| format!("ALTER TABLE {table} ADD COLUMN {}", column_line(column));
        self.columns(table).filter(lacking).map(add).collect()
    }

    /// The columns an upsert binds, in order: key, where it belongs, `changes_on`, then the declared columns.
    pub fn upsert_columns(&self, table: &Table) -> Vec<&'static str> {
        let mut names = vec![table.key];
        names.extend(table.belongs);
        names.push(CHANGES_ON);
        names.extend(self.columns(table.name).map(|column| column.name));
        names
    }

    /// Inserts or replaces the facts of one subject; binds [`Schema::upsert_columns`] as `$1…`. A row that would not
    /// change is not written.
    pub fn upsert_sql(&self, table: &Table) -> String {
        let names = self.upsert_columns(table);
        let marks: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
        let others: Vec<&&str> = names.iter().skip(1).collect();
        let set: Vec<String> =
            others.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let differs: Vec<String> = others
            .iter()
            .map(|name| format!("{0}.{name} is distinct from excluded.{name}", table.name))
            .collect();
        format!(
            "insert into {} ({}) values ({}) on conflict ({}) do update set {} where {}",
            table.name,
            names.join(", "),
            marks.join(", "),
            table.key,
            set.join(", "),
            differs.join(" or ")
        )
    }
}

fn column_line(column: &Column) -> String {
    let check = match column.kind {
        Kind::Bool => format!(" CHECK ({} IN (0, 1))", column.name),
        Kind::Day => format!(" CHECK (length({}) = 10)", column.name),
        _ => String::new(),
    };
    format!("{} {}{check}", column.name, column.kind.sql_type())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oop() -> Column {
        Column::household("oop_12m", Kind::Money)
            .room("circumstances")
            .title("近12个月合规自付", "out-of-pocket, 12 months")
            .sentence("近12个月合规自付合计。", "Compliant out-of-pocket of the last 12 months.")
    }

    #[test]
    fn a_column_becomes_a_table_and_an_upsert() {
        let schema = Schema::of([oop()]).unwrap();
        let create = schema.create_sql();
        assert!(create[0].contains("oop_12m BIGINT"), "{}", create[0]);
        assert_eq!(
            schema.upsert_sql(&HOUSEHOLD),
            "insert into household_facts (household_id, village_code, changes_on, oop_12m) values ($1, $2, $3, $4) \
             on conflict (household_id) do update set village_code = excluded.village_code, \
             changes_on = excluded.changes_on, oop_12m = excluded.oop_12m \
             where household_facts.village_code is distinct from excluded.village_code \
             or household_facts.changes_on is distinct from excluded.changes_on \
             or household_facts.oop_12m is distinct from excluded.oop_12m"
        );
    }

    #[test]
    fn what_is_missing_is_added_and_nothing_else() {
        let schema = Schema::of([oop()]).unwrap();
        let all = ["oop_12m".to_owned()];
        assert!(schema.add_missing_sql("household_facts", &all).is_empty());
        assert_eq!(
            schema.add_missing_sql("household_facts", &[]),
            ["ALTER TABLE household_facts ADD COLUMN oop_12m BIGINT"]
        );
    }

    #[test]
    fn careless_declarations_are_refused() {
        let error = |column| Schema::of([column]).unwrap_err();
        assert!(matches!(Schema::of([oop(), oop()]), Err(SchemaError::Twice { .. })));
        assert!(matches!(error(Column { table: "nowhere", ..oop() }), SchemaError::NoTable { .. }));
        for name in ["household_id", "changes_on", "Oop", "1st", "case", "a b"] {
            assert!(
                matches!(error(Column { name, ..oop() }), SchemaError::BadName { .. }),
                "{name}"
            );
        }
        assert!(matches!(error(oop().sentence("", "x")), SchemaError::Undocumented { .. }));
        let day = Column { kind: Kind::Day, ..oop() }.covered(Coverage::events("nhsa", 12));
        assert!(matches!(error(day), SchemaError::CoveredDay { .. }));
    }

    use crate::column::Coverage;
}
