//! What a village proposes and a township confirms about a household, as data that can wait.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Refusal;
use kernel::idnumber::Sex;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::kin::Kin;
use super::model::ChangeError;

/// Somebody who was not in the register. Identity number and phone travel apart, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// Name as the paper has it.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// Day of birth.
    pub birth_day: Day,
    /// Relation to the head: the code of [`Kin`].
    pub kin: String,
}

/// A change of one household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A child was born.
    Birth {
        /// The child.
        newcomer: Newcomer,
    },
    /// Somebody married in.
    MarriageIn {
        /// The one who came.
        newcomer: Newcomer,
    },
    /// Somebody whom the county knows already came from another household, or came back after leaving one.
    MoveIn {
        /// Who.
        person: PersonId,
        /// The name as it was written into the form, for those who read what waits.
        name: String,
        /// Relation to the head: the code of [`Kin`].
        kin: String,
    },
    /// A member died.
    Death {
        /// Who.
        person: PersonId,
        /// Who becomes head, if the head died.
        new_head: Option<PersonId>,
    },
    /// A member left: married out, moved away.
    Leave {
        /// Who.
        person: PersonId,
        /// Who becomes head, if the head left.
        new_head: Option<PersonId>,
    },
    /// Somebody who had left came back.
    Return {
        /// Who.
        person: PersonId,
        /// Relation to the head.
        kin: String,
    },
    /// Some members set up a household of their own.
    Split {
        /// Who goes, with the relation to the new head, who is one of them.
        going: BTreeMap<PersonId, String>,
        /// Who becomes head here, if the head goes.
        new_head: Option<PersonId>,
        /// Group of the new household.
        group: Option<String>,
    },
    /// The whole household joins another.
    Merge {
        /// Which.
        into: HouseholdId,
        /// What each becomes to the head there.
        kins: BTreeMap<PersonId, String>,
    },
    /// A value of a record is put right; the record stays as it was delivered.
    Correct {
        /// Topic of the record.
        topic: String,
        /// Key of the value in its body.
        field: String,
        /// The person whose record it is, or `None` for the household.
        person: Option<PersonId>,
        /// The value before.
        old: serde_json::Value,
        /// The value now.
        new: serde_json::Value,
        /// Why.
        reason: String,
    },
    /// What the register of poor households before 2020 (建档立卡) said about the household, read from its papers.
    OldRegister {
        /// Year in which it was registered.
        registered_year: i64,
        /// Why it was poor, the main cause first.
        causes: Vec<String>,
        /// Year in which it left the register, if it did.
        exit_year: Option<i64>,
    },
    /// The household moves.
    Move {
        /// To which village.
        village: AreaCode,
        /// To which group.
        group: Option<String>,
        /// New address.
        address: Option<String>,
    },
}

impl Change {
    /// The form with which it is written, the end of its Fluent ids: finer than [`Self::kind`].
    #[must_use]
    pub const fn form(&self) -> &'static str {
        match self {
            Self::OldRegister { .. } => "old_register",
            other => other.kind(),
        }
    }

    /// The text in `proposals.kind`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Birth { .. } => "birth",
            Self::MarriageIn { .. } | Self::MoveIn { .. } => "marriage_in",
            Self::Death { .. } => "death",
            Self::Leave { .. } => "leave",
            Self::Return { .. } => "return",
            Self::Split { .. } => "split",
            Self::Merge { .. } => "merge",
            Self::Correct { .. } | Self::OldRegister { .. } => "correct",
            Self::Move { .. } => "move",
        }
    }

    /// The journal's verb when it is carried out.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Birth { .. } => "household.birth",
            Self::MarriageIn { .. } | Self::MoveIn { .. } => "household.marriage_in",
            Self::Death { .. } => "household.death",
            Self::Leave { .. } => "household.leave",
            Self::Return { .. } => "household.return",
            Self::Split { .. } => "household.split",
            Self::Merge { .. } => "household.merge",
            Self::Correct { .. } | Self::OldRegister { .. } => "household.correct",
            Self::Move { .. } => "household.move",
        }
    }
}

/// The relation of a code.
///
/// # Errors
/// `households.kin_unknown`.
pub fn kin_of(code: &str) -> Result<Kin, Refusal> {
    Kin::parse(code).ok_or_else(|| Refusal::invalid("households.kin_unknown"))
}

impl From<ChangeError> for Refusal {
    fn from(why: ChangeError) -> Self {
        let invalid = |code, field| Self::invalid(code).field(field, code);
        let conflict = |code, field| Self::conflict(code).field(field, code);
        match why {
            ChangeError::Closed => Self::conflict("households.closed"),
            ChangeError::NotAMember => conflict("households.not_a_member", "person"),
            ChangeError::AlreadyAMember => conflict("households.already_a_member", "person"),
            ChangeError::LaterChange => conflict("households.later_change", "on"),
            ChangeError::HeadNeeded => invalid("households.head_needed", "new_head"),
            ChangeError::HeadNotThere => invalid("households.head_not_there", "new_head"),
            ChangeError::SecondHead => invalid("households.second_head", "kin"),
            ChangeError::NobodyStays => invalid("households.nobody_stays", "going"),
            ChangeError::NobodyNamed => invalid("households.nobody_named", "going"),
            ChangeError::SameHousehold => invalid("households.same_household", "into"),
        }
    }
}

/// What may be put in the place of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// A, B, C, D.
    Grade,
    /// Yes or no.
    YesNo,
}

/// Values that can be put right by hand: topic, key in the body, whether it is of a person, what it may be.
pub const CORRECTABLE: [(&str, &str, bool, Answers); 4] = [
    ("register_household", "h", false, Answers::Grade),
    ("register_household", "w", false, Answers::YesNo),
    ("register_person", "i1", true, Answers::YesNo),
    ("register_person", "i2", true, Answers::YesNo),
];

impl Answers {
    /// The value of an answer as a body has it; `None` when it is no answer to this.
    #[must_use]
    pub fn read(self, text: &str) -> Option<serde_json::Value> {
        match (self, text) {
            (Self::Grade, "A" | "B" | "C" | "D") => Some(text.into()),
            (Self::YesNo, "yes") => Some(true.into()),
            (Self::YesNo, "no") => Some(false.into()),
            _ => None,
        }
    }
}
