//! The parts of a page. Each is a value that prints itself as safe HTML: `{{ part }}` in any template.
//!
//! A part never knows a room; it takes words that are already in the reader's language, or ids of messages
//! where its doc says so. Look at them all with `cargo run -p web --example specimen`.

mod chart;
mod diff;
mod field;
mod lists;
mod marks;
mod tables;
mod why;

pub use chart::{MonthBar, MonthChart};
pub use diff::{Diff, differences};
pub use field::{Choice, Csrf, Errors, Field};
pub use lists::{Empty, Event, Note, Progress, Split, SplitPart, Stat, Stats, Tab, Tabs, Timeline};
pub use marks::{Chip, Clock, Icon, Mark, Source, Tone};
pub use tables::{Bones, Column, Columns, Pager, Tools};
pub use why::{Evidence, Why};

/// Says to askama that what these print is HTML already.
macro_rules! safe {
    ($($part:ty),* $(,)?) => { $(impl askama::filters::HtmlSafe for $part {})* };
}
safe! {
    MonthChart, Diff, Csrf, Errors, Field, Empty, Note, Progress, Split, Stat, Stats, Tabs, Timeline,
    Chip, Clock, Icon, Mark, Source, Bones, Columns, Pager, Tools<'_>, Why,
}
