//! Collective income of villages on every engine at hand.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};
use web::L;

use super::*;
use crate::accounts::{self, NewAccount, Reach};
use crate::policies::{Pack, publish};

const TODAY: &str = "2026-10-20";
const NEAR: &str = "140430203201";
const OTHER: &str = "140430203202";
const FAR: &str = "140430204201";
const TOWN: &str = "140430203000";

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn pack(version: u32, weak: i64) -> Pack {
    let head = format!(
        "id = \"test\"\nversion = {version}\ntitle = {{ zh = \"试\", en = \"test\" }}\nvalid_from = \"2021-01-01\"\nbasis = []\n"
    );
    let parameter = |id: &str, value: i64| {
        format!(
            "id = \"{id}\"\ntitle = {{ zh = \"线\", en = \"line\" }}\nunit = \"yuan\"\n[[values]]\nfrom = \"2021-01-01\"\nvalue = {value}\nset_locally = \"test\"\n"
        )
    };
    Pack::read(BTreeMap::from([
        ("pack.toml".to_owned(), head),
        ("parameters/a.toml".to_owned(), parameter("village_shell_income", 0)),
        ("parameters/b.toml".to_owned(), parameter("village_weak_income", weak)),
    ]))
    .unwrap()
}

fn person(test: &TestDb, system: &Ctx, (login, role, home): (&str, Role, &str)) -> Ctx {
    let home = code(home);
    let new = NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        department: None,
        home,
        reach: Reach::Home,
    };
    let account = accounts::create(system, &new).unwrap().0;
    let actor = Actor {
        account: account.id.to_string(),
        name: login.to_owned(),
        role,
        department: None,
        home: Some(home),
        scopes: vec![Scope { kind: ScopeKind::Area(home) }],
    };
    Ctx::new(&test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh)
}

fn each(check: impl Fn(&TestDb, &Ctx)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        publish(&ctx, &pack(1, 50_000)).unwrap();
        let mut tx = ctx.begin().unwrap();
        // the facts are worked out by a room that knows this one
        tx.exec("create table village_facts (village_code text primary key, own_lists text)", &[])
            .unwrap();
        for (area, name, level, parent) in [
            ("140430000000", "沁县", "county", None),
            (TOWN, "东镇", "town", Some("140430000000")),
            ("140430204000", "西镇", "town", Some("140430000000")),
            (NEAR, "红坡村", "village", Some(TOWN)),
            (OTHER, "青石村", "village", Some(TOWN)),
            (FAR, "远山村", "village", Some("140430204000")),
        ] {
            tx.exec(
                "insert into areas (code, name, official_name, level, parent_code, valid_from)
                 values ($1, $2, $2, $3, $4, '2020-01-01')",
                params![area, name, level, parent],
            )
            .unwrap();
        }
        tx.commit(Entry::new(&ctx, "test.areas")).unwrap();
        check(&test, &ctx);
    }
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn verbs(ctx: &Ctx, verb: &str) -> i64 {
    let sql = "select count(*) from journal where verb = $1";
    ctx.read().unwrap().row(sql, params![verb]).unwrap().int(0).unwrap()
}

fn classes(ctx: &Ctx, year: i64) -> Vec<Collective> {
    list(ctx, None, year).unwrap().lines.iter().map(|line| line.class).collect()
}

#[test]
fn classes_follow_the_income_of_their_year_and_add_up_to_all_villages() {
    each(|_, ctx| {
        use Collective::{Over, Shell, Unknown, Weak};
        assert_eq!(classes(ctx, 2025), [Unknown; 3]);
        let amounts = [(code(NEAR), 0), (code(OTHER), 4_999_999)];
        assert_eq!(save_incomes(ctx, 2025, &amounts, "年报").unwrap(), 2);
        assert_eq!(classes(ctx, 2025), [Shell, Weak, Unknown]);
        assert_eq!(classes(ctx, 2024), [Unknown; 3], "another year is another figure");
        let year = list(ctx, None, 2025).unwrap();
        let counts = year.counts();
        assert_eq!(counts.values().sum::<usize>(), year.lines.len());
        assert_eq!((counts[&Shell], counts[&Over], counts.len()), (1, 0, 4));
        // the same again is nothing; a figure put right stands, and the one before is still there
        assert_eq!(save_incomes(ctx, 2025, &amounts, "年报").unwrap(), 0);
        assert_eq!(save_incomes(ctx, 2025, &[(code(OTHER), 5_000_000)], "更正").unwrap(), 1);
        assert_eq!(classes(ctx, 2025), [Shell, Over, Unknown]);
        let view = show(ctx, code(OTHER), 2025).unwrap();
        let said: Vec<&str> = view.incomes.iter().map(|one| one.document.as_str()).collect();
        assert_eq!(said, ["更正", "年报"]);
        assert_eq!(verbs(ctx, "village.income"), 2);
        publish(ctx, &pack(2, 60_000)).unwrap();
        assert_eq!(classes(ctx, 2025), [Shell, Weak, Unknown], "the county raised the line");
        assert_eq!(classes(ctx, 2020), [Unknown; 3], "no line was set for that year");
        let bytes = super::sheet::workbook_of(ctx, L::new(Lang::Zh), &year).unwrap();
        assert!(bytes.starts_with(b"PK") && verbs(ctx, "village.export") == 1);
    });
}

#[test]
fn the_county_sets_a_class_with_a_document_and_can_go_back() {
    each(|_, ctx| {
        let near = (code(NEAR), 2025);
        save_incomes(ctx, 2025, &[(code(NEAR), 0)], "").unwrap();
        assert_eq!(
            refusal(set_class(ctx, near, Some(Collective::Over), " ")).1,
            "villages.no_document"
        );
        let unknown = set_class(ctx, near, Some(Collective::Unknown), "文");
        assert_eq!(refusal(unknown).1, "villages.not_a_class");
        assert_eq!(
            refusal(set_class(ctx, (code(NEAR), 2027), None, "文")).1,
            "villages.not_a_year"
        );
        assert_eq!(
            refusal(set_class(ctx, (code(TOWN), 2025), None, "文")).0,
            RefusalKind::NotFound
        );
        set_class(ctx, near, Some(Collective::Over), "县农经〔2026〕1号").unwrap();
        let view = show(ctx, code(NEAR), 2025).unwrap();
        assert_eq!(view.line.class, Collective::Over);
        assert_eq!(view.line.by_hand.unwrap().document, "县农经〔2026〕1号");
        assert_eq!(show(ctx, code(NEAR), 2024).unwrap().line.by_hand, None);
        set_class(ctx, near, None, "县农经〔2026〕2号").unwrap();
        let view = show(ctx, code(NEAR), 2025).unwrap();
        assert_eq!((view.line.class, view.line.by_hand), (Collective::Shell, None));
        assert_eq!(view.by_hand.len(), 2, "what was said stays to be read");
        assert_eq!(verbs(ctx, "village.class"), 2);
    });
}

#[test]
fn a_township_writes_for_its_own_villages_and_sees_no_others() {
    each(|test, ctx| {
        let bob = person(test, ctx, ("bob", Role::Township, TOWN));
        let chen = person(test, ctx, ("chen", Role::Village, NEAR));
        let gao = person(test, ctx, ("gao", Role::Helper, NEAR));
        assert_eq!(save_incomes(&bob, 2025, &[(code(NEAR), 100)], "").unwrap(), 1);
        let far = save_incomes(&bob, 2025, &[(code(OTHER), 100), (code(FAR), 100)], "");
        assert_eq!(refusal(far), (RefusalKind::NotFound, "areas.no_such_village"));
        assert_eq!(
            list(&bob, Some(code(FAR)), 2025).unwrap().lines.len(),
            2,
            "one's own area is shown"
        );
        assert_eq!(
            classes(&bob, 2025),
            [Collective::Weak, Collective::Unknown],
            "nothing of a refused form is kept"
        );
        assert_eq!(
            refusal(set_class(&bob, (code(NEAR), 2025), None, "文")).0,
            RefusalKind::Forbidden
        );
        assert_eq!(
            refusal(save_incomes(&chen, 2025, &[(code(NEAR), 1)], "")).0,
            RefusalKind::Forbidden
        );
        assert_eq!(refusal(show(&chen, code(OTHER), 2025)).0, RefusalKind::NotFound);
        assert_eq!(classes(&chen, 2025), [Collective::Weak]);
        assert_eq!(refusal(list(&gao, None, 2025)).0, RefusalKind::Forbidden);
        assert_eq!(refusal(save_incomes(&bob, 2014, &[], "")).1, "villages.not_a_year");
    });
}

#[test]
fn of_two_who_write_the_same_village_at_one_moment_nobody_overwrites_unseen() {
    each(|test, ctx| {
        let near = code(NEAR);
        let mut first = ctx.begin().unwrap();
        queries::insert_income(&mut first, ctx, (near, 2025), (100, "一")).unwrap();
        let other = ctx.clone();
        let second =
            std::thread::spawn(move || save_incomes(&other, 2025, &[(code(NEAR), 200)], "二"));
        // until the second stands at the first one's row
        let waits = "select 1 from pg_locks k join pg_stat_activity a on a.pid = k.pid
                     where not k.granted and a.query like 'insert into village_incomes%'";
        while test.engine != "sqlite"
            && !second.is_finished()
            && ctx.read().unwrap().find(waits, &[]).unwrap().is_none()
        {
            std::thread::yield_now();
        }
        first.commit(Entry::new(ctx, "village.income")).unwrap();
        let second = second.join().unwrap();
        let counts = || {
            show(ctx, near, 2025).unwrap().incomes.iter().map(|one| one.amount).collect::<Vec<_>>()
        };
        match test.engine {
            // there is one writer: the second comes after the first and knows it
            "sqlite" => {
                assert_eq!(second.unwrap(), 1);
                assert_eq!(counts(), [200, 100]);
            }
            _ => {
                assert_eq!(refusal(second), (RefusalKind::Conflict, "villages.at_once"));
                assert_eq!(counts(), [100]);
            }
        }
        // who looks again writes
        assert_eq!(save_incomes(ctx, 2025, &[(near, 300)], "").unwrap(), 1);
        assert_eq!(counts()[0], 300);
    });
}
