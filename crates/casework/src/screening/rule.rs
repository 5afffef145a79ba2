//! One screening rule as it stands in a pack: `screening/<name>.toml`.
//!
//! ```toml
//! id = "R05"
//! title = { zh = "医疗自付过高", en = "High medical bills" }
//! basis = "国乡振发〔2024〕… 第三条"          # the document, or: set_locally = "why"
//! level = "household"                          # or "village"
//! severity = "serious"                         # severe | serious | notice
//! department = "medical_insurance"             # whose list shows it: a code of codes/departments.toml
//! channel = "部门筛查预警"                     # how the risk was noticed, as the national system names it
//! when = "oop_12m > :oop_line"
//! evidence = ["oop_12m", "hospital_stays"]
//! explain.zh = "近12个月合规自付 {oop_12m}，高于 {:oop_line}。"
//! explain.en = "Out-of-pocket of the last 12 months {oop_12m}, above {:oop_line}."
//! clock = { days = 15, calendar = "working" }  # or "calendar"
//! raise_again = { after_months = 6, or_worse_by = { column = "oop_12m", by = 5000 } }
//! mechanism = ["M012"]
//! ```

mod check;
mod situation;
mod template;

pub use check::{Rule, RuleProblem, RuleTrouble, check};
pub use situation::{Expected, SituationResult, SituationTests};
pub use template::{Part, Template, TemplateError};

use facts::{HOUSEHOLD, Table, VILLAGE};
pub use registry::policies::Words;
use serde::Deserialize;

/// What one lead of the rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// One lead per household.
    Household,
    /// One lead for the village or the department: a water outage is not 200 leads.
    Village,
}

/// How bad a hit is; the order is that of the first release of leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing (一般).
    Notice,
    /// Worth a visit soon (较重).
    Serious,
    /// Somebody must look at once (严重).
    Severe,
}

impl Severity {
    /// The word in packs, tables and exports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Serious => "serious",
            Self::Severe => "severe",
        }
    }
}

/// How days are counted towards the due day of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calendar {
    /// 工作日.
    Working,
    /// 自然日.
    Calendar,
}

/// When the answer to a lead is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// Days after release, 1 to 366.
    pub days: u16,
    /// Working or calendar days.
    pub calendar: Calendar,
}

/// When an answered lead whose rule still hits is raised again; never, if neither is given.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaiseAgain {
    /// Months after the answer.
    pub after_months: Option<u16>,
    /// At once when a value has become worse by this much since the answer.
    pub or_worse_by: Option<WorseBy>,
}

/// How much worse a value must become.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorseBy {
    /// The column; a number or money.
    pub column: String,
    /// The change in the column's unit (money in yuan). Positive: more is worse; negative: less is worse.
    pub by: f64,
}

/// A rule as its author wrote it. It is proven by the check of its pack before it ever runs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDef {
    /// Short and stable: leads keep it. Letters, digits, `-`.
    pub id: String,
    /// A few words, as in a list of leads.
    pub title: Words,
    /// The document and clause the rule carries out. Either this or `set_locally`.
    #[serde(default)]
    pub basis: Option<String>,
    /// Why the county asks although no document says so.
    #[serde(default)]
    pub set_locally: Option<String>,
    /// What one lead is about.
    pub level: Level,
    /// The fact table; by default that of the level.
    #[serde(default)]
    pub table: Option<String>,
    /// How bad a hit is.
    pub severity: Severity,
    /// The predicate.
    pub when: String,
    /// The columns stored with a hit, in the order they are shown.
    pub evidence: Vec<String>,
    /// The sentence that explains a hit: `{column}` and `{:parameter}` are filled in with unit.
    pub explain: Words,
    /// The department whose list shows the risk: its code in `packs/common/codes/departments.toml`.
    pub department: String,
    /// The national system's word for how the risk was noticed.
    #[serde(default = "screening_channel")]
    pub channel: String,
    /// When the answer is due.
    pub clock: Due,
    /// When an answered lead is raised again.
    #[serde(default)]
    pub raise_again: RaiseAgain,
    /// The county's mechanisms that this carries, `M070`.
    #[serde(default)]
    pub mechanism: Vec<String>,
}

fn screening_channel() -> String {
    "部门筛查预警".to_owned()
}

impl RuleDef {
    /// Reads one rule file. The error says line and column of what cannot be read; whether the rule makes sense is the
    /// business of the pack's check.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        toml::from_str(text).map_err(|error| RuleError::unreadable(text, &error))
    }

    /// The fact table that the predicate reads.
    pub fn table_name(&self) -> &str {
        self.table.as_deref().unwrap_or(self.level.table().name)
    }
}

impl Level {
    /// The fact table a rule of this level reads unless it says otherwise.
    pub const fn table(self) -> Table {
        match self {
            Self::Household => HOUSEHOLD,
            Self::Village => VILLAGE,
        }
    }
}

/// A rule file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct RuleError {
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in the line, from 1, in characters.
    pub column: usize,
    /// What the reader of TOML found.
    pub message: String,
}

impl RuleError {
    pub(crate) fn unreadable(text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self { line, column, message: error.message().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OOP: &str = r#"
id = "R05"
title = { zh = "医疗自付过高", en = "High medical bills" }
basis = "test"
level = "household"
severity = "serious"
when = "oop_12m > 20000"
evidence = ["oop_12m"]
explain.zh = "自付 {oop_12m}"
explain.en = "out-of-pocket {oop_12m}"
department = "medical_insurance"
clock = { days = 15, calendar = "working" }
raise_again = { after_months = 6, or_worse_by = { column = "oop_12m", by = 5000 } }
"#;

    #[test]
    fn a_rule_file_is_read() {
        let rule = RuleDef::parse(OOP).unwrap();
        assert_eq!(rule.table_name(), "household_facts");
        assert_eq!(rule.channel, "部门筛查预警");
        assert_eq!(rule.raise_again.or_worse_by.unwrap().by, 5000.0);
        assert!(Severity::Severe > Severity::Serious && Severity::Serious > Severity::Notice);
    }

    #[test]
    fn an_unknown_word_is_named_with_its_place() {
        let error = RuleDef::parse(&OOP.replace("severity", "severty")).unwrap_err();
        assert_eq!((error.line, error.column), (6, 1), "{error}");
        assert!(error.message.contains("severty"), "{error}");
    }
}
