//! The SQL of alarms over areas.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::{Day, Instant};
use store::{Ctx, Row, Session, Tx, params};

pub use kernel::ids::AlarmId;

use super::book::{Alarm, AlarmBook, Over};
use super::model::Sums;

pub mod past;

/// In the order of the first columns of [`super::model::COLUMNS`].
const OF_VILLAGES: &str = "select village_code, households, persons, monitored_households, disaster_households_12m,
       disaster_loss_12m, water_unsafe_households, dangerous_houses, complaints_12m, jobless_12m, loans_overdue
     from village_facts";
const CONFIRMED: &str = "select village_code, count(distinct household_id),
       count(distinct case when answered_on >= $2 then household_id end)
     from leads where state in ('answered', 'second_look') and sort_day >= $1 and answered_on >= $1
       and outcome = 'risk_confirmed' and level = 'household' group by village_code";
const SEVERE: &str = "select village_code, cast(sum(leads) as bigint) from lead_counts
     where state = 'open' and severity = 'severe' group by village_code";
/// Where the columns that are counted from leads begin.
const COUNTED: usize = 10;

/// What is known of every village that has people. Counts only: no row of a household is shown.
pub fn count_villages(session: &mut Session, today: Day) -> Result<BTreeMap<AreaCode, Sums>> {
    let mut villages: BTreeMap<AreaCode, Sums> = BTreeMap::new();
    for row in session.rows(OF_VILLAGES, &[])? {
        let mut sums = Sums::default();
        for (at, value) in sums.0.iter_mut().enumerate() {
            *value = if at < COUNTED { row.opt_int(at + 1)? } else { Some(0) };
        }
        if sums.0.first().copied().flatten().is_some() {
            villages.insert(row.parse(0)?, sums);
        }
    }
    let year = today.add_months(-12).add_days(1);
    let quarter = today.add_months(-3).add_days(1);
    let mut put = |village: AreaCode, at: usize, number: i64| {
        if let Some(value) = villages.get_mut(&village).and_then(|sums| sums.0.get_mut(at)) {
            *value = Some(number);
        }
    };
    for row in session.rows(CONFIRMED, params![year, quarter])? {
        put(row.parse(0)?, COUNTED, row.int(1)?);
        put(row.parse(0)?, COUNTED + 1, row.int(2)?);
    }
    for row in session.rows(SEVERE, &[])? {
        put(row.parse(0)?, COUNTED + 2, row.int(1)?);
    }
    Ok(villages)
}

/// What the county said to an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What is done.
    pub words: String,
    /// The document or minutes behind it; may be empty.
    pub document: String,
    /// Who said it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// An alarm that was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// Its id.
    pub id: AlarmId,
    /// Which alarm of the pack.
    pub alarm: String,
    /// The area.
    pub area: AreaCode,
    /// Its name, and that of the area above.
    pub names: (String, String),
    /// Words of the alarm, Chinese and English.
    pub title: (String, String),
    /// How bad.
    pub severity: String,
    /// Which office leads.
    pub department: String,
    /// Since when.
    pub from: Day,
    /// The day on which it no longer held.
    pub to: Option<Day>,
    /// Until when the county says what it does.
    pub due: Day,
    /// The sentence, Chinese and English.
    pub sentence: (String, String),
    /// The values on which it rests, as JSON.
    pub evidence: String,
    /// What was said.
    pub said: Option<Said>,
}

macro_rules! raised {
    ($where:literal) => {
        concat!(
            "select w.id, w.alarm_id, w.area_code, coalesce(a.name, w.area_code), coalesce(t.name, ''), w.title_zh,
       w.title_en, w.severity, w.department, w.from_day, w.to_day, w.due_on, w.sentence_zh, w.sentence_en, w.evidence,
       w.words, w.document, w.said_name, w.said_at
     from area_alarms w left join areas a on a.code = w.area_code left join areas t on t.code = a.parent_code
     where ",
            $where
        )
    };
}

const RAISED: &str = raised!(
    "w.area_code >= $1 and w.area_code <= $2
       and ((cast($3 as bigint) = 1 and w.to_day is null) or (cast($3 as bigint) = 0 and w.to_day is not null))
     order by w.to_day desc nulls last, w.area_code, w.alarm_id, w.id limit $4"
);
const ONE: &str = raised!("w.id = $1");

fn raised(row: &Row) -> Result<Raised> {
    let said = match (row.opt_text(15)?, row.opt_parse(18)?) {
        (Some(words), Some(at)) => Some(Said {
            words,
            document: row.opt_text(16)?.unwrap_or_default(),
            by: row.opt_text(17)?.unwrap_or_default(),
            at,
        }),
        _ => None,
    };
    Ok(Raised {
        id: row.parse(0)?,
        alarm: row.text(1)?,
        area: row.parse(2)?,
        names: (row.text(3)?, row.text(4)?),
        title: (row.text(5)?, row.text(6)?),
        severity: row.text(7)?,
        department: row.text(8)?,
        from: row.parse(9)?,
        to: row.opt_parse(10)?,
        due: row.parse(11)?,
        sentence: (row.text(12)?, row.text(13)?),
        evidence: row.text(14)?,
        said,
    })
}

/// Alarms between two codes: those that stand in the order of the codes, ended ones the newest first.
pub fn list_raised(
    session: &mut Session,
    (low, high): (&str, &str),
    (open, limit): (bool, i64),
) -> Result<Vec<Raised>> {
    session.rows(RAISED, params![low, high, i64::from(open), limit])?.iter().map(raised).collect()
}

/// One alarm.
pub fn find_raised(session: &mut Session, id: AlarmId) -> Result<Option<Raised>> {
    session.find(ONE, params![id])?.as_ref().map(raised).transpose()
}

/// How many alarms between two codes stand and have no answer, and how many of them are past their day.
pub fn count_unsaid(
    session: &mut Session,
    (low, high): (&str, &str),
    today: Day,
) -> Result<(i64, i64)> {
    let row = session.row(
        "select count(*), cast(coalesce(sum(case when due_on < $3 then 1 else 0 end), 0) as bigint)
         from area_alarms where to_day is null and said_at is null and area_code >= $1 and area_code <= $2",
        params![low, high, today],
    )?;
    Ok((row.int(0)?, row.int(1)?))
}

/// Writes a new alarm.
pub fn insert_raised(
    tx: &mut Tx,
    book: &AlarmBook,
    (alarm, over): (&Alarm, &Over),
    due: Day,
) -> Result<()> {
    let id: AlarmId = tx.db().ids().make_at(tx.now());
    let def = &alarm.rule.def;
    tx.exec(
        "insert into area_alarms (id, alarm_id, area_code, title_zh, title_en, severity, department, from_day, due_on,
           sentence_zh, sentence_en, evidence, pack_id, pack_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            id,
            &over.alarm,
            over.area,
            &def.title.zh,
            &def.title.en,
            def.severity.code(),
            &def.department,
            book.today,
            due,
            &over.sentence.0,
            &over.sentence.1,
            &over.evidence,
            &book.pack.0,
            book.pack.1
        ],
    )?;
    Ok(())
}

/// The numbers of an alarm that stands have changed.
pub fn update_raised(tx: &mut Tx, id: AlarmId, over: &Over) -> Result<()> {
    tx.exec(
        "update area_alarms set sentence_zh = $2, sentence_en = $3, evidence = $4 where id = $1",
        params![id, &over.sentence.0, &over.sentence.1, &over.evidence],
    )?;
    Ok(())
}

/// An alarm no longer holds.
pub fn end_raised(tx: &mut Tx, id: AlarmId, on: Day) -> Result<()> {
    tx.exec("update area_alarms set to_day = $2 where id = $1", params![id, on])?;
    Ok(())
}

/// Keeps what the county says; `false` when something was said already or the alarm has ended.
pub fn save_said(
    tx: &mut Tx,
    ctx: &Ctx,
    id: AlarmId,
    (words, document): (&str, &str),
) -> Result<bool> {
    let written = tx.exec(
        "update area_alarms set words = $2, document = $3, said_by = $4, said_name = $5, said_at = $6
         where id = $1 and said_at is null and to_day is null",
        params![id, words, document, &ctx.actor.account, &ctx.actor.name, ctx.now],
    )?;
    Ok(written == 1)
}
