//! Duplicates on every engine at hand.

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::ids::BatchId;
use kernel::permission::{Permission, Role};
use kernel::time::{Clock, Day};
use proptest::prelude::*;
use store::testing::test_db;
use store::{Ctx, Entry, Value, params};

use super::undo::{self, Undone};
use super::*;
use crate::circumstances::ledger::{derivation, ensure_tables, facts_as_of, rebuild};
use crate::circumstances::topics::{Body, HospitalStay, LoanState};
use crate::households::sample::{clock, county, day, id_of, someone};
use crate::households::{Change, Newcomer, Papers, find_people, propose};
use crate::people::Sex;

fn each(check: impl Fn(&Ctx)) {
    for test in test_db().unwrap() {
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(vec![derivation]).unwrap();
        let ctx = test.system(clock());
        county(&ctx);
        check(&ctx);
    }
}

fn code(result: Result<impl std::fmt::Debug>) -> &'static str {
    match result.unwrap_err() {
        Error::Refusal(refusal) => refusal.code,
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

pub(super) fn who(ctx: &Ctx, name: &str) -> String {
    let sql = "select id from persons where name = $1 order by number";
    ctx.read().unwrap().row(sql, params![name]).unwrap().text(0).unwrap()
}

pub(super) fn home(ctx: &Ctx, number: &str) -> String {
    let sql = "select id from households where number = $1";
    ctx.read().unwrap().row(sql, params![number]).unwrap().text(0).unwrap()
}

pub(super) fn first(ctx: &Ctx) -> String {
    home(ctx, "140430000001")
}

pub(super) fn second(ctx: &Ctx) -> String {
    home(ctx, "140430000002")
}

pub(super) fn people(ctx: &Ctx, goes: &str, stays: &str) -> Pair {
    Pair { kind: Kind::Person, goes: who(ctx, goes), stays: who(ctx, stays) }
}

fn households(ctx: &Ctx) -> Pair {
    Pair { kind: Kind::Household, goes: second(ctx), stays: first(ctx) }
}

fn done(ctx: &Ctx, pair: &Pair, chosen: &Chosen) -> String {
    match merge(ctx, pair, chosen).unwrap() {
        Outcome::Done(id) => id.to_string(),
        Outcome::Waits(id) => panic!("{id} waits"),
    }
}

pub(super) fn taken_back(ctx: &Ctx, id: &str) -> Undone {
    undo::undo(ctx, id, ("不是同一人", true)).unwrap()
}

fn last_verb(ctx: &Ctx) -> String {
    let sql = "select verb from journal order by number desc limit 1";
    ctx.read().unwrap().row(sql, &[]).unwrap().text(0).unwrap()
}

/// A list with one row about a person, delivered under that person's number.
pub(super) fn deliver<B: Body>(ctx: &Ctx, (person, household): (&str, &str), on: Day, body: &B) {
    let batch: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    let village: AreaCode = tx
        .row("select village_code from households where id = $1", params![household])
        .unwrap()
        .parse(0)
        .unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at, accepted_at)
         values ($1, 'x', 'x', $2, 'x.csv', $1, 'accepted', 'system', $3, $3)",
        params![batch, B::TOPIC.as_str(), ctx.now],
    )
    .unwrap();
    tx.exec(
        "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
                              valid_from, recorded_at, body)
         values ($1, 1, 0, 'person', $2, $3, $4, $5, 'x', $6, $7, $8)",
        &[
            batch.into(),
            person.into(),
            household.into(),
            village.into(),
            B::TOPIC.as_str().into(),
            on.into(),
            ctx.now.into(),
            Value::from(&body.to_json().unwrap()),
        ],
    )
    .unwrap();
    tx.touch_household(household, village);
    tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
}

pub(super) fn bill(fen: i64) -> HospitalStay {
    HospitalStay { out_of_pocket_fen: Some(fen), ..HospitalStay::default() }
}

fn fact(ctx: &Ctx, sql: &'static str, of: &str) -> Option<i64> {
    let row = ctx.read().unwrap().find(sql, params![of]).unwrap();
    row.and_then(|row| row.opt_int(0).unwrap())
}

fn oop(ctx: &Ctx, household: &str) -> Option<i64> {
    fact(ctx, "select oop_12m from household_facts where household_id = $1", household)
}

fn heads(ctx: &Ctx, household: &str) -> Option<i64> {
    fact(ctx, "select persons from household_facts where household_id = $1", household)
}

fn found(ctx: &Ctx, text: &str) -> Vec<String> {
    let permit = ctx.permit(Permission::HouseholdSee).unwrap();
    let found = find_people(ctx, &mut ctx.read().unwrap(), &permit, text, 5).unwrap();
    found.into_iter().map(|one| one.person.to_string()).collect()
}

fn nothing_to_change(ctx: &Ctx) {
    assert_eq!(rebuild(ctx, &mut |_, _| {}).unwrap().changed, 0);
}

const STATE: [&str; 8] = [
    "select * from household_facts order by household_id",
    "select * from person_facts order by person_id",
    "select * from village_facts order by village_code",
    "select household_id, person_id, valid_from, valid_to, kin, how_in, how_out from memberships
     where valid_to is null or valid_to > valid_from order by 1, 2, 3",
    "select household_id, person_id, scheme, value, valid_from, valid_to from statuses
     where valid_to is null or valid_to > valid_from order by 1, 2, 3, 4, 5",
    "select id, number, name, sex, birth_day, died_on, id_state, merged_into from persons order by id",
    "select id, number, village_code, head_id, closed_on, merged_into from households order by id",
    "select key, kind, person_id, household_id, village_code from search_keys order by 1, 2, 3",
];

fn state(ctx: &Ctx) -> Vec<Vec<Vec<Value>>> {
    let mut session = ctx.read().unwrap();
    let rows = |sql: &'static str| session.rows(sql, &[]).unwrap();
    STATE.map(rows).into_iter().map(|rows| rows.into_iter().map(|row| row.0).collect()).collect()
}

#[test]
fn what_was_said_of_both_counts_for_the_one_who_stays_and_the_undoing_is_exact() {
    each(|ctx| {
        let (one, two) = (first(ctx), second(ctx));
        let pair = people(ctx, "王小妹", "张小山");
        deliver(ctx, (&pair.goes, &two), day("2026-05-06"), &bill(100_000));
        deliver(ctx, (&pair.stays, &one), day("2026-06-06"), &bill(20_000));
        let before = state(ctx);
        let id = done(ctx, &pair, &Chosen::default());
        assert_eq!(last_verb(ctx), "duplicate.merge");
        assert_eq!((oop(ctx, &one), oop(ctx, &two)), (Some(120_000), None));
        assert_eq!((heads(ctx, &one), heads(ctx, &two)), (Some(3), Some(2)));
        let of_person = "select oop_12m from person_facts where person_id = $1";
        assert_eq!(fact(ctx, of_person, &pair.stays), Some(120_000));
        assert_eq!(fact(ctx, of_person, &pair.goes), None);
        nothing_to_change(ctx);
        let stored = fact(
            ctx,
            "select count(*) from records where subject_id = $1 and topic = 'hospital_stay'",
            &pair.goes,
        );
        assert_eq!(stored, Some(1), "what was delivered is not rewritten");
        for text in [id_of("19900807", 706).reveal(), "14043000000006", "王小妹"] {
            assert_eq!(found(ctx, text), std::slice::from_ref(&pair.stays), "{text}");
        }
        assert!(taken_back(ctx, &id).unsure.is_empty());
        assert_eq!(last_verb(ctx), "duplicate.undo");
        assert_eq!(state(ctx), before);
        nothing_to_change(ctx);
        assert_eq!(code(undo::undo(ctx, &id, ("再来", true))), "duplicates.already_undone");
    });
}

#[test]
fn the_home_that_is_chosen_is_kept_and_the_days_before_stay_where_they_were() {
    each(|ctx| {
        let before = state(ctx);
        let pair = people(ctx, "王小妹", "张小山");
        let id = done(
            ctx,
            &pair,
            &Chosen { home_of_goes: true, name_of_goes: true, ..Chosen::default() },
        );
        assert_eq!((heads(ctx, &first(ctx)), heads(ctx, &second(ctx))), (Some(2), Some(3)));
        let name = "select count(*) from persons where id = $1 and name = '王小妹'";
        assert_eq!(fact(ctx, name, &pair.stays), Some(1));
        nothing_to_change(ctx);
        taken_back(ctx, &id);
        assert_eq!(state(ctx), before);
    });
}

#[test]
fn a_list_that_comes_under_the_old_number_counts_for_the_one_who_stays_and_goes_back_with_the_undoing()
 {
    each(|ctx| {
        let (one, two) = (first(ctx), second(ctx));
        let pair = people(ctx, "王小妹", "张小山");
        let id = done(ctx, &pair, &Chosen::default());
        deliver(ctx, (&pair.goes, &two), day("2026-05-06"), &bill(70_000));
        deliver(ctx, (&pair.stays, &one), day("2026-05-07"), &bill(5_000));
        assert_eq!((oop(ctx, &one), oop(ctx, &two)), (Some(75_000), None));
        nothing_to_change(ctx);
        taken_back(ctx, &id);
        assert_eq!((oop(ctx, &one), oop(ctx, &two)), (Some(5_000), Some(70_000)));
        nothing_to_change(ctx);
    });
}

#[test]
fn of_two_people_who_merge_or_undo_at_once_one_does_and_the_other_is_told() {
    each(|ctx| {
        let before = state(ctx);
        let there = people(ctx, "王小妹", "张小山");
        let back = Pair { goes: there.stays.clone(), stays: there.goes.clone(), ..there.clone() };
        let done_of = |results: [Result<Outcome>; 2]| {
            let done: Vec<String> = results
                .iter()
                .filter_map(|one| match one {
                    Ok(Outcome::Done(id)) => Some(id.to_string()),
                    _ => None,
                })
                .collect();
            assert_eq!(done.len(), 1, "{results:?}");
            let refused = results.into_iter().find(Result::is_err).unwrap();
            let code = code(refused);
            assert!(["duplicates.already_merged", "store.locked"].contains(&code), "{code}");
            done.into_iter().next().unwrap()
        };
        let at_once = |one: &Pair, other: &Pair| {
            std::thread::scope(|scope| {
                let one = scope.spawn(|| merge(ctx, one, &Chosen::default()));
                let other = scope.spawn(|| merge(ctx, other, &Chosen::default()));
                [one.join().unwrap(), other.join().unwrap()]
            })
        };
        let carried = "select count(*) from merges where state = $1";
        for other in [&there, &back] {
            let id = done_of(at_once(&there, other));
            assert_eq!(fact(ctx, carried, "carried"), Some(1));
            nothing_to_change(ctx);
            let both = std::thread::scope(|scope| {
                let one = scope.spawn(|| undo::undo(ctx, &id, ("不是", true)));
                let two = scope.spawn(|| undo::undo(ctx, &id, ("不是", true)));
                [one.join().unwrap(), two.join().unwrap()]
            });
            assert_eq!(both.iter().filter(|one| one.is_ok()).count(), 1, "{both:?}");
            assert_eq!(fact(ctx, carried, "carried"), Some(0));
            assert_eq!(state(ctx), before, "undone once, and exactly");
            nothing_to_change(ctx);
        }
    });
}

#[test]
fn households_that_are_one_stand_under_the_number_that_stays() {
    each(|ctx| {
        let (one, two) = (first(ctx), second(ctx));
        deliver(ctx, (&who(ctx, "王铁柱"), &two), day("2026-05-06"), &bill(9_000));
        let before = state(ctx);
        let chosen = Chosen {
            same: vec![(who(ctx, "王铁柱"), who(ctx, "张三丰"))],
            ..Chosen::default()
        };
        let id = done(ctx, &households(ctx), &chosen);
        assert_eq!((heads(ctx, &one), heads(ctx, &two)), (Some(5), None));
        assert_eq!(oop(ctx, &one), Some(9_000));
        nothing_to_change(ctx);
        let sql = "select count(*) from households where id = $1 and closed_on is not null and merged_into is not null";
        assert_eq!(fact(ctx, sql, &two), Some(1));
        deliver(ctx, (&who(ctx, "赵秀英"), &two), day("2026-07-06"), &bill(1_000));
        assert_eq!(oop(ctx, &one), Some(10_000), "a list that still names the old household");
        taken_back(ctx, &id);
        assert_eq!((oop(ctx, &one), oop(ctx, &two)), (None, Some(10_000)));
        nothing_to_change(ctx);
        assert_eq!(state(ctx)[3..], before[3..]);
        let wrong = Chosen {
            same: vec![(who(ctx, "张三丰"), who(ctx, "王铁柱"))],
            ..Chosen::default()
        };
        assert_eq!(code(merge(ctx, &households(ctx), &wrong)), "duplicates.not_a_pair");
    });
}

#[test]
fn what_happened_meanwhile_is_said_before_it_is_undone_and_nothing_is_lost() {
    each(|ctx| {
        let (one, two) = (first(ctx), second(ctx));
        let pair = people(ctx, "王小妹", "张小山");
        let id = done(ctx, &pair, &Chosen { home_of_goes: true, ..Chosen::default() });
        let leaves = Change::Leave { person: pair.stays.parse().unwrap(), new_head: None };
        propose(ctx, &two, day("2026-10-20"), &leaves, &Papers::default()).unwrap();
        assert_eq!(code(undo::undo(ctx, &id, ("不是", false))), "duplicates.undo_unsure");
        assert_eq!(code(undo::undo(ctx, &id, (" ", true))), "households.reason_needed");
        let told: Vec<_> = taken_back(ctx, &id)
            .unsure
            .into_iter()
            .map(|one| (one.code, one.who, one.what))
            .collect();
        assert_eq!(told, [("stay_ended", "王小妹".to_owned(), "2026-10-20".to_owned())]);
        assert_eq!((heads(ctx, &one), heads(ctx, &two)), (Some(3), Some(2)));
        nothing_to_change(ctx);
    });
}

#[test]
fn a_later_merge_of_the_same_record_is_undone_first_and_a_circle_cannot_be() {
    each(|ctx| {
        let before = state(ctx);
        let a = done(ctx, &people(ctx, "王小妹", "张小山"), &Chosen::default());
        assert_eq!(
            code(merge(ctx, &people(ctx, "张小山", "王小妹"), &Chosen::default())),
            "duplicates.already_merged"
        );
        let again = people(ctx, "王小妹", "李桂花");
        assert_eq!(code(merge(ctx, &again, &Chosen::default())), "duplicates.already_merged");
        let b = done(ctx, &people(ctx, "张小山", "赵秀英"), &Chosen::default());
        let root = "select count(*) from persons where id = $1 and merged_into = (select id from persons where name = '赵秀英')";
        assert_eq!(fact(ctx, root, &who(ctx, "王小妹")), Some(1));
        taken_back(ctx, &b);
        taken_back(ctx, &a);
        assert_eq!(state(ctx), before);
        let same = Pair { stays: who(ctx, "张小山"), ..people(ctx, "张小山", "张小山") };
        assert_eq!(code(merge(ctx, &same, &Chosen::default())), "duplicates.same_record");
    });
}

#[test]
fn the_head_of_others_does_not_vanish_from_the_own_household() {
    each(|ctx| {
        let pair = people(ctx, "王铁柱", "张小山");
        assert_eq!(code(merge(ctx, &pair, &Chosen::default())), "duplicates.head_needed");
        let id = done(ctx, &pair, &Chosen { home_of_goes: true, ..Chosen::default() });
        let sql = "select count(*) from households where id = $1 and head_id = (select id from persons where name = '张小山')";
        assert_eq!(fact(ctx, sql, &second(ctx)), Some(1));
        taken_back(ctx, &id);
        assert_eq!(fact(ctx, sql, &second(ctx)), Some(0));
    });
}

#[test]
fn a_village_proposes_the_township_confirms_and_strangers_find_nothing() {
    each(|ctx| {
        let bob = someone(ctx, "bob", Role::Township, "140430203000");
        let chen = someone(ctx, "chen", Role::Village, "140430203201");
        let eve = someone(ctx, "eve", Role::Township, "140430204000");
        let leader = someone(ctx, "leader", Role::Leader, "140430000000");
        let near = people(ctx, "张小山", "李桂花");
        assert_eq!(code(merge(&eve, &near, &Chosen::default())), "households.not_found");
        assert_eq!(
            code(merge(&bob, &people(ctx, "王小妹", "张小山"), &Chosen::default())),
            "households.not_found"
        );
        assert_eq!(code(merge(&leader, &near, &Chosen::default())), "access.forbidden");
        assert_eq!(code(not_the_same(&leader, &near, "")), "access.forbidden");
        let before = state(ctx);
        let Outcome::Waits(id) = merge(&chen, &near, &Chosen::default()).unwrap() else {
            panic!("a village cannot")
        };
        assert_eq!(last_verb(ctx), "duplicate.propose");
        assert_eq!(state(ctx), before);
        assert_eq!(code(merge(&chen, &near, &Chosen::default())), "duplicates.already_proposed");
        let id = id.to_string();
        assert_eq!(code(confirm(&chen, &id)), "access.forbidden");
        assert_eq!(code(confirm(&eve, &id)), "duplicates.no_such_merge");
        assert_eq!(code(refuse(&bob, &id, "")), "households.reason_needed");
        confirm(&bob, &id).unwrap();
        assert_eq!(heads(ctx, &first(ctx)), Some(2));
        assert_eq!(code(confirm(&bob, &id)), "duplicates.already_decided");
        assert_eq!(code(refuse(&bob, &id, "晚了")), "duplicates.already_decided");
        assert_eq!(code(undo::undo(&chen, &id, ("x", true))), "access.forbidden");
        assert_eq!(code(undo::undo(&eve, &id, ("x", true))), "duplicates.no_such_merge");
        taken_back(&bob, &id);
        assert_eq!(state(ctx), before);
        let Outcome::Waits(id) = merge(&chen, &near, &Chosen::default()).unwrap() else {
            panic!("a village cannot")
        };
        refuse(&bob, &id.to_string(), "是母子").unwrap();
        assert_eq!(last_verb(ctx), "duplicate.refuse");
        assert_eq!(state(ctx), before);
    });
}

pub(super) fn baby(name: &str) -> Change {
    let newcomer = Newcomer {
        name: name.into(),
        sex: Sex::Male,
        birth_day: day("2026-10-01"),
        kin: "grandson".into(),
    };
    Change::Birth { newcomer }
}

#[test]
fn pairs_that_look_like_one_are_listed_with_reasons_until_somebody_says_that_they_are_two() {
    each(|ctx| {
        let all = |ctx: &Ctx| suggested(&mut ctx.read().unwrap(), ctx.db.keys()).unwrap();
        assert_eq!(all(ctx), []);
        let papers = |serial| Papers { id: Some(id_of("20261001", serial)), phone: None };
        propose(ctx, &first(ctx), day("2026-10-01"), &baby("张小宝"), &papers(701)).unwrap();
        propose(ctx, &second(ctx), day("2026-10-01"), &baby("王小宝"), &papers(703)).unwrap();
        assert_eq!(all(ctx), [], "nothing but a birthday");
        let sql = "update persons set name = '张小宝', name_key = '张小宝' where name = '王小宝'";
        let mut tx = ctx.begin().unwrap();
        tx.exec(sql, &[]).unwrap();
        tx.exec(
            "update households set village_code = '140430203202' where number = '140430000002'",
            &[],
        )
        .unwrap();
        tx.commit(Entry::new(ctx, "household.sample")).unwrap();
        propose(ctx, &first(ctx), day("2026-10-01"), &baby("张二宝"), &Papers::default()).unwrap();
        let found = all(ctx);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].reasons.contains(&Reason::NameBirth), "{found:?}");
        let pair =
            Pair { kind: Kind::Person, goes: found[0].one.clone(), stays: found[0].other.clone() };
        not_the_same(ctx, &pair, "堂兄弟").unwrap();
        assert_eq!(last_verb(ctx), "duplicate.differ");
        assert_eq!(code(not_the_same(ctx, &pair, "")), "duplicates.said_already");
        ask_again(ctx, &pair).unwrap();
        assert_eq!(code(ask_again(ctx, &pair)), "duplicates.nothing_said");
        done(ctx, &pair, &Chosen::default());
        assert_eq!(code(not_the_same(ctx, &pair, "")), "duplicates.already_merged");
    });
}

#[test]
fn before_the_merge_was_known_they_were_two_and_while_it_stood_they_were_one() {
    for test in test_db().unwrap() {
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(vec![derivation]).unwrap();
        let on = |text: &str| test.system(Clock::fixed_on(day(text)));
        let monday = on("2026-10-28");
        county(&monday);
        let pair = people(&monday, "王小妹", "张小山");
        deliver(&monday, (&pair.goes, &second(&monday)), day("2026-05-06"), &bill(100_000));
        let tuesday = on("2026-10-29");
        let id = done(&tuesday, &pair, &Chosen { home_of_goes: true, ..Chosen::default() });
        let thursday = on("2026-10-31");
        taken_back(&thursday, &id);
        let then = |known: &Ctx| {
            let facts =
                facts_as_of(&thursday, (day("2026-10-27"), Some(known.now)), &mut |_, _| {})
                    .unwrap();
            let mut session = facts.read().unwrap();
            let sql =
                "select household_id, persons, oop_12m from household_facts order by household_id";
            session
                .rows(sql, &[])
                .unwrap()
                .into_iter()
                .map(|row| (row.int(1).unwrap(), row.opt_int(2).unwrap()))
                .collect::<Vec<_>>()
        };
        let mut apart = then(&monday);
        apart.sort_unstable();
        assert_eq!(apart, [(3, None), (3, Some(100_000))]);
        let mut one = then(&tuesday);
        one.sort_unstable();
        assert_eq!(one, [(2, None), (3, Some(100_000))]);
        let mut again = then(&thursday);
        again.sort_unstable();
        assert_eq!(again, apart);
    }
}

#[derive(Clone, Debug)]
enum Step {
    Bill(usize, i64),
    Loan(usize, i64),
    Birth(usize),
    Merge(usize, usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0_usize..6, 1_i64..90).prop_map(|(who, fen)| Step::Bill(who, fen * 1_000)),
        (0_usize..6, 1_i64..90).prop_map(|(who, days)| Step::Loan(who, days)),
        (0_usize..2).prop_map(Step::Birth),
        (0_usize..6, 0_usize..6, any::<bool>()).prop_map(|(a, b, home)| Step::Merge(a, b, home)),
    ]
}

const NAMES: [&str; 6] = ["张三丰", "李桂花", "张小山", "王铁柱", "赵秀英", "王小妹"];

/// Where the number of a person was registered.
fn registered(ctx: &Ctx, at: usize) -> String {
    if at < 3 { first(ctx) } else { second(ctx) }
}

fn take(ctx: &Ctx, at: usize, step: &Step) {
    match step {
        Step::Bill(person, fen) => {
            deliver(
                ctx,
                (&who(ctx, NAMES[*person]), &registered(ctx, *person)),
                day("2026-05-06").add_days(at as i64),
                &bill(*fen),
            );
        }
        Step::Loan(person, days) => {
            let state = LoanState { overdue_days: Some(*days), ..LoanState::default() };
            deliver(
                ctx,
                (&who(ctx, NAMES[*person]), &registered(ctx, *person)),
                day("2026-06-06").add_days(at as i64),
                &state,
            );
        }
        Step::Birth(which) => {
            let home = [first(ctx), second(ctx)][*which].clone();
            let _ = propose(
                ctx,
                &home,
                day("2026-10-01"),
                &baby(&format!("宝{}", ["一", "二", "三", "四", "五", "六", "七", "八"][at])),
                &Papers::default(),
            );
        }
        Step::Merge(..) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]
    /// A county in which two were merged, in which lists came and children were born, and in which the merge was undone, is
    /// the county in which the same happened and nobody was merged.
    #[test]
    fn a_merge_undone_leaves_no_trace(
        goes in 0_usize..6,
        stays in 0_usize..6,
        home_of_goes in any::<bool>(),
        houses in any::<bool>(),
        steps in prop::collection::vec(step(), 0..6),
    ) {
        let run = |merged: bool| -> Vec<Vec<Vec<Vec<Value>>>> {
            let mut all = Vec::new();
            for test in test_db().unwrap() {
                ensure_tables(&test.db).unwrap();
                test.db.derive_with(vec![derivation]).unwrap();
                let ctx = &test.system(clock());
                county(ctx);
                let mut undo_last_first = Vec::new();
                if merged {
                    let pair = if houses { households(ctx) } else { people(ctx, NAMES[goes], NAMES[stays]) };
                    let chosen = Chosen { home_of_goes, ..Chosen::default() };
                    if let Ok(Outcome::Done(id)) = merge(ctx, &pair, &chosen) {
                        undo_last_first.push(id.to_string());
                    }
                }
                for (at, step) in steps.iter().enumerate() {
                    take(ctx, at, step);
                    if let (true, Step::Merge(a, b, home_of_goes)) = (merged, step) {
                        let chosen = Chosen { home_of_goes: *home_of_goes, ..Chosen::default() };
                        if let Ok(Outcome::Done(id)) = merge(ctx, &people(ctx, NAMES[*a], NAMES[*b]), &chosen) {
                            undo_last_first.push(id.to_string());
                        }
                    }
                }
                while let Some(id) = undo_last_first.pop() {
                    nothing_to_change(ctx);
                    taken_back(ctx, &id);
                }
                nothing_to_change(ctx);
                all.push(facts_by_number(ctx));
            }
            all
        };
        let births_fit = !houses || !steps.iter().any(|step| matches!(step, Step::Birth(1)));
        prop_assume!(births_fit);
        prop_assert_eq!(run(true), run(false));
    }
}

/// Facts and stays with the numbers of people and households instead of their ids.
fn facts_by_number(ctx: &Ctx) -> Vec<Vec<Vec<Value>>> {
    let mut session = ctx.read().unwrap();
    let rows =
        |sql: &'static str| session.rows(sql, &[]).unwrap().into_iter().map(|row| row.0).collect();
    [
        "select h.number, f.persons, f.oop_12m, f.loan_overdue_days from household_facts f join households h on h.id = f.household_id order by 1",
        "select p.name, h.number, f.oop_12m from person_facts f join persons p on p.id = f.person_id
         join households h on h.id = f.household_id order by 1",
        "select p.name, h.number, m.valid_from, m.valid_to, m.kin from memberships m join persons p on p.id = m.person_id
         join households h on h.id = m.household_id where m.valid_to is null or m.valid_to > m.valid_from order by 1, 2, 3",
        "select h.number, p.name, h.closed_on from households h left join persons p on p.id = h.head_id order by 1",
        "select k.key, p.name, h.number from search_keys k join persons p on p.id = k.person_id
         join households h on h.id = k.household_id order by 1, 2",
        "select name, id_state, died_on, merged_into from persons order by number",
    ]
    .map(rows)
    .into()
}
