//! The queue as a table to fill in, and what was filled in.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use kernel::error::Refusal;
use registry::intake::match_list::{self, Listed};
use registry::intake::match_queue::{named, read_at};
use registry::intake::{Desk as IntakeDesk, match_actions};
use serde_json::json;
use sheets::{Book, Cell, Column, ColumnKind, Columns, Row, Value};
use store::Ctx;
use web::L;

use super::reason;
use crate::app::App;
use crate::cli::Desk;
use crate::words::{OrSay as _, complain, say, say_json, sentence, wrong_option};

/// How the table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text, UTF-8 with byte order mark.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Form {
    /// By the end of the name.
    pub fn of(path: &Path) -> Result<Self> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => Ok(Form::Csv),
            Some("xlsx") => Ok(Form::Xlsx),
            _ => Err(wrong_option("cli.option_table_file", path.display())),
        }
    }
}

/// The headings that are read again; their words are in the locales.
const CASE: &str = "match-column-case";
const DECISION: &str = "match-column-decision";
const WHY: &str = "match-column-why";

/// The columns from left to right.
const COLUMNS: [&str; 12] = [
    CASE,
    DECISION,
    WHY,
    "match-column-name",
    "match-column-number",
    "match-column-birth",
    "match-column-place",
    "match-column-phone",
    "match-column-candidates",
    "match-column-reason",
    "match-column-file",
    "match-column-row",
];

/// Writes the rows, one to a line, with empty columns for the decision and its reason.
pub fn write(l: L, rows: &[Listed], (form, path): (Form, &Path)) -> Result<()> {
    let table = Columns {
        sheet: "match".to_owned(),
        columns: COLUMNS.map(|id| Column::new(l.t(id), ColumnKind::Text)).into(),
    };
    let out = File::create(path).or_say("cli.cannot_write", path)?;
    let out = BufWriter::new(out);
    let rows = rows.iter().map(|row| line(l, row));
    match form {
        Form::Csv => table.write_csv(rows, out)?,
        Form::Xlsx => table.write_xlsx(rows, out)?,
    }
    Ok(())
}

fn line(l: L, row: &Listed) -> Vec<Value> {
    let candidates: Vec<String> = (1..)
        .zip(&row.candidates)
        .map(|(at, one): (usize, _)| {
            let born = one.birth.map(|day| day.to_string()).unwrap_or_default();
            let parts =
                [one.number.as_str(), &one.name, &one.identity, &born, &one.place].join(" ");
            format!("{at}: {parts}")
        })
        .collect();
    let decided = row.decided.as_ref().map(|(what, _, _)| what.clone()).unwrap_or_default();
    let says = &row.says;
    [
        named(row.at),
        decided,
        String::new(),
        says.name.clone(),
        says.number.clone(),
        says.birth.clone(),
        says.place.clone(),
        says.phone.clone(),
        candidates.join("\n"),
        reason(l, &row.reason),
        row.file.clone(),
        row.row.to_string(),
    ]
    .map(|text| if text.is_empty() { Value::Empty } else { Value::Text(text) })
    .into()
}

/// What one line says.
struct Filled {
    line: u32,
    case: String,
    word: String,
    why: String,
}

/// Decides every line whose decision is filled in; a line that cannot be decided is named and the others go on.
pub fn decide(desk: &Desk, (app, ctx): (&App, &Ctx), path: &Path) -> Result<ExitCode> {
    let name = path.display().to_string();
    let lines = read(&app.intake()?, path)?;
    let (mut decided, mut settled, mut wrong) = (0_usize, 0_usize, Vec::new());
    for one in &lines {
        match one_line(ctx, one) {
            // Settled already with a line above that shows the same evidence.
            Ok(0) => {}
            Ok(rows) => {
                decided += 1;
                settled += rows;
            }
            Err(why) => wrong.push((one.line, sentence(&why, ctx.lang))),
        }
    }
    if desk.options.json {
        let wrong: Vec<_> =
            wrong.iter().map(|(line, why)| json!({ "line": line, "why": why })).collect();
        say_json(&json!({
            "lines": lines.len(), "decided": decided, "rows": settled, "refused": wrong,
        }));
    } else {
        say(L::new(desk.lang).t1(
            "match-cli-decided",
            "n",
            i64::try_from(settled).unwrap_or(i64::MAX),
        ));
    }
    for (line, why) in &wrong {
        complain(&format!("{name}:{line}: {why}"));
    }
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn one_line(ctx: &Ctx, one: &Filled) -> kernel::error::Result<usize> {
    let Some(at) = read_at(&one.case) else {
        return Err(kernel::error::Refusal::invalid("intake.no_question").into());
    };
    let verdict = match_list::verdict(ctx, at, &one.word)?;
    if match_list::is_settled(ctx, at, verdict)? {
        return Ok(0);
    }
    match_actions::decide_because(ctx, at, (verdict, &one.why))
}

fn read(desk: &IntakeDesk, path: &Path) -> Result<Vec<Filled>> {
    let bytes = std::fs::read(path).or_say("cli.cannot_read", path)?;
    let mut book = Book::from_bytes(bytes, &desk.limits).map_err(kernel::Error::from)?;
    let mut rows = book.rows(0).map_err(kernel::Error::from)?;
    let heading = rows.next().transpose().map_err(kernel::Error::from)?;
    let place = |id: &str| {
        let words = [L::new(kernel::lang::Lang::Zh).t(id), L::new(kernel::lang::Lang::En).t(id)];
        let cells = heading.as_ref().map(|row| row.cells.as_slice()).unwrap_or_default();
        cells.iter().position(|cell| words.iter().any(|word| *word == cell.shown().trim()))
    };
    let (Some(case), Some(decision), why) = (place(CASE), place(DECISION), place(WHY)) else {
        let refusal = Refusal::invalid("cli.not_a_match_file").arg("file", path.display());
        return Err(kernel::Error::from(refusal).into());
    };
    let text = |row: &Row, at: Option<usize>| {
        at.and_then(|at| row.cells.get(at)).map(Cell::shown).unwrap_or_default().trim().to_owned()
    };
    let mut lines = Vec::new();
    for row in rows {
        let row = row.map_err(kernel::Error::from)?;
        let (case, word) = (text(&row, Some(case)), text(&row, Some(decision)));
        if !word.is_empty() && !case.is_empty() {
            lines.push(Filled { line: row.number, case, word, why: text(&row, why) });
        }
    }
    Ok(lines)
}
