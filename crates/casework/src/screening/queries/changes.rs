//! The SQL with which a run writes what it has decided.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{LeadId, RunId};
use kernel::time::Day;
use store::{Session, Tx, Value, params};

use super::super::book::Bound;
use super::super::model::State;
use super::super::rule::Level;
use super::super::rules::{Head, Hit};
use super::counted;

/// Everything that one run writes about leads, in the order in which it is written.
#[derive(Debug, Default)]
pub struct Batch {
    leads: Vec<Vec<Value>>,
    reasons: Vec<Vec<Value>>,
    joined: Vec<Vec<Value>>,
    refreshed: Vec<Vec<Value>>,
    gone: Vec<Vec<Value>>,
    back: Vec<Vec<Value>>,
    altered: Vec<Vec<Value>>,
    withdrawn: Vec<Vec<Value>>,
    /// Where leads are opened.
    villages: BTreeSet<AreaCode>,
}

const LEAD: &[&str] = &[
    "id",
    "level",
    "subject",
    "household_id",
    "village_code",
    "department",
    "channel",
    "severity",
    "state",
    "opened_on",
    "released_on",
    "due_on",
    "clock_days",
    "clock_kind",
    "sort_day",
    "raised_from",
    "version",
    "run_id",
    "pack_id",
    "pack_version",
];
const REASON: &[&str] = &[
    "lead_id",
    "rule_id",
    "severity",
    "department",
    "pack_id",
    "pack_version",
    "certainty",
    "settled",
    "sentence_zh",
    "sentence_en",
    "evidence",
    "worse",
    "hit_on",
    "lead_state",
    "lead_day",
];

/// A lead about to be opened.
#[derive(Debug)]
pub struct NewLead<'a> {
    /// Its id.
    pub id: LeadId,
    /// Its level.
    pub level: Level,
    /// Household id, or village code and department.
    pub subject: &'a str,
    /// The household, for a lead of that level.
    pub household: Option<&'a str>,
    /// Where.
    pub village: &'a str,
    /// What follows from its reasons.
    pub head: &'a Head,
    /// Open, or waiting for a wave.
    pub state: State,
    /// When it is due, if it is open.
    pub due_on: Option<Day>,
    /// The lead it raises again.
    pub raised_from: Option<LeadId>,
}

impl NewLead<'_> {
    /// The day by which lists sort it: the day it is due, as long as it waits the day it was found.
    fn sort_day(&self, today: Day) -> Day {
        self.due_on.unwrap_or(today)
    }
}

impl Batch {
    /// A new lead.
    pub fn open(&mut self, lead: &NewLead<'_>, bound: &Bound, run: Option<RunId>) {
        let pack = &bound.book.pack.head;
        let today = bound.today;
        let released = (lead.state == State::Open).then_some(today);
        self.villages.extend(lead.village.parse::<AreaCode>().ok());
        self.leads.push(vec![
            lead.id.into(),
            lead.level.code().into(),
            lead.subject.into(),
            lead.household.into(),
            lead.village.into(),
            Value::from(&lead.head.department),
            Value::from(&lead.head.channel),
            lead.head.severity.code().into(),
            lead.state.code().into(),
            today.into(),
            released.into(),
            lead.due_on.into(),
            i64::from(lead.head.clock.days).into(),
            lead.head.clock.calendar.code().into(),
            lead.sort_day(today).into(),
            lead.raised_from.into(),
            1i64.into(),
            run.into(),
            Value::from(&pack.id),
            pack.version.into(),
        ]);
    }

    /// A reason of a new lead.
    pub fn reason(&mut self, lead: &NewLead<'_>, hit: &Hit, bound: &Bound) {
        self.reasons.extend(reason(lead.id, hit, bound).map(|mut values| {
            values.extend([lead.state.code().into(), lead.sort_day(bound.today).into()]);
            values
        }));
    }

    /// A reason that joins a lead, perhaps one that had gone from it.
    pub fn join(&mut self, lead: LeadId, hit: &Hit, bound: &Bound) {
        self.joined.extend(reason(lead, hit, bound));
    }

    /// A reason that people gave, of a lead that stands or is opened with this batch.
    pub fn told(&mut self, row: Vec<Value>) {
        self.joined.push(row);
    }

    /// Fresher numbers of a reason.
    pub fn refresh(&mut self, lead: LeadId, rule: &str, hit: &Hit) {
        self.refreshed.push(vec![
            lead.into(),
            rule.into(),
            Value::from(&hit.sentence_zh),
            Value::from(&hit.sentence_en),
            Value::from(&hit.evidence),
            hit.worse.into(),
        ]);
    }

    /// A reason that no longer holds.
    pub fn gone(&mut self, lead: LeadId, rule: &str, today: Day) {
        self.gone.push(vec![lead.into(), rule.into(), today.into()]);
    }

    /// An answered reason that holds again as it was answered.
    pub fn back(&mut self, lead: LeadId, rule: &str) {
        self.back.push(vec![lead.into(), rule.into()]);
    }

    /// A lead whose reasons came or went.
    pub fn alter(&mut self, lead: LeadId, head: &Head, due_on: Option<Day>, released: Option<Day>) {
        self.altered.push(vec![
            lead.into(),
            Value::from(&head.department),
            Value::from(&head.channel),
            head.severity.code().into(),
            i64::from(head.clock.days).into(),
            head.clock.calendar.code().into(),
            due_on.into(),
            released.into(),
        ]);
    }

    /// A lead that lost its last reason.
    pub fn withdraw(&mut self, lead: LeadId, today: Day) {
        self.withdrawn.push(vec![lead.into(), today.into()]);
    }

    /// Leads opened, reasons joined, leads withdrawn.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.leads.len(), self.joined.len(), self.withdrawn.len())
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        [
            &self.leads,
            &self.reasons,
            &self.joined,
            &self.refreshed,
            &self.gone,
            &self.back,
            &self.altered,
            &self.withdrawn,
        ]
        .iter()
        .all(|rows| rows.is_empty())
    }

    /// Writes it.
    pub fn write(self, tx: &mut Tx) -> Result<()> {
        let first = |row: &Vec<Value>| row.first().cloned();
        let moved: Vec<Value> =
            self.altered.iter().chain(&self.withdrawn).filter_map(first).collect();
        // fresher numbers of a reason change no count
        let rows = self.joined.iter().chain(&self.gone).chain(&self.back);
        let counted: Vec<Value> = rows.filter_map(first).chain(moved.iter().cloned()).collect();
        let new = self.leads.iter().filter_map(first);
        let all: Vec<Value> = counted.iter().cloned().chain(new).collect();
        // where villages are counted anew in any case, these are too
        let few = all.len() <= counted::FEW && tx.touched().counted.is_empty();
        let before = few.then(|| counted::groups(tx, &counted)).transpose()?;
        if before.is_none() {
            self.villages.into_iter().for_each(|village| tx.touch_counted(village));
            counted::touch(tx, &counted)?;
        }
        tx.insert_many("leads", LEAD, self.leads)?;
        tx.insert_many("lead_reasons", REASON, self.reasons)?;
        tx.exec_many(
            "insert into lead_reasons (lead_id, rule_id, severity, department, pack_id, pack_version, certainty, settled,
               sentence_zh, sentence_en, evidence, worse, hit_on, lead_state, lead_day)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
               (select state from leads where id = $1), (select sort_day from leads where id = $1))
             on conflict (lead_id, rule_id) do update set severity = excluded.severity, settled = 0,
               department = excluded.department, pack_id = excluded.pack_id, pack_version = excluded.pack_version,
               sentence_zh = excluded.sentence_zh, sentence_en = excluded.sentence_en, evidence = excluded.evidence,
               worse = excluded.worse, hit_on = excluded.hit_on, gone_on = null",
            self.joined,
        )?;
        tx.exec_many(
            "update lead_reasons set sentence_zh = $3, sentence_en = $4, evidence = $5, worse = $6
             where lead_id = $1 and rule_id = $2",
            self.refreshed,
        )?;
        tx.exec_many(
            "update lead_reasons set gone_on = $3 where lead_id = $1 and rule_id = $2 and gone_on is null",
            self.gone,
        )?;
        tx.exec_many(
            "update lead_reasons set gone_on = null where lead_id = $1 and rule_id = $2",
            self.back,
        )?;
        tx.exec_many(
            "update leads set department = $2, channel = $3, severity = $4, clock_days = $5, clock_kind = $6, due_on = $7,
               state = case when cast($8 as text) is null then state else 'open' end,
               released_on = coalesce($8, released_on), sort_day = coalesce($7, sort_day), version = version + 1
             where id = $1",
            self.altered,
        )?;
        tx.exec_many(
            "update leads set state = 'withdrawn', sort_day = $2, version = version + 1 where id = $1",
            self.withdrawn,
        )?;
        carry_to_reasons(tx, moved)?;
        match before {
            Some(before) => {
                let after = counted::groups(tx, &all)?;
                counted::adjust(tx, before, after)
            }
            None => Ok(()),
        }
    }
}

/// Reasons carry the state and the day of their lead, by which they are listed.
pub fn carry_to_reasons(tx: &mut Tx, leads: impl IntoIterator<Item = Value>) -> Result<()> {
    tx.exec_many(
        "update lead_reasons set lead_state = (select l.state from leads l where l.id = lead_reasons.lead_id),
           lead_day = (select l.sort_day from leads l where l.id = lead_reasons.lead_id)
         where lead_id = $1 and exists (select 1 from leads l where l.id = $1
           and (l.state <> lead_reasons.lead_state or l.sort_day <> lead_reasons.lead_day))",
        leads.into_iter().map(|lead| vec![lead]),
    )?;
    Ok(())
}

fn reason(lead: LeadId, hit: &Hit, bound: &Bound) -> Option<Vec<Value>> {
    let rule = bound.book.heads.get(hit.rule)?;
    let pack = &bound.book.pack.head;
    Some(vec![
        lead.into(),
        Value::from(&rule.id),
        rule.severity.code().into(),
        Value::from(&rule.department),
        Value::from(&pack.id),
        pack.version.into(),
        "sure".into(),
        0i64.into(),
        Value::from(&hit.sentence_zh),
        Value::from(&hit.sentence_en),
        Value::from(&hit.evidence),
        hit.worse.into(),
        bound.today.into(),
    ])
}

/// Leads that wait for a wave, by village, and how many each village was given since a day.
pub fn waiting(tx: &mut Session) -> Result<Vec<super::super::rules::Waiting>> {
    tx.rows("select id, village_code, severity from leads where state = 'waiting'", &[])?
        .iter()
        .map(|row| {
            Ok(super::super::rules::Waiting {
                id: row.parse(0)?,
                village: row.text(1)?,
                severity: row.parse(2)?,
            })
        })
        .collect()
}

/// How many leads wait for a wave in each village.
pub fn count_waiting(session: &mut Session) -> Result<Vec<(String, usize)>> {
    session
        .rows(
            "select village_code, cast(sum(leads) as bigint) from lead_counts where state = 'waiting' group by village_code",
            &[],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, usize::try_from(row.int(1)?).unwrap_or(usize::MAX))))
        .collect()
}

/// How many leads of the baseline each village was given since a day.
pub fn spent_since(
    tx: &mut Session,
    day: Day,
) -> Result<std::collections::BTreeMap<String, usize>> {
    tx.rows(
        "select village_code, cast(sum(leads) as bigint) from wave_counts where released_on >= $1 group by village_code",
        params![day],
    )?
    .iter()
    .map(|row| Ok((row.text(0)?, usize::try_from(row.int(1)?).unwrap_or(usize::MAX))))
    .collect()
}

/// How the days of waiting leads are counted.
pub fn clocks(tx: &mut Tx, ids: &[LeadId]) -> Result<Vec<(LeadId, i64, String)>> {
    tx.rows(
        "select id, clock_days, clock_kind from leads where id in (select value from json_each($1))",
        params![super::id_list(ids)],
    )?
    .iter()
    .map(|row| Ok((row.parse(0)?, row.int(1)?, row.text(2)?)))
    .collect()
}

/// Gives leads out.
pub fn release(tx: &mut Tx, today: Day, leads: Vec<(LeadId, Day)>) -> Result<usize> {
    let ids: Vec<Value> = leads.iter().map(|(id, _)| (*id).into()).collect();
    counted::touch(tx, &ids)?;
    let released = tx.exec_many(
        "update leads set state = 'open', released_on = $2, due_on = $3, sort_day = $3, version = version + 1
         where id = $1 and state = 'waiting'",
        leads.into_iter().map(|(id, due)| vec![id.into(), today.into(), due.into()]),
    )?;
    carry_to_reasons(tx, ids)?;
    Ok(released)
}
