//! What a figure is made of. Pure.

use facts::{Column, Params, Part, Predicate, Problem, Schema, Scope, Table, compile};
use kernel::area::{AreaCode, AreaLevel};
use kernel::time::Day;
use registry::policies::{Counted, IndicatorDef};

/// Which figure is asked: everything stands in the address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The area; none for all that the reader sees.
    pub area: Option<AreaCode>,
    /// The day; none for today.
    pub day: Option<Day>,
}

/// How many rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that meet the condition.
    pub hits: i64,
    /// Those of which the share is taken: all of them without a base.
    pub base: i64,
    /// Those for which it cannot be told.
    pub unknown: i64,
    /// All that there are.
    pub rows: i64,
}

impl Counts {
    /// With another place beside it.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Counts {
            hits: self.hits + other.hits,
            base: self.base + other.base,
            unknown: self.unknown + other.unknown,
            rows: self.rows + other.rows,
        }
    }

    /// How many of a part.
    #[must_use]
    pub fn of(self, part: Part) -> i64 {
        match part {
            Part::Hits => self.hits,
            Part::Base => self.base,
            Part::Unknown => self.unknown,
        }
    }

    /// The figure as a number: how many, or with a base the share in percent. None where nothing is the base.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn value(self, is_share: bool) -> Option<f64> {
        match (is_share, self.base) {
            (false, _) => Some(self.hits as f64),
            (true, 0) => None,
            (true, base) => Some(self.hits as f64 * 100.0 / base as f64),
        }
    }
}

/// The figure of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceFigure {
    /// The place.
    pub area: AreaCode,
    /// Its name; its code where the areas do not know it.
    pub name: String,
    /// How many.
    pub counts: Counts,
}

/// An indicator with its figures.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What is counted.
    pub def: IndicatorDef,
    /// The day on which the facts stand.
    pub day: Day,
    /// The condition in plain words, and that of the base.
    pub words: (String, String),
    /// The area that was asked, with its name.
    pub area: Option<(AreaCode, String)>,
    /// The whole.
    pub total: Counts,
    /// Its parts in the order of their codes: townships, or the villages of one.
    pub places: Vec<PlaceFigure>,
}

/// An indicator that can be asked.
#[derive(Debug, Clone)]
pub struct Sound {
    /// As defined.
    pub def: IndicatorDef,
    /// The condition, within the base.
    pub hit: Predicate,
    /// The base.
    pub base: Option<Predicate>,
    /// The table whose rows are counted.
    pub table: Table,
}

/// The table whose rows are counted.
#[must_use]
pub fn table_of(counted: Counted) -> Table {
    match counted {
        Counted::Household => facts::HOUSEHOLD,
        Counted::Person => facts::PERSON,
    }
}

/// Proves an indicator against the tables and parameters of a day; what is wrong with its fields (`when`, `base`).
///
/// # Errors
/// The field and the problem.
pub fn prove(
    def: &IndicatorDef,
    (schema, params): (&Schema, &Params),
) -> Result<Sound, (&'static str, Problem)> {
    let table = table_of(def.counted);
    let scope = Scope { schema, table: table.name, params };
    let alone = compile(&def.when, scope).map_err(|problem| ("when", problem))?;
    let base = def.base.as_ref().map(|base| compile(base, scope));
    let base = base.transpose().map_err(|problem| ("base", problem))?;
    let hit = match &def.base {
        None => alone,
        Some(base) => {
            let both = format!("({base}\n) and ({}\n)", def.when);
            compile(&both, scope).map_err(|problem| ("when", problem))?
        }
    };
    Ok(Sound { def: def.clone(), hit, base, table })
}

impl Sound {
    /// Every column that it reads, also those of members.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = self.hit.columns();
        let base = self.base.iter().flat_map(Predicate::columns);
        columns.extend(base.collect::<Vec<_>>());
        let mut seen = std::collections::BTreeSet::new();
        columns.retain(|column| seen.insert((column.table, column.name)));
        columns
    }
}

/// The parts of an area: villages of a township (and of a village itself), townships of anything larger.
#[must_use]
pub fn part_of(village: AreaCode, within: Option<AreaCode>) -> AreaCode {
    let small =
        within.is_some_and(|area| matches!(area.level(), AreaLevel::Town | AreaLevel::Village));
    if small { village } else { village.at(AreaLevel::Town).unwrap_or(village) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(hits: i64, base: i64) -> Counts {
        Counts { hits, base, unknown: 1, rows: 9 }
    }

    #[test]
    fn a_share_of_nobody_is_no_number() {
        assert_eq!(counts(3, 9).value(false), Some(3.0));
        assert_eq!(counts(1, 4).value(true), Some(25.0));
        assert_eq!(counts(0, 0).value(true), None);
        let sum = counts(1, 4).and(counts(2, 4));
        assert_eq!((sum.hits, sum.base, sum.unknown, sum.rows), (3, 8, 2, 18));
        assert_eq!([Part::Hits, Part::Base, Part::Unknown].map(|part| sum.of(part)), [3, 8, 2]);
    }

    #[test]
    fn a_county_opens_to_its_townships_and_a_township_to_its_villages() {
        let code = |text: &str| text.parse::<AreaCode>().unwrap();
        let village = code("140430203201");
        assert_eq!(part_of(village, None), code("140430203000"));
        assert_eq!(part_of(village, Some(code("140430000000"))), code("140430203000"));
        assert_eq!(part_of(village, Some(code("140430203000"))), village);
        assert_eq!(part_of(village, Some(village)), village);
    }
}
