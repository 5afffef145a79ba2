//! The SQL of what desks see: lists of declarations, one of them, the people it may be about.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{DeclarationId, HouseholdId};
use store::{Permit, Session, Value, visible};

use super::super::model::State;
use super::{Declared, columns, declared};

const SEEN: &str = concat!(
    "select ",
    columns!(),
    " from declarations d where d.id = $3 and ",
    visible!("d.village_code", "d.household_id")
);

/// The declaration, if the person may see it.
pub fn find(session: &mut Session, permit: &Permit, id: DeclarationId) -> Result<Option<Declared>> {
    let row = session.find(SEEN, &[permit.account(), permit.today(), id.into()])?;
    row.as_ref().map(declared).transpose()
}

const LIST: &str = concat!(
    "select ",
    columns!(),
    ", coalesce(v.name, d.village_code), coalesce(t.name, ''), coalesce(h.number, '')
      from declarations d left join areas v on v.code = d.village_code left join areas t on t.code = v.parent_code
      left join households h on h.id = d.household_id
      where d.state = $3 and d.village_code >= $4 and d.village_code <= $5
        and (cast($6 as text) is null or d.channel = $6) and ",
    visible!("d.village_code", "d.household_id"),
    " order by d.said_at desc, d.id desc limit $7 offset $8"
);

/// A line of a list with the names of its village and township, and the number of its household.
pub type Listed = (Declared, (String, String), String);

/// Declarations in a state, the newest first.
pub fn list(
    session: &mut Session,
    permit: &Permit,
    (state, area, channel): (State, Option<AreaCode>, Option<&str>),
    (limit, from): (i64, i64),
) -> Result<Vec<Listed>> {
    let (low, high) = within(permit, area);
    let rows = session.rows(
        LIST,
        &[
            permit.account(),
            permit.today(),
            state.code().into(),
            low,
            high,
            channel.into(),
            limit.into(),
            from.into(),
        ],
    )?;
    let listed =
        |row: &store::Row| Ok((declared(row)?, (row.text(23)?, row.text(24)?), row.text(25)?));
    rows.iter().map(listed).collect()
}

fn within(permit: &Permit, area: Option<AreaCode>) -> (Value, Value) {
    let hull = permit.hull();
    match area {
        Some(area) => {
            let (low, high) = area.range();
            (low.into(), high.into())
        }
        None => (hull.0.into(), hull.1.into()),
    }
}

const COUNT: &str = concat!(
    "select d.state, count(*) from declarations d where d.village_code >= $3 and d.village_code <= $4 and ",
    visible!("d.village_code", "d.household_id"),
    " group by d.state"
);

/// How many stand where.
pub fn count(
    session: &mut Session,
    permit: &Permit,
    area: Option<AreaCode>,
) -> Result<Vec<(State, i64)>> {
    let (low, high) = within(permit, area);
    let rows = session.rows(COUNT, &[permit.account(), permit.today(), low, high])?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.int(1)?))).collect()
}

const OF_HOUSEHOLD: &str = concat!(
    "select ",
    columns!(),
    " from declarations d where d.household_id = $3 and d.state = 'placed' and ",
    visible!("d.village_code", "d.household_id"),
    " order by d.said_at desc, d.id desc limit 20"
);

/// What was said about a household, the newest first.
pub fn of_household(
    session: &mut Session,
    permit: &Permit,
    household: HouseholdId,
) -> Result<Vec<Declared>> {
    let params = [permit.account(), permit.today(), household.into()];
    session.rows(OF_HOUSEHOLD, &params)?.iter().map(declared).collect()
}

/// Somebody whom a declaration may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Somebody {
    /// The household.
    pub household: HouseholdId,
    /// Its number.
    pub number: String,
    /// Name of the person, or of the head.
    pub name: String,
    /// Name of the head.
    pub head: String,
    /// Village and group.
    pub place: String,
}

const SOMEBODY: &str = concat!(
    "select h.id, h.number, coalesce(p.name, k.name, ''), coalesce(k.name, ''), coalesce(v.name, h.village_code),
       coalesce(h.group_name, '')
     from households h left join persons k on k.id = h.head_id left join persons p on p.id = $4
     left join areas v on v.code = h.village_code where h.id = $3 and h.closed_on is null and ",
    visible!("h.village_code", "h.id")
);

/// A household in the person's scope that stands, with one of its people.
pub fn find_somebody(
    session: &mut Session,
    permit: &Permit,
    (household, person): (HouseholdId, Option<kernel::ids::PersonId>),
) -> Result<Option<Somebody>> {
    let params = [permit.account(), permit.today(), household.into(), person.into()];
    let row = session.find(SOMEBODY, &params)?;
    row.map(|row| {
        let place = [row.text(4)?, row.text(5)?];
        let place: Vec<String> = place.into_iter().filter(|text| !text.is_empty()).collect();
        Ok(Somebody {
            household: row.parse(0)?,
            number: row.text(1)?,
            name: row.text(2)?,
            head: row.text(3)?,
            place: place.join(" · "),
        })
    })
    .transpose()
}

const BY_NUMBER: &str = concat!(
    "select h.id from households h where h.number = $3 and h.closed_on is null and ",
    visible!("h.village_code", "h.id")
);

/// The household of a number, in the person's scope.
pub fn find_by_number(
    session: &mut Session,
    permit: &Permit,
    number: &str,
) -> Result<Option<HouseholdId>> {
    let params = [permit.account(), permit.today(), number.into()];
    session.find(BY_NUMBER, &params)?.map(|row| row.parse(0)).transpose()
}
