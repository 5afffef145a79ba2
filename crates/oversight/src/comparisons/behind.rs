//! The rows behind a number of a comparison: exactly as many as it says, read some at a time.

use facts::Column;
use kernel::area::AreaCode;
use kernel::error::Result;

use super::actions::{About, RowLine, Sides, about, lines};
use super::model::{Comparison, Item, Place, Way};
use super::read::INCOME;

/// Rows on one page.
pub const PAGE: usize = 20;
/// Rows that are read together for a workbook.
const AT_A_TIME: usize = 500;

/// Which rows are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsWanted {
    /// The line, `fact.` with a column, or `facts` for all of them.
    pub of: String,
    /// Which way.
    pub way: Way,
    /// In which area.
    pub area: Option<AreaCode>,
}

/// The rows behind a difference: known by what they are about, not read yet.
#[derive(Clone, Debug)]
pub struct Behind {
    of: String,
    way: Way,
    items: Vec<(Item, Vec<Column>)>,
}

/// The rows behind a difference: exactly as many as it says, by village.
///
/// # Errors
/// *Not found* where there is no such line.
pub fn rows(sides: &Sides, found: &Comparison, wanted: &RowsWanted) -> Result<Behind> {
    let missing = || sides.to.not_found("comparisons.no_such_line", &wanted.of);
    let mut asked: Vec<(Item, Vec<Column>)> = Vec::new();
    if wanted.way == Way::Changed {
        let only = wanted.of.strip_prefix("fact.");
        let at = match only {
            Some(name) => {
                let at = found.columns.iter().position(|column| column.name == name);
                Some(at.ok_or_else(missing)?)
            }
            None if wanted.of == "facts" => None,
            None => return Err(missing()),
        };
        let changed = found.changed.iter().filter(|one| one.within(wanted.area));
        for one in changed.filter(|one| at.is_none_or(|at| one.columns.contains(&at))) {
            let place = |village| Place { household: one.household.clone(), village };
            let item = Item {
                line: 0,
                key: one.household.clone(),
                from: Some(place(one.villages.0)),
                to: Some(place(one.villages.1)),
            };
            let columns = one.columns.iter().filter(|known| at.is_none_or(|at| at == **known));
            asked.push((item, columns.filter_map(|at| found.columns.get(*at).copied()).collect()));
        }
    } else {
        let line = found.line(&wanted.of).ok_or_else(missing)?;
        let column = match about(&wanted.of) {
            About::Fact(name) => Some(name),
            About::Income => Some(INCOME),
            _ => None,
        };
        let columns = found.columns.iter().filter(|known| Some(known.name) == column);
        let columns: Vec<Column> = columns.copied().collect();
        let items = found.items.iter().filter(|item| item.line == line);
        let items = items.filter(|item| item.way(wanted.area) == Some(wanted.way));
        asked.extend(items.map(|item| (item.clone(), columns.clone())));
    }
    Ok(Behind { of: wanted.of.clone(), way: wanted.way, items: asked })
}

impl Behind {
    /// How many rows there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.items.len()
    }

    /// The rows of one page, so many left out before it.
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn page(&self, sides: &Sides, offset: usize) -> Result<Vec<RowLine>> {
        let rest = self.items.get(offset..).unwrap_or_default();
        self.read(sides, rest.get(..PAGE).unwrap_or(rest))
    }

    /// All rows, read some at a time: the end of the last of them is the end of what is there.
    pub fn pieces<'a>(
        &'a self,
        sides: &'a Sides,
    ) -> impl Iterator<Item = Result<Vec<RowLine>>> + 'a {
        self.items.chunks(AT_A_TIME).map(|piece| self.read(sides, piece))
    }

    fn read(&self, sides: &Sides, items: &[(Item, Vec<Column>)]) -> Result<Vec<RowLine>> {
        lines(sides, (&self.of, self.way), items)
    }
}
