//! The SQL of leads that ended as wrong data: what a department has to look into.

use kernel::error::Result;
use kernel::ids::LeadId;
use kernel::time::Day;
use store::{Permit, Session};

use super::inbox::seen;

/// A reason of a department on a lead that was answered "wrong data".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// The lead.
    pub lead: LeadId,
    /// Name of the village.
    pub village: String,
    /// 户编号, of a lead about a household.
    pub number: Option<String>,
    /// The head's name.
    pub head: Option<String>,
    /// The rule that hit.
    pub rule: String,
    /// Whose list it read.
    pub department: String,
    /// Its sentence, Simplified Chinese.
    pub zh: String,
    /// Its sentence, English.
    pub en: String,
    /// The reason from the list.
    pub reason_code: Option<String>,
    /// The reason in words.
    pub reason: Option<String>,
    /// Who answered.
    pub by: String,
    /// On which day.
    pub on: Day,
}

const RETURNED: &str = concat!(
    "select l.id, coalesce(a.name, l.village_code), h.number, p.name, r.rule_id, r.department, r.sentence_zh,
       r.sentence_en, l.reason_code, l.reason, l.answered_name, l.answered_on
     from leads l join lead_reasons r on r.lead_id = l.id left join households h on h.id = l.household_id
     left join persons p on p.id = h.head_id left join areas a on a.code = l.village_code
     where l.state = 'answered' and l.outcome = 'wrong_data' and r.settled = 1 and r.department = $4 and ",
    seen!(),
    " order by l.answered_on desc, l.id, r.rule_id"
);

/// What came back to a department, the newest first.
pub fn returned_leads(
    session: &mut Session,
    permit: &Permit,
    department: &str,
) -> Result<Vec<Returned>> {
    let own = permit.department().unwrap_or("");
    let values = [permit.account(), permit.today(), own.into(), department.into()];
    let rows = session.rows(RETURNED, &values)?;
    rows.iter()
        .map(|row| {
            Ok(Returned {
                lead: row.parse(0)?,
                village: row.text(1)?,
                number: row.opt_text(2)?,
                head: row.opt_text(3)?,
                rule: row.text(4)?,
                department: row.text(5)?,
                zh: row.text(6)?,
                en: row.text(7)?,
                reason_code: row.opt_text(8)?,
                reason: row.opt_text(9)?,
                by: row.opt_text(10)?.unwrap_or_default(),
                on: row.parse(11)?,
            })
        })
        .collect()
}
