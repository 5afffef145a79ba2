//! How much of a file somebody uploads is looked at before it is refused.

use serde::{Deserialize, Serialize};

/// Upper bounds for one file. They stand in the configuration; the defaults fit a county of 200,000 people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of the file as uploaded.
    pub file_bytes: u64,
    /// Bytes after unpacking (all parts of a workbook together, or the text inside a `.gz`).
    pub unpacked_bytes: u64,
    /// How many times larger than the file its content may be, once it is over [`Limits::RATIO_FROM`] bytes.
    pub unpacked_ratio: u64,
    /// Rows of one sheet.
    pub rows: u64,
    /// Filled cells of one sheet.
    pub cells: u64,
    /// Columns of one sheet.
    pub columns: u32,
    /// Sheets of one workbook.
    pub sheets: usize,
    /// Bytes of one line of text, a quoted field over several lines included.
    pub line_bytes: usize,
}

impl Limits {
    /// Below this unpacked size the ratio is not looked at: a short list of equal rows packs very well.
    pub const RATIO_FROM: u64 = 16 * 1024 * 1024;

    /// An error of unpacking, with the limit that it speaks of.
    pub(crate) fn explain(&self, error: std::io::Error) -> crate::SheetError {
        match error.kind() {
            std::io::ErrorKind::FileTooLarge => {
                crate::SheetError::Bomb { limit: self.unpacked_bytes }
            }
            _ => error.into(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 100 * 1024 * 1024,
            unpacked_bytes: 1024 * 1024 * 1024,
            unpacked_ratio: 100,
            rows: 2_000_000,
            cells: 60_000_000,
            columns: 1_000,
            sheets: 200,
            line_bytes: 1024 * 1024,
        }
    }
}
