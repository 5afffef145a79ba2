//! What people do with papers: look at their layouts, change one, take an earlier one back; make a paper.

use include_dir::{Dir, include_dir};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use serde_json::json;
use sheets::docx::Template;
use store::{Ctx, Entry, Session};

use super::board::not_public;
use super::model::{Paper, Problem, Values, read};
use super::queries::{self, Version};

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs/common/papers");

/// Name of a file as it is kept, at most.
const LONGEST_NAME: usize = 120;

/// A kind of paper with the layout that holds today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The kind.
    pub paper: Paper,
    /// Its layout today; `None` = the one that ships.
    pub now: Option<Version>,
    /// A layout that begins later.
    pub next: Option<Version>,
}

/// Paper and layout by which it was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The `.docx`.
    pub bytes: Vec<u8>,
    /// The version of the layout; 0 = the one that ships.
    pub layout: i64,
}

/// The layout that ships with the program.
///
/// # Errors
/// A fault when the program was built without it.
pub fn shipped(paper: Paper) -> Result<&'static [u8]> {
    let file = SHIPPED.get_file(format!("{}.docx", paper.code()));
    file.map(|file| file.contents())
        .ok_or_else(|| Error::fault(format!("no layout ships for {}", paper.code())))
}

/// Every kind of paper with its layout.
///
/// # Errors
/// Nobody who sees no cases.
pub fn list(ctx: &Ctx) -> Result<Vec<Standing>> {
    ctx.permit(Permission::CaseSee)?;
    let mut session = ctx.read()?;
    let standing = |paper: &Paper| {
        let now = queries::find_on(&mut session, *paper, ctx.today)?;
        let later = queries::list(&mut session, *paper)?;
        let since = now.as_ref().map_or(0, |now| now.version);
        let next = later.into_iter().find(|one| one.from > ctx.today && one.version > since);
        Ok(Standing { paper: *paper, now, next })
    };
    Paper::ALL.iter().map(standing).collect()
}

/// The layouts that a paper has had, the newest first.
///
/// # Errors
/// Nobody who sees no cases.
pub fn versions(ctx: &Ctx, paper: Paper) -> Result<Vec<Version>> {
    ctx.permit(Permission::CaseSee)?;
    queries::list(&mut ctx.read()?, paper)
}

/// The file of a layout; 0 = the one that ships.
///
/// # Errors
/// `papers.no_such_version`.
pub fn file(ctx: &Ctx, paper: Paper, version: i64) -> Result<Vec<u8>> {
    ctx.permit(Permission::CaseSee)?;
    bytes_of(&mut ctx.read()?, paper, version)?
        .ok_or_else(|| Refusal::not_found("papers.no_such_version").into())
}

fn bytes_of(session: &mut Session, paper: Paper, version: i64) -> Result<Option<Vec<u8>>> {
    let kept = match version {
        0 => Some(Vec::new()),
        version => queries::content(session, paper, version)?,
    };
    Ok(match kept {
        Some(bytes) if bytes.is_empty() => Some(shipped(paper)?.to_vec()),
        kept => kept,
    })
}

/// What came of a layout that was sent.
pub type Sent = std::result::Result<i64, Vec<Problem>>;

/// Keeps a layout that was changed in Word, from a day. What is wrong with it is told, all of it; nothing is kept then.
///
/// # Errors
/// A day in the past; nobody but the county.
pub fn add(ctx: &Ctx, paper: Paper, (name, bytes): (&str, &[u8]), from: Day) -> Result<Sent> {
    ctx.permit(Permission::PaperManage)?;
    begins(ctx, from)?;
    if let Err(problems) = read(paper, bytes) {
        return Ok(Err(problems));
    }
    keep(ctx, paper, (name, bytes), (from, None)).map(Ok)
}

/// Takes an earlier layout up again, from a day: a version of its own. 0 = the one that ships.
///
/// # Errors
/// `papers.no_such_version`; a day in the past; nobody but the county.
pub fn take_back(ctx: &Ctx, paper: Paper, version: i64, from: Day) -> Result<i64> {
    ctx.permit(Permission::PaperManage)?;
    begins(ctx, from)?;
    let known = queries::list(&mut ctx.read()?, paper)?;
    let old = known.iter().find(|one| one.version == version);
    let name = old.map_or_else(|| format!("{}.docx", paper.code()), |old| old.name.clone());
    let bytes = match version {
        0 => Vec::new(),
        version => queries::content(&mut ctx.read()?, paper, version)?
            .ok_or_else(|| Refusal::not_found("papers.no_such_version"))?,
    };
    keep(ctx, paper, (&name, &bytes), (from, Some(version)))
}

fn begins(ctx: &Ctx, from: Day) -> Result<()> {
    if from < ctx.today {
        let refusal = Refusal::invalid("papers.begins_in_the_past");
        return Err(refusal.field("from", "papers.begins_in_the_past").into());
    }
    Ok(())
}

fn keep(
    ctx: &Ctx,
    paper: Paper,
    (name, bytes): (&str, &[u8]),
    (from, again_of): (Day, Option<i64>),
) -> Result<i64> {
    let mut tx = ctx.begin()?;
    let last = queries::list(&mut tx, paper)?.first().map_or(0, |last| last.version);
    let new = Version {
        version: last.saturating_add(1),
        from,
        name: name.trim().chars().take(LONGEST_NAME).collect(),
        again_of,
        by: ctx.actor.name.clone(),
        at: ctx.now,
    };
    let digest = digest(bytes);
    queries::insert(&mut tx, ctx, paper, (&new, bytes, &digest))?;
    let verb = if again_of.is_some() { "paper.take_back" } else { "paper.change" };
    let detail = json!({
        "version": new.version, "from": from, "name": new.name, "again_of": again_of, "sha256": digest,
    });
    tx.commit(Entry::new(ctx, verb).about("paper", paper.code()).detail(detail))?;
    Ok(new.version)
}

fn digest(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One document with a paper for each of the values, in the layout of the day. What hangs on a board is looked through once
/// more as it lies on paper.
///
/// # Errors
/// `papers.not_public_made` with the place; a layout that this version of the program no longer reads.
pub fn made_with(
    session: &mut Session,
    (paper, day): (Paper, Day),
    values: &[Values],
) -> Result<Made> {
    let version = queries::find_on(session, paper, day)?.map_or(0, |one| one.version);
    let bytes = bytes_of(session, paper, version)?
        .ok_or_else(|| Error::fault(format!("layout {version} of {} is gone", paper.code())))?;
    let template = read(paper, &bytes).map_err(|problems| {
        let first = problems.first().map(Problem::refusal);
        first.unwrap_or_else(|| Refusal::invalid("papers.broken"))
    })?;
    let slot = |name: &str| paper.slot(name);
    let bytes = template
        .fill(values, &slot)
        .map_err(|why| Error::fault(format!("a paper cannot be written: {why}")))?;
    if paper.is_public() {
        let done = Template::read(&bytes).map_err(|why| Error::fault(why.to_string()))?;
        for (_, text) in done.paragraphs() {
            if let Some(what) = not_public(&text) {
                let refusal = Refusal::invalid("papers.not_public_made").arg("what", what);
                return Err(refusal.arg("text", text.chars().take(40).collect::<String>()).into());
            }
        }
    }
    Ok(Made { bytes, layout: version })
}

/// Notes that a paper was taken out.
///
/// # Errors
/// What the database refuses.
pub fn note_made(ctx: &Ctx, paper: Paper, (households, layout): (usize, i64)) -> Result<()> {
    let detail = json!({ "households": households, "layout": layout });
    ctx.journal(Entry::new(ctx, "paper.make").about("paper", paper.code()).detail(detail))
}
