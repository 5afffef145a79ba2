//! How cases of a life begin, and what they are about.

use serde::Deserialize;

kernel::word_list! {
    /// How cases of a life begin.
    Start, "cases.not_a_start", code:
    /// With a confirmed lead.
    Lead = "lead";
    /// With a status that a register has.
    Register = "register";
    /// By hand, for one household or person.
    Hand = "hand";
    /// For everybody whom the life is for, at once.
    Campaign = "campaign";
}

/// A beginning as a file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Started(pub Start);

impl TryFrom<String> for Started {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text} is no beginning"))
    }
}

/// The states of households that a register already has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenOver {
    /// Of one that is monitored.
    pub running: String,
    /// Of one that no longer is.
    pub ended: String,
    /// Of one that a re-assessment takes in.
    pub kept: String,
}

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A household.
    Household,
    /// One person of a household.
    Person,
}
