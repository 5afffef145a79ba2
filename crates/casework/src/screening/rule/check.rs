//! Proves a rule before it is used: every name exists, units agree, the sentence can be filled in.

use std::collections::BTreeSet;

use facts::{
    Binding, Column, FactRow, Kind, Params, Predicate, Problem, Scalar, Schema, Scope, compile,
    shown, suggest,
};
use kernel::lang::Lang;
use registry::accounts::{is_office, office_named};

use super::RuleDef;
use super::template::{Part, Template, TemplateError};

/// A rule that has been proven against the fact tables and the parameters of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// As written.
    pub def: RuleDef,
    /// The checked condition.
    pub predicate: Predicate,
    /// The columns stored with a hit: those the author lists, then those that only the sentence shows.
    pub evidence: Vec<Column>,
    /// The column that can become worse.
    pub worse: Option<Column>,
    zh: Template,
    en: Template,
}

/// One thing that is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rule}, {field}: {trouble}")]
pub struct RuleProblem {
    /// The rule's id.
    pub rule: String,
    /// The field of the rule file.
    pub field: &'static str,
    /// What is wrong.
    pub trouble: RuleTrouble,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleTrouble {
    /// The condition.
    #[error("{0}")]
    Condition(Problem),
    /// The sentence.
    #[error("{0}")]
    Sentence(TemplateError),
    /// A column that the fact table does not have.
    #[error("no column {name} in {table}")]
    NoColumn {
        /// As written.
        name: String,
        /// The fact table.
        table: String,
        /// Names that look alike.
        near: Vec<String>,
    },
    /// A parameter that the pack does not have.
    #[error("no parameter :{name}")]
    NoParam {
        /// As written.
        name: String,
        /// Names that look alike.
        near: Vec<String>,
    },
    /// The fact table does not exist, or its rows are not about the level of the rule.
    #[error("{0} is no fact table for this level")]
    NoTable(String),
    /// The code of the office is none of the code list.
    #[error("{name} is no office{}", code.map_or(String::new(), |code| format!("; its code is {code}")))]
    NoOffice {
        /// As written.
        name: String,
        /// The code of the office of that name.
        code: Option<&'static str>,
    },
    /// A text that must not be empty.
    #[error("must not be empty")]
    Empty,
    /// Neither a basis nor a reason to set it locally, or both.
    #[error("give either the document (basis) or the reason (set_locally)")]
    Basis,
    /// Letters, digits and `-` only.
    #[error("only letters, digits and - may be used")]
    BadId,
    /// Days of the clock outside 1 to 366.
    #[error("must be 1 to 366 days")]
    BadClock,
    /// `or_worse_by` on a column that has no amount, or by nothing.
    #[error("needs a number or an amount of money and a change other than 0")]
    BadWorse,
    /// No evidence at all.
    #[error("at least one column")]
    NoEvidence,
}

impl RuleTrouble {
    /// The message code: `locales/*/rules.ftl` under `finding-screening-…`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Condition(problem) => problem.trouble.code(),
            Self::Sentence(_) => "screening.rule_sentence",
            Self::NoColumn { .. } => "facts.no_column",
            Self::NoParam { .. } => "facts.no_param",
            Self::NoTable(_) => "screening.rule_no_table",
            Self::NoOffice { .. } => "screening.rule_no_office",
            Self::Empty => "screening.rule_empty",
            Self::Basis => "screening.rule_basis",
            Self::BadId => "screening.rule_bad_id",
            Self::BadClock => "screening.rule_bad_clock",
            Self::BadWorse => "screening.rule_bad_worse",
            Self::NoEvidence => "screening.rule_no_evidence",
        }
    }

    /// The arguments of the message.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Condition(problem) => problem.trouble.args(),
            Self::Sentence(error) => vec![("text", error.to_string())],
            Self::NoColumn { name, table, near } => {
                vec![("name", name.clone()), ("table", table.clone()), ("near", near.join(", "))]
            }
            Self::NoParam { name, near } => {
                vec![("name", name.clone()), ("near", near.join(", "))]
            }
            Self::NoTable(table) => vec![("table", table.clone())],
            Self::NoOffice { name, code } => {
                vec![("name", name.clone()), ("code", code.unwrap_or_default().to_owned())]
            }
            Self::Empty | Self::Basis | Self::BadId | Self::BadClock => Vec::new(),
            Self::BadWorse | Self::NoEvidence => Vec::new(),
        }
    }
}

/// Proves a rule. All problems are reported, not only the first.
pub fn check(def: &RuleDef, schema: &Schema, params: &Params) -> Result<Rule, Vec<RuleProblem>> {
    let mut check = Check { def, schema, params, problems: Vec::new() };
    check.head();
    let scope = Scope { schema, table: def.table_name(), params };
    let predicate = compile(&def.when, scope)
        .map_err(|problem| check.add("when", RuleTrouble::Condition(problem)))
        .ok();
    let mut evidence = Vec::new();
    for name in &def.evidence {
        evidence.extend(check.column("evidence", name));
    }
    if def.evidence.is_empty() {
        check.add("evidence", RuleTrouble::NoEvidence);
    }
    let zh = check.sentence("explain.zh", &def.explain.zh, &mut evidence);
    let en = check.sentence("explain.en", &def.explain.en, &mut evidence);
    let worse = check.worse();
    match (predicate, zh, en) {
        (Some(predicate), Some(zh), Some(en)) if check.problems.is_empty() => {
            Ok(Rule { def: def.clone(), predicate, evidence, worse, zh, en })
        }
        _ => Err(check.problems),
    }
}

struct Check<'a> {
    def: &'a RuleDef,
    schema: &'a Schema,
    params: &'a Params,
    problems: Vec<RuleProblem>,
}

impl Check<'_> {
    fn add(&mut self, field: &'static str, trouble: RuleTrouble) {
        self.problems.push(RuleProblem { rule: self.def.id.clone(), field, trouble });
    }

    fn head(&mut self) {
        let def = self.def;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if def.id.is_empty() || def.id.len() > 40 || !def.id.chars().all(plain) {
            self.add("id", RuleTrouble::BadId);
        }
        let texts = [
            ("title.zh", &def.title.zh),
            ("title.en", &def.title.en),
            ("explain.zh", &def.explain.zh),
            ("explain.en", &def.explain.en),
            ("channel", &def.channel),
        ];
        for (field, text) in texts {
            if text.trim().is_empty() {
                self.add(field, RuleTrouble::Empty);
            }
        }
        if !is_office(&def.department) {
            let (name, code) = (def.department.clone(), office_named(&def.department));
            self.add("department", RuleTrouble::NoOffice { name, code });
        }
        let said =
            |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        if said(&def.basis) == said(&def.set_locally) {
            self.add("basis", RuleTrouble::Basis);
        }
        let level_table = def.level.table();
        let fits = self.schema.table(def.table_name()).is_some_and(|table| {
            table.key == level_table.key || table.belongs.contains(&level_table.key)
        });
        if !fits {
            self.add("table", RuleTrouble::NoTable(def.table_name().to_owned()));
        }
        if !(1..=366).contains(&def.clock.days) {
            self.add("clock", RuleTrouble::BadClock);
        }
    }

    fn column(&mut self, field: &'static str, name: &str) -> Option<Column> {
        let table = self.def.table_name();
        let found = self.schema.find(table, name).filter(|column| column.name != facts::own::ROWS);
        if found.is_some() {
            return found;
        }
        let near = suggest(name, self.schema.columns(table).map(|column| column.name));
        let (name, table) = (name.to_owned(), table.to_owned());
        self.add(field, RuleTrouble::NoColumn { name, table, near });
        None
    }

    fn sentence(
        &mut self,
        field: &'static str,
        text: &str,
        evidence: &mut Vec<Column>,
    ) -> Option<Template> {
        let template = match Template::parse(text) {
            Ok(template) => template,
            Err(error) => {
                self.add(field, RuleTrouble::Sentence(error));
                return None;
            }
        };
        for name in template.columns() {
            if let Some(column) = self.column(field, name)
                && !evidence.contains(&column)
            {
                evidence.push(column);
            }
        }
        for name in template.params() {
            if !self.params.contains_key(name) {
                let near = suggest(name, self.params.keys().map(String::as_str));
                self.add(field, RuleTrouble::NoParam { name: name.to_owned(), near });
            }
        }
        Some(template)
    }

    fn worse(&mut self) -> Option<Column> {
        let worse = self.def.raise_again.or_worse_by.clone()?;
        let column = self.column("raise_again", &worse.column)?;
        let amount = matches!(column.kind, Kind::Money | Kind::Int | Kind::Real);
        if !amount || worse.by == 0.0 || !worse.by.is_finite() {
            self.add("raise_again", RuleTrouble::BadWorse);
        }
        Some(column)
    }
}

impl Rule {
    /// The sentence of a hit, filled in with the values of the row and the parameters of its village.
    pub fn sentence(
        &self,
        lang: Lang,
        binding: Binding<'_>,
        row: &FactRow,
        village: &str,
    ) -> String {
        let template = if lang == Lang::Zh { &self.zh } else { &self.en };
        let piece = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Column(name) => {
                let column = self.evidence.iter().find(|column| column.is_named(name));
                column.map_or_else(String::new, |column| {
                    let stored = row.get(column.name).unwrap_or(&Scalar::Null);
                    let said = column.unit(template.unit(column.unit));
                    said.shown(&binding.read(column, stored, village), lang)
                })
            }
            Part::Param(name) => binding.params.get(name).map_or_else(String::new, |p| {
                shown(&p.at(village), p.kind, template.unit(p.unit), lang)
            }),
        };
        template.parts.iter().map(piece).collect()
    }

    /// The lists that the condition reads: without them it cannot tell.
    pub fn lists(&self) -> BTreeSet<String> {
        let columns = self.predicate.columns();
        let read = columns.iter().filter_map(|column| column.coverage.as_ref());
        read.map(|coverage| coverage.list.to_string()).collect()
    }

    /// The condition in plain words.
    pub fn in_words(&self, params: &Params, lang: Lang) -> String {
        self.predicate.explain(params, lang)
    }
}
