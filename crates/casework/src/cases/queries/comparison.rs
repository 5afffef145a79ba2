//! Queries of the comparison with departments: what is asked, what they answer, what is decided.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::CaseId;
use kernel::time::Day;
use store::{Ctx, Permit, Row, Session, Tx, params, visible};

/// A question of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its code in the list of exclusions.
    pub item: String,
    /// The office that is asked.
    pub office: String,
    /// The day.
    pub asked_on: Day,
    /// `none`, `hit`, or not answered.
    pub answer: Option<String>,
    /// What the office found, sealed.
    pub found_sealed: Option<String>,
    /// The day of the answer, and who gave it.
    pub answered: Option<(Day, String)>,
    /// How the household explains a hit.
    pub words: Option<String>,
    /// `goes_on`, `stops`.
    pub decision: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
}

impl Question {
    /// Whether something is still to be done about it.
    pub fn is_open(&self) -> bool {
        match self.answer.as_deref() {
            None => true,
            Some("hit") => self.decision.as_deref() != Some("goes_on"),
            Some(_) => false,
        }
    }
}

/// The questions of a case.
pub fn list_questions(session: &mut Session, id: CaseId) -> Result<Vec<Question>> {
    let rows = session.rows(
        "select item, office, asked_on, answer, found_sealed, answered_on, answered_by, words, decision, decided_by
         from case_questions where case_id = $1 order by item",
        params![id],
    )?;
    rows.iter()
        .map(|row| {
            let answered = match (row.opt_parse(5)?, row.opt_text(6)?) {
                (Some(on), Some(by)) => Some((on, by)),
                _ => None,
            };
            Ok(Question {
                item: row.text(0)?,
                office: row.text(1)?,
                asked_on: row.parse(2)?,
                answer: row.opt_text(3)?,
                found_sealed: row.opt_text(4)?,
                answered,
                words: row.opt_text(7)?,
                decision: row.opt_text(8)?,
                decided_by: row.opt_text(9)?,
            })
        })
        .collect()
}

/// Asks a question that was not asked yet.
pub fn insert_question(
    tx: &mut Tx,
    ctx: &Ctx,
    id: CaseId,
    (item, office): (&str, &str),
) -> Result<()> {
    tx.exec(
        "insert into case_questions (case_id, item, office, asked_on, asked_by, recorded_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (case_id, item) do nothing",
        params![id, item, office, ctx.today, &ctx.actor.name, ctx.now],
    )?;
    Ok(())
}

/// Keeps the answer of an office; `false` when it was answered already.
pub fn save_answer(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, item): (CaseId, &str),
    (answer, sealed): (&str, Option<String>),
) -> Result<bool> {
    let changed = tx.exec(
        "update case_questions set answer = $3, found_sealed = $4, answered_on = $5, answered_by = $6
         where case_id = $1 and item = $2 and answer is null",
        params![id, item, answer, sealed, ctx.today, &ctx.actor.name],
    )?;
    Ok(changed == 1)
}

/// Keeps what is decided about a hit.
pub fn save_decision(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, item): (CaseId, &str),
    (decision, words): (&str, &str),
) -> Result<bool> {
    let changed = tx.exec(
        "update case_questions set decision = $3, words = $4, decided_by = $5, decided_at = $6
         where case_id = $1 and item = $2 and answer = 'hit'",
        params![id, item, decision, words, &ctx.actor.name, ctx.now],
    )?;
    Ok(changed == 1)
}

/// A question that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The case and its number.
    pub case: (CaseId, String),
    /// What is asked.
    pub item: String,
    /// Who is asked.
    pub office: String,
    /// Since when.
    pub asked_on: Day,
    /// 户编号 and name of the head.
    pub household: (String, String),
    /// Names of the village and of the township.
    pub place: (String, String),
}

macro_rules! waiting {
    ($where:expr) => {
        concat!(
            "select c.id, c.number, q.item, q.office, q.asked_on, coalesce(h.number, ''), coalesce(p.name, ''),
               coalesce(a.name, c.village_code), coalesce(t.name, '')
             from case_questions q join cases c on c.id = q.case_id left join households g on g.id = c.household_id
               left join households h on h.id = coalesce(g.merged_into, c.household_id)
               left join persons p on p.id = h.head_id left join areas a on a.code = c.village_code
               left join areas t on t.code = a.parent_code
             where q.answer is null and c.phase in ('identify', 'side') and ",
            $where,
            " order by q.asked_on, c.number, q.item limit 1000"
        )
    };
}

const OF_OFFICE: &str = waiting!("q.office = $1");
const IN_SCOPE: &str = waiting!(concat!(
    "(cast($3 as text) is null or q.office = $3) and ",
    visible!("c.village_code", "coalesce(g.merged_into, c.household_id)")
));

fn read_waiting(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        case: (row.parse(0)?, row.text(1)?),
        item: row.text(2)?,
        office: row.text(3)?,
        asked_on: row.parse(4)?,
        household: (row.text(5)?, row.text(6)?),
        place: (row.text(7)?, row.text(8)?),
    })
}

/// What one office is asked, wherever the households stand: each has signed that it may be asked.
pub fn list_of_office(session: &mut Session, office: &str) -> Result<Vec<Waiting>> {
    session.rows(OF_OFFICE, params![office])?.iter().map(read_waiting).collect()
}

/// What waits in a person's scope, of one office or of all.
pub fn list_waiting(
    session: &mut Session,
    permit: &Permit,
    office: Option<&str>,
) -> Result<Vec<Waiting>> {
    let bound = [permit.account(), permit.today(), office.into()];
    session.rows(IN_SCOPE, &bound)?.iter().map(read_waiting).collect()
}

/// The village of a case of which an office is asked something, and whether it has answered.
pub fn find_of_office(
    session: &mut Session,
    (id, item): (CaseId, &str),
    office: &str,
) -> Result<Option<(AreaCode, bool)>> {
    let row = session.find(
        "select c.village_code, case when q.answer is null then 0 else 1 end
         from case_questions q join cases c on c.id = q.case_id
         where q.case_id = $1 and q.item = $2 and q.office = $3",
        params![id, item, office],
    )?;
    row.map(|row| Ok((row.parse(0)?, row.flag(1)?))).transpose()
}
