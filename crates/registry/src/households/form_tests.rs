//! Forms by hand with wrong input: each gets its sentence, and nothing is half written. On every engine at hand.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use kernel::error::{Error, Result};
use kernel::idnumber::{IdNumber, Sex};
use kernel::ids::PersonId;
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::time::Clock;
use store::testing::test_db;
use store::{Ctx, params};

use super::pages_tests::{get, post};
use super::sample::{area, clock, county, day, id_of, someone};
use super::*;

fn each(check: impl Fn(&Ctx)) {
    for test in test_db().unwrap() {
        let ctx = test.system(clock());
        county(&ctx);
        check(&ctx);
    }
}

fn refused(result: Result<impl std::fmt::Debug>) -> (&'static str, Option<String>) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => {
            (refusal.code, refusal.fields.first().map(|(field, _)| field.clone()))
        }
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn at(code: &'static str, field: &str) -> (&'static str, Option<String>) {
    (code, Some(field.to_owned()))
}

fn home(ctx: &Ctx, number: &str) -> String {
    let mut session = ctx.read().unwrap();
    let row = session.row("select id from households where number = $1", params![number]).unwrap();
    row.text(0).unwrap()
}

const OURS: &str = "140430000001";
const THEIRS: &str = "140430000002";

fn who(ctx: &Ctx, name: &str) -> PersonId {
    let mut session = ctx.read().unwrap();
    let row = session.row("select id from persons where name = $1", params![name]).unwrap();
    row.parse(0).unwrap()
}

/// Names of those who live in the household of a number.
fn living(ctx: &Ctx, number: &str) -> Vec<String> {
    let rows = ctx.read().unwrap().rows(
        "select p.name from memberships m join persons p on p.id = m.person_id join households h on h.id = m.household_id
         where h.number = $1 and m.valid_to is null order by p.name",
        params![number],
    );
    rows.unwrap().iter().map(|row| row.text(0).unwrap()).collect()
}

/// Everything that a form writes, as numbers: whatever is refused leaves them as they are.
fn written(ctx: &Ctx) -> Vec<i64> {
    let row = ctx.read().unwrap().row(
        "select (select count(*) from persons), (select count(*) from memberships), (select count(*) from households),
                (select count(*) from proposals), (select count(*) from records), (select count(*) from household_places),
                (select count(*) from search_keys), (select count(*) from journal)",
        &[],
    );
    let row = row.unwrap();
    (0..8).map(|index| row.int(index).unwrap()).collect()
}

fn chen(ctx: &Ctx) -> Ctx {
    someone(ctx, "chen", Role::Village, "140430203201")
}

fn bob(ctx: &Ctx) -> Ctx {
    someone(ctx, "bob", Role::Township, "140430203000")
}

fn alice(ctx: &Ctx) -> Ctx {
    someone(ctx, "alice", Role::County, "140430000000")
}

/// The same person a day later.
fn tomorrow(ctx: &Ctx) -> Ctx {
    Ctx::new(&ctx.db, (*ctx.actor).clone(), Clock::fixed_on(ctx.today.add_days(1)), Lang::Zh)
}

fn bride(name: &str, birth: &str) -> Change {
    let newcomer = Newcomer {
        name: name.into(),
        sex: Sex::Female,
        birth_day: day(birth),
        kin: "other".into(),
    };
    Change::MarriageIn { newcomer }
}

fn papers(id: IdNumber) -> Papers {
    Papers { id: Some(id), phone: None }
}

fn waits(outcome: Result<Outcome>) -> String {
    match outcome.unwrap() {
        Outcome::Waits(id) => id,
        Outcome::Done(_) => panic!("a village cannot confirm"),
    }
}

/// 王小妹 of the other township.
fn hers() -> Papers {
    papers(id_of("19900807", 706))
}

#[test]
fn a_number_of_somebody_of_the_county_makes_no_second_person_and_says_only_what_may_be_seen() {
    each(|ctx| {
        let (alice, bob) = (alice(ctx), bob(ctx));
        let ours = home(ctx, OURS);
        let before = written(ctx);
        let on = day("2026-10-10");
        let wang = bride("王小妹", "1990-08-07");
        let Err(Error::Refusal(seen)) = propose(&alice, &ours, on, &wang, &hers()) else {
            panic!("a second person")
        };
        assert_eq!(seen.code, "households.number_known");
        assert_eq!(seen.fields, [("id".to_owned(), "households.number_in_use")]);
        assert_eq!(seen.args[0], ("who", "王小妹".to_owned()));
        assert_eq!(seen.args[1], ("household", THEIRS.to_owned()));
        let Err(Error::Refusal(unseen)) = propose(&bob, &ours, on, &wang, &hers()) else {
            panic!("a second person")
        };
        assert_eq!(unseen.code, "households.number_elsewhere");
        assert!(unseen.args.is_empty(), "nothing about a household outside the area");
        ctx.db.flush_access().unwrap();
        let tried = "select distinct account_id from access_log where kind = 'not_found' and verb = $1 and about = $2";
        let about = home(ctx, THEIRS).to_string();
        let who = ctx.read().unwrap().rows(tried, params!["households.number_elsewhere", about]);
        let who: Vec<String> = who.unwrap().iter().map(|row| row.text(0).unwrap()).collect();
        assert_eq!(
            who,
            std::slice::from_ref(&bob.actor.account),
            "the attempt is noted, and only this one"
        );
        let ours_too = papers(id_of("19620506", 702));
        assert_eq!(
            refused(propose(&bob, &ours, on, &bride("李桂花", "1962-05-06"), &ours_too)),
            at("households.number_here", "id")
        );
        let newborn = Newcomer {
            name: "王小小".into(),
            sex: Sex::Female,
            birth_day: day("1990-08-07"),
            kin: "daughter".into(),
        };
        let birth = Change::Birth { newcomer: newborn };
        assert_eq!(
            refused(propose(&alice, &ours, day("1990-08-07"), &birth, &hers())),
            at("households.number_known", "id")
        );
        assert_eq!(written(ctx)[..7], before[..7]);
    });
}

#[test]
fn somebody_of_the_county_moves_here_and_who_confirms_works_in_both_places() {
    each(|ctx| {
        let (alice, bob, chen) = (alice(ctx), bob(ctx), chen(ctx));
        let (ours, on) = (home(ctx, OURS), day("2026-10-10"));
        let none = Papers::default();
        let moves = |name: &str| Change::MoveIn {
            person: who(ctx, "王小妹"),
            name: name.into(),
            kin: "daughter-in-law".into(),
        };
        assert_eq!(
            refused(propose(&alice, &ours, on, &moves("李小妹"), &none)),
            at("households.number_other_name", "name")
        );
        let id = waits(propose(&chen, &ours, on, &moves("王小妹"), &none));
        assert_eq!(refused(confirm(&bob, &id)).0, "households.moves_between");
        assert_eq!(living(ctx, THEIRS).len(), 3, "nothing happened yet");
        confirm(&alice, &id).unwrap();
        assert_eq!(living(ctx, THEIRS), ["王铁柱", "赵秀英"]);
        assert!(living(ctx, OURS).contains(&"王小妹".to_owned()));
        let found = find_households(
            &chen,
            &mut chen.read().unwrap(),
            &chen.permit(Permission::HouseholdSee).unwrap(),
            "王小妹",
            5,
        );
        assert_eq!(found.unwrap(), [ours.as_str()], "found where she lives now");
        let head = Change::MoveIn {
            person: who(ctx, "王铁柱"),
            name: "王铁柱".into(),
            kin: "other".into(),
        };
        assert_eq!(
            refused(propose(&alice, &ours, on, &head, &none)).0,
            "households.head_elsewhere"
        );
        let theirs = home(ctx, THEIRS);
        let wife = who(ctx, "赵秀英");
        let leave = Change::Leave { person: who(ctx, "王铁柱"), new_head: Some(wife) };
        propose(&alice, &theirs, on, &leave, &none).unwrap();
        let his = papers(id_of("19600203", 704));
        let again = Newcomer {
            name: "王铁柱".into(),
            sex: Sex::Female,
            birth_day: day("1960-02-03"),
            kin: "other".into(),
        };
        assert_eq!(
            refused(propose(&alice, &ours, on, &Change::MarriageIn { newcomer: again }, &his)),
            at("households.number_left", "id")
        );
        assert_eq!(
            refused(propose(&alice, &ours, day("2026-10-09"), &head, &none)),
            at("households.later_change", "on")
        );
        propose(&alice, &ours, on, &head, &none).unwrap();
        let last = Change::MoveIn { person: wife, name: "赵秀英".into(), kin: "other".into() };
        propose(&alice, &ours, on, &last, &none).unwrap();
        let closed = ctx
            .read()
            .unwrap()
            .row("select closed_on from households where number = $1", params![THEIRS]);
        assert_eq!(closed.unwrap().opt_text(0).unwrap().as_deref(), Some("2026-10-10"));
        propose(&alice, &ours, on, &Change::Death { person: wife, new_head: None }, &none).unwrap();
        let dead = papers(id_of("19620506", 705));
        let other = Newcomer {
            name: "赵秀英".into(),
            sex: Sex::Male,
            birth_day: day("1962-05-06"),
            kin: "other".into(),
        };
        assert_eq!(
            refused(propose(&alice, &ours, on, &Change::MarriageIn { newcomer: other }, &dead)),
            at("households.number_dead", "id")
        );
    });
}

#[test]
fn a_newcomer_who_cannot_be_is_refused_at_the_field() {
    each(|ctx| {
        let (bob, ours) = (bob(ctx), home(ctx, OURS));
        let before = written(ctx);
        let go = |on: &str, change: &Change, papers: &Papers| {
            refused(propose(&bob, &ours, day(on), change, papers))
        };
        let none = Papers::default();
        let born = |on: &str| {
            let newcomer = Newcomer {
                name: "张小宝".into(),
                sex: Sex::Male,
                birth_day: day(on),
                kin: "grandson".into(),
            };
            Change::Birth { newcomer }
        };
        assert_eq!(
            go("2026-10-01", &born("2026-11-02"), &none),
            at("households.day_ahead", "birth_day")
        );
        assert_eq!(
            go("2026-10-01", &born("2026-10-02"), &none),
            at("households.born_later", "birth_day")
        );
        assert_eq!(
            go("2026-10-01", &born("2026-09-30"), &none),
            at("households.birth_day_differs", "on")
        );
        assert_eq!(
            go("2026-10-01", &bride("李老太", "1826-10-01"), &none),
            at("households.too_old", "birth_day")
        );
        let hers = papers(id_of("19900101", 802));
        assert_eq!(
            go("2026-10-01", &bride("李红", "1990-01-02"), &hers),
            at("households.id_differs", "id")
        );
        assert_eq!(
            go("2026-10-01", &bride(" ", "1990-01-01"), &none),
            at("households.name_needed", "name")
        );
        assert_eq!(written(ctx), before);
        propose(&bob, &ours, day("2026-10-01"), &bride("李红", "1990-01-01"), &hers).unwrap();
        let twice = bride("李红", "1990-01-01");
        assert_eq!(
            go("2026-10-01", &twice, &none),
            at("households.same_person_here", "name"),
            "the form was sent twice"
        );
        let number =
            ctx.read().unwrap().row("select number from persons where name = $1", params!["李红"]);
        assert_eq!(number.unwrap().text(0).unwrap(), "140430P000001", "no household has it");
    });
}

#[test]
fn what_cannot_happen_in_a_household_is_refused_at_the_field() {
    each(|ctx| {
        let (bob, ours) = (bob(ctx), home(ctx, OURS));
        let before = written(ctx);
        let go = |on: &str, change: Change| {
            refused(propose(&bob, &ours, day(on), &change, &Papers::default()))
        };
        let (head, wife, son) = (who(ctx, "张三丰"), who(ctx, "李桂花"), who(ctx, "张小山"));
        let death = |person, new_head| Change::Death { person, new_head };
        assert_eq!(go("2026-10-01", death(head, None)), at("households.head_needed", "new_head"));
        assert_eq!(
            go("2026-10-01", death(head, Some(head))),
            at("households.head_not_there", "new_head")
        );
        assert_eq!(
            go("2026-10-01", death(son, Some(wife))),
            at("households.head_stays", "new_head")
        );
        assert_eq!(go("2025-12-31", death(son, None)), at("households.later_change", "on"));
        let split = |going: &[(PersonId, &str)]| Change::Split {
            going: going.iter().map(|(id, kin)| (*id, (*kin).to_owned())).collect(),
            new_head: None,
            group: None,
        };
        assert_eq!(
            go("2026-10-01", split(&[(head, "head"), (wife, "spouse"), (son, "son")])),
            at("households.nobody_stays", "going")
        );
        assert_eq!(go("2026-10-01", split(&[])), at("households.nobody_named", "going"));
        let merge = |into: &str| Change::Merge {
            into: into.parse().unwrap(),
            kins: BTreeMap::from([(head, "other".to_owned())]),
        };
        assert_eq!(go("2026-10-01", merge(&ours)), at("households.same_household", "into"));
        let moved = |village: &str, group: Option<&str>| Change::Move {
            village: area(village),
            group: group.map(str::to_owned),
            address: None,
        };
        let nowhere = at("areas.no_such_village", "village");
        for village in ["140430203000", "140430203299", "140430204201"] {
            assert_eq!(go("2026-10-01", moved(village, None)), nowhere, "{village}");
        }
        assert_eq!(
            go("2026-10-01", moved("140430203201", Some("1组"))),
            at("households.same_place", "village")
        );
        assert_eq!(written(ctx), before);

        crate::areas::merge(ctx, area("140430203202"), area("140430203201"), ctx.today).unwrap();
        assert_eq!(go("2026-10-01", moved("140430203202", None)), nowhere, "it has ended");
        let there = moved("140430203201", Some("2组"));
        propose(&bob, &ours, day("2026-10-05"), &there, &Papers::default()).unwrap();
        let back = moved("140430203201", Some("1组"));
        assert_eq!(go("2026-10-05", back), at("households.later_change", "on"));
    });
}

#[test]
fn nobody_joins_a_household_that_is_closed_or_was_not_there_yet() {
    each(|ctx| {
        let (alice, ours, theirs) = (alice(ctx), home(ctx, OURS), home(ctx, THEIRS));
        let none = Papers::default();
        let son = who(ctx, "张小山");
        let going = BTreeMap::from([(son, "head".to_owned())]);
        let split = Change::Split { going, new_head: None, group: None };
        let Outcome::Done(new) = propose(&alice, &ours, day("2026-10-10"), &split, &none).unwrap()
        else {
            panic!("the county confirms at once")
        };
        let wedding = bride("李红", "1990-01-01");
        assert_eq!(
            refused(propose(&alice, &new.to_string(), day("2026-10-09"), &wedding, &none)),
            at("households.before_household", "on")
        );
        let death = Change::Death { person: son, new_head: None };
        propose(&alice, &new.to_string(), day("2026-10-20"), &death, &none).unwrap();
        let merge = Change::Merge { into: new, kins: BTreeMap::new() };
        assert_eq!(
            refused(propose(&alice, &theirs, day("2026-10-21"), &merge, &none)),
            at("households.into_closed", "into")
        );
        assert_eq!(
            refused(propose(&alice, &new.to_string(), day("2026-10-21"), &wedding, &none)).0,
            "households.closed"
        );
    });
}

#[test]
fn a_value_is_put_right_only_to_another_one_and_not_before_it_was_known() {
    each(|ctx| {
        let (bob, ours) = (bob(ctx), home(ctx, OURS));
        let correct = |old: serde_json::Value| Change::Correct {
            topic: "register_household".into(),
            field: "h".into(),
            person: None,
            old,
            new: "C".into(),
            reason: "重新鉴定".into(),
        };
        let go = |on: &str, old: serde_json::Value| {
            propose(&bob, &ours, day(on), &correct(old), &Papers::default())
        };
        assert_eq!(
            refused(go("2025-12-31", serde_json::Value::Null)),
            at("households.before_joined", "on")
        );
        assert_eq!(refused(go("2026-10-01", "B".into())).0, "households.value_changed");
        go("2026-10-01", serde_json::Value::Null).unwrap();
        assert_eq!(refused(go("2026-10-02", "C".into())), at("households.value_same", "value"));
    });
}

#[test]
fn two_people_decide_and_each_proposal_once() {
    each(|ctx| {
        let (bob, chen, ours) = (bob(ctx), chen(ctx), home(ctx, OURS));
        let on = day("2026-10-10");
        let wedding = bride("李红", "1990-01-01");
        let id = waits(propose(&chen, &ours, on, &wedding, &Papers::default()));
        assert_eq!(
            refused(propose(&chen, &ours, on, &wedding, &Papers::default())).0,
            "households.already_proposed"
        );
        let promoted = someone(ctx, "chen", Role::Township, "140430203000");
        assert_eq!(refused(confirm(&promoted, &id)).0, "households.own_proposal");
        confirm(&bob, &id).unwrap();
        let Err(Error::Refusal(again)) = confirm(&bob, &id) else { panic!("confirmed twice") };
        assert_eq!(again.code, "households.already_decided");
        assert_eq!(living(ctx, OURS).len(), 4);
    });
}

#[test]
fn a_proposal_that_was_overtaken_shows_what_happened_and_is_confirmed_knowingly() {
    each(|ctx| {
        let (bob, chen, ours) = (bob(ctx), chen(ctx), home(ctx, OURS));
        let on = day("2026-10-10");
        let wedding =
            waits(propose(&chen, &ours, on, &bride("李红", "1990-01-01"), &Papers::default()));
        let (later, son) = (tomorrow(&bob), who(ctx, "张小山"));
        let leave = Change::Leave { person: son, new_head: None };
        propose(&later, &ours, day("2026-10-20"), &leave, &Papers::default()).unwrap();
        assert_eq!(refused(confirm(&later, &wedding)).0, "households.overtaken");
        let changes =
            changed_since(&mut ctx.read().unwrap(), ours.parse().unwrap(), ctx.now).unwrap();
        let told: Vec<_> =
            changes.iter().map(|one| (one.what.as_str(), one.name.as_str(), one.on)).collect();
        assert_eq!(told, [("out-left", "张小山", day("2026-10-20"))]);
        let page = get(&later, Lang::Zh, "/households/proposals").1;
        assert!(page.contains("张小山") && page.contains("仍然确认"), "{page}");
        assert_eq!(living(ctx, OURS).len(), 2);
        confirm_seen(&later, &wedding, Some(changes[0].at)).unwrap();
        assert_eq!(living(ctx, OURS).len(), 3);
    });
}

#[test]
fn a_proposal_goes_with_the_household_that_moved_out_of_the_area() {
    each(|ctx| {
        let (bob, chen, alice, ours) = (bob(ctx), chen(ctx), alice(ctx), home(ctx, OURS));
        let wedding = bride("李红", "1990-01-01");
        let id = waits(propose(&chen, &ours, day("2026-10-10"), &wedding, &Papers::default()));
        let away = Change::Move { village: area("140430204201"), group: None, address: None };
        propose(&tomorrow(&alice), &ours, day("2026-10-20"), &away, &Papers::default()).unwrap();
        assert_eq!(refused(confirm(&bob, &id)).0, "households.no_such_proposal");
        let eve = tomorrow(&someone(ctx, "eve", Role::Township, "140430204000"));
        assert_eq!(refused(confirm(&eve, &id)).0, "households.overtaken");
        let page = get(&eve, Lang::En, "/households/proposals").1;
        assert!(page.contains("the household moved"), "{page}");
        assert_eq!(living(ctx, OURS).len(), 3);
    });
}

#[test]
fn the_form_says_who_has_the_number_and_offers_to_move_that_person() {
    each(|ctx| {
        let (alice, bob) = (alice(ctx), bob(ctx));
        let path = format!("/households/{}/change/marriage_in", home(ctx, OURS));
        let number = id_of("19900807", 706);
        let form = format!(
            "name=王小妹&sex=female&birth_day=1990-08-07&on=2026-10-10&kin=daughter-in-law&phone=&id={}",
            number.reveal()
        );
        let (status, _, text) = post(&alice, &path, &form);
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(text.contains("段柳村") && text.contains(THEIRS), "{text}");
        assert!(text.contains("name=\"take\""), "{text}");
        let (_, _, text) = post(&bob, &path, &form);
        assert!(text.contains("name=\"take\"") && !text.contains(THEIRS), "{text}");
        assert!(!text.contains("段柳村"), "{text}");
        let (status, _, text) = post(&alice, &path, &format!("{form}&take=yes"));
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        assert!(living(ctx, OURS).contains(&"王小妹".to_owned()));
        let persons = ctx.read().unwrap().row("select count(*) from persons", &[]).unwrap();
        assert_eq!(persons.int(0).unwrap(), 6);
    });
}

#[test]
fn the_split_form_wants_a_head_among_those_who_go_and_the_last_one_closes_the_household() {
    each(|ctx| {
        let (bob, ours) = (bob(ctx), home(ctx, OURS));
        let (head, wife, son) = (who(ctx, "张三丰"), who(ctx, "李桂花"), who(ctx, "张小山"));
        let path = |kind: &str| format!("/households/{ours}/change/{kind}");
        let rest = "on=2026-10-10&new_head=&group=";
        let (status, _, text) =
            post(&bob, &path("split"), &format!("going={son}&head={wife}&{rest}"));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("新户的户主必须是分出去的人之一"), "{text}");
        let (status, _, text) = post(&bob, &path("split"), &format!("head={son}&{rest}"));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        let (status, _, text) =
            post(&bob, &path("birth"), "name=张小宝&sex=male&birth_day=2026-02-30&on=2026-02-30");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        let leave = |person: PersonId, head: Option<PersonId>| {
            let head = head.map(|id| id.to_string()).unwrap_or_default();
            let form = format!("person={person}&on=2026-10-10&new_head={head}");
            post(&bob, &path("leave"), &form)
        };
        assert_eq!(leave(head, Some(wife)).0, StatusCode::SEE_OTHER);
        assert_eq!(leave(son, None).0, StatusCode::SEE_OTHER);
        assert_eq!(leave(wife, None).0, StatusCode::SEE_OTHER);
        let page = get(&bob, Lang::Zh, &format!("/households/{ours}")).1;
        assert!(page.contains("2026-10-10") && !page.contains("/change/birth"), "{page}");
    });
}

#[test]
fn what_the_register_before_2020_said_is_written_down_from_its_papers() {
    each(|ctx| {
        let (bob, chen, ours) = (bob(ctx), chen(ctx), home(ctx, OURS));
        let path = format!("/households/{ours}/change/old_register");
        let wrong = |form: &str| post(&bob, &path, form).0;
        for form in [
            "registered_year=2024&causes=因病&exit_year=",
            "registered_year=abc&causes=因病&exit_year=",
            "registered_year=2014&causes=、&exit_year=",
            "registered_year=2016&causes=因病&exit_year=2015",
            "registered_year=2016&causes=因病&exit_year=2021",
        ] {
            assert_eq!(wrong(form), StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        }
        let right = "registered_year=2014&causes=因病、缺劳力&exit_year=2017";
        let (status, _, text) = post(&chen, &path, right);
        assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
        assert!(get(&bob, Lang::Zh, "/households/proposals").1.contains("因病、缺劳力"));
        let permit = bob.permit(Permission::HouseholdSee).unwrap();
        let waiting =
            list_proposals(&mut bob.read().unwrap(), &permit, Some("proposed"), (None, None), 5);
        confirm(&bob, &waiting.unwrap()[0].id).unwrap();
        assert_eq!(wrong(right), StatusCode::CONFLICT, "sent twice");
        let row = ctx.read().unwrap().row(
            "select r.subject_id, r.valid_from, r.body from records r where r.topic = 'old_register'",
            &[],
        );
        let row = row.unwrap();
        assert_eq!(row.text(0).unwrap(), who(ctx, "张三丰").to_string());
        assert_eq!(row.text(1).unwrap(), "2014-01-01");
        let body: serde_json::Value = serde_json::from_str(&row.text(2).unwrap()).unwrap();
        assert_eq!(body, serde_json::json!({ "y": 2014, "k": ["因病", "缺劳力"], "e": 2017 }));
    });
}
