//! Queries of one side of a pair: everything by which somebody tells whether two are one.

use kernel::error::Result;
use kernel::time::Day;
use store::{Row, Session, params};

/// One of two records.
#[derive(Clone, Debug, Default)]
pub(in crate::duplicates) struct Side {
    pub(in crate::duplicates) id: String,
    pub(in crate::duplicates) home: String,
    /// Name of the person, or of the head.
    pub(in crate::duplicates) name: String,
    /// Number of the person, or of the household.
    pub(in crate::duplicates) number: String,
    pub(in crate::duplicates) id_sealed: Option<String>,
    pub(in crate::duplicates) id_state: String,
    pub(in crate::duplicates) sex: Option<String>,
    pub(in crate::duplicates) birth: Option<Day>,
    pub(in crate::duplicates) died: Option<Day>,
    pub(in crate::duplicates) phone_sealed: Option<String>,
    pub(in crate::duplicates) household: String,
    pub(in crate::duplicates) place: (String, String),
    pub(in crate::duplicates) group: Option<String>,
    pub(in crate::duplicates) address: Option<String>,
    pub(in crate::duplicates) kin: Option<String>,
    pub(in crate::duplicates) since: Option<String>,
    /// People of the household: id, name.
    pub(in crate::duplicates) members: Vec<(String, String)>,
    pub(in crate::duplicates) statuses: Vec<(String, String)>,
    /// Lists in which the record stands: department, list, rows.
    pub(in crate::duplicates) lists: Vec<(String, String, i64)>,
}

const PERSON: &str =
    "select p.name, p.number, p.id_sealed, p.id_state, p.sex, p.birth_day, p.died_on, coalesce(p.phone_sealed, h.phone_sealed),
        h.number, h.village_code, v.name, t.name, h.group_name, h.address, m.kin, m.valid_from
     from persons p join households h on h.id = $2
     left join memberships m on m.person_id = p.id and m.household_id = h.id and m.valid_to is null
     left join areas v on v.code = h.village_code left join areas t on t.code = v.parent_code where p.id = $1";

const HOUSEHOLD: &str =
    "select coalesce(p.name, ''), h.number, p.id_sealed, coalesce(p.id_state, 'ok'), null, null, null, h.phone_sealed,
        h.number, h.village_code, v.name, t.name, h.group_name, h.address, null, h.opened_on
     from households h left join persons p on p.id = h.head_id
     left join areas v on v.code = h.village_code left join areas t on t.code = v.parent_code where h.id = $1";

fn side_of(row: &Row) -> Result<Side> {
    Ok(Side {
        name: row.text(0)?,
        number: row.text(1)?,
        id_sealed: row.opt_text(2)?,
        id_state: row.text(3)?,
        sex: row.opt_text(4)?,
        birth: row.opt_parse(5)?,
        died: row.opt_parse(6)?,
        phone_sealed: row.opt_text(7)?,
        household: row.text(8)?,
        place: (row.opt_text(10)?.unwrap_or_default(), row.opt_text(11)?.unwrap_or_default()),
        group: row.opt_text(12)?,
        address: row.opt_text(13)?,
        kin: row.opt_text(14)?,
        since: row.opt_text(15)?,
        ..Side::default()
    })
}

/// A person who lives (or lived last) in a household, or the household when `person` is none.
pub(in crate::duplicates) fn find_side(
    session: &mut Session,
    (person, home): (Option<&str>, &str),
) -> Result<Option<Side>> {
    let row = match person {
        Some(person) => session.find(PERSON, params![person, home])?,
        None => session.find(HOUSEHOLD, params![home])?,
    };
    let Some(row) = row else { return Ok(None) };
    let mut side = side_of(&row)?;
    side.id = person.unwrap_or(home).to_owned();
    side.home = home.to_owned();
    for row in session.rows(
        "select p.id, p.name from memberships m join persons p on p.id = m.person_id
         where m.household_id = $1 and m.valid_to is null order by p.number",
        params![home],
    )? {
        side.members.push((row.text(0)?, row.text(1)?));
    }
    for row in session.rows(
        "select scheme, value from statuses where household_id = $1 and valid_to is null
           and (person_id is null and cast($2 as text) is null or person_id = $2) order by scheme",
        params![home, person],
    )? {
        side.statuses.push((row.text(0)?, row.text(1)?));
    }
    for row in session.rows(
        "select b.department, b.list_id, cast(count(*) as bigint) from records r
         join batches b on b.id = r.batch_id and b.state = 'accepted'
         where r.household_id = $1 and r.withdrawn_at is null and (cast($2 as text) is null or r.subject_id = $2)
         group by b.department, b.list_id order by 3 desc, 2 limit 8",
        params![home, person],
    )? {
        side.lists.push((row.text(0)?, row.text(1)?, row.int(2)?));
    }
    Ok(Some(side))
}

/// Who stands behind ids, for a list: id, name, number, name of the village.
pub(in crate::duplicates) fn names(
    session: &mut Session,
    (person, ids): (bool, &str),
) -> Result<std::collections::BTreeMap<String, (String, String)>> {
    let rows = if person {
        session.rows(
            "select id, name, number from persons where id in (select value from json_each($1))",
            params![ids],
        )?
    } else {
        session.rows(
            "select h.id, coalesce(p.name, ''), h.number from households h left join persons p on p.id = h.head_id
             where h.id in (select value from json_each($1))",
            params![ids],
        )?
    };
    rows.iter().map(|row| Ok((row.text(0)?, (row.text(1)?, row.text(2)?)))).collect()
}

/// A person or household of a number, for pairs that somebody knows of.
pub(in crate::duplicates) fn find_number(
    session: &mut Session,
    number: &str,
) -> Result<Option<(bool, String)>> {
    let row = session.find(
        "select 1, id from persons where number = $1 union all select 0, id from households where number = $1 limit 1",
        params![number],
    )?;
    row.map(|row| Ok((row.int(0)? == 1, row.text(1)?))).transpose()
}
