//! Deliveries against their rhythm, as cases.

use registry::intake::rhythms;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    let (from, to) = text.split_once('/').unwrap();
    Period::new(day(from), day(to)).unwrap()
}

fn area(code: &str) -> AreaCode {
    code.parse().unwrap()
}

fn batch(number: u128) -> BatchId {
    BatchId::parse(&format!("{number:032x}")).unwrap()
}

fn arrival(place: &str, of: &str, on: &str, number: u128) -> Arrival {
    Arrival {
        list: "medical_stays".into(),
        area: area(place),
        period: period(of),
        batch: batch(number),
        on: day(on),
        counts: true,
    }
}

fn rhythm(list: &str) -> &'static Rhythm {
    let found = rhythms().unwrap().iter().find(|one| one.list == list).unwrap();
    found.on(day("2026-10-31")).unwrap()
}

const COUNTY: &str = "140430000000";
const TOWN: &str = "140430203000";
const SEPTEMBER: &str = "2026-09-01/2026-09-30";

fn look(arrivals: &[Arrival], today: &str, of: &str) -> Slot {
    let villages = [area("140430203201"), area("140430203202"), area("140430204201")];
    let calendar = WorkingCalendar::new();
    let (today, since) = (day(today), day("2026-08-01"));
    let county = County { villages: &villages, today, since, calendar: &calendar };
    let found = slots((rhythm("medical_stays"), Coverage::Events), arrivals, &county, period(of));
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_month_is_ahead_then_due_then_late_and_a_gap_before_the_county_began() {
    let standing = |today: &str, of: &str| look(&[], today, of).standing;
    assert_eq!(standing("2026-09-30", SEPTEMBER), Standing::Ahead);
    assert_eq!(standing("2026-10-01", SEPTEMBER), Standing::Due);
    assert_eq!(standing("2026-10-12", SEPTEMBER), Standing::Due, "the tenth is a Saturday");
    assert_eq!(standing("2026-10-13", SEPTEMBER), Standing::Late);
    assert_eq!(standing("2026-10-13", "2026-06-01/2026-06-30"), Standing::Gap);
}

#[test]
fn a_delivery_for_all_is_here_and_says_how_late_it_came() {
    let here = look(&[arrival(COUNTY, SEPTEMBER, "2026-10-12", 1)], "2026-10-31", SEPTEMBER);
    assert_eq!((here.standing, here.late_by, here.batch), (Standing::Delivered, 0, Some(batch(1))));
    let late = look(&[arrival(COUNTY, SEPTEMBER, "2026-10-15", 1)], "2026-10-31", SEPTEMBER);
    assert_eq!((late.standing, late.late_by), (Standing::Delivered, 3));
    let old = arrival(COUNTY, "2026-06-01/2026-06-30", "2026-08-01", 1);
    let old = look(&[old], "2026-10-31", "2026-06-01/2026-06-30");
    assert_eq!(
        (old.standing, old.late_by),
        (Standing::Delivered, 0),
        "due before the county began"
    );
}

#[test]
fn a_corrected_file_does_not_make_a_list_late_that_came_in_time() {
    let mut first = arrival(COUNTY, SEPTEMBER, "2026-10-08", 1);
    first.counts = false;
    let second = arrival(COUNTY, SEPTEMBER, "2026-10-20", 2);
    let found = look(&[first, second], "2026-10-31", SEPTEMBER);
    assert_eq!((found.on, found.late_by), (Some(day("2026-10-08")), 0));
    assert_eq!(found.batch, Some(batch(2)));
}

#[test]
fn a_town_alone_or_half_a_month_is_a_part_and_names_who_is_missing() {
    let found = look(&[arrival(TOWN, SEPTEMBER, "2026-10-08", 1)], "2026-10-31", SEPTEMBER);
    assert_eq!(found.standing, Standing::Partly);
    assert_eq!(found.missing, [area("140430204201")]);
    let half = arrival(COUNTY, "2026-09-01/2026-09-15", "2026-10-08", 1);
    let rest = arrival(COUNTY, "2026-09-16/2026-09-30", "2026-10-09", 2);
    assert_eq!(look(std::slice::from_ref(&half), "2026-10-31", SEPTEMBER).standing, Standing::Late);
    let whole = look(&[half, rest], "2026-10-31", SEPTEMBER);
    assert_eq!((whole.standing, whole.on), (Standing::Delivered, Some(day("2026-10-09"))));
}

#[test]
fn the_next_day_is_that_of_the_first_delivery_that_is_not_here() {
    let villages = [area("140430203201")];
    let calendar = WorkingCalendar::new();
    let (today, since) = (day("2026-10-05"), day("2026-08-01"));
    let county = County { villages: &villages, today, since, calendar: &calendar };
    let of = (rhythm("medical_stays"), Coverage::Events);
    let due = |arrivals: &[Arrival]| next_due(of, arrivals, &county).map(|(_, due)| due);
    assert_eq!(due(&[]), Some(day("2026-10-12")));
    assert_eq!(due(&[arrival(COUNTY, SEPTEMBER, "2026-10-04", 1)]), Some(day("2026-11-10")));
    let events = (rhythm("disaster_losses"), Coverage::Events);
    assert_eq!(next_due(events, &[], &county), None);
    let came = arrival(COUNTY, "2026-07-22/2026-07-22", "2026-08-02", 3);
    assert_eq!(slots(events, &[came], &county, window(today)).len(), 1);
}
