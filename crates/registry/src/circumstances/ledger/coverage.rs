//! Which lists have arrived for which areas: what turns "no row" into "none".

use std::collections::{BTreeMap, BTreeSet};

use ::facts::coverage::ANY_WITHIN;
use ::facts::own::MOST_MONTHS;
use ::facts::{Coverage, CoverageView, Extent};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::{Day, Period};
use store::Session;

use super::around::{self, Cover};
use super::tables::schema;
use super::{View, queries};
use crate::policies::{days_on_its_way, longest_turn_days};

/// How far every list that a fact waits for reaches on a day.
///
/// # Errors
/// What the database refuses.
pub fn coverage_view(session: &mut Session, day: Day) -> Result<CoverageView> {
    view_of(session, &View::of(day))
}

pub(super) fn view_of(session: &mut Session, view: &View) -> Result<CoverageView> {
    let schema = schema()?;
    let waited_for: BTreeSet<(&'static str, u16)> = schema
        .tables()
        .iter()
        .flat_map(|table| schema.columns(table.name))
        .filter_map(|column| column.coverage)
        .map(|Coverage { list, window_months, .. }| (list, window_months))
        .collect();
    let own = queries::own_lists_delivered(session)?;
    let lists: BTreeSet<&str> =
        waited_for.iter().map(|(list, _)| *list).chain(own.iter().map(String::as_str)).collect();
    let lists: Vec<&str> = lists.into_iter().collect();
    let mut by_list: BTreeMap<String, Vec<Cover>> = BTreeMap::new();
    for cover in around::covers(session, &lists, view)? {
        by_list.entry(cover.list.clone()).or_default().push(cover);
    }
    let ends = queries::first_and_last_village(session)?;
    let mut made = CoverageView::nothing();
    for (list, months) in waited_for {
        let covers = by_list.get(list).map_or(&[][..], Vec::as_slice);
        made.set(list, months, extent(covers, (months, view.day), ends.as_ref()));
    }
    // a predicate says itself how far back it looks in an own list
    for list in &own {
        let covers = by_list.get(list).map_or(&[][..], Vec::as_slice);
        for months in (1..=MOST_MONTHS).flat_map(|months| [months, ANY_WITHIN + months]) {
            match extent(covers, (months, view.day), ends.as_ref()) {
                Extent::Incomplete => {}
                reached => made.set(list, months, reached),
            }
        }
    }
    Ok(made)
}

fn extent(covers: &[Cover], (months, day): (u16, Day), ends: Option<&(String, String)>) -> Extent {
    let areas: BTreeSet<AreaCode> = covers.iter().map(|cover| cover.area).collect();
    let complete: Vec<(String, String)> = areas
        .into_iter()
        .filter(|area| {
            let of_area = covers.iter().filter(|cover| cover.area.contains(*area));
            reaches(of_area, months, day)
        })
        .map(|area| {
            let (low, high) = area.range();
            (low.as_str().to_owned(), high.as_str().to_owned())
        })
        .collect();
    let whole = |(low, high): &(String, String)| {
        ends.is_some_and(|(first, last)| low <= first && high >= last)
    };
    match complete.iter().any(whole) {
        true => Extent::Whole,
        false if complete.is_empty() => Extent::Incomplete,
        false => Extent::Areas(complete),
    }
}

/// Whether deliveries cover the window up to the day without a gap. What is not yet due is no gap.
fn reaches<'c>(covers: impl Iterator<Item = &'c Cover>, months: u16, day: Day) -> bool {
    let mut spans: Vec<(Day, Day)> = covers
        .filter(|cover| cover.to.min(cover.known_on) <= day)
        .map(|cover| (cover.from, cover.to))
        .collect();
    spans.sort();
    if months == 0 {
        return !spans.is_empty();
    }
    if months > ANY_WITHIN {
        let from = Period::months_to(day, u32::from(months - ANY_WITHIN)).from;
        return spans.iter().any(|(_, to)| *to >= from);
    }
    let window = Period::months_to(day, u32::from(months));
    let (mut until, mut turn) = (window.from.add_days(-1), 0);
    for (from, to) in spans {
        if from > until.add_days(1) {
            break;
        }
        if to >= until {
            until = to;
            turn = from.days_until(to) + 1;
        }
    }
    let may_lack = turn.min(longest_turn_days(day)) + days_on_its_way(day);
    turn > 0 && until.days_until(day) <= may_lack
}

#[cfg(test)]
mod tests {
    use kernel::ids::BatchId;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn cover(area: &str, from: &str, to: &str) -> Cover {
        Cover {
            list: "medical_stays".into(),
            area: area.parse().unwrap(),
            from: day(from),
            to: day(to),
            batch: BatchId::parse(&"0".repeat(32)).unwrap(),
            known_on: day("2026-11-05"),
        }
    }

    fn months(area: &str, first: u32, last: u32) -> Vec<Cover> {
        (first..=last)
            .map(|month| {
                let from = Day::of(2025, 11, 1).unwrap().add_months(i64::from(month));
                let mut one = cover(area, "2025-11-01", "2025-11-30");
                (one.from, one.to) = (from, from.add_months(1).add_days(-1));
                one
            })
            .collect()
    }

    #[test]
    fn twelve_months_without_a_gap_are_complete_and_stay_so_until_the_next_is_due() {
        let ends = ("140430203201".to_owned(), "140430204201".to_owned());
        let full = months("140430000000", 0, 11);
        let at = |covers: &[Cover], on: &str| extent(covers, (12, day(on)), Some(&ends));
        assert_eq!(at(&full, "2026-10-31"), Extent::Whole);
        assert_eq!(at(&full, "2026-12-20"), Extent::Whole);
        assert_eq!(at(&full, "2027-01-15"), Extent::Incomplete);
        let mut gap = full.clone();
        gap.remove(5);
        assert_eq!(at(&gap, "2026-10-31"), Extent::Incomplete);
        assert_eq!(at(&full[1..], "2026-10-31"), Extent::Incomplete);
        assert_eq!(at(&[], "2026-10-31"), Extent::Incomplete);
    }

    #[test]
    fn a_town_that_delivers_alone_is_covered_alone() {
        let ends = ("140430203201".to_owned(), "140430204201".to_owned());
        let town = months("140430203000", 0, 11);
        let Extent::Areas(ranges) = extent(&town, (12, day("2026-10-31")), Some(&ends)) else {
            panic!("only one town delivered");
        };
        assert_eq!(ranges.len(), 1);
        assert!(ranges[0].0.as_str() <= "140430203201" && ranges[0].1.as_str() >= "140430203201");
        assert!(ranges[0].1.as_str() < "140430204201");
    }

    #[test]
    fn one_delivery_within_the_window_is_enough_for_an_own_list_that_replaces() {
        let one = [cover("140430000000", "2026-10-01", "2026-10-31")];
        let reached = |months: u16, on: &str| reaches(one.iter(), ANY_WITHIN + months, day(on));
        assert!(reached(1, "2026-10-31") && reached(1, "2026-11-29") && reached(3, "2027-01-29"));
        assert!(
            !reached(1, "2026-12-01") && !reached(3, "2027-02-01") && !reached(1, "2026-10-30")
        );
    }

    #[test]
    fn of_a_list_that_replaces_the_earlier_one_delivery_is_enough() {
        let one = [cover("140430000000", "2026-10-01", "2026-10-31")];
        let reached = |on: &str| reaches(one.iter(), 0, day(on));
        assert!(reached("2026-10-31") && reached("2027-10-31"));
        assert!(!reached("2026-10-30"), "on that day nobody had it");
    }
}
