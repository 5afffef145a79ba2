//! Queries of what pages and the API show of batches.

use std::collections::HashMap;

use kernel::error::{Error, Result};
use kernel::finding::Severity;
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::money::Money;
use kernel::time::{Day, Period};
use store::{Permit, Row, Session, params, visible};

use super::batch;
use crate::intake::batch::{Batch, BatchState, RowOutcome};

/// Which batches are meant.
#[derive(Debug, Clone, Default)]
pub struct BatchFilter {
    /// Only of this department.
    pub department: Option<String>,
    /// Only in this state.
    pub state: Option<BatchState>,
    /// Only this list.
    pub list: Option<String>,
    /// Older than this one.
    pub before: Option<BatchId>,
}

/// Batches that a filter takes, newest first, with the name of the one who brought them.
pub fn list_filtered(
    session: &mut Session,
    filter: &BatchFilter,
    limit: i64,
) -> Result<Vec<(Batch, String)>> {
    session
        .rows(
            concat!(
                "select ",
                batch_columns!(),
                ", a.name from batches b left join accounts a on a.id = b.uploaded_by
                 where b.template <> 'by_hand' and b.state <> 'staging'
                 and (cast($1 as text) is null or b.department = $1) and (cast($2 as text) is null or b.state = $2)
                 and (cast($3 as text) is null or b.list_id = $3) and (cast($4 as text) is null or b.id < $4)
                 order by b.id desc limit $5"
            ),
            params![
                filter.department.clone(),
                filter.state.map(BatchState::text),
                filter.list.clone(),
                filter.before,
                limit
            ],
        )?
        .iter()
        .map(|row| Ok((batch(row)?, row.opt_text(22)?.unwrap_or_default())))
        .collect()
}

/// How many batches a filter takes, whatever its `before` says.
pub fn count_filtered(session: &mut Session, filter: &BatchFilter) -> Result<i64> {
    session
        .row(
            "select count(*) from batches b where b.template <> 'by_hand' and b.state <> 'staging'
             and (cast($1 as text) is null or b.department = $1) and (cast($2 as text) is null or b.state = $2)
             and (cast($3 as text) is null or b.list_id = $3)",
            params![filter.department.clone(), filter.state.map(BatchState::text), filter.list.clone()],
        )?
        .int(0)
}

/// Name of the one who brought a batch; empty for the program itself.
pub fn find_uploader(session: &mut Session, account: &str) -> Result<String> {
    let row = session.find("select name from accounts where id = $1", params![account])?;
    Ok(row.map(|row| row.text(0)).transpose()?.unwrap_or_default())
}

/// A sheet of a batch as it was read.
#[derive(Debug, Clone)]
pub struct StoredSheet {
    /// Place in the workbook, from 0.
    pub sheet: i64,
    /// Its name.
    pub name: String,
    /// Its template; empty when none fits.
    pub template: String,
    /// Where its headings stand.
    pub header_row: Option<i64>,
    /// The mapping as JSON, or `null`.
    pub mapping: String,
}

/// The sheets of a batch.
pub fn list_sheets(session: &mut Session, id: BatchId) -> Result<Vec<StoredSheet>> {
    session
        .rows(
            "select sheet, name, template, header_row, mapping from batch_sheets where batch_id = $1 order by sheet",
            params![id],
        )?
        .iter()
        .map(|row| {
            Ok(StoredSheet {
                sheet: row.int(0)?,
                name: row.text(1)?,
                template: row.text(2)?,
                header_row: row.opt_int(3)?,
                mapping: row.text(4)?,
            })
        })
        .collect()
}

/// One delivered list: department, list, period, batch.
#[derive(Debug, Clone)]
pub struct Covered {
    /// The list.
    pub list: String,
    /// For which time.
    pub period: Period,
    /// By which batch.
    pub batch: BatchId,
}

/// Which lists have arrived for times that end on or after a day.
pub fn list_coverage(
    session: &mut Session,
    department: Option<&str>,
    since: Day,
) -> Result<Vec<Covered>> {
    let mut found = Vec::new();
    session.each(
        "select c.list_id, c.from_day, c.to_day, c.batch_id from coverage c join batches b on b.id = c.batch_id
         where b.state = 'accepted' and c.to_day >= $2 and (cast($1 as text) is null or c.department = $1)
         order by c.list_id, c.from_day",
        params![department, since],
        |row| {
            let (from, to): (Day, Day) = (row.parse(1)?, row.parse(2)?);
            if let Some(period) = Period::new(from, to) {
                found.push(Covered { list: row.text(0)?, period, batch: row.parse(3)? });
            }
            Ok(true)
        },
    )?;
    Ok(found)
}

/// A row of a batch with names.
#[derive(Debug, Clone)]
pub struct SeenResult {
    /// Sheet and row.
    pub key: i64,
    /// What became of it.
    pub outcome: RowOutcome,
    /// Why, as a code.
    pub reason: String,
    /// Whom it speaks of, with the name.
    pub person: Option<(PersonId, String)>,
    /// The household, with its number.
    pub household: Option<(HouseholdId, String)>,
    /// Name of the village.
    pub village: Option<String>,
    /// The day it names.
    pub day: Option<Day>,
    /// Its amount.
    pub amount: Option<Money>,
    /// The row it repeats.
    pub repeats: Option<(BatchId, i64)>,
}

macro_rules! rows_of {
    ($rest:literal) => {
        concat!(
            "select r.row_no, r.outcome, r.reason, r.person_id, p.name, r.household_id, h.number, a.name, r.event_day,
               r.amount_fen, r.repeats_batch, r.repeats_row
             from batch_rows r left join persons p on p.id = r.person_id left join households h on h.id = r.household_id
             left join areas a on a.code = r.village_code
             where r.batch_id = $4 and ($3 = 1 or (r.village_code is not null and ",
            visible!("coalesce(h.village_code, r.village_code)", "r.household_id"),
            ") or exists (select 1 from memberships m join households g on g.id = m.household_id where m.person_id = r.person_id
                 and m.valid_to is null and m.household_id <> r.household_id and ",
            visible!("g.village_code", "g.id"),
            // a row that was asked has no household: it is open to whom the question is put
            ") or (r.outcome in ('asked', 'not_here', 'rejected') and exists (select 1 from match_queue q
                 where q.batch_id = r.batch_id and q.row_no = r.row_no and ",
            visible!("q.village_code", "''"),
            "))) ",
            $rest
        )
    };
}

fn seen(row: &Row) -> Result<SeenResult> {
    Ok(SeenResult {
        key: row.int(0)?,
        outcome: row.parse(1)?,
        reason: row.text(2)?,
        person: row.opt_parse::<PersonId>(3)?.zip(row.opt_text(4)?),
        household: row.opt_parse::<HouseholdId>(5)?.zip(row.opt_text(6)?),
        village: row.opt_text(7)?,
        day: row.opt_parse(8)?,
        amount: row.opt_int(9)?.map(Money::from_fen),
        repeats: row.opt_parse::<BatchId>(10)?.zip(row.opt_int(11)?),
    })
}

/// Rows of a batch with one outcome or all, after a key; `whole` opens rows without a village too.
pub fn list_seen(
    session: &mut Session,
    (permit, whole): (&Permit, bool),
    (id, outcome): (BatchId, Option<RowOutcome>),
    (after, limit): (i64, i64),
) -> Result<Vec<SeenResult>> {
    session
        .rows(
            rows_of!("and (cast($5 as text) is null or r.outcome = $5) and r.row_no > $6 order by r.row_no limit $7"),
            params![
                permit.account(),
                permit.today(),
                i64::from(whole),
                id,
                outcome.map(RowOutcome::text),
                after,
                limit
            ],
        )?
        .iter()
        .map(seen)
        .collect()
}

/// One row of a batch.
pub fn find_seen(
    session: &mut Session,
    (permit, whole): (&Permit, bool),
    (id, key): (BatchId, i64),
) -> Result<Option<SeenResult>> {
    session
        .find(
            rows_of!("and r.row_no = $5"),
            params![permit.account(), permit.today(), i64::from(whole), id, key],
        )?
        .as_ref()
        .map(seen)
        .transpose()
}

/// Whether a row that has no line of its own speaks of a household that the caller sees. A row of incomes is looked for
/// among those of one household.
pub fn speaks_of_seen(
    session: &mut Session,
    permit: &Permit,
    (id, key): (BatchId, i64),
    of: Option<&str>,
) -> Result<bool> {
    let recorded = concat!(
        "select 1 from records r join households h on h.id = r.household_id
         where r.batch_id = $3 and r.row_no = $4 and ",
        visible!("h.village_code", "h.id"),
        " limit 1"
    );
    let earned = concat!(
        "select 1 from incomes i join households h on h.id = i.household_id
         where i.household_id = $5 and i.batch_id = $3 and i.row_no = $4 and ",
        visible!("h.village_code", "h.id"),
        " limit 1"
    );
    let mut bound = params![permit.account(), permit.today(), id, key].to_vec();
    if session.find(recorded, &bound)?.is_some() {
        return Ok(true);
    }
    let Some(of) = of else { return Ok(false) };
    bound.push(of.into());
    Ok(session.find(earned, &bound)?.is_some())
}

/// A finding as it is stored.
#[derive(Debug, Clone)]
pub struct StoredFinding {
    /// Its number in the batch.
    pub seq: i64,
    /// How serious.
    pub severity: Severity,
    /// Its code.
    pub code: String,
    /// Sheet as named in the file.
    pub sheet: String,
    /// Cell or row as the spreadsheet names it.
    pub cell: String,
    /// Row key; `None` when it speaks of the whole sheet.
    pub key: Option<i64>,
    /// Values of its sentence.
    pub args: HashMap<String, String>,
}

macro_rules! findings_of {
    ($rest:literal) => {
        concat!(
            "select f.seq, f.severity, f.code, f.sheet, f.cell, f.row_no, s.sheet, f.args
             from findings f left join batch_sheets s on s.batch_id = f.batch_id and s.name = f.sheet
             where f.batch_id = $4 and ($3 = 1 or exists (select 1 from batch_rows r where r.batch_id = f.batch_id
               and r.row_no = s.sheet * 10000000 + f.row_no and r.village_code is not null and ",
            visible!("r.village_code", "r.household_id"),
            ")) ",
            $rest
        )
    };
}

fn finding(row: &Row) -> Result<StoredFinding> {
    let args: HashMap<String, String> = serde_json::from_str(&row.text(7)?)
        .map_err(|why| Error::fault(format!("values of a finding: {why}")))?;
    let number = row.int(5)?;
    let sheet = row.opt_int(6)?.unwrap_or(0);
    Ok(StoredFinding {
        seq: row.int(0)?,
        severity: Severity::from_text(&row.text(1)?).unwrap_or(Severity::Note),
        code: row.text(2)?,
        sheet: row.text(3)?,
        cell: row.text(4)?,
        key: (number > 0).then(|| sheet * crate::intake::batch::SHEET_STEP + number),
        args,
    })
}

/// Findings of a batch after a number, perhaps of one code only.
pub fn list_findings(
    session: &mut Session,
    (permit, whole): (&Permit, bool),
    (id, code): (BatchId, Option<&str>),
    (after, limit): (i64, i64),
) -> Result<Vec<StoredFinding>> {
    session
        .rows(
            findings_of!("and (cast($5 as text) is null or f.code = $5) and f.seq > $6 order by f.seq limit $7"),
            params![permit.account(), permit.today(), i64::from(whole), id, code, after, limit],
        )?
        .iter()
        .map(finding)
        .collect()
}

/// Findings of one row.
pub fn list_findings_of_row(
    session: &mut Session,
    (permit, whole): (&Permit, bool),
    (id, key): (BatchId, i64),
) -> Result<Vec<StoredFinding>> {
    session
        .rows(
            findings_of!("and s.sheet * 10000000 + f.row_no = $5 order by f.seq"),
            params![permit.account(), permit.today(), i64::from(whole), id, key],
        )?
        .iter()
        .map(finding)
        .collect()
}

/// How many findings of each code, the most serious first.
pub fn count_findings(session: &mut Session, id: BatchId) -> Result<Vec<(String, Severity, i64)>> {
    session
        .rows(
            "select code, severity, count(*) from findings where batch_id = $1 group by code, severity
             order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, count(*) desc, code",
            params![id],
        )?
        .iter()
        .map(|row| {
            let severity = Severity::from_text(&row.text(1)?).unwrap_or(Severity::Note);
            Ok((row.text(0)?, severity, row.int(2)?))
        })
        .collect()
}
