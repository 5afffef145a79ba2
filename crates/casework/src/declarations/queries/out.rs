//! The SQL of what is published for the public side.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::LeadId;
use store::Session;

use super::super::model::State;

/// A declaration from the public page, for its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The digest of its code.
    pub letter: String,
    /// Where it stands.
    pub state: State,
    /// In which village.
    pub village: AreaCode,
    /// The lead that counts: of the latest objection, else its own.
    pub lead: Option<LeadId>,
    /// An objection to its answer waits to be placed.
    pub objected: bool,
}

/// Every declaration from the public page.
pub fn list(session: &mut Session) -> Result<Vec<Published>> {
    let rows = session.rows(
        "select d.letter, d.state, d.village_code,
           coalesce((select o.lead_id from declarations o where o.objects_to = d.id and o.lead_id is not null
             order by o.said_at desc, o.id desc limit 1), d.lead_id),
           (select count(*) from declarations o where o.objects_to = d.id and o.state = 'waiting')
         from declarations d where d.letter is not null and d.objects_to is null order by d.letter",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Published {
                letter: row.text(0)?,
                state: row.parse(1)?,
                village: row.parse(2)?,
                lead: row.opt_parse(3)?,
                objected: row.int(4)? > 0,
            })
        })
        .collect()
}

/// Whom applicants call, by township.
pub fn phones(session: &mut Session) -> Result<BTreeMap<AreaCode, String>> {
    let rows = session.rows("select area_code, phone from declaration_phones", &[])?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.text(1)?))).collect()
}
