//! Queries of the fact tables and of everything they are derived from.

use std::collections::{BTreeSet, HashMap};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::BatchId;
use kernel::time::Day;
use serde_json::json;
use store::{Permit, Row, Session, Value, params, visible};

use super::View;

mod generated;

pub(super) use generated::*;
pub(super) use heard::{Counting, counting, incomes, records};

pub(super) fn kept_meaning(session: &mut Session) -> Result<Option<String>> {
    let row = session.find("select meaning from fact_meaning where id = 1", &[])?;
    row.map(|row| row.text(0)).transpose()
}

pub(super) fn is_empty(session: &mut Session) -> Result<bool> {
    Ok(session.find("select 1 from households limit 1", &[])?.is_none())
}

// ---- what is derived from ----------------------------------------------------------------------------------------

/// Whether batch `b` counts: `$2` is about to begin, `$3` is about to end, `$4` is until when things are known.
macro_rules! counts {
    () => {
        "(b.id = $2 or b.id <> $3 and (
            b.state = 'accepted' and coalesce(b.accepted_at, b.uploaded_at) <= $4
            or b.state <> 'accepted' and b.accepted_at <= $4 and b.ended_at > $4))"
    };
}

mod heard;

fn bound(ids: &str, view: &View) -> [Value; 4] {
    [ids.into(), view.begins().into(), view.ends().into(), Value::from(&view.known)]
}

/// A list of ids as `json_each` reads it.
pub(super) fn listed<T: AsRef<str>>(ids: impl IntoIterator<Item = T>) -> String {
    let mut text = String::from("[");
    for id in ids {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&json!(id.as_ref()).to_string());
    }
    text.push(']');
    text
}

type Each<'a> = &'a mut dyn FnMut(Row) -> Result<bool>;

/// Where households stand: id, village or null, closed on, opened on.
pub(super) fn households(
    session: &mut Session,
    ids: &str,
    view: &View,
    each: Each<'_>,
) -> Result<()> {
    if view.past {
        return session.each(
            "select h.id,
               case when h.batch_id = $3 then null else coalesce(
                 (select p.village_code from household_places p where p.household_id = h.id
                    and (p.valid_to > $5 or p.recorded_at > $4)
                  order by p.valid_to limit 1),
                 h.village_code, case when h.batch_id = $2 then h.arriving_in end) end,
               case when h.closed_at > $4 then null else h.closed_on end, h.opened_on
             from households h where h.id in (select value from json_each($1)) and h.created_at <= $4",
            &[&bound(ids, view)[..], params![view.day]].concat(),
            each,
        );
    }
    session.each(
        "select h.id,
           case when h.batch_id = $3 then null when b.household_id is not null then b.village_code
             else coalesce(h.village_code, case when h.batch_id = $2 then h.arriving_in end) end,
           case when b.household_id is not null then b.closed_on else h.closed_on end, null
         from households h left join households_before b on b.batch_id = $3 and b.household_id = h.id
         where h.id in (select value from json_each($1))",
        params![ids, view.begins(), view.ends()],
        each,
    )
}

/// Every stay; without what the batch that is about to end began, ended or changed.
pub(super) fn members(session: &mut Session, ids: &str, view: &View, each: Each<'_>) -> Result<()> {
    session.each(
        "select m.household_id, m.person_id, m.kin, p.sex, p.birth_day, p.died_on, coalesce(b.id_state, p.id_state),
                m.valid_from, m.how_in, case when m.ended_by = $2 then null else m.valid_to end,
                case when m.ended_by = $2 then null else m.how_out end, m.recorded_at, m.ended_at
         from memberships m join persons p on p.id = m.person_id
         left join persons_before b on b.batch_id = $2 and b.person_id = m.person_id
         where m.household_id in (select value from json_each($1)) and (m.batch_id is null or m.batch_id <> $2)
         order by m.household_id, m.person_id, m.valid_from",
        params![ids, view.ends()],
        each,
    )
}

pub(super) fn statuses(
    session: &mut Session,
    ids: &str,
    view: &View,
    each: Each<'_>,
) -> Result<()> {
    session.each(
        concat!(
            "select s.household_id, s.batch_id, s.row_no, s.person_id, s.scheme, s.value, s.valid_from,
                    case when s.ended_by = $3 then null else s.valid_to end, case when b.list_id = 'register' then 1 else 0 end, s.ended_at,
                    s.seq
             from statuses s join batches b on b.id = s.batch_id
             where s.household_id in (select value from json_each($1)) and s.recorded_at <= $4 and ",
            counts!(),
            " order by s.household_id, s.seq"
        ),
        &bound(ids, view),
        each,
    )
}

pub(super) fn village_records(
    session: &mut Session,
    village: AreaCode,
    view: &View,
    each: Each<'_>,
) -> Result<()> {
    session.each(
        concat!(
            "select r.household_id, r.batch_id, r.row_no, r.subject, r.subject_id, r.topic, r.valid_from, r.valid_to,
                    r.recorded_at, r.body
             from records r join batches b on b.id = r.batch_id
             where r.village_code = $1 and r.household_id is null and r.recorded_at <= $4
               and (r.withdrawn_at is null or r.withdrawn_at > $4) and ",
            counts!(),
            " order by r.batch_id, r.row_no, r.seq"
        ),
        &bound(village.as_str(), view),
        each,
    )
}

/// What lists cover: list, area, first day, last day, batch, the day on which it became known.
pub(super) fn coverage(session: &mut Session, lists: &str, view: &View) -> Result<Vec<Row>> {
    session.rows(
        concat!(
            "select c.list_id, c.area_code, c.from_day, c.to_day, c.batch_id,
                    coalesce(b.accepted_at, b.uploaded_at)
             from coverage c join batches b on b.id = c.batch_id
             where c.list_id in (select value from json_each($1)) and ",
            counts!(),
            " order by c.list_id, c.area_code, c.from_day, c.batch_id"
        ),
        &bound(lists, view),
    )
}

// ---- which ones --------------------------------------------------------------------------------------------------

fn texts(rows: Vec<Row>) -> Result<Vec<String>> {
    rows.iter().map(|row| row.text(0)).collect()
}

/// Households that stand in a village or have facts there, in order.
pub(super) fn households_of(session: &mut Session, village: AreaCode) -> Result<Vec<String>> {
    texts(session.rows(
        "select id from households where village_code = $1
         union select household_id from household_facts where village_code = $1
         union select household_id from person_facts where village_code = $1
         order by 1",
        params![village],
    )?)
}

/// Villages in which anything stands, is recorded or has facts.
pub(super) fn villages(session: &mut Session) -> Result<Vec<String>> {
    texts(session.rows(
        "select village_code from households where village_code is not null
         union select village_code from records where household_id is null
         union select village_code from household_facts
         union select village_code from person_facts
         union select village_code from village_facts
         order by 1",
        &[],
    )?)
}

/// Households (with village) and villages whose values change by themselves until a day.
pub(super) fn due(session: &mut Session, day: Day) -> Result<Vec<(String, String)>> {
    let rows = session.rows(
        "select household_id, village_code from household_facts where changes_on <= $1
         union select household_id, village_code from person_facts where changes_on <= $1
         union select '', village_code from village_facts where changes_on <= $1
         order by 2, 1",
        params![day],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

pub(super) fn stamp(session: &mut Session, village: AreaCode) -> Result<i64> {
    let row = session
        .find("select stamp from village_stamps where village_code = $1", params![village])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// The own lists of the county of which something was delivered.
pub(super) fn own_lists_delivered(session: &mut Session) -> Result<Vec<String>> {
    let rows = session.rows(
        "select distinct list_id from coverage where list_id >= 'own:' and list_id < 'own;' order by list_id",
        &[],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// The households of a village added up from their rows, in the order of the sums of `village_facts`.
pub(super) fn sums(session: &mut Session, village: AreaCode) -> Result<Row> {
    session.row(
        "select cast(count(*) as bigint),
           cast(sum(persons) as bigint),
           cast(sum(case when monitored = 1 then 1 else 0 end) as bigint),
           cast(sum(case when disaster_count > 0 then 1 else 0 end) as bigint),
           cast(sum(coalesce(disaster_loss, 0)) as bigint),
           cast(sum(case when water_safe = 0 then 1 else 0 end) as bigint),
           cast(sum(case when house_cd <> '' then 1 else 0 end) as bigint),
           cast(sum(coalesce(complaints_12m, 0)) as bigint),
           cast(sum(coalesce(complaints_water, 0)) as bigint),
           cast(sum(coalesce(jobless_count, 0)) as bigint),
           cast(sum(case when loan_overdue_days > 0 then 1 else 0 end) as bigint)
         from household_facts where village_code = $1 and persons > 0",
        params![village],
    )
}

/// Where the kept facts of households stand: household and village.
pub(super) fn kept_places(session: &mut Session, ids: &[String]) -> Result<Vec<Row>> {
    session.rows(
        "select household_id, village_code from household_facts
         where household_id in (select value from json_each($1))",
        params![listed(ids)],
    )
}

/// How many households have facts.
pub(super) fn kept_households(session: &mut Session) -> Result<usize> {
    let row = session.row("select cast(count(*) as bigint) from household_facts", &[])?;
    Ok(usize::try_from(row.int(0)?).unwrap_or(0))
}

/// The number of the last entry of the journal: what is stamped higher came later.
pub(super) fn last_entry(session: &mut Session) -> Result<i64> {
    session.row("select number from journal_head where id = 1", &[])?.int(0)
}

/// Villages in which something was written after an entry of the journal.
pub(super) fn villages_since(session: &mut Session, entry: i64) -> Result<Vec<String>> {
    texts(session.rows("select village_code from village_stamps where stamp > $1", params![entry])?)
}

/// First and last village that has households.
pub(super) fn first_and_last_village(session: &mut Session) -> Result<Option<(String, String)>> {
    let row = session.row(
        "select (select min(village_code) from households), (select max(village_code) from households)",
        &[],
    )?;
    Ok(row.opt_text(0)?.zip(row.opt_text(1)?))
}

/// Households that the records of batches speak of.
pub(super) fn households_in(session: &mut Session, batches: &[BatchId]) -> Result<Vec<String>> {
    texts(session.rows(
        "select distinct household_id from records
         where batch_id in (select value from json_each($1)) and household_id is not null",
        params![listed(batches.iter().map(ToString::to_string))],
    )?)
}

/// Households that a batch speaks of without records of them: those of an income list, and those that a register brings
/// or changes.
pub(super) fn households_beside_records(
    session: &mut Session,
    batch: BatchId,
) -> Result<Vec<String>> {
    let row = session.find("select list_id from batches where id = $1", params![batch])?;
    let list = row.map(|row| row.text(0)).transpose()?.unwrap_or_default();
    match list.as_str() {
        "income" => texts(session.rows(
            "select distinct household_id from incomes where batch_id = $1",
            params![batch],
        )?),
        "register" => texts(session.rows(
            "select id from households where batch_id = $1
             union select household_id from households_before where batch_id = $1
             union select household_id from memberships where batch_id = $1 or ended_by = $1
             union select household_id from statuses where ended_by = $1
             union select m.household_id from persons_before b join memberships m on m.person_id = b.person_id
                   where b.batch_id = $1",
            params![batch],
        )?),
        _ => Ok(Vec::new()),
    }
}

/// Villages that records of batches speak of as a whole.
pub(super) fn villages_in(session: &mut Session, batches: &[BatchId]) -> Result<Vec<String>> {
    texts(session.rows(
        "select distinct village_code from records
         where batch_id in (select value from json_each($1)) and household_id is null",
        params![listed(batches.iter().map(ToString::to_string))],
    )?)
}

/// Where households stand or are about to.
pub(super) fn places(session: &mut Session, ids: &[String]) -> Result<Vec<Row>> {
    session.rows(
        "select id, coalesce(village_code, arriving_in) from households
         where id in (select value from json_each($1)) and coalesce(village_code, arriving_in) is not null",
        params![listed(ids)],
    )
}

/// Whether a household lies inside the scope of a permit.
pub(super) fn may_see(session: &mut Session, permit: &Permit, household: &str) -> Result<bool> {
    let sql = concat!(
        "select 1 from households h where h.id = $3 and ",
        visible!("h.village_code", "h.id")
    );
    Ok(session.find(sql, &[permit.account(), permit.today(), household.into()])?.is_some())
}

/// Department, list and file name of a batch.
pub(super) type File = (String, String, String);

/// The files of batches.
pub(super) fn files(
    session: &mut Session,
    batches: impl Iterator<Item = BatchId>,
) -> Result<HashMap<BatchId, File>> {
    let ids: BTreeSet<String> = batches.map(|id| id.to_string()).collect();
    let mut found = HashMap::new();
    for row in session.rows(
        "select id, department, list_id, file_name from batches where id in (select value from json_each($1))",
        params![listed(ids)],
    )? {
        found.insert(row.parse(0)?, (row.text(1)?, row.text(2)?, row.text(3)?));
    }
    Ok(found)
}
