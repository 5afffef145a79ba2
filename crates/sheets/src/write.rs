//! Tables out: typed columns to `.xlsx` in little memory and to `.csv`.

use std::io::Write;

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::{Result, SheetError};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words; also every kind of number that is a name: identity numbers, phones, codes.
    Text,
    /// A count or a measure.
    Number,
    /// Money in fen, shown in yuan with two places.
    Money,
    /// A day as text `YYYY-MM-DD`, shown as a day.
    Day,
}

/// One column of a table to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading, in the language of the reader.
    pub heading: String,
    /// What its cells hold.
    pub kind: ColumnKind,
}

impl Column {
    /// A column with its heading.
    pub fn new(heading: impl Into<String>, kind: ColumnKind) -> Self {
        Self { heading: heading.into(), kind }
    }
}

/// A value to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Words, or a day as `YYYY-MM-DD`.
    Text(String),
    /// A count or a measure.
    Number(f64),
    /// A whole number: fen in a column of [`ColumnKind::Money`].
    Int(i64),
}

/// A table with typed columns. Rows are taken one by one and never held.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Name of the sheet; what Excel does not allow in it is left out.
    pub sheet: String,
    /// The columns from left to right.
    pub columns: Vec<Column>,
}

/// A text that no spreadsheet takes for a formula: one that begins with `=`, `+`, `-`, `@`, a tabulator or a line break
/// gets an apostrophe before it. A plain negative number stays as it is.
pub fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    let risky = text.trim_start_matches([' ', '\u{3000}', '\u{a0}', '"']);
    let starts = text.starts_with(['\t', '\r', '\n'])
        || risky.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let negative = text.starts_with('-') && text.parse::<f64>().is_ok();
    if starts && !negative { format!("'{text}").into() } else { text.into() }
}

impl Columns {
    /// Writes a workbook with one sheet: heading in bold and frozen, a row per item.
    ///
    /// # Errors
    /// [`SheetError::TooManyRows`] above 1,048,575 rows, [`SheetError::Io`] when the disk is full.
    pub fn write_xlsx(
        &self,
        rows: impl Iterator<Item = Vec<Value>>,
        out: impl Write + Send,
    ) -> Result<()> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(written)?;
        sheet.set_name(sheet_name(&self.sheet)).map_err(written)?;
        let heading = heading_format();
        let formats: Vec<Format> =
            self.columns.iter().map(|column| format_of(column.kind)).collect();
        for (at, column) in (0u16..).zip(&self.columns) {
            sheet.set_column_width(at, width(column)).map_err(written)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(written)?;
        for (at, column) in (0u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, &column.heading, &heading).map_err(written)?;
        }
        for (row, values) in (1u32..).zip(rows) {
            for ((at, value), format) in (0u16..).zip(&values).zip(&formats) {
                let kind = self.columns.get(usize::from(at)).map_or(ColumnKind::Text, |c| c.kind);
                put(sheet, (row, at), (value, kind), format)?;
            }
        }
        book.save_to_writer(out).map_err(written)
    }

    /// Writes UTF-8 with byte order mark (so that Excel shows Chinese) and CRLF.
    ///
    /// # Errors
    /// [`SheetError::Io`] when the disk is full.
    pub fn write_csv(
        &self,
        rows: impl Iterator<Item = Vec<Value>>,
        mut out: impl Write,
    ) -> Result<()> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(out);
        csv.write_record(self.columns.iter().map(|column| harmless(&column.heading).into_owned()))
            .map_err(csv_written)?;
        for values in rows {
            let record = values.iter().zip(&self.columns).map(|(value, column)| match value {
                Value::Empty => String::new(),
                Value::Text(text) => harmless(text).into_owned(),
                Value::Number(number) => format!("{number}"),
                Value::Int(fen) if column.kind == ColumnKind::Money => yuan_text(*fen),
                Value::Int(number) => number.to_string(),
            });
            csv.write_record(record).map_err(csv_written)?;
        }
        csv.flush()?;
        Ok(())
    }
}

fn put(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    (value, kind): (&Value, ColumnKind),
    format: &Format,
) -> Result<()> {
    match value {
        Value::Empty => return Ok(()),
        Value::Text(text) if kind == ColumnKind::Day => match serial_of_day(text) {
            Some(serial) => sheet.write_number_with_format(row, at, serial, format),
            None => sheet.write_string(row, at, text),
        },
        // A text cell is never computed, whatever it begins with.
        Value::Text(text) => sheet.write_string_with_format(row, at, clipped(text), format),
        Value::Number(number) => sheet.write_number_with_format(row, at, *number, format),
        Value::Int(fen) if kind == ColumnKind::Money => {
            sheet.write_number_with_format(row, at, *fen as f64 / 100.0, format)
        }
        Value::Int(number) if number.unsigned_abs() < 1 << 53 => {
            sheet.write_number_with_format(row, at, *number as f64, format)
        }
        Value::Int(number) => sheet.write_string(row, at, number.to_string()),
    }
    .map(|_| ())
    .map_err(written)
}

/// Excel holds 32,767 characters in a cell.
pub(crate) fn clipped(text: &str) -> String {
    match text.char_indices().nth(32_767) {
        Some((at, _)) => text.get(..at).unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}

/// Yuan with two places from fen.
fn yuan_text(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// Days since 1899-12-30 of a text `YYYY-MM-DD`.
fn serial_of_day(text: &str) -> Option<f64> {
    let mut parts = text.splitn(3, '-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    let day: i64 = parts.next()?.parse().ok()?;
    if !(1900..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days of the civil calendar, years beginning in March.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1;
    Some((days - 693_899) as f64)
}

pub(crate) fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_text_wrap()
        .set_background_color(0xE8EEF7)
}

fn format_of(kind: ColumnKind) -> Format {
    match kind {
        ColumnKind::Text => Format::new().set_num_format("@"),
        ColumnKind::Number => Format::new(),
        ColumnKind::Money => Format::new().set_num_format("#,##0.00"),
        ColumnKind::Day => Format::new().set_num_format("yyyy-mm-dd"),
    }
}

fn width(column: &Column) -> f64 {
    let heading: f64 = column.heading.chars().map(|c| if c.is_ascii() { 1.1 } else { 2.1 }).sum();
    let least = match column.kind {
        ColumnKind::Text => 12.0,
        ColumnKind::Number => 8.0,
        ColumnKind::Money | ColumnKind::Day => 12.0,
    };
    heading.clamp(least, 40.0)
}

/// At most 31 characters, none of `[]:*?/\`, not empty.
pub(crate) fn sheet_name(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') && !c.is_control())
        .take(31)
        .collect();
    let name = name.trim_matches(['\'', ' ']).to_owned();
    if name.is_empty() { "Sheet1".to_owned() } else { name }
}

pub(crate) fn written(error: XlsxError) -> SheetError {
    match error {
        XlsxError::RowColumnLimitError => SheetError::TooManyRows { limit: 1_048_575 },
        other => SheetError::Io { detail: other.to_string() },
    }
}

fn csv_written(error: csv::Error) -> SheetError {
    SheetError::Io { detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_a_formula() {
        for text in ["=1+1", "+86", "-x", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert!(harmless(text).starts_with('\''), "{text}");
        }
        for text in ["张三", "-12.5", "2026-03-05", "512222196512277731"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn days_have_the_numbers_of_excel() {
        for (day, serial) in
            [("1900-03-01", 61.0), ("2025-11-30", 45991.0), ("2026-10-31", 46326.0)]
        {
            assert_eq!(serial_of_day(day), Some(serial));
        }
        assert_eq!(serial_of_day("2026-13-01"), None);
    }

    #[test]
    fn sheet_names_are_made_acceptable() {
        assert_eq!(sheet_name("a/b:[c]"), "abc");
        assert_eq!(sheet_name(""), "Sheet1");
        assert_eq!(sheet_name(&"村".repeat(40)).chars().count(), 31);
    }
}
