//! `shouwang rules check`: proves the rules and the lives against the columns, the parameters and the data. `rules sql` prints them.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use casework::screening::{self, Rules};
use casework::{cases, quality};
use clap::Subcommand;
use serde_json::json;

use super::Desk;
use super::screen::{count, is_folder, said, table};
use crate::words::{complain, say, say_json};

/// Options of `rules`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Check {
        /// Check the rules of this folder instead of the county's own; nothing is stored
        #[arg(long, value_name = "FOLDER")]
        rules: Option<PathBuf>,
    },
    Sql,
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    if let What::Check { rules } = &args.what {
        rules.as_deref().map_or(Ok(()), is_folder)?;
    }
    let (app, ctx) = desk.open()?;
    app.make_ready()?;
    let rules = match &args.what {
        What::Check { rules } => rules,
        What::Sql => {
            say(screening::statement(&ctx)?.unwrap_or_default());
            return Ok(ExitCode::SUCCESS);
        }
    };
    // a folder of rules has no lives: those of the county are checked with its own rules
    let lives = match rules {
        Some(_) => Vec::new(),
        None => cases::check_lives(&ctx)?,
    };
    let (issues, counts) = match rules {
        Some(folder) => {
            let (lines, issues) =
                screening::screen_preview(&ctx, Rules::Folder(folder), ctx.today)?;
            (issues, count(&lines))
        }
        None => {
            let mut checked = screening::check_rules(&ctx)?;
            let asked = quality::check_all(&ctx)?;
            checked.issues.extend(asked.issues);
            checked.counts.extend(asked.counts);
            (checked.issues, checked.counts)
        }
    };
    if desk.options.json {
        let good: Vec<_> = counts
            .iter()
            .map(
                |(id, (hits, unknown))| json!({ "rule": id, "hits": hits, "cannot_tell": unknown }),
            )
            .collect();
        let mut wrong: Vec<_> = issues
            .iter()
            .map(
                |one| json!({ "rule": one.rule, "file": one.file, "why": one.trouble.to_string() }),
            )
            .collect();
        wrong.extend(lives.iter().map(|one| {
            json!({ "rule": one.file, "file": one.file, "line": one.wrong.line, "why": one.wrong.words(desk.l()) })
        }));
        say_json(&json!({ "rules": good, "issues": wrong }));
    } else {
        table(desk.l(), &counts);
    }
    for one in &issues {
        complain(&format!("{} ({}): {}", one.rule, one.file, said(desk.l(), one)));
    }
    for one in &lives {
        complain(&format!("{}:{}: {}", one.file, one.wrong.line, one.wrong.words(desk.l())));
    }
    Ok(if issues.is_empty() && lives.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
