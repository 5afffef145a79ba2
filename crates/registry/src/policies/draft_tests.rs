//! Drafts on every engine at hand: a second person, one publication at a time, what holds when, and the way back.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::Scalar;
use kernel::area::AreaCode;
use kernel::error::Error;
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::{Clock, Day};
use proptest::prelude::*;
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx};

use super::tests::{HEAD, day};
use super::*;

const LINE: &str = r#"
id = "line"
title = { zh = "监测线", en = "monitoring line" }
unit = "yuan_per_head"
[[values]]
from = "2026-01-01"
value = 7000
set_locally = "test"
"#;

fn as_person(test: &TestDb, account: &str, role: Role) -> Ctx {
    on_day(test, account, role, "2026-10-31")
}

fn on_day(test: &TestDb, account: &str, role: Role, today: &str) -> Ctx {
    let actor = Actor { account: account.into(), name: account.into(), role, ..Actor::system() };
    Ctx::new(&test.db, actor, Clock::fixed_on(day(today)), Lang::Zh)
}

fn sound() -> Trial {
    Trial(Arc::new(|_, _, _| Ok(Tried::default())))
}

fn published(test: &TestDb) -> Ctx {
    let ctx = as_person(test, "alice", Role::County);
    let files =
        [("pack.toml", HEAD), ("parameters/line.toml", LINE), ("screening/a.toml", "a = 1")];
    let files = files.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    publish(&ctx, &Pack::read(files).unwrap()).unwrap();
    ctx
}

fn head(from: &str) -> DraftHead {
    DraftHead {
        title: "提高监测线".into(),
        stance: Stance::Continued,
        document: None,
        valid_from: day(from),
    }
}

fn value(text: &str) -> Change {
    Change::Value(NewValue {
        parameter: "line".into(),
        area: String::new(),
        value: text.into(),
        source: None,
        set_locally: Some("县里定".into()),
    })
}

fn line_on(ctx: &Ctx, on: &str) -> Scalar {
    let pack = find_pack_on(&mut ctx.read().unwrap(), day(on)).unwrap().unwrap();
    let county = AreaCode::parse_short("140430").unwrap();
    resolve(&pack.parameters, county, day(on))["line"].at("140430203001")
}

fn revision(ctx: &Ctx, id: kernel::ids::DraftId) -> i64 {
    preview_draft(ctx, id).unwrap().draft.revision
}

/// Alice writes and hands on, Bob publishes.
fn through(alice: &Ctx, bob: &Ctx, from: &str, change: Change) -> u32 {
    let id = begin_draft(alice, &head(from)).unwrap();
    put_change(alice, id, 0, change).unwrap();
    submit_draft(alice, id, 1).unwrap();
    publish_draft(bob, id, 2, &sound()).unwrap()
}

fn code<T: std::fmt::Debug>(result: kernel::error::Result<T>) -> &'static str {
    match result.unwrap_err() {
        Error::Refusal(refusal) => refusal.code,
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

#[test]
fn a_change_holds_from_its_day_after_a_second_person_published_it() {
    for test in test_db().unwrap() {
        let alice = published(&test);
        let bob = as_person(&test, "bob", Role::County);
        let id = begin_draft(&alice, &head("2026-11-10")).unwrap();
        assert_eq!(code(submit_draft(&alice, id, 0)), "policies.draft_empty");
        put_change(&alice, id, 0, value("7,500")).unwrap();
        assert_eq!(code(publish_draft(&bob, id, 1, &sound())), "policies.draft_changed");
        submit_draft(&alice, id, 1).unwrap();
        assert_eq!(code(publish_draft(&alice, id, 2, &sound())), "policies.second_person");
        assert_eq!(line_on(&alice, "2026-11-10"), Scalar::Int(700_000));
        assert_eq!(publish_draft(&bob, id, 2, &sound()).unwrap(), 1);
        assert_eq!(line_on(&alice, "2026-11-09"), Scalar::Int(700_000));
        assert_eq!(line_on(&alice, "2026-11-10"), Scalar::Int(750_000));
        let pack = find_pack_on(&mut alice.read().unwrap(), day("2026-11-10")).unwrap().unwrap();
        assert_eq!((pack.head.id.as_str(), pack.head.version), (COUNTY, 1));
        assert_eq!(load_version(&mut alice.read().unwrap(), COUNTY, 1).unwrap(), pack);
        let before = find_pack_on(&mut alice.read().unwrap(), day("2026-11-09")).unwrap().unwrap();
        assert_eq!((before.head.id.as_str(), before.head.version), ("test", 1));
        let sql = "select count(*) from journal where verb = 'policy.manage' and about_kind = 'policy_draft'";
        assert_eq!(alice.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap(), 4);
    }
}

#[test]
fn a_draft_is_published_once_and_nobody_writes_over_another() {
    for test in test_db().unwrap() {
        let alice = published(&test);
        let (bob, carl) =
            (as_person(&test, "bob", Role::County), as_person(&test, "carl", Role::County));
        let id = begin_draft(&alice, &head("2026-11-10")).unwrap();
        put_change(&alice, id, 0, value("7500")).unwrap();
        assert_eq!(code(put_change(&carl, id, 0, value("7600"))), "policies.draft_changed");
        submit_draft(&alice, id, 1).unwrap();
        let both = std::thread::scope(|scope| {
            let one = scope.spawn(|| publish_draft(&bob, id, 2, &sound()));
            let two = scope.spawn(|| publish_draft(&carl, id, 2, &sound()));
            [one.join().unwrap(), two.join().unwrap()]
        });
        let done: Vec<u32> = both.iter().flatten().copied().collect();
        assert_eq!(done, [1], "{both:?}");
        let refused = both.into_iter().find(Result::is_err).unwrap();
        assert!(["policies.draft_published", "policies.draft_changed"].contains(&code(refused)));
        assert_eq!(line_on(&alice, "2026-11-10"), Scalar::Int(750_000));
        assert_eq!(code(put_change(&alice, id, 3, value("1"))), "policies.draft_published");
    }
}

#[test]
fn what_is_wrong_is_said_and_changes_nothing() {
    for test in test_db().unwrap() {
        let alice = published(&test);
        let bob = as_person(&test, "bob", Role::County);
        assert_eq!(code(begin_draft(&alice, &head("2026-10-30"))), "policies.draft_form");
        let chen = as_person(&test, "chen", Role::Village);
        assert_eq!(code(begin_draft(&chen, &head("2026-11-10"))), "access.forbidden");
        let id = begin_draft(&alice, &head("2026-11-10")).unwrap();
        assert_eq!(code(put_change(&alice, id, 0, value("many"))), "policies.unfit");
        put_change(&alice, id, 0, value("7500")).unwrap();
        submit_draft(&alice, id, 1).unwrap();
        let wrong = Tried {
            wrong: vec![Wrong { rule: "R1".into(), what: "no such column".into() }],
            effects: Vec::new(),
        };
        let trial = Trial(Arc::new(move |_, _, _| Ok(wrong.clone())));
        assert_eq!(code(publish_draft(&bob, id, 2, &trial)), "policies.draft_wrong");
        let late = on_day(&test, "bob", Role::County, "2026-11-11");
        assert_eq!(code(publish_draft(&late, id, 2, &sound())), "policies.day_passed");
        assert_eq!(code(give_back(&bob, id, 2, " ")), "policies.give_back_form");
        give_back(&bob, id, 2, "写明文号").unwrap();
        let draft = preview_draft(&alice, id).unwrap().draft;
        assert_eq!((draft.state, draft.said.as_str()), (DraftState::Open, "写明文号"));
        withdraw_draft(&alice, id, 3).unwrap();
        assert_eq!(line_on(&alice, "2026-12-01"), Scalar::Int(700_000));
    }
}

#[test]
fn a_change_published_in_between_is_tried_again_first() {
    for test in test_db().unwrap() {
        let alice = published(&test);
        let bob = as_person(&test, "bob", Role::County);
        let slow = begin_draft(&alice, &head("2026-11-10")).unwrap();
        put_change(&alice, slow, 0, value("7500")).unwrap();
        submit_draft(&alice, slow, 1).unwrap();
        let (other, by) = (alice.clone(), bob.clone());
        let meanwhile = Trial(Arc::new(move |_, _, _| {
            through(&other, &by, "2026-11-05", value("7200"));
            Ok(Tried::default())
        }));
        assert_eq!(code(publish_draft(&bob, slow, 2, &meanwhile)), "policies.overtaken");
        assert_eq!(publish_draft(&bob, slow, 2, &sound()).unwrap(), 2);
        assert_eq!(line_on(&alice, "2026-11-05"), Scalar::Int(720_000));
        assert_eq!(line_on(&alice, "2026-11-10"), Scalar::Int(750_000));
    }
}

#[test]
fn taking_a_change_back_is_another_change() {
    for test in test_db().unwrap() {
        let alice = published(&test);
        let bob = as_person(&test, "bob", Role::County);
        let path = "screening/a.toml".to_owned();
        let off = Change::File { path: path.clone(), text: String::new() };
        let first = through(&alice, &bob, "2026-11-01", off);
        let holds = |on: &str| {
            let pack = find_pack_on(&mut alice.read().unwrap(), day(on)).unwrap().unwrap();
            pack.files.contains_key(&path)
        };
        assert!(holds("2026-10-31") && !holds("2026-11-01"));
        let second = through(&alice, &bob, "2026-11-01", value("7500"));
        let undo = undo_change(&alice, first, &head("2026-11-20")).unwrap();
        submit_draft(&alice, undo, revision(&alice, undo)).unwrap();
        publish_draft(&bob, undo, revision(&bob, undo), &sound()).unwrap();
        assert!(!holds("2026-11-19") && holds("2026-11-20"));
        assert_eq!(line_on(&alice, "2026-11-20"), Scalar::Int(750_000), "the other change stays");
        through(&alice, &bob, "2026-12-01", value("7600"));
        assert_eq!(
            code(undo_change(&alice, second, &head("2026-12-20"))),
            "policies.changed_since"
        );
        assert_eq!(code(undo_change(&alice, 99, &head("2026-12-20"))), "policies.no_version");
    }
}

#[test]
fn a_document_is_entered_and_never_takes_its_own_place() {
    for test in test_db().unwrap() {
        let alice = published(&test);
        let document = |title: &str, supersedes| Document {
            id: alice.new_id(),
            number: "县办〔2026〕1号".into(),
            issuer: "县委农办".into(),
            title: title.into(),
            kind: DocumentKind::Document,
            state: DocumentState::InForce,
            issued_on: None,
            valid_from: day("2026-01-01"),
            valid_to: None,
            area: None,
            supersedes,
            parent: None,
            run_out_months: None,
            note: String::new(),
        };
        let mut old = document("旧办法", None);
        enter_document(&alice, &old).unwrap();
        let new = document("新办法", Some(old.id));
        enter_document(&alice, &new).unwrap();
        old.supersedes = Some(new.id);
        assert_eq!(code(enter_document(&alice, &old)), "policies.document_loop");
        assert_eq!(code(enter_document(&alice, &document(" ", None))), "policies.document_form");
        let chen = as_person(&test, "chen", Role::Village);
        assert_eq!(code(enter_document(&chen, &document("x", None))), "access.forbidden");
        let known = queries::list_documents(&mut alice.read().unwrap()).unwrap();
        assert_eq!(known.len(), 2);
        assert_eq!(queries::load_document(&mut alice.read().unwrap(), new.id).unwrap(), new);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Published changes never alter what held on a day before theirs.
    #[test]
    fn the_past_stays_as_it_was(days in proptest::collection::vec((0i64..60, 1000i64..20_000), 1..6)) {
        let test = test_db().unwrap().into_iter().next().unwrap();
        let alice = published(&test);
        let bob = as_person(&test, "bob", Role::County);
        let start = day("2026-10-31");
        let mut held: BTreeMap<Day, Scalar> = BTreeMap::new();
        for (after, yuan) in days {
            let from = start.add_days(after);
            for offset in 0..60 {
                let on = start.add_days(offset);
                held.insert(on, line_on(&alice, &on.to_string()));
            }
            through(&alice, &bob, &from.to_string(), value(&yuan.to_string()));
            for (on, was) in &held {
                if *on < from {
                    prop_assert_eq!(&line_on(&alice, &on.to_string()), was);
                }
            }
            prop_assert_eq!(line_on(&alice, &from.to_string()), Scalar::Int(yuan * 100));
        }
    }
}
