//! `shouwang areas import`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;

use super::Desk;
use crate::words::{OrSay as _, say_json, say_pairs};

/// Options of `areas`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Import {
        /// The file, UTF-8
        file: PathBuf,
        /// Say what the list would change, and keep nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let What::Import { file, dry_run } = &args.what;
    let (_, ctx) = desk.open()?;
    let bytes = std::fs::read(file).or_say("cli.cannot_read", file)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let done = match dry_run {
        true => registry::areas::try_list(&ctx, bytes, &name)?,
        false => registry::areas::import_list(&ctx, bytes, &name)?,
    };
    if desk.options.json {
        let findings: Vec<_> = done
            .findings
            .iter()
            .map(|finding| json!({ "code": finding.code, "cell": finding.place.cell() }))
            .collect();
        say_json(&json!({
            "added": done.added,
            "renamed": done.renamed,
            "reclassed": done.reclassed,
            "succeeded": done.succeeded,
            "findings": findings,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    let l = desk.l();
    let counts = [
        ("cli-areas-added", done.added),
        ("cli-areas-renamed", done.renamed),
        ("cli-areas-reclassed", done.reclassed),
        ("cli-areas-succeeded", done.succeeded),
        ("cli-areas-findings", done.findings.len()),
    ];
    say_pairs(&counts.map(|(id, count)| (l.t(id), count.to_string())));
    Ok(ExitCode::SUCCESS)
}
