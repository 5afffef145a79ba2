//! Rules over the county's own lists, and the form of a rule, on every engine at hand.

use facts::own::ROWS;
use registry::policies::{Change, Pack, Trial, begin_with, publish, submit_draft};
use registry::policies::{DraftHead, Stance, publish_checked, publish_draft};
use store::{Entry, params};

use super::own_rule::{Example, Typed, changes, understood};
use super::rule::Expected;
use super::tests::*;
use super::*;

const LIST: &str = r#"
id = "drones"
title = { zh = "飞手", en = "Pilots" }
department = "agriculture"
about = "person"
by = ["id"]
adds = true
absent_is_none = true
rhythm = "monthly"
due_day = 10
[[columns]]
name = "金额"
title = { zh = "金额", en = "amount" }
type = "amount"
"#;

fn with_list(version: u32) -> Pack {
    let mut files = pack(version, &[("house", HOUSE)]).files;
    files.insert("lists/drones.toml".to_owned(), LIST.to_owned());
    Pack::read(files).unwrap()
}

/// A household with rows of the list, the amounts in yuan.
fn listed(county: &County<'_>, yuan: &[Option<i64>]) -> String {
    let home = county.household(VILLAGE, 2, true);
    let row = |yuan: &Option<i64>| {
        let mut values = serde_json::Map::new();
        values.extend(yuan.map(|yuan| ("a:金额".to_owned(), (yuan * 100).into())));
        serde_json::json!({ "l": "drones", "d": "2026-09-30", "b": "0".repeat(32), "r": 1, "v": values })
    };
    let rows = serde_json::Value::from(yuan.iter().map(row).collect::<Vec<_>>());
    let mut tx = county.ctx.begin().unwrap();
    let sql = "update household_facts set own_lists = $2 where household_id = $1";
    assert_eq!(tx.exec(sql, params![home.as_str(), rows.to_string()]).unwrap(), 1);
    tx.commit(Entry::new(&county.ctx, "test.facts")).unwrap();
    home
}

fn deliver(county: &County<'_>, from: &str) {
    let mut tx = county.ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at, accepted_at)
         values ($1, 'own:drones', 'agriculture', 'own:drones', 'a.csv', $1, 'accepted', 'x', $2, $2)",
        params!["0".repeat(32), county.ctx.now],
    )
    .unwrap();
    tx.exec(
        "insert into coverage (department, list_id, area_code, from_day, to_day, batch_id)
         values ('agriculture', 'own:drones', '140430000000', $2, '2026-09-30', $1)",
        params!["0".repeat(32), from],
    )
    .unwrap();
    tx.commit(Entry::new(&county.ctx, "test.cover")).unwrap();
}

fn found(county: &County<'_>, when: &str) -> (i64, i64, i64) {
    let read = understood(&county.ctx, (when, Level::Household), None).unwrap();
    assert_eq!(read.problems, [], "{when}");
    read.found.unwrap()
}

#[test]
fn an_own_list_is_asked_by_its_window_and_cannot_be_told_before_it_came() {
    with_each(|county| {
        publish(&county.ctx, &with_list(2)).unwrap();
        listed(county, &[Some(1_000), Some(500)]);
        listed(county, &[Some(200)]);
        listed(county, &[None]);
        county.household(VILLAGE, 2, true);
        let engine = county.test.engine;
        assert_eq!(found(county, "listed('drones', 3)"), (3, 1, 4), "{engine}");
        assert_eq!(found(county, "field('drones.金额', 3) > 1200"), (1, 3, 4), "{engine}");
        deliver(county, "2026-06-01");
        assert_eq!(found(county, "listed('drones', 3)"), (3, 0, 4), "{engine}");
        assert_eq!(found(county, "not listed('drones', 3)"), (1, 0, 4), "{engine}");
        assert_eq!(found(county, "listed('drones', 12)"), (3, 1, 4), "the window is not covered");
        assert_eq!(found(county, "field('drones.金额', 3) > 1200"), (1, 1, 4), "{engine}");
        assert_eq!(found(county, "field('drones.金额', 3) = 0"), (1, 1, 4), "{engine}");
        // what cannot be divided cannot be told, and stops nothing
        assert_eq!(found(county, "10 / (persons - persons) > 1"), (0, 4, 4), "{engine}");
        assert_eq!(
            found(county, "field('drones.金额', 3) / field('drones.金额', 3) > 0"),
            (2, 2, 4),
            "{engine}"
        );
        let wrong = understood(&county.ctx, ("field('drones.金') > 1", Level::Household), None);
        let wrong = wrong.unwrap();
        assert!(matches!(
            &wrong.problems[0].trouble,
            RuleTrouble::Condition(problem) if matches!(&problem.trouble, facts::Trouble::NoField { suggestions, .. } if suggestions == &["金额"])
        ));
        let hidden = format!("{ROWS} = 'x'");
        assert!(
            !understood(&county.ctx, (&hidden, Level::Household), None)
                .unwrap()
                .problems
                .is_empty()
        );
    });
}

fn typed(id: &str, when: &str, examples: Vec<Example>) -> Typed {
    let text = HOUSE
        .replace("\"house\"", &format!("\"{id}\""))
        .replace("not water_safe", when)
        .replace("[\"water_safe\"]", "[\"persons\"]")
        .replace("饮水安全：{water_safe}。", "{persons}")
        .replace("Safe water: {water_safe}.", "{persons}");
    Typed { def: RuleDef::parse(&text).unwrap(), examples }
}

fn example(facts: &str, not_delivered: &str, expect: Expected) -> Example {
    let (facts, not_delivered) = (facts.to_owned(), not_delivered.to_owned());
    Example { name: format!("{expect:?}"), facts, not_delivered, expect }
}

fn code<T: std::fmt::Debug>(result: kernel::error::Result<T>) -> &'static str {
    result.unwrap_err().refusal().unwrap().code
}

#[test]
fn a_rule_by_the_form_is_proven_by_its_examples_and_one_that_hits_everybody_is_asked_about() {
    with_each(|county| {
        publish(&county.ctx, &with_list(2)).unwrap();
        listed(county, &[Some(900)]);
        county.household(VILLAGE, 2, true);
        deliver(county, "2026-01-01");
        let when = "listed('drones', 3)";
        let good = vec![
            example("listed('drones', 3) = 是", "", Expected::Hit),
            example("persons = 2", "", Expected::Miss),
            example("persons = 2", "drones", Expected::Unknown),
        ];
        let file = "screening/drone.toml";
        let made = changes(&county.ctx, &typed("drone", when, good), (file, None)).unwrap();
        assert_eq!(made.len(), 2);
        let bad = typed("drone", when, vec![example("persons = 2", "", Expected::Hit)]);
        let refused = code(changes(&county.ctx, &bad, (file, None)));
        assert_eq!(refused, "screening.rule_example_fails");
        let bad = typed("drone", when, vec![example("nothing = 2", "", Expected::Hit)]);
        assert_eq!(code(changes(&county.ctx, &bad, (file, None))), "screening.rule_example");
        let bad = typed("drone", "listed('dron', 3)", Vec::new());
        assert_eq!(code(changes(&county.ctx, &bad, (file, None))), "screening.rule_form");

        let ann = county.person("Ann", kernel::permission::Role::County, None);
        let ben = county.person("Ben", kernel::permission::Role::County, None);
        let head = DraftHead {
            title: "飞手".into(),
            stance: Stance::Optimised,
            document: None,
            valid_from: ann.today,
        };
        let put = |change: Change| {
            let id = begin_with(&ann, &head, change).unwrap();
            submit_draft(&ann, id, 0).unwrap();
            id
        };
        let trial: Trial = trial();
        let one = put(made.into_iter().next().unwrap());
        publish_draft(&ben, one, 1, &trial).unwrap();
        let all = typed("all", "persons >= 0", Vec::new());
        let all = changes(&county.ctx, &all, ("screening/all.toml", None)).unwrap();
        let all = put(all.into_iter().next().unwrap());
        assert_eq!(code(publish_draft(&ben, all, 1, &trial)), "policies.hits_everybody");
        publish_checked(&ben, (all, 1), &trial, true).unwrap();
        screen_all(&county.ctx).unwrap();
        let leads = list(
            &county.ctx,
            &Filter { rule: Some("drone".into()), ..Filter::of(State::Waiting) },
            None,
        );
        assert_eq!(leads.unwrap().total, 1, "{}", county.test.engine);
    });
}
