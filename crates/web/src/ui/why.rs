//! An explanation: the sentence with its numbers first; "why" opens condition, values, sources, basis.

use askama::Template;

use super::marks::{Source, Tone};
use crate::words::L;

/// One value an explanation rests on.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The column in words.
    pub label: String,
    /// The value with its unit.
    pub value: String,
    /// The rows it comes from, the latest first; empty when nobody has said it yet.
    pub sources: Vec<Source>,
    /// What stands behind or in place of the sources: that there are more rows, that a list came without this household.
    pub note: String,
}

/// Why a rule hit, or why it cannot tell.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/why.html")]
pub struct Why {
    l: L,
    tone: Tone,
    sentence: String,
    condition: String,
    evidence: Vec<Evidence>,
    basis: Vec<(String, String)>,
    open: bool,
}

impl Why {
    /// The sentence with its numbers, and the condition in plain words.
    #[must_use]
    pub fn new(l: L, tone: Tone, sentence: impl Into<String>, condition: impl Into<String>) -> Why {
        let (sentence, condition) = (sentence.into(), condition.into());
        Why { l, tone, sentence, condition, evidence: Vec::new(), basis: Vec::new(), open: false }
    }

    /// The values and their sources.
    #[must_use]
    pub fn evidence(mut self, evidence: Vec<Evidence>) -> Why {
        self.evidence = evidence;
        self
    }

    /// A further line: what it is ("threshold", "rule") and its text (document, version).
    #[must_use]
    pub fn basis(mut self, label: impl Into<String>, text: impl Into<String>) -> Why {
        self.basis.push((label.into(), text.into()));
        self
    }

    /// Opened from the start.
    #[must_use]
    pub fn open(mut self) -> Why {
        self.open = true;
        self
    }
}
