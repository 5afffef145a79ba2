//! The SQL of counts of leads: above the inbox and on *my work*. They are kept in memory until something is written.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use store::{Permit, Session, Value, params};

use super::super::model::State;
use super::inbox::{Filter, bound, by_rule, filtered, of_rule, seen, with_rule};

/// `$16`: the scope need not be asked of every row.
macro_rules! counted {
    ($leads:literal, $rule:expr) => {
        concat!(
            "select count(*) from ",
            $leads,
            filtered!(),
            $rule,
            "(cast($16 as bigint) = 1 or ",
            seen!(),
            ")"
        )
    };
}
const COUNT: &str = counted!("leads l", with_rule!());
const COUNT_RELEASED: &str = counted!(
    "leads f cross join leads l",
    concat!("f.released_on >= $11 and l.id = f.id and ", with_rule!())
);
const COUNT_RULE: &str = counted!("lead_reasons r cross join leads l", of_rule!());
const COUNT_RULE_EVERYWHERE: &str = "select count(*) from lead_reasons r
    where r.rule_id = $1 and r.gone_on is null and r.lead_state = $2";
const STATES: &str = concat!(
    "select l.state, count(*) from leads l where l.village_code >= $4 and l.village_code <= $5
       and (cast($6 as bigint) = 1 or ",
    seen!(),
    ") group by l.state"
);

/// Whether everything between the bounds may be seen. A department also sees leads about villages outside its scope.
fn whole(permit: &Permit) -> Value {
    if permit.department().is_some() { 0i64.into() } else { permit.whole() }
}

/// How many leads a list has in all.
pub fn count(session: &mut Session, permit: &Permit, filter: &Filter) -> Result<i64> {
    let mut bound = bound(permit, filter);
    bound.push(whole(permit));
    let key = format!("leads {} {:?}", version(session, permit)?, bound);
    session.remembered(key, |session| {
        let only = Filter { rule: filter.rule.clone(), ..Filter::of(filter.state) };
        if let Some(rule) = &filter.rule
            && *filter == only
            && sees_all(session, permit)?
        {
            let params = params![rule, filter.state.code()];
            return session.row(COUNT_RULE_EVERYWHERE, params)?.int(0);
        }
        let sql = match (by_rule(filter, &bound), filter.released_from) {
            (true, _) => COUNT_RULE,
            (false, Some(_)) => COUNT_RELEASED,
            (false, None) => COUNT,
        };
        session.row(sql, &bound)?.int(0)
    })
}

/// Whether the person may see every lead there is.
fn sees_all(session: &mut Session, permit: &Permit) -> Result<bool> {
    let ends = session.row(
        "select coalesce((select min(village_code) from leads), ''), coalesce((select max(village_code) from leads), '')",
        &[],
    )?;
    let (low, high) = permit.hull();
    Ok(whole(permit).as_int() == Some(1) && *low <= *ends.text(0)? && *ends.text(1)? <= *high)
}

/// How many leads stand where, within the scope and an area.
pub fn count_states(
    session: &mut Session,
    permit: &Permit,
    area: Option<AreaCode>,
) -> Result<BTreeMap<State, i64>> {
    let mut filter = Filter::of(State::Open);
    filter.area = area;
    let bound = bound(permit, &filter);
    let picked = [0, 1, 2, 4, 5].iter().filter_map(|n| bound.get(*n).cloned());
    let picked: Vec<Value> = picked.chain([whole(permit)]).collect();
    let key = format!("states of leads {} {picked:?}", version(session, permit)?);
    session.remembered(key, |session| {
        let rows = session.rows(STATES, &picked)?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.int(1)?))).collect()
    })
}

/// On what counts of leads rest besides the question: everything written, and what the account may see.
fn version(session: &mut Session, permit: &Permit) -> Result<String> {
    let account = permit.account();
    let scopes = session.scopes_of(account.as_text().unwrap_or_default())?;
    Ok(format!("{} {scopes}", session.journal_number()?))
}

/// The departments that have leads.
pub fn departments(session: &mut Session) -> Result<Vec<String>> {
    let key = format!("departments of leads {}", session.journal_number()?);
    session.remembered(key, |session| {
        let sql = "select distinct department from leads order by department";
        session.rows(sql, &[])?.iter().map(|row| row.text(0)).collect()
    })
}
