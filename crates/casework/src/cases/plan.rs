//! Whether the help fits the risks, as the ledger of measures has it.

use kernel::error::Result;
use kernel::time::Day;
use store::Session;

use super::model::Case;

/// What the plan of a case lacks: each open risk at which nothing is aimed.
pub fn lacks(
    _session: &mut Session,
    _case: &Case,
    (open, _labour): (&[String], Option<bool>),
    _today: Day,
) -> Result<Vec<String>> {
    Ok(open.to_vec())
}

/// Measures aimed at one of the risks that were delivered.
pub fn count_delivered(_session: &mut Session, _case: &Case, _risks: &[String]) -> Result<i64> {
    Ok(0)
}
