//! Lists on paper: the printed form of a department around the rows, as a workbook or as a text table.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use kernel::time::Day;
use sheets::{Form, FormCell, FormSheet, Merged};

use super::words::{Blanks, Lists};

/// Rows of cells.
pub type Rows = Vec<Vec<FormCell>>;

/// How a text table is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with byte order mark.
    Utf8Mark,
    /// UTF-8.
    Utf8,
    /// GB18030.
    Gb,
}

/// The files of the county, by name.
pub struct Binder<'a> {
    lists: &'a Lists,
    /// What fills the blanks of every form.
    county: String,
    today: Day,
    books: BTreeMap<String, Vec<FormSheet>>,
    /// Finished files.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// What stands around the rows of one sheet.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Blanks of the form.
    pub blanks: Blanks,
    /// Cells of the row of totals, if there is one.
    pub total: Option<Vec<FormCell>>,
    /// Blocks of rows whose cell in this column is merged: column, first row, last row, counted from the first row of data.
    pub blocks: Vec<(u16, u32, u32)>,
}

impl<'a> Binder<'a> {
    /// An empty binder.
    pub fn new(lists: &'a Lists, county: &str, today: Day) -> Self {
        let (books, files) = (BTreeMap::new(), BTreeMap::new());
        Binder { lists, county: county.to_owned(), today, books, files }
    }

    /// A sheet of a workbook; sheets of one file name make one workbook in the order of their coming.
    ///
    /// # Errors
    /// Text that says which form `packs/sample/lists.toml` lacks.
    pub fn sheet(&mut self, form: &str, rows: Rows, around: Around) -> Result<()> {
        let printed = self.lists.get(form).with_context(|| format!("lists.toml has no {form}"))?;
        let blanks = around.blanks.with("{county}", &self.county);
        let width = printed.headings.iter().map(Vec::len).max().unwrap_or(1);
        let last = u16::try_from(width.saturating_sub(1)).unwrap_or(0);
        let mut all: Rows = Vec::new();
        let mut merged: Vec<Merged> = Vec::new();
        for title in &printed.titles {
            merged.push((count(&all), 0, count(&all), last));
            all.push(vec![blanks.fill(title).into()]);
        }
        let top = count(&all);
        for heading in &printed.headings {
            all.push(heading.iter().map(|cell| FormCell::from(cell.as_str())).collect());
        }
        if let [above, below] = printed.headings.as_slice() {
            merged.extend(heading_merges(above, below, top));
        }
        let first = count(&all);
        for (column, from, to) in around.blocks {
            if to > from {
                merged.push((first + from, column, first + to, column));
            }
        }
        all.extend(rows);
        all.extend(around.total);
        all.extend(printed.below.iter().map(|line| vec![blanks.fill(line).into()]));
        let sheet = FormSheet {
            name: blanks.fill(&printed.sheet),
            rows: all,
            merged,
            heading: Some((top, first.saturating_sub(1))),
        };
        self.books.entry(blanks.fill(&printed.file)).or_default().push(sheet);
        Ok(())
    }

    /// A text table.
    ///
    /// # Errors
    /// As [`Binder::sheet`].
    pub fn table(
        &mut self,
        form: &str,
        rows: Rows,
        (blanks, encoding): (Blanks, Encoding),
    ) -> Result<()> {
        let printed = self.lists.get(form).with_context(|| format!("lists.toml has no {form}"))?;
        let blanks = blanks.with("{county}", &self.county);
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for title in &printed.titles {
            csv.write_record([blanks.fill(title), String::new()])?;
        }
        for heading in &printed.headings {
            csv.write_record(heading)?;
        }
        for row in &rows {
            csv.write_record(row.iter().map(text))?;
        }
        let bytes = csv.into_inner().context("a table in memory")?;
        let utf8 = String::from_utf8(bytes)?;
        let bytes = match encoding {
            Encoding::Utf8 => utf8.into_bytes(),
            Encoding::Utf8Mark => format!("\u{feff}{utf8}").into_bytes(),
            Encoding::Gb => encoding_rs::GB18030.encode(&utf8).0.into_owned(),
        };
        self.files.insert(blanks.fill(&printed.file), bytes);
        Ok(())
    }

    /// Writes the workbooks and hands all files over.
    ///
    /// # Errors
    /// Text that says which workbook could not be written.
    pub fn finish(mut self) -> Result<BTreeMap<String, Vec<u8>>> {
        let year = u16::try_from(self.today.year()).unwrap_or(2026);
        let made_on = (year, byte(self.today.month()), 1);
        for (name, sheets) in self.books {
            let mut bytes = Vec::new();
            let form = Form { sheets, made_on };
            form.write_xlsx(&mut bytes).with_context(|| format!("{name} cannot be written"))?;
            self.files.insert(name, bytes);
        }
        Ok(self.files)
    }
}

fn byte(month: u32) -> u8 {
    u8::try_from(month).unwrap_or(1)
}

fn count(rows: &Rows) -> u32 {
    u32::try_from(rows.len()).unwrap_or(0)
}

/// A heading of two rows: a group over its columns, a lone heading over both rows.
fn heading_merges(above: &[String], below: &[String], top: u32) -> Vec<Merged> {
    let mut merges = Vec::new();
    let starts: Vec<usize> =
        (0..above.len()).filter(|at| above.get(*at).is_some_and(|cell| !cell.is_empty())).collect();
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(above.len()).saturating_sub(1);
        let (first, last) = (u16::try_from(*start).unwrap_or(0), u16::try_from(end).unwrap_or(0));
        let alone = below.get(*start).is_none_or(String::is_empty);
        if alone {
            merges.push((top, first, top + 1, last));
        } else if last > first {
            merges.push((top, first, top, last));
        }
    }
    merges
}

/// A cell as a text table shows it.
fn text(cell: &FormCell) -> String {
    match cell {
        FormCell::Empty => String::new(),
        FormCell::Text(text) => text.clone(),
        FormCell::Number(number) | FormCell::Date(number) => format!("{number}"),
    }
}
