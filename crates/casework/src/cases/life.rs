//! The life of a case as a pack writes it (`lives/*.toml`): states, steps, clocks, fields, what a step needs and what it does.
//! A new life is a file; only a new kind of need or effect is a release.

use facts::{Params, Scalar};
use registry::policies::Words;
use serde::Deserialize;

use super::starts::{Start, Started, Subject, TakenOver};
use crate::screening::Calendar;

/// In which part of its life a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// 识别认定.
    Identify,
    /// 帮扶.
    Help,
    /// 风险消除.
    Remove,
    /// 跟踪回访.
    Follow,
    /// It is over.
    Over,
    /// It stands aside and comes back to where it was.
    Side,
}

impl Phase {
    /// Every phase in the order of a life.
    pub const ALL: &'static [Phase] =
        &[Self::Identify, Self::Help, Self::Remove, Self::Follow, Self::Over, Self::Side];

    /// The word in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Help => "help",
            Self::Remove => "remove",
            Self::Follow => "follow",
            Self::Over => "over",
            Self::Side => "side",
        }
    }

    /// Whether a case in it runs: somebody works on it.
    pub const fn runs(self) -> bool {
        matches!(self, Self::Identify | Self::Help | Self::Remove)
    }
}

/// Who does a step or has to do something in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 村.
    Village,
    /// 乡镇.
    Township,
    /// 县.
    County,
}

impl Level {
    /// The word in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Village => "village",
            Self::Township => "township",
            Self::County => "county",
        }
    }
}

/// By when: a parameter that says the days, and how they are counted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockDef {
    /// The parameter.
    pub parameter: String,
    /// Working or calendar days.
    pub calendar: Calendar,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateDef {
    /// What is stored.
    pub id: String,
    /// In words.
    pub title: Words,
    /// What the household is told while it is here, in plain words.
    #[serde(default)]
    pub told: Option<Words>,
    /// The household may object to it.
    #[serde(default)]
    pub may_object: bool,
    /// Part of the life.
    pub phase: Phase,
    /// Who must do something.
    pub owner: Level,
    /// By when.
    #[serde(default)]
    pub clock: Option<ClockDef>,
    /// The clock from discovery stops here.
    #[serde(default)]
    pub ends_total: bool,
}

/// What kind of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    /// One line.
    Text,
    /// Several lines.
    Words,
    /// A day, not after today.
    Day,
    /// A whole number from 0.
    Number,
    /// A tick.
    Yes,
    /// One of the options.
    Choice,
    /// A class of the pack.
    Class,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionDef {
    /// What is stored.
    pub code: String,
    /// In words.
    pub title: Words,
}

/// A field of a step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Its name.
    pub id: String,
    /// What it takes.
    pub kind: AskKind,
    /// In words.
    pub title: Words,
    /// It may stay empty.
    #[serde(default)]
    pub optional: bool,
    /// It is shown on a notice board: no numbers, nothing about health.
    #[serde(default)]
    pub public: bool,
    /// The options of a choice.
    #[serde(default)]
    pub options: Vec<OptionDef>,
}

kernel::word_list! {
    /// What must be there before a step.
    Need, "cases.not_a_need", code:
    /// The truth-and-consent paper (承诺授权书).
    Consent = "consent";
    /// At least one risk is named.
    Risks = "risks";
    /// Every question to a department is answered, and every hit explained and decided.
    Answered = "answered";
    /// The notice has run its days.
    NoticeOver = "notice_over";
    /// No objection is open.
    NoObjection = "no_objection";
    /// Somebody else than who did the step before at this point.
    OtherPerson = "other_person";
    /// Every risk has a measure, labour has a development measure.
    Plan = "plan";
    /// Every condition for removal holds.
    Removal = "removal";
    /// Somebody in the household can work.
    Labour = "labour";
}

kernel::word_list! {
    /// What a step changes besides the state.
    Effect, "cases.not_an_effect", code:
    /// A notice hangs from the day of the step.
    Post = "post";
    /// It is taken down.
    TakeDown = "take_down";
    /// An objection is open.
    Object = "object";
    /// It is answered.
    Settle = "settle";
    /// The facts on which the decision rests are kept with it.
    Judge = "judge";
    /// The household is monitored from today.
    Identify = "identify";
    /// The risk is gone by help.
    Remove = "remove";
    /// It ended by itself.
    Natural = "natural";
    /// The end was wrong: monitored as before.
    Again = "again";
    /// A new round begins: discovered today.
    Anew = "anew";
    /// It was proposed that the household leaves: no class.
    Leave = "leave";
    /// The stage has changed: monitored in the class of the case from today, or no longer.
    Reassess = "reassess";
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepDef {
    /// What is stored, and the end of its address.
    pub id: String,
    /// In words, as a button says it.
    pub title: Words,
    /// Why it was taken, as the household is told: plain words, and nothing that somebody typed.
    #[serde(default)]
    pub told: Option<Words>,
    /// States from which it starts; `@running` for all that run.
    pub from: Vec<String>,
    /// The state after it; `@back` for where the case was.
    pub to: String,
    /// Who does it.
    pub by: Level,
    /// Its fields.
    #[serde(default)]
    pub asks: Vec<Ask>,
    /// What must be there.
    #[serde(default)]
    pub needs: Vec<Needed>,
    /// What else it changes.
    #[serde(default)]
    pub does: Vec<Done>,
    /// The paper that it makes.
    #[serde(default)]
    pub paper: Option<String>,
    /// It leads back: shown apart from the way forward.
    #[serde(default)]
    pub back: bool,
}

/// A need as a file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Needed(pub Need);

/// An effect as a file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Done(pub Effect);

impl TryFrom<String> for Needed {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text} is no need"))
    }
}

impl TryFrom<String> for Done {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("{text} is no effect"))
    }
}

/// A life.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// What is stored, and the name of its file.
    pub id: String,
    /// In words.
    pub title: Words,
    /// The document that it carries out. Either this or `set_locally`.
    #[serde(default)]
    pub basis: Option<String>,
    /// Why the county does it although no document says so.
    #[serde(default)]
    pub set_locally: Option<String>,
    /// What a case is about.
    pub subject: Subject,
    /// How cases begin.
    #[serde(default)]
    pub starts: Vec<Started>,
    /// Whom it is for: a condition over the facts of the subject. A campaign begins with all of them.
    #[serde(default)]
    pub whom: Option<String>,
    /// Where households stand that a register already has.
    #[serde(default)]
    pub taken_over: Option<TakenOver>,
    /// The first state.
    pub start: String,
    /// From discovery until a state that ends it.
    #[serde(default)]
    pub total: Option<ClockDef>,
    /// How long a notice hangs.
    #[serde(default)]
    pub notice: Option<ClockDef>,
    /// States in the order of the life.
    pub states: Vec<StateDef>,
    /// Steps in the order in which they are offered.
    pub steps: Vec<StepDef>,
    /// The county's mechanisms that this carries.
    #[serde(default)]
    pub mechanism: Vec<String>,
}

/// From all states that run.
const RUNNING: &str = "@running";
/// To where the case was.
pub const BACK: &str = "@back";

impl StepDef {
    /// Whether it needs something.
    pub fn has_need(&self, need: Need) -> bool {
        self.needs.iter().any(|one| one.0 == need)
    }

    /// Whether it changes something.
    pub fn has_effect(&self, effect: Effect) -> bool {
        self.does.iter().any(|one| one.0 == effect)
    }
}

impl Life {
    /// A state by its id.
    pub fn state(&self, id: &str) -> Option<&StateDef> {
        self.states.iter().find(|state| state.id == id)
    }

    /// Whether cases begin in this way.
    pub fn starts_by(&self, start: Start) -> bool {
        self.starts.iter().any(|one| one.0 == start)
    }

    /// Whether a step of it asks for something, so that its place belongs on the page.
    pub fn asks_for(&self, needs: &[Need]) -> bool {
        self.steps.iter().any(|step| needs.iter().any(|need| step.has_need(*need)))
    }

    /// A step by its id.
    pub fn step(&self, id: &str) -> Option<&StepDef> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Whether a step starts in a state.
    pub fn starts_in(&self, step: &StepDef, state: &StateDef) -> bool {
        step.from.iter().any(|from| *from == state.id || (from == RUNNING && state.phase.runs()))
    }

    /// The steps that start in a state, in their order.
    pub fn steps_from<'a>(&'a self, state: &'a StateDef) -> impl Iterator<Item = &'a StepDef> {
        self.steps.iter().filter(move |step| self.starts_in(step, state))
    }
}

/// The days of a clock in a village, as the parameters of the day have it.
pub fn days_of(clock: &ClockDef, params: &Params, village: &str) -> Option<u16> {
    match params.get(&clock.parameter)?.at(village) {
        Scalar::Int(days) => u16::try_from(days).ok(),
        _ => None,
    }
}
