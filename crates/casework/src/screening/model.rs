//! A lead and what may become of it.

use std::str::FromStr;

use kernel::BadText;
use kernel::area::AreaCode;
use kernel::calendar::WorkingCalendar;
use kernel::ids::{HouseholdId, LeadId};
use kernel::time::{Day, Instant};

use super::rule::{Calendar, Due, Level, Severity};

kernel::word_list! {
    /// Where a lead stands.
    State, "screening.not_a_state", code:
    /// Found by the first run over a county and not yet given to the village.
    Waiting = "waiting";
    /// Somebody must answer it by its due day.
    Open = "open";
    /// Answered "no risk" and drawn for a second look by the township.
    SecondLook = "second_look";
    /// Answered.
    Answered = "answered";
    /// Its last reason went away before anybody answered.
    Withdrawn = "withdrawn";
}

kernel::word_list! {
    /// How a lead ends. Every lead ends in one of these.
    Outcome, "screening.not_an_outcome", code:
    /// 核实有风险: a monitored case follows.
    RiskConfirmed = "risk_confirmed";
    /// 无风险: with a reason.
    NoRisk = "no_risk";
    /// 已纳入监测或已有帮扶.
    AlreadyCovered = "already_covered";
    /// 按日常政策帮扶解决.
    HelpedOrdinary = "helped_ordinary";
    /// 查无此户（搬迁、死亡、整户转出）.
    NotFound = "not_found";
    /// 数据有误，退回部门.
    WrongData = "wrong_data";
}

impl Outcome {
    /// Whether it may not be given without saying why: a dismissal, and what a department must mend.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::NoRisk | Self::NotFound | Self::WrongData)
    }
}

impl Level {
    /// The word in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Village => "village",
        }
    }
}

impl FromStr for Level {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        match text {
            "household" => Ok(Self::Household),
            "village" => Ok(Self::Village),
            _ => Err(BadText { code: "screening.not_a_level" }),
        }
    }
}

impl Severity {
    /// Every one, the worst first.
    pub const ALL: &'static [Severity] = &[Self::Severe, Self::Serious, Self::Notice];
}

impl FromStr for Severity {
    type Err = BadText;
    fn from_str(text: &str) -> Result<Self, BadText> {
        let known = Self::ALL.iter().copied().find(|severity| severity.code() == text);
        known.ok_or(BadText { code: "screening.not_a_severity" })
    }
}

impl Calendar {
    /// The word in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Calendar => "calendar",
        }
    }
}

impl Due {
    /// The day by which a lead that is given out on `from` must be answered.
    pub fn day_after(self, from: Day, calendar: &WorkingCalendar) -> Day {
        match self.calendar {
            Calendar::Working => calendar.add_working_days(from, i32::from(self.days)),
            Calendar::Calendar => from.add_days(i64::from(self.days)),
        }
    }
}

/// What a lead is about: one household, or a village as one department sees it (an outage is not two hundred leads).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A household.
    Household(String),
    /// A village and the department whose list shows the risk.
    Village(String, String),
}

impl Subject {
    /// The one text by which leads of the same subject are found.
    pub fn key(&self) -> String {
        match self {
            Self::Household(id) => id.clone(),
            Self::Village(code, department) => format!("{code}/{department}"),
        }
    }
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// How the lead ends.
    pub outcome: Outcome,
    /// The reason chosen from the list, a code of `lead_answers.toml`.
    pub reason_code: Option<String>,
    /// Why, in the person's own words.
    pub reason: Option<String>,
}

/// Who gave an answer, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What.
    pub answer: Answer,
    /// Account id.
    pub account: String,
    /// Name of the person.
    pub name: String,
    /// When.
    pub at: Instant,
}

/// One lead, without its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// What it is about.
    pub level: Level,
    /// The household, for a lead of that level.
    pub household: Option<HouseholdId>,
    /// Where.
    pub village: AreaCode,
    /// Whose list shows the gravest reason.
    pub department: String,
    /// How the risk was noticed, as the national system names it.
    pub channel: String,
    /// The gravest of its reasons.
    pub severity: Severity,
    /// Where it stands.
    pub state: State,
    /// The day on which it was found.
    pub opened_on: Day,
    /// The day on which it was given to the village.
    pub released_on: Option<Day>,
    /// The day by which it must be answered, once released.
    pub due_on: Option<Day>,
    /// How its days are counted.
    pub clock: Due,
    /// The answer, if there is one.
    pub given: Option<Given>,
    /// The answered lead that this one raises again.
    pub raised_from: Option<LeadId>,
    /// Goes up with every change.
    pub version: i64,
}

/// Why a lead cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotAnswer {
    /// Somebody else has answered.
    Answered,
    /// It is not released yet.
    Waiting,
    /// Its reasons have gone away.
    Withdrawn,
    /// It has changed since it was shown: a reason came or went.
    Changed,
    /// This outcome needs a reason.
    NoReason,
}

/// Why a second look cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CannotLook {
    /// It was not drawn, or the look was already taken.
    NotDrawn,
    /// Nobody looks a second time at an answer of their own.
    OwnAnswer,
    /// It has changed since it was shown.
    Changed,
    /// To disagree needs a reason.
    NoReason,
}

/// Longest reason that is kept, in characters.
pub const LONGEST_REASON: usize = 1_000;

impl Answer {
    /// An answer with its reason tidied: an empty text is none, a very long one is cut.
    pub fn new(outcome: Outcome, reason_code: &str, reason: &str) -> Self {
        let some = |text: &str| {
            let text: String = text.trim().chars().take(LONGEST_REASON).collect();
            Some(text).filter(|text| !text.is_empty())
        };
        Self { outcome, reason_code: some(reason_code), reason: some(reason) }
    }

    /// Whether it says why.
    pub fn has_reason(&self) -> bool {
        self.reason.is_some() || self.reason_code.is_some()
    }
}

impl Lead {
    /// The state that `answer` brings the lead to. `seen` is the version that was shown; `drawn` says whether the lead's
    /// id falls into the tenth that is looked at twice.
    pub fn answered(
        &self,
        answer: &Answer,
        seen: i64,
        drawn: Drawn,
    ) -> Result<State, CannotAnswer> {
        match self.state {
            State::Answered | State::SecondLook => return Err(CannotAnswer::Answered),
            State::Waiting => return Err(CannotAnswer::Waiting),
            State::Withdrawn => return Err(CannotAnswer::Withdrawn),
            State::Open => {}
        }
        if seen != self.version {
            return Err(CannotAnswer::Changed);
        }
        if answer.outcome.needs_reason() && !answer.has_reason() {
            return Err(CannotAnswer::NoReason);
        }
        let twice = drawn == Drawn::Yes
            && answer.outcome == Outcome::NoRisk
            && self.severity == Severity::Severe;
        Ok(if twice { State::SecondLook } else { State::Answered })
    }

    /// The state after a second look by the account.
    pub fn looked_at(&self, look: &Look, seen: i64, account: &str) -> Result<State, CannotLook> {
        if self.state != State::SecondLook {
            return Err(CannotLook::NotDrawn);
        }
        if seen != self.version {
            return Err(CannotLook::Changed);
        }
        if self.given.as_ref().is_some_and(|given| given.account == account) {
            return Err(CannotLook::OwnAnswer);
        }
        match look {
            Look::Agree => Ok(State::Answered),
            Look::Disagree(reason) if reason.trim().is_empty() => Err(CannotLook::NoReason),
            Look::Disagree(_) => Ok(State::Open),
        }
    }

    /// Whether its day has passed without an answer.
    pub fn is_overdue(&self, today: Day) -> bool {
        self.state == State::Open && self.due_on.is_some_and(|due| due < today)
    }
}

/// Whether the id of a lead falls into the tenth that is looked at twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// It does.
    Yes,
    /// It does not.
    No,
}

impl Drawn {
    /// Draws by the keyed digest of the lead's id: the same lead always the same, and nobody can tell beforehand.
    pub fn by_digest(digest: &str) -> Self {
        let sum = digest.bytes().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(1_099_511_628_211).wrapping_add(u64::from(byte))
        });
        if sum % 10 == 0 { Self::Yes } else { Self::No }
    }
}

/// What the second look says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// There is no risk.
    Agree,
    /// The lead is open again, with this reason.
    Disagree(String),
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
