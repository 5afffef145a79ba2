//! `shouwang declare`: the public side as a process of its own, and what goes between it and the county as files.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use casework::declarations::outside::Settings;
use casework::declarations::{publish, take_in};
use clap::Subcommand;
use serde_json::json;

use super::Desk;
use crate::outside::{self, AFTER};
use crate::words::{say, say_json, say_pairs};

/// Options of `declare`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Serve {
        /// Address and port to listen on; the port 0 takes a free one
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8081")]
        listen: String,
        /// Folder with what the county published; the inbox grows in it
        #[arg(long, value_name = "FOLDER")]
        inbox: PathBuf,
        /// Requests come through a proxy that writes the address of the caller into X-Forwarded-For
        #[arg(long)]
        proxied: bool,
    },
    Fetch {
        /// The folder of the public side, or an inbox file that was carried here
        from: PathBuf,
    },
    Publish {
        /// The folder of the public side, or one that is carried there
        to: PathBuf,
    },
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Serve { listen, inbox, proxied } => {
            let clock = desk.config()?.clock;
            let settings = Settings { folder: inbox.clone(), clock, proxied: *proxied };
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(async {
                let serving = outside::listen(settings, listen).await?;
                super::serve::interrupted().await;
                serving.abort();
                anyhow::Ok(())
            })?;
        }
        What::Fetch { from } => {
            let (app, ctx) = desk.open()?;
            app.make_ready()?;
            let taken = take_in(&ctx, from)?;
            if desk.options.json {
                say_json(&json!(taken));
            } else {
                let l = desk.l();
                let counts = [
                    ("cli-declare-fresh", taken.fresh),
                    ("cli-declare-placed", taken.placed),
                    ("cli-declare-waiting", taken.waiting),
                    ("cli-declare-known", taken.known),
                    ("cli-declare-unreadable", taken.unreadable),
                ];
                say_pairs(&counts.map(|(id, count)| (l.t(id), count.to_string())));
            }
        }
        What::Publish { to } => {
            let (app, ctx) = desk.open()?;
            app.make_ready()?;
            let changed = publish(&ctx, to, AFTER)?;
            if desk.options.json {
                say_json(&json!({ "changed": changed }));
            } else {
                let id = if changed { "cli-declare-published" } else { "cli-declare-unchanged" };
                say(desk.l().t1(id, "folder", to.display().to_string()));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
