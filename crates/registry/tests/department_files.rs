//! Every file of a folder of test data is read and compared with what its truth says of each row: is it data, which day,
//! which amount. Runs where `SHOUWANG_DATA` names the folder; the kept excerpts are compared everywhere.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at what it does not expect and says what it compared"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use registry::intake::{ReadRow, Templates, reading};
use sheets::{Book, Limits, RowKind};

#[derive(Debug, Clone, Default, PartialEq)]
struct Truth {
    event_date: String,
    amount_yuan: String,
    listed: bool,
}

/// What the truth says: file, sheet, row → day and amount.
fn truth(file: &Path) -> BTreeMap<(String, String, u32), Truth> {
    let mut reader = csv::Reader::from_path(file).expect("truth opens");
    let headings = reader.headers().expect("headings").clone();
    let at = |name: &str| headings.iter().position(|heading| heading == name).expect(name);
    let (f, s, r) = (at("file"), at("sheet"), at("row"));
    let (day, amount) = (at("event_date"), at("amount_yuan"));
    reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            let key = (record[f].to_owned(), record[s].to_owned(), record[r].parse().expect("row"));
            let said = Truth {
                event_date: record[day].to_owned(),
                amount_yuan: record[amount].to_owned(),
                listed: true,
            };
            (key, said)
        })
        .collect()
}

#[derive(Debug, Default)]
struct Score {
    files: usize,
    rows: usize,
    data: usize,
    compared: usize,
    wrong: Vec<String>,
    templates: BTreeMap<String, usize>,
}

/// Reads every file under `departments` and compares. `complete` = rows that the truth does not list are no data.
fn compare(folder: &Path, rows: &Path, complete: bool) -> Score {
    let templates = Templates::shipped().expect("templates");
    let truth = truth(rows);
    let mut score = Score::default();
    let mut seen = BTreeSet::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join("departments"))
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    files.sort();
    for path in files {
        let name = format!("departments/{}", path.file_name().expect("name").to_string_lossy());
        score.files += 1;
        let mut book = Book::open(&path, &Limits::default()).expect("opens");
        let plans = reading::plan(&mut book, &name, &templates, &|_| None).expect("plans");
        for plan in &plans {
            match &plan.mapping {
                Some(mapping) => {
                    *score.templates.entry(mapping.template.clone()).or_default() += 1;
                    if !mapping.is_sure() || !mapping.unused.is_empty() {
                        score.wrong.push(format!("{name} {}: {mapping:?}", plan.sheet));
                    }
                    if plan.said.period.is_none() && plan.said.day.is_none() {
                        // 危房台账 and 机动车 name no month in their titles.
                        let timeless =
                            ["house_grades", "vehicles"].contains(&mapping.template.as_str());
                        if !timeless {
                            score.wrong.push(format!("{name} {}: no period", plan.sheet));
                        }
                    }
                }
                None => score.wrong.push(format!("{name} {}: not recognised", plan.sheet)),
            }
            reading::read(&mut book, (&name, plan), &templates, &mut |row: ReadRow| {
                score.rows += 1;
                let key = (row.file.to_string(), row.sheet.to_string(), row.row);
                let said = truth.get(&key);
                if row.kind != RowKind::Data {
                    if said.is_some() {
                        score.wrong.push(format!("{key:?} is data, read as {:?}", row.kind));
                    }
                    return Ok(());
                }
                score.data += 1;
                match said {
                    Some(said) => {
                        seen.insert(key.clone());
                        score.compared += 1;
                        agree(&row, said, &mut score.wrong);
                    }
                    None if complete => score.wrong.push(format!("{key:?} is no data: {row:?}")),
                    None => {}
                }
                Ok(())
            })
            .expect("reads");
        }
    }
    for key in truth.keys().filter(|key| !seen.contains(*key)) {
        if !score.wrong.iter().any(|wrong| wrong.starts_with(&format!("{key:?}"))) {
            score.wrong.push(format!("{key:?} was never read"));
        }
    }
    score
}

fn agree(row: &ReadRow, said: &Truth, wrong: &mut Vec<String>) {
    let place = (&row.file, &row.sheet, row.row);
    let day = row.event_date.map(|day| day.to_string()).unwrap_or_default();
    if !said.event_date.is_empty() && day != said.event_date {
        wrong.push(format!("{place:?} day {day:?}, truth {:?}", said.event_date));
    }
    if !said.amount_yuan.is_empty() {
        let expected: f64 = said.amount_yuan.parse().expect("amount");
        let found = row.amount.map(|money| money.fen());
        if found != Some((expected * 100.0).round() as i64) {
            wrong.push(format!("{place:?} amount {found:?}, truth {expected}"));
        }
    }
    if row.evidence.is_empty() {
        wrong.push(format!("{place:?} shows nobody"));
    }
}

fn report(title: &str, score: &Score) {
    println!(
        "{title}: {} files, {} rows, {} data, {} compared, {} wrong; {:?}",
        score.files,
        score.rows,
        score.data,
        score.compared,
        score.wrong.len(),
        score.templates
    );
    for wrong in score.wrong.iter().take(40) {
        println!("  {wrong}");
    }
}

#[test]
fn the_department_files_say_what_their_truth_says() {
    let Some(data) = std::env::var_os("SHOUWANG_DATA").map(PathBuf::from) else {
        eprintln!("SHOUWANG_DATA is not set: the large comparison is left out");
        return;
    };
    let mut wrong = 0;
    for (place, truth, complete) in
        [("guanmian", "truth/rows.csv", true), ("qin", "truth_sample/rows.csv", false)]
    {
        let folder = data.join(place);
        let score = compare(&folder, &folder.join(truth), complete);
        report(place, &score);
        wrong += score.wrong.len();
    }
    assert_eq!(wrong, 0);
}

#[test]
fn the_register_and_the_incomes_are_read_whole() {
    let Some(data) = std::env::var_os("SHOUWANG_DATA").map(PathBuf::from) else {
        eprintln!("SHOUWANG_DATA is not set: the register is left out");
        return;
    };
    let templates = Templates::shipped().expect("templates");
    for (name, lists) in [
        ("registry.xlsx", &[("register_households", 2_000), ("register_persons", 6_150)][..]),
        ("income.csv", &[("income", 43_813)][..]),
    ] {
        let path = data.join("guanmian").join(name);
        let mut book = Book::open(&path, &Limits::default()).expect("opens");
        let plans = reading::plan(&mut book, name, &templates, &|_| None).expect("plans");
        assert_eq!(plans.len(), lists.len());
        for (plan, (template, rows)) in plans.iter().zip(lists) {
            let mapping = plan.mapping.as_ref().expect("recognised");
            assert_eq!(mapping.template, *template);
            assert!(mapping.is_sure() && mapping.unused.is_empty(), "{mapping:?}");
            let (mut data, mut findings) = (0, BTreeMap::<String, usize>::new());
            reading::read(&mut book, (name, plan), &templates, &mut |row| {
                data += usize::from(row.kind == RowKind::Data);
                for finding in &row.findings {
                    *findings
                        .entry(format!("{} {:?}", finding.code, finding.args.last()))
                        .or_default() += 1;
                }
                Ok(())
            })
            .expect("reads");
            println!("{name} {}: {data} rows, {findings:?}", plan.sheet);
            assert_eq!(data, *rows, "{name} {}", plan.sheet);
            assert!(findings.is_empty(), "{findings:?}");
        }
    }
}
