//! Why a rule of the book is not asked.

use super::rule::{RuleError, RuleProblem};

/// Why a rule cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Its file is no rule.
    #[error("{0}")]
    Unreadable(RuleError),
    /// The check of the rule found something.
    #[error("{0}")]
    Wrong(RuleProblem),
    /// Two files give the same rule.
    #[error("a second file has the same id")]
    Twice,
    /// The database refused it.
    #[error("{0}")]
    Failed(String),
    /// It was stopped because it takes longer than a rule may.
    #[error("stopped: it takes longer than {millis} ms")]
    Slow {
        /// Milliseconds that it was given, over all households.
        millis: i64,
    },
}

/// A rule with something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The rule's id; the file's name where the file cannot be read.
    pub rule: String,
    /// The file in the pack.
    pub file: String,
    /// What is wrong.
    pub trouble: Trouble,
}
