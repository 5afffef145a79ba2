//! Queries of the list of help.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::Day;
use store::{Permit, Row, Session, params, visible};

use super::measure_of;
use crate::assistance::model::Measure;

/// What of the list is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// `due`, `overdue`, `given`, `runs_on` (after the exit from poverty or from monitoring) or `ended`.
    pub state: &'static str,
    /// In this area.
    pub area: Option<AreaCode>,
    /// Of this kind.
    pub kind: Option<String>,
    /// For which this office answers.
    pub office: Option<String>,
}

/// A measure with those for whom it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The measure.
    pub measure: Measure,
    /// Head of the household, or nobody for a village.
    pub head: Option<String>,
    /// Number of the household.
    pub number: Option<String>,
    /// Where the household stands now.
    pub village: String,
    /// Person of the household for whom it is.
    pub person: Option<String>,
}

macro_rules! listed {
    ($columns:literal, $end:literal) => {
        concat!(
            "select ",
            $columns,
            " from measures m left join households g on g.id = m.household_id
       left join households h on h.id = coalesce(g.merged_into, m.household_id)
       left join persons p on p.id = h.head_id left join persons q on q.id = m.person_id
       left join persons o on o.id = coalesce(q.merged_into, m.person_id)
       left join areas a on a.code = coalesce(h.village_code, m.village_code)
     where coalesce(h.village_code, m.village_code) >= $3 and coalesce(h.village_code, m.village_code) <= $4
       and (($5 = 'due' and m.delivered_on is null and m.ended_on is null)
         or ($5 = 'overdue' and m.delivered_on is null and m.ended_on is null and m.due_on < $2)
         or ($5 = 'given' and m.delivered_on is not null and m.ended_on is null)
         or ($5 = 'runs_on' and m.delivered_on is not null and m.ended_on is null
           and (m.term_until is null or m.term_until >= $2) and exists (select 1 from household_facts f
             where f.household_id = h.id and coalesce(f.monitored, 0) = 0
               and (f.hh_type = '脱贫户' or f.risk_removed = '是')))
         or ($5 = 'ended' and m.ended_on is not null))
       and (cast($6 as text) is null or m.kind = $6) and (cast($7 as text) is null or m.owner_office = $7) and ",
            visible!("coalesce(h.village_code, m.village_code)", "h.id"),
            $end
        )
    };
}

const LIST: &str = listed!(
    "m.id, h.id, o.id, m.village_code, m.kind, m.aims, m.words, m.owner_office, m.owner_name,
       m.promised_on, m.due_on, m.delivered_on, m.proof_kind, m.proof_number, m.amount_fen, m.term_until, m.ended_on,
       m.ended_how, m.ended_why, m.by_name, m.version, p.name, h.number, coalesce(a.name, m.village_code), o.name",
    " order by case when $5 = 'runs_on' then coalesce(m.term_until, '9999') else coalesce(m.ended_on, m.due_on) end, m.id
       limit $8"
);
const COUNT: &str = listed!("count(*)", "");

fn range(filter: &Filter) -> (String, String) {
    filter.area.map_or_else(
        || (String::new(), "~".to_owned()),
        |area| (area.range().0.to_string(), area.range().1.to_string()),
    )
}

fn line(row: &Row, today: Day) -> Result<Line> {
    Ok(Line {
        measure: measure_of(row, today)?,
        head: row.opt_text(21)?,
        number: row.opt_text(22)?,
        village: row.text(23)?,
        person: row.opt_text(24)?,
    })
}

/// Measures in the scope of the person, those that are due first at the top.
pub fn list_measures(
    session: &mut Session,
    permit: &Permit,
    filter: &Filter,
    (today, limit): (Day, i64),
) -> Result<Vec<Line>> {
    let (low, high) = range(filter);
    let office = permit.department().map(str::to_owned).or_else(|| filter.office.clone());
    let asked = params![
        permit.account(),
        permit.today(),
        low,
        high,
        filter.state,
        filter.kind.clone(),
        office,
        limit
    ];
    session.rows(LIST, asked)?.iter().map(|row| line(row, today)).collect()
}

/// How many there are.
pub fn count_measures(session: &mut Session, permit: &Permit, filter: &Filter) -> Result<i64> {
    let (low, high) = range(filter);
    let office = permit.department().map(str::to_owned).or_else(|| filter.office.clone());
    let asked = params![
        permit.account(),
        permit.today(),
        low,
        high,
        filter.state,
        filter.kind.clone(),
        office
    ];
    session.row(COUNT, asked)?.int(0)
}

const OPEN: &str = concat!(
    "select count(*), coalesce(sum(case when m.due_on < $2 then 1 else 0 end), 0)
     from measures m left join households h on h.id = m.household_id
     where m.delivered_on is null and m.ended_on is null
       and coalesce(h.village_code, m.village_code) >= $3 and coalesce(h.village_code, m.village_code) <= $4
       and (cast($5 as text) is null or m.owner_office = $5) and (cast($6 as bigint) = 1 or ",
    visible!("coalesce(h.village_code, m.village_code)", "m.household_id"),
    ")"
);

/// How much help was promised and is not given, and how much of it is past its day.
pub fn count_open(session: &mut Session, permit: &Permit) -> Result<(i64, i64)> {
    let (low, high) = permit.hull();
    let asked = params![
        permit.account(),
        permit.today(),
        low,
        high,
        permit.department().map(str::to_owned),
        permit.whole()
    ];
    let row = session.row(OPEN, asked)?;
    Ok((row.int(0)?, row.int(1)?))
}
