//! Decisions of the match queue on every engine at hand.

use kernel::area::AreaCode;
use kernel::error::RefusalKind;
use kernel::ids::{BatchId, PersonId};
use kernel::lang::Lang;
use kernel::permission::Role;
use store::testing::TestDb;
use store::{Ctx, params};

use super::match_actions::{
    Verdict, decide, decide_because, load_question, next_question, queue_state, undo,
};
use super::match_queue::{At, Which};
use super::tests::{LIVE, World, as_role, bring_it, clock, code, count, each, list, number, row};
use super::*;
use crate::accounts::{NewAccount, Reach, actor_of, create};

/// A row that names 王一 without saying which of the two.
fn ask(ctx: &Ctx, world: &World, rows: &str) -> BatchId {
    bring_it(ctx, world, &list(rows), Until::Accepted).unwrap().batch.unwrap()
}

fn first(ctx: &Ctx) -> (At, Vec<PersonId>) {
    let question = next_question(ctx, &Which::default(), None).unwrap().unwrap();
    (question.at, question.candidates.iter().map(|one| one.person).collect())
}

fn township(test: &TestDb, ctx: &Ctx, login: &str, home: &str) -> Ctx {
    let new = NewAccount {
        login: login.into(),
        name: format!("站长{login}"),
        role: Role::Township,
        department: None,
        home: AreaCode::parse(home).unwrap(),
        reach: Reach::Home,
    };
    create(ctx, &new).unwrap();
    let actor = actor_of(&mut ctx.read().unwrap(), login, ctx.today).unwrap().unwrap();
    Ctx::new(&test.db, actor, clock(), Lang::En)
}

fn outcomes(ctx: &Ctx, batch: BatchId) -> Vec<(String, String)> {
    let rows = ctx
        .read()
        .unwrap()
        .rows(
            "select outcome, reason from batch_rows where batch_id = $1 order by row_no",
            params![batch],
        )
        .unwrap();
    rows.iter().map(|row| (row.text(0).unwrap(), row.text(1).unwrap())).collect()
}

#[test]
fn a_decision_writes_the_record_and_is_remembered() {
    each(|_, ctx, world| {
        let batch = ask(ctx, world, &row("王一", "", "", "2026-04-14"));
        assert_eq!(count(ctx, LIVE), 0);
        let (at, people) = first(ctx);
        assert_eq!((at.0, people.len()), (batch, 2));
        assert_eq!(decide(ctx, at, Verdict::Person(people[1])).unwrap(), 1);
        assert_eq!(count(ctx, LIVE), 1);
        assert_eq!(outcomes(ctx, batch), [("taken".to_owned(), "decided".to_owned())]);
        let counts = load(ctx, batch).unwrap().counts;
        assert_eq!((counts.total, counts.taken, counts.asked), (1, 1, 0));
        let said = ctx
            .read()
            .unwrap()
            .row("select subject_id, valid_from from records where topic = 'job_event'", &[])
            .unwrap();
        assert_eq!(
            (said.parse::<PersonId>(0).unwrap(), said.text(1).unwrap()),
            (people[1], "2026-04-14".into())
        );
        assert_eq!(count(ctx, "select count(*) from journal where verb = 'intake.match'"), 1);
        assert_eq!(queue_state(ctx).unwrap().decided_today, 1);
        let mut next = list(&row("王一", "", "", "2026-05-20"));
        next.name = "人社_失业返乡_2026-05.csv".into();
        let may = String::from_utf8(next.bytes.to_vec()).unwrap().replace("2026-04-", "2026-05-");
        next.bytes = may.into_bytes().into();
        let done = bring_it(ctx, world, &next, Until::Accepted).unwrap();
        assert_eq!(
            (done.counts.taken, done.counts.asked),
            (1, 0),
            "the same evidence is not asked again"
        );
    });
}

#[test]
fn rows_with_the_same_evidence_are_settled_together_and_a_repeat_stays_one() {
    each(|_, ctx, world| {
        let rows = row("王一", "", "", "2026-04-14")
            + &row("王一", "", "", "2026-04-14")
            + &row("王一", "", "", "2026-04-20");
        let batch = ask(ctx, world, &rows);
        let (at, people) = first(ctx);
        assert_eq!(decide(ctx, at, Verdict::Person(people[0])).unwrap(), 3);
        let words: Vec<String> = outcomes(ctx, batch).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["taken", "duplicate", "taken"]);
        assert_eq!(count(ctx, LIVE), 2);
        assert!(next_question(ctx, &Which::default(), None).unwrap().is_none());
    });
}

#[test]
fn the_second_of_two_people_learns_who_was_faster_and_nothing_is_overwritten() {
    each(|test, ctx, world| {
        ask(ctx, world, &row("王一", "", "", "2026-04-14"));
        let (at, people) = first(ctx);
        let bob = township(test, ctx, "bob", "140430203000");
        decide(&bob, at, Verdict::Person(people[0])).unwrap();
        let error = decide(ctx, at, Verdict::NotHere).unwrap_err();
        let refusal = error.refusal().unwrap();
        assert_eq!((refusal.kind, refusal.code), (RefusalKind::Conflict, "intake.already_decided"));
        assert_eq!(refusal.args[0], ("who", "站长bob".to_owned()));
        assert_eq!(count(ctx, LIVE), 1);
        assert_eq!(code(load_question(ctx, at)).1, "intake.already_decided");
    });
}

#[test]
fn not_here_and_its_undoing() {
    each(|_, ctx, world| {
        let batch = ask(ctx, world, &row("王一", "", "", "2026-04-14"));
        let before = outcomes(ctx, batch);
        assert_eq!(code(undo(ctx)).1, "intake.nothing_to_undo");
        let (at, people) = first(ctx);
        decide(ctx, at, Verdict::NotHere).unwrap();
        assert_eq!(load(ctx, batch).unwrap().counts.not_here, 1);
        assert_eq!(undo(ctx).unwrap(), at);
        assert_eq!(outcomes(ctx, batch), before);
        assert_eq!(load(ctx, batch).unwrap().counts.asked, 1);
        decide(ctx, at, Verdict::Person(people[0])).unwrap();
        undo(ctx).unwrap();
        assert_eq!((count(ctx, LIVE), load(ctx, batch).unwrap().counts.asked), (0, 1));
        assert_eq!(count(ctx, "select count(*) from journal where verb = 'intake.unmatch'"), 2);
    });
}

#[test]
fn a_row_that_is_wrong_goes_back_to_its_department_and_is_remembered() {
    each(|_, ctx, world| {
        let batch = ask(ctx, world, &row("王一", "", "", "2026-04-14"));
        let before = outcomes(ctx, batch);
        let (at, _) = first(ctx);
        let why = "名字写错，证号110105194912310021";
        assert_eq!(decide_because(ctx, at, (Verdict::Rejected, why)).unwrap(), 1);
        assert_eq!(outcomes(ctx, batch), [("rejected".to_owned(), "decided".to_owned())]);
        let counts = load(ctx, batch).unwrap().counts;
        assert_eq!((counts.rejected, counts.asked, count(ctx, LIVE)), (1, 0, 0));
        let said = ctx
            .read()
            .unwrap()
            .row("select detail from journal where verb = 'intake.match'", &[])
            .unwrap()
            .text(0)
            .unwrap();
        assert!(said.contains("rejected") && said.contains("名字写错"), "{said}");
        assert!(!said.contains("110105194912310021"), "no number of identity in the journal");
        let mut next = list(&row("王一", "", "", "2026-05-20"));
        next.name = "人社_失业返乡_2026-05.csv".into();
        let may = String::from_utf8(next.bytes.to_vec()).unwrap().replace("2026-04-", "2026-05-");
        next.bytes = may.into_bytes().into();
        let done = bring_it(ctx, world, &next, Until::Accepted).unwrap();
        assert_eq!((done.counts.rejected, done.counts.asked), (1, 0), "not asked again");
        assert_eq!(undo(ctx).unwrap(), at);
        assert_eq!(outcomes(ctx, batch), before);
    });
}

#[test]
fn a_decision_that_settled_repeats_of_its_own_can_be_undone() {
    each(|_, ctx, world| {
        let rows = row("王一", "", "", "2026-04-14") + &row("王一", "", "", "2026-04-14");
        let batch = ask(ctx, world, &rows);
        let before = outcomes(ctx, batch);
        let (at, people) = first(ctx);
        assert_eq!(decide(ctx, at, Verdict::Person(people[0])).unwrap(), 2);
        assert_eq!(undo(ctx).unwrap(), at);
        assert_eq!((outcomes(ctx, batch), count(ctx, LIVE)), (before, 0));
    });
}

#[test]
fn the_queue_as_a_list_shows_numbers_only_with_stars() {
    each(|test, ctx, world| {
        let rows = row("王一", &number(901), "", "2026-04-14") + &row("王一", "", "", "2026-04-15");
        ask(ctx, world, &rows);
        let all = Which::default();
        let listed = match_list::list(ctx, (&all, "open"), (None, 50)).unwrap();
        assert_eq!(listed.len(), 2);
        let text = format!("{listed:?}");
        assert!(!text.contains(&number(901)) && !text.contains(&number(701)), "{text}");
        assert!(listed[1].candidates.len() == 2 && listed[1].says.name == "王一", "{listed:?}");
        let page = match_list::list(ctx, (&all, "open"), (Some(listed[0].at), 1)).unwrap();
        assert_eq!(page[0].at, listed[1].at, "the next page begins after the last of this one");
        let other = Which { department: Some("housing".to_owned()), ..Which::default() };
        assert_eq!(match_list::list(ctx, (&other, "open"), (None, 50)).unwrap().len(), 0);
        let at = listed[1].at;
        let whom = &listed[1].candidates[1];
        let meant = Verdict::Person(whom.id);
        assert_eq!(match_list::verdict(ctx, at, "2").unwrap(), meant);
        assert_eq!(match_list::verdict(ctx, at, &whom.number).unwrap(), meant);
        assert_eq!(code(match_list::verdict(ctx, at, "7")).1, "intake.not_a_candidate");
        decide(ctx, at, meant).unwrap();
        let decided = match_list::list(ctx, (&all, "decided"), (None, 50)).unwrap();
        assert_eq!(decided[0].decided.as_ref().unwrap().0, "person");
        assert!(match_list::is_settled(ctx, at, meant).unwrap());
        assert!(!match_list::is_settled(ctx, at, Verdict::NotHere).unwrap());
        let village = as_role(test, Role::Village, None);
        let refused = match_list::list(&village, (&all, "open"), (None, 50));
        assert_eq!(code(refused).0, RefusalKind::Forbidden);
    });
}

#[test]
fn a_township_decides_in_its_own_area_only() {
    each(|test, ctx, world| {
        ask(ctx, world, &row("王一", "", "", "2026-04-14"));
        let (at, people) = first(ctx);
        let own = township(test, ctx, "own", "140430203000");
        assert_eq!(queue_state(&own).unwrap().open, [("job_events".to_owned(), 1)]);
        let other = township(test, ctx, "other", "140430204000");
        assert_eq!(queue_state(&other).unwrap().open, []);
        let stranger = code(decide(&other, at, Verdict::Person(people[0])));
        assert_eq!(stranger, (RefusalKind::NotFound, "intake.no_question"));
        let village = as_role(test, Role::Village, None);
        assert_eq!(code(decide(&village, at, Verdict::NotHere)).0, RefusalKind::Forbidden);
        let nobody: PersonId = ctx.new_id();
        assert_eq!(code(decide(&own, at, Verdict::Person(nobody))).1, "intake.not_a_candidate");
        decide(&own, at, Verdict::Person(people[0])).unwrap();
    });
}

#[test]
fn a_row_that_cannot_be_read_stays_rejected_whoever_it_is() {
    each(|_, ctx, world| {
        let rows = row("王一", "", "", "不详") + &row("李二", &number(702), "南山村", "2026-04-20");
        let batch = ask(ctx, world, &rows);
        let (at, people) = first(ctx);
        decide(ctx, at, Verdict::Person(people[0])).unwrap();
        assert_eq!(outcomes(ctx, batch)[0].0, "rejected");
        assert_eq!(count(ctx, LIVE), 1, "only the row that could be read");
    });
}

#[test]
fn questions_of_a_batch_that_was_taken_back_are_withdrawn() {
    each(|_, ctx, world| {
        let batch = ask(ctx, world, &row("王一", "", "", "2026-04-14"));
        let (at, _) = first(ctx);
        revert(ctx, batch, "wrong month").unwrap();
        assert!(next_question(ctx, &Which::default(), None).unwrap().is_none());
        assert_eq!(code(decide(ctx, at, Verdict::NotHere)).1, "intake.question_withdrawn");
    });
}

#[test]
fn no_number_of_identity_stands_open_in_the_tables() {
    each(|_, ctx, world| {
        let rows = row("王一", &number(701), "南山村", "2026-04-13")
            + &row("王一", &number(901), "", "2026-04-14");
        ask(ctx, world, &rows);
        for sql in
            ["select mapping from batch_sheets", "select evidence || statement from match_queue"]
        {
            for row in ctx.read().unwrap().rows(sql, &[]).unwrap() {
                let text = row.text(0).unwrap();
                assert!(!text.contains(&number(701)) && !text.contains(&number(901)), "{text}");
            }
        }
    });
}
