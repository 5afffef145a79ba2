//! Queries of objections to cases from the public page.

use kernel::error::Result;
use kernel::ids::{CaseId, DeclarationId, LeadId};
use kernel::time::{Day, Instant};
use store::{Ctx, Permit, Row, Session, Tx, Value, params, visible};

use super::reminders::{Recalled, Reminder};

/// An objection to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// Its place among those of the case, from 1.
    pub seq: i64,
    /// The declaration that it is.
    pub letter: DeclarationId,
    /// The day on which it was said.
    pub said_on: Day,
    /// What was said, sealed.
    pub sealed: String,
    /// The answer: words, day, who.
    pub answer: Option<(String, Day, String)>,
}

/// The case that answers a lead.
pub fn find_case_of(session: &mut Session, lead: LeadId) -> Result<Option<CaseId>> {
    let row = session.find("select case_id from case_leads where lead_id = $1", params![lead])?;
    row.map(|row| row.parse(0)).transpose()
}

/// Keeps an objection; `false` where it is kept already.
pub fn insert(
    tx: &mut Tx,
    id: CaseId,
    (letter, said_on, sealed): (DeclarationId, Day, &str),
) -> Result<bool> {
    let now = tx.now();
    let written = tx.exec(
        "insert into case_objections (case_id, seq, letter_id, said_on, sealed, state, recorded_at)
         select c.id, (select coalesce(max(o.seq), 0) + 1 from case_objections o where o.case_id = c.id), $2, $3, $4, c.state, $5
         from cases c where c.id = $1 and not exists (select 1 from case_objections o where o.letter_id = $2)",
        params![id, letter, said_on, sealed, now],
    )?;
    Ok(written == 1)
}

/// The objections to a case, the newest first.
pub fn list(session: &mut Session, id: CaseId) -> Result<Vec<Objection>> {
    let rows = session.rows(
        "select seq, letter_id, said_on, sealed, answer, answered_on, answered_name from case_objections
         where case_id = $1 order by seq desc",
        params![id],
    )?;
    let one = |row: &Row| {
        let (words, on, name) = (row.opt_text(4)?, row.opt_parse::<Day>(5)?, row.opt_text(6)?);
        Ok(Objection {
            seq: row.int(0)?,
            letter: row.parse(1)?,
            said_on: row.parse(2)?,
            sealed: row.text(3)?,
            answer: words.zip(on).zip(name).map(|((words, on), name)| (words, on, name)),
        })
    };
    rows.iter().map(one).collect()
}

/// Writes the answer to an objection; `false` when somebody was first.
pub fn save_answer(tx: &mut Tx, ctx: &Ctx, (id, seq): (CaseId, i64), answer: &str) -> Result<bool> {
    let written = tx.exec(
        "update case_objections set answer = $3, answered_on = $4, answered_by = $5, answered_name = $6
         where case_id = $1 and seq = $2 and answered_on is null",
        params![id, seq, answer, ctx.today, &ctx.actor.account, &ctx.actor.name],
    )?;
    Ok(written == 1)
}

/// Objections in the person's scope that nobody has answered, the oldest first.
pub fn list_open(session: &mut Session, permit: &Permit, most: i64) -> Result<Vec<Recalled>> {
    const OPEN: &str = concat!(
        "select o.seq, o.said_on, o.recorded_at, c.id, c.number, coalesce(p.name, h.number, c.number),
           coalesce(a.name, c.village_code)
         from case_objections o join cases c on c.id = o.case_id left join households g on g.id = c.household_id
           left join households h on h.id = coalesce(g.merged_into, c.household_id)
           left join persons p on p.id = h.head_id left join areas a on a.code = c.village_code
         where o.answered_on is null and ",
        visible!("c.village_code", "coalesce(g.merged_into, c.household_id)"),
        " order by o.recorded_at, c.number limit $3"
    );
    let bound: [Value; 3] = [permit.account(), permit.today(), most.into()];
    let one = |row: &Row| {
        Ok(Recalled {
            reminder: Reminder {
                kind: "objection".to_owned(),
                about: row.int(0)?.to_string(),
                day: row.parse(1)?,
                since: row.parse::<Instant>(2)?.day(),
            },
            case: (row.parse(3)?, row.text(4)?),
            who: row.text(5)?,
            village: row.text(6)?,
        })
    };
    session.rows(OPEN, &bound)?.iter().map(one).collect()
}
