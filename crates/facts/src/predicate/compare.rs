//! Where a condition holds an amount against a threshold: what can be drawn as a histogram around it.

use std::cell::Cell;

use kernel::lang::Lang;

use super::explain::{explain, unit_of};
use super::node::{Cmp, Literal, Node};
use super::render::Renderer;
use super::{Binding, Engine, Predicate};
use crate::column::{Column, Kind, Unit};
use crate::params::Params;
use crate::scalar::Scalar;

/// The threshold of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Against {
    /// A parameter, by name.
    Param(String),
    /// A number written in the condition, as stored: money in fen.
    Number(f64),
}

/// One comparison of an amount of a row with a threshold that is the same for many rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    amount: Node,
    /// How the amount stands to the threshold where the comparison is true: `<`, `<=`, `>`, `>=`, `=`, `<>`.
    pub sign: &'static str,
    /// The threshold.
    pub against: Against,
    /// What the amount counts; money comes in fen.
    pub unit: Unit,
    /// The amount is always a whole number of its unit.
    pub whole: bool,
}

impl Comparison {
    /// The column, where the amount is one and not a sum or quotient of several.
    pub fn column(&self) -> Option<&Column> {
        match &self.amount {
            Node::Column(column) => Some(column),
            _ => None,
        }
    }

    /// The amount in plain words.
    pub fn title(&self, params: &Params, lang: Lang) -> String {
        explain(&self.amount, params, lang)
    }

    /// The amount as SQL over `f` (the fact table): a number, or NULL for *cannot tell*.
    pub fn sql(&self, engine: Engine, binding: Binding<'_>) -> String {
        let exceeded = Cell::new(false);
        let renderer = Renderer { engine, binding, limit: None, exceeded, persons: false };
        renderer.render(&self.amount)
    }

    /// The threshold in a village, as stored; none where the parameter has no number there.
    #[allow(clippy::cast_precision_loss)]
    pub fn threshold(&self, params: &Params, village: &str) -> Option<f64> {
        match &self.against {
            Against::Number(number) => Some(*number),
            Against::Param(name) => match params.get(name)?.at(village) {
                Scalar::Int(number) => Some(number as f64),
                Scalar::Real(number) => Some(number),
                _ => None,
            },
        }
    }

    /// Amounts equal to the threshold lie on the side of the smaller ones: `> x` and `<= x` part there.
    pub fn parts_above(&self) -> bool {
        matches!(self.sign, ">" | "<=")
    }
}

impl Predicate {
    /// Its comparisons of an amount with a parameter or a number, in the order in which they are written. Those about
    /// single members are left out: they have no one amount for the row.
    pub fn comparisons(&self, params: &Params) -> Vec<Comparison> {
        let mut found = Vec::new();
        below(&self.node, params, &mut found);
        found
    }
}

fn below(node: &Node, params: &Params, found: &mut Vec<Comparison>) {
    if let Node::Compare(cmp, left, right) = node {
        let sides = [(left, *cmp, right), (right, cmp.flipped(), left)];
        found.extend(sides.into_iter().find_map(|(a, cmp, b)| comparison(a, cmp, b, params)));
    }
    if !matches!(node, Node::Members(_) | Node::MembersSum(..)) {
        node.children().into_iter().for_each(|child| below(child, params, found));
    }
}

fn comparison(amount: &Node, cmp: Cmp, other: &Node, params: &Params) -> Option<Comparison> {
    let is_amount = |kind: Kind| matches!(kind, Kind::Money | Kind::Int | Kind::Real);
    let against = match other {
        Node::Literal(Literal::Number(number)) => Against::Number(*number),
        Node::Param(name) if params.get(name).is_some_and(|param| is_amount(param.kind)) => {
            Against::Param(name.clone())
        }
        _ => return None,
    };
    if matches!(amount, Node::Param(_) | Node::Literal(_)) {
        return None;
    }
    let whole = match amount {
        Node::Column(column) => column.kind == Kind::Int,
        other => matches!(other, Node::Members(_) | Node::Between(..)),
    };
    Some(Comparison {
        amount: amount.clone(),
        sign: cmp.sql(),
        against,
        unit: unit_of(amount),
        whole,
    })
}
