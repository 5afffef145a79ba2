//! A household is divided, moves to another township, loses its head in mid-case: the case goes on with it. And cards of many.

use std::collections::BTreeMap;

use kernel::ids::{CaseId, HouseholdId, PersonId};
use registry::households::{self, Change, Papers};
use store::{Ctx, Entry, params};

use super::tests::*;
use super::*;

/// Two members of a household: the head and a grown son.
pub(super) fn members(county: &County<'_>, home: HouseholdId) -> [PersonId; 2] {
    let people: [PersonId; 2] = [county.ctx.new_id(), county.ctx.new_id()];
    let mut tx = county.ctx.begin().unwrap();
    let now = tx.now();
    for (at, person) in people.iter().enumerate() {
        let (name, kin) = [("王老大", "head"), ("王小二", "son")][at];
        tx.exec(
            "insert into persons (id, number, name, name_key, sex, birth_day, id_state, certificate)
             values ($1, $1, $2, $2, 'male', '1980-05-01', 'missing', 'none')",
            params![*person, name],
        )
        .unwrap();
        tx.exec(
            "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
             values ($1, $2, '2020-01-01', $3, 'register', 1, 1, 1, $4)",
            params![home, *person, kin, now],
        )
        .unwrap();
    }
    tx.exec("update households set head_id = $2 where id = $1", params![home, people[0]]).unwrap();
    tx.touch_household(home.to_string(), VILLAGE.parse().unwrap());
    tx.commit(Entry::new(&county.ctx, "test.members")).unwrap();
    people
}

fn change(by: &Ctx, home: HouseholdId, change: &Change) {
    households::propose(by, &home.to_string(), by.today, change, &Papers::default()).unwrap();
}

/// Its clocks, state and village.
fn stands(by: &Ctx, id: CaseId) -> (String, String, String) {
    let case = show(by, id).unwrap().case;
    let day = |day: Option<kernel::time::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    (case.state, format!("{} {}", day(case.due), day(case.total_due)), case.village.to_string())
}

#[test]
fn a_case_goes_with_a_household_that_is_divided_moves_and_loses_its_head() {
    with_facts(|county| {
        let people = county.people();
        let home = county.household(VILLAGE, 1);
        let [head, son] = members(county, home);
        confirm(&people.village, county.lead(home, VILLAGE));
        let id = list(&people.village, &Filter::default(), None).unwrap().lines[0].id;
        let before = stands(&people.village, id);
        assert_eq!(show(&people.village, id).unwrap().followed, Followed::default());
        let later = on(&people.county, "2026-10-13");
        // divided: the case stays with the old household
        let going = BTreeMap::from([(son, "head".to_owned())]);
        change(&later, home, &Change::Split { going, new_head: None, group: None });
        let view = show(&people.village, id).unwrap();
        assert_eq!((view.case.household, stands(&people.village, id)), (home, before.clone()));
        let (day, gone, own) = view.followed.divided.unwrap();
        assert_eq!((day.to_string().as_str(), gone), ("2026-10-13", 1));
        assert_ne!(own.unwrap(), home.to_string());
        assert_eq!(county.count("select count(*) from cases"), 1);
        // moved to another township: who works there goes on, with the days that were set
        let moves = Change::Move { village: FAR.parse().unwrap(), group: None, address: None };
        change(&later, home, &moves);
        assert!(show(&people.village, id).is_err(), "no longer theirs");
        let view = show(&people.stranger, id).unwrap();
        let (day, from) = view.followed.moved.unwrap();
        assert_eq!((day.to_string().as_str(), from.as_str()), ("2026-10-13", "牛寺村"));
        let after = stands(&people.stranger, id);
        assert_eq!((&after.0, &after.1), (&before.0, &before.1), "state and clocks stay");
        assert_eq!(after.2, FAR);
        assert_eq!(work_counts(&people.stranger).unwrap().all, 1);
        assert_eq!(work_counts(&people.village).unwrap().all, 0);
        step(&on(&people.stranger, "2026-10-13"), id, "refuse_at_door").unwrap();
        step(&on(&people.stranger, "2026-10-13"), id, "appeal").unwrap();
        // the head dies, and nobody is left: the case stays until somebody ends it
        change(
            &on(&people.county, "2026-10-14"),
            home,
            &Change::Death { person: head, new_head: None },
        );
        let view = show(&people.stranger, id).unwrap();
        let (day, name) = view.followed.head_died.clone().unwrap();
        assert_eq!((day.to_string().as_str(), name.as_str()), ("2026-10-14", "王老大"));
        assert_eq!(view.case.state, "accepted", "{}", county.test.engine);
        let facts = "select count(*) from household_facts where household_id = $1 and case_state = 'accepted'";
        let row = county.ctx.read().unwrap().row(facts, params![home]).unwrap();
        assert!(row.int(0).unwrap() <= 1);
    });
}

#[test]
fn many_cards_are_made_beside_the_request_and_handed_out_once() {
    with_each(|county| {
        let people = county.people();
        let mut homes = Vec::new();
        for _ in 0..54 {
            let home = county.household(VILLAGE, 1);
            confirm(&people.village, county.lead(home, VILLAGE));
            homes.push(home);
        }
        let home = homes[0];
        help(&people.village, home, "work_local");
        let filter = Filter { phase: Some("running".to_owned()), ..Filter::default() };
        let ask = |by: &Ctx| print_cards(by, "/cases/papers/card", &filter).unwrap();
        assert!(matches!(ask(&people.village), Printing::Working(_, 54)), "{}", county.test.engine);
        // somebody else has a document of their own
        assert!(matches!(ask(&people.stranger), Printing::Ready((_, cards)) if cards.is_empty()));
        let made = loop {
            match ask(&people.village) {
                Printing::Ready((_, cards)) => break cards,
                Printing::Working(done, of) => assert!(done <= of),
            }
            std::thread::yield_now();
        };
        assert_eq!(made.len(), 54);
        let helped = made.iter().find(|card| card.line.household == home.to_string()).unwrap();
        assert_eq!(helped.measures.len(), 1);
        // the next time it is made anew
        assert!(matches!(ask(&people.village), Printing::Working(_, 54)));
        // few are there at once
        let few = Filter { text: Some(helped.line.number.clone()), ..filter.clone() };
        let few = print_cards(&people.village, "few", &few).unwrap();
        assert!(matches!(few, Printing::Ready((_, cards)) if cards.len() == 1));
    });
}

#[test]
fn a_list_is_narrowed_and_counts_those_among_which_it_looks() {
    with_each(|county| {
        let people = county.people();
        let by = &people.village;
        let (home, _) = county.case(by, 1);
        county.case(by, 1);
        let (_, gone) = county.case(by, 1);
        let [head, _] = members(county, home);
        let mut tx = county.ctx.begin().unwrap();
        let over = "update cases set state = 'followed', phase = 'follow', due_on = null, total_due_on = null where id = $1";
        tx.exec(over, params![gone]).unwrap();
        tx.exec(
            "insert into search_keys (key, kind, household_id, person_id, village_code) values ($1, 'name', $2, $3, $4)",
            params!["王老大", home, head, VILLAGE],
        )
        .unwrap();
        tx.commit(Entry::new(&county.ctx, "test.closed")).unwrap();
        let of = |filter: Filter| {
            let page = list(by, &filter, None).unwrap();
            let known: Vec<String> =
                page.states.iter().map(|(state, _, _)| state.clone()).collect();
            assert_eq!(page.lines.len(), usize::try_from(page.total).unwrap(), "{filter:?}");
            (page.total, page.among, known.join(" "))
        };
        let phase = |phase: &str| Filter { phase: Some(phase.to_owned()), ..Filter::default() };
        let both = "accepted followed".to_owned();
        assert_eq!(of(Filter::default()), (3, Among::All, both.clone()), "{}", county.test.engine);
        assert_eq!(of(phase("running")), (2, Among::All, both.clone()));
        assert_eq!(of(phase("closed")), (1, Among::All, both.clone()));
        assert_eq!(of(phase("help")).0, 0);
        let state = |state: &str| Some(state.to_owned());
        assert_eq!(
            of(Filter { state: state("followed"), ..Filter::default() }),
            (1, Among::All, both)
        );
        let owner = Filter { owner: Some("village".to_owned()), ..Filter::default() };
        let running = Filter { phase: Some("running".to_owned()), ..owner.clone() };
        assert_eq!(of(running), (2, Among::Running, "accepted".to_owned()));
        let closed = Filter { state: state("followed"), ..owner };
        assert_eq!(of(closed), (1, Among::Closed, "followed".to_owned()));
        let named = |text: &str| Filter { text: Some(text.to_owned()), ..phase("running") };
        assert_eq!(of(named("王老大")).0, 1);
        assert_eq!(of(named("王小二")).0, 0, "the head only");
        assert_eq!(of(named(&home.to_string())).0, 1, "by the number of the household");
        let stranger = list(&people.stranger, &Filter::default(), None).unwrap();
        assert_eq!((stranger.total, stranger.states.len()), (0, 0));
    });
}
