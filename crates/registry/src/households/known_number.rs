//! Queries that tell whether an identity number is that of somebody whom the county knows, and where that person lives.

use kernel::error::{Refusal, Result};
use kernel::idnumber::IdNumber;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use store::{Permit, Row, Session, params};

use super::queries::find_household;
use crate::people::Sex;

/// Somebody of the county's register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KnownPerson {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) sex: Option<Sex>,
    pub(super) died: bool,
    /// The household of the last stay.
    pub(super) household: HouseholdId,
    /// When that stay ended; `None` while the person lives there.
    pub(super) left_on: Option<Day>,
}

/// A person with the newest stay in a household that counts: one that still lasts before one that ended.
macro_rules! known {
    ($condition:literal) => {
        concat!(
            "select p.id, p.name, p.name_key, p.sex, p.died_on, m.household_id, m.valid_to
             from persons p join memberships m on m.person_id = p.id
             join households h on h.id = m.household_id and h.village_code is not null
             where ",
            $condition,
            " order by case when m.valid_to is null then 0 else 1 end, case when p.died_on is null then 0 else 1 end,
                m.valid_to desc nulls last, p.id limit 1"
        )
    };
}

fn known_of(row: &Row) -> Result<KnownPerson> {
    Ok(KnownPerson {
        id: row.parse(0)?,
        name: row.text(1)?,
        name_key: row.text(2)?,
        sex: row.opt_text(3)?.and_then(|text| Sex::read(&text)),
        died: row.opt_text(4)?.is_some(),
        household: row.parse(5)?,
        left_on: row.opt_parse(6)?,
    })
}

/// Who has this number.
pub(super) fn find_by_number(
    session: &mut Session,
    number: &IdNumber,
    keys: &store::Keys,
) -> Result<Option<KnownPerson>> {
    let digest = keys.digest(number.reveal());
    let found = session.find(
        known!(
            "p.id in (select coalesce(q.merged_into, q.id) from persons q where q.id_digest = $1)"
        ),
        params![digest],
    )?;
    found.as_ref().map(known_of).transpose()
}

/// The person of an id.
pub(super) fn find_known(session: &mut Session, id: PersonId) -> Result<Option<KnownPerson>> {
    let found = session.find(
        known!("p.id in (select coalesce(q.merged_into, q.id) from persons q where q.id = $1)"),
        params![id],
    )?;
    found.as_ref().map(known_of).transpose()
}

/// Codes of [`refusal_of`] after which the form offers to move that person instead.
pub(super) const MOVABLE: [&str; 3] =
    ["households.number_known", "households.number_elsewhere", "households.number_left"];

/// Why somebody with this number cannot be entered as a new person: who that is, as far as the permit shows. Of a
/// household outside the scope nothing is said but that there is one.
pub(super) fn refusal_of(
    session: &mut Session,
    permit: &Permit,
    known: &KnownPerson,
    home: HouseholdId,
) -> Result<Refusal> {
    let refuse =
        |code: &'static str| Refusal::conflict(code).field("id", "households.number_in_use");
    if known.died {
        return Ok(refuse("households.number_dead"));
    }
    let there = find_household(session, permit, &known.household.to_string())?;
    Ok(match there {
        Some(_) if known.household == home && known.left_on.is_none() => {
            refuse("households.number_here").arg("who", &known.name)
        }
        Some(there) if known.left_on.is_none() => {
            let village = crate::areas::find_area(session, there.village)?;
            refuse("households.number_known")
                .arg("who", &known.name)
                .arg("household", there.number)
                .arg("village", village.map(|area| area.row.name).unwrap_or_default())
        }
        None if known.left_on.is_none() => refuse("households.number_elsewhere"),
        _ => refuse("households.number_left"),
    })
}
