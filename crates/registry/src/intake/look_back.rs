//! The very row: what a department wrote, read again from the sealed original.

use std::collections::BTreeMap;

use kernel::cells::day_of_serial;
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use sheets::{Book, Cell, Heading, Mark, Marked, Row, RowKind, Shade, Table};
use store::{Ctx, Entry};

use super::batch::{Batch, place_of, row_key};
use super::deliver::Desk;
use super::mapping::Mapping;
use super::mask;
use super::queries::{self, StoredSheet};
use super::template::{Template, Templates};

/// A cell as a page may show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenCell {
    /// Letters of its column.
    pub letters: String,
    /// Words of its heading.
    pub heading: String,
    /// The words above them, in a heading of two rows.
    pub group: String,
    /// What it shows, numbers of people with stars.
    pub text: String,
    /// Our field that it is read as.
    pub field: Option<String>,
    /// Its value is sealed and not shown.
    pub sealed: bool,
}

/// A row of a file with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRow {
    /// Name of the sheet; empty for a text table.
    pub sheet: String,
    /// Rows above the heading: number and words.
    pub titles: Vec<(u32, String)>,
    /// Row of the heading.
    pub heading_row: u32,
    /// Number of the row.
    pub number: u32,
    /// Its template.
    pub template: String,
    /// Its cells under their headings.
    pub cells: Vec<SeenCell>,
}

/// What a person sees in a cell: days as days.
fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Serial(serial) => {
            day_of_serial(*serial).map_or_else(|| cell.shown(), |day| day.to_string())
        }
        other => other.shown(),
    }
}

struct Sheet<'a> {
    template: Option<&'a Template>,
    fields: BTreeMap<usize, String>,
}

impl<'a> Sheet<'a> {
    fn of(stored: &StoredSheet, templates: &'a Templates) -> Self {
        let mapping: Option<Mapping> = serde_json::from_str(&stored.mapping).ok();
        let columns = mapping.map(|mapping| mapping.columns).unwrap_or_default();
        Sheet {
            template: templates.get(&stored.template),
            fields: columns.into_iter().map(|column| (column.column, column.field)).collect(),
        }
    }

    fn shown(&self, column: usize, cell: &Cell) -> (String, bool) {
        let field = self.fields.get(&column).map(String::as_str);
        if self.template.is_some_and(|template| mask::is_sealed(template, field))
            && !cell.is_blank()
        {
            return (String::new(), true);
        }
        let ours = field.and_then(|field| self.template?.column(field));
        (mask::shown(ours.map(|ours| ours.kind), &text_of(cell)), false)
    }
}

/// Reads one row of a batch from its original.
///
/// # Errors
/// Not found when the original or the row is gone; a refusal when it cannot be read any more.
pub fn read_row(ctx: &Ctx, desk: &Desk, batch: &Batch, key: i64) -> Result<SeenRow> {
    let (sheet, number) = place_of(key);
    let stored = queries::list_sheets(&mut ctx.read()?, batch.id)?;
    let missing = || Refusal::not_found("intake.no_row");
    let stored = stored.into_iter().find(|one| one.sheet == sheet).ok_or_else(missing)?;
    let place = usize::try_from(sheet).map_err(|_| missing())?;
    let view = Sheet::of(&stored, &desk.templates);
    let mut book = Book::from_bytes(desk.originals.open(&batch.file_hash)?, &desk.limits)?;
    let mut table = Table::new(book.rows(place)?, &|text| desk.templates.knows(text));
    let layout = table.layout().cloned().ok_or_else(missing)?;
    let number = u32::try_from(number).map_err(|_| missing())?;
    let row = loop {
        match table.next() {
            Some(Ok((row, _))) if row.number == number => break row,
            Some(Ok((row, _))) if row.number > number => return Err(missing().into()),
            Some(row) => row.map(|_| ())?,
            None => return Err(missing().into()),
        }
    };
    let cells = columns_of(&layout.headings, &row)
        .map(|(column, heading)| {
            let (text, sealed) = view.shown(column, row.cell(column));
            SeenCell {
                letters: letters_of(column),
                heading: heading.map(|h| h.text.clone()).unwrap_or_default(),
                group: heading.map(|h| h.group.clone()).unwrap_or_default(),
                text,
                field: view.fields.get(&column).cloned(),
                sealed,
            }
        })
        .collect();
    Ok(SeenRow {
        sheet: stored.name,
        titles: layout.titles,
        heading_row: layout.last_row,
        number,
        template: stored.template,
        cells,
    })
}

fn letters_of(column: usize) -> String {
    kernel::finding::column_letters(u32::try_from(column).unwrap_or(u32::MAX - 1) + 1)
}

/// Every column that has a heading or a value.
fn columns_of<'a>(
    headings: &'a [Heading],
    row: &'a Row,
) -> impl Iterator<Item = (usize, Option<&'a Heading>)> {
    let last = headings.iter().map(|heading| heading.column + 1).max().unwrap_or(0);
    (0..last.max(row.cells.len()))
        .map(|column| (column, headings.iter().find(|heading| heading.column == column)))
        .filter(|(column, heading)| heading.is_some() || !row.cell(*column).is_blank())
}

/// What is said about a row in the workbook that goes back.
#[derive(Debug, Clone, Default)]
pub struct Remark {
    /// The sentences.
    pub text: String,
    /// Cells, as the spreadsheet names them, with the strength of what is wrong.
    pub cells: Vec<(String, Shade)>,
    /// The strongest.
    pub shade: Option<Shade>,
}

/// The sender's own workbook with a column of findings and coloured cells. Numbers of people stand in it in full only
/// when the file is the caller's own.
///
/// # Errors
/// Refused without `intake.see`; a refusal when the original cannot be read or has more rows than a workbook.
pub fn give_back(
    ctx: &Ctx,
    desk: &Desk,
    batch: &Batch,
    (remarks, heading): (&BTreeMap<i64, Remark>, &str),
) -> Result<Vec<u8>> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let own = permit.department() == Some(batch.department.as_str())
        || batch.uploaded_by == ctx.actor.account;
    let stored = queries::list_sheets(&mut ctx.read()?, batch.id)?;
    let mut book = Book::from_bytes(desk.originals.open(&batch.file_hash)?, &desk.limits)?;
    let mut marked = Marked::new();
    for (place, info) in book.sheets().to_vec().into_iter().enumerate() {
        let view = stored.iter().find(|one| one.sheet == i64::try_from(place).unwrap_or(-1));
        let view = view.map(|stored| Sheet::of(stored, &desk.templates));
        let table = Table::new(book.rows(place)?, &|text| desk.templates.knows(text));
        let layout = table.layout().cloned();
        let width = layout.as_ref().and_then(|l| l.headings.last()).map_or(0, |h| h.column + 1);
        marked.sheet(&info.name, width)?;
        for item in table {
            let (mut row, kind) = item?;
            if row.number > LAST_ROW {
                return Err(Refusal::too_many("intake.too_long_to_return").into());
            }
            let head = layout.as_ref().is_some_and(|layout| row.number == layout.last_row);
            let remark = remarks.get(&row_key(place, row.number));
            let mark = if head { title(heading) } else { mark_of(remark) };
            if let (false, Some(view), RowKind::Data) = (own, &view, kind) {
                conceal(&mut row, view);
            }
            marked.row(&row, &mark)?;
        }
    }
    let mut bytes = Vec::new();
    marked.finish(&mut bytes)?;
    let entry = Entry::new(ctx, "intake.export").about("batch", batch.id.to_string());
    ctx.journal(entry.detail(serde_json::json!({ "numbers_in_full": own })))?;
    Ok(bytes)
}

/// The last row that a workbook can hold.
const LAST_ROW: u32 = 1_048_576;

fn title(heading: &str) -> Mark {
    Mark { text: heading.to_owned(), shade: Some(Shade::Note), ..Mark::default() }
}

fn mark_of(remark: Option<&Remark>) -> Mark {
    let Some(remark) = remark else { return Mark::default() };
    let cells = remark
        .cells
        .iter()
        .filter_map(|(cell, shade)| Some((column_of(cell)?, Some(*shade))))
        .collect();
    Mark { text: remark.text.clone(), cells, shade: remark.shade }
}

/// The column of `AB17`, from 0.
fn column_of(cell: &str) -> Option<usize> {
    let letters = cell.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.fold(0usize, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}

fn conceal(row: &mut Row, view: &Sheet<'_>) {
    for (column, cell) in row.cells.iter_mut().enumerate() {
        if cell.is_blank() {
            continue;
        }
        let (text, sealed) = view.shown(column, cell);
        if sealed {
            *cell = Cell::Text("■".to_owned());
        } else if text != text_of(cell) {
            *cell = Cell::Text(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_name_gives_its_column() {
        assert_eq!(column_of("C17"), Some(2));
        assert_eq!(column_of("AA1"), Some(26));
        assert_eq!(column_of("17"), None);
    }
}
