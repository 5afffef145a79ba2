//! intake: the files of the departments [部门数据接收]. A file is read, its columns are mapped to a template, its rows
//! find their person or wait for somebody to say, and a whole batch is accepted or taken back.

pub mod evidence;
pub mod mapping;
pub mod matching;
pub mod period;
pub mod reading;
pub mod template;
mod value;

pub use evidence::{AsRead, Evidence};
pub use mapping::{MappedColumn, Mapping};
pub use period::Said;
pub use reading::{FieldValue, ReadRow, SheetPlan};
pub use template::{Coverage, FieldType, Names, Template, Templates};
