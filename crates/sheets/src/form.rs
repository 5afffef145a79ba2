//! A table as an office prints it: merged titles, a note row, a heading of one or two rows, cells of mixed kinds.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

use crate::Result;
use crate::write::{clipped, heading_format, sheet_name, written};

/// What a cell of a form holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FormCell {
    /// Nothing.
    Empty,
    /// Words, also numbers that are names.
    Text(String),
    /// A number as it stands.
    Number(f64),
    /// A real date cell: days since 1899-12-30.
    Date(f64),
}

impl From<&str> for FormCell {
    fn from(text: &str) -> Self {
        if text.is_empty() { FormCell::Empty } else { FormCell::Text(text.to_owned()) }
    }
}

impl From<String> for FormCell {
    fn from(text: String) -> Self {
        if text.is_empty() { FormCell::Empty } else { FormCell::Text(text) }
    }
}

impl From<f64> for FormCell {
    fn from(number: f64) -> Self {
        FormCell::Number(number)
    }
}

/// Cells that are one: first row, first column, last row, last column, counted from 0.
pub type Merged = (u32, u16, u32, u16);

/// One sheet of a form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FormSheet {
    /// Name; what Excel does not allow in it is left out.
    pub name: String,
    /// The rows from the top.
    pub rows: Vec<Vec<FormCell>>,
    /// Cells that are merged; the text stands in the first.
    pub merged: Vec<Merged>,
    /// Rows that are headings, counted from 0: first and last.
    pub heading: Option<(u32, u32)>,
}

/// A workbook of forms.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Form {
    /// The sheets in their order.
    pub sheets: Vec<FormSheet>,
    /// Year, month and day at which the file says it was made; the same form gives the same bytes.
    pub made_on: (u16, u8, u8),
}

impl Form {
    /// Writes the workbook.
    ///
    /// # Errors
    /// [`crate::SheetError::Io`] when the disk is full or two merged ranges overlap.
    pub fn write_xlsx(&self, out: impl Write + Send) -> Result<()> {
        let mut book = Workbook::new();
        let (year, month, day) = self.made_on;
        let made = ExcelDateTime::from_ymd(year, month, day).map_err(written)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        for form in &self.sheets {
            let sheet = book.add_worksheet();
            sheet.set_name(sheet_name(&form.name)).map_err(written)?;
            form.write(sheet)?;
        }
        book.save_to_writer(out).map_err(written)
    }
}

impl FormSheet {
    fn write(&self, sheet: &mut Worksheet) -> Result<()> {
        let (plain, title, heading) = (
            Format::new(),
            Format::new().set_bold().set_align(FormatAlign::Center).set_text_wrap(),
            heading_format(),
        );
        let date = Format::new().set_num_format("yyyy-mm-dd");
        for (first_row, first_column, last_row, last_column) in &self.merged {
            // The text of the first cell is written below, over the blank that the merging writes.
            sheet
                .merge_range(*first_row, *first_column, *last_row, *last_column, "", &title)
                .map_err(written)?;
        }
        for (row, cells) in (0u32..).zip(&self.rows) {
            let above = self.heading.is_some_and(|(first, _)| row < first);
            let named = self.heading.is_some_and(|(first, last)| row >= first && row <= last);
            let format = if named {
                &heading
            } else if above {
                &title
            } else {
                &plain
            };
            for (column, cell) in (0u16..).zip(cells) {
                match cell {
                    FormCell::Empty => continue,
                    FormCell::Text(text) => {
                        sheet.write_string_with_format(row, column, clipped(text), format)
                    }
                    FormCell::Number(number) => {
                        sheet.write_number_with_format(row, column, *number, format)
                    }
                    FormCell::Date(serial) => {
                        sheet.write_number_with_format(row, column, *serial, &date)
                    }
                }
                .map_err(written)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Book, Limits};

    fn form() -> Form {
        let text = |word: &str| FormCell::from(word);
        Form {
            sheets: vec![FormSheet {
                name: "10月".into(),
                rows: vec![
                    vec![text("住院医疗费用结算明细表")],
                    vec![text("金额单位：元")],
                    vec![text("序号"), text("参保人信息"), FormCell::Empty],
                    vec![FormCell::Empty, text("姓名"), text("结算日期")],
                    vec![1.0.into(), text("张三"), FormCell::Date(46_326.0)],
                ],
                merged: vec![(0, 0, 0, 2), (2, 1, 2, 2), (2, 0, 3, 0)],
                heading: Some((2, 3)),
            }],
            made_on: (2026, 10, 31),
        }
    }

    #[test]
    fn a_form_is_read_back_with_its_titles_and_its_heading_of_two_rows() {
        let mut bytes = Vec::new();
        form().write_xlsx(&mut bytes).unwrap();
        let mut book = Book::from_bytes(bytes, &Limits::default()).unwrap();
        let rows: Vec<_> = book.rows(0).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[0].cell(0).shown(), "住院医疗费用结算明细表");
        assert_eq!(rows[4].cell(1).shown(), "张三");
    }

    #[test]
    fn the_same_form_gives_the_same_bytes() {
        let (mut one, mut two) = (Vec::new(), Vec::new());
        form().write_xlsx(&mut one).unwrap();
        form().write_xlsx(&mut two).unwrap();
        assert_eq!(one, two);
    }
}
