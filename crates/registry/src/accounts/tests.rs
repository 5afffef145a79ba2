//! Accounts on every engine at hand.

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use store::Ctx;
use store::testing::{TestDb, test_db};

use super::*;

fn clock() -> Clock {
    Clock::fixed_on("2026-10-31".parse().unwrap())
}

fn county() -> AreaCode {
    "140430000000".parse().unwrap()
}

fn bob() -> NewAccount {
    NewAccount {
        login: "bob".into(),
        name: "鲍勃".into(),
        role: Role::Township,
        department: None,
        home: "140430203000".parse().unwrap(),
        reach: Reach::Home,
    }
}

fn chen() -> NewAccount {
    NewAccount {
        login: "chen".into(),
        role: Role::Village,
        home: "140430203201".parse().unwrap(),
        ..bob()
    }
}

fn with_each(check: impl Fn(&TestDb, &Ctx)) {
    for test in test_db().unwrap() {
        check(&test, &test.system(clock()));
    }
}

fn refusal(result: Result<impl std::fmt::Debug, Error>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn as_account(test: &TestDb, ctx: &Ctx, login: &str, password: &str) -> Ctx {
    let started = sign_in(ctx, login, password).unwrap();
    let current = resume(&test.db, clock(), &started.token).unwrap().unwrap();
    Ctx::new(&test.db, current.actor, clock(), Lang::En)
}

#[test]
fn a_new_person_signs_in_with_the_first_password_and_must_change_it() {
    with_each(|test, ctx| {
        let (account, password) = create(ctx, &bob()).unwrap();
        assert!(account.must_change);
        let started = sign_in(ctx, "bob", &password).unwrap();
        let current = resume(&test.db, clock(), &started.token).unwrap().unwrap();
        assert!(current.account.must_change);
        assert_eq!(current.actor.scopes.len(), 1);
        let me = Ctx::new(&test.db, current.actor, clock(), Lang::Zh);
        assert_eq!(
            refusal(change_password(&me, "wrong", "river stone 12")).1,
            "accounts.wrong_password"
        );
        change_password(&me, &password, "river stone 12").unwrap();
        assert!(resume(&test.db, clock(), &started.token).unwrap().is_none(), "old sessions end");
        assert!(!sign_in(ctx, "bob", "river stone 12").unwrap().account.must_change);
    });
}

#[test]
fn the_fifth_failure_locks_even_the_right_password_and_a_reset_opens() {
    with_each(|_, ctx| {
        let (account, password) = create(ctx, &bob()).unwrap();
        for _ in 0..LOCK_AFTER {
            assert_eq!(refusal(sign_in(ctx, "bob", "no")).1, "accounts.wrong_password");
        }
        assert_eq!(
            refusal(sign_in(ctx, "bob", &password)),
            (RefusalKind::TooMany, "accounts.locked")
        );
        let fresh = reset(ctx, &account.id).unwrap();
        assert!(sign_in(ctx, "bob", &fresh).is_ok());
        for _ in 0..LOCK_AFTER {
            assert!(sign_in(ctx, "nobody", "no").is_err());
        }
        assert_eq!(
            refusal(sign_in(ctx, "nobody", "no")).1,
            "accounts.locked",
            "unknown logins look the same"
        );
    });
}

#[test]
fn a_login_is_given_once() {
    with_each(|_, ctx| {
        create(ctx, &bob()).unwrap();
        assert_eq!(refusal(create(ctx, &bob())), (RefusalKind::Conflict, "accounts.login_taken"));
    });
}

#[test]
fn a_closed_account_has_no_session_and_cannot_sign_in() {
    with_each(|test, ctx| {
        let (account, password) = create(ctx, &bob()).unwrap();
        let started = sign_in(ctx, "bob", &password).unwrap();
        set_disabled(ctx, &account.id, true).unwrap();
        assert!(resume(&test.db, clock(), &started.token).unwrap().is_none());
        assert!(sign_in(ctx, "bob", &password).is_err());
        set_disabled(ctx, &account.id, false).unwrap();
        assert!(sign_in(ctx, "bob", &password).is_ok());
    });
}

#[test]
fn a_township_manages_its_own_people_and_finds_no_others() {
    with_each(|test, ctx| {
        let (_, password) = create(ctx, &bob()).unwrap();
        let eve = NewAccount {
            login: "eve".into(),
            name: "夏娃".into(),
            home: "140430204000".parse().unwrap(),
            ..bob()
        };
        let (eve, _) = create(ctx, &eve).unwrap();
        let bob = as_account(test, ctx, "bob", &password);
        assert_eq!(refusal(reset(&bob, &eve.id)).0, RefusalKind::NotFound);
        assert_eq!(refusal(set_disabled(&bob, &eve.id, true)).0, RefusalKind::NotFound);
        let logins: Vec<String> = list(&bob).unwrap().into_iter().map(|a| a.login).collect();
        assert_eq!(logins, ["bob"], "eve stands in another township");
        let beside = "140430204201".parse().unwrap();
        let above = NewAccount {
            login: "x1".into(),
            role: Role::Village,
            home: beside,
            ..super::tests::bob()
        };
        assert_eq!(refusal(create(&bob, &above)).1, "accounts.outside_area");
        let equal = NewAccount { login: "x2".into(), ..super::tests::bob() };
        assert_eq!(refusal(create(&bob, &equal)).1, "accounts.role_above");
        let chen = NewAccount { login: "chen".into(), ..chen() };
        create(&bob, &chen).unwrap();
    });
}

#[test]
fn an_inspector_manages_nobody() {
    with_each(|test, ctx| {
        let feng =
            NewAccount { login: "feng".into(), role: Role::Inspector, home: county(), ..bob() };
        let (_, password) = create(ctx, &feng).unwrap();
        let feng = as_account(test, ctx, "feng", &password);
        assert_eq!(refusal(list(&feng)).0, RefusalKind::Forbidden);
        assert_eq!(refusal(create(&feng, &bob())).0, RefusalKind::Forbidden);
    });
}

#[test]
fn a_sample_door_opens_only_for_sample_people() {
    with_each(|_, ctx| {
        create(ctx, &bob()).unwrap();
        assert_eq!(refusal(enter_demo(ctx, "bob")).0, RefusalKind::NotFound);
        let chen = chen();
        create_demo(ctx, &chen, "shouwang demo").unwrap();
        assert!(!enter_demo(ctx, "chen").unwrap().account.must_change);
    });
}

#[test]
fn signing_in_and_every_change_stand_in_the_journal() {
    with_each(|_, ctx| {
        let (account, password) = create(ctx, &bob()).unwrap();
        sign_in(ctx, "bob", &password).unwrap();
        reset(ctx, &account.id).unwrap();
        let rows =
            ctx.read().unwrap().rows("select verb from journal order by number", &[]).unwrap();
        let verbs: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
        assert_eq!(verbs, ["account.create", "account.sign_in", "account.reset"]);
    });
}

#[test]
fn an_account_made_by_another_clock_sees_from_the_countys_day_on() {
    with_each(|test, ctx| {
        let list = "code,name,official_name,level\n140430000000,沁县,沁县,county\n\
                    140430203000,牛寺乡,牛寺乡,town\n";
        crate::areas::import_list(ctx, list.as_bytes().to_vec(), "areas.csv").unwrap();
        let later = test.system(Clock::fixed_on("2026-12-24".parse().unwrap()));
        for login in ["bob", "rob"] {
            create(&later, &NewAccount { login: login.into(), ..bob() }).unwrap();
            let actor = actor_of(&mut ctx.read().unwrap(), login, ctx.today).unwrap().unwrap();
            assert_eq!(actor.scopes.len(), 1, "{login} works in the county of October");
        }
        let nowhere =
            NewAccount { login: "eve".into(), home: "140430209000".parse().unwrap(), ..bob() };
        match create(ctx, &nowhere) {
            Err(Error::Refusal(refusal)) => {
                assert_eq!(refusal.fields, [("home".to_owned(), "accounts.home_not_there")]);
            }
            other => panic!("{other:?}"),
        }
    });
}
