//! One file becomes one batch: read, assigned row by row, staged in short transactions, then published as a whole.

use std::sync::Arc;

use kernel::error::{Refusal, Result};
use kernel::finding::Finding;
use kernel::ids::BatchId;
use kernel::time::Period;
use sheets::{Book, Limits, RowKind};
use store::{Ctx, Value};

use super::assign::{Assigned, Assigner, Question, Register};
use super::batch::{Batch, Counts, NewBatch, RowOutcome, RowResult, SheetUse, row_key};
use super::bodies::body_of;
use super::mapping::Mapping;
use super::originals::{Originals, hash_of};
use super::reading::{self, ReadRow, SheetPlan};
use super::template::{Template, Templates};
use super::{publish, queries, register_in};

/// Rows that go into one transaction: short enough that a person who answers a lead does not wait.
pub(super) const ROWS_AT_A_TIME: usize = 2_000;

/// What intake works with: the templates, the folder of originals, the limits.
#[derive(Clone)]
pub struct Desk {
    /// The lists that departments send.
    pub templates: Arc<Templates>,
    /// Where originals are kept.
    pub originals: Originals,
    /// How large a file may be.
    pub limits: Limits,
}

/// A file to take in.
#[derive(Clone)]
pub struct Upload {
    /// Its name, with the folder that it came in if that matters.
    pub name: String,
    /// Its content.
    pub bytes: Arc<[u8]>,
}

/// How far it should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Look only; nothing is written.
    Look,
    /// Write everything, but wait to be accepted.
    Ready,
    /// Accept it at once.
    Accepted,
}

/// What a delivery asks for beside the file.
#[derive(Clone)]
pub struct Wish {
    /// How far.
    pub until: Until,
    /// The period, where the file does not say it or says it wrong.
    pub period: Option<Period>,
    /// The register, loaded once for many files; `None` loads it for this file.
    pub register: Option<Arc<Register>>,
}

/// What a row became, for `--rows-out`.
#[derive(Debug, Clone)]
pub enum Line {
    /// A data row with its sheet.
    Data(Arc<str>, RowResult),
    /// Furniture: a title, a total, a blank row: sheet and row.
    NotData(Arc<str>, u32),
}

/// Hears how the delivery goes on: rows so far, and what became of each.
pub trait Watcher {
    /// So many rows are done.
    fn rows(&mut self, done: usize);
    /// This became of a row.
    fn line(&mut self, line: Line);
}

/// Nobody watches.
pub struct Unwatched;

impl Watcher for Unwatched {
    fn rows(&mut self, _: usize) {}
    fn line(&mut self, _: Line) {}
}

/// What came of a file.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// The batch, unless it was only looked at.
    pub batch: Option<BatchId>,
    /// The same content was accepted before, as this batch; nothing was done.
    pub known: Option<Batch>,
    /// The template of its first sheet.
    pub template: String,
    /// The period it speaks of.
    pub period: Option<Period>,
    /// What became of its rows.
    pub counts: Counts,
    /// Titles, totals, blanks.
    pub not_data: i64,
    /// What is wrong with rows and cells.
    pub findings: Vec<Finding>,
}

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
}

/// Opens a file and looks at its sheets.
pub fn look(ctx: &Ctx, desk: &Desk, upload: &Upload) -> Result<(Book, Vec<SheetPlan>)> {
    let mut book = Book::from_bytes(Arc::clone(&upload.bytes), &desk.limits)?;
    let mut session = ctx.read()?;
    let remembered = queries::mappings(&mut session)?;
    let find = |signature: &str| -> Option<Mapping> {
        serde_json::from_str(remembered.get(&ctx.db.keys().digest(signature))?).ok()
    };
    let plans = reading::plan(&mut book, &upload.name, &desk.templates, &find)?;
    Ok((book, plans))
}

/// The template by which the first recognised sheet is read, for the order of many files.
pub fn template_of<'t>(templates: &'t Templates, plans: &[SheetPlan]) -> Option<&'t Template> {
    plans.iter().find_map(|plan| templates.get(&plan.mapping.as_ref()?.template))
}

pub(super) fn deliver(
    ctx: &Ctx,
    desk: &Desk,
    (upload, wish): (&Upload, &Wish),
    watcher: &mut dyn Watcher,
) -> Result<Delivered> {
    let hash = hash_of(&upload.bytes);
    if let Some(known) = queries::find_by_hash(&mut ctx.read()?, &hash)? {
        return Ok(already(known));
    }
    let (mut book, plans) = look(ctx, desk, upload)?;
    let new = describe(ctx, desk, (upload, hash), (&plans, wish))?;
    let mut job = Job {
        ctx,
        desk,
        wish,
        batch: ctx.new_id(),
        new,
        counts: Counts::default(),
        not_data: 0,
        findings: Vec::new(),
        written_findings: 0,
    };
    job.begin(upload)?;
    let done = match job.new.list.as_str() {
        "register" => register_in::register(&mut job, (&mut book, &plans), watcher),
        "income" => register_in::income(&mut job, (&mut book, &plans), watcher),
        _ => job.lists((&mut book, &plans), watcher),
    };
    if let Err(why) = done {
        job.forget()?;
        return Err(why);
    }
    Ok(Delivered {
        batch: (wish.until != Until::Look).then_some(job.batch),
        known: None,
        template: job.new.template,
        period: job.new.period,
        counts: job.counts,
        not_data: job.not_data,
        findings: job.findings,
    })
}

fn already(known: Batch) -> Delivered {
    Delivered {
        batch: Some(known.id),
        template: known.template.clone(),
        period: known.period,
        counts: known.counts,
        not_data: 0,
        findings: Vec::new(),
        known: Some(known),
    }
}

fn describe(
    ctx: &Ctx,
    desk: &Desk,
    (upload, hash): (&Upload, String),
    (plans, wish): (&[SheetPlan], &Wish),
) -> Result<NewBatch> {
    let template = template_of(&desk.templates, plans)
        .ok_or_else(|| Refusal::invalid("intake.unknown_list").arg("file", &upload.name))?;
    for mapping in plans.iter().filter_map(|plan| plan.mapping.as_ref()) {
        if !mapping.is_sure() {
            let unsure: Vec<&str> = mapping
                .columns
                .iter()
                .filter(|column| column.confidence < 60)
                .map(|column| column.heading.as_str())
                .chain(mapping.missing.iter().map(String::as_str))
                .collect();
            return Err(Refusal::invalid("intake.mapping_unsure")
                .arg("file", &upload.name)
                .arg("columns", unsure.join(", "))
                .into());
        }
    }
    let first = plans.iter().find(|plan| plan.mapping.is_some());
    let sheets = plans.iter().map(|plan| sheet_use(desk, plan)).collect();
    let mut new = NewBatch {
        template: template.id.clone(),
        department: template.department.clone(),
        list: template.list.clone(),
        title: first
            .and_then(|plan| plan.layout.as_ref()?.titles.first().map(|(_, text)| text.clone())),
        file_name: upload.name.rsplit(['/', '\\']).next().unwrap_or(&upload.name).to_owned(),
        file_hash: hash,
        period: wish.period.or_else(|| first.and_then(|plan| period_of(&plan.said))),
        area: ctx.actor.home,
        replaces: None,
        sheets,
    };
    if new.list != "register" {
        new.replaces = queries::find_replaced(&mut ctx.read()?, &new)?.map(|batch| batch.id);
    }
    Ok(new)
}

fn period_of(said: &super::period::Said) -> Option<Period> {
    let term = || {
        let first = super::bodies::first_day_of_term(said.term.as_deref()?)?;
        Period::new(first, first.add_months(6).add_days(-1))
    };
    said.period.or_else(term).or_else(|| said.day.and_then(|day| Period::new(day, day)))
}

fn sheet_use(desk: &Desk, plan: &SheetPlan) -> SheetUse {
    let template = plan.mapping.as_ref().and_then(|mapping| desk.templates.get(&mapping.template));
    SheetUse {
        name: plan.sheet.clone(),
        template: template.map(|template| template.id.clone()).unwrap_or_default(),
        list: template.map(|template| template.list.clone()).unwrap_or_default(),
        header_row: plan.layout.as_ref().map(|layout| i64::from(layout.last_row)),
        mapping: plan
            .mapping
            .as_ref()
            .and_then(|mapping| serde_json::to_string(mapping).ok())
            .unwrap_or_else(|| "null".to_owned()),
    }
}

impl Job<'_> {
    fn begin(&mut self, upload: &Upload) -> Result<()> {
        if self.wish.until == Until::Look {
            return Ok(());
        }
        self.desk.originals.keep(&self.new.file_hash, &upload.bytes)?;
        let mut tx = self.ctx.begin()?;
        queries::insert_batch(&mut tx, self.ctx, self.batch, &self.new)?;
        tx.commit_staged(&self.batch.to_string())
    }

    fn forget(&self) -> Result<()> {
        if self.wish.until == Until::Look {
            return Ok(());
        }
        let mut tx = self.ctx.begin()?;
        if self.new.list == "register" {
            crate::circumstances::register::sweep(&mut tx, &self.batch)?;
        }
        queries::sweep(&mut tx, self.batch)?;
        tx.commit_swept(&self.batch.to_string())
    }

    fn lists(
        &mut self,
        (book, plans): (&mut Book, &[SheetPlan]),
        watcher: &mut dyn Watcher,
    ) -> Result<()> {
        let register = match &self.wish.register {
            Some(register) => Arc::clone(register),
            None => Register::load(self.ctx)?,
        };
        let ctx = self.ctx;
        let templates = Arc::clone(&self.desk.templates);
        let mut assigner = Assigner::new(ctx, &register, self.batch, self.new.replaces)?;
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
                    self.piece(
                        &mut assigner,
                        (template, plan),
                        &std::mem::take(&mut piece),
                        watcher,
                    )?;
                }
                Ok(())
            })?;
            self.piece(&mut assigner, (template, plan), &piece, watcher)?;
        }
        drop(assigner);
        publish::finish(self)
    }

    fn piece(
        &mut self,
        assigner: &mut Assigner<'_>,
        (template, plan): (&Template, &SheetPlan),
        rows: &[(i64, ReadRow)],
        watcher: &mut dyn Watcher,
    ) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut assigned = assigner.assign(template, &plan.said, rows)?;
        let mut records = Vec::new();
        for (one, (_, row)) in assigned.iter_mut().zip(rows) {
            self.counts.add(one.result.outcome);
            if one.result.outcome == RowOutcome::Taken {
                let (statement, doubts) = body_of(template, &plan.said, row)?;
                one.findings.extend(doubts);
                one.result.event_day = one.result.event_day.or(Some(statement.day));
                records.push(self.record(template, &one.result, &statement));
            }
            watcher.line(Line::Data(Arc::clone(&row.sheet), one.result.clone()));
        }
        let found: Vec<Finding> =
            assigned.iter().flat_map(|one| one.findings.iter().cloned()).collect();
        self.write(template, &assigned, (&found, records))?;
        self.findings.extend(found);
        watcher.rows(usize::try_from(self.counts.total).unwrap_or(0));
        Ok(())
    }

    fn record(
        &self,
        template: &Template,
        row: &RowResult,
        statement: &super::bodies::Statement,
    ) -> Vec<Value> {
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

    fn write(
        &mut self,
        template: &Template,
        assigned: &[Assigned],
        (found, records): (&[Finding], Vec<Vec<Value>>),
    ) -> Result<()> {
        if self.wish.until == Until::Look {
            return Ok(());
        }
        let results: Vec<RowResult> = assigned.iter().map(|one| one.result.clone()).collect();
        let asked: Vec<Question> = assigned.iter().filter_map(|one| one.question.clone()).collect();
        let mut tx = self.ctx.begin()?;
        queries::insert_rows(&mut tx, self.batch, &results)?;
        self.write_findings(&mut tx, found)?;
        queries::insert_questions(&mut tx, self.batch, &template.list, &asked)?;
        queries::insert_records(&mut tx, records)?;
        tx.commit_staged(&self.batch.to_string())
    }

    pub(super) fn write_findings(&mut self, tx: &mut store::Tx, found: &[Finding]) -> Result<()> {
        queries::insert_findings(tx, self.batch, self.written_findings, found)?;
        self.written_findings += i64::try_from(found.len()).unwrap_or(0);
        Ok(())
    }
}
