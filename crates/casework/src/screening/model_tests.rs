use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn lead() -> Lead {
    Lead {
        id: LeadId::parse(&"0".repeat(32)).unwrap(),
        level: Level::Household,
        household: None,
        village: AreaCode::parse("140430203200").unwrap(),
        department: "医保局".into(),
        channel: "部门筛查预警".into(),
        severity: Severity::Severe,
        state: State::Open,
        opened_on: day("2026-10-08"),
        released_on: Some(day("2026-10-08")),
        due_on: Some(day("2026-10-15")),
        clock: Due { days: 5, calendar: Calendar::Working },
        given: None,
        raised_from: None,
        version: 3,
    }
}

fn no_risk() -> Answer {
    Answer::new(Outcome::NoRisk, "", "子女已承担")
}

fn given(account: &str) -> Option<Given> {
    let (account, name) = (account.to_owned(), "陈".to_owned());
    Some(Given { answer: no_risk(), account, name, at: Instant::start_of(day("2026-10-09")) })
}

#[test]
fn an_open_lead_is_answered_once() {
    assert_eq!(lead().answered(&no_risk(), 3, Drawn::No), Ok(State::Answered));
    for (state, why) in [
        (State::Answered, CannotAnswer::Answered),
        (State::SecondLook, CannotAnswer::Answered),
        (State::Waiting, CannotAnswer::Waiting),
        (State::Withdrawn, CannotAnswer::Withdrawn),
    ] {
        let lead = Lead { state, ..lead() };
        assert_eq!(lead.answered(&no_risk(), 3, Drawn::No), Err(why));
    }
}

#[test]
fn what_changed_since_it_was_shown_is_not_answered_blindly() {
    assert_eq!(lead().answered(&no_risk(), 2, Drawn::No), Err(CannotAnswer::Changed));
}

#[test]
fn a_dismissal_says_why() {
    for outcome in Outcome::ALL {
        let silent = Answer::new(*outcome, " ", "\n");
        let refused = lead().answered(&silent, 3, Drawn::No).is_err();
        assert_eq!(refused, outcome.needs_reason(), "{outcome}");
        let by_code = Answer::new(*outcome, "family_supports", "");
        assert!(lead().answered(&by_code, 3, Drawn::No).is_ok());
    }
}

#[test]
fn only_a_drawn_no_risk_to_a_severe_lead_is_looked_at_twice() {
    assert_eq!(lead().answered(&no_risk(), 3, Drawn::Yes), Ok(State::SecondLook));
    let confirmed = Answer::new(Outcome::RiskConfirmed, "", "");
    assert_eq!(lead().answered(&confirmed, 3, Drawn::Yes), Ok(State::Answered));
    let serious = Lead { severity: Severity::Serious, ..lead() };
    assert_eq!(serious.answered(&no_risk(), 3, Drawn::Yes), Ok(State::Answered));
}

#[test]
fn a_second_look_is_taken_by_somebody_else() {
    let drawn = Lead { state: State::SecondLook, given: given("chen"), ..lead() };
    assert_eq!(drawn.looked_at(&Look::Agree, 3, "bob"), Ok(State::Answered));
    assert_eq!(drawn.looked_at(&Look::Disagree("漏算".into()), 3, "bob"), Ok(State::Open));
    assert_eq!(drawn.looked_at(&Look::Disagree(" ".into()), 3, "bob"), Err(CannotLook::NoReason));
    assert_eq!(drawn.looked_at(&Look::Agree, 3, "chen"), Err(CannotLook::OwnAnswer));
    assert_eq!(drawn.looked_at(&Look::Agree, 2, "bob"), Err(CannotLook::Changed));
    let done = Lead { state: State::Answered, ..drawn };
    assert_eq!(done.looked_at(&Look::Agree, 3, "bob"), Err(CannotLook::NotDrawn));
}

#[test]
fn about_a_tenth_is_drawn_and_always_the_same() {
    let digests: Vec<String> = (0..10_000).map(|n| format!("{n:08x}")).collect();
    let drawn = digests.iter().filter(|text| Drawn::by_digest(text) == Drawn::Yes).count();
    assert!((800..1_200).contains(&drawn), "{drawn}");
    assert_eq!(Drawn::by_digest("abc"), Drawn::by_digest("abc"));
}

#[test]
fn the_due_day_counts_the_days_that_the_offices_work() {
    let calendar =
        WorkingCalendar::of_files([include_str!("../../../../packs/common/calendar/2026.toml")])
            .unwrap();
    let five = Due { days: 5, calendar: Calendar::Working };
    // National Day: 1 to 7 October off, 10 October worked.
    assert_eq!(five.day_after(day("2026-09-30"), &calendar), day("2026-10-13"));
    let plain = Due { days: 5, calendar: Calendar::Calendar };
    assert_eq!(plain.day_after(day("2026-09-30"), &calendar), day("2026-10-05"));
    assert!(lead().is_overdue(day("2026-10-16")) && !lead().is_overdue(day("2026-10-15")));
}

#[test]
fn words_of_tables_are_read_back() {
    for state in State::ALL {
        assert_eq!(state.code().parse(), Ok(*state));
    }
    for severity in Severity::ALL {
        assert_eq!(severity.code().parse(), Ok(*severity));
    }
    assert_eq!("village".parse(), Ok(Level::Village));
    assert!("lost".parse::<State>().is_err());
}
