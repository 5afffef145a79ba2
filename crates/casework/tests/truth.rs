//! The sample data's own 23 rules, written in our language, over its own facts: exactly the expected leads, by the
//! database on every engine at hand and by the evaluator.
//!
//! A slice of 155 households of both sample places stands beside; with `SHOUWANG_DATA` set to the folder of the sample
//! data, all of it is compared too. Leads whose certainty is `loose_only` rest on rows nobody could match and are not in
//! the facts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use casework::screening::{Rule, RuleDef, check};
use facts::{
    Binding, Column, Coverage, CoverageView, Engine, HOUSEHOLD, Kind, Only, Params, Pass,
    Predicate, Scalar, Schema, Situation, Unit,
};
use kernel::lang::Lang;
use kernel::time::Day;
use store::testing::test_db;
use store::{BuiltSql, Value};

const MONEY: &str = "income_12m income_prev_12m income_pc income_pc_prev wage_12m business_net_12m property_12m transfer_12m";
const MONEY_EVENTS: &str =
    "oop_12m oop_max_stay edu_cost temp_relief_12m unpaid_wages disaster_loss";
const MONEY_LATEST: &str = "loan_balance vehicle_max_value";
const YES: &str = "monitored dibao tekun water_safe relocated elder_alone";
const YES_EVENTS: &str = "head_died";
const WORDS: &str = "hh_type monitor_type risk_removed house_grade";
const WORDS_LATEST: &str = "house_cd";
const COUNTS: &str = "persons_registered persons labour labour_weak uninsured chronic severe_ill disabled disabled_severe children_under_16 left_behind";
const COUNT_EVENTS: &str = "deaths_12m labour_died moved_out_12m water_outage_days hospital_stays students_paying dibao_new_12m dibao_stopped_12m tekun_new_12m disabled_new_12m disabled_severe_new_12m jobless_count jobless_days disaster_count complaints_12m complaints_hardship";
const COUNT_LATEST: &str = "dropout_suspects loan_overdue_days vehicles";

fn schema() -> Schema {
    let events = Some(Coverage::events("list", 12));
    let latest = Some(Coverage::latest("list", 12));
    let groups = [
        (MONEY, Kind::Money, None),
        (MONEY_EVENTS, Kind::Money, events),
        (MONEY_LATEST, Kind::Money, latest),
        (YES, Kind::Bool, None),
        (YES_EVENTS, Kind::Bool, events),
        (WORDS, Kind::Text, None),
        (WORDS_LATEST, Kind::Text, latest),
        (COUNTS, Kind::Int, None),
        (COUNT_EVENTS, Kind::Int, events),
        (COUNT_LATEST, Kind::Int, latest),
    ];
    let column = |name: &'static str, kind, coverage| {
        let column =
            Column::household(name, kind).room("test").title(name, name).sentence(name, name);
        Column {
            coverage,
            unit: if kind == Kind::Money { Unit::Yuan } else { Unit::None },
            ..column
        }
    };
    let columns = groups.into_iter().flat_map(|(names, kind, coverage)| {
        names.split(' ').map(move |name| column(name, kind, coverage))
    });
    Schema::of(columns).unwrap()
}

fn rules(schema: &Schema) -> Vec<Rule> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth-rules");
    let mut rules = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let def = RuleDef::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let rule =
            check(&def, schema, &Params::new()).unwrap_or_else(|problems| panic!("{problems:?}"));
        rules.push(rule);
    }
    rules.sort_by(|a, b| a.def.id.cmp(&b.def.id));
    assert_eq!(rules.len(), 23);
    rules
}

/// Plain comma-separated lines; the sample files quote nothing.
fn lines(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let mut lines = text.lines();
    let heads: Vec<String> = lines.next().unwrap().split(',').map(str::to_owned).collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), heads.len(), "{line}");
            heads.iter().cloned().zip(cells.into_iter().map(str::to_owned)).collect()
        })
        .collect()
}

/// A cell as the fact table stores it. `none` stores what has not happened as NULL, as the derivations do.
fn stored(cell: &str, column: &Column, none: bool) -> Scalar {
    let nothing = matches!(cell, "" | "0" | "0.0" | "false");
    if none && nothing && column.coverage.is_some() {
        return Scalar::Null;
    }
    match column.kind {
        // Income per head of a household without members.
        Kind::Money if cell.is_empty() => Scalar::Null,
        Kind::Bool => Scalar::Int(i64::from(cell == "true")),
        Kind::Money => Scalar::Int((cell.parse::<f64>().unwrap() * 100.0).round() as i64),
        Kind::Int => Scalar::Int(cell.parse().unwrap()),
        _ => Scalar::Text(cell.to_owned()),
    }
}

fn value(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Int(number) => Value::Int(*number),
        Scalar::Real(number) => Value::Real(*number),
        Scalar::Text(text) => Value::Text(text.clone()),
    }
}

type Leads = BTreeSet<(String, String)>;

fn difference(found: &Leads, expected: &Leads) -> String {
    let extra: Vec<_> = found.difference(expected).collect();
    let missing: Vec<_> = expected.difference(found).collect();
    format!("not expected: {extra:?}; missing: {missing:?}")
}

fn compare(folder: &Path, none: bool) {
    let schema = schema();
    let rules = rules(&schema);
    let predicates: Vec<&Predicate> = rules.iter().map(|rule| &rule.predicate).collect();
    let (params, coverage) = (Params::new(), CoverageView::everything());
    let today = Day::parse("2026-10-31").unwrap();
    let binding = Binding { today, params: &params, coverage: &coverage };

    let expected: Leads = lines(&folder.join("expected_leads.csv"))
        .into_iter()
        .filter(|lead| lead["certainty"] != "loose_only")
        .map(|lead| (lead["rule_id"].clone(), lead["household_id"].clone()))
        .collect();
    let hit: BTreeSet<&String> = expected.iter().map(|(rule, _)| rule).collect();
    assert!(hit.len() >= 20, "the data must try nearly every rule, it tries {hit:?}");

    let situations: Vec<(String, Situation)> = lines(&folder.join("household_facts.csv"))
        .into_iter()
        .map(|line| {
            let row = schema
                .columns("household_facts")
                .map(|column| (column.name.to_owned(), stored(&line[column.name], column, none)))
                .collect();
            let village = line["village_code"].clone();
            (line["household_id"].clone(), Situation { village, row, members: Vec::new() })
        })
        .collect();

    let mut evaluated = Leads::new();
    for (household, situation) in &situations {
        for rule in &rules {
            if rule.predicate.eval(binding, situation) == Some(true) {
                evaluated.insert((rule.def.id.clone(), household.clone()));
                let said = rule.sentence(Lang::Zh, binding, &situation.row, &situation.village);
                assert!(!said.contains("不明"), "{said}");
            }
        }
    }
    assert_eq!(evaluated, expected, "evaluator: {}", difference(&evaluated, &expected));

    for test in test_db().unwrap() {
        let engine = if test.engine == "sqlite" { Engine::Sqlite } else { Engine::Postgres };
        let ctx = test.system(kernel::time::Clock::fixed_on(today));
        let mut tx = ctx.begin().unwrap();
        tx.exec(&BuiltSql::from_generator("drop table if exists household_facts".into()), &[])
            .unwrap();
        for statement in schema.create_sql() {
            if statement.contains("household_facts") {
                tx.exec(&BuiltSql::from_generator(statement), &[]).unwrap();
            }
        }
        let upsert = schema.upsert_sql(&HOUSEHOLD);
        for (household, situation) in &situations {
            let mut row = vec![
                Value::Text(household.clone()),
                Value::Text(situation.village.clone()),
                Value::Null,
            ];
            row.extend(
                schema.columns("household_facts").map(|column| value(&situation.row[column.name])),
            );
            tx.exec(&BuiltSql::from_generator(upsert.clone()), &row).unwrap();
        }
        let pass = Pass { table: &HOUSEHOLD, engine, binding };
        let sql = BuiltSql::from_generator(pass.answers(&predicates, Only::All));
        let mut found = Leads::new();
        for row in tx.rows(&sql, &[]).unwrap() {
            for (n, rule) in rules.iter().enumerate() {
                if row.opt_int(n + 2).unwrap() == Some(1) {
                    found.insert((rule.def.id.clone(), row.text(0).unwrap()));
                }
            }
        }
        assert_eq!(found, expected, "{}: {}", test.engine, difference(&found, &expected));

        for (n, rule) in rules.iter().enumerate() {
            let sql = BuiltSql::from_generator(pass.count(predicates[n], Only::All));
            let hits = expected.iter().filter(|(id, _)| *id == rule.def.id).count();
            let counted = tx.row(&sql, &[]).unwrap();
            assert_eq!(counted.int(0).unwrap(), hits as i64, "{} {}", test.engine, rule.def.id);
            assert_eq!(counted.int(2).unwrap(), situations.len() as i64);
        }
        let villages: BTreeSet<&str> = situations.iter().map(|(_, s)| s.village.as_str()).collect();
        let first = villages.into_iter().next().unwrap();
        let list = serde_json::to_string(&[first]).unwrap();
        let sql = BuiltSql::from_generator(pass.evidence(&rules[0].evidence, Only::Villages));
        let there = tx.rows(&sql, &[Value::Text(list)]).unwrap();
        let expected_there = situations.iter().filter(|(_, s)| s.village == first).count();
        assert_eq!(there.len(), expected_there, "{}", test.engine);
    }
}

#[test]
fn the_slice_of_the_sample_gives_exactly_the_expected_leads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth");
    compare(&folder, false);
    compare(&folder, true);
}

#[test]
fn the_whole_sample_gives_exactly_the_expected_leads() {
    let Some(data) = std::env::var_os("SHOUWANG_DATA").map(PathBuf::from) else { return };
    for folder in ["guanmian/truth", "qin/truth_sample"] {
        compare(&data.join(folder), true);
    }
}

#[test]
fn without_the_lists_nothing_that_waits_for_them_is_a_miss() {
    let schema = schema();
    let (params, coverage) = (Params::new(), CoverageView::nothing());
    let today = Day::parse("2026-10-31").unwrap();
    let binding = Binding { today, params: &params, coverage: &coverage };
    for rule in rules(&schema) {
        let waits = rule.predicate.columns().iter().any(|column| column.coverage.is_some());
        let answer = rule.predicate.eval(binding, &Situation::default());
        assert_eq!(answer, None, "{} {waits}", rule.def.id);
    }
}
