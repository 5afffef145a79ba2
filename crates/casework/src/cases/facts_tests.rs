//! The facts tell of the case and the help of a household: at once, after a rebuild, on a later day, on a past day.

use kernel::ids::HouseholdId;
use registry::circumstances::ledger;
use registry::policies::ShippedCodes;
use store::{Ctx, Entry, params};

use super::facts::{Told, case_facts};
use super::tests::*;
use super::*;
use crate::assistance::{self, Delivered, NewHelper, NewMeasure, Proof, Subject};

/// What stands in some columns, one after the other.
fn facts(ctx: &Ctx, home: HouseholdId) -> Vec<String> {
    let sql = "select measures_live, measures_delivered, measures_overdue, development_measures, helper_named, case_state,
         case_risks, case_risks_without_measure, case_announced_on from household_facts where household_id = $1";
    let row = ctx.read().unwrap().row(sql, params![home]).unwrap();
    row.0.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>()
}

fn told(ctx: &Ctx, home: HouseholdId) -> String {
    let plain = |text: String| {
        let text = text.replace("Null", "-").replace("Int(", "").replace("Text(", "");
        text.replace([')', '"'], "")
    };
    facts(ctx, home).into_iter().map(plain).collect::<Vec<_>>().join(" ")
}

fn nothing_to_mend(ctx: &Ctx) {
    assert_eq!(ledger::rebuild(ctx, &mut |_, _| {}).unwrap().changed, 0);
}

fn measure(home: HouseholdId, kind: &str, due: &str) -> NewMeasure {
    NewMeasure {
        subject: Subject::Household(home),
        kind: kind.to_owned(),
        aims: vec!["unstable_work".to_owned()],
        words: String::new(),
        office: String::new(),
        owner: "陈会计".to_owned(),
        promised_on: FOUND.parse().unwrap(),
        due_on: due.parse().unwrap(),
    }
}

#[test]
fn the_facts_tell_of_case_and_help_and_change_with_them() {
    with_facts(|county| {
        let people = county.people();
        let village = &people.village;
        let home = county.household(VILLAGE, 1);
        let mut tx = county.ctx.begin().unwrap();
        tx.touch_household(home.to_string(), VILLAGE.parse().unwrap());
        tx.commit(Entry::new(&county.ctx, "test.touch")).unwrap();
        // nobody has written anything here: help is unknown, and it is known that there is no case
        assert_eq!(told(village, home), "- - - - -  0 0 -");
        confirm(village, county.lead(home, VILLAGE));
        let id = list(village, &Filter::default(), None).unwrap().lines[0].id;
        assert_eq!(told(village, home), "0 0 0 0 0 accepted 0 0 -");
        nothing_to_mend(&county.ctx);
        consent(village, id);
        save_risks(village, shown(village, id), &[risk("unstable_work"), risk("illness")]).unwrap();
        assert_eq!(told(village, home), "0 0 0 0 0 accepted 2 2 -");
        let plan = |kind: &str, due: &str| assistance::plan(village, measure(home, kind, due));
        let work = plan("work_local", "2026-10-20").unwrap();
        plan("work_training", "2026-10-30").unwrap();
        assert_eq!(told(village, home), "2 0 0 1 0 accepted 2 1 -");
        let third = on(village, "2026-10-15");
        step(&third, id, "check").unwrap();
        let helper = NewHelper {
            name: "李干部".to_owned(),
            unit: "县农业农村局".to_owned(),
            phone: None,
            account: None,
            from: third.today,
            why: String::new(),
        };
        assistance::assign(&on(&people.township, "2026-10-15"), home, None, helper).unwrap();
        assert_eq!(told(village, home), "2 0 0 1 1 checked 2 1 -");
        nothing_to_mend(&on(&county.ctx, "2026-10-15"));
        // the day after the promise it is overdue by itself
        let later = on(&county.ctx, "2026-10-21");
        assert_eq!(ledger::turn_day(&later).unwrap(), 1);
        assert_eq!(told(village, home), "2 0 1 1 1 checked 2 1 -");
        let given = Delivered {
            on: later.today,
            proof: Proof::Contract,
            number: "2026-7".to_owned(),
            amount: None,
            term: Some("2026-11-30".parse().unwrap()),
        };
        assistance::deliver(&on(village, "2026-10-21"), (work, 1), given).unwrap();
        assert_eq!(told(village, home), "2 1 0 1 1 checked 2 1 -");
        nothing_to_mend(&later);
        // what has run out no longer stands; it was given all the same
        let december = on(&county.ctx, "2026-12-01");
        ledger::turn_day(&december).unwrap();
        assert_eq!(told(village, home), "1 1 1 1 1 checked 2 1 -");
        nothing_to_mend(&december);
        // on a past day everything stood as it was done by then
        let then = |day: &str| {
            let asked = (day.parse().unwrap(), None);
            let then = ledger::facts_as_of(&december, asked, &mut |_, _| {}).unwrap();
            let sql = "select measures_live, measures_delivered, helper_named, case_state, case_risks from household_facts
                 where household_id = $1";
            let row = then.read().unwrap().row(sql, params![home]).unwrap();
            let count = |at: usize| row.opt_int(at).unwrap().unwrap_or(-1);
            (count(0), count(1), count(2), row.text(3).unwrap(), count(4))
        };
        assert_eq!(then(FOUND), (2, 0, 0, "accepted".to_owned(), 2), "{}", county.test.engine);
        assert_eq!(then("2026-10-20"), (2, 0, 1, "checked".to_owned(), 2));
        assert_eq!(then("2026-10-22"), (2, 1, 1, "checked".to_owned(), 2));
    });
}

#[test]
fn a_folder_of_an_earlier_program_gets_the_columns_and_what_stands_in_them() {
    with_facts(|county| {
        let people = county.people();
        let (home, _) = county.case(&people.village, 1);
        let before = told(&people.village, home);
        assert_eq!(before, "0 0 0 0 0 accepted 0 0 -");
        county.drop_columns(&[
            "alter table household_facts drop column case_state",
            "delete from fact_meaning",
        ]);
        assert!(ledger::ensure_tables(&county.ctx.db).unwrap(), "{}", county.test.engine);
        ledger::rebuild(&county.ctx, &mut |_, _| {}).unwrap();
        assert_eq!(told(&people.village, home), before);
        nothing_to_mend(&county.ctx);
    });
}

#[test]
fn a_removed_case_says_so_and_a_risk_that_is_gone_needs_no_measure() {
    let case = Told {
        id: "1".to_owned(),
        state: "removed".to_owned(),
        discovered_on: "2026-01-05".parse().unwrap(),
        accepted_on: "2026-01-06".parse().unwrap(),
        announced_on: Some("2026-01-20".parse().unwrap()),
        removed_on: Some("2026-09-01".parse().unwrap()),
        risks: vec![("illness".to_owned(), false), ("schooling".to_owned(), true)],
    };
    let row = case_facts(Some(&case), &[]);
    assert_eq!((row.case_risks, row.case_risks_without_measure), (Some(2), Some(1)));
    assert_eq!(row.case_removed_on, case.removed_on);
    assert_eq!(row.case_accepted_on, Some(case.accepted_on));
    let none = case_facts(None, &[]);
    assert_eq!((none.case_state.as_deref(), none.case_risks), (Some(""), Some(0)));
    assert_eq!(none.case_discovered_on, None);
}

#[test]
fn every_kind_of_help_that_counts_as_development_stands_in_a_group_of_development() {
    let groups = ["industry", "work", "post", "finance"];
    for kind in ShippedCodes::Measures.all().iter().filter(|kind| kind.is("development")) {
        let group = kind.of.as_deref().unwrap_or_default();
        assert!(groups.contains(&group), "{}", kind.code);
    }
}
