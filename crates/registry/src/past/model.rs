use std::fmt;

use kernel::error::{Refusal, Result};
use kernel::time::{Day, Instant};

/// Until when something was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Known {
    /// Until a day had ended.
    On(Day),
    /// Until an instant: what "now" was when a past view was opened, so that all its pages show one state.
    At(Instant),
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Known::On(day) => day.fmt(f),
            Known::At(instant) => instant.fmt(f),
        }
    }
}

/// A past view as an address asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The day whose state is shown.
    pub day: Day,
    /// What was known by then; everything that is known now when it is not said.
    pub known: Option<Known>,
}

impl Asked {
    /// Reads the two days of an address. None when they ask for today as it is known today.
    ///
    /// # Errors
    /// `past.not_a_day`, `past.day_to_come`.
    pub fn read(
        (as_of, known_at): (Option<&str>, Option<&str>),
        today: Day,
    ) -> Result<Option<Asked>> {
        let bad = || Refusal::invalid("past.not_a_day");
        let day = as_of.map(Day::parse).transpose().map_err(|_| bad())?;
        let known = match known_at {
            None => None,
            Some(text) => Some(match Day::parse(text) {
                Ok(day) => Known::On(day),
                Err(_) => Known::At(Instant::parse(text).map_err(|_| bad())?),
            }),
        };
        let known = known.filter(|known| *known != Known::On(today));
        let day = day.unwrap_or(today);
        let last = known.map_or(day, |known| match known {
            Known::On(known) => day.max(known),
            Known::At(instant) => day.max(instant.day()),
        });
        if last > today {
            return Err(Refusal::invalid("past.day_to_come").arg("today", today).into());
        }
        let asked = Asked { day, known };
        Ok((day != today || known.is_some()).then_some(asked))
    }

    /// The last instant of which anything is known.
    #[must_use]
    pub fn known_at(&self, now: Instant) -> Instant {
        match self.known {
            None => now,
            Some(Known::At(instant)) => instant.min(now),
            Some(Known::On(day)) => Instant::start_of(day.add_days(1)).add_millis(-1).min(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn read(as_of: Option<&str>, known: Option<&str>) -> Result<Option<Asked>> {
        Asked::read((as_of, known), day("2026-10-31"))
    }

    #[test]
    fn today_as_known_today_is_no_past_view() {
        assert_eq!(read(None, None).unwrap(), None);
        assert_eq!(read(Some("2026-10-31"), None).unwrap(), None);
        assert_eq!(read(Some("2026-10-31"), Some("2026-10-31")).unwrap(), None);
    }

    #[test]
    fn each_of_the_two_days_may_be_said_alone() {
        let asked = read(Some("2026-10-01"), None).unwrap().unwrap();
        assert_eq!((asked.day, asked.known), (day("2026-10-01"), None));
        let asked = read(None, Some("2026-10-01")).unwrap().unwrap();
        assert_eq!(
            (asked.day, asked.known),
            (day("2026-10-31"), Some(Known::On(day("2026-10-01"))))
        );
    }

    #[test]
    fn a_day_is_known_until_it_has_ended_and_never_later_than_now() {
        let now = Instant::start_of(day("2026-10-31")).add_millis(9 * 3_600_000);
        let at = |known| Asked { day: day("2026-10-01"), known }.known_at(now).local_text();
        assert_eq!(at(None), "2026-10-31 09:00");
        assert_eq!(at(Some(Known::On(day("2026-10-02")))), "2026-10-02 23:59");
        assert_eq!(at(Some(Known::On(day("2026-10-31")))), "2026-10-31 09:00");
    }

    #[test]
    fn what_is_no_day_or_lies_ahead_is_refused() {
        let code = |as_of, known| read(as_of, known).unwrap_err().refusal().unwrap().code;
        assert_eq!(code(Some("yesterday"), None), "past.not_a_day");
        assert_eq!(code(None, Some("2026-13-01")), "past.not_a_day");
        assert_eq!(code(Some("2026-11-01"), None), "past.day_to_come");
        assert_eq!(code(None, Some("2026-11-01")), "past.day_to_come");
        let tomorrow = Instant::start_of(day("2026-11-01")).to_string();
        assert_eq!(code(None, Some(&tomorrow)), "past.day_to_come");
    }
}
