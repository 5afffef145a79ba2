//! A kept town with heavy mess: its register and its departments' lists through the real command line, scored as the
//! acceptance table says.

use crate::bad_input::rows_out;
use crate::county::{Sheet, cells, count, journal_holds, with_areas, workbook, write};
use crate::tree::root;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The kept register as the two sheets of a register: the people as they are, a household for each of their numbers.
fn register() -> [Sheet; 2] {
    let file = root().join("crates/registry/tests/matching/town/registry.csv.gz");
    let mut book = sheets::Book::open(&file, &sheets::Limits::default()).expect("opens");
    let rows = book.rows(0).expect("rows").map(|row| {
        row.expect("a row").cells.iter().map(sheets::Cell::shown).collect::<Vec<String>>()
    });
    let people: Vec<Vec<String>> = rows.collect();
    let mut homes = vec![cells("乡|村|户编号|户主姓名|户类型|联系电话")];
    let mut known = BTreeSet::new();
    for row in people.iter().skip(1).filter(|row| row[9] == "户主") {
        if known.insert(row[3].clone()) {
            let phone = row.get(10).cloned().unwrap_or_default();
            homes.push(vec![
                row[0].clone(),
                row[1].clone(),
                row[3].clone(),
                row[4].clone(),
                "一般农户".to_owned(),
                phone,
            ]);
        }
    }
    [Sheet { name: "户", rows: homes }, Sheet { name: "人", rows: people }]
}

#[test]
fn the_lists_of_a_town_find_their_people_through_the_command_line() {
    let county = with_areas();
    let sheets = register();
    let persons = sheets[1].rows.len() - 1;
    write(&county, "registry.xlsx", &workbook(&sheets));
    let told = county.run(&["import", "registry.xlsx", "--json"]).ok().json()[0].clone();
    assert_eq!(told["rejected"], 0, "{told}");
    assert_eq!(
        count(&county, "select count(*) from persons"),
        i64::try_from(persons).expect("small")
    );

    let town = root().join("crates/registry/tests/matching/town");
    let lists = town.join("departments");
    let files = std::fs::read_dir(&lists).expect("lists").count();
    let args = ["import", lists.to_str().expect("a path"), "--json", "--rows-out", "rows.csv"];
    let told = county.run(&args).ok().json();
    let told = told.as_array().expect("files");
    assert_eq!(told.len(), files, "every list is recognised");

    // Every row has one outcome and is counted once.
    let mut lines: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    let mut places = BTreeSet::new();
    for row in rows_out(&county, "rows.csv") {
        assert!(places.insert((row[0].clone(), row[1].clone(), row[2].clone())), "twice: {row:?}");
        *lines.entry(row[0].clone()).or_default().entry(row[3].clone()).or_default() += 1;
    }
    for one in told {
        let file = one["file"].as_str().expect("a file");
        for outcome in ["taken", "duplicate", "asked", "not_here", "rejected", "not_data"] {
            let said = one[outcome].as_i64().expect("a number");
            let counted = lines[file].get(outcome).copied().unwrap_or(0);
            assert_eq!(said, counted, "{file}: {outcome}");
        }
    }

    let score = Command::new("python3")
        .arg(root().join("tests/score/score.py"))
        .arg("rows")
        .args([town.join("truth"), county.path().join("rows.csv")])
        .args(["--bar", "97"])
        .output()
        .expect("python3 runs");
    assert!(
        score.status.success(),
        "below a bar\n{}{}",
        String::from_utf8_lossy(&score.stdout),
        String::from_utf8_lossy(&score.stderr)
    );
    journal_holds(&county);
}
