//! Slips on every engine at hand.

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use registry::accounts::{self, NewAccount, Reach};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};

use super::*;

const TODAY: &str = "2026-10-20";
const NEAR: &str = "140430203201";
const QUIET: &str = "140430203202";
const FAR: &str = "140430204201";

fn person(test: &TestDb, system: &Ctx, (login, role, home): (&str, Role, &str)) -> Ctx {
    let home: AreaCode = home.parse().unwrap();
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

/// Village, state, given out, due, answered.
type LeadOf = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>);

const LEADS: [LeadOf; 7] = [
    (NEAR, "open", "2026-10-19", "2026-10-20", None),
    (NEAR, "open", "2026-10-01", "2026-10-19", None),
    (NEAR, "open", "2026-10-20", "2026-10-23", None),
    (NEAR, "open", "2026-10-12", "2026-10-24", None),
    (NEAR, "answered", "2026-10-01", "2026-10-15", Some("2026-10-14")),
    (NEAR, "answered", "2026-10-01", "2026-10-15", Some("2026-10-13")),
    (FAR, "open", "2026-10-19", "2026-10-20", None),
];

fn county(ctx: &Ctx) {
    let mut tx = ctx.begin().unwrap();
    for (code, name, level, parent) in [
        ("140430000000", "沁县", "county", None),
        ("140430203000", "东镇", "town", Some("140430000000")),
        ("140430204000", "西镇", "town", Some("140430000000")),
        (NEAR, "红坡村", "village", Some("140430203000")),
        (QUIET, "青石村", "village", Some("140430203000")),
        (FAR, "远山村", "village", Some("140430204000")),
    ] {
        tx.exec(
            "insert into areas (code, name, official_name, level, parent_code, valid_from)
             values ($1, $2, $2, $3, $4, '2020-01-01')",
            params![code, name, level, parent],
        )
        .unwrap();
    }
    for (at, (village, state, released, due, answered)) in LEADS.iter().enumerate() {
        let sort = if *state == "open" { *due } else { answered.unwrap() };
        tx.exec(
            "insert into leads (id, level, subject, household_id, village_code, department, channel, severity, state,
               opened_on, released_on, due_on, clock_days, clock_kind, sort_day, answered_on, version, pack_id, pack_version)
             values ($1, 'household', $1, $1, $2, 'water', 'x', 'notice', $3, $4, $4, $5, 5, 'working', $6, $7, 1, 'test', 1)",
            params![format!("{at:032x}"), *village, *state, *released, *due, sort, *answered],
        )
        .unwrap();
    }
    tx.commit(Entry::new(ctx, "test.county")).unwrap();
}

#[test]
fn a_slip_counts_what_its_reader_may_see_and_the_villages_add_up() {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        county(&ctx);
        let bob = person(&test, &ctx, ("bob", Role::Township, "140430203000"));
        let all = slips(&bob, None).unwrap();
        let names: Vec<&str> = all.villages.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["红坡村", "青石村"], "{}: in the order of the codes", test.engine);
        let near = all.villages[0].counts;
        let expected = Counts { fresh: 2, today: 1, soon: 1, overdue: 1, open: 4, answered: 1 };
        assert_eq!(near, expected, "{}", test.engine);
        assert_eq!((all.villages[1].counts, all.sum), (Counts::default(), near));
        let far = slips(&bob, Some(FAR.parse().unwrap())).unwrap();
        assert_eq!(
            far.sum, near,
            "somebody else's village is not counted; one's own area is shown"
        );
        let whole = slips(&ctx, None).unwrap();
        assert_eq!((whole.sum.open, whole.villages.len()), (5, 3), "the county counts all");
        // the county chooses a township first; the townships add up to everything
        let towns: Vec<(&str, i64)> =
            whole.towns.iter().map(|(_, name, counts)| (name.as_str(), counts.open)).collect();
        assert_eq!(towns.iter().map(|town| town.1).collect::<Vec<_>>(), [4, 1], "{towns:?}");
        assert_eq!(all.towns.len(), 1);
        let chen = person(&test, &ctx, ("chen", Role::Village, NEAR));
        assert_eq!(slips(&chen, None).unwrap().villages.len(), 1);
        let morning = brief(&bob).unwrap().unwrap();
        assert_eq!(morning.leads, near);
        let (now, before) = morning.weeks;
        assert_eq!((now.given, now.answered, now.confirmed), (2, 1, 0), "{}", test.engine);
        assert_eq!((before.given, before.answered), (1, 1), "the 12th and the 13th lie before");
        let gao = person(&test, &ctx, ("gao", Role::Helper, NEAR));
        match slips(&gao, None) {
            Err(Error::Refusal(refusal)) => assert_eq!(refusal.kind, RefusalKind::Forbidden),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_list_that_came_many_times_is_named_once_with_its_newest_time() {
    let month = |text: &str| Some(text.parse::<kernel::time::Month>().unwrap().period());
    let came = [
        ("medical".to_owned(), month("2026-08")),
        ("medical".to_owned(), month("2026-10")),
        ("medical".to_owned(), month("2026-09")),
        ("water".to_owned(), month("2026-10")),
        ("register".to_owned(), None),
    ];
    let templates = registry::intake::Templates::shipped().unwrap();
    let words = super::pages::came_words(web::L::new(Lang::En), &templates, &came);
    assert_eq!(words.len(), 3);
    assert!(words[0].ends_with("(3 of them, the latest 2026-10)"), "{}", words[0]);
    assert!(words[1].ends_with("(2026-10)") && !words[2].contains('('), "{words:?}");
}
