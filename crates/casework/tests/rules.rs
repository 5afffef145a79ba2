//! Rules are proven before they run, and their situations are readable tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use casework::screening::{RuleDef, RuleTrouble, SituationTests, check};
use facts::{Column, Coverage, Kind, Param, Params, Scalar, Schema, Unit};
use kernel::lang::Lang;
use kernel::time::Day;

const RULE: &str = r#"
id = "medical-high"
title = { zh = "医疗自付过高", en = "High medical bills" }
basis = "a document"
level = "household"
severity = "serious"
when = "oop_12m > :oop_line and members(age < 16) > 0"
evidence = ["oop_12m"]
explain.zh = "{hh_type}，近12个月合规自付 {oop_12m}，高于 {:oop_line}。"
explain.en = "{hh_type}: out-of-pocket of 12 months {oop_12m}, above {:oop_line}."
department = "medical_insurance"
clock = { days = 15, calendar = "working" }
raise_again = { after_months = 6, or_worse_by = { column = "oop_12m", by = 5000 } }
"#;

const TESTS: &str = r#"
rule = "medical-high"
[[situation]]
name = "自付 20,001 元，有一名儿童"
facts = { oop_12m = 20001, hh_type = "一般户" }
members = [{ age = 7 }, { age = 40 }]
expect = "hit"
says = "一般户，近12个月合规自付 20,001 元，高于 20,000 元。"
[[situation]]
name = "没有住院"
facts = { hh_type = "一般户" }
members = [{ age = 7 }]
expect = "miss"
[[situation]]
name = "医保名单未到"
members = [{ age = 7 }]
not_delivered = ["nhsa"]
expect = "unknown"
"#;

fn schema() -> Schema {
    let said =
        |column: Column| column.room("test").title("名", "name").sentence("句。", "Sentence.");
    Schema::of([
        said(Column::household("oop_12m", Kind::Money).covered(Coverage::events("nhsa", 12))),
        said(Column::household("hh_type", Kind::Text)),
        said(Column::person("age", Kind::Int)),
    ])
    .unwrap()
}

fn params() -> Params {
    let line = Param::everywhere(Kind::Money, Unit::Yuan, Scalar::Int(2_000_000));
    Params::from([("oop_line".to_owned(), line)])
}

fn troubles(text: &str) -> Vec<(&'static str, RuleTrouble)> {
    let problems = check(&RuleDef::parse(text).unwrap(), &schema(), &params()).expect_err(text);
    problems.into_iter().map(|problem| (problem.field, problem.trouble)).collect()
}

#[test]
fn a_sound_rule_passes_with_its_situations() {
    let rule = check(&RuleDef::parse(RULE).unwrap(), &schema(), &params()).unwrap();
    let names: Vec<&str> = rule.evidence.iter().map(|column| column.name).collect();
    assert_eq!(names, ["oop_12m", "hh_type"], "what the sentence shows is kept with the hit");
    assert_eq!(
        rule.in_words(&params(), Lang::Zh),
        "名 高于 :oop_line（20,000 元），且家庭成员人数（名 低于 16） 高于 0 人"
    );
    let tests = SituationTests::parse(TESTS).unwrap();
    let results = tests.run(&rule, &schema(), &params(), Day::parse("2026-10-31").unwrap());
    assert_eq!(results.len(), 3);
    for result in results {
        assert!(result.passed, "{result:?}");
    }
}

#[test]
fn a_wrong_expectation_or_a_careless_test_does_not_pass() {
    let rule = check(&RuleDef::parse(RULE).unwrap(), &schema(), &params()).unwrap();
    let run = |text: &str| {
        let tests = SituationTests::parse(text).unwrap();
        tests.run(&rule, &schema(), &params(), Day::parse("2026-10-31").unwrap())
    };
    let one = |from: &str, to: &str| run(&TESTS.replacen(from, to, 1)).remove(0);
    assert!(!one("expect = \"hit\"", "expect = \"miss\"").passed);
    assert!(!one("20,001 元，高于", "20,002 元，高于").passed);
    assert!(one("oop_12m = 20001", "oop_12 = 20001").mistake.unwrap().contains("oop_12"));
    assert!(one("oop_12m = 20001", "oop_12m = \"viel\"").mistake.is_some());
    let no_list = run(&TESTS.replace("\"nhsa\"", "\"nsa\"")).remove(2);
    assert!(no_list.mistake.unwrap().contains("nsa") && !no_list.passed);
}

#[test]
fn every_mistake_of_a_rule_is_reported_at_its_field() {
    let changed = |from: &str, to: &str| troubles(&RULE.replacen(from, to, 1));
    assert!(matches!(
        changed("oop_12m > ", "oop_12 > ")[..],
        [("when", RuleTrouble::Condition(_))]
    ));
    assert!(matches!(
        changed("[\"oop_12m\"]", "[\"oop\"]")[..],
        [("evidence", RuleTrouble::NoColumn { .. })]
    ));
    assert!(matches!(changed("[\"oop_12m\"]", "[]")[..], [("evidence", RuleTrouble::NoEvidence)]));
    assert!(matches!(
        changed("{:oop_line}。", "{:oop}。")[..],
        [("explain.zh", RuleTrouble::NoParam { .. })]
    ));
    assert!(matches!(
        changed("{hh_type}:", "{hh_type:")[..],
        [("explain.en", RuleTrouble::Sentence(_))]
    ));
    assert!(matches!(changed("basis = \"a document\"", "")[..], [("basis", RuleTrouble::Basis)]));
    assert!(matches!(changed("medical-high", "medical high")[..], [("id", RuleTrouble::BadId)]));
    assert!(matches!(changed("days = 15", "days = 0")[..], [("clock", RuleTrouble::BadClock)]));
    assert!(matches!(changed("by = 5000", "by = 0")[..], [("raise_again", RuleTrouble::BadWorse)]));
    let two = RULE.replace("medical-high", "").replace("days = 15", "days = 400");
    assert_eq!(troubles(&two).len(), 2);
    let table = RULE.replace("level =", "table = \"person_fact\"\nlevel =");
    assert!(troubles(&table).iter().any(|(field, _)| *field == "table"));
}
