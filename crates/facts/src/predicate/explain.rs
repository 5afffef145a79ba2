//! A predicate in plain words: 近12个月合规自付 高于 20,000 元.

use kernel::lang::Lang;
use kernel::money::Money;

use super::node::{Cmp, Literal, Node, Op, Span};
use crate::column::{Kind, Title, Unit};
use crate::params::Params;
use crate::scalar::Scalar;

pub(super) fn explain(node: &Node, params: &Params, lang: Lang) -> String {
    Words { params, lang }.sentence(node)
}

struct Words<'a> {
    params: &'a Params,
    lang: Lang,
}

/// The words of the language itself.
fn word(name: &str, lang: Lang) -> &'static str {
    let title = match name {
        "=" => Title::new("为", "is"),
        "<>" => Title::new("不为", "is not"),
        "<" => Title::new("低于", "below"),
        "<=" => Title::new("不高于", "at most"),
        ">" => Title::new("高于", "above"),
        ">=" => Title::new("不低于", "at least"),
        "and" => Title::new("，且 ", ", and "),
        "or" => Title::new(" 或 ", " or "),
        "not" => Title::new("并非", "not"),
        "in" => Title::new("属于", "is one of"),
        "unknown" => Title::new("不明", "is unknown"),
        "true" => Title::new("是", "yes"),
        "false" => Title::new("否", "no"),
        "if" => Title::new("若", "if"),
        "then" => Title::new("则", "then"),
        "else" => Title::new("否则", "otherwise"),
        "first" => Title::new("依次取", "the first known of"),
        "today" => Title::new("当日", "today"),
        "days" => Title::new("天", "days"),
        "months" => Title::new("个月", "months"),
        "years" => Title::new("年", "years"),
        "from" => Title::new("自", "from"),
        "to" => Title::new("至", "to"),
        "abs" => Title::new("绝对值", "absolute value of"),
        "round" => Title::new("取整", "rounded"),
        "least" => Title::new("取小", "the least of"),
        "greatest" => Title::new("取大", "the greatest of"),
        "members" => Title::new("家庭成员人数", "members"),
        "sum" => Title::new("家庭成员合计", "sum over members of"),
        "where" => Title::new("满足", "with"),
        _ => Title::new("", ""),
    };
    title.get(lang)
}

impl Words<'_> {
    fn word(&self, name: &str) -> &'static str {
        word(name, self.lang)
    }

    fn sentence(&self, node: &Node) -> String {
        match node {
            Node::And(list) => self.joined(list, "and"),
            Node::Or(list) => self.joined(list, "or"),
            Node::Not(inner) => self.not(inner),
            Node::Compare(cmp, left, right) => self.comparison(*cmp, left, right),
            Node::In(value, list) => {
                let unit = unit_of(value);
                let items = list.iter().map(|item| self.value(item, unit)).collect::<Vec<_>>();
                let items = items.join(if self.lang == Lang::Zh { "、" } else { ", " });
                format!("{} {} {items}", self.value(value, Unit::None), self.word("in"))
            }
            Node::IsNull(inner) => format!("{} {}", self.inner(inner), self.word("unknown")),
            Node::Is(inner, yes) => {
                let answer = self.word(if *yes { "true" } else { "false" });
                format!("{} {} {answer}", self.inner(inner), self.word("="))
            }
            other => self.value(other, Unit::None),
        }
    }

    fn joined(&self, list: &[Node], word: &str) -> String {
        let parts: Vec<String> = list.iter().map(|node| self.inner(node)).collect();
        parts.join(self.word(word))
    }

    /// A part of a longer sentence: in brackets where it is a chain itself.
    fn inner(&self, node: &Node) -> String {
        let text = self.sentence(node);
        match (node, self.lang) {
            (Node::And(_) | Node::Or(_), Lang::Zh) => format!("（{text}）"),
            (Node::And(_) | Node::Or(_), Lang::En) => format!("({text})"),
            _ => text,
        }
    }

    fn not(&self, inner: &Node) -> String {
        match (inner, self.lang) {
            (Node::Column(column), Lang::Zh) => format!("非{}", column.title.zh),
            (Node::Column(column), Lang::En) => format!("not {}", column.title.en),
            (_, Lang::Zh) => format!("并非（{}）", self.sentence(inner)),
            (_, Lang::En) => format!("not ({})", self.sentence(inner)),
        }
    }

    fn comparison(&self, cmp: Cmp, left: &Node, right: &Node) -> String {
        let (left_unit, right_unit) = (unit_of(left), unit_of(right));
        let left = self.value(left, right_unit);
        let right = self.value(right, left_unit);
        format!("{left} {} {right}", self.word(cmp.sql()))
    }

    /// A value; a bare number takes the unit of what it is compared with.
    fn value(&self, node: &Node, unit: Unit) -> String {
        match node {
            Node::Column(column) => column.title.get(self.lang).to_owned(),
            Node::Literal(literal) => self.literal(literal, unit),
            Node::Param(name) => self.param(name),
            Node::Today => self.word("today").to_owned(),
            Node::Arith(op, left, right) => self.arithmetic(*op, left, right, unit),
            Node::Negate(inner) => format!("-{}", self.value(inner, unit)),
            Node::Abs(inner) => self.call("abs", std::slice::from_ref(inner), unit),
            Node::Round { value, .. } => self.call("round", std::slice::from_ref(value), unit),
            Node::Least(list) => self.call("least", list, unit),
            Node::Greatest(list) => self.call("greatest", list, unit),
            Node::Coalesce(list) => self.call("first", list, unit),
            Node::Between(span, from, to) => {
                let name = match span {
                    Span::Days => "days",
                    Span::Months => "months",
                    Span::Years => "years",
                };
                let (from, to) = (self.value(from, unit), self.value(to, unit));
                match self.lang {
                    Lang::Zh => format!("自{from}至{to}的{}数", self.word(name)),
                    Lang::En => format!("{} from {from} to {to}", self.word(name)),
                }
            }
            Node::Case { arms, otherwise } => {
                let mut text = String::new();
                for (condition, value) in arms {
                    let (condition, value) = (self.inner(condition), self.value(value, unit));
                    let (when, then) = (self.word("if"), self.word("then"));
                    text.push_str(&format!("{when} {condition} {then} {value}; "));
                }
                let last = otherwise.as_deref().map(|node| self.value(node, unit));
                let last = last.unwrap_or_else(|| self.word("unknown").to_owned());
                format!("[{text}{} {last}]", self.word("else"))
            }
            Node::Members(condition) => {
                format!(
                    "{}[{} {}]",
                    self.word("members"),
                    self.word("where"),
                    self.sentence(condition)
                )
            }
            Node::MembersSum(value, condition) => format!(
                "{} {}[{} {}]",
                self.word("sum"),
                self.value(value, unit),
                self.word("where"),
                self.sentence(condition)
            ),
            condition => self.inner(condition),
        }
    }

    fn call<N: std::borrow::Borrow<Node>>(&self, name: &str, list: &[N], unit: Unit) -> String {
        let parts: Vec<String> = list.iter().map(|node| self.value(node.borrow(), unit)).collect();
        let comma = if self.lang == Lang::Zh { "、" } else { ", " };
        format!("{}({})", self.word(name), parts.join(comma))
    }

    fn arithmetic(&self, op: Op, left: &Node, right: &Node, unit: Unit) -> String {
        let additive = matches!(op, Op::Add | Op::Sub);
        let side = |node: &Node, own: &Node| {
            let unit = if additive { unit_of(own) } else { Unit::None };
            let text = self.value(node, unit);
            if matches!(node, Node::Arith(Op::Add | Op::Sub, ..)) {
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
        format!("{} {sign} {}", side(left, right), side(right, left))
    }

    fn literal(&self, literal: &Literal, unit: Unit) -> String {
        match literal {
            Literal::Number(value) => amount(*value, unit, self.lang),
            Literal::Text(text) if text.is_empty() => "\"\"".to_owned(),
            Literal::Text(text) => text.clone(),
            Literal::Day(day) => day.to_string(),
            Literal::Bool(yes) => self.word(if *yes { "true" } else { "false" }).to_owned(),
        }
    }

    fn param(&self, name: &str) -> String {
        let Some(param) = self.params.get(name) else { return format!(":{name}") };
        let title = if self.lang == Lang::Zh { &param.title_zh } else { &param.title_en };
        let title = if title.is_empty() { format!(":{name}") } else { title.clone() };
        let value = param.only_value().map(|value| shown(value, param.kind, param.unit, self.lang));
        match (value, self.lang) {
            (Some(value), Lang::Zh) => format!("{title}（{value}）"),
            (Some(value), Lang::En) => format!("{title} ({value})"),
            (None, _) => title,
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
        Scalar::Null => match lang {
            Lang::Zh => "不明".to_owned(),
            Lang::En => "unknown".to_owned(),
        },
        Scalar::Int(value) if kind == Kind::Bool => {
            word(if *value == 0 { "false" } else { "true" }, lang).to_owned()
        }
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
    let unit_words = unit.title().get(lang);
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
