//! The first households or villages that change, by name, with the sentence before and after.

use std::collections::BTreeMap;

use facts::{Binding, Column, FactRow, Only, Pass, Scalar};
use kernel::error::Result;
use kernel::lang::Lang;
use serde_json::json;
use store::{BuiltSql, Permit, Session, params};

use super::compare::engine;
use super::trial::{Answered, Trial};
use crate::screening::queries;
use crate::screening::rule::{Level, Rule};
use crate::screening::sealed::opens;

/// How many are shown by name.
pub const SHOWN: usize = 20;

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Hit only after.
    In,
    /// Hit only before.
    Out,
    /// Could be told before, cannot be told after, or the other way round; a hit neither time.
    Unsure,
}

/// A household or village that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What happens.
    pub turn: Turn,
    /// Id of the household; none for a village.
    pub household: Option<String>,
    /// 户编号, or the code of the village.
    pub number: String,
    /// The head of the household, or the name of the village.
    pub name: String,
    /// The village of a household.
    pub village: String,
    /// The sentence of a hit before in both languages; none where it is no hit.
    pub before: Option<(String, String)>,
    /// The sentence of a hit after.
    pub after: Option<(String, String)>,
    /// Whether each version can tell.
    pub can_tell: (bool, bool),
}

fn turn(row: &Answered) -> Option<Turn> {
    match (row.was, row.is) {
        (Some(true), Some(true)) => None,
        _ if row.came_in() => Some(Turn::In),
        _ if row.dropped_out() => Some(Turn::Out),
        _ => Some(Turn::Unsure),
    }
}

fn rank(one: &(Turn, &Answered), other: &(Turn, &Answered)) -> std::cmp::Ordering {
    (one.0, &one.1.key).cmp(&(other.0, &other.1.key))
}

/// The first that change: who comes in, then who drops out, then who cannot be told any more; within each by their key, which
/// follows the register.
pub(super) fn lines(
    session: &mut Session,
    facts: &mut Session,
    (trial, permit): (&Trial, &Permit),
    (keyed, (was, is)): (&[Answered], (Binding<'_>, Binding<'_>)),
) -> Result<Vec<Line>> {
    let Some(after) = &trial.after else { return Ok(Vec::new()) };
    let mut chosen: Vec<(Turn, &Answered)> =
        keyed.iter().filter_map(|row| turn(row).map(|turn| (turn, row))).collect();
    if chosen.len() > SHOWN {
        chosen.select_nth_unstable_by(SHOWN, rank);
        chosen.truncate(SHOWN);
    }
    chosen.sort_by(rank);
    let ids: Vec<&str> = chosen.iter().map(|(_, row)| row.key.as_str()).collect();
    let level = after.def.level;
    let households = match level {
        Level::Household => queries::what_if::heads(session, permit, &ids)?,
        Level::Village => BTreeMap::new(),
    };
    let codes: Vec<String> = chosen.iter().map(|(_, row)| row.village.clone()).collect();
    let names = queries::what_if::area_names(session, &codes)?;
    let mut columns: Vec<Column> = after.evidence.clone();
    let old = trial.before.iter().flat_map(|rule| &rule.evidence);
    columns.extend(old.filter(|column| !after.evidence.contains(column)));
    let values = evidence(facts, (level, is), &columns, &ids)?;
    let mut lines = Vec::new();
    for (turn, row) in chosen {
        let found = households.get(&row.key);
        if level == Level::Household && found.is_none() {
            continue;
        }
        let village = names.get(&row.village).unwrap_or(&row.village).clone();
        let known = values.get(&row.key);
        let said = |rule: Option<&Rule>, binding: Binding<'_>, hit: bool| {
            let sentence = |lang| {
                let sealed = |rule: &Rule| {
                    !rule.evidence.iter().all(|column| opens(permit, &rule.def.department, column))
                };
                rule.map(|rule| match (sealed(rule), known) {
                    (false, Some(known)) => rule.sentence(lang, binding, known, &row.village),
                    _ => rule.def.title.get(lang).to_owned(),
                })
            };
            hit.then(|| sentence(Lang::Zh).zip(sentence(Lang::En))).flatten()
        };
        let (number, head) =
            found.cloned().unwrap_or_else(|| (row.key.clone(), Some(village.clone())));
        lines.push(Line {
            turn,
            household: found.is_some().then(|| row.key.clone()),
            name: head.unwrap_or_else(|| number.clone()),
            number,
            village: if found.is_some() { village } else { String::new() },
            before: said(trial.before.as_ref(), was, row.was == Some(true)),
            after: said(Some(after), is, row.is == Some(true)),
            can_tell: (row.was.is_some(), row.is.is_some()),
        });
    }
    lines.sort_by(|a, b| (a.turn, &a.number).cmp(&(b.turn, &b.number)));
    Ok(lines)
}

/// The stored values of some rows, by key.
fn evidence(
    facts: &mut Session,
    (level, binding): (Level, Binding<'_>),
    columns: &[Column],
    keys: &[&str],
) -> Result<BTreeMap<String, FactRow>> {
    let table = level.table();
    let pass = Pass { table: &table, engine: engine(facts), binding };
    let sql = BuiltSql::from_generator(pass.evidence(columns, Only::Keys));
    let mut found = BTreeMap::new();
    facts.each(&sql, params![json!(keys).to_string()], |row| {
        let values = row.0.iter().skip(2).map(queries::scalar);
        let known: BTreeMap<String, Scalar> =
            columns.iter().map(|column| column.name.to_owned()).zip(values).collect();
        found.insert(row.text(0)?, known);
        Ok(true)
    })?;
    Ok(found)
}
