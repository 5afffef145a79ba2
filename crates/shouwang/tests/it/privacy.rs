//! What a log may never hold: names, citizen numbers and phones of people, also when everything is logged.

use crate::county::{
    Sheet, bill_of, hospital_bills, name, register, with_areas_by, workbook, write,
};
use crate::scope::account;
use crate::tree::{program, root};

/// Every name and every citizen number of a register.
fn persons(register: &[Sheet; 2]) -> Vec<String> {
    register[1].rows.iter().skip(1).flat_map(|row| [row[4].clone(), row[8].clone()]).collect()
}

/// The lines that name somebody.
fn telling<'a>(log: &'a str, persons: &[String]) -> Vec<&'a str> {
    log.lines().filter(|line| persons.iter().any(|words| line.contains(words.as_str()))).collect()
}

#[test]
fn a_log_of_everything_names_nobody() {
    let county = with_areas_by(&program().logging("trace"));
    let register = register(12);
    let persons = persons(&register);
    write(&county, "registry.xlsx", &workbook(&register));
    let bills: Vec<String> =
        (1..=6).map(|n| bill_of(&register, n, "2026-09-03", "31000")).collect();
    write(&county, "bills.xlsx", &hospital_bills(9, &bills));
    let mut log = String::new();
    for verb in [&["import", "registry.xlsx"][..], &["import", "bills.xlsx"], &["screen"]] {
        log.push_str(&county.run(verb).ok().err);
    }
    let server = county.serve();
    let chen = account(&county, &server, "chen", &["--role", "village", "--area", "500154201200"]);
    let number = register[1].rows[1][8].as_str();
    for query in [name(1, 1).as_str(), number, &number[12..]] {
        let page = chen.get(&format!("/households?q={query}")).ok();
        let household = page.link("/households/0");
        chen.get(&household).ok().shows(&name(1, 1));
    }
    chen.get("/leads").ok();
    log.push_str(&server.log_text());
    assert!(log.lines().count() > 20, "everything is logged:\n{log}");
    assert_eq!(telling(&log, &persons), Vec::<&str>::new());
}

#[test]
fn a_log_of_everything_names_nobody_on_postgresql_either() {
    let Some(database) = store::testing::Database::create().expect("a database") else { return };
    let program = program().logging("trace");
    let county = testkit::County::empty_folder(&program);
    let register = register(6);
    write(&county, "registry.xlsx", &workbook(&register));
    let areas = root().join("crates/registry/tests/matching/town/areas.csv");
    let areas = areas.to_str().expect("a path");
    let mut log = String::new();
    for verb in [
        &["init", "--county", "500154"][..],
        &["areas", "import", areas],
        &["import", "registry.xlsx"],
        &["screen"],
    ] {
        let args: Vec<&str> = verb.iter().copied().chain(["--database", &database.url]).collect();
        log.push_str(&county.run(&args).ok().err);
    }
    assert_eq!(telling(&log, &persons(&register)), Vec::<&str>::new());
}

#[test]
fn a_line_that_names_somebody_is_found() {
    let log = "one\nparameters: [\"王春梅\"]\nthree";
    assert_eq!(telling(log, &["王春梅".to_owned()]), ["parameters: [\"王春梅\"]"]);
}
