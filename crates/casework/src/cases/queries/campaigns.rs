//! Queries of campaigns: whom a life is for, what was begun, how far it is.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::Day;
use store::{BuiltSql, Ctx, Permit, Row, Session, Tx, params, visible};

use super::super::begin::Of;
use super::super::starts::Subject;

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: String,
    /// The life.
    pub life: String,
    /// What it is called and why.
    pub words: String,
    /// When it began.
    pub on: Day,
    /// By when all shall have gone through it.
    pub due_on: Day,
    /// For how many the condition held.
    pub selected: i64,
    /// With how many it began: the others had a case already.
    pub begun: i64,
    /// Who began it.
    pub name: String,
}

/// How far the cases of a campaign are in an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The area.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
    /// How many cases are in each state.
    pub states: BTreeMap<String, i64>,
}

/// Households or people for whom a condition over their facts (`f`) is true, in the order of their places.
pub fn list_selected(session: &mut Session, subject: Subject, condition: &str) -> Result<Vec<Of>> {
    let sql = match subject {
        Subject::Household => format!(
            "select f.household_id, null, f.village_code from household_facts f join households h on h.id = f.household_id
             where h.closed_on is null and ({condition}) order by f.village_code, h.number"
        ),
        Subject::Person => format!(
            "select f.household_id, f.person_id, f.village_code from person_facts f join persons p on p.id = f.person_id
             where p.died_on is null and ({condition}) order by f.village_code, p.number"
        ),
    };
    let rows = session.rows(&BuiltSql::from_generator(sql), &[])?;
    let of = |row: &Row| {
        Ok(Of { household: row.parse(0)?, person: row.opt_parse(1)?, village: row.parse(2)? })
    };
    rows.iter().map(of).collect()
}

/// Writes a campaign that has begun.
pub fn insert(tx: &mut Tx, ctx: &Ctx, one: &Campaign, (pack, version): (&str, i64)) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into campaigns (id, life, words, due_on, selected, begun, account_id, name, on_day, at, pack_id, pack_version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            &one.id, &one.life, &one.words, one.due_on, one.selected, one.begun, &ctx.actor.account, &one.name, one.on,
            now, pack, version
        ],
    )?;
    Ok(())
}

macro_rules! campaigns {
    ($rest:literal) => {
        concat!(
            "select id, life, words, on_day, due_on, selected, begun, name from campaigns ",
            $rest
        )
    };
}

fn campaign(row: &Row) -> Result<Campaign> {
    Ok(Campaign {
        id: row.text(0)?,
        life: row.text(1)?,
        words: row.text(2)?,
        on: row.parse(3)?,
        due_on: row.parse(4)?,
        selected: row.int(5)?,
        begun: row.int(6)?,
        name: row.text(7)?,
    })
}

/// Every campaign, the newest first.
pub fn list(session: &mut Session) -> Result<Vec<Campaign>> {
    session.rows(campaigns!("order by at desc, id"), &[])?.iter().map(campaign).collect()
}

/// One of them.
pub fn find(session: &mut Session, id: &str) -> Result<Option<Campaign>> {
    session.find(campaigns!("where id = $1"), params![id])?.as_ref().map(campaign).transpose()
}

/// A campaign of a life whose last day has not gone.
pub fn find_running(session: &mut Session, life: &str, today: Day) -> Result<Option<Campaign>> {
    let sql = campaigns!("where life = $1 and due_on >= $2 order by at desc limit 1");
    session.find(sql, params![life, today])?.as_ref().map(campaign).transpose()
}

const BY_VILLAGE: &str = concat!(
    "select c.village_code, c.state, count(*) from cases c where c.campaign_id = $3 and ",
    visible!("c.village_code", "c.household_id"),
    " group by c.village_code, c.state order by 1, 2"
);

/// The cases of a campaign in the person's scope: village, state, number.
pub fn count_by_village(
    session: &mut Session,
    permit: &Permit,
    id: &str,
) -> Result<Vec<(AreaCode, String, i64)>> {
    let rows = session.rows(BY_VILLAGE, &[permit.account(), permit.today(), id.into()])?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.text(1)?, row.int(2)?))).collect()
}
