//! What a register reads from and writes to the database.

mod again;
mod known;

use std::collections::HashSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::BatchId;
use store::{Tx, Value, params};

use super::plan::Late;
use crate::circumstances::queries::RECORD_COLUMNS;

pub(super) use again::{find_later, keep_before, revert};
pub(super) use known::{Known, KnownHousehold, KnownPerson, KnownStatus, load_known};

const HOUSEHOLDS: &[&str] = &[
    "id",
    "number",
    "group_name",
    "head_id",
    "phone_sealed",
    "phone_tail",
    "created_at",
    "batch_id",
    "arriving_in",
];
const PERSONS: &[&str] = &[
    "id",
    "number",
    "name",
    "name_key",
    "sex",
    "birth_day",
    "certificate",
    "id_state",
    "id_digest",
    "id15_digest",
    "id6_digest",
    "id_sealed",
    "certificate_tail",
    "phone_sealed",
    "phone_digest",
    "phone_tail",
    "batch_id",
];
const MEMBERSHIPS: &[&str] = &[
    "household_id",
    "person_id",
    "valid_from",
    "kin",
    "how_in",
    "hukou",
    "shares_budget",
    "resident",
    "recorded_at",
    "batch_id",
];
const STATUSES: &[&str] = &[
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
    "batch_id",
    "row_no",
];
const SEARCH_KEYS: &[&str] = &["key", "kind", "household_id", "person_id", "village_code"];
/// Rows for the tables, in the order of the columns above.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) households: Vec<Vec<Value>>,
    pub(super) persons: Vec<Vec<Value>>,
    pub(super) memberships: Vec<Vec<Value>>,
    pub(super) statuses: Vec<Vec<Value>>,
    pub(super) search_keys: Vec<Vec<Value>>,
    pub(super) records: Vec<Vec<Value>>,
}

pub(super) fn insert(tx: &mut Tx, rows: Rows) -> Result<()> {
    tx.insert_many("households", HOUSEHOLDS, rows.households)?;
    tx.insert_many("persons", PERSONS, rows.persons)?;
    tx.insert_many("memberships", MEMBERSHIPS, rows.memberships)?;
    tx.insert_many("statuses", STATUSES, rows.statuses)?;
    tx.insert_many("search_keys", SEARCH_KEYS, rows.search_keys)?;
    tx.insert_many("records", RECORD_COLUMNS, rows.records)?;
    Ok(())
}

pub(super) fn publish(tx: &mut Tx, batch: &BatchId, late: &Late) -> Result<()> {
    keep_before(tx, batch, late)?;
    tx.exec(
        "update households set village_code = arriving_in, arriving_in = null
         where batch_id = $1 and arriving_in is not null",
        params![batch.to_string()],
    )?;
    tx.exec_many(
        "update memberships set valid_to = $4, how_out = $5, ended_at = $6, ended_by = $7
         where household_id = $1 and person_id = $2 and valid_from = $3",
        late.ended_stays.iter().cloned(),
    )?;
    tx.exec_many(
        "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident,
                                  recorded_at, batch_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (household_id, person_id, valid_from) do update
         set kin = excluded.kin, valid_to = null, how_out = null, ended_at = null, ended_by = null",
        late.opened_stays.iter().cloned(),
    )?;
    tx.exec_many(
        "update statuses set valid_to = $3, ended_at = $4, ended_by = $5 where household_id = $1 and seq = $2",
        late.ended_statuses.iter().cloned(),
    )?;
    tx.insert_many("statuses", STATUSES, late.statuses.iter().cloned())?;
    tx.exec_many("update households set head_id = $2 where id = $1", late.heads.iter().cloned())?;
    tx.exec_many(
        "insert into household_places (household_id, village_code, group_name, address, valid_from, valid_to, recorded_at)
         select id, village_code, group_name, address, coalesce(opened_on, '1900-01-01'), $3, $4
         from households where id = $1 and village_code <> $2
         on conflict (household_id, valid_to) do update set village_code = excluded.village_code",
        late.moved.iter().cloned(),
    )?;
    tx.exec_many(
        "update households set village_code = $2, arriving_in = null, closed_on = null where id = $1",
        late.standing.iter().cloned(),
    )?;
    tx.exec_many(
        "update persons set name = $2, name_key = $3, id_state = $4, id_digest = $5, id15_digest = $6, id6_digest = $7,
                            id_sealed = $8, phone_sealed = $9, phone_digest = $10, phone_tail = $11
         where id = $1",
        late.persons.iter().cloned(),
    )?;
    tx.exec_many(
        "delete from search_keys where person_id = $1 and key in (select value from json_each($2))",
        late.renamed.iter().cloned(),
    )?;
    tx.exec_many(
        "insert into search_keys (key, kind, household_id, person_id, village_code) values ($1, $2, $3, $4, $5)
         on conflict (key, person_id, kind) do nothing",
        late.search_keys.iter().cloned(),
    )?;
    Ok(())
}

/// Households that the late part of a register changes, with their villages.
pub(super) fn changed_by(tx: &mut Tx, late: &Late) -> Result<Vec<(String, AreaCode)>> {
    let stays = late.ended_stays.iter().chain(&late.opened_stays).chain(&late.heads);
    let all = stays.chain(&late.ended_statuses).chain(&late.statuses).chain(&late.moved);
    let first = |row: &Vec<Value>| row.first().and_then(Value::as_text).map(str::to_owned);
    let homes: HashSet<String> = all.chain(&late.standing).filter_map(first).collect();
    let persons: HashSet<String> = late.persons.iter().filter_map(first).collect();
    let found = tx.rows(
        "select id, village_code from households where village_code is not null
           and (id in (select value from json_each($1)) or id in (select m.household_id from memberships m
                where m.person_id in (select value from json_each($2)))) order by id",
        params![serde_json::json!(homes).to_string(), serde_json::json!(persons).to_string()],
    )?;
    found.iter().map(|row| Ok((row.text(0)?, row.parse(1)?))).collect()
}

pub(super) fn sweep(tx: &mut Tx, batch: &BatchId) -> Result<()> {
    let batch = batch.to_string();
    tx.exec(
        "delete from search_keys where person_id in (select id from persons where batch_id = $1)",
        params![&batch],
    )?;
    tx.exec("delete from memberships where batch_id = $1", params![&batch])?;
    tx.exec("delete from statuses where batch_id = $1", params![&batch])?;
    tx.exec("delete from persons where batch_id = $1", params![&batch])?;
    tx.exec(
        "delete from households where batch_id = $1 and arriving_in is not null",
        params![&batch],
    )?;
    tx.exec("delete from records where batch_id = $1", params![&batch])?;
    Ok(())
}
