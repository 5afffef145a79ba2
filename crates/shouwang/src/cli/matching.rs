//! `shouwang match`: the rows that only a person can assign, listed, decided one by one or from a filled-in file.

mod file;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use registry::intake::match_actions;
use registry::intake::match_list::{self, Listed};
use registry::intake::match_queue::{At, Which, named, read_at};
use serde_json::{Value, json};
use store::Ctx;
use web::L;

use super::Desk;
use crate::words::{say, say_json, wrong_option};

/// Options of `match`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    List(ListArgs),
    Decide(DecideArgs),
    Undo,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only rows of this list, such as medical_stays
    #[arg(long, value_name = "LIST")]
    list: Option<String>,
    /// Only rows from this office, such as medical_insurance
    #[arg(long, value_name = "CODE")]
    department: Option<String>,
    /// In which state
    #[arg(long, value_enum, default_value_t = State::Open)]
    state: State,
    /// Rows of one page
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
    /// Begin after this case, the last of the page before
    #[arg(long, value_name = "CASE")]
    after: Option<String>,
    /// Write all of them, not one page, to a .csv or .xlsx with a column for decisions
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("verdict").required(true).args(["person", "not_here", "reject", "from"]))]
struct DecideArgs {
    /// The case as `match list` prints it
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    case: Option<String>,
    /// It is this candidate: its number in the register, or its place in the list (1 is the likeliest)
    #[arg(long, value_name = "NUMBER")]
    person: Option<String>,
    /// It is none of them; nobody in this county
    #[arg(long)]
    not_here: bool,
    /// The row itself is wrong; it goes back to its department
    #[arg(long)]
    reject: bool,
    /// Why, for the journal
    #[arg(long, value_name = "TEXT", conflicts_with = "from")]
    reason: Option<String>,
    /// A .csv or .xlsx from `match list --out`: in the column `decision` a candidate's number or place, not_here
    /// (不在本县) or reject (退回); what is left empty stays open
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    /// Waits for a decision
    Open,
    /// Was decided
    Decided,
    /// Need not be decided any more
    Withdrawn,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Decided => "decided",
            State::Withdrawn => "withdrawn",
        }
    }
}

/// Runs the sub-verb.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::List(args) => list(desk, args),
        What::Decide(args) => decide(desk, args),
        What::Undo => undo(desk),
    }
}

/// Rows that one query brings.
const PAGE: i64 = 500;

fn list(desk: &Desk, args: &ListArgs) -> Result<ExitCode> {
    let after = args.after.as_deref().map(case).transpose()?;
    let out = args.out.as_deref().map(file::Form::of).transpose()?;
    let (_, ctx) = desk.open()?;
    let which = Which { list: args.list.clone(), batch: None, department: args.department.clone() };
    let wanted = (&which, args.state.word());
    if let (Some(form), Some(path)) = (out, &args.out) {
        let rows = all(&ctx, wanted, after)?;
        file::write(L::new(desk.lang), &rows, (form, path))?;
        registry::households::note_export(&ctx, rows.len(), "match_queue")?;
        let name = path.display().to_string();
        if desk.options.json {
            say_json(&json!({ "rows": rows.len(), "file": name }));
        } else {
            say(format!("{}  {name}", desk.l().t1("cli-rows", "n", rows.len())));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = match_list::list(&ctx, wanted, (after, args.limit + 1))?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > args.limit;
    if more {
        rows.pop();
    }
    let next = if more { rows.last().map(|row| named(row.at)) } else { None };
    let open = match_actions::queue_state(&ctx)?.open;
    if desk.options.json {
        let open: Value = open.iter().map(|(list, count)| (list.clone(), json!(count))).collect();
        let cases: Vec<_> = rows.iter().map(as_json).collect();
        say_json(&json!({ "open": open, "cases": cases, "next": next }));
        return Ok(ExitCode::SUCCESS);
    }
    let l = L::new(desk.lang);
    for row in &rows {
        tell(l, row);
    }
    let total: i64 = open.iter().map(|(_, count)| count).sum();
    say(l.t1("match-open", "n", total));
    if let Some(next) = next {
        say(format!("--after {next}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn all(ctx: &Ctx, wanted: (&Which, &str), mut after: Option<At>) -> Result<Vec<Listed>> {
    let mut rows = Vec::new();
    loop {
        let page = match_list::list(ctx, wanted, (after, PAGE))?;
        let Some(last) = page.last() else { return Ok(rows) };
        after = Some(last.at);
        rows.extend(page);
    }
}

fn case(text: &str) -> Result<At> {
    match read_at(text) {
        Some(at) => Ok(at),
        None => Err(wrong_option("cli.option_case", text)),
    }
}

fn tell(l: L, row: &Listed) {
    let says = &row.says;
    let line = |parts: &[&str]| {
        let parts: Vec<&str> = parts.iter().filter(|part| !part.is_empty()).copied().collect();
        parts.join("  ")
    };
    say(line(&[&named(row.at), &row.list, &row.file, &l.t1("match-cli-row", "n", row.row)]));
    say(format!("  ?  {}", reason(l, &row.reason)));
    say(format!(
        "  -  {}",
        line(&[&says.name, &says.number, &says.birth, &says.place, &says.phone])
    ));
    for (at, one) in (1..).zip(&row.candidates) {
        let born = one.birth.map(|day| day.to_string()).unwrap_or_default();
        say(format!(
            "  {at}  {}",
            line(&[&one.number, &one.name, &one.identity, &born, &one.place])
        ));
    }
    if let Some((what, who, when)) = &row.decided {
        say(format!("  =  {}", line(&[&l.t(&decision_id(what)), who, &when.local_text()])));
    }
    say("");
}

fn decision_id(what: &str) -> String {
    format!("match-decision-{what}")
}

/// Why a row is asked, in words.
fn reason(l: L, code: &str) -> String {
    l.find(&format!("intake-reason-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

fn as_json(row: &Listed) -> Value {
    let says = &row.says;
    let candidates: Vec<_> = row
        .candidates
        .iter()
        .map(|one| {
            json!({
                "person": one.number,
                "household": one.household,
                "name": one.name,
                "id_number": one.identity,
                "birth_day": one.birth.map(|day| day.to_string()),
                "place": one.place,
                "agrees": one.agrees,
                "differs": one.differs,
            })
        })
        .collect();
    let decided = row
        .decided
        .as_ref()
        .map(|(what, who, when)| json!({ "decision": what, "by": who, "at": when.local_text() }));
    json!({
        "case": named(row.at),
        "list": row.list,
        "department": row.department,
        "file": row.file,
        "row": row.row,
        "reason": row.reason,
        "state": row.state,
        "says": {
            "name": says.name,
            "id_number": says.number,
            "birth_day": says.birth,
            "place": says.place,
            "phone": says.phone,
        },
        "candidates": candidates,
        "decided": decided,
    })
}

fn decide(desk: &Desk, args: &DecideArgs) -> Result<ExitCode> {
    if let Some(path) = &args.from {
        let (app, ctx) = desk.open()?;
        return file::decide(desk, (&app, &ctx), path);
    }
    let at = case(args.case.as_deref().unwrap_or_default())?;
    let word = match (&args.person, args.reject) {
        (Some(person), _) => person,
        (None, true) => "reject",
        (None, false) => "not_here",
    };
    let (_, ctx) = desk.open()?;
    let verdict = match_list::verdict(&ctx, at, word)?;
    let why = args.reason.as_deref().unwrap_or_default();
    let rows = match_actions::decide_because(&ctx, at, (verdict, why))?;
    if desk.options.json {
        say_json(&json!({ "case": named(at), "rows": rows }));
    } else {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        say(L::new(desk.lang).t1("match-cli-decided", "n", rows));
    }
    Ok(ExitCode::SUCCESS)
}

fn undo(desk: &Desk) -> Result<ExitCode> {
    let (_, ctx) = desk.open()?;
    let first = named(match_actions::undo(&ctx)?);
    if desk.options.json {
        say_json(&json!({ "case": first }));
    } else {
        say(L::new(desk.lang).t1("match-cli-undone", "case", first));
    }
    Ok(ExitCode::SUCCESS)
}
