//! Every command as somebody meets it for the first time: wrong words, missing files, closed folders, both languages, data
//! as JSON, and a county that moves to the other engine.

use crate::county::{
    bill_of, count, hospital_bills, journal_holds, with_areas, with_register, write,
};
use crate::tree::program;
use std::path::Path;
use store::testing::Database;
use store::{Db, DbUrl, Keys, verify_journal};
use testkit::{County, Ran, TODAY};

/// Runs a command in a folder as it stands, in one language.
fn plain(folder: &Path, lang: &str, args: &[&str]) -> Ran {
    let mut all = args.to_vec();
    all.extend(["--lang", lang]);
    program().run(folder, &all)
}

#[test]
fn a_value_that_cannot_be_meant_ends_with_2_and_says_how_to_write_it_in_both_languages() {
    let county = with_areas();
    let dir = county.home();
    let dir = dir.to_str().expect("a path");
    let wrong: [(&[&str], &str, &str); 11] = [
        (&["init", "--dir", "x", "--county", "50015"], "区划代码", "area code"),
        (&["doctor", "--today", "yesterday"], "2026-10-31", "2026-10-31"),
        (&["doctor", "--database", "mysql://x"], "sqlite:", "sqlite:"),
        (&["screen", "--as-of", "31.10.2026"], "2026-10-31", "2026-10-31"),
        (&["serve", "--listen", "here"], "127.0.0.1:8080", "127.0.0.1:8080"),
        (&["import", "x.csv", "--period", "2026-13"], "2026-09", "2026-09"),
        (&["export", "leads", "--out", "leads.txt"], ".xlsx", ".xlsx"),
        (&["match", "decide", "first", "--not-here"], "match list", "match list"),
        (&["match", "list", "--out", "list.doc"], ".csv", ".csv"),
        (
            &["user", "add", "a", "--name", "a", "--role", "king", "--area", "500154"],
            "township",
            "township",
        ),
        (
            &["user", "add", "a", "--name", "a", "--role", "county", "--area", "500"],
            "区划代码",
            "area code",
        ),
    ];
    for (args, zh, en) in wrong {
        let mut all = args.to_vec();
        if !args.contains(&"--dir") {
            all.extend(["--dir", dir]);
        }
        for (lang, words) in [("zh", zh), ("en", en)] {
            let told = plain(county.path(), lang, &all).refused(2);
            assert!(told.err.contains(words), "{args:?}: {}", told.err);
            assert!(told.out.is_empty(), "{args:?}: {}", told.out);
            let chinese = told.err.chars().any(|c| ('一'..='鿿').contains(&c));
            assert_eq!(chinese, lang == "zh", "{args:?}: {}", told.err);
        }
    }
    plain(county.path(), "fr", &["doctor", "--dir", dir]).refused(2);
    plain(county.path(), "en", &["restore", "nowhere"]).refused(1);
    assert!(!county.path().join("x").exists(), "nothing was made");
}

#[test]
fn what_is_not_there_or_closed_is_said_in_one_sentence_in_both_languages() {
    let county = with_areas();
    let folder = county.path();
    std::fs::create_dir(folder.join("empty")).expect("a folder");
    std::fs::write(folder.join("file"), "x").expect("a file");
    std::fs::create_dir(folder.join("odd")).expect("a folder");
    std::fs::write(folder.join("odd/config.toml"), "colour = 3\n").expect("a file");
    let asked: [(&[&str], &str); 13] = [
        (&["doctor", "--dir", "empty"], "shouwang init"),
        (&["doctor", "--dir", "odd"], "config.toml"),
        (&["init", "--county", "500154", "--dir", "county"], "--dir"),
        (&["init", "--county", "500154", "--dir", "file/below"], "file/below"),
        (&["import", "nowhere.xlsx", "--dir", "county"], "nowhere.xlsx"),
        (&["import", "loans", "file", "--dir", "county"], "loans"),
        (&["import", "bananas", "file", "--dir", "county"], "bananas"),
        (&["areas", "import", "empty", "--dir", "county"], "empty"),
        (&["export", "leads", "--out", "no/where.csv", "--dir", "county"], "no/where.csv"),
        (&["screen", "--rules", "nowhere", "--dir", "county"], "nowhere"),
        (&["rules", "check", "--rules", "nowhere", "--dir", "county"], "nowhere"),
        (&["user", "reset", "nobody", "--dir", "county"], "nobody"),
        (&["match", "list", "--as", "nobody", "--dir", "county"], "nobody"),
    ];
    for (args, words) in asked {
        for lang in ["zh", "en"] {
            let told = plain(folder, lang, args).refused(1);
            assert!(told.err.contains(words), "{args:?}: {}", told.err);
            assert!(told.err.trim().lines().count() <= 2, "{args:?}: {}", told.err);
            let chinese = told.err.chars().any(|c| ('一'..='鿿').contains(&c));
            assert_eq!(chinese, lang == "zh", "{args:?}: {}", told.err);
        }
    }
    // What is missing in an account is named.
    let office = [
        "user",
        "add",
        "d",
        "--name",
        "d",
        "--role",
        "department",
        "--area",
        "500154",
        "--dir",
        "county",
    ];
    let told = plain(folder, "en", &office).refused(1);
    assert!(told.err.contains("department"), "{}", told.err);
}

#[test]
fn every_command_that_prints_data_prints_it_as_json() {
    let (county, people) = with_register(4);
    let file = "医保_住院结算_2026-09.xlsx";
    write(&county, file, &hospital_bills(9, &[bill_of(&people, 1, "2026-09-02", "5")]));
    let asked: [&[&str]; 16] = [
        &["import", file],
        &["screen"],
        &["screen", "--as-of", "2026-09-30"],
        &["rules", "check"],
        &["match", "list"],
        &["user", "add", "bob", "--name", "bob", "--role", "township", "--area", "500154201000"],
        &["user", "reset", "bob"],
        &["user", "list"],
        &["facts", "rebuild"],
        &["journal", "verify"],
        &["doctor"],
        &["bench", "--times", "2"],
        &["export", "households", "--out", "households.csv"],
        &["areas", "import", "areas.csv"],
        &["backup", "--out", "saved"],
        &["match", "list", "--out", "queue.csv"],
    ];
    let areas = crate::tree::root().join("crates/registry/tests/matching/town/areas.csv");
    std::fs::copy(areas, county.path().join("areas.csv")).expect("a copy");
    for args in asked {
        let mut all = args.to_vec();
        all.push("--json");
        let told = county.run(&all).ok();
        assert!(told.json().is_object() || told.json().is_array(), "{args:?}");
    }
    let restore = ["restore", "saved", "--dir", "back", "--key", "county/key", "--json"];
    assert!(plain(county.path(), "en", &restore).ok().json()["entries"].as_i64() > Some(3));
    let init = ["init", "--county", "500154", "--dir", "new", "--json"];
    let told = plain(county.path(), "en", &init).ok().json();
    let code = told["recovery_code"].as_str().expect("a code");
    // The recovery code alone opens a backup.
    plain(county.path(), "en", &["backup", "--dir", "new", "--out", "saved-new"]).ok();
    plain(county.path(), "en", &["restore", "saved-new", "--dir", "back-new", "--code", code]).ok();
}

#[test]
fn the_clocks_of_the_cases_go_by_hand_as_often_as_one_likes() {
    let county = with_areas();
    for _ in 0..2 {
        let found = &county.run(&["clocks", "--json"]).ok().json()["found"];
        assert_eq!((found["cases"].as_i64(), found["reminded"].as_i64()), (Some(0), Some(0)));
    }
    let same_day = ["clocks", "--dir", "county", "--today", testkit::TODAY];
    let told = plain(county.path(), "zh", &same_day).ok().out;
    assert!(told.contains("在办案件") && told.contains("新的提醒"), "{told}");
    assert_eq!(count(&county, "select count(*) from journal where verb = 'case.clocks'"), 3);
    assert_eq!(count(&county, "select count(*) from case_clock_runs"), 1);
    journal_holds(&county);
}

#[test]
fn every_table_goes_out_as_text_and_as_workbook_with_numbers_masked() {
    let county = County::demo(&program(), 80);
    for table in ["households", "persons", "incomes", "batches", "leads"] {
        let mut rows = Vec::new();
        for end in ["csv", "xlsx"] {
            let name = format!("{table}.{end}");
            let told = county.run(&["export", table, "--out", &name, "--json"]).ok().json();
            let path = county.path().join(&name);
            let mut book = sheets::Book::open(&path, &sheets::Limits::default()).expect("opens");
            let lines: Vec<String> = book
                .rows(0)
                .expect("rows")
                .map(|row| {
                    let cells = row.expect("a row").cells;
                    cells.iter().map(sheets::Cell::shown).collect::<Vec<_>>().join("|")
                })
                .collect();
            assert_eq!(told["rows"].as_u64(), Some(lines.len() as u64 - 1), "{name}");
            assert!(lines.len() > 1, "{name} holds something");
            assert_eq!(testkit::personal(&lines.join("\n")), Vec::<String>::new(), "{name}");
            rows.push(lines.len());
        }
        assert_eq!(rows[0], rows[1], "{table}");
    }
}

#[test]
fn a_backup_inside_the_originals_or_over_another_is_refused_and_leaves_nothing() {
    let (county, _) = with_register(1);
    let told = county.run(&["backup", "--out", "county/originals/saved"]).refused(1);
    assert!(told.err.contains("originals"), "{}", told.err);
    let left = std::fs::read_dir(county.home().join("originals")).expect("originals");
    assert!(left.flatten().all(|one| !one.file_name().to_string_lossy().contains("saved")));
    county.run(&["backup", "--out", "saved"]).ok();
    county.run(&["backup", "--out", "saved"]).refused(1);
    std::fs::write(county.path().join("saved/backup.json"), "{").expect("a file");
    let told =
        plain(county.path(), "en", &["restore", "saved", "--dir", "b", "--key", "county/key"]);
    assert!(told.refused(1).err.contains("damaged"));
}

#[test]
fn a_county_moves_from_sqlite_to_postgresql_by_its_backup() {
    let Some(database) = Database::create().expect("a database") else {
        eprintln!("not tested here: no PostgreSQL is offered in SHOUWANG_TEST_PG");
        return;
    };
    let (county, people) = with_register(40);
    let file = "医保_住院结算_2026-09.xlsx";
    county.run(&["screen"]).ok();
    let bills: Vec<String> =
        (1..=20).map(|n| bill_of(&people, n, "2026-09-12", "260000")).collect();
    write(&county, file, &hospital_bills(9, &bills));
    county.run(&["import", file]).ok();
    assert_eq!(count(&county, "select count(*) from leads where state = 'open'"), 20);
    county.run(&["backup", "--out", "saved"]).ok();

    let there = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--dir", "moved", "--database", &database.url, "--lang", "en"]);
        all.extend(["--today", TODAY]);
        program().run(county.path(), &all)
    };
    there(&["restore", "saved", "--key", "county/key"]).ok();
    let doctor = there(&["doctor", "--json"]).ok().json();
    assert!(doctor.as_array().expect("checks").iter().all(|one| one["good"] == true), "{doctor}");
    let rebuilt = there(&["facts", "rebuild", "--json"]).ok().json();
    assert_eq!((&rebuilt["changed"], &rebuilt["households"]), (&0.into(), &40.into()), "{rebuilt}");
    for table in ["households", "persons", "batches", "leads"] {
        let (here, moved) = (format!("{table}-here.csv"), format!("{table}-moved.csv"));
        county.run(&["export", table, "--out", &here]).ok();
        there(&["export", table, "--out", &moved]).ok();
        let read = |name: &str| std::fs::read_to_string(county.path().join(name)).expect("a table");
        assert_eq!(read(&here), read(&moved), "{table}");
    }
    let keys = Keys::load(&county.path().join("moved/key")).expect("a key");
    let db = Db::open(&DbUrl::Postgres(database.url.clone()), keys).expect("opens");
    assert!(verify_journal(&db).expect("a report").fault.is_none());
    // It works on there: nothing is stale, and the same list is known.
    let told = there(&["import", file, "--json"]).ok().json();
    assert_eq!(told[0]["known"], true, "{told}");
    // A database with something in it is left alone.
    let again = ["restore", "saved", "--key", "county/key", "--dir", "again", "--lang", "en"];
    let mut all = again.to_vec();
    all.extend(["--database", &database.url]);
    let told = program().run(county.path(), &all).refused(1);
    assert!(told.err.contains("has data in it already"), "{}", told.err);
    assert!(
        !county.path().join("again/key").exists()
            && !county.path().join("moved/moving.db").exists()
    );
    journal_holds(&county);
}

#[test]
fn a_county_is_measured_without_writing_and_an_empty_one_is_told_why_not() {
    let empty = with_areas();
    let told = empty.run(&["bench"]).refused(1);
    assert!(told.err.contains("no households"), "{}", told.err);
    let (county, _) = with_register(30);
    county.run(&["screen"]).ok();
    let entries = || county.run(&["journal", "verify", "--json"]).ok().json()["entries"].as_i64();
    let before = entries();
    let lines = county.run(&["bench", "--times", "3", "--json"]).ok().json();
    let lines = lines.as_array().expect("a list");
    let line = |name: &str| lines.iter().find(|line| line["what"] == name).expect("a line");
    assert_eq!(line("what-if")["found"], 30, "{lines:?}");
    assert_eq!(line("households")["found"], 30);
    assert_eq!(line("rules")["found"], line("rules-cold")["found"]);
    assert_eq!(line("household")["times"], 3);
    assert!(line("search-number")["found"].as_i64() > Some(0), "{lines:?}");
    for line in lines {
        let [half, most] = ["p50_ms", "max_ms"].map(|share| line[share].as_f64().expect("a time"));
        assert!(half > 0.0 && most >= half, "{line}");
    }
    assert_eq!(entries(), before);
    for (lang, words) in
        [("zh", "一条规则换一个阈值试算"), ("en", "one rule tried with another threshold")]
    {
        let told = plain(county.path(), lang, &["bench", "--times", "1", "--dir", "county"]).ok();
        assert!(told.out.contains(words), "{}", told.out);
    }
}
