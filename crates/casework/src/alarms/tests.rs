//! Alarms over areas on every engine at hand.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::ensure_tables;
use registry::policies::{Pack, publish, shipped};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};
use web::L;

use super::*;

const TODAY: &str = "2026-10-20";
const NEAR: &str = "140430203201";
const OTHER: &str = "140430203202";
const FAR: &str = "140430204201";
const TOWN: &str = "140430203000";

const ALARM: &str = r#"
id = "confirmed"
title = { zh = "多户有风险", en = "Many at risk" }
set_locally = "test"
level = "LEVEL"
severity = "severe"
department = "register"
when = "households > 0 and confirmed_12m >= :share * households"
evidence = ["confirmed_12m", "households"]
explain.zh = "有风险 {confirmed_12m}（共 {households}），预警线 {:share}。"
explain.en = "{confirmed_12m} of {households}, line {:share}."
clock = { days = 5, calendar = "working" }
"#;

fn pack(version: u32, share: &str) -> Pack {
    let head = format!(
        "id = \"test\"\nversion = {version}\ntitle = {{ zh = \"试\", en = \"test\" }}\nvalid_from = \"2021-01-01\"\nbasis = []\n"
    );
    let alarm = |id: &str, level: &str| {
        ALARM.replace("\"confirmed\"", &format!("\"{id}\"")).replace("LEVEL", level)
    };
    let parameter = format!(
        "id = \"share\"\ntitle = {{ zh = \"比例\", en = \"share\" }}\nunit = \"none\"\n[[values]]\nfrom = \"2021-01-01\"\nvalue = {share}\nset_locally = \"test\"\n"
    );
    Pack::read(BTreeMap::from([
        ("pack.toml".to_owned(), head),
        ("parameters/share.toml".to_owned(), parameter),
        ("alarms/town.toml".to_owned(), alarm("town", "town")),
        ("alarms/village.toml".to_owned(), alarm("village", "village")),
    ]))
    .unwrap()
}

struct County<'a> {
    test: &'a TestDb,
    ctx: Ctx,
}

impl County<'_> {
    fn person(&self, login: &str, role: Role, home: &str) -> Ctx {
        let home: AreaCode = home.parse().unwrap();
        let new = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role,
            department: None,
            home,
            reach: Reach::Home,
        };
        let account = accounts::create(&self.ctx, &new).unwrap().0;
        let actor = Actor {
            account: account.id.to_string(),
            name: login.to_owned(),
            role,
            department: None,
            home: Some(home),
            scopes: vec![Scope { kind: ScopeKind::Area(home) }],
        };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh)
    }

    /// A lead that was answered "risk confirmed" on a day.
    fn confirmed(&self, village: &str, household: &str, on: &str) {
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "insert into leads (id, level, subject, household_id, village_code, department, channel, severity, state,
               opened_on, released_on, due_on, clock_days, clock_kind, sort_day, answered_on, outcome, version, pack_id, pack_version)
             values ($1, 'household', $2, $2, $3, 'water', 'x', 'notice', 'answered', $4, $4, $4, 5, 'working', $4, $4,
               'risk_confirmed', 1, 'test', 1)",
            params![format!("{household}{on}"), household, village, on],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.lead")).unwrap();
    }

    fn verbs(&self, verb: &str) -> i64 {
        let mut session = self.ctx.read().unwrap();
        let sql = "select count(*) from journal where verb = $1";
        session.row(sql, params![verb]).unwrap().int(0).unwrap()
    }

    fn stands(&self, ctx: &Ctx) -> Vec<(String, String)> {
        let all = list(ctx, true, 100).unwrap();
        all.into_iter().map(|one| (one.alarm, one.area.to_string())).collect()
    }
}

fn with_each(check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        ensure_tables(&test.db).unwrap();
        publish(&ctx, &pack(1, "0.1")).unwrap();
        let mut tx = ctx.begin().unwrap();
        for (code, name, level, parent) in [
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
                params![code, name, level, parent],
            )
            .unwrap();
        }
        for (village, households) in [(NEAR, 20), (OTHER, 10), (FAR, 50)] {
            tx.exec(
                "insert into village_facts (village_code, households, persons) values ($1, $2, $2)",
                params![village, i64::from(households)],
            )
            .unwrap();
        }
        tx.commit(Entry::new(&ctx, "test.areas")).unwrap();
        check(&County { test: &test, ctx });
    }
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn pair(alarm: &str, area: &str) -> (String, String) {
    (alarm.to_owned(), area.to_owned())
}

#[test]
fn an_alarm_is_raised_stands_and_ends_with_what_holds() {
    with_each(|county| {
        let ctx = &county.ctx;
        assert_eq!(follow(ctx).unwrap(), (0, 0), "nobody is at risk");
        assert_eq!(county.verbs("alarm.follow"), 0, "nothing done, nothing journalled");
        // two of twenty are one tenth of the village; of the township's thirty three are needed
        county.confirmed(NEAR, "a", "2026-10-01");
        county.confirmed(NEAR, "a", "2026-10-02");
        county.confirmed(NEAR, "b", "2025-10-20");
        county.confirmed(FAR, "c", "2026-10-01");
        assert_eq!(
            follow(ctx).unwrap(),
            (0, 0),
            "one household counts once, and a year ago no more"
        );
        county.confirmed(NEAR, "b", "2025-10-21");
        assert_eq!(follow(ctx).unwrap(), (1, 0));
        assert_eq!(county.stands(ctx), [pair("village", NEAR)]);
        let one = list(ctx, true, 10).unwrap().remove(0);
        assert_eq!(one.sentence.0, "有风险 2 户（共 20 户），预警线 0.1。");
        assert_eq!((one.names.0.as_str(), one.names.1.as_str()), ("红坡村", "东镇"));
        assert_eq!(
            (one.from.to_string(), one.due.to_string()),
            (TODAY.to_owned(), "2026-10-27".to_owned())
        );
        assert_eq!(follow(ctx).unwrap(), (0, 0), "it stands once");
        county.confirmed(OTHER, "d", "2026-10-01");
        assert_eq!(follow(ctx).unwrap(), (2, 0), "the other village, and the township");
        let standing = standing(ctx).unwrap().unwrap();
        let counts: Vec<_> =
            standing.lines.iter().map(|line| (line.over, line.asked, line.unknown)).collect();
        assert_eq!(counts, [(1, 2, 0), (2, 3, 0)], "townships, villages");
        // the county sets another threshold: what no longer holds ends and stays to be read
        publish(ctx, &pack(2, "0.15")).unwrap();
        assert_eq!(follow(ctx).unwrap(), (0, 3));
        assert_eq!(county.stands(ctx), []);
        let ended = list(ctx, false, 10).unwrap();
        assert_eq!(ended.len(), 3);
        assert!(ended.iter().all(|one| one.to.is_some_and(|day| day.to_string() == TODAY)));
        publish(ctx, &pack(3, "0.05")).unwrap();
        assert_eq!(follow(ctx).unwrap(), (3, 0), "it is raised anew");
        assert_eq!(county.verbs("alarm.follow"), 4);
    });
}

#[test]
fn an_unknown_and_a_broken_alarm_end_nothing() {
    with_each(|county| {
        let ctx = &county.ctx;
        county.confirmed(NEAR, "a", "2026-10-01");
        county.confirmed(NEAR, "b", "2026-10-01");
        follow(ctx).unwrap();
        assert_eq!(county.stands(ctx).len(), 1);
        let mut broken = pack(2, "0.1");
        let file = "alarms/village.toml".to_owned();
        let text = broken.files[&file].replace("confirmed_12m", "confirmed_ever");
        broken.files.insert(file, text);
        publish(ctx, &Pack::read(broken.files).unwrap()).unwrap();
        assert_eq!(follow(ctx).unwrap(), (0, 0));
        assert_eq!(county.stands(ctx).len(), 1, "what cannot be asked stands as it was");
        let book = standing(ctx).unwrap().unwrap().book;
        assert_eq!(book.troubles.len(), 1);
        assert!(book.troubles[0].why.contains("confirmed_ever"), "{:?}", book.troubles);
        // no threshold for this place: it cannot tell
        let mut nowhere = pack(3, "0.1");
        let file = "parameters/share.toml".to_owned();
        let text = nowhere.files[&file].replace("[[values]]", "[[values]]\narea = \"41\"");
        nowhere.files.insert(file, text);
        publish(ctx, &Pack::read(nowhere.files).unwrap()).unwrap();
        assert_eq!(follow(ctx).unwrap(), (0, 0));
        assert_eq!(county.stands(ctx).len(), 1);
        let lines = standing(ctx).unwrap().unwrap().lines;
        assert_eq!(
            lines.iter().map(|line| line.unknown).sum::<usize>(),
            5,
            "two towns, three villages"
        );
    });
}

#[test]
fn everybody_sees_the_areas_in_which_they_work_and_the_county_answers_once() {
    with_each(|county| {
        for household in ["a", "b", "c"] {
            county.confirmed(NEAR, household, "2026-10-01");
        }
        follow(&county.ctx).unwrap();
        let bob = county.person("bob", Role::Township, TOWN);
        let chen = county.person("chen", Role::Village, NEAR);
        let eve = county.person("eve", Role::Township, "140430204000");
        let alice = county.person("alice", Role::County, "140430000000");
        let gao = county.person("gao", Role::Helper, NEAR);
        assert_eq!(county.stands(&bob), [pair("town", TOWN), pair("village", NEAR)]);
        assert_eq!(county.stands(&chen), [pair("village", NEAR)]);
        assert_eq!(county.stands(&eve), []);
        assert_eq!(
            standing(&chen).unwrap().unwrap().lines.len(),
            1,
            "a village asks of no township"
        );
        assert_eq!(refusal(list(&gao, true, 10)).0, RefusalKind::Forbidden);
        let town = list(&alice, true, 10).unwrap().remove(0).id;
        assert_eq!(refusal(show(&eve, town)), (RefusalKind::NotFound, "alarms.no_alarm"));
        assert_eq!(refusal(show(&chen, town)).0, RefusalKind::NotFound);
        assert_eq!(refusal(answer(&bob, town, "开会", "")).0, RefusalKind::Forbidden);
        assert_eq!(refusal(answer(&alice, town, " ", "")).1, "alarms.words_needed");
        assert_eq!(count_open(&alice).unwrap(), (2, 0));
        answer(&alice, town, "由民政牵头，十日内入户", "沁乡振发〔2026〕8号").unwrap();
        let said = show(&bob, town).unwrap().raised.said.unwrap();
        assert_eq!((said.words.as_str(), said.by.as_str()), ("由民政牵头，十日内入户", "alice"));
        assert_eq!(refusal(answer(&alice, town, "再说", "")).1, "alarms.said_already");
        assert_eq!(count_open(&alice).unwrap(), (1, 0));
        assert_eq!(count_open(&eve).unwrap(), (0, 0));
        let village = list(&chen, true, 10).unwrap().remove(0).id;
        publish(&county.ctx, &pack(2, "0.9")).unwrap();
        follow(&county.ctx).unwrap();
        assert_eq!(refusal(answer(&alice, village, "开会", "")).1, "alarms.ended");
        assert_eq!(county.verbs("alarm.answer"), 1);
        let bytes = super::sheet::workbook_of(&bob, L::new(Lang::Zh)).unwrap();
        assert!(bytes.starts_with(b"PK") && county.verbs("alarm.export") == 1);
    });
}

#[test]
fn the_alarms_that_ship_are_sound_and_ask_villages_and_townships() {
    let shipped = shipped();
    let base = Pack::read(shipped["cn-2021-2025"].clone()).unwrap();
    let now = Pack::read(shipped["cn-2026"].clone()).unwrap().over(&base).unwrap();
    let county: AreaCode = "140430000000".parse().unwrap();
    for pack in [base, now] {
        let book = AlarmBook::of(&pack, county, TODAY.parse().unwrap()).unwrap();
        assert_eq!(book.troubles, []);
        let levels: Vec<String> = book.alarms.iter().map(|one| one.level.to_string()).collect();
        assert!(levels.contains(&"village".to_owned()) && levels.contains(&"town".to_owned()));
        // nothing known: cannot tell, and no alarm
        let villages = BTreeMap::from([(NEAR.parse().unwrap(), Sums::default())]);
        let asked = book.ask(&villages);
        assert_eq!(asked.over, []);
        assert!(asked.areas.values().all(|(all, unknown)| all == unknown), "{:?}", asked.areas);
        for alarm in &book.alarms {
            assert!(alarm.rule.def.mechanism.contains(&"M055".to_owned()));
            assert!(!alarm.rule.predicate.params().is_empty(), "the threshold is a parameter");
        }
    }
}

#[test]
fn a_township_with_a_village_of_which_nothing_is_known_is_not_told_no() {
    use super::book::AlarmBook;
    use super::model::Sums;
    let county = "140430000000".parse().unwrap();
    let book = AlarmBook::of(&pack(1, "0.1"), county, TODAY.parse().unwrap()).unwrap();
    let ask = |near: Option<i64>, other: Option<i64>| {
        let village = |households, confirmed| {
            let mut sums = Sums::default();
            (sums.0[0], sums.0[10]) = (Some(households), confirmed);
            sums
        };
        let villages = BTreeMap::from([
            (NEAR.parse().unwrap(), village(40, near)),
            (OTHER.parse().unwrap(), village(60, other)),
        ]);
        let asked = book.ask(&villages);
        let over = asked.over.iter().any(|one| one.alarm == "town");
        (over, !asked.areas["town"].1.is_empty())
    };
    // 10 of 100 are the line
    assert_eq!(ask(Some(0), Some(3)), (false, false), "it is known that it does not hold");
    assert_eq!(ask(Some(0), None), (false, true), "the other village may have ten");
    assert_eq!(ask(Some(12), None), (true, false), "what is known carries it alone");
    assert_eq!(ask(None, None), (false, true));
}
