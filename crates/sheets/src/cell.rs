//! Cells and rows as the file holds them.

use serde::{Deserialize, Serialize};

/// One cell, with the kind that the file gave it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing, or a format without a value.
    #[default]
    Empty,
    /// Text, unchanged (blanks around it included).
    Text(String),
    /// A number in full precision; Excel itself keeps 15 digits.
    Number(f64),
    /// A number that is formatted as a day or a time: days since 1899-12-30, also for workbooks that count from 1904.
    Serial(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error of a formula: `#N/A`, `#REF!` …
    Error(String),
    /// A formula whose result was not stored with it.
    Formula,
}

impl Cell {
    /// Nothing to see: empty, or only blanks of any width.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => is_blank_text(text),
            _ => false,
        }
    }

    /// The text of a text cell.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What a person sees in the cell, roughly: text trimmed, a number without exponent.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) | Self::Serial(number) => format!("{number}"),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
            Self::Error(error) => error.clone(),
            Self::Formula => "=".to_owned(),
        }
    }
}

/// One row. Rows that the file does not hold at all are not given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// 1-based number as the person sees it: row of the sheet, or line of the text on which the row begins.
    pub number: u32,
    /// Cells from the first column to the last that is filled.
    pub cells: Vec<Cell>,
    /// Columns (0-based) whose value was taken over from the upper cell of a merged block.
    pub spread: Vec<u16>,
}

impl Row {
    /// The cell of a column (0-based); [`Cell::Empty`] right of the last one.
    pub fn cell(&self, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.cells.get(column).unwrap_or(EMPTY)
    }

    /// The columns that the row itself fills, with their cells; blanks and values of merged blocks left out.
    pub fn own(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells
            .iter()
            .enumerate()
            .filter(|(column, cell)| !cell.is_blank() && !self.is_spread(*column))
    }

    /// The value of this column comes from the upper cell of a merged block.
    pub fn is_spread(&self, column: usize) -> bool {
        self.spread.iter().any(|spread| usize::from(*spread) == column)
    }

    /// No cell of its own.
    pub fn is_blank(&self) -> bool {
        self.own().next().is_none()
    }
}

/// Only blanks: of any width, non-breaking, zero-width, tabulators, a lone apostrophe of Excel.
pub fn is_blank_text(text: &str) -> bool {
    text.chars().all(is_blank_char)
}

fn is_blank_char(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// A heading or a remark made comparable: no blanks, full-width letters, digits and brackets made half-width, lower case.
pub fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| !is_blank_char(*c))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '〔' | '【' => '(',
            '〕' | '】' => ')',
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// `C17`: the address of a cell, its column counted from 0, its row from 1.
pub fn address(column: usize, row: u32) -> String {
    let column = u32::try_from(column).unwrap_or(u32::MAX - 1) + 1;
    format!("{}{row}", kernel::finding::column_letters(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_as_in_excel() {
        assert_eq!(address(2, 17), "C17");
        assert_eq!(address(26, 1), "AA1");
    }

    #[test]
    fn headings_are_compared_without_width_and_blanks() {
        assert_eq!(squeeze(" 村（居）\u{3000}委会 "), "村(居)委会");
        assert_eq!(squeeze("身份证号ＩＤ"), "身份证号id");
    }

    #[test]
    fn a_value_of_a_merged_block_is_not_the_rows_own() {
        let row = Row {
            number: 9,
            cells: vec![Cell::Text("关面乡".into()), Cell::Empty],
            spread: vec![0],
        };
        assert!(row.is_blank());
    }
}
