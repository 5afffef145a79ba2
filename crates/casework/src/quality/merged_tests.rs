//! Answers to questions and the help of a household follow a merge and its undoing, on every engine at hand.

use std::collections::BTreeMap;

use kernel::ids::HouseholdId;
use kernel::time::Clock;
use registry::circumstances::ledger::{facts_as_of, hear, rebuild};
use registry::duplicates::{Kind as Of, Pair, undo};
use registry::policies::{Pack, publish};
use store::testing::test_db;
use store::{Ctx, Session};

use super::*;
use crate::assistance::{self, NewMeasure, Subject, measures_of};
use crate::screening::merged_tests::{carried, county};

fn pack() -> Pack {
    let head = "id = \"test\"\nversion = 2\ntitle = { zh = \"试\", en = \"test\" }\nvalid_from = \"2021-01-01\"\nbasis = []\n";
    let check = |id: &str, evidence: &str| {
        format!(
            "id = \"{id}\"\ntitle = {{ zh = \"问\", en = \"Asked\" }}\nset_locally = \"test\"\nlevel = \"household\"\n\
             department = \"agriculture\"\nwhen = \"persons > 0\"\nevidence = [\"{evidence}\"]\n\
             question.zh = \"{{{evidence}}}？\"\nquestion.en = \"{{{evidence}}}?\"\n"
        )
    };
    Pack::read(BTreeMap::from([
        ("pack.toml".to_owned(), head.to_owned()),
        ("checks/same.toml".to_owned(), check("same", "elders_80")),
        ("checks/size.toml".to_owned(), check("size", "persons")),
    ]))
    .unwrap()
}

/// It is really so.
fn say(ctx: &Ctx, check: &str, household: HouseholdId, words: &str) {
    let seen = show(ctx, check, household).unwrap().question.unwrap().seen();
    let (check, code) = (check.to_owned(), "paper_seen".to_owned());
    let words = words.to_owned();
    answer(ctx, &Given { check, household, seen, kind: Kind::True, code, words }).unwrap();
}

/// Where the two questions of the households stand; none where nothing is asked.
fn states(ctx: &Ctx, homes: &[HouseholdId]) -> Vec<[Option<State>; 2]> {
    let of = |home: &HouseholdId| {
        ["same", "size"].map(|check| show(ctx, check, *home).unwrap().question.map(|one| one.state))
    };
    let found: Vec<_> = homes.iter().map(of).collect();
    // the list counts the same
    for state in [State::Open, State::Answered] {
        let filter = Filter { state, check: None, area: None, words: None };
        let counted = found.iter().flatten().filter(|one| **one == Some(state)).count();
        assert_eq!(list(ctx, &filter, (None, 50)).unwrap().total, counted, "{state:?}");
    }
    found
}

#[test]
fn answers_are_those_of_the_household_that_stays_until_the_merge_is_undone() {
    for test in test_db().unwrap() {
        let (ctx, homes, _) = county(&test);
        publish(&ctx, &pack()).unwrap();
        let pair =
            Pair { kind: Of::Household, goes: homes[0].to_string(), stays: homes[1].to_string() };
        say(&ctx, "same", homes[0], "看过");
        say(&ctx, "size", homes[0], "两人");
        let (open, said) = (Some(State::Open), Some(State::Answered));
        let apart = vec![[said, said], [open, open], [open, open]];
        assert_eq!(states(&ctx, &homes), apart, "{}", test.engine);
        let id = carried(&ctx, &pair);
        // four people now: what was said of two does not hold of them
        let one = vec![[None, None], [said, open], [open, open]];
        assert_eq!(states(&ctx, &homes), one, "{}", test.engine);
        let view = show(&ctx, "same", homes[1]).unwrap();
        assert_eq!(view.answers.len(), 1);
        assert_eq!(view.answers[0].merged.as_deref(), Some("H0"), "of whom it was said");
        say(&ctx, "size", homes[1], "四人");
        undo(&ctx, &id, ("两户", true)).unwrap();
        // each has its own again, also what was said of the one that stayed: it was said of four people
        assert_eq!(states(&ctx, &homes), apart, "{}", test.engine);
        assert_eq!(show(&ctx, "size", homes[1]).unwrap().answers.len(), 1);
        // what was said of a household itself stands before what was said of the other
        say(&ctx, "same", homes[1], "自己的");
        carried(&ctx, &pair);
        let view = show(&ctx, "same", homes[1]).unwrap();
        assert_eq!(view.answers.len(), 2);
        assert_eq!(view.question.unwrap().answer.unwrap().words, "自己的");
    }
}

fn promised(household: HouseholdId, on: kernel::time::Day) -> NewMeasure {
    NewMeasure {
        subject: Subject::Household(household),
        kind: "net_dibao".to_owned(),
        aims: vec!["illness".to_owned()],
        words: String::new(),
        office: "civil_affairs".to_owned(),
        owner: "王干事".to_owned(),
        promised_on: on,
        due_on: on.add_days(10),
    }
}

#[test]
fn help_is_that_of_the_household_that_stays_until_the_merge_is_undone() {
    hear(crate::cases::acted);
    for test in test_db().unwrap() {
        let (ctx, homes, _) = county(&test);
        let first = assistance::plan(&ctx, promised(homes[0], ctx.today)).unwrap();
        let help = |ctx: &Ctx, at: usize| {
            let all = measures_of(&mut ctx.read().unwrap(), homes[at], ctx.today).unwrap();
            all.into_iter().map(|one| (one.id, one.subject)).collect::<Vec<_>>()
        };
        let live = |session: &mut Session| {
            let sql = "select cast(coalesce(sum(measures_live), -1) as bigint) from household_facts where household_id = $1";
            let of = |home: &HouseholdId| {
                session.row(sql, store::params![*home]).unwrap().int(0).unwrap()
            };
            homes.iter().map(of).collect::<Vec<_>>()
        };
        let own = vec![(first, Subject::Household(homes[0]))];
        let apart = live(&mut ctx.read().unwrap());
        assert_eq!(
            (help(&ctx, 0), help(&ctx, 1), apart[0]),
            (own.clone(), vec![], 1),
            "{}",
            test.engine
        );
        let pair =
            Pair { kind: Of::Household, goes: homes[0].to_string(), stays: homes[1].to_string() };
        let later = test.system(Clock::Fixed(ctx.now.add_millis(60_000)));
        let id = carried(&later, &pair);
        let moved = vec![(first, Subject::Household(homes[1]))];
        assert_eq!((help(&later, 0), help(&later, 1)), (vec![], moved), "{}", test.engine);
        assert_eq!(live(&mut later.read().unwrap()), [-1, 1, apart[2]], "{}", test.engine);
        assert_eq!(rebuild(&later, &mut |_, _| {}).unwrap().changed, 0, "{}", test.engine);
        // whoever opens it is told for whom it was promised, and goes on with it
        assert_eq!(assistance::show(&later, first).unwrap().subject, Subject::Household(homes[1]));
        let filter = assistance::Filter { state: "due", ..Default::default() };
        let lines = assistance::list(&later, &filter, 10).unwrap().0;
        assert_eq!(lines[0].number.as_deref(), Some("H1"));
        let second = assistance::plan(&later, promised(homes[1], later.today)).unwrap();
        // before the merge was known the help was that of the other
        let then = facts_as_of(&later, (later.today, Some(ctx.now)), &mut |_, _| {}).unwrap();
        assert_eq!(live(&mut then.read().unwrap()), apart, "{}", test.engine);
        let last = test.system(Clock::Fixed(ctx.now.add_millis(120_000)));
        undo(&last, &id, ("两户", true)).unwrap();
        let after = vec![(second, Subject::Household(homes[1]))];
        assert_eq!((help(&last, 0), help(&last, 1)), (own, after), "{}", test.engine);
        assert_eq!(live(&mut last.read().unwrap()), [1, 1, apart[2]], "{}", test.engine);
        assert_eq!(rebuild(&last, &mut |_, _| {}).unwrap().changed, 0, "{}", test.engine);
    }
}
