//! What villages earned, and classes by hand, in the database.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::time::Instant;
use store::{Ctx, Row, Session, Tx, params};

use super::model::Collective;

/// What the collective of a village earned in a year, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Income {
    /// The year.
    pub year: i64,
    /// In fen.
    pub amount: i64,
    /// The document or table behind it; may be empty.
    pub document: String,
    /// Who wrote it down.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// A class that the county set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The year.
    pub year: i64,
    /// The class; `None` where the county went back to the one that follows from the income.
    pub class: Option<Collective>,
    /// The document.
    pub document: String,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: Instant,
}

fn income(row: &Row) -> Result<(AreaCode, Income)> {
    let income = Income {
        year: row.int(1)?,
        amount: row.int(2)?,
        document: row.text(3)?,
        by: row.text(4)?,
        at: row.parse(5)?,
    };
    Ok((row.parse(0)?, income))
}

fn by_hand(row: &Row) -> Result<(AreaCode, ByHand)> {
    let set = ByHand {
        year: row.int(1)?,
        class: row.opt_parse(2)?,
        document: row.text(3)?,
        by: row.text(4)?,
        at: row.parse(5)?,
    };
    Ok((row.parse(0)?, set))
}

/// What every village in an area earned in a year: what was written down last.
pub fn list_incomes(
    session: &mut Session,
    (low, high): (&str, &str),
    year: i64,
) -> Result<BTreeMap<AreaCode, Income>> {
    session
        .rows(
            "select village_code, year, amount_fen, document, name, at from village_incomes
             where village_code >= $1 and village_code <= $2 and year = $3 order by village_code, number",
            params![low, high, year],
        )?
        .iter()
        .map(income)
        .collect()
}

/// Classes by hand of a year in an area: what was said last.
pub fn list_by_hand(
    session: &mut Session,
    (low, high): (&str, &str),
    year: i64,
) -> Result<BTreeMap<AreaCode, ByHand>> {
    session
        .rows(
            "select village_code, year, class, document, name, at from village_classes
             where village_code >= $1 and village_code <= $2 and year = $3 order by village_code, number",
            params![low, high, year],
        )?
        .iter()
        .map(by_hand)
        .collect()
}

/// All that was written down about one village, the newest first.
pub fn history(session: &mut Session, village: AreaCode) -> Result<(Vec<Income>, Vec<ByHand>)> {
    let incomes = session.rows(
        "select village_code, year, amount_fen, document, name, at from village_incomes where village_code = $1
         order by year desc, number desc",
        params![village],
    )?;
    let set = session.rows(
        "select village_code, year, class, document, name, at from village_classes where village_code = $1
         order by year desc, number desc",
        params![village],
    )?;
    let incomes: Result<Vec<Income>> = incomes.iter().map(|row| Ok(income(row)?.1)).collect();
    let set: Result<Vec<ByHand>> = set.iter().map(|row| Ok(by_hand(row)?.1)).collect();
    Ok((incomes?, set?))
}

/// Somebody else wrote the same at the same moment: nothing is overwritten unseen.
fn at_once(written: usize) -> Result<()> {
    if written == 0 {
        return Err(Refusal::conflict("villages.at_once").into());
    }
    Ok(())
}

/// Writes down what a village earned.
///
/// # Errors
/// `villages.at_once` when somebody else is writing it down too.
pub fn insert_income(
    tx: &mut Tx,
    ctx: &Ctx,
    (village, year): (AreaCode, i64),
    (amount, document): (i64, &str),
) -> Result<()> {
    let written = tx.exec(
        "insert into village_incomes (village_code, year, number, at, amount_fen, document, account_id, name)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from village_incomes where village_code = $1 and year = $2),
           $3, $4, $5, $6, $7) on conflict (village_code, year, number) do nothing",
        params![village, year, ctx.now, amount, document, &ctx.actor.account, &ctx.actor.name],
    )?;
    at_once(written)
}

/// Keeps a class by hand.
///
/// # Errors
/// `villages.at_once` when somebody else is setting it too.
pub fn insert_by_hand(
    tx: &mut Tx,
    ctx: &Ctx,
    (village, year): (AreaCode, i64),
    (class, document): (Option<Collective>, &str),
) -> Result<()> {
    let class = class.map(Collective::text);
    let written = tx.exec(
        "insert into village_classes (village_code, year, number, at, class, document, account_id, name)
         values ($1, $2, (select coalesce(max(number), 0) + 1 from village_classes where village_code = $1 and year = $2),
           $3, $4, $5, $6, $7) on conflict (village_code, year, number) do nothing",
        params![village, year, ctx.now, class, document, &ctx.actor.account, &ctx.actor.name],
    )?;
    at_once(written)
}

/// The rows of own lists about a village, as its facts hold them.
pub fn find_own_rows(session: &mut Session, village: AreaCode) -> Result<Option<String>> {
    let sql = "select own_lists from village_facts where village_code = $1";
    session.find(sql, params![village])?.map_or(Ok(None), |row| row.opt_text(0))
}
