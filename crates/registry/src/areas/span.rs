//! A half-open stretch of days: it holds on its first day and no longer on the day it ends.

use kernel::time::Day;

/// From a day on, until a day or for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first day on which it holds.
    pub from: Day,
    /// The first day on which it no longer holds; `None` while it goes on.
    pub to: Option<Day>,
}

impl Span {
    /// From `from` on, with no end known.
    #[must_use]
    pub const fn since(from: Day) -> Self {
        Self { from, to: None }
    }

    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Whether it has no end.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.to.is_none()
    }

    /// The same stretch, ended on `day`; it never ends before it begins.
    #[must_use]
    pub fn ended(self, day: Day) -> Self {
        let end = if day < self.from { self.from } else { day };
        Self {
            from: self.from,
            to: Some(self.to.map_or(end, |to| if to < end { to } else { end })),
        }
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let starts_before_end = |a: &Self, b: &Self| b.to.is_none_or(|to| a.from < to);
        !self.is_empty()
            && !other.is_empty()
            && starts_before_end(self, other)
            && starts_before_end(other, self)
    }

    /// Whether it holds on no day at all (it was ended on the day it began).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.to.is_some_and(|to| to <= self.from)
    }
}
