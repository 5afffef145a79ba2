//! Queries of people whom a question may speak of.

use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use store::{Session, params};

/// Somebody whom a question may speak of, as the register knows them.
#[derive(Debug, Clone)]
pub struct Known {
    /// Number in the register.
    pub number: String,
    /// Name.
    pub name: String,
    /// `male` or `female`.
    pub sex: Option<String>,
    /// Birthday.
    pub birth: Option<Day>,
    /// Sealed identity number.
    pub id_sealed: Option<String>,
    /// Sealed phone of the person, else of the household.
    pub phone_sealed: Option<String>,
    /// Number of the household.
    pub household: String,
    /// Its group.
    pub group: Option<String>,
    /// Village and town.
    pub place: (String, String),
    /// Names of the others who live there.
    pub others: Vec<String>,
}

/// A person in a household, with those who live there.
pub fn find_known(
    session: &mut Session,
    person: PersonId,
    household: HouseholdId,
) -> Result<Option<Known>> {
    let row = session.find(
        "select p.name, p.sex, p.birth_day, p.id_sealed, coalesce(p.phone_sealed, h.phone_sealed), h.number,
           h.group_name, v.name, t.name, p.number
         from persons p join households h on h.id = $2 left join areas v on v.code = h.village_code
         left join areas t on t.code = v.parent_code where p.id = $1",
        params![person, household],
    )?;
    let Some(row) = row else { return Ok(None) };
    let others = session
        .rows(
            "select p.name from memberships m join persons p on p.id = m.person_id
             where m.household_id = $2 and m.person_id <> $1 and m.valid_to is null order by p.number limit 8",
            params![person, household],
        )?
        .iter()
        .map(|row| row.text(0))
        .collect::<Result<_>>()?;
    Ok(Some(Known {
        number: row.text(9)?,
        name: row.text(0)?,
        sex: row.opt_text(1)?,
        birth: row.opt_parse(2)?,
        id_sealed: row.opt_text(3)?,
        phone_sealed: row.opt_text(4)?,
        household: row.text(5)?,
        group: row.opt_text(6)?,
        place: (row.opt_text(7)?.unwrap_or_default(), row.opt_text(8)?.unwrap_or_default()),
        others,
    }))
}
