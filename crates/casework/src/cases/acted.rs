//! What is done about households, for their facts: help and case together, at any moment.

use std::collections::BTreeMap;

use kernel::error::Result;
use registry::circumstances::facts::Acted;
use registry::circumstances::ledger::Moment;
use store::Session;

use super::facts::case_facts;
use super::queries::acted as queries;
use crate::assistance::{help, helpers_then, measures_then, no_help};

/// Says of households what is done about them.
///
/// # Errors
/// What the database refuses.
pub fn acted(
    session: &mut Session,
    ids: &[String],
    at: &Moment,
) -> Result<BTreeMap<String, Acted>> {
    let list = serde_json::json!(ids).to_string();
    let mut measures = measures_then(session, &list, at)?;
    let mut helpers = helpers_then(session, &list, at)?;
    let mut cases = queries::newest(session, &list, at)?;
    let mut found = BTreeMap::new();
    for id in ids {
        let measures = measures.remove(id).unwrap_or_default();
        let helpers = helpers.remove(id).unwrap_or_default();
        let case = cases.remove(id);
        let (known, changes_on) = help(&measures, &helpers, at.day);
        let help = known.or_else(|| case.is_some().then(no_help)).unwrap_or_default();
        let case = case_facts(case.as_ref(), &measures);
        found.insert(id.clone(), Acted { help, case, changes_on });
    }
    Ok(found)
}
