//! The working calendar: which days the offices work.
//!
//! Each November the State Council Office announces the holidays of the next year, and the
//! weekend days on which work is made up for. These are data (`packs/common/calendar/YYYY.toml`),
//! not code. For a year without data Monday to Friday are taken for working days and
//! [`WorkingCalendar::covers`] says no, so that a page can add "holidays not yet announced".

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Fault};
use crate::time::Day;

/// The announced days of one year, as its file holds them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// The document that announced it.
    pub source: String,
    /// Days off, weekend days among them included.
    pub holidays: Vec<Day>,
    /// Weekend days that are worked.
    pub workdays: Vec<Day>,
}

/// Why a file of holidays cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not the right TOML.
    #[error("calendar file: {0}")]
    Form(String),
    /// A day of another year.
    #[error("calendar of {year}: {day} lies in another year")]
    OtherYear {
        /// Year of the file.
        year: i32,
        /// The day.
        day: Day,
    },
    /// A day twice, or both a holiday and a workday.
    #[error("calendar of {year}: {day} stands in it twice")]
    Twice {
        /// Year of the file.
        year: i32,
        /// The day.
        day: Day,
    },
    /// A make-up workday that is worked anyhow.
    #[error("calendar of {year}: {day} is no weekend day, so no work is made up for on it")]
    NoWeekend {
        /// Year of the file.
        year: i32,
        /// The day.
        day: Day,
    },
    /// No document is named.
    #[error("calendar of {year}: no source")]
    NoSource {
        /// Year of the file.
        year: i32,
    },
}

impl From<CalendarError> for Error {
    fn from(error: CalendarError) -> Self {
        Error::Fault(Fault::new(error.to_string()))
    }
}

impl CalendarYear {
    /// Reads the TOML text of a year and checks it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(toml: &str) -> Result<Self, CalendarError> {
        let year: CalendarYear =
            toml::from_str(toml).map_err(|error| CalendarError::Form(error.message().into()))?;
        year.checked()
    }

    fn checked(self) -> Result<Self, CalendarError> {
        let year = self.year;
        if self.source.trim().is_empty() {
            return Err(CalendarError::NoSource { year });
        }
        let mut seen = std::collections::BTreeSet::new();
        for day in self.holidays.iter().chain(&self.workdays).copied() {
            if day.year() != year {
                return Err(CalendarError::OtherYear { year, day });
            }
            if !seen.insert(day) {
                return Err(CalendarError::Twice { year, day });
            }
        }
        match self.workdays.iter().find(|day| !is_weekend(**day)) {
            Some(day) => Err(CalendarError::NoWeekend { year, day: *day }),
            None => Ok(self),
        }
    }
}

/// The years that are known, together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    sources: BTreeMap<i32, String>,
    exceptions: BTreeMap<Day, bool>,
}

impl WorkingCalendar {
    /// A calendar that knows weekends only.
    pub fn new() -> Self {
        Self::default()
    }

    /// A calendar of these TOML texts.
    ///
    /// # Errors
    /// What is wrong with the first bad one.
    pub fn of_files<'a>(files: impl IntoIterator<Item = &'a str>) -> Result<Self, CalendarError> {
        let mut calendar = Self::new();
        for file in files {
            calendar.add(CalendarYear::parse(file)?);
        }
        Ok(calendar)
    }

    /// Adds a year; one already known is replaced (an announcement can be changed).
    pub fn add(&mut self, year: CalendarYear) {
        self.exceptions.retain(|day, _| day.year() != year.year);
        self.exceptions.extend(year.holidays.into_iter().map(|day| (day, false)));
        self.exceptions.extend(year.workdays.into_iter().map(|day| (day, true)));
        self.sources.insert(year.year, year.source);
    }

    /// Whether the holidays of the year are known.
    pub fn covers(&self, year: i32) -> bool {
        self.sources.contains_key(&year)
    }

    /// The document behind a year.
    pub fn source(&self, year: i32) -> Option<&str> {
        self.sources.get(&year).map(String::as_str)
    }

    /// Whether the offices work on the day.
    pub fn is_working_day(&self, day: Day) -> bool {
        self.exceptions.get(&day).copied().unwrap_or(!is_weekend(day))
    }

    /// The `count`-th working day after the day, which itself is not counted (the day before which
    /// a clock of so many working days runs out). A negative count goes back. Zero is the day
    /// itself, or the next working day if it is none.
    pub fn add_working_days(&self, day: Day, count: i32) -> Day {
        if count == 0 {
            return if self.is_working_day(day) { day } else { self.add_working_days(day, 1) };
        }
        let step = i64::from(count.signum());
        let end = if count > 0 { Day::MAX } else { Day::MIN };
        let mut left = count.unsigned_abs();
        let mut at = day;
        while left > 0 && at != end {
            at = at.add_days(step);
            if self.is_working_day(at) {
                left -= 1;
            }
        }
        at
    }

    /// How many working days there are after `from` up to and with `to`; negative, and counted
    /// from `to`, if `to` is earlier. Days run out by [`WorkingCalendar::add_working_days`]:
    /// between a day and the n-th working day after it there are n.
    pub fn working_days_between(&self, from: Day, to: Day) -> i64 {
        let (low, high, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let days = low.days_until(high);
        let weekend = (1..=days % 7).filter(|n| is_weekend(low.add_days(*n))).count();
        let usual = days / 7 * 5 + days % 7 - i64::try_from(weekend).unwrap_or(0);
        let changed: i64 = self
            .exceptions
            .range(low.add_days(1)..=high.max(low.add_days(1)))
            .filter(|(day, _)| **day <= high)
            .map(|(day, works)| i64::from(*works) - i64::from(!is_weekend(*day)))
            .sum();
        sign * (usual + changed)
    }
}

fn is_weekend(day: Day) -> bool {
    day.weekday() > 5
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn shipped() -> WorkingCalendar {
        WorkingCalendar::of_files([
            include_str!("../../../packs/common/calendar/2024.toml"),
            include_str!("../../../packs/common/calendar/2025.toml"),
            include_str!("../../../packs/common/calendar/2026.toml"),
        ])
        .unwrap()
    }

    #[test]
    fn the_shipped_years_count_the_announced_days() {
        let calendar = shipped();
        // Days off that are announced, and weekend days worked for them.
        for (year, holidays, workdays, working) in
            [(2024, 28, 8, 251), (2025, 28, 5, 248), (2026, 33, 6, 248)]
        {
            let of_year = |worked: bool| {
                let days = calendar.exceptions.iter();
                days.filter(|(day, works)| day.year() == year && **works == worked).count()
            };
            assert_eq!(of_year(false), holidays, "{year}");
            assert_eq!(of_year(true), workdays, "{year}");
            let eve = Day::of(year - 1, 12, 31).unwrap();
            let end = Day::of(year, 12, 31).unwrap();
            assert_eq!(calendar.working_days_between(eve, end), working, "{year}");
            assert!(calendar.source(year).unwrap().contains("国办发明电"));
        }
        assert!(!calendar.covers(2027));
        assert!(calendar.is_working_day(day("2027-01-01")));
    }

    #[test]
    fn work_is_made_up_for_on_weekends() {
        let calendar = shipped();
        assert!(calendar.is_working_day(day("2026-02-14")));
        assert!(calendar.is_working_day(day("2026-10-10")));
        assert!(!calendar.is_working_day(day("2026-10-01")));
        assert!(!calendar.is_working_day(day("2026-10-11")));
        // Wednesday before the National Day: Thursday 8 October is the next working day.
        assert_eq!(calendar.add_working_days(day("2026-09-30"), 1), day("2026-10-08"));
        assert_eq!(calendar.add_working_days(day("2026-09-30"), 3), day("2026-10-10"));
        assert_eq!(calendar.add_working_days(day("2026-10-08"), -1), day("2026-09-30"));
        assert_eq!(calendar.add_working_days(day("2026-10-03"), 0), day("2026-10-08"));
        assert_eq!(calendar.add_working_days(day("2026-09-30"), 0), day("2026-09-30"));
    }

    #[test]
    fn a_bad_file_is_refused_with_the_reason() {
        let parse = |holidays: &str, workdays: &str| {
            CalendarYear::parse(&format!(
                "year = 2026\nsource = \"x\"\nholidays = [{holidays}]\nworkdays = [{workdays}]"
            ))
        };
        let (year, is) = (2026, |text: &str| day(text));
        let day = is("2025-01-01");
        assert_eq!(parse("\"2025-01-01\"", ""), Err(CalendarError::OtherYear { year, day }));
        let day = is("2026-01-04");
        let twice = parse("\"2026-01-04\"", "\"2026-01-04\"");
        assert_eq!(twice, Err(CalendarError::Twice { year, day }));
        let day = is("2026-01-05");
        assert_eq!(parse("", "\"2026-01-05\""), Err(CalendarError::NoWeekend { year, day }));
        assert!(matches!(parse("\"2026-02-30\"", ""), Err(CalendarError::Form(_))));
        assert!(matches!(CalendarYear::parse("year = 2026"), Err(CalendarError::Form(_))));
    }

    fn any_day() -> impl Strategy<Value = Day> {
        (19_700_i64..20_900).prop_map(Day::from_count)
    }

    proptest! {
        #[test]
        fn later_days_and_longer_clocks_run_out_later(a in any_day(), b in any_day(), n in 1_i32..60) {
            let calendar = shipped();
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(calendar.add_working_days(low, n) <= calendar.add_working_days(high, n));
            prop_assert!(calendar.add_working_days(a, n) < calendar.add_working_days(a, n + 1));
            prop_assert!(calendar.is_working_day(calendar.add_working_days(a, n)));
        }

        #[test]
        fn between_a_day_and_the_nth_after_it_are_n(a in any_day(), n in 1_i32..300) {
            let calendar = shipped();
            let end = calendar.add_working_days(a, n);
            prop_assert_eq!(calendar.working_days_between(a, end), i64::from(n));
            prop_assert_eq!(calendar.working_days_between(end, a), -i64::from(n));
        }

        #[test]
        fn the_count_is_the_sum_of_the_days(a in any_day(), length in 0_i64..400) {
            let calendar = shipped();
            let counted = (1..=length).filter(|n| calendar.is_working_day(a.add_days(*n))).count();
            let end = a.add_days(length);
            prop_assert_eq!(calendar.working_days_between(a, end), i64::try_from(counted).unwrap());
        }
    }
}
