//! The SQL of one lead: what it says, what was answered, and the writes of an answer.

use kernel::error::Result;
use kernel::ids::{AnswerId, HouseholdId, LeadId};
use kernel::time::{Day, Instant};
use store::{Permit, Row, Session, Tx, Value, params};

use super::super::model::{Answer, Given, Lead, State};
use super::super::rule::{Calendar, Due, Severity};
use super::changes::carry_to_reasons;
use super::counted;
use super::inbox::{office, seen};

const LEAD: &str = "select l.id, l.level, l.household_id, l.village_code, l.department, l.channel, l.severity, l.state,
    l.opened_on, l.released_on, l.due_on, l.clock_days, l.clock_kind, l.outcome, l.reason_code, l.reason, l.answered_by,
    l.answered_name, l.answered_at, l.raised_from, l.version from leads l where l.id = $1";
const SEEN: &str = concat!(
    "select l.id, l.level, l.household_id, l.village_code, l.department, l.channel, l.severity, l.state,
    l.opened_on, l.released_on, l.due_on, l.clock_days, l.clock_kind, l.outcome, l.reason_code, l.reason, l.answered_by,
    l.answered_name, l.answered_at, l.raised_from, l.version from leads l where l.id = $4 and ",
    seen!()
);

fn lead(row: &Row) -> Result<Lead> {
    let days = u16::try_from(row.int(11)?).unwrap_or(u16::MAX);
    let calendar = if row.text(12)? == "working" { Calendar::Working } else { Calendar::Calendar };
    let given = match (row.opt_parse(13)?, row.opt_text(16)?, row.opt_parse::<Instant>(18)?) {
        (Some(outcome), Some(account), Some(at)) => Some(Given {
            answer: Answer { outcome, reason_code: row.opt_text(14)?, reason: row.opt_text(15)? },
            account,
            name: row.opt_text(17)?.unwrap_or_default(),
            at,
        }),
        _ => None,
    };
    Ok(Lead {
        id: row.parse(0)?,
        level: row.parse(1)?,
        household: row.opt_parse::<HouseholdId>(2)?,
        village: row.parse(3)?,
        department: row.text(4)?,
        channel: row.text(5)?,
        severity: row.parse(6)?,
        state: row.parse(7)?,
        opened_on: row.parse(8)?,
        released_on: row.opt_parse(9)?,
        due_on: row.opt_parse(10)?,
        clock: Due { days, calendar },
        given,
        raised_from: row.opt_parse(19)?,
        version: row.int(20)?,
    })
}

/// The lead, if the person may see it.
pub fn find(session: &mut Session, permit: &Permit, id: LeadId) -> Result<Option<Lead>> {
    let row = session.find(SEEN, &[permit.account(), permit.today(), office(permit), id.into()])?;
    row.as_ref().map(lead).transpose()
}

/// The lead as it stands, for saying who was first.
pub fn load(session: &mut Session, id: LeadId) -> Result<Lead> {
    lead(&session.row(LEAD, params![id])?)
}

/// One reason of a lead with everything that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// Whose list shows it.
    pub department: String,
    /// The pack by which it hit, and its version.
    pub pack: (String, i64),
    /// The sentence, Simplified Chinese.
    pub zh: String,
    /// The sentence, English.
    pub en: String,
    /// JSON: column → value.
    pub evidence: String,
    /// The day it hit.
    pub hit_on: Day,
    /// The day it no longer did.
    pub gone_on: Option<Day>,
    /// The answer covers it.
    pub settled: bool,
}

/// The reasons of a lead, those that hold first, the gravest first.
pub fn reasons(session: &mut Session, id: LeadId) -> Result<Vec<Reason>> {
    session
        .rows(
            "select rule_id, severity, department, pack_id, pack_version, sentence_zh, sentence_en, evidence, hit_on,
               gone_on, settled from lead_reasons where lead_id = $1
             order by case when gone_on is null then 0 else 1 end,
               case severity when 'severe' then 0 when 'serious' then 1 else 2 end, rule_id",
            params![id],
        )?
        .iter()
        .map(|row| {
            Ok(Reason {
                rule: row.text(0)?,
                severity: row.parse(1)?,
                department: row.text(2)?,
                pack: (row.text(3)?, row.int(4)?),
                zh: row.text(5)?,
                en: row.text(6)?,
                evidence: row.text(7)?,
                hit_on: row.parse(8)?,
                gone_on: row.opt_parse(9)?,
                settled: row.flag(10)?,
            })
        })
        .collect()
}

/// One line of the history of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAnswer {
    /// `answer`, `agree`, `disagree`.
    pub kind: String,
    /// The outcome, of an answer.
    pub outcome: Option<String>,
    /// The reason from the list.
    pub reason_code: Option<String>,
    /// The reason in words.
    pub reason: Option<String>,
    /// Who.
    pub name: String,
    /// When.
    pub at: Instant,
    /// How many leads were answered at once.
    pub together: i64,
}

/// Everything that was ever answered, oldest first.
pub fn history(session: &mut Session, id: LeadId) -> Result<Vec<PastAnswer>> {
    session
        .rows(
            "select kind, outcome, reason_code, reason, name, at, together from lead_answers
             where lead_id = $1 order by at, id",
            params![id],
        )?
        .iter()
        .map(|row| {
            Ok(PastAnswer {
                kind: row.text(0)?,
                outcome: row.opt_text(1)?,
                reason_code: row.opt_text(2)?,
                reason: row.opt_text(3)?,
                name: row.text(4)?,
                at: row.parse(5)?,
                together: row.int(6)?,
            })
        })
        .collect()
}

/// Who writes an answer, and how many leads it covers.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Account id.
    pub account: &'a str,
    /// Name.
    pub name: &'a str,
    /// The day.
    pub today: Day,
    /// Leads answered at once.
    pub together: usize,
}

/// What rests on a lead follows it: its reasons, and the counts of its village with the commit.
fn carried(tx: &mut Tx, lead: LeadId) -> Result<()> {
    carry_to_reasons(tx, [lead.into()])?;
    counted::touch(tx, &[lead.into()])
}

/// Writes an answer over a version; `false` when somebody else was first.
pub fn save_answer(
    tx: &mut Tx,
    lead: &Lead,
    (answer, state): (&Answer, State),
    by: By<'_>,
) -> Result<bool> {
    let changed = tx.exec(
        "update leads set state = $3, outcome = $4, reason_code = $5, reason = $6, answered_by = $7, answered_name = $8,
           answered_at = $9, answered_on = $10, sort_day = $10, version = version + 1
         where id = $1 and version = $2 and state = 'open'",
        &[
            lead.id.into(),
            lead.version.into(),
            state.code().into(),
            answer.outcome.code().into(),
            answer.reason_code.as_deref().into(),
            answer.reason.as_deref().into(),
            by.account.into(),
            by.name.into(),
            tx.now().into(),
            by.today.into(),
        ],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    tx.exec(
        "update lead_reasons set settled = 1 where lead_id = $1 and gone_on is null",
        params![lead.id],
    )?;
    carried(tx, lead.id)?;
    insert_history(tx, lead.id, "answer", Some(answer), by)?;
    Ok(true)
}

/// Adds a line to the history of answers.
pub fn insert_history(
    tx: &mut Tx,
    lead: LeadId,
    kind: &'static str,
    answer: Option<&Answer>,
    by: By<'_>,
) -> Result<()> {
    let id: AnswerId = tx.db().ids().make_at(tx.now());
    let now = tx.now();
    // A second look has no outcome of its own; its reason is carried by the answer it is given with.
    let outcome = answer.filter(|_| kind == "answer").map(|answer| answer.outcome.code());
    tx.exec(
        "insert into lead_answers (id, lead_id, kind, outcome, reason_code, reason, account_id, name, at, together)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            id.into(),
            lead.into(),
            kind.into(),
            outcome.into(),
            answer.and_then(|answer| answer.reason_code.as_deref()).into(),
            answer.and_then(|answer| answer.reason.as_deref()).into(),
            by.account.into(),
            by.name.into(),
            now.into(),
            by.together.into(),
        ],
    )?;
    Ok(())
}

/// The second look agrees; `false` when somebody else was first.
pub fn save_agreed(tx: &mut Tx, lead: &Lead) -> Result<bool> {
    let changed = tx.exec(
        "update leads set state = 'answered', version = version + 1
         where id = $1 and version = $2 and state = 'second_look'",
        params![lead.id, lead.version],
    )?;
    carried(tx, lead.id)?;
    Ok(changed > 0)
}

/// The second look disagrees: the lead is open again with a new due day; `false` when somebody else was first.
pub fn save_reopened(tx: &mut Tx, lead: &Lead, due_on: Day) -> Result<bool> {
    let changed = tx.exec(
        "update leads set state = 'open', due_on = $3, sort_day = $3, outcome = null, reason_code = null, reason = null,
           answered_by = null, answered_name = null, answered_at = null, answered_on = null, version = version + 1
         where id = $1 and version = $2 and state = 'second_look'",
        params![lead.id, lead.version, due_on],
    )?;
    if changed > 0 {
        tx.exec("update lead_reasons set settled = 0 where lead_id = $1", params![lead.id])?;
        carried(tx, lead.id)?;
    }
    Ok(changed > 0)
}

/// Another live lead of the same subject, if there is one.
pub fn find_live_beside(session: &mut Session, lead: LeadId) -> Result<Option<LeadId>> {
    let row = session.find(
        "select o.id from leads l join leads o on o.subject = l.subject and o.state in ('waiting', 'open') and o.id <> l.id
         where l.id = $1",
        params![lead],
    )?;
    row.map(|row| row.parse(0)).transpose()
}

/// The second look disagrees while the subject already has a live lead: its reasons join that one.
pub fn save_joined(tx: &mut Tx, lead: &Lead, live: LeadId, due_on: Day) -> Result<bool> {
    if !save_agreed(tx, lead)? {
        return Ok(false);
    }
    tx.exec(
        "insert into lead_reasons (lead_id, rule_id, severity, department, pack_id, pack_version, certainty, settled,
           sentence_zh, sentence_en, evidence, worse, hit_on, lead_state, lead_day)
         select $2, rule_id, severity, department, pack_id, pack_version, certainty, 0, sentence_zh, sentence_en, evidence,
           worse, hit_on, lead_state, lead_day from lead_reasons where lead_id = $1 and gone_on is null
         on conflict (lead_id, rule_id) do nothing",
        params![lead.id, live],
    )?;
    tx.exec("update lead_reasons set settled = 0 where lead_id = $1", params![lead.id])?;
    tx.exec(
        "update leads set state = 'open', severity = $2, version = version + 1, released_on = coalesce(released_on, $4),
           due_on = case when due_on is null or due_on > $3 then $3 else due_on end,
           sort_day = case when due_on is null or due_on > $3 then $3 else due_on end where id = $1",
        &[
            live.into(),
            lead.severity.code().into(),
            due_on.into(),
            Value::from(tx.today()),
        ],
    )?;
    carried(tx, live)?;
    Ok(true)
}

/// What the page says of the household: number, address, head, phone tail, type, class, persons, able, dibao, tekun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// 户编号.
    pub number: String,
    /// The head's name.
    pub head: String,
    /// 组 and address.
    pub place: String,
    /// Last four digits of the phone.
    pub phone_tail: Option<String>,
    /// 一般户, 脱贫户.
    pub kind: Option<String>,
    /// Class of a monitored household.
    pub monitored: Option<String>,
    /// Members.
    pub persons: Option<i64>,
    /// Able workers.
    pub labour: Option<i64>,
    /// On dibao.
    pub dibao: bool,
    /// On tekun.
    pub tekun: bool,
}

/// The household of a lead, which the caller has already been permitted to see.
pub fn strip(session: &mut Session, household: HouseholdId) -> Result<Option<Strip>> {
    let row = session.find(
        "select h.number, coalesce(p.name, ''), coalesce(h.group_name, ''), coalesce(h.address, ''),
           coalesce(h.phone_tail, p.phone_tail), f.hh_type, case when f.monitored = 1 then f.monitor_type end,
           f.persons, f.labour, coalesce(f.dibao, 0), coalesce(f.tekun, 0)
         from households h left join persons p on p.id = h.head_id
         left join household_facts f on f.household_id = h.id where h.id = $1",
        params![household],
    )?;
    let Some(row) = row else { return Ok(None) };
    let place: Vec<String> =
        [row.text(2)?, row.text(3)?].into_iter().filter(|text| !text.is_empty()).collect();
    Ok(Some(Strip {
        number: row.text(0)?,
        head: row.text(1)?,
        place: place.join(" · "),
        phone_tail: row.opt_text(4)?,
        kind: row.opt_text(5)?,
        monitored: row.opt_text(6)?,
        persons: row.opt_int(7)?,
        labour: row.opt_int(8)?,
        dibao: row.flag(9)?,
        tekun: row.flag(10)?,
    }))
}
