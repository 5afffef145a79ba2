//! The SQL of indicators: figures and rows by the statements of the facts, names from the register.

use std::collections::BTreeMap;
use std::time::Duration;

use casework::screening;
use facts::{Binding, Column, FactRow, Only, Part, Pass};
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use serde_json::json;
use store::{BuiltSql, Permit, Session, Value, params, visible};

use super::model::{Counts, Sound};

/// Longest that one indicator may take.
const LONGEST: Duration = Duration::from_secs(4);

/// Rows of the person's scope between two villages, on the county's own tables.
const SCOPED: &str = concat!(
    visible!("f.village_code", "f.household_id"),
    " and f.village_code >= $3 and f.village_code <= $4"
);
/// The same on the tables of a past day, which hold no scopes: only who sees everything between the bounds asks them.
const PAST: &str =
    "$1 is not null and $2 is not null and f.village_code >= $3 and f.village_code <= $4";

/// Whose rows, between which villages.
pub struct Within<'a> {
    /// The person.
    pub permit: &'a Permit,
    /// First and last village code.
    pub bounds: (String, String),
    /// The tables are those of a past day.
    pub past: bool,
}

impl Within<'_> {
    fn sql(&self) -> &'static str {
        if self.past { PAST } else { SCOPED }
    }

    fn params(&self) -> Vec<Value> {
        let (low, high) = (self.bounds.0.as_str().into(), self.bounds.1.as_str().into());
        vec![self.permit.account(), self.permit.today(), low, high]
    }
}

fn pass<'a>(session: &Session, sound: &'a Sound, binding: Binding<'a>) -> Pass<'a> {
    let engine = match session.engine() {
        store::Engine::Sqlite => facts::Engine::Sqlite,
        store::Engine::Postgres => facts::Engine::Postgres,
    };
    Pass { table: &sound.table, engine, binding }
}

/// A statement that was stopped is said as what it is.
fn in_time<T>(id: &str, result: Result<T>) -> Result<T> {
    result.map_err(|why| match why.refusal() {
        Some(refusal) if refusal.code == "store.interrupted" => {
            let refusal = Refusal::unavailable("indicators.too_slow").arg("id", id);
            Error::from(refusal.arg("seconds", LONGEST.as_secs()))
        }
        _ => why,
    })
}

/// How many rows, by village.
pub fn by_village(
    session: &mut Session,
    (sound, binding): (&Sound, Binding<'_>),
    within: &Within<'_>,
) -> Result<Vec<(AreaCode, Counts)>> {
    let pass = pass(session, sound, binding);
    let sql = pass.by_village((&sound.hit, sound.base.as_ref()), within.sql());
    let sql = BuiltSql::from_generator(sql);
    let asked = session.within(LONGEST, |session| session.rows(&sql, &within.params()));
    in_time(&sound.def.id, asked)?
        .iter()
        .map(|row| {
            let (hits, base) = (row.int(1)?, row.int(2)?);
            let counts = Counts { hits, base, unknown: row.int(3)?, rows: row.int(4)? };
            Ok((row.parse(0)?, counts))
        })
        .collect()
}

/// Key, household and village of some rows of a part.
pub fn rows_of(
    session: &mut Session,
    (sound, binding): (&Sound, Binding<'_>),
    within: &Within<'_>,
    (part, limit, offset): (Part, i64, i64),
) -> Result<Vec<(String, String, String)>> {
    let pass = pass(session, sound, binding);
    let of = (&sound.hit, sound.base.as_ref());
    let sql =
        BuiltSql::from_generator(pass.rows_of(of, (part, within.sql()), "limit $5 offset $6"));
    let mut asked = within.params();
    asked.extend([limit.into(), offset.into()]);
    let found = session.within(LONGEST, |session| session.rows(&sql, &asked));
    let rows = in_time(&sound.def.id, found)?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.text(2)?))).collect()
}

/// The stored values of some rows, by key.
pub fn values(
    session: &mut Session,
    (sound, binding): (&Sound, Binding<'_>),
    (columns, keys): (&[Column], &[&str]),
) -> Result<BTreeMap<String, FactRow>> {
    let sql = pass(session, sound, binding).evidence(columns, Only::Keys);
    let sql = BuiltSql::from_generator(sql);
    let mut found = BTreeMap::new();
    session.each(&sql, params![json!(keys).to_string()], |row| {
        let values = row.0.iter().skip(2).map(screening::scalar);
        let named = columns.iter().map(|column| column.name.to_owned()).zip(values).collect();
        found.insert(row.text(0)?, named);
        Ok(true)
    })?;
    Ok(found)
}

/// Number and head of households by id, of those that the person may see.
pub fn heads(
    session: &mut Session,
    permit: &Permit,
    ids: &[&str],
) -> Result<BTreeMap<String, (String, String)>> {
    let rows = session.rows(
        concat!(
            "select h.id, h.number, coalesce(p.name, '') from households h left join persons p on p.id = h.head_id
             where h.id in (select value from json_each($3)) and ",
            visible!("h.village_code", "h.id")
        ),
        params![permit.account(), permit.today(), json!(ids).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, (row.text(1)?, row.text(2)?)))).collect()
}

/// Names of persons by id; asked only of those in households that the person sees.
pub fn persons(session: &mut Session, ids: &[&str]) -> Result<BTreeMap<String, String>> {
    let rows = session.rows(
        "select id, name from persons where id in (select value from json_each($1))",
        params![json!(ids).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Names of areas by code.
pub fn area_names(session: &mut Session, codes: &[String]) -> Result<BTreeMap<String, String>> {
    let rows = session.rows(
        "select code, name from areas where code in (select value from json_each($1))",
        params![json!(codes).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}
