//! The same meaning without a database: for the tests of packs, and to say *why* something cannot be told.

use kernel::time::Day;

use super::node::{Cmp, Literal, Node, Op, Span, growing};
use super::render::Binding;
use super::units::reckon;
use crate::column::{Column, Kind};
use crate::coverage::Extent;
use crate::own::{ROWS, Says, rows_of};
use crate::scalar::{FactRow, Scalar, Situation};
use crate::schema::PERSON;

/// A value while reckoning. Days are texts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Val {
    Null,
    Number(f64),
    Text(String),
    Bool(bool),
}

impl Val {
    fn number(&self) -> Option<f64> {
        if let Self::Number(value) = self { Some(*value) } else { None }
    }

    pub(super) fn truth(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }
}

pub(super) struct Evaluator<'a> {
    pub binding: Binding<'a>,
    pub situation: &'a Situation,
    /// The person in sight inside `members(…)`.
    pub person: Option<&'a FactRow>,
}

impl<'a> Evaluator<'a> {
    fn at(&self, person: &'a FactRow) -> Self {
        Self { binding: self.binding, situation: self.situation, person: Some(person) }
    }

    pub(super) fn truth(&self, node: &Node) -> Option<bool> {
        self.value(node).truth()
    }

    pub(super) fn value(&self, node: &Node) -> Val {
        match node {
            Node::Column(column) => self.column(column),
            Node::Literal(literal) => constant(literal),
            Node::Param(name) => {
                let param = self.binding.params.get(name);
                param.map_or(Val::Null, |param| {
                    stored(&param.at(&self.situation.village), param.kind)
                })
            }
            Node::Today => Val::Text(self.binding.today.to_string()),
            Node::Arith(op, left, right) => self.numbers(left, right, |a, b| {
                if *op == Op::Div && b == 0.0 { None } else { Some(reckon(*op, a, b)) }
            }),
            Node::Negate(inner) => self.number(inner, |value| -value),
            Node::Abs(inner) => self.number(inner, f64::abs),
            Node::Round { value, times, per } => self.number(value, |value| {
                let scaled = value * times / per;
                scaled.signum() * (scaled.abs() + 0.5).floor() * per / times
            }),
            Node::Least(list) => self.extreme(list, f64::min),
            Node::Greatest(list) => self.extreme(list, f64::max),
            Node::Between(span, from, to) => between(*span, &self.value(from), &self.value(to)),
            Node::Compare(cmp, left, right) => self.comparison(*cmp, left, right),
            Node::In(value, list) => {
                let value = self.value(value);
                let any = list.iter().map(|item| compare(Cmp::Eq, &value, &self.value(item)));
                truth(either(any))
            }
            Node::IsNull(inner) => Val::Bool(self.value(inner) == Val::Null),
            Node::Is(inner, yes) => Val::Bool(self.truth(inner) == Some(*yes)),
            Node::Not(inner) => truth(self.truth(inner).map(|value| !value)),
            Node::And(list) => {
                let none = either(list.iter().map(|node| self.truth(node).map(|value| !value)));
                truth(none.map(|value| !value))
            }
            Node::Or(list) => truth(either(list.iter().map(|node| self.truth(node)))),
            Node::Case { arms, otherwise } => {
                for (condition, value) in arms {
                    match self.truth(condition) {
                        Some(true) => return self.value(value),
                        Some(false) => {}
                        None => return Val::Null,
                    }
                }
                otherwise.as_deref().map_or(Val::Null, |node| self.value(node))
            }
            Node::Coalesce(list) => {
                let known =
                    list.iter().map(|node| self.value(node)).find(|value| *value != Val::Null);
                known.unwrap_or(Val::Null)
            }
            Node::Members(condition) => {
                let answers = self.answers(condition);
                if answers.contains(&None) { Val::Null } else { Val::Number(yes(&answers)) }
            }
            Node::MembersSum(value, condition) => self.members_sum(value, condition),
        }
    }

    fn answers(&self, condition: &Node) -> Vec<Option<bool>> {
        let people = self.situation.members.iter();
        people.map(|person| self.at(person).truth(condition)).collect()
    }

    fn members_sum(&self, value: &Node, condition: &Node) -> Val {
        let mut sum = 0.0;
        for person in &self.situation.members {
            let member = self.at(person);
            match (member.truth(condition), member.value(value).number()) {
                (Some(false), _) => {}
                (Some(true), Some(value)) => sum += value,
                _ => return Val::Null,
            }
        }
        Val::Number(sum)
    }

    fn number(&self, node: &Node, f: impl Fn(f64) -> f64) -> Val {
        self.value(node).number().map_or(Val::Null, |value| Val::Number(f(value)))
    }

    fn numbers(&self, left: &Node, right: &Node, f: impl Fn(f64, f64) -> Option<f64>) -> Val {
        match (self.value(left).number(), self.value(right).number()) {
            (Some(a), Some(b)) => f(a, b).map_or(Val::Null, Val::Number),
            _ => Val::Null,
        }
    }

    fn extreme(&self, list: &[Node], pick: impl Fn(f64, f64) -> f64) -> Val {
        let values: Option<Vec<f64>> = list.iter().map(|node| self.value(node).number()).collect();
        values.and_then(|values| values.into_iter().reduce(&pick)).map_or(Val::Null, Val::Number)
    }

    fn comparison(&self, cmp: Cmp, left: &Node, right: &Node) -> Val {
        if let Some((grows, cmp, other)) = growing(cmp, left, right) {
            let known = self.known(grows);
            if compare(cmp, &known, &self.value(other)) == Some(true) {
                return Val::Bool(true);
            }
        }
        truth(compare(cmp, &self.value(left), &self.value(right)))
    }

    /// The part of a growing value that is certain already.
    fn known(&self, node: &Node) -> Val {
        match node {
            Node::Column(column) => match self.own(column) {
                Some((known, _)) => stored(&known, column.kind),
                None => stored(self.raw(column), column.kind),
            },
            Node::Members(condition) => Val::Number(yes(&self.answers(condition))),
            other => self.value(other),
        }
    }

    fn raw(&self, column: &Column) -> &Scalar {
        let row = if column.table == PERSON.name { self.person } else { Some(&self.situation.row) };
        row.and_then(|row| row.get(column.name)).unwrap_or(&Scalar::Null)
    }

    /// What the rows of an own list say of a column, as far as it is told, and whether a row leaves it untold. A value
    /// that the situation names itself stands.
    fn own(&self, column: &Column) -> Option<(Scalar, bool)> {
        let own = column.own?;
        let row = if column.table == PERSON.name { self.person } else { Some(&self.situation.row) };
        if let Some(named) = row.and_then(|row| row.get(column.name)) {
            return Some((named.clone(), false));
        }
        let rows = match row.and_then(|row| row.get(ROWS)) {
            Some(Scalar::Text(text)) => rows_of(text),
            _ => Vec::new(),
        };
        Some(match own.says(column.kind, &rows, self.binding.today) {
            Says::Nothing => (Scalar::Null, false),
            Says::Untold => (own.told(column.kind, &rows, self.binding.today), true),
            Says::Value(value) => (value, false),
        })
    }

    pub(super) fn extent(&self, column: &Column) -> Option<&Extent> {
        column.coverage.as_ref().map(|coverage| self.binding.coverage.extent(coverage))
    }

    fn column(&self, column: &Column) -> Val {
        let raw = match self.own(column) {
            // a row that does not say the value: it cannot be told, whoever has delivered
            Some((_, true)) => return Val::Null,
            Some((told, false)) => stored(&told, column.kind),
            None => stored(self.raw(column), column.kind),
        };
        match self.extent(column) {
            None => raw,
            Some(extent) if extent.holds(&self.situation.village) => match (raw, column.kind) {
                (Val::Null, Kind::Bool) => Val::Bool(false),
                (Val::Null, Kind::Text | Kind::Day) => Val::Text(String::new()),
                (Val::Null, _) => Val::Number(0.0),
                (known, _) => known,
            },
            Some(_) => {
                let grows = column.coverage.is_some_and(|coverage| coverage.only_grows);
                if grows && raw == Val::Bool(true) { raw } else { Val::Null }
            }
        }
    }
}

fn truth(value: Option<bool>) -> Val {
    value.map_or(Val::Null, Val::Bool)
}

/// `or` of three-valued answers.
fn either(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(false) }
}

fn yes(answers: &[Option<bool>]) -> f64 {
    answers.iter().filter(|answer| **answer == Some(true)).map(|_| 1.0).sum()
}

fn constant(literal: &Literal) -> Val {
    match literal {
        Literal::Number(value) => Val::Number(*value),
        Literal::Text(text) => Val::Text(text.clone()),
        Literal::Day(day) => Val::Text(day.to_string()),
        Literal::Bool(value) => Val::Bool(*value),
    }
}

#[allow(clippy::cast_precision_loss)]
fn stored(value: &Scalar, kind: Kind) -> Val {
    match value {
        Scalar::Null => Val::Null,
        Scalar::Int(value) if kind == Kind::Bool => Val::Bool(*value == 1),
        Scalar::Int(value) => Val::Number(*value as f64),
        Scalar::Real(value) => Val::Number(*value),
        Scalar::Text(text) => Val::Text(text.clone()),
    }
}

fn compare(cmp: Cmp, left: &Val, right: &Val) -> Option<bool> {
    let order = match (left, right) {
        (Val::Number(a), Val::Number(b)) => a.partial_cmp(b)?,
        (Val::Text(a), Val::Text(b)) => a.cmp(b),
        (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match cmp {
        Cmp::Eq => order.is_eq(),
        Cmp::Ne => order.is_ne(),
        Cmp::Lt => order.is_lt(),
        Cmp::Le => order.is_le(),
        Cmp::Gt => order.is_gt(),
        Cmp::Ge => order.is_ge(),
    })
}

fn between(span: Span, from: &Val, to: &Val) -> Val {
    let (Val::Text(from), Val::Text(to)) = (from, to) else { return Val::Null };
    let (Ok(from), Ok(to)) = (Day::parse(from), Day::parse(to)) else { return Val::Null };
    let early = |is_early: bool| i64::from(is_early);
    let years = i64::from(to.year()) - i64::from(from.year());
    let months = i64::from(to.month()) - i64::from(from.month());
    let count = match span {
        Span::Days => from.days_until(to),
        Span::Months => years * 12 + months - early(to.day() < from.day()),
        Span::Years => years - early((to.month(), to.day()) < (from.month(), from.day())),
    };
    #[allow(clippy::cast_precision_loss)]
    Val::Number(count as f64)
}
