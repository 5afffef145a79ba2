//! The SQL of reasons that came from people, and of what becomes of their leads.

use kernel::error::Result;
use kernel::ids::LeadId;
use kernel::time::Day;
use store::{Session, params};

use super::super::model::{Outcome, State};
use super::super::rule::{Calendar, Due};
use super::super::rules::Head;

/// The lead of a household that was answered last.
pub fn last_answered(session: &mut Session, household: &str) -> Result<Option<LeadId>> {
    let row = session.find(
        "select id from leads where subject = $1 and state in ('answered', 'second_look')
         order by answered_at desc, id desc limit 1",
        params![household],
    )?;
    row.map(|row| row.parse(0)).transpose()
}

/// What follows from the reasons of a lead, as it is stored, and its day.
pub fn head_of(session: &mut Session, lead: LeadId) -> Result<(Head, Option<Day>)> {
    let row = session.row(
        "select severity, department, channel, clock_days, clock_kind, due_on from leads where id = $1",
        params![lead],
    )?;
    let calendar = if row.text(4)? == "working" { Calendar::Working } else { Calendar::Calendar };
    let clock = Due { days: u16::try_from(row.int(3)?).unwrap_or(u16::MAX), calendar };
    let head =
        Head { severity: row.parse(0)?, department: row.text(1)?, channel: row.text(2)?, clock };
    Ok((head, row.opt_parse(5)?))
}

/// Where a lead stands, for those who asked for help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadStatus {
    /// Its state.
    pub state: State,
    /// The day by which it must be answered.
    pub due_on: Option<Day>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The reason from the list.
    pub reason_code: Option<String>,
    /// The day of the answer.
    pub answered_on: Option<Day>,
}

/// Where a lead stands. The caller knows the lead from somebody who may ask for it.
///
/// # Errors
/// Faults of the database.
pub fn status_of_lead(session: &mut Session, lead: LeadId) -> Result<Option<LeadStatus>> {
    let row = session.find(
        "select state, due_on, outcome, reason_code, answered_on from leads where id = $1",
        params![lead],
    )?;
    row.map(|row| {
        Ok(LeadStatus {
            state: row.parse(0)?,
            due_on: row.opt_parse(1)?,
            outcome: row.opt_parse(2)?,
            reason_code: row.opt_text(3)?,
            answered_on: row.opt_parse(4)?,
        })
    })
    .transpose()
}
