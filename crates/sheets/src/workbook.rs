//! Workbooks of the `.xlsx` family: looked through as an archive first, then read cell by cell.

use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxCellReader};
use memchr::memmem;

use crate::book::SheetInfo;
use crate::{Cell, Limits, Result, Row, SheetError};

/// Where a workbook is read from.
pub(crate) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// A block of merged cells, all bounds 0-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) top: u32,
    pub(crate) left: u32,
    pub(crate) bottom: u32,
    pub(crate) right: u32,
}

/// An opened workbook.
pub(crate) struct Workbook {
    book: Xlsx<Box<dyn Source>>,
    /// What the archive says of each sheet, in the order of the workbook.
    parts: Vec<Part>,
}

#[derive(Debug, Default, Clone)]
struct Part {
    blocks: Vec<Block>,
    formulas: bool,
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
        Ok(WorkbookRows {
            reader,
            formulas: part.formulas,
            epoch: if is_1904 { 1462.0 } else { 0.0 },
            blocks: part.blocks.into_iter().map(|block| (block, Cell::Empty)).collect(),
            next: None,
            limits: *limits,
            rows: 0,
            cells: 0,
            over: false,
        })
    }
}

/// The rows of one sheet, read as they are asked for.
pub(crate) struct WorkbookRows<'a> {
    reader: Option<XlsxCellReader<'a, Box<dyn Source>>>,
    formulas: bool,
    epoch: f64,
    /// Blocks of several rows, with the value of their first cell once it has been seen.
    blocks: Vec<(Block, Cell)>,
    next: Option<(u32, u32, Cell)>,
    limits: Limits,
    rows: u64,
    cells: u64,
    over: bool,
}

impl WorkbookRows<'_> {
    fn cell(&mut self) -> Result<Option<(u32, u32, Cell)>> {
        if let Some(cell) = self.next.take() {
            return Ok(Some(cell));
        }
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let (formulas, epoch) = (self.formulas, self.epoch);
        let found = guarded(|| {
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
        })?;
        Ok(found)
    }

    fn next_row(&mut self) -> Result<Option<Row>> {
        let Some((row, column, cell)) = self.cell()? else { return Ok(None) };
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
    /// Excel's last day, 9999-12-31: what is larger and formatted as a day is no day count.
    const LAST_SERIAL: f64 = 2_958_465.0;
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(text) if text.is_empty() => Cell::Empty,
        DataRef::SharedString("") => Cell::Empty,
        DataRef::String(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        DataRef::Bool(value) => Cell::Bool(value),
        DataRef::DateTime(at) => match at.as_f64() {
            serial if !(0.0..=LAST_SERIAL).contains(&serial) => Cell::Number(serial),
            serial => Cell::Serial(serial + epoch),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn broken(error: &calamine::XlsxError) -> SheetError {
    match error {
        calamine::XlsxError::Password => SheetError::Password,
        other => SheetError::broken(other),
    }
}

/// A reader of foreign files may stumble over what nobody thought of: that is a broken file, not the end of the program.
fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(SheetError::broken("the reader gave up on it")))
}

/// Looks the archive through before anything is unpacked into memory: sizes as they are and not as they are declared,
/// merged blocks, formulas. Gives the sheets in the order of the workbook.
fn survey(source: &mut Box<dyn Source>, file_bytes: u64, limits: &Limits) -> Result<Vec<Part>> {
    let mut archive = zip::ZipArchive::new(source).map_err(|error| match error {
        zip::result::ZipError::Io(io) => SheetError::from(io),
        other => SheetError::broken(other),
    })?;
    let mut total = 0u64;
    let mut parts: Vec<(String, Part)> = Vec::new();
    let (mut workbook, mut relations) = (Vec::new(), Vec::new());
    let allowed = if file_bytes.saturating_mul(limits.unpacked_ratio) < Limits::RATIO_FROM {
        Limits::RATIO_FROM.min(limits.unpacked_bytes)
    } else {
        limits.unpacked_bytes.min(file_bytes.saturating_mul(limits.unpacked_ratio))
    };
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => {
                SheetError::Password
            }
            other => SheetError::broken(other),
        })?;
        let name = entry.name().map_err(SheetError::broken)?.replace('\\', "/").to_lowercase();
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        if entry.size() > allowed {
            return Err(SheetError::Bomb { limit: allowed });
        }
        let mut scan = Scan::default();
        let keep = name.ends_with("xl/workbook.xml") || name.ends_with("workbook.xml.rels");
        let mut kept = Vec::new();
        let mut buffer = vec![0u8; 64 * 1024];
        loop {
            let read = entry.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            total = total.saturating_add(read as u64);
            if total > allowed {
                return Err(SheetError::Bomb { limit: allowed });
            }
            let piece = buffer.get(..read).unwrap_or_default();
            if keep && kept.len() < 4 * 1024 * 1024 {
                kept.extend_from_slice(piece);
            } else if name.contains("worksheets/") {
                scan.take(piece);
            }
        }
        match () {
            () if name.ends_with("xl/workbook.xml") => workbook = kept,
            () if keep => relations = kept,
            () if name.contains("worksheets/") => parts.push((name, scan.finish())),
            () => {}
        }
    }
    if workbook.is_empty() {
        return Err(SheetError::Unknown);
    }
    Ok(in_order(&String::from_utf8_lossy(&workbook), &String::from_utf8_lossy(&relations), &parts))
}

/// The parts in the order in which the workbook names its sheets.
fn in_order(workbook: &str, relations: &str, parts: &[(String, Part)]) -> Vec<Part> {
    tags(workbook, "sheet")
        .map(|tag| {
            let id = attribute(tag, ":id").or_else(|| attribute(tag, "id")).unwrap_or_default();
            let target = tags(relations, "Relationship")
                .find(|relation| attribute(relation, "Id") == Some(id))
                .and_then(|relation| attribute(relation, "Target"))
                .map(|target| target.trim_start_matches(['.', '/']).to_lowercase());
            target
                .and_then(|target| parts.iter().find(|(name, _)| name.ends_with(&target)))
                .map(|(_, part)| part.clone())
                .unwrap_or_default()
        })
        .collect()
}

/// The insides of the tags of this name, whatever their prefix.
fn tags<'a>(xml: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    xml.split('<').filter_map(move |piece| {
        let inside = piece.split('>').next()?;
        let (head, rest) = inside.split_once(char::is_whitespace)?;
        (head.rsplit(':').next() == Some(name)).then_some(rest)
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    ['"', '\''].into_iter().find_map(|quote| {
        let open = format!("{name}={quote}");
        let mut from = 0;
        while let Some(at) = tag.get(from..)?.find(&open).map(|at| at + from) {
            let before = tag.get(..at).and_then(|before| before.chars().last());
            if name.starts_with(':') || before.is_none_or(char::is_whitespace) {
                return tag.get(at + open.len()..)?.split(quote).next();
            }
            from = at + open.len();
        }
        None
    })
}

/// Finds merged blocks and formulas in the text of a sheet that passes by in pieces.
#[derive(Default)]
struct Scan {
    tail: Vec<u8>,
    part: Part,
}

impl Scan {
    /// Longer than any tag that is looked for.
    const OVERLAP: usize = 64;

    fn take(&mut self, piece: &[u8]) {
        self.tail.extend_from_slice(piece);
        let end = self.tail.len().saturating_sub(Self::OVERLAP);
        self.look(end);
        self.tail.drain(..end);
    }

    fn finish(mut self) -> Part {
        self.look(self.tail.len());
        self.part
    }

    /// Tags that begin before `end`.
    fn look(&mut self, end: usize) {
        let text = self.tail.as_slice();
        if !self.part.formulas {
            self.part.formulas = [&b"<f>"[..], b"<f ", b":f>", b":f "]
                .iter()
                .any(|tag| memmem::find(text, tag).is_some());
        }
        for at in memmem::find_iter(text, b"mergeCell ref=") {
            if at >= end || self.part.blocks.len() >= 100_000 {
                continue;
            }
            let range = text.get(at + 15..).unwrap_or_default();
            let range = range.split(|byte| matches!(byte, b'"' | b'\'')).next().unwrap_or_default();
            let Some(block) = std::str::from_utf8(range).ok().and_then(block) else { continue };
            if block.bottom > block.top {
                self.part.blocks.push(block);
            }
        }
    }
}

fn block(range: &str) -> Option<Block> {
    let (from, to) = range.split_once(':')?;
    let ((top, left), (bottom, right)) = (place(from)?, place(to)?);
    (top <= bottom && left <= right).then_some(Block { top, left, bottom, right })
}

fn place(address: &str) -> Option<(u32, u32)> {
    let split = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = address.split_at_checked(split)?;
    let column = letters.bytes().try_fold(0u32, |column, letter| {
        let digit = letter.to_ascii_uppercase().checked_sub(b'A').filter(|digit| *digit < 26)?;
        column.checked_mul(26)?.checked_add(u32::from(digit) + 1)
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}
