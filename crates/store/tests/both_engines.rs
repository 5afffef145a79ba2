//! The store's promises, on every engine at hand.
#![allow(clippy::unwrap_used, clippy::panic)]

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::permission::Permission;
use kernel::time::Clock;
use store::testing::{TestDb, test_db};
use store::{
    Ctx, DbUrl, Entry, JournalFault, Scope, ScopeKind, Tx, Value, params, verify_journal, visible,
};

fn with_each(check: impl Fn(&TestDb, &Ctx)) {
    for test in test_db().unwrap() {
        let clock = Clock::fixed_on("2026-10-31".parse().unwrap());
        check(&test, &test.system(clock));
    }
}

fn village() -> AreaCode {
    "140430203200".parse().unwrap()
}

#[test]
fn every_engine_at_hand_is_tested() {
    let engines: Vec<&str> = test_db().unwrap().iter().map(|t| t.engine).collect();
    let offered = std::env::var("SHOUWANG_TEST_PG").is_ok();
    assert_eq!(engines.contains(&"postgres"), offered);
    assert!(engines.contains(&"sqlite"));
}

#[test]
fn a_folder_that_a_newer_program_has_opened_is_refused_and_left_alone() {
    with_each(|test, ctx| {
        test.open_again().unwrap();
        let mut tx = ctx.begin().unwrap();
        tx.exec("insert into migrations (number, name) values (9999, '9999_of_tomorrow')", &[])
            .unwrap();
        tx.commit(Entry::new(ctx, "test.newer")).unwrap();
        let stored = |sql: &'static str| ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap();
        let all = "select count(*) from migrations";
        let before = stored(all);
        let Err(Error::Refusal(refusal)) = test.open_again() else {
            panic!("{}: opened", test.engine);
        };
        assert_eq!((refusal.kind, refusal.code), (RefusalKind::Conflict, "store.newer_program"));
        assert!(refusal.args.contains(&("number", "9999".to_owned())), "{:?}", refusal.args);
        assert_eq!(stored(all), before, "{}", test.engine);
        let mut tx = ctx.begin().unwrap();
        tx.exec("delete from migrations where number = 9999", &[]).unwrap();
        tx.commit(Entry::new(ctx, "test.older")).unwrap();
        test.open_again().unwrap();
    });
}

#[test]
fn a_dropped_transaction_leaves_nothing() {
    with_each(|_, ctx| {
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "insert into village_stamps (village_code, stamp) values ($1, $2)",
            params!["x", 1i64],
        )
        .unwrap();
        drop(tx);
        let found = ctx.read().unwrap().rows("select stamp from village_stamps", &[]).unwrap();
        assert!(found.is_empty());
    });
}

#[test]
fn a_commit_is_journalled_and_stamps_the_villages_it_touched() {
    with_each(|test, ctx| {
        let mut tx = ctx.begin().unwrap();
        tx.touch_household("h1", village());
        let number =
            tx.commit(Entry::new(ctx, "household.correct").about("household", "h1")).unwrap();
        let mut read = ctx.read().unwrap();
        let stamp = read
            .row("select stamp from village_stamps where village_code = $1", params![village()])
            .unwrap();
        assert_eq!(stamp.int(0).unwrap(), number);
        let entry = read
            .row(
                "select verb, about_id, account_id from journal where number = $1",
                params![number],
            )
            .unwrap();
        assert_eq!(entry.text(0).unwrap(), "household.correct");
        assert_eq!(entry.text(2).unwrap(), "system");
        drop(read);
        let report = verify_journal(&test.db).unwrap();
        assert_eq!((report.entries, report.fault), (1, None));
    });
}

#[test]
fn a_changed_or_cut_journal_is_noticed() {
    with_each(|test, ctx| {
        for n in 0..3 {
            let entry = Entry::new(ctx, "household.correct").about("household", n.to_string());
            ctx.begin().unwrap().commit(entry).unwrap();
        }
        let change = |sql: &'static str| {
            let mut tx = ctx.begin().unwrap();
            tx.exec(sql, &[]).unwrap();
            tx.commit(Entry::new(ctx, "test.tamper")).unwrap();
        };
        change("update journal set about_id = '9' where number = 2");
        assert_eq!(verify_journal(&test.db).unwrap().fault, Some(JournalFault::Changed(2)));
        change("update journal set about_id = '1' where number = 2");
        assert_eq!(verify_journal(&test.db).unwrap().fault, None);
        change("delete from journal where number = 3");
        assert_eq!(verify_journal(&test.db).unwrap().fault, Some(JournalFault::Missing(4)));
    });
}

#[test]
fn parameters_lists_and_nulls_mean_the_same_on_both() {
    with_each(|_, ctx| {
        let mut read = ctx.read().unwrap();
        let row = read
            .row(
                "select cast($2 as bigint), cast($1 as text), case when cast($3 as bigint) is null then 1 else 0 end, '$1'",
                params!["a", 7i64, None::<i64>],
            )
            .unwrap();
        assert_eq!(row.0, vec![Value::Int(7), "a".into(), Value::Int(1), "$1".into()]);
        let listed = read
            .rows("select value from json_each($1) order by value", params![r#"["b","a"]"#])
            .unwrap();
        assert_eq!(listed.iter().map(|r| r.text(0).unwrap()).collect::<Vec<_>>(), ["a", "b"]);
    });
}

#[test]
fn many_rows_go_in_and_come_out_unchanged() {
    with_each(|_, ctx| {
        let mut tx = ctx.begin().unwrap();
        let odd = "tab\there\nline\\back\r";
        tx.insert_many(
            "village_stamps",
            &["village_code", "stamp"],
            (0..5000).map(|n| vec![format!("{n}{odd}").into(), i64::from(n).into()]),
        )
        .unwrap();
        tx.commit(Entry::new(ctx, "test.bulk")).unwrap();
        let mut read = ctx.read().unwrap();
        let row = read
            .row("select village_code from village_stamps where stamp = $1", params![4999i64])
            .unwrap();
        assert_eq!(row.text(0).unwrap(), format!("4999{odd}"));
    });
}

#[test]
fn the_scope_filter_opens_an_area_a_household_and_nothing_else() {
    with_each(|_, ctx| {
        let mut tx = ctx.begin().unwrap();
        let scope = "insert into scopes (account_id, kind, low, high, target, from_day, to_day)
                     values ($1, $2, $3, $4, $5, $6, $7)";
        let (low, high) = village().range();
        tx.exec(scope, params!["chen", "area", low, high, "", "2026-01-01", None::<&str>]).unwrap();
        tx.exec(scope, params!["gao", "household", "", "", "h1", "2026-01-01", "2026-10-30"])
            .unwrap();
        tx.exec(scope, params!["gao", "household", "", "", "h2", "2026-01-01", "2026-10-31"])
            .unwrap();
        tx.commit(Entry::new(ctx, "test.scopes")).unwrap();
        const SQL: &str = concat!(
            "select h.id from (select 'h1' as id, '140430203200' as village_code union all ",
            "select 'h2', '140430203201') h where ",
            visible!("h.village_code", "h.id"),
            " order by h.id"
        );
        let mut read = ctx.read().unwrap();
        let mut seen = |who: &str| -> Vec<String> {
            let rows = read.rows(SQL, params![who, "2026-10-31"]).unwrap();
            rows.iter().map(|row| row.text(0).unwrap()).collect()
        };
        assert_eq!(seen("chen"), ["h1"]);
        assert_eq!(seen("gao"), ["h2"], "a scope that ended yesterday opens nothing today");
        assert_eq!(seen("system"), ["h1", "h2"]);
        assert!(seen("eve").is_empty());
    });
}

#[test]
fn counts_leave_the_scope_out_only_where_one_area_is_all_that_may_be_seen() {
    with_each(|test, ctx| {
        let whole = |kinds: Vec<ScopeKind>| {
            let mut actor = (*ctx.actor).clone();
            actor.scopes = kinds.into_iter().map(|kind| Scope { kind }).collect();
            let clock = Clock::fixed_on("2026-10-31".parse().unwrap());
            let who = Ctx::new(&test.db, actor, clock, kernel::lang::Lang::Zh);
            who.permit(Permission::HouseholdSee).unwrap().whole().as_int() == Some(1)
        };
        let area = |code: &str| ScopeKind::Area(code.parse().unwrap());
        let (list, home) =
            (|| ScopeKind::List("water".into()), || ScopeKind::Household("h1".into()));
        assert!(whole(vec![ScopeKind::Everywhere]));
        assert!(whole(vec![area("140430000000")]));
        assert!(whole(vec![area("140430203000"), area("140430203200")]));
        assert!(!whole(vec![area("140430203200"), area("140430203202")]), "what lies between");
        assert!(!whole(vec![area("140430000000"), list()]), "a list may reach further");
        assert!(!whole(vec![home()]));
        assert!(!whole(vec![list()]));
        assert!(!whole(vec![]));
    });
}

#[test]
fn staged_rows_need_a_staging_batch() {
    with_each(|_, ctx| {
        let tx = ctx.begin().unwrap();
        assert!(tx.commit_staged("no-such-batch").is_err());
    });
}

#[test]
fn a_permit_is_refused_to_a_role_without_the_right_and_the_attempt_is_noted() {
    with_each(|test, ctx| {
        let mut inspector = (*ctx.actor).clone();
        inspector.role = kernel::permission::Role::Inspector;
        let clock = Clock::fixed_on("2026-10-31".parse().unwrap());
        let feng = Ctx::new(&test.db, inspector, clock, kernel::lang::Lang::En);
        let Err(Error::Refusal(refusal)) = feng.permit(Permission::AccountManage) else {
            panic!("an inspector manages no accounts")
        };
        assert_eq!(refusal.kind, RefusalKind::Forbidden);
        assert_eq!(test.db.flush_access().unwrap(), 1);
        assert_eq!(test.db.flush_access().unwrap(), 0);
    });
}

#[test]
fn a_database_address_is_one_of_two_kinds() {
    assert!(matches!("sqlite:/tmp/x.db".parse(), Ok(DbUrl::Sqlite(_))));
    assert!(matches!("postgres://u@h/d".parse(), Ok(DbUrl::Postgres(_))));
    assert!("mysql://x".parse::<DbUrl>().is_err());
}

#[test]
fn writers_are_served_in_the_order_in_which_they_asked() {
    let tests = test_db().unwrap();
    let test = tests.first().unwrap();
    let clock = Clock::fixed_on("2026-10-31".parse().unwrap());
    let ctx = test.system(clock);
    let first = ctx.begin().unwrap();
    let (sender, order) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for n in 0..4 {
            let (ctx, sender) = (ctx.clone(), sender.clone());
            scope.spawn(move || {
                let tx = ctx.begin().unwrap();
                sender.send(n).unwrap();
                tx.commit(Entry::new(&ctx, "test.turn")).unwrap();
            });
        }
        drop(first);
    });
    let mut served: Vec<i32> = order.try_iter().collect();
    served.sort_unstable();
    assert_eq!(served, [0, 1, 2, 3], "nobody waits for ever");
}

/// A page that reads while it reads must not wait for those who wait for it.
#[test]
fn who_reads_may_read_once_more_however_many_read() {
    for test in test_db().unwrap() {
        let mut sessions = Vec::new();
        for _ in 0..14 {
            sessions.push(test.db.read().unwrap());
        }
        for session in &mut sessions {
            assert_eq!(session.row("select 1", &[]).unwrap().int(0).unwrap(), 1);
        }
    }
}

/// SQLite builds a table in memory for `in` with three or more values, anew for every row that a check looks at.
#[test]
fn no_check_of_a_table_of_files_builds_a_table_for_every_row() {
    for test in test_db().unwrap().iter().filter(|test| test.engine == "sqlite") {
        let mut session = test.db.read().unwrap();
        for insert in [
            "explain insert into persons default values",
            "explain insert into memberships default values",
            "explain insert into search_keys default values",
            "explain insert into statuses default values",
            "explain insert into records default values",
            "explain insert into incomes default values",
            "explain insert into batch_rows default values",
            "explain insert into findings default values",
        ] {
            let program = session.rows(insert, &[]).unwrap();
            let built = program.iter().filter(|step| step.text(1).unwrap() == "OpenEphemeral");
            assert!(program.len() > 5, "{insert}");
            assert_eq!(built.count(), 0, "{insert}");
        }
    }
}

/// A second session shares work only where nobody has to wait for it.
#[test]
fn a_second_session_is_given_only_where_one_is_free() {
    for test in test_db().unwrap() {
        let db = &test.db;
        let sqlite = db.engine() == store::Engine::Sqlite;
        assert_eq!(db.read_if_free().unwrap().is_some(), sqlite);
        let held: Vec<_> = (0..6).map(|_| db.read().unwrap()).collect();
        assert!(db.read_if_free().unwrap().is_none());
        drop(held);
        let mut second = db.read_if_free().unwrap();
        assert_eq!(second.is_some(), sqlite);
        if let Some(second) = &mut second {
            assert_eq!(second.row("select 1", &[]).unwrap().int(0).unwrap(), 1);
        }
    }
}

fn staging(ctx: &Ctx, id: &str) {
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
         values ($1, 'x', 'x', 'x', 'x.csv', $1, 'staging', 'system', $2)",
        params![id, ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "intake.upload")).unwrap();
}

fn finding(tx: &mut Tx, batch: &str, seq: i64) -> Result<(), Error> {
    let sql = "insert into findings (batch_id, seq, severity, code, sheet, row_no, cell, args)
               values ($1, $2, 'note', 'x', '', 0, '', '{}')";
    tx.exec(sql, params![batch, seq]).map(drop)
}

#[test]
fn a_piece_that_nobody_sees_is_not_published_by_its_own_commit() {
    with_each(|_, ctx| {
        staging(ctx, "a");
        let mut tx = ctx.begin_piece().unwrap();
        finding(&mut tx, "a", 1).unwrap();
        assert!(tx.commit(Entry::new(ctx, "intake.accept")).is_err());
        let mut tx = ctx.begin_piece().unwrap();
        finding(&mut tx, "a", 1).unwrap();
        tx.commit_staged("a").unwrap();
        let count = |sql: &'static str| ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap();
        assert_eq!(count("select count(*) from findings"), 1);
        assert_eq!(count("select count(*) from journal where verb = 'intake.accept'"), 0);
        // what is published after it is written as safely as ever
        if ctx.db.file().is_some() {
            let mut tx = ctx.begin().unwrap();
            assert_eq!(tx.row("pragma synchronous", &[]).unwrap().int(0).unwrap(), 2);
        }
    });
}

/// Who answers a lead while a list of a hundred pieces is written waits for the piece at hand, not for the list.
#[test]
fn who_writes_in_bulk_lets_others_in_between_two_pieces() {
    with_each(|_, ctx| {
        staging(ctx, "a");
        let (send, pieces) = std::sync::mpsc::channel();
        (0..100_i64).for_each(|piece| send.send(piece).unwrap());
        drop(send);
        let (begun, has_begun) = std::sync::mpsc::channel();
        let written = std::sync::atomic::AtomicI64::new(0);
        let embedded = ctx.db.file().is_some();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                ctx.write_staged("a", pieces, |tx, piece| {
                    finding(tx, "a", piece)?;
                    if piece == 0 {
                        begun.send(()).unwrap();
                        // until the other one stands in line; PostgreSQL has no line
                        while embedded && !tx.is_wanted() {
                            std::thread::yield_now();
                        }
                    }
                    written.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    Ok(())
                })
            });
            has_begun.recv().unwrap();
            let tx = ctx.begin().unwrap();
            let before = written.load(std::sync::atomic::Ordering::SeqCst);
            tx.commit(Entry::new(ctx, "lead.answer")).unwrap();
            assert!(!embedded || before == 1, "{before} pieces were written before");
            writer.join().unwrap().unwrap();
        });
        let count = ctx.read().unwrap().row("select count(*) from findings", &[]).unwrap();
        assert_eq!(count.int(0).unwrap(), 100);
    });
}

#[test]
fn a_failing_piece_ends_the_writing_and_leaves_what_was_committed() {
    with_each(|_, ctx| {
        staging(ctx, "a");
        let (send, pieces) = std::sync::mpsc::sync_channel(1);
        let why = std::thread::scope(|scope| {
            let writer =
                scope.spawn(|| ctx.write_staged("a", pieces, |tx, seq| finding(tx, "a", seq)));
            // the second 3 is refused by the table; then nobody listens any more
            let sent = (0..10_000_i64).take_while(|n| send.send((*n).min(3)).is_ok()).count();
            assert!(sent < 10_000);
            drop(send);
            writer.join().unwrap()
        });
        assert!(why.is_err());
        let count = ctx.read().unwrap().row("select count(*) from findings", &[]).unwrap();
        assert!(count.int(0).unwrap() <= 4);
    });
}
