//! Queries of lists of cases: by phase, owner, state, class, area, day; their counts.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::CaseId;
use kernel::time::Day;
use store::{Permit, Row, Session, Value, visible};

/// Which cases a list shows; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The life.
    pub life: Option<String>,
    /// The campaign with which it began.
    pub campaign: Option<String>,
    /// Part of the life; `running` for identify, help and remove together.
    pub phase: Option<String>,
    /// Whose turn it is.
    pub owner: Option<String>,
    /// The state.
    pub state: Option<String>,
    /// The class.
    pub class: Option<String>,
    /// In which area.
    pub area: Option<AreaCode>,
    /// With this risk.
    pub risk: Option<String>,
    /// Due on or before.
    pub due_to: Option<Day>,
    /// With a clock that runs.
    pub clocked: bool,
    /// Not due before.
    pub due_from: Option<Day>,
    /// In its state since this day or later.
    pub since_from: Option<Day>,
    /// Household number, case number or name of the head, as typed.
    pub text: Option<String>,
    /// Help first.
    pub urgent: bool,
    /// Nobody looks after the household now.
    pub no_helper: bool,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// The life it leads.
    pub life: String,
    /// The household.
    pub household: String,
    /// 户编号.
    pub household_number: String,
    /// The head's name.
    pub head: String,
    /// Name of the member that it is about; empty where it is about the household.
    pub person: String,
    /// Code and name of the village.
    pub village: (AreaCode, String),
    /// 组.
    pub group: Option<String>,
    /// Its state.
    pub state: String,
    /// Part of the life.
    pub phase: String,
    /// Whose turn it is.
    pub owner: String,
    /// The class.
    pub class: Option<String>,
    /// Codes of its risks in their order.
    pub risks: Vec<String>,
    /// The day on which it was found.
    pub discovered_on: Day,
    /// By when its state must be left.
    pub due: Option<Day>,
    /// By when it must be announced.
    pub total_due: Option<Day>,
    /// The day by which the list is sorted.
    pub sort_day: Day,
    /// Help first.
    pub urgent: bool,
    /// The day of identification.
    pub identified_on: Option<Day>,
    /// The day on which it ended.
    pub closed_on: Option<Day>,
    /// For taking a step.
    pub version: i64,
}

macro_rules! running {
    () => {
        "c.phase in ('identify', 'help', 'remove', 'side')"
    };
}
macro_rules! closed {
    () => {
        "c.phase in ('follow', 'over')"
    };
}
macro_rules! any {
    () => {
        "c.phase <> ''"
    };
}

macro_rules! in_scope {
    () => {
        visible!(
            "c.village_code",
            "coalesce((select v.merged_into from households v where v.id = c.household_id), c.household_id)"
        )
    };
}
/// In the scope of the person: a scope that is nothing but one range of areas has been asked for by its bounds.
macro_rules! seen {
    () => {
        concat!("(cast($6 as bigint) = 1 or ", in_scope!(), ")")
    };
}

// the bounds are no way to find the rows: the order by day is
macro_rules! filtered {
    ($phases:ident) => {
        concat!(
            " where ",
            $phases!(),
            " and coalesce(c.village_code, '') >= $3 and coalesce(c.village_code, '') <= $4
               and (cast($5 as text) is null or c.phase = $5)
               and (cast($7 as text) is null or c.state = $7) and (cast($8 as text) is null or c.owner = $8)
               and (cast($9 as text) is null or c.class = $9)
               and (cast($10 as text) is null or c.id in (select r.case_id from case_risks r where r.risk = $10))
               and (cast($11 as text) is null or c.due_on <= $11 or c.total_due_on <= $11)
               and (cast($12 as text) is null or c.number = $12 or c.household_id in (
                 select n.id from households n where n.number = $12
                 union select o.id from households n join households o on o.merged_into = n.id where n.number = $12
                 union select m.id from search_keys k join persons q on q.id = k.person_id
                   join households m on m.id = k.household_id and m.head_id = q.id
                   where k.key = $18 and k.kind = 'name' and q.name_key = $18
                 union select o.id from search_keys k join persons q on q.id = k.person_id
                   join households m on m.id = k.household_id and m.head_id = q.id join households o on o.merged_into = m.id
                   where k.key = $18 and k.kind = 'name' and q.name_key = $18))
               and (cast($13 as bigint) = 0 or c.urgent = 1)
               and (cast($14 as text) is null or c.sort_day >= $14) and (cast($15 as text) is null or c.since_day >= $15)
               and (cast($16 as bigint) = 0 or c.due_on is not null or c.total_due_on is not null)
               and (cast($17 as bigint) = 0 or not exists (select 1 from helpers f where f.to_day is null
                 and f.household_id in (select c.household_id union all select x.merged_into from households x
                   where x.id = c.household_id union all select o.id from households x join households o
                   on o.merged_into = coalesce(x.merged_into, x.id) where x.id = c.household_id)))
               and (cast($19 as text) is null or c.life = $19) and (cast($20 as text) is null or c.campaign_id = $20) and ",
            seen!()
        )
    };
}

macro_rules! page {
    ($phases:ident) => {
        concat!(
            "select c.id, c.number, c.life, coalesce(h.id, c.household_id), coalesce(h.number, ''), coalesce(p.name, ''), c.village_code,
               coalesce(a.name, c.village_code), h.group_name, c.state, c.phase, c.owner, c.class, c.discovered_on, c.due_on,
               c.total_due_on, c.sort_day, c.urgent, c.identified_on, c.closed_on, c.version,
               coalesce(m.name, '')
             from cases c left join households g on g.id = c.household_id
               left join households h on h.id = coalesce(g.merged_into, c.household_id)
               left join persons p on p.id = h.head_id left join persons m on m.id = c.person_id
               left join areas a on a.code = c.village_code",
            filtered!($phases),
            " and (c.sort_day, c.id) > ($21, $22) order by c.sort_day, c.id limit $23"
        )
    };
}
const PAGES: [&str; 3] = [page!(running), page!(closed), page!(any)];

macro_rules! states {
    ($phases:ident) => {
        concat!(
            "select c.state, c.phase, count(*) from cases c",
            filtered!($phases),
            " group by c.state, c.phase order by c.state, c.phase"
        )
    };
}
const STATES: [&str; 3] = [states!(running), states!(closed), states!(any)];
/// The same where nothing but the place narrows: from an index alone.
const STATES_OF_PLACE: &str = concat!(
    "select c.state, c.phase, count(*) from cases c
     where coalesce(c.village_code, '') >= $3 and coalesce(c.village_code, '') <= $4 and cast($5 as text) is null and ",
    seen!(),
    " group by c.state, c.phase order by c.state, c.phase"
);

/// Which cases a filter can find at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Those that run.
    Running,
    /// Those that are over or followed.
    Closed,
    /// All.
    All,
}

impl Among {
    fn of<'a>(self, texts: &'a [&'static str; 3]) -> &'a &'static str {
        let [running, closed, all] = texts;
        match self {
            Self::Running => running,
            Self::Closed => closed,
            Self::All => all,
        }
    }

    /// Whether cases in a phase are among them.
    pub fn holds(self, phase: &str) -> bool {
        let closed = matches!(phase, "follow" | "over" | "closed");
        self == Self::All || (self == Self::Closed) == closed
    }
}

impl Filter {
    /// Which cases it can find, where the phase of its state is known.
    pub fn among(&self, phase_of_state: Option<&str>) -> Among {
        match self.phase.as_deref().or(phase_of_state) {
            None => Among::All,
            Some("closed" | "follow" | "over") => Among::Closed,
            Some(_) => Among::Running,
        }
    }

    /// Whether nothing narrows it but part of the life, state and place.
    pub fn is_plain(&self) -> bool {
        let plain = Self {
            phase: self.phase.clone(),
            state: self.state.clone(),
            area: self.area,
            ..Self::default()
        };
        plain == *self
    }

    fn finds(&self, state: &str, phase: &str) -> bool {
        let fits = match self.phase.as_deref() {
            None => true,
            Some("running") => Among::Running.holds(phase),
            Some("closed") => Among::Closed.holds(phase),
            Some(one) => one == phase,
        };
        fits && self.state.as_deref().is_none_or(|one| one == state)
    }
}

fn bound(permit: &Permit, filter: &Filter) -> Vec<Value> {
    let (mut low, mut high) = (permit.hull().0.to_owned(), permit.hull().1.to_owned());
    if let Some(area) = filter.area {
        let (from, to) = area.range();
        low = low.max(from.to_string());
        high = high.min(to.to_string());
    }
    vec![
        permit.account(),
        permit.today(),
        low.into(),
        high.into(),
        filter.phase.as_deref().filter(|phase| !matches!(*phase, "running" | "closed")).into(),
        permit.whole(),
        filter.state.as_deref().into(),
        filter.owner.as_deref().into(),
        filter.class.as_deref().into(),
        filter.risk.as_deref().into(),
        filter.due_to.into(),
        filter.text.as_deref().into(),
        i64::from(filter.urgent).into(),
        filter.due_from.into(),
        filter.since_from.into(),
        i64::from(filter.clocked).into(),
        i64::from(filter.no_helper).into(),
        filter.text.as_deref().map(|text| kernel::name::normal(text).text).into(),
        filter.life.as_deref().into(),
        filter.campaign.as_deref().into(),
    ]
}

/// One page of cases after a key (sort day and id).
pub fn list(
    session: &mut Session,
    permit: &Permit,
    (filter, among): (&Filter, Among),
    (after, limit): (Option<(Day, CaseId)>, i64),
) -> Result<Vec<Line>> {
    let mut values = bound(permit, filter);
    let (day, id) =
        after.map_or_else(Default::default, |(day, id)| (day.to_string(), id.to_string()));
    values.extend([day.into(), id.into(), limit.into()]);
    let mut lines: Vec<Line> =
        session.rows(*among.of(&PAGES), &values)?.iter().map(line).collect::<Result<_>>()?;
    let ids: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
    let mut risks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let sql =
        "select case_id, risk from case_risks where case_id in (select value from json_each($1))
         order by case_id, position";
    for row in session.rows(sql, &[serde_json::json!(ids).to_string().into()])? {
        risks.entry(row.text(0)?).or_default().push(row.text(1)?);
    }
    for line in &mut lines {
        line.risks = risks.remove(&line.id.to_string()).unwrap_or_default();
    }
    Ok(lines)
}

fn line(row: &Row) -> Result<Line> {
    Ok(Line {
        id: row.parse(0)?,
        number: row.text(1)?,
        life: row.text(2)?,
        household: row.text(3)?,
        household_number: row.text(4)?,
        head: row.text(5)?,
        village: (row.parse(6)?, row.text(7)?),
        group: row.opt_text(8)?,
        state: row.text(9)?,
        phase: row.text(10)?,
        owner: row.text(11)?,
        class: row.opt_text(12)?,
        risks: Vec::new(),
        discovered_on: row.parse(13)?,
        due: row.opt_parse(14)?,
        total_due: row.opt_parse(15)?,
        sort_day: row.parse(16)?,
        urgent: row.flag(17)?,
        identified_on: row.opt_parse(18)?,
        closed_on: row.opt_parse(19)?,
        version: row.int(20)?,
        person: row.text(21)?,
    })
}

/// A state, its phase, how many cases are in it.
pub type InState = (String, String, i64);

/// How many cases the filter finds.
pub fn count(session: &mut Session, permit: &Permit, filter: &Filter) -> Result<i64> {
    let states = count_states(session, permit, (filter, filter.among(None)))?;
    Ok(total(&states, filter))
}

/// How many of those in states the filter finds.
pub fn total(states: &[InState], filter: &Filter) -> i64 {
    let found = states.iter().filter(|(state, phase, _)| filter.finds(state, phase));
    found.map(|(_, _, number)| number).sum()
}

/// How many cases are in each state, of those that what narrows the filter beside part of the life and state finds. Where
/// nothing does, of all; else only of those among which the filter looks.
pub fn count_states(
    session: &mut Session,
    permit: &Permit,
    (filter, among): (&Filter, Among),
) -> Result<Vec<InState>> {
    let whole = Filter { phase: None, state: None, ..filter.clone() };
    let values = bound(permit, &whole);
    let rows = match filter.is_plain() {
        true => session.rows(STATES_OF_PLACE, values.get(..6).unwrap_or_default())?,
        false => session.rows(*among.of(&STATES), &values)?,
    };
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.int(2)?))).collect()
}

const TURNS: &str = concat!(
    "select count(*), coalesce(sum(case when c.sort_day = $6 and (c.due_on = $6 or c.total_due_on = $6) then 1 else 0 end), 0),
       coalesce(sum(case when c.due_on < $6 or c.total_due_on < $6 then 1 else 0 end), 0),
       coalesce(sum(case when c.since_day >= $7 then 1 else 0 end), 0)
     from cases c where c.phase in ('identify', 'help', 'remove', 'side') and c.owner = $5
       and (c.due_on is not null or c.total_due_on is not null)
       and c.village_code >= $3 and c.village_code <= $4 and ",
    in_scope!()
);

/// Of the running cases with a clock in which it is the turn of an owner: all, due on the day, past their day, come in since a day.
pub fn count_turns(
    session: &mut Session,
    permit: &Permit,
    (owner, today, since): (&str, Day, Day),
) -> Result<[i64; 4]> {
    let (low, high) = permit.hull();
    let bound: [Value; 7] = [
        permit.account(),
        permit.today(),
        low.into(),
        high.into(),
        owner.into(),
        today.into(),
        since.into(),
    ];
    let row = session.row(TURNS, &bound)?;
    Ok([row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?])
}
