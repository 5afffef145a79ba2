//! A household splits off a monitored one: what is asked, what goes along, and the undoing; on every engine at hand.

use std::collections::BTreeMap;

use kernel::error::RefusalKind;
use kernel::ids::{HouseholdId, MeasureId, PersonId};
use registry::households::{self, Change, Papers};
use store::{Ctx, Entry, params};

use super::followed_tests::members;
use super::tests::*;
use super::*;
use crate::assistance::{self, NewMeasure, Subject};

fn plan(by: &Ctx, subject: Subject, kind: &str) -> MeasureId {
    let new = NewMeasure {
        subject,
        kind: kind.to_owned(),
        aims: vec!["unstable_work".to_owned()],
        words: String::new(),
        office: String::new(),
        owner: "驻村工作队".to_owned(),
        promised_on: by.today,
        due_on: by.today.add_days(30),
    };
    assistance::plan(by, new).unwrap()
}

/// The son founds a household of his own.
fn split(county: &County<'_>, by: &Ctx, home: HouseholdId, son: PersonId) -> HouseholdId {
    let going = BTreeMap::from([(son, "head".to_owned())]);
    let change = Change::Split { going, new_head: None, group: None };
    households::propose(by, &home.to_string(), by.today, &change, &Papers::default()).unwrap();
    let sql = "select household_id from memberships where person_id = $1 and valid_to is null";
    county.ctx.read().unwrap().row(sql, params![son]).unwrap().parse(0).unwrap()
}

fn version(by: &Ctx, id: MeasureId) -> i64 {
    assistance::show(by, id).unwrap().version
}

fn home_of(by: &Ctx, id: MeasureId) -> HouseholdId {
    assistance::show(by, id).unwrap().subject.household().unwrap()
}

fn waits(by: &Ctx) -> Vec<String> {
    splits_to_check(by, 9).unwrap().into_iter().map(|one| one.reminder.about).collect()
}

/// A case in the village, with two risks, and a son who splits off; a measure for him and one for the household.
struct Start {
    id: kernel::ids::CaseId,
    home: HouseholdId,
    own: HouseholdId,
    son: PersonId,
    his: MeasureId,
    ours: MeasureId,
    later: Ctx,
}

fn start(county: &County<'_>, people: &People) -> Start {
    let village = &people.village;
    let home = county.household(VILLAGE, 1);
    let [_, son] = members(county, home);
    confirm(village, county.lead(home, VILLAGE));
    let id = list(village, &Filter::default(), None).unwrap().lines[0].id;
    consent(village, id);
    save_risks(village, shown(village, id), &[risk("unstable_work"), risk("illness")]).unwrap();
    let his = plan(village, Subject::Person(home, son), "work_local");
    let ours = plan(village, Subject::Household(home), "work_training");
    assert!(waits(village).is_empty());
    let own = split(county, &on(&people.county, "2026-10-14"), home, son);
    Start { id, home, own, son, his, ours, later: on(village, "2026-10-15") }
}

#[test]
fn the_village_is_asked_and_one_touch_opens_the_case_with_what_went_along() {
    with_facts(|county| {
        let people = county.people();
        let Start { id, home, own, his, ours, later, .. } = start(county, &people);
        // the case stays with the old household, and the new one is a question to the village alone
        assert_eq!(county.count("select count(*) from cases"), 1);
        assert_eq!(waits(&later), [own.to_string()], "{}", county.test.engine);
        assert!(waits(&people.stranger).is_empty());
        let seen = show(&later, id).unwrap().splits;
        assert_eq!((seen.len(), seen[0].household, seen[0].people), (1, own, 1));
        assert!(seen[0].said.is_none() && seen[0].case.is_none());
        for by in [&people.county, &people.stranger] {
            let kind = refusal(take_up(by, (id, own))).kind;
            assert!(matches!(kind, RefusalKind::Forbidden | RefusalKind::NotFound), "{kind:?}");
        }
        assert_eq!(refusal(take_up(&later, (id, home))).code, "cases.no_split");
        let new = take_up(&later, (id, own)).unwrap();
        let (old, view) = (show(&later, id).unwrap(), show(&later, new).unwrap());
        assert_eq!((view.case.household, view.case.state.as_str()), (own, "accepted"));
        assert_eq!(view.case.discovered_on, old.case.discovered_on);
        assert_eq!(view.case.total_due, old.case.total_due);
        let codes = |view: &View| view.risks.iter().map(|one| one.risk.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&view), ["unstable_work", "illness"]);
        assert!(view.risks.iter().all(|one| one.found_on.to_string() == FOUND));
        assert!(view.papers.is_empty(), "consent is given by who signs, not by a father");
        assert_eq!((home_of(&later, his), home_of(&later, ours)), (own, home));
        assert!(waits(&later).is_empty());
        assert_eq!(refusal(take_up(&later, (id, own))).code, "cases.split_answered");
        assert_eq!(refusal(leave_out(&later, (id, own), "没有")).code, "cases.split_answered");
        let noted = "select count(*) from journal where verb = 'case.split_take_up'";
        assert_eq!(county.count(noted), 1);
        // undone: nothing is left of it
        undo_split(&later, (id, own)).unwrap();
        assert_eq!(county.count("select count(*) from cases"), 1);
        assert_eq!(county.count("select count(*) from case_risks"), 2);
        assert_eq!((home_of(&later, his), home_of(&later, ours)), (home, home));
        assert_eq!(waits(&later), [own.to_string()]);
        assert_eq!(refusal(undo_split(&later, (id, own))).code, "cases.split_not_answered");
        // taken up again and worked on: it stays
        let again = take_up(&later, (id, own)).unwrap();
        consent(&later, again);
        assert_eq!(refusal(undo_split(&later, (id, own))).code, "cases.split_worked_on");
        assert_eq!(home_of(&later, his), own, "{}", county.test.engine);
    });
}

#[test]
fn a_household_without_a_risk_of_its_own_is_left_out_with_a_reason() {
    with_facts(|county| {
        let people = county.people();
        let Start { id, own, later, .. } = start(county, &people);
        // the county decided on the old household before: its class holds for both parts until somebody looks
        let mut tx = county.ctx.begin().unwrap();
        let now = county.ctx.now;
        tx.exec(
            "insert into statuses (household_id, seq, scheme, value, valid_from, source, recorded_at, batch_id, row_no)
             values ($1, 90, 'monitored', 'object', $2, 'cases', $3, 'b', 1)",
            params![own, FOUND, now],
        )
        .unwrap();
        tx.commit(Entry::new(&county.ctx, "test.status")).unwrap();
        let open = "select count(*) from statuses where scheme = 'monitored' and valid_to is null";
        assert_eq!(county.count(open), 1);
        assert_eq!(refusal(leave_out(&later, (id, own), " ")).code, "cases.fields");
        leave_out(&later, (id, own), "在县城有稳定工作").unwrap();
        assert_eq!(county.count(open), 0);
        assert!(waits(&later).is_empty());
        let said = show(&later, id).unwrap().splits.remove(0).said.unwrap();
        assert_eq!((said.words.as_str(), said.opened), ("在县城有稳定工作", None));
        undo_split(&later, (id, own)).unwrap();
        assert_eq!((county.count(open), waits(&later).len()), (1, 1), "{}", county.test.engine);
    });
}

#[test]
fn a_household_that_splits_off_one_that_a_register_has_is_asked_about_too() {
    with_facts(|county| {
        let people = county.people();
        let home = county.household(VILLAGE, 1);
        let [_, son] = members(county, home);
        county.registered(home, ("marginal", None));
        assert_eq!(county.count("select count(*) from cases"), 1);
        let own = split(county, &on(&people.county, "2026-10-14"), home, son);
        let later = on(&people.village, "2026-10-15");
        let held = "select count(*) from statuses where scheme = 'monitored' and valid_to is null";
        assert_eq!(county.count(held), 2, "what was decided holds for both parts");
        assert_eq!(county.count("select count(*) from cases"), 1, "{}", county.test.engine);
        assert_eq!(waits(&later), [own.to_string()]);
    });
}

#[test]
fn help_for_one_person_goes_along_when_the_person_moves_and_comes_back_when_that_is_undone() {
    with_facts(|county| {
        let people = county.people();
        let Start { home, own, son, his, ours, later, .. } = start(county, &people);
        assert_eq!(
            refusal(assistance::move_along(&later, (ours, 1))).code,
            "assistance.nobody_moved"
        );
        let stranger = refusal(assistance::move_along(&people.stranger, (his, 1)));
        assert_eq!(stranger.kind, RefusalKind::NotFound);
        assistance::move_along(&later, (his, 1)).unwrap();
        assert_eq!(home_of(&later, his), own);
        let stale = refusal(assistance::move_back(&later, (his, 1)));
        assert_eq!(stale.code, "assistance.changed");
        let facts = "select measures_live from household_facts where household_id = $1";
        let live = |of: HouseholdId| {
            let row = county.ctx.read().unwrap().find(facts, params![of]).unwrap();
            row.and_then(|row| row.opt_int(0).unwrap())
        };
        assert_eq!((live(home), live(own)), (Some(1), Some(1)), "{}", county.test.engine);
        let again = refusal(assistance::move_along(&later, (his, version(&later, his))));
        assert_eq!(again.code, "assistance.nobody_moved");
        assistance::move_back(&later, (his, version(&later, his))).unwrap();
        assert_eq!((home_of(&later, his), live(home)), (home, Some(2)));
        // what is over stays where it was given
        let reason = (later.today, "已外出务工");
        assistance::end(&later, (his, version(&later, his)), reason).unwrap();
        let over = refusal(assistance::move_along(&later, (his, version(&later, his))));
        assert_eq!(over.code, "assistance.nobody_moved");
        let noted = "select count(*) from journal where verb in ('assistance.move', 'assistance.move_back')";
        assert_eq!(county.count(noted), 2);
        assert!(assistance::show(&later, his).unwrap().subject.person() == Some(son));
    });
}
