//! A calendar day.

use std::fmt;
use std::str::FromStr;

use super::civil;
use super::month::Month;
use crate::text::BadText;

/// A calendar day between 0001-01-01 and 9999-12-31; its text is `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// 0001-01-01: before every day that is stored.
    pub const MIN: Day = Day(civil::count_of(1, 1, 1));
    /// 9999-12-31: after every day that is stored; stands for "still so".
    pub const MAX: Day = Day(civil::count_of(9999, 12, 31));

    /// The day of a year, month (1–12) and day of month; `None` if there is no such day.
    pub fn of(year: i32, month: u32, day: u32) -> Option<Self> {
        let exists =
            (1..=9999).contains(&year) && day >= 1 && day <= civil::days_in_month(year, month);
        exists.then(|| Day(civil::count_of(year, month, day)))
    }

    /// Reads exactly `YYYY-MM-DD`. Other forms are the business of [`crate::cells`].
    ///
    /// # Errors
    /// `time.not_a_day`.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let bad = BadText { code: "time.not_a_day" };
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
            return Err(bad);
        };
        let year = civil::number(&[y1, y2, y3, y4]).and_then(|y| i32::try_from(y).ok());
        let month = civil::number(&[m1, m2]);
        let day = civil::number(&[d1, d2]);
        match (year, month, day) {
            (Some(year), Some(month), Some(day)) => Day::of(year, month, day).ok_or(bad),
            _ => Err(bad),
        }
    }

    /// The day of a count of days from 1970-01-01, held within [`Day::MIN`] and [`Day::MAX`].
    pub fn from_count(days: i64) -> Self {
        let held = days.clamp(i64::from(Day::MIN.0), i64::from(Day::MAX.0));
        i32::try_from(held).map_or(Day::MAX, Day)
    }

    /// Days since 1970-01-01; negative before.
    pub const fn count(self) -> i32 {
        self.0
    }

    /// Year, 1 to 9999.
    pub const fn year(self) -> i32 {
        civil::date_of(self.0).0
    }

    /// Month, 1 to 12.
    pub const fn month(self) -> u32 {
        civil::date_of(self.0).1
    }

    /// Day of the month, 1 to 31.
    pub const fn day(self) -> u32 {
        civil::date_of(self.0).2
    }

    /// The month the day lies in.
    pub fn in_month(self) -> Month {
        let (year, month, _) = civil::date_of(self.0);
        Month::clamped(year, month)
    }

    /// Day of the week: 1 is Monday, 7 is Sunday.
    pub const fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as u32 + 1
    }

    /// So many days later (earlier if negative); stops at [`Day::MIN`] and [`Day::MAX`].
    #[must_use]
    pub fn add_days(self, days: i64) -> Self {
        Day::from_count(i64::from(self.0).saturating_add(days))
    }

    /// The same day so many months later (earlier if negative); the last day of the month where
    /// that month is shorter: 31 January and one month is 28 February.
    #[must_use]
    pub fn add_months(self, months: i64) -> Self {
        let (_, _, day) = civil::date_of(self.0);
        let target = self.in_month().add_months(months);
        Day::of(target.year(), target.month(), day).unwrap_or_else(|| target.last_day())
    }

    /// So many years later; 29 February becomes 28 February where there is none.
    #[must_use]
    pub fn add_years(self, years: i64) -> Self {
        self.add_months(years.saturating_mul(12))
    }

    /// Days from this day to the other; negative if the other is earlier.
    pub const fn days_until(self, other: Day) -> i64 {
        other.0 as i64 - self.0 as i64
    }

    /// Full years of age on the day, of somebody born on this one; negative before birth. Who is
    /// born on 29 February turns a year older on 1 March of a common year.
    pub fn age_on(self, day: Day) -> i32 {
        let (born_year, born_month, born_day) = civil::date_of(self.0);
        let (year, month, day_of_month) = civil::date_of(day.0);
        let had_birthday = (month, day_of_month) >= (born_month, born_day);
        year - born_year - i32::from(!had_birthday)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil::date_of(self.0);
        write!(out, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Day {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        Day::parse(text)
    }
}

serde_as_text!(Day);
