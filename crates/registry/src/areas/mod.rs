//! Areas: the county's map of codes and names.
//!
//! Every row of the program stands in a village, and the village's 12 digits decide who may see it. The statistical
//! code list is imported as it is published; what changed since the last one is dated. A code never disappears: a village
//! that was merged or recoded lives on in its successor, and a department that still writes the old name or code is
//! understood.
//!
//! Never here: two classes of one village on one day, a name that is forgotten, a code that is deleted.

mod model;
mod span;

pub use model::{Area, AreaChange, AreaRow, Classes, Successors, compare};
pub use span::Span;
