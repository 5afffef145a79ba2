//! The SQL of delivery: how far every list reaches on a day.

use std::collections::BTreeMap;

use facts::{CoverageView, Extent, Schema};
use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::time::{Day, Period};
use store::Session;

/// The period that each list has covered, by list and area, of accepted batches; and the whole of the villages.
struct Delivered {
    periods: BTreeMap<String, BTreeMap<AreaCode, Vec<Period>>>,
    villages: Option<(AreaCode, AreaCode)>,
}

/// How far every list that a fact needs reaches on a day.
///
/// A list is complete over a window when its deliveries join up from the first day of the window to the newest one, and
/// the next delivery is not overdue yet: a monthly list of October speaks until the end of December, for November's is
/// made during December.
pub fn coverage_on(session: &mut Session, schema: &Schema, today: Day) -> Result<CoverageView> {
    let delivered = delivered(session)?;
    let mut view = CoverageView::nothing();
    for column in schema.tables().iter().flat_map(|table| schema.columns(table.name)) {
        if let Some(coverage) = &column.coverage {
            let extent = extent(&delivered, coverage.list, (coverage.window_months, today));
            view.set(coverage.list, coverage.window_months, extent);
        }
    }
    Ok(view)
}

fn delivered(session: &mut Session) -> Result<Delivered> {
    let row = session
        .row("select min(village_code), max(village_code) from households where village_code is not null", &[])?;
    let villages = row.opt_parse(0)?.zip(row.opt_parse(1)?);
    let mut periods: BTreeMap<String, BTreeMap<AreaCode, Vec<Period>>> = BTreeMap::new();
    let rows = session.rows(
        "select c.list_id, c.area_code, c.from_day, c.to_day from coverage c join batches b on b.id = c.batch_id
         where b.state = 'accepted' order by c.list_id, c.area_code, c.from_day",
        &[],
    )?;
    for row in rows {
        let period = Period::new(row.parse(2)?, row.parse(3)?)
            .ok_or_else(|| Error::fault("a period of coverage runs backwards"))?;
        periods.entry(row.text(0)?).or_default().entry(row.parse(1)?).or_default().push(period);
    }
    Ok(Delivered { periods, villages })
}

fn extent(delivered: &Delivered, list: &str, window: (u16, Day)) -> Extent {
    let Some(areas) = delivered.periods.get(list) else { return Extent::Incomplete };
    let complete: Vec<AreaCode> = areas
        .keys()
        .filter(|area| {
            let here = areas.iter().filter(|(wide, _)| wide.contains(**area));
            joins_up(here.flat_map(|(_, periods)| periods).copied().collect(), window)
        })
        .copied()
        .collect();
    let whole = |area: &AreaCode| {
        delivered.villages.is_some_and(|(low, high)| area.contains(low) && area.contains(high))
    };
    if complete.iter().any(whole) {
        return Extent::Whole;
    }
    if complete.is_empty() {
        return Extent::Incomplete;
    }
    let range = |area: &AreaCode| {
        let (low, high) = area.range();
        (low.to_string(), high.to_string())
    };
    Extent::Areas(complete.iter().map(range).collect())
}

fn joins_up(mut periods: Vec<Period>, (months, today): (u16, Day)) -> bool {
    periods.retain(|period| period.from <= today);
    periods.sort_by_key(|period| (period.from, period.to));
    let Some(last) = periods.last().copied() else { return false };
    if months == 0 {
        return true;
    }
    // The length of a delivery tells how often the list comes.
    let every = (last.days() + 15) / 30;
    if today > last.to.add_months(every.max(1) + 1) {
        return false;
    }
    let start = today.add_days(1).add_months(-i64::from(months));
    let mut covered: Option<Day> = None;
    for period in periods {
        match covered {
            None if period.from <= start => covered = Some(period.to),
            Some(until) if period.from <= until.add_days(1) => covered = Some(until.max(period.to)),
            _ => {}
        }
    }
    covered.is_some_and(|until| until >= last.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        Period::new(Day::parse(from).unwrap(), Day::parse(to).unwrap()).unwrap()
    }

    fn monthly(months: std::ops::RangeInclusive<i64>) -> Vec<Period> {
        let first = Day::parse("2025-11-01").unwrap();
        let month = |n| Period::new(first.add_months(n), first.add_months(n + 1).add_days(-1));
        months.filter_map(month).collect()
    }

    fn complete(periods: Vec<Period>, today: &str) -> bool {
        joins_up(periods, (12, Day::parse(today).unwrap()))
    }

    #[test]
    fn a_year_of_months_is_complete_until_the_next_is_overdue() {
        let year = monthly(0..=11);
        assert!(complete(year.clone(), "2026-10-31"));
        assert!(complete(year.clone(), "2026-12-31"));
        assert!(!complete(year, "2027-01-01"));
    }

    #[test]
    fn a_month_that_is_missing_leaves_a_gap() {
        let mut year = monthly(0..=11);
        year.remove(5);
        assert!(!complete(year, "2026-10-31"));
        assert!(!complete(monthly(1..=11), "2026-10-31"), "the first month counts too");
        assert!(!complete(Vec::new(), "2026-10-31"));
    }

    #[test]
    fn periods_may_overlap_and_one_may_be_the_whole_year() {
        assert!(complete(vec![period("2025-01-01", "2026-10-31")], "2026-10-31"));
        let overlapping =
            vec![period("2025-10-01", "2026-06-30"), period("2026-03-01", "2026-10-31")];
        assert!(complete(overlapping, "2026-10-31"));
    }

    #[test]
    fn of_a_list_in_which_the_latest_replaces_the_earlier_one_delivery_is_enough() {
        let today = Day::parse("2026-10-31").unwrap();
        assert!(joins_up(vec![period("2026-09-01", "2026-09-30")], (0, today)));
        assert!(!joins_up(vec![period("2026-11-01", "2026-11-30")], (0, today)));
    }
}
