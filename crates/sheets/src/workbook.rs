//! Workbooks of the `.xlsx` family: looked through as an archive first, then read cell by cell.

use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxCellReader};

use crate::archive::{Block, Part, survey};
use crate::book::SheetInfo;
use crate::old::OldCells;
use crate::{Cell, Limits, Result, Row, SheetError};

/// Where a workbook is read from.
pub(crate) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// An opened workbook.
pub(crate) struct Workbook {
    book: Xlsx<Box<dyn Source>>,
    /// What the archive says of each sheet, in the order of the workbook.
    parts: Vec<Part>,
}

impl Workbook {
    pub(crate) fn open(
        mut source: Box<dyn Source>,
        file_bytes: u64,
        limits: &Limits,
    ) -> Result<(Self, Vec<SheetInfo>)> {
        let found = survey(&mut source, file_bytes, limits)?;
        source.rewind()?;
        let book = guarded(|| Xlsx::new(source).map_err(|error| broken(&error)))?;
        let metadata = book.sheets_metadata();
        if metadata.len() > limits.sheets {
            return Err(SheetError::TooManySheets { limit: limits.sheets });
        }
        let sheets: Vec<SheetInfo> = metadata
            .iter()
            .map(|sheet| SheetInfo {
                name: sheet.name.clone(),
                hidden: sheet.visible != SheetVisible::Visible,
            })
            .collect();
        if sheets.is_empty() {
            return Err(SheetError::Empty);
        }
        let parts =
            if found.len() == sheets.len() { found } else { vec![Part::default(); sheets.len()] };
        Ok((Self { book, parts }, sheets))
    }

    /// Rows of a sheet that somebody hid.
    pub(crate) fn hidden_rows(&self, index: usize) -> u64 {
        self.parts.get(index).map_or(0, |part| part.hidden_rows)
    }

    /// The last row that the sheet says it has.
    pub(crate) fn rows_about(&mut self, name: &str) -> Option<u64> {
        let book = &mut self.book;
        let said = guarded(|| {
            let reader = book.worksheet_cells_reader(name).map_err(|error| broken(&error))?;
            Ok(reader.dimensions().end.0)
        });
        said.ok().filter(|row| *row > 0).map(|row| u64::from(row) + 1)
    }

    pub(crate) fn rows(
        &mut self,
        index: usize,
        name: &str,
        limits: &Limits,
    ) -> Result<WorkbookRows<'_>> {
        let part = self.parts.get(index).cloned().unwrap_or_default();
        let is_1904 = self.book.has_1904_epoch();
        let book = &mut self.book;
        let reader = guarded(|| match book.worksheet_cells_reader(name) {
            Ok(reader) => Ok(Some(reader)),
            Err(calamine::XlsxError::NotAWorksheet(_)) => Ok(None),
            Err(error) => Err(broken(&error)),
        })?;
        let cells = reader.map(|reader| Cells::New {
            reader: Box::new(reader),
            formulas: part.formulas,
            epoch: if is_1904 { 1462.0 } else { 0.0 },
        });
        Ok(WorkbookRows::new(cells, part.blocks, limits))
    }
}

/// The cells of one sheet in the order of its rows.
pub(crate) enum Cells<'a> {
    /// `.xlsx`.
    New { reader: Box<XlsxCellReader<'a, Box<dyn Source>>>, formulas: bool, epoch: f64 },
    /// `.xls`.
    Old(OldCells),
}

impl Cells<'_> {
    fn next_cell(&mut self) -> Result<Option<(u32, u32, Cell)>> {
        let (reader, formulas, epoch) = match self {
            Self::New { reader, formulas, epoch } => (reader, *formulas, *epoch),
            Self::Old(cells) => return cells.next_cell(),
        };
        guarded(|| {
            if formulas {
                let record = reader.next_cell_with_formula_metadata().map_err(|e| broken(&e))?;
                Ok(record.map(|record| {
                    let cell = match (convert(record.value, epoch), record.formula) {
                        (Cell::Empty, Some(_)) => Cell::Formula,
                        (cell, _) => cell,
                    };
                    (record.pos.0, record.pos.1, cell)
                }))
            } else {
                let cell = reader.next_cell().map_err(|e| broken(&e))?;
                Ok(cell.map(|cell| {
                    let (row, column) = cell.get_position();
                    (row, column, convert(cell.get_value().clone(), epoch))
                }))
            }
        })
    }
}

/// The rows of one sheet, read as they are asked for.
pub(crate) struct WorkbookRows<'a> {
    reader: Option<Cells<'a>>,
    /// Blocks of several rows, with the value of their first cell once it has been seen.
    blocks: Vec<(Block, Cell)>,
    next: Option<(u32, u32, Cell)>,
    last: Option<u32>,
    limits: Limits,
    rows: u64,
    cells: u64,
    over: bool,
}

impl<'a> WorkbookRows<'a> {
    pub(crate) fn new(reader: Option<Cells<'a>>, blocks: Vec<Block>, limits: &Limits) -> Self {
        Self {
            reader,
            blocks: blocks.into_iter().map(|block| (block, Cell::Empty)).collect(),
            next: None,
            last: None,
            limits: *limits,
            rows: 0,
            cells: 0,
            over: false,
        }
    }

    fn cell(&mut self) -> Result<Option<(u32, u32, Cell)>> {
        if let Some(cell) = self.next.take() {
            return Ok(Some(cell));
        }
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let found = reader.next_cell()?;
        if found.is_none() {
            // Behind the last cell the reader would run out of the sheet and call it damaged.
            self.reader = None;
        }
        Ok(found)
    }

    fn next_row(&mut self) -> Result<Option<Row>> {
        let Some((row, column, cell)) = self.cell()? else { return Ok(None) };
        if self.last.is_some_and(|last| row <= last) {
            return Err(SheetError::broken("its rows are not in order"));
        }
        self.last = Some(row);
        let mut cells = Vec::new();
        self.place(&mut cells, column, cell)?;
        while let Some((at, column, cell)) = self.cell()? {
            if at != row {
                self.next = Some((at, column, cell));
                break;
            }
            self.place(&mut cells, column, cell)?;
        }
        while matches!(cells.last(), Some(Cell::Empty)) {
            cells.pop();
        }
        self.rows = self.rows.saturating_add(1);
        if self.rows > self.limits.rows {
            return Err(SheetError::TooManyRows { limit: self.limits.rows });
        }
        let spread = self.spread(row, &mut cells);
        Ok(Some(Row { number: row.saturating_add(1), cells, spread }))
    }

    fn place(&mut self, cells: &mut Vec<Cell>, column: u32, cell: Cell) -> Result<()> {
        if matches!(cell, Cell::Empty) {
            return Ok(());
        }
        if column >= self.limits.columns {
            return Err(SheetError::TooManyColumns { limit: self.limits.columns });
        }
        self.cells = self.cells.saturating_add(1);
        if self.cells > self.limits.cells {
            return Err(SheetError::TooManyCells { limit: self.limits.cells });
        }
        let column = column as usize;
        if column >= cells.len() {
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    /// Takes the value of a block's first cell over into the rows below it.
    fn spread(&mut self, row: u32, cells: &mut Vec<Cell>) -> Vec<u16> {
        let mut spread = Vec::new();
        for (block, value) in &mut self.blocks {
            if row == block.top {
                *value = cells.get(block.left as usize).cloned().unwrap_or_default();
            }
            if row <= block.top || row > block.bottom || value.is_blank() {
                continue;
            }
            let left = block.left as usize;
            if cells.get(left).is_none_or(Cell::is_blank) {
                if left >= cells.len() {
                    cells.resize(left + 1, Cell::Empty);
                }
                if let (Some(place), Ok(column)) = (cells.get_mut(left), u16::try_from(left)) {
                    *place = value.clone();
                    spread.push(column);
                }
            }
        }
        spread
    }
}

impl Iterator for WorkbookRows<'_> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let row = self.next_row().transpose();
        self.over = !matches!(row, Some(Ok(_)));
        row
    }
}

fn convert(value: DataRef<'_>, epoch: f64) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(text) if text.is_empty() => Cell::Empty,
        DataRef::SharedString("") => Cell::Empty,
        DataRef::String(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        DataRef::Bool(value) => Cell::Bool(value),
        DataRef::DateTime(at) => day_or_number(at.as_f64(), Some(epoch)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A number as it is formatted: with an epoch as a day, if there is such a day.
pub(crate) fn day_or_number(value: f64, epoch: Option<f64>) -> Cell {
    /// Excel's last day, 9999-12-31: what is larger and formatted as a day is no day count.
    const LAST_SERIAL: f64 = 2_958_465.0;
    match epoch {
        Some(epoch) if (0.0..=LAST_SERIAL).contains(&value) => Cell::Serial(value + epoch),
        _ => Cell::Number(value),
    }
}

fn broken(error: &calamine::XlsxError) -> SheetError {
    match error {
        calamine::XlsxError::Password => SheetError::Password,
        other => SheetError::broken(other),
    }
}

thread_local! {
    /// Whether this thread is inside a guarded read.
    static GUARDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// A reader of foreign files may stumble over what nobody thought of: that is a broken file, not the end of the program,
/// and nothing that the log should be full of. Panics anywhere else are told as ever.
fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let tell = take_hook();
        set_hook(Box::new(move |about| {
            if !GUARDED.get() {
                tell(about);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(outer);
    read.unwrap_or_else(|_| Err(SheetError::broken("the reader gave up on it")))
}
