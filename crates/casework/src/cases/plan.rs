//! Whether the help fits the risks, as the ledger of measures has it.

use kernel::error::Result;
use kernel::time::Day;
use store::Session;

use super::model::Case;
use crate::assistance::{fits, measures_of};

/// What stands in [`super::model::Known::plan_lacks`] beside codes of risks: a real measure of development.
pub const DEVELOPMENT: &str = "development";
/// The same: the safety net for a household in which nobody can work.
pub const SAFETY_NET: &str = "safety_net";

/// What the plan of a case lacks: each open risk at which nothing is aimed; with labour a measure of development, without
/// the safety net.
pub fn lacks(
    session: &mut Session,
    case: &Case,
    (open, labour): (&[String], Option<bool>),
    today: Day,
) -> Result<Vec<String>> {
    let fit = fits(open, &measures_of(session, case.household, today)?, labour);
    let mut lacks = fit.missing;
    lacks.extend(fit.lacks_development.then(|| DEVELOPMENT.to_owned()));
    lacks.extend(fit.lacks_safety_net.then(|| SAFETY_NET.to_owned()));
    Ok(lacks)
}

/// Measures aimed at one of the risks that were given since the household was taken in.
pub fn count_delivered(
    session: &mut Session,
    case: &Case,
    (risks, today): (&[String], Day),
) -> Result<i64> {
    let since = case.identified_on.unwrap_or(case.discovered_on);
    let measures = measures_of(session, case.household, today)?;
    let given = measures.iter().filter(|one| {
        let given = one.delivered.as_ref().is_some_and(|given| given.on >= since);
        given && one.aims.iter().any(|aim| risks.contains(aim))
    });
    Ok(given.count().try_into().unwrap_or(i64::MAX))
}
