//! The rhythm of a list: for which stretches of time it is delivered and by which day each is due. What ships stands in
//! `packs/common/codes/deliveries.toml`, dated and with its source; a list of the county's own brings one of the same form.

use std::sync::OnceLock;

use kernel::calendar::WorkingCalendar;
use kernel::error::{Error, Result};
use kernel::time::{Day, Month, Period};
use serde::{Deserialize, Serialize};

static LIST: &str = include_str!("../../../../packs/common/codes/deliveries.toml");

/// How often a list is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// 月报.
    Month,
    /// 季报.
    Quarter,
    /// 半年报，学期名册.
    HalfYear,
    /// 年报.
    Year,
    /// 有事即报.
    AsNeeded,
}

impl Every {
    /// How many months one delivery speaks of; `None` where it follows no calendar.
    #[must_use]
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::HalfYear => Some(6),
            Self::Year => Some(12),
            Self::AsNeeded => None,
        }
    }

    /// The word in packs, and the end of its message.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::HalfYear => "half_year",
            Self::Year => "year",
            Self::AsNeeded => "as_needed",
        }
    }
}

/// From which end of the stretch the due day is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// After the stretch has begun: a roll of a term.
    Start,
    /// After it has ended: what happened in a month.
    End,
}

/// By which day a delivery is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueBy {
    /// Counted from which end.
    pub after: After,
    /// Months after that end.
    pub months: u32,
    /// Day of that month; the last one where the month is shorter.
    pub day: u32,
}

/// The rhythm of a list from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// The first day on which it holds.
    pub from: Day,
    /// How often.
    pub every: Every,
    /// The month in which stretches begin.
    #[serde(default = "january")]
    pub first_month: u32,
    /// By when; `None` for a list that is due on no day.
    #[serde(default)]
    pub due: Option<DueBy>,
    /// The document that says so.
    #[serde(default)]
    pub source: Option<String>,
    /// Why the county has set it.
    #[serde(default)]
    pub set_locally: Option<String>,
}

fn january() -> u32 {
    1
}

/// A list, who delivers it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRhythm {
    /// The list, as coverage names it.
    pub list: String,
    /// The office that delivers it.
    pub department: String,
    /// Its rhythms, each from its day on.
    pub rhythm: Vec<Rhythm>,
}

impl ListRhythm {
    /// The rhythm of a day; the first one before it began.
    #[must_use]
    pub fn on(&self, day: Day) -> Option<&Rhythm> {
        let begun = self.rhythm.iter().filter(|rhythm| rhythm.from <= day);
        begun.max_by_key(|rhythm| rhythm.from).or(self.rhythm.first())
    }
}

impl Rhythm {
    /// Whether it can be used: a month and a day that exist, a due day where it follows a calendar, and one reason.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let said =
            |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        let day = self.due.is_none_or(|due| (1..=31).contains(&due.day) && due.months <= 12);
        (1..=12).contains(&self.first_month)
            && day
            && self.due.is_some() == self.every.months().is_some()
            && said(&self.source) != said(&self.set_locally)
    }

    /// The stretches that share a day with a window, in order.
    #[must_use]
    pub fn stretches(&self, window: Period) -> Vec<Period> {
        let Some(months) = self.every.months() else { return Vec::new() };
        let Some(anchor) = Month::of(window.from.year() - 1, self.first_month) else {
            return Vec::new();
        };
        (0..)
            .map(|at: i64| anchor.add_months(at * i64::from(months)))
            .map(|first| {
                let last = first.add_months(i64::from(months) - 1).last_day();
                Period { from: first.first_day(), to: last }
            })
            .skip_while(|period| period.to < window.from)
            .take_while(|period| period.from <= window.to)
            .collect()
    }

    /// The working day by which the delivery of a stretch is due.
    #[must_use]
    pub fn due_day(&self, stretch: Period, calendar: &WorkingCalendar) -> Option<Day> {
        let due = self.due?;
        let end = match due.after {
            After::Start => stretch.from,
            After::End => stretch.to,
        };
        let month = end.in_month().add_months(i64::from(due.months));
        let named = Day::of(month.year(), month.month(), due.day).unwrap_or(month.last_day());
        Some(calendar.add_working_days(named, 0))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    list: Vec<ListRhythm>,
}

/// When the lists that ship are due, in the order of the file.
///
/// # Errors
/// A fault when the shipped list cannot be read.
pub fn rhythms() -> Result<&'static [ListRhythm]> {
    static READ: OnceLock<std::result::Result<Vec<ListRhythm>, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        toml::from_str::<Read>(LIST).map(|read| read.list).map_err(|why| why.to_string())
    });
    read.as_deref().map_err(|why| Error::fault(format!("deliveries.toml: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Templates;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn window(from: &str, to: &str) -> Period {
        Period::new(day(from), day(to)).unwrap()
    }

    fn of(list: &str) -> &'static Rhythm {
        let known = rhythms().unwrap().iter().find(|one| one.list == list).unwrap();
        known.on(day("2026-10-31")).unwrap()
    }

    #[test]
    fn every_list_that_a_template_delivers_has_one_sound_rhythm_and_its_office() {
        let all = rhythms().unwrap();
        for template in Templates::shipped().unwrap().iter() {
            let known: Vec<_> = all.iter().filter(|one| one.list == template.list).collect();
            assert_eq!(known.len(), 1, "{}", template.list);
            assert_eq!(known[0].department, template.department, "{}", template.list);
        }
        for one in all {
            assert!(one.rhythm.iter().all(Rhythm::is_sound), "{}", one.list);
        }
    }

    #[test]
    fn stretches_begin_where_the_county_begins_them() {
        let quarters = of("water_outages").stretches(window("2025-12-01", "2026-06-30"));
        let texts: Vec<String> = quarters.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["2025-11-01/2026-01-31", "2026-02-01/2026-04-30", "2026-05-01/2026-07-31"]
        );
        assert_eq!(of("medical_stays").stretches(window("2025-11-01", "2026-10-31")).len(), 12);
        assert_eq!(of("disaster_losses").stretches(window("2025-11-01", "2026-10-31")), []);
    }

    #[test]
    fn a_due_day_on_which_offices_are_closed_moves_to_the_next_working_day() {
        let calendar = WorkingCalendar::new();
        let due = |list: &str, from: &str, to: &str| of(list).due_day(window(from, to), &calendar);
        // 2026-10-10 is a Saturday
        assert_eq!(due("medical_stays", "2026-09-01", "2026-09-30"), Some(day("2026-10-12")));
        assert_eq!(due("school_roll", "2026-08-01", "2027-01-31"), Some(day("2026-09-21")));
        assert_eq!(due("disaster_losses", "2026-08-01", "2026-08-31"), None);
    }

    #[test]
    fn a_later_rhythm_takes_over_from_its_day() {
        let monthly = of("loans").clone();
        let quarterly =
            Rhythm { from: day("2027-01-01"), every: Every::Quarter, ..monthly.clone() };
        let list = ListRhythm {
            list: "loans".into(),
            department: "bank".into(),
            rhythm: vec![monthly, quarterly],
        };
        assert_eq!(list.on(day("2026-12-31")).unwrap().every, Every::Month);
        assert_eq!(list.on(day("2027-01-01")).unwrap().every, Every::Quarter);
        assert_eq!(list.on(day("2020-01-01")).unwrap().every, Every::Month);
        let text = toml::to_string(&list).unwrap();
        assert_eq!(toml::from_str::<ListRhythm>(&text).unwrap(), list, "a county keeps its own");
    }
}
