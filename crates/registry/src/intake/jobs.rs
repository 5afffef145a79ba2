//! Files that are being read or accepted right now. The work goes on when its page is left; only this program knows of it, and after
//! a restart the database decides: a batch is wholly there or wholly absent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kernel::error::{Error, Refusal, Result};
use kernel::ids::{BatchId, RequestId};
use kernel::permission::Permission;
use kernel::time::Period;
use store::Ctx;

use super::actions::{self, bring};
use super::batch::BatchState;
use super::deliver::{
    Desk, Line, Until, Upload, Watcher, Wish, forget_unused, look, of_own_office, offices_of,
};
use super::originals::hash_of;

/// Where a reading is.
#[derive(Debug, Clone)]
pub enum JobState {
    /// Waits for another file, or is being read.
    Reading,
    /// Somebody must say which column is which.
    Unmapped,
    /// Read; the batch waits to be accepted.
    Done(BatchId),
    /// The same content was accepted before.
    Known(BatchId),
    /// Could not be read, for a reason that can be told.
    Refused(Refusal),
    /// The program failed.
    Failed,
}

/// One reading.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its name in the address.
    pub id: String,
    /// Whose.
    pub account: String,
    /// Name of the file.
    pub file: String,
    /// Bytes of the file.
    pub size: usize,
    /// Hash of its content, under which the original is kept.
    pub hash: String,
    /// The period that was given by hand.
    pub period: Option<Period>,
    /// Rows so far.
    pub rows: usize,
    /// About how many there are, if the file says so.
    pub about: Option<usize>,
    /// Where it is.
    pub state: JobState,
    /// The batch begins to count when this is done; otherwise it only waits to be accepted.
    pub accepts: bool,
    began: Instant,
    ended: Option<Instant>,
}

impl Job {
    /// How long it has been going on, or took.
    pub fn took(&self) -> Duration {
        self.ended.unwrap_or_else(Instant::now).duration_since(self.began)
    }

    /// Rows per second so far.
    pub fn speed(&self) -> usize {
        let millis = usize::try_from(self.took().as_millis()).unwrap_or(usize::MAX).max(1);
        self.rows.saturating_mul(1000) / millis
    }

    /// Seconds that are left at this speed, if the file says how long it is.
    pub fn seconds_left(&self) -> Option<usize> {
        let left = self.about?.saturating_sub(self.rows);
        (self.speed() > 0).then(|| left.div_ceil(self.speed()))
    }
}

/// All readings of this program, and the lock by which files are read one after the other: two workbooks of 20 MB at once
/// need twice the memory and neither is ready sooner.
#[derive(Clone, Default)]
pub struct Jobs {
    table: Arc<Mutex<BTreeMap<String, Job>>>,
    turn: Arc<Mutex<()>>,
}

/// Readings that are remembered; the oldest finished ones go first.
const REMEMBERED: usize = 200;

struct Reporter {
    jobs: Jobs,
    id: String,
}

impl Watcher for Reporter {
    fn rows(&mut self, done: usize) {
        self.jobs.change(&self.id, |job| job.rows = done);
    }

    fn line(&mut self, _: Line) {}
}

impl Jobs {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Job>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, id: &str, how: impl FnOnce(&mut Job)) {
        if let Some(job) = self.lock().get_mut(id) {
            how(job);
        }
    }

    /// A reading of the caller.
    ///
    /// # Errors
    /// Not found when it is somebody else's, or from before a restart.
    pub fn find(&self, ctx: &Ctx, id: &str) -> Result<Job> {
        let found = self.lock().get(id).filter(|job| job.account == ctx.actor.account).cloned();
        found.ok_or_else(|| Refusal::not_found("intake.no_job").into())
    }

    /// Readings of the caller that are not finished, newest first.
    pub fn list(&self, ctx: &Ctx) -> Vec<Job> {
        let table = self.lock();
        let mine = table.values().rev().filter(|job| job.account == ctx.actor.account);
        mine.filter(|job| matches!(job.state, JobState::Reading | JobState::Unmapped))
            .cloned()
            .collect()
    }

    /// Begins to read the file on its own thread; it is kept when it is known whose list it is and that it can be read.
    /// Returns the name of the reading.
    ///
    /// # Errors
    /// Refused without `intake.upload`.
    pub fn start(
        &self,
        ctx: &Ctx,
        desk: &Desk,
        upload: Upload,
        period: Option<Period>,
    ) -> Result<String> {
        ctx.permit(Permission::IntakeUpload)?;
        let id = ctx.new_id::<RequestId>().to_string();
        let hash = hash_of(&upload.bytes);
        let job = Job {
            id: id.clone(),
            account: ctx.actor.account.clone(),
            file: upload.name.clone(),
            size: upload.bytes.len(),
            hash: hash.clone(),
            period,
            rows: 0,
            about: None,
            state: JobState::Reading,
            accepts: false,
            began: Instant::now(),
            ended: None,
        };
        let (ctx, desk) = (ctx.clone(), desk.clone());
        self.spawn(job, move |jobs, id| {
            let read = jobs.read(&ctx, &desk, id, (&upload, &hash));
            if read.is_err() {
                forget_unused(&ctx, &desk, &hash);
            }
            read
        })?;
        Ok(id)
    }

    /// Begins to accept a batch on its own thread. Returns the name of the work.
    ///
    /// # Errors
    /// Refused without `intake.accept`, and when the batch does not wait for it.
    pub fn accept(&self, ctx: &Ctx, desk: &Desk, batch: BatchId) -> Result<String> {
        ctx.permit(Permission::IntakeAccept)?;
        let found = actions::load(ctx, batch)?;
        if found.state != BatchState::Ready {
            return Err(Refusal::conflict("intake.not_waiting").into());
        }
        let id = ctx.new_id::<RequestId>().to_string();
        let job = Job {
            id: id.clone(),
            account: ctx.actor.account.clone(),
            file: found.file_name,
            size: 0,
            hash: found.file_hash,
            period: found.period,
            rows: 0,
            about: usize::try_from(found.counts.total).ok(),
            state: JobState::Reading,
            accepts: true,
            began: Instant::now(),
            ended: None,
        };
        let (ctx, desk) = (ctx.clone(), desk.clone());
        self.spawn(job, move |jobs, id| {
            let mut reporter = Reporter { jobs: jobs.clone(), id: id.to_owned() };
            actions::accept(&ctx, &desk, batch, &mut reporter).map(JobState::Done)
        })?;
        Ok(id)
    }

    fn spawn(
        &self,
        job: Job,
        work: impl FnOnce(&Jobs, &str) -> Result<JobState> + Send + 'static,
    ) -> Result<()> {
        let (jobs, id) = (self.clone(), job.id.clone());
        self.remember(job);
        std::thread::Builder::new()
            .name("intake".to_owned())
            .spawn(move || jobs.run(&id, work))
            .map_err(|why| Error::fault(format!("no thread for a reading: {why}")))?;
        Ok(())
    }

    fn remember(&self, job: Job) {
        let mut table = self.lock();
        if table.len() >= REMEMBERED {
            let old = table.iter().find(|(_, job)| job.ended.is_some()).map(|(id, _)| id.clone());
            old.and_then(|id| table.remove(&id));
        }
        table.insert(job.id.clone(), job);
    }

    /// Reads a file again that waited for its mapping.
    ///
    /// # Errors
    /// As [`Jobs::start`]; not found when the reading is not known.
    pub fn again(&self, ctx: &Ctx, desk: &Desk, id: &str) -> Result<String> {
        let job = self.find(ctx, id)?;
        let bytes = desk.originals.open(&job.hash)?.into();
        let next = self.start(ctx, desk, Upload { name: job.file, bytes }, job.period)?;
        self.lock().remove(id);
        Ok(next)
    }

    fn run(&self, id: &str, work: impl FnOnce(&Jobs, &str) -> Result<JobState>) {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.change(id, |job| job.began = Instant::now());
        let state = match work(self, id) {
            Ok(state) => state,
            Err(Error::Refusal(refusal)) => JobState::Refused(refusal),
            Err(fault) => {
                tracing::error!(job = id, "a file could not be read or accepted: {fault}");
                JobState::Failed
            }
        };
        drop(turn);
        self.change(id, |job| {
            job.ended = Some(Instant::now());
            job.state = state;
        });
    }

    fn read(
        &self,
        ctx: &Ctx,
        desk: &Desk,
        id: &str,
        (upload, hash): (&Upload, &str),
    ) -> Result<JobState> {
        let mut looked = look(ctx, desk, upload)?;
        of_own_office(ctx, offices_of(&desk.templates, &looked.plans))?;
        let mut known = looked.plans.iter().filter_map(|plan| plan.mapping.as_ref());
        let sure = known.clone().next().is_some() && known.all(|mapping| mapping.is_sure());
        if !sure {
            // its columns are asked on a page that reads it again
            desk.originals.keep(hash, &upload.bytes)?;
            return Ok(JobState::Unmapped);
        }
        let about = looked.rows_about();
        self.change(id, |job| job.about = about);
        let period = self.lock().get(id).and_then(|job| job.period);
        let wish = Wish { period, ..Wish::of(Until::Ready) };
        let mut reporter = Reporter { jobs: self.clone(), id: id.to_owned() };
        let delivered = bring(ctx, desk, (upload, Some(looked), &wish), &mut reporter)?;
        let rows = usize::try_from(delivered.counts.total).unwrap_or(0);
        self.change(id, |job| job.rows = rows);
        match (delivered.known, delivered.batch) {
            (Some(known), _) => Ok(JobState::Known(known.id)),
            (None, Some(batch)) => Ok(JobState::Done(batch)),
            (None, None) => Err(Error::fault("a reading left no batch")),
        }
    }
}
