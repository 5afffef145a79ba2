//! The functions a predicate may call; everything else is refused by name.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart, Value,
};

use super::check::{Checker, Typed, problem};
use super::node::{Literal, Node, Span, Type};
use super::problem::{Problem, Trouble, suggest};
use super::units::type_of;
use crate::own::MOST_MONTHS;
use crate::schema::{HOUSEHOLD, PERSON};

/// Every function with the way it is written.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("abs", "abs(amount)"),
    ("least", "least(amount, amount, …)"),
    ("greatest", "greatest(amount, amount, …)"),
    ("round", "round(amount) or round(amount, decimals)"),
    ("coalesce", "coalesce(value, value, …)"),
    ("today", "today()"),
    ("days_since", "days_since(day)"),
    ("months_since", "months_since(day)"),
    ("years_since", "years_since(day)"),
    ("days_between", "days_between(first, second)"),
    ("members", "members(condition)"),
    ("members_sum", "members_sum(amount, condition)"),
    ("listed", "listed('list') or listed('list', months)"),
    ("field", "field('list.column') or field('list.column', months)"),
];

impl Checker<'_> {
    pub(super) fn function(&mut self, function: &Function) -> Result<(Node, Type), Problem> {
        let name = plain_name(function).ok_or_else(|| self.no("this function"))?;
        let Some((_, form)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
            let suggestions = suggest(&name, FUNCTIONS.iter().map(|(known, _)| *known));
            return Err(problem(self.at, Trouble::NoFunction { name, suggestions }));
        };
        let at = self.at;
        let wrong = || problem(at, Trouble::Arguments { name: name.clone(), form });
        let args = arguments(function).ok_or_else(wrong)?;
        match (name.as_str(), args.as_slice()) {
            ("abs", [value]) => {
                let value = self.amount(value)?;
                Ok((Node::Abs(Box::new(value.node)), value.ty))
            }
            ("least" | "greatest", [_, _, ..]) => {
                let mut values: Vec<Typed> = Vec::new();
                for value in &args {
                    values.push(self.amount(value)?);
                }
                let (nodes, ty) = self.same(values, &name)?;
                let node = if name == "least" { Node::Least } else { Node::Greatest };
                Ok((node(nodes), ty))
            }
            ("round", [value]) => self.round(value, 0),
            ("round", [value, Expr::Value(digits)]) => match digits.value.to_string().as_str() {
                "0" => self.round(value, 0),
                "1" => self.round(value, 1),
                "2" => self.round(value, 2),
                _ => Err(wrong()),
            },
            ("coalesce", [_, _, ..]) => {
                let values: Result<Vec<Typed>, Problem> =
                    args.iter().map(|value| self.typed(value)).collect();
                let (nodes, ty) = self.same(values?, "coalesce")?;
                Ok((Node::Coalesce(nodes), ty))
            }
            ("today", []) => Ok((Node::Today, Type::Day)),
            ("days_since", [day]) => self.between(Span::Days, day, None),
            ("months_since", [day]) => self.between(Span::Months, day, None),
            ("years_since", [day]) => self.between(Span::Years, day, None),
            ("days_between", [from, to]) => self.between(Span::Days, from, Some(to)),
            ("members", [condition]) => {
                let condition = self.inside(&name, |checker| checker.condition(condition))?;
                Ok((Node::Members(Box::new(condition)), Type::Number))
            }
            ("members_sum", [value, condition]) => self.members_sum(&name, value, condition),
            ("listed" | "field", [Expr::Value(list), months @ ..]) if months.len() < 2 => {
                let Value::SingleQuotedString(list) = &list.value else { return Err(wrong()) };
                let months = match months {
                    [] => None,
                    [Expr::Value(months)] => Some(months.value.to_string()),
                    _ => return Err(wrong()),
                };
                self.own(list, name == "field", months).and_then(|found| found.ok_or_else(wrong))
            }
            _ => Err(wrong()),
        }
    }

    /// What is asked of a county's own list. None where the text does not name a column and one is needed.
    fn own(
        &mut self,
        text: &str,
        is_field: bool,
        months: Option<String>,
    ) -> Result<Option<(Node, Type)>, Problem> {
        let (code, field) = match (is_field, text.split_once('.')) {
            (true, Some((code, field))) => (code, Some(field)),
            (true, None) => return Ok(None),
            (false, _) => (text, None),
        };
        let table = self.table.to_owned();
        let schema = self.scope.schema;
        let Some(home) = schema.table(&table).map(|table| table.name) else { return Ok(None) };
        let Some(list) = schema.lists_of(&table).find(|list| list.code == code) else {
            let codes: Vec<&str> = schema.lists_of(&table).map(|list| list.code.as_str()).collect();
            let mut suggestions = suggest(code, codes.iter().copied());
            if suggestions.is_empty() {
                suggestions.extend(codes.into_iter().take(3).map(str::to_owned));
            }
            let name = code.to_owned();
            return Err(problem(self.at, Trouble::NoList { name, table, suggestions }));
        };
        let column = match field {
            None => None,
            Some(name) => match list.columns.iter().find(|column| column.name == name) {
                Some(column) => Some(column),
                None => {
                    let names = list.columns.iter().map(|column| column.name.clone());
                    let (list, name) = (list.code.clone(), name.to_owned());
                    let suggestions = names.collect();
                    return Err(problem(self.at, Trouble::NoField { list, name, suggestions }));
                }
            },
        };
        let window = match &months {
            None => list.months,
            Some(months) => months.parse().unwrap_or(0),
        };
        if !(1..=MOST_MONTHS).contains(&window) {
            return Err(problem(self.at, Trouble::BadMonths(months.unwrap_or_default())));
        }
        let column = list.column(home, column, window);
        Ok(Some((Node::Column(column), type_of(column.kind))))
    }

    /// Money is rounded to yuan, `round(money, 2)` to fen.
    fn round(&mut self, value: &Expr, digits: i32) -> Result<(Node, Type), Problem> {
        let value = self.amount(value)?;
        let step = if value.ty == Type::Money { digits - 2 } else { digits };
        let (times, per) = (10_f64.powi(step.max(0)), 10_f64.powi((-step).max(0)));
        Ok((Node::Round { value: Box::new(value.node), times, per }, value.ty))
    }

    fn between(
        &mut self,
        span: Span,
        from: &Expr,
        to: Option<&Expr>,
    ) -> Result<(Node, Type), Problem> {
        let from = self.day(from)?;
        let to = match to {
            Some(to) => self.day(to)?,
            None => Node::Today,
        };
        Ok((Node::Between(span, Box::new(from), Box::new(to)), Type::Number))
    }

    fn day(&mut self, expr: &Expr) -> Result<Node, Problem> {
        let typed = self.typed(expr)?;
        if let Node::Literal(Literal::Text(text)) = &typed.node {
            return match kernel::time::Day::parse(text) {
                Ok(day) => Ok(Node::Literal(Literal::Day(day))),
                Err(_) => Err(problem(typed.at, Trouble::BadDay(text.clone()))),
            };
        }
        self.want(typed, Type::Day).map(|typed| typed.node)
    }

    fn members_sum(
        &mut self,
        name: &str,
        value: &Expr,
        condition: &Expr,
    ) -> Result<(Node, Type), Problem> {
        let (value, condition) = self.inside(name, |checker| {
            let value = checker.amount(value)?;
            Ok((value, checker.condition(condition)?))
        })?;
        let ty = if value.ty == Type::Money { Type::Money } else { Type::Number };
        Ok((Node::MembersSum(Box::new(value.node), Box::new(condition)), ty))
    }

    /// Checks something with the columns of the members in sight.
    fn inside<T>(
        &mut self,
        name: &str,
        check: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if self.table != HOUSEHOLD.name || self.scope.schema.table(PERSON.name).is_none() {
            return Err(problem(self.at, Trouble::NotHere(name.to_owned())));
        }
        let outer = std::mem::replace(&mut self.table, PERSON.name);
        let checked = check(self);
        self.table = outer;
        checked
    }
}

fn plain_name(function: &Function) -> Option<String> {
    let odd = function.uses_odbc_syntax
        || function.filter.is_some()
        || function.over.is_some()
        || function.null_treatment.is_some()
        || !function.within_group.is_empty()
        || !matches!(function.parameters, FunctionArguments::None);
    match function.name.0.as_slice() {
        [ObjectNamePart::Identifier(name)] if !odd && name.quote_style.is_none() => {
            Some(name.value.to_ascii_lowercase())
        }
        _ => None,
    }
}

fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else { return None };
    if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    let plain = |arg| match arg {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expr)) => Some(expr),
        _ => None,
    };
    list.args.iter().map(plain).collect()
}
