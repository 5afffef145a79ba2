//! `shouwang journal verify`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use kernel::lang::Lang;
use serde_json::json;
use store::JournalFault;
use web::L;

use super::Desk;
use crate::words::{say_json, say_pairs};

/// Options of `journal`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Verify,
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let What::Verify = args.what;
    let (app, _) = desk.open()?;
    let report = store::verify_journal(&app.db)?;
    // What is data stays as it is in every language.
    let l = if desk.options.json { L(Lang::En) } else { desk.l() };
    let fault = report.fault.as_ref().map(|fault| fault_in_words(l, fault));
    if desk.options.json {
        say_json(&json!({ "entries": report.entries, "head": report.head, "fault": fault }));
    } else {
        say_pairs(&[
            (l.t("cli-journal-entries"), report.entries.to_string()),
            (l.t("cli-journal-head"), report.head),
            (l.t("cli-journal-result"), fault.clone().unwrap_or_else(|| l.t("cli-journal-holds"))),
        ]);
    }
    Ok(if fault.is_none() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Where the chain breaks.
pub fn fault_in_words(l: L, fault: &JournalFault) -> String {
    match fault {
        JournalFault::Changed(number) => l.t1("cli-journal-changed", "n", number.to_string()),
        JournalFault::Missing(number) => l.t1("cli-journal-missing", "n", number.to_string()),
        JournalFault::Cut => l.t("cli-journal-cut"),
    }
}
