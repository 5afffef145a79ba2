//! A checked predicate as SQL of one engine. Everything is rendered from checked parts; no text of an author reaches a
//! database except inside a quoted literal.

use std::cell::Cell;
use std::fmt::Write as _;

use kernel::time::Day;

use super::node::{Cmp, Literal, Node, Op, Span, growing};
use crate::column::{Column, Kind};
use crate::coverage::{CoverageView, Extent};
use crate::params::Params;
use crate::scalar::Scalar;
use crate::schema::PERSON;

/// The database a predicate is rendered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// SQLite 3.39 or later.
    Sqlite,
    /// PostgreSQL 14 or later.
    Postgres,
}

/// What a predicate is bound to when it is asked: the day, the parameters of that day, the lists that have arrived.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'a> {
    /// The day of reading.
    pub today: Day,
    /// Parameters of that day.
    pub params: &'a Params,
    /// Lists that have arrived by then.
    pub coverage: &'a CoverageView,
}

impl Binding<'_> {
    /// A stored value as it reads on that day: NULL of an event column is none inside the coverage of its list.
    pub fn read(&self, column: &Column, stored: &Scalar, village: &str) -> Scalar {
        if column.own.is_some() {
            // what is asked of an own list is read with the coverage where it is asked
            return stored.clone();
        }
        let covered =
            column.coverage.as_ref().is_some_and(|c| self.coverage.extent(c).holds(village));
        match (stored, column.kind) {
            (Scalar::Null, Kind::Text | Kind::Day) if covered => Scalar::Text(String::new()),
            (Scalar::Null, Kind::Real) if covered => Scalar::Real(0.0),
            (Scalar::Null, _) if covered => Scalar::Int(0),
            _ => stored.clone(),
        }
    }
}

/// Longest SQL of one predicate before coverage and areas are written in.
pub(super) const LONGEST: usize = 60_000;

pub(super) struct Renderer<'a> {
    pub engine: Engine,
    pub binding: Binding<'a>,
    /// Where the limit was passed, the rest is left out and the text must not be used.
    pub limit: Option<usize>,
    pub exceeded: Cell<bool>,
    /// The rows that are asked are persons themselves, not households with members.
    pub persons: bool,
}

impl Renderer<'_> {
    pub(super) fn render(&self, node: &Node) -> String {
        if self.exceeded.get() {
            return String::new();
        }
        let text = self.text(node);
        if self.limit.is_some_and(|limit| text.len() > limit) {
            self.exceeded.set(true);
        }
        text
    }

    fn text(&self, node: &Node) -> String {
        match node {
            Node::Column(column) => self.column(column),
            Node::Literal(literal) => self.literal(literal),
            Node::Param(name) => self.param(name),
            Node::Today => quoted(&self.binding.today.to_string()),
            Node::Arith(op, left, right) => self.arithmetic(*op, left, right),
            Node::Negate(inner) => format!("(- {})", self.real(inner)),
            Node::Abs(inner) => format!("abs({})", self.real(inner)),
            Node::Round { value, times, per } => self.round(value, *times, *per),
            Node::Least(list) => self.extreme("least", "min", list),
            Node::Greatest(list) => self.extreme("greatest", "max", list),
            Node::Between(span, from, to) => self.between(*span, from, to),
            Node::Compare(cmp, left, right) => self.comparison(*cmp, left, right),
            Node::In(value, list) => {
                format!("({} in ({}))", self.render(value), self.list(list, ", "))
            }
            Node::IsNull(inner) => format!("({} is null)", self.render(inner)),
            Node::Is(inner, yes) => format!("({} is {yes})", self.render(inner)),
            Node::Not(inner) => format!("(not {})", self.render(inner)),
            Node::And(list) => self.all_of(list),
            Node::Or(list) => format!("({})", self.list(list, " or ")),
            Node::Case { arms, otherwise } => self.case(arms, otherwise.as_deref()),
            Node::Coalesce(list) => format!("coalesce({})", self.list(list, ", ")),
            Node::Members(condition) => {
                let condition = self.render(condition);
                over_members(&format!(
                    "case when count(*) = count({condition}) then count(case when {condition} then 1 end) end"
                ))
            }
            Node::MembersSum(value, condition) => {
                let (value, condition) = (self.real(value), self.render(condition));
                over_members(&format!(
                    "case when count(*) = count(case when not {condition} then 1 when {condition} then {value} end) \
                     then coalesce(sum(case when {condition} then {value} end), 0) end"
                ))
            }
        }
    }

    /// SQLite works out every part of an `and` whose answer is wanted as a value. Where a part is dear (days and months between
    /// two days, members) and others are not, a row of which one of those is false is done with.
    fn all_of(&self, list: &[Node]) -> String {
        let all = format!("({})", self.list(list, " and "));
        let cheap: Vec<&Node> = list.iter().filter(|node| !is_dear(node)).collect();
        if self.engine == Engine::Postgres || cheap.is_empty() || cheap.len() == list.len() {
            return all;
        }
        let guards =
            cheap.into_iter().map(|node| format!(" when not {} then false", self.render(node)));
        format!("(case{} else {all} end)", guards.collect::<String>())
    }

    fn list(&self, nodes: &[Node], joined: &str) -> String {
        nodes.iter().map(|node| self.render(node)).collect::<Vec<_>>().join(joined)
    }

    /// A number as a fraction, so that division is real and no product overflows.
    fn real(&self, node: &Node) -> String {
        match node {
            Node::Arith(..) | Node::Negate(_) | Node::Abs(_) | Node::Round { .. } => {
                self.render(node)
            }
            Node::Literal(Literal::Number(value)) if self.engine == Engine::Sqlite => {
                format!("{value:?}")
            }
            other => format!("cast({} as double precision)", self.render(other)),
        }
    }

    fn arithmetic(&self, op: Op, left: &Node, right: &Node) -> String {
        let (left, right) = (self.real(left), self.real(right));
        match op {
            Op::Add => format!("({left} + {right})"),
            Op::Sub => format!("({left} - {right})"),
            Op::Mul => format!("({left} * {right})"),
            Op::Div => format!("({left} / nullif({right}, 0))"),
        }
    }

    fn round(&self, value: &Node, times: f64, per: f64) -> String {
        let scaled = format!("({} * {times:?} / {per:?})", self.real(value));
        let whole = match self.engine {
            Engine::Sqlite => format!("round({scaled})"),
            Engine::Postgres => format!("(sign({scaled}) * floor(abs({scaled}) + 0.5))"),
        };
        format!("({whole} * {per:?} / {times:?})")
    }

    /// NULL as soon as one is NULL, on both engines.
    fn extreme(&self, postgres: &str, sqlite: &str, list: &[Node]) -> String {
        let parts: Vec<String> = list.iter().map(|node| self.real(node)).collect();
        match self.engine {
            Engine::Sqlite => format!("{sqlite}({})", parts.join(", ")),
            Engine::Postgres => {
                let known = parts.iter().map(|part| format!("{part} is not null"));
                let known = known.collect::<Vec<_>>().join(" and ");
                format!("case when {known} then {postgres}({}) end", parts.join(", "))
            }
        }
    }

    fn between(&self, span: Span, from: &Node, to: &Node) -> String {
        let (from, to) = (self.render(from), self.render(to));
        let part = |day: &str, start: u8, len: u8| {
            format!("cast(substr({day}, {start}, {len}) as bigint)")
        };
        let tail = |start: u8| {
            format!(
                "(case when substr({to}, {start}, 5) < substr({from}, {start}, 5) then 1 else 0 end)"
            )
        };
        match (span, self.engine) {
            (Span::Days, Engine::Sqlite) => {
                format!("cast(julianday({to}) - julianday({from}) as bigint)")
            }
            (Span::Days, Engine::Postgres) => {
                format!("cast(cast({to} as date) - cast({from} as date) as bigint)")
            }
            (Span::Months, _) => format!(
                "(({} - {}) * 12 + {} - {} - {})",
                part(&to, 1, 4),
                part(&from, 1, 4),
                part(&to, 6, 2),
                part(&from, 6, 2),
                tail(9)
            ),
            (Span::Years, _) => {
                format!("({} - {} - {})", part(&to, 1, 4), part(&from, 1, 4), tail(6))
            }
        }
    }

    fn comparison(&self, cmp: Cmp, left: &Node, right: &Node) -> String {
        if let Some((grows, cmp, other)) = growing(cmp, left, right) {
            let (known, full, other) = (self.known(grows), self.render(grows), self.render(other));
            let sign = cmp.sql();
            if known != full {
                return format!(
                    "(case when {known} {sign} {other} then true else {full} {sign} {other} end)"
                );
            }
        }
        format!("({} {} {})", self.render(left), cmp.sql(), self.render(right))
    }

    /// The part of a growing value that is certain already.
    fn known(&self, node: &Node) -> String {
        match node {
            Node::Column(column) => match self.extent(column) {
                Some(Extent::Whole) if column.own.is_none() => self.column(column),
                _ => self.raw(column),
            },
            Node::Members(condition) => {
                over_members(&format!("count(case when {} then 1 end)", self.render(condition)))
            }
            other => self.render(other),
        }
    }

    /// A condition that is unknown makes the whole case unknown: the branch that was meant cannot be told.
    fn case(&self, arms: &[(Node, Node)], otherwise: Option<&Node>) -> String {
        let mut text = String::from("case");
        for (condition, value) in arms {
            let (condition, value) = (self.render(condition), self.render(value));
            let _ =
                write!(text, " when {condition} then {value} when {condition} is null then null");
        }
        if let Some(otherwise) = otherwise {
            let _ = write!(text, " else {}", self.render(otherwise));
        }
        format!("({text} end)")
    }

    fn param(&self, name: &str) -> String {
        let Some(param) = self.binding.params.get(name) else {
            return "null".to_owned();
        };
        let value = |value: &Scalar| match (value, param.kind) {
            (Scalar::Null, kind) => format!("cast(null as {})", null_type(kind)),
            (Scalar::Int(yes), Kind::Bool) => (*yes != 0).to_string(),
            (Scalar::Int(number), _) => number.to_string(),
            (Scalar::Real(number), _) => format!("cast({number} as double precision)"),
            (Scalar::Text(text), _) => quoted(text),
        };
        if let Some(area) = param.values.first().filter(|area| area.low == "000000000000") {
            return value(&area.value);
        }
        if param.values.is_empty() {
            return value(&Scalar::Null);
        }
        let mut text = String::from("(case");
        for area in &param.values {
            let (low, high) = (quoted(&area.low), quoted(&area.high));
            let value = value(&area.value);
            let _ = write!(text, " when f.village_code between {low} and {high} then {value}");
        }
        let _ = write!(text, " else cast(null as {}) end)", null_type(param.kind));
        text
    }

    fn literal(&self, literal: &Literal) -> String {
        match literal {
            Literal::Number(value) => value.to_string(),
            Literal::Text(text) => quoted(text),
            Literal::Day(day) => quoted(&day.to_string()),
            Literal::Bool(yes) => yes.to_string(),
        }
    }

    pub(super) fn extent(&self, column: &Column) -> Option<&Extent> {
        column.coverage.as_ref().map(|coverage| self.binding.coverage.extent(coverage))
    }

    /// The value of a column, read with the coverage of its list.
    pub(super) fn column(&self, column: &Column) -> String {
        let none = match column.kind {
            Kind::Text | Kind::Day => "''",
            _ => "0",
        };
        let is_bool = column.kind == Kind::Bool;
        let equals = if is_bool { " = 1" } else { "" };
        let (raw, whole) = (self.raw(column), self.own_whole(column, none));
        let inside = whole.as_ref().map_or_else(
            || format!("coalesce({raw}, {none}){equals}"),
            |whole| format!("{whole}{equals}"),
        );
        let raw = match column.coverage {
            None => self.own_whole(column, "null").unwrap_or(raw),
            Some(_) => raw,
        };
        // What has happened has happened: a yes/no that only grows stands even while the list is not complete.
        let happened = is_bool && column.coverage.is_some_and(|coverage| coverage.only_grows);
        let outside = if happened {
            format!("case when {raw} = 1 then true end")
        } else {
            format!("cast(null as {})", null_type(column.kind))
        };
        match self.extent(column) {
            None if is_bool => format!("({raw} = 1)"),
            None => raw,
            Some(Extent::Whole) if is_bool => format!("({inside})"),
            Some(Extent::Whole) => inside,
            Some(Extent::Incomplete) => outside,
            Some(Extent::Areas(ranges)) => {
                let ranges = ranges.iter().map(|(low, high)| {
                    format!("f.village_code between {} and {}", quoted(low), quoted(high))
                });
                let covered = ranges.collect::<Vec<_>>().join(" or ");
                let covered = if covered.is_empty() { "false".to_owned() } else { covered };
                format!("case when {covered} then {inside} else {outside} end")
            }
        }
    }
}

/// Whether something below goes through text or through other rows.
fn is_dear(node: &Node) -> bool {
    let mut dear = false;
    node.walk(&mut |node| {
        let own = matches!(node, Node::Column(column) if column.own.is_some());
        dear |= own || matches!(node, Node::Between(..) | Node::Members(_) | Node::MembersSum(..));
    });
    dear
}

impl Renderer<'_> {
    /// The name of the table of a column in a statement.
    pub(super) fn alias(&self, column: &Column) -> &'static str {
        if column.table == PERSON.name && !self.persons { "m" } else { "f" }
    }
}

fn over_members(measure: &str) -> String {
    format!("(select {measure} from {} m where m.household_id = f.household_id)", PERSON.name)
}

pub(super) const fn null_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "boolean",
        Kind::Money | Kind::Int => "bigint",
        Kind::Real => "double precision",
        Kind::Text | Kind::Day => "text",
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
