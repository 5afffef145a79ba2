//! One file becomes one batch: read, assigned row by row, staged in short transactions, then published as a whole.

use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::finding::Finding;
use kernel::ids::BatchId;
use kernel::permission::Permission;
use kernel::time::Period;
use sheets::{Book, Limits};
use store::Ctx;

use super::actions::mapping_key;
use super::assign::Register;
use super::batch::{Batch, Counts, NewBatch, RowResult, SheetUse};
use super::mapping::Mapping;
use super::originals::{Originals, hash_of};
use super::own_lists;
use super::own_templates;
use super::reading::{self, SheetPlan};
use super::staging::Job;
use super::template::{Template, Templates};
use super::{queries, register_in, replaces};

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

impl Desk {
    /// The same with the lists that the county has made itself, as they look on a day.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn of_day(&self, session: &mut store::Session, day: kernel::time::Day) -> Result<Self> {
        Ok(Desk {
            templates: own_templates::with_own(&self.templates, session, day)?,
            ..self.clone()
        })
    }
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
    /// The area it speaks of; `None` for that of who brings it.
    pub area: Option<AreaCode>,
    /// The register, loaded once for many files; `None` loads it for this file.
    pub register: Option<Arc<Register>>,
}

impl Wish {
    /// As the file itself says.
    pub fn of(until: Until) -> Self {
        Wish { until, period: None, area: None, register: None }
    }
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
    /// All rows are matched and stored, seen by nobody yet: what follows is facts and publication.
    fn stored(&mut self) {}
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

/// A file that was opened and looked at, ready to be read: a large workbook takes seconds to open.
pub struct Looked {
    pub(super) book: Book,
    /// What its sheets are.
    pub plans: Vec<SheetPlan>,
}

impl Looked {
    /// About how many rows of lists there are, if the file says so.
    pub fn rows_about(&mut self) -> Option<usize> {
        let mapped = self.plans.iter().filter(|plan| plan.mapping.is_some());
        let about: Option<u64> = mapped.map(|plan| self.book.rows_about(plan.index)).sum();
        about.and_then(|rows| usize::try_from(rows).ok())
    }
}

/// Opens a file and looks at its sheets. What an office sends is looked at as its own lists first.
///
/// # Errors
/// A refusal when it is damaged or no list; what the database refuses.
pub fn look(ctx: &Ctx, desk: &Desk, upload: &Upload) -> Result<Looked> {
    let mut book = Book::from_bytes(Arc::clone(&upload.bytes), &desk.limits)?;
    let mut session = ctx.read()?;
    let remembered = queries::mappings(&mut session)?;
    let offices = desk.templates.offices();
    let find = |signature: &str| -> Option<Mapping> {
        let of = |office: &str| remembered.get(&mapping_key(ctx, office, signature));
        let found = match ctx.actor.department.as_deref() {
            Some(office) => of(office)?,
            // the county brings lists of every office: what it said itself, or what one office alone has said
            None => of("").or_else(|| {
                let mut said = offices.iter().filter_map(|office| of(office));
                said.next().filter(|_| said.next().is_none())
            })?,
        };
        serde_json::from_str(found).ok()
    };
    let mut plans = reading::plan(&mut book, &upload.name, &desk.templates, &find)?;
    if let Some(office) = ctx.actor.department.as_deref() {
        own_lists::first(&mut plans, (&mut book, &upload.name), (&desk.templates, office))?;
    }
    Ok(Looked { book, plans })
}

/// The offices whose lists the sheets of a file are.
pub(super) fn offices_of<'t>(
    templates: &'t Templates,
    plans: &'t [SheetPlan],
) -> impl Iterator<Item = &'t str> {
    let template = |plan: &SheetPlan| templates.get(&plan.mapping.as_ref()?.template);
    plans.iter().filter_map(template).map(|template| template.department.as_str())
}

/// An account of an office delivers the lists of that office and no other's. Asked as soon as the headings say whose list
/// it is, before a row of it is read or kept.
///
/// # Errors
/// Forbidden where one of the lists is another office's.
pub(super) fn of_own_office<'o>(
    ctx: &Ctx,
    mut offices: impl Iterator<Item = &'o str>,
) -> Result<()> {
    let permit = ctx.permit(Permission::IntakeUpload)?;
    let other = permit.department().is_some_and(|own| offices.any(|office| office != own));
    if other { Err(Refusal::forbidden("intake.other_office").into()) } else { Ok(()) }
}

/// Forgets the original of a file of which no batch came, or none is left.
pub(super) fn forget_unused(ctx: &Ctx, desk: &Desk, hash: &str) {
    let unused = ctx.read().and_then(|mut session| queries::is_unused(&mut session, hash));
    let done = unused.and_then(|unused| if unused { desk.originals.forget(hash) } else { Ok(()) });
    if let Err(why) = done {
        tracing::warn!(%why, "the original of a refused file could not be removed");
    }
}

/// The template by which the first recognised sheet is read, for the order of many files.
pub fn template_of<'t>(templates: &'t Templates, plans: &[SheetPlan]) -> Option<&'t Template> {
    plans.iter().find_map(|plan| templates.get(&plan.mapping.as_ref()?.template))
}

pub(super) fn deliver(
    ctx: &Ctx,
    desk: &Desk,
    (upload, looked, wish): (&Upload, Option<Looked>, &Wish),
    watcher: &mut dyn Watcher,
) -> Result<Delivered> {
    let hash = hash_of(&upload.bytes);
    if let Some(known) = queries::find_by_hash(&mut ctx.read()?, &hash)? {
        of_own_office(ctx, std::iter::once(known.department.as_str()))?;
        return Ok(already(known));
    }
    let looked = looked.map_or_else(|| look(ctx, desk, upload), Ok)?;
    let Looked { mut book, mut plans } = looked;
    // a list that says nothing about its time speaks of the time that it was brought for
    for said in plans.iter_mut().map(|plan| &mut plan.said) {
        if said.as_of().is_none() && said.term.is_none() {
            said.period = wish.period;
        }
    }
    of_own_office(ctx, offices_of(&desk.templates, &plans))?;
    let mut new = describe(ctx, desk, (upload, hash), (&plans, wish))?;
    if new.list != "register" {
        new.replaces = replaces::find(ctx, desk, (&mut book, &plans), &new)?;
    }
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
        days: None,
        lease: None,
    };
    job.begin(upload)?;
    let done = match job.new.list.as_str() {
        "register" => register_in::register(&mut job, (&mut book, &plans), watcher),
        "income" => register_in::income(&mut job, (&mut book, &plans), watcher),
        _ => job.lists((&mut book, &plans), watcher),
    };
    if let Err(why) = done {
        match job.forget() {
            Ok(false) => {}
            Ok(true) => {
                forget_unused(ctx, desk, &job.new.file_hash);
                return Err(why);
            }
            // The next sweep finds it; what went wrong first is what the person must know.
            Err(later) => {
                tracing::warn!(%later, "a batch that failed could not be cleared away yet");
                return Err(why);
            }
        }
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
    let new = NewBatch {
        template: template.id.clone(),
        department: template.department.clone(),
        list: template.list.clone(),
        title: first
            .and_then(|plan| plan.layout.as_ref()?.titles.first().map(|(_, text)| text.clone())),
        file_name: upload.name.rsplit(['/', '\\']).next().unwrap_or(&upload.name).to_owned(),
        file_hash: hash,
        period: wish.period.or_else(|| first.and_then(|plan| period_of(&plan.said))),
        area: wish.area.or(ctx.actor.home),
        replaces: None,
        sheets,
    };
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
        coverage: template.map(|template| template.coverage.text()).unwrap_or_default(),
        header_row: plan.layout.as_ref().map(|layout| i64::from(layout.last_row)),
        mapping: plan
            .mapping
            .as_ref()
            .zip(template)
            .and_then(|(mapping, template)| serde_json::to_string(&mapping.masked(template)).ok())
            .unwrap_or_else(|| "null".to_owned()),
    }
}
