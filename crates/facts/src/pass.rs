//! The statements that ask predicates of a whole fact table: one pass for all rules, evidence of the hits, counts.
//!
//! Nothing in them is text of an author except quoted literals; restrictions are bound as `$1`.

use crate::column::Column;
use crate::predicate::{Binding, Engine, Predicate};
use crate::schema::Table;

/// Which rows a statement looks at. The list itself is bound as `$1`, a JSON array of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// The whole table; nothing is bound.
    All,
    /// Rows of the villages in `$1`.
    Villages,
    /// Rows whose key is in `$1`.
    Keys,
}

impl Only {
    fn condition(self, table: &Table, engine: Engine) -> String {
        let list = match engine {
            Engine::Sqlite => "select value from json_each($1)",
            Engine::Postgres => "select json_array_elements_text(cast(cast($1 as text) as json))",
        };
        match self {
            Self::All => String::new(),
            Self::Villages => format!(" where f.village_code in ({list})"),
            Self::Keys => format!(" where f.{} in ({list})", table.key),
        }
    }
}

/// One table, one engine, one day.
#[derive(Debug, Clone, Copy)]
pub struct Pass<'a> {
    /// The fact table; the predicates must be over it.
    pub table: &'a Table,
    /// The database.
    pub engine: Engine,
    /// Day, parameters and coverage.
    pub binding: Binding<'a>,
}

impl Pass<'_> {
    /// All predicates over the table in one pass. Columns: key, village code, then one BIGINT per predicate in the
    /// given order: 1 hit, 0 miss, NULL cannot tell. Rows come in no order.
    pub fn answers(&self, predicates: &[&Predicate], only: Only) -> String {
        let answers: String = predicates
            .iter()
            .enumerate()
            .map(|(n, predicate)| format!(",\n  {} as p{n}", self.answer(predicate)))
            .collect();
        format!(
            "select f.{}, f.village_code{answers}\nfrom {} f{}",
            self.table.key,
            self.table.name,
            only.condition(self.table, self.engine)
        )
    }

    /// The same answers packed, for speed: columns key, village code, then one BIGINT for every 30 predicates, two bits
    /// each (the first predicate lowest): see [`unpack`].
    pub fn packed(&self, predicates: &[&Predicate], only: Only) -> String {
        let word = |group: &[&Predicate]| {
            let bits = group.iter().enumerate().map(|(n, predicate)| {
                format!("coalesce({}, 2) * {}", self.answer(predicate), 1_i64 << (2 * n))
            });
            format!(",\n  {}", bits.collect::<Vec<_>>().join("\n  + "))
        };
        let words: String = predicates.chunks(PER_WORD).map(word).collect();
        format!(
            "select f.{}, f.village_code{words}\nfrom {} f{}",
            self.table.key,
            self.table.name,
            only.condition(self.table, self.engine)
        )
    }

    /// How many rows one predicate hits and for how many it cannot tell. Columns: hits, unknown, rows.
    pub fn count(&self, predicate: &Predicate, only: Only) -> String {
        let answer = self.answer(predicate);
        format!(
            "select cast(coalesce(sum(case when a = 1 then 1 else 0 end), 0) as bigint), \
             cast(coalesce(sum(case when a is null then 1 else 0 end), 0) as bigint), count(*) \
             from (select {answer} as a from {} f{}) counted",
            self.table.name,
            only.condition(self.table, self.engine)
        )
    }

    /// Rows on which two versions of a predicate differ: what a changed threshold adds and drops. Columns: key, village
    /// code, answer before, answer after.
    pub fn changed(&self, before: &Predicate, after: &Predicate, only: Only) -> String {
        format!(
            "select k, v, a, b from (select f.{} as k, f.village_code as v, {} as a, {} as b from {} f{}) compared \
             where a is distinct from b order by k",
            self.table.key,
            self.answer(before),
            self.answer(after),
            self.table.name,
            only.condition(self.table, self.engine)
        )
    }

    /// The stored values behind hits. Columns: key, village code, then the given columns as stored.
    pub fn evidence(&self, columns: &[Column], only: Only) -> String {
        let list: String = columns.iter().map(|column| format!(", f.{}", column.name)).collect();
        format!(
            "select f.{}, f.village_code{list} from {} f{}",
            self.table.key,
            self.table.name,
            only.condition(self.table, self.engine)
        )
    }

    fn answer(&self, predicate: &Predicate) -> String {
        let sql = predicate.sql(self.engine, self.binding);
        match self.engine {
            Engine::Sqlite => sql,
            Engine::Postgres => format!("cast(cast({sql} as integer) as bigint)"),
        }
    }
}

/// Predicates in one packed word.
pub const PER_WORD: usize = 30;

/// The answer of the predicate with this index from the packed words of a row; `None` is *cannot tell*.
pub fn unpack(words: &[i64], predicate: usize) -> Option<bool> {
    let word = words.get(predicate / PER_WORD).copied().unwrap_or(2);
    match (word >> (2 * (predicate % PER_WORD))) & 3 {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}
