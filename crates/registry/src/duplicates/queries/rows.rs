//! Queries of the rows that a merge reads and writes: stays, statuses, people, households, and the texts by which people
//! are found.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaCode;
use kernel::error::{OrFault, Result};
use serde_json::{Value as Json, json};
use store::{Row, Session, Tx, Value, params};

use super::Kind;
use crate::duplicates::model::StayRow;
use crate::people::{key_texts, search_keys};

macro_rules! stays {
    ($where:literal) => {
        concat!(
            "select household_id, person_id, valid_from, valid_to, kin, how_in, how_out, hukou, shares_budget, resident,
                recorded_at, ended_at, batch_id, ended_by
             from memberships where ",
            $where,
            " order by valid_from, household_id, person_id"
        )
    };
}

fn stay_of(row: &Row) -> Result<StayRow> {
    Ok(StayRow {
        household_id: row.text(0)?,
        person_id: row.text(1)?,
        valid_from: row.text(2)?,
        valid_to: row.opt_text(3)?,
        kin: row.text(4)?,
        how_in: row.text(5)?,
        how_out: row.opt_text(6)?,
        hukou: row.int(7)?,
        shares_budget: row.int(8)?,
        resident: row.int(9)?,
        recorded_at: row.text(10)?,
        ended_at: row.opt_text(11)?,
        batch_id: row.opt_text(12)?,
        ended_by: row.opt_text(13)?,
    })
}

/// Every stay of a person.
pub(in crate::duplicates) fn stays_of_person(
    session: &mut Session,
    person: &str,
) -> Result<Vec<StayRow>> {
    session.rows(stays!("person_id = $1"), params![person])?.iter().map(stay_of).collect()
}

/// Every stay in a household.
pub(in crate::duplicates) fn stays_in(
    session: &mut Session,
    household: &str,
) -> Result<Vec<StayRow>> {
    session.rows(stays!("household_id = $1"), params![household])?.iter().map(stay_of).collect()
}

pub(in crate::duplicates) fn find_stay(
    session: &mut Session,
    key: &str,
) -> Result<Option<StayRow>> {
    let mut parts = key.split('|');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (household, person, from) = (part(), part(), part());
    let found = session.find(
        stays!("household_id = $1 and person_id = $2 and valid_from = $3"),
        params![household, person, from],
    )?;
    found.as_ref().map(stay_of).transpose()
}

pub(in crate::duplicates) fn write_stay(tx: &mut Tx, row: &StayRow) -> Result<()> {
    tx.exec(
        "insert into memberships (household_id, person_id, valid_from, valid_to, kin, how_in, how_out, hukou, shares_budget,
                                  resident, recorded_at, ended_at, batch_id, ended_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (household_id, person_id, valid_from) do update
         set valid_to = excluded.valid_to, kin = excluded.kin, how_in = excluded.how_in, how_out = excluded.how_out,
             recorded_at = excluded.recorded_at, ended_at = excluded.ended_at, batch_id = excluded.batch_id,
             ended_by = excluded.ended_by",
        params![
            row.household_id.as_str(), row.person_id.as_str(), row.valid_from.as_str(), row.valid_to.as_deref(),
            row.kin.as_str(), row.how_in.as_str(), row.how_out.as_deref(), row.hukou, row.shares_budget, row.resident,
            row.recorded_at.as_str(), row.ended_at.as_deref(), row.batch_id.as_deref(), row.ended_by.as_deref()
        ],
    )?;
    Ok(())
}

const STATUS: [&str; 14] = [
    "household_id",
    "seq",
    "person_id",
    "scheme",
    "value",
    "valid_from",
    "valid_to",
    "source",
    "detail",
    "recorded_at",
    "ended_at",
    "batch_id",
    "row_no",
    "ended_by",
];

macro_rules! statuses {
    ($where:literal) => {
        concat!(
            "select household_id, seq, person_id, scheme, value, valid_from, valid_to, source, detail, recorded_at,
                ended_at, batch_id, row_no, ended_by
             from statuses where ",
            $where,
            " order by household_id, seq"
        )
    };
}

fn json_of(row: &Row, names: &[&str]) -> Json {
    let value = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Int(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Text(text) => json!(text),
    };
    let pairs = names.iter().zip(&row.0).map(|(name, kept)| ((*name).to_owned(), value(kept)));
    Json::Object(pairs.collect())
}

fn value_of(row: &Json, name: &str) -> Value {
    match row.get(name) {
        Some(Json::String(text)) => Value::from(text),
        Some(Json::Number(number)) => number.as_i64().map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}

/// The statuses of a person, wherever they were written down, as JSON.
pub(in crate::duplicates) fn statuses_of_person(
    session: &mut Session,
    person: &str,
) -> Result<Vec<Json>> {
    let rows = session.rows(
        statuses!(
            "household_id in (select m.household_id from memberships m where m.person_id = $1) and person_id = $1"
        ),
        params![person],
    )?;
    Ok(rows.iter().map(|row| json_of(row, &STATUS)).collect())
}

/// The open statuses of a household itself.
pub(in crate::duplicates) fn statuses_of_household(
    session: &mut Session,
    household: &str,
) -> Result<Vec<Json>> {
    let rows = session.rows(
        statuses!("household_id = $1 and person_id is null and valid_to is null"),
        params![household],
    )?;
    Ok(rows.iter().map(|row| json_of(row, &STATUS)).collect())
}

pub(in crate::duplicates) fn find_status(session: &mut Session, key: &str) -> Result<Option<Json>> {
    let (household, seq) = key.split_once('|').unwrap_or((key, ""));
    let seq: i64 = seq.parse().or_fault("a status key")?;
    let found =
        session.find(statuses!("household_id = $1 and seq = $2"), params![household, seq])?;
    Ok(found.map(|row| json_of(&row, &STATUS)))
}

/// The next number of a status in a household.
pub(in crate::duplicates) fn next_status(session: &mut Session, household: &str) -> Result<i64> {
    session
        .row(
            "select coalesce(max(seq), -1) + 1 from statuses where household_id = $1",
            params![household],
        )?
        .int(0)
}

pub(in crate::duplicates) fn write_status(tx: &mut Tx, row: &Json) -> Result<()> {
    let values: Vec<Value> = STATUS.iter().map(|name| value_of(row, name)).collect();
    tx.exec(
        "insert into statuses (household_id, seq, person_id, scheme, value, valid_from, valid_to, source, detail, recorded_at,
                               ended_at, batch_id, row_no, ended_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (household_id, seq) do update
         set valid_to = excluded.valid_to, ended_at = excluded.ended_at, ended_by = excluded.ended_by",
        &values,
    )?;
    Ok(())
}

const PERSON: [&str; 6] = ["name", "name_key", "sex", "birth_day", "died_on", "id_state"];

/// What a merge may change of a person, as JSON.
pub(in crate::duplicates) fn find_person(session: &mut Session, id: &str) -> Result<Option<Json>> {
    let found = session.find(
        "select name, name_key, sex, birth_day, died_on, id_state from persons where id = $1",
        params![id],
    )?;
    Ok(found.map(|row| json_of(&row, &PERSON)))
}

pub(in crate::duplicates) fn write_person(tx: &mut Tx, id: &str, row: &Json) -> Result<()> {
    let mut values = vec![Value::from(id)];
    values.extend(PERSON.iter().map(|name| value_of(row, name)));
    tx.exec(
        "update persons set name = $2, name_key = $3, sex = $4, birth_day = $5, died_on = $6, id_state = $7 where id = $1",
        &values,
    )?;
    Ok(())
}

/// Whether somebody else who still counts has the same number.
pub(in crate::duplicates) fn number_is_twice(
    session: &mut Session,
    (person, goes): (&str, &str),
) -> Result<bool> {
    let found = session.find(
        "select 1 from persons p join persons o on o.id_digest = p.id_digest and o.id <> p.id and o.id <> $2
           and (o.merged_into is null or o.merged_into <> p.id)
         where p.id = $1",
        params![person, goes],
    )?;
    Ok(found.is_some())
}

const HOUSEHOLD: [&str; 2] = ["closed_on", "head_id"];

/// What a merge may change of a household, as JSON.
pub(in crate::duplicates) fn find_household(
    session: &mut Session,
    id: &str,
) -> Result<Option<Json>> {
    let found =
        session.find("select closed_on, head_id from households where id = $1", params![id])?;
    Ok(found.map(|row| json_of(&row, &HOUSEHOLD)))
}

pub(in crate::duplicates) fn write_household(tx: &mut Tx, id: &str, row: &Json) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "update households set closed_on = $2, head_id = $3,
             closed_at = case when cast($2 as text) is null then null when closed_on = cast($2 as text) then closed_at
                               else cast($4 as text) end
         where id = $1",
        params![id, value_of(row, "closed_on"), value_of(row, "head_id"), now],
    )?;
    Ok(())
}

pub(in crate::duplicates) fn village_of(
    session: &mut Session,
    household: &str,
) -> Result<Option<AreaCode>> {
    let row =
        session.find("select village_code from households where id = $1", params![household])?;
    row.map_or(Ok(None), |row| row.opt_parse(0))
}

/// Where somebody lives now, or lived last.
pub(in crate::duplicates) fn last_home(
    session: &mut Session,
    person: &str,
) -> Result<Option<String>> {
    let row = session.find(
        "select household_id from memberships where person_id = $1
         order by case when valid_to is null then 0 when valid_to > valid_from then 1 else 2 end, valid_from desc limit 1",
        params![person],
    )?;
    row.map(|row| row.text(0)).transpose()
}

/// Writes into every record of a kind who it is held to be, after the pairs among `ids` and beyond have changed.
pub(in crate::duplicates) fn point(tx: &mut Tx, kind: Kind, ids: &BTreeSet<String>) -> Result<()> {
    let mut pairs = BTreeMap::new();
    for row in tx.rows(
        "select goes_id, stays_id from merge_pairs where kind = $1 and undone_at is null",
        params![kind.as_str()],
    )? {
        pairs.insert(row.text(0)?, row.text(1)?);
    }
    let root = |id: &str| {
        let mut now = id.to_owned();
        for _ in 0..32 {
            match pairs.get(&now) {
                Some(next) => now.clone_from(next),
                None => break,
            }
        }
        now
    };
    let roots: BTreeSet<String> = ids.iter().map(|id| root(id)).collect();
    let near = pairs.keys().filter(|id| roots.contains(&root(id)));
    let all: BTreeSet<&String> = ids.iter().chain(near).collect();
    for id in all {
        let to = Some(root(id)).filter(|to| to != id);
        match kind {
            Kind::Person => tx.exec(
                "update persons set merged_into = $2 where id = $1",
                params![id.as_str(), to],
            )?,
            Kind::Household => tx.exec(
                "update households set merged_into = $2 where id = $1",
                params![id.as_str(), to],
            )?,
        };
    }
    Ok(())
}

/// The names under which a person was found until now: the own one and those of everybody held to be that person.
pub(in crate::duplicates) fn names_under(
    session: &mut Session,
    person: &str,
) -> Result<Vec<String>> {
    let rows = session
        .rows("select name from persons where id = $1 or merged_into = $1", params![person])?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// The texts by which a person is found, written anew: of the own name and of every name under which the person was
/// recorded too; nobody is found who is held to be somebody else. `former` are names that may have been searched before.
pub(in crate::duplicates) fn write_search_keys(
    tx: &mut Tx,
    person: &str,
    former: &[String],
) -> Result<()> {
    let rows = tx.rows(
        "select name, merged_into, id from persons where id = $1 or merged_into = $1",
        params![person],
    )?;
    let (mut names, mut goes) = (BTreeSet::new(), false);
    for row in &rows {
        names.insert(row.text(0)?);
        goes |= row.text(2)? == person && row.opt_text(1)?.is_some();
    }
    for name in names.iter().chain(former) {
        tx.exec(
            "delete from search_keys where person_id = $1 and key in (select value from json_each($2))",
            params![person, key_texts(name)],
        )?;
    }
    let home = last_home(tx, person)?;
    let village = home.as_deref().map_or(Ok(None), |home| village_of(tx, home))?;
    let (Some(home), Some(village), false) = (home, village, goes) else { return Ok(()) };
    let mut keys = BTreeSet::new();
    for name in &names {
        keys.extend(search_keys(name).keys.into_iter().map(|(key, kind)| (key, kind.text())));
    }
    tx.insert_many(
        "search_keys",
        &["key", "kind", "household_id", "person_id", "village_code"],
        keys.into_iter().map(|(key, kind)| {
            vec![key.into(), kind.into(), Value::from(&home), person.into(), village.into()]
        }),
    )?;
    Ok(())
}

/// Rows of lists that were taken for a person since an instant and of which nothing tells under which number they came: they
/// showed none, or (`same` = 1) both numbers are the same one.
pub(in crate::duplicates) fn count_by_name_only(
    session: &mut Session,
    (person, since, same): (&str, &str, bool),
) -> Result<i64> {
    session
        .row(
            "select count(*) from batch_rows b join batches f on f.id = b.batch_id and f.state = 'accepted' and f.accepted_at > $2
             where b.household_id in (select m.household_id from memberships m where m.person_id = $1)
               and b.person_id = $1 and b.outcome = 'taken'
               and ($3 = 1 or b.reason in ('household_number_name', 'phone_name', 'birth_name', 'village_name', 'village_head',
                    'village_sound', 'town_name', 'decided'))",
            params![person, since, same],
        )?
        .int(0)
}
