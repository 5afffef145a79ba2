//! The SQL of deliveries, of rows that came back, and of questions.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::BatchId;
use kernel::time::{Day, Instant, Period};
use store::{Ctx, Session, Tx, params};

use super::model::{Arrival, RowSaid};

pub mod past;
pub mod questions;

/// What has arrived for times that end on or after a day, with what a corrected file has replaced.
pub fn list_arrivals(session: &mut Session, since: Day) -> Result<Vec<Arrival>> {
    let mut found = Vec::new();
    session.each(
        "select c.list_id, c.area_code, c.from_day, c.to_day, c.batch_id, b.uploaded_at, b.state
         from coverage c join batches b on b.id = c.batch_id
         where b.state in ('accepted', 'replaced') and c.to_day >= $1 order by c.list_id, c.from_day, c.batch_id",
        params![since],
        |row| {
            let (from, to): (Day, Day) = (row.parse(2)?, row.parse(3)?);
            if let Some(period) = Period::new(from, to) {
                found.push(Arrival {
                    list: row.text(0)?,
                    area: row.parse(1)?,
                    period,
                    batch: row.parse(4)?,
                    on: row.parse::<Instant>(5)?.day(),
                    counts: row.text(6)? == "accepted",
                });
            }
            Ok(true)
        },
    )?;
    Ok(found)
}

/// The day on which the county took in its first list.
pub fn first_day(session: &mut Session) -> Result<Option<Day>> {
    let row = session.row(
        "select min(uploaded_at) from batches where template <> 'by_hand' and state in ('accepted', 'replaced')",
        &[],
    )?;
    Ok(row.opt_parse::<Instant>(0)?.map(Instant::day))
}

/// The villages in use.
pub fn list_villages(session: &mut Session) -> Result<Vec<(AreaCode, String)>> {
    let rows = session.rows(
        "select code, name from areas where level = 'village' and valid_to is null order by code",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.text(1)?))).collect()
}

/// The towns in use.
pub fn list_towns(session: &mut Session) -> Result<Vec<(AreaCode, String)>> {
    let rows = session.rows(
        "select code, name from areas where level = 'town' and valid_to is null order by code",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.text(1)?))).collect()
}

/// A row that somebody has said cannot be used, when asked who it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its batch.
    pub batch: BatchId,
    /// Sheet and row.
    pub key: i64,
    /// The list.
    pub list: String,
    /// The file.
    pub file: String,
    /// Why it was asked, as a code.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// On which day.
    pub on: Day,
}

/// The rows of a department that cannot be used, the newest decision first.
pub fn list_rejected(session: &mut Session, department: &str) -> Result<Vec<RejectedRow>> {
    let rows = session.rows(
        "select m.batch_id, m.row_no, m.list_id, b.file_name, m.reason, coalesce(a.name, ''), m.decided_at
         from match_queue m join batches b on b.id = m.batch_id left join accounts a on a.id = m.decided_by
         where m.state = 'decided' and m.decision = 'rejected' and b.state = 'accepted' and b.department = $1
         order by m.decided_at desc, m.batch_id, m.row_no",
        params![department],
    )?;
    rows.iter()
        .map(|row| {
            Ok(RejectedRow {
                batch: row.parse(0)?,
                key: row.int(1)?,
                list: row.text(2)?,
                file: row.text(3)?,
                reason: row.text(4)?,
                by: row.text(5)?,
                on: row.parse::<Instant>(6)?.day(),
            })
        })
        .collect()
}

/// A file with rows that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadFile {
    /// Its batch.
    pub batch: BatchId,
    /// The list.
    pub list: String,
    /// The file.
    pub file: String,
    /// How many rows.
    pub rows: i64,
    /// On which day it came.
    pub on: Day,
}

/// The files of a department since a day of which rows could not be read, the newest first.
pub fn list_unread(session: &mut Session, department: &str, since: Day) -> Result<Vec<UnreadFile>> {
    let since = Instant::start_of(since);
    let rows = session.rows(
        "select id, list_id, file_name, rows_rejected, uploaded_at from batches
         where department = $1 and state = 'accepted' and rows_rejected > 0 and template <> 'by_hand' and uploaded_at >= $2
         order by uploaded_at desc, id",
        params![department, since],
    )?;
    rows.iter()
        .map(|row| {
            Ok(UnreadFile {
                batch: row.parse(0)?,
                list: row.text(1)?,
                file: row.text(2)?,
                rows: row.int(3)?,
                on: row.parse::<Instant>(4)?.day(),
            })
        })
        .collect()
}

/// What a department said about a row that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidOfRow {
    /// What.
    pub said: RowSaid,
    /// In words.
    pub words: Option<String>,
    /// Who.
    pub by: String,
    /// On which day.
    pub on: Day,
}

/// Everything that a department has said about rows that came back, by the row.
pub fn list_said(session: &mut Session, department: &str) -> Result<BTreeMap<String, SaidOfRow>> {
    let rows = session.rows(
        "select subject, answer, words, name, at from returned_answers where department = $1",
        params![department],
    )?;
    rows.iter()
        .map(|row| {
            let said = SaidOfRow {
                said: row.parse(1)?,
                words: row.opt_text(2)?,
                by: row.text(3)?,
                on: row.parse::<Instant>(4)?.day(),
            };
            Ok((row.text(0)?, said))
        })
        .collect()
}

/// Keeps what a department says about a row; `false` when it has said something already.
pub fn insert_said(
    tx: &mut Tx,
    ctx: &Ctx,
    (department, subject): (&str, &str),
    (said, words): (RowSaid, Option<&str>),
) -> Result<bool> {
    let written = tx.exec(
        "insert into returned_answers (subject, department, answer, words, account_id, name, at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (subject) do nothing",
        params![
            subject,
            department,
            said.code(),
            words,
            &ctx.actor.account,
            &ctx.actor.name,
            ctx.now
        ],
    )?;
    Ok(written == 1)
}
