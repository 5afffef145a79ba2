//! Which kinds go together: yuan and fen, texts and days, and what cannot be joined at all.

use kernel::time::Day;

use super::check::{Typed, problem};
use super::node::{Literal, Node, Op, Type};
use super::problem::{Problem, Trouble};
use crate::column::Kind;

pub(super) fn factors(node: &Node) -> usize {
    let below = node.children().into_iter().map(factors);
    match node {
        Node::Arith(Op::Mul | Op::Div, _, _) => below.sum::<usize>() + 1,
        _ => below.max().unwrap_or(0),
    }
}

pub(super) fn bad_day(day: &Typed, text: &Typed) -> Option<Problem> {
    match (&text.node, day.ty) {
        (Node::Literal(Literal::Text(words)), Type::Day) => {
            Some(problem(text.at, Trouble::BadDay(shortened(words))))
        }
        _ => None,
    }
}

pub(super) fn mismatch(left: &Typed, operator: &str, right: &Typed) -> Problem {
    let operator = operator.to_owned();
    let trouble = Trouble::Mismatch { left: left.ty.name(), operator, right: right.ty.name() };
    problem(right.at, trouble)
}

pub(super) fn negate_if(negated: bool, node: Node) -> Node {
    if negated { Node::Not(Box::new(node)) } else { node }
}

pub(super) fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Money => Type::Money,
        Kind::Int | Kind::Real => Type::Number,
        Kind::Bool => Type::Bool,
        Kind::Text => Type::Text,
        Kind::Day => Type::Day,
    }
}

pub(super) const fn op_sign(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Sub => "-",
        Op::Mul => "*",
        Op::Div => "/",
    }
}

pub(super) fn reckon(op: Op, a: f64, b: f64) -> f64 {
    match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
    }
}

/// One kind for all, with literals turned into money or days where they meet them.
pub(super) fn unify(values: Vec<Typed>) -> Option<(Vec<Node>, Type)> {
    let has = |ty: Type| values.iter().any(|value| value.ty == ty);
    let ty = [Type::Money, Type::Day, Type::Number, Type::Literal, Type::Text, Type::Bool]
        .into_iter()
        .find(|ty| has(*ty))?;
    let convert = |value: Typed| match (ty, value.ty) {
        (a, b) if a == b => Some(value.node),
        (Type::Money, Type::Literal) => Some(as_money(value)),
        (Type::Number, Type::Literal) => Some(value.node),
        (Type::Day, Type::Text) => as_day(&value.node),
        _ => None,
    };
    let nodes: Option<Vec<Node>> = values.clone().into_iter().map(convert).collect();
    nodes.map(|nodes| (nodes, ty))
}

pub(super) fn as_day(node: &Node) -> Option<Node> {
    match node {
        Node::Literal(Literal::Text(text)) => {
            Day::parse(text).ok().map(|day| Node::Literal(Literal::Day(day)))
        }
        _ => None,
    }
}

/// Yuan to fen, for what was written as plain numbers.
pub(super) fn as_money(typed: Typed) -> Node {
    if typed.ty == Type::Money {
        return typed.node;
    }
    match typed.node {
        Node::Literal(Literal::Number(yuan)) => Node::number(fen(yuan)),
        other => Node::Arith(Op::Mul, Box::new(other), Box::new(Node::number(100.0))),
    }
}

/// 8800.15 yuan is exactly 880015 fen, whatever binary fractions say.
pub(super) fn fen(yuan: f64) -> f64 {
    let scaled = yuan * 100.0;
    let whole = scaled.round();
    if (scaled - whole).abs() < 1e-6 { whole } else { scaled }
}

pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        return text.to_owned();
    }
    text.chars().take(40).chain(['…']).collect()
}
