//! Queries of what became of a household since its case began: moved, divided, its head dead. The case goes on with it.

use kernel::error::Result;
use kernel::ids::HouseholdId;
use kernel::time::Day;
use store::{Session, params};

/// What became of the household while the case runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followed {
    /// It moved on a day, from a village by its name.
    pub moved: Option<(Day, String)>,
    /// Members went to a household of their own: the day, how many, the household.
    pub divided: Option<(Day, i64, Option<String>)>,
    /// The head died on a day: the name.
    pub head_died: Option<(Day, String)>,
}

/// What became of a household since a day.
pub fn since(session: &mut Session, household: HouseholdId, from: Day) -> Result<Followed> {
    let asked = params![household, from];
    let moved = session.find(
        "select p.valid_to, coalesce(a.name, p.village_code) from household_places p
           join households h on h.id = p.household_id left join areas a on a.code = p.village_code
         where p.household_id = $1 and p.valid_to >= $2 and p.village_code <> h.village_code
         order by p.valid_to desc limit 1",
        asked,
    )?;
    let divided = session.find(
        "select m.valid_to, cast(count(*) as bigint), min(o.household_id)
         from memberships m left join memberships o on o.person_id = m.person_id and o.how_in = 'split' and o.valid_from = m.valid_to
         where m.household_id = $1 and m.how_out = 'split' and m.valid_to >= $2
         group by m.valid_to order by m.valid_to desc limit 1",
        asked,
    )?;
    let died = session.find(
        "select m.valid_to, p.name from memberships m join persons p on p.id = m.person_id
         where m.household_id = $1 and m.kin = 'head' and m.how_out = 'death' and m.valid_to >= $2
         order by m.valid_to desc limit 1",
        asked,
    )?;
    Ok(Followed {
        moved: moved
            .map(|row| Ok::<_, kernel::Error>((row.parse(0)?, row.text(1)?)))
            .transpose()?,
        divided: divided
            .map(|row| Ok::<_, kernel::Error>((row.parse(0)?, row.int(1)?, row.opt_text(2)?)))
            .transpose()?,
        head_died: died
            .map(|row| Ok::<_, kernel::Error>((row.parse(0)?, row.text(1)?)))
            .transpose()?,
    })
}
