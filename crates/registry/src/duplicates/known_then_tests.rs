//! Both times set to yesterday give yesterday's figures, whatever is put right about earlier days today.

use kernel::ids::PersonId;
use kernel::time::Clock;
use proptest::prelude::*;
use store::testing::test_db;
use store::{Ctx, Session, Value, params};

use super::tests::{baby, bill, deliver, first, home, people, second, taken_back, who};
use super::*;
use crate::circumstances::ledger::{derivation, ensure_tables, facts_as_of};
use crate::households::sample::{county, day};
use crate::households::{Change, Papers, propose};

/// Something that is written down today about an earlier day.
#[derive(Clone, Debug)]
enum PutRight {
    Birth(usize),
    Death(usize),
    Leave(usize),
    Move(usize),
    Join,
    Split(usize),
    Bill(usize, i64),
    Revert,
    Merge(usize, usize, bool),
    Undo,
}

fn put_right() -> impl Strategy<Value = PutRight> {
    prop_oneof![
        (0_usize..2).prop_map(PutRight::Birth),
        (0_usize..6).prop_map(PutRight::Death),
        (0_usize..6).prop_map(PutRight::Leave),
        (0_usize..2).prop_map(PutRight::Move),
        Just(PutRight::Join),
        (0_usize..6).prop_map(PutRight::Split),
        (0_usize..6, 1_i64..90).prop_map(|(who, fen)| PutRight::Bill(who, fen * 1_000)),
        Just(PutRight::Revert),
        (0_usize..6, 0_usize..6, any::<bool>())
            .prop_map(|(a, b, home)| PutRight::Merge(a, b, home)),
        Just(PutRight::Undo),
    ]
}

const NAMES: [&str; 6] = ["张三丰", "李桂花", "张小山", "王铁柱", "赵秀英", "王小妹"];

fn lives_in(ctx: &Ctx, person: &str) -> Option<String> {
    let sql = "select household_id from memberships where person_id = $1 and valid_to is null";
    ctx.read().unwrap().find(sql, params![person]).unwrap().map(|row| row.text(0).unwrap())
}

/// Another member of the household, who could be head.
fn other(ctx: &Ctx, household: &str, person: &str) -> Option<PersonId> {
    let sql = "select person_id from memberships where household_id = $1 and person_id <> $2 and valid_to is null order by 1 limit 1";
    let row = ctx.read().unwrap().find(sql, params![household, person]).unwrap();
    row.map(|row| row.parse(0).unwrap())
}

fn by_hand(ctx: &Ctx, household: &str, on: &str, change: &Change) {
    // what cannot be is refused, and that is all right here
    if let Err(error) = propose(ctx, household, day(on), change, &Papers::default()) {
        assert!(error.refusal().is_some(), "{error:?}");
    }
}

fn take(ctx: &Ctx, step: &PutRight, merges: &mut Vec<String>) {
    let of = |at: usize| who(ctx, NAMES[at]);
    match step {
        PutRight::Birth(which) => {
            by_hand(ctx, &[first(ctx), second(ctx)][*which], "2026-10-01", &baby("张小宝"));
        }
        PutRight::Death(at) | PutRight::Leave(at) => {
            let person = of(*at);
            let Some(household) = lives_in(ctx, &person) else { return };
            let heads = ctx.read().unwrap().find(
                "select 1 from households where id = $1 and head_id = $2",
                params![household.as_str(), person.as_str()],
            );
            let new_head = heads.unwrap().and_then(|_| other(ctx, &household, &person));
            let id = person.parse().unwrap();
            let change = match step {
                PutRight::Death(_) => Change::Death { person: id, new_head },
                _ => Change::Leave { person: id, new_head },
            };
            by_hand(ctx, &household, "2026-09-01", &change);
        }
        PutRight::Move(which) => {
            let village = "140430203202".parse().unwrap();
            let moves = Change::Move { village, group: None, address: None };
            by_hand(ctx, &[first(ctx), second(ctx)][*which], "2026-08-01", &moves);
        }
        PutRight::Join => {
            let joins = Change::Merge { into: first(ctx).parse().unwrap(), kins: [].into() };
            by_hand(ctx, &second(ctx), "2026-07-01", &joins);
        }
        PutRight::Split(at) => {
            let person = of(*at);
            let Some(household) = lives_in(ctx, &person) else { return };
            let going = [(person.parse().unwrap(), "head".to_owned())].into();
            by_hand(
                ctx,
                &household,
                "2026-06-01",
                &Change::Split { going, new_head: None, group: None },
            );
        }
        PutRight::Bill(at, fen) => {
            let person = of(*at);
            if let Some(household) = lives_in(ctx, &person) {
                deliver(ctx, (&person, &household), day("2026-05-06"), &bill(*fen));
            }
        }
        PutRight::Revert => {
            let mut tx = ctx.begin().unwrap();
            tx.exec(
                "update batches set state = 'reverted', ended_at = $1 where template = 'x' and state = 'accepted'",
                params![ctx.now],
            )
            .unwrap();
            for number in ["140430000001", "140430000002"] {
                let household = home(ctx, number);
                let village = queries::village_of(&mut tx, &household).unwrap().unwrap();
                tx.touch_household(household, village);
            }
            tx.commit(store::Entry::new(ctx, "intake.revert")).unwrap();
        }
        PutRight::Merge(a, b, home_of_goes) => {
            let chosen = Chosen { home_of_goes: *home_of_goes, ..Chosen::default() };
            match merge(ctx, &people(ctx, NAMES[*a], NAMES[*b]), &chosen) {
                Ok(Outcome::Done(id)) => merges.push(id.to_string()),
                Ok(Outcome::Waits(id)) => panic!("{id} waits"),
                Err(error) => assert!(error.refusal().is_some(), "{error:?}"),
            }
        }
        PutRight::Undo => {
            if let Some(id) = merges.pop() {
                taken_back(ctx, &id);
            }
        }
    }
}

type Rows = Vec<Vec<Value>>;

fn figures(session: &mut Session) -> Vec<Rows> {
    let rows =
        |sql: &'static str| session.rows(sql, &[]).unwrap().into_iter().map(|row| row.0).collect();
    [
        "select * from household_facts order by household_id",
        "select * from person_facts order by person_id",
        "select * from village_facts order by village_code",
    ]
    .map(rows)
    .into()
}

/// What the county knew yesterday, read again after today's changes, beside what it was yesterday.
fn yesterday_again(before: &[PutRight], after: &[PutRight], same: impl Fn(&[Rows], &[Rows])) {
    for test in test_db().unwrap() {
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(vec![derivation]).unwrap();
        // nothing happens at the same instant as something else
        let on = |text: &str, seconds: usize| {
            let noon = Clock::fixed_on(day(text)).now();
            test.system(Clock::Fixed(noon.add_millis(1_000 * i64::try_from(seconds).unwrap())))
        };
        let yesterday = on("2026-10-30", 0);
        county(&yesterday);
        let of = who(&yesterday, "王小妹");
        deliver(&yesterday, (&of, &second(&yesterday)), day("2026-05-06"), &bill(50_000));
        let mut merges = Vec::new();
        for (at, step) in (1..).zip(before) {
            take(&on("2026-10-30", at), step, &mut merges);
        }
        let yesterday = on("2026-10-30", 100);
        let then = figures(&mut yesterday.read().unwrap());
        for (at, step) in (1..).zip(after) {
            take(&on("2026-10-31", at), step, &mut merges);
        }
        let today = on("2026-10-31", 100);
        let asked = (day("2026-10-30"), Some(yesterday.now));
        let again = facts_as_of(&today, asked, &mut |_, _| {}).unwrap();
        same(&figures(&mut again.read().unwrap()), &then);
    }
}

#[test]
fn what_was_written_by_hand_between_a_merge_and_its_undoing_was_not_known_before() {
    use PutRight::{Death, Join, Leave, Merge, Split, Undo};
    let cases: [(&[PutRight], &[PutRight]); 4] = [
        // the undoing finds a household that the hand had closed, and writes it
        (&[], &[Merge(5, 0, false), Join, Undo]),
        (&[], &[Merge(5, 0, true), Death(0), Undo]),
        (&[Leave(1)], &[Merge(5, 2, true), Split(2), Undo]),
        (&[Merge(5, 0, false)], &[Join, Undo]),
    ];
    for (before, after) in cases {
        yesterday_again(before, after, |again, then| {
            assert_eq!(again, then, "{before:?} {after:?}")
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn both_times_set_to_yesterday_give_yesterdays_figures(
        before in prop::collection::vec(put_right(), 0..3),
        after in prop::collection::vec(put_right(), 1..5),
    ) {
        yesterday_again(&before, &after, |again, then| assert_eq!(again, then));
    }
}
