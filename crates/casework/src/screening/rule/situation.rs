//! Tests of rules that an official can read: `screening/<name>.test.toml`.
//!
//! ```toml
//! rule = "R05"
//!
//! [[situation]]
//! name = "自付 20,001 元"
//! facts = { oop_12m = 20001 }          # money in yuan; what is not mentioned is not recorded
//! members = [ { age = 7, in_school = false } ]
//! not_delivered = ["nhsa"]             # lists that have not arrived; all others have
//! today = "2026-10-31"                 # optional
//! expect = "hit"                       # hit | miss | unknown
//! says = "近12个月合规自付 20,001 元，高于 20,000 元。"   # optional, Chinese
//! ```

use std::collections::BTreeMap;

use facts::coverage::ANY_WITHIN;
use facts::own::{MOST_MONTHS, PREFIX};
use facts::{
    Binding, CoverageView, Extent, FactRow, HOUSEHOLD, Kind, PERSON, Params, Scalar, Schema,
    Situation,
};
use kernel::lang::Lang;
use kernel::time::Day;
use serde::Deserialize;

use super::{Rule, RuleError};

/// The answer a situation must get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// The rule hits.
    Hit,
    /// The rule does not hit.
    Miss,
    /// The rule cannot tell.
    Unknown,
}

impl Expected {
    const fn of(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::Hit,
            Some(false) => Self::Miss,
            None => Self::Unknown,
        }
    }
}

/// A file of situations for one rule.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SituationTests {
    /// The id of the rule.
    pub rule: String,
    /// The situations.
    #[serde(rename = "situation")]
    pub situations: Vec<Case>,
}

/// One situation as written.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What happens, in words.
    pub name: String,
    #[serde(default)]
    facts: BTreeMap<String, toml::Value>,
    #[serde(default)]
    members: Vec<BTreeMap<String, toml::Value>>,
    #[serde(default)]
    not_delivered: Vec<String>,
    #[serde(default)]
    village: Option<String>,
    #[serde(default)]
    today: Option<String>,
    /// The answer it must get.
    pub expect: Expected,
    /// The Chinese sentence of the hit, where it is tested.
    #[serde(default)]
    pub says: Option<String>,
}

/// What came of one situation.
#[derive(Debug, Clone, PartialEq)]
pub struct SituationResult {
    /// The rule.
    pub rule: String,
    /// The situation.
    pub name: String,
    /// What the author expects.
    pub expected: Expected,
    /// What the rule answers.
    pub got: Expected,
    /// The Chinese sentence, for a hit.
    pub sentence: Option<String>,
    /// A mistake in the test itself: an unknown column, a value of the wrong kind.
    pub mistake: Option<String>,
    /// Whether answer and sentence are as expected and the test has no mistake.
    pub passed: bool,
}

impl SituationTests {
    /// Reads a test file. The error says line and column.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        toml::from_str(text).map_err(|error| RuleError::unreadable(text, &error))
    }

    /// Which answers the file expects at least once; every rule needs a hit and a miss, and an unknown where it can
    /// have one.
    pub fn expects(&self, answer: Expected) -> bool {
        self.situations.iter().any(|case| case.expect == answer)
    }

    /// Asks the rule about every situation. `default_day` is the day of reading where a situation names none.
    pub fn run(
        &self,
        rule: &Rule,
        schema: &Schema,
        params: &Params,
        default_day: Day,
    ) -> Vec<SituationResult> {
        self.situations.iter().map(|case| case.run(rule, schema, params, default_day)).collect()
    }
}

impl Case {
    fn run(
        &self,
        rule: &Rule,
        schema: &Schema,
        params: &Params,
        default_day: Day,
    ) -> SituationResult {
        let mut result = SituationResult {
            rule: rule.def.id.clone(),
            name: self.name.clone(),
            expected: self.expect,
            got: Expected::Unknown,
            sentence: None,
            mistake: None,
            passed: false,
        };
        let read = self.situation(rule, schema).and_then(|situation| {
            let today = self.today.as_deref().map_or(Ok(default_day), |text| {
                Day::parse(text).map_err(|_| format!("{text} is no day"))
            });
            Ok((situation, self.coverage(schema)?, today?))
        });
        let (situation, coverage, today) = match read {
            Ok(read) => read,
            Err(mistake) => {
                result.mistake = Some(mistake);
                return result;
            }
        };
        let binding = Binding { today, params, coverage: &coverage };
        result.got = Expected::of(rule.predicate.eval(binding, &situation));
        if result.got == Expected::Hit {
            let words = rule.sentence(Lang::Zh, binding, &situation.row, &situation.village);
            result.sentence = Some(words);
        }
        let says = self.says.is_none() || self.says == result.sentence;
        result.passed = result.got == result.expected && says;
        result
    }

    fn situation(&self, rule: &Rule, schema: &Schema) -> Result<Situation, String> {
        let table = rule.predicate.table();
        if table != HOUSEHOLD.name && !self.members.is_empty() {
            return Err(format!("{table} has no members"));
        }
        let members: Result<Vec<FactRow>, String> =
            self.members.iter().map(|member| row(member, schema, PERSON.name)).collect();
        let village = self.village.clone().unwrap_or_else(|| "000000000000".to_owned());
        Ok(Situation { village, row: row(&self.facts, schema, table)?, members: members? })
    }

    fn coverage(&self, schema: &Schema) -> Result<CoverageView, String> {
        let mut view = CoverageView::everything();
        for list in &self.not_delivered {
            let mut known = false;
            for table in schema.tables() {
                for coverage in schema.columns(table.name).filter_map(|column| column.coverage) {
                    if coverage.list == list {
                        known = true;
                        view.set(list, coverage.window_months, Extent::Incomplete);
                    }
                }
            }
            if schema.lists().iter().any(|own| own.code == *list) {
                known = true;
                let list = format!("{PREFIX}{list}");
                for months in (1..=MOST_MONTHS).flat_map(|months| [months, ANY_WITHIN + months]) {
                    view.set(&list, months, Extent::Incomplete);
                }
            }
            if !known {
                return Err(format!("no column waits for the list {list}"));
            }
        }
        Ok(view)
    }
}

fn row(
    values: &BTreeMap<String, toml::Value>,
    schema: &Schema,
    table: &str,
) -> Result<FactRow, String> {
    let mut row = FactRow::new();
    for (name, value) in values {
        let column =
            schema.find(table, name).ok_or_else(|| format!("no column {name} in {table}"))?;
        let stored = scalar(value, column.kind)
            .ok_or_else(|| format!("{name} is {}, not {value}", column.kind.name()))?;
        row.insert(column.name.to_owned(), stored);
    }
    Ok(row)
}

/// A value as people write it, as the table stores it: yuan become fen.
fn scalar(value: &toml::Value, kind: Kind) -> Option<Scalar> {
    match (kind, value) {
        (Kind::Money, toml::Value::Integer(yuan)) => yuan.checked_mul(100).map(Scalar::Int),
        (Kind::Money, toml::Value::Float(yuan)) => {
            let fen = (yuan * 100.0).round();
            #[allow(clippy::cast_possible_truncation)]
            (fen.abs() < 9e15).then_some(Scalar::Int(fen as i64))
        }
        (Kind::Int, toml::Value::Integer(number)) => Some(Scalar::Int(*number)),
        (Kind::Real, toml::Value::Float(number)) => Some(Scalar::Real(*number)),
        #[allow(clippy::cast_precision_loss)]
        (Kind::Real, toml::Value::Integer(number)) => Some(Scalar::Real(*number as f64)),
        (Kind::Bool, toml::Value::Boolean(yes)) => Some(Scalar::Int(i64::from(*yes))),
        (Kind::Text, toml::Value::String(text)) => Some(Scalar::Text(text.clone())),
        (Kind::Day, toml::Value::String(text)) => {
            Day::parse(text).ok().map(|day| Scalar::Text(day.to_string()))
        }
        _ => None,
    }
}
