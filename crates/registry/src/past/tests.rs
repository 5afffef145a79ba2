//! Past states on every engine at hand.

use kernel::error::{Error, Result};
use kernel::ids::BatchId;
use kernel::permission::{Permission, Role};
use kernel::time::{Clock, Day};
use proptest::prelude::*;
use store::testing::{TestDb, test_db};
use store::{Ctx, Entry, Value, kept_tables, params};

use super::*;
use crate::circumstances::ledger::{derivation, ensure_tables, turn_day};
use crate::circumstances::register::{self, Delivery};
use crate::circumstances::topics::{Body, HospitalStay};
use crate::duplicates;
use crate::households::sample::{another, area, county, day, someone};
use crate::households::{
    self, Change, Filter, Newcomer, Papers, count_households, list_households,
};
use crate::people::Sex;
use crate::villages;

const FIRST: &str = "2026-03-01";

fn each(check: impl Fn(&TestDb)) {
    for test in test_db().unwrap() {
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(vec![derivation]).unwrap();
        county(&on(&test, day(FIRST)));
        check(&test);
    }
}

fn on(test: &TestDb, day: Day) -> Ctx {
    test.system(Clock::fixed_on(day))
}

fn shelf() -> Shelf {
    Shelf::new(&[], &[])
}

fn rows(ctx: &Ctx, sql: &'static str) -> Vec<String> {
    let found = ctx.read().unwrap().rows(sql, &[]).unwrap();
    found.iter().map(|row| format!("{:?}", row.0)).collect()
}

/// Everything that a person could have seen.
fn figures(ctx: &Ctx) -> Vec<(&'static str, Vec<String>)> {
    let permit = ctx.permit(Permission::HouseholdSee).unwrap();
    let mut session = ctx.read().unwrap();
    let all = Filter::default();
    let lines = list_households(&mut session, &permit, &all, 1_000).unwrap();
    let count = count_households(&mut session, &permit, &all).unwrap();
    let mut found = Vec::new();
    for name in ["张三丰", "王铁柱", "zhang", "140430000001"] {
        let ids = households::find_households(ctx, &mut session, &permit, name, 100).unwrap();
        let mut ids: Vec<String> = ids.into_iter().collect();
        ids.sort();
        found.push(format!("{name}: {ids:?}"));
    }
    drop(session);
    vec![
        ("list", lines.iter().map(|line| format!("{line:?}")).collect()),
        ("count", vec![count.to_string()]),
        ("search", found),
        ("household facts", rows(ctx, "select * from household_facts order by household_id")),
        ("person facts", rows(ctx, "select * from person_facts order by person_id")),
        ("village facts", rows(ctx, "select * from village_facts order by village_code")),
        (
            "stays",
            rows(
                ctx,
                "select household_id, person_id, kin, valid_from, valid_to, how_in, how_out from memberships
                 where valid_to is null or valid_to > valid_from order by 1, 2, 4",
            ),
        ),
        (
            "people",
            rows(
                ctx,
                "select p.id, p.name, p.sex, p.birth_day, p.died_on, p.id_state from persons p
                 where p.id in (select person_id from memberships) order by 1",
            ),
        ),
        (
            "statuses",
            rows(
                ctx,
                "select household_id, seq, scheme, value, valid_from, valid_to from statuses order by 1, 2",
            ),
        ),
        ("batches", rows(ctx, "select id, list_id, state from batches order by id")),
        ("proposals", rows(ctx, "select id, kind, state from proposals order by id")),
        ("merges", rows(ctx, "select id, state from merges order by id")),
    ]
}

fn same(engine: &str, then: &[(&str, Vec<String>)], now: &[(&str, Vec<String>)]) {
    for ((what, then), (_, now)) in then.iter().zip(now) {
        assert_eq!(then, now, "{engine}: {what}");
    }
}

/// One thing that happens on a day; numbers are taken round.
#[derive(Debug, Clone)]
enum Event {
    /// A list with bills, so many days back.
    Bills {
        household: usize,
        back: i64,
        fen: i64,
    },
    /// A list taken back.
    Revert {
        batch: usize,
    },
    /// A list taken in once more.
    Again {
        batch: usize,
    },
    /// What a row said is taken away: the undoing of a decision about whom it is.
    Undecide {
        batch: usize,
    },
    /// A child, born so many days back.
    Birth {
        household: usize,
        back: i64,
    },
    /// Somebody left or died, so many days back.
    Gone {
        household: usize,
        back: i64,
        died: bool,
    },
    /// Somebody sets up a household.
    Split {
        household: usize,
        back: i64,
    },
    /// A household joins another.
    Join {
        back: i64,
    },
    /// Two people are held to be one, and no more.
    Same,
    NotSame,
    /// A register that names other people, and its taking back.
    Register {
        named: u32,
    },
    NoRegister,
}

fn event() -> impl Strategy<Value = Event> {
    let back = 0_i64..90;
    prop_oneof![
        3 => (0_usize..4, back.clone(), 1_i64..900_000)
            .prop_map(|(household, back, fen)| Event::Bills { household, back, fen }),
        2 => (0_usize..6).prop_map(|batch| Event::Revert { batch }),
        1 => (0_usize..6).prop_map(|batch| Event::Again { batch }),
        1 => (0_usize..6).prop_map(|batch| Event::Undecide { batch }),
        2 => (0_usize..4, back.clone())
            .prop_map(|(household, back)| Event::Birth { household, back }),
        2 => (0_usize..4, back.clone(), any::<bool>())
            .prop_map(|(household, back, died)| Event::Gone { household, back, died }),
        2 => (0_usize..4, back.clone())
            .prop_map(|(household, back)| Event::Split { household, back }),
        1 => back.prop_map(|back| Event::Join { back }),
        1 => Just(Event::Same),
        1 => Just(Event::NotSame),
        1 => (0_u32..3).prop_map(|named| Event::Register { named }),
        1 => Just(Event::NoRegister),
    ]
}

/// What is refused does not happen; a fault is one.
fn if_allowed<T>(done: Result<T>) {
    if let Err(error @ Error::Fault(_)) = done {
        panic!("{error}");
    }
}

fn ids(ctx: &Ctx, sql: &'static str) -> Vec<String> {
    let found = ctx.read().unwrap().rows(sql, &[]).unwrap();
    found.iter().map(|row| row.text(0).unwrap()).collect()
}

fn taken<T: Clone>(all: &[T], at: usize) -> Option<T> {
    all.get(at % all.len().max(1)).cloned()
}

const STANDING: &str = "select id from households where village_code is not null and closed_on is null order by number";

fn members(ctx: &Ctx, household: &str) -> Vec<String> {
    let sql = "select person_id from memberships where household_id = $1 and valid_to is null
               order by case when kin = 'head' then 1 else 0 end, person_id";
    let found = ctx.read().unwrap().rows(sql, params![household]).unwrap();
    found.iter().map(|row| row.text(0).unwrap()).collect()
}

fn touch(tx: &mut store::Tx, batch: &str) {
    let sql = "select distinct household_id, village_code from records where batch_id = $1";
    for row in tx.rows(sql, params![batch]).unwrap() {
        tx.touch_household(row.text(0).unwrap(), row.parse(1).unwrap());
    }
}

fn bills(ctx: &Ctx, household: &str, (on, fen): (Day, i64)) {
    let Some(person) = taken(&members(ctx, household), 1) else { return };
    let id: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at, accepted_at)
         values ($1, 'bills', '医保', 'medical_stays', 'x.csv', $1, 'accepted', 'system', $2, $2)",
        params![id, ctx.now],
    )
    .unwrap();
    let bill = HospitalStay { out_of_pocket_fen: Some(fen), ..HospitalStay::default() };
    tx.exec(
        "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
                              valid_from, recorded_at, body)
         select $1, 1, 0, 'person', $2, h.id, h.village_code, $3, '医保', $4, $5, $6 from households h where h.id = $7",
        &[
            id.into(),
            person.into(),
            HospitalStay::TOPIC.as_str().into(),
            on.into(),
            ctx.now.into(),
            Value::from(&bill.to_json().unwrap()),
            household.into(),
        ],
    )
    .unwrap();
    touch(&mut tx, &id.to_string());
    tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
}

fn flip(ctx: &Ctx, batch: &str, (from, to): (&'static str, &'static str)) {
    let mut tx = ctx.begin().unwrap();
    let now = ctx.now;
    let changed = match to {
        "accepted" => tx.exec(
            "update batches set state = $3, accepted_at = $4, ended_at = null where id = $1 and state = $2",
            params![batch, from, to, now],
        ),
        _ => tx.exec(
            "update batches set state = $3, ended_at = $4 where id = $1 and state = $2",
            params![batch, from, to, now],
        ),
    };
    if changed.unwrap() == 1 {
        touch(&mut tx, batch);
        tx.commit(Entry::new(ctx, "intake.change")).unwrap();
    }
}

fn registers(ctx: &Ctx) -> Vec<String> {
    ids(
        ctx,
        "select id from batches where list_id = 'register' and state = 'accepted' order by uploaded_at, id",
    )
}

fn happen(ctx: &Ctx, event: &Event) {
    let standing = ids(ctx, STANDING);
    let lists = ids(ctx, "select id from batches where list_id = 'medical_stays' order by id");
    let change = |household: &str, back: i64, change: &Change| {
        let on = ctx.today.add_days(-back);
        if_allowed(households::propose(ctx, household, on, change, &Papers::default()));
    };
    match event {
        Event::Bills { household, back, fen } => {
            if let Some(home) = taken(&standing, *household) {
                bills(ctx, &home, (ctx.today.add_days(-back), *fen));
            }
        }
        Event::Revert { batch } => {
            if let Some(batch) = taken(&lists, *batch) {
                flip(ctx, &batch, ("accepted", "reverted"));
            }
        }
        Event::Again { batch } => {
            if let Some(batch) = taken(&lists, *batch) {
                flip(ctx, &batch, ("reverted", "accepted"));
            }
        }
        Event::Undecide { batch } => {
            let Some(batch) = taken(&lists, *batch) else { return };
            let mut tx = ctx.begin().unwrap();
            touch(&mut tx, &batch);
            tx.exec("delete from records where batch_id = $1", params![&batch]).unwrap();
            tx.commit(Entry::new(ctx, "match.undo")).unwrap();
        }
        Event::Birth { household, back } => {
            let Some(home) = taken(&standing, *household) else { return };
            let newcomer = Newcomer {
                name: "张新生".into(),
                sex: Sex::Female,
                birth_day: ctx.today.add_days(-back),
                kin: "daughter".into(),
            };
            change(&home, *back, &Change::Birth { newcomer });
        }
        Event::Gone { household, back, died } => {
            let Some(home) = taken(&standing, *household) else { return };
            let Some(person) = taken(&members(ctx, &home), 0) else { return };
            let person = person.parse().unwrap();
            change(
                &home,
                *back,
                &match died {
                    true => Change::Death { person, new_head: None },
                    false => Change::Leave { person, new_head: None },
                },
            );
        }
        Event::Split { household, back } => {
            let Some(home) = taken(&standing, *household) else { return };
            let Some(person) = taken(&members(ctx, &home), 0) else { return };
            let going = [(person.parse().unwrap(), "head".to_owned())].into_iter().collect();
            change(&home, *back, &Change::Split { going, new_head: None, group: None });
        }
        Event::Join { back } => {
            let [one, .., other] = standing.as_slice() else { return };
            let all = members(ctx, other);
            let kins = all.iter().map(|id| (id.parse().unwrap(), "other".to_owned()));
            let into = one.parse().unwrap();
            change(other, *back, &Change::Merge { into, kins: kins.collect() });
        }
        Event::Same => {
            let found = ids(ctx, "select m.person_id from memberships m join persons p on p.id = m.person_id
                 where m.valid_to is null and p.merged_into is null and p.sex = 'male' order by p.number");
            let [goes, .., stays] = found.as_slice() else { return };
            let pair = duplicates::Pair {
                kind: duplicates::Kind::Person,
                goes: goes.clone(),
                stays: stays.clone(),
            };
            if_allowed(duplicates::merge(ctx, &pair, &duplicates::Chosen::default()));
        }
        Event::NotSame => {
            let merges = ids(ctx, "select id from merges where state = 'carried' order by id desc");
            if let Some(merge) = merges.first() {
                if_allowed(duplicates::undo(ctx, merge, ("不是", true)));
            }
        }
        Event::Register { named } => another_register(ctx, *named),
        Event::NoRegister => {
            if let [_, .., last] = registers(ctx).as_slice() {
                let batch: BatchId = last.parse().unwrap();
                let mut tx = ctx.begin().unwrap();
                tx.exec(
                    "update batches set state = 'reverted', ended_at = $2 where id = $1",
                    params![last, ctx.now],
                )
                .unwrap();
                if register::revert(&mut tx, &batch).is_ok() {
                    let all = area("140430000000");
                    let (low, high) = all.range();
                    let villages = tx
                        .rows(
                            "select distinct village_code from household_facts where village_code >= $1 and village_code <= $2",
                            params![low, high],
                        )
                        .unwrap();
                    villages.iter().for_each(|row| tx.touch_village(row.parse(0).unwrap()));
                    tx.commit(Entry::new(ctx, "intake.revert")).unwrap();
                }
            }
        }
    }
}

/// A register that renames somebody, leaves somebody out, and brings a household.
fn another_register(ctx: &Ctx, named: u32) {
    let batch: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
         values ($1, 'register', '农业农村', 'register', 'registry.xlsx', $1, 'staging', 'system', $2)",
        params![batch.to_string(), ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "intake.upload")).unwrap();
    let delivery = Delivery { batch, day: ctx.today, source: "register".into() };
    let (homes, people) = another(named);
    let Ok(staged) = register::stage(ctx, &delivery, &homes, &people, &mut |_| {}) else { return };
    let mut tx = ctx.begin().unwrap();
    register::publish(&mut tx, &staged).unwrap();
    tx.exec(
        "update batches set state = 'accepted', accepted_at = $2 where id = $1",
        params![batch.to_string(), ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
}

#[test]
fn every_table_says_how_it_is_read_in_the_past_and_keeps_all_its_columns() {
    let left_out = ["lead_reasons.lead_state", "lead_reasons.lead_day"];
    for test in test_db().unwrap() {
        let mut session = test.db.read().unwrap();
        for table in kept_tables(&mut session).unwrap() {
            let kept = store::columns_of(&mut session, &format!("{table}_kept")).unwrap();
            for column in store::columns_of(&mut session, &table).unwrap() {
                let known = kept.contains(&column)
                    || left_out.contains(&format!("{table}.{column}").as_str());
                assert!(known, "{}: {table}.{column} is not kept", test.engine);
            }
        }
    }
}

fn bill_of_the_first(ctx: &Ctx, on: &str, fen: i64) {
    let home = ids(ctx, STANDING).remove(0);
    bills(ctx, &home, (day(on), fen));
}

fn borne(ctx: &Ctx) -> Vec<String> {
    rows(ctx, "select cast(sum(oop_12m) as bigint) from household_facts")
}

#[test]
fn a_backdated_bill_counts_on_its_day_as_known_now_and_not_as_known_then() {
    each(|test| {
        bill_of_the_first(&on(test, day("2026-04-01")), "2026-03-20", 100);
        bill_of_the_first(&on(test, day("2026-04-10")), "2026-03-25", 30);
        let (ctx, shelf) = (on(test, day("2026-04-20")), shelf());
        let at = |as_of: &str, known: Option<&str>| {
            let known = known.map(|known| Known::On(day(known)));
            let past = shelf.of(&ctx, &Asked { day: day(as_of), known }).unwrap();
            borne(&past.ctx(&ctx))
        };
        assert_eq!(at("2026-04-05", Some("2026-04-05")), ["[Int(100)]"], "{}", test.engine);
        assert_eq!(at("2026-04-05", None), ["[Int(130)]"]);
        assert_eq!(at("2026-03-22", None), ["[Int(100)]"]);
        assert_eq!(at("2026-03-22", Some("2026-03-22")), ["[Null]"]);
        assert_eq!(borne(&ctx), ["[Int(130)]"], "today is as it was");
    });
}

#[test]
fn a_state_is_laid_out_once_until_what_it_rests_on_changes() {
    each(|test| {
        let (ctx, shelf) = (on(test, day("2026-04-20")), shelf());
        let then = Asked { day: day("2026-03-10"), known: Some(Known::On(day("2026-03-10"))) };
        let now = Asked { known: None, ..then };
        let (one, two) = (shelf.of(&ctx, &then).unwrap(), shelf.of(&ctx, &now).unwrap());
        assert!(std::sync::Arc::ptr_eq(&one, &shelf.of(&ctx, &then).unwrap()));
        assert!(std::sync::Arc::ptr_eq(&two, &shelf.of(&ctx, &now).unwrap()));
        let pinned = Asked { known: Some(Known::At(two.moment.known)), ..now };
        bill_of_the_first(&ctx, "2026-03-05", 100);
        assert!(std::sync::Arc::ptr_eq(&one, &shelf.of(&ctx, &then).unwrap()));
        assert!(std::sync::Arc::ptr_eq(&two, &shelf.of(&ctx, &pinned).unwrap()));
        let later = shelf.of(&ctx, &now).unwrap();
        assert!(!std::sync::Arc::ptr_eq(&two, &later), "{}", test.engine);
        assert_eq!(borne(&later.ctx(&ctx)), ["[Int(100)]"]);
    });
}

#[test]
fn nothing_can_be_changed_in_the_past_and_what_is_noted_is_noted_today() {
    each(|test| {
        let ctx = on(test, day("2026-04-20"));
        let asked = Asked { day: day("2026-03-10"), known: None };
        let past = shelf().of(&ctx, &asked).unwrap();
        let then = past.ctx(&ctx);
        assert!(then.is_past() && !ctx.is_past());
        assert_eq!((then.today, then.present().today), (day("2026-03-10"), day("2026-04-20")));
        let home = ids(&then, STANDING).remove(0);
        let newcomer = Newcomer {
            name: "张新生".into(),
            sex: Sex::Female,
            birth_day: day("2026-03-05"),
            kin: "daughter".into(),
        };
        let birth = Change::Birth { newcomer };
        let refused =
            households::propose(&then, &home, day("2026-03-05"), &birth, &Papers::default());
        assert_eq!(refused.unwrap_err().refusal().unwrap().code, "past.nothing_to_change");
        then.journal(Entry::new(&then, "household.export")).unwrap();
        assert_eq!(
            rows(&ctx, "select verb, at from journal order by number desc limit 1"),
            [format!("[Text(\"household.export\"), Text(\"{}\")]", ctx.now)],
        );
        let none = rows(&then, "select verb from journal where verb = 'household.export'");
        assert!(none.is_empty(), "{}", test.engine);
    });
}

#[test]
fn who_sees_whom_is_as_today_also_in_the_past() {
    each(|test| {
        let ctx = on(test, day("2026-04-20"));
        let asked = Asked { day: day("2026-03-10"), known: Some(Known::On(day("2026-03-10"))) };
        let shelf = shelf();
        let seen = |who: &Ctx| {
            let past = shelf.of(who, &asked).unwrap();
            let then = past.ctx(who);
            let permit = then.permit(Permission::HouseholdSee).unwrap();
            let mut session = then.read().unwrap();
            list_households(&mut session, &permit, &Filter::default(), 10).unwrap().len()
        };
        assert_eq!(seen(&ctx), 2);
        // the account was made after the state was laid out
        let chen = someone(&ctx, "chen", Role::Village, "140430203201");
        assert_eq!(seen(&chen), 1, "{}", test.engine);
        let mut tx = ctx.begin().unwrap();
        tx.exec("delete from scopes where account_id = 'chen'", &[]).unwrap();
        tx.commit(Entry::new(&ctx, "account.manage")).unwrap();
        assert_eq!(seen(&chen), 0, "{}", test.engine);
    });
}

#[test]
fn what_a_village_earned_is_what_was_written_down_by_then() {
    each(|test| {
        let first = on(test, day("2026-04-01"));
        let mut tx = first.begin().unwrap();
        for (code, level) in [("140430000000", "county"), ("140430203201", "village")] {
            tx.exec(
                "insert into areas (code, name, official_name, level, valid_from) values ($1, $1, $1, $2, '2020-01-01')
                 on conflict (code) do nothing",
                params![code, level],
            )
            .unwrap();
        }
        tx.commit(Entry::new(&first, "test.areas")).unwrap();
        let village = [(area("140430203201"), 100)];
        villages::save_incomes(&first, 2025, &village, "").unwrap();
        let later = [(area("140430203201"), 200)];
        villages::save_incomes(&on(test, day("2026-04-10")), 2025, &later, "").unwrap();
        let (ctx, shelf) = (on(test, day("2026-04-20")), shelf());
        let earned = |known: Option<&str>| {
            let known = known.map(|known| Known::On(day(known)));
            let past = shelf.of(&ctx, &Asked { day: day("2026-04-05"), known }).unwrap();
            let found = villages::list(&past.ctx(&ctx), None, 2025).unwrap();
            let line = found.lines.iter().find(|line| line.code.as_str() == "140430203201");
            line.unwrap().income.as_ref().map(|income| income.amount)
        };
        assert_eq!(earned(Some("2026-04-05")), Some(100), "{}", test.engine);
        assert_eq!(earned(None), Some(200));
        assert_eq!(earned(Some("2026-03-31")), None);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_past_day_as_known_then_shows_what_was_shown_on_that_day(
        events in proptest::collection::vec((0_i64..5, event()), 1..14),
    ) {
        each(|test| {
            let mut today = day(FIRST);
            let mut seen = Vec::new();
            // a register that brings people back leaves texts of the search at their other household
            let brought_back = events.iter().any(|one| matches!(one.1, Event::Register { .. }));
            let figures = |ctx: &Ctx| {
                let mut all = figures(ctx);
                all.retain(|(what, _)| *what != "search" || !brought_back);
                all
            };
            for (later, event) in &events {
                if *later > 0 {
                    seen.push((today, figures(&on(test, today))));
                    today = today.add_days(*later);
                    turn_day(&on(test, today)).unwrap();
                }
                happen(&on(test, today), event);
            }
            seen.push((today, figures(&on(test, today))));
            let ctx = on(test, today.add_days(1));
            let shelf = shelf();
            for (day, then) in &seen {
                let asked = Asked { day: *day, known: Some(Known::On(*day)) };
                let past = shelf.of(&ctx, &asked).unwrap();
                same(test.engine, then, &figures(&past.ctx(&ctx)));
            }
            let now = seen.pop().unwrap().1;
            same(test.engine, &now, &figures(&on(test, today)));
        });
    }
}
