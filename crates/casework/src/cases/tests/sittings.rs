//! Sittings of a village: drafts, results, what they lead to.

use std::collections::BTreeMap;

use super::*;
use crate::cases::sittings::{
    Entry, Outcome, drop_draft, hold, list, of_case, open, save, waiting,
};

/// A case that waits for its village.
fn compared(county: &County<'_>, people: &People) -> CaseId {
    let (_, id) = county.case(&people.village, 1);
    consent(&people.village, id);
    save_risks(&people.village, shown(&people.village, id), &[risk("illness")]).unwrap();
    step(&people.village, id, "check").unwrap();
    nothing_found(&people.county, id);
    step(&people.county, id, "compare").unwrap();
    id
}

fn entry(by: &Ctx, results: &[(CaseId, &str, i64)]) -> Entry {
    let line = |(case, result, agreed): &(CaseId, &str, i64)| {
        (*case, ((*result).to_owned(), *agreed, String::new()))
    };
    Entry {
        on: by.today,
        place: "村委会".to_owned(),
        presided: "陈支书".to_owned(),
        recorder: "陈会计".to_owned(),
        present: 20,
        attending: "村民代表".to_owned(),
        minutes: "逐户评议".to_owned(),
        lines: results.iter().map(line).collect::<BTreeMap<_, _>>(),
    }
}

#[test]
fn one_sitting_takes_the_step_of_every_household_and_says_who_could_not() {
    with_each(|county| {
        let people = county.people();
        let by = &people.village;
        let cases: Vec<CaseId> = (0..4).map(|_| compared(county, &people)).collect();
        assert_eq!(waiting(by, None).unwrap().len(), 4);
        let id = open(by, &cases).unwrap();
        // in a draft they wait no longer, and cannot be in two
        assert!(waiting(by, None).unwrap().is_empty());
        assert_eq!(refusal(open(by, &cases[..1])).code, "cases.no_longer_waits");
        // half entered it is kept, moves nothing and cannot be held
        save(by, (id, 1), entry(by, &[(cases[0], "agreed", 18)])).unwrap();
        let half = refusal(hold(by, (id, 2)));
        assert_eq!(half.code, "cases.sitting_incomplete");
        assert_eq!(half.fields.len(), 3);
        assert_eq!(show(by, cases[0]).unwrap().case.state, "compared");
        assert_eq!(refusal(save(by, (id, 1), entry(by, &[]))).code, "cases.changed");
        let too_many = [(cases[0], "agreed", 21), (cases[1], "declined", 3)];
        let rest = [(cases[2], "put_off", 0), (cases[3], "agreed", 15)];
        save(by, (id, 2), entry(by, &[&too_many[..], &rest[..]].concat())).unwrap();
        let wrong = refusal(hold(by, (id, 3)));
        assert_eq!(wrong.fields[0].1, "cases.more_than_present");
        // meanwhile one of them leaves
        step(by, cases[3], "refuse_at_door").unwrap();
        let right = [(cases[0], "agreed", 18), (cases[1], "declined", 3)];
        save(by, (id, 3), entry(by, &[&right[..], &rest[..]].concat())).unwrap();
        let held = hold(by, (id, 4)).unwrap();
        let outcomes: Vec<&Outcome> = held.lines.iter().map(|line| &line.outcome).collect();
        let of = |case: CaseId| {
            held.lines.iter().position(|line| line.case == case).map(|at| outcomes[at].clone())
        };
        assert_eq!(of(cases[0]), Some(Outcome::Taken));
        assert_eq!(of(cases[1]), Some(Outcome::Taken));
        assert_eq!(of(cases[2]), Some(Outcome::None));
        assert_eq!(of(cases[3]), Some(Outcome::Refused("cases.out_of_order".to_owned())));
        let state = |case| show(by, case).unwrap().case.state;
        assert_eq!(
            cases.iter().map(|case| state(*case)).collect::<Vec<_>>(),
            ["reviewed", "refused", "compared", "refused"]
        );
        let view = show(by, cases[0]).unwrap();
        let last = view.steps.last().unwrap();
        assert_eq!(last.filled["agreed"], "18");
        assert_eq!(last.filled["minutes"], "逐户评议");
        assert_eq!(view.sittings[0].3, "agreed");
        // held it does not change; the one put off waits again
        assert_eq!(refusal(save(by, (id, 5), entry(by, &[]))).code, "cases.sitting_closed");
        assert_eq!(waiting(by, None).unwrap().len(), 1);
        assert_eq!(county.count("select count(*) from journal where verb = 'sitting.hold'"), 1);
        verify_journal(&county.test.db).unwrap();
    });
}

#[test]
fn a_draft_is_dropped_and_nobody_else_finds_it() {
    with_each(|county| {
        let people = county.people();
        let by = &people.village;
        let case = compared(county, &people);
        let id = open(by, &[case]).unwrap();
        let missing = refusal(crate::cases::sittings::show(&people.stranger, id));
        assert_eq!((missing.kind, missing.code), (RefusalKind::NotFound, "cases.no_sitting"));
        assert!(list(&people.stranger, None).unwrap().is_empty());
        assert_eq!(refusal(drop_draft(&people.stranger, (id, 1))).kind, RefusalKind::NotFound);
        assert_eq!(refusal(open(&people.county, &[case])).kind, RefusalKind::Forbidden);
        drop_draft(by, (id, 1)).unwrap();
        assert_eq!(waiting(by, None).unwrap().len(), 1);
        assert!(of_case(&mut by.read().unwrap(), case).unwrap().is_empty());
        assert_eq!(refusal(hold(by, (id, 2))).code, "cases.sitting_closed");
    });
}
