//! The lives that ship, walked at random: what can never happen does not happen, whatever is tried in whatever order.

use std::collections::{BTreeMap, BTreeSet};

use facts::Params;
use kernel::calendar::WorkingCalendar;
use kernel::ids::{CaseId, HouseholdId, Id};
use kernel::time::Day;
use proptest::prelude::*;
use registry::policies::{self, Pack, shipped};

use super::book::{CaseBook, MONITORING};
use super::life::{AskKind, Effect, Life, Phase, StateDef, StepDef, days_of};
use super::model::{CannotTake, Case, Days, Known, Take, fill};
use crate::papers::not_public;
use crate::screening::working_calendar;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn county() -> kernel::area::AreaCode {
    "140430000000".parse().unwrap()
}

fn book_on(today: &str) -> CaseBook {
    let packs: Vec<Pack> =
        shipped().into_values().filter_map(|files| Pack::read(files).ok()).collect();
    let pack = packs.iter().find(|pack| pack.holds_on(day(today))).unwrap().clone();
    let pack = match &pack.head.extends {
        Some(base) => {
            let base = packs.iter().find(|one| one.head.id == *base).unwrap();
            pack.over(base).unwrap()
        }
        None => pack,
    };
    CaseBook::of(&pack, county(), day(today)).unwrap()
}

#[test]
fn what_the_shipped_packs_say_of_cases_is_sound_in_both_stages() {
    for (today, classes) in [("2025-06-01", 3), ("2026-10-20", 1)] {
        let book = book_on(today);
        assert_eq!(book.troubles, [], "{today}");
        assert_eq!(book.classes.class.len(), classes);
        assert!(book.removal.conditions.len() > 8);
        let life = book.life(MONITORING).unwrap();
        assert!(life.states.len() > 20 && life.mechanism.contains(&"M043".to_owned()));
    }
    let book = book_on("2025-06-01");
    let suggest = |lifted, trigger| book.classes.suggest(lifted, trigger).unwrap().code.clone();
    assert_eq!(suggest(true, "income"), "unstable");
    assert_eq!(suggest(false, "income"), "marginal");
    assert_eq!(suggest(true, "sudden"), "sudden");
}

#[test]
fn a_life_that_is_not_whole_is_refused_with_every_reason() {
    let params: Params = Params::new();
    let text = r#"
id = "x"
title = { zh = "甲", en = "" }
subject = "household"
start = "a"
[[states]]
id = "a"
title = { zh = "甲", en = "a" }
phase = "identify"
owner = "village"
clock = { parameter = "none", calendar = "working" }
[[states]]
id = "b"
title = { zh = "乙", en = "b" }
phase = "help"
owner = "village"
[[steps]]
id = "go"
title = { zh = "走", en = "go" }
from = ["a"]
to = "c"
by = "village"
does = ["post"]
"#;
    let wrong = Life::read(text, &params).unwrap_err();
    let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    for part in [
        "1: basis",
        "1: starts",
        "1: words what=甲",
        "21: no_state step=go state=c",
        "23: notice step=go",
        "11: clock parameter=none",
        "13: unreached state=b",
        "13: stuck state=b",
    ] {
        assert!(wrong.iter().any(|one| one == part), "{part}: {wrong:?}");
    }
    assert!(Life::read("id = 1", &params).is_err());
    let unknown = text.replace("does = [\"post\"]", "does = [\"fly\"]");
    let unknown = Life::read(&unknown, &params).unwrap_err();
    assert_eq!(unknown[0].code, "unreadable");
    assert!(unknown[0].to_string().contains("fly"));
}

#[test]
fn a_notice_holds_no_number_and_no_word_about_health() {
    for (text, found) in [
        ("电话 138 0013 8000", Some("138001")),
        ("身份证 １４０４３０１９７０", Some("140430")),
        ("卡号6228-4800", Some("622848")),
        ("因肺癌住院", Some("癌")),
        ("2026年第3号", None),
        ("经评议同意，共 12 户", None),
    ] {
        assert_eq!(not_public(text).as_deref(), found, "{text}");
    }
}

/// Values that a form of the step would take.
fn values(life: &Life, step: &str, today: Day, book: &CaseBook) -> BTreeMap<String, String> {
    let step = life.step(step).unwrap();
    let sent = |id: &str| {
        let ask = step.asks.iter().find(|ask| ask.id == id).unwrap();
        match ask.kind {
            AskKind::Day => today.to_string(),
            AskKind::Number => "12".to_owned(),
            AskKind::Yes => "yes".to_owned(),
            AskKind::Choice => ask.options.first().unwrap().code.clone(),
            AskKind::Class => book.classes.class.first().unwrap().code.clone(),
            AskKind::Text | AskKind::Words => "写明情况".to_owned(),
        }
    };
    fill(step, &sent, (Some(&book.classes), today)).unwrap()
}

#[test]
fn fields_are_checked_one_by_one() {
    let book = book_on("2026-10-20");
    let life = book.life(MONITORING).unwrap();
    let today = day("2026-10-20");
    let check = |step: &str, sent: &dyn Fn(&str) -> String| {
        fill(life.step(step).unwrap(), sent, (Some(&book.classes), today))
    };
    let wrong = |result: Result<_, CannotTake>| match result {
        Err(CannotTake::Fields(wrong)) => wrong,
        other => panic!("{other:?}"),
    };
    let all = wrong(check("review", &|_: &str| String::new()));
    assert_eq!(all.len(), 5, "{all:?}");
    let late = wrong(check("review", &|id: &str| match id {
        "on" => "2026-10-21".to_owned(),
        "present" | "agreed" => "x".to_owned(),
        _ => "同意".to_owned(),
    }));
    let codes: Vec<&str> = late.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, ["cases.day_to_come", "web.not_a_number", "web.not_a_number"]);
    let class = wrong(check("approve", &|id: &str| match id {
        "trigger" => "income".to_owned(),
        _ => "nobody".to_owned(),
    }));
    assert_eq!(class, [("class".to_owned(), "cases.no_such_class")]);
    let board = check("post", &|id: &str| match id {
        "on" => "2026-10-20".to_owned(),
        _ => "电话13800138000".to_owned(),
    });
    assert!(matches!(board, Err(CannotTake::NotPublic(field, _)) if field == "words"));
}

fn begun(life: &Life, days: Days<'_>) -> Case {
    let id = CaseId::from_bytes([1; 16]);
    let of = (HouseholdId::from_bytes([2; 16]), "140430203201".parse().unwrap());
    Case::begin(life, (id, "140430C202600001".to_owned()), of, days.today, days)
}

/// The steps of a state, those that lead forward several times: else few walks would come far.
fn mostly_forward<'a>(life: &'a Life, state: &'a StateDef) -> Vec<&'a StepDef> {
    let forward = |step: &StepDef| {
        !step.back
            && !["end", "suspend", "decline", "refuse", "refuse_at_door"]
                .contains(&step.id.as_str())
    };
    let often = |step: &'a StepDef| std::iter::repeat_n(step, if forward(step) { 8 } else { 1 });
    life.steps_from(state).flat_map(often).collect()
}

/// One thing that is tried: a step by its place, who tries, how many days later, how many days before it is said to have been,
/// and what is there.
type Try = (prop::sample::Index, u8, i64, i64, Known);

fn known() -> impl Strategy<Value = Known> {
    let lacks = prop::bool::weighted(0.2);
    (any::<bool>(), 0..3usize, 0..2usize, lacks, lacks, prop::option::of(any::<bool>())).prop_map(
        |(consent, risks, unanswered, plan, removal, labour)| Known {
            objections: 0,
            consent,
            risks,
            unanswered,
            plan_lacks: if plan { vec!["illness".to_owned()] } else { Vec::new() },
            removal_lacks: if removal { vec!["income".to_owned()] } else { Vec::new() },
            labour,
        },
    )
}

/// How many days a notice hangs in the village of [`begun`].
fn notice_days(book: &CaseBook) -> i64 {
    let life = book.life(MONITORING).unwrap();
    let village: kernel::area::AreaCode = "140430203201".parse().unwrap();
    let days = days_of(life.notice.as_ref().unwrap(), &book.params, village.as_str()).unwrap();
    i64::from(days)
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let ago = prop_oneof![3 => Just(0), 1 => 0..400i64];
    prop::collection::vec((any::<prop::sample::Index>(), 0..3u8, 0..4i64, ago, known()), 1..200)
}

/// A day on which each of the two stages holds.
const STAGES: [&str; 2] = ["2025-06-02", "2026-03-02"];

fn walk(book: &CaseBook, tried: &[Try], mut see: impl FnMut(&Case, &Case, &str, &Known, Day)) {
    let life = book.life(MONITORING).unwrap();
    let calendar: &WorkingCalendar = working_calendar().unwrap();
    let mut today = book.today;
    let mut case = begun(life, Days { params: &book.params, calendar, today });
    for (at, who, later, ago, known) in tried {
        today = today.add_days(*later);
        let state = life.state(&case.state).unwrap();
        let offered = mostly_forward(life, state);
        // mostly a step that is offered; now and then any
        let step = match who {
            0 => at.get(&life.steps),
            _ => *at.get(&offered),
        };
        let filled = values(life, &step.id, today.add_days(-ago), book);
        let by = format!("person {who}");
        let take = Take { step, seen: case.version, by: &by, filled: &filled };
        let days = Days { params: &book.params, calendar, today };
        match case.take(life, take, known, days) {
            Ok(after) => {
                see(&case, &after, &step.id, known, today);
                let stale = Take { seen: case.version, ..take };
                assert_eq!(after.take(life, stale, known, days), Err(CannotTake::Changed));
                case = after;
            }
            Err(why) => {
                let starts = life.starts_in(step, state);
                assert_eq!(!starts, why == CannotTake::OutOfOrder, "{} in {}", step.id, state.id);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_tried_what_can_never_happen_does_not(tried in tries(), stage in 0..2usize) {
        let book = book_on(STAGES[stage]);
        let life = book.life(MONITORING).unwrap();
        walk(&book, &tried, |before, after, step, known, today| {
            let def = life.step(step).unwrap();
            assert_eq!(after.version, before.version + 1);
            if step == "announce" || step == "announce_removal" {
                assert!(after.notice_until.unwrap() < today, "announced before the notice was over");
                let on = after.closed_on.or(after.identified_on).unwrap();
                assert!(after.notice_until.unwrap() < on, "announced for a day on which it hung");
                assert_eq!(after.objections, 0);
            }
            if def.has_effect(Effect::Post) {
                let least = before.since.add_days(notice_days(&book));
                assert!(after.notice_until.unwrap() >= least, "it hung before it was decided");
            }
            if def.has_effect(Effect::Remove) {
                assert_eq!(known.labour, Some(true), "removed without labour");
                assert!(after.identified_on.is_some() && after.closed_on.is_some());
            }
            if ["approve", "pass", "approve_removal", "pass_removal"].contains(&step) {
                assert_ne!(before.last_by.as_deref(), after.last_by.as_deref(), "nobody reviews their own step");
            }
            if step == "compare" {
                assert!(known.consent && known.unanswered == 0);
            }
            let state = life.state(&after.state).unwrap();
            if state.clock.is_some() {
                assert!(after.due.unwrap() >= today);
            }
            if state.phase == Phase::Help {
                assert_eq!(after.total_due, None);
                assert!(after.class.is_some() && after.identified_on.is_some());
            }
        });
    }
}

#[test]
fn walks_reach_every_state_of_the_life() {
    for book in STAGES.map(book_on) {
        for life in &book.lives {
            every_state_is_reached_and_left(&book, life);
        }
    }
}

fn every_state_is_reached_and_left(book: &CaseBook, life: &Life) {
    let (mut seen, mut left) = (BTreeSet::from([life.start.clone()]), BTreeSet::new());
    // a walk in which everything is there and people take turns, seeded by its number
    let walks: u64 = if life.states.len() > 12 { 3_000 } else { 300 };
    for seed in 0..walks {
        let mut number = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut today = book.today;
        let mut case = begun(life, book.days());
        let known = Known { consent: true, risks: 1, labour: Some(true), ..Known::default() };
        for turn in 0..60_u64 {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let state = life.state(&case.state).unwrap();
            let steps = mostly_forward(life, state);
            if steps.is_empty() {
                break;
            }
            let place = usize::try_from(number >> 33).unwrap() % steps.len();
            let by = format!("person {}", turn % 3);
            let filled = values(life, &steps[place].id, today, book);
            let take = Take { step: steps[place], seen: case.version, by: &by, filled: &filled };
            today = today.add_days(6);
            let days = Days { params: &book.params, calendar: book.calendar, today };
            if let Ok(after) = case.take(life, take, &known, days) {
                seen.insert(after.state.clone());
                if after.state != case.state {
                    left.insert(case.state.clone());
                }
                case = after;
            }
        }
    }
    let all: BTreeSet<String> = life.states.iter().map(|state| state.id.clone()).collect();
    assert_eq!(seen, all, "{} {}", book.today, life.id);
    let over = |id: &&String| life.state(id).unwrap().phase == Phase::Over;
    let stuck: Vec<&String> = all.difference(&left).filter(|id| !over(id)).collect();
    assert!(stuck.is_empty(), "{} {}: {stuck:?}", book.today, life.id);
}

#[test]
fn parameters_of_an_area_count_before_those_of_the_country() {
    let book = book_on("2026-10-20");
    let clock = book.life(MONITORING).unwrap().notice.clone().unwrap();
    let posted = day("2026-10-20");
    let village = "140430203201".parse().unwrap();
    assert_eq!(book.days().after(&clock, village, posted), Some(day("2026-10-25")));
    let mut pack = Pack::read(shipped().remove("cn-2021-2025").unwrap()).unwrap();
    let days = pack.parameters.iter_mut().find(|one| one.id == "case_notice_days").unwrap();
    let mut own = days.values[0].clone();
    own.area = Some("140430203000".parse().unwrap());
    own.value = facts::Scalar::Int(7);
    days.values.push(own);
    let params = policies::resolve(&pack.parameters, county(), posted);
    let days = Days { params: &params, calendar: book.calendar, today: posted };
    assert_eq!(days.after(&clock, village, posted), Some(day("2026-10-27")));
    assert_eq!(
        days.after(&clock, "140430204201".parse().unwrap(), posted),
        Some(day("2026-10-25"))
    );
}
