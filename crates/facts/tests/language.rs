//! The language of rules: what it means, what it refuses, how it speaks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use facts::{
    Binding, Column, Coverage, CoverageView, Engine, Extent, FactRow, HOUSEHOLD, Kind, Only, Param,
    Params, Pass, Predicate, Scalar, Schema, Scope, Situation, Trouble, Unit, Unknown, compile,
};
use kernel::lang::Lang;
use kernel::time::Day;

fn schema() -> Schema {
    let word = |column: Column, zh, en| column.room("circumstances").title(zh, en).sentence(zh, en);
    Schema::of([
        word(Column::household("persons", Kind::Int).unit(Unit::Persons), "人口数", "persons"),
        word(Column::household("income_pc", Kind::Money), "人均纯收入", "net income per head"),
        word(
            Column::household("oop_12m", Kind::Money).covered(Coverage::events("nhsa", 12)),
            "近12个月合规自付",
            "out-of-pocket of 12 months",
        ),
        word(
            Column::household("loan_overdue_days", Kind::Int)
                .unit(Unit::Days)
                .covered(Coverage::latest("bank", 0)),
            "小额贷款逾期天数",
            "days overdue",
        ),
        word(
            Column::household("head_died", Kind::Bool).covered(Coverage::events("police", 12)),
            "户主死亡",
            "head died",
        ),
        word(Column::household("monitored", Kind::Bool), "监测对象", "monitored"),
        word(Column::household("hh_type", Kind::Text), "户类型", "household type"),
        word(Column::household("listed_on", Kind::Day), "识别日期", "day of listing"),
        word(Column::person("age", Kind::Int).unit(Unit::Age), "年龄", "age"),
        word(Column::person("in_school", Kind::Bool), "在校", "in school"),
        word(Column::person("wage", Kind::Money), "工资", "wage"),
    ])
    .unwrap()
}

fn params() -> Params {
    let line = Param::everywhere(Kind::Money, Unit::YuanPerHead, Scalar::Int(880_000))
        .titled("监测线", "monitoring line");
    let share = Param::everywhere(Kind::Real, Unit::None, Scalar::Real(0.7));
    Params::from([("line".to_owned(), line), ("share".to_owned(), share)])
}

fn checked(text: &str) -> Predicate {
    let (schema, params) = (schema(), params());
    let scope = Scope { schema: &schema, table: "household_facts", params: &params };
    compile(text, scope).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

fn refused(text: &str) -> (u64, Trouble) {
    let (schema, params) = (schema(), params());
    let scope = Scope { schema: &schema, table: "household_facts", params: &params };
    let problem = compile(text, scope).expect_err(text);
    (problem.column, problem.trouble)
}

fn row(values: &[(&str, Scalar)]) -> FactRow {
    values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn answer(text: &str, values: &[(&str, Scalar)], coverage: &CoverageView) -> Option<bool> {
    let params = params();
    let today = Day::parse("2026-10-31").unwrap();
    let situation =
        Situation { village: "500154201001".into(), row: row(values), members: Vec::new() };
    checked(text).eval(Binding { today, params: &params, coverage }, &situation)
}

#[test]
fn amounts_are_written_in_yuan_and_stored_in_fen() {
    let all = CoverageView::everything();
    let income = |fen| [("income_pc", Scalar::Int(fen)), ("persons", Scalar::Int(4))];
    assert_eq!(answer("income_pc < 8800", &income(879_999), &all), Some(true));
    assert_eq!(answer("income_pc < 8800", &income(880_000), &all), Some(false));
    assert_eq!(answer("income_pc < 8800.01", &income(880_000), &all), Some(true));
    assert_eq!(answer("income_pc between 8000 and 8800", &income(880_000), &all), Some(true));
    assert_eq!(answer("income_pc - 800 < 2 * 4000", &income(879_900), &all), Some(true));
    assert_eq!(answer("income_pc * persons = 40000", &income(1_000_000), &all), Some(true));
    assert_eq!(answer("income_pc / income_pc = 1", &income(7), &all), Some(true));
    assert_eq!(answer("persons / 8 = 0.5", &income(1), &all), Some(true));
    assert_eq!(answer("coalesce(income_pc, 5000) < :line", &[], &all), Some(true));
    assert_eq!(answer("round(income_pc) = 9", &income(850), &all), Some(true));
    let split = "case when persons > 3 then 10000 else 8800 end";
    assert_eq!(answer(&format!("income_pc < {split}"), &income(999_999), &all), Some(true));
}

#[test]
fn units_that_do_not_agree_are_refused_with_their_place() {
    let mismatch = |text: &str| match refused(text) {
        (at, Trouble::Mismatch { left, operator, right }) => (at, left, operator, right),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(mismatch("income_pc > persons"), (13, "money", ">".to_owned(), "number"));
    assert_eq!(mismatch("income_pc + persons > 1"), (13, "money", "+".to_owned(), "number"));
    assert_eq!(mismatch("income_pc * oop_12m > 1"), (13, "money", "*".to_owned(), "money"));
    assert_eq!(mismatch("hh_type > 'a'"), (11, "text", ">".to_owned(), "text"));
    assert_eq!(mismatch("monitored = 1"), (13, "yes/no", "=".to_owned(), "number"));
    assert_eq!(mismatch("hh_type in ('a', 3)"), (18, "text", "in".to_owned(), "number"));
    assert_eq!(refused("persons").1, Trouble::Wanted { wanted: "yes/no", found: "number" });
    assert_eq!(refused("listed_on < '2026-13-01'"), (13, Trouble::BadDay("2026-13-01".into())));
}

#[test]
fn names_that_do_not_exist_are_pointed_at_with_what_was_perhaps_meant() {
    let (at, trouble) = refused("persons > 0 and oop_12 > 5");
    assert_eq!(at, 17);
    let Trouble::NoColumn { name, suggestions, .. } = trouble else { panic!("{trouble:?}") };
    assert_eq!((name.as_str(), suggestions), ("oop_12", vec!["oop_12m".to_owned()]));
    let (at, trouble) = refused("income_pc < :lin");
    assert_eq!(at, 13);
    assert!(matches!(trouble, Trouble::NoParam { suggestions, .. } if suggestions == ["line"]));
    assert!(matches!(refused("ab(persons) > 1").1, Trouble::NoFunction { .. }));
    assert!(matches!(refused("listed('x', 3)").1, Trouble::NoList { .. }));
    assert!(matches!(refused("field('toilet') = 'x'").1, Trouble::Arguments { .. }));
}

#[test]
fn nothing_but_an_expression_gets_through() {
    for text in [
        "persons > 0; delete from households",
        "(select 1) = 1",
        "exists (select 1 from accounts)",
        "persons in (select 1)",
        "\"persons\" > 0",
        "household_facts.persons > 0",
        "persons > 0 union select 1",
        "hh_type like '%'",
        "cast(persons as text) = '1'",
        "hh_type || 'x' = 'x'",
        "random() > 0",
        "load_extension('x')",
        "persons > $1",
        "persons > ?",
        "persons = null",
        "persons > 1e300",
        "persons / 0 > 1",
        "persons % 2 = 0",
        "",
        "persons >",
        "count(*) > 1",
        "abs(distinct persons) > 1",
        "abs(persons) over () > 1",
        "members(members(age > 1) > 0) > 0",
        "members(persons > 1) > 0",
        "age > 6",
    ] {
        refused(text);
    }
    let deep = format!("{}persons > 1{}", "(".repeat(60), ")".repeat(60));
    assert!(matches!(refused(&deep).1, Trouble::TooLarge(_)));
    let wide = vec!["persons > 1"; 330].join(" or ");
    assert!(matches!(refused(&wide).1, Trouble::TooLarge(_)));
    let mut bomb = "persons".to_owned();
    for _ in 0..20 {
        bomb = format!("least({bomb}, 1)");
    }
    assert!(matches!(refused(&format!("{bomb} = 1")).1, Trouble::TooLarge(_)));
    let product = vec!["persons"; 20].join(" * ");
    assert!(matches!(refused(&format!("{product} > 1")).1, Trouble::TooLarge(_)));
}

#[test]
fn quotes_in_a_literal_stay_in_the_literal() {
    let text = "hh_type = 'x'' or 1=1 --'";
    let (params, coverage) = (params(), CoverageView::everything());
    let today = Day::parse("2026-10-31").unwrap();
    let sql =
        checked(text).sql(Engine::Sqlite, Binding { today, params: &params, coverage: &coverage });
    assert_eq!(sql, "(f.hh_type = 'x'' or 1=1 --')");
}

#[test]
fn an_absent_event_is_none_inside_coverage_and_unknown_outside() {
    let mut here = CoverageView::nothing();
    here.set("nhsa", 12, Extent::Areas(vec![("500154201000".into(), "500154201999".into())]));
    let mut elsewhere = CoverageView::nothing();
    elsewhere.set("nhsa", 12, Extent::Areas(vec![("500154202000".into(), "500154202999".into())]));
    let text = "oop_12m > 5000";
    assert_eq!(answer(text, &[], &here), Some(false));
    assert_eq!(answer(text, &[], &elsewhere), None);
    assert_eq!(answer(text, &[], &CoverageView::nothing()), None);
    let high = [("oop_12m", Scalar::Int(600_000))];
    assert_eq!(
        answer(text, &high, &CoverageView::nothing()),
        Some(true),
        "what is known proves it"
    );
    assert_eq!(answer("5000 <= oop_12m", &high, &elsewhere), Some(true));
    assert_eq!(answer("oop_12m < 5000", &high, &elsewhere), None);
    assert_eq!(answer("oop_12m - 0 > 5000", &high, &elsewhere), None);
    assert_eq!(answer("not oop_12m > 5000", &high, &elsewhere), Some(false));
    let late = [("loan_overdue_days", Scalar::Int(9))];
    assert_eq!(
        answer("loan_overdue_days > 0", &late, &CoverageView::nothing()),
        None,
        "may be paid"
    );
    let died = [("head_died", Scalar::Int(1))];
    assert_eq!(answer("head_died", &died, &CoverageView::nothing()), Some(true));
    assert_eq!(answer("head_died", &[], &CoverageView::nothing()), None);
    assert_eq!(answer("head_died", &[], &CoverageView::everything()), Some(false));
}

#[test]
fn unknown_is_named_only_where_it_matters() {
    let (params, coverage) = (params(), CoverageView::nothing());
    let today = Day::parse("2026-10-31").unwrap();
    let binding = Binding { today, params: &params, coverage: &coverage };
    let situation = Situation { row: row(&[("persons", Scalar::Int(3))]), ..Situation::default() };
    let names = |text: &str| -> Vec<String> {
        let unknowns = checked(text).unknowns(binding, &situation);
        let name = |unknown| match unknown {
            Unknown::NotDelivered(column) => format!("{}?", column.name),
            Unknown::NotRecorded(column) => column.name.to_owned(),
            Unknown::NoValue(param) => format!(":{param}"),
        };
        unknowns.into_iter().map(name).collect()
    };
    assert_eq!(names("persons > 0 and oop_12m > 1 and income_pc < 5"), ["oop_12m?", "income_pc"]);
    assert!(names("persons = 0 and oop_12m > 1").is_empty());
}

#[test]
fn members_are_counted_and_one_unknown_member_may_not_matter() {
    let (params, coverage) = (params(), CoverageView::everything());
    let today = Day::parse("2026-10-31").unwrap();
    let binding = Binding { today, params: &params, coverage: &coverage };
    let child = |age, school| row(&[("age", Scalar::Int(age)), ("in_school", school)]);
    let situation = Situation {
        members: vec![child(8, Scalar::Int(0)), child(9, Scalar::Null), child(40, Scalar::Null)],
        ..Situation::default()
    };
    let ask = |text: &str| checked(text).eval(binding, &situation);
    assert_eq!(ask("members(age between 6 and 15 and not in_school) > 0"), Some(true));
    assert_eq!(ask("members(age between 6 and 15 and not in_school) > 1"), None);
    assert_eq!(ask("members(age > 15) = 1"), Some(true));
    assert_eq!(ask("members_sum(age, age < 16) = 17"), Some(true));
    assert_eq!(ask("members_sum(wage, age > 16) > 1000"), None);
}

#[test]
fn a_rule_says_itself_in_both_languages() {
    let say = |text: &str, lang| checked(text).explain(&params(), lang);
    assert_eq!(say("oop_12m > 20000", Lang::Zh), "近12个月合规自付 高于 20,000 元");
    assert_eq!(say("oop_12m > 20000", Lang::En), "out-of-pocket of 12 months above 20,000 yuan");
    assert_eq!(
        say("persons > 0 and income_pc < :line and not monitored", Lang::Zh),
        "人口数 高于 0 人，且人均纯收入 低于 监测线（8,800 元/人），且非监测对象"
    );
    assert_eq!(
        say("persons >= 2 and (hh_type = '脱贫户' or monitored)", Lang::En),
        "persons at least 2 persons, and (household type is 脱贫户 or monitored)"
    );
    assert_eq!(
        say("oop_12m - oop_12m - (oop_12m + oop_12m) > 1", Lang::Zh),
        "近12个月合规自付 - 近12个月合规自付 - (近12个月合规自付 + 近12个月合规自付) 高于 1 元"
    );
    assert_eq!(say("persons > 1", Lang::En), "persons above 1 person");
    assert_eq!(say("days_since(listed_on) > 30", Lang::Zh), "自识别日期至当日的天数 高于 30 天");
    assert_eq!(
        say("members(age < 16 and not in_school) > 0", Lang::Zh),
        "家庭成员人数（年龄 低于 16 岁，且非在校） 高于 0 人"
    );
}

#[test]
fn columns_and_parameters_are_listed_once() {
    let predicate = checked("oop_12m > :line or oop_12m > 2 * :line or members(age > 1) > 0");
    let names: Vec<&str> = predicate.columns().iter().map(|column| column.name).collect();
    assert_eq!((names, predicate.params()), (vec!["oop_12m", "age"], vec!["line".to_owned()]));
    assert!(checked("days_since(listed_on) > 3").reads_the_day());
}

#[test]
fn a_parameter_may_differ_by_area() {
    let mut params = params();
    let special = facts::AreaValue {
        low: "500154201000".into(),
        high: "500154201999".into(),
        value: Scalar::Int(1_000_000),
    };
    params.get_mut("line").unwrap().values.insert(0, special);
    let schema = schema();
    let scope = Scope { schema: &schema, table: "household_facts", params: &params };
    let predicate = compile("income_pc < :line", scope).unwrap();
    let coverage = CoverageView::everything();
    let today = Day::parse("2026-10-31").unwrap();
    let binding = Binding { today, params: &params, coverage: &coverage };
    let in_village = |village: &str| {
        let row = row(&[("income_pc", Scalar::Int(900_000))]);
        predicate.eval(binding, &Situation { village: village.into(), row, members: Vec::new() })
    };
    assert_eq!(in_village("500154201001"), Some(true));
    assert_eq!(in_village("500154202001"), Some(false));
    let pass = Pass { table: &HOUSEHOLD, engine: Engine::Sqlite, binding };
    let sql = pass.answers(&[&predicate], Only::All);
    assert!(
        sql.contains("when f.village_code between '500154201000' and '500154201999' then 1000000"),
        "{sql}"
    );
}

#[test]
fn comparisons_with_thresholds_are_found_with_their_words() {
    let text = "persons > 0 and :line > income_pc and not (oop_12m <= 500.5) and members(age > 5) >= 2 \
                and income_pc < :share * oop_12m and hh_type = 'x' and days_since(listed_on) > 30";
    let found = checked(text).comparisons(&params());
    let short: Vec<_> = found
        .iter()
        .map(|one| (one.title(&params(), Lang::En), one.sign, one.against.clone(), one.whole))
        .collect();
    let number = facts::Against::Number;
    let words = |text: &str| text.to_owned();
    assert_eq!(
        short,
        [
            (words("persons"), ">", number(0.0), true),
            (words("net income per head"), "<", facts::Against::Param(words("line")), false),
            (words("out-of-pocket of 12 months"), "<=", number(50_050.0), false),
            (words("members (age above 5 years old)"), ">=", number(2.0), true),
            (words("days from day of listing to today"), ">", number(30.0), true),
        ]
    );
    assert_eq!(found[1].threshold(&params(), "140430203200"), Some(880_000.0));
    assert_eq!(found[1].column().map(|column| column.name), Some("income_pc"));
    assert!(found[2].parts_above() && !found[1].parts_above());
}
