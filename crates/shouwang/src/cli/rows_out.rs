//! `--rows-out`: one line for each row of a file, so that anybody can score what became of it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Result;
use registry::intake::batch::{RowResult, place_of};
use registry::intake::{self, Line};
use store::Ctx;

use crate::words::OrSay as _;

/// Collects the rows of all files, to be written with the register's own numbers at the end.
pub struct RowsOut {
    path: PathBuf,
    lines: Vec<(String, Line)>,
}

impl RowsOut {
    /// Begins a file; refuses early where it cannot be written.
    pub fn create(path: &Path) -> Result<Self> {
        File::create(path).or_say("cli.cannot_write", path)?;
        Ok(RowsOut { path: path.to_owned(), lines: Vec::new() })
    }

    /// One more row of a file.
    pub fn add(&mut self, file: &str, line: Line) {
        self.lines.push((file.to_owned(), line));
    }

    /// Writes everything.
    pub fn finish(self, ctx: &Ctx) -> Result<()> {
        let mut session = ctx.read()?;
        let numbers = intake::register_numbers(&mut session)?;
        let batches = intake::batch_places(&mut session)?;
        let mut out = BufWriter::new(File::create(&self.path)?);
        writeln!(
            out,
            "file,sheet,row,outcome,person_id,household_id,event_date,amount_yuan,repeats,reason"
        )?;
        for (file, line) in &self.lines {
            match line {
                Line::NotData(sheet, row) => {
                    writeln!(out, "{},{},{row},not_data,,,,,,", quoted(file), quoted(sheet))?;
                }
                Line::Data(sheet, row) => {
                    writeln!(
                        out,
                        "{},{},{},{},{},{},{},{},{},{}",
                        quoted(file),
                        quoted(sheet),
                        place_of(row.key).1,
                        row.outcome,
                        named(row.person.map(|id| id.to_string()), &numbers),
                        named(row.household.map(|id| id.to_string()), &numbers),
                        row.event_day.map(|day| day.to_string()).unwrap_or_default(),
                        row.amount.map(kernel::money::Money::plain).unwrap_or_default(),
                        quoted(&repeats(row, &batches)),
                        row.reason
                    )?;
                }
            }
        }
        out.flush()?;
        Ok(())
    }
}

/// File, sheet and row of the first report of the same event.
fn repeats(row: &RowResult, batches: &HashMap<String, (String, Vec<String>)>) -> String {
    let Some((batch, key)) = row.repeats else { return String::new() };
    let (sheet, number) = place_of(key);
    let Some((file, sheets)) = batches.get(&batch.to_string()) else { return String::new() };
    let sheet =
        usize::try_from(sheet).ok().and_then(|at| sheets.get(at)).cloned().unwrap_or_default();
    format!("{file}|{sheet}|{number}")
}

fn named(id: Option<String>, numbers: &HashMap<String, String>) -> String {
    id.and_then(|id| numbers.get(&id).cloned()).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
