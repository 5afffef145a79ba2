//! A check as it stands in a pack, what can be answered, where a question stands.
//!
//! ```toml
//! id = "unable-working"
//! numbers = ["2_01_015"]                       # of the official list of checks, if it has one
//! title = { zh = "无劳动力却务工", en = "Unable but working" }
//! set_locally = "why"                          # or: basis = "the document"
//! level = "person"                             # or "household": a question about persons names them
//! who = "work_months > 0 and labour = 'none'"  # over person facts: whom it names
//! department = "human_resources"
//! when = "unable_workers > 0"
//! evidence = ["unable_workers"]
//! question.zh = "{unable_workers} 登记为无劳动力，却有务工时间？"
//! question.en = "…"
//! mechanism = ["M041"]
//! ```

use registry::policies::Words;
use serde::Deserialize;

use crate::screening::rule::{Calendar, Due, RaiseAgain};
use crate::screening::{Level, RuleDef, RuleError, Severity};

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckLevel {
    /// The household as a whole.
    Household,
    /// Members, whom it names.
    Person,
}

/// A check as its author wrote it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckDef {
    /// Short and stable: answers keep it.
    pub id: String,
    /// Its numbers in the official list of checks.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// A few words.
    pub title: Words,
    /// The document that asks for it. Either this or `set_locally`.
    #[serde(default)]
    pub basis: Option<String>,
    /// Why it is asked although no document says so.
    #[serde(default)]
    pub set_locally: Option<String>,
    /// What it is about.
    pub level: CheckLevel,
    /// Over person facts: the members whom it names.
    #[serde(default)]
    pub who: Option<String>,
    /// The office that knows.
    pub department: String,
    /// Over household facts: when it is asked.
    pub when: String,
    /// The values it rests on: an answer holds as long as they do.
    pub evidence: Vec<String>,
    /// The question, with values.
    pub question: Words,
    /// The county's mechanisms that this carries.
    #[serde(default)]
    pub mechanism: Vec<String>,
}

impl CheckDef {
    /// Reads a file. The error says line and column.
    ///
    /// # Errors
    /// What cannot be read, and a level that does not fit `who`.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let def: CheckDef =
            toml::from_str(text).map_err(|error| RuleError::unreadable(text, &error))?;
        let named = def.who.is_some();
        if named != (def.level == CheckLevel::Person) {
            let message = "a check of level person, and only that, says who it names".to_owned();
            return Err(RuleError { line: 1, column: 1, message });
        }
        Ok(def)
    }

    /// As a rule over household facts, by which it is proven and asked. Nothing of it becomes a lead.
    pub fn rule(&self) -> RuleDef {
        RuleDef {
            id: self.id.clone(),
            title: self.title.clone(),
            basis: self.basis.clone(),
            set_locally: self.set_locally.clone(),
            level: Level::Household,
            table: None,
            severity: Severity::Notice,
            when: self.when.clone(),
            evidence: self.evidence.clone(),
            explain: self.question.clone(),
            department: self.department.clone(),
            channel: "数据核查".to_owned(),
            clock: Due { days: 30, calendar: Calendar::Calendar },
            raise_again: RaiseAgain::default(),
            mechanism: self.mechanism.clone(),
        }
    }
}

/// A file as a rule.
pub fn read_as_rule(text: &str) -> Result<RuleDef, RuleError> {
    CheckDef::parse(text).map(|def| def.rule())
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The record is wrong and is being mended.
    Mending,
    /// It is really so.
    True,
}

impl Kind {
    /// All, in the order in which they are offered.
    pub const ALL: [Kind; 2] = [Kind::True, Kind::Mending];

    /// The word in tables and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mending => "mending",
            Self::True => "true",
        }
    }

    /// The kind of a word.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nobody has answered it for the values as they are.
    Open,
    /// Somebody said that the record will be mended; the values have not changed since.
    Mending,
    /// It is really so; silent until a value changes.
    Answered,
}

impl State {
    /// All.
    pub const ALL: [State; 3] = [State::Open, State::Mending, State::Answered];

    /// The word in addresses and words.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mending => "mending",
            Self::Answered => "answered",
        }
    }

    /// The state of a word.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Where a question with these values stands after this answer.
    pub fn after(answer: Option<(Kind, &str)>, values: &str) -> Self {
        match answer {
            Some((kind, answered)) if answered == values => match kind {
                Kind::Mending => Self::Mending,
                Kind::True => Self::Answered,
            },
            _ => Self::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_silences_a_question_only_for_the_values_it_was_given_to() {
        let after = |answer| State::after(answer, "{\"heads\":2}");
        assert_eq!(after(None), State::Open);
        assert_eq!(after(Some((Kind::True, "{\"heads\":2}"))), State::Answered);
        assert_eq!(after(Some((Kind::Mending, "{\"heads\":2}"))), State::Mending);
        assert_eq!(after(Some((Kind::True, "{\"heads\":3}"))), State::Open);
        assert!(Kind::of("true") == Some(Kind::True) && Kind::of("false").is_none());
        assert!(State::ALL.iter().all(|state| State::of(state.code()) == Some(*state)));
    }

    const TEXT: &str = r#"
id = "heads"
title = { zh = "一", en = "one" }
set_locally = "test"
level = "household"
department = "agriculture"
when = "heads <> 1"
evidence = ["heads"]
question.zh = "{heads}？"
question.en = "{heads}?"
"#;

    #[test]
    fn a_question_about_persons_and_only_that_names_them() {
        assert_eq!(CheckDef::parse(TEXT).unwrap().rule().explain.en, "{heads}?");
        let person = TEXT.replace("\"household\"", "\"person\"");
        assert!(CheckDef::parse(&person).is_err());
        assert!(CheckDef::parse(&format!("{TEXT}\nwho = \"head\"")).is_err());
        let named = CheckDef::parse(&person.replace("level", "who = \"head\"\nlevel")).unwrap();
        assert_eq!(named.level, CheckLevel::Person);
    }
}
