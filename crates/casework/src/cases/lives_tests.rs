//! Cases that begin otherwise than with a lead, on every engine at hand: taken over from a register, by hand, with a campaign.

use kernel::ids::{BatchId, HouseholdId, PersonId};
use store::{Ctx, Entry, params};

use super::begin::open_by_hand;
use super::campaigns;
use super::tests::{County, FOUND, VILLAGE, announced, on, refusal, shown, step, with_each};
use super::*;

impl County<'_> {
    /// A register says that the household is monitored, or was until a day.
    pub(super) fn registered(
        &self,
        home: HouseholdId,
        (class, until): (&str, Option<&str>),
    ) -> BatchId {
        let batch: BatchId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into batches (id, template, department, list_id, file_name, file_hash, area_code, state, uploaded_by,
               uploaded_at, accepted_at, rows_total, rows_taken)
             values ($1, 'register', 'register', 'register', '', $1, $2, 'accepted', 'x', $3, $3, 1, 1)",
            params![batch, VILLAGE, now],
        )
        .unwrap();
        tx.exec(
            "insert into statuses (household_id, seq, scheme, value, valid_from, valid_to, source, detail, recorded_at,
               batch_id, row_no)
             values ($1, 0, 'monitored', $2, '2025-03-01', $3, 'register', $4, $5, $6, 1)",
            params![home, class, until, r#"{"risks":["因病","因产业(项目)失败","没听说过"],"way":"自然消除"}"#, now, batch],
        )
        .unwrap();
        tx.touch_household(home.to_string(), VILLAGE.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.register")).unwrap();
        batch
    }

    fn member(&self, home: HouseholdId) -> PersonId {
        let id: PersonId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into persons (id, number, name, name_key, sex, birth_day, certificate, id_state)
             values ($1, $2, '张小山', '张小山', 'male', '2014-05-06', 'none', 'missing')",
            params![id, id.to_string()],
        )
        .unwrap();
        tx.exec(
            "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
             values ($1, $2, '2014-05-06', 'son', 'birth', 1, 1, 1, $3)",
            params![home, id, now],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.member")).unwrap();
        id
    }

    fn lifted(&self, home: HouseholdId) {
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "update household_facts set hh_type = '脱贫户' where household_id = $1",
            params![home],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.lifted")).unwrap();
    }

    fn touch(&self, home: HouseholdId) {
        let mut tx = self.ctx.begin().unwrap();
        tx.touch_household(home.to_string(), VILLAGE.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.touch")).unwrap();
    }
}

fn only(by: &Ctx, home: HouseholdId) -> Option<Line> {
    let lines = list(by, &Filter::default(), None).unwrap().lines;
    let of = lines.into_iter().filter(|line| line.household == home.to_string());
    let mut of = of.filter(|line| line.life == MONITORING);
    let first = of.next();
    assert!(of.next().is_none(), "one case of a household");
    first
}

#[test]
fn whom_a_register_has_as_monitored_has_a_case_that_goes_with_the_register() {
    with_each(|county| {
        let people = county.people();
        let [now, once, worked] = [1, 1, 1].map(|labour| county.household(VILLAGE, labour));
        let batch = county.registered(now, ("marginal", None));
        county.registered(once, ("unstable", Some("2026-02-03")));
        let kept = county.registered(worked, ("sudden", None));

        let line = only(&people.village, now).unwrap();
        assert_eq!((line.state.as_str(), line.class.as_deref()), ("helping", Some("marginal")));
        assert_eq!(line.identified_on, Some("2025-03-01".parse().unwrap()));
        assert_eq!(line.risks, ["illness", "business_failure", "other"]);
        let line = only(&people.village, once).unwrap();
        assert_eq!(
            (line.state.as_str(), line.closed_on),
            ("followed", Some("2026-02-03".parse().unwrap()))
        );
        // said again: still one case each
        county.touch(now);
        assert!(only(&people.village, now).is_some());

        // somebody worked on one; both registers are taken back
        let line = only(&people.village, worked).unwrap();
        let seen = Shown { id: line.id, version: line.version };
        mark_urgent(&people.village, seen, true).unwrap();
        let mut tx = county.ctx.begin().unwrap();
        for batch in [batch, kept] {
            tx.exec("update batches set state = 'reverted' where id = $1", params![batch]).unwrap();
        }
        tx.commit(Entry::new(&county.ctx, "test.revert")).unwrap();
        county.touch(now);
        county.touch(worked);
        assert_eq!(only(&people.village, now), None);
        assert!(only(&people.village, worked).is_some_and(|line| line.urgent));
        assert!(only(&people.village, once).is_some());
    });
}

#[test]
fn whom_a_matter_is_about_is_looked_for_within_the_scope() {
    with_each(|county| {
        let people = county.people();
        let home = county.household(VILLAGE, 1);
        let number = "140430000077";
        let mut tx = county.ctx.begin().unwrap();
        tx.exec("update households set number = $2 where id = $1", params![home, number]).unwrap();
        tx.commit(Entry::new(&county.ctx, "test.number")).unwrap();
        let found = |by: &Ctx, text: &str| -> Vec<HouseholdId> {
            super::begin::look_for(by, text).unwrap().into_iter().map(|line| line.id).collect()
        };
        assert_eq!(found(&people.village, number), vec![home]);
        assert_eq!(found(&people.village, " "), Vec::new(), "nothing typed finds nobody");
        assert_eq!(found(&people.stranger, number), Vec::new(), "of another village");
    });
}

#[test]
fn a_matter_of_one_person_begins_by_hand_and_its_visits_come_due_again() {
    with_each(|county| {
        let people = county.people();
        let home = county.household(VILLAGE, 1);
        let person = county.member(home);
        let begin = |by: &Ctx, person| open_by_hand(by, ("dropout", home), (person, "没来上学"));
        assert_eq!(refusal(begin(&people.village, None)).fields.len(), 1);
        assert_eq!(refusal(begin(&people.stranger, Some(person))).code, "cases.no_household");
        let monitoring = open_by_hand(&people.village, (MONITORING, home), (None, ""));
        assert_eq!(refusal(monitoring).code, "cases.not_by_hand");
        let id = begin(&people.village, Some(person)).unwrap();
        assert_eq!(refusal(begin(&people.village, Some(person))).code, "cases.has_one");
        assert_eq!(show(&people.village, id).unwrap().person.as_deref(), Some("张小山"));

        let visited = |by: &Ctx| {
            let field = |name: &str| match name {
                "on" => by.today.to_string(),
                "cause" => "tired".to_owned(),
                _ => "谈过".to_owned(),
            };
            take(by, shown(by, id), &Asked { step: "visit", field: &field }).unwrap()
        };
        let first = visited(&people.village);
        assert_eq!(first.state, "persuading");
        assert_eq!(first.due, Some("2026-10-19".parse().unwrap()));
        let later = on(&people.village, "2026-10-18");
        assert_eq!(visited(&later).due, Some("2026-10-25".parse().unwrap()));
        let done = step(&later, id, "back_at_school").unwrap();
        assert_eq!(done.state, "returned");
        // the household has no case of monitoring by this
        assert_eq!(only(&people.village, home), None);
    });
}

#[test]
fn a_campaign_begins_for_everybody_and_what_is_decided_reaches_the_monitoring() {
    with_each(|county| {
        let people = county.people();
        let (stays, goes) = (county.household(VILLAGE, 1), county.household(VILLAGE, 1));
        let general = county.household(VILLAGE, 1);
        county.lifted(stays);
        county.lifted(goes);
        county.registered(goes, ("unstable", None));
        let due = "2026-12-31".parse().unwrap();
        let start = |by: &Ctx| campaigns::start(by, "reassessment", ("逐户评估", due));
        assert_eq!(refusal(start(&people.township)).kind, kernel::error::RefusalKind::Forbidden);
        let gone = campaigns::start(&people.county, "reassessment", ("", FOUND.parse().unwrap()));
        assert_eq!(refusal(gone).fields.len(), 2);
        let ahead = campaigns::look_ahead(&people.county, "reassessment").unwrap();
        assert_eq!((ahead.selected, ahead.already), (2, 0));
        let campaign = start(&people.county).unwrap();
        assert_eq!((campaign.selected, campaign.begun), (2, 2));
        assert_eq!(refusal(start(&people.county)).code, "cases.campaign_runs");

        let of = |home: HouseholdId| {
            let filter = Filter { campaign: Some(campaign.id.clone()), ..Filter::default() };
            let lines = list(&people.village, &filter, None).unwrap().lines;
            lines.iter().find(|line| line.household == home.to_string()).map(|line| line.id)
        };
        assert_eq!(of(general), None);
        let later = |by: &Ctx| on(by, "2026-10-20");
        for (home, way) in [(stays, "keep"), (goes, "leave")] {
            let id = of(home).unwrap();
            step(&people.village, id, way).unwrap();
            step(&people.village, id, "post").unwrap();
            assert_eq!(refusal(step(&people.village, id, "submit")).code, "cases.needs_notice");
            step(&later(&people.village), id, "submit").unwrap();
            step(&later(&people.township), id, "pass").unwrap();
            step(&later(&people.county), id, "decide").unwrap();
        }
        let line = only(&people.village, stays).unwrap();
        assert_eq!((line.state.as_str(), line.class.as_deref()), ("announced", Some("object")));
        let line = only(&people.village, goes).unwrap();
        assert_eq!(
            (line.state.as_str(), line.closed_on),
            ("followed", Some("2026-10-20".parse().unwrap()))
        );
        let open = "select count(*) from statuses where scheme = 'monitored' and valid_to is null";
        assert_eq!(county.count(open), 1);

        let view = campaigns::show(&people.county, &campaign.id, None).unwrap();
        let decided = view.progress.iter().filter_map(|one| one.states.get("decided")).sum::<i64>();
        assert_eq!(decided, 2);
        assert!(campaigns::show(&people.stranger, &campaign.id, None).unwrap().progress.is_empty());
    });
}

#[test]
fn a_household_that_a_case_took_in_keeps_it_through_the_re_assessment() {
    with_each(|county| {
        let people = county.people();
        let (home, case) = announced(county, &people, 1);
        let mut tx = county.ctx.begin().unwrap();
        tx.exec("update household_facts set monitored = 1 where household_id = $1", params![home])
            .unwrap();
        tx.commit(Entry::new(&county.ctx, "test.monitored")).unwrap();
        let county_then = on(&people.county, "2026-11-02");
        let due = "2026-12-31".parse().unwrap();
        let campaign = campaigns::start(&county_then, "reassessment", ("逐户评估", due)).unwrap();
        let filter = Filter { campaign: Some(campaign.id), ..Filter::default() };
        let id = list(&people.village, &filter, None).unwrap().lines.first().unwrap().id;
        step(&on(&people.village, "2026-11-03"), id, "keep").unwrap();
        step(&on(&people.village, "2026-11-03"), id, "post").unwrap();
        step(&on(&people.village, "2026-11-12"), id, "submit").unwrap();
        step(&on(&people.township, "2026-11-12"), id, "pass").unwrap();
        step(&on(&people.county, "2026-11-12"), id, "decide").unwrap();
        let view = show(&people.village, case).unwrap();
        assert_eq!(
            (view.case.state.as_str(), view.case.class.as_deref()),
            ("announced", Some("object"))
        );
        assert_eq!(view.steps.last().unwrap().step, "reassessed");
        let open = "select count(*) from statuses where scheme = 'monitored' and valid_to is null";
        assert_eq!(county.count(open), 1);
    });
}
