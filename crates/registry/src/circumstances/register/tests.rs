//! The register on every engine at hand.

use kernel::idnumber::check_character;
use kernel::time::Clock;
use store::params;
use store::testing::test_db;

use super::*;
use crate::circumstances::topics::{RegisterHousehold, RegisterPerson};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn village(number: u32) -> AreaCode {
    format!("140430203{number:03}").parse().unwrap()
}

fn id_of(birth: &str, serial: u32) -> IdNumber {
    let digits = format!("140430{birth}{serial:03}");
    let check = check_character(digits.as_bytes()).unwrap();
    IdNumber::of_form(&format!("{digits}{}", char::from(check))).unwrap()
}

fn household(number: u32, village_no: u32) -> HouseholdRow {
    HouseholdRow {
        row_no: i64::from(number) + 1,
        number: format!("1404300{number:05}"),
        village: village(village_no),
        phone: Phone::read("16012345678").ok(),
        says: RegisterHousehold {
            group: Some("1组".into()),
            household_type: Some("脱贫户".into()),
            ..RegisterHousehold::default()
        },
    }
}

fn person(number: u32, household: u32, name: &str, kin: Kin) -> PersonRow {
    PersonRow {
        row_no: 10_000 + i64::from(number),
        number: format!("140430000{number:05}"),
        household_number: format!("1404300{household:05}"),
        name: name.into(),
        sex: Some(Sex::Male),
        birth_day: Some(day("1980-05-06")),
        certificate: Certificate::Citizen,
        id: Some(id_of("19800506", 100 + number * 2 + 1)),
        certificate_tail: None,
        phone: None,
        kin: Some(kin),
        says: RegisterPerson { dibao: Some(false), ..RegisterPerson::default() },
    }
}

fn begin(ctx: &Ctx, on: &str) -> Delivery {
    let batch: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
         values ($1, 'register', '农业农村', 'register', 'registry.xlsx', $1, 'staging', 'system', $2)",
        params![batch.to_string(), ctx.now],
    )
    .unwrap();
    tx.commit(store::Entry::new(ctx, "intake.upload")).unwrap();
    Delivery { batch, day: day(on), source: "register".into() }
}

fn accept(ctx: &Ctx, staged: &Staged, delivery: &Delivery) {
    let mut tx = ctx.begin().unwrap();
    publish(&mut tx, staged).unwrap();
    tx.exec(
        "update batches set state = 'accepted' where id = $1",
        params![delivery.batch.to_string()],
    )
    .unwrap();
    tx.commit(store::Entry::new(ctx, "intake.accept").about("batch", delivery.batch.to_string()))
        .unwrap();
}

fn count(ctx: &Ctx, sql: &'static str) -> i64 {
    ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap()
}

fn take_in(
    ctx: &Ctx,
    on: &str,
    households: &[HouseholdRow],
    persons: &[PersonRow],
) -> (Delivery, Staged) {
    let delivery = begin(ctx, on);
    let staged = stage(ctx, &delivery, households, persons, &mut |_| {}).unwrap();
    accept(ctx, &staged, &delivery);
    (delivery, staged)
}

fn each(check: impl Fn(&Ctx)) {
    for test in test_db().unwrap() {
        check(&test.system(Clock::fixed_on(day("2026-10-31"))));
    }
}

fn codes(staged: &Staged) -> Vec<(i64, &str)> {
    staged.findings.iter().map(|(row, finding)| (*row, finding.code.as_ref())).collect()
}

const STANDING: &str = "select count(*) from households where village_code is not null";
const LIVING: &str = "select count(*) from memberships where valid_to is null";

#[test]
fn nobody_sees_a_register_before_it_is_accepted() {
    each(|ctx| {
        let delivery = begin(ctx, "2026-10-31");
        let people = [person(1, 1, "王大", Kin::Head), person(2, 1, "王小", Kin::Son)];
        let staged = stage(ctx, &delivery, &[household(1, 201)], &people, &mut |_| {}).unwrap();
        assert_eq!(count(ctx, STANDING), 0);
        assert_eq!((staged.new_households, staged.new_persons), (1, 2));
        accept(ctx, &staged, &delivery);
        assert_eq!(count(ctx, STANDING), 1);
        assert_eq!(count(ctx, "select count(*) from records"), 3);
        let head = "select count(*) from households h join memberships m
                    on m.household_id = h.id and m.person_id = h.head_id and m.kin = 'head'";
        assert_eq!(count(ctx, head), 1);
        assert!(codes(&staged).is_empty());
    });
}

#[test]
fn what_was_never_accepted_is_swept_away_whole() {
    each(|ctx| {
        let delivery = begin(ctx, "2026-10-31");
        let people = [person(1, 1, "王大", Kin::Head)];
        stage(ctx, &delivery, &[household(1, 201)], &people, &mut |_| {}).unwrap();
        let mut tx = ctx.begin().unwrap();
        sweep(&mut tx, &delivery.batch).unwrap();
        tx.commit_staged(&delivery.batch.to_string()).unwrap();
        for table in [
            "select count(*) from households",
            "select count(*) from persons",
            "select count(*) from memberships",
            "select count(*) from statuses",
            "select count(*) from search_keys",
            "select count(*) from records",
        ] {
            assert_eq!(count(ctx, table), 0, "{table}");
        }
    });
}

#[test]
fn a_wrong_or_shared_number_enters_marked_and_with_a_finding() {
    each(|ctx| {
        let mut wrong = person(1, 1, "王大", Kin::Head);
        let shown = wrong.id.unwrap().reveal().to_owned();
        let last = if shown.ends_with('0') { '1' } else { '0' };
        wrong.id = IdNumber::of_form(&format!("{}{last}", &shown[..17]));
        let one = person(2, 1, "王二", Kin::Son);
        let mut other = person(3, 1, "王三", Kin::Son);
        other.id = one.id;
        let nameless = PersonRow { id: None, ..person(4, 1, "王四", Kin::Son) };
        let (_, staged) =
            take_in(ctx, "2026-10-31", &[household(1, 201)], &[wrong, one, other, nameless]);
        assert_eq!(
            codes(&staged),
            [
                (10_001, "people.id_wrong_check"),
                (10_002, "people.id_twice"),
                (10_003, "people.id_twice"),
                (10_004, "people.id_missing")
            ]
        );
        assert_eq!(count(ctx, "select count(*) from persons where id_state = 'twice'"), 2);
        assert_eq!(count(ctx, "select count(*) from persons where id_state = 'wrong_check'"), 1);
    });
}

#[test]
fn a_household_with_two_heads_or_none_gets_one() {
    each(|ctx| {
        let mut named = household(1, 201);
        named.says.head_name = Some("王二".into());
        let people = [
            person(1, 1, "王大", Kin::Head),
            person(2, 1, "王二", Kin::Head),
            person(3, 2, "李大", Kin::Spouse),
        ];
        let (_, staged) =
            take_in(ctx, "2026-10-31", &[named, household(2, 201), household(3, 201)], &people);
        let found = codes(&staged);
        assert!(found.contains(&(10_001, "households.two_heads")), "{found:?}");
        assert!(found.contains(&(3, "households.no_head")));
        assert!(found.contains(&(4, "households.no_members")));
        assert_eq!(count(ctx, "select count(*) from memberships where kin = 'head'"), 2);
    });
}

#[test]
fn a_row_without_its_household_or_twice_is_rejected() {
    each(|ctx| {
        let people = [
            person(1, 1, "王大", Kin::Head),
            person(1, 1, "王大", Kin::Head),
            person(2, 9, "王二", Kin::Son),
        ];
        let (_, staged) =
            take_in(ctx, "2026-10-31", &[household(1, 201), household(1, 202)], &people);
        assert_eq!(staged.rejected, [2, 10_001, 10_002]);
        assert_eq!(count(ctx, STANDING), 1);
    });
}

#[test]
fn the_same_register_again_changes_nothing_but_its_records() {
    each(|ctx| {
        let people = [person(1, 1, "王大", Kin::Head), person(2, 1, "王小", Kin::Son)];
        take_in(ctx, "2026-09-30", &[household(1, 201)], &people);
        let (_, again) = take_in(ctx, "2026-10-31", &[household(1, 201)], &people);
        assert_eq!((again.new_households, again.new_persons, again.changed_households), (0, 0, 0));
        assert_eq!(count(ctx, LIVING), 2);
        assert_eq!(count(ctx, "select count(*) from records"), 6);
        assert_eq!(count(ctx, "select count(*) from statuses"), 1);
    });
}

#[test]
fn a_later_register_moves_ends_and_begins_and_keeps_the_past() {
    each(|ctx| {
        let people = [
            person(1, 1, "王大", Kin::Head),
            person(2, 1, "王小", Kin::Son),
            person(3, 2, "李大", Kin::Head),
        ];
        take_in(ctx, "2026-09-30", &[household(1, 201), household(2, 202)], &people);
        // 王小 now lives with 李大 and 王大 has gone to another village and is monitored
        let mut moved = household(1, 202);
        moved.says.monitor_type = Some("边缘易致贫户".into());
        let people = [
            person(1, 1, "王大", Kin::Head),
            person(2, 2, "王小", Kin::Son),
            person(3, 2, "李大", Kin::Head),
        ];
        let (delivery, staged) = take_in(ctx, "2026-10-31", &[moved, household(2, 202)], &people);
        assert_eq!(staged.changed_households, 2);
        assert_eq!(count(ctx, LIVING), 3);
        assert_eq!(count(ctx, "select count(*) from memberships where valid_to = '2026-10-31'"), 1);
        assert_eq!(count(ctx, "select count(*) from household_places"), 1);
        assert_eq!(count(ctx, "select count(*) from statuses where scheme = 'monitored'"), 1);
        let mut tx = ctx.begin().unwrap();
        revert(&mut tx, &delivery.batch).unwrap();
        tx.commit(store::Entry::new(ctx, "intake.revert")).unwrap();
        assert_eq!(count(ctx, LIVING), 3);
        assert_eq!(count(ctx, "select count(*) from memberships where valid_to is not null"), 0);
        assert_eq!(count(ctx, "select count(*) from statuses where scheme = 'monitored'"), 0);
        let stands = "select count(*) from households where village_code = '140430203201'";
        assert_eq!(count(ctx, stands), 1, "the household stands where it stood before");
        assert_eq!(count(ctx, "select count(*) from household_places"), 0);
        let home = "select count(*) from memberships m join households h on h.id = m.household_id
                    join persons p on p.id = m.person_id where p.name = '王小' and h.number = '140430000001'";
        assert_eq!(count(ctx, home), 1);
    });
}

#[test]
fn who_is_renamed_is_found_by_the_new_name_alone() {
    each(|ctx| {
        take_in(ctx, "2026-09-30", &[household(1, 201)], &[person(1, 1, "王大", Kin::Head)]);
        let key = |text: &'static str| match text {
            "王大" => count(ctx, "select count(*) from search_keys where key = '王大'"),
            "wd" => count(ctx, "select count(*) from search_keys where key = 'wd'"),
            "李四" => count(ctx, "select count(*) from search_keys where key = '李四'"),
            _ => count(ctx, "select count(*) from search_keys where key = 'ls'"),
        };
        assert_eq!((key("王大"), key("wd"), key("李四"), key("ls")), (1, 1, 0, 0));
        take_in(ctx, "2026-10-31", &[household(1, 201)], &[person(1, 1, "李四", Kin::Head)]);
        assert_eq!((key("王大"), key("wd"), key("李四"), key("ls")), (0, 0, 1, 1));
    });
}

#[test]
fn a_register_that_was_taken_back_can_be_delivered_again() {
    each(|ctx| {
        let people = [person(1, 1, "王大", Kin::Head)];
        let (delivery, _) = take_in(ctx, "2026-09-30", &[household(1, 201)], &people);
        let mut tx = ctx.begin().unwrap();
        revert(&mut tx, &delivery.batch).unwrap();
        tx.commit(store::Entry::new(ctx, "intake.revert")).unwrap();
        assert_eq!(count(ctx, STANDING), 0);
        take_in(ctx, "2026-10-31", &[household(1, 201)], &people);
        assert_eq!(count(ctx, STANDING), 1);
        assert_eq!(count(ctx, LIVING), 1);
    });
}

fn take_back(ctx: &Ctx, delivery: &Delivery) -> Result<()> {
    let mut tx = ctx.begin()?;
    revert(&mut tx, &delivery.batch)?;
    tx.exec(
        "update batches set state = 'reverted' where id = $1",
        params![delivery.batch.to_string()],
    )?;
    tx.commit(store::Entry::new(ctx, "intake.revert"))?;
    Ok(())
}

#[test]
fn names_numbers_phones_and_heads_are_restored_when_a_register_is_taken_back() {
    each(|ctx| {
        let people = [person(1, 1, "王大", Kin::Head), person(2, 1, "王小", Kin::Son)];
        take_in(ctx, "2026-09-30", &[household(1, 201)], &people);
        let state = || {
            let sql = "select p.name, p.id_digest, p.id_state, p.phone_tail, h.head_id = p.id, m.kin,
                         (select count(*) from search_keys k where k.person_id = p.id and k.key = p.name)
                       from persons p join memberships m on m.person_id = p.id and m.valid_to is null
                       join households h on h.id = m.household_id order by p.number";
            let rows = ctx.read().unwrap().rows(sql, &[]).unwrap();
            rows.into_iter().map(|row| format!("{:?}", row.0)).collect::<Vec<_>>()
        };
        let before = state();
        let mut renamed = person(1, 1, "王大山", Kin::Father);
        renamed.id = Some(id_of("19800506", 901));
        renamed.phone = Phone::read("16012340000").ok();
        let people = [renamed, person(2, 1, "王小", Kin::Head)];
        let (delivery, _) = take_in(ctx, "2026-10-31", &[household(1, 201)], &people);
        assert_ne!(state(), before);
        take_back(ctx, &delivery).unwrap();
        assert_eq!(state(), before);
        for table in [
            "select count(*) from persons_before",
            "select count(*) from households_before",
            "select count(*) from memberships_before",
        ] {
            assert_eq!(count(ctx, table), 0, "{table}");
        }
    });
}

#[test]
fn a_register_of_the_same_day_is_taken_back_whole_too_and_the_newest_first() {
    each(|ctx| {
        let people = [person(1, 1, "王大", Kin::Head), person(2, 1, "王小", Kin::Son)];
        let (first, _) = take_in(ctx, "2026-09-30", &[household(1, 201)], &people);
        let swapped = [person(1, 1, "王大", Kin::Father), person(2, 1, "王小", Kin::Head)];
        let (second, _) = take_in(ctx, "2026-09-30", &[household(1, 201)], &swapped);
        let head = "select count(*) from memberships m join persons p on p.id = m.person_id
                    where m.kin = 'head' and p.name = '王大' and m.valid_to is null";
        assert_eq!(count(ctx, head), 0);
        let mut tx = ctx.begin().unwrap();
        for (at, one) in [(1, &first), (2, &second)] {
            tx.exec(
                "update batches set accepted_at = $2 where id = $1",
                params![one.batch.to_string(), ctx.now.add_millis(at)],
            )
            .unwrap();
        }
        tx.commit(store::Entry::new(ctx, "test")).unwrap();
        let Error::Refusal(refusal) = take_back(ctx, &first).unwrap_err() else { panic!() };
        assert_eq!(refusal.code, "intake.later_register");
        take_back(ctx, &second).unwrap();
        assert_eq!(count(ctx, head), 1);
        assert_eq!(count(ctx, LIVING), 2);
        take_back(ctx, &first).unwrap();
        assert_eq!(count(ctx, STANDING), 0);
    });
}

const OPEN: &str = "select count(*) from register_absences where state = 'open'";

#[test]
fn whom_a_later_register_does_not_name_stays_and_is_asked_about() {
    each(|ctx| {
        let people = [
            person(1, 1, "王大", Kin::Head),
            person(2, 1, "王小", Kin::Son),
            person(3, 2, "李大", Kin::Head),
            person(4, 3, "赵大", Kin::Head),
            person(5, 1, "王三", Kin::Son),
        ];
        let homes = [household(1, 201), household(2, 201), household(3, 202)];
        take_in(ctx, "2026-09-30", &homes, &people);
        // 王小 has no row, 王三 stands with 王大's neighbours, 李大's household has none; village 202 is not in the file
        let new = household(4, 201);
        let people = [
            person(1, 1, "王大", Kin::Head),
            person(5, 4, "王三", Kin::Son),
            person(6, 4, "钱大", Kin::Head),
        ];
        let (delivery, staged) =
            take_in(ctx, "2026-10-31", &[household(1, 201), new.clone()], &people);
        assert_eq!(codes(&staged), [(2, "people.not_listed"), (0, "households.not_listed")]);
        assert_eq!(staged.left_out, 1);
        assert_eq!(count(ctx, LIVING), 6, "nobody is removed, nobody lives twice");
        assert_eq!(count(ctx, OPEN), 2);
        // somebody answers for 王小; the next register lacks the same two
        let mut tx = ctx.begin().unwrap();
        let answered = tx
            .exec(
                "update register_absences set state = 'stays', answered_by = 'chen', answered_at = $1, reason = '在家'
                 where person_id <> ''",
                params![ctx.now],
            )
            .unwrap();
        assert_eq!(answered, 1);
        tx.commit(store::Entry::new(ctx, "test")).unwrap();
        let (third, _) = take_in(ctx, "2026-11-30", &[household(1, 201), new.clone()], &people);
        assert_eq!(count(ctx, OPEN), 1, "who was answered for is not asked about again");
        take_back(ctx, &third).unwrap();
        assert_eq!(count(ctx, OPEN), 1);
        take_back(ctx, &delivery).unwrap();
        assert_eq!(count(ctx, "select count(*) from register_absences"), 0);
        assert_eq!(
            count(ctx, LIVING),
            5 + 1,
            "王三 is back with 王大; 钱大 waits with the new household"
        );
        let back = "select count(*) from memberships m join persons p on p.id = m.person_id
                    where p.name = '王三' and m.valid_to is null";
        assert_eq!(count(ctx, back), 1);
    });
}

#[test]
fn the_dead_are_not_brought_back_by_a_register_that_still_lists_them() {
    each(|ctx| {
        let people = [person(1, 1, "王大", Kin::Head), person(2, 1, "王小", Kin::Son)];
        take_in(ctx, "2026-09-30", &[household(1, 201)], &people);
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "update memberships set valid_to = '2026-10-05', how_out = 'death', ended_at = $1
             where kin = 'head'",
            params![ctx.now],
        )
        .unwrap();
        tx.exec("update memberships set kin = 'head' where kin = 'son'", &[]).unwrap();
        tx.commit(store::Entry::new(ctx, "test")).unwrap();
        let (_, staged) = take_in(ctx, "2026-10-31", &[household(1, 201)], &people);
        assert_eq!(codes(&staged), [(10_001, "people.recorded_gone")]);
        assert_eq!(count(ctx, LIVING), 1);
        let head = "select count(*) from memberships where kin = 'head' and valid_to is null";
        assert_eq!(count(ctx, head), 1);
        assert_eq!(count(ctx, OPEN), 0);
    });
}
