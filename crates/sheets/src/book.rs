//! A file that somebody sent, opened.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use crate::old::OldBook;
use crate::probe::{Form, form};
use crate::text::TextRows;
use crate::workbook::{Source, Workbook, WorkbookRows};
use crate::{Limits, Result, Row, SheetError};

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `.xlsx` and its relatives, `.xls` and its.
    Workbook,
    /// Separated values, packed or not.
    Text,
}

/// A sheet of the file. A text table has one, without name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    /// Name on the tab; empty for a text table.
    pub name: String,
    /// Hidden by the person who sent it.
    pub hidden: bool,
}

/// An opened file. Rows are read as they are asked for, so a large file stays on disk.
pub struct Book {
    content: Content,
    sheets: Vec<SheetInfo>,
    limits: Limits,
}

enum Content {
    Workbook(Box<Workbook>),
    Old(Box<OldBook>),
    Text { packed: bool, source: Bytes },
}

/// A file, or an upload in memory.
#[derive(Clone)]
enum Bytes {
    File(std::path::PathBuf),
    Memory(Arc<[u8]>),
}

impl Bytes {
    fn len(&self) -> Result<u64> {
        match self {
            Self::File(path) => Ok(std::fs::metadata(path)?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    fn open(&self) -> Result<Box<dyn Source>> {
        Ok(match self {
            Self::File(path) => Box::new(BufReader::with_capacity(64 * 1024, File::open(path)?)),
            Self::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    }
}

impl Book {
    /// Opens a file on disk.
    ///
    /// # Errors
    /// What [`SheetError`] lists: size, form, password, damage, or the disk.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        Self::from_source(Bytes::File(path.to_owned()), limits)
    }

    /// Opens an upload.
    ///
    /// # Errors
    /// As [`Book::open`].
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>, limits: &Limits) -> Result<Self> {
        Self::from_source(Bytes::Memory(bytes.into()), limits)
    }

    fn from_source(source: Bytes, limits: &Limits) -> Result<Self> {
        /// Enough for the directory of an encrypted workbook of ordinary size.
        const HEAD: u64 = 1024 * 1024;
        let len = source.len()?;
        if len > limits.file_bytes {
            return Err(SheetError::TooLarge { bytes: len, limit: limits.file_bytes });
        }
        let mut reader = source.open()?;
        let mut head = Vec::new();
        reader.by_ref().take(HEAD).read_to_end(&mut head)?;
        match form(&head)? {
            Form::Zip => {
                reader.rewind()?;
                let (workbook, sheets) = Workbook::open(reader, len, limits)?;
                Ok(Self { content: Content::Workbook(Box::new(workbook)), sheets, limits: *limits })
            }
            Form::Compound => {
                reader.rewind()?;
                let mut whole = Vec::new();
                reader.take(limits.file_bytes).read_to_end(&mut whole)?;
                let (book, sheets) = OldBook::open(&whole, limits)?;
                Ok(Self { content: Content::Old(Box::new(book)), sheets, limits: *limits })
            }
            text => {
                let packed = text == Form::Gzip;
                if packed {
                    let mut inside = Vec::new();
                    unpack(Cursor::new(head), u64::MAX)
                        .take(4096)
                        .read_to_end(&mut inside)
                        .or_else(|error| if inside.is_empty() { Err(error) } else { Ok(0) })?;
                    match form(&inside)? {
                        Form::Text => {}
                        Form::Zip | Form::Compound => {
                            return Self::packed_workbook(&source, limits);
                        }
                        Form::Gzip => return Err(SheetError::Unknown),
                    }
                }
                let sheets = vec![SheetInfo { name: String::new(), hidden: false }];
                Ok(Self { content: Content::Text { packed, source }, sheets, limits: *limits })
            }
        }
    }

    /// A workbook inside of gzip is unpacked whole; it is packed itself and hardly longer.
    fn packed_workbook(source: &Bytes, limits: &Limits) -> Result<Self> {
        let mut whole = Vec::new();
        unpack(source.open()?, limits.file_bytes)
            .read_to_end(&mut whole)
            .map_err(|error| limits.explain(error))?;
        Self::from_source(Bytes::Memory(whole.into()), limits)
    }

    /// Workbook or text.
    pub fn kind(&self) -> Kind {
        match self.content {
            Content::Workbook(_) | Content::Old(_) => Kind::Workbook,
            Content::Text { .. } => Kind::Text,
        }
    }

    /// The sheets in their order, hidden ones too.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// How many rows of a sheet somebody hid, by hand or by a filter; a text hides none.
    pub fn hidden_rows(&self, sheet: usize) -> u64 {
        match &self.content {
            Content::Workbook(book) => book.hidden_rows(sheet),
            Content::Old(book) => book.hidden_rows(sheet),
            Content::Text { .. } => 0,
        }
    }

    /// About how many rows a sheet has, by what the file says of itself; for the time left of a reading. `None` = it says
    /// nothing, or the text is packed.
    pub fn rows_about(&mut self, sheet: usize) -> Option<u64> {
        let info = self.sheets.get(sheet)?;
        match &mut self.content {
            Content::Workbook(book) => book.rows_about(&info.name),
            Content::Old(book) => book.rows_about(sheet),
            Content::Text { packed: false, source: Bytes::Memory(bytes) } => {
                u64::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).ok()
            }
            Content::Text { .. } => None,
        }
    }

    /// The rows of a sheet, from its first.
    ///
    /// # Errors
    /// [`SheetError::NoSheet`], or damage that shows at the sheet's beginning.
    pub fn rows(&mut self, sheet: usize) -> Result<Rows<'_>> {
        let info = self.sheets.get(sheet).ok_or(SheetError::NoSheet)?;
        let limits = self.limits;
        match &mut self.content {
            Content::Workbook(book) => {
                book.rows(sheet, &info.name, &limits).map(|rows| Inner::Workbook(Box::new(rows)))
            }
            Content::Old(book) => {
                book.rows(sheet, &limits).map(|rows| Inner::Workbook(Box::new(rows)))
            }
            Content::Text { packed, source } => {
                let reader = source.open()?;
                let reader: Box<dyn Read + Send> = if *packed {
                    let limit = limits
                        .unpacked_bytes
                        .min(source.len()?.saturating_mul(limits.unpacked_ratio))
                        .max(Limits::RATIO_FROM.min(limits.unpacked_bytes));
                    Box::new(unpack(reader, limit))
                } else {
                    Box::new(reader)
                };
                TextRows::new(reader, &limits).map(|rows| Inner::Text(Box::new(rows)))
            }
        }
        .map(|inner| Rows { inner })
    }
}

/// The rows of a sheet. After an error there are no more.
pub struct Rows<'a> {
    inner: Inner<'a>,
}

enum Inner<'a> {
    Workbook(Box<WorkbookRows<'a>>),
    Text(Box<TextRows>),
}

impl Rows<'_> {
    /// Lines read so far that hold bytes of no known encoding (text tables only; the first 1,000).
    pub fn bad_lines(&self) -> &[u32] {
        match &self.inner {
            Inner::Workbook(_) => &[],
            Inner::Text(rows) => rows.bad_lines(),
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.inner {
            Inner::Workbook(rows) => rows.next(),
            Inner::Text(rows) => rows.next(),
        }
    }
}

/// Unpacks gzip up to a limit; more than that is an error, not an end.
fn unpack<R: Read>(reader: R, limit: u64) -> Bounded<flate2::read::MultiGzDecoder<R>> {
    Bounded { inner: flate2::read::MultiGzDecoder::new(reader), left: limit }
}

struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::new(std::io::ErrorKind::FileTooLarge, "unpacks to more than is taken")
        })?;
        Ok(read)
    }
}
