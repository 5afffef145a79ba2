//! `shouwang journal verify`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;
use store::JournalFault;

use super::Desk;
use crate::words::{say, say_json};

/// Options of `journal`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Walk the whole chain; exit code 1 where it does not hold
    Verify,
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let What::Verify = args.what;
    let (app, _) = desk.open()?;
    let report = store::verify_journal(&app.db)?;
    let fault = report.fault.as_ref().map(|fault| match fault {
        JournalFault::Changed(number) => format!("entry {number} was changed"),
        JournalFault::Missing(number) => format!("entries before {number} are missing"),
        JournalFault::Cut => "entries at the end were removed".to_owned(),
    });
    if desk.options.json {
        say_json(&json!({ "entries": report.entries, "head": report.head, "fault": fault }));
    } else {
        say(format!("entries  {}", report.entries));
        say(format!("head     {}", report.head));
        say(format!("result   {}", fault.as_deref().unwrap_or("the chain holds")));
    }
    Ok(if fault.is_none() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
