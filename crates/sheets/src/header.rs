//! Where the heading of a table is, and what its rows say together.

use kernel::cells::Unit;

use crate::{Cell, Row, squeeze};

/// The heading of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Column, counted from 0.
    pub column: usize,
    /// The words, trimmed, as written.
    pub text: String,
    /// The words above it in a heading of two rows [费用信息]; empty if there are none.
    pub group: String,
    /// [`squeeze`]d `text`.
    pub squeezed: String,
    /// [`squeeze`]d `group`.
    pub squeezed_group: String,
}

impl Heading {
    fn new(column: usize, text: &str, group: &str) -> Self {
        let (text, group) = (text.trim().to_owned(), group.trim().to_owned());
        let (squeezed, squeezed_group) = (squeeze(&text), squeeze(&group));
        Self { column, text, group, squeezed, squeezed_group }
    }
}

/// A table's heading, with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Rows above the heading: number and text.
    pub titles: Vec<(u32, String)>,
    /// First row of the heading.
    pub first_row: u32,
    /// Last row of the heading.
    pub last_row: u32,
    /// The columns that have a heading, from left to right.
    pub headings: Vec<Heading>,
    /// The unit that the rows above the heading declare.
    pub unit: Option<Unit>,
}

/// Finds the heading among the first rows of a sheet. `known` says of a [`squeeze`]d text whether any list uses it as a
/// heading; without any known one the form of the rows decides. `None` = there is no table.
pub fn find_layout(rows: &[Row], known: &dyn Fn(&str) -> bool) -> Option<Layout> {
    let scores: Vec<i64> = rows.iter().map(|row| score(row, known)).collect();
    let best = scores.iter().copied().max().filter(|best| *best > 0)?;
    let at = scores.iter().position(|score| *score * 10 >= best * 7)?;
    let main = rows.get(at)?;
    let upper = at
        .checked_sub(1)
        .and_then(|before| rows.get(before))
        .filter(|row| row.number + 1 == main.number && is_upper(row, main));
    let lower = rows.get(at + 1).filter(|row| {
        upper.is_none() && row.number == main.number + 1 && is_lower(row, main, known)
    });
    let (top, bottom) = match (upper, lower) {
        (Some(upper), _) => (Some(upper), main),
        (None, Some(lower)) => (Some(main), lower),
        (None, None) => (None, main),
    };
    let first_row = top.map_or(bottom.number, |top| top.number);
    let titles: Vec<(u32, String)> = rows
        .iter()
        .take_while(|row| row.number < first_row)
        .filter(|row| !row.is_blank())
        .map(|row| {
            (row.number, row.own().map(|(_, cell)| cell.shown()).collect::<Vec<_>>().join(" "))
        })
        .collect();
    let unit = titles.iter().find_map(|(_, text)| Unit::declared_in(text));
    Some(Layout {
        unit,
        titles,
        first_row,
        last_row: bottom.number,
        headings: headings(top, bottom),
    })
}

fn headings(top: Option<&Row>, bottom: &Row) -> Vec<Heading> {
    let width = bottom.cells.len().max(top.map_or(0, |top| top.cells.len()));
    let mut group = String::new();
    let mut headings = Vec::new();
    for column in 0..width {
        let above = top.map(|top| top.cell(column).shown()).unwrap_or_default();
        let own = bottom.cell(column).shown();
        if !above.is_empty() {
            group.clone_from(&above);
        }
        match (own.is_empty(), bottom.is_spread(column)) {
            (false, false) if top.is_some() => headings.push(Heading::new(column, &own, &group)),
            (false, _) => headings.push(Heading::new(column, &own, "")),
            (true, _) if !above.is_empty() => headings.push(Heading::new(column, &above, "")),
            (true, _) => {}
        }
    }
    headings
}

fn score(row: &Row, known: &dyn Fn(&str) -> bool) -> i64 {
    let (mut score, mut words) = (0, 0);
    for (_, cell) in row.own() {
        match cell {
            Cell::Text(text) if known(&squeeze(text)) => {
                score += 4;
                words += 1;
            }
            Cell::Text(text) if is_word(text) => {
                score += 1;
                words += 1;
            }
            _ => score -= 2,
        }
    }
    if words >= 2 { score } else { 0 }
}

/// Could be a heading: short, and no number, date, identity number or declaration.
fn is_word(text: &str) -> bool {
    let text = squeeze(text);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    letters >= 1
        && digits <= letters
        && text.chars().count() <= 40
        && !text.starts_with('#')
        && !text.ends_with(':')
}

/// A row above the heading that names groups of columns.
fn is_upper(row: &Row, main: &Row) -> bool {
    let own: Vec<(usize, &Cell)> = row.own().collect();
    own.len() >= 2
        && own.iter().all(|(_, cell)| {
            cell.text().is_some_and(|text| is_word(text) && !squeeze(text).contains(':'))
        })
        && (!main.spread.is_empty()
            || main.own().count() < main.cells.len()
            || own.len() < main.own().count())
}

/// A row below the heading that names the columns of its groups.
fn is_lower(row: &Row, main: &Row, known: &dyn Fn(&str) -> bool) -> bool {
    let own: Vec<(usize, &Cell)> = row.own().collect();
    let words = own.iter().filter(|(_, cell)| cell.text().is_some_and(is_word)).count();
    let recognised =
        own.iter().filter(|(_, cell)| cell.text().is_some_and(|t| known(&squeeze(t)))).count();
    let fills_gap = own.iter().any(|(column, _)| main.cell(*column).is_blank());
    !own.is_empty()
        && words == own.len()
        && (!row.spread.is_empty() || (fills_gap && recognised * 2 >= own.len()))
}
