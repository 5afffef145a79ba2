//! Two days of a county on every engine at hand: what came and went adds up, says why, and shows nobody else's households.

use casework::{PAST_STEPS, PAST_TABLES};
use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::time::{Clock, Day};
use proptest::prelude::*;
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::{derivation, ensure_tables, turn_day};
use registry::circumstances::topics::{Body, HospitalStay};
use registry::households::{self, Change, Filter, Newcomer, Papers, count_households};
use registry::past::Shelf;
use registry::people::Sex;
use std::sync::Arc;
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, Value, params};
use web::L;

use super::actions::Two;
use super::model::Place;
use super::sheet::rows_workbook;
use super::*;

const FIRST: &str = "2026-03-01";
const NEAR: &str = "140430203201";
const FAR: &str = "140430204201";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn on(test: &TestDb, day: Day) -> Ctx {
    test.system(Clock::fixed_on(day))
}

/// Two villages with two households each, of two people.
fn each(check: impl Fn(&TestDb, &[HouseholdId])) {
    for test in test_db().unwrap() {
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(vec![derivation]).unwrap();
        let ctx = on(&test, day(FIRST));
        let mut homes = Vec::new();
        let mut tx = ctx.begin().unwrap();
        for (code, name) in [(NEAR, "红坡村"), (FAR, "远山村")] {
            tx.exec(
                "insert into areas (code, name, official_name, level, valid_from) values ($1, $2, $2, 'village', '2020-01-01')",
                params![code, name],
            )
            .unwrap();
        }
        for (at, village) in [NEAR, NEAR, FAR, FAR].into_iter().enumerate() {
            let home: HouseholdId = ctx.new_id();
            let people: [PersonId; 2] = [ctx.new_id(), ctx.new_id()];
            tx.exec(
                "insert into households (id, number, village_code, head_id, created_at) values ($1, $2, $3, $4, $5)",
                params![home, format!("1404300000{at:02}"), village, people[0], ctx.now],
            )
            .unwrap();
            for (place, person) in people.iter().enumerate() {
                let (kin, sex) = [("head", "male"), ("spouse", "female")][place];
                tx.exec(
                    "insert into persons (id, number, name, name_key, sex, birth_day, id_state, certificate)
                     values ($1, $2, $3, $3, $4, '1980-05-01', 'missing', 'none')",
                    params![*person, format!("P{at}{place}"), format!("人{at}{place}"), sex],
                )
                .unwrap();
                tx.exec(
                    "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
                     values ($1, $2, '2020-01-01', $3, 'register', 1, 1, 1, $4)",
                    params![home, *person, kin, ctx.now],
                )
                .unwrap();
            }
            tx.touch_household(home.to_string(), village.parse().unwrap());
            homes.push(home);
        }
        tx.commit(Entry::new(&ctx, "test.county")).unwrap();
        check(&test, &homes);
    }
}

fn days() -> Arc<TwoDays> {
    let tables: Vec<_> = PAST_TABLES.iter().flat_map(|tables| tables.iter().copied()).collect();
    let steps: Vec<_> = PAST_STEPS.iter().flat_map(|steps| steps.iter().copied()).collect();
    Arc::new(TwoDays::new(Arc::new(Shelf::new(&tables, &steps))))
}

fn asking(ctx: &Ctx, from: (&str, &str), to: (&str, &str)) -> Asking {
    Asking::read((Some(from.0), Some(from.1)), (Some(to.0), Some(to.1)), ctx.today).unwrap()
}

fn bill(ctx: &Ctx, home: HouseholdId, (on, fen): (Day, i64)) -> BatchId {
    let id: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    let of = "select m.person_id, h.village_code from memberships m join households h on h.id = m.household_id
              where h.id = $1 and m.kin = 'head' and m.valid_to is null";
    let Some(row) = tx.find(of, params![home]).unwrap() else { return id };
    let (head, village) = (row.text(0).unwrap(), row.text(1).unwrap());
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at, accepted_at)
         values ($1, 'bills', 'medical_insurance', 'medical_stays', 'x.csv', $1, 'accepted', 'system', $2, $2)",
        params![id, ctx.now],
    )
    .unwrap();
    let body = HospitalStay { out_of_pocket_fen: Some(fen), ..HospitalStay::default() };
    tx.exec(
        "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
           valid_from, recorded_at, body) values ($1, 7, 0, 'person', $2, $3, $4, $5, 'x', $6, $7, $8)",
        &[
            id.into(),
            head.into(),
            home.into(),
            village.as_str().into(),
            HospitalStay::TOPIC.as_str().into(),
            on.into(),
            ctx.now.into(),
            Value::from(&body.to_json().unwrap()),
        ],
    )
    .unwrap();
    tx.touch_household(home.to_string(), village.parse().unwrap());
    tx.commit(Entry::new(ctx, "intake.accept").about("batch", id.to_string())).unwrap();
    id
}

fn take_back(ctx: &Ctx, batch: &str) {
    let mut tx = ctx.begin().unwrap();
    let sql =
        "update batches set state = 'reverted', ended_at = $2 where id = $1 and state = 'accepted'";
    tx.exec(sql, params![batch, ctx.now]).unwrap();
    let of = "select household_id, village_code from records where batch_id = $1";
    for row in tx.rows(of, params![batch]).unwrap() {
        tx.touch_household(row.text(0).unwrap(), row.parse(1).unwrap());
    }
    tx.commit(Entry::new(ctx, "intake.revert").about("batch", batch.to_owned())).unwrap();
}

fn birth(ctx: &Ctx, home: HouseholdId, on: Day) {
    let newcomer =
        Newcomer { name: "新生".into(), sex: Sex::Female, birth_day: on, kin: "daughter".into() };
    let change = Change::Birth { newcomer };
    // a household that is gone refuses it
    let done = households::propose(ctx, &home.to_string(), on, &change, &Papers::default());
    assert!(!matches!(done, Err(Error::Fault(_))), "{done:?}");
}

/// Figure, and what came and went, in every area against an independent count.
fn adds_up(sides: &Sides, found: &Comparison) {
    for area in [None, Some("140430203000"), Some(NEAR), Some(FAR)] {
        let area: Option<AreaCode> = area.map(|code| code.parse().unwrap());
        for figure in found.figures(area) {
            assert_eq!(figure.came - figure.went, figure.more());
        }
        let counted = |ctx: &Ctx| {
            let permit = ctx.permit(Permission::HouseholdSee).unwrap();
            let filter = Filter { area, ..Filter::default() };
            count_households(&mut ctx.read().unwrap(), &permit, &filter).unwrap()
        };
        let figure = found.figures(area)[found.line("households").unwrap()];
        assert_eq!((figure.from, figure.to), (counted(&sides.from), counted(&sides.to)));
        // every number opens to as many rows
        for (line, figure) in found.lines.iter().zip(found.figures(area)) {
            for (way, n) in [(Way::In, figure.came), (Way::Out, figure.went)] {
                let wanted = RowsWanted { of: line.clone(), way, area };
                let behind = rows(sides, found, &wanted).unwrap();
                let all = behind.pieces(sides).map(|piece| piece.unwrap().len()).sum::<usize>();
                assert_eq!((behind.total() as i64, all as i64), (n, n), "{line}");
            }
        }
        for (column, n) in found.columns.iter().zip(found.changes(area)) {
            let of = format!("fact.{}", column.name);
            let wanted = RowsWanted { of, way: Way::Changed, area };
            let behind = rows(sides, found, &wanted).unwrap();
            assert_eq!(behind.total() as i64, n, "{}", column.name);
            for line in behind.pieces(sides).flat_map(|piece| piece.unwrap()) {
                assert!(!line.causes.is_empty());
                for two in &line.values {
                    assert!(matches!(two, Two::Fact(_, old, new) if old != new), "{two:?}");
                }
            }
        }
    }
}

#[test]
fn a_backdated_bill_is_a_correction_and_says_by_which_row_and_who_took_it_back() {
    each(|test, homes| {
        let batch = bill(&on(test, day("2026-04-10")), homes[0], (day("2026-03-25"), 70_000));
        take_back(&on(test, day("2026-04-15")), &batch.to_string());
        let (ctx, desk) = (on(test, day("2026-04-20")), days());
        let wanted = |of: &str, way| RowsWanted { of: of.into(), way, area: None };
        let look = |from, to| {
            let sides = desk.sides(&ctx, asking(&ctx, from, to)).unwrap();
            let found = desk.compare(&ctx, &sides).unwrap();
            adds_up(&sides, &found);
            (sides, found)
        };
        let then = ("2026-04-05", "2026-04-05");
        // known five days later: one bill more
        let (sides, found) = look(then, ("2026-04-05", "2026-04-12"));
        let changed = |sides: &Sides, found: &Comparison| {
            let behind = rows(sides, found, &wanted("fact.oop_12m", Way::Changed)).unwrap();
            behind.page(sides, 0).unwrap()
        };
        let lines = changed(&sides, &found);
        assert_eq!(lines.len(), 1, "{}", test.engine);
        let line = &lines[0];
        assert_eq!(
            (line.household.clone(), line.village.as_str()),
            (homes[0].to_string(), "红坡村")
        );
        let came = line.causes.iter().find_map(|cause| match cause {
            Cause::Row(row) => Some(row.clone()),
            _ => None,
        });
        let came = came.unwrap();
        assert_eq!((came.list.as_str(), came.on), ("medical_stays", Some(day("2026-03-25"))));
        assert!(came.by.is_some() && came.href.is_some());
        let one = of_household(&sides, &homes[0].to_string()).unwrap();
        assert!(one.facts.iter().any(|(column, ..)| column.name == "oop_12m"));
        // the list was taken back
        let (sides, found) = look(("2026-04-12", "2026-04-12"), ("2026-04-12", "2026-04-20"));
        let lines = changed(&sides, &found);
        assert!(matches!(lines[0].causes[0], Cause::TakenBack(_)), "{lines:?}");
        // as known then and as known after the taking back: nothing differs of that day
        let (_, found) = look(then, ("2026-04-05", "2026-04-20"));
        assert!(found.items.is_empty() && found.changed.is_empty(), "{}", test.engine);
    });
}

#[test]
fn who_came_is_told_with_the_change_by_hand_and_a_lead_with_its_answer() {
    each(|test, homes| {
        birth(&on(test, day("2026-03-20")), homes[2], day("2026-03-18"));
        let mut ctx = on(test, day("2026-03-21"));
        let mut tx = ctx.begin().unwrap();
        for at in [0, 1] {
            tx.exec(
                "insert into leads (id, level, subject, household_id, village_code, department, channel, severity, state,
                   opened_on, released_on, due_on, clock_days, clock_kind, sort_day, version, pack_id, pack_version)
                 values ($1, 'household', $2, $2, $3, 'water', 'x', 'severe', 'open', '2026-03-21', '2026-03-21', '2026-04-01',
                   5, 'working', '2026-04-01', 1, 'test', 1)",
                params![format!("{at:032x}"), homes[at].to_string(), NEAR],
            )
            .unwrap();
        }
        tx.commit(Entry::new(&ctx, "test.leads")).unwrap();
        ctx = on(test, day("2026-03-25"));
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "update leads set state = 'answered', answered_name = '陈', answered_on = '2026-03-25', outcome = 'no_risk',
               answered_at = $2, sort_day = '2026-03-25', version = 2 where id = $1",
            params![format!("{:032x}", 1), ctx.now],
        )
        .unwrap();
        tx.commit(Entry::new(&ctx, "lead.answer")).unwrap();
        let (ctx, desk) = (on(test, day("2026-03-30")), days());
        let between = |from: &str, to: &str| {
            let sides = desk.sides(&ctx, asking(&ctx, (from, from), (to, to))).unwrap();
            let found = desk.compare(&ctx, &sides).unwrap();
            adds_up(&sides, &found);
            (sides, found)
        };
        let rows_of = |(sides, found): &(Sides, Arc<Comparison>), of: &str, way| {
            let wanted = RowsWanted { of: of.into(), way, area: None };
            rows(sides, found, &wanted).unwrap().page(sides, 0).unwrap()
        };
        let whole = between("2026-03-10", "2026-03-30");
        let people = rows_of(&whole, "people", Way::In);
        assert_eq!(people.len(), 1, "{}", test.engine);
        assert_eq!(people[0].name, "新生");
        let told = |cause: &Cause| matches!(cause, Cause::Came(name, how, on) if name == "新生" && how == "birth" && *on == day("2026-03-18"));
        assert!(people[0].causes.iter().any(told), "{:?}", people[0].causes);
        let by_hand =
            |cause: &Cause| matches!(cause, Cause::Done(verb, ..) if verb == "household.birth");
        assert!(people[0].causes.iter().any(by_hand), "{:?}", people[0].causes);
        assert_eq!(rows_of(&whole, "lead.severe", Way::In).len(), 1);
        let answered = between("2026-03-22", "2026-03-30");
        let gone = rows_of(&answered, "lead.severe", Way::Out);
        assert_eq!(gone.len(), 1, "{}", test.engine);
        assert_eq!(gone[0].values, [Two::Lead(Some("open".into()), Some("answered".into()))]);
        let answer = Cause::Answered("陈".into(), "2026-03-25".into(), "no_risk".into());
        assert!(gone[0].causes.contains(&answer), "{:?}", gone[0].causes);
    });
}

#[test]
fn nobody_compares_households_of_others_and_a_comparison_is_worked_out_once() {
    each(|test, homes| {
        birth(&on(test, day("2026-03-20")), homes[2], day("2026-03-18"));
        let (ctx, desk) = (on(test, day("2026-03-30")), days());
        let person = |login: &str, role, home: &str| {
            let home: AreaCode = home.parse().unwrap();
            let new = NewAccount {
                login: login.to_owned(),
                name: login.to_owned(),
                role,
                department: None,
                home,
                reach: Reach::Home,
            };
            let account = accounts::create(&ctx, &new).unwrap().0;
            let actor = Actor {
                account: account.id.to_string(),
                name: login.to_owned(),
                role,
                department: None,
                home: Some(home),
                scopes: vec![Scope { kind: ScopeKind::Area(home) }],
            };
            Ctx::new(&test.db, actor, Clock::fixed_on(ctx.today), Lang::Zh)
        };
        let chen = person("chen", Role::Village, NEAR);
        let asked = asking(&ctx, ("2026-03-10", "2026-03-10"), ("2026-03-30", "2026-03-30"));
        let sides = desk.sides(&chen, asked).unwrap();
        let found = desk.compare(&chen, &sides).unwrap();
        let households = found.figures(None)[found.line("households").unwrap()];
        assert_eq!((households.from, households.to), (2, 2), "{}", test.engine);
        assert!(found.items.is_empty(), "the child was born elsewhere");
        for item in found.changed.iter() {
            assert_eq!(item.villages.0.to_string(), NEAR);
        }
        match of_household(&sides, &homes[2].to_string()) {
            Err(Error::Refusal(refusal)) => assert_eq!(refusal.kind, RefusalKind::NotFound),
            other => panic!("{other:?}"),
        }
        assert!(of_household(&sides, &homes[0].to_string()).is_ok());
        // again it is the same one; for another person it is another
        assert!(Arc::ptr_eq(&found, &desk.compare(&chen, &sides).unwrap()));
        let all = desk.sides(&ctx, asked).unwrap();
        let all = desk.compare(&ctx, &all).unwrap();
        assert_eq!(all.figures(None)[all.line("people").unwrap()].came, 1);
        assert_eq!(desk.ready(&ctx, asked).unwrap(), (true, true));
        // something that happens today is seen today
        birth(&ctx, homes[0], day("2026-03-29"));
        let sides = desk.sides(&chen, asked).unwrap();
        let later = desk.compare(&chen, &sides).unwrap();
        assert_eq!(later.figures(None)[later.line("people").unwrap()].came, 1);
        let missing = RowsWanted { of: "nothing".into(), way: Way::In, area: None };
        assert!(rows(&sides, &later, &missing).is_err());
    });
}

#[test]
fn leads_about_villages_are_counted_with_those_of_households() {
    each(|test, homes| {
        let lead = |ctx: &Ctx,
                    (id, level, home): (u8, &str, Option<HouseholdId>),
                    village: &str| {
            let mut tx = ctx.begin().unwrap();
            let subject = home.map_or_else(|| format!("{village}|water"), |home| home.to_string());
            tx.exec(
                "insert into leads (id, level, subject, household_id, village_code, department, channel, severity, state,
                   opened_on, released_on, due_on, clock_days, clock_kind, sort_day, version, pack_id, pack_version)
                 values ($1, $2, $3, $4, $5, 'water', 'x', 'serious', 'open', '2026-03-21', '2026-03-21', '2026-04-01',
                   5, 'working', '2026-04-01', 1, 'test', 1)",
                params![format!("{id:032x}"), level, subject, home.map(|home| home.to_string()), village],
            )
            .unwrap();
            tx.commit(Entry::new(ctx, "test.leads")).unwrap();
        };
        let then = on(test, day("2026-03-21"));
        lead(&then, (1, "household", Some(homes[0])), NEAR);
        lead(&then, (2, "village", None), NEAR);
        lead(&then, (3, "village", None), FAR);
        let (ctx, desk) = (on(test, day("2026-03-30")), days());
        let asked = asking(&ctx, ("2026-03-10", "2026-03-10"), ("2026-03-30", "2026-03-30"));
        let sides = desk.sides(&ctx, asked).unwrap();
        let found = desk.compare(&ctx, &sides).unwrap();
        adds_up(&sides, &found);
        let wanted = |area: Option<&str>| RowsWanted {
            of: "lead.serious".into(),
            way: Way::In,
            area: area.map(|code| code.parse().unwrap()),
        };
        let lines = rows(&sides, &found, &wanted(None)).unwrap().page(&sides, 0).unwrap();
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.village.as_str(), line.household.is_empty(), line.lead.is_some()))
            .collect();
        let all = [("红坡村", true, true), ("红坡村", false, true), ("远山村", true, true)];
        assert_eq!(told, all, "{}", test.engine);
        assert_eq!(rows(&sides, &found, &wanted(Some(FAR))).unwrap().total(), 1);
        // a person of the office that must see to it is told of it, whatever the scope; a person of another village is not
        let person = |department: Option<&str>| {
            let actor = Actor {
                account: format!("somebody of {department:?}"),
                name: "某".into(),
                role: Role::County,
                department: department.map(str::to_owned),
                home: None,
                scopes: Vec::new(),
            };
            let ctx = Ctx::new(&test.db, actor, Clock::fixed_on(ctx.today), Lang::Zh);
            let sides = desk.sides(&ctx, asked).unwrap();
            let found = desk.compare(&ctx, &sides).unwrap();
            let line = found.line("lead.serious");
            line.map_or(0, |line| found.figures(None)[line].to)
        };
        assert_eq!((person(Some("water")), person(Some("health")), person(None)), (2, 0, 0));
    });
}

#[test]
fn a_workbook_holds_all_rows_behind_a_number() {
    each(|test, homes| {
        let (ctx, desk) = (on(test, day("2026-03-30")), days());
        let asked = asking(&ctx, ("2026-03-10", "2026-03-10"), ("2026-03-30", "2026-03-30"));
        let sides = desk.sides(&ctx, asked).unwrap();
        let place = Place { household: homes[0].to_string(), village: NEAR.parse().unwrap() };
        let item = Item { line: 0, key: "x".into(), from: None, to: Some(place) };
        let many = 2_012;
        let mut found = Comparison::default();
        found.lines = vec!["lead.severe".into()];
        found.items = vec![item; many];
        let wanted = RowsWanted { of: "lead.severe".into(), way: Way::In, area: None };
        let behind = rows(&sides, &found, &wanted).unwrap();
        let heads = ["2026-03-10".to_owned(), "2026-03-30".to_owned()];
        let bytes = rows_workbook(
            (&ctx, L::new(Lang::Zh)),
            (&sides, &behind),
            ("/compare/rows".into(), heads),
            &|line| (vec![("x".into(), line.name.clone(), String::new())], Vec::new()),
        )
        .unwrap();
        let mut book = sheets::Book::from_bytes(bytes, &sheets::Limits::default()).unwrap();
        assert_eq!(book.rows(0).unwrap().count(), many + 1, "{}", test.engine);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 16, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_rows_add_up_and_a_day_beside_itself_is_empty(
        events in proptest::collection::vec((0_i64..6, 0_u8..4, 0_usize..4, 0_i64..60), 1..8),
        from in (0_i64..30, 0_i64..30),
        to in (0_i64..30, 0_i64..30),
    ) {
        each(|test, homes| {
            let mut today = day(FIRST);
            let mut batches = Vec::new();
            for (later, kind, home, back) in &events {
                today = today.add_days(*later);
                let ctx = on(test, today);
                turn_day(&ctx).unwrap();
                match kind {
                    0 | 1 => batches.push(bill(&ctx, homes[*home], (today.add_days(-back), 100 + back)).to_string()),
                    2 => birth(&ctx, homes[*home], today.add_days(-back)),
                    _ => {
                        if let Some(batch) = batches.pop() {
                            take_back(&ctx, &batch);
                        }
                    }
                }
            }
            let ctx = on(test, today.add_days(1));
            turn_day(&ctx).unwrap();
            let text = |ago: i64| ctx.today.add_days(-ago).to_string();
            let (from, to) = ((text(from.0), text(from.1)), (text(to.0), text(to.1)));
            let (from, to) = ((from.0.as_str(), from.1.as_str()), (to.0.as_str(), to.1.as_str()));
            let desk = days();
            let look = |from, to| {
                let sides = desk.sides(&ctx, asking(&ctx, from, to)).unwrap();
                let found = desk.compare(&ctx, &sides).unwrap();
                adds_up(&sides, &found);
                found
            };
            let (there, back) = (look(from, to), look(to, from));
            assert_eq!(there.items.len(), back.items.len());
            assert_eq!(there.changed.len(), back.changed.len());
            let (same, today) = (look(to, to), ctx.today.to_string());
            assert!(same.items.is_empty() && same.changed.is_empty(), "{}", test.engine);
            let now = (today.as_str(), today.as_str());
            let alike = look(now, now);
            assert!(alike.items.is_empty() && alike.changed.is_empty(), "{}", test.engine);
        });
    }
}
