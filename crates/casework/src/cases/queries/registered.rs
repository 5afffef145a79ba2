//! Queries of households and people whose cases begin otherwise than with a lead: what a register has of them.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use store::{Permit, Row, Session, Tx, params, visible};

use super::super::book::MONITORING;

/// From so many changed households on all are looked through at once.
pub const MANY: usize = 100;

/// A household that a register has as monitored and that has no case. One that split off another and has its status from there
/// is none: whether it has a risk of its own is asked (`splits`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The household, as text.
    pub id: String,
    /// The household.
    pub household: HouseholdId,
    /// Where it stands.
    pub village: AreaCode,
    /// The class.
    pub class: String,
    /// Since when.
    pub from: Day,
    /// Until when, if it no longer is.
    pub to: Option<Day>,
    /// Risks and way of removal, as JSON.
    pub detail: String,
}

macro_rules! registered {
    ($which:literal) => {
        concat!(
            "select s.household_id, h.village_code, s.value, s.valid_from, s.valid_to, coalesce(s.detail, '{}')
             from statuses s join households h on h.id = s.household_id join batches b on b.id = s.batch_id
             where s.scheme = 'monitored' and s.person_id is null and s.source <> 'cases' and b.state = 'accepted'
               and h.closed_on is null
               and not exists (select 1 from memberships w where w.household_id = s.household_id and w.how_in = 'split'
                 and w.recorded_at = s.recorded_at) and ",
            $which,
            " not exists (select 1 from cases c where c.household_id = s.household_id and c.life = $1)
               and not exists (select 1 from cases c join households o on o.id = c.household_id
                 where o.merged_into = s.household_id and c.life = $1)
             order by h.number, s.household_id, s.valid_from desc, s.seq desc"
        )
    };
}

fn registered(row: &Row) -> Result<Registered> {
    Ok(Registered {
        id: row.text(0)?,
        household: row.parse(0)?,
        village: row.parse(1)?,
        class: row.text(2)?,
        from: row.parse(3)?,
        to: row.opt_parse(4)?,
        detail: row.text(5)?,
    })
}

/// What the registers have last of a household, if it has no case.
pub fn find_registered(session: &mut Session, household: &str) -> Result<Option<Registered>> {
    let rows =
        session.rows(registered!("s.household_id = $2 and"), params![MONITORING, household])?;
    rows.first().map(registered).transpose()
}

/// The same of every household, one line each.
pub fn list_registered(session: &mut Session) -> Result<Vec<Registered>> {
    let rows = session.rows(registered!(""), params![MONITORING])?;
    let mut all: Vec<Registered> = rows.iter().map(registered).collect::<Result<_>>()?;
    all.dedup_by(|later, first| later.id == first.id);
    Ok(all)
}

const UNREGISTERED: &str = "select c.id, c.household_id from cases c where c.life = $1 and c.version = 1
       and (cast($2 as text) is null or c.household_id = $2)
       and exists (select 1 from case_steps t where t.case_id = c.id and t.seq = 0 and t.step = $3)
       and not exists (select 1 from statuses s join batches b on b.id = s.batch_id
         where s.household_id = c.household_id and s.scheme = 'monitored' and b.state = 'accepted')";

/// Takes back cases with which nobody has done anything, where no register has the household as monitored any more.
pub fn drop_unregistered(tx: &mut Tx, households: &BTreeSet<&str>, step: &str) -> Result<()> {
    // only a taken-back register can do this, and before the first case there is nothing to take back
    if tx.find("select 1 from cases where life = $1 limit 1", params![MONITORING])?.is_none() {
        return Ok(());
    }
    let of = |household: Option<&str>| params![MONITORING, household, step].to_vec();
    let mut found = Vec::new();
    if households.len() < MANY {
        for household in households {
            found.extend(tx.rows(UNREGISTERED, &of(Some(household)))?);
        }
    } else {
        found = tx.rows(UNREGISTERED, &of(None))?;
    }
    for row in found {
        let id = row.text(0)?;
        if households.contains(row.str(1)?) {
            tx.exec("delete from case_risks where case_id = $1", params![&id])?;
            tx.exec("delete from case_steps where case_id = $1", params![&id])?;
            tx.exec("delete from cases where id = $1", params![&id])?;
        }
    }
    Ok(())
}

/// A member of a household for whom a case can begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Somebody {
    /// The person.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Where the household stands.
    pub village: AreaCode,
}

const MEMBERS: &str = concat!(
    "select p.id, p.name, h.village_code from households h join memberships m on m.household_id = h.id and m.valid_to is null
       join persons p on p.id = m.person_id
     where h.id = $3 and h.closed_on is null and p.died_on is null and ",
    visible!("h.village_code", "h.id"),
    " order by case when m.kin = 'head' then 0 else 1 end, p.birth_day, p.id"
);

/// The members of a household that stands, for who may see it.
pub fn list_members(
    session: &mut Session,
    permit: &Permit,
    household: HouseholdId,
) -> Result<Vec<Somebody>> {
    let rows = session.rows(MEMBERS, &[permit.account(), permit.today(), household.into()])?;
    let member = |row: &Row| {
        Ok(Somebody { person: row.parse(0)?, name: row.text(1)?, village: row.parse(2)? })
    };
    rows.iter().map(member).collect()
}
