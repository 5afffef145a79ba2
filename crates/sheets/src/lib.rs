//! sheets: spreadsheets and CSV, in and out; papers in Word's form.
//!
//! In: [`Book`] opens a workbook or a text table of unknown make within [`Limits`] and gives raw [`Row`]s, numbered as in
//! the file; [`Table`] finds the heading among them and says of each later row whether it is data. Out: [`Columns`]
//! writes typed columns, [`Form`] a table as an office prints it, [`Marked`] gives people their own rows back with the findings beside them.
//!
//! Papers: [`docx`] fills a template that was made in Word.
//!
//! Nothing here knows a department or a household.

mod archive;
mod book;
mod cell;
mod compound;
pub mod docx;
mod encoding;
mod error;
mod form;
mod header;
mod limits;
mod marked;
mod notdata;
mod old;
mod old_text;
mod probe;
mod table;
mod text;
mod workbook;
mod write;

pub use book::{Book, Kind, Rows, SheetInfo};
pub use cell::{Cell, Row, address, is_blank_text, squeeze};
pub use encoding::Charset;
pub use error::{Result, SheetError};
pub use form::{Form, FormCell, FormSheet, Merged};
pub use header::{Heading, Layout, find_layout};
pub use limits::Limits;
pub use marked::{Mark, Marked, Shade};
pub use notdata::{NotData, RowKind};
pub use table::Table;
pub use write::{Column, ColumnKind, Columns, Value, harmless};
