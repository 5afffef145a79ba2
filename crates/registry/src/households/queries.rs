//! Households in the database. Every read of people takes the permit, and outside its scope there is nothing.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use store::{Ctx, Permit, Row, Session, Value, params, visible};

use super::model::House;
use super::residents::list_residents;
use super::status::{Recorded, Scheme};
use crate::areas::Span;

/// Which households a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this area and what is below it.
    pub area: Option<AreaCode>,
    /// Only with this open status: scheme and value.
    pub status: Option<(Scheme, String)>,
    /// Only these households (found by a search).
    pub ids: Option<Vec<String>>,
    /// Only after this village and number: the last of the page before.
    pub after: Option<(String, String)>,
}

/// A household in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: HouseholdId,
    /// 户编号.
    pub number: String,
    /// Where it stands.
    pub village: AreaCode,
    /// The village's short name.
    pub village_name: String,
    /// Group.
    pub group: Option<String>,
    /// Name of the head.
    pub head: Option<String>,
    /// People who live there today.
    pub people: i64,
    /// Open statuses of the household: scheme and value.
    pub statuses: Vec<(Scheme, String)>,
}

/// `$5` and `$6`: an open status, or null.
macro_rules! of_filter {
    () => {
        concat!(
            visible!("h.village_code", "h.id"),
            " and h.village_code >= $3 and h.village_code <= $4 and h.closed_on is null
              and (cast($5 as text) is null or exists (select 1 from statuses st where st.household_id = h.id
                   and st.scheme = $5 and st.value = $6 and st.valid_to is null))"
        )
    };
}

macro_rules! list {
    ($only:literal) => {
        concat!(
            "select h.id, h.number, h.village_code, a.name, h.group_name, p.name,
                (select count(*) from memberships m where m.household_id = h.id and m.valid_to is null),
                (select string_agg(st.scheme || ':' || st.value, ',') from statuses st
                 where st.household_id = h.id and st.valid_to is null and st.person_id is null)
             from households h left join persons p on p.id = h.head_id left join areas a on a.code = h.village_code
             where ",
            $only,
            of_filter!(),
            " and (h.village_code, h.number) > ($7, $8) order by h.village_code, h.number limit $9"
        )
    };
}

const LIST: &str = list!("");
const LIST_FOUND: &str = list!("h.id in (select value from json_each($10)) and ");
const COUNT: &str = concat!("select count(*) from households h where ", of_filter!());
const COUNT_FOUND: &str = concat!(
    "select count(*) from households h where h.id in (select value from json_each($7)) and ",
    of_filter!()
);

fn filter_params(permit: &Permit, filter: &Filter) -> Vec<Value> {
    let (low, high) = permit.hull();
    let (low, high) = match filter.area {
        None => (low.to_string(), high.to_string()),
        Some(area) => {
            let (from, to) = area.range();
            (low.to_string().max(from.to_string()), high.to_string().min(to.to_string()))
        }
    };
    let status = filter.status.as_ref();
    vec![
        permit.account(),
        permit.today(),
        low.into(),
        high.into(),
        status.map(|(scheme, _)| scheme.as_str()).into(),
        status.map_or("", |(_, value)| value.as_str()).into(),
    ]
}

/// What a search found, as a list for `json_each`.
fn found(filter: &Filter) -> Option<Value> {
    filter.ids.as_ref().map(|ids| serde_json::json!(ids).to_string().into())
}

/// One page of households, by village and number.
///
/// # Errors
/// What the database refuses.
pub fn list_households(
    session: &mut Session,
    permit: &Permit,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Line>> {
    let mut params = filter_params(permit, filter);
    let (village, number) = filter.after.clone().unwrap_or_default();
    params.extend([village.into(), number.into(), limit.into()]);
    let only = found(filter);
    let sql = if only.is_some() { LIST_FOUND } else { LIST };
    params.extend(only);
    session.rows(sql, &params)?.iter().map(line_of).collect()
}

/// How many households the filter shows.
///
/// # Errors
/// What the database refuses.
pub fn count_households(session: &mut Session, permit: &Permit, filter: &Filter) -> Result<i64> {
    let mut params = filter_params(permit, filter);
    if let Some(only) = found(filter) {
        params.push(only);
        return session.row(COUNT_FOUND, &params)?.int(0);
    }
    let scopes = session.scopes_of(params.first().and_then(Value::as_text).unwrap_or_default())?;
    let key = format!("households {} {scopes} {params:?}", session.people_version()?);
    session.remembered(key, |session| session.row(COUNT, &params)?.int(0))
}

fn line_of(row: &Row) -> Result<Line> {
    let statuses = row.opt_text(7)?.unwrap_or_default();
    let mut statuses: Vec<(Scheme, String)> = statuses
        .split(',')
        .filter_map(|text| text.split_once(':'))
        .filter_map(|(scheme, value)| Some((Scheme::parse(scheme)?, value.to_owned())))
        .collect();
    statuses.sort();
    Ok(Line {
        id: row.parse(0)?,
        number: row.text(1)?,
        village: row.parse(2)?,
        village_name: row.opt_text(3)?.unwrap_or_default(),
        group: row.opt_text(4)?,
        head: row.opt_text(5)?,
        people: row.int(6)?,
        statuses,
    })
}

/// A household's head data, whoever may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// Its id.
    pub id: HouseholdId,
    /// 户编号.
    pub number: String,
    /// Where it stands today.
    pub village: AreaCode,
    /// Group.
    pub group: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// The household's own phone, sealed.
    pub phone_sealed: Option<String>,
    /// Since when it is closed.
    pub closed_on: Option<Day>,
    /// Since when it exists, where that is known.
    pub opened_on: Option<Day>,
    /// Held to be another household.
    pub merged_into: Option<HouseholdId>,
}

const HOUSEHOLD: &str = concat!(
    "select h.id, h.number, h.village_code, h.group_name, h.address, h.phone_sealed, h.closed_on, h.opened_on,
        h.merged_into
     from households h where h.id = $3 and ",
    visible!("h.village_code", "h.id")
);

/// The household, if it exists in the scope of the permit; else *not found*, noted in the access log.
///
/// # Errors
/// `households.not_found`.
pub fn load_household(
    ctx: &Ctx,
    session: &mut Session,
    permit: &Permit,
    id: &str,
) -> Result<Household> {
    let found = find_household(session, permit, id)?;
    found.ok_or_else(|| ctx.not_found("households.not_found", id))
}

/// The household, if it exists in the scope of the permit; asked by the program and not by the person who acts.
pub(super) fn find_household(
    session: &mut Session,
    permit: &Permit,
    id: &str,
) -> Result<Option<Household>> {
    let found = session.find(HOUSEHOLD, &[permit.account(), permit.today(), id.into()])?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(Household {
        id: row.parse(0)?,
        number: row.text(1)?,
        village: row.parse(2)?,
        group: row.opt_text(3)?,
        address: row.opt_text(4)?,
        phone_sealed: row.opt_text(5)?,
        closed_on: row.opt_parse(6)?,
        opened_on: row.opt_parse(7)?,
        merged_into: row.opt_parse(8)?,
    }))
}

/// The stays of a household as the pure model wants them.
///
/// # Errors
/// What the database refuses.
pub fn load_house(session: &mut Session, household: &Household) -> Result<House> {
    let residents = list_residents(session, &household.id)?;
    let stays = residents.into_iter().map(|resident| resident.stay).collect();
    Ok(House { id: household.id, closed_on: household.closed_on, stays })
}

/// A status as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its number within the household.
    pub seq: i64,
    /// The person, or `None` for the household.
    pub person: Option<PersonId>,
    /// The family.
    pub scheme: Scheme,
    /// The code of its value.
    pub value: String,
    /// From and until when.
    pub span: Span,
    /// When it was written down.
    pub recorded: Recorded,
    /// Who said so.
    pub source: String,
    /// JSON with what else is known.
    pub detail: Option<String>,
    /// The batch and row that said so.
    pub row: (String, i64),
}

/// All statuses of a household and its people, newest first.
///
/// # Errors
/// What the database refuses.
pub fn list_statuses(session: &mut Session, household: &HouseholdId) -> Result<Vec<Status>> {
    let rows = session.rows(
        "select seq, person_id, scheme, value, valid_from, valid_to, recorded_at, ended_at, source, detail, batch_id, row_no
         from statuses where household_id = $1 order by valid_from desc, seq desc",
        params![household.to_string()],
    )?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(scheme) = Scheme::parse(&row.text(2)?) else { continue };
        found.push(Status {
            seq: row.int(0)?,
            person: row.opt_parse(1)?,
            scheme,
            value: row.text(3)?,
            span: Span { from: row.parse(4)?, to: row.opt_parse(5)? },
            recorded: Recorded { at: row.parse(6)?, ended_at: row.opt_parse(7)? },
            source: row.text(8)?,
            detail: row.opt_text(9)?,
            row: (row.text(10)?, row.int(11)?),
        });
    }
    Ok(found)
}

/// Where a household stood before: village, group, first and last-but-one day, when it was written down.
///
/// # Errors
/// What the database refuses.
pub fn list_places(
    session: &mut Session,
    household: &HouseholdId,
) -> Result<Vec<(AreaCode, Option<String>, Span)>> {
    let rows = session.rows(
        "select village_code, group_name, valid_from, valid_to from household_places
         where household_id = $1 order by valid_to",
        params![household.to_string()],
    )?;
    rows.iter()
        .map(|row| {
            Ok((
                row.parse(0)?,
                row.opt_text(1)?,
                Span { from: row.parse(2)?, to: row.opt_parse(3)? },
            ))
        })
        .collect()
}

/// What is sealed of a member: identity number, tail of the certificate, phone, in this order.
///
/// # Errors
/// What the database refuses.
pub fn find_sealed(session: &mut Session, household: &str, person: &str) -> Result<Option<Row>> {
    session.find(
        "select p.id_sealed, p.certificate_tail, p.phone_sealed from persons p
         join memberships m on m.person_id = p.id where p.id = $1 and m.household_id = $2",
        params![person, household],
    )
}
