//! What the clocks recall, when it goes, and objections from outside: on every engine at hand.

use kernel::error::RefusalKind;
use kernel::ids::{CaseId, DeclarationId, LeadId};
use store::{Ctx, Entry, params};

use super::tests::*;
use super::*;
use crate::assistance::{self, Delivered, Proof};

fn run(county: &County<'_>, day: &str, again: bool) -> Ran {
    run_clocks(&on(&county.ctx, day), again, &mut |_, _| {}).unwrap()
}

fn recalled(by: &Ctx, id: CaseId) -> Vec<(String, String, String)> {
    let one =
        |reminder: Reminder| (reminder.kind, reminder.day.to_string(), reminder.since.to_string());
    show(by, id).unwrap().reminders.into_iter().map(one).collect()
}

fn kinds(by: &Ctx, id: CaseId) -> Vec<String> {
    recalled(by, id).into_iter().map(|(kind, _, _)| kind).collect()
}

#[test]
fn a_step_is_recalled_before_its_day_once_and_goes_by_being_taken() {
    with_each(|county| {
        let people = county.people();
        let (_, id) = county.case(&people.village, 1);
        let state = || show(&people.village, id).unwrap().case;
        let before = state();
        // due on the 14th: two days before is the 12th
        let ran = run(county, FOUND, false);
        assert_eq!((ran.went, ran.counted.cases, ran.reminded), (true, 1, 1));
        assert_eq!((ran.counted.due, ran.counted.overdue, ran.counted.standing), (0, 0, 1));
        let step_due = ("step".to_owned(), "2026-10-14".to_owned(), FOUND.to_owned());
        assert_eq!(recalled(&people.village, id), vec![step_due.clone()]);
        // once a day by itself; by hand again, and nothing is recalled twice
        assert!(!run(county, FOUND, false).went);
        let again = run(county, FOUND, true);
        assert_eq!((again.went, again.reminded, again.counted.standing), (true, 0, 1));
        let late = run(county, "2026-10-16", false);
        assert_eq!((late.counted.due, late.counted.overdue, late.reminded), (0, 1, 0));
        assert_eq!(recalled(&people.village, id), vec![step_due]);
        assert_eq!(state(), before, "the clocks change no case");
        // the announcement is near too
        run(county, "2026-10-26", false);
        assert_eq!(kinds(&people.village, id), ["step", "total"]);
        step(&people.village, id, "refuse_at_door").unwrap();
        assert_eq!(kinds(&people.village, id), ["total"]);
        // a refusal is told, and with that the case is over: nothing is left to recall
        let told = on(&people.village, "2026-10-27");
        step(&told, id, "tell").unwrap();
        assert_eq!(kinds(&people.village, id), Vec::<String>::new());
        let after = run(county, "2026-10-28", false);
        assert_eq!((after.reminded, after.counted.standing), (0, 0), "{}", county.test.engine);
    });
}

#[test]
fn papers_that_are_to_come_are_recalled_until_they_are_there() {
    with_each(|county| {
        let people = county.people();
        let village = &people.village;
        let (_, id) = county.case(village, 1);
        mark_urgent(village, shown(village, id), true).unwrap();
        assert_eq!(kinds(village, id), ["papers"], "from the moment on, not from the night");
        assert_eq!(papers_to_come(village, 50).unwrap().1, 1);
        assert_eq!(papers_to_come(&people.stranger, 50).unwrap().1, 0);
        // it does not die by being no longer urgent, nor by the clocks
        mark_urgent(village, shown(village, id), false).unwrap();
        run(county, "2026-10-12", false);
        assert!(kinds(village, id).contains(&"papers".to_owned()));
        consent(village, id);
        assert!(!kinds(village, id).contains(&"papers".to_owned()));
        assert_eq!(papers_to_come(village, 50).unwrap().1, 0);
        // with the paper there nothing is to come
        mark_urgent(village, shown(village, id), true).unwrap();
        run(county, "2026-10-13", false);
        assert!(!kinds(village, id).contains(&"papers".to_owned()));
    });
}

#[test]
fn help_that_was_promised_is_recalled_until_it_is_given() {
    with_each(|county| {
        let people = county.people();
        let village = &people.village;
        let (home, id) = county.case(village, 1);
        let measure = help(village, home, "work_local");
        let due = assistance::show(village, measure).unwrap().due_on;
        let ran = run_clocks(&on(&county.ctx, &due.to_string()), false, &mut |_, _| {}).unwrap();
        assert!(ran.reminded >= 1);
        assert!(kinds(village, id).contains(&"measure".to_owned()));
        let given = Delivered {
            on: due,
            proof: Proof::Receipt,
            number: "7".to_owned(),
            amount: None,
            term: None,
        };
        let version = assistance::show(village, measure).unwrap().version;
        assistance::deliver(&on(village, &due.to_string()), (measure, version), given).unwrap();
        assert!(!kinds(village, id).contains(&"measure".to_owned()), "{}", county.test.engine);
    });
}

#[test]
fn the_clocks_are_for_who_runs_the_county_and_stand_in_the_journal() {
    with_each(|county| {
        let people = county.people();
        for by in [&people.village, &people.township] {
            assert_eq!(refusal(run_clocks(by, true, &mut |_, _| {})).kind, RefusalKind::Forbidden);
        }
        run_clocks(&people.county, true, &mut |_, _| {}).unwrap();
        assert_eq!(county.count("select count(*) from journal where verb = 'case.clocks'"), 1);
    });
}

fn objection(county: &County<'_>, lead: LeadId, words: &str) -> bool {
    let mut tx = county.ctx.begin().unwrap();
    let letter: DeclarationId = county.ctx.new_id();
    let said = (letter, county.ctx.today, words);
    let reached = receive_objection(&mut tx, lead, said).unwrap();
    tx.commit(Entry::new(&county.ctx, "test.objection")).unwrap();
    reached
}

#[test]
fn an_objection_from_outside_reaches_the_case_holds_it_and_is_answered() {
    with_each(|county| {
        let people = county.people();
        let village = &people.village;
        let home = county.household(VILLAGE, 1);
        let lead = county.lead(home, VILLAGE);
        assert!(!objection(county, lead, "还没有案件"), "no case answers it");
        confirm(village, lead);
        let id = list(village, &Filter::default(), None).unwrap().lines[0].id;
        let told = |day: &str| {
            let ctx = on(&county.ctx, day);
            told_outside(&ctx, &mut ctx.read().unwrap(), lead).unwrap().unwrap()
        };
        assert_eq!(told(FOUND).next.unwrap().to_string(), "2026-10-14");
        assert!(!told(FOUND).may_object && told(FOUND).why.is_none());
        step(village, id, "refuse_at_door").unwrap();
        let refused = told(FOUND);
        assert!(refused.may_object && refused.why.unwrap().zh.contains("纳入监测"));
        assert!(!refused.state.zh.contains("写明情况"), "nothing that somebody typed");
        assert!(objection(county, lead, "我家真的很难"));
        assert!(told(FOUND).objected && !told(FOUND).may_object);
        let sealed = "select count(*) from case_objections where sealed like '%我家%'";
        assert_eq!(county.count(sealed), 0);
        // who sees the case reads it and answers it in words
        let view = show(village, id).unwrap();
        assert_eq!(view.objections[0].1, "我家真的很难");
        assert_eq!((view.known.objections, open_objections(village, 9).unwrap().len()), (1, 1));
        assert!(open_objections(&people.stranger, 9).unwrap().is_empty());
        let stranger = answer_objection(&people.stranger, shown(village, id), (1, "好"));
        assert_eq!(refusal(stranger).kind, RefusalKind::NotFound);
        let empty = answer_objection(village, shown(village, id), (1, " "));
        assert_eq!(refusal(empty).code, "cases.fields");
        let missing = answer_objection(village, shown(village, id), (2, "好"));
        assert_eq!(refusal(missing).code, "cases.no_objection");
        answer_objection(village, shown(village, id), (1, "已上门说明")).unwrap();
        let twice = answer_objection(village, shown(village, id), (1, "再说"));
        assert_eq!(refusal(twice).code, "cases.objection_answered");
        let after = told(FOUND);
        assert_eq!(after.answered.unwrap().to_string(), FOUND);
        assert!(after.may_object && !after.objected);
        let noted = "select count(*) from journal where verb = 'case.answer_objection'";
        assert_eq!(county.count(noted), 1);
        // what has run its days is not handed in over an objection
        let (_, other) = county.case(village, 1);
        let mut tx = county.ctx.begin().unwrap();
        tx.exec(
            "update cases set state = 'noticed', notice_until = '2026-10-01', notice_hangs = 1 where id = $1",
            params![other],
        )
        .unwrap();
        tx.commit(Entry::new(&county.ctx, "test.noticed")).unwrap();
        let leads = "select lead_id from case_leads where case_id = $1";
        let row = county.ctx.read().unwrap().row(leads, params![other]).unwrap();
        objection(county, row.parse(0).unwrap(), "不同意");
        assert_eq!(refusal(step(village, other, "submit")).code, "cases.needs_no_objection");
        answer_objection(village, shown(village, other), (1, "已说明")).unwrap();
        step(village, other, "submit").unwrap();
    });
}
