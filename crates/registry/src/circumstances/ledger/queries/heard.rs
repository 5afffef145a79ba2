//! Records and incomes of households: most of what is read to derive facts.
//!
//! Whether the batch of a row counts is asked of the database row by row where few households are derived. Who derives many
//! asks once which batches count and keeps that in memory: to find the batch of each of a million rows again takes a third
//! of the reading.

use std::collections::HashSet;

use kernel::error::Result;
use kernel::ids::BatchId;
use kernel::time::Day;
use store::{Row, Session, params};

use super::super::View;
use super::{Each, bound};

/// The batches that count for a view, as one session sees them.
#[derive(Debug)]
pub struct Counting(HashSet<BatchId>);

impl Counting {
    /// Whether the batch of a row counts, which stands in its second column.
    fn counts(&self, row: &Row) -> Result<bool> {
        Ok(self.0.contains(&row.parse(1)?))
    }
}

/// All batches that count.
pub fn counting(session: &mut Session, view: &View) -> Result<Counting> {
    let mut found = HashSet::new();
    let sql = concat!("select b.id from batches b where b.id >= $1 and ", counts!());
    session.each(sql, &bound("", view), |row| {
        found.insert(row.parse(0)?);
        Ok(true)
    })?;
    Ok(Counting(found))
}

// In the order of the index: nothing has to be sorted beside the texts of the rows.
const RECORDS: &str = "select r.household_id, r.batch_id, r.row_no, r.subject, r.subject_id, r.topic, r.valid_from, r.valid_to,
            r.recorded_at, r.body
     from records r
     where r.household_id in (select value from json_each($1)) and r.recorded_at <= $2
       and (r.withdrawn_at is null or r.withdrawn_at > $2)
     order by r.household_id, r.topic, r.batch_id, r.row_no, r.seq";

const RECORDS_THAT_COUNT: &str = concat!(
    "select r.household_id, r.batch_id, r.row_no, r.subject, r.subject_id, r.topic, r.valid_from, r.valid_to,
            r.recorded_at, r.body
     from records r join batches b on b.id = r.batch_id
     where r.household_id in (select value from json_each($1)) and r.recorded_at <= $4
       and (r.withdrawn_at is null or r.withdrawn_at > $4) and ",
    counts!(),
    " order by r.household_id, r.topic, r.batch_id, r.row_no, r.seq"
);

/// The records of households that count.
pub fn records(
    session: &mut Session,
    ids: &str,
    (view, counting): (&View, Option<&Counting>),
    each: Each<'_>,
) -> Result<()> {
    match counting {
        None => session.each(RECORDS_THAT_COUNT, &bound(ids, view), each),
        Some(counting) => session.each(RECORDS, params![ids, &view.known], |row| {
            if counting.counts(&row)? { each(row) } else { Ok(true) }
        }),
    }
}

const INCOMES: &str = "select i.household_id, i.batch_id, i.row_no, i.line, i.to_day, i.amount_fen
     from incomes i where i.household_id in (select value from json_each($1)) and i.to_day >= $2
     order by i.household_id, i.to_day, i.line, i.batch_id, i.row_no";

const INCOMES_THAT_COUNT: &str = concat!(
    "select i.household_id, i.batch_id, i.row_no, i.line, i.to_day, i.amount_fen
     from incomes i join batches b on b.id = i.batch_id
     where i.household_id in (select value from json_each($1)) and i.to_day >= $5 and ",
    counts!(),
    " order by i.household_id, i.to_day, i.line, i.batch_id, i.row_no"
);

/// The incomes of households that count, from a day on.
pub fn incomes(
    session: &mut Session,
    ids: &str,
    (view, counting, since): (&View, Option<&Counting>, Day),
    each: Each<'_>,
) -> Result<()> {
    match counting {
        None => {
            let bound = [&bound(ids, view)[..], params![since]].concat();
            session.each(INCOMES_THAT_COUNT, &bound, each)
        }
        Some(counting) => session.each(INCOMES, params![ids, since], |row| {
            if counting.counts(&row)? { each(row) } else { Ok(true) }
        }),
    }
}
