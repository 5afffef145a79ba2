//! One rule tried with other thresholds, on every engine at hand.

use std::time::Duration;

use kernel::permission::Role;
use registry::policies::publish;
use store::Ctx;

use super::tests::*;
use super::what_if::{Found, Mistake, Numbers, Trial, Turn, Wanted, what_if};
use super::what_if_tests::{expected, fill, income, previewed, with_line};
use super::*;

fn wanted(pairs: &[(&str, &str)]) -> Wanted {
    Wanted::of(pairs.iter().copied())
}

fn tried(ctx: &Ctx, rule: &str, pairs: &[(&str, &str)]) -> Trial {
    what_if(ctx, rule, &wanted(pairs)).unwrap()
}

fn numbers(trial: &Trial) -> &Numbers {
    match &trial.found {
        Found::Numbers(numbers) => numbers,
        other => panic!("no numbers: {other:?} {:?} {:?}", trial.mistakes, trial.problems),
    }
}

/// A county with a rule over a parameter, its leads given out, twelve households and two villages.
fn with_line_running(check: impl Fn(&County<'_>)) {
    with_each(|county| {
        let rules = [("house", HOUSE), ("income", &income()), ("outage", OUTAGE)];
        publish(&county.ctx, &with_line(2, 1, &rules)).unwrap();
        fill(county);
        screen_all(&county.ctx).unwrap();
        check(county);
    });
}

#[test]
fn a_threshold_that_is_tried_finds_what_the_changed_book_finds() {
    with_line_running(|county| {
        let rules = [("house", HOUSE), ("income", &income()), ("outage", OUTAGE)];
        let before = with_line(2, 1, &rules);
        for (typed, line) in [("3", 3), ("0", 0), ("1", 1), ("99", 99)] {
            let trial = tried(&county.ctx, "income", &[("p.labour_line", typed)]);
            let found = numbers(&trial);
            let after = with_line(3, line, &rules);
            assert_eq!(found.counts, expected(&county.ctx, "income", &before, &after), "{typed}");
            let counts = found.counts;
            assert_eq!(counts.unchanged + counts.came_in, counts.hits_after);
            assert_eq!(counts.unchanged + counts.dropped_out, counts.hits_before);
            for places in [&found.townships, &found.villages] {
                let sums = places.iter().fold((0, 0, 0), |(a, b, c), place| {
                    assert_eq!(place.new_leads + place.joined, place.came_in);
                    (a + place.came_in, b + place.dropped_out, c + place.unchanged)
                });
                assert_eq!(sums, (counts.came_in, counts.dropped_out, counts.unchanged));
            }
            assert_eq!(found.new_leads + found.joined, counts.came_in);
            let bars = found.bars.as_ref().unwrap();
            let all = bars.bars.iter().chain([&bars.below, &bars.above]);
            let sums = all.fold((0, 0, 0, 0), |(rows, a, b, c), bar| {
                (rows + bar.rows, a + bar.came_in, b + bar.dropped_out, c + bar.unchanged)
            });
            let known = found.rows - bars.unknown;
            assert_eq!(sums, (known, counts.came_in, counts.dropped_out, counts.unchanged));
            assert_eq!((bars.before, bars.unknown), (Some(1.0), 3));
        }
    });
}

#[test]
fn who_comes_in_is_named_and_who_has_a_lead_gets_no_new_one() {
    with_line_running(|county| {
        let trial = tried(&county.ctx, "income", &[("p.labour_line", "3")]);
        let found = numbers(&trial);
        let open = list(&county.ctx, &Filter::of(State::Waiting), None).unwrap().lines;
        let with_lead = |line: &what_if::Line| {
            let id = line.household.as_deref();
            open.iter().any(|lead| lead.household_id.as_deref() == id)
        };
        let came_in: Vec<_> = found.lines.iter().filter(|line| line.turn == Turn::In).collect();
        let joined = came_in.iter().filter(|line| with_lead(line)).count();
        assert!(joined > 0, "{}: unsafe water is a lead already", county.test.engine);
        assert_eq!(found.joined, i64::try_from(joined).unwrap());
        for line in &came_in {
            let after = line.after.as_ref().unwrap();
            assert!(after.0.starts_with("劳动力") && line.before.is_none(), "{line:?}");
        }
        let busiest = found.villages.iter().max_by_key(|place| place.new_leads).unwrap();
        assert_eq!(busiest.weeks, Some(busiest.new_leads), "one a week");
        let wider = tried(
            &county.ctx,
            "income",
            &[("p.labour_line", "3"), ("p.leads_per_village_week", "5")],
        );
        assert_eq!(numbers(&wider).villages[0].weeks, Some(1));
        assert!(wider.mistakes.is_empty());
        let out = tried(&county.ctx, "income", &[("p.labour_line", "0")]);
        assert!(
            numbers(&out).lines.iter().all(|line| line.turn == Turn::Out && line.before.is_some())
        );
        let village = tried(&county.ctx, "outage", &[("when", "households > 50")]);
        let found = numbers(&village);
        assert_eq!((found.rows, found.counts.came_in, found.counts.unchanged), (2, 1, 1));
        assert_eq!(found.lines[0].number, OTHER);
    });
}

#[test]
fn nobody_is_named_outside_the_scope() {
    with_line_running(|county| {
        let only = |name: &str, village: &str| {
            let person = county.person(name, Role::County, None);
            let mut tx = county.ctx.begin().unwrap();
            let sql = "update scopes set low = $2, high = $2 where account_id = $1";
            tx.exec(sql, store::params![person.actor.account.as_str(), village]).unwrap();
            tx.commit(store::Entry::new(&county.ctx, "test.scope")).unwrap();
            person
        };
        let trial = tried(&only("Ann", VILLAGE), "income", &[("p.labour_line", "9")]);
        let lines = &numbers(&trial).lines;
        assert!(!lines.is_empty() && lines.iter().all(|line| line.village == VILLAGE));
        let elsewhere = tried(&only("Zoe", FAR), "income", &[("p.labour_line", "9")]);
        assert!(numbers(&elsewhere).lines.is_empty());
        for (role, home) in [
            (Role::Village, Some(VILLAGE)),
            (Role::Township, Some("140430203000")),
            (Role::Leader, None),
            (Role::Inspector, None),
        ] {
            let other = county.person(&format!("P{}", role.text()), role, home);
            let refused = what_if(&other, "income", &wanted(&[])).unwrap_err();
            assert_eq!(refused.code(), Some("access.forbidden"));
        }
    });
}

#[test]
fn faults_of_the_address_are_answers() {
    with_line_running(|county| {
        let ctx = &county.ctx;
        let unknown = tried(ctx, "income", &[("p.labor_line", "3")]);
        let near = vec!["labour_line".to_owned()];
        assert_eq!(
            unknown.mistakes,
            [Mistake::NoParameter { name: "labor_line".to_owned(), near }]
        );
        assert!(matches!(unknown.found, Found::Nothing));
        for value in ["many", "-1", "1e30", "1.5"] {
            let trial = tried(ctx, "income", &[("p.labour_line", value)]);
            assert!(matches!(trial.found, Found::Nothing) && trial.mistakes.len() == 1, "{value}");
        }
        let idle = tried(ctx, "house", &[("p.labour_line", "3")]);
        assert_eq!(idle.mistakes, [Mistake::NotRead { name: "labour_line".to_owned() }]);
        assert_eq!(numbers(&idle).counts.came_in, 0);
        let wrong = tried(ctx, "income", &[("when", "labor < 3 and")]);
        assert!(matches!(wrong.found, Found::Nothing) && wrong.problems.len() == 1);
        let wrong = tried(ctx, "income", &[("when", "labor < 3")]);
        assert!(wrong.problems[0].trouble.to_string().contains("labour"), "{:?}", wrong.problems);
        let day = tried(ctx, "income", &[("day", "2031-01-01")]);
        assert!(matches!(day.mistakes[..], [Mistake::ToCome { .. }]));
        assert_eq!(
            what_if(ctx, "none", &wanted(&[])).unwrap_err().code(),
            Some("screening.no_rule")
        );
    });
}

#[test]
fn everybody_nobody_and_nothing_to_divide_by_are_counted_as_they_are() {
    with_line_running(|county| {
        let all = tried(&county.ctx, "income", &[("when", "persons > 0")]);
        let counts = numbers(&all).counts;
        assert_eq!((counts.hits_after, counts.dropped_out), (numbers(&all).rows, 0));
        let none = tried(&county.ctx, "income", &[("when", "persons > 900")]);
        assert_eq!(numbers(&none).counts.hits_after, 0);
        let nil = tried(&county.ctx, "income", &[("when", "persons / (persons - 3) > 1")]);
        let counts = numbers(&nil).counts;
        assert_eq!((counts.hits_after, counts.cannot_tell_after), (0, numbers(&nil).rows));
        let huge = "persons * 999999999999999.0 * 999999999999999.0 * 999999999999999.0 > 1";
        let huge = tried(&county.ctx, "income", &[("when", huge)]);
        assert!(matches!(huge.found, Found::Numbers(_) | Found::Refused), "{:?}", huge.found);
    });
}

#[test]
fn a_condition_that_takes_too_long_is_stopped_and_said_so() {
    with_each(|county| {
        publish(&county.ctx, &with_line(2, 1, &[("house", HOUSE)])).unwrap();
        time_tests::county(&county.ctx);
        let slow = time_tests::slow();
        let when = slow.split("when = \"").nth(1).unwrap().split('"').next().unwrap();
        let asked = wanted(&[("when", when)]);
        let began = std::time::Instant::now();
        let trial = what_if::what_if_within(&county.ctx, ("house", &asked), time_tests::LIMIT);
        assert!(matches!(trial.unwrap().found, Found::Stopped(300)), "{}", county.test.engine);
        assert!(began.elapsed() < Duration::from_secs(20));
    });
}

#[test]
fn a_rule_that_is_not_sound_is_tried_with_a_better_condition() {
    with_each(|county| {
        let broken = INCOME.replace("labour < 1", "labor < 1");
        publish(&county.ctx, &with_line(2, 1, &[("house", HOUSE), ("income", &broken)])).unwrap();
        fill(county);
        let stands = tried(&county.ctx, "income", &[]);
        assert!(matches!(stands.found, Found::Nothing));
        assert_eq!((stands.issues.len(), stands.problems.len()), (1, 1));
        let better = tried(&county.ctx, "income", &[("when", "labour < 1")]);
        let counts = numbers(&better).counts;
        assert!(better.before.is_none() && counts.hits_before == 0 && counts.came_in > 0);
    });
}

#[test]
fn a_past_day_is_asked_with_its_own_facts_and_what_was_confirmed_since() {
    with_line_running(|county| {
        let later = county.on("2026-11-20");
        let rules = [("house", HOUSE), ("income", &income()), ("outage", OUTAGE)];
        let day = "2026-11-01";
        let asked = [("day", day), ("p.labour_line", "3")];
        let id = |ago: i64| format!("{:012x}{:020x}", later.now.millis() - ago * 3_600_000, 1);
        let beside = later.db.file().and_then(|file| file.parent());
        let [left, fresh] =
            [25, 1].map(|hours| beside.map(|b| b.join(format!("as-of-{}", id(hours)))));
        for folder in [&left, &fresh].into_iter().flatten() {
            std::fs::create_dir(folder).unwrap();
        }
        let trial = tried(&later, "income", &asked);
        assert!(!left.is_some_and(|folder| folder.exists()), "a stopped program left it behind");
        assert!(fresh.is_none_or(|folder| folder.exists()));
        let found = numbers(&trial);
        let (lines, _) = screen_preview(&later, Rules::Published, day.parse().unwrap()).unwrap();
        let hits = lines.iter().filter(|line| line.rule_id == "income" && line.certainty == "sure");
        assert_eq!(found.counts.hits_before, i64::try_from(hits.count()).unwrap());
        assert_eq!(found.confirmed, Some((0, 0)));
        let again = tried(&later, "income", &asked);
        assert_eq!(numbers(&again).counts, found.counts, "kept, and the same");
        assert!(previewed(&later, &with_line(3, 3, &rules), "income").0.len() >= 3);
    });
}
