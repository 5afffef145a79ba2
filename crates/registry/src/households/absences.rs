//! Queries of the households and people whom the newest register does not name (登记册未列入): nobody is removed for it;
//! somebody says what became of them.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Instant;
use store::{Permit, Row, Session, Tx, params, visible};

/// A household, or a person of a household that the register does name, missing in the newest register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The household.
    pub household: HouseholdId,
    /// 户编号.
    pub number: String,
    /// Name of the head.
    pub head: Option<String>,
    /// The person with the name; `None` when the whole household is missing.
    pub person: Option<(PersonId, String)>,
    /// Where the household stands.
    pub village: AreaCode,
    /// The village's name.
    pub village_name: String,
    /// When it was noticed.
    pub noted_at: Instant,
    /// Who said that they live here all the same, and why.
    pub answered: Option<(String, String)>,
}

/// Missing today still: the household is not closed, the person still belongs to it.
macro_rules! absences {
    ($columns:literal, $rest:literal) => {
        concat!(
            "select ",
            $columns,
            " from register_absences x join households h on h.id = x.household_id
             left join persons hp on hp.id = h.head_id left join persons p on p.id = x.person_id
             left join areas a on a.code = h.village_code left join accounts acc on acc.id = x.answered_by
             where ",
            visible!("h.village_code", "h.id"),
            " and x.state = $3 and h.closed_on is null
              and (x.person_id = '' or exists (select 1 from memberships m where m.household_id = x.household_id
                     and m.person_id = x.person_id and m.valid_to is null)) ",
            $rest
        )
    };
}

/// Whom the newest register does not name, by village and number: those whom nobody has spoken of yet, or (`answered`)
/// those who were said to live here all the same.
///
/// # Errors
/// What the database refuses.
pub fn list_absences(
    session: &mut Session,
    permit: &Permit,
    answered: Answered,
    limit: i64,
) -> Result<Vec<Absence>> {
    let rows = session.rows(
        absences!(
            "x.household_id, h.number, hp.name, x.person_id, p.name, h.village_code, a.name, x.noted_at,
             coalesce(acc.name, x.answered_by), x.reason",
            "order by h.village_code, h.number, x.person_id limit $4"
        ),
        params![permit.account(), permit.today(), answered.state(), limit],
    )?;
    rows.iter().map(absence).collect()
}

/// How many of them wait for a word.
///
/// # Errors
/// What the database refuses.
pub fn count_absences(session: &mut Session, permit: &Permit) -> Result<i64> {
    let open = Answered::NotYet.state();
    session.row(absences!("count(*)", ""), params![permit.account(), permit.today(), open])?.int(0)
}

/// Whether somebody has spoken of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Nobody yet.
    NotYet,
    /// They live here all the same.
    Stays,
}

impl Answered {
    const fn state(self) -> &'static str {
        match self {
            Self::NotYet => "open",
            Self::Stays => "stays",
        }
    }
}

fn absence(row: &Row) -> Result<Absence> {
    let person = row.text(3)?;
    let named = match person.as_str() {
        "" => None,
        id => {
            Some((id.parse().map_err(kernel::Error::from)?, row.opt_text(4)?.unwrap_or_default()))
        }
    };
    Ok(Absence {
        household: row.parse(0)?,
        number: row.text(1)?,
        head: row.opt_text(2)?,
        person: named,
        village: row.parse(5)?,
        village_name: row.opt_text(6)?.unwrap_or_default(),
        noted_at: row.parse(7)?,
        answered: row.opt_text(8)?.zip(row.opt_text(9)?),
    })
}

/// Says that somebody lives here although the register does not name them; whether that was still open.
pub(super) fn say_stays(
    tx: &mut Tx,
    (household, person): (&str, &str),
    (by, reason): (&str, &str),
) -> Result<bool> {
    let now = tx.now();
    let changed = tx.exec(
        "update register_absences set state = 'stays', answered_by = $3, answered_at = $4, reason = $5
         where household_id = $1 and person_id = $2 and state = 'open'",
        params![household, person, by, now, reason],
    )?;
    Ok(changed > 0)
}
