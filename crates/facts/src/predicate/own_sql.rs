//! What is asked of a county's own lists, as SQL over the rows that the facts hold as JSON.

use std::cell::Cell;

use super::Engine;
use super::render::{Binding, Renderer, quoted};
use crate::column::{Column, Kind};
use crate::own::{Own, ROWS, key};

impl Renderer<'_> {
    /// What is stored of a column; of an own list what its rows say as far as they say it, NULL where there is none.
    pub(super) fn raw(&self, column: &Column) -> String {
        match &column.own {
            None => format!("{}.{}", self.alias(column), column.name),
            Some(own) => {
                format!("(select {} from {})", self.together(column, own), self.rows(column, own))
            }
        }
    }

    /// The value of a column of an own list: `none` where there is no row, NULL where a row does not say it. None for what
    /// is no such column.
    pub(super) fn own_whole(&self, column: &Column, none: &str) -> Option<String> {
        let own = column.own.as_ref().filter(|own| own.field.is_some())?;
        let (value, sum) = (self.value(column, own), self.together(column, own));
        // what has happened has happened, whatever other rows leave open
        let happened = match own.adds && column.kind == Kind::Bool {
            true => format!("when max({value}) = 1 then 1 "),
            false => String::new(),
        };
        Some(format!(
            "(select case {happened}when count(*) = 0 then {none} when count(*) = count({value}) then {sum} end from {})",
            self.rows(column, own)
        ))
    }

    fn part(&self, name: &str) -> String {
        match self.engine {
            Engine::Sqlite => format!("json_extract(j.value, '$.{name}')"),
            Engine::Postgres => format!("(j->>'{name}')"),
        }
    }

    /// The value in one row; whether there is a row at all counts as 1.
    fn value(&self, column: &Column, own: &Own) -> String {
        let Some(field) = own.field else { return "1".to_owned() };
        let key = key(column.kind, field);
        match (self.engine, column.kind) {
            (Engine::Sqlite, _) => {
                format!("json_extract(j.value, {})", quoted(&format!("$.v.\"{key}\"")))
            }
            (Engine::Postgres, Kind::Text | Kind::Day) => format!("(j->'v'->>{})", quoted(&key)),
            (Engine::Postgres, _) => format!("cast(j->'v'->>{} as bigint)", quoted(&key)),
        }
    }

    /// The values of all rows as one.
    fn together(&self, column: &Column, own: &Own) -> String {
        let value = self.value(column, own);
        match (column.kind, self.engine) {
            (Kind::Money | Kind::Int, _) => format!("cast(sum({value}) as bigint)"),
            (Kind::Real, _) => format!("(cast(sum({value}) as double precision) / 100)"),
            (Kind::Bool, _) => format!("cast(max({value}) as bigint)"),
            (Kind::Text | Kind::Day, Engine::Sqlite) => format!("max({value})"),
            (Kind::Text | Kind::Day, Engine::Postgres) => format!("max({value} collate \"C\")"),
        }
    }

    /// The rows of the list that count on the day.
    fn rows(&self, column: &Column, own: &Own) -> String {
        let alias = self.alias(column);
        let all = match self.engine {
            Engine::Sqlite => format!("json_each({alias}.{ROWS}) j"),
            Engine::Postgres => format!("json_array_elements(cast({alias}.{ROWS} as json)) j"),
        };
        let window = own.window(self.binding.today);
        let (list, day) = (self.part("l"), self.part("d"));
        let (from, to) = (quoted(&window.from.to_string()), quoted(&window.to.to_string()));
        let inside =
            format!("{all} where {list} = {} and {day} between {from} and {to}", quoted(own.list));
        match own.adds {
            true => inside,
            false => format!("{inside} and {day} = (select max({day}) from {inside})"),
        }
    }
}

/// The value of a column of an own list as it stands with a hit.
pub(crate) fn own_value(
    column: &Column,
    (engine, binding): (Engine, Binding<'_>),
    persons: bool,
) -> String {
    let renderer = Renderer { engine, binding, limit: None, exceeded: Cell::new(false), persons };
    let value = renderer.column(column);
    match column.kind {
        Kind::Bool => {
            format!("cast(case when {value} then 1 when not {value} then 0 end as bigint)")
        }
        _ => value,
    }
}
