//! Answers on paper, on every engine at hand.

use kernel::error::{Error, RefusalKind};
use kernel::permission::Role;

use super::behalf::tail_of;
use super::tests::*;
use super::*;

fn paper(line: &LeadLine, by: &str, on: &str) -> Paper {
    Paper { sheet: sheet_number(line.id), by: by.to_owned(), on: on.parse().unwrap() }
}

fn code<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

#[test]
fn a_number_is_read_as_people_write_it() {
    assert_eq!(tail_of(" 9f3a－11C2 ").as_deref(), Some("9f3a11c2"));
    assert_eq!(tail_of("9F3A 11C2").as_deref(), Some("9f3a11c2"));
    assert_eq!(tail_of("9F3A-11C"), None);
    assert_eq!(tail_of("村里的单子"), None);
}

#[test]
fn a_township_types_in_what_a_village_wrote_and_both_are_named() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        let line = county.one(State::Open);
        let bob = county.person("Bob", Role::Township, Some("140430203000"));
        let eve = county.person("Eve", Role::Township, Some("140430204000"));
        let chen = county.person("Chen", Role::Village, Some(VILLAGE));
        let sheet = sheet_number(line.id);
        assert_eq!(lead_of_sheet(&bob, &sheet.to_lowercase()).unwrap(), line.id);
        assert_eq!(
            code(lead_of_sheet(&eve, &sheet)),
            (RefusalKind::NotFound, "screening.no_sheet")
        );
        assert_eq!(code(lead_of_sheet(&chen, &sheet)).0, RefusalKind::Forbidden);
        let right = paper(&line, "陈某", "2026-10-12");
        let give =
            |ctx: &store::Ctx, paper: &Paper| answer_for(ctx, shown(&line), &no_risk(), paper);
        assert_eq!(code(give(&eve, &right)).0, RefusalKind::NotFound);
        assert_eq!(code(give(&bob, &paper(&line, " ", "2026-10-12"))).1, "screening.paper_who");
        assert_eq!(code(give(&bob, &paper(&line, "陈某", "2026-10-13"))).1, "screening.paper_day");
        assert_eq!(code(give(&bob, &paper(&line, "陈某", "2026-10-11"))).1, "screening.paper_day");
        let other = Paper { sheet: "0000-0000".to_owned(), ..right.clone() };
        assert_eq!(code(give(&bob, &other)).1, "screening.paper_sheet");
        assert_eq!(county.count(State::Open), 1, "nothing was taken so far");
        give(&bob, &right).unwrap();
        let view = show(&county.ctx, line.id).unwrap();
        let given = view.lead.given.clone().unwrap();
        assert_eq!((given.name.as_str(), &given.account), ("陈某", &bob.actor.account));
        let kept = &view.papers[0];
        assert_eq!(
            (view.papers.len(), kept.sheet.as_str(), kept.typed.as_str()),
            (1, sheet.as_str(), "Bob")
        );
        assert_eq!(kept.at, view.history[0].at, "the note stands at its answer");
        let again = code(give(&bob, &right));
        assert_eq!(again, (RefusalKind::Conflict, "screening.already_answered"));
        let mut session = county.ctx.read().unwrap();
        let sql = "select count(*) from journal where verb = 'lead.answer_for'";
        assert_eq!(session.row(sql, &[]).unwrap().int(0).unwrap(), 1);
    });
}

#[test]
fn a_sheet_is_one_page_with_what_is_known_and_boxes_for_what_is_not() {
    with_running(|county| {
        county.household(VILLAGE, 0, true);
        county.household(OTHER, 0, true);
        let line = county.one_of(VILLAGE);
        let page = |path: &str| super::pages_tests::page_of(&county.ctx, path);
        let one = page(&format!("/leads/sheets?lead={}", line.id));
        assert!(one.contains(&sheet_number(line.id)) && one.contains("劳动力 0 人"), "{one}");
        assert_eq!(one.matches("sw-paper").count(), 1);
        let all = page("/leads/sheets?area=140430203");
        assert_eq!(all.matches("sw-paper").count(), 2);
        assert_eq!(page(&format!("/leads/sheets?area={VILLAGE}")).matches("sw-paper").count(), 1);
        for outcome in Outcome::ALL {
            assert!(one.contains(
                &web::L::new(kernel::lang::Lang::Zh).t(&format!("screening-outcome-{outcome}"))
            ));
        }
        let entry = page(&format!("/leads/entry?sheet={}", sheet_number(line.id)));
        assert!(entry.contains("name=\"by\"") && entry.contains("name=\"outcome\""), "{entry}");
    });
}
