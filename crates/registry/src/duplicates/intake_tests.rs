//! A file of a department that still names a person who was merged, through the whole of intake, on every engine at hand.

use store::{Ctx, params};

use super::undo::undo;
use super::*;
use crate::intake::tests::{LIVE, bring_it, count, each, list, number, row};
use crate::intake::{Until, revert};

fn id_of(ctx: &Ctx, sql: &'static str, number: &str) -> String {
    ctx.read().unwrap().row(sql, params![number]).unwrap().text(0).unwrap()
}

fn jobless(ctx: &Ctx, household: &str) -> i64 {
    let sql = "select coalesce(max(jobless_count), 0) from household_facts f join households h on h.id = f.household_id
               where h.number = $1";
    ctx.read().unwrap().row(sql, params![household]).unwrap().int(0).unwrap()
}

#[test]
fn a_file_under_the_number_of_one_who_was_merged_counts_for_the_one_who_stays() {
    each(|test, ctx, world| {
        let person = |number: &str| id_of(ctx, "select id from persons where number = $1", number);
        // 王一 of two villages turns out to be one
        let pair = Pair { kind: Kind::Person, goes: person("P00003"), stays: person("P00001") };
        let id = match merge(ctx, &pair, &Chosen::default()).unwrap() {
            Outcome::Done(id) => id.to_string(),
            Outcome::Waits(id) => panic!("{id} waits"),
        };
        let old = row("王一", &number(703), "北沟村", "2026-04-13");
        let done = bring_it(ctx, world, &list(&old), Until::Accepted).unwrap();
        assert_eq!((done.counts.taken, done.counts.asked), (1, 0), "{}", test.engine);
        assert_eq!(count(ctx, LIVE), 1);
        assert_eq!((jobless(ctx, "H00001"), jobless(ctx, "H00003")), (1, 0), "{}", test.engine);
        // undone, the row is again about the one whom it names; the file taken back, about nobody
        undo(ctx, &id, ("两个人", true)).unwrap();
        assert_eq!((jobless(ctx, "H00001"), jobless(ctx, "H00003")), (0, 1), "{}", test.engine);
        revert(ctx, done.batch.unwrap(), "报错").unwrap();
        assert_eq!((jobless(ctx, "H00001"), jobless(ctx, "H00003")), (0, 0), "{}", test.engine);
    });
}
