//! Areas: the county's map of codes and names.
//!
//! Every row of the program stands in a village, and the village's 12 digits decide who may see it. The statistical
//! code list is imported as it is published; what changed since the last one is dated. A code never disappears: a village
//! that was merged or recoded lives on in its successor, and a department that still writes the old name or code is
//! understood.
//!
//! Never here: two classes of one village on one day, a name that is forgotten, a code that is deleted.

mod actions;
mod change;
mod groups;
mod kinds;
mod model;
mod pages;
mod queries;
mod sheet;
mod span;
#[cfg(test)]
mod tests;

pub use actions::{Imported, import_list, merge, name_group, rename, set_kind, try_list};
pub use kinds::{VillageKind, kind_that_counts, kind_word, village_kinds};
pub use model::{Area, AreaChange, AreaRow, Classes, Successors, compare};
pub use queries::{
    Group, SaidKind, count_people, find_area, list_areas, list_below, list_groups, list_said_kinds,
    load_classes, load_successors, path_of,
};
pub use sheet::read as read_list;
pub use span::Span;

pub use pages::routes;
