//! Queries of who lives or lived in a household.

use kernel::error::Result;
use kernel::ids::HouseholdId;
use kernel::time::Day;
use store::{Row, Session, params};

use super::how::{HowIn, HowOut};
use super::kin::Kin;
use super::model::Membership;
use super::status::Recorded;
use crate::areas::Span;
use crate::people::{Certificate, IdState, Sex};

/// A person of a household with the stay that brought them there.
#[derive(Clone, Debug)]
pub struct Resident {
    /// The stay.
    pub stay: Membership,
    /// When the stay was written down.
    pub recorded: Recorded,
    /// 人编号.
    pub number: String,
    /// Name.
    pub name: String,
    /// Day of birth.
    pub birth_day: Option<Day>,
    /// Which paper.
    pub certificate: Certificate,
    /// How far the number can be trusted.
    pub id_state: IdState,
    /// Identity number, sealed.
    pub id_sealed: Option<String>,
    /// Phone, sealed.
    pub phone_sealed: Option<String>,
    /// Died on.
    pub died_on: Option<Day>,
    /// Held to be somebody else: that person's name and household.
    pub same_as: Option<(String, String)>,
}

impl Resident {
    /// The stay holds on no day: it is told under another number.
    #[must_use]
    pub fn set_aside(&self) -> bool {
        self.stay.how_out == Some(HowOut::Correction) && self.stay.span.is_empty()
    }
}

const RESIDENTS: &str =
    "select m.household_id, m.person_id, m.valid_from, m.valid_to, m.kin, m.how_in, m.how_out, m.hukou,
        m.shares_budget, m.resident, p.sex, m.recorded_at, m.ended_at, p.number, p.name, p.birth_day, p.certificate,
        p.id_state, p.id_sealed, p.phone_sealed, p.died_on, k.name,
        (select c.household_id from memberships c where c.person_id = k.id
         order by case when c.valid_to is null then 0 else 1 end, c.valid_from desc limit 1)
     from memberships m join persons p on p.id = m.person_id left join persons k on k.id = p.merged_into
     where m.household_id = $1 order by m.valid_from, p.birth_day nulls last, p.number";

/// Everybody who lives or lived in a household. The caller has loaded the household under its permit.
///
/// # Errors
/// What the database refuses.
pub fn list_residents(session: &mut Session, household: &HouseholdId) -> Result<Vec<Resident>> {
    session.rows(RESIDENTS, params![household.to_string()])?.iter().map(resident_of).collect()
}

fn resident_of(row: &Row) -> Result<Resident> {
    let sex = row.opt_text(10)?.and_then(|text| Sex::read(&text));
    Ok(Resident {
        stay: Membership {
            household: row.parse(0)?,
            person: row.parse(1)?,
            span: Span { from: row.parse(2)?, to: row.opt_parse(3)? },
            kin: Kin::parse(&row.text(4)?).unwrap_or(Kin::Other),
            how_in: row.text(5)?.parse().unwrap_or(HowIn::Register),
            how_out: row.opt_text(6)?.and_then(|how| how.parse().ok()),
            hukou: row.flag(7)?,
            shares_budget: row.flag(8)?,
            resident: row.flag(9)?,
            sex,
        },
        recorded: Recorded { at: row.parse(11)?, ended_at: row.opt_parse(12)? },
        number: row.text(13)?,
        name: row.text(14)?,
        birth_day: row.opt_parse(15)?,
        certificate: row.text(16)?.parse().unwrap_or(Certificate::None),
        id_state: row.text(17)?.parse().unwrap_or(IdState::Unverified),
        id_sealed: row.opt_text(18)?,
        phone_sealed: row.opt_text(19)?,
        died_on: row.opt_parse(20)?,
        same_as: row.opt_text(21)?.zip(row.opt_text(22)?),
    })
}
