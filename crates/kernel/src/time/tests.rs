use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn only_the_strict_form_of_a_real_day_is_read() {
    for bad in [
        "",
        "2026-3-5",
        "2026/03/05",
        "2026-02-30",
        "2025-02-29",
        "0000-01-01",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        " 2026-01-01",
        "2026-01-01 ",
        "２026-01-0",
        "20260101",
        "+026-01-01",
    ] {
        assert_eq!(Day::parse(bad), Err(BadTextOf::DAY), "{bad}");
    }
    assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
    assert_eq!(day("1970-01-01").count(), 0);
    assert_eq!(day("0001-01-01"), Day::MIN);
    assert_eq!(day("9999-12-31"), Day::MAX);
}

struct BadTextOf;
impl BadTextOf {
    const DAY: crate::BadText = crate::BadText { code: "time.not_a_day" };
}

#[test]
fn months_are_added_to_the_last_day_where_the_month_is_short() {
    assert_eq!(day("2025-01-31").add_months(1), day("2025-02-28"));
    assert_eq!(day("2024-01-31").add_months(1), day("2024-02-29"));
    assert_eq!(day("2026-10-31").add_months(-12), day("2025-10-31"));
    assert_eq!(day("2026-03-31").add_months(-1), day("2026-02-28"));
    assert_eq!(day("2024-02-29").add_years(1), day("2025-02-28"));
}

#[test]
fn a_birthday_makes_older_on_the_day_itself() {
    let born = day("2008-02-29");
    assert_eq!(born.age_on(day("2026-02-28")), 17);
    assert_eq!(born.age_on(day("2026-03-01")), 18);
    assert_eq!(day("1960-11-01").age_on(day("2026-10-31")), 65);
    assert_eq!(day("1960-10-31").age_on(day("2026-10-31")), 66);
    assert_eq!(day("2026-10-31").age_on(day("2026-10-31")), 0);
}

#[test]
fn weekdays_run_from_monday() {
    assert_eq!(day("1970-01-01").weekday(), 4);
    assert_eq!(day("2026-10-31").weekday(), 6);
    assert_eq!(day("2026-11-01").weekday(), 7);
    assert_eq!(day("2026-11-02").weekday(), 1);
}

#[test]
fn twelve_months_to_a_day_begin_after_the_day_a_year_before() {
    let year = Period::months_to(day("2026-10-31"), 12);
    assert_eq!(year.to_string(), "2025-11-01/2026-10-31");
    assert_eq!(year.days(), 365);
    let half = Period::months_to(day("2026-08-31"), 6);
    assert_eq!(half.from, day("2026-03-01"));
    assert_eq!("2026-02".parse::<Period>().unwrap().to, day("2026-02-28"));
    assert!("2026-02-02/2026-02-01".parse::<Period>().is_err());
}

#[test]
fn the_day_of_an_instant_is_the_day_in_china() {
    assert_eq!(Instant::parse("2026-10-30T15:59:59.999Z").unwrap().day(), day("2026-10-30"));
    let midnight = Instant::parse("2026-10-30T16:00:00.000Z").unwrap();
    assert_eq!(midnight.day(), day("2026-10-31"));
    assert_eq!(midnight, Instant::start_of(day("2026-10-31")));
    assert_eq!(midnight.local_text(), "2026-10-31 00:00");
    for bad in ["2026-10-30T24:00:00.000Z", "2026-10-30 15:59:59.999Z", "2026-10-30T15:59:59Z"] {
        assert!(Instant::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_set_clock_shows_the_set_day_and_goes_on() {
    let clock = Clock::starting_on(day("2026-10-31"));
    assert_eq!(clock.today(), day("2026-10-31"));
    let before = clock.now();
    assert!(clock.now() >= before);
    assert_eq!(Clock::fixed_on(day("2024-02-29")).today(), day("2024-02-29"));
    assert!(Clock::System.today() > day("2024-01-01"));
}

#[test]
fn json_is_the_text() {
    let json = serde_json::to_string(&(day("2026-10-31"), Month::parse("2026-10").unwrap()));
    assert_eq!(json.unwrap(), r#"["2026-10-31","2026-10"]"#);
    assert!(serde_json::from_str::<Day>(r#""2026-10-32""#).is_err());
}

fn any_day() -> impl Strategy<Value = Day> {
    (Day::MIN.count()..=Day::MAX.count()).prop_map(|count| Day::from_count(i64::from(count)))
}

proptest! {
    #[test]
    fn the_text_of_a_day_is_the_day(a in any_day()) {
        prop_assert_eq!(Day::parse(&a.to_string()), Ok(a));
        prop_assert_eq!(Day::of(a.year(), a.month(), a.day()), Some(a));
        prop_assert_eq!(a.in_month().to_string().parse(), Ok(a.in_month()));
        prop_assert!(a.in_month().period().contains(a));
    }

    #[test]
    fn days_and_their_texts_have_one_order(a in any_day(), b in any_day()) {
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        prop_assert_eq!(a.add_days(a.days_until(b)), b);
    }

    #[test]
    fn adding_months_lands_in_that_month(a in -400_000_i64..2_800_000, months in -600_i64..600) {
        let a = Day::from_count(a);
        let later = a.add_months(months);
        prop_assert_eq!(a.in_month().months_until(later.in_month()), months);
        prop_assert!(later.day() <= a.day());
    }

    #[test]
    fn instants_and_their_texts_have_one_order(a in -60_000_000_000_000_i64..250_000_000_000_000,
                                               b in -60_000_000_000_000_i64..250_000_000_000_000) {
        let (a, b) = (Instant::from_millis(a), Instant::from_millis(b));
        prop_assert_eq!(Instant::parse(&a.to_string()), Ok(a));
        prop_assert_eq!(a.to_string().len(), 24);
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,30}") {
        let _ = Day::parse(&text);
        let _ = Month::parse(&text);
        let _ = Instant::parse(&text);
        let _ = text.parse::<Period>();
    }
}
