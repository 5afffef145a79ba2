//! What a bad file gets: one clear sentence or a finding at its cell; the rest goes on and the database is unharmed.

use crate::county::{
    Sheet, ask, bill_of, cells, count, hospital_bills, household, journal_holds, name, number,
    person, register, texts, with_areas, with_register, workbook, write,
};
use crate::scope::account;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::Write;
use testkit::County;

/// Imports and returns what the one file became.
fn import(county: &County, file: &str) -> Json {
    county.run(&["import", file, "--json"]).ok().json()[0].clone()
}

/// Code → cells of the findings of one file.
fn findings(told: &Json) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in told["findings"].as_array().expect("findings") {
        let sheet = one["sheet"].as_str().expect("a sheet");
        let cell = one["cell"].as_str().expect("a cell");
        found
            .entry(one["code"].as_str().expect("a code").to_owned())
            .or_default()
            .push(format!("{sheet}!{cell}"));
    }
    found
}

/// File, sheet and row → outcome and reason of every line of `--rows-out`.
pub fn rows_out(county: &County, file: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(county.path().join(file)).expect("rows-out");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("file,sheet,row,outcome,person_id,household_id,event_date,amount_yuan,repeats,reason")
    );
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn people_with_doubtful_numbers_enter_the_register_marked() {
    let county = with_areas();
    let mut sheets = register(6);
    let wrong = {
        let right = &sheets[1].rows[1][8];
        let last = if right.ends_with('1') { "2" } else { "1" };
        format!("{}{last}", &right[..17])
    };
    sheets[1].rows[1][8] = wrong;
    let shared = sheets[1].rows[3][8].clone();
    sheets[1].rows[5][8] = shared;
    sheets[1].rows[7][8] = number("19730230", 999);
    sheets[1].rows[9][8] = String::new();
    write(&county, "registry.xlsx", &workbook(&sheets));
    let told = import(&county, "registry.xlsx");
    assert_eq!((&told["taken"], &told["rejected"]), (&Json::from(18), &Json::from(0)), "{told}");
    let found = findings(&told);
    let at = |code: &str| found.get(code).cloned().unwrap_or_default().join(" ");
    assert_eq!(at("people.id_wrong_check"), "人!2", "{found:?}");
    assert_eq!(at("people.id_twice"), "人!4 人!6", "{found:?}");
    assert_eq!(at("people.id_impossible_birth"), "人!8", "{found:?}");
    assert_eq!(at("people.id_missing"), "人!10", "{found:?}");
    let states: BTreeMap<String, String> =
        ask(&county, "select number, id_state from persons order by number", &[])
            .iter()
            .map(|row| (row.text(0).expect("text"), row.text(1).expect("text")))
            .collect();
    let state = |n, member| states[&person(n, member)].as_str();
    assert_eq!(
        [state(1, 1), state(2, 1), state(3, 1), state(4, 1), state(5, 1), state(6, 1)],
        ["wrong_check", "twice", "twice", "unverified", "missing", "ok"]
    );
    journal_holds(&county);

    // A department's row with a doubtful number is matched by what else it says, and carries the finding.
    let bills = hospital_bills(
        9,
        &[
            format!("{}|{}|关面乡|2026-09-03|6000", name(2, 1), sheets[1].rows[3][8]),
            format!("{}|{}|关面乡|2026-09-04|7000", name(1, 1), sheets[1].rows[1][8]),
        ],
    );
    write(&county, "医保_住院结算_2026-09.xlsx", &bills);
    county.run(&["import", "医保_住院结算_2026-09.xlsx", "--rows-out", "rows.csv"]).ok();
    let given: Vec<String> = rows_out(&county, "rows.csv")
        .into_iter()
        .filter(|row| row[3] == "taken")
        .map(|row| row[4].clone())
        .collect();
    assert_eq!(given, [person(2, 1), person(1, 1)]);
}

#[test]
fn a_register_row_that_cannot_be_used_is_a_finding_and_the_others_go_on() {
    let county = with_areas();
    let mut sheets = register(5);
    sheets[0].rows[1][1] = "桃花源村".to_owned();
    sheets[0].rows[3][3] = household(2);
    sheets[1].rows[7][6] = "1970-02-31".to_owned();
    sheets[1].rows[9][2] = person(4, 1);
    write(&county, "registry.xlsx", &workbook(&sheets));
    let told = import(&county, "registry.xlsx");
    let found = findings(&told);
    let at = |code: &str| found.get(code).cloned().unwrap_or_default().join(" ");
    assert_eq!(at("intake.village_unknown"), "户!2", "{found:?}");
    assert_eq!(at("households.number_twice"), "户!4", "{found:?}");
    assert_eq!(at("people.number_twice"), "人!10", "{found:?}");
    let date: Vec<_> = found.iter().filter(|(_, at)| at.contains(&"人!G8".to_owned())).collect();
    assert_eq!(date.len(), 1, "the impossible birth date has a finding at its cell: {found:?}");
    // Households 1 and 3 did not enter, nor did their four people, nor the repeated person.
    assert_eq!(at("people.household_missing"), "人!2 人!3 人!6 人!7", "{found:?}");
    assert_eq!(count(&county, "select count(*) from households"), 3);
    assert_eq!(count(&county, "select count(*) from persons"), 5);
    assert_eq!(told["rejected"], 7, "{told}");
}

#[test]
fn an_amount_that_is_no_number_and_a_day_that_is_none_are_findings_at_their_cells() {
    let (county, people) = with_register(6);
    let bills = hospital_bills(
        9,
        &[
            bill_of(&people, 1, "2026-09-02", "壹仟多"),
            bill_of(&people, 2, "2026-09-31", "800"),
            bill_of(&people, 3, "2026-09-03", "1,200.50元"),
            bill_of(&people, 4, "2026-09-04", "=SUM(A1:A2)"),
        ],
    );
    write(&county, "医保_住院结算_2026-09.xlsx", &bills);
    let told =
        county.run(&["import", "医保_住院结算_2026-09.xlsx", "--json", "--rows-out", "rows.csv"]);
    let told = told.ok().json()[0].clone();
    let found = findings(&told);
    assert_eq!(found["cells.not_an_amount"], ["住院!H4"], "{found:?}");
    let day: Vec<_> = found.iter().filter(|(_, at)| at.contains(&"住院!F5".to_owned())).collect();
    assert_eq!(day.len(), 1, "{found:?}");
    let rows = rows_out(&county, "rows.csv");
    let amount = |n: &str| rows.iter().find(|row| row[2] == n).map(|row| row[7].clone());
    assert_eq!(amount("6").as_deref(), Some("1200.50"));
    assert_eq!(amount("7").as_deref(), Some("1234.50"), "a formula counts as its stored result");
    assert_eq!(amount("4").as_deref(), Some(""), "an amount that is no number is no amount");
    let stored = texts(&county, "select cell from findings order by cell");
    assert!(stored.contains(&"H4".to_owned()), "kept with the batch: {stored:?}");
    // On the page of the batch every kind of finding has words, also while one kind is chosen.
    let batch = texts(&county, "select distinct batch_id from findings where cell = 'H4'");
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    for chosen in ["", "?finding=cells.not_an_amount"] {
        let page = alice.get(&format!("/intake/batches/{}{chosen}", batch[0])).ok();
        page.shows("“壹仟多”不是金额。").shows("没有“2026-09-31”这一天。");
        page.hides(">cells.no_such_day<");
    }
}

/// A packed file that unpacks to far more than it should.
fn bomb() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let line = format!("王春梅,{},关面乡,2026-09-02,100.00\n", number("19700302", 701));
    let piece = line.repeat(16 * 1024);
    packed.write_all("姓名,身份证号,参保地,结算日期,合规自付\n".as_bytes()).expect("packs");
    for _ in 0..40 {
        packed.write_all(piece.as_bytes()).expect("packs");
    }
    packed.finish().expect("packs")
}

/// An old workbook whose stream is named as Excel 95 named it.
fn excel_95() -> Vec<u8> {
    let mut bytes = include_bytes!("../../../sheets/tests/corpus/read-biff8.xls").to_vec();
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = bytes.windows(16).position(|part| part == name).expect("the stream's name");
    let older: Vec<u8> = "Book\0\0\0\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes[at..at + 16].copy_from_slice(&older);
    bytes[at + 64] = 10;
    bytes
}

#[test]
fn a_file_that_cannot_be_read_gets_one_sentence_and_changes_nothing() {
    let (county, people) = with_register(4);
    let good = workbook(&people);
    let mut locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    locked.resize(3000, 0);
    let damaged = locked.clone();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    std::fs::write(county.home().join("config.toml"), "max_upload_mb = 1\n").expect("config");
    let unknown = workbook(&[Sheet {
        name: "表",
        rows: vec![cells("甲|乙|丙"), cells("1|2|3"), cells("4|5|6")],
    }]);
    let files: [(&str, Vec<u8>, &str); 10] = [
        ("空.xlsx", Vec::new(), "The file is empty"),
        ("半个.xlsx", good[..good.len() / 2].to_vec(), "The file is damaged"),
        ("密码.xlsx", locked, "protected by a password"),
        ("坏.xls", damaged, "The file is damaged"),
        ("旧.xls", excel_95(), "Excel 95"),
        ("网页.xls", b"<html><table><tr><td>x".to_vec(), "web page"),
        ("说明.pdf", b"%PDF-1.4 \x00\x01".to_vec(), "neither a workbook nor a text table"),
        ("医保_住院结算_2026-09.csv.gz", bomb(), "unpacks to far too much"),
        ("太大.csv", vec![b'a'; 1_200_000], "at most 1 MB"),
        ("别的.xlsx", unknown, ""),
    ];
    let before = count(&county, "select count(*) from batches");
    for (name, bytes, sentence) in files {
        write(&county, name, &bytes);
        let told = county.run(&["import", name]).refused(1);
        assert!(told.err.contains(name), "{name}: the sentence names the file: {}", told.err);
        assert!(told.err.contains(sentence), "{name}: {}", told.err);
        assert!(told.err.trim().lines().count() <= 2, "{name}: sentence and advice: {}", told.err);
        for word in ["panicked", "Error {", "fault", "unworded", "did not work ("] {
            assert!(!told.err.contains(word), "{name}: {}", told.err);
        }
    }
    assert_eq!(count(&county, "select count(*) from batches"), before);
    assert_eq!(count(&county, "select count(*) from households"), 4);
    journal_holds(&county);
    write(
        &county,
        "医保_住院结算_2026-09.xlsx",
        &hospital_bills(9, &[bill_of(&people, 1, "2026-09-02", "5")]),
    );
    assert_eq!(import(&county, "医保_住院结算_2026-09.xlsx")["taken"], 1, "the county works on");
}

#[test]
fn the_kept_broken_files_get_a_sentence_each_and_never_the_words_of_a_library() {
    let (county, _) = with_register(2);
    let kept = crate::tree::root().join("crates/sheets/tests/corpus");
    let mut asked = 0;
    for file in std::fs::read_dir(&kept).expect("the corpus") {
        let file = file.expect("a file").path();
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let told = county.run(&["import", file.to_str().expect("a path")]);
        asked += 1;
        if name.starts_with("refused-") {
            let told = told.clone().refused(1);
            assert!(told.err.contains(&name), "the sentence names the file: {}", told.err);
            assert!(told.err.trim().lines().count() <= 2, "{name}: {}", told.err);
        }
        for word in ["panicked", "RUST_BACKTRACE", ".rs:", "unwrap", "did not work ("] {
            assert!(!told.err.contains(word), "{name}: {}", told.err);
        }
    }
    assert!(asked >= 30, "only {asked} files");
    assert_eq!(count(&county, "select count(*) from batches"), 1, "the register alone");
    journal_holds(&county);
}

#[test]
fn a_bad_file_among_good_ones_is_named_and_the_good_ones_are_taken() {
    let (county, people) = with_register(4);
    std::fs::create_dir(county.path().join("lists")).expect("a folder");
    write(&county, "lists/坏.xlsx", b"PK\x03\x04 no workbook");
    write(
        &county,
        "lists/医保_住院结算_2026-09.xlsx",
        &hospital_bills(9, &[bill_of(&people, 1, "2026-09-02", "5")]),
    );
    let told = county.run(&["import", "lists", "--json"]).refused(1);
    assert!(told.err.contains("坏.xlsx"), "{}", told.err);
    assert_eq!(told.json()[0]["taken"], 1);
}

#[test]
fn the_same_file_twice_is_recognised_and_a_corrected_one_takes_its_place() {
    let (county, people) = with_register(6);
    let file = "医保_住院结算_2026-09.xlsx";
    let rows: Vec<String> =
        (1..=3).map(|n| bill_of(&people, n, &format!("2026-09-0{n}"), "6000")).collect();
    write(&county, file, &hospital_bills(9, &rows));
    let first = import(&county, file);
    assert_eq!((&first["taken"], &first["known"]), (&Json::from(3), &Json::from(false)));
    let records = "select count(*) from records r join batches b on b.id = r.batch_id where b.list_id = 'medical_stays' and b.state = 'accepted'";
    assert_eq!(count(&county, records), 3);

    let again = import(&county, file);
    assert_eq!((&again["known"], &again["batch"]), (&Json::from(true), &first["batch"]));
    std::fs::copy(county.path().join(file), county.path().join("copy.xlsx")).expect("a copy");
    assert_eq!(import(&county, "copy.xlsx")["batch"], first["batch"], "known under any name");
    assert_eq!(count(&county, records), 3, "nothing is doubled");

    // The same list for the same month with one amount corrected and one row taken out.
    write(
        &county,
        file,
        &hospital_bills(9, &[rows[0].clone(), bill_of(&people, 2, "2026-09-02", "8000")]),
    );
    let corrected = import(&county, file);
    assert_eq!(
        (&corrected["taken"], &corrected["duplicate"], &corrected["known"]),
        (&Json::from(2), &Json::from(0), &Json::from(false)),
        "{corrected}"
    );
    assert_eq!(count(&county, records), 2);
    let state = ask(
        &county,
        "select state from batches where id = $1",
        &[store::Value::from(first["batch"].as_str().expect("a batch"))],
    );
    assert_eq!(state[0].text(0).expect("text"), "replaced");
    journal_holds(&county);
}

#[test]
fn a_row_that_repeats_another_is_a_duplicate_of_it() {
    let (county, people) = with_register(4);
    let row = bill_of(&people, 1, "2026-09-02", "6000");
    write(&county, "医保_住院结算_2026-09.xlsx", &hospital_bills(9, &[row.clone(), row.clone()]));
    county.run(&["import", "医保_住院结算_2026-09.xlsx", "--rows-out", "rows.csv"]).ok();
    let rows = rows_out(&county, "rows.csv");
    let second = rows.iter().find(|row| row[2] == "5").expect("the second row");
    assert_eq!(second[3], "duplicate");
    assert_eq!(second[4], person(1, 1), "it names the person");
    assert_eq!(second[8], "医保_住院结算_2026-09.xlsx|住院|4", "and the row it repeats");
}

#[test]
fn a_dry_run_tells_everything_and_writes_nothing() {
    let (county, people) = with_register(5);
    let stranger = format!("{}|{}|关面乡|2026-09-05|100", "欧阳无名", number("19800101", 999));
    let mut rows: Vec<String> =
        (1..=3).map(|n| bill_of(&people, n, &format!("2026-09-0{n}"), "6000")).collect();
    rows.push(stranger);
    let file = "医保_住院结算_2026-09.xlsx";
    write(&county, file, &hospital_bills(9, &rows));
    let state = |what: &'static str| count(&county, what);
    let before = [
        state("select count(*) from batches"),
        state("select count(*) from journal"),
        state("select count(*) from records"),
        state("select count(*) from batch_rows"),
        state("select count(*) from findings"),
    ];
    let args = ["import", file, "--dry-run", "--json", "--rows-out", "look.csv"];
    let looked = county.run(&args).ok().json()[0].clone();
    assert_eq!(
        (&looked["taken"], &looked["not_here"]),
        (&Json::from(3), &Json::from(1)),
        "{looked}"
    );
    assert!(looked["batch"].is_null());
    let after = [
        state("select count(*) from batches"),
        state("select count(*) from journal"),
        state("select count(*) from records"),
        state("select count(*) from batch_rows"),
        state("select count(*) from findings"),
    ];
    assert_eq!(after, before);
    county.run(&["import", file, "--rows-out", "done.csv"]).ok();
    let (looked, done) = (rows_out(&county, "look.csv"), rows_out(&county, "done.csv"));
    assert_eq!(looked, done, "what was foretold came true");
    let numbers: Vec<&str> = done.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6", "7"], "every row has one line");
    let outcomes: Vec<&str> = done.iter().map(|row| row[3].as_str()).collect();
    assert_eq!(
        outcomes,
        ["not_data", "not_data", "not_data", "taken", "taken", "taken", "not_here"]
    );
}

#[test]
fn a_wrong_period_or_a_missing_file_is_said_before_anything_is_done() {
    let county = with_areas();
    let told = county.run(&["import", "nowhere.xlsx"]).refused(1);
    assert!(told.err.contains("nowhere.xlsx"), "{}", told.err);
    write(&county, "registry.xlsx", &workbook(&register(1)));
    let told = county.run(&["import", "registry.xlsx", "--period", "last month"]).refused(2);
    assert!(told.err.contains("--period"), "{}", told.err);
    assert_eq!(count(&county, "select count(*) from households"), 0);
}
