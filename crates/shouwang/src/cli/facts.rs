//! `shouwang facts`: the columns that rules read, and whether they are as they should be.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use registry::circumstances::ledger;
use serde_json::json;

use super::Desk;
use crate::words::{OrSay as _, say, say_json, say_pairs};

/// Options of `facts`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Rebuild,
    Reference {
        /// Where to write it; printed when left out
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Rebuild => rebuild(desk),
        What::Reference { out } => reference(out.as_ref()),
    }
}

fn rebuild(desk: &Desk) -> Result<ExitCode> {
    let (_, ctx) = desk.open()?;
    let began = Instant::now();
    let bar = progress();
    let done = ledger::rebuild(&ctx, &mut |at, of| {
        bar.set_length(of as u64);
        bar.set_position(at as u64);
    })?;
    bar.finish_and_clear();
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    if desk.options.json {
        say_json(&json!({
            "villages": done.villages,
            "households": done.households,
            "changed": done.changed,
            "milliseconds": millis,
        }));
    } else {
        let l = desk.l();
        let seconds = format!("{:.1}", Duration::from_millis(millis).as_secs_f64());
        say_pairs(&[
            (l.t("cli-facts-villages"), done.villages.to_string()),
            (l.t("cli-facts-households"), done.households.to_string()),
            (l.t("cli-facts-changed"), l.t1("cli-rows", "n", done.changed)),
            (l.t("cli-time"), l.t1("cli-seconds", "n", seconds)),
        ]);
    }
    Ok(ExitCode::SUCCESS)
}

/// A bar that counts villages on standard error, where somebody looks at it.
pub fn progress() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}

fn reference(out: Option<&PathBuf>) -> Result<ExitCode> {
    let page = facts::docs::reference(ledger::schema()?);
    match out {
        Some(path) => std::fs::write(path, page).or_say("cli.cannot_write", path)?,
        None => say(page),
    }
    Ok(ExitCode::SUCCESS)
}
