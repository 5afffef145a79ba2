//! The SQL of lists of leads: the inbox, its counts, the numbers of *my work*, the rules' results.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::LeadId;
use kernel::permission::FieldClass;
use kernel::time::Day;
use store::{Permit, Row, Session, Value, params};

use super::super::model::{Outcome, State};
use super::super::rule::{Level, Severity};

/// True where the account `$1` may see the lead on day `$2`, or the lead is about a village and the person's own
/// department `$3` must see to it.
macro_rules! seen {
    () => {
        concat!(
            "(",
            store::visible!("l.village_code", "l.household_id"),
            " and (substr(cast($3 as text), 1, 5) <> 'only:' or exists (select 1 from lead_reasons own
                where own.lead_id = l.id and own.department = substr(cast($3 as text), 6)))",
            " or (l.level = 'village' and l.department = replace(cast($3 as text), 'only:', '')))"
        )
    };
}
pub(super) use seen;

/// `$3` of [`seen!`]: the person's own office, `only:` before it where the role is told no reasons but those of its own lists.
pub(super) fn office(permit: &Permit) -> Value {
    let own = permit.department().unwrap_or("");
    if permit.opens(FieldClass::Care) { own.into() } else { format!("only:{own}").into() }
}

/// Which leads a list shows; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub state: State,
    /// How bad.
    pub severity: Option<Severity>,
    /// In which area.
    pub area: Option<AreaCode>,
    /// With a reason by this rule.
    pub rule: Option<String>,
    /// Of which department.
    pub department: Option<String>,
    /// Due on or after.
    pub due_from: Option<Day>,
    /// Due on or before.
    pub due_to: Option<Day>,
    /// Given out on or after.
    pub released_from: Option<Day>,
    /// How they ended.
    pub outcome: Option<Outcome>,
}

impl Filter {
    /// All leads in a state.
    pub fn of(state: State) -> Self {
        Filter {
            state,
            severity: None,
            area: None,
            rule: None,
            department: None,
            due_from: None,
            due_to: None,
            released_from: None,
            outcome: None,
        }
    }
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadLine {
    /// Its id.
    pub id: LeadId,
    /// Household or village.
    pub level: Level,
    /// The household, if that is its level.
    pub household_id: Option<String>,
    /// 户编号.
    pub household_number: Option<String>,
    /// The head's name.
    pub head: Option<String>,
    /// Village code.
    pub village: AreaCode,
    /// Name of the village; its code where the areas do not know it.
    pub village_name: String,
    /// 组.
    pub group: Option<String>,
    /// Department of the gravest reason.
    pub department: String,
    /// The gravest reason's severity.
    pub severity: Severity,
    /// Where it stands.
    pub state: State,
    /// When it is due.
    pub due_on: Option<Day>,
    /// The day by which the list is sorted.
    pub sort_day: Day,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Who answered.
    pub answered_name: Option<String>,
    /// For answering.
    pub version: i64,
    /// Its live reasons, the gravest first.
    pub reasons: Vec<ReasonLine>,
}

/// A reason in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonLine {
    /// The rule's id.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// Whose list shows it.
    pub department: String,
    /// The sentence, Simplified Chinese.
    pub zh: String,
    /// The sentence, English.
    pub en: String,
}

/// The columns of a line, and the tables they come from beside the lead.
macro_rules! lines_from {
    ($leads:literal) => {
        concat!(
            "select l.id, l.level, l.household_id, h.number, p.name, l.village_code, coalesce(a.name, l.village_code),
               h.group_name, l.department, l.severity, l.state, l.due_on, l.sort_day, l.outcome, l.answered_name, l.version
             from ",
            $leads,
            " left join households h on h.id = l.household_id
               left join persons p on p.id = h.head_id left join areas a on a.code = l.village_code"
        )
    };
}
/// `$4` to `$12` and the days between which the list lies, `$14` and `$15`.
macro_rules! filtered {
    () => {
        " where l.state = $4 and l.village_code >= $5 and l.village_code <= $6
            and l.sort_day >= $14 and l.sort_day <= $15
            and (cast($7 as text) is null or l.severity = $7)
            and (cast($8 as text) is null or l.department = $8)
            and (cast($9 as text) is null or l.due_on >= $9)
            and (cast($10 as text) is null or l.due_on <= $10)
            and (cast($11 as text) is null or l.released_on >= $11)
            and (cast($12 as text) is null or l.outcome = $12) and "
    };
}
/// Asked of every lead that is gone through: whether the rule `$13` is a reason.
macro_rules! with_rule {
    () => {
        "(cast($13 as text) is null or exists (select 1 from lead_reasons r
           where r.lead_id = l.id and r.rule_id = $13 and r.gone_on is null
             and (substr(cast($3 as text), 1, 5) <> 'only:' or r.department = substr(cast($3 as text), 6)))) and "
    };
}
/// Going through the reasons of the rule, which lie in the order of the list.
macro_rules! of_rule {
    () => {
        "r.rule_id = $13 and r.gone_on is null and r.lead_state = $4 and l.id = r.lead_id
           and (substr(cast($3 as text), 1, 5) <> 'only:' or r.department = substr(cast($3 as text), 6)) and "
    };
}

pub(super) use {filtered, of_rule, with_rule};

const COLUMNS: usize = 16;
const FORWARD: &str = concat!(
    lines_from!("leads l"),
    filtered!(),
    with_rule!(),
    seen!(),
    " and (l.sort_day, l.id) > ($16, $17) order by l.sort_day, l.id limit $18"
);
const BACKWARD: &str = concat!(
    lines_from!("leads l"),
    filtered!(),
    with_rule!(),
    seen!(),
    " and (l.sort_day, l.id) < ($16, $17) order by l.sort_day desc, l.id desc limit $18"
);
pub(in super::super) const RULE_FORWARD: &str = concat!(
    lines_from!("lead_reasons r cross join leads l"),
    filtered!(),
    of_rule!(),
    seen!(),
    " and (r.lead_day, r.lead_id) > ($16, $17) order by r.lead_day, r.lead_id limit $18"
);
pub(in super::super) const RULE_BACKWARD: &str = concat!(
    lines_from!("lead_reasons r cross join leads l"),
    filtered!(),
    of_rule!(),
    seen!(),
    " and (r.lead_day, r.lead_id) < ($16, $17) order by r.lead_day desc, r.lead_id desc limit $18"
);
/// A subject has one live lead, and the index of live leads finds it; by its state alone all open ones would be gone through.
pub(in super::super) const OF_HOUSEHOLD: &str = concat!(
    lines_from!("leads l"),
    " where l.subject = $4 and l.state in ('waiting', 'open') and l.state = 'open' and ",
    seen!(),
    " order by l.sort_day, l.id"
);
pub(super) fn bound(permit: &Permit, filter: &Filter) -> Vec<Value> {
    let (mut low, mut high) = (permit.hull().0.to_owned(), permit.hull().1.to_owned());
    // A department also sees leads about villages anywhere; the scope itself is asked by the statement.
    if permit.department().is_some() {
        (low, high) = ("0".repeat(12), "9".repeat(12));
    }
    if let Some(area) = filter.area {
        let (from, to) = area.range();
        low = low.max(from.to_string());
        high = high.min(to.to_string());
    }
    // An open lead is listed by the day it is due.
    let open = filter.state == State::Open;
    let (first, last) = (filter.due_from.filter(|_| open), filter.due_to.filter(|_| open));
    vec![
        permit.account(),
        permit.today(),
        office(permit),
        filter.state.code().into(),
        low.into(),
        high.into(),
        filter.severity.map(Severity::code).into(),
        filter.department.as_deref().into(),
        filter.due_from.into(),
        filter.due_to.into(),
        filter.released_from.into(),
        filter.outcome.map(Outcome::code).into(),
        filter.rule.as_deref().into(),
        first.map_or_else(String::new, |day| day.to_string()).into(),
        last.map_or_else(|| LAST_DAY.to_owned(), |day| day.to_string()).into(),
    ]
}

/// Later than every day of a lead.
const LAST_DAY: &str = "9999-12-31";

/// Whether the reasons of the rule are gone through, which is right unless the list shows a township or less.
pub(super) fn by_rule(filter: &Filter, values: &[Value]) -> bool {
    let end = |at: usize| values.get(at).and_then(Value::as_text).and_then(|code| code.get(..9));
    filter.rule.is_some() && end(4) != end(5)
}

/// Whether the newest of a state come first: what is done; what is to be done comes by its day.
fn newest_first(state: State) -> bool {
    matches!(state, State::Answered | State::Withdrawn)
}

/// One page of leads after a key (sort day and id). What waits for a wave stands as it will be given out: the gravest
/// first.
pub fn list(
    session: &mut Session,
    permit: &Permit,
    filter: &Filter,
    (after, limit): (Option<(Day, LeadId)>, i64),
) -> Result<Vec<LeadLine>> {
    let lines = if filter.state == State::Waiting && filter.severity.is_none() {
        by_severity(session, permit, filter, (after, limit))?
    } else {
        by_day(session, permit, filter, (after, limit))?
    };
    with_reasons(session, lines)
}

fn by_severity(
    session: &mut Session,
    permit: &Permit,
    filter: &Filter,
    (mut after, limit): (Option<(Day, LeadId)>, i64),
) -> Result<Vec<LeadLine>> {
    let last = match &after {
        Some((_, id)) => session.find("select severity from leads where id = $1", params![*id])?,
        None => None,
    };
    let from: Severity = last.map_or(Ok(Severity::Severe), |row| row.parse(0))?;
    let mut lines = Vec::new();
    for severity in [Severity::Severe, Severity::Serious, Severity::Notice] {
        let left = limit - i64::try_from(lines.len()).unwrap_or(limit);
        if severity > from || left <= 0 {
            continue;
        }
        let filter = Filter { severity: Some(severity), ..filter.clone() };
        lines.extend(by_day(session, permit, &filter, (after.take(), left))?);
    }
    Ok(lines)
}

fn by_day(
    session: &mut Session,
    permit: &Permit,
    filter: &Filter,
    (after, limit): (Option<(Day, LeadId)>, i64),
) -> Result<Vec<LeadLine>> {
    let mut values = bound(permit, filter);
    let backward = newest_first(filter.state);
    let (day, id) = match after {
        Some((day, id)) => (day.to_string(), id.to_string()),
        None if backward => (LAST_DAY.to_owned(), "g".to_owned()),
        None => (String::new(), String::new()),
    };
    let sql = match (by_rule(filter, &values), backward) {
        (false, false) => FORWARD,
        (false, true) => BACKWARD,
        (true, false) => RULE_FORWARD,
        (true, true) => RULE_BACKWARD,
    };
    values.extend([day.into(), id.into(), limit.into()]);
    session.rows(sql, &values)?.iter().map(line).collect()
}

/// The open leads of one household.
pub fn of_household(
    session: &mut Session,
    permit: &Permit,
    household: &str,
) -> Result<Vec<LeadLine>> {
    let bound = [permit.account(), permit.today(), office(permit), household.into()];
    let rows = session.rows(OF_HOUSEHOLD, &bound)?;
    with_reasons(session, rows.iter().map(line).collect::<Result<_>>()?)
}

fn with_reasons(session: &mut Session, mut lines: Vec<LeadLine>) -> Result<Vec<LeadLine>> {
    let mut reasons = reasons_of(session, lines.iter().map(|line| &line.id))?;
    for line in &mut lines {
        line.reasons = reasons.remove(&line.id).unwrap_or_default();
    }
    Ok(lines)
}

fn line(row: &Row) -> Result<LeadLine> {
    debug_assert!(row.0.len() == COLUMNS);
    Ok(LeadLine {
        id: row.parse(0)?,
        level: row.parse(1)?,
        household_id: row.opt_text(2)?,
        household_number: row.opt_text(3)?,
        head: row.opt_text(4)?,
        village: row.parse(5)?,
        village_name: row.text(6)?,
        group: row.opt_text(7)?,
        department: row.text(8)?,
        severity: row.parse(9)?,
        state: row.parse(10)?,
        due_on: row.opt_parse(11)?,
        sort_day: row.parse(12)?,
        outcome: row.opt_parse(13)?,
        answered_name: row.opt_text(14)?,
        version: row.int(15)?,
        reasons: Vec::new(),
    })
}

/// The reasons of leads that hold (or, of an answered lead, held when it was answered), the gravest first.
pub fn reasons_of<'a>(
    session: &mut Session,
    ids: impl IntoIterator<Item = &'a LeadId>,
) -> Result<BTreeMap<LeadId, Vec<ReasonLine>>> {
    let mut found: BTreeMap<LeadId, Vec<ReasonLine>> = BTreeMap::new();
    session.each(
        "select lead_id, rule_id, severity, sentence_zh, sentence_en, department from lead_reasons
         where lead_id in (select value from json_each($1)) and (gone_on is null or settled = 1)
         order by lead_id, case severity when 'severe' then 0 when 'serious' then 1 else 2 end, rule_id",
        params![super::id_list(ids)],
        |row| {
            let reason = ReasonLine {
                rule: row.text(1)?,
                severity: row.parse(2)?,
                zh: row.text(3)?,
                en: row.text(4)?,
                department: row.text(5)?,
            };
            found.entry(row.parse(0)?).or_default().push(reason);
            Ok(true)
        },
    )?;
    Ok(found)
}
