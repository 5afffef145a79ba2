//! Instants and the one clock of the process.

use std::fmt;
use std::str::FromStr;

use super::civil;
use super::day::Day;
use super::{DAY_MS, ZONE_MS};
use crate::text::BadText;

/// A moment, to the millisecond; its text is fixed-width UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that
/// the order of the texts is the order of the moments.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The moment so many milliseconds after 1970-01-01T00:00Z, held within the years 1 to 9999.
    pub fn from_millis(millis: i64) -> Self {
        let low = i64::from(Day::MIN.count()) * DAY_MS;
        let high = (i64::from(Day::MAX.count()) + 1) * DAY_MS - 1;
        Instant(millis.clamp(low, high))
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The day in the county (+08:00).
    pub fn day(self) -> Day {
        Day::from_count((self.0 + ZONE_MS).div_euclid(DAY_MS))
    }

    /// Hour and minute in the county (+08:00), for people to read.
    pub fn local_time(self) -> (u32, u32) {
        let minutes = (self.0 + ZONE_MS).rem_euclid(DAY_MS) / 60_000;
        (u32::try_from(minutes / 60).unwrap_or(0), u32::try_from(minutes % 60).unwrap_or(0))
    }

    /// `YYYY-MM-DD HH:MM` in the county, for people to read.
    pub fn local_text(self) -> String {
        let (hour, minute) = self.local_time();
        format!("{} {hour:02}:{minute:02}", self.day())
    }

    /// The first moment of a day in the county.
    pub fn start_of(day: Day) -> Self {
        Instant::from_millis(i64::from(day.count()) * DAY_MS - ZONE_MS)
    }

    /// So many milliseconds later (earlier if negative).
    #[must_use]
    pub fn add_millis(self, millis: i64) -> Self {
        Instant::from_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from this moment to the other; negative if the other is earlier.
    pub const fn millis_until(self, other: Instant) -> i64 {
        other.0 - self.0
    }

    /// Reads exactly `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    ///
    /// # Errors
    /// `time.not_an_instant`.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let bad = BadText { code: "time.not_an_instant" };
        let (date, time) = text.split_once('T').ok_or(bad)?;
        let day = Day::parse(date).map_err(|_| bad)?;
        let [h1, h2, b':', m1, m2, b':', s1, s2, b'.', f1, f2, f3, b'Z'] = *time.as_bytes() else {
            return Err(bad);
        };
        let part = |digits: &[u8], below: u32| {
            civil::number(digits).filter(|value| *value < below).map(i64::from).ok_or(bad)
        };
        let hour = part(&[h1, h2], 24)?;
        let minute = part(&[m1, m2], 60)?;
        let second = part(&[s1, s2], 60)?;
        let milli = part(&[f1, f2, f3], 1000)?;
        let time_ms = ((hour * 60 + minute) * 60 + second) * 1000 + milli;
        Ok(Instant::from_millis(i64::from(day.count()) * DAY_MS + time_ms))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = Day::from_count(self.0.div_euclid(DAY_MS));
        let rest = self.0.rem_euclid(DAY_MS);
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
        let (second, milli) = (rest / 1000 % 60, rest % 1000);
        write!(out, "{day}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Instant {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        Instant::parse(text)
    }
}

serde_as_text!(Instant);

/// Where the time of the process comes from. Made once at start, carried by `Ctx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The clock of the machine.
    #[default]
    System,
    /// The clock of the machine, so many days later: `--today` sets it, and it keeps ticking.
    Shifted {
        /// Whole days to add; negative for the past.
        days: i64,
    },
    /// Stands still; for tests and for work that must not depend on when it runs.
    Fixed(Instant),
}

impl Clock {
    /// A clock whose day is now this one and which keeps ticking from here.
    pub fn starting_on(day: Day) -> Self {
        Clock::Shifted { days: machine_now().day().days_until(day) }
    }

    /// A clock that stands still at noon of a day.
    pub fn fixed_on(day: Day) -> Self {
        Clock::Fixed(Instant::start_of(day).add_millis(DAY_MS / 2))
    }

    /// The moment.
    pub fn now(self) -> Instant {
        match self {
            Clock::System => machine_now(),
            Clock::Shifted { days } => machine_now().add_millis(days.saturating_mul(DAY_MS)),
            Clock::Fixed(instant) => instant,
        }
    }

    /// The day in the county.
    pub fn today(self) -> Day {
        self.now().day()
    }
}

/// The only place of the program that asks the machine for the time.
#[allow(clippy::disallowed_methods)]
fn machine_now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let millis = since.map(|duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX));
    Instant::from_millis(millis.unwrap_or(0))
}
