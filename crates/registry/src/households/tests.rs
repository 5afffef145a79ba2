//! Households on every engine at hand.

use std::collections::BTreeMap;

use kernel::error::{Error, Result};
use kernel::ids::PersonId;
use kernel::permission::{Permission, Role};
use kernel::time::Instant;
use store::testing::test_db;
use store::{Ctx, params};

use super::sample::{area, clock, county, day, id_of, someone};
use super::*;
use crate::people::Sex;

fn each(check: impl Fn(&Ctx)) {
    for test in test_db().unwrap() {
        let ctx = test.system(clock());
        county(&ctx);
        check(&ctx);
    }
}

fn code(result: Result<impl std::fmt::Debug>) -> &'static str {
    match result.unwrap_err() {
        Error::Refusal(refusal) => refusal.code,
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn household(ctx: &Ctx, number: &str) -> Household {
    let permit = ctx.permit(Permission::HouseholdSee).unwrap();
    let mut session = ctx.read().unwrap();
    let row = session.row("select id from households where number = $1", params![number]).unwrap();
    load_household(ctx, &mut session, &permit, &row.text(0).unwrap()).unwrap()
}

fn first(ctx: &Ctx) -> Household {
    household(ctx, "140430000001")
}

fn who(ctx: &Ctx, name: &str) -> PersonId {
    let row =
        ctx.read().unwrap().row("select id from persons where name = $1", params![name]).unwrap();
    row.parse(0).unwrap()
}

/// Names and kin of those who live there today.
fn living(ctx: &Ctx, home: &Household) -> Vec<(String, Kin)> {
    let residents = list_residents(&mut ctx.read().unwrap(), &home.id).unwrap();
    let mut found: Vec<_> = residents
        .into_iter()
        .filter(|resident| resident.stay.span.holds_on(ctx.today))
        .map(|resident| (resident.name, resident.stay.kin))
        .collect();
    found.sort();
    found
}

fn last_verb(ctx: &Ctx) -> String {
    let row = ctx
        .read()
        .unwrap()
        .row("select verb from journal order by number desc limit 1", &[])
        .unwrap();
    row.text(0).unwrap()
}

fn baby() -> Change {
    let newcomer = Newcomer {
        name: "张小宝".into(),
        sex: Sex::Male,
        birth_day: day("2026-10-01"),
        kin: "grandson".into(),
    };
    Change::Birth { newcomer }
}

fn chen(ctx: &Ctx) -> Ctx {
    someone(ctx, "chen", Role::Village, "140430203201")
}

fn bob(ctx: &Ctx) -> Ctx {
    someone(ctx, "bob", Role::Township, "140430203000")
}

fn eve(ctx: &Ctx) -> Ctx {
    someone(ctx, "eve", Role::Township, "140430204000")
}

fn found(ctx: &Ctx, text: &str) -> usize {
    let permit = ctx.permit(Permission::HouseholdSee).unwrap();
    find_households(ctx, &mut ctx.read().unwrap(), &permit, text, 50).unwrap().len()
}

#[test]
fn a_person_is_found_with_the_household_by_name_sound_and_number_within_the_scope() {
    each(|ctx| {
        let people = |ctx: &Ctx, text: &str| {
            let permit = ctx.permit(Permission::HouseholdSee).unwrap();
            let found = find_people(ctx, &mut ctx.read().unwrap(), &permit, text, 5).unwrap();
            found.into_iter().map(|one| (one.name, one.number, one.head)).collect::<Vec<_>>()
        };
        let son = [("张小山".to_owned(), "140430000001".to_owned(), false)];
        let head = ("张三丰".to_owned(), "140430000001".to_owned(), true);
        assert_eq!(people(ctx, "zxs"), son);
        assert_eq!(people(ctx, "张小"), son);
        assert_eq!(people(ctx, "zhang"), [&[head], &son[..]].concat());
        assert_eq!(people(ctx, id_of("19900807", 703).reveal()), son);
        assert_eq!(people(ctx, "16055550003"), son);
        assert_eq!(people(ctx, "0003"), son);
        assert_eq!(people(ctx, "14043000000003"), son);
        assert_eq!(people(ctx, "nobody"), []);
        let eve = someone(ctx, "eve", Role::Township, "140430204000");
        assert_eq!(people(&eve, "zhang"), []);
        assert_eq!(people(&eve, "wtz").len(), 1);
    });
}

#[test]
fn the_village_proposes_a_birth_and_the_township_confirms_it() {
    each(|ctx| {
        let (chen, bob, home) = (chen(ctx), bob(ctx), first(ctx));
        let papers = Papers { id: Some(id_of("20261001", 701)), phone: None };
        let Outcome::Waits(id) =
            propose(&chen, &home.id.to_string(), day("2026-10-01"), &baby(), &papers).unwrap()
        else {
            panic!("a village cannot confirm")
        };
        assert_eq!(living(ctx, &home).len(), 3);
        assert_eq!(last_verb(ctx), "household.propose");
        assert_eq!(code(confirm(&chen, &id)), "access.forbidden");
        assert_eq!(confirm(&bob, &id).unwrap(), home.id);
        assert!(living(ctx, &home).contains(&("张小宝".into(), Kin::Grandson)));
        assert_eq!(last_verb(ctx), "household.birth");
        assert_eq!(found(ctx, "zxb"), 1);
        assert_eq!(found(ctx, id_of("20261001", 701).reveal()), 1);
        assert_eq!(code(confirm(&bob, &id)), "households.already_decided");
    });
}

#[test]
fn a_refused_proposal_changes_nothing_and_says_why() {
    each(|ctx| {
        let (chen, bob, home) = (chen(ctx), bob(ctx), first(ctx));
        let waits =
            propose(&chen, &home.id.to_string(), day("2026-10-01"), &baby(), &Papers::default())
                .unwrap();
        let Outcome::Waits(id) = waits else { panic!("a village cannot confirm") };
        assert_eq!(code(refuse(&bob, &id, " ")), "households.reason_needed");
        refuse(&bob, &id, "出生证未附").unwrap();
        assert_eq!(living(ctx, &home).len(), 3);
        let permit = chen.permit(Permission::HouseholdSee).unwrap();
        let all =
            list_proposals(&mut chen.read().unwrap(), &permit, Some("refused"), (None, None), 10)
                .unwrap();
        assert_eq!(all[0].reason.as_deref(), Some("出生证未附"));
        assert_eq!(last_verb(ctx), "household.refuse");
    });
}

#[test]
fn nobody_outside_the_scope_sees_proposes_confirms_or_finds() {
    each(|ctx| {
        let (chen, eve, home) = (chen(ctx), eve(ctx), first(ctx));
        let id = home.id.to_string();
        let permit = eve.permit(Permission::HouseholdSee).unwrap();
        assert_eq!(
            code(load_household(&eve, &mut eve.read().unwrap(), &permit, &id)),
            "households.not_found"
        );
        assert_eq!(
            code(propose(&eve, &id, day("2026-10-01"), &baby(), &Papers::default())),
            "households.not_found"
        );
        let Outcome::Waits(waits) =
            propose(&chen, &id, day("2026-10-01"), &baby(), &Papers::default()).unwrap()
        else {
            panic!("a village cannot confirm")
        };
        assert_eq!(code(confirm(&eve, &waits)), "households.no_such_proposal");
        assert_eq!(
            code(reveal(&eve, &id, &who(ctx, "张三丰").to_string(), "核对")),
            "households.not_found"
        );
        for text in ["张三丰", "zsf", "zhangsanfeng", "140430000001", "0001", "16055550001"] {
            assert_eq!((found(&eve, text), found(&chen, text)), (0, 1), "{text}");
        }
        let lines =
            list_households(&mut eve.read().unwrap(), &permit, &Filter::default(), 10).unwrap();
        assert_eq!(
            lines.iter().map(|line| line.number.as_str()).collect::<Vec<_>>(),
            ["140430000002"]
        );
    });
}

#[test]
fn a_person_is_found_by_number_its_end_and_the_end_of_the_phone() {
    each(|ctx| {
        let number = id_of("19600203", 701);
        for text in [number.reveal(), number.last_six(), "5678", "张三", "三丰", "14043000000001"]
        {
            assert!(found(ctx, text) >= 1, "{text}");
        }
        assert_eq!(found(ctx, "钱七"), 0);
    });
}

#[test]
fn the_list_filters_counts_and_goes_on_where_it_stopped() {
    each(|ctx| {
        let permit = ctx.permit(Permission::HouseholdSee).unwrap();
        let mut session = ctx.read().unwrap();
        let all = list_households(&mut session, &permit, &Filter::default(), 1).unwrap();
        assert_eq!((all[0].head.as_deref(), all[0].people), (Some("张三丰"), 3));
        let after = Some((all[0].village.to_string(), all[0].number.clone()));
        let next =
            list_households(&mut session, &permit, &Filter { after, ..Filter::default() }, 10)
                .unwrap();
        assert_eq!(next.len(), 1);
        let lifted = Filter { status: Some((Scheme::Type, "lifted".into())), ..Filter::default() };
        assert_eq!(count_households(&mut session, &permit, &lifted).unwrap(), 1);
        let here = Filter { area: Some(area("140430204000")), ..Filter::default() };
        assert_eq!(count_households(&mut session, &permit, &here).unwrap(), 1);
        let none = Filter { ids: Some(Vec::new()), ..Filter::default() };
        assert_eq!(count_households(&mut session, &permit, &none).unwrap(), 0);
    });
}

#[test]
fn when_the_head_dies_the_widow_becomes_head_and_the_past_stays() {
    each(|ctx| {
        let (bob, home) = (bob(ctx), first(ctx));
        let id = home.id.to_string();
        let death = |new_head| Change::Death { person: who(ctx, "张三丰"), new_head };
        let on = day("2026-10-20");
        assert_eq!(
            code(propose(&bob, &id, on, &death(None), &Papers::default())),
            "households.head_needed"
        );
        let widow = death(Some(who(ctx, "李桂花")));
        assert_eq!(
            code(propose(&bob, &id, day("2026-11-01"), &widow, &Papers::default())),
            "households.day_ahead"
        );
        propose(&bob, &id, on, &widow, &Papers::default()).unwrap();
        assert_eq!(
            living(ctx, &home),
            [("张小山".to_owned(), Kin::Son), ("李桂花".to_owned(), Kin::Head)]
        );
        assert_eq!(last_verb(ctx), "household.death");
        let house = load_house(&mut ctx.read().unwrap(), &home).unwrap();
        assert_eq!(house.members_on(day("2026-10-19")).len(), 3);
        assert_eq!(house.head_on(day("2026-10-19")).unwrap().person, who(ctx, "张三丰"));
    });
}

#[test]
fn a_son_sets_up_his_own_household_and_comes_back() {
    each(|ctx| {
        let (bob, home) = (bob(ctx), first(ctx));
        let id = home.id.to_string();
        let going = BTreeMap::from([(who(ctx, "张小山"), "head".to_owned())]);
        let split = Change::Split { going, new_head: None, group: Some("2组".into()) };
        let Outcome::Done(new) =
            propose(&bob, &id, day("2026-10-10"), &split, &Papers::default()).unwrap()
        else {
            panic!("a township confirms at once")
        };
        let own = household(ctx, "140430L000001");
        assert_eq!((own.id, own.group.as_deref()), (new, Some("2组")));
        assert_eq!(living(ctx, &own), [("张小山".to_owned(), Kin::Head)]);
        assert_eq!(living(ctx, &home).len(), 2);
        let kins = BTreeMap::from([(who(ctx, "张小山"), "son".to_owned())]);
        let merge = Change::Merge { into: home.id, kins };
        propose(&bob, &new.to_string(), day("2026-10-20"), &merge, &Papers::default()).unwrap();
        assert_eq!(living(ctx, &home).len(), 3);
        let lines = list_residents(&mut ctx.read().unwrap(), &home.id).unwrap();
        assert_eq!(lines.iter().filter(|resident| resident.name == "张小山").count(), 2);
        assert_eq!(
            code(propose(&bob, &new.to_string(), day("2026-10-21"), &merge, &Papers::default())),
            "households.closed"
        );
    });
}

#[test]
fn who_left_comes_back_and_who_died_does_not() {
    each(|ctx| {
        let (bob, home) = (bob(ctx), first(ctx));
        let id = home.id.to_string();
        let son = who(ctx, "张小山");
        let go =
            |on: &str, change: &Change| propose(&bob, &id, day(on), change, &Papers::default());
        go("2026-10-01", &Change::Leave { person: son, new_head: None }).unwrap();
        assert_eq!(
            code(go("2026-10-02", &Change::Leave { person: son, new_head: None })),
            "households.not_a_member"
        );
        go("2026-10-05", &Change::Return { person: son, kin: "son".into() }).unwrap();
        assert_eq!(living(ctx, &home).len(), 3);
        go("2026-10-06", &Change::Death { person: son, new_head: None }).unwrap();
        let back = Change::Return { person: son, kin: "son".into() };
        assert_eq!(code(go("2026-10-07", &back)), "households.cannot_return");
        let stranger = Change::Return { person: who(ctx, "王小妹"), kin: "other".into() };
        assert_eq!(code(go("2026-10-07", &stranger)), "households.cannot_return");
    });
}

#[test]
fn a_household_moves_within_the_township_and_keeps_where_it_was() {
    each(|ctx| {
        let (bob, home) = (bob(ctx), first(ctx));
        let to = |village: &str| Change::Move {
            village: area(village),
            group: None,
            address: Some("沟口".into()),
        };
        let go = |change: &Change| {
            propose(&bob, &home.id.to_string(), day("2026-10-01"), change, &Papers::default())
        };
        assert_eq!(code(go(&to("140430204201"))), "areas.no_such_village");
        assert_eq!((counted(ctx, "140430203201"), counted(ctx, "140430203202")), (1, 0));
        assert_eq!(found(&chen(ctx), "张三丰"), 1);
        go(&to("140430203202")).unwrap();
        assert_eq!((counted(ctx, "140430203201"), counted(ctx, "140430203202")), (0, 1));
        assert_eq!(first(ctx).village, area("140430203202"));
        let places = list_places(&mut ctx.read().unwrap(), &home.id).unwrap();
        assert_eq!(places[0].0, area("140430203201"));
        assert_eq!(last_verb(ctx), "household.move");
        assert_eq!(found(&chen(ctx), "张三丰"), 0);
        let there = someone(ctx, "dan", Role::Village, "140430203202");
        assert_eq!(found(&there, "张三丰"), 1);
        assert_eq!(found(&there, "zsf"), 1);
    });
}

/// How many households the list shows in a village.
fn counted(ctx: &Ctx, village: &str) -> i64 {
    let permit = ctx.permit(Permission::HouseholdSee).unwrap();
    let here = Filter { area: Some(area(village)), ..Filter::default() };
    count_households(&mut ctx.read().unwrap(), &permit, &here).unwrap()
}

#[test]
fn a_number_is_shown_in_full_only_with_a_purpose_that_stays_in_the_journal() {
    each(|ctx| {
        let (bob, home) = (bob(ctx), first(ctx));
        let person = who(ctx, "张三丰").to_string();
        assert_eq!(
            code(reveal(&bob, &home.id.to_string(), &person, "")),
            "households.purpose_needed"
        );
        let (number, phone) = reveal(&bob, &home.id.to_string(), &person, "入户核对").unwrap();
        assert_eq!(number.as_deref(), Some(id_of("19600203", 701).reveal()));
        assert_eq!(phone.as_deref(), Some("16055550001"));
        assert_eq!(last_verb(ctx), "household.reveal");
        let journal = ctx.read().unwrap().rows("select detail from journal", &[]).unwrap();
        let digits = id_of("19600203", 701);
        assert!(journal.iter().all(|row| !row.text(0).unwrap().contains(digits.reveal())));
    });
}

#[test]
fn what_was_known_then_is_told_from_what_is_known_now() {
    each(|ctx| {
        let (bob, home) = (bob(ctx), first(ctx));
        let leave = Change::Leave { person: who(ctx, "张小山"), new_head: None };
        propose(&bob, &home.id.to_string(), day("2026-05-01"), &leave, &Papers::default()).unwrap();
        let residents = list_residents(&mut ctx.read().unwrap(), &home.id).unwrap();
        let count = |as_of: &str, known_at: Instant| {
            residents.iter().filter(|r| held(r.stay.span, r.recorded, day(as_of), known_at)).count()
        };
        let later = ctx.now.add_millis(1);
        assert_eq!(count("2026-06-01", later), 2);
        assert_eq!(count("2026-04-01", later), 3);
        assert_eq!(count("2026-06-01", Instant::start_of(day("2026-05-02"))), 0);
    });
}

#[test]
fn who_is_not_in_the_newest_register_is_answered_for_within_the_scope_and_leaves_the_list() {
    each(|ctx| {
        let (chen, eve, bob, home) = (chen(ctx), eve(ctx), bob(ctx), first(ctx));
        let son = who(ctx, "张小山");
        let mut tx = ctx.begin().unwrap();
        for person in [String::new(), son.to_string()] {
            tx.exec(
                "insert into register_absences (batch_id, household_id, person_id, village_code, state, noted_at)
                 values ('b', $1, $2, $3, 'open', $4)",
                params![home.id, person, home.village, ctx.now],
            )
            .unwrap();
        }
        tx.commit(store::Entry::new(ctx, "test")).unwrap();
        let seen = |ctx: &Ctx, which| {
            let permit = ctx.permit(Permission::HouseholdSee).unwrap();
            list_absences(&mut ctx.read().unwrap(), &permit, which, 10).unwrap()
        };
        let count = |ctx: &Ctx| {
            let permit = ctx.permit(Permission::HouseholdSee).unwrap();
            count_absences(&mut ctx.read().unwrap(), &permit).unwrap()
        };
        assert_eq!((count(&chen), count(&eve)), (2, 0));
        let id = home.id.to_string();
        assert_eq!(code(say_stays(&eve, &id, None, "在家")), "households.not_found");
        assert_eq!(code(say_stays(&chen, &id, None, " ")), "households.reason_needed");
        say_stays(&chen, &id, None, "在家").unwrap();
        assert_eq!(last_verb(ctx), "household.stays");
        assert_eq!(code(say_stays(&chen, &id, None, "在家")), "households.not_missed");
        let stays = seen(&chen, Answered::Stays);
        assert_eq!(stays[0].answered, Some(("chen".into(), "在家".into())));
        assert_eq!(seen(&chen, Answered::NotYet)[0].person, Some((son, "张小山".into())));
        let left = Change::Leave { person: son, new_head: None };
        propose(&bob, &id, day("2026-10-20"), &left, &Papers::default()).unwrap();
        assert_eq!(count(&chen), 0, "who left is not missed any more");
    });
}
