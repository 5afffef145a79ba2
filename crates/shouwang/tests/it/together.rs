//! Several programs on one county at the same time: each does its work, none takes another's half-done work for a wreck.

use crate::county::{Sheet, bill_of, count, journal_holds, texts, with_register, write};
use std::fmt::Write as _;
use testkit::{County, wait_for};

const FILE: &str = "医保_住院结算_2026-09.csv";

/// A list of so many bills of the people of a register.
pub fn bills(people: &[Sheet; 2], households: usize, rows: usize) -> String {
    let mut text = "2026年9月住院医疗费用结算明细,,,,,,,,\n序号,姓名,身份证号,参保地,医院,结算日期,总费用,合规自付,备注\n".to_owned();
    for n in 0..rows {
        let day = format!("2026-09-{:02}", 1 + n / households % 30);
        let bill = bill_of(people, 1 + n % households, &day, &(1_000 + n).to_string());
        let c: Vec<&str> = bill.split('|').collect();
        writeln!(text, "{n},{},{},{},县医院,{},9000,{},", c[0], c[1], c[2], c[3], c[4])
            .expect("a string grows");
    }
    text
}

/// How much the database's log holds.
pub fn log_size(county: &County) -> u64 {
    std::fs::metadata(county.home().join("shouwang.db-wal")).map_or(0, |m| m.len())
}

#[test]
fn a_list_is_imported_while_others_screen_serve_and_check() {
    const HOUSEHOLDS: usize = 60;
    for rows in [8_000, 24_000, 72_000] {
        let (county, people) = with_register(HOUSEHOLDS);
        write(&county, FILE, bills(&people, HOUSEHOLDS, rows).as_bytes());
        let mut import = county.start(&["import", FILE]);
        wait_for("rows are being staged", 120, || {
            let ended = import.try_wait().expect("a child").is_some();
            (ended || log_size(&county) > 400_000).then_some(())
        });
        let screened = county.run(&["screen", "--json"]);
        let server = county.serve();
        let overlapped = import.try_wait().expect("a child").is_none();
        let checked = county.run(&["rules", "check", "--json"]);
        let ended = import.wait().expect("a child");
        let told = std::fs::read_to_string(county.path().join("verb.log")).expect("a log");
        assert!(ended.success(), "the import: {told}");
        screened.ok();
        checked.ok();
        assert_eq!(
            texts(&county, "select state from batches where list_id = 'medical_stays'"),
            ["accepted"]
        );
        let outcomes =
            "select rows_taken + rows_duplicate + rows_asked + rows_not_here + rows_rejected
             from batches where list_id = 'medical_stays'";
        assert_eq!(count(&county, outcomes), i64::try_from(rows).expect("small"));
        let kept = "select count(*) from batch_rows r join batches b on b.id = r.batch_id where b.list_id = 'medical_stays'";
        assert_eq!(count(&county, kept), i64::try_from(rows).expect("small"));
        assert_eq!(count(&county, "select count(*) from journal where verb = 'intake.sweep'"), 0);
        server.visitor().get("/sign-in").ok();
        journal_holds(&county);
        if overlapped {
            return;
        }
    }
    panic!("the import was always faster than the others");
}

#[test]
fn what_a_killed_import_left_is_swept_by_whatever_starts_next() {
    const HOUSEHOLDS: usize = 60;
    let (county, people) = with_register(HOUSEHOLDS);
    write(&county, FILE, bills(&people, HOUSEHOLDS, 30_000).as_bytes());
    for verb in [&["screen"][..], &["rules", "check"], &["import", "registry.xlsx"]] {
        let mut import = county.start(&["import", FILE]);
        wait_for("rows are staged", 120, || {
            assert!(import.try_wait().expect("a child").is_none(), "it ended before it was killed");
            let staged = "select count(*) from batch_rows r join batches b on b.id = r.batch_id where b.state = 'staging'";
            (count(&county, staged) > 0).then_some(())
        });
        import.kill().expect("SIGKILL");
        import.wait().expect("a dead child");
        assert_eq!(count(&county, "select count(*) from batches where state = 'staging'"), 1);
        county.run(verb).ok();
        assert_eq!(count(&county, "select count(*) from batches where state = 'staging'"), 0);
        let left = "select count(*) from batch_rows r where not exists (select 1 from batches b where b.id = r.batch_id)";
        assert_eq!(count(&county, left), 0, "{verb:?}");
    }
    journal_holds(&county);
}

#[test]
fn a_running_server_sweeps_what_a_program_beside_it_left() {
    const HOUSEHOLDS: usize = 60;
    let (county, people) = with_register(HOUSEHOLDS);
    write(&county, FILE, bills(&people, HOUSEHOLDS, 30_000).as_bytes());
    let server = county.serve();
    let mut import = county.start(&["import", FILE]);
    wait_for("rows are staged", 120, || {
        assert!(import.try_wait().expect("a child").is_none(), "it ended before it was killed");
        let staged = "select count(*) from batches where state = 'staging'";
        (count(&county, staged) > 0).then_some(())
    });
    import.kill().expect("SIGKILL");
    import.wait().expect("a dead child");
    wait_for("it is swept within the next minutes", 200, || {
        (count(&county, "select count(*) from batches where state = 'staging'") == 0).then_some(())
    });
    server.visitor().get("/sign-in").ok();
    journal_holds(&county);
}
