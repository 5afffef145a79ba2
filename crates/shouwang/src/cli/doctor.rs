//! `shouwang doctor`: looks at the installation and says what is wrong with it.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use store::Engine;

use super::Desk;
use crate::app::App;
use crate::words::{say, say_json};

struct Check {
    name: &'static str,
    good: bool,
    said: String,
}

/// Runs all checks; exit code 1 when one is bad.
pub fn run(desk: &Desk) -> Result<ExitCode> {
    let app = App::open(desk.config()?)?;
    let checks = [database(&app)?, journal(&app)?, key(&app), originals(&app), clock(&app)];
    if desk.options.json {
        let list: Vec<_> = checks
            .iter()
            .map(|c| json!({ "check": c.name, "good": c.good, "said": c.said }))
            .collect();
        say_json(&json!(list));
    } else {
        for check in &checks {
            say(format!(
                "{} {:<10} {}",
                if check.good { "ok " } else { "BAD" },
                check.name,
                check.said
            ));
        }
    }
    Ok(if checks.iter().all(|c| c.good) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn database(app: &App) -> Result<Check> {
    let mut session = app.db.read()?;
    let count = store::migrations_applied(&mut session)?;
    let (good, engine) = match app.db.engine() {
        Engine::Sqlite => (true, "embedded SQLite".to_owned()),
        Engine::Postgres => {
            let collation = store::collation(&mut session)?;
            (collation == "C", format!("PostgreSQL, collation {collation} (must be C)"))
        }
    };
    Ok(Check { name: "database", good, said: format!("{engine}, {count} migrations") })
}

fn journal(app: &App) -> Result<Check> {
    let report = store::verify_journal(&app.db)?;
    let said = match &report.fault {
        None => format!("{} entries, the chain holds", report.entries),
        Some(fault) => format!("the chain breaks: {fault:?}"),
    };
    Ok(Check { name: "journal", good: report.fault.is_none(), said })
}

#[cfg(unix)]
fn key(app: &App) -> Check {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(app.config.key_file()).map(|m| m.permissions().mode() & 0o077);
    let private = matches!(mode, Ok(0));
    let said = if private { "readable by its owner only" } else { "readable by others: chmod 600" };
    Check { name: "key", good: private, said: format!("{}, {said}", app.db.keys().fingerprint()) }
}

#[cfg(not(unix))]
fn key(app: &App) -> Check {
    Check { name: "key", good: true, said: app.db.keys().fingerprint() }
}

fn originals(app: &App) -> Check {
    let probe = app.config.originals().join(".probe");
    let good = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).is_ok();
    let said = if good { "can be written" } else { "cannot be written" };
    Check { name: "originals", good, said: format!("{} {said}", app.config.originals().display()) }
}

fn clock(app: &App) -> Check {
    let today = app.config.clock.today();
    Check { name: "clock", good: today.year() >= 2021, said: format!("today is {today}") }
}
