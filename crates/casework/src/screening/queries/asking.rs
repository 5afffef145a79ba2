//! The SQL that asks: the packed answers of all rules, the values behind hits, everything known of one subject.

use std::collections::BTreeMap;

use facts::{FactRow, HOUSEHOLD, PERSON, Scalar, Situation, Table, VILLAGE};
use kernel::error::Result;
use serde_json::json;
use store::{BuiltSql, Session, Value, params};

use super::super::book::{Ask, Bound, schema};
use super::super::rule::Level;
use super::What;

/// Whether the database takes the statements of a book: asks them about no row.
pub fn takes(session: &mut Session, bound: &Bound) -> Result<bool> {
    session.rows("savepoint ask", &[])?;
    let empty = params!["[]"];
    let mut taken = true;
    for ask in &bound.asks {
        let [_, _, by_key] = &ask.answers;
        taken = taken && session.rows(by_key, empty).is_ok();
    }
    if !taken {
        session.rows("rollback to savepoint ask", &[])?;
    }
    session.rows("release savepoint ask", &[])?;
    Ok(taken)
}

/// One row that at least one rule hits.
#[derive(Debug)]
pub struct HitRow {
    /// Household id or village code.
    pub key: String,
    /// Village code.
    pub village: String,
    /// The rules, by place in the book.
    pub rules: Vec<usize>,
}

/// The answers of one level.
#[derive(Debug, Default)]
pub struct Answers {
    /// Rows with hits.
    pub hits: Vec<HitRow>,
    /// By place in the book: how many rows a rule cannot tell.
    pub unknown: BTreeMap<usize, i64>,
    /// Rows for which rules cannot tell, where that was asked for.
    pub cannot_tell: Vec<(String, Vec<usize>)>,
}

/// Asks the rules of one level.
pub fn answers(session: &mut Session, ask: &Ask, what: &What) -> Result<Answers> {
    let [all, by_village, by_key] = &ask.answers;
    let household = ask.level == Level::Household;
    let (sql, list) = match what {
        What::All => (all, None),
        What::Villages(villages) | What::Standing(villages) => {
            (by_village, Some(json!(villages).to_string()))
        }
        What::Touched { households, .. } if household => {
            (by_key, Some(json!(households).to_string()))
        }
        What::Touched { villages, .. } => (by_key, Some(json!(villages).to_string())),
    };
    let bound: Vec<Value> = list.into_iter().map(Value::from).collect();
    ask_rows(session, ask, (sql, &bound), &mut |_, _| {})
}

/// Asks the rules of one level over everything and keeps for which rows a rule cannot tell.
pub fn answers_with_unknown(session: &mut Session, ask: &Ask) -> Result<Answers> {
    let [all, _, _] = &ask.answers;
    let mut cannot_tell: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut answers = ask_rows(session, ask, (all, &[]), &mut |key, place| {
        cannot_tell.entry(key.to_owned()).or_default().push(place);
    })?;
    answers.cannot_tell = cannot_tell.into_iter().collect();
    Ok(answers)
}

fn ask_rows(
    session: &mut Session,
    ask: &Ask,
    (sql, bound): (&BuiltSql, &[Value]),
    cannot_tell: &mut dyn FnMut(&str, usize),
) -> Result<Answers> {
    let mut answers = Answers::default();
    let mut unknown = vec![0_i64; ask.rules.len()];
    let mut words: Vec<i64> = Vec::new();
    session.each(sql, bound, |row| {
        words.clear();
        for value in row.0.iter().skip(2) {
            words.push(value.as_int().unwrap_or(0));
        }
        if words.iter().all(|word| *word == 0) {
            return Ok(true);
        }
        let mut rules = Vec::new();
        for (n, place) in ask.rules.iter().enumerate() {
            match facts::pass::unpack(&words, n) {
                Some(true) => rules.push(*place),
                Some(false) => {}
                None => {
                    if let Some(count) = unknown.get_mut(n) {
                        *count += 1;
                    }
                    if let Some(Value::Text(key)) = row.0.first() {
                        cannot_tell(key, *place);
                    }
                }
            }
        }
        if !rules.is_empty() {
            answers.hits.push(HitRow { key: row.text(0)?, village: row.text(1)?, rules });
        }
        Ok(true)
    })?;
    answers.unknown = ask.rules.iter().copied().zip(unknown).collect();
    Ok(answers)
}

/// The stored values of rows by key, in the order of `ask.columns`.
pub fn evidence(
    session: &mut Session,
    ask: &Ask,
    keys: &[&str],
) -> Result<BTreeMap<String, Vec<Scalar>>> {
    let mut found = BTreeMap::new();
    session.each(&ask.evidence, params![json!(keys).to_string()], |row| {
        let values = row.0.iter().skip(2).map(scalar).collect();
        found.insert(row.text(0)?, values);
        Ok(true)
    })?;
    Ok(found)
}

/// A value of the database as the facts know it.
pub fn scalar(value: &Value) -> Scalar {
    match value {
        Value::Null => Scalar::Null,
        Value::Int(number) => Scalar::Int(*number),
        Value::Real(number) => Scalar::Real(*number),
        Value::Text(text) => Scalar::Text(text.clone()),
    }
}

/// Everything that the fact tables say of one household (with its members) or village.
pub fn situation(session: &mut Session, level: Level, key: &str) -> Result<Option<Situation>> {
    let (table, column) = match level {
        Level::Household => (HOUSEHOLD, HOUSEHOLD.key),
        Level::Village => (VILLAGE, VILLAGE.key),
    };
    let Some((village, row)) = fact_rows(session, &table, (column, key))?.into_iter().next() else {
        return Ok(None);
    };
    let mut members = Vec::new();
    if level == Level::Household {
        let rows = fact_rows(session, &PERSON, (HOUSEHOLD.key, key))?;
        members = rows.into_iter().map(|(_, row)| row).collect();
    }
    Ok(Some(Situation { village, row, members }))
}

fn fact_rows(
    session: &mut Session,
    table: &Table,
    (column, key): (&str, &str),
) -> Result<Vec<(String, FactRow)>> {
    let names: Vec<&str> = schema()?.columns(table.name).map(|column| column.name).collect();
    let list = names.join(", ");
    let text = format!("select village_code, {list} from {} where {column} = $1", table.name);
    let mut found = Vec::new();
    session.each(&BuiltSql::from_generator(text), params![key], |row| {
        let values = row.0.iter().skip(1).map(scalar);
        let facts = names.iter().map(|name| (*name).to_owned()).zip(values).collect();
        found.push((row.text(0)?, facts));
        Ok(true)
    })?;
    Ok(found)
}

/// Household ids and numbers, for lines that leave the program.
pub fn household_numbers(session: &mut Session) -> Result<BTreeMap<String, String>> {
    let mut numbers = BTreeMap::new();
    session.each("select id, number from households", &[], |row| {
        numbers.insert(row.text(0)?, row.text(1)?);
        Ok(true)
    })?;
    Ok(numbers)
}

/// How many households and villages the rules are asked of.
pub fn rows_of_levels(session: &mut Session) -> Result<(i64, i64)> {
    let households = session.row("select count(*) from household_facts", &[])?.int(0)?;
    let villages = session.row("select count(*) from village_facts", &[])?.int(0)?;
    Ok((households, villages))
}
