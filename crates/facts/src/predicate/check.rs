//! From parsed SQL to a checked predicate: names are resolved, units agree, everything else is refused with its place.

use sqlparser::ast::{BinaryOperator, CaseWhen, Expr, Ident, Spanned, UnaryOperator, Value};
use sqlparser::tokenizer::Location;

use super::node::{Cmp, Literal, Node, Op, Type};
use super::problem::{Problem, Trouble, suggest};
use super::units::{
    as_money, bad_day, factors, mismatch, negate_if, op_sign, reckon, shortened, type_of, unify,
};
use crate::params::Params;
use crate::schema::Schema;

/// What a predicate may speak about.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// All fact tables.
    pub schema: &'a Schema,
    /// The table whose rows are asked.
    pub table: &'a str,
    /// The parameters of the pack.
    pub params: &'a Params,
}

/// Deepest nesting of an expression.
const DEEPEST: usize = 48;
/// Most parts of an expression.
const LARGEST: usize = 600;

/// Most factors and divisors in one product: with columns of 64 bits no product leaves the range of a fraction, which
/// one of the engines would answer with an error for the whole run.
const MOST_FACTORS: usize = 12;

/// A node with its type and where it starts.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub node: Node,
    pub ty: Type,
    pub at: Location,
}

pub(super) struct Checker<'a> {
    pub scope: Scope<'a>,
    /// The table whose columns are in sight: that of the scope, or the members' inside `members(…)`.
    pub table: &'a str,
    pub depth: usize,
    pub size: usize,
    pub at: Location,
}

type Checked<T> = Result<T, Problem>;

pub(super) fn problem(at: Location, trouble: Trouble) -> Problem {
    Problem { line: at.line, column: at.column, trouble }
}

impl<'a> Checker<'a> {
    pub(super) fn new(scope: Scope<'a>) -> Self {
        let at = Location { line: 1, column: 1 };
        Self { scope, table: scope.table, depth: 0, size: 0, at }
    }

    /// A condition: what stands in `when` and `and`, `or`, `not`.
    pub(super) fn condition(&mut self, expr: &Expr) -> Checked<Node> {
        let typed = self.typed(expr)?;
        self.want(typed, Type::Bool).map(|typed| typed.node)
    }

    pub(super) fn want(&self, typed: Typed, wanted: Type) -> Checked<Typed> {
        if typed.ty == wanted {
            return Ok(typed);
        }
        let trouble = Trouble::Wanted { wanted: wanted.name(), found: typed.ty.name() };
        Err(problem(typed.at, trouble))
    }

    pub(super) fn typed(&mut self, expr: &Expr) -> Checked<Typed> {
        let start = expr.span().start;
        let outer = self.at;
        if start.line > 0 {
            self.at = start;
        }
        self.depth += 1;
        self.size += 1;
        if self.depth > DEEPEST {
            return Err(problem(self.at, Trouble::TooLarge("nested too deeply")));
        }
        if self.size > LARGEST {
            return Err(problem(self.at, Trouble::TooLarge("too many parts")));
        }
        let at = self.at;
        let (node, ty) = self.expression(expr)?;
        self.depth -= 1;
        self.at = outer;
        Ok(Typed { node, ty, at })
    }

    fn expression(&mut self, expr: &Expr) -> Checked<(Node, Type)> {
        match expr {
            Expr::Identifier(name) => self.column(name),
            Expr::Nested(inner) => self.typed(inner).map(|typed| (typed.node, typed.ty)),
            Expr::Value(value) => self.value(&value.value),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                let inner = self.condition(expr)?;
                Ok((Node::Not(Box::new(inner)), Type::Bool))
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => self.negated(expr),
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => {
                let inner = self.amount(expr)?;
                Ok((inner.node, inner.ty))
            }
            Expr::BinaryOp { .. } => self.binary(expr),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::Between { expr, negated, low, high } => {
                let value = self.typed(expr)?;
                let low = self.typed(low)?;
                let high = self.typed(high)?;
                let above = self.comparison(Cmp::Ge, value.clone(), low)?;
                let below = self.comparison(Cmp::Le, value, high)?;
                Ok((negate_if(*negated, Node::And(vec![above, below])), Type::Bool))
            }
            Expr::IsNull(inner) | Expr::IsUnknown(inner) => {
                let inner = self.typed(inner)?.node;
                Ok((Node::IsNull(Box::new(inner)), Type::Bool))
            }
            Expr::IsNotNull(inner) | Expr::IsNotUnknown(inner) => {
                let inner = Node::IsNull(Box::new(self.typed(inner)?.node));
                Ok((Node::Not(Box::new(inner)), Type::Bool))
            }
            Expr::IsTrue(inner) => self.is(inner, true, false),
            Expr::IsNotTrue(inner) => self.is(inner, true, true),
            Expr::IsFalse(inner) => self.is(inner, false, false),
            Expr::IsNotFalse(inner) => self.is(inner, false, true),
            Expr::Case { operand, conditions, else_result, .. } => {
                if operand.is_some() {
                    return Err(self.no("case <value> when …; write case when <condition>"));
                }
                self.case(conditions, else_result.as_deref())
            }
            Expr::Function(function) => self.function(function),
            Expr::Floor { .. } | Expr::Ceil { .. } => Err(self.no("floor and ceil")),
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => {
                Err(self.no("a query inside the predicate"))
            }
            Expr::CompoundIdentifier(parts) => {
                let name = parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>();
                Err(self.no(&format!("{}: columns are named without their table", name.join("."))))
            }
            Expr::Like { .. } | Expr::ILike { .. } => Err(self.no("like")),
            Expr::Cast { .. } => Err(self.no("cast")),
            other => Err(self.no(&shortened(&other.to_string()))),
        }
    }

    pub(super) fn no(&self, what: &str) -> Problem {
        problem(self.at, Trouble::NotAllowed(what.to_owned()))
    }

    fn column(&mut self, name: &Ident) -> Checked<(Node, Type)> {
        if name.quote_style.is_some() {
            return Err(self.no(&format!("{name} in double quotes; texts stand in single quotes")));
        }
        if name.value == crate::own::ROWS {
            return Err(self.no("own_lists; write listed('list') or field('list.column')"));
        }
        match self.scope.schema.column(self.table, &name.value) {
            Some(column) => Ok((Node::Column(*column), type_of(column.kind))),
            None => {
                let names = self.scope.schema.columns(self.table).map(|column| column.name);
                let suggestions = suggest(&name.value, names);
                let table = self.table.to_owned();
                let trouble = Trouble::NoColumn { name: name.value.clone(), table, suggestions };
                Err(problem(self.at, trouble))
            }
        }
    }

    fn value(&mut self, value: &Value) -> Checked<(Node, Type)> {
        match value {
            Value::Number(text, _) => {
                let number: f64 = text.parse().unwrap_or(f64::NAN);
                let fits = number == 0.0 || (1e-9..=1e15).contains(&number);
                if !fits {
                    return Err(problem(self.at, Trouble::BadNumber(shortened(text))));
                }
                Ok((Node::number(number), Type::Literal))
            }
            Value::SingleQuotedString(text) => {
                if text.contains('\0') {
                    return Err(self.no("a text with a zero byte"));
                }
                Ok((Node::Literal(Literal::Text(text.clone())), Type::Text))
            }
            Value::Boolean(yes) => Ok((Node::Literal(Literal::Bool(*yes)), Type::Bool)),
            Value::Null => Err(problem(self.at, Trouble::BareNull)),
            Value::Placeholder(name) => self.param(name),
            other => Err(self.no(&shortened(&other.to_string()))),
        }
    }

    fn param(&mut self, written: &str) -> Checked<(Node, Type)> {
        let name = written
            .strip_prefix(':')
            .ok_or_else(|| self.no(&format!("{written}: parameters are written :name")))?;
        match self.scope.params.get(name) {
            Some(param) => Ok((Node::Param(name.to_owned()), type_of(param.kind))),
            None => {
                let suggestions = suggest(name, self.scope.params.keys().map(String::as_str));
                Err(problem(self.at, Trouble::NoParam { name: name.to_owned(), suggestions }))
            }
        }
    }

    pub(super) fn amount(&mut self, expr: &Expr) -> Checked<Typed> {
        let typed = self.typed(expr)?;
        if typed.ty.is_amount() {
            return Ok(typed);
        }
        let trouble = Trouble::Wanted { wanted: "number or money", found: typed.ty.name() };
        Err(problem(typed.at, trouble))
    }

    fn negated(&mut self, expr: &Expr) -> Checked<(Node, Type)> {
        let inner = self.amount(expr)?;
        let node = match inner.node {
            Node::Literal(Literal::Number(value)) => Node::number(-value),
            other => Node::Negate(Box::new(other)),
        };
        Ok((node, inner.ty))
    }

    fn binary(&mut self, expr: &Expr) -> Checked<(Node, Type)> {
        let Expr::BinaryOp { left, op, right } = expr else {
            return Err(self.no("this expression"));
        };
        let compare = match op {
            BinaryOperator::And | BinaryOperator::Or => return self.junction(expr, op),
            BinaryOperator::Plus => return self.arithmetic(Op::Add, left, right),
            BinaryOperator::Minus => return self.arithmetic(Op::Sub, left, right),
            BinaryOperator::Multiply => return self.arithmetic(Op::Mul, left, right),
            BinaryOperator::Divide => return self.arithmetic(Op::Div, left, right),
            BinaryOperator::Eq => Cmp::Eq,
            BinaryOperator::NotEq => Cmp::Ne,
            BinaryOperator::Lt => Cmp::Lt,
            BinaryOperator::LtEq => Cmp::Le,
            BinaryOperator::Gt => Cmp::Gt,
            BinaryOperator::GtEq => Cmp::Ge,
            other => return Err(self.no(&format!("the operator {other}"))),
        };
        let left = self.typed(left)?;
        let right = self.typed(right)?;
        Ok((self.comparison(compare, left, right)?, Type::Bool))
    }

    /// A chain of the same `and` / `or` becomes one node, however long.
    fn junction(&mut self, expr: &Expr, joined: &BinaryOperator) -> Checked<(Node, Type)> {
        let mut terms = Vec::new();
        let mut rest = expr;
        while let Expr::BinaryOp { left, op, right } = rest {
            if op != joined {
                break;
            }
            terms.push(right.as_ref());
            rest = left;
        }
        terms.push(rest);
        let nodes: Checked<Vec<Node>> =
            terms.iter().rev().map(|term| self.condition(term)).collect();
        let node = if *joined == BinaryOperator::And { Node::And } else { Node::Or };
        Ok((node(nodes?), Type::Bool))
    }

    fn arithmetic(&mut self, op: Op, left: &Expr, right: &Expr) -> Checked<(Node, Type)> {
        let left = self.amount(left)?;
        let right = self.amount(right)?;
        let money = (left.ty == Type::Money, right.ty == Type::Money);
        let ty = match (op, money) {
            (Op::Add | Op::Sub, (false, false)) | (Op::Mul | Op::Div, (false, false)) => {
                if left.ty == right.ty { left.ty } else { Type::Number }
            }
            (Op::Add | Op::Sub, (true, true)) => Type::Money,
            (Op::Add | Op::Sub, (true, false)) if right.ty == Type::Literal => Type::Money,
            (Op::Add | Op::Sub, (false, true)) if left.ty == Type::Literal => Type::Money,
            (Op::Mul, (true, false) | (false, true)) | (Op::Div, (true, false)) => Type::Money,
            (Op::Div, (true, true)) => Type::Number,
            _ => return Err(mismatch(&left, op_sign(op), &right)),
        };
        let additive = matches!(op, Op::Add | Op::Sub);
        let lift =
            |side: Typed| if additive && ty == Type::Money { as_money(side) } else { side.node };
        let at = right.at;
        match (op, lift(left), lift(right)) {
            (Op::Div, _, Node::Literal(Literal::Number(0.0))) => {
                Err(problem(at, Trouble::DivisionByZero))
            }
            (op, Node::Literal(Literal::Number(a)), Node::Literal(Literal::Number(b))) => {
                Ok((Node::number(reckon(op, a, b)), ty))
            }
            (op, a, b) => {
                let node = Node::Arith(op, Box::new(a), Box::new(b));
                if factors(&node) > MOST_FACTORS {
                    return Err(problem(at, Trouble::TooLarge("too many factors in one product")));
                }
                Ok((node, ty))
            }
        }
    }

    pub(super) fn comparison(&mut self, cmp: Cmp, left: Typed, right: Typed) -> Checked<Node> {
        let equality = matches!(cmp, Cmp::Eq | Cmp::Ne);
        let sides = unify(vec![left.clone(), right.clone()]);
        match sides {
            Some((mut nodes, ty)) => {
                let ordered = ty.is_amount() || ty == Type::Day;
                if !equality && !ordered {
                    return Err(mismatch(&left, cmp.sql(), &right));
                }
                let right = nodes.pop().map(Box::new);
                let left = nodes.pop().map(Box::new);
                match (left, right) {
                    (Some(left), Some(right)) => Ok(Node::Compare(cmp, left, right)),
                    _ => Err(self.no("this comparison")),
                }
            }
            None => Err(bad_day(&left, &right)
                .or_else(|| bad_day(&right, &left))
                .unwrap_or_else(|| mismatch(&left, cmp.sql(), &right))),
        }
    }

    fn in_list(&mut self, expr: &Expr, list: &[Expr], negated: bool) -> Checked<(Node, Type)> {
        let value = self.typed(expr)?;
        let mut all = vec![value.clone()];
        for item in list {
            let item = self.typed(item)?;
            if unify(vec![value.clone(), item.clone()]).is_none() {
                return Err(mismatch(&value, "in", &item));
            }
            all.push(item);
        }
        let (mut nodes, _) = unify(all).ok_or_else(|| self.no("a list of several kinds"))?;
        let first = nodes.remove(0);
        let node = Node::In(Box::new(first), nodes);
        Ok((negate_if(negated, node), Type::Bool))
    }

    fn is(&mut self, inner: &Expr, yes: bool, negated: bool) -> Checked<(Node, Type)> {
        let inner = self.condition(inner)?;
        Ok((negate_if(negated, Node::Is(Box::new(inner), yes)), Type::Bool))
    }

    fn case(&mut self, arms: &[CaseWhen], otherwise: Option<&Expr>) -> Checked<(Node, Type)> {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        for arm in arms {
            conditions.push(self.condition(&arm.condition)?);
            values.push(self.typed(&arm.result)?);
        }
        let has_else = otherwise.is_some();
        if let Some(otherwise) = otherwise {
            values.push(self.typed(otherwise)?);
        }
        let (mut nodes, ty) = self.same(values, "case")?;
        let otherwise = if has_else { nodes.pop().map(Box::new) } else { None };
        let arms = conditions.into_iter().zip(nodes).collect();
        Ok((Node::Case { arms, otherwise }, ty))
    }

    /// Brings values to one kind, or says which does not fit.
    pub(super) fn same(&self, values: Vec<Typed>, operator: &str) -> Checked<(Vec<Node>, Type)> {
        let first = values.first().cloned();
        let odd = values.iter().find(|value| {
            first.as_ref().is_some_and(|f| unify(vec![f.clone(), (*value).clone()]).is_none())
        });
        match (first, odd.cloned()) {
            (Some(first), Some(odd)) => Err(mismatch(&first, operator, &odd)),
            _ => unify(values).ok_or_else(|| self.no("values of several kinds")),
        }
    }
}
