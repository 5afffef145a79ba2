//! Queries of what belongs to a case beside its steps: signed papers, risks.

use kernel::error::Result;
use kernel::ids::{CaseId, HouseholdId, PersonId};
use kernel::time::Day;
use store::{Ctx, Session, Tx, params};

use super::by;

/// A signed paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// `consent`.
    pub kind: String,
    /// The day on which it was signed.
    pub on: Day,
    /// Who signed.
    pub signed_by: String,
    /// `signed`, `thumb`, `for_other`.
    pub how: String,
    /// Who read it out to somebody who cannot read.
    pub read_by: String,
    /// Who wrote it down here.
    pub name: String,
}

/// The papers of a case.
pub fn list_papers(session: &mut Session, id: CaseId) -> Result<Vec<Paper>> {
    let rows = session.rows(
        "select kind, on_day, signed_by, how, read_by, name from case_papers where case_id = $1 order by seq",
        params![id],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Paper {
                kind: row.text(0)?,
                on: row.parse(1)?,
                signed_by: row.text(2)?,
                how: row.text(3)?,
                read_by: row.text(4)?,
                name: row.text(5)?,
            })
        })
        .collect()
}

/// Keeps a paper.
pub fn insert_paper(tx: &mut Tx, ctx: &Ctx, id: CaseId, paper: &Paper) -> Result<()> {
    let (account, name) = by(ctx);
    tx.exec(
        "insert into case_papers (case_id, seq, kind, on_day, signed_by, how, read_by, account_id, name, at)
         values ($1, (select coalesce(max(p.seq), -1) + 1 from case_papers p where p.case_id = $1), $2, $3, $4, $5, $6, $7,
           $8, $9)",
        params![id, &paper.kind, paper.on, &paper.signed_by, &paper.how, &paper.read_by, account, name, ctx.now],
    )?;
    Ok(())
}

/// A risk that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// 1 to 5, the gravest first.
    pub position: i64,
    /// Its code.
    pub risk: String,
    /// The code of its kind, of a risk that has kinds.
    pub kind: Option<String>,
    /// In words.
    pub words: String,
    /// Since when.
    pub found_on: Day,
    /// The day on which it was gone.
    pub gone_on: Option<Day>,
    /// Why it counts as gone.
    pub gone_why: Option<String>,
    /// Who wrote it down.
    pub name: String,
}

/// The risks of a case in their order.
pub fn list_risks(session: &mut Session, id: CaseId) -> Result<Vec<Risk>> {
    let rows = session.rows(
        "select position, risk, kind, words, found_on, gone_on, gone_why, name from case_risks where case_id = $1
         order by position",
        params![id],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Risk {
                position: row.int(0)?,
                risk: row.text(1)?,
                kind: row.opt_text(2)?,
                words: row.text(3)?,
                found_on: row.parse(4)?,
                gone_on: row.opt_parse(5)?,
                gone_why: row.opt_text(6)?,
                name: row.text(7)?,
            })
        })
        .collect()
}

/// Writes the risks of a case anew.
pub fn save_risks(tx: &mut Tx, id: CaseId, risks: &[Risk]) -> Result<()> {
    tx.exec("delete from case_risks where case_id = $1", params![id])?;
    insert_risks(tx, id, risks)
}

/// Writes the risks of a case that has none yet.
pub fn insert_risks(tx: &mut Tx, id: CaseId, risks: &[Risk]) -> Result<()> {
    let now = tx.now();
    for risk in risks {
        tx.exec(
            "insert into case_risks (case_id, position, risk, kind, words, found_on, gone_on, gone_why, name, recorded_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                id, risk.position, &risk.risk, risk.kind.as_deref(), &risk.words, risk.found_on, risk.gone_on,
                risk.gone_why.as_deref(), &risk.name, now
            ],
        )?;
    }
    Ok(())
}

/// Goes up with every change of what belongs to a case; `false` when somebody was first.
pub fn next_version(tx: &mut Tx, id: CaseId, seen: i64) -> Result<bool> {
    let changed = tx.exec(
        "update cases set version = version + 1 where id = $1 and version = $2",
        params![id, seen],
    )?;
    Ok(changed == 1)
}

/// The name of the head of a household; empty where there is none.
pub fn head_of(session: &mut Session, household: HouseholdId) -> Result<String> {
    let row = session.find(
        "select p.name from households h join persons p on p.id = h.head_id where h.id = $1",
        params![household],
    )?;
    row.map_or_else(|| Ok(String::new()), |row| row.text(0))
}

/// The name of a person.
pub fn name_of(session: &mut Session, person: PersonId) -> Result<String> {
    let row = session.find("select name from persons where id = $1", params![person])?;
    row.map_or_else(|| Ok(String::new()), |row| row.text(0))
}

/// Says that help comes first, or no longer.
pub fn save_urgent(tx: &mut Tx, id: CaseId, urgent: bool) -> Result<()> {
    tx.exec("update cases set urgent = $2 where id = $1", params![id, urgent])?;
    Ok(())
}
