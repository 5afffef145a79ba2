//! The language of rules: a small, portable subset of SQL expressions over the documented columns of one fact table.
//!
//! ```text
//! persons > 0 and income_pc < :monitoring_line and not monitored
//! (income_12m - oop_12m - edu_cost) / persons < 8800
//! members(age between 6 and 15 and not in_school) > 0
//! ```
//!
//! Amounts are written in yuan. An unknown value makes an answer unknown, never a miss; what is known of a growing sum
//! may still prove `sum > x`. A predicate cannot write, cannot name a table, and is bounded in size.

mod check;
mod compare;
mod eval;
mod explain;
mod functions;
mod node;
mod own_sql;
mod problem;
mod render;
mod units;
mod words;

use std::cell::Cell;
use std::collections::BTreeSet;

use kernel::lang::Lang;
use sqlparser::dialect::Dialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token};

pub use check::Scope;
pub use compare::{Against, Comparison};
pub(crate) use explain::shown;
pub use functions::FUNCTIONS;
pub(crate) use own_sql::own_value;
pub use problem::{Problem, Trouble, suggest};
pub use render::{Binding, Engine};

use crate::column::Column;
use crate::coverage::CoverageView;
use crate::scalar::Situation;
use check::{Checker, problem};
use eval::{Evaluator, Val};
use node::Node;
use render::Renderer;
use units::shortened;

/// A checked predicate over one fact table.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    text: String,
    table: String,
    node: Node,
}

/// Why a value is unknown.
#[derive(Debug, Clone, PartialEq)]
pub enum Unknown {
    /// The department's list has not arrived for this place and window.
    NotDelivered(Column),
    /// Nobody has recorded it.
    NotRecorded(Column),
    /// The parameter has no value for this place.
    NoValue(String),
}

/// Longest text of a predicate in characters.
const LONGEST_TEXT: usize = 4_000;

#[derive(Debug)]
struct Language;

impl Dialect for Language {
    fn is_identifier_start(&self, c: char) -> bool {
        c.is_alphabetic() || c == '_'
    }

    fn is_identifier_part(&self, c: char) -> bool {
        c.is_alphanumeric() || c == '_'
    }
}

/// Checks a predicate. The error says where, what is wrong, and which names were perhaps meant.
pub fn compile(text: &str, scope: Scope<'_>) -> Result<Predicate, Problem> {
    if text.chars().count() > LONGEST_TEXT {
        let at = Location { line: 1, column: 1 };
        return Err(problem(at, Trouble::TooLarge("longer than 4,000 characters")));
    }
    let mut parser = Parser::new(&Language).try_with_sql(text).map_err(syntax)?;
    let expr = parser.parse_expr().map_err(syntax)?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let trouble = Trouble::Syntax(format!("nothing more expected, found {}", next.token));
        return Err(problem(next.span.start, trouble));
    }
    let node = Checker::new(scope).condition(&expr)?;
    let (text, table) = (text.to_owned(), scope.table.to_owned());
    let predicate = Predicate { text, table, node };
    predicate.bounded(scope)?;
    Ok(predicate)
}

fn syntax(error: ParserError) -> Problem {
    let message = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
        ParserError::RecursionLimitExceeded => {
            let at = Location { line: 1, column: 1 };
            return problem(at, Trouble::TooLarge("nested too deeply"));
        }
    };
    // The parser writes the place at the end of its sentence: "… at Line: 1, Column: 7".
    let (words, place) = message.rsplit_once(" at Line: ").unwrap_or((&message, ""));
    let mut numbers = place.split(", Column: ").map(|number| number.trim().parse::<u64>().ok());
    let line = numbers.next().flatten().unwrap_or(0);
    let column = numbers.next().flatten().unwrap_or(0);
    problem(Location { line, column }, Trouble::Syntax(shortened_words(words)))
}

fn shortened_words(words: &str) -> String {
    if words.chars().count() > 160 { shortened(words) } else { words.to_owned() }
}

impl Predicate {
    /// The predicate as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fact table whose rows it asks.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The columns it reads, of the table and of the members, each once.
    pub fn columns(&self) -> Vec<Column> {
        let mut seen = BTreeSet::new();
        let mut columns = Vec::new();
        self.node.walk(&mut |node| {
            if let Node::Column(column) = node
                && seen.insert((column.table, column.name))
            {
                columns.push(*column);
            }
        });
        columns
    }

    /// The parameters it uses, each once, in alphabetical order.
    pub fn params(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        self.node.walk(&mut |node| {
            if let Node::Param(name) = node {
                names.insert(name.clone());
            }
        });
        names.into_iter().collect()
    }

    /// Whether the answer depends on the day itself (`days_since` and the like, windows of own lists), not only on the
    /// facts.
    pub fn reads_the_day(&self) -> bool {
        let mut reads = false;
        let moves = |node: &Node| match node {
            Node::Column(column) => column.own.is_some(),
            other => matches!(other, Node::Today),
        };
        self.node.walk(&mut |node| reads |= moves(node));
        reads
    }

    /// The predicate as a boolean SQL expression over `f` (the fact table): true, false, or NULL for *cannot tell*.
    pub fn sql(&self, engine: Engine, binding: Binding<'_>) -> String {
        self.rendered(engine, binding, None).0
    }

    fn rendered(
        &self,
        engine: Engine,
        binding: Binding<'_>,
        limit: Option<usize>,
    ) -> (String, bool) {
        let persons = self.table == crate::schema::PERSON.name;
        let renderer = Renderer { engine, binding, limit, exceeded: Cell::new(false), persons };
        let sql = renderer.render(&self.node);
        (sql, renderer.exceeded.get())
    }

    /// Refuses what would become a monster in SQL.
    fn bounded(&self, scope: Scope<'_>) -> Result<(), Problem> {
        let coverage = CoverageView::nothing();
        let today = kernel::time::Day::MAX;
        let binding = Binding { today, params: scope.params, coverage: &coverage };
        for engine in [Engine::Sqlite, Engine::Postgres] {
            if self.rendered(engine, binding, Some(render::LONGEST)).1 {
                let at = Location { line: 1, column: 1 };
                return Err(problem(at, Trouble::TooLarge("too long when written out")));
            }
        }
        Ok(())
    }

    /// The answer for one situation: yes, no, or `None` for *cannot tell*. Agrees with the SQL on both engines.
    pub fn eval(&self, binding: Binding<'_>, situation: &Situation) -> Option<bool> {
        Evaluator { binding, situation, person: None }.truth(&self.node)
    }

    /// What made the answer unknown, each cause once; empty where the answer is known.
    pub fn unknowns(&self, binding: Binding<'_>, situation: &Situation) -> Vec<Unknown> {
        let mut found = Vec::new();
        let evaluator = Evaluator { binding, situation, person: None };
        unknowns_below(&self.node, &evaluator, &mut found);
        found
    }

    /// The predicate in plain words, from the titles of the columns and parameters.
    pub fn explain(&self, params: &crate::params::Params, lang: Lang) -> String {
        explain::explain(&self.node, params, lang)
    }
}

fn unknowns_below(node: &Node, evaluator: &Evaluator<'_>, found: &mut Vec<Unknown>) {
    if evaluator.value(node) != Val::Null {
        return;
    }
    let cause = match node {
        Node::Column(column) => match evaluator.extent(column) {
            Some(_) => Some(Unknown::NotDelivered(*column)),
            None => Some(Unknown::NotRecorded(*column)),
        },
        Node::Param(name) => Some(Unknown::NoValue(name.clone())),
        Node::Members(_) | Node::MembersSum(..) => {
            for person in &evaluator.situation.members {
                let member = Evaluator { person: Some(person), ..*evaluator };
                node.children().into_iter().for_each(|child| unknowns_below(child, &member, found));
            }
            None
        }
        _ => {
            node.children().into_iter().for_each(|child| unknowns_below(child, evaluator, found));
            None
        }
    };
    if let Some(cause) = cause
        && !found.contains(&cause)
    {
        found.push(cause);
    }
}
