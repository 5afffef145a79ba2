//! The demo county from outside: made once, screened, answered, and the same again.

use std::io::Read as _;

use std::collections::BTreeSet;

use testkit::{County, TODAY};

use crate::county::{count, texts};
use crate::tree::{program, root};

fn demo(county: &County) -> serde_json::Value {
    let args = ["demo", "--households", "200", "--seed", "7", "--no-serve", "--json"];
    county.run(&args).ok().json()
}

fn number(value: &serde_json::Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or_else(|| panic!("{name} in {value}"))
}

#[test]
fn a_demo_is_a_county_at_work_where_every_row_has_an_outcome() {
    let county = County::empty_folder(&program());
    let made = demo(&county);
    assert_eq!(number(&made, "households"), 200);
    assert!(number(&made, "persons") > 400);
    assert!(number(&made, "lists") > 60, "twelve months of a dozen offices: {made}");
    let outcomes = ["taken", "repeats", "asked", "not_here", "rejected"];
    let sum: i64 = outcomes.iter().map(|name| number(&made, name)).sum();
    assert_eq!(sum, number(&made, "rows"), "every data row has one outcome: {made}");
    assert!(number(&made, "asked") >= 3, "something to decide: {made}");
    assert!(number(&made, "not_here") >= 3, "strangers stay strangers: {made}");
    let taken = number(&made, "taken") as f64 / number(&made, "rows") as f64;
    assert!(taken > 0.9, "most rows find their person by themselves: {made}");
    let leads = number(&made, "leads");
    assert!(leads > 20 && leads < 120, "some households hit something, not most: {made}");
    for name in ["severe", "serious", "notice", "open", "answered"] {
        assert!(number(&made, name) > 0, "{name}: {made}");
    }
    county.run(&["journal", "verify"]).ok();

    // What the sample people find: the exports say it without a page.
    let leads = exported(&county, "leads");
    let open: Vec<&Vec<String>> = leads.iter().filter(|row| row[8] == "open").collect();
    assert!(open.iter().any(|row| row[9] == TODAY), "something is due today");
    assert!(open.iter().any(|row| !row[9].is_empty() && row[9].as_str() < TODAY), "overdue");
    let story = |rule: &str| leads.iter().any(|row| row[10].split(' ').any(|one| one == rule));
    for rule in [
        "spending-below-line",
        "water-village",
        "dropout",
        "disaster-village",
        "vehicle",
        "wages-unpaid",
    ] {
        assert!(story(rule), "the story of {rule} is there");
    }
    assert!(
        leads.iter().any(|row| row[10].split(' ').count() >= 3),
        "a household with several hits"
    );
    assert!(
        leads.iter().filter(|row| !row[11].is_empty()).count() >= 3,
        "answers of the sample people"
    );

    let persons = exported(&county, "persons");
    assert!(persons.iter().filter(|row| !row[7].is_empty()).all(|row| row[7].contains("****")));
    assert!(persons.iter().filter(|row| !row[9].is_empty()).all(|row| row[9].contains("****")));
    assert_eq!(exported(&county, "households").len(), 200);
    assert!(exported(&county, "incomes").len() > 200 * 8);
    assert!(exported(&county, "batches").iter().all(|row| row[4] == "accepted"));

    cases_stand_in_every_state(&county);

    // A second time the folder is opened and nothing is made anew.
    let again = county.run(&["demo", "--no-serve"]).ok().out;
    assert!(again.contains("served again"), "{again}");
    assert_eq!(exported(&county, "households").len(), 200);
}

/// Life and state of every file in which a pack describes a life.
fn states() -> BTreeSet<String> {
    let packs = std::fs::read_dir(root().join("packs")).unwrap();
    let folders = packs.map(|pack| pack.unwrap().path().join("lives")).filter(|it| it.is_dir());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let life: toml::Table = text.parse().unwrap();
        for state in life.get("states").and_then(toml::Value::as_array).into_iter().flatten() {
            let (life, state) = (life["id"].as_str().unwrap(), state["id"].as_str().unwrap());
            found.insert(format!("{life} {state}"));
        }
    }
    found
}

/// A visitor finds a case wherever a case can be, and what can happen on its way.
fn cases_stand_in_every_state(county: &County) {
    let here = texts(county, "select distinct life || ' ' || state from cases order by 1");
    let missing: Vec<String> = states().into_iter().filter(|one| !here.contains(one)).collect();
    assert!(missing.is_empty(), "nobody stands there: {missing:?}");
    let happened = [
        ("help first", "select count(*) from cases where urgent = 1 and life = 'monitoring'"),
        ("rolled back", "select count(*) from case_steps where step = 'roll_back'"),
        ("marked again", "select count(*) from case_steps where step = 'mark_again'"),
        ("ended by itself", "select count(*) from cases where closed_how = 'natural'"),
        ("returned", "select count(*) from case_steps where step = 'return_by_county'"),
        ("a campaign", "select count(*) from campaigns"),
    ];
    for (what, sql) in happened {
        assert!(count(county, sql) > 0, "{what}");
    }
}

#[test]
fn demo_leaves_a_folder_that_it_did_not_make_alone() {
    let (county, _) = County::empty(&program());
    let told = county.run(&["demo", "--no-serve"]).refused(1);
    assert!(told.err.contains("did not make"), "{}", told.err);
    county.run(&["export", "households", "--out", "h.txt"]).refused(2);
    county.run(&["export", "no-such-table", "--out", "h.csv"]).refused(2);
}

/// The rows of an exported table without its heading.
fn exported(county: &County, table: &str) -> Vec<Vec<String>> {
    let name = format!("{table}.csv");
    county.run(&["export", table, "--out", &name]).ok();
    let mut text = String::new();
    std::fs::File::open(county.path().join(&name)).unwrap().read_to_string(&mut text).unwrap();
    csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}
