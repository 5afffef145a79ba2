//! Workbooks of Excel 97–2003 and old WPS (`.xls`, `.et`): the records of BIFF8, read one after the other.

use std::sync::Arc;

use crate::archive::{Block, Part};
use crate::book::SheetInfo;
use crate::compound::{Compound, u16_at, u32_at};
use crate::old_text::Text;
use crate::workbook::{Cells, WorkbookRows};
use crate::{Cell, Limits, Result, SheetError};

mod id {
    pub(super) const BOF: u16 = 0x0809;
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const FILE_PASS: u16 = 0x002F;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const DATE_MODE: u16 = 0x0022;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const XF: u16 = 0x00E0;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const STRINGS: u16 = 0x00FC;
    pub(super) const ROW: u16 = 0x0208;
    pub(super) const MERGED: u16 = 0x00E5;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const MANY_RK: u16 = 0x00BD;
    pub(super) const SHARED: u16 = 0x00FD;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const RICH: u16 = 0x00D6;
    pub(super) const BOOL_OR_ERROR: u16 = 0x0205;
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const RESULT: u16 = 0x0207;
}

/// Blocks of merged cells that are heeded, as in newer workbooks.
const MOST_BLOCKS: usize = 100_000;

/// An opened workbook: its stream, and what all its sheets share.
pub(crate) struct OldBook {
    shared: Arc<Shared>,
    parts: Vec<OldPart>,
}

struct Shared {
    stream: Vec<u8>,
    strings: Vec<Box<str>>,
    /// Whether the format of that number shows a day or a time.
    days: Vec<bool>,
    epoch: f64,
}

struct OldPart {
    start: usize,
    rows: u64,
    part: Part,
}

impl OldBook {
    pub(crate) fn open(bytes: &[u8], limits: &Limits) -> Result<(Self, Vec<SheetInfo>)> {
        let file = Compound::open(bytes)?;
        if file.holds("EncryptedPackage") {
            return Err(SheetError::Password);
        }
        if !file.holds("Workbook") {
            return Err(if file.holds("Book") { SheetError::OldXls } else { SheetError::Unknown });
        }
        let (shared, found) = globals(file.stream("Workbook")?)?;
        if found.is_empty() {
            return Err(SheetError::Empty);
        }
        if found.len() > limits.sheets {
            return Err(SheetError::TooManySheets { limit: limits.sheets });
        }
        let parts = found.iter().map(|(start, _)| survey(&shared.stream, *start)).collect();
        let sheets = found.into_iter().map(|(_, info)| info).collect();
        Ok((Self { shared: Arc::new(shared), parts }, sheets))
    }

    pub(crate) fn hidden_rows(&self, index: usize) -> u64 {
        self.parts.get(index).map_or(0, |one| one.part.hidden_rows)
    }

    pub(crate) fn rows_about(&self, index: usize) -> Option<u64> {
        self.parts.get(index).map(|one| one.rows).filter(|rows| *rows > 0)
    }

    pub(crate) fn rows(&self, index: usize, limits: &Limits) -> Result<WorkbookRows<'_>> {
        let one = self.parts.get(index).ok_or(SheetError::NoSheet)?;
        let cells = OldCells {
            shared: Arc::clone(&self.shared),
            at: one.start,
            depth: 0,
            ready: Vec::new().into_iter(),
            result_of: None,
        };
        Ok(WorkbookRows::new(Some(Cells::Old(cells)), one.part.blocks.clone(), limits))
    }
}

/// The record at a place: its kind, its data, and where the next one stands.
fn record(stream: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let (kind, len) = (u16_at(stream, at)?, u16_at(stream, at + 2)?);
    let end = at.checked_add(4)?.checked_add(usize::from(len))?;
    Some((kind, stream.get(at + 4..end)?, end))
}

fn cut_short() -> SheetError {
    SheetError::broken("the workbook's records end early")
}

/// What stands before the sheets: formats, strings, where each sheet begins.
fn globals(stream: Vec<u8>) -> Result<(Shared, Vec<(usize, SheetInfo)>)> {
    let (mut formats, mut kinds) = (Vec::new(), Vec::new());
    let (mut sheets, mut strings, mut epoch) = (Vec::new(), Vec::new(), 0.0);
    let mut at = 0;
    loop {
        let (kind, data, next) = record(&stream, at).ok_or_else(cut_short)?;
        match kind {
            id::BOF if at == 0 && u16_at(data, 0) != Some(0x0600) => {
                return Err(SheetError::OldXls);
            }
            id::FILE_PASS => return Err(SheetError::Password),
            id::DATE_MODE if u16_at(data, 0) == Some(1) => epoch = 1462.0,
            id::FORMAT => {
                let code = Text::after(data, 2).long().unwrap_or_default();
                formats.push((u16_at(data, 0).unwrap_or_default(), shows_a_day(&code)));
            }
            id::XF => kinds.push(u16_at(data, 2).unwrap_or_default()),
            id::SHEET => sheets.extend(sheet(data)),
            id::STRINGS => {
                let (mut pieces, mut from) = (vec![data.get(8..).unwrap_or_default()], next);
                while let Some((id::CONTINUE, more, after)) = record(&stream, from) {
                    pieces.push(more);
                    from = after;
                }
                let mut text = Text::over(pieces);
                let count = u32_at(data, 4).unwrap_or_default();
                strings =
                    (0..count).map_while(|_| text.long().map(String::into_boxed_str)).collect();
            }
            id::EOF => break,
            _ => {}
        }
        if at == 0 && kind != id::BOF {
            return Err(SheetError::OldXls);
        }
        at = next;
    }
    let own = |kind: u16| formats.iter().rfind(|(of, _)| *of == kind).map(|(_, day)| *day);
    let days = kinds
        .into_iter()
        .map(|kind| own(kind).unwrap_or(matches!(kind, 14..=22 | 27..=36 | 45..=47 | 50..=58)))
        .collect();
    Ok((Shared { stream, strings, days, epoch }, sheets))
}

/// A worksheet; charts and macro sheets are none.
fn sheet(data: &[u8]) -> Option<(usize, SheetInfo)> {
    if *data.get(5)? != 0 {
        return None;
    }
    let start = usize::try_from(u32_at(data, 0)?).ok()?;
    let name = Text::after(data, 6).short()?;
    Some((start, SheetInfo { name, hidden: data.get(4)? & 3 != 0 }))
}

/// Whether a format shows days or times: a letter of them outside of quotes, brackets and escapes.
fn shows_a_day(code: &str) -> bool {
    let (mut quoted, mut bracket) = (false, false);
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => {
                letters.next();
            }
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// Merged blocks and hidden rows of a sheet, seen before its rows are read.
fn survey(stream: &[u8], start: usize) -> OldPart {
    let mut found = OldPart { start, rows: 0, part: Part::default() };
    let (mut at, mut depth) = (start, 0u32);
    while let Some((kind, data, next)) = record(stream, at) {
        at = next;
        match kind {
            id::BOF => depth += 1,
            id::EOF if depth <= 1 => break,
            id::EOF => depth -= 1,
            _ if depth != 1 => {}
            id::ROW => {
                let hidden = u16_at(data, 12).is_some_and(|flags| flags & 0x20 != 0);
                found.part.hidden_rows += u64::from(hidden);
                found.rows = found.rows.max(u64::from(u16_at(data, 0).unwrap_or_default()) + 1);
            }
            id::MERGED => {
                for four in data.get(2..).unwrap_or_default().chunks_exact(8) {
                    let bound = |at| u32::from(u16_at(four, at).unwrap_or_default());
                    let block =
                        Block { top: bound(0), bottom: bound(2), left: bound(4), right: bound(6) };
                    let sound = block.bottom > block.top && block.left <= block.right;
                    if sound && found.part.blocks.len() < MOST_BLOCKS {
                        found.part.blocks.push(block);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The cells of one sheet, record by record.
pub(crate) struct OldCells {
    shared: Arc<Shared>,
    at: usize,
    depth: u32,
    ready: std::vec::IntoIter<(u32, u32, Cell)>,
    /// The formula whose text comes in the next record.
    result_of: Option<(u32, u32)>,
}

impl OldCells {
    pub(crate) fn next_cell(&mut self) -> Result<Option<(u32, u32, Cell)>> {
        let shared = Arc::clone(&self.shared);
        loop {
            if let Some(cell) = self.ready.next() {
                return Ok(Some(cell));
            }
            let (kind, data, next) = record(&shared.stream, self.at).ok_or_else(cut_short)?;
            match kind {
                id::BOF => self.depth += 1,
                id::EOF if self.depth <= 1 => return Ok(None),
                id::EOF => self.depth -= 1,
                // Charts inside of a sheet carry records of their own.
                _ if self.depth > 1 => {}
                id::RESULT => {
                    if let Some((row, column)) = self.result_of.take() {
                        let mut pieces = vec![data];
                        let mut from = next;
                        while let Some((id::CONTINUE, more, after)) = record(&shared.stream, from) {
                            pieces.push(more);
                            from = after;
                        }
                        let text = Text::over(pieces).long().ok_or_else(cut_short)?;
                        self.ready = vec![(row, column, Cell::Text(text))].into_iter();
                    }
                }
                _ => self.take(&shared, kind, data)?,
            }
            self.at = next;
        }
    }

    fn take(&mut self, shared: &Shared, kind: u16, data: &[u8]) -> Result<()> {
        let place = || Some((u32::from(u16_at(data, 0)?), u32::from(u16_at(data, 2)?)));
        let style = || u16_at(data, 4).unwrap_or_default();
        let cell = match kind {
            id::NUMBER => number(data, 6).map(|value| shared.number(value, style())),
            id::RK => u32_at(data, 6).map(|packed| shared.number(unpacked(packed), style())),
            id::SHARED => u32_at(data, 6)
                .and_then(|at| shared.strings.get(usize::try_from(at).ok()?))
                .map(|text| Cell::Text(text.to_string())),
            id::LABEL | id::RICH => Text::after(data, 6).long().map(Cell::Text),
            id::BOOL_OR_ERROR => data.get(6).zip(data.get(7)).map(|(value, is_error)| {
                if *is_error == 0 { Cell::Bool(*value != 0) } else { error(*value) }
            }),
            id::FORMULA => data.get(6..14).map(|value| match value {
                [0, .., 0xFF, 0xFF] => {
                    self.result_of = place();
                    Cell::Empty
                }
                [1, _, is, .., 0xFF, 0xFF] => Cell::Bool(*is != 0),
                [2, _, code, .., 0xFF, 0xFF] => error(*code),
                [.., 0xFF, 0xFF] => Cell::Formula,
                _ => number(value, 0).map_or(Cell::Formula, |value| shared.number(value, style())),
            }),
            id::MANY_RK => {
                let (row, first) = place().ok_or_else(cut_short)?;
                let many = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                let many = many.chunks_exact(6).zip(first..).filter_map(|(six, column)| {
                    let value = unpacked(u32_at(six, 2)?);
                    Some((row, column, shared.number(value, u16_at(six, 0)?)))
                });
                self.ready = many.collect::<Vec<_>>().into_iter();
                return Ok(());
            }
            _ => return Ok(()),
        };
        let ((row, column), cell) = place().zip(cell).ok_or_else(cut_short)?;
        let empty = matches!(&cell, Cell::Text(text) if text.is_empty()) || cell == Cell::Empty;
        if !empty {
            self.ready = vec![(row, column, cell)].into_iter();
        }
        Ok(())
    }
}

impl Shared {
    fn number(&self, value: f64, style: u16) -> Cell {
        let day = self.days.get(usize::from(style)).copied().unwrap_or(false);
        crate::workbook::day_or_number(value, day.then_some(self.epoch))
    }
}

fn number(data: &[u8], at: usize) -> Option<f64> {
    data.get(at..at.checked_add(8)?)?.try_into().ok().map(f64::from_le_bytes)
}

/// A number packed into four bytes: thirty bits of it, whether they are whole, and whether they count hundredths.
fn unpacked(packed: u32) -> f64 {
    let value = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 { value } else { value / 100.0 }
}

fn error(code: u8) -> Cell {
    let name = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    Cell::Error(name.to_owned())
}
