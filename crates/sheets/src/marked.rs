//! People's own rows, given back with the findings beside them and the cells coloured.

use std::collections::BTreeMap;
use std::io::Write;

use rust_xlsxwriter::{Format, Workbook};

use crate::write::{clipped, sheet_name, written};
use crate::{Cell, Result, Row};

/// How a cell or a row is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shade {
    /// For information: grey.
    Note,
    /// Somebody should look: yellow.
    Doubt,
    /// The row does not count until it is mended: red.
    Wrong,
}

/// What is said about one row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// The sentences, in the reader's language; they go to the column right of the table.
    pub text: String,
    /// Cells to colour: column counted from 0.
    pub cells: BTreeMap<usize, Option<Shade>>,
    /// The strongest shade; colours the findings' cell.
    pub shade: Option<Shade>,
}

/// A workbook under way. Rows are written as they come and not held.
pub struct Marked {
    book: Workbook,
    current: Option<usize>,
    column: u16,
    formats: BTreeMap<Option<Shade>, (Format, Format)>,
}

impl Default for Marked {
    fn default() -> Self {
        Self::new()
    }
}

impl Marked {
    /// An empty workbook.
    pub fn new() -> Self {
        let shades = [
            (None, None),
            shade(Shade::Note, 0xE7E6E6),
            shade(Shade::Doubt, 0xFFF2CC),
            shade(Shade::Wrong, 0xF8CBAD),
        ];
        let formats = shades
            .into_iter()
            .map(|(shade, colour)| {
                let plain =
                    colour.map_or_else(Format::new, |c| Format::new().set_background_color(c));
                let day = plain.clone().set_num_format("yyyy-mm-dd");
                (shade, (plain, day))
            })
            .collect();
        Self { book: Workbook::new(), current: None, column: 0, formats }
    }

    /// Begins a sheet. `width` is the number of columns of the table: the sentences go right of it. The caller marks the
    /// heading's row with the title of that column.
    ///
    /// # Errors
    /// [`crate::SheetError::Io`]: the name is used twice, or the disk is full.
    pub fn sheet(&mut self, name: &str, width: usize) -> Result<()> {
        let index = self.current.map_or(0, |index| index + 1);
        self.column = u16::try_from(width).unwrap_or(16_000);
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(written)?;
        sheet.set_name(sheet_name(name)).map_err(written)?;
        sheet.set_column_width(self.column, 60).map_err(written)?;
        self.current = Some(index);
        Ok(())
    }

    /// Writes one of their rows, cell kinds as they were, with what is said about it.
    ///
    /// # Errors
    /// [`crate::SheetError::Io`]: no sheet was begun, a row above the last one, or the disk is full.
    pub fn row(&mut self, row: &Row, mark: &Mark) -> Result<()> {
        let at = row.number.saturating_sub(1);
        let column = self.column;
        let (index, formats) = (self.current.unwrap_or_default(), &self.formats);
        let sheet = self.book.worksheet_from_index(index).map_err(written)?;
        for (place, cell) in row.cells.iter().enumerate() {
            let shade = mark.cells.get(&place).copied().flatten();
            let Some((plain, day)) = formats.get(&shade) else { continue };
            let Ok(to) = u16::try_from(place) else { continue };
            if row.is_spread(place) {
                continue;
            }
            match cell {
                Cell::Empty if shade.is_some() => sheet.write_blank(at, to, plain),
                Cell::Empty => continue,
                Cell::Number(number) => sheet.write_number_with_format(at, to, *number, plain),
                Cell::Serial(serial) => sheet.write_number_with_format(at, to, *serial, day),
                Cell::Bool(value) => sheet.write_boolean_with_format(at, to, *value, plain),
                other => sheet.write_string_with_format(at, to, clipped(&shown(other)), plain),
            }
            .map_err(written)?;
        }
        if let (false, Some((plain, _))) = (mark.text.is_empty(), formats.get(&mark.shade)) {
            sheet
                .write_string_with_format(at, column, clipped(&mark.text), plain)
                .map_err(written)?;
        }
        Ok(())
    }

    /// Writes the workbook out.
    ///
    /// # Errors
    /// [`crate::SheetError::Io`] when the disk is full.
    pub fn finish(mut self, out: impl Write + Send) -> Result<()> {
        if self.current.is_none() {
            self.sheet("Sheet1", 0)?;
        }
        self.book.save_to_writer(out).map_err(written)
    }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        other => other.shown(),
    }
}

fn shade(shade: Shade, colour: u32) -> (Option<Shade>, Option<u32>) {
    (Some(shade), Some(colour))
}
