//! The columns of the newest case of one household. Pure.

use kernel::time::Day;
use registry::circumstances::facts::CaseFacts;

use crate::assistance::{Measure, fits};

/// What of a case the columns tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// The day on which the risk was found.
    pub discovered_on: Day,
    /// The day on which it began.
    pub accepted_on: Day,
    /// The day of identification.
    pub announced_on: Option<Day>,
    /// The day on which the risk was removed by help.
    pub removed_on: Option<Day>,
    /// Its risks, and which of them are still there.
    pub risks: Vec<(String, bool)>,
}

/// What the columns hold for a household with this case, or without one.
pub fn case_facts(case: Option<&Told>, measures: &[Measure]) -> CaseFacts {
    let count = |number: usize| i64::try_from(number).ok();
    let Some(case) = case else {
        return CaseFacts {
            case_state: Some(String::new()),
            case_risks: Some(0),
            case_risks_without_measure: Some(0),
            ..CaseFacts::default()
        };
    };
    let open = case.risks.iter().filter(|(_, open)| *open);
    let open: Vec<String> = open.map(|(risk, _)| risk.clone()).collect();
    CaseFacts {
        case_state: Some(case.state.clone()),
        case_discovered_on: Some(case.discovered_on),
        case_accepted_on: Some(case.accepted_on),
        case_announced_on: case.announced_on,
        case_removed_on: case.removed_on,
        case_risks: count(case.risks.len()),
        case_risks_without_measure: count(fits(&open, measures, None).missing.len()),
    }
}
