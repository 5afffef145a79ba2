//! A predicate in plain words: 近12个月合规自付 高于 20,000 元.

use kernel::lang::Lang;
use kernel::money::Money;

use super::node::{Cmp, Literal, Node, Op, Span};
use super::words::say;
use crate::column::{Kind, Unit};
use crate::params::Params;
use crate::scalar::Scalar;

pub(super) fn explain(node: &Node, params: &Params, lang: Lang) -> String {
    Words { params, lang }.sentence(node)
}

struct Words<'a> {
    params: &'a Params,
    lang: Lang,
}

fn yes_or_no(yes: bool, lang: Lang) -> String {
    say(lang, if yes { "facts-yes" } else { "facts-no" }, &[])
}

impl Words<'_> {
    fn say(&self, id: &str, values: &[(&str, &str)]) -> String {
        say(self.lang, id, values)
    }

    fn sentence(&self, node: &Node) -> String {
        match node {
            Node::And(list) => self.chain("facts-and", list),
            Node::Or(list) => self.chain("facts-or", list),
            Node::Not(inner) => match inner.as_ref() {
                Node::Column(column) => {
                    self.say("facts-not-so", &[("text", column.title.get(self.lang))])
                }
                other => self.say("facts-not", &[("text", &self.sentence(other))]),
            },
            Node::Compare(cmp, left, right) => self.comparison(*cmp, left, right),
            Node::In(value, list) => {
                let unit = unit_of(value);
                let items = list.iter().map(|item| self.value(item, unit)).collect();
                let value = self.value(value, Unit::None);
                self.say("facts-one-of", &[("text", &value), ("list", &self.listed(items))])
            }
            Node::IsNull(inner) => self.say("facts-is-unknown", &[("text", &self.inner(inner))]),
            Node::Is(inner, yes) => {
                let (inner, yes) = (self.inner(inner), yes_or_no(*yes, self.lang));
                self.say("facts-equal", &[("left", &inner), ("right", &yes)])
            }
            other => self.value(other, Unit::None),
        }
    }

    /// Conditions joined by one word.
    fn chain(&self, id: &str, list: &[Node]) -> String {
        self.joined(id, list.iter().map(|node| self.inner(node)).collect())
    }

    fn listed(&self, parts: Vec<String>) -> String {
        self.joined("facts-list", parts)
    }

    fn joined(&self, id: &str, parts: Vec<String>) -> String {
        let two = |left: String, right: String| self.say(id, &[("left", &left), ("right", &right)]);
        parts.into_iter().reduce(two).unwrap_or_default()
    }

    /// A part of a longer sentence: in brackets where it is a chain itself.
    fn inner(&self, node: &Node) -> String {
        let text = self.sentence(node);
        match node {
            Node::And(_) | Node::Or(_) => self.say("facts-brackets", &[("text", &text)]),
            _ => text,
        }
    }

    fn comparison(&self, cmp: Cmp, left: &Node, right: &Node) -> String {
        let (left_unit, right_unit) = (unit_of(left), unit_of(right));
        let id = match cmp {
            Cmp::Eq => "facts-equal",
            Cmp::Ne => "facts-unequal",
            Cmp::Lt => "facts-below",
            Cmp::Le => "facts-at-most",
            Cmp::Gt => "facts-above",
            Cmp::Ge => "facts-at-least",
        };
        let (left, right) = (self.value(left, right_unit), self.value(right, left_unit));
        self.say(id, &[("left", &left), ("right", &right)])
    }

    /// A value; a bare number takes the unit of what it is compared with.
    fn value(&self, node: &Node, unit: Unit) -> String {
        match node {
            Node::Column(column) => column.title.get(self.lang).to_owned(),
            Node::Literal(literal) => self.literal(literal, unit),
            Node::Param(name) => self.param(name),
            Node::Today => self.say("facts-today", &[]),
            Node::Arith(op, left, right) => self.arithmetic(*op, left, right, unit),
            Node::Negate(inner) => format!("-{}", self.value(inner, unit)),
            Node::Abs(inner) => self.call("facts-absolute", std::slice::from_ref(inner), unit),
            Node::Round { value, .. } => {
                self.call("facts-rounded", std::slice::from_ref(value), unit)
            }
            Node::Least(list) => self.call("facts-least", list, unit),
            Node::Greatest(list) => self.call("facts-greatest", list, unit),
            Node::Coalesce(list) => self.call("facts-first-known", list, unit),
            Node::Between(span, from, to) => {
                let id = match span {
                    Span::Days => "facts-days-between",
                    Span::Months => "facts-months-between",
                    Span::Years => "facts-years-between",
                };
                let (from, to) = (self.value(from, unit), self.value(to, unit));
                self.say(id, &[("from", &from), ("to", &to)])
            }
            Node::Case { arms, otherwise } => {
                let last = otherwise.as_deref().map(|node| self.value(node, unit));
                let last = last.unwrap_or_else(|| self.say("facts-unknown", &[]));
                arms.iter().rev().fold(last, |rest, (condition, value)| {
                    let (condition, value) = (self.inner(condition), self.value(value, unit));
                    let values = [("condition", &*condition), ("value", &*value), ("rest", &*rest)];
                    self.say("facts-if", &values)
                })
            }
            Node::Members(condition) => {
                self.say("facts-members", &[("condition", &self.sentence(condition))])
            }
            Node::MembersSum(value, condition) => {
                let (value, condition) = (self.value(value, unit), self.sentence(condition));
                self.say("facts-members-sum", &[("value", &value), ("condition", &condition)])
            }
            condition => self.inner(condition),
        }
    }

    fn call<N: std::borrow::Borrow<Node>>(&self, id: &str, list: &[N], unit: Unit) -> String {
        let parts = list.iter().map(|node| self.value(node.borrow(), unit)).collect();
        self.say(id, &[("list", &self.listed(parts))])
    }

    fn arithmetic(&self, op: Op, left: &Node, right: &Node, unit: Unit) -> String {
        let additive = matches!(op, Op::Add | Op::Sub);
        // A sum needs brackets in a product, and behind a minus: what is added up from the left reads as it stands.
        let side = |node: &Node, own: &Node, behind: bool| {
            let unit = if additive { unit_of(own) } else { Unit::None };
            let text = self.value(node, unit);
            let apart = !additive || (behind && op == Op::Sub);
            if apart && matches!(node, Node::Arith(Op::Add | Op::Sub, ..)) {
                format!("({text})")
            } else {
                text
            }
        };
        let sign = match op {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "×",
            Op::Div => "÷",
        };
        // Yuan written as numbers were brought to fen; people read yuan.
        if let (Op::Mul, Node::Literal(Literal::Number(hundred))) = (op, right)
            && *hundred == 100.0
            && unit.is_money()
        {
            return self.value(left, Unit::None);
        }
        format!("{} {sign} {}", side(left, right, false), side(right, left, true))
    }

    fn literal(&self, literal: &Literal, unit: Unit) -> String {
        match literal {
            Literal::Number(value) => amount(*value, unit, self.lang),
            Literal::Text(text) if text.is_empty() => "\"\"".to_owned(),
            Literal::Text(text) => text.clone(),
            Literal::Day(day) => day.to_string(),
            Literal::Bool(yes) => yes_or_no(*yes, self.lang),
        }
    }

    fn param(&self, name: &str) -> String {
        let Some(param) = self.params.get(name) else { return format!(":{name}") };
        let title = if self.lang == Lang::Zh { &param.title_zh } else { &param.title_en };
        let title = if title.is_empty() { format!(":{name}") } else { title.clone() };
        let value = param.only_value().map(|value| shown(value, param.kind, param.unit, self.lang));
        match value {
            Some(value) => self.say("facts-parameter", &[("title", &title), ("value", &value)]),
            None => title,
        }
    }
}

pub(super) fn unit_of(node: &Node) -> Unit {
    match node {
        Node::Column(column) => column.unit,
        Node::Between(Span::Days, ..) => Unit::Days,
        Node::Between(Span::Months, ..) => Unit::Months,
        Node::Between(Span::Years, ..) => Unit::Years,
        Node::Members(_) => Unit::Persons,
        Node::Arith(Op::Add | Op::Sub, left, right) => match unit_of(left) {
            Unit::None => unit_of(right),
            unit => unit,
        },
        Node::Arith(..) => {
            if has_money(node) {
                Unit::Yuan
            } else {
                Unit::None
            }
        }
        Node::Coalesce(list) | Node::Least(list) | Node::Greatest(list) => {
            list.iter().map(unit_of).find(|unit| *unit != Unit::None).unwrap_or(Unit::None)
        }
        Node::Negate(inner) | Node::Abs(inner) | Node::MembersSum(inner, _) => unit_of(inner),
        Node::Round { value, .. } => unit_of(value),
        _ => Unit::None,
    }
}

/// Whether a product or quotient is an amount of money: money on the left of a division, on one side of a product.
fn has_money(node: &Node) -> bool {
    match node {
        Node::Arith(Op::Mul, left, right) => has_money(left) != has_money(right),
        Node::Arith(Op::Div, left, right) => has_money(left) && !has_money(right),
        other => unit_of(other).is_money(),
    }
}

/// A stored value as people read it: fen as yuan with separators, yes/no as words, with its unit.
pub(crate) fn shown(value: &Scalar, kind: Kind, unit: Unit, lang: Lang) -> String {
    match value {
        Scalar::Null => say(lang, "facts-unknown", &[]),
        Scalar::Int(value) if kind == Kind::Bool => yes_or_no(*value != 0, lang),
        #[allow(clippy::cast_precision_loss)]
        Scalar::Int(value) => {
            let unit = if kind == Kind::Money && !unit.is_money() { Unit::Yuan } else { unit };
            amount(*value as f64, unit, lang)
        }
        Scalar::Real(value) => amount(*value, unit, lang),
        Scalar::Text(text) => text.clone(),
    }
}

/// A number with its unit; money comes in fen.
fn amount(value: f64, unit: Unit, lang: Lang) -> String {
    let number = if unit.is_money() {
        #[allow(clippy::cast_possible_truncation)]
        let fen = Money::from_fen(value.round() as i64);
        let text = fen.to_string();
        text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
    } else {
        grouped(value)
    };
    let mut unit_words = unit.title().get(lang);
    if lang == Lang::En && number == "1" {
        unit_words = unit.one_in_english();
    }
    match (unit, unit_words) {
        (_, "") => number,
        (Unit::Percent, _) => format!("{number}%"),
        _ => format!("{number} {unit_words}"),
    }
}

fn grouped(value: f64) -> String {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |(a, b)| (a, b));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if fraction.is_empty() { out } else { format!("{out}.{fraction}") }
}
