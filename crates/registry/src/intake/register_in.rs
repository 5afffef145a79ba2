//! The register and the incomes: large files that are not matched but looked up by their own numbers.

use std::sync::Arc;

use kernel::error::Result;
use kernel::finding::{Finding, Place, Severity};
use kernel::time::Day;
use sheets::{Book, RowKind};

use super::batch::{BatchState, RowOutcome, RowResult, place_of, row_key};
use super::deliver::{Line, Until, Watcher};
use super::reading::{self, ReadRow, SheetPlan};
use super::register_rows::{self, Villages, at_row};
use super::staging::{Job, ROWS_AT_A_TIME};
use super::{lookup, publish, queries, sheet_notes};
use crate::circumstances::incomes::{self, IncomeRow};
use crate::circumstances::ledger;
use crate::circumstances::register::{self, Delivery, HouseholdRow, PersonRow};
use crate::circumstances::topics::IncomeLine;

struct Rows {
    households: Vec<HouseholdRow>,
    persons: Vec<PersonRow>,
    results: Vec<RowResult>,
    sheets: Vec<Arc<str>>,
}

fn result_of(key: i64, outcome: RowOutcome, reason: &str) -> RowResult {
    RowResult {
        key,
        outcome,
        reason: reason.to_owned(),
        person: None,
        household: None,
        village: None,
        event_key: None,
        event_day: None,
        amount: None,
        repeats: None,
    }
}

/// Takes in a register: both sheets, new or again.
pub(super) fn register(
    job: &mut Job<'_>,
    (book, plans): (&mut Book, &[SheetPlan]),
    watcher: &mut dyn Watcher,
) -> Result<()> {
    sheet_notes::refuse_flat(plans, &job.desk.templates)?;
    let name = job.new.file_name.clone();
    job.findings.extend(sheet_notes::of(&name, plans));
    let mut rows = read_register(job, (book, plans), watcher)?;
    let day = plans.iter().find_map(|plan| plan.said.as_of()).unwrap_or(job.ctx.today);
    if job.wish.until == Until::Look {
        settle(job, &mut rows, watcher);
        return Ok(());
    }
    let delivery = Delivery { batch: job.batch, day, source: job.new.department.clone() };
    let staged =
        register::stage(job.ctx, &delivery, &rows.households, &rows.persons, &mut |done| {
            watcher.rows(done)
        })?;
    drop(std::mem::take(&mut rows.households));
    drop(std::mem::take(&mut rows.persons));
    for key in &staged.rejected {
        if let Ok(at) = rows.results.binary_search_by_key(key, |row| row.key)
            && let Some(row) = rows.results.get_mut(at)
        {
            row.outcome = RowOutcome::Rejected;
            "register_conflict".clone_into(&mut row.reason);
        }
    }
    job.findings.extend(
        staged.findings.iter().map(|(key, finding)| placed(finding.clone(), (&name, plans), *key)),
    );
    settle(job, &mut rows, watcher);
    write_results(job, &rows.results)?;
    let mut tx = job.ctx.begin()?;
    queries::save_counts(&mut tx, job.batch, &job.counts)?;
    tx.commit_staged(&job.batch.to_string())?;
    if job.wish.until == Until::Ready {
        return publish::finish(job, watcher);
    }
    watcher.stored();
    let batch = queries::load_batch(&mut job.ctx.read()?, job.batch)?;
    let facts = publish::prepare_accept(job.ctx, &batch)?;
    let done = job.ctx.begin().and_then(|mut tx| {
        register::publish_prepared(&mut tx, &staged)?;
        publish::accept_in(job.ctx, tx, (&batch, BatchState::Staging), &facts)
    });
    ledger::forget(job.ctx, &facts)?;
    done
}

/// The finding with the sheet and the row from which it comes.
fn placed(mut finding: Finding, (file, plans): (&str, &[SheetPlan]), key: i64) -> Finding {
    let (sheet, row) = place_of(key);
    let name = plans.iter().find(|plan| i64::try_from(plan.index) == Ok(sheet));
    let at = Place::file(file).sheet(name.map(|plan| plan.sheet.to_string()).unwrap_or_default());
    finding.place = at.row(u32::try_from(row).unwrap_or_default());
    finding
}

fn read_register(
    job: &mut Job<'_>,
    (book, plans): (&mut Book, &[SheetPlan]),
    watcher: &mut dyn Watcher,
) -> Result<Rows> {
    let villages = Villages::new(lookup::load_places(&mut job.ctx.read()?)?);
    let templates = Arc::clone(&job.desk.templates);
    let name = job.new.file_name.clone();
    let mut rows = Rows {
        households: Vec::new(),
        persons: Vec::new(),
        results: Vec::new(),
        sheets: Vec::new(),
    };
    for plan in plans {
        let Some(mapping) = &plan.mapping else { continue };
        let persons = mapping.template == "register_persons";
        reading::read(book, (&name, plan), &templates, &mut |row| {
            if row.kind != RowKind::Data {
                job.not_data += 1;
                watcher.line(Line::NotData(Arc::clone(&row.sheet), row.row));
                return Ok(());
            }
            let key = row_key(plan.index, row.row);
            job.findings.extend(row.findings.iter().cloned());
            let bad = if persons {
                register_rows::person(&row, key).map(|person| rows.persons.push(person)).err()
            } else {
                register_rows::household(&row, key, &villages)
                    .map(|home| rows.households.push(home))
                    .err()
            };
            let outcome = if bad.is_some() { RowOutcome::Rejected } else { RowOutcome::Taken };
            let reason = bad.as_ref().map_or("register", |finding| finding.code.as_ref());
            rows.results.push(result_of(key, outcome, reason));
            rows.sheets.push(Arc::clone(&row.sheet));
            job.findings.extend(bad);
            Ok(())
        })?;
    }
    Ok(rows)
}

fn settle(job: &mut Job<'_>, rows: &mut Rows, watcher: &mut dyn Watcher) {
    for (row, sheet) in rows.results.iter().zip(&rows.sheets) {
        job.counts.add(row.outcome);
        watcher.line(Line::Data(Arc::clone(sheet), row.clone()));
    }
}

/// Of the register and the incomes only rows that were not taken are written line by line; those that were taken are
/// the households, people and incomes themselves.
fn write_results(job: &mut Job<'_>, results: &[RowResult]) -> Result<()> {
    let odd: Vec<RowResult> =
        results.iter().filter(|row| row.outcome != RowOutcome::Taken).cloned().collect();
    for piece in odd.chunks(ROWS_AT_A_TIME) {
        let mut tx = job.ctx.begin_piece()?;
        queries::insert_rows(&mut tx, job.batch, piece)?;
        tx.commit_staged(&job.batch.to_string())?;
    }
    let found = std::mem::take(&mut job.findings);
    for piece in found.chunks(ROWS_AT_A_TIME) {
        let mut tx = job.ctx.begin_piece()?;
        job.write_findings(&mut tx, piece)?;
        tx.commit_staged(&job.batch.to_string())?;
    }
    job.findings = found;
    Ok(())
}

/// Takes in incomes by line and period, streaming: a county has more than a million.
pub(super) fn income(
    job: &mut Job<'_>,
    (book, plans): (&mut Book, &[SheetPlan]),
    watcher: &mut dyn Watcher,
) -> Result<()> {
    let mut typed: Vec<IncomeRow> = Vec::new();
    let mut odd: Vec<RowResult> = Vec::new();
    let templates = Arc::clone(&job.desk.templates);
    let name = job.new.file_name.clone();
    job.findings.extend(sheet_notes::of(&name, plans));
    let (mut first, mut last) = (Day::MAX, Day::MIN);
    for plan in plans.iter().filter(|plan| plan.mapping.is_some()) {
        reading::read(book, (&name, plan), &templates, &mut |row| {
            if row.kind != RowKind::Data {
                job.not_data += 1;
                watcher.line(Line::NotData(Arc::clone(&row.sheet), row.row));
                return Ok(());
            }
            let key = row_key(plan.index, row.row);
            match income_row(&row, key) {
                Ok(income) => {
                    first = first.min(income.from);
                    last = last.max(income.to);
                    job.counts.add(RowOutcome::Taken);
                    typed.push(income);
                }
                Err(finding) => {
                    job.counts.add(RowOutcome::Rejected);
                    odd.push(result_of(key, RowOutcome::Rejected, &finding.code));
                    job.findings.push(finding);
                }
            }
            Ok(())
        })?;
    }
    if job.wish.until == Until::Look {
        return Ok(());
    }
    let staged = incomes::stage(job.ctx, &job.batch, typed.into_iter().map(Ok), &mut |done| {
        watcher.rows(done)
    })?;
    for key in &staged.not_here {
        job.counts.taken -= 1;
        job.counts.not_here += 1;
        odd.push(result_of(*key, RowOutcome::NotHere, "household_unknown"));
    }
    odd.sort_by_key(|row| row.key);
    write_results(job, &odd)?;
    if job.new.period.is_none() {
        job.new.period = kernel::time::Period::new(first, last);
    }
    publish::finish(job, watcher)
}

fn income_row(row: &ReadRow, row_no: i64) -> std::result::Result<IncomeRow, Finding> {
    let missing = |code| at_row(row, code, Severity::Error);
    let number = row
        .evidence
        .household_number
        .as_ref()
        .ok_or_else(|| missing("intake.no_household_number"))?;
    let line = row
        .text("line")
        .and_then(|code| IncomeLine::parse(&sheets::squeeze(code)))
        .ok_or_else(|| missing("intake.no_income_line"))?;
    let amount = row.money("amount_fen").ok_or_else(|| missing("intake.no_amount"))?;
    let to = row.day("to_day").ok_or_else(|| missing("intake.no_event_date"))?;
    let from = row.day("from_day").unwrap_or(to);
    if from > to {
        return Err(missing("intake.period_backwards").arg("from", from).arg("to", to));
    }
    // costs have lines of their own and are positive there
    if amount.fen() < 0 {
        return Err(missing("intake.negative_income").arg("line", line.code()));
    }
    Ok(IncomeRow {
        row_no,
        household_number: number.written_out(),
        line,
        amount,
        from,
        to,
        source: row.text("source").unwrap_or("income").to_owned(),
    })
}
