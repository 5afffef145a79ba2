//! A checked predicate: every name resolved, every unit agreed.

use kernel::time::Day;

use crate::column::Column;

/// The type of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// A number without money in it.
    Number,
    /// A number made of literals only: it becomes money where it meets money.
    Literal,
    /// Fen.
    Money,
    Bool,
    Text,
    Day,
}

impl Type {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Number | Self::Literal => "number",
            Self::Money => "money",
            Self::Bool => "yes/no",
            Self::Text => "text",
            Self::Day => "day",
        }
    }

    /// Numbers and money: what can be ordered and reckoned with.
    pub(crate) const fn is_amount(self) -> bool {
        matches!(self, Self::Number | Self::Literal | Self::Money)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Number(f64),
    Text(String),
    Day(Day),
    Bool(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Sub,
    Mul,
    Div,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Cmp {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "<>",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// The same comparison with the sides exchanged.
    pub(crate) const fn flipped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    Days,
    Months,
    Years,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Column(Column),
    Literal(Literal),
    /// A parameter; its kind stands in the list of parameters.
    Param(String),
    /// The day of reading.
    Today,
    Arith(Op, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Abs(Box<Node>),
    /// `round(x × times ÷ per) × per ÷ times`, halves away from zero.
    Round {
        value: Box<Node>,
        times: f64,
        per: f64,
    },
    Least(Vec<Node>),
    Greatest(Vec<Node>),
    /// Whole days, months or years from the first day to the second.
    Between(Span, Box<Node>, Box<Node>),
    Compare(Cmp, Box<Node>, Box<Node>),
    In(Box<Node>, Vec<Node>),
    IsNull(Box<Node>),
    /// `is true` / `is false`: never unknown.
    Is(Box<Node>, bool),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Case {
        arms: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Coalesce(Vec<Node>),
    /// How many members of the household meet the condition.
    Members(Box<Node>),
    /// The sum of an expression over the members that meet the condition.
    MembersSum(Box<Node>, Box<Node>),
}

impl Node {
    pub(crate) fn number(value: f64) -> Self {
        Self::Literal(Literal::Number(value))
    }

    /// The nodes directly below.
    pub(crate) fn children(&self) -> Vec<&Node> {
        match self {
            Self::Column(_) | Self::Literal(_) | Self::Param(_) | Self::Today => Vec::new(),
            Self::Arith(_, a, b) | Self::Between(_, a, b) | Self::Compare(_, a, b) => vec![a, b],
            Self::MembersSum(a, b) => vec![a, b],
            Self::Negate(a) | Self::Abs(a) | Self::Round { value: a, .. } | Self::IsNull(a) => {
                vec![a]
            }
            Self::Is(a, _) | Self::Not(a) | Self::Members(a) => vec![a],
            Self::Least(list) | Self::Greatest(list) | Self::And(list) | Self::Or(list) => {
                list.iter().collect()
            }
            Self::Coalesce(list) => list.iter().collect(),
            Self::In(a, list) => std::iter::once(a.as_ref()).chain(list).collect(),
            Self::Case { arms, otherwise } => {
                let arms = arms.iter().flat_map(|(condition, value)| [condition, value]);
                arms.chain(otherwise.as_deref()).collect()
            }
        }
    }

    /// Calls `look` for this node and all below it.
    pub(crate) fn walk<'a>(&'a self, look: &mut impl FnMut(&'a Node)) {
        look(self);
        for child in self.children() {
            child.walk(look);
        }
    }
}

/// A comparison of the form "part known so far > something": what is known may prove it though the rest is missing.
/// Gives the growing side, the comparison seen from it, and the other side.
pub(crate) fn growing<'a>(
    cmp: Cmp,
    left: &'a Node,
    right: &'a Node,
) -> Option<(&'a Node, Cmp, &'a Node)> {
    let grows = |node: &Node| match node {
        Node::Column(column) => column.coverage.is_some_and(|coverage| coverage.only_grows),
        Node::Members(_) => true,
        _ => false,
    };
    match cmp {
        Cmp::Gt | Cmp::Ge if grows(left) => Some((left, cmp, right)),
        Cmp::Lt | Cmp::Le if grows(right) => Some((right, cmp.flipped(), left)),
        _ => None,
    }
}
