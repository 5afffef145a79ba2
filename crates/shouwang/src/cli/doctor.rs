//! `shouwang doctor`: looks at the installation and says what is wrong with it.

use std::process::ExitCode;

use anyhow::Result;
use kernel::lang::Lang;
use serde_json::json;
use store::Engine;
use web::L;

use super::Desk;
use super::journal::fault_in_words;
use crate::app::App;
use crate::words::{say_json, say_pairs};

struct Check {
    name: &'static str,
    good: bool,
    said: String,
}

/// Runs all checks; exit code 1 when one is bad.
pub fn run(desk: &Desk) -> Result<ExitCode> {
    let app = App::open(desk.config()?)?;
    // What is data stays as it is in every language.
    let l = if desk.options.json { L(Lang::En) } else { desk.l() };
    let checks =
        [database(l, &app)?, journal(l, &app)?, key(l, &app), originals(l, &app), clock(l, &app)];
    if desk.options.json {
        let list: Vec<_> = checks
            .iter()
            .map(|c| json!({ "check": c.name, "good": c.good, "said": c.said }))
            .collect();
        say_json(&json!(list));
    } else {
        let mark = |good| l.t(if good { "cli-doctor-good" } else { "cli-doctor-bad" });
        let line = |check: &Check| {
            let name = l.t(&format!("cli-doctor-{}", check.name));
            (format!("{} {name}", mark(check.good)), check.said.clone())
        };
        say_pairs(&checks.iter().map(line).collect::<Vec<_>>());
    }
    Ok(if checks.iter().all(|c| c.good) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn database(l: L, app: &App) -> Result<Check> {
    let mut session = app.db.read()?;
    let count = store::migrations_applied(&mut session)?;
    let (good, engine) = match app.db.engine() {
        Engine::Sqlite => (true, l.t("cli-doctor-sqlite")),
        Engine::Postgres => {
            let collation = store::collation(&mut session)?;
            (collation == "C", l.t1("cli-doctor-postgres", "collation", collation))
        }
    };
    Ok(Check {
        name: "database",
        good,
        said: l.t_args("cli-doctor-migrations", &[("engine", engine.into()), ("n", count.into())]),
    })
}

fn journal(l: L, app: &App) -> Result<Check> {
    let report = store::verify_journal(&app.db)?;
    let said = match &report.fault {
        None => l.t1("cli-doctor-journal-holds", "n", report.entries),
        Some(fault) => fault_in_words(l, fault),
    };
    Ok(Check { name: "journal", good: report.fault.is_none(), said })
}

#[cfg(unix)]
fn key(l: L, app: &App) -> Check {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(app.config.key_file()).map(|m| m.permissions().mode() & 0o077);
    let private = matches!(mode, Ok(0));
    let said = l.t(if private { "cli-doctor-key-private" } else { "cli-doctor-key-open" });
    Check { name: "key", good: private, said: format!("{} {said}", app.db.keys().fingerprint()) }
}

#[cfg(not(unix))]
fn key(_: L, app: &App) -> Check {
    Check { name: "key", good: true, said: app.db.keys().fingerprint() }
}

fn originals(l: L, app: &App) -> Check {
    let probe = app.config.originals().join(".probe");
    let good = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).is_ok();
    let said = l.t(if good { "cli-doctor-writable" } else { "cli-doctor-unwritable" });
    Check { name: "originals", good, said: format!("{} {said}", app.config.originals().display()) }
}

fn clock(l: L, app: &App) -> Check {
    let today = app.config.clock.today();
    Check {
        name: "clock",
        good: today.year() >= 2021,
        said: l.t1("cli-doctor-today", "day", today.to_string()),
    }
}
