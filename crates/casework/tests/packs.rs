//! The rules that ship: proven against the fact tables, and every situation beside them answered as it says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use casework::quality::CheckDef;
use casework::screening::rule::Expected;
use casework::screening::{Level, RuleDef, SituationTests, check};
use facts::{Column, Schema};
use kernel::area::AreaCode;
use kernel::time::Day;
use registry::circumstances::ledger::fields_of;
use registry::intake::Templates;
use registry::policies::{Pack, resolve, shipped};

fn schema() -> Schema {
    Schema::of(registry::circumstances::facts::columns()).unwrap()
}

/// Every shipped pack with what it takes over from the one it extends, and a day on which it holds.
fn packs() -> Vec<(Pack, Day)> {
    let read: BTreeMap<String, Pack> = shipped()
        .into_iter()
        .map(|(id, files)| {
            (id.clone(), Pack::read(files).unwrap_or_else(|all| panic!("{id}: {all:?}")))
        })
        .collect();
    let whole = |pack: &Pack| match &pack.head.extends {
        Some(base) => pack.over(&read[base]).unwrap(),
        None => pack.clone(),
    };
    let day = |pack: &Pack| if pack.head.id == "cn-2026" { "2026-10-31" } else { "2025-10-31" };
    let chosen = read.values().filter(|pack| pack.head.id.starts_with("cn-"));
    chosen.map(|pack| (whole(pack), Day::parse(day(pack)).unwrap())).collect()
}

fn rules(pack: &Pack) -> impl Iterator<Item = (&str, RuleDef)> {
    pack.folder("screening").filter(|(file, _)| !file.ends_with(".test.toml")).map(
        |(file, text)| {
            (file, RuleDef::parse(text).unwrap_or_else(|error| panic!("{file}: {error}")))
        },
    )
}

#[test]
fn every_rule_is_sound_and_answers_its_situations() {
    let schema = schema();
    let mut wrong = Vec::new();
    for (pack, day) in packs() {
        let params = resolve(&pack.parameters, AreaCode::parse("500154201204").unwrap(), day);
        for (file, def) in rules(&pack) {
            let rule = match check(&def, &schema, &params) {
                Ok(rule) => rule,
                Err(problems) => {
                    wrong.extend(problems.into_iter().map(|problem| format!("{file}: {problem}")));
                    continue;
                }
            };
            let tests = pack.test_of(file).unwrap_or_else(|| panic!("{file} has no situations"));
            let tests =
                SituationTests::parse(tests).unwrap_or_else(|error| panic!("{file}: {error}"));
            for answer in [Expected::Hit, Expected::Miss, Expected::Unknown] {
                if !tests.expects(answer) {
                    wrong.push(format!("{file}: no situation that is a {answer:?}"));
                }
            }
            for result in
                tests.run(&rule, &schema, &params, day).into_iter().filter(|one| !one.passed)
            {
                wrong.push(format!(
                    "{file}, {}: {:?} instead of {:?} {:?}",
                    result.name, result.got, result.expected, result.mistake
                ));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}

#[test]
fn the_rule_book_hears_every_department_and_the_register_itself() {
    for (pack, _) in packs() {
        let rules: Vec<RuleDef> = rules(&pack).map(|(_, def)| def).collect();
        assert!(rules.len() >= 25, "{} rules in {}", rules.len(), pack.head.id);
        let departments: BTreeSet<&str> =
            rules.iter().map(|rule| rule.department.as_str()).collect();
        for department in [
            "medical_insurance",
            "education",
            "civil_affairs",
            "disabled_federation",
            "housing",
            "water",
            "human_resources",
            "emergency",
            "bank",
            "police",
            "hotline",
            "agriculture",
            "health",
        ] {
            assert!(departments.contains(department), "{department} in {}", pack.head.id);
        }
        let villages: BTreeSet<&str> = rules
            .iter()
            .filter(|rule| rule.level == Level::Village)
            .map(|rule| rule.department.as_str())
            .collect();
        assert!(villages.is_superset(&BTreeSet::from(["water", "emergency"])), "{villages:?}");
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len(), "an id stands twice in {}", pack.head.id);
        assert!(rules.iter().all(|rule| !rule.mechanism.is_empty()));
    }
}

#[test]
fn every_value_that_a_reason_rests_on_has_its_cells_in_the_list_it_comes_from() {
    let templates = Templates::shipped().unwrap();
    let columns: Vec<Column> = registry::circumstances::facts::columns().collect();
    let mut wrong = BTreeSet::new();
    for (pack, _) in packs() {
        let of_households: Vec<RuleDef> =
            rules(&pack).map(|(_, def)| def).filter(|def| def.level == Level::Household).collect();
        for name in of_households.iter().flat_map(|def| &def.evidence) {
            let column =
                columns.iter().find(|one| one.name == name && one.table == "household_facts");
            let list = match column.unwrap().coverage {
                Some(coverage) => coverage.list,
                None if name.starts_with("disaster_") => "disaster_losses",
                None => "register",
            };
            let fields = fields_of(list, name);
            let known = |field: &&str| {
                templates.iter().any(|one| one.list == list && one.column(field).is_some())
            };
            if fields.is_empty() || !fields.iter().all(known) {
                wrong.insert(format!("{name} of {list}: {fields:?}"));
            }
        }
    }
    assert_eq!(wrong, BTreeSet::new());
}

#[test]
fn every_list_that_a_fact_waits_for_is_delivered_by_some_template() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/common/templates");
    let mut lists = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let list = text
            .lines()
            .find_map(|line| line.strip_prefix("list = \""))
            .map(|rest| rest.trim_end_matches('"').to_owned());
        lists.extend(list);
    }
    for column in registry::circumstances::facts::columns() {
        if let Some(coverage) = column.coverage {
            assert!(lists.contains(coverage.list), "{} waits for {}", column.name, coverage.list);
        }
    }
}

#[test]
fn a_rule_names_its_office_by_code_and_an_unknown_one_is_refused_with_the_code_it_means() {
    let (pack, _) = packs().remove(0);
    let (_, mut def) = rules(&pack).find(|(_, def)| def.department == "water").unwrap();
    let params = resolve(&pack.parameters, "140430000000".parse().unwrap(), pack.head.valid_from);
    let schema = schema();
    assert!(check(&def, &schema, &params).is_ok());
    for (name, code) in [("水利局", "its code is water"), ("wtaer", "wtaer is no office")] {
        def.department = name.to_owned();
        let problems = check(&def, &schema, &params).unwrap_err();
        assert_eq!((problems.len(), problems[0].field), (1, "department"));
        assert_eq!(problems[0].trouble.code(), "screening.rule_no_office");
        assert!(problems[0].to_string().contains(code), "{}", problems[0]);
    }
}

#[test]
fn every_check_is_sound_and_answers_its_situations() {
    let schema = schema();
    let mut wrong = Vec::new();
    for (pack, day) in packs() {
        let params = resolve(&pack.parameters, AreaCode::parse("500154201204").unwrap(), day);
        let mut asked = BTreeSet::new();
        for (file, text) in pack.folder("checks") {
            let def = CheckDef::parse(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(asked.insert(def.id.clone()), "{file}: {} stands twice", def.id);
            assert_eq!(file, format!("checks/{}.toml", def.id));
            let rule = match check(&def.rule(), &schema, &params) {
                Ok(rule) => rule,
                Err(problems) => {
                    wrong.extend(problems.into_iter().map(|problem| format!("{file}: {problem}")));
                    continue;
                }
            };
            let persons = facts::Scope { schema: &schema, table: "person_facts", params: &params };
            if let Some(Err(problem)) = def.who.as_deref().map(|who| facts::compile(who, persons)) {
                wrong.push(format!("{file}: who: {problem}"));
            }
            let tests = pack.test_of(file).unwrap_or_else(|| panic!("{file} has no situations"));
            let tests =
                SituationTests::parse(tests).unwrap_or_else(|error| panic!("{file}: {error}"));
            for answer in [Expected::Hit, Expected::Miss, Expected::Unknown] {
                if !tests.expects(answer) {
                    wrong.push(format!("{file}: no situation that is a {answer:?}"));
                }
            }
            for result in
                tests.run(&rule, &schema, &params, day).into_iter().filter(|one| !one.passed)
            {
                wrong.push(format!(
                    "{file}, {}: {:?} instead of {:?} {:?}",
                    result.name, result.got, result.expected, result.mistake
                ));
            }
        }
        assert!(asked.len() >= 25, "{} checks in {}", asked.len(), pack.head.id);
        // what is asked of the record is no lead as well
        let twice: Vec<String> =
            rules(&pack).map(|(_, def)| def.id).filter(|id| asked.contains(id)).collect();
        assert_eq!(twice, Vec::<String>::new());
    }
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}
