//! Why a file is not read, in words of the person who sent it.

/// The result of reading or writing a file.
pub type Result<T> = std::result::Result<T, SheetError>;

/// Why a file, or the rest of it, cannot be used. [`SheetError::code`] names the sentence that is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The file has no content at all.
    #[error("the file is empty")]
    Empty,
    /// Larger than [`crate::Limits::file_bytes`].
    #[error("the file has {bytes} bytes, at most {limit} are taken")]
    TooLarge {
        /// Bytes of the file.
        bytes: u64,
        /// Bytes that are taken.
        limit: u64,
    },
    /// Unpacks to far more than it should: a bomb, or simply too much.
    #[error("the file unpacks to more than {limit} bytes")]
    Bomb {
        /// Bytes that are unpacked at most.
        limit: u64,
    },
    /// An encrypted workbook.
    #[error("the workbook is protected by a password")]
    Password,
    /// The binary workbook of Excel 95 and before; that of Excel 97–2003 is read.
    #[error("the workbook has the form of Excel 95 or before")]
    OldXls,
    /// A web page or an XML table with the ending of a workbook.
    #[error("the file is a web page, not a workbook")]
    Html,
    /// Something else: a picture, a PDF, a program, an archive of other things.
    #[error("the file is neither a workbook nor a text table")]
    Unknown,
    /// A workbook that ends early or contradicts itself.
    #[error("the workbook cannot be read: {detail}")]
    Broken {
        /// What the reader stumbled over, for the log.
        detail: String,
    },
    /// The workbook has no sheet of that number.
    #[error("there is no such sheet")]
    NoSheet,
    /// More rows than [`crate::Limits::rows`].
    #[error("the sheet has more than {limit} rows")]
    TooManyRows {
        /// Rows that are taken.
        limit: u64,
    },
    /// More cells than [`crate::Limits::cells`].
    #[error("the sheet has more than {limit} cells")]
    TooManyCells {
        /// Cells that are taken.
        limit: u64,
    },
    /// A cell right of [`crate::Limits::columns`].
    #[error("the sheet has more than {limit} columns")]
    TooManyColumns {
        /// Columns that are taken.
        limit: u32,
    },
    /// More sheets than [`crate::Limits::sheets`].
    #[error("the workbook has more than {limit} sheets")]
    TooManySheets {
        /// Sheets that are taken.
        limit: usize,
    },
    /// A line of text longer than [`crate::Limits::line_bytes`].
    #[error("line {row} is longer than {limit} bytes")]
    LongLine {
        /// Number of the line in the file.
        row: u32,
        /// Bytes that are taken.
        limit: usize,
    },
    /// The disk or the connection failed.
    #[error("reading or writing failed: {detail}")]
    Io {
        /// What the system said.
        detail: String,
    },
}

impl SheetError {
    /// The code of the sentence: `sheets.too_large`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sheets.empty",
            Self::TooLarge { .. } => "sheets.too_large",
            Self::Bomb { .. } => "sheets.bomb",
            Self::Password => "sheets.password",
            Self::OldXls => "sheets.old_xls",
            Self::Html => "sheets.html",
            Self::Unknown => "sheets.unknown_form",
            Self::Broken { .. } => "sheets.broken",
            Self::NoSheet => "sheets.no_sheet",
            Self::TooManyRows { .. } => "sheets.too_many_rows",
            Self::TooManyCells { .. } => "sheets.too_many_cells",
            Self::TooManyColumns { .. } => "sheets.too_many_columns",
            Self::TooManySheets { .. } => "sheets.too_many_sheets",
            Self::LongLine { .. } => "sheets.long_line",
            Self::Io { .. } => "sheets.io",
        }
    }

    /// Numbers for the sentence: names and values, sizes in whole megabytes [MB].
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let mb = |bytes: &u64| bytes.div_ceil(1024 * 1024).to_string();
        match self {
            Self::TooLarge { bytes, limit } => vec![("size", mb(bytes)), ("limit", mb(limit))],
            Self::Bomb { limit } => vec![("limit", mb(limit))],
            Self::Broken { detail } | Self::Io { detail } => vec![("detail", detail.clone())],
            Self::TooManyRows { limit } | Self::TooManyCells { limit } => {
                vec![("limit", limit.to_string())]
            }
            Self::TooManyColumns { limit } => vec![("limit", limit.to_string())],
            Self::TooManySheets { limit } => vec![("limit", limit.to_string())],
            Self::LongLine { row, limit } => {
                vec![("row", row.to_string()), ("limit", limit.to_string())]
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken { detail: error.to_string() }
    }
}

impl From<std::io::Error> for SheetError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof
            | std::io::ErrorKind::InvalidData
            | std::io::ErrorKind::InvalidInput => Self::broken(error),
            _ => Self::Io { detail: error.to_string() },
        }
    }
}

impl From<SheetError> for kernel::error::Error {
    fn from(error: SheetError) -> Self {
        let mut refusal = kernel::error::Refusal::invalid(error.code());
        for (name, value) in error.args() {
            refusal = refusal.arg(name, value);
        }
        kernel::error::Error::Refusal(refusal)
    }
}
