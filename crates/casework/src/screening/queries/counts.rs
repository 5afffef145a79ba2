//! The SQL of counts of leads: above the inbox and on *my work*. They are sums over the counts of the villages, or go through
//! the leads where the scope or the filter needs more than those know; what came of it is kept in memory until it changes.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::FieldClass;
use store::{Permit, Session, Value};

use super::super::model::State;
use super::counted;
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
const STATES: &str = concat!(
    "select l.state, count(*) from leads l where l.village_code >= $4 and l.village_code <= $5
       and (cast($6 as bigint) = 1 or ",
    seen!(),
    ") group by l.state"
);

/// True for counts in the area `$1` to `$2` that are seen: all of the scope `$3` to `$4`, and those about villages that the
/// person's own department `$5` must see to.
macro_rules! in_sight {
    () => {
        "c.village_code >= $1 and c.village_code <= $2 and ((c.village_code >= $3 and c.village_code <= $4)
           or (c.level = 'village' and c.department = $5)) "
    };
}
const KEPT: &str = concat!(
    "select cast(coalesce(sum(c.leads), 0) as bigint) from lead_counts c where ",
    in_sight!(),
    "and c.state = $6 and (cast($7 as text) is null or c.severity = $7) and (cast($8 as text) is null or c.department = $8)
     and (cast($9 as text) is null or c.due_on >= $9)
     and (cast($10 as text) is null or (c.due_on <> '' and c.due_on <= $10))
     and (cast($11 as text) is null or c.released_on >= $11) and (cast($12 as text) is null or c.outcome = $12)"
);
const KEPT_OF_RULE: &str = concat!(
    "select cast(coalesce(sum(c.reasons), 0) as bigint) from reason_counts c where ",
    in_sight!(),
    "and c.state = $6 and c.rule_id = $7 and c.holds = 1"
);
const KEPT_STATES: &str = concat!(
    "select c.state, cast(sum(c.leads) as bigint) from lead_counts c where ",
    in_sight!(),
    "group by c.state"
);

/// What the counts of the villages can answer: statement and parameters. None where rows must be gone through: for a scope
/// that is not one area, and for filters that are not counted.
fn kept(permit: &Permit, filter: &Filter) -> Option<(&'static str, Vec<Value>)> {
    let mut params = sight(permit, filter)?;
    params.push(filter.state.code().into());
    let days = filter.due_from.or(filter.due_to).or(filter.released_from);
    if days.is_some() && filter.state != State::Open {
        return None;
    }
    if let Some(rule) = &filter.rule {
        let only = Filter { rule: None, area: None, ..filter.clone() } == Filter::of(filter.state);
        params.push(rule.into());
        return only.then_some((KEPT_OF_RULE, params));
    }
    // severity to outcome, as the lists bind them
    params.extend(bound(permit, filter).into_iter().skip(6).take(6));
    Some((KEPT, params))
}

/// `$1` to `$5` of the counts of villages; none where the scope is not one area.
fn sight(permit: &Permit, filter: &Filter) -> Option<Vec<Value>> {
    if permit.whole().as_int() != Some(1) || !permit.opens(FieldClass::Care) {
        return None;
    }
    let mut params: Vec<Value> = bound(permit, filter).into_iter().skip(4).take(2).collect();
    let (low, high) = permit.hull();
    params.extend([low.into(), high.into(), permit.department().unwrap_or("").into()]);
    Some(params)
}

/// Whether everything between the bounds may be seen. A department also sees leads about villages outside its scope.
fn whole(permit: &Permit) -> Value {
    if permit.department().is_some() { 0i64.into() } else { permit.whole() }
}

/// How many leads a list has in all.
pub fn count(session: &mut Session, permit: &Permit, filter: &Filter) -> Result<i64> {
    if let Some((sql, params)) = kept(permit, filter) {
        let key = format!("leads {} {sql} {params:?}", counted::version(session)?);
        return session.remembered(key, |session| session.row(sql, &params)?.int(0));
    }
    let mut bound = bound(permit, filter);
    bound.push(whole(permit));
    let key = format!("leads {} {:?}", version(session, permit)?, bound);
    session.remembered(key, |session| {
        let sql = match (by_rule(filter, &bound), filter.released_from) {
            (true, _) => COUNT_RULE,
            (false, Some(_)) => COUNT_RELEASED,
            (false, None) => COUNT,
        };
        session.row(sql, &bound)?.int(0)
    })
}

/// How many leads stand where, within the scope and an area.
pub fn count_states(
    session: &mut Session,
    permit: &Permit,
    area: Option<AreaCode>,
) -> Result<BTreeMap<State, i64>> {
    let mut filter = Filter::of(State::Open);
    filter.area = area;
    let (key, sql, params) = match sight(permit, &filter) {
        Some(params) => (counted::version(session)?.to_string(), KEPT_STATES, params),
        None => {
            let bound = bound(permit, &filter);
            let picked = [0, 1, 2, 4, 5].iter().filter_map(|n| bound.get(*n).cloned());
            let picked = picked.chain([whole(permit)]).collect();
            (version(session, permit)?, STATES, picked)
        }
    };
    session.remembered(format!("states of leads {key} {sql} {params:?}"), |session| {
        let rows = session.rows(sql, &params)?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.int(1)?))).collect()
    })
}

/// On what counts rest that go through the leads: everything written, and what the account may see.
fn version(session: &mut Session, permit: &Permit) -> Result<String> {
    let account = permit.account();
    let scopes = session.scopes_of(account.as_text().unwrap_or_default())?;
    Ok(format!("{} {scopes}", session.journal_number()?))
}

/// The departments that have leads.
pub fn departments(session: &mut Session) -> Result<Vec<String>> {
    let key = format!("departments of leads {}", counted::version(session)?);
    session.remembered(key, |session| {
        let sql = "select distinct department from lead_counts order by department";
        session.rows(sql, &[])?.iter().map(|row| row.text(0)).collect()
    })
}
