//! The statements that ask predicates of a whole fact table: one pass for all rules, evidence of the hits, counts.
//!
//! Nothing in them is text of an author except quoted literals; restrictions are bound as `$1`.

use crate::column::Column;
use crate::predicate::{Binding, Comparison, Engine, Predicate};
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

    /// Several predicates in two versions each, over all rows in one pass. Columns: one BIGINT for every
    /// [`PAIRS_PER_WORD`] pairs, four bits each (the first pair lowest): see [`unpack_pair`].
    pub fn versions(&self, pairs: &[Versions<'_>]) -> String {
        let word = |group: &[Versions<'_>]| {
            let bits = group
                .iter()
                .enumerate()
                .map(|(n, pair)| format!("({}) * {}", self.pair(pair, 4), 1_i64 << (4 * n)));
            bits.collect::<Vec<_>>().join("\n  + ")
        };
        let words: Vec<String> = pairs.chunks(PAIRS_PER_WORD).map(word).collect();
        format!("select {}\nfrom {} f", words.join(",\n  "), self.table.name)
    }

    /// One predicate in two versions over all rows, and where an amount of the row lies among buckets. Columns: key and
    /// village code of rows that a version hits or about which the versions say different things (NULL for the others,
    /// which are only counted), then one BIGINT: the bucket times 16, plus the pair as in [`unpack_pair`]. Buckets are
    /// counted from 1; 0 lies below them, `count + 1` above, `count + 2` is unknown. Without buckets all are 0.
    ///
    /// Only rows whose place lies from `$1` to below `$2`: several may ask a part each, and each reads only its own pages. See
    /// [`Pass::places`]. Elsewhere, where a statement shares its work out itself, rows have no places: all are asked as long
    /// as `$1` is below `$2`.
    pub fn compared(&self, pair: &Versions<'_>, buckets: Option<&Buckets<'_>>) -> String {
        let amount = buckets.map_or("null".to_owned(), |buckets| {
            buckets.comparison.sql(self.engine, buckets.binding)
        });
        let bucket = buckets.map_or("0".to_owned(), |b| b.sql(self.engine));
        // the answers are used several times: without the fence they would be worked out anew each time
        let (part, fence) = match self.engine {
            Engine::Sqlite => ("f.rowid >= $1 and f.rowid < $2", "limit -1"),
            Engine::Postgres => ("cast($1 as bigint) < cast($2 as bigint)", "offset 0"),
        };
        format!(
            "select case when c not in (0, {NOBODY_CAN_TELL}) then k end, case when c not in (0, {NOBODY_CAN_TELL}) then v end, \
             {bucket} * 16 + c from (select f.{} as k, f.village_code as v, {} as c, {amount} as x from {} f \
             where {part} {fence}) compared",
            self.table.key,
            self.pair(pair, 4),
            self.table.name,
        )
    }

    /// The first and the last place at which a row lies (NULL twice: there is none); no statement where rows have no places.
    pub fn places(&self) -> Option<String> {
        let table = self.table.name;
        (self.engine == Engine::Sqlite).then(|| {
            format!("select (select min(rowid) from {table}), (select max(rowid) from {table})")
        })
    }

    /// Answer before plus `times` the answer after, each 0 miss, 1 hit, 2 cannot tell.
    fn pair(&self, pair: &Versions<'_>, times: u8) -> String {
        let answer = |version: &Option<(&Predicate, Binding<'_>)>| {
            version.map_or("0".to_owned(), |(predicate, binding)| {
                format!("coalesce({}, 2)", Pass { binding, ..*self }.answer(predicate))
            })
        };
        format!("{} + {} * {times}", answer(&pair.before), answer(&pair.after))
    }

    /// The stored values behind hits. Columns: key, village code, then the given columns as stored.
    pub fn evidence(&self, columns: &[Column], only: Only) -> String {
        let value = |column: &Column| match column.own {
            None => format!(", f.{}", column.name),
            Some(_) => {
                let persons = self.table.name == crate::schema::PERSON.name;
                let at = (self.engine, self.binding);
                format!(", {}", crate::predicate::own_value(column, at, persons))
            }
        };
        let list: String = columns.iter().map(value).collect();
        format!(
            "select f.{}, f.village_code{list} from {} f{}",
            self.table.key,
            self.table.name,
            only.condition(self.table, self.engine)
        )
    }

    pub(crate) fn answer(&self, predicate: &Predicate) -> String {
        let sql = predicate.sql(self.engine, self.binding);
        match self.engine {
            Engine::Sqlite => sql,
            Engine::Postgres => format!("cast(cast({sql} as integer) as bigint)"),
        }
    }
}

/// A predicate before and after a change, each with what it is bound to. A version that is missing hits nothing.
#[derive(Debug, Clone, Copy)]
pub struct Versions<'a> {
    /// As it was.
    pub before: Option<(&'a Predicate, Binding<'a>)>,
    /// As it becomes.
    pub after: Option<(&'a Predicate, Binding<'a>)>,
}

/// Equal buckets side by side, in the unit as stored (money in fen).
#[derive(Debug, Clone, Copy)]
pub struct Buckets<'a> {
    /// The comparison whose amount is counted.
    pub comparison: &'a Comparison,
    /// What the amount is bound to.
    pub binding: Binding<'a>,
    /// Where the first begins.
    pub low: f64,
    /// How wide each is; above 0.
    pub width: f64,
    /// How many there are.
    pub count: u16,
}

impl Buckets<'_> {
    /// The bucket of the amount `x`. A bucket holds its lower edge, or its upper one where the comparison parts above it.
    fn sql(&self, engine: Engine) -> String {
        let (above, unknown) = (self.count + 1, self.count + 2);
        let whole = |text: String| match engine {
            Engine::Sqlite => format!("cast({text} as bigint)"),
            Engine::Postgres => format!("cast(floor({text}) as bigint)"),
        };
        let number = |value: f64| format!("cast({value:?} as double precision)");
        let high = self.low + self.width * f64::from(self.count);
        let (low, high, width) = (number(self.low), number(high), number(self.width));
        let (inside, under, over) = if self.comparison.parts_above() {
            let inside = whole(format!("({high} - x) / {width}"));
            (format!("{} - {inside}", self.count), "<=", ">")
        } else {
            (format!("1 + {}", whole(format!("(x - {low}) / {width}"))), "<", ">=")
        };
        format!(
            "(case when x is null then {unknown} when x {under} {low} then 0 when x {over} {high} then {above} \
             else {inside} end)"
        )
    }
}

/// Pairs in one packed word.
pub const PAIRS_PER_WORD: usize = 15;

/// What [`unpack_pair`] reads as *cannot tell* twice.
const NOBODY_CAN_TELL: u8 = 10;

/// The answers before and after of the pair with this index; `None` is *cannot tell*.
pub fn unpack_pair(words: &[i64], pair: usize) -> (Option<bool>, Option<bool>) {
    let word = words.get(pair / PAIRS_PER_WORD).copied().unwrap_or(0);
    let bits = word >> (4 * (pair % PAIRS_PER_WORD));
    let answer = |bits: i64| match bits & 3 {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    (answer(bits), answer(bits >> 2))
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
