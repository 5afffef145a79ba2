//! `shouwang screen`: asks every household every question of the rule book.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use casework::screening::{self, Issue, PreviewLine, Report, Rules};
use kernel::time::Day;
use serde_json::json;
use sheets::{Column, ColumnKind, Columns, Value};
use web::L;

use super::Desk;
use crate::words::{OrSay as _, complain, say, say_json, say_numbers, wrong_option};

/// Options of `screen`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ask as of this day, YYYY-MM-DD; nothing is stored
    #[arg(long, value_name = "DAY")]
    as_of: Option<String>,
    /// Ask the rules of this folder (a pack, or rule files alone); nothing is stored
    #[arg(long, value_name = "FOLDER")]
    rules: Option<PathBuf>,
    /// Write every answer: rule_id,household_id,severity,certainty,explanation
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
}

/// Runs the rules: the county's own store their leads, others are only shown.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let as_of = args
        .as_of
        .as_deref()
        .map(|text| Day::parse(text).map_err(|_| wrong_option("cli.option_day", text)));
    let as_of = as_of.transpose()?;
    args.rules.as_deref().map_or(Ok(()), is_folder)?;
    let (app, ctx) = desk.open()?;
    app.make_ready()?;
    let day = as_of.unwrap_or(ctx.today);
    let stores = args.as_of.is_none() && args.rules.is_none();
    let out = args.out.as_deref().map(create).transpose()?;
    let report = if stores { Some(screening::screen_all(&ctx)?) } else { None };
    if stores && out.is_none() {
        return Ok(tell(desk, report.as_ref(), None));
    }
    let rules = args.rules.as_deref().map_or(Rules::Published, Rules::Folder);
    let (lines, issues) = screening::screen_preview(&ctx, rules, day)?;
    if let Some(out) = out {
        write(&lines, out)?;
    }
    Ok(tell(desk, report.as_ref(), Some((&lines, &issues))))
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).or_say("cli.cannot_write", path)?))
}

/// Says at once that a folder of rules is not there.
pub fn is_folder(path: &Path) -> Result<()> {
    std::fs::read_dir(path).or_say("cli.cannot_read", path).map(drop)
}

/// One line for each answer that is not a miss.
fn write(lines: &[PreviewLine], out: BufWriter<File>) -> Result<()> {
    let table = Columns {
        sheet: "screen".to_owned(),
        columns: ["rule_id", "household_id", "severity", "certainty", "explanation"]
            .map(|heading| Column::new(heading, ColumnKind::Text))
            .into(),
    };
    let rows = lines.iter().map(|line| {
        [
            line.rule_id.as_str(),
            &line.subject,
            line.severity.code(),
            line.certainty,
            &line.explanation,
        ]
        .map(|text| Value::Text(text.to_owned()))
        .into()
    });
    table.write_csv(rows, out)?;
    Ok(())
}

/// Hits and unknowns of each rule.
pub type Counts = BTreeMap<String, (i64, i64)>;

/// Prints what was found and what is wrong; exit code 1 where a rule could not be asked.
fn tell(
    desk: &Desk,
    report: Option<&Report>,
    shown: Option<(&[PreviewLine], &[Issue])>,
) -> ExitCode {
    let mut rules = report.map(|report| report.rules.clone()).unwrap_or_default();
    let mut issues = report.map(|report| report.issues.clone()).unwrap_or_default();
    if let (None, Some((lines, wrong))) = (report, shown) {
        rules = count(lines);
        issues = wrong.to_vec();
    }
    if desk.options.json {
        let run = report.map(|report| {
            json!({
                "kind": report.row.kind,
                "hits": report.row.hits,
                "opened": report.row.opened,
                "joined": report.row.joined,
                "withdrawn": report.row.withdrawn,
                "milliseconds": report.row.millis,
            })
        });
        let of_rules: Vec<_> = rules
            .iter()
            .map(
                |(id, (hits, unknown))| json!({ "rule": id, "hits": hits, "cannot_tell": unknown }),
            )
            .collect();
        let wrong: Vec<_> = issues
            .iter()
            .map(|one| json!({ "rule": one.rule, "why": one.trouble.to_string() }))
            .collect();
        say_json(&json!({ "run": run, "rules": of_rules, "issues": wrong }));
    } else {
        let l = desk.l();
        table(l, &rules);
        if let Some(report) = report {
            let row = &report.row;
            let said = [
                ("opened", row.opened.into()),
                ("joined", row.joined.into()),
                ("withdrawn", row.withdrawn.into()),
                ("millis", row.millis.into()),
            ];
            say(l.t_args("cli-screen-done", &said));
        }
    }
    for issue in &issues {
        complain(&format!("{}: {}", issue.rule, said(desk.l(), issue)));
    }
    if issues.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// What is wrong with a rule, in one line.
pub fn said(l: L, issue: &Issue) -> String {
    let (what, more) = screening::issue_words(l, issue);
    format!("{what} {more}").trim_end().to_owned()
}

/// Hits and unknowns of each rule in the lines.
pub fn count(lines: &[PreviewLine]) -> Counts {
    let mut counts = Counts::new();
    for line in lines {
        let (hits, unknown) = counts.entry(line.rule_id.clone()).or_default();
        if line.certainty == "sure" { *hits += 1 } else { *unknown += 1 }
    }
    counts
}

/// One line for each rule.
pub fn table(l: L, rules: &Counts) {
    let heads = [l.t("cli-screen-hits"), l.t("cli-screen-cannot-tell")];
    let rows = rules.iter().map(|(id, (hits, unknown))| ([*hits, *unknown], id.clone()));
    say_numbers(&heads, &l.t("cli-screen-rule"), &rows.collect::<Vec<_>>());
}
