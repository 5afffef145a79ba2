//! A county's own lists as predicates see them: `listed('drones', 12)` and `field('drones.amount', 12)`.
//!
//! The rows of all own lists about a household, person or village stand in one column of its facts, [`ROWS`], as JSON:
//! `[{"l":"drones","d":"2026-10-31","b":batch,"r":row,"v":{"a:amount":12300}}]`, the oldest first. So a list that nobody
//! foresaw needs no column, no release and no other derivation.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use kernel::lang::Lang;
use kernel::time::{Day, Period};
use serde::{Deserialize, Serialize};

use crate::column::{Column, Coverage, Kind, Title, Unit};
use crate::coverage::ANY_WITHIN;
use crate::scalar::Scalar;

/// The column of the facts that holds the rows.
pub const ROWS: &str = "own_lists";
/// In front of the code of an own list wherever deliveries are named: no list that ships can have the same name.
pub const PREFIX: &str = "own:";
/// Most months that a predicate may look back in an own list; rows older than that are not held.
pub const MOST_MONTHS: u16 = 36;

/// An own list, as far as predicates need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnList {
    /// Its code, as written in predicates.
    pub code: String,
    /// Its title.
    pub title: (String, String),
    /// Its rows name villages, not people or households.
    pub of_villages: bool,
    /// Its deliveries add up; otherwise each takes the place of the earlier one.
    pub adds: bool,
    /// Who is not on a delivered list has nothing; otherwise it cannot be told.
    pub absent_is_none: bool,
    /// Months that are meant where a predicate names none.
    pub months: u16,
    /// Its own columns.
    pub columns: Vec<OwnField>,
}

/// A column of an own list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnField {
    /// Its name in predicates.
    pub name: String,
    /// Its title.
    pub title: (String, String),
    /// What it holds.
    pub kind: Kind,
    /// Words of its codes: code, Chinese, English.
    pub words: Vec<(String, String, String)>,
}

/// What of an own list a column asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Own {
    /// Code of the list.
    pub list: &'static str,
    /// The column of the list; none asks whether there is a row.
    pub field: Option<&'static str>,
    /// How many months back.
    pub months: u16,
    /// Its deliveries add up.
    pub adds: bool,
    /// Code, Chinese, English.
    pub words: &'static [(&'static str, &'static str, &'static str)],
}

/// A row of an own list about somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnRow {
    /// Code of the list.
    #[serde(rename = "l")]
    pub list: String,
    /// The day of the row.
    #[serde(rename = "d")]
    pub day: Day,
    /// The batch.
    #[serde(rename = "b")]
    pub batch: String,
    /// The row in the batch.
    #[serde(rename = "r")]
    pub row: i64,
    /// Values by key, see [`key`].
    #[serde(rename = "v")]
    pub values: serde_json::Map<String, serde_json::Value>,
}

/// The key of a value in a row (a fraction is kept in hundredths): the kind goes with the name, so that a column that gets another type in a later version
/// of its list never meets a value of the old one.
pub fn key(kind: Kind, field: &str) -> String {
    let mark = match kind {
        Kind::Money => 'a',
        Kind::Int => 'n',
        Kind::Real => 'h',
        Kind::Bool => 'y',
        Kind::Text => 't',
        Kind::Day => 'd',
    };
    format!("{mark}:{field}")
}

/// The rows in the stored text; none where it holds none.
pub fn rows_of(text: &str) -> Vec<OwnRow> {
    serde_json::from_str(text).unwrap_or_default()
}

/// The same text once for the whole program: words of own lists stand beside those of the program, which are constants.
/// Only names of published or drafted lists come here, each once.
fn kept(text: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    match all.get(text) {
        Some(known) => known,
        None => {
            let new: &'static str = Box::leak(text.to_owned().into_boxed_str());
            all.insert(new);
            new
        }
    }
}

type Words = &'static [(&'static str, &'static str, &'static str)];

fn kept_words(words: &[(String, String, String)]) -> Words {
    static KEPT: Mutex<Vec<Words>> = Mutex::new(Vec::new());
    if words.is_empty() {
        return &[];
    }
    let new: Vec<_> = words.iter().map(|(a, b, c)| (kept(a), kept(b), kept(c))).collect();
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.iter().find(|known| **known == new.as_slice()) {
        return known;
    }
    let new: Words = Vec::leak(new);
    all.push(new);
    new
}

impl OwnList {
    /// The column that asks whether there is a row (no field), or what a column of the list says.
    pub fn column(&self, table: &'static str, field: Option<&OwnField>, months: u16) -> Column {
        let (zh, en) = (&self.title.0, &self.title.1);
        let kind = field.map_or(Kind::Bool, |field| field.kind);
        let (name, title) = match field {
            None => (
                format!("listed('{}', {months})", self.code),
                [
                    format!("在“{zh}”名单上（{months}个月内）"),
                    format!("on the list “{en}” ({months} months)"),
                ],
            ),
            Some(field) => (
                format!("field('{}.{}', {months})", self.code, field.name),
                [
                    format!("{zh}·{}（{months}个月内）", field.title.0),
                    format!("{en}: {} ({months} months)", field.title.1),
                ],
            ),
        };
        let unit = if kind == Kind::Money { Unit::Yuan } else { Unit::None };
        let window = if self.adds { months } else { ANY_WITHIN + months };
        let coverage = Coverage {
            list: kept(&format!("{PREFIX}{}", self.code)),
            window_months: window,
            only_grows: field.is_none()
                || (self.adds && matches!(kind, Kind::Money | Kind::Int | Kind::Bool)),
        };
        let [zh, en] = title.map(|text| kept(&text));
        Column {
            table,
            name: kept(&name),
            kind,
            room: "intake",
            title: Title { zh, en },
            sentence: Title { zh, en },
            unit,
            coverage: self.absent_is_none.then_some(coverage),
            own: Some(Own {
                list: kept(&self.code),
                field: field.map(|field| kept(&field.name)),
                months,
                adds: self.adds,
                words: field.map_or(&[], |field| kept_words(&field.words)),
            }),
        }
    }
}

/// What the rows say.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// There is no row.
    Nothing,
    /// There is one, and it does not say the value.
    Untold,
    /// The value as stored.
    Value(Scalar),
}

impl Own {
    /// First and last day of the window.
    pub fn window(&self, today: Day) -> Period {
        Period::months_to(today, u32::from(self.months))
    }

    /// The rows that count on a day.
    pub fn rows<'r>(&self, rows: &'r [OwnRow], today: Day) -> Vec<&'r OwnRow> {
        let window = self.window(today);
        let inside =
            |row: &&OwnRow| row.list == self.list && window.from <= row.day && row.day <= today;
        let found: Vec<&OwnRow> = rows.iter().filter(inside).collect();
        let newest = found.iter().map(|row| row.day).max();
        found.into_iter().filter(|row| self.adds || Some(row.day) == newest).collect()
    }

    /// What rows say as far as they say it: the values that are told.
    pub fn told(&self, kind: Kind, rows: &[OwnRow], today: Day) -> Scalar {
        let Some(field) = self.field else { return Scalar::Null };
        let key = key(kind, field);
        let told = self.rows(rows, today);
        let told: Vec<&serde_json::Value> =
            told.iter().filter_map(|row| row.values.get(&key)).collect();
        if told.is_empty() { Scalar::Null } else { together(kind, &told) }
    }

    /// What rows say; agrees with the SQL of both engines.
    pub fn says(&self, kind: Kind, rows: &[OwnRow], today: Day) -> Says {
        let found = self.rows(rows, today);
        let Some(field) = self.field else {
            return if found.is_empty() { Says::Nothing } else { Says::Value(Scalar::Int(1)) };
        };
        if found.is_empty() {
            return Says::Nothing;
        }
        let key = key(kind, field);
        let told: Vec<&serde_json::Value> =
            found.iter().filter_map(|row| row.values.get(&key)).collect();
        let happened = self.adds && kind == Kind::Bool;
        if happened && told.iter().any(|value| value.as_i64() == Some(1)) {
            return Says::Value(Scalar::Int(1));
        }
        if told.len() < found.len() {
            return Says::Untold;
        }
        Says::Value(together(kind, &told))
    }
}

/// The values of several rows: amounts and numbers are added up, of others the greatest stands.
fn together(kind: Kind, told: &[&serde_json::Value]) -> Scalar {
    let mut numbers = told.iter().filter_map(|value| value.as_i64());
    let texts = told.iter().filter_map(|value| value.as_str());
    match kind {
        Kind::Money | Kind::Int => Scalar::Int(numbers.fold(0, i64::saturating_add)),
        #[allow(clippy::cast_precision_loss)]
        Kind::Real => Scalar::Real(numbers.fold(0, i64::saturating_add) as f64 / 100.0),
        Kind::Bool => numbers.by_ref().max().map_or(Scalar::Null, Scalar::Int),
        Kind::Text | Kind::Day => {
            texts.max().map_or(Scalar::Null, |text| Scalar::Text(text.to_owned()))
        }
    }
}

impl Column {
    /// Whether a name in a rule, a sentence or a test means this column; months may be left out there.
    pub fn is_named(&self, name: &str) -> bool {
        let own = |own: &Own| {
            named(name).is_some_and(|named| {
                named.list == own.list
                    && named.field == own.field
                    && named.months.is_none_or(|months| months == own.months)
            })
        };
        self.name == name || self.own.as_ref().is_some_and(own)
    }

    /// A stored value as people read it, with the words of its codes.
    pub fn shown(&self, value: &Scalar, lang: Lang) -> String {
        if let (Some(own), Scalar::Text(text)) = (&self.own, value)
            && let Some((_, zh, en)) = own.words.iter().find(|(code, _, _)| code == text)
        {
            return if lang == Lang::Zh { (*zh).to_owned() } else { (*en).to_owned() };
        }
        crate::shown(value, self.kind, self.unit, lang)
    }
}

/// What is written in `listed('list', months)` or `field('list.column', months)`, read from a name: where rules, sentences
/// and tests name what a predicate asks.
pub struct Named<'t> {
    /// The list.
    pub list: &'t str,
    /// The column.
    pub field: Option<&'t str>,
    /// The months, where written.
    pub months: Option<u16>,
}

/// Reads such a name; none where it is not one.
pub fn named(text: &str) -> Option<Named<'_>> {
    let (function, rest) = text.trim().split_once('(')?;
    let inside = rest.strip_suffix(')')?;
    let (quoted, months) = match inside.rsplit_once(',') {
        Some((quoted, months)) => (quoted, Some(months.trim().parse().ok()?)),
        None => (inside, None),
    };
    let name = quoted.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    match function.trim() {
        "listed" => Some(Named { list: name, field: None, months }),
        "field" => {
            let (list, field) = name.split_once('.')?;
            Some(Named { list, field: Some(field), months })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(adds: bool) -> OwnList {
        let field = |name: &str, kind| OwnField {
            name: name.into(),
            title: (name.into(), name.into()),
            kind,
            words: Vec::new(),
        };
        OwnList {
            code: "drones".into(),
            title: ("无人机".into(), "Drones".into()),
            of_villages: false,
            adds,
            absent_is_none: true,
            months: 3,
            columns: vec![field("金额", Kind::Money), field("机型", Kind::Text)],
        }
    }

    fn row(day: &str, fen: Option<i64>) -> OwnRow {
        let mut values = serde_json::Map::new();
        values.extend(fen.map(|fen| ("a:金额".to_owned(), fen.into())));
        let day = day.parse().unwrap();
        OwnRow { list: "drones".into(), day, batch: "b".into(), row: 1, values }
    }

    #[test]
    fn what_adds_up_is_summed_and_what_replaces_is_the_newest() {
        let rows = [row("2026-09-30", Some(100)), row("2026-10-31", Some(40))];
        let day: Day = "2026-11-22".parse().unwrap();
        let says = |adds: bool, months: u16| {
            let list = list(adds);
            let column = list.column("household_facts", list.columns.first(), months);
            column.own.unwrap().says(Kind::Money, &rows, day)
        };
        assert_eq!(says(true, 3), Says::Value(Scalar::Int(140)));
        assert_eq!(says(true, 1), Says::Value(Scalar::Int(40)));
        assert_eq!(says(false, 3), Says::Value(Scalar::Int(40)));
        let silent = [row("2026-10-31", None), row("2026-10-31", Some(5))];
        let column = list(true).column("household_facts", list(true).columns.first(), 3);
        assert_eq!(column.own.unwrap().says(Kind::Money, &silent, day), Says::Untold);
        assert_eq!(column.own.unwrap().says(Kind::Money, &[], day), Says::Nothing);
    }

    #[test]
    fn a_name_is_read_as_it_is_written_in_predicates() {
        let one = named("field('drones.金额', 6)").unwrap();
        assert_eq!((one.list, one.field, one.months), ("drones", Some("金额"), Some(6)));
        let one = named("listed( 'drones' )").unwrap();
        assert_eq!((one.list, one.field, one.months), ("drones", None, None));
        assert!(named("oop_12m").is_none() && named("field('drones')").is_none());
        let list = list(true);
        let name = list.column("household_facts", list.columns.first(), 3).name;
        assert_eq!(name, "field('drones.金额', 3)");
        let column = list.column("household_facts", list.columns.first(), 3);
        assert!(
            column.is_named("field('drones.金额')") && !column.is_named("field('drones.金额', 6)")
        );
    }
}
