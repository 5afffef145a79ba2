//! What the county knows before a register is taken in.

use super::super::HouseholdRow;
use crate::households::{DECIDED, Kin};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use std::collections::{HashMap, HashSet};
use store::{Session, params};

/// A household that was there before.
#[derive(Clone, Debug)]
pub struct KnownHousehold {
    pub id: HouseholdId,
    /// `None` when the register that brought it was taken back.
    pub village: Option<AreaCode>,
    pub head: Option<PersonId>,
    pub stays: Vec<KnownStay>,
    pub statuses: Vec<KnownStatus>,
    pub next_status: i64,
}

/// An open stay.
#[derive(Clone, Debug)]
pub struct KnownStay {
    pub person: PersonId,
    pub from: Day,
    pub kin: Option<Kin>,
}

/// An open status.
#[derive(Clone, Debug)]
pub struct KnownStatus {
    pub seq: i64,
    pub person: Option<PersonId>,
    pub scheme: String,
    pub value: String,
    /// A case decided it: no register ends it.
    pub decided: bool,
}

/// A person who was there before.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    pub id: PersonId,
    pub name: String,
    pub id_digest: Option<String>,
    pub phone_digest: Option<String>,
    pub household: Option<HouseholdId>,
    /// Who died or left by hand and lives nowhere since: the household, and whether it was death.
    pub gone: Option<(HouseholdId, bool)>,
    /// Held to be somebody else: the row is told of that one, under this number.
    pub merged: bool,
}

/// What the county knows before this register.
#[derive(Debug, Default)]
pub struct Known {
    pub households: HashMap<String, KnownHousehold>,
    pub persons: HashMap<String, KnownPerson>,
    /// Digest of an identity number → number (人编号) of somebody who has it.
    pub digests: HashMap<String, String>,
    /// Whom an earlier register did not name either, and who was said to live here all the same.
    pub answered: HashMap<(String, String), Answered>,
}

/// Who said that somebody lives here although the register does not name them: account, when, why.
pub type Answered = (String, String, Option<String>);

/// Everything about the villages of the register; nothing is read when the county is still empty.
pub fn load_known(session: &mut Session, rows: &[HouseholdRow]) -> Result<Known> {
    let mut known = Known::default();
    let counties: HashSet<String> =
        rows.iter().filter_map(|row| row.village.as_str().get(..6).map(str::to_owned)).collect();
    if session.find("select 1 from households limit 1", &[])?.is_none() {
        return Ok(known);
    }
    let mut by_id: HashMap<String, String> = HashMap::new();
    for county in &counties {
        let (low, high) = (format!("{county}000000"), format!("{county}999999"));
        session.each(
            "select id, number, village_code, head_id from households
             where coalesce(village_code, arriving_in) >= $1 and coalesce(village_code, arriving_in) <= $2",
            params![low, high],
            |row| {
                by_id.insert(row.text(0)?, row.text(1)?);
                let household = KnownHousehold {
                    id: row.parse(0)?,
                    village: row.opt_parse(2)?,
                    head: row.opt_parse(3)?,
                    stays: Vec::new(),
                    statuses: Vec::new(),
                    next_status: 0,
                };
                known.households.insert(row.text(1)?, household);
                Ok(true)
            },
        )?;
    }
    load_answers(session, &mut known)?;
    load_stays(session, &by_id, &mut known)?;
    load_statuses(session, &by_id, &mut known)?;
    Ok(known)
}

fn load_answers(session: &mut Session, known: &mut Known) -> Result<()> {
    session.each(
        "select household_id, person_id, answered_by, answered_at, reason from register_absences
         where state = 'stays' and answered_by is not null and answered_at is not null",
        &[],
        |row| {
            let answered = (row.text(2)?, row.text(3)?, row.opt_text(4)?);
            known.answered.insert((row.text(0)?, row.text(1)?), answered);
            Ok(true)
        },
    )
}

/// People who died or left by hand, with the household.
fn load_gone(session: &mut Session) -> Result<HashMap<PersonId, (HouseholdId, bool)>> {
    let mut gone = HashMap::new();
    session.each(
        "select person_id, household_id, how_out from memberships
         where valid_to is not null and ended_by is null and how_out in ('death', 'left') order by person_id, valid_to",
        &[],
        |row| {
            gone.insert(row.parse(0)?, (row.parse(1)?, row.text(2)? == "death"));
            Ok(true)
        },
    )?;
    Ok(gone)
}

fn load_stays(
    session: &mut Session,
    by_id: &HashMap<String, String>,
    known: &mut Known,
) -> Result<()> {
    let mut homes: HashMap<PersonId, HouseholdId> = HashMap::new();
    session.each(
        "select household_id, person_id, valid_from, kin from memberships where valid_to is null",
        &[],
        |row| {
            if let Some(number) = by_id.get(&row.text(0)?)
                && let Some(household) = known.households.get_mut(number)
            {
                let person = row.parse(1)?;
                homes.insert(person, household.id);
                household.stays.push(KnownStay {
                    person,
                    from: row.parse(2)?,
                    kin: Kin::parse(&row.text(3)?),
                });
            }
            Ok(true)
        },
    )?;
    let gone = load_gone(session)?;
    session.each(
        "select id, number, name, id_digest, phone_digest, merged_into from persons",
        &[],
        |row| {
            let id: PersonId = row.parse(0)?;
            let number = row.text(1)?;
            if let Some(digest) = row.opt_text(3)? {
                known.digests.insert(digest, number.clone());
            }
            let person = KnownPerson {
                id,
                name: row.text(2)?,
                id_digest: row.opt_text(3)?,
                phone_digest: row.opt_text(4)?,
                household: homes.get(&id).copied(),
                gone: gone.get(&id).copied().filter(|_| !homes.contains_key(&id)),
                merged: row.opt_text(5)?.is_some(),
            };
            known.persons.insert(number, person);
            Ok(true)
        },
    )
}

fn load_statuses(
    session: &mut Session,
    by_id: &HashMap<String, String>,
    known: &mut Known,
) -> Result<()> {
    session.each(
        "select household_id, seq, person_id, scheme, value, valid_to, source from statuses order by household_id, seq",
        &[],
        |row| {
            if let Some(number) = by_id.get(&row.text(0)?)
                && let Some(household) = known.households.get_mut(number)
            {
                household.next_status = row.int(1)? + 1;
                if row.opt_text(5)?.is_none() {
                    household.statuses.push(KnownStatus {
                        seq: row.int(1)?,
                        person: row.opt_parse(2)?,
                        scheme: row.text(3)?,
                        value: row.text(4)?,
                        decided: row.str(6)? == DECIDED,
                    });
                }
            }
            Ok(true)
        },
    )
}
