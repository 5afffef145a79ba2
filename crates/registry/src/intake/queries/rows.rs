//! Rows of batches: what became of them, findings, records, the match queue, and what people decided.

use std::collections::HashMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::finding::Finding;
use kernel::ids::{BatchId, HouseholdId, PersonId};
use serde_json::json;
use store::{Ctx, Session, Tx, Value, params};

use crate::circumstances::RECORD_COLUMNS;
use crate::intake::assign::{Decided, Question};
use crate::intake::batch::RowResult;

/// Writes what became of rows; a staging batch only.
pub fn insert_rows(tx: &mut Tx, id: BatchId, rows: &[RowResult]) -> Result<()> {
    tx.insert_many(
        "batch_rows",
        &[
            "batch_id",
            "row_no",
            "outcome",
            "reason",
            "person_id",
            "household_id",
            "village_code",
            "event_key",
            "event_day",
            "amount_fen",
            "repeats_batch",
            "repeats_row",
        ],
        rows.iter().map(|row| {
            vec![
                id.into(),
                row.key.into(),
                row.outcome.text().into(),
                row.reason.as_str().into(),
                row.person.into(),
                row.household.into(),
                row.village.into(),
                row.event_key.clone().into(),
                row.event_day.into(),
                row.amount.into(),
                row.repeats.map(|(batch, _)| batch).into(),
                row.repeats.map(|(_, key)| key).into(),
            ]
        }),
    )?;
    Ok(())
}

/// Writes findings after the `from`-th of the batch.
pub fn insert_findings(tx: &mut Tx, id: BatchId, from: i64, found: &[Finding]) -> Result<()> {
    tx.insert_many(
        "findings",
        &["batch_id", "seq", "severity", "code", "sheet", "row_no", "cell", "args"],
        found.iter().zip(from..).map(|(finding, seq)| {
            let args: serde_json::Map<String, serde_json::Value> =
                finding.args.iter().map(|(name, value)| (name.to_string(), json!(value))).collect();
            vec![
                id.into(),
                seq.into(),
                finding.severity.text().into(),
                finding.code.as_ref().into(),
                finding.place.sheet.clone().into(),
                i64::from(finding.place.row.unwrap_or(0)).into(),
                finding.place.cell().into(),
                serde_json::Value::Object(args).to_string().into(),
            ]
        }),
    )?;
    Ok(())
}

/// First rows of the events with these keys among accepted batches: key → (batch, row).
pub fn find_events(session: &mut Session, keys: &[String]) -> Result<Vec<(String, BatchId, i64)>> {
    session
        .rows(
            "select r.event_key, r.batch_id, r.row_no from batch_rows r join batches b on b.id = r.batch_id
             where r.event_key in (select value from json_each($1)) and r.outcome = 'taken' and b.state = 'accepted'",
            params![json!(keys).to_string()],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.parse(1)?, row.int(2)?)))
        .collect()
}

/// The sealed identity number of a person.
pub fn find_sealed_number(session: &mut Session, person: PersonId) -> Result<Option<String>> {
    let row = session.find("select id_sealed from persons where id = $1", params![person])?;
    row.map(|row| row.opt_text(0)).transpose().map(Option::flatten)
}

/// The village in which a household stands.
pub fn village_of(session: &mut Session, household: HouseholdId) -> Result<Option<AreaCode>> {
    let row =
        session.find("select village_code from households where id = $1", params![household])?;
    row.map(|row| row.opt_parse(0)).transpose().map(Option::flatten)
}

/// What people decided about evidence, by its digest; the latest decision counts.
pub fn decisions(session: &mut Session) -> Result<HashMap<String, Decided>> {
    let mut found = HashMap::new();
    session.each(
        "select evidence_digest, decision, person_id, household_id from match_queue
         where state = 'decided' order by decided_at",
        &[],
        |row| {
            let household: Option<HouseholdId> = row.opt_parse(3)?;
            let person: Option<PersonId> = row.opt_parse(2)?;
            let decided = match (person, household) {
                (Some(person), Some(household)) => Decided::Person(person, household),
                (None, Some(household)) => Decided::Household(household),
                (None, None) if row.text(1)? == "rejected" => Decided::Rejected,
                _ => Decided::NotHere,
            };
            found.insert(row.text(0)?, decided);
            Ok(true)
        },
    )?;
    Ok(found)
}

/// Puts questions into the match queue.
pub fn insert_questions(tx: &mut Tx, id: BatchId, list: &str, asked: &[Question]) -> Result<()> {
    tx.insert_many(
        "match_queue",
        &[
            "batch_id",
            "row_no",
            "list_id",
            "village_code",
            "reason",
            "evidence",
            "statement",
            "evidence_digest",
            "candidates",
            "state",
        ],
        asked.iter().map(|one| {
            vec![
                id.into(),
                one.key.into(),
                list.into(),
                one.village.into(),
                Value::from(&one.reason),
                Value::from(&one.evidence),
                Value::from(&one.statement),
                Value::from(&one.digest),
                Value::from(&one.candidates),
                "open".into(),
            ]
        }),
    )?;
    Ok(())
}

/// Writes the records of rows that were taken.
pub fn insert_records(tx: &mut Tx, records: impl IntoIterator<Item = Vec<Value>>) -> Result<()> {
    tx.insert_many("records", RECORD_COLUMNS, records)?;
    Ok(())
}

/// Open questions of a batch that no longer counts are withdrawn.
pub fn end_questions(tx: &mut Tx, id: BatchId) -> Result<()> {
    tx.exec(
        "update match_queue set state = 'withdrawn' where batch_id = $1 and state = 'open'",
        params![id],
    )?;
    Ok(())
}

/// Mappings that people decided, by digest of the headings.
pub fn mappings(session: &mut Session) -> Result<HashMap<String, String>> {
    session
        .rows("select signature, mapping from mappings", &[])?
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect()
}

/// Remembers a mapping.
pub fn save_mapping(
    tx: &mut Tx,
    ctx: &Ctx,
    (signature, template): (&str, &str),
    mapping: &str,
) -> Result<()> {
    tx.exec(
        "insert into mappings (signature, template, mapping, decided_by, decided_at) values ($1, $2, $3, $4, $5)
         on conflict (signature) do update set template = excluded.template, mapping = excluded.mapping,
           decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        params![signature, template, mapping, &ctx.actor.account, ctx.now],
    )?;
    Ok(())
}

/// 户编号 and 人编号 of the whole register by id, for files that leave the program in the register's own numbers.
pub fn register_numbers(session: &mut Session) -> Result<HashMap<String, String>> {
    let mut numbers = HashMap::new();
    for sql in ["select id, number from persons", "select id, number from households"] {
        session.each(sql, &[], |row| {
            numbers.insert(row.text(0)?, row.text(1)?);
            Ok(true)
        })?;
    }
    Ok(numbers)
}

/// File name and sheet names of every batch by id.
pub fn batch_places(session: &mut Session) -> Result<HashMap<String, (String, Vec<String>)>> {
    let mut places: HashMap<String, (String, Vec<String>)> = HashMap::new();
    session.each(
        "select b.id, b.file_name, s.name from batches b join batch_sheets s on s.batch_id = b.id order by b.id, s.sheet",
        &[],
        |row| {
            let place = places.entry(row.text(0)?).or_insert_with(|| (String::new(), Vec::new()));
            place.0 = row.text(1)?;
            place.1.push(row.text(2)?);
            Ok(true)
        },
    )?;
    Ok(places)
}
