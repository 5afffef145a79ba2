//! Plans on every engine at hand: what is to be reached and was, what stands under what, and who has received what.

use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::ids::DocumentId;
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, params};

use super::tests::{HEAD, day};
use super::*;

const ABLE: &str = "id = \"able\"\ntitle = { zh = \"有劳力户\", en = \"\" }\nunit = { zh = \"户\", en = \"\" }\ncounted = \"household\"\n\
                    when = \"labour > 0\"\ndefinition = { zh = \"试\", en = \"\" }\nset_locally = \"试\"\n";

fn person(test: &TestDb, name: &str, (role, home, office): (Role, &str, Option<&str>)) -> Ctx {
    let actor = Actor {
        account: name.into(),
        name: name.into(),
        role,
        home: Some(home.parse().unwrap()),
        department: office.map(str::to_owned),
        ..Actor::system()
    };
    Ctx::new(&test.db, actor, Clock::fixed_on(day("2026-10-31")), Lang::Zh)
}

const COUNTY_CODE: &str = "140430000000";
const TOWN: &str = "140430203000";
const VILLAGE: &str = "140430203201";

fn office(test: &TestDb) -> Ctx {
    person(test, "alice", (Role::County, COUNTY_CODE, None))
}

fn with_each(check: impl Fn(&TestDb, &Ctx)) {
    for test in test_db().unwrap() {
        let alice = office(&test);
        let files = [("pack.toml", HEAD), ("indicators/able.toml", ABLE)];
        let files = files.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        publish(&alice, &Pack::read(files).unwrap()).unwrap();
        let mut tx = alice.begin().unwrap();
        for (code, name, level, parent) in [
            (COUNTY_CODE, "沁县", "county", None),
            (TOWN, "东镇", "town", Some(COUNTY_CODE)),
            ("140430204000", "西镇", "town", Some(COUNTY_CODE)),
            (VILLAGE, "红坡村", "village", Some(TOWN)),
        ] {
            tx.exec(
                "insert into areas (code, name, official_name, level, parent_code, valid_from)
                 values ($1, $2, $2, $3, $4, '2020-01-01')",
                params![code, name, level, parent],
            )
            .unwrap();
        }
        tx.commit(Entry::new(&alice, "test.areas")).unwrap();
        check(&test, &alice);
    }
}

fn plan(ctx: &Ctx, parent: Option<DocumentId>) -> Document {
    Document {
        id: ctx.new_id(),
        number: "县办〔2026〕1号".into(),
        issuer: "县".into(),
        title: "行动方案".into(),
        kind: DocumentKind::Plan,
        state: DocumentState::InForce,
        issued_on: None,
        valid_from: day("2026-01-01"),
        valid_to: None,
        area: None,
        supersedes: None,
        parent,
        run_out_months: None,
        note: String::new(),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    match result.unwrap_err() {
        Error::Refusal(refusal) => refusal.code,
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn milestone(ctx: &Ctx, document: DocumentId, indicator: Option<&str>) -> Milestone {
    Milestone {
        id: ctx.new_id(),
        document,
        title: "有劳力户".into(),
        due_on: day("2026-12-31"),
        indicator: indicator.map(str::to_owned),
        area: None,
        unit: "户".into(),
        direction: Direction::AtLeast,
        target: 100.0,
        value: None,
        note: String::new(),
    }
}

fn says(value: Option<f64>) -> Measure {
    Measure(Arc::new(move |_: &Ctx, _: &str, _: Option<AreaCode>| Ok(value)))
}

fn steps(ctx: &Ctx, verb: &str) -> i64 {
    let sql = "select count(*) from journal where verb = $1 and about_kind = 'document'";
    ctx.read().unwrap().row(sql, params![verb]).unwrap().int(0).unwrap()
}

#[test]
fn a_target_is_met_by_what_was_recorded_and_keeps_it() {
    with_each(|test, alice| {
        let general = plan(alice, None);
        enter_document(alice, &general).unwrap();
        let by_indicator = milestone(alice, general.id, Some("able"));
        set_milestone(alice, &by_indicator).unwrap();
        let by_hand = milestone(alice, general.id, None);
        set_milestone(alice, &by_hand).unwrap();
        let unknown = milestone(alice, general.id, Some("none"));
        assert_eq!(code(set_milestone(alice, &unknown)), "policies.no_indicator");
        let nowhere = milestone(alice, alice.new_id(), None);
        assert_eq!(code(set_milestone(alice, &nowhere)), "policies.no_document");
        let chen = person(test, "chen", (Role::Village, VILLAGE, None));
        assert_eq!(code(set_milestone(&chen, &by_hand)), "access.forbidden");

        let stands = |one: &Milestone| {
            let all = queries::list_milestones(&mut alice.read().unwrap()).unwrap();
            let one = all.into_iter().find(|known| known.id == one.id).unwrap();
            (one.value.map(|(value, _)| value), one.state(alice.today))
        };
        let record = |one: &Milestone, value, note, now| {
            record_milestone(alice, one.id, (value, note), &says(now))
        };
        assert_eq!(code(record(&by_indicator, Some(5.0), "", None)), "policies.no_value_now");
        record(&by_indicator, Some(5.0), "", Some(99.0)).unwrap();
        assert_eq!(stands(&by_indicator), (Some(99.0), MilestoneState::Due), "{}", test.engine);
        record(&by_indicator, None, "", Some(100.0)).unwrap();
        assert_eq!(stands(&by_indicator), (Some(100.0), MilestoneState::Met));
        assert_eq!(code(record(&by_hand, None, "台账", None)), "policies.milestone_form");
        assert_eq!(code(record(&by_hand, Some(120.0), " ", None)), "policies.milestone_form");
        record(&by_hand, Some(120.0), "林业台账", Some(1.0)).unwrap();
        assert_eq!(stands(&by_hand), (Some(120.0), MilestoneState::Met));
        let refused = record_milestone(&chen, by_hand.id, (Some(1.0), "x"), &says(None));
        assert_eq!(code(refused), "access.forbidden");
        assert_eq!(steps(alice, "policy.manage"), 6, "a document, two targets, three values");
        // whoever looked before another recorded is told
        let mut tx = alice.begin().unwrap();
        let stale = (&by_hand, 1.0);
        assert!(!queries::record_value(&mut tx, stale, (alice.today, "x", "")).unwrap());
    });
}

#[test]
fn plans_stand_under_each_other_and_never_in_a_ring() {
    with_each(|_, alice| {
        let general = plan(alice, None);
        enter_document(alice, &general).unwrap();
        let action = plan(alice, Some(general.id));
        enter_document(alice, &action).unwrap();
        let under = plan(alice, Some(action.id));
        enter_document(alice, &under).unwrap();
        let ring = Document { parent: Some(under.id), ..general.clone() };
        assert_eq!(code(enter_document(alice, &ring)), "policies.document_under_itself");
        let gone = plan(alice, Some(alice.new_id()));
        assert_eq!(code(enter_document(alice, &gone)), "policies.no_document");
        let runs = Document { run_out_months: Some(6), ..general.clone() };
        assert_eq!(code(enter_document(alice, &runs)), "policies.no_end");
        let ends = Document { valid_to: Some(day("2026-12-31")), ..runs };
        enter_document(alice, &ends).unwrap();
        let known = queries::load_document(&mut alice.read().unwrap(), general.id).unwrap();
        assert_eq!(known, ends);
        assert_eq!(known.runs_out_on(), Some(day("2027-06-30")));
    });
}

#[test]
fn a_document_goes_to_units_and_each_confirms_its_own_receipt_once() {
    with_each(|test, alice| {
        let guide = plan(alice, None);
        enter_document(alice, &guide).unwrap();
        let draft = Document { state: DocumentState::Draft, ..plan(alice, None) };
        enter_document(alice, &draft).unwrap();
        let towns = [UnitKind::Town];
        assert_eq!(code(issue_document(alice, draft.id, &towns)), "policies.issue_draft");
        assert_eq!(code(issue_document(alice, guide.id, &[])), "policies.issue_form");
        assert_eq!(issue_document(alice, guide.id, &towns).unwrap(), 2);
        let sent = issue_document(alice, guide.id, &[UnitKind::Town, UnitKind::Office]).unwrap();
        assert_eq!(sent, offices().len(), "who has it does not get it again");
        assert_eq!(issue_document(alice, guide.id, &towns).unwrap(), 0);

        let bob = person(test, "bob", (Role::Township, TOWN, None));
        let water = person(test, "dora", (Role::Department, COUNTY_CODE, Some("water")));
        let chen = person(test, "chen", (Role::Village, VILLAGE, None));
        assert_eq!(code(receive_document(alice, guide.id)), "access.forbidden");
        assert_eq!(code(issue_document(&bob, guide.id, &towns)), "access.forbidden");
        assert_eq!(code(receive_document(&chen, guide.id)), "policies.no_document", "not sent");
        let without = || {
            let all = queries::list_issues(&mut alice.read().unwrap(), guide.id).unwrap();
            all.iter().filter(|one| one.received.is_none()).count()
        };
        let all = without();
        let both = std::thread::scope(|scope| {
            let one = scope.spawn(|| receive_document(&bob, guide.id));
            let two = scope.spawn(|| receive_document(&bob, guide.id));
            [one.join().unwrap(), two.join().unwrap()]
        });
        assert_eq!(both.iter().filter(|done| done.is_ok()).count(), 1, "{both:?}");
        receive_document(&water, guide.id).unwrap();
        assert_eq!(code(receive_document(&water, guide.id)), "policies.received");
        assert_eq!(without(), all - 2, "{}", test.engine);
        let received = queries::list_issues(&mut alice.read().unwrap(), guide.id).unwrap();
        let east = received.iter().find(|one| one.unit == TOWN).unwrap();
        assert_eq!(
            (east.name.as_str(), east.received.as_ref().unwrap().1.as_str()),
            ("东镇", "bob")
        );
        assert_eq!(steps(alice, "policy.receive"), 2);
        let counted = queries::count_receipts(&mut alice.read().unwrap()).unwrap();
        assert_eq!(counted, [(guide.id, i64::try_from(received.len()).unwrap(), 2)]);
    });
}
