//! The database server goes away for a while, in the middle of a page, of an answer, of an import: it is said, nothing is
//! half-written, and everything goes on when it is back, without a restart.

use crate::county::{bill_of, hospital_bills, journal_holds, register, workbook, write};
use crate::scope::account;
use crate::together::bills;
use crate::tree::{program, root};
use std::io::copy;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use store::testing::Database;
use store::{Db, DbUrl, Keys};
use testkit::{County, wait_for};

/// The line between the program and its server, which a test can cut and mend.
struct Wire {
    port: u16,
    cut: Arc<AtomicBool>,
    live: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    fn to(server: String) -> Wire {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let wire = Wire {
            port: listener.local_addr().expect("an address").port(),
            cut: Arc::default(),
            live: Arc::default(),
        };
        let (cut, live) = (Arc::clone(&wire.cut), Arc::clone(&wire.live));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(&server) else { continue };
                let mut kept = live.lock().expect("the list");
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (mut from, mut to) =
                        (from.try_clone().expect("a twin"), to.try_clone().expect("a twin"));
                    std::thread::spawn(move || {
                        let _ = copy(&mut from, &mut to);
                        let _ = from.shutdown(Shutdown::Both);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                kept.extend([near, far]);
            }
        });
        wire
    }

    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for one in self.live.lock().expect("the list").drain(..) {
            let _ = one.shutdown(Shutdown::Both);
        }
    }

    fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

/// A county on a PostgreSQL database of its own, reached over a wire; the database itself for looking.
struct Far {
    county: County,
    wire: Wire,
    direct: DbUrl,
    _database: Database,
}

/// Nothing where no server is offered to tests.
fn far(households: usize) -> Option<Far> {
    let database = Database::create().expect("a database")?;
    let address = database.url.clone();
    let (head, tail) = address.split_once('@').expect("an address with a user");
    let (server, rest) = tail.split_once('/').expect("an address with a database");
    let server = if server.contains(':') { server.to_owned() } else { format!("{server}:5432") };
    let wire = Wire::to(server);
    let county = County::empty_folder(&program());
    std::fs::create_dir(county.home()).expect("a folder");
    let config = format!("database = \"{head}@127.0.0.1:{}/{rest}\"\n", wire.port);
    std::fs::write(county.home().join("config.toml"), config).expect("config");
    county.run(&["init", "--county", "500154"]).ok();
    let areas = root().join("crates/registry/tests/matching/town/areas.csv");
    county.run(&["areas", "import", areas.to_str().expect("a path")]).ok();
    write(&county, "registry.xlsx", &workbook(&register(households)));
    county.run(&["import", "registry.xlsx"]).ok();
    let direct = DbUrl::Postgres(address);
    Some(Far { county, wire, direct, _database: database })
}

impl Far {
    /// The one number that a statement finds, past the wire.
    fn count(&self, sql: &'static str) -> i64 {
        let keys = Keys::load(&self.county.home().join("key")).expect("a key");
        let db = Db::open(&self.direct, keys).expect("the database");
        db.read().expect("a session").row(sql, &[]).expect("a row").int(0).expect("a number")
    }
}

const NO_SERVER: &str = "not tested here: no PostgreSQL is offered in SHOUWANG_TEST_PG";

#[test]
fn pages_say_that_the_server_is_away_and_go_on_when_it_is_back() {
    let Some(far) = far(4) else {
        eprintln!("{NO_SERVER}");
        return;
    };
    let server = far.county.serve();
    let alice = account(&far.county, &server, "alice", &["--role", "county", "--area", "500154"]);
    alice.get("/households").ok();
    let form = alice.get("/account/password").ok();
    // Work beside the requests waits meanwhile and says so once, not at every try.
    let failures = || server.log_text().matches("could not follow").count();
    far.wire.cut();
    wait_for("it is said", 30, || (failures() > 0).then_some(()));
    let begun = std::time::Instant::now();
    wait_for("some more tries are over", 30, || (begun.elapsed().as_secs() >= 3).then_some(()));
    assert_eq!(failures(), 1, "{}", server.log_text());
    far.wire.mend();
    wait_for("it goes on", 30, || server.log_text().contains("follow again").then_some(()));
    let entries = far.count("select count(*) from journal");
    for _ in 0..2 {
        far.wire.cut();
        for path in ["/households", "/leads", "/intake"] {
            let page = alice.get(path);
            assert_eq!(page.status, 503, "{path}: {}", page.text());
            assert!(
                page.text().contains("连不上") || page.text().contains("cannot be reached"),
                "{}",
                page.text()
            );
        }
        assert_eq!(alice.api("/api/v1/households").status, 503);
        let fields = [("old", "a long sentence of mine"), ("password", "another sentence of mine")];
        let refused = alice.post(&form, "/account/password", &fields);
        assert_eq!(refused.status, 503, "{}", refused.text());
        let told = far.county.run(&["doctor"]).refused(1);
        assert!(told.err.contains("cannot be reached"), "{}", told.err);
        let told = far.county.run(&["import", "registry.xlsx"]).refused(1);
        assert!(told.err.contains("cannot be reached"), "{}", told.err);
        assert_eq!(far.count("select count(*) from journal"), entries, "nothing was written");

        // The very first request after it is back is answered.
        far.wire.mend();
        alice.get("/households").ok();
        far.county.run(&["doctor"]).ok();
    }
    let fields = [("old", "a long sentence of mine"), ("password", "another sentence of mine")];
    let page = alice.get("/account/password").ok();
    assert!(alice.post(&page, "/account/password", &fields).status < 400);
    assert!(far.count("select count(*) from journal") > entries, "it is written now");
    journal_holds(&far.county);
}

#[test]
fn an_import_that_loses_its_server_leaves_nothing_and_can_be_done_again() {
    const HOUSEHOLDS: usize = 60;
    const ROWS: usize = 12_000;
    let Some(far) = far(HOUSEHOLDS) else {
        eprintln!("{NO_SERVER}");
        return;
    };
    let file = "医保_住院结算_2026-09.csv";
    write(&far.county, file, bills(&register(HOUSEHOLDS), HOUSEHOLDS, ROWS).as_bytes());
    let server = far.county.serve();
    let mut import = far.county.start(&["import", file]);
    wait_for("rows are staged", 120, || {
        assert!(import.try_wait().expect("a child").is_none(), "it ended before the cut");
        let staged = "select count(*) from batch_rows r join batches b on b.id = r.batch_id where b.state = 'staging'";
        (far.count(staged) > 0).then_some(())
    });
    far.wire.cut();
    let ended = import.wait().expect("a child");
    let told = std::fs::read_to_string(far.county.path().join("verb.log")).expect("a log");
    assert_eq!(ended.code(), Some(1), "{told}");
    assert!(told.contains("cannot be reached"), "{told}");
    assert_eq!(
        far.count(
            "select count(*) from batches where state = 'accepted' and list_id = 'medical_stays'"
        ),
        0
    );
    far.wire.mend();

    // The server that went on running clears away what was left, and the same list can be taken in.
    wait_for("it is swept", 200, || {
        (far.count("select count(*) from batches where state = 'staging'") == 0).then_some(())
    });
    assert_eq!(
        far.count("select count(*) from batch_rows r where not exists (select 1 from batches b where b.id = r.batch_id)"),
        0
    );
    far.county.run(&["import", file]).ok();
    let rows = "select count(*) from batch_rows r join batches b on b.id = r.batch_id where b.list_id = 'medical_stays' and b.state = 'accepted'";
    assert_eq!(far.count(rows), i64::try_from(ROWS).expect("small"));
    server.visitor().get("/sign-in").ok();
    journal_holds(&far.county);
}

#[test]
fn two_programs_on_one_server_leave_each_others_batches_alone() {
    const HOUSEHOLDS: usize = 60;
    const ROWS: usize = 6_000;
    let Some(far) = far(HOUSEHOLDS) else {
        eprintln!("{NO_SERVER}");
        return;
    };
    let people = register(HOUSEHOLDS);
    let file = "医保_住院结算_2026-09.csv";
    write(&far.county, file, bills(&people, HOUSEHOLDS, ROWS).as_bytes());
    let small = hospital_bills(8, &[bill_of(&people, 1, "2026-08-02", "5")]);
    write(&far.county, "医保_住院结算_2026-08.xlsx", &small);
    let mut import = far.county.start(&["import", file]);
    wait_for("rows are staged", 120, || {
        assert!(import.try_wait().expect("a child").is_none(), "it ended too early");
        (far.count("select count(*) from batches where state = 'staging'") > 0).then_some(())
    });
    far.county.run(&["import", "医保_住院结算_2026-08.xlsx"]).ok();
    let ended = import.wait().expect("a child");
    let told = std::fs::read_to_string(far.county.path().join("verb.log")).expect("a log");
    assert!(ended.success(), "{told}");
    let rows = "select count(*) from batch_rows r join batches b on b.id = r.batch_id where b.list_id = 'medical_stays' and b.state = 'accepted'";
    assert_eq!(far.count(rows), i64::try_from(ROWS + 1).expect("small"));
    assert_eq!(far.count("select count(*) from journal where verb = 'intake.sweep'"), 0);
    journal_holds(&far.county);
}
