//! How often a list is delivered, for which stretches of time, and by which day each is due: lists that ship and lists of
//! the county's own alike. Pure.

use facts::own::MOST_MONTHS;
use kernel::calendar::WorkingCalendar;
use kernel::time::{Day, Month, Period};
use serde::{Deserialize, Serialize};

kernel::word_list! {
    /// How often a list is delivered.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Every, "policies.list_rhythm", code:
    /// 月报.
    #[serde(alias = "monthly")]
    Month = "month";
    /// 季报.
    #[serde(alias = "quarterly")]
    Quarter = "quarter";
    /// 半年报，学期名册.
    HalfYear = "half_year";
    /// 年报.
    #[serde(alias = "yearly")]
    Year = "year";
    /// 有事即报.
    #[serde(alias = "once")]
    AsNeeded = "as_needed";
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

    /// How many months a predicate looks back that names none: a year over what adds up; over what is replaced so far
    /// that the newest delivery counts until the next one is due.
    #[must_use]
    pub const fn looked_back(self, adds: bool) -> u16 {
        match self {
            Self::AsNeeded => MOST_MONTHS,
            _ if adds => 12,
            Self::Month => 2,
            Self::Quarter => 6,
            Self::HalfYear => 12,
            Self::Year => 24,
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
    /// The first day on which anything was owed.
    #[must_use]
    pub fn begins(&self) -> Option<Day> {
        self.rhythm.iter().map(|rhythm| rhythm.from).min()
    }

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
        self.named_day(stretch).map(|named| calendar.add_working_days(named, 0))
    }

    /// The day that is named for the delivery of a stretch, open offices or not.
    #[must_use]
    pub fn named_day(&self, stretch: Period) -> Option<Day> {
        let due = self.due?;
        let end = match due.after {
            After::Start => stretch.from,
            After::End => stretch.to,
        };
        let month = end.in_month().add_months(i64::from(due.months));
        Some(Day::of(month.year(), month.month(), due.day).unwrap_or(month.last_day()))
    }
}
