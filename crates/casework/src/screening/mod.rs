//! Screening: every household is asked every question of the rule book, and each hit becomes a lead that somebody must
//! answer.
//!
//! What can never happen here: a rule that reads a column nobody documented, a threshold without a source, an unknown
//! that passes for a miss.

pub mod rule;

pub use rule::{
    Level, Rule, RuleDef, RuleError, RuleProblem, RuleTrouble, Severity, SituationTests, check,
};
