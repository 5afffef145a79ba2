//! Queries by which a register that changed what was known can be taken back whole.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::BatchId;
use serde_json::json;
use store::{Tx, Value, params};

use super::SEARCH_KEYS;
use crate::circumstances::register::plan::Late;
use crate::people::{key_texts, search_keys};

fn at(row: &[Value], index: usize) -> Value {
    row.get(index).cloned().unwrap_or(Value::Null)
}

/// Keeps what a register is about to change, and puts those whom it does not name on their list.
pub fn keep_before(tx: &mut Tx, batch: &BatchId, late: &Late) -> Result<()> {
    let batch = Value::from(batch.to_string());
    tx.exec_many(
        "insert into persons_before (batch_id, person_id, name, name_key, id_state, id_digest, id15_digest, id6_digest,
                                     id_sealed, phone_sealed, phone_digest, phone_tail)
         select $2, id, name, name_key, id_state, id_digest, id15_digest, id6_digest, id_sealed, phone_sealed,
                phone_digest, phone_tail
         from persons where id = $1 on conflict (batch_id, person_id) do nothing",
        late.persons.iter().map(|row| vec![at(row, 0), batch.clone()]),
    )?;
    let moved = late.moved.iter().map(|row| (at(row, 0), at(row, 2)));
    let others = late.heads.iter().chain(&late.standing).map(|row| (at(row, 0), Value::Null));
    tx.exec_many(
        "insert into households_before (batch_id, household_id, village_code, head_id, closed_on, moved_on)
         select $2, id, village_code, head_id, closed_on, $3
         from households where id = $1 on conflict (batch_id, household_id) do nothing",
        moved.chain(others).map(|(id, day)| vec![id, batch.clone(), day]),
    )?;
    tx.exec_many(
        "insert into memberships_before (batch_id, household_id, person_id, valid_from, valid_to, kin, how_out, ended_at,
                                         ended_by)
         select $4, household_id, person_id, valid_from, valid_to, kin, how_out, ended_at, ended_by
         from memberships where household_id = $1 and person_id = $2 and valid_from = $3
         on conflict (batch_id, household_id, person_id, valid_from) do nothing",
        late.opened_stays.iter().map(|row| vec![at(row, 0), at(row, 1), at(row, 2), batch.clone()]),
    )?;
    let covered: Vec<&str> = late.covered.iter().map(AreaCode::as_str).collect();
    tx.exec(
        "update register_absences set state = 'replaced', replaced_by = $1
         where state in ('open', 'stays') and village_code in (select value from json_each($2))",
        &[batch, json!(covered).to_string().into()],
    )?;
    tx.insert_many(
        "register_absences",
        &[
            "batch_id",
            "household_id",
            "person_id",
            "village_code",
            "state",
            "noted_at",
            "answered_by",
            "answered_at",
            "reason",
        ],
        late.absent.iter().cloned(),
    )?;
    Ok(())
}

/// Takes back what a register did, also to households and people that were known before. Answers with the households
/// whose facts the commit itself must derive: those that were prepared without knowing all of it.
pub fn revert(tx: &mut Tx, batch: &BatchId) -> Result<Vec<(String, AreaCode)>> {
    let batch = batch.to_string();
    let mut touched = give_records_back(tx, &batch)?;
    tx.exec(
        "delete from memberships where batch_id = $1
           and (household_id in (select id from households where batch_id is null or batch_id <> $1)
                or person_id in (select id from persons where batch_id is null or batch_id <> $1))",
        params![&batch],
    )?;
    tx.exec(
        "delete from statuses where batch_id = $1
         and household_id in (select id from households where batch_id is null or batch_id <> $1)",
        params![&batch],
    )?;
    tx.exec(
        "update memberships set valid_to = null, how_out = null, ended_at = null, ended_by = null where ended_by = $1",
        params![&batch],
    )?;
    tx.exec(
        "update statuses set valid_to = null, ended_at = null, ended_by = null where ended_by = $1",
        params![&batch],
    )?;
    touched.extend(restore_stays(tx, &batch)?);
    restore_households(tx, &batch)?;
    restore_persons(tx, &batch)?;
    tx.exec(
        "update households set arriving_in = village_code, village_code = null
         where batch_id = $1 and village_code is not null",
        params![&batch],
    )?;
    tx.exec("delete from register_absences where batch_id = $1", params![&batch])?;
    tx.exec(
        "update register_absences set state = case when answered_by is null then 'open' else 'stays' end, replaced_by = null
         where state = 'replaced' and replaced_by = $1",
        params![&batch],
    )?;
    let list = json!(touched).to_string();
    let found = tx.rows(
        "select id, village_code from households where village_code is not null
           and id in (select value from json_each($1)) order by id",
        params![list],
    )?;
    found.iter().map(|row| Ok((row.text(0)?, row.parse(1)?))).collect()
}

/// Lists that came in between were given to the household in which this register had a known person; they go back to
/// where the person lived. Answers with the households concerned.
fn give_records_back(tx: &mut Tx, batch: &str) -> Result<BTreeSet<String>> {
    let stays = tx.rows(
        "select m.household_id, m.person_id, o.household_id, h.village_code
         from memberships m join memberships o on o.person_id = m.person_id and o.ended_by = $1
         join households h on h.id = o.household_id
         where m.batch_id = $1 and o.household_id <> m.household_id",
        params![batch],
    )?;
    let mut touched = BTreeSet::new();
    for row in stays {
        let moved = tx.exec(
            "update records set household_id = $3, village_code = coalesce($4, village_code)
             where household_id = $1 and subject_id = $2 and subject = 'person' and batch_id <> $5",
            &[
                row.text(0)?.into(),
                row.text(1)?.into(),
                row.text(2)?.into(),
                row.opt_text(3)?.into(),
                batch.into(),
            ],
        )?;
        if moved > 0 {
            touched.extend([row.text(0)?, row.text(2)?]);
        }
    }
    Ok(touched)
}

fn restore_stays(tx: &mut Tx, batch: &str) -> Result<BTreeSet<String>> {
    let rows = tx.rows(
        "select household_id, person_id, valid_from, valid_to, kin, how_out, ended_at, ended_by
         from memberships_before where batch_id = $1",
        params![batch],
    )?;
    let mut touched = BTreeSet::new();
    for row in &rows {
        touched.insert(row.text(0)?);
    }
    tx.exec_many(
        "update memberships set valid_to = $4, kin = $5, how_out = $6, ended_at = $7, ended_by = $8
         where household_id = $1 and person_id = $2 and valid_from = $3",
        rows.into_iter().map(|row| row.0),
    )?;
    tx.exec("delete from memberships_before where batch_id = $1", params![batch])?;
    Ok(touched)
}

fn restore_households(tx: &mut Tx, batch: &str) -> Result<()> {
    let rows = tx.rows(
        "select household_id, village_code, head_id, closed_on, moved_on from households_before where batch_id = $1",
        params![batch],
    )?;
    for row in rows {
        let household = row.text(0)?;
        let village = row.opt_text(1)?;
        tx.exec(
            "update households set arriving_in = case when cast($2 as text) is null then village_code else arriving_in end,
                 village_code = $2, head_id = $3, closed_on = $4 where id = $1",
            params![&household, village.clone(), row.opt_text(2)?, row.opt_text(3)?],
        )?;
        if let Some(day) = row.opt_text(4)? {
            tx.exec(
                "delete from household_places where household_id = $1 and valid_to = $2",
                params![&household, day],
            )?;
            if let Some(village) = village {
                people_stand_in(tx, &household, &village)?;
            }
        }
    }
    tx.exec("delete from households_before where batch_id = $1", params![batch])?;
    Ok(())
}

/// The people of a household are found in this village.
fn people_stand_in(tx: &mut Tx, household: &str, village: &str) -> Result<()> {
    let people = tx.rows(
        "select distinct p.id, p.name from memberships m join persons p on p.id = m.person_id
         where m.household_id = $1 order by p.id",
        params![household],
    )?;
    for row in people {
        tx.exec(
            "update search_keys set village_code = $3
             where household_id = $1 and person_id = $2 and key in (select value from json_each($4))",
            params![household, row.text(0)?, village, key_texts(&row.text(1)?)],
        )?;
    }
    Ok(())
}

fn restore_persons(tx: &mut Tx, batch: &str) -> Result<()> {
    let rows = tx.rows(
        "select person_id, name, name_key, id_state, id_digest, id15_digest, id6_digest, id_sealed, phone_sealed,
                phone_digest, phone_tail from persons_before where batch_id = $1",
        params![batch],
    )?;
    let mut keys: Vec<Vec<Value>> = Vec::new();
    for row in &rows {
        let (person, name) = (row.text(0)?, row.text(1)?);
        let home = tx.find(
            "select h.id, coalesce(h.village_code, h.arriving_in) from memberships m join households h on h.id = m.household_id
             where m.person_id = $1 and coalesce(h.village_code, h.arriving_in) is not null
             order by m.valid_from desc limit 1",
            params![&person],
        )?;
        let found_by =
            tx.row("select name from persons where id = $1", params![&person])?.text(0)?;
        tx.exec(
            "delete from search_keys where person_id = $1 and key in (select value from json_each($2))",
            params![&person, key_texts(&found_by)],
        )?;
        let Some(home) = home else { continue };
        let (household, village) = (home.text(0)?, home.text(1)?);
        keys.extend(search_keys(&name).keys.into_iter().map(|(key, kind)| {
            vec![
                key.into(),
                kind.text().into(),
                household.as_str().into(),
                person.as_str().into(),
                village.as_str().into(),
            ]
        }));
    }
    tx.exec_many(
        "update persons set name = $2, name_key = $3, id_state = $4, id_digest = $5, id15_digest = $6, id6_digest = $7,
                            id_sealed = $8, phone_sealed = $9, phone_digest = $10, phone_tail = $11
         where id = $1",
        rows.into_iter().map(|row| row.0),
    )?;
    tx.insert_many("search_keys", SEARCH_KEYS, keys)?;
    tx.exec("delete from persons_before where batch_id = $1", params![batch])?;
    Ok(())
}

/// A register that was accepted after this one and still counts: its number and file.
pub fn find_later(session: &mut store::Session, batch: &BatchId) -> Result<Option<String>> {
    let row = session.find(
        "select b.file_name from batches b, batches mine where mine.id = $1 and b.list_id = 'register'
           and b.state = 'accepted' and b.id <> mine.id and b.accepted_at > mine.accepted_at
         order by b.accepted_at desc limit 1",
        params![batch.to_string()],
    )?;
    row.map(|row| row.text(0)).transpose()
}
