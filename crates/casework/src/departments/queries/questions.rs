//! The SQL of questions to departments.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{BatchId, HouseholdId, LeadId, QuestionId};
use kernel::time::{Day, Instant};
use store::{Ctx, Permit, Row, Session, Tx, Value, params, visible};

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A lead.
    Lead(LeadId),
    /// A row of a list: batch, and sheet and row.
    Row(BatchId, i64),
}

/// A question that somebody wants to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The office.
    pub department: String,
    /// About what.
    pub about: About,
    /// The household, if it is about one.
    pub household: Option<HouseholdId>,
    /// Where it stands; the asker's own area where it stands nowhere.
    pub village: AreaCode,
    /// The question.
    pub text: String,
    /// The day by which it is to be answered.
    pub due_on: Day,
}

/// A question with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// As it was asked.
    pub asked: Asked,
    /// Account of the one who asked.
    pub by: String,
    /// Name of the one who asked.
    pub by_name: String,
    /// When.
    pub at: Instant,
    /// Name of the village.
    pub village_name: String,
    /// The head's name, or the number of the household.
    pub household_name: String,
    /// The answer: text, name of the one who answered, when.
    pub answer: Option<(String, String, Instant)>,
}

macro_rules! questions_where {
    ($rest:literal) => {
        concat!(
            "select q.id, q.department, q.about, q.lead_id, q.batch_id, q.row_no, q.household_id, q.village_code,
               q.question, q.due_on, q.asked_by, q.asked_name, q.asked_at, coalesce(a.name, ''),
               coalesce(p.name, h.number, ''), q.answer, q.answered_name, q.answered_at
             from questions q left join areas a on a.code = q.village_code
             left join households h on h.id = q.household_id left join persons p on p.id = h.head_id
             where (q.department = $3 or (cast($3 as text) = '' and (",
            visible!("q.village_code", "q.household_id"),
            " or q.asked_by = $1))) and ",
            $rest
        )
    };
}

fn values(permit: &Permit) -> Vec<Value> {
    vec![permit.account(), permit.today(), permit.department().unwrap_or("").into()]
}

fn question(row: &Row) -> Result<Question> {
    let about = match (row.opt_parse::<LeadId>(3)?, row.opt_parse::<BatchId>(4)?) {
        (Some(lead), _) => About::Lead(lead),
        (None, Some(batch)) => About::Row(batch, row.int(5)?),
        (None, None) => return Err(kernel::error::Error::fault("a question about nothing")),
    };
    let given = row.opt_text(15)?.zip(row.opt_parse::<Instant>(17)?);
    let name = row.opt_text(16)?.unwrap_or_default();
    Ok(Question {
        id: row.parse(0)?,
        asked: Asked {
            department: row.text(1)?,
            about,
            household: row.opt_parse(6)?,
            village: row.parse(7)?,
            text: row.text(8)?,
            due_on: row.parse(9)?,
        },
        by: row.text(10)?,
        by_name: row.text(11)?,
        at: row.parse(12)?,
        village_name: row.text(13)?,
        household_name: row.text(14)?,
        answer: given.map(|(text, at)| (text, name, at)),
    })
}

/// Which questions are meant.
#[derive(Debug, Clone, Default)]
pub struct QuestionFilter {
    /// `open` or `answered`.
    pub state: Option<&'static str>,
    /// Of one office.
    pub department: Option<String>,
    /// Asked by the person.
    pub asked_by: Option<String>,
    /// Answered on or after.
    pub answered_from: Option<Instant>,
}

/// Questions in the person's scope: open ones by their day, answered ones the newest first.
pub fn list_questions(
    session: &mut Session,
    permit: &Permit,
    filter: &QuestionFilter,
    limit: i64,
) -> Result<Vec<Question>> {
    let mut bound = values(permit);
    bound.extend([
        filter.state.into(),
        filter.department.as_deref().into(),
        filter.asked_by.as_deref().into(),
        filter.answered_from.into(),
        limit.into(),
    ]);
    let sql = questions_where!(
        "(cast($4 as text) is null or q.state = $4) and (cast($5 as text) is null or q.department = $5)
         and (cast($6 as text) is null or q.asked_by = $6) and (cast($7 as text) is null or q.answered_at >= $7)
         order by case when q.state = 'open' then 0 else 1 end, case when q.state = 'open' then q.due_on end,
           q.answered_at desc, q.id limit $8"
    );
    session.rows(sql, &bound)?.iter().map(question).collect()
}

/// One question in the person's scope.
pub fn find_question(
    session: &mut Session,
    permit: &Permit,
    id: QuestionId,
) -> Result<Option<Question>> {
    let mut bound = values(permit);
    bound.push(id.into());
    session.find(questions_where!("q.id = $4"), &bound)?.as_ref().map(question).transpose()
}

/// How many open questions every office has, and how many are past their day.
pub fn count_open(session: &mut Session, today: Day) -> Result<Vec<(String, i64, i64)>> {
    let rows = session.rows(
        "select department, count(*), cast(coalesce(sum(case when due_on < $1 then 1 else 0 end), 0) as bigint)
         from questions where state = 'open' group by department order by department",
        params![today],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?, row.int(2)?))).collect()
}

/// Writes a question.
pub fn insert_question(tx: &mut Tx, ctx: &Ctx, id: QuestionId, asked: &Asked) -> Result<()> {
    let (about, lead, batch, row) = match asked.about {
        About::Lead(lead) => ("lead", Some(lead), None, None),
        About::Row(batch, row) => ("row", None, Some(batch), Some(row)),
    };
    tx.exec(
        "insert into questions (id, department, about, lead_id, batch_id, row_no, household_id, village_code, question,
           asked_by, asked_name, asked_at, due_on, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open')",
        params![
            id,
            &asked.department,
            about,
            lead,
            batch,
            row,
            asked.household,
            asked.village,
            &asked.text,
            &ctx.actor.account,
            &ctx.actor.name,
            ctx.now,
            asked.due_on
        ],
    )?;
    Ok(())
}

/// Keeps the answer; `false` when it is answered already.
pub fn save_answer(tx: &mut Tx, ctx: &Ctx, id: QuestionId, answer: &str) -> Result<bool> {
    let written = tx.exec(
        "update questions set state = 'answered', answer = $2, answered_by = $3, answered_name = $4, answered_at = $5
         where id = $1 and state = 'open'",
        params![id, answer, &ctx.actor.account, &ctx.actor.name, ctx.now],
    )?;
    Ok(written == 1)
}
