//! Months and periods.

use std::fmt;
use std::str::FromStr;

use super::civil;
use super::day::Day;
use crate::text::BadText;

/// A calendar month; its text is `YYYY-MM`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    const MIN: i32 = 12;
    const MAX: i32 = 9999 * 12 + 11;

    /// The month of a year and a month number (1–12); `None` if there is no such month.
    pub fn of(year: i32, month: u32) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=12).contains(&month);
        exists.then(|| Month::clamped(year, month))
    }

    pub(super) fn clamped(year: i32, month: u32) -> Self {
        let number = i32::try_from(month).unwrap_or(12) - 1;
        Month((year * 12 + number).clamp(Month::MIN, Month::MAX))
    }

    /// Reads exactly `YYYY-MM`.
    ///
    /// # Errors
    /// `time.not_a_month`.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let bad = BadText { code: "time.not_a_month" };
        let [y1, y2, y3, y4, b'-', m1, m2] = *text.as_bytes() else {
            return Err(bad);
        };
        let year = civil::number(&[y1, y2, y3, y4]).and_then(|y| i32::try_from(y).ok());
        match (year, civil::number(&[m1, m2])) {
            (Some(year), Some(month)) => Month::of(year, month).ok_or(bad),
            _ => Err(bad),
        }
    }

    /// Year, 1 to 9999.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Month number, 1 to 12.
    pub const fn month(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// So many months later (earlier if negative); stops at the first and the last month.
    #[must_use]
    pub fn add_months(self, months: i64) -> Self {
        let sum = i64::from(self.0).saturating_add(months);
        let held = sum.clamp(i64::from(Month::MIN), i64::from(Month::MAX));
        Month(i32::try_from(held).unwrap_or(Month::MAX))
    }

    /// Months from this one to the other; negative if the other is earlier.
    pub const fn months_until(self, other: Month) -> i64 {
        other.0 as i64 - self.0 as i64
    }

    /// First day of the month.
    pub fn first_day(self) -> Day {
        Day::of(self.year(), self.month(), 1).unwrap_or(Day::MIN)
    }

    /// Last day of the month.
    pub fn last_day(self) -> Day {
        let length = civil::days_in_month(self.year(), self.month());
        Day::of(self.year(), self.month(), length).unwrap_or(Day::MAX)
    }

    /// The days of the month.
    pub fn period(self) -> Period {
        Period { from: self.first_day(), to: self.last_day() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Month {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        Month::parse(text)
    }
}

serde_as_text!(Month);

/// Days from one to another, both included; its text is `YYYY-MM-DD/YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day.
    pub from: Day,
    /// Last day, never before the first when made by [`Period::new`].
    pub to: Day,
}

impl Period {
    /// The period; `None` if it would end before it begins.
    pub fn new(from: Day, to: Day) -> Option<Self> {
        (from <= to).then_some(Period { from, to })
    }

    /// The `months` months that end with this day: twelve months to 2026-10-31 begin on
    /// 2025-11-01. At least the day itself.
    pub fn months_to(last: Day, months: u32) -> Self {
        let after = last.add_days(1);
        Period { from: after.add_months(-i64::from(months)).min(last), to: last }
    }

    /// Whether the day lies in it.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether the two share a day.
    pub fn overlaps(self, other: Period) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// The days that both share.
    pub fn shared_with(self, other: Period) -> Option<Period> {
        Period::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Number of days, both ends counted.
    pub fn days(self) -> i64 {
        self.from.days_until(self.to) + 1
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.from, self.to)
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Reads `from/to`, and a single month `YYYY-MM` as the days of that month.
impl FromStr for Period {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let bad = BadText { code: "time.not_a_period" };
        match text.split_once('/') {
            Some((from, to)) => {
                Period::new(Day::parse(from).map_err(|_| bad)?, Day::parse(to).map_err(|_| bad)?)
                    .ok_or(bad)
            }
            None => Month::parse(text).map(Month::period).map_err(|_| bad),
        }
    }
}

serde_as_text!(Period);
