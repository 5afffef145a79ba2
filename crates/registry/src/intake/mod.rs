//! intake: the files of the departments [部门数据接收]. A file is read, its columns are mapped to a template, its rows
//! find their person or wait for somebody to say, and a whole batch is accepted or taken back.

pub mod evidence;
pub mod matching;

pub use evidence::{AsRead, Evidence};
