//! Facts of which most change: whole tables take the place of the others.

use store::Engine;

use super::*;
use crate::circumstances::ledger::prepare::{Prepared, Swap, prepare};
use crate::circumstances::ledger::publish::{apply, forget, sweep};

/// A list with a bill for the first member of each of these households.
fn bills(ctx: &Ctx, of: &[(HouseholdId, AreaCode)], fen: i64) -> BatchId {
    let list = batch(ctx, "medical_stays");
    for (row, (home, village)) in (1..).zip(of) {
        let who = people(ctx, *home)[0].0;
        let says = says((Some(who), Some(*home), *village), day("2026-05-06"), &bill(fen));
        write(ctx, list, row, &says);
    }
    list
}

fn prepared(ctx: &Ctx, list: BatchId) -> Prepared {
    prepare(ctx, &Swap { begins: Some(list), ..Swap::default() }).unwrap()
}

fn accept(ctx: &Ctx, list: BatchId, facts: &Prepared) {
    let mut tx = ctx.begin().unwrap();
    let sql = "update batches set state = 'accepted', accepted_at = $2 where id = $1";
    tx.exec(sql, params![list, ctx.now]).unwrap();
    apply(&mut tx, facts).unwrap();
    tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
    forget(ctx, facts).unwrap();
}

fn embedded(ctx: &Ctx) -> bool {
    ctx.db.engine() == Engine::Sqlite
}

const LEFT: &str = "select (select count(*) from household_facts_whole_next) + (select count(*) from person_facts_whole_next)";

#[test]
fn who_reads_sees_the_facts_of_before_or_of_after_and_no_row_is_lost() {
    each(|ctx| {
        let all = households(ctx);
        for (round, of) in [&all[..], &all[..1], &all[1..], &all[..]].into_iter().enumerate() {
            let before: Vec<Option<i64>> = all.iter().map(|(home, _)| oop(ctx, *home)).collect();
            let fen = 100 + i64::try_from(round).unwrap();
            let list = bills(ctx, of, fen);
            let facts = prepared(ctx, list);
            assert_eq!(facts.whole.is_some(), embedded(ctx), "round {round}");
            let mut reader = ctx.read().unwrap();
            let seen = |session: &mut store::Session, home: HouseholdId| {
                let sql = "select oop_12m from household_facts where household_id = $1";
                session.row(sql, params![home]).unwrap().opt_int(0).unwrap()
            };
            assert_eq!(seen(&mut reader, all[0].0), before[0]);
            accept(ctx, list, &facts);
            assert_eq!(seen(&mut reader, all[0].0), before[0]);
            assert_eq!(seen(&mut reader, all[1].0), before[1]);
            drop(reader);
            for ((home, _), before) in all.iter().zip(before) {
                let more = if of.iter().any(|(one, _)| one == home) { fen } else { 0 };
                assert_eq!(oop(ctx, *home), Some(before.unwrap_or(0) + more), "round {round}");
            }
            assert_eq!(count(ctx, "select count(*) from person_facts"), 6);
            nothing_to_change(ctx);
            if embedded(ctx) {
                assert_eq!(count(ctx, LEFT), 0);
            }
        }
    });
}

#[test]
fn what_was_written_while_whole_tables_were_prepared_is_not_lost() {
    each(|ctx| {
        let all = households(ctx);
        let list = bills(ctx, &all, 100);
        let facts = prepared(ctx, list);
        let other = bills(ctx, &all[1..], 7);
        flip(ctx, other, "accepted");
        accept(ctx, list, &facts);
        assert_eq!((oop(ctx, all[0].0), oop(ctx, all[1].0)), (Some(100), Some(107)));
        nothing_to_change(ctx);
    });
}

#[test]
fn of_two_lists_that_are_prepared_at_once_each_counts() {
    each(|ctx| {
        let all = households(ctx);
        let (one, other) = (bills(ctx, &all, 100), bills(ctx, &all, 7));
        let first = prepared(ctx, one);
        let second = prepared(ctx, other);
        assert!(second.whole.is_none(), "somebody else holds the tables");
        accept(ctx, other, &second);
        assert_eq!(oop(ctx, all[0].0), Some(7));
        accept(ctx, one, &first);
        assert_eq!((oop(ctx, all[0].0), oop(ctx, all[1].0)), (Some(107), Some(107)));
        nothing_to_change(ctx);
    });
}

#[test]
fn whole_tables_that_a_program_left_behind_are_emptied() {
    each(|ctx| {
        let all = households(ctx);
        let list = bills(ctx, &all, 100);
        drop(prepared(ctx, list));
        if embedded(ctx) {
            assert!(count(ctx, LEFT) > 0);
            sweep(ctx).unwrap();
            assert_eq!(count(ctx, LEFT), 0);
            drop(prepared(ctx, list));
        }
        let facts = prepared(ctx, list);
        accept(ctx, list, &facts);
        assert_eq!(oop(ctx, all[0].0), Some(100));
        nothing_to_change(ctx);
    });
}

#[test]
fn where_most_facts_stay_only_the_rows_that_differ_are_prepared() {
    each(|ctx| {
        let all = households(ctx);
        let list = bills(ctx, &all, 100);
        let facts = prepared(ctx, list);
        accept(ctx, list, &facts);
        // the same bills once more in the place of the first: every household is looked at and none changes
        let again = bills(ctx, &all, 100);
        let swap = Swap { begins: Some(again), ends: Some(list), ..Swap::default() };
        let facts = prepare(ctx, &swap).unwrap();
        assert!(facts.whole.is_none());
        assert_eq!((facts.households.rows, facts.persons.rows), (0, 0));
    });
}
