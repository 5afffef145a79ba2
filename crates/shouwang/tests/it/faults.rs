//! Power cuts and other people's faults: a batch is wholly there or wholly absent, the next start is clean, and what
//! stands in the way is said in one sentence.

use crate::county::{
    Sheet, bill_of, count, database, hospital_bills, journal_holds, register, texts, with_areas,
    with_register, workbook, write,
};
use kernel::time::Clock;
use std::path::Path;
use std::process::{Child, Command};
use store::Ctx;
use testkit::{County, TODAY, wait_for};

/// Kills a command without warning as soon as the database's log has grown by so many bytes; says whether it was still
/// at work.
fn cut(county: &County, mut child: Child, grown: u64) -> bool {
    let log = county.home().join("shouwang.db-wal");
    let size = || std::fs::metadata(&log).map_or(0, |m| m.len());
    let alive = wait_for("the log grows or the command ends", 120, || {
        if child.try_wait().expect("a child").is_some() {
            return Some(false);
        }
        (size() >= grown).then_some(true)
    });
    let _ = child.kill();
    child.wait().expect("a dead child");
    alive
}

/// How much of a register or a list anybody can see.
fn seen(county: &County) -> [i64; 4] {
    [
        count(county, "select count(*) from households where village_code is not null"),
        count(
            county,
            "select count(*) from memberships m join households h on h.id = m.household_id where h.village_code is not null",
        ),
        count(
            county,
            "select count(*) from records r join batches b on b.id = r.batch_id where b.state = 'accepted'",
        ),
        count(county, "select count(*) from batches where state = 'accepted'"),
    ]
}

/// Nothing of an unfinished batch is left.
fn swept(county: &County) {
    for left in [
        "select count(*) from batches where state = 'staging'",
        "select count(*) from records r where not exists (select 1 from batches b where b.id = r.batch_id)",
        "select count(*) from batch_rows r where not exists (select 1 from batches b where b.id = r.batch_id)",
        "select count(*) from findings r where not exists (select 1 from batches b where b.id = r.batch_id)",
        "select count(*) from match_queue r where not exists (select 1 from batches b where b.id = r.batch_id)",
        "select count(*) from households where village_code is null",
        "select count(*) from memberships m where not exists (select 1 from households h where h.id = m.household_id)",
    ] {
        assert_eq!(count(county, left), 0, "{left}");
    }
}

#[test]
fn a_register_cut_off_at_any_moment_is_wholly_there_or_wholly_absent() {
    const HOUSEHOLDS: usize = 4_000;
    let sheets = register(HOUSEHOLDS);
    let file = workbook(&sheets);
    let small = workbook(&[
        Sheet { name: "户", rows: sheets[0].rows[..1].to_vec() },
        Sheet { name: "人", rows: sheets[1].rows[..1].to_vec() },
    ]);
    let whole = i64::try_from(HOUSEHOLDS).expect("small");
    let mut cuts = 0;
    for grown in [40_000, 900_000, 2_500_000, 6_000_000, 9_000_000] {
        let county = with_areas();
        write(&county, "registry.xlsx", &file);
        write(&county, "nothing.xlsx", &small);
        let alive = cut(&county, county.start(&["import", "registry.xlsx"]), grown);
        let now = seen(&county);
        let (absent, there) = ([0, 0, 0, 0], [whole, 2 * whole, 3 * whole, 1]);
        assert!(now == absent || now == there, "cut after {grown}: {now:?}");
        assert!(alive || now == there, "it ended by itself, so it is there");
        cuts += usize::from(alive && now == absent);
        journal_holds(&county);
        // The next start is clean, and the same register can be taken in.
        county.run(&["import", "registry.xlsx"]).ok();
        assert_eq!(seen(&county), there, "cut after {grown}, then again");
        swept(&county);
        journal_holds(&county);
    }
    assert!(cuts >= 2, "only {cuts} of the cuts came in the middle");
}

#[test]
fn a_list_cut_off_at_any_moment_is_wholly_there_or_wholly_absent() {
    const ROWS: usize = 9_000;
    let (county, people) = with_register(300);
    let rows: Vec<String> = (0..ROWS)
        .map(|n| {
            bill_of(
                &people,
                1 + n % 300,
                &format!("2026-09-{:02}", 1 + n / 300 % 30),
                &(1_000 + n).to_string(),
            )
        })
        .collect();
    let file = "医保_住院结算_2026-09.xlsx";
    write(&county, file, &hospital_bills(9, &rows));
    let before = seen(&county);
    let mut cuts = 0;
    for grown in [60_000, 700_000, 1_500_000, 3_000_000] {
        let alive = cut(&county, county.start(&["import", file]), grown);
        let now = seen(&county);
        if now == before {
            cuts += usize::from(alive);
        } else {
            assert_eq!(now[3], before[3] + 1, "{now:?}");
            assert!(now[2] > before[2], "{now:?}");
        }
        journal_holds(&county);
        if now != before {
            break;
        }
    }
    assert!(cuts >= 1, "no cut came in the middle");
    let told = county.run(&["import", file, "--json"]).ok().json()[0].clone();
    let counts = ["taken", "duplicate", "asked", "not_here", "rejected"];
    let sum: i64 = counts.iter().map(|what| told[what].as_i64().expect("a number")).sum();
    assert_eq!(sum, i64::try_from(ROWS).expect("small"), "{told}");
    swept(&county);
    journal_holds(&county);
}

#[test]
fn a_screening_cut_off_at_any_moment_is_wholly_there_or_wholly_absent() {
    const HOUSEHOLDS: usize = 1_200;
    let (county, people) = with_register(HOUSEHOLDS);
    let rows: Vec<String> =
        (1..=HOUSEHOLDS).map(|n| bill_of(&people, n, "2026-09-12", "260000")).collect();
    let file = "医保_住院结算_2026-09.xlsx";
    write(&county, file, &hospital_bills(9, &rows));
    county.run(&["import", file]).ok();
    let stored = || {
        [
            count(&county, "select count(*) from leads"),
            count(&county, "select count(distinct lead_id) from lead_reasons"),
            count(&county, "select count(*) from rule_runs"),
            count(&county, "select count(*) from journal where verb = 'rule.run'"),
        ]
    };
    let whole = i64::try_from(HOUSEHOLDS).expect("small");
    let mut cuts = 0;
    // On a quiet machine a screening of this size takes a quarter of a second, on a loaded one twenty times as long.
    for millis in [
        15, 30, 60, 90, 120, 160, 200, 250, 300, 400, 500, 700, 900, 1_200, 1_600, 2_200, 3_000,
        4_400,
    ] {
        let mut child = county.start(&["screen"]);
        let begun = std::time::Instant::now();
        let alive = wait_for("the moment comes or the command ends", 120, || {
            if child.try_wait().expect("a child").is_some() {
                return Some(false);
            }
            (begun.elapsed().as_millis() >= millis).then_some(true)
        });
        let _ = child.kill();
        child.wait().expect("a dead child");
        let now = stored();
        cuts += usize::from(alive);
        journal_holds(&county);
        if now[2] > 0 {
            assert_eq!(now, [now[0], now[0], 1, 1], "after {millis} ms");
            assert!(now[0] >= whole, "{now:?}");
            break;
        }
        assert_eq!(now, [0, 0, 0, 0], "cut after {millis} ms");
    }
    assert!(cuts >= 2, "only {cuts} of the cuts came in the middle");
    // The next start is clean, and screening again finds what there is.
    county.run(&["screen"]).ok();
    let last = stored();
    assert!(last[0] >= whole && last[0] == last[1], "{last:?}");
    journal_holds(&county);
}

#[test]
fn a_folder_whose_making_or_migrating_was_cut_off_opens_at_the_next_start() {
    let program = crate::tree::program();
    let (whole, _) = County::empty(&program);
    let migrations = count(&whole, "select count(*) from migrations");
    let mut cuts = 0;
    for grown in [1, 60_000, 150_000, 250_000, 350_000, 450_000] {
        let county = County::empty_folder(&program);
        let alive = cut(&county, county.start(&["init", "--county", "500154"]), grown);
        cuts += usize::from(alive);
        let again = county.run(&["init", "--county", "500154", "--json"]);
        if alive {
            // Nobody has seen the first password: making the folder goes on where it stopped.
            let told = again.ok().json();
            assert!(told["password"].as_str().is_some_and(|word| word.len() > 8), "{told}");
            assert!(told["recovery_code"].as_str().is_some_and(|code| code.len() > 40), "{told}");
        } else {
            again.refused(1);
        }
        county.run(&["doctor"]).ok();
        assert_eq!(count(&county, "select count(*) from migrations"), migrations);
        let told = county.run(&["user", "list", "--json"]).ok().json();
        assert_eq!(told.as_array().expect("accounts").len(), 1, "{told}");
        county.run(&["init", "--county", "500154"]).refused(1);
        journal_holds(&county);
    }
    assert!(cuts >= 2, "only {cuts} of the cuts came in the middle");
}

#[test]
fn a_database_that_another_program_holds_is_said_to_be_busy() {
    let (county, people) = with_register(3);
    let file = "医保_住院结算_2026-09.xlsx";
    write(&county, file, &hospital_bills(9, &[bill_of(&people, 1, "2026-09-02", "5")]));
    let db = database(&county);
    let ctx = Ctx::system(&db, Clock::starting_on(TODAY.parse().expect("a day")));
    let held = ctx.begin().expect("the writer");
    let told = county.run(&["import", file]).refused(1);
    assert!(told.err.contains("The database is busy"), "{}", told.err);
    drop(held);
    assert_eq!(count(&county, "select count(*) from batches where list_id = 'medical_stays'"), 0);
    county.run(&["import", file]).ok();
    journal_holds(&county);
}

/// A small disk of its own under the county's data folder, if this machine lets us have one.
struct Disk {
    at: std::path::PathBuf,
}

impl Disk {
    fn new(at: &Path, megabytes: u32) -> Option<Disk> {
        std::fs::create_dir_all(at).expect("a folder");
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(at)
            .output()
            .is_ok_and(|out| out.status.success());
        mounted.then(|| Disk { at: at.to_owned() })
    }

    fn again(&self, option: &str) {
        let done = Command::new("mount")
            .args(["-o", &format!("remount,{option}")])
            .arg(&self.at)
            .status()
            .is_ok_and(|status| status.success());
        assert!(done, "remount,{option}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

/// A county on a disk of its own with a few households, or nothing where no disk can be mounted.
fn on_a_disk(megabytes: u32) -> Option<(County, Disk, [Sheet; 2])> {
    let (county, people) = with_register(3);
    let saved = county.path().join("saved");
    std::fs::rename(county.home(), &saved).expect("moved away");
    let disk = Disk::new(&county.home(), megabytes)?;
    let copied = Command::new("cp").arg("-a").arg(saved.join(".")).arg(county.home()).status();
    assert!(copied.expect("cp").success());
    Some((county, disk, people))
}

const NO_DISK: &str = "not tested here: this machine does not let the test mount a small disk";

#[test]
fn a_full_disk_is_said_and_leaves_everything_whole() {
    let Some((county, disk, _)) = on_a_disk(6) else {
        eprintln!("{NO_DISK}");
        return;
    };
    let before = seen(&county);
    write(&county, "registry.xlsx", &workbook(&register(4_000)));
    let told = county.run(&["import", "registry.xlsx"]).refused(1);
    assert!(told.err.contains("The disk is full"), "{}", told.err);
    assert_eq!(seen(&county), before);
    journal_holds(&county);
    // With more space it goes on as if nothing had been.
    disk.again("size=200m");
    county.run(&["import", "registry.xlsx"]).ok();
    assert_eq!(
        count(&county, "select count(*) from households where village_code is not null"),
        4_000
    );
    swept(&county);
    journal_holds(&county);
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let Some((county, disk, people)) = on_a_disk(40) else {
        eprintln!("{NO_DISK}");
        return;
    };
    let file = "医保_住院结算_2026-09.xlsx";
    write(&county, file, &hospital_bills(9, &[bill_of(&people, 1, "2026-09-02", "5")]));
    disk.again("ro");
    let told = county.run(&["import", file]).refused(1);
    assert!(told.err.contains("cannot be"), "{}", told.err);
    assert!(!told.err.contains("sqlite:"), "{}", told.err);
    disk.again("rw");
    county.run(&["import", file]).ok();
    assert_eq!(
        texts(&county, "select state from batches where list_id = 'medical_stays'"),
        ["accepted"]
    );
}
