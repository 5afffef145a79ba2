//! A case follows a merge of its household and its undoing, on every engine at hand.

use registry::duplicates::{Chosen, Kind, Outcome, Pair, merge, undo};

use super::tests::{confirm, consent, with_each};
use super::*;

#[test]
fn a_case_goes_on_at_the_household_that_stays_and_comes_back_with_the_undoing() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = county.case(&people.village, 1);
        let stays = county.household("140430203201", 1);
        let before = show(&people.village, id).unwrap().case;
        let pair = Pair { kind: Kind::Household, goes: home.to_string(), stays: stays.to_string() };
        let merged = match merge(&county.ctx, &pair, &Chosen::default()).unwrap() {
            Outcome::Done(id) => id.to_string(),
            Outcome::Waits(id) => panic!("{id} waits"),
        };
        // its clocks go on as they were, and it says for whom it was opened
        let view = show(&people.village, id).unwrap();
        assert_eq!(view.case, Case { household: stays, ..before.clone() });
        assert_eq!((view.household.id, view.merged), (stays, Some(home.to_string())));
        let page = list(&people.village, &Filter::default(), None).unwrap();
        assert_eq!((page.total, page.lines[0].household.clone()), (1, stays.to_string()));
        // it can be gone on with, and what is confirmed of the household joins it
        consent(&people.village, id);
        confirm(&people.village, county.lead(stays, "140430203201"));
        assert_eq!(county.count("select count(*) from cases"), 1);
        assert_eq!(county.count("select count(*) from case_leads"), 2);
        undo(&county.ctx, &merged, ("两户", true)).unwrap();
        let view = show(&people.village, id).unwrap();
        assert_eq!((view.case.household, view.household.id), (home, home));
        assert_eq!(view.merged, None);
        assert_eq!((view.case.due, view.case.total_due), (before.due, before.total_due));
    });
}
