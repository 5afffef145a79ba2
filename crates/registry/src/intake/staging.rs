//! Writes a delivery under a batch that nobody sees yet, in transactions short enough that a person who answers a lead
//! does not wait.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use kernel::error::{Error, Result};
use kernel::finding::Finding;
use kernel::ids::BatchId;
use kernel::time::{Day, Period};
use sheets::{Book, RowKind};
use store::{Ctx, Lease, Tx, Value};

use super::assign::{Assigned, Assigner, Question, Register};
use super::batch::{Counts, NewBatch, RowOutcome, RowResult, row_key};
use super::bodies::{Statement, body_of};
use super::deliver::{Desk, Line, Until, Upload, Watcher, Wish};
use super::reading::{self, ReadRow, SheetPlan};
use super::template::Template;
use super::waiting::Waiting;
use super::{publish, queries, sheet_notes};

/// Rows that go into one transaction.
pub(super) const ROWS_AT_A_TIME: usize = 4_000;

/// Pieces that may wait to be written.
const PIECES_AHEAD: usize = 2;

/// One file on its way.
pub(super) struct Job<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) desk: &'a Desk,
    pub(super) wish: &'a Wish,
    pub(super) batch: BatchId,
    pub(super) new: NewBatch,
    pub(super) counts: Counts,
    pub(super) not_data: i64,
    pub(super) findings: Vec<Finding>,
    pub(super) written_findings: i64,
    /// First and last day that a row names: the period of a list that does not say its own.
    pub(super) days: Option<Period>,
    /// The sign that the batch is being written; nobody sweeps it while this is held.
    pub(super) lease: Option<Lease>,
}

/// The period widened to a day.
fn wider(days: Option<Period>, day: Option<Day>) -> Option<Period> {
    let Some(day) = day else { return days };
    let Some(days) = days else { return Period::new(day, day) };
    Period::new(days.from.min(day), days.to.max(day))
}

impl Job<'_> {
    pub(super) fn begin(&mut self, upload: &Upload) -> Result<()> {
        if self.wish.until == Until::Look {
            return Ok(());
        }
        self.lease = self.ctx.db.lease(&self.batch.to_string())?;
        self.desk.originals.keep(&self.new.file_hash, &upload.bytes)?;
        let mut tx = self.ctx.begin()?;
        queries::insert_batch(&mut tx, self.ctx, self.batch, &self.new)?;
        tx.commit_staged(&self.batch.to_string())
    }

    /// Clears away what was staged. `false` when the batch has been published after all: then the answer to the last
    /// commit was lost on its way, not the commit.
    pub(super) fn forget(&self) -> Result<bool> {
        if self.wish.until == Until::Look {
            return Ok(true);
        }
        let mut tx = self.ctx.begin()?;
        if !queries::hold_staging(&mut tx, self.batch)? {
            return Ok(queries::find_batch(&mut tx, self.batch)?.is_none());
        }
        if self.new.list == "register" {
            crate::circumstances::register::sweep(&mut tx, &self.batch)?;
        }
        queries::sweep(&mut tx, self.batch)?;
        tx.commit_swept(&self.batch.to_string())?;
        Ok(true)
    }

    pub(super) fn lists(
        &mut self,
        (book, plans): (&mut Book, &[SheetPlan]),
        watcher: &mut dyn Watcher,
    ) -> Result<()> {
        let register = match &self.wish.register {
            Some(register) => Arc::clone(register),
            None => Register::load(self.ctx)?,
        };
        let ctx = self.ctx;
        self.tell(sheet_notes::of(&self.new.file_name, plans))?;
        let mut assigner = Assigner::new(ctx, &register, self.batch, self.new.replaces)?;
        // One thread reads and matches, the other writes.
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel::<Written>(PIECES_AHEAD);
            let batch = self.batch;
            let writer = scope.spawn(move || {
                ctx.write_staged(&batch.to_string(), receive, |tx, next| next.write(tx, batch))
            });
            let read = self.sheets((book, plans), &mut assigner, (&send, watcher));
            drop(send);
            // when the writer stopped, that is why nobody listened any more
            let written = writer.join();
            written.unwrap_or_else(|_| Err(Error::fault("the writer of a list stopped")))?;
            read
        })?;
        drop(assigner);
        self.new.period = self.new.period.or(self.days);
        publish::finish(self, watcher)
    }

    fn sheets(
        &mut self,
        (book, plans): (&mut Book, &[SheetPlan]),
        assigner: &mut Assigner<'_>,
        (send, watcher): (&SyncSender<Written>, &mut dyn Watcher),
    ) -> Result<()> {
        let templates = Arc::clone(&self.desk.templates);
        for plan in plans {
            let template =
                plan.mapping.as_ref().and_then(|mapping| templates.get(&mapping.template));
            let Some(template) = template else { continue };
            let name = self.new.file_name.clone();
            let mut piece: Vec<(i64, ReadRow)> = Vec::with_capacity(ROWS_AT_A_TIME);
            reading::read(book, (&name, plan), &templates, &mut |row| {
                if row.kind != RowKind::Data {
                    self.not_data += 1;
                    watcher.line(Line::NotData(Arc::clone(&row.sheet), row.row));
                    return Ok(());
                }
                piece.push((row_key(plan.index, row.row), row));
                if piece.len() == ROWS_AT_A_TIME {
                    let rows = std::mem::take(&mut piece);
                    self.piece(assigner, (template, plan), &rows, (send, watcher))?;
                }
                Ok(())
            })?;
            self.piece(assigner, (template, plan), &piece, (send, watcher))?;
        }
        Ok(())
    }

    fn piece(
        &mut self,
        assigner: &mut Assigner<'_>,
        (template, plan): (&Template, &SheetPlan),
        rows: &[(i64, ReadRow)],
        (send, watcher): (&SyncSender<Written>, &mut dyn Watcher),
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut assigned = assigner.assign(template, &plan.said, rows)?;
        let mut records = Vec::new();
        for (one, (_, row)) in assigned.iter_mut().zip(rows) {
            self.counts.add(one.result.outcome);
            self.days = wider(self.days, row.event_date);
            if one.result.outcome == RowOutcome::Taken {
                let (statement, doubts) = body_of(template, &plan.said, row)?;
                one.findings.extend(doubts);
                one.result.event_day = one.result.event_day.or(Some(statement.day));
                records.push(self.record(template, &one.result, &statement));
            }
            if let Some(question) = &mut one.question {
                let waiting = Waiting::of(template, &plan.said, row)?;
                question.statement = waiting.seal(self.ctx.db.keys())?;
            }
            watcher.line(Line::Data(Arc::clone(&row.sheet), one.result.clone()));
        }
        let found: Vec<Finding> =
            assigned.iter().flat_map(|one| one.findings.iter().cloned()).collect();
        if self.wish.until != Until::Look {
            let written = Written::of(template, assigned, (&found, self.written_findings), records);
            self.written_findings += i64::try_from(found.len()).unwrap_or(0);
            // nobody listens any more: the writer says why
            send.send(written).map_err(|_| Error::fault("a list cannot be written"))?;
        }
        self.findings.extend(found);
        watcher.rows(usize::try_from(self.counts.total).unwrap_or(0));
        Ok(())
    }

    fn record(&self, template: &Template, row: &RowResult, statement: &Statement) -> Vec<Value> {
        let (subject, id) = match (row.person, row.household) {
            (Some(person), _) => ("person", Value::from(person)),
            (None, Some(household)) => ("household", Value::from(household)),
            (None, None) => ("village", row.village.into()),
        };
        vec![
            self.batch.into(),
            row.key.into(),
            0_i64.into(),
            subject.into(),
            id,
            row.household.into(),
            row.village.into(),
            statement.topic.as_str().into(),
            template.department.as_str().into(),
            statement.day.into(),
            self.ctx.now.into(),
            Value::from(&statement.body),
        ]
    }

    /// Findings that belong to no row.
    fn tell(&mut self, found: Vec<Finding>) -> Result<()> {
        if self.wish.until != Until::Look && !found.is_empty() {
            let mut tx = self.ctx.begin_piece()?;
            self.write_findings(&mut tx, &found)?;
            tx.commit_staged(&self.batch.to_string())?;
        }
        self.findings.extend(found);
        Ok(())
    }

    pub(super) fn write_findings(&mut self, tx: &mut Tx, found: &[Finding]) -> Result<()> {
        queries::insert_findings(tx, self.batch, self.written_findings, found)?;
        self.written_findings += i64::try_from(found.len()).unwrap_or(0);
        Ok(())
    }
}

/// What one piece of a list leaves in the database.
struct Written {
    list: String,
    results: Vec<RowResult>,
    asked: Vec<Question>,
    found: Vec<Finding>,
    /// How many findings the batch had before.
    found_before: i64,
    records: Vec<Vec<Value>>,
}

impl Written {
    fn of(
        template: &Template,
        assigned: Vec<Assigned>,
        (found, found_before): (&[Finding], i64),
        records: Vec<Vec<Value>>,
    ) -> Self {
        let (results, asked): (Vec<_>, Vec<_>) =
            assigned.into_iter().map(|one| (one.result, one.question)).unzip();
        Written {
            list: template.list.clone(),
            results,
            asked: asked.into_iter().flatten().collect(),
            found: found.to_vec(),
            found_before,
            records,
        }
    }

    fn write(self, tx: &mut Tx, batch: BatchId) -> Result<()> {
        queries::insert_rows(tx, batch, &self.results)?;
        queries::insert_findings(tx, batch, self.found_before, &self.found)?;
        queries::insert_questions(tx, batch, &self.list, &self.asked)?;
        queries::insert_records(tx, self.records)
    }
}
