//! The SQL of measures of help.

use kernel::error::{OrFault, Result};
use kernel::ids::{HouseholdId, MeasureId, PersonId};
use kernel::money::Money;
use kernel::time::Day;
use store::{Ctx, Row, Session, Tx, params};

use super::model::{Delivered, Ending, Measure, NewMeasure, Proof, Subject};

pub mod acted;
pub mod carers;
pub mod list;
pub mod moves;
pub mod past;

macro_rules! measure {
    ($where:literal) => {
        concat!(
            "select m.id, coalesce(g.merged_into, m.household_id), coalesce(q.merged_into, m.person_id), m.village_code, m.kind, m.aims, m.words, m.owner_office, m.owner_name,
       m.promised_on, m.due_on, m.delivered_on, m.proof_kind, m.proof_number, m.amount_fen, m.term_until, m.ended_on,
       m.ended_how, m.ended_why, m.by_name, m.version
     from measures m left join households g on g.id = m.household_id left join persons q on q.id = m.person_id where ",
            $where
        )
    };
}

const OF_HOUSEHOLD: &str =
    measure!(
    "m.household_id in (select id from households where merged_into = $1 or (id = $1 and merged_into is null))
       and m.promised_on <= $2 order by m.promised_on, m.id"
);
const ONE: &str = measure!("m.id = $1");

pub(super) fn measure_of(row: &Row, on: Day) -> Result<Measure> {
    let village = row.parse(3)?;
    let subject = match (row.opt_parse::<HouseholdId>(1)?, row.opt_parse::<PersonId>(2)?) {
        (Some(household), Some(person)) => Subject::Person(household, person),
        (Some(household), None) => Subject::Household(household),
        (None, _) => Subject::Village(village),
    };
    let proof = row.opt_text(12)?.as_deref().and_then(Proof::parse);
    let delivered = match (row.opt_parse(11)?, proof) {
        (Some(on), Some(proof)) => Some(Delivered {
            on,
            proof,
            number: row.opt_text(13)?.unwrap_or_default(),
            amount: row.opt_int(14)?.map(Money::from_fen),
            term: row.opt_parse(15)?,
        }),
        _ => None,
    };
    let how = |code: &str| if code == "withdrawn" { Ending::Withdrawn } else { Ending::Ended };
    let ended = match (row.opt_parse(16)?, row.opt_text(17)?) {
        (Some(on), Some(code)) => Some((on, how(&code), row.opt_text(18)?.unwrap_or_default())),
        _ => None,
    };
    let mut measure = Measure {
        id: row.parse(0)?,
        subject,
        village,
        kind: row.text(4)?,
        aims: serde_json::from_str(row.str(5)?).or_fault("aims of a measure")?,
        words: row.text(6)?,
        office: row.text(7)?,
        owner: row.text(8)?,
        promised_on: row.parse(9)?,
        due_on: row.parse(10)?,
        delivered,
        ended,
        by: row.text(19)?,
        version: row.int(20)?,
        stands: false,
    };
    measure.stands = measure.stands_on(on);
    Ok(measure)
}

/// The measures of a household and its people that were promised by a day, the oldest first; what ended is among them and
/// does not stand. What was promised to a household that is held to be this one is among them too, until that is undone.
///
/// # Errors
/// What the database refuses.
pub fn measures_of(session: &mut Session, household: HouseholdId, on: Day) -> Result<Vec<Measure>> {
    let rows = session.rows(OF_HOUSEHOLD, params![household, on])?;
    rows.iter().map(|row| measure_of(row, on)).collect()
}

/// One measure as it stands on a day. Whether it may be seen is asked by the caller.
///
/// # Errors
/// What the database refuses.
pub fn find_measure(session: &mut Session, id: MeasureId, on: Day) -> Result<Option<Measure>> {
    session.find(ONE, params![id.to_string()])?.as_ref().map(|row| measure_of(row, on)).transpose()
}

/// The number under which a household was promised something that now is another's.
pub fn find_merged(session: &mut Session, id: MeasureId) -> Result<Option<String>> {
    let row = session.find(
        "select h.number from measures m join households h on h.id = m.household_id
         where m.id = $1 and h.merged_into is not null",
        params![id.to_string()],
    )?;
    row.map(|row| row.text(0)).transpose()
}

/// The village of a household; none where there is no such household.
pub fn find_village(session: &mut Session, household: HouseholdId) -> Result<Option<Row>> {
    session.find("select village_code, closed_on from households where id = $1", params![household])
}

/// Whether a person lives in a household on a day.
pub fn lives_in(
    session: &mut Session,
    (household, person): (HouseholdId, PersonId),
    on: Day,
) -> Result<bool> {
    let found = session.find(
        "select 1 from memberships where household_id = $1 and person_id = $2
           and (valid_from is null or valid_from <= $3) and (valid_to is null or valid_to > $3)",
        params![household, person, on],
    )?;
    Ok(found.is_some())
}

/// Writes a new measure.
pub fn insert_measure(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, village): (MeasureId, &str),
    new: &NewMeasure,
) -> Result<()> {
    let aims = serde_json::to_string(&new.aims).or_fault("aims of a measure")?;
    tx.exec(
        "insert into measures (id, household_id, person_id, village_code, kind, aims, words, owner_office, owner_name,
           promised_on, due_on, by_account, by_name, recorded_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)",
        params![
            id.to_string(),
            new.subject.household(),
            new.subject.person(),
            village,
            &new.kind,
            aims,
            &new.words,
            &new.office,
            &new.owner,
            new.promised_on,
            new.due_on,
            &ctx.actor.account,
            &ctx.actor.name,
            ctx.now
        ],
    )?;
    Ok(())
}

/// Keeps that a measure was given; `false` when somebody has changed it since.
pub fn save_delivered(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, version): (MeasureId, i64),
    given: &Delivered,
) -> Result<bool> {
    let written = tx.exec(
        "update measures set delivered_on = $3, proof_kind = $4, proof_number = $5, amount_fen = $6, term_until = $7,
           by_account = $8, by_name = $9, version = version + 1 where id = $1 and version = $2",
        params![
            id.to_string(),
            version,
            given.on,
            given.proof.code(),
            given.number.trim(),
            given.amount.map(Money::fen),
            given.term,
            &ctx.actor.account,
            &ctx.actor.name
        ],
    )?;
    Ok(written == 1)
}

/// Keeps the end of a measure; `false` when somebody has changed it since.
pub fn save_ended(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, version): (MeasureId, i64),
    (on, how, why): (Day, Ending, &str),
) -> Result<bool> {
    let written = tx.exec(
        "update measures set ended_on = $3, ended_how = $4, ended_why = $5, by_account = $6, by_name = $7,
           version = version + 1 where id = $1 and version = $2",
        params![id.to_string(), version, on, how.code(), why, &ctx.actor.account, &ctx.actor.name],
    )?;
    Ok(written == 1)
}

/// One time at which a recurring service was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The day.
    pub on: Day,
    /// What was done; may be empty.
    pub words: String,
    /// Who wrote it down.
    pub by: String,
}

/// The times at which a service was given, the newest first.
///
/// # Errors
/// What the database refuses.
pub fn times_of(session: &mut Session, id: MeasureId) -> Result<Vec<Given>> {
    let rows = session.rows(
        "select on_day, words, by_name from measure_times where measure_id = $1 order by on_day desc, seq desc",
        params![id.to_string()],
    )?;
    let given = |row: &Row| Ok(Given { on: row.parse(0)?, words: row.text(1)?, by: row.text(2)? });
    rows.iter().map(given).collect()
}

/// Writes one more time; `false` when the day is logged already.
pub fn insert_time(
    tx: &mut Tx,
    ctx: &Ctx,
    id: MeasureId,
    (on, words): (Day, &str),
) -> Result<bool> {
    let written = tx.exec(
        "insert into measure_times (measure_id, seq, on_day, words, by_account, by_name, recorded_at)
         select $1, (select coalesce(max(seq), 0) + 1 from measure_times where measure_id = $1), $2, $3, $4, $5, $6
         where not exists (select 1 from measure_times where measure_id = $1 and on_day = $2)",
        params![id.to_string(), on, words, &ctx.actor.account, &ctx.actor.name, ctx.now],
    )?;
    Ok(written == 1)
}
