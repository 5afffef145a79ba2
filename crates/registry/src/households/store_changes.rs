//! Queries that write changes of households.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::idnumber::IdNumber;
use kernel::ids::{HouseholdId, PersonId};
use kernel::phone::Phone;
use kernel::time::Day;
use store::{Tx, Value, params};

use super::change::Newcomer;
use super::model::Edits;
use super::queries::Household;
use crate::people::{Certificate, IdState, key_texts, search_keys};

/// Identity number and phone of a newcomer, apart from the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    /// The identity number, if there is one yet.
    pub id: Option<IdNumber>,
    /// The phone.
    pub phone: Option<Phone>,
}

pub(super) fn save_edits(tx: &mut Tx, edits: &Edits) -> Result<()> {
    let now = tx.now();
    for end in &edits.ended {
        tx.exec(
            "update memberships set valid_to = $4, how_out = $5, ended_at = $6
             where household_id = $1 and person_id = $2 and valid_from = $3",
            params![
                end.household.to_string(),
                end.person.to_string(),
                end.from,
                end.to,
                end.how.as_str(),
                now
            ],
        )?;
    }
    for stay in &edits.opened {
        tx.exec(
            "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (household_id, person_id, valid_from) do update
             set kin = excluded.kin, how_in = excluded.how_in, valid_to = null, how_out = null, ended_at = null",
            params![
                stay.household.to_string(), stay.person.to_string(), stay.span.from, stay.kin.code(),
                stay.how_in.as_str(), stay.hukou, stay.shares_budget, stay.resident, now
            ],
        )?;
        if stay.kin.is_head() {
            tx.exec(
                "update households set head_id = $2 where id = $1",
                params![stay.household.to_string(), stay.person.to_string()],
            )?;
        }
        // people are found where they live now
        let name =
            tx.row("select name from persons where id = $1", params![stay.person])?.text(0)?;
        tx.exec(
            "update search_keys set household_id = $2,
                 village_code = (select coalesce(h.village_code, search_keys.village_code) from households h where h.id = $2)
             where person_id = $1 and key in (select value from json_each($3))",
            params![stay.person, stay.household, key_texts(&name)],
        )?;
    }
    for (household, day) in &edits.closed {
        tx.exec(
            "update households set closed_on = $2, closed_at = $3 where id = $1",
            params![household.to_string(), *day, now],
        )?;
    }
    Ok(())
}

/// The statuses of people (not of the household) go on in the household to which they go.
pub(super) fn take_statuses_along(
    tx: &mut Tx,
    from: HouseholdId,
    edits: &Edits,
    on: Day,
) -> Result<()> {
    let now = tx.now();
    for stay in edits.opened.iter().filter(|stay| stay.household != from) {
        let (person, to) = (stay.person.to_string(), stay.household.to_string());
        let followed = tx.exec(
            "insert into statuses (household_id, seq, person_id, scheme, value, valid_from, source, detail, recorded_at,
                                   batch_id, row_no)
             select cast($3 as text), (select coalesce(max(t.seq), -1) from statuses t where t.household_id = $3)
                      + row_number() over (order by s.seq),
                    s.person_id, s.scheme, s.value, s.valid_from, s.source, s.detail, $4, s.batch_id, s.row_no
             from statuses s where s.household_id = $1 and s.person_id = $2 and s.valid_to is null",
            params![from.to_string(), &person, to, now],
        )?;
        if followed > 0 {
            tx.exec(
                "update statuses set valid_to = $3, ended_at = $4
                 where household_id = $1 and person_id = $2 and valid_to is null",
                params![from.to_string(), person, on, now],
            )?;
        }
    }
    Ok(())
}

/// What the county has decided about a household holds for both parts of it after a split: its kind, the class in which it
/// is monitored, the register before 2020. Dibao and tekun of a household are granted to those who live together: they stay
/// and the new household is looked at anew.
pub(super) fn copy_statuses(tx: &mut Tx, from: HouseholdId, to: HouseholdId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into statuses (household_id, seq, person_id, scheme, value, valid_from, source, detail, recorded_at,
                               batch_id, row_no)
         select cast($2 as text), (select coalesce(max(t.seq), -1) from statuses t where t.household_id = $2)
                  + row_number() over (order by s.seq),
                null, s.scheme, s.value, s.valid_from, s.source, s.detail, $3, s.batch_id, s.row_no
         from statuses s where s.household_id = $1 and s.person_id is null and s.valid_to is null
           and s.scheme in ('type', 'monitored', 'legacy')",
        params![from.to_string(), to.to_string(), now],
    )?;
    Ok(())
}

/// A number for somebody or something that the province has not numbered yet: county, a letter, six digits. The letter
/// tells a household (`L`) from a person (`P`).
fn local_number(
    tx: &mut Tx,
    sql: &'static str,
    (village, letter): (AreaCode, char),
) -> Result<String> {
    let prefix = format!("{}{letter}", village.as_str().get(..6).unwrap_or_default());
    let last =
        tx.find(sql, params![&prefix, format!("{prefix}~")])?.map(|row| row.text(0)).transpose()?;
    let serial = last
        .and_then(|number| number.get(7..).and_then(|text| text.parse::<u32>().ok()))
        .unwrap_or(0);
    Ok(format!("{prefix}{:06}", serial.saturating_add(1)))
}

pub(super) fn insert_person(
    tx: &mut Tx,
    id: PersonId,
    home: &Household,
    newcomer: &Newcomer,
    papers: &Papers,
) -> Result<()> {
    let number = local_number(
        tx,
        "select number from persons where number >= $1 and number < $2 order by number desc limit 1",
        (home.village, 'P'),
    )?;
    let keys = tx.db().keys().clone();
    let found = search_keys(&newcomer.name);
    let number_of = papers.id.as_ref().map(|id| id.reveal());
    let digest = number_of.map(|number| keys.digest(number));
    let taken = match &digest {
        Some(digest) => {
            tx.find("select 1 from persons where id_digest = $1", params![digest])?.is_some()
        }
        None => false,
    };
    let state = match (&papers.id, taken) {
        (None, _) => IdState::Missing,
        (Some(_), true) => IdState::Twice,
        (Some(id), false) if id.state() == kernel::idnumber::IdState::Ok => IdState::Ok,
        (Some(_), false) => IdState::WrongCheck,
    };
    let certificate = if papers.id.is_some() { Certificate::Citizen } else { Certificate::None };
    tx.exec(
        "insert into persons (id, number, name, name_key, sex, birth_day, certificate, id_state, id_digest, id15_digest,
                              id6_digest, id_sealed, phone_sealed, phone_digest, phone_tail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            id.to_string().into(),
            number.into(),
            Value::from(&newcomer.name),
            Value::from(&found.name_key),
            newcomer.sex.text().into(),
            newcomer.birth_day.into(),
            certificate.as_str().into(),
            state.as_str().into(),
            digest.into(),
            papers.id.as_ref().map(|id| keys.digest(id.first_fifteen())).into(),
            papers.id.as_ref().map(|id| keys.digest(id.last_six())).into(),
            number_of.map(|number| keys.seal_text(number)).transpose()?.into(),
            papers.phone.as_ref().map(|phone| keys.seal_text(phone.reveal())).transpose()?.into(),
            papers.phone.as_ref().map(|phone| keys.digest(phone.reveal())).into(),
            papers.phone.as_ref().map(|phone| phone.tail().to_owned()).into(),
        ],
    )?;
    tx.insert_many(
        "search_keys",
        &["key", "kind", "household_id", "person_id", "village_code"],
        found.keys.into_iter().map(|(key, kind)| {
            vec![
                key.into(),
                kind.text().into(),
                home.id.to_string().into(),
                id.to_string().into(),
                home.village.into(),
            ]
        }),
    )?;
    Ok(())
}

pub(super) fn insert_household(
    tx: &mut Tx,
    id: HouseholdId,
    beside: &Household,
    group: Option<&str>,
    on: Day,
) -> Result<()> {
    let number = local_number(
        tx,
        "select number from households where number >= $1 and number < $2 order by number desc limit 1",
        (beside.village, 'L'),
    )?;
    let now = tx.now();
    tx.exec(
        "insert into households (id, number, village_code, group_name, opened_on, created_at) values ($1, $2, $3, $4, $5, $6)",
        params![id.to_string(), number, beside.village, group.or(beside.group.as_deref()), on, now],
    )?;
    Ok(())
}

pub(super) fn record_death(tx: &mut Tx, person: PersonId, on: Day) -> Result<()> {
    tx.exec("update persons set died_on = $2 where id = $1", params![person.to_string(), on])?;
    Ok(())
}

/// Whether somebody is dead, and whether they live in any household today or later than `on`.
pub(super) fn find_whereabouts(
    tx: &mut Tx,
    person: PersonId,
    on: Day,
) -> Result<Option<(bool, bool)>> {
    let row = tx.find(
        "select p.died_on, (select count(*) from memberships m where m.person_id = p.id
             and (m.valid_to is null or m.valid_to > $2)) from persons p where p.id = $1",
        params![person.to_string(), on],
    )?;
    row.map(|row| Ok((row.opt_text(0)?.is_some(), row.int(1)? > 0))).transpose()
}

pub(super) fn save_move(
    tx: &mut Tx,
    home: &Household,
    to: (AreaCode, Option<&str>, Option<&str>),
    on: Day,
) -> Result<()> {
    let (village, group, address) = to;
    let now = tx.now();
    let since = tx.find(
        "select max(valid_to) from household_places where household_id = $1",
        params![home.id.to_string()],
    )?;
    let since = since.and_then(|row| row.opt_text(0).ok().flatten());
    let from = since
        .or(home.opened_on.map(|day| day.to_string()))
        .unwrap_or_else(|| "1900-01-01".to_owned());
    tx.exec(
        "insert into household_places (household_id, village_code, group_name, address, valid_from, valid_to, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (household_id, valid_to) do nothing",
        params![home.id.to_string(), home.village, home.group.as_deref(), home.address.as_deref(), from, on, now],
    )?;
    tx.exec(
        "update households set village_code = $2, group_name = $3, address = $4 where id = $1",
        params![home.id.to_string(), village, group, address.or(home.address.as_deref())],
    )?;
    let people = tx.rows(
        "select p.id, p.name from memberships m join persons p on p.id = m.person_id
         where m.household_id = $1 and m.valid_to is null order by p.id",
        params![home.id.to_string()],
    )?;
    for row in people {
        tx.exec(
            "update search_keys set village_code = $2
             where person_id = $1 and key in (select value from json_each($3))",
            params![row.text(0)?, village, key_texts(&row.text(1)?)],
        )?;
    }
    Ok(())
}

pub(super) fn insert_proposal(tx: &mut Tx, values: &[Value]) -> Result<()> {
    tx.exec(
        "insert into proposals (id, kind, household_id, village_code, on_day, body, sealed, state, proposed_by, proposed_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8, $9)",
        values,
    )?;
    Ok(())
}

/// Whether exactly this change of the household waits already: a form that was sent twice.
pub(super) fn waits_already(
    tx: &mut Tx,
    (home, on): (&Household, Day),
    body: &str,
) -> Result<bool> {
    let found = tx.find(
        "select 1 from proposals where household_id = $1 and on_day = $2 and body = $3 and state = 'proposed'",
        params![home.id, on, body],
    )?;
    Ok(found.is_some())
}

/// Whether somebody of this name and birthday lives in the household.
pub(super) fn lives_here(tx: &mut Tx, home: &Household, newcomer: &Newcomer) -> Result<bool> {
    let found = tx.find(
        "select 1 from memberships m join persons p on p.id = m.person_id
         where m.household_id = $1 and m.valid_to is null and p.name_key = $2 and p.birth_day = $3",
        params![home.id, search_keys(&newcomer.name).name_key, newcomer.birth_day],
    )?;
    Ok(found.is_some())
}

/// Since when the household stands where it stands now, where that is known.
pub(super) fn moved_on(tx: &mut Tx, home: &Household) -> Result<Option<Day>> {
    let row = tx.row(
        "select max(valid_to) from household_places where household_id = $1",
        params![home.id],
    )?;
    row.opt_parse(0)
}

/// The first day on which the person lived in the household, or anybody did.
pub(super) fn first_day(
    tx: &mut Tx,
    home: &Household,
    person: Option<PersonId>,
) -> Result<Option<Day>> {
    let row = tx.row(
        "select min(valid_from) from memberships
         where household_id = $1 and (cast($2 as text) is null or person_id = $2)",
        params![home.id, person.map(|id| id.to_string())],
    )?;
    row.opt_parse(0)
}

/// Decides a proposal that still waits; says whether it did.
pub(super) fn decide(
    tx: &mut Tx,
    id: &str,
    state: &'static str,
    by: &str,
    reason: Option<&str>,
) -> Result<bool> {
    let now = tx.now();
    let changed = tx.exec(
        "update proposals set state = $2, decided_by = $3, decided_at = $4, reason = $5 where id = $1 and state = 'proposed'",
        params![id, state, by, now, reason],
    )?;
    Ok(changed == 1)
}
