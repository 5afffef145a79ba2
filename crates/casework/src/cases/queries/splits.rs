//! Queries of households that split off a monitored one: what nobody has looked at yet, and what was said of the others.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{CaseId, HouseholdId};
use kernel::time::{Day, Instant};
use store::{Ctx, Permit, Row, Session, Tx, params, visible};

use super::reminders::{Recalled, Reminder};

/// What was said of a household that split off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its place among what was said of the household.
    pub seq: i64,
    /// The case that began; `None` where there is no risk of its own.
    pub opened: Option<CaseId>,
    /// Why there is none.
    pub words: String,
    /// Who said so.
    pub by: String,
    /// The day.
    pub on: Day,
}

/// A household that split off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The household.
    pub household: HouseholdId,
    /// The one that it comes from, as it was written down.
    pub from: HouseholdId,
    /// 户编号.
    pub number: String,
    /// Where it stands.
    pub village: AreaCode,
    /// The head's name; empty where none is known.
    pub head: String,
    /// The day.
    pub on: Day,
    /// How many went along.
    pub people: i64,
    /// A case of monitoring that runs, and its number.
    pub case: Option<(CaseId, String)>,
    /// What was said of it.
    pub said: Option<Said>,
}

macro_rules! split {
    ($columns:literal, $also:literal) => {
        concat!(
            "select ",
            $columns,
            " from memberships m join memberships f on f.person_id = m.person_id and f.household_id <> m.household_id
               and f.how_out = 'split' and f.valid_to = m.valid_from
             join households n on n.id = m.household_id left join persons p on p.id = n.head_id
             join cases c on c.household_id = f.household_id left join households g on g.id = c.household_id
             left join areas a on a.code = n.village_code
             where m.how_in = 'split' and n.closed_on is null and c.life = 'monitoring' and c.discovered_on <= m.valid_from",
            $also
        )
    };
}
const OF_CASE: &str = split!(
    "n.id, n.number, n.village_code, coalesce(p.name, ''), m.valid_from, cast(count(*) as bigint), f.household_id",
    " and c.id = $1 group by n.id, n.number, n.village_code, p.name, m.valid_from, f.household_id order by m.valid_from, n.number"
);
const OPEN: &str = concat!(
    split!(
        "c.id, c.number, n.id, coalesce(p.name, n.number), coalesce(a.name, n.village_code), m.valid_from",
        " and c.phase in ('identify', 'help', 'remove', 'side')
         and not exists (select 1 from case_splits s where s.household_id = n.id and s.undone_at is null)
         and not exists (select 1 from cases x where x.household_id = n.id and x.life = 'monitoring'
           and x.phase in ('identify', 'help', 'remove', 'side')) and "
    ),
    visible!("n.village_code", "n.id"),
    " and ",
    visible!("c.village_code", "coalesce(g.merged_into, c.household_id)"),
    " group by c.id, c.number, n.id, n.number, p.name, a.name, n.village_code, m.valid_from
     order by m.valid_from, n.number limit $3"
);

const CASE_OF: &str = "select id, number from cases where household_id = $1 and life = 'monitoring'
     and phase in ('identify', 'help', 'remove', 'side') order by id desc limit 1";
const SAID_OF: &str = "select seq, opened_id, words, by_name, recorded_at from case_splits
     where household_id = $1 and undone_at is null order by seq desc limit 1";

fn said(row: &Row) -> Result<Said> {
    let on = row.parse::<Instant>(4)?.day();
    let (opened, words) = (row.opt_parse(1)?, row.text(2)?);
    Ok(Said { seq: row.int(0)?, opened, words, by: row.text(3)?, on })
}

/// The households that split off the household of a case since the risk was found.
pub fn of_case(session: &mut Session, id: CaseId) -> Result<Vec<Split>> {
    let rows = session.rows(OF_CASE, params![id])?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let household: HouseholdId = row.parse(0)?;
        let case = session.find(CASE_OF, params![household])?;
        let words = session.find(SAID_OF, params![household])?;
        found.push(Split {
            household,
            from: row.parse(6)?,
            number: row.text(1)?,
            village: row.parse(2)?,
            head: row.text(3)?,
            on: row.parse(4)?,
            people: row.int(5)?,
            case: match case {
                Some(row) => Some((row.parse(0)?, row.text(1)?)),
                None => None,
            },
            said: words.as_ref().map(said).transpose()?,
        });
    }
    Ok(found)
}

/// Households in the person's scope that split off a monitored one and of which nobody has said anything yet.
pub fn list_open(session: &mut Session, permit: &Permit, most: i64) -> Result<Vec<Recalled>> {
    let bound = [permit.account(), permit.today(), most.into()];
    let one = |row: &Row| {
        let day: Day = row.parse(5)?;
        Ok(Recalled {
            reminder: Reminder { kind: "split".to_owned(), about: row.text(2)?, day, since: day },
            case: (row.parse(0)?, row.text(1)?),
            who: row.text(3)?,
            village: row.text(4)?,
        })
    };
    session.rows(OPEN, &bound)?.iter().map(one).collect()
}

/// Keeps what was said of a household.
pub fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    (household, case): (HouseholdId, CaseId),
    (opened, words): (Option<CaseId>, &str),
) -> Result<()> {
    let answer = if opened.is_some() { "case" } else { "nothing" };
    tx.exec(
        "insert into case_splits (household_id, seq, case_id, answer, opened_id, words, account_id, by_name, recorded_at)
         select $1, (select coalesce(max(seq), 0) + 1 from case_splits where household_id = $1), $2, $3, $4, $5, $6, $7, $8",
        params![
            household, case, answer, opened, words, &ctx.actor.account, &ctx.actor.name, ctx.now
        ],
    )?;
    Ok(())
}

/// What was said is undone.
pub fn undo(tx: &mut Tx, ctx: &Ctx, (household, seq): (HouseholdId, i64)) -> Result<()> {
    tx.exec(
        "update case_splits set undone_at = $3, undone_by = $4 where household_id = $1 and seq = $2",
        params![household, seq, ctx.now, &ctx.actor.name],
    )?;
    Ok(())
}

/// Takes a case back with which nobody has done anything; `false` where somebody has.
pub fn drop_untouched(tx: &mut Tx, id: CaseId) -> Result<bool> {
    let joined = tx.find("select 1 from case_leads where case_id = $1 limit 1", params![id])?;
    if joined.is_some()
        || tx.exec("delete from cases where id = $1 and version = 1", params![id])? != 1
    {
        return Ok(false);
    }
    tx.exec("delete from case_risks where case_id = $1", params![id])?;
    tx.exec("delete from case_steps where case_id = $1", params![id])?;
    tx.exec("delete from case_reminders where case_id = $1", params![id])?;
    Ok(true)
}
