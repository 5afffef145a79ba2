//! The SQL of answers that came on paper.

use kernel::error::Result;
use kernel::ids::LeadId;
use kernel::time::{Day, Instant};
use store::{Ctx, Permit, Session, Tx, params};

use super::inbox::seen;

const BY_TAIL: &str = concat!(
    "select l.id from leads l where substr(l.id, 25) = $4 and l.state <> 'waiting' and ",
    seen!(),
    " order by l.id limit 2"
);

/// The leads in the person's scope whose id ends with the number of a sheet.
pub fn find_by_tail(session: &mut Session, permit: &Permit, tail: &str) -> Result<Vec<LeadId>> {
    let department = permit.department().unwrap_or("");
    let values = [permit.account(), permit.today(), department.into(), tail.into()];
    session.rows(BY_TAIL, &values)?.iter().map(|row| row.parse(0)).collect()
}

/// Keeps whose paper an answer was typed in from.
pub fn insert_paper(
    tx: &mut Tx,
    ctx: &Ctx,
    lead: LeadId,
    (sheet, by, on): (&str, &str, Day),
) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into lead_papers (lead_id, at, sheet, answered_by, answered_on, typed_by, typed_name)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![lead, now, sheet, by, on, &ctx.actor.account, &ctx.actor.name],
    )?;
    Ok(())
}

/// A paper from which an answer was typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperKept {
    /// When it was typed in: that of the answer.
    pub at: Instant,
    /// Number of the sheet.
    pub sheet: String,
    /// Day on the paper.
    pub on: Day,
    /// Who typed.
    pub typed: String,
}

/// The papers from which answers of a lead were typed in.
pub fn list_papers(session: &mut Session, lead: LeadId) -> Result<Vec<PaperKept>> {
    session
        .rows(
            "select at, sheet, answered_on, typed_name from lead_papers where lead_id = $1 order by at",
            params![lead],
        )?
        .iter()
        .map(|row| {
            Ok(PaperKept {
                at: row.parse(0)?,
                sheet: row.text(1)?,
                on: row.parse(2)?,
                typed: row.text(3)?,
            })
        })
        .collect()
}
