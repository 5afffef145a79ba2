//! Queries of what the clocks recall: which reminders are new, which are done with, which stand.

use kernel::error::Result;
use kernel::ids::CaseId;
use kernel::time::{Day, Instant};
use store::{Permit, Row, Session, Tx, Value, params, visible};

/// Something that is to be recalled from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Of which case.
    pub case: String,
    /// `step`, `total`, `papers`, `measure`.
    pub kind: String,
    /// Which: a state and since when, a day of discovery, a paper, a measure.
    pub about: String,
    /// The household.
    pub household: String,
    /// Where it stands.
    pub village: String,
    /// Whose turn it is.
    pub owner: String,
    /// By when.
    pub day: Day,
}

macro_rules! unless_known {
    ($kind:literal, $about:literal) => {
        concat!(
            " and not exists (select 1 from case_reminders r where r.case_id = c.id and r.kind = '",
            $kind,
            "' and r.about = ",
            $about,
            ")"
        )
    };
}

const STEPS: &str = concat!(
    "select c.id, 'step', c.state || ' ' || c.since_day, c.household_id, c.village_code, c.owner, c.due_on from cases c
     where c.phase in ('identify', 'help', 'remove', 'side', 'follow') and c.due_on <= $1",
    unless_known!("step", "c.state || ' ' || c.since_day"),
    " order by c.due_on, c.number"
);
const TOTALS: &str = concat!(
    "select c.id, 'total', c.discovered_on, c.household_id, c.village_code, c.owner, c.total_due_on from cases c
     where c.phase in ('identify', 'side') and c.total_due_on <= $1",
    unless_known!("total", "c.discovered_on"),
    " order by c.total_due_on, c.number"
);
const PAPERS: &str = concat!(
    "select c.id, 'papers', 'consent', c.household_id, c.village_code, 'village', c.discovered_on from cases c
     where c.phase <> 'over' and c.urgent = 1 and c.discovered_on <= $1
       and not exists (select 1 from case_papers p where p.case_id = c.id and p.kind = 'consent')",
    unless_known!("papers", "'consent'"),
    " order by c.discovered_on, c.number"
);
// what was promised to a household is recalled of the case of the household that it is held to be, and the other way round
const MEASURES: &str = concat!(
    "select c.id, 'measure', m.id, c.household_id, c.village_code, 'village', m.due_on
     from measures m left join households g on g.id = m.household_id join cases c on c.household_id in (
       select m.household_id union all select g.merged_into
       union all select o.id from households o where o.merged_into = m.household_id
       union all select o.id from households o where o.merged_into = g.merged_into)
     where m.delivered_on is null and m.ended_on is null and m.due_on <= $1
       and c.life = 'monitoring' and c.phase in ('identify', 'help', 'remove', 'side')",
    unless_known!("measure", "m.id"),
    " order by m.due_on, c.number, m.id"
);

/// What is to be recalled up to a day and is not recalled yet: the four kinds, one after the other.
pub const KINDS: [&str; 4] = [STEPS, TOTALS, PAPERS, MEASURES];

/// What one of the kinds has to recall up to a day.
pub fn list_new(session: &mut Session, kind: &'static str, to: Day) -> Result<Vec<New>> {
    let one = |row: &Row| {
        Ok(New {
            case: row.text(0)?,
            kind: row.text(1)?,
            about: row.text(2)?,
            household: row.text(3)?,
            village: row.text(4)?,
            owner: row.text(5)?,
            day: row.parse(6)?,
        })
    };
    session.rows(kind, params![to])?.iter().map(one).collect()
}

const COLUMNS: &[&str] =
    &["case_id", "kind", "about", "household_id", "owner", "day", "recorded_at"];

/// Writes reminders.
pub fn insert(tx: &mut Tx, new: &[New]) -> Result<()> {
    let now: Value = tx.now().into();
    let rows = new.iter().map(|one| {
        let texts = [&one.case, &one.kind, &one.about, &one.household, &one.owner];
        let mut row: Vec<Value> = texts.into_iter().map(|text| text.as_str().into()).collect();
        row.extend([one.day.into(), now.clone()]);
        row
    });
    tx.insert_many("case_reminders", COLUMNS, rows.collect::<Vec<_>>())?;
    Ok(())
}

/// Recalls from now on that the papers of an urgent case are still to come.
pub fn insert_papers(tx: &mut Tx, id: CaseId, day: Day) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into case_reminders (case_id, kind, about, household_id, owner, day, recorded_at)
         select c.id, 'papers', 'consent', c.household_id, 'village', $2, $3 from cases c where c.id = $1
         on conflict (case_id, kind, about) do nothing",
        params![id, day, now],
    )?;
    Ok(())
}

macro_rules! done {
    ($also:literal) => {
        concat!(
            "update case_reminders set done_on = $1 where done_on is null",
            $also,
            " and not (
               (kind = 'step' and exists (select 1 from cases c where c.id = case_reminders.case_id
                  and c.due_on is not null and c.state || ' ' || c.since_day = case_reminders.about))
               or (kind = 'total' and exists (select 1 from cases c where c.id = case_reminders.case_id
                  and c.total_due_on is not null and c.discovered_on = case_reminders.about and c.phase in ('identify', 'side')))
               or (kind = 'papers' and exists (select 1 from cases c where c.id = case_reminders.case_id and c.phase <> 'over')
                  and not exists (select 1 from case_papers p where p.case_id = case_reminders.case_id and p.kind = 'consent'))
               or (kind = 'measure' and exists (select 1 from measures m where m.id = case_reminders.about
                  and m.delivered_on is null and m.ended_on is null)))"
        )
    };
}
const DONE: &str = done!("");
const DONE_OF: &str = done!(
    " and household_id in (select value from json_each($2)
       union select o.id from households o where o.merged_into in (select value from json_each($2)))"
);

/// Ends the reminders of what has been done, of all households or of some.
pub fn settle<'a>(
    tx: &mut Tx,
    households: Option<impl Iterator<Item = &'a String>>,
) -> Result<usize> {
    let today = tx.today();
    match households {
        None => tx.exec(DONE, params![today]),
        Some(ids) => {
            let ids: Vec<&String> = ids.collect();
            tx.exec(DONE_OF, params![today, serde_json::json!(ids).to_string()])
        }
    }
}

/// A reminder that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// `step`, `total`, `papers`, `measure`.
    pub kind: String,
    /// Which: a state and since when, a day of discovery, a paper, a measure.
    pub about: String,
    /// By when.
    pub day: Day,
    /// Since which day it has been recalled.
    pub since: Day,
}

fn reminder(row: &Row, at: usize) -> Result<Reminder> {
    Ok(Reminder {
        kind: row.text(at)?,
        about: row.text(at + 1)?,
        day: row.parse(at + 2)?,
        since: row.parse::<Instant>(at + 3)?.day(),
    })
}

/// The reminders of a case that stand, the oldest day first.
pub fn of_case(session: &mut Session, id: CaseId) -> Result<Vec<Reminder>> {
    let rows = session.rows(
        "select kind, about, day, recorded_at from case_reminders where case_id = $1 and done_on is null
         order by day, kind, about",
        params![id],
    )?;
    rows.iter().map(|row| reminder(row, 0)).collect()
}

/// A reminder with its case, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    /// The reminder.
    pub reminder: Reminder,
    /// The case and its number.
    pub case: (CaseId, String),
    /// The head's name, else the number of the household.
    pub who: String,
    /// Name of the village.
    pub village: String,
}

macro_rules! standing {
    ($columns:literal, $end:literal) => {
        concat!(
            "select ",
            $columns,
            " from case_reminders r join cases c on c.id = r.case_id left join households g on g.id = c.household_id
               left join households h on h.id = coalesce(g.merged_into, c.household_id)
               left join persons p on p.id = h.head_id left join areas a on a.code = c.village_code
             where r.done_on is null and r.kind = $3 and c.village_code >= $4 and c.village_code <= $5 and ",
            visible!("c.village_code", "coalesce(g.merged_into, c.household_id)"),
            $end
        )
    };
}
const STANDING: &str = standing!(
    "r.kind, r.about, r.day, r.recorded_at, c.id, c.number, coalesce(p.name, h.number, c.number), coalesce(a.name, c.village_code)",
    " order by r.day, c.number limit $6"
);
const STANDING_COUNT: &str = standing!("count(*)", "");

/// Reminders of one kind that stand in the person's scope, and how many there are in all.
pub fn list(
    session: &mut Session,
    permit: &Permit,
    (kind, most): (&str, i64),
) -> Result<(Vec<Recalled>, i64)> {
    let (low, high) = permit.hull();
    let mut bound: Vec<Value> =
        vec![permit.account(), permit.today(), kind.into(), low.into(), high.into()];
    let total = session.row(STANDING_COUNT, &bound)?.int(0)?;
    bound.push(most.into());
    let rows = session.rows(STANDING, &bound)?;
    let one = |row: &Row| {
        Ok(Recalled {
            reminder: reminder(row, 0)?,
            case: (row.parse(4)?, row.text(5)?),
            who: row.text(6)?,
            village: row.text(7)?,
        })
    };
    Ok((rows.iter().map(one).collect::<Result<_>>()?, total))
}

/// What a run of the clocks found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Cases that run.
    pub cases: i64,
    /// Of these, due on the day.
    pub due: i64,
    /// Of these, past their day.
    pub overdue: i64,
    /// Reminders that stand.
    pub standing: i64,
}

/// How the cases stand on a day.
pub fn count(session: &mut Session, today: Day) -> Result<Counted> {
    let row = session.row(
        "select cast(count(*) as bigint),
           cast(coalesce(sum(case when c.due_on = $1 or c.total_due_on = $1 then 1 else 0 end), 0) as bigint),
           cast(coalesce(sum(case when c.due_on < $1 or c.total_due_on < $1 then 1 else 0 end), 0) as bigint),
           (select count(*) from case_reminders r where r.done_on is null)
         from cases c where c.phase in ('identify', 'help', 'remove', 'side')",
        params![today],
    )?;
    Ok(Counted {
        cases: row.int(0)?,
        due: row.int(1)?,
        overdue: row.int(2)?,
        standing: row.int(3)?,
    })
}

/// The run of a day: how the cases stood, and how many reminders were new.
pub fn find_run(session: &mut Session, day: Day) -> Result<Option<(Counted, i64)>> {
    let row = session.find(
        "select cases, due, overdue, standing, reminded from case_clock_runs where day = $1",
        params![day],
    )?;
    row.map(|row| {
        let counted = Counted {
            cases: row.int(0)?,
            due: row.int(1)?,
            overdue: row.int(2)?,
            standing: row.int(3)?,
        };
        Ok((counted, row.int(4)?))
    })
    .transpose()
}

/// Keeps the run of a day; a second one by hand adds what it found.
pub fn save_run(
    tx: &mut Tx,
    (day, at): (Day, Instant),
    (found, new): (&Counted, i64),
) -> Result<()> {
    tx.exec(
        "insert into case_clock_runs (day, at, cases, due, overdue, reminded, standing) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (day) do update set at = excluded.at, cases = excluded.cases, due = excluded.due,
           overdue = excluded.overdue, reminded = case_clock_runs.reminded + excluded.reminded, standing = excluded.standing",
        params![day, at, found.cases, found.due, found.overdue, new, found.standing],
    )?;
    Ok(())
}
