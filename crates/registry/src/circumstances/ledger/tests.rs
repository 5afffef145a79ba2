//! The laws of the fact tables on every engine at hand.

use kernel::area::AreaCode;
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::permission::{Permission, Role};
use kernel::time::{Clock, Day};
use proptest::prelude::*;
use store::testing::test_db;
use store::{Ctx, Entry, Row, Value, params};

use super::*;
use crate::circumstances::topics::{
    Body, CertificateChange, Complaint, DisabilityCertificate, DisasterLoss, HospitalStay,
    LoanState, Topic, WaterOutage,
};
use crate::households::sample::{area, county, day, someone};
use crate::households::{Change, Newcomer, Outcome, Papers, propose};
use crate::people::Sex;

mod whole;

const HERE: &str = "140430203201";

fn each(check: impl Fn(&Ctx)) {
    for test in test_db().unwrap() {
        assert!(!ensure_tables(&test.db).unwrap());
        test.db.derive_with(vec![derivation]).unwrap();
        let ctx = test.system(Clock::fixed_on(day("2026-10-31")));
        county(&ctx);
        check(&ctx);
    }
}

fn households(ctx: &Ctx) -> Vec<(HouseholdId, AreaCode)> {
    let sql = "select id, village_code from households where village_code is not null and closed_on is null order by number";
    let rows = ctx.read().unwrap().rows(sql, &[]).unwrap();
    rows.iter().map(|row| (row.parse(0).unwrap(), row.parse(1).unwrap())).collect()
}

fn people(ctx: &Ctx, household: HouseholdId) -> Vec<(PersonId, String)> {
    let sql = "select person_id, kin from memberships where household_id = $1 and valid_to is null order by person_id";
    let rows = ctx.read().unwrap().rows(sql, params![household]).unwrap();
    rows.iter().map(|row| (row.parse(0).unwrap(), row.text(1).unwrap())).collect()
}

fn fact(ctx: &Ctx, sql: &'static str, of: impl Into<Value>) -> Option<i64> {
    ctx.read()
        .unwrap()
        .find(sql, &[of.into()])
        .unwrap()
        .and_then(|row: Row| row.opt_int(0).unwrap())
}

fn oop(ctx: &Ctx, household: HouseholdId) -> Option<i64> {
    fact(ctx, "select oop_12m from household_facts where household_id = $1", household)
}

fn count(ctx: &Ctx, sql: &'static str) -> i64 {
    ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap()
}

fn nothing_to_change(ctx: &Ctx) {
    assert_eq!(rebuild(ctx, &mut |_, _| {}).unwrap().changed, 0);
}

fn batch(ctx: &Ctx, list: &str) -> BatchId {
    let id: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
         values ($1, $2, 'x', $2, 'x.csv', $1, 'staging', 'system', $3)",
        params![id, list, ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "intake.upload")).unwrap();
    id
}

struct Says {
    person: Option<PersonId>,
    household: Option<HouseholdId>,
    village: AreaCode,
    topic: Topic,
    on: Day,
    body: String,
}

fn says(who: (Option<PersonId>, Option<HouseholdId>, AreaCode), on: Day, body: &impl Body) -> Says {
    let (person, household, village) = who;
    Says { person, household, village, topic: topic_of(body), on, body: body.to_json().unwrap() }
}

fn topic_of<B: Body>(_: &B) -> Topic {
    B::TOPIC
}

fn write(ctx: &Ctx, id: BatchId, row: i64, says: &Says) {
    let (subject, about) = match (says.person, says.household) {
        (Some(person), _) => ("person", person.to_string()),
        (None, Some(household)) => ("household", household.to_string()),
        (None, None) => ("village", says.village.to_string()),
    };
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
                              valid_from, recorded_at, body)
         values ($1, $2, 0, $3, $4, $5, $6, $7, 'x', $8, $9, $10)",
        &[
            id.into(),
            row.into(),
            subject.into(),
            about.into(),
            says.household.into(),
            says.village.into(),
            says.topic.as_str().into(),
            says.on.into(),
            ctx.now.into(),
            Value::from(&says.body),
        ],
    )
    .unwrap();
    tx.commit_staged(&id.to_string()).unwrap();
}

fn flip(ctx: &Ctx, id: BatchId, state: &'static str) {
    let mut tx = ctx.begin().unwrap();
    let sql = "select distinct household_id, village_code from records where batch_id = $1";
    for row in tx.rows(sql, params![id]).unwrap() {
        let village: AreaCode = row.parse(1).unwrap();
        match row.opt_text(0).unwrap() {
            Some(household) => tx.touch_household(household, village),
            None => tx.touch_village(village),
        }
    }
    tx.exec(
        "update batches set state = $2, accepted_at = coalesce(accepted_at, $3), ended_at = case when $2 = 'accepted' then null else $3 end
         where id = $1",
        params![id, state, ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
}

fn bill(fen: i64) -> HospitalStay {
    HospitalStay { out_of_pocket_fen: Some(fen), ..HospitalStay::default() }
}

/// A list with one bill of the first member of the first household, accepted.
fn accepted_bill(ctx: &Ctx, row: i64, fen: i64) -> (HouseholdId, PersonId, BatchId) {
    let (home, village) = households(ctx)[0];
    let who = people(ctx, home)[0].0;
    let list = batch(ctx, "medical_stays");
    write(ctx, list, row, &says((Some(who), Some(home), village), day("2026-05-06"), &bill(fen)));
    flip(ctx, list, "accepted");
    (home, who, list)
}

#[test]
fn a_register_fills_the_tables_in_its_own_commit() {
    each(|ctx| {
        assert_eq!(count(ctx, "select count(*) from household_facts"), 2);
        assert_eq!(count(ctx, "select count(*) from person_facts"), 6);
        assert_eq!(
            fact(ctx, "select persons from village_facts where village_code = $1", HERE),
            Some(3)
        );
        nothing_to_change(ctx);
    });
}

#[test]
fn a_bill_counts_from_the_commit_in_which_its_list_is_accepted_and_no_longer_when_it_is_taken_back()
{
    each(|ctx| {
        let (home, village) = households(ctx)[0];
        let who = people(ctx, home)[0].0;
        let list = batch(ctx, "medical_stays");
        write(
            ctx,
            list,
            1,
            &says((Some(who), Some(home), village), day("2026-05-06"), &bill(123_400)),
        );
        assert_eq!(oop(ctx, home), None);
        flip(ctx, list, "accepted");
        assert_eq!(oop(ctx, home), Some(123_400));
        assert_eq!(
            fact(ctx, "select oop_12m from person_facts where person_id = $1", who),
            Some(123_400)
        );
        nothing_to_change(ctx);
        flip(ctx, list, "reverted");
        assert_eq!(oop(ctx, home), None);
        nothing_to_change(ctx);
    });
}

#[test]
fn an_outage_reaches_every_household_of_the_village_and_no_other() {
    each(|ctx| {
        let all = households(ctx);
        let list = batch(ctx, "water_outages");
        let out = WaterOutage { restored_on: Some(day("2026-10-11")), ..WaterOutage::default() };
        write(ctx, list, 1, &says((None, None, all[0].1), day("2026-10-01"), &out));
        flip(ctx, list, "accepted");
        let days = |id: HouseholdId| {
            fact(ctx, "select water_outage_days from household_facts where household_id = $1", id)
        };
        assert_eq!((days(all[0].0), days(all[1].0)), (Some(10), None));
        nothing_to_change(ctx);
    });
}

#[test]
fn values_turn_with_the_day_and_what_was_missed_is_caught_up() {
    each(|ctx| {
        let (home, _, _) = accepted_bill(ctx, 1, 100);
        let later = Ctx::system(&ctx.db, Clock::fixed_on(day("2027-05-06")));
        assert_eq!(oop(ctx, home), Some(100));
        assert!(turn_day(&later).unwrap() > 0);
        assert_eq!(oop(ctx, home), None, "a year later the bill has left the twelve months");
        nothing_to_change(&later);
        assert_eq!(turn_day(&later).unwrap(), 0);
    });
}

#[test]
fn a_changed_column_makes_the_tables_anew_and_a_rebuild_fills_them() {
    each(|ctx| {
        let mut tx = ctx.begin().unwrap();
        tx.exec("update fact_meaning set meaning = 'old'", &[]).unwrap();
        tx.commit(Entry::new(ctx, "test")).unwrap();
        assert!(ensure_tables(&ctx.db).unwrap());
        assert_eq!(count(ctx, "select count(*) from household_facts"), 0);
        assert_eq!(rebuild(ctx, &mut |_, _| {}).unwrap().changed, 2 + 6 + 2);
        assert!(!ensure_tables(&ctx.db).unwrap());
        nothing_to_change(ctx);
    });
}

#[test]
fn a_past_day_is_a_question_and_leaves_no_trace() {
    each(|ctx| {
        let (home, _, _) = accepted_bill(ctx, 1, 100);
        let moved = Change::Move { village: area("140430203202"), group: None, address: None };
        propose(ctx, &home.to_string(), day("2026-06-01"), &moved, &Papers::default()).unwrap();
        let at = |on: &str| {
            let then = facts_as_of(ctx, (day(on), None), &mut |_, _| {}).unwrap();
            let sql = "select village_code, oop_12m from household_facts where household_id = $1";
            let row = then.read().unwrap().row(sql, params![home]).unwrap();
            let all = then.read().unwrap().row("select count(*) from person_facts", &[]).unwrap();
            (row.text(0).unwrap(), row.opt_int(1).unwrap(), all.int(0).unwrap())
        };
        assert_eq!(at("2026-05-05"), (HERE.to_owned(), None, 6));
        assert_eq!(at("2026-05-06"), (HERE.to_owned(), Some(100), 6));
        assert_eq!(at("2026-10-31"), ("140430203202".to_owned(), Some(100), 6));
        assert_eq!(oop(ctx, home), Some(100));
        let before = ctx.now.add_millis(-60_000);
        let then = facts_as_of(ctx, (ctx.today, Some(before)), &mut |_, _| {}).unwrap();
        let all = then.read().unwrap().row("select count(*) from person_facts", &[]).unwrap();
        assert_eq!(all.int(0).unwrap(), 0, "a minute before, nothing was known");
    });
}

/// What a household bore and what is so of its people, on a day: `oop_12m`, `loan_balance`, `labour`.
fn borne(ctx: &Ctx, household: HouseholdId, on: &str) -> (Option<i64>, Option<i64>, Option<i64>) {
    let then = facts_as_of(ctx, (day(on), None), &mut |_, _| {}).unwrap();
    let sql = "select oop_12m, loan_balance, disabled from household_facts where household_id = $1";
    let found = then.read().unwrap().find(sql, params![household]).unwrap();
    let at = |index| found.as_ref().and_then(|row: &Row| row.opt_int(index).unwrap());
    (at(0), at(1), at(2))
}

/// A bill of May, a loan and a certificate of the third member of a household.
fn son_with_a_bill_a_loan_and_a_certificate(ctx: &Ctx) -> (HouseholdId, AreaCode, PersonId) {
    let (home, village) = households(ctx)[0];
    let son = people(ctx, home).into_iter().find(|(_, kin)| kin == "son").unwrap().0;
    let list = batch(ctx, "mixed");
    let who = (Some(son), Some(home), village);
    write(ctx, list, 1, &says(who, day("2026-05-06"), &bill(100)));
    let loan = LoanState { balance_fen: Some(5_000), ..LoanState::default() };
    write(ctx, list, 2, &says(who, day("2026-05-31"), &loan));
    let paper = DisabilityCertificate {
        change: Some(CertificateChange::New),
        level: Some(2),
        ..DisabilityCertificate::default()
    };
    write(ctx, list, 3, &says(who, day("2026-05-20"), &paper));
    flip(ctx, list, "accepted");
    (home, village, son)
}

fn split_off(ctx: &Ctx, home: HouseholdId, person: PersonId, on: &str) -> HouseholdId {
    let going = [(person, "head".to_owned())].into_iter().collect();
    let split = Change::Split { going, new_head: None, group: None };
    let done = propose(ctx, &home.to_string(), day(on), &split, &Papers::default()).unwrap();
    let Outcome::Done(own) = done else { panic!("the system confirms at once") };
    own
}

#[test]
fn who_sets_up_a_household_leaves_the_bill_behind_and_takes_loan_and_certificate_along() {
    each(|ctx| {
        let (home, village, son) = son_with_a_bill_a_loan_and_a_certificate(ctx);
        let own = split_off(ctx, home, son, "2026-10-10");
        let all = |id| {
            let sql = "select oop_12m, loan_balance, disabled from household_facts where household_id = $1";
            let row = ctx.read().unwrap().row(sql, params![id]).unwrap();
            (row.opt_int(0).unwrap(), row.opt_int(1).unwrap(), row.opt_int(2).unwrap())
        };
        assert_eq!(all(home), (Some(100), None, None));
        assert_eq!(all(own), (None, Some(5_000), Some(1)));
        let own_bills = "select oop_12m from person_facts where person_id = $1";
        assert_eq!(fact(ctx, own_bills, son), Some(100), "the bill stays the person's own");
        assert_eq!(borne(ctx, home, "2026-10-09").0, Some(100));
        assert_eq!(borne(ctx, home, "2026-10-09").1, Some(5_000), "before the split it was here");
        assert_eq!(borne(ctx, own, "2026-10-09"), (None, None, None), "it did not exist yet");
        assert_eq!(borne(ctx, home, "2026-10-10"), (Some(100), None, None));
        nothing_to_change(ctx);

        // a list that comes after the split, given to the household of today, about a day before and one after it
        let list = batch(ctx, "medical_stays");
        let who = (Some(son), Some(own), village);
        write(ctx, list, 1, &says(who, day("2026-06-01"), &bill(30)));
        write(ctx, list, 2, &says(who, day("2026-10-20"), &bill(7)));
        flip(ctx, list, "accepted");
        assert_eq!((oop(ctx, home), oop(ctx, own)), (Some(130), Some(7)));
        assert_eq!(fact(ctx, own_bills, son), Some(137));
        nothing_to_change(ctx);
        flip(ctx, list, "reverted");
        assert_eq!((oop(ctx, home), oop(ctx, own)), (Some(100), None));
        nothing_to_change(ctx);
    });
}

#[test]
fn a_household_that_joins_another_hands_on_bills_and_incomes_and_nothing_counts_twice() {
    each(|ctx| {
        let (home, _, son) = son_with_a_bill_a_loan_and_a_certificate(ctx);
        let income = batch(ctx, "income");
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "insert into incomes (household_id, to_day, line, batch_id, row_no, from_day, amount_fen, source)
             values ($1, '2026-06-30', 'a1', $2, 1, '2026-01-01', 90000, 'x')",
            params![home, income],
        )
        .unwrap();
        tx.exec(
            "update batches set state = 'accepted', accepted_at = uploaded_at where id = $1",
            params![income],
        )
        .unwrap();
        tx.touch_household(home.to_string(), area(HERE));
        tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
        let (other, _) = households(ctx)[1];
        let kins = people(ctx, home).into_iter().map(|(id, _)| (id, "other".to_owned())).collect();
        let merge = Change::Merge { into: other, kins };
        propose(ctx, &home.to_string(), day("2026-10-10"), &merge, &Papers::default()).unwrap();
        assert_eq!(oop(ctx, home), None);
        assert_eq!(oop(ctx, other), Some(100));
        let earned = "select income_12m from household_facts where household_id = $1";
        assert_eq!(fact(ctx, earned, other), Some(90_000));
        let all = "select count(*) from household_facts";
        assert_eq!(count(ctx, all), 1);
        let labour = "select oop_12m from person_facts where person_id = $1";
        assert_eq!(fact(ctx, labour, son), Some(100));
        assert_eq!(borne(ctx, home, "2026-10-09"), (Some(100), Some(5_000), Some(1)));
        assert_eq!(borne(ctx, other, "2026-10-09").0, None);
        nothing_to_change(ctx);
        // and the son goes on to a household of his own: the bill stays with those who took it over
        let own = split_off(ctx, other, son, "2026-10-20");
        assert_eq!((oop(ctx, other), oop(ctx, own)), (Some(100), None));
        assert_eq!(borne(ctx, other, "2026-10-15").1, Some(5_000));
        nothing_to_change(ctx);
    });
}

#[test]
fn income_from_before_a_split_is_shared_by_heads_and_what_was_decided_holds_for_both() {
    each(|ctx| {
        let (home, _, son) = son_with_a_bill_a_loan_and_a_certificate(ctx);
        let income = batch(ctx, "income");
        let mut tx = ctx.begin().unwrap();
        for (row, to_day, fen) in [(1, "2026-06-30", 90_000), (2, "2026-10-31", 600)] {
            tx.exec(
                "insert into incomes (household_id, to_day, line, batch_id, row_no, from_day, amount_fen, source)
                 values ($1, $2, 'a1', $3, $4, '2026-01-01', $5, 'x')",
                params![home, to_day, income, row, fen],
            )
            .unwrap();
        }
        tx.exec(
            "insert into statuses (household_id, seq, scheme, value, valid_from, source, recorded_at, batch_id, row_no)
             values ($1, 90, 'monitored', 'sudden', '2026-03-01', 'hand', $2, $3, 1),
                    ($1, 91, 'dibao', 'yes', '2026-03-01', 'hand', $2, $3, 1)",
            params![home, ctx.now, income],
        )
        .unwrap();
        tx.exec(
            "update batches set state = 'accepted', accepted_at = uploaded_at where id = $1",
            params![income],
        )
        .unwrap();
        tx.touch_household(home.to_string(), area(HERE));
        tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
        let own = split_off(ctx, home, son, "2026-10-10");
        let earned = "select income_12m from household_facts where household_id = $1";
        assert_eq!(fact(ctx, earned, home), Some(60_600), "what came after the split is its own");
        assert_eq!(fact(ctx, earned, own), Some(30_000));
        let per_head = "select income_pc from household_facts where household_id = $1";
        assert_eq!(fact(ctx, per_head, own), Some(30_000), "as much a head as before");
        let decided = |id| {
            let sql = "select monitored, dibao, hh_type, monitor_type from household_facts where household_id = $1";
            let row = ctx.read().unwrap().row(sql, params![id]).unwrap();
            let text = |index| row.opt_text(index).unwrap().unwrap_or_default();
            (row.opt_int(0).unwrap(), row.opt_int(1).unwrap(), text(2), text(3))
        };
        let (kind, class) = ("脱贫户".to_owned(), "突发严重困难户".to_owned());
        assert_eq!(decided(home), (Some(1), Some(1), kind.clone(), class.clone()));
        assert_eq!(decided(own), (Some(1), None, kind, class), "dibao is looked at anew");
        let shown = crate::circumstances::incomes::list_counted(
            &mut ctx.read().unwrap(),
            own,
            (day("2025-01-01"), ctx.today),
        );
        let shown: Vec<_> =
            shown.unwrap().iter().map(|one| (one.amount_fen, one.part_of_fen)).collect();
        assert_eq!(shown, [(30_000, Some(90_000))]);
        nothing_to_change(ctx);

        // and back again: nothing was lost on the way
        let kins = [(son, "son".to_owned())].into_iter().collect();
        let merge = Change::Merge { into: home, kins };
        propose(ctx, &own.to_string(), day("2026-10-20"), &merge, &Papers::default()).unwrap();
        assert_eq!(fact(ctx, earned, home), Some(90_600));
        nothing_to_change(ctx);
    });
}

#[test]
fn what_was_said_about_somebody_is_on_the_page_of_the_household_where_it_counts() {
    each(|ctx| {
        let (home, _, son) = son_with_a_bill_a_loan_and_a_certificate(ctx);
        let own = split_off(ctx, home, son, "2026-10-10");
        let told = |id: HouseholdId, on: &str| {
            let mut session = ctx.read().unwrap();
            let said = crate::circumstances::list_records(&mut session, id, day(on)).unwrap();
            let mut topics: Vec<Topic> = said
                .iter()
                .filter(|said| said.person == Some(son.to_string()))
                .map(|said| said.topic)
                .collect();
            topics.sort();
            topics
        };
        let goes_along = [Topic::RegisterPerson, Topic::DisabilityCertificate, Topic::LoanState];
        assert_eq!(told(home, "2026-10-31"), [Topic::HospitalStay]);
        assert_eq!(told(own, "2026-10-31"), goes_along);
        assert_eq!(told(home, "2026-10-09").len(), 4);
        assert_eq!(told(own, "2026-10-09").len(), 0);
    });
}

#[test]
fn a_value_opens_to_the_row_behind_it_for_those_who_may_see_the_household() {
    each(|ctx| {
        let (home, _, list) = accepted_bill(ctx, 7, 100);
        let behind = |ctx: &Ctx| {
            let permit = ctx.permit(Permission::HouseholdSee).unwrap();
            evidence_of(
                ctx,
                (&mut ctx.read().unwrap(), &permit),
                home,
                &["oop_12m", "loan_balance"],
            )
        };
        let rows = behind(ctx).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].batch, rows[0].row, rows[0].on), (list, 7, Some(day("2026-05-06"))));
        assert_eq!(rows[0].file, "x.csv");
        let cell = format!("/intake/batches/{list}/rows/7?field=out_of_pocket_fen");
        assert_eq!(rows[0].href(), cell, "the cell of the amount");
        let eve = someone(ctx, "eve", Role::Township, "140430204000");
        assert!(behind(&eve).is_err());
    });
}

#[test]
fn the_highest_of_several_opens_to_its_own_row() {
    each(|ctx| {
        let (home, who, list) = accepted_bill(ctx, 7, 100);
        let next = batch(ctx, "medical_stays");
        let village = households(ctx)[0].1;
        for (row, on, fen) in [(3, "2026-06-01", 900), (4, "2026-07-01", 500)] {
            let who = (Some(who), Some(home), village);
            write(ctx, next, row, &says(who, day(on), &bill(fen)));
        }
        flip(ctx, next, "accepted");
        let permit = ctx.permit(Permission::HouseholdSee).unwrap();
        let behind = |column: &str| {
            let mut session = ctx.read().unwrap();
            let rows = evidence_of(ctx, (&mut session, &permit), home, &[column]).unwrap();
            rows.into_iter().map(|row| (row.batch, row.row)).collect::<Vec<_>>()
        };
        assert_eq!(behind("oop_max_stay"), [(next, 3)], "the dearest bill");
        assert_eq!(behind("oop_12m"), [(list, 7), (next, 3), (next, 4)], "all of them");
    });
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Birth(usize),
    Death(usize, usize),
    Leave(usize, usize),
    Split(usize),
    Merge(usize, usize),
    Move(usize, bool),
    List { rows: Vec<(usize, usize, i64, u8)>, then_reverted: bool },
    Revert(usize),
    Income(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let n = || 0..6_usize;
    prop_oneof![
        n().prop_map(Step::Birth),
        (n(), n()).prop_map(|(a, b)| Step::Death(a, b)),
        (n(), n()).prop_map(|(a, b)| Step::Leave(a, b)),
        n().prop_map(Step::Split),
        (n(), n()).prop_map(|(a, b)| Step::Merge(a, b)),
        (n(), any::<bool>()).prop_map(|(a, b)| Step::Move(a, b)),
        (prop::collection::vec((n(), n(), 0..900_i64, 0..5_u8), 1..4), any::<bool>())
            .prop_map(|(rows, then_reverted)| Step::List { rows, then_reverted }),
        n().prop_map(Step::Revert),
        (n(), 0..900_i64).prop_map(|(a, b)| Step::Income(a, b)),
    ]
}

/// Carries a step out; a change that the rules refuse is no change.
fn take(ctx: &Ctx, step: &Step, lists: &mut Vec<BatchId>) {
    let all = households(ctx);
    if all.is_empty() {
        return; // everybody has left or died: there is nothing to change
    }
    let at = |index: usize| all[index % all.len()];
    let on = day("2026-10-20");
    let change = |home: HouseholdId, change: Change| {
        let _ = propose(ctx, &home.to_string(), on, &change, &Papers::default());
    };
    let one_of = |home: HouseholdId, index: usize| {
        let there = people(ctx, home);
        (!there.is_empty()).then(|| there[index % there.len()].clone())
    };
    let heir = |home: HouseholdId, gone: PersonId| {
        people(ctx, home).into_iter().map(|(id, _)| id).find(|id| *id != gone)
    };
    match step {
        Step::Birth(index) => {
            let newcomer = Newcomer {
                name: "张小宝".into(),
                sex: Sex::Female,
                birth_day: on,
                kin: "granddaughter".into(),
            };
            change(at(*index).0, Change::Birth { newcomer });
        }
        Step::Death(index, who) | Step::Leave(index, who) => {
            let home = at(*index).0;
            let Some((person, kin)) = one_of(home, *who) else { return };
            let new_head = if kin == "head" { heir(home, person) } else { None };
            change(
                home,
                match step {
                    Step::Death(..) => Change::Death { person, new_head },
                    _ => Change::Leave { person, new_head },
                },
            );
        }
        Step::Split(index) => {
            let home = at(*index).0;
            let going = people(ctx, home).into_iter().filter(|(_, kin)| kin != "head").take(1);
            let going = going.map(|(id, _)| (id, "head".to_owned())).collect();
            change(home, Change::Split { going, new_head: None, group: None });
        }
        Step::Merge(from, into) => {
            let (from, into) = (at(*from).0, at(*into).0);
            let kins =
                people(ctx, from).into_iter().map(|(id, _)| (id, "other".to_owned())).collect();
            change(from, Change::Merge { into, kins });
        }
        Step::Move(index, there) => {
            let village = area(if *there { "140430203202" } else { HERE });
            change(at(*index).0, Change::Move { village, group: None, address: None });
        }
        Step::List { rows, then_reverted } => {
            let id = batch(ctx, "mixed");
            for (row, (index, who, number, kind)) in (1_i64..).zip(rows) {
                let (home, village) = at(*index);
                let person = one_of(home, *who).map(|(id, _)| id);
                let who = (person, Some(home), village);
                let on = day("2025-08-01").add_days(*number / 2);
                write(
                    ctx,
                    id,
                    row,
                    &match kind {
                        0 => says(who, on, &bill(*number)),
                        1 => says(
                            who,
                            on,
                            &LoanState {
                                balance_fen: Some(*number),
                                overdue_days: Some(*number),
                                ..LoanState::default()
                            },
                        ),
                        2 => says(
                            who,
                            on,
                            &DisasterLoss { loss_fen: Some(*number), ..DisasterLoss::default() },
                        ),
                        3 => says(
                            (None, Some(home), village),
                            on,
                            &Complaint { category: Some("饮水".into()), ..Complaint::default() },
                        ),
                        _ => says((None, None, village), on, &WaterOutage::default()),
                    },
                );
            }
            flip(ctx, id, "accepted");
            lists.push(id);
            if *then_reverted {
                flip(ctx, id, "reverted");
            }
        }
        Step::Income(index, number) => {
            let (home, village) = at(*index);
            let income = batch(ctx, "income");
            let mut tx = ctx.begin().unwrap();
            tx.exec(
                "insert into incomes (household_id, to_day, line, batch_id, row_no, from_day, amount_fen, source)
                 values ($1, $2, 'a1', $3, 1, '2025-01-01', $4, 'x')",
                params![home, day("2025-08-01").add_days(number / 2), income, *number],
            )
            .unwrap();
            tx.touch_household(home.to_string(), village);
            tx.exec(
                "update batches set state = 'accepted', accepted_at = uploaded_at where id = $1",
                params![income],
            )
            .unwrap();
            tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
        }
        Step::Revert(index) => {
            if !lists.is_empty() {
                flip(ctx, lists[index % lists.len()], "replaced");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn after_any_sequence_of_writes_a_rebuild_finds_nothing_to_change(
        steps in prop::collection::vec(step(), 1..14)
    ) {
        each(|ctx| {
            let mut lists = Vec::new();
            for step in &steps {
                take(ctx, step, &mut lists);
            }
            nothing_to_change(ctx);
        });
    }
}
