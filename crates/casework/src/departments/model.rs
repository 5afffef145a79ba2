//! How a list stands against its rhythm: what is due, late, here for all villages or for some.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::calendar::WorkingCalendar;
use kernel::ids::BatchId;
use kernel::time::{Day, Month, Period};
use registry::intake::Coverage;
use registry::policies::{After, Rhythm};

kernel::word_list! {
    /// How the delivery of one stretch stands.
    Standing, "departments.not_a_standing", code:
    /// Not to be delivered yet.
    Ahead = "ahead";
    /// To be delivered now; its day has not passed.
    Due = "due";
    /// Its day has passed and nothing is here.
    Late = "late";
    /// Here for some villages only.
    Partly = "partly";
    /// Here for all villages.
    Delivered = "delivered";
    /// Its day had passed before the county took in its first list.
    Gap = "gap";
}

/// A list that arrived for an area and a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// The list.
    pub list: String,
    /// For which area.
    pub area: AreaCode,
    /// For which time.
    pub period: Period,
    /// By which batch.
    pub batch: BatchId,
    /// The day it was brought.
    pub on: Day,
    /// It counts; otherwise a corrected file has taken its place, and it only tells when the list first came.
    pub counts: bool,
}

/// One stretch of a list in the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The time it speaks of.
    pub period: Period,
    /// The day by which it is due, if it is due on one.
    pub due: Option<Day>,
    /// How it stands.
    pub standing: Standing,
    /// The day on which it was complete; of a part, the day on which the first came.
    pub on: Option<Day>,
    /// Calendar days after the due day, if it came late.
    pub late_by: i64,
    /// What holds it.
    pub batch: Option<BatchId>,
    /// Villages for which it is not here, where it is for others.
    pub missing: Vec<AreaCode>,
}

/// Against what a list is held: the villages of the county, today, the day on which the county took in its first list.
#[derive(Debug, Clone)]
pub struct County<'a> {
    /// Villages in use.
    pub villages: &'a [AreaCode],
    /// Today.
    pub today: Day,
    /// Nothing can be late that was due before.
    pub since: Day,
    /// Working days.
    pub calendar: &'a WorkingCalendar,
}

/// Months that the calendar shows.
pub const MONTHS: i64 = 12;

/// The twelve months that end with that of today.
pub fn window(today: Day) -> Period {
    let last = today.in_month();
    Period { from: first_month(today).first_day(), to: last.last_day() }
}

/// The first month that the calendar shows.
pub fn first_month(today: Day) -> Month {
    today.in_month().add_months(1 - MONTHS)
}

/// The stretches of a list within a window, in order. A list that follows no calendar has one for every delivery.
pub fn slots(
    (rhythm, coverage): (&Rhythm, Coverage),
    arrivals: &[Arrival],
    county: &County<'_>,
    window: Period,
) -> Vec<Slot> {
    if rhythm.every.months().is_none() {
        return as_needed(arrivals, window);
    }
    let stretches = rhythm.stretches(window);
    stretches.into_iter().map(|one| slot((rhythm, coverage), arrivals, county, one)).collect()
}

fn as_needed(arrivals: &[Arrival], window: Period) -> Vec<Slot> {
    let mut seen = BTreeSet::new();
    let here = arrivals.iter().filter(|one| one.counts && one.period.overlaps(window));
    let mut slots: Vec<Slot> = here
        .filter(|one| seen.insert(one.batch))
        .map(|one| Slot {
            period: one.period,
            due: None,
            standing: Standing::Delivered,
            on: Some(one.on),
            late_by: 0,
            batch: Some(one.batch),
            missing: Vec::new(),
        })
        .collect();
    slots.sort_by_key(|slot| (slot.period.from, slot.batch));
    slots
}

fn slot(
    (rhythm, coverage): (&Rhythm, Coverage),
    arrivals: &[Arrival],
    county: &County<'_>,
    period: Period,
) -> Slot {
    let due = rhythm.due_day(period, county.calendar);
    let touching: Vec<&Arrival> =
        arrivals.iter().filter(|one| one.period.overlaps(period)).collect();
    let now: Vec<&Arrival> = touching.iter().copied().filter(|one| one.counts).collect();
    let missing = uncovered(&now, coverage, period, county.villages);
    let batch = now.iter().max_by_key(|one| (one.on, one.batch)).map(|one| one.batch);
    let (standing, on) = if missing.is_empty() && !now.is_empty() {
        (Standing::Delivered, complete_on(&touching, coverage, period, county.villages))
    } else if missing.len() < county.villages.len() {
        (Standing::Partly, now.iter().map(|one| one.on).min())
    } else {
        (absent((rhythm, period), due, county), None)
    };
    let late_by = match (due, on, standing) {
        (Some(due), Some(on), Standing::Delivered) if due >= county.since => {
            due.days_until(on).max(0)
        }
        _ => 0,
    };
    let missing = if standing == Standing::Partly { missing } else { Vec::new() };
    let batch = batch.filter(|_| on.is_some());
    Slot { period, due, standing, on, late_by, batch, missing }
}

fn absent((rhythm, period): (&Rhythm, Period), due: Option<Day>, county: &County<'_>) -> Standing {
    let ready = match rhythm.due.map(|due| due.after) {
        Some(After::Start) => period.from,
        _ => period.to.add_days(1),
    };
    match due {
        Some(due) if due < county.since && due < county.today => Standing::Gap,
        Some(due) if due < county.today => Standing::Late,
        _ if county.today < ready => Standing::Ahead,
        _ => Standing::Due,
    }
}

/// The villages for which a stretch is not here. Events must reach over the whole stretch; of a state one look is enough.
fn uncovered(
    arrivals: &[&Arrival],
    coverage: Coverage,
    period: Period,
    villages: &[AreaCode],
) -> Vec<AreaCode> {
    let areas: BTreeSet<AreaCode> = arrivals.iter().map(|one| one.area).collect();
    let complete: Vec<AreaCode> = areas
        .into_iter()
        .filter(|area| {
            let of_area = arrivals.iter().filter(|one| one.area.contains(*area));
            match coverage {
                Coverage::Events => reaches(of_area.map(|one| one.period).collect(), period),
                Coverage::Snapshot | Coverage::Roll => of_area.count() > 0,
            }
        })
        .collect();
    let covered = |village: &&AreaCode| complete.iter().any(|area| area.contains(**village));
    villages.iter().filter(|village| !covered(village)).copied().collect()
}

/// Whether the spans leave no day of the stretch out.
fn reaches(mut spans: Vec<Period>, stretch: Period) -> bool {
    spans.sort();
    let mut until = stretch.from.add_days(-1);
    for span in spans {
        if span.from > until.add_days(1) {
            break;
        }
        until = until.max(span.to);
    }
    until >= stretch.to
}

/// The first day on which every village was covered, counting what was corrected since.
fn complete_on(
    arrivals: &[&Arrival],
    coverage: Coverage,
    period: Period,
    villages: &[AreaCode],
) -> Option<Day> {
    let days: BTreeSet<Day> = arrivals.iter().map(|one| one.on).collect();
    let last = days.last().copied();
    let complete = |day: &Day| {
        let by: Vec<&Arrival> = arrivals.iter().copied().filter(|one| one.on <= *day).collect();
        uncovered(&by, coverage, period, villages).is_empty()
    };
    days.iter().find(|day| complete(day)).copied().or(last)
}

/// The next delivery that is not here, and its day.
pub fn next_due(
    of: (&Rhythm, Coverage),
    arrivals: &[Arrival],
    county: &County<'_>,
) -> Option<(Period, Day)> {
    let ahead = Period { from: county.today.add_months(-12), to: county.today.add_months(13) };
    of.0.every.months()?;
    slots(of, arrivals, county, ahead)
        .into_iter()
        .filter(|slot| slot.standing != Standing::Delivered)
        .filter_map(|slot| {
            slot.due.filter(|due| *due >= county.today).map(|due| (slot.period, due))
        })
        .min_by_key(|(_, due)| *due)
}

kernel::word_list! {
    /// What a department says about a row that came back to it.
    RowSaid, "departments.not_an_answer", code:
    /// 已更正，随下一期名单报来.
    Corrected = "corrected";
    /// 核对无误.
    Right = "right";
    /// 该行作废.
    Struck = "struck";
}

impl RowSaid {
    /// Whoever says that the row is right has to say why: somebody has looked and found it wrong.
    pub const fn needs_words(self) -> bool {
        matches!(self, Self::Right)
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
