//! `shouwang clocks`: what of the cases is due or late is recalled; by itself this happens every night.

use std::process::ExitCode;

use anyhow::Result;
use casework::cases::{run_clocks, take_over_earlier};
use serde_json::json;

use super::Desk;
use super::facts::progress;
use crate::words::{say_json, say_pairs};

/// Runs the clocks, also when they have gone today.
pub fn run(desk: &Desk) -> Result<ExitCode> {
    let (app, ctx) = desk.open()?;
    app.make_ready()?;
    let bar = progress();
    take_over_earlier(&ctx, &mut |at, of| {
        bar.set_length(of as u64);
        bar.set_position(at as u64);
    })?;
    let ran = run_clocks(&ctx, true, &mut |at, of| {
        bar.set_length(of as u64);
        bar.set_position(at as u64);
    })?;
    bar.finish_and_clear();
    let counts = [
        ("cases", ran.counted.cases),
        ("due", ran.counted.due),
        ("overdue", ran.counted.overdue),
        ("reminded", ran.reminded),
        ("standing", ran.counted.standing),
    ];
    if desk.options.json {
        let found: serde_json::Map<String, serde_json::Value> =
            counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        say_json(&json!({ "day": ran.day, "found": found }));
    } else {
        let l = desk.l();
        say_pairs(&counts.map(|(name, n)| (l.t(&format!("cli-clocks-{name}")), n.to_string())));
    }
    Ok(ExitCode::SUCCESS)
}
