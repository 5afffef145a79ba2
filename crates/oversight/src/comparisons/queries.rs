//! The SQL of comparisons: what is counted in a village, and the rows behind.

use std::collections::BTreeMap;

use facts::{Column, FactRow};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::Instant;
use serde_json::json;
use store::{BuiltSql, Permit, Row, Session, Value, params, visible};

use casework::screening;

/// The villages in which households of a scope stand.
pub fn villages(session: &mut Session, permit: &Permit) -> Result<Vec<AreaCode>> {
    let (low, high) = permit.hull();
    let rows = session.rows(
        "select distinct village_code from households where village_code >= $1 and village_code <= $2
         order by village_code",
        params![low, high],
    )?;
    rows.iter().map(|row| row.parse(0)).collect()
}

/// Which households are read: those of a village, or one.
#[derive(Clone, Copy)]
pub enum Of<'a> {
    /// Those of a village.
    Village(AreaCode),
    /// One of them, wherever it stands.
    One(&'a str),
}

impl Of<'_> {
    fn params(self, permit: &Permit) -> Vec<Value> {
        let (village, one) = match self {
            Of::Village(village) => (Some(village.to_string()), None),
            Of::One(id) => (None, Some(id.to_owned())),
        };
        vec![permit.account(), permit.today(), village.into(), one.into()]
    }
}

macro_rules! here {
    () => {
        concat!(
            "((cast($3 as text) is not null and h.village_code = $3) or (cast($4 as text) is not null and h.id = $4))
             and h.village_code is not null and h.closed_on is null and ",
            visible!("h.village_code", "h.id")
        )
    };
}

/// Households with their facts: id, village, then the columns.
pub fn households(columns: &[Column]) -> BuiltSql {
    let each = columns.iter().map(|column| format!(", f.{}", column.name));
    BuiltSql::from_generator(format!(
        "select h.id, h.village_code{} from households h left join household_facts f on f.household_id = h.id where {}",
        each.collect::<String>(),
        here!()
    ))
}

/// Runs [`households`].
pub fn each_household(
    session: &mut Session,
    permit: &Permit,
    (sql, of): (&BuiltSql, Of<'_>),
    each: &mut dyn FnMut(Row) -> Result<()>,
) -> Result<()> {
    session.each(sql, &of.params(permit), |row| {
        each(row)?;
        Ok(true)
    })
}

/// Who lives there: person, household, village.
pub fn people(session: &mut Session, permit: &Permit, of: Of<'_>) -> Result<Vec<Row>> {
    session.rows(
        concat!(
            "select m.person_id, h.id, h.village_code from memberships m join households h on h.id = m.household_id
             where m.valid_to is null and ",
            here!()
        ),
        &of.params(permit),
    )
}

/// Open leads: lead, household, village, severity, rule of a reason that holds.
pub fn leads(session: &mut Session, permit: &Permit, of: Of<'_>) -> Result<Vec<Row>> {
    session.rows(
        concat!(
            "select l.id, h.id, h.village_code, l.severity, r.rule_id from leads l join households h on h.id = l.household_id
             left join lead_reasons r on r.lead_id = l.id and r.gone_on is null
             where l.state = 'open' and l.level = 'household' and ",
            here!(),
            " order by l.id, r.rule_id"
        ),
        &of.params(permit),
    )
}

/// True for a lead about a village that the account may see, or that the person's own department `$3` must see to.
macro_rules! about_village {
    () => {
        concat!(
            "(l.level = 'village' and (l.department = $3 or ",
            visible!("l.village_code", "l.household_id"),
            "))"
        )
    };
}

fn office(permit: &Permit) -> Value {
    permit.department().unwrap_or_default().into()
}

/// Open leads about villages, as [`leads`]; the household is empty.
pub fn village_leads(session: &mut Session, permit: &Permit) -> Result<Vec<Row>> {
    session.rows(
        concat!(
            "select l.id, '', l.village_code, l.severity, r.rule_id from leads l
             left join lead_reasons r on r.lead_id = l.id and r.gone_on is null
             where l.state = 'open' and ",
            about_village!(),
            " order by l.id, r.rule_id"
        ),
        &[permit.account(), permit.today(), office(permit)],
    )
}

/// Number, head and village of households by id, of those that the person may see.
pub fn heads(
    session: &mut Session,
    permit: &Permit,
    ids: &[&str],
) -> Result<BTreeMap<String, (String, String, AreaCode)>> {
    let rows = session.rows(
        concat!(
            "select h.id, h.number, coalesce(p.name, ''), h.village_code from households h left join persons p on p.id = h.head_id
             where h.id in (select value from json_each($3)) and h.village_code is not null and ",
            visible!("h.village_code", "h.id")
        ),
        params![permit.account(), permit.today(), json!(ids).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, (row.text(1)?, row.text(2)?, row.parse(3)?)))).collect()
}

/// Names of persons by id; asked only of those in households that the person sees.
pub fn persons(session: &mut Session, ids: &[&str]) -> Result<BTreeMap<String, String>> {
    let rows = session.rows(
        "select id, name from persons where id in (select value from json_each($1))",
        params![json!(ids).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Names of areas by code.
pub fn area_names(session: &mut Session, codes: &[String]) -> Result<BTreeMap<String, String>> {
    let rows = session.rows(
        "select code, name from areas where code in (select value from json_each($1))",
        params![json!(codes).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Stored values of households that are known to be seen, by id.
pub fn values(
    session: &mut Session,
    columns: &[Column],
    ids: &[&str],
) -> Result<BTreeMap<String, FactRow>> {
    let each = columns.iter().map(|column| format!(", f.{}", column.name));
    let sql = format!(
        "select f.household_id{} from household_facts f where f.household_id in (select value from json_each($1))",
        each.collect::<String>()
    );
    let rows = session.rows(&BuiltSql::from_generator(sql), params![json!(ids).to_string()])?;
    rows.iter()
        .map(|row| {
            let values = row.0.iter().skip(1).map(screening::scalar);
            let named = columns.iter().map(|column| column.name.to_owned()).zip(values);
            Ok((row.text(0)?, named.collect()))
        })
        .collect()
}

/// What is known of a lead on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadThen {
    /// open, answered, withdrawn …
    pub state: String,
    /// Who answered, on which day, and what.
    pub answered: Option<(String, String, String)>,
    /// Rules of its reasons with pack version, the day they hit and the day they went.
    pub reasons: Vec<(String, i64, String, Option<String>)>,
}

/// A lead, if its household is seen on that day, or the village that it is about.
pub fn lead(session: &mut Session, permit: &Permit, id: &str) -> Result<Option<LeadThen>> {
    let Some(row) = session.find(
        concat!(
            "select l.state, l.answered_name, l.answered_on, l.outcome from leads l where l.id = $4 and (",
            visible!("l.village_code", "l.household_id"),
            " or ",
            about_village!(),
            ")"
        ),
        &[permit.account(), permit.today(), office(permit), id.into()],
    )?
    else {
        return Ok(None);
    };
    let reasons = session.rows(
        "select rule_id, pack_version, hit_on, gone_on from lead_reasons where lead_id = $1 order by rule_id",
        params![id],
    )?;
    let answered = row.opt_text(1)?.zip(row.opt_text(2)?);
    let answered = answered.zip(row.opt_text(3)?).map(|((who, on), outcome)| (who, on, outcome));
    let reason = |row: &Row| Ok((row.text(0)?, row.int(1)?, row.text(2)?, row.opt_text(3)?));
    Ok(Some(LeadThen {
        state: row.text(0)?,
        answered,
        reasons: reasons.iter().map(reason).collect::<Result<_>>()?,
    }))
}

/// The stays in a household, if it is seen on that day: person, name, how each began and ended, from and until when.
pub fn stays(session: &mut Session, permit: &Permit, household: &str) -> Result<Vec<Row>> {
    session.rows(
        concat!(
            "select m.person_id, p.name, m.how_in, m.how_out, m.valid_from, m.valid_to from memberships m
             join persons p on p.id = m.person_id join households h on h.id = m.household_id
             where m.household_id = $3 and (m.valid_to is null or m.valid_to > m.valid_from) and ",
            visible!("h.village_code", "h.id"),
            " order by m.person_id, m.valid_from"
        ),
        &[permit.account(), permit.today(), household.into()],
    )
}

/// The state of a batch, and since when it no longer counts.
pub fn batch_state(
    session: &mut Session,
    batch: &str,
) -> Result<Option<(String, Option<Instant>)>> {
    let row = session.find("select state, ended_at from batches where id = $1", params![batch])?;
    row.map(|row| Ok((row.text(0)?, row.opt_parse(1)?))).transpose()
}

/// Who did something with a batch last, and when: from the journal of today.
pub fn who_did(session: &mut Session, batch: &str) -> Result<Option<(String, Instant)>> {
    let row = session.find(
        "select actor, at from journal where about_kind = 'batch' and about_id = $1
         and verb in ('intake.accept', 'intake.revert') order by number desc limit 1",
        params![batch],
    )?;
    row.map(|row| Ok((row.text(0)?, row.parse(1)?))).transpose()
}

/// Changes of a household that is known to be seen, between two instants: verb, who, when. From the journal of today.
pub fn changes_of(
    session: &mut Session,
    household: &str,
    (after, until): (Instant, Instant),
) -> Result<Vec<Row>> {
    session.rows(
        "select verb, actor, at from journal where about_kind = 'household' and about_id = $1 and at > $2 and at <= $3
         and verb in ('household.birth', 'household.marriage_in', 'household.return', 'household.death', 'household.leave',
           'household.split', 'household.merge', 'household.move', 'household.correct') order by number desc limit 5",
        params![household, after, until],
    )
}
