//! The SQL of cases.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::ids::{CaseId, HouseholdId, LeadId};
use kernel::time::{Day, Instant};
use store::{Ctx, Permit, Row, Session, Tx, params, visible};

use super::begin::Of;
use super::life::{Life, Phase};
use super::model::Case;

pub mod acted;
pub mod campaigns;
pub mod comparison;
pub mod followed;
pub mod lists;
pub mod objections;
pub mod papers;
pub mod past;
pub mod reminders;
pub mod registered;
pub mod splits;
pub mod take_overs;

macro_rules! case {
    ($rest:literal) => {
        concat!(
            "select c.id, c.number, c.life, coalesce(g.merged_into, c.household_id), c.village_code, c.state, c.back_state, c.class, c.discovered_on,
               c.total_due_on, c.since_day, c.due_on, c.urgent, c.notice_until, c.notice_hangs, c.objections,
               c.identified_on, c.closed_on, c.closed_how, c.last_by, c.version, c.person_id
             from cases c left join households g on g.id = c.household_id where ",
            $rest
        )
    };
}

const SEEN: &str = concat!(
    case!("c.id = $3 and "),
    visible!("c.village_code", "coalesce(g.merged_into, c.household_id)")
);
const LIVE: &str = case!(
    "c.household_id in (select cast($1 as text) union all select o.id from households o where o.merged_into = $1)
        and coalesce(g.merged_into, c.household_id) = $1 and c.life = $2
        and c.phase in ('identify', 'help', 'remove', 'side') order by c.id desc limit 1"
);
const OF_HOUSEHOLD: &str = concat!(
    case!(
        "c.household_id in (select cast($3 as text) union all select o.id from households o where o.merged_into = $3)
        and coalesce(g.merged_into, c.household_id) = $3 and "
    ),
    visible!("c.village_code", "coalesce(g.merged_into, c.household_id)"),
    " order by c.id desc"
);

fn case(row: &Row) -> Result<Case> {
    Ok(Case {
        id: row.parse(0)?,
        number: row.text(1)?,
        life: row.text(2)?,
        household: row.parse(3)?,
        person: row.opt_parse(21)?,
        village: row.parse(4)?,
        state: row.text(5)?,
        back: row.opt_text(6)?,
        class: row.opt_text(7)?,
        discovered_on: row.parse(8)?,
        total_due: row.opt_parse(9)?,
        since: row.parse(10)?,
        due: row.opt_parse(11)?,
        urgent: row.flag(12)?,
        notice_until: row.opt_parse(13)?,
        notice_hangs: row.flag(14)?,
        objections: row.int(15)?,
        identified_on: row.opt_parse(16)?,
        closed_on: row.opt_parse(17)?,
        closed_how: row.opt_text(18)?,
        last_by: row.opt_text(19)?,
        version: row.int(20)?,
    })
}

/// The case, if the person may see it.
pub fn find(session: &mut Session, permit: &Permit, id: CaseId) -> Result<Option<Case>> {
    let row = session.find(SEEN, &[permit.account(), permit.today(), id.into()])?;
    row.as_ref().map(case).transpose()
}

/// A case, whoever asks: for what is told of it to its own household.
pub fn find_any(session: &mut Session, id: CaseId) -> Result<Option<Case>> {
    const ONE: &str = case!("c.id = $1");
    session.find(ONE, params![id])?.as_ref().map(case).transpose()
}

/// The case of a household that is on its way in a life.
pub fn find_live(
    session: &mut Session,
    household: HouseholdId,
    life: &str,
) -> Result<Option<Case>> {
    session.find(LIVE, params![household, life])?.as_ref().map(case).transpose()
}

const LIVE_OF: &str = case!(
    "c.household_id in (select cast($1 as text) union all select o.id from households o where o.merged_into = $1)
        and coalesce(g.merged_into, c.household_id) = $1 and c.life = $2 and coalesce(c.person_id, '') = $3
        and c.phase in ('identify', 'help', 'remove', 'side') order by c.id desc limit 1"
);

/// The case of a household or one of its members that is on its way in a life.
pub fn find_live_of(session: &mut Session, life: &str, of: Of) -> Result<Option<Case>> {
    let person = of.person.map(|id| id.to_string()).unwrap_or_default();
    session.find(LIVE_OF, params![of.household, life, person])?.as_ref().map(case).transpose()
}

/// The number of the household for which a case was opened, where that is held to be another one now.
pub fn find_merged(session: &mut Session, id: CaseId) -> Result<Option<String>> {
    let row = session.find(
        "select h.number from cases c join households h on h.id = c.household_id
         where c.id = $1 and h.merged_into is not null",
        params![id],
    )?;
    row.map(|row| row.text(0)).transpose()
}

/// The cases of a household, the newest first; those of a household that is held to be this one are among them.
pub fn of_household(session: &mut Session, permit: &Permit, household: &str) -> Result<Vec<Case>> {
    let bound = [permit.account(), permit.today(), household.into()];
    session.rows(OF_HOUSEHOLD, &bound)?.iter().map(case).collect()
}

/// Numbers of the next cases of a county in a year: county, `C`, year, five digits.
#[derive(Debug, Clone)]
pub struct Numbers {
    prefix: String,
    serial: u32,
}

impl Numbers {
    /// Those after the last one.
    pub fn after_last(tx: &mut Tx, village: AreaCode) -> Result<Self> {
        let county = village.as_str().get(..6).unwrap_or_default();
        let year = tx.today().to_string();
        let prefix = format!("{county}C{}", year.get(..4).unwrap_or_default());
        let last = tx.find(
            "select number from cases where number >= $1 and number < $2 order by number desc limit 1",
            params![&prefix, format!("{prefix}~")],
        )?;
        let last = last.map(|row| row.text(0)).transpose()?;
        let serial = last
            .and_then(|number| number.get(prefix.len()..).and_then(|text| text.parse().ok()))
            .unwrap_or(0);
        Ok(Self { prefix, serial })
    }

    /// The next one.
    pub fn take(&mut self) -> String {
        self.serial = self.serial.saturating_add(1);
        format!("{}{:05}", self.prefix, self.serial)
    }
}

/// The phase, the owner and the day by which a list of cases is sorted.
fn placed(case: &Case, life: &Life) -> Result<(Phase, &'static str, Day)> {
    let state = life
        .state(&case.state)
        .ok_or_else(|| Error::fault(format!("the life {} has no state {}", life.id, case.state)))?;
    let due = match (case.due, case.total_due) {
        (Some(step), Some(total)) => step.min(total),
        (step, total) => step.or(total).or(case.closed_on).unwrap_or(case.since),
    };
    Ok((state.phase, state.owner.code(), due))
}

/// What a case began with beside itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct From<'a> {
    /// The lead.
    pub lead: Option<LeadId>,
    /// The campaign.
    pub campaign: Option<&'a str>,
}

/// Writes a case that begins.
pub fn insert(tx: &mut Tx, case: &Case, life: &Life, from: From<'_>) -> Result<()> {
    let (phase, owner, sort) = placed(case, life)?;
    let now = tx.now();
    tx.exec(
        "insert into cases (id, number, life, household_id, person_id, village_code, state, phase, owner, class,
           discovered_on, total_due_on, since_day, due_on, sort_day, urgent, identified_on, closed_on, closed_how, lead_id,
           campaign_id, created_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        params![
            case.id, &case.number, &case.life, case.household, case.person, case.village, &case.state, phase.code(),
            owner, case.class.as_deref(), case.discovered_on, case.total_due, case.since, case.due, sort, case.urgent,
            case.identified_on, case.closed_on, case.closed_how.as_deref(), from.lead, from.campaign, now, case.version
        ],
    )?;
    Ok(())
}

/// Writes a case over the version it had; `false` when somebody was first.
pub fn save(tx: &mut Tx, (old, new): (&Case, &Case), life: &Life) -> Result<bool> {
    let (phase, owner, sort) = placed(new, life)?;
    let changed = tx.exec(
        "update cases set state = $3, back_state = $4, phase = $5, owner = $6, class = $7, discovered_on = $8,
           total_due_on = $9, since_day = $10, due_on = $11, sort_day = $12, urgent = $13, notice_until = $14,
           notice_hangs = $15, objections = $16, identified_on = $17, closed_on = $18, closed_how = $19, last_by = $20,
           version = $21 where id = $1 and version = $2",
        params![
            old.id, old.version, &new.state, new.back.as_deref(), phase.code(), owner, new.class.as_deref(),
            new.discovered_on, new.total_due, new.since, new.due, sort, new.urgent, new.notice_until,
            new.notice_hangs, new.objections, new.identified_on, new.closed_on, new.closed_how.as_deref(),
            new.last_by.as_deref(), new.version
        ],
    )?;
    Ok(changed == 1)
}

/// A step as it is kept: the whole command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the life of the case, from 0.
    pub seq: i64,
    /// Which step; `open` for the beginning.
    pub step: String,
    /// The states before and after.
    pub states: (String, String),
    /// The day of the step.
    pub on: Day,
    /// When it was written down.
    pub at: Instant,
    /// Account and name of who did it.
    pub by: (String, String),
    /// The fields.
    pub filled: BTreeMap<String, String>,
    /// The facts on which a decision rests, as JSON; `{}` where none were kept.
    pub evidence: String,
    /// The pack by which it was done, and its version.
    pub pack: (String, i64),
}

/// The steps of a case in their order.
pub fn list_steps(session: &mut Session, id: CaseId) -> Result<Vec<Step>> {
    let rows = session.rows(
        "select seq, step, from_state, to_state, on_day, at, account_id, name, body, evidence, pack_id, pack_version
         from case_steps where case_id = $1 order by seq",
        params![id],
    )?;
    rows.iter()
        .map(|row| {
            let body = serde_json::from_str(row.str(8)?)
                .map_err(|why| Error::fault(format!("body of a step: {why}")))?;
            Ok(Step {
                seq: row.int(0)?,
                step: row.text(1)?,
                states: (row.text(2)?, row.text(3)?),
                on: row.parse(4)?,
                at: row.parse(5)?,
                by: (row.text(6)?, row.text(7)?),
                filled: body,
                evidence: row.text(9)?,
                pack: (row.text(10)?, row.int(11)?),
            })
        })
        .collect()
}

/// Keeps a step; its place is the version of the case before it.
pub fn insert_step(tx: &mut Tx, id: CaseId, step: &Step) -> Result<()> {
    let body = serde_json::to_string(&step.filled).map_err(|why| Error::fault(why.to_string()))?;
    tx.exec(
        "insert into case_steps (case_id, seq, step, from_state, to_state, on_day, at, account_id, name, body, evidence,
           pack_id, pack_version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            id, step.seq, &step.step, &step.states.0, &step.states.1, step.on, step.at, &step.by.0, &step.by.1, body,
            &step.evidence, &step.pack.0, step.pack.1
        ],
    )?;
    Ok(())
}

/// A confirmed lead of a household that no case has answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The lead.
    pub lead: LeadId,
    /// The household.
    pub household: HouseholdId,
    /// Where it stands now.
    pub village: AreaCode,
    /// The day on which the lead was found.
    pub opened_on: Day,
    /// Account and name of who confirmed it.
    pub by: (String, String),
}

const CONFIRMED: &str = "select l.id, l.household_id, coalesce(h.village_code, l.village_code), l.opened_on, l.answered_by,
       l.answered_name
     from leads l left join households h on h.id = l.household_id
     where l.state = 'answered' and l.village_code = $1 and l.outcome = 'risk_confirmed' and l.level = 'household'
       and not exists (select 1 from case_leads c where c.lead_id = l.id) order by l.answered_at, l.id";

/// The confirmed leads of a village that no case has answered yet.
pub fn list_confirmed(session: &mut Session, village: AreaCode) -> Result<Vec<Confirmed>> {
    let rows = session.rows(CONFIRMED, params![village])?;
    rows.iter()
        .map(|row| {
            Ok(Confirmed {
                lead: row.parse(0)?,
                household: row.parse(1)?,
                village: row.parse(2)?,
                opened_on: row.parse(3)?,
                by: (row.opt_text(4)?.unwrap_or_default(), row.opt_text(5)?.unwrap_or_default()),
            })
        })
        .collect()
}

/// Says that a case answers a lead.
pub fn join_lead(tx: &mut Tx, id: CaseId, lead: LeadId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into case_leads (lead_id, case_id, joined_at) values ($1, $2, $3)",
        params![lead, id, now],
    )?;
    Ok(())
}

/// Cases stand where their households stand.
pub fn follow_households<'a>(
    tx: &mut Tx,
    households: impl Iterator<Item = (&'a String, &'a AreaCode)>,
) -> Result<()> {
    tx.exec_many(
        "update cases set village_code = $2 where household_id = $1 and village_code <> $2",
        households.map(|(id, village)| vec![id.as_str().into(), (*village).into()]),
    )?;
    Ok(())
}

/// Leads of the household that nobody has answered.
pub fn count_open_leads(session: &mut Session, household: HouseholdId) -> Result<i64> {
    let row = session.row(
        "select count(*) from leads where subject = $1 and state = 'open'",
        params![household],
    )?;
    row.int(0)
}

/// Who acts, for rows that say so.
pub fn by(ctx: &Ctx) -> (String, String) {
    (ctx.actor.account.clone(), ctx.actor.name.clone())
}
