//! Packs: what is read, what is refused, which value holds where and when, and that publishing only adds.

use std::collections::BTreeMap;

use facts::{Kind, Scalar};
use kernel::area::AreaCode;
use kernel::error::Error;
use kernel::permission::Role;
use kernel::time::{Clock, Day};
use store::testing::test_db;
use store::{Actor, Ctx};

use super::*;

pub(super) const HEAD: &str = r#"
id = "test"
version = 1
title = { zh = "测试", en = "Test" }
valid_from = "2026-01-01"
basis = ["a document"]
"#;

const LINE: &str = r#"
id = "monitoring_line"
title = { zh = "监测线", en = "monitoring line" }
unit = "yuan_per_head"
[[values]]
from = "2026-01-01"
value = 7000
set_locally = "test"
[[values]]
area = "14"
from = "2026-01-01"
to = "2026-06-30"
value = 8000.5
source = "a document"
[[values]]
area = "140430203"
from = "2026-01-01"
value = 9000
set_locally = "test"
"#;

fn files(extra: &[(&str, &str)]) -> BTreeMap<String, String> {
    let base = [("pack.toml", HEAD), ("parameters/line.toml", LINE)];
    base.iter().chain(extra).map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

fn faults(text: &str) -> Vec<PackFault> {
    let read = Pack::read(files(&[("parameters/line.toml", text)]));
    read.unwrap_err().into_iter().map(|problem| problem.fault).collect()
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn area(text: &str) -> AreaCode {
    AreaCode::parse_short(text).unwrap()
}

#[test]
fn the_narrowest_area_that_holds_a_village_gives_the_value() {
    let pack = Pack::read(files(&[])).unwrap();
    assert_eq!(pack.parameters[0].kind, Kind::Money);
    let at = |county: &str, village: &str, on: &str| {
        resolve(&pack.parameters, area(county), day(on))["monitoring_line"].at(village)
    };
    assert_eq!(at("140430", "140430203001", "2026-03-01"), Scalar::Int(900_000));
    assert_eq!(at("140430", "140430204001", "2026-03-01"), Scalar::Int(800_050));
    assert_eq!(at("140430", "140430204001", "2026-07-01"), Scalar::Int(700_000));
    assert_eq!(at("500154", "500154201001", "2026-03-01"), Scalar::Int(700_000));
    assert_eq!(at("140430", "140430204001", "2025-12-31"), Scalar::Null);
    let one = resolve(&pack.parameters, area("500154"), day("2026-03-01"));
    assert_eq!(one["monitoring_line"].only_value(), Some(&Scalar::Int(700_000)));
}

#[test]
fn a_value_needs_a_source_a_place_and_a_day_of_its_own() {
    let replaced = |from: &str, to: &str| faults(&LINE.replacen(from, to, 1));
    assert_eq!(replaced("set_locally = \"test\"", ""), [PackFault::Source]);
    assert_eq!(replaced("source = \"a document\"", "source = \" \""), [PackFault::Source]);
    assert_eq!(replaced("value = 7000", "value = \"viel\""), [PackFault::Value("\"viel\"".into())]);
    assert_eq!(
        replaced("value = 8000.5", "value = 8000.555"),
        [PackFault::Value("8000.555".into())]
    );
    assert_eq!(replaced("yuan_per_head", "dollar"), [PackFault::Unit("dollar".into())]);
    assert_eq!(replaced("area = \"14\"", "area = \"141\""), [PackFault::Area("141".into())]);
    assert_eq!(replaced("to = \"2026-06-30\"", "to = \"2025-06-30\""), [PackFault::Backwards]);
    assert_eq!(
        replaced("id = \"monitoring_line\"", "id = \"Line\""),
        [PackFault::Name("Line".into())]
    );
    let overlap = replaced("area = \"140430203\"", "area = \"140000\"");
    assert_eq!(overlap, [PackFault::Overlap { area: "14".into(), day: day("2026-01-01") }]);
    let read = Pack::read(files(&[("parameters/line.toml", "id = ")])).unwrap_err();
    assert_eq!(read[0].line, Some(1));
}

#[test]
fn a_pack_lies_over_the_one_it_extends() {
    let base = Pack::read(files(&[("screening/a.toml", "a"), ("screening/b.toml", "b")])).unwrap();
    let own: BTreeMap<String, String> =
        [("pack.toml", HEAD), ("screening/a.toml", ""), ("screening/c.toml", "c")]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .into();
    let pack = Pack::read(own).unwrap().over(&base).unwrap();
    let rules: Vec<&str> = pack.folder("screening").map(|(file, _)| file).collect();
    assert_eq!(rules, ["screening/b.toml", "screening/c.toml"]);
    assert_eq!(pack.parameters.len(), 1);
}

#[test]
fn a_test_file_is_found_beside_its_rule_and_is_no_rule() {
    let pack =
        Pack::read(files(&[("screening/a.toml", "a"), ("screening/a.test.toml", "t")])).unwrap();
    assert_eq!(pack.folder("screening").count(), 1);
    assert_eq!(pack.test_of("screening/a.toml"), Some("t"));
}

#[test]
fn publishing_only_adds_and_is_journalled() {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(day("2026-10-31")));
        let pack = Pack::read(files(&[])).unwrap();
        assert!(publish(&ctx, &pack).unwrap(), "{}", test.engine);
        assert!(!publish(&ctx, &pack).unwrap(), "the same text is no new version");
        let changed = Pack::read(files(&[("screening/a.toml", "x")])).unwrap();
        let error = publish(&ctx, &changed).unwrap_err();
        assert!(
            matches!(error, Error::Refusal(refusal) if refusal.code == "policies.version_taken")
        );
        let mut next = files(&[("screening/a.toml", "x")]);
        next.insert("pack.toml".into(), HEAD.replace("version = 1", "version = 2"));
        let next = Pack::read(next).unwrap();
        assert!(publish(&ctx, &next).unwrap());
        let mut session = ctx.read().unwrap();
        let versions: Vec<u32> =
            list_versions(&mut session).unwrap().iter().map(|pack| pack.version).collect();
        assert_eq!(versions, [2, 1]);
        assert_eq!(load_version(&mut session, "test", 1).unwrap(), pack);
        assert_eq!(find_pack_on(&mut session, day("2026-10-31")).unwrap(), Some(next));
        assert_eq!(find_pack_on(&mut session, day("2025-12-31")).unwrap(), None);
        let journal =
            session.row("select count(*) from journal where verb = 'policy.manage'", &[]).unwrap();
        assert_eq!(journal.int(0).unwrap(), 2);
    }
}

#[test]
fn a_village_worker_publishes_nothing() {
    for test in test_db().unwrap() {
        let clock = Clock::fixed_on(day("2026-10-31"));
        let actor = Actor { role: Role::Village, ..Actor::system() };
        let ctx = Ctx::new(&test.db, actor, clock, kernel::lang::Lang::Zh);
        let pack = Pack::read(files(&[])).unwrap();
        assert!(matches!(publish(&ctx, &pack), Err(Error::Refusal(_))));
        assert!(list_versions(&mut ctx.read().unwrap()).unwrap().is_empty());
    }
}

/// A version that has left the house never changes: each published version stands in `packs/LOCK` with its hash.
#[test]
fn shipped_packs_are_sound_and_published_versions_are_locked() {
    let lock = include_str!("../../../../packs/LOCK");
    let locked: BTreeMap<(&str, u32), &str> = lock
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let mut words = line.split_whitespace();
            let id = words.next().unwrap();
            ((id, words.next().unwrap().parse().unwrap()), words.next().unwrap())
        })
        .collect();
    let packs = shipped();
    assert!(packs.contains_key("cn-2026") && packs.contains_key("cn-2021-2025"));
    for (folder, files) in packs {
        let pack = Pack::read(files).unwrap_or_else(|problems| panic!("{folder}: {problems:?}"));
        assert_eq!(pack.head.id, folder, "the folder is named after the pack");
        if pack.head.version == 0 {
            continue;
        }
        let key = (pack.head.id.as_str(), pack.head.version);
        let hash = pack.hash();
        assert_eq!(
            locked.get(&key).copied(),
            Some(hash.as_str()),
            "{folder} differs from its published version; raise version in pack.toml and add to packs/LOCK: {} {} {hash}",
            key.0,
            key.1
        );
    }
}

#[test]
fn a_share_is_said_in_percent_too_and_a_line_is_not() {
    let text = LINE.replace("yuan_per_head", "none").replace("7000", "0.07");
    let pack = Pack::read(files(&[("parameters/line.toml", &text)])).unwrap();
    let words = |value: f64, lang| {
        let l = web::L::new(lang);
        super::pages::value_words(l, &pack.parameters[0], &Scalar::Real(value))
    };
    assert_eq!(words(0.07, kernel::lang::Lang::En), "0.07 (7%)");
    assert_eq!(words(0.125, kernel::lang::Lang::Zh), "0.125（12.5%）");
    assert_eq!(words(3.0, kernel::lang::Lang::En), "3");
}
