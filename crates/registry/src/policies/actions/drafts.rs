//! The way of a change: draft, hand on, a second person publishes from a day; taking a published change back is another one.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::error::{Refusal, Result};
use kernel::ids::{DocumentId, DraftId};
use kernel::permission::Permission;
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry, Session, Tx};

use crate::policies::model::{Change, Draft, DraftState, Stance};
use crate::policies::pack::{Pack, PackProblem};
use crate::policies::{Words, queries};

/// What a draft would do to one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The rule.
    pub rule: String,
    /// Its title.
    pub title: Words,
    /// Hits before and after.
    pub hits: (i64, i64),
    /// Households (or villages) that it would hit and did not.
    pub added: i64,
    /// Those that it would no longer hit.
    pub dropped: i64,
    /// Those for which it cannot tell, before and after.
    pub unknown: (i64, i64),
    /// Households (or villages) that there are.
    pub rows: i64,
}

impl Effect {
    /// Whether it comes to hit nearly all: a mistake more often than not.
    #[must_use]
    pub fn hits_everybody(&self) -> bool {
        let nearly =
            |hits: i64| self.rows > 0 && hits.saturating_mul(10) >= self.rows.saturating_mul(8);
        nearly(self.hits.1) && !nearly(self.hits.0)
    }
}

/// What is wrong with a rule of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The rule or file.
    pub rule: String,
    /// What, in the reader's language.
    pub what: String,
}

/// A dry run of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    /// What keeps it from being published.
    pub wrong: Vec<Wrong>,
    /// What it does, rule by rule.
    pub effects: Vec<Effect>,
}

/// How a pack is tried on a day.
pub type Try = dyn Fn(&Ctx, &Pack, Day) -> Result<Tried> + Send + Sync;

/// Tries a pack on a day. The room that owns the rules does it; the binary hands it in, as a layer of the router.
#[derive(Clone)]
pub struct Trial(pub Arc<Try>);

/// What somebody says of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHead {
    /// A few words.
    pub title: String,
    /// What it does to policy.
    pub stance: Stance,
    /// The document that it carries out.
    pub document: Option<DocumentId>,
    /// Its first day.
    pub valid_from: Day,
}

/// A draft with the pack that it would make.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The draft.
    pub draft: Draft,
    /// The pack that holds on its first day without it.
    pub before: Pack,
    /// The pack with it, or what is wrong.
    pub after: std::result::Result<Pack, Vec<PackProblem>>,
}

fn checked(head: &DraftHead, today: Day) -> Result<()> {
    let mut refusal = Refusal::invalid("policies.draft_form");
    if head.title.trim().is_empty() {
        refusal = refusal.field("title", "web.required");
    }
    if head.valid_from < today {
        refusal = refusal.field("valid_from", "policies.in_the_past");
    }
    if refusal.fields.is_empty() { Ok(()) } else { Err(refusal.into()) }
}

fn entry(ctx: &Ctx, draft: &Draft, step: &str) -> Entry {
    let detail = json!({
        "step": step, "title": draft.title, "from": draft.valid_from, "stance": draft.stance.code(),
        "changes": draft.changes.len(), "version": draft.version,
    });
    Entry::new(ctx, "policy.manage").about("policy_draft", draft.id.to_string()).detail(detail)
}

/// Begins a draft. Refused without `policy.manage`, without a title, and for a day that is past.
pub fn begin_draft(ctx: &Ctx, head: &DraftHead) -> Result<DraftId> {
    begin(ctx, head, |_, draft| Ok(draft))
}

fn begin(
    ctx: &Ctx,
    head: &DraftHead,
    fill: impl FnOnce(&mut Tx, Draft) -> Result<Draft>,
) -> Result<DraftId> {
    ctx.permit(Permission::PolicyManage)?;
    checked(head, ctx.today)?;
    let mut tx = ctx.begin()?;
    let draft = fill(&mut tx, made(ctx, head))?;
    queries::insert_draft(&mut tx, &draft)?;
    let word = if draft.undoes.is_some() { "undo" } else { "draft" };
    tx.commit(entry(ctx, &draft, word))?;
    Ok(draft.id)
}

fn made(ctx: &Ctx, head: &DraftHead) -> Draft {
    Draft {
        id: ctx.new_id(),
        title: head.title.trim().to_owned(),
        stance: head.stance,
        document: head.document,
        valid_from: head.valid_from,
        changes: Vec::new(),
        undoes: None,
        state: DraftState::Open,
        revision: 0,
        made_by: ctx.actor.account.clone(),
        submitted_by: None,
        said: String::new(),
        version: None,
    }
}

/// Loads, changes and saves a draft that must stand in `state` and be as the person saw it.
fn step(
    ctx: &Ctx,
    (id, revision, state): (DraftId, i64, DraftState),
    word: &str,
    change: impl FnOnce(&mut Tx, Draft) -> Result<Draft>,
) -> Result<Draft> {
    ctx.permit(Permission::PolicyManage)?;
    let mut tx = ctx.begin()?;
    let known = queries::load_draft(&mut tx, id)?;
    if known.revision != revision || known.state != state {
        return Err(overtaken(&known));
    }
    let changed = change(&mut tx, known)?;
    if !queries::save_draft(&mut tx, &changed, (revision, state))? {
        return Err(overtaken(&queries::load_draft(&mut tx, id)?));
    }
    tx.commit(entry(ctx, &changed, word))?;
    Ok(changed)
}

fn overtaken(draft: &Draft) -> kernel::error::Error {
    let code = match draft.state {
        DraftState::Published => "policies.draft_published",
        _ => "policies.draft_changed",
    };
    Refusal::conflict(code).arg("title", &draft.title).into()
}

/// Changes title, day, document or stance of an open draft.
pub fn save_head(ctx: &Ctx, id: DraftId, revision: i64, head: &DraftHead) -> Result<()> {
    checked(head, ctx.today)?;
    let set = |_: &mut Tx, draft: Draft| {
        Ok(Draft {
            title: head.title.trim().to_owned(),
            stance: head.stance,
            document: head.document,
            valid_from: head.valid_from,
            ..draft
        })
    };
    step(ctx, (id, revision, DraftState::Open), "draft", set).map(drop)
}

/// Puts a change into an open draft. A value that does not fit its parameter, an area that is none, a value without
/// source or reason are refused with what is wrong.
pub fn put_change(ctx: &Ctx, id: DraftId, revision: i64, change: Change) -> Result<()> {
    let put = |tx: &mut Tx, draft: Draft| fitting(tx, draft.with(change));
    step(ctx, (id, revision, DraftState::Open), "draft", put).map(drop)
}

/// Begins a draft with its first change. Refused as [`begin_draft`] and [`put_change`] are; then there is no draft.
pub fn begin_with(ctx: &Ctx, head: &DraftHead, change: Change) -> Result<DraftId> {
    begin(ctx, head, |tx, draft| fitting(tx, draft.with(change)))
}

/// Puts several changes into an open draft, or begins one with them: all or none.
pub fn put_together(
    ctx: &Ctx,
    draft: Option<DraftId>,
    head: &DraftHead,
    changes: Vec<Change>,
) -> Result<DraftId> {
    let with = |draft: Draft| changes.into_iter().fold(draft, Draft::with);
    let Some(id) = draft else {
        return begin(ctx, head, |tx, draft| fitting(tx, with(draft)));
    };
    ctx.permit(Permission::PolicyManage)?;
    let revision = queries::load_draft(&mut ctx.read()?, id)?.revision;
    let put = |tx: &mut Tx, draft: Draft| fitting(tx, with(draft));
    step(ctx, (id, revision, DraftState::Open), "draft", put).map(drop)?;
    Ok(id)
}

/// The draft, if it makes a pack that can be read.
fn fitting(session: &mut Session, draft: Draft) -> Result<Draft> {
    let on = must_hold(session, draft.valid_from)?;
    draft.over(&on).map_err(|problems| unfit(&problems))?;
    Ok(draft)
}

/// Takes the change at a place out of an open draft.
pub fn drop_change(ctx: &Ctx, id: DraftId, revision: i64, place: usize) -> Result<()> {
    let cut = |_: &mut Tx, mut draft: Draft| {
        if place < draft.changes.len() {
            draft.changes.remove(place);
        }
        Ok(draft)
    };
    step(ctx, (id, revision, DraftState::Open), "draft", cut).map(drop)
}

fn must_hold(session: &mut Session, day: Day) -> Result<Pack> {
    queries::find_pack_on(session, day)?
        .ok_or_else(|| Refusal::unavailable("policies.no_pack").arg("day", day).into())
}

fn unfit(problems: &[PackProblem]) -> kernel::error::Error {
    let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let refusal = Refusal::invalid("policies.unfit").arg("problems", words.join("; "));
    let field = |fault: &crate::policies::PackFault| match fault {
        crate::policies::PackFault::Value(_) => Some(("value", "policies.unfit_value")),
        crate::policies::PackFault::Area(_) => Some(("area", "policies.unfit_area")),
        crate::policies::PackFault::Source => Some(("why", "policies.unfit_source")),
        crate::policies::PackFault::Unreadable(_) => Some(("text", "policies.unfit_text")),
        crate::policies::PackFault::NoKey => Some(("by", "policies.unfit_key")),
        crate::policies::PackFault::NoValue => Some(("when", "web.required")),
        crate::policies::PackFault::Columns(_) => Some(("columns", "policies.unfit_columns")),
        crate::policies::PackFault::Name(_) => Some(("columns", "policies.unfit_name")),
        crate::policies::PackFault::Twice(_) => Some(("columns", "policies.unfit_twice")),
        crate::policies::PackFault::NoCodes(_) => Some(("columns", "policies.unfit_codes")),
        _ => None,
    };
    let fields = problems.iter().filter_map(|problem| field(&problem.fault));
    fields.fold(refusal, |refusal, (name, code)| refusal.field(name, code)).into()
}

/// Hands an open draft with at least one change to a second person.
pub fn submit_draft(ctx: &Ctx, id: DraftId, revision: i64) -> Result<()> {
    let hand_on = |_: &mut Tx, draft: Draft| {
        if draft.changes.is_empty() {
            return Err(Refusal::invalid("policies.draft_empty").into());
        }
        let by = Some(ctx.actor.account.clone());
        Ok(Draft { state: DraftState::Submitted, submitted_by: by, said: String::new(), ..draft })
    };
    step(ctx, (id, revision, DraftState::Open), "submit", hand_on).map(drop)
}

/// Gives a submitted draft back to be mended, with the reason.
pub fn give_back(ctx: &Ctx, id: DraftId, revision: i64, why: &str) -> Result<()> {
    if why.trim().is_empty() {
        let refusal = Refusal::invalid("policies.give_back_form");
        return Err(refusal.field("why", "web.required").into());
    }
    let back = |_: &mut Tx, draft: Draft| {
        Ok(Draft { state: DraftState::Open, said: why.trim().to_owned(), ..draft })
    };
    step(ctx, (id, revision, DraftState::Submitted), "give_back", back).map(drop)
}

/// Gives up an open draft.
pub fn withdraw_draft(ctx: &Ctx, id: DraftId, revision: i64) -> Result<()> {
    let away = |_: &mut Tx, draft: Draft| Ok(Draft { state: DraftState::Withdrawn, ..draft });
    step(ctx, (id, revision, DraftState::Open), "withdraw", away).map(drop)
}

/// Publishes a submitted draft: it becomes a version of the county's pack and holds from its day on. Refused to the one
/// who wrote or handed it on, when its day is past, and when the dry run finds something wrong.
pub fn publish_draft(ctx: &Ctx, id: DraftId, revision: i64, trial: &Trial) -> Result<u32> {
    publish_checked(ctx, (id, revision), trial, false)
}

/// The same; a rule that comes to hit nearly all is published only if the person says that this was checked.
pub fn publish_checked(
    ctx: &Ctx,
    (id, revision): (DraftId, i64),
    trial: &Trial,
    nearly_all: bool,
) -> Result<u32> {
    ctx.permit(Permission::PolicyManage)?;
    // The dry run asks all households: outside the transaction, so that nobody waits for it.
    let preview = preview_draft(ctx, id)?;
    let after = preview.after.as_ref().map_err(|problems| unfit(problems))?;
    let tried = (trial.0)(ctx, after, preview.draft.valid_from.max(ctx.today))?;
    if let Some(wrong) = tried.wrong.first() {
        let refusal = Refusal::invalid("policies.draft_wrong").arg("rule", &wrong.rule);
        return Err(refusal.arg("what", &wrong.what).into());
    }
    if let Some(effect) = tried.effects.iter().find(|one| !nearly_all && one.hits_everybody()) {
        let refusal = Refusal::conflict("policies.hits_everybody").arg("rule", &effect.rule);
        let refusal = refusal.arg("hits", effect.hits.1).arg("rows", effect.rows);
        return Err(refusal.into());
    }
    let seen = preview.before.hash();
    let out = |tx: &mut Tx, draft: Draft| {
        let me = &ctx.actor.account;
        if draft.made_by == *me || draft.submitted_by.as_ref() == Some(me) {
            return Err(Refusal::forbidden("policies.second_person").into());
        }
        if draft.valid_from < ctx.today {
            let refusal = Refusal::conflict("policies.day_passed");
            return Err(refusal.arg("day", draft.valid_from).into());
        }
        queries::one_publication_at_a_time(tx)?;
        // whoever waited looks again: the other may have published this very draft
        let now = queries::load_draft(tx, draft.id)?;
        if (now.state, now.revision) != (draft.state, draft.revision) {
            return Err(overtaken(&now));
        }
        let on = must_hold(tx, draft.valid_from)?;
        if on.hash() != seen {
            return Err(Refusal::conflict("policies.overtaken").into());
        }
        let files = draft.files(&on).map_err(|problems| unfit(&problems))?;
        let version = queries::newest_change(tx)? + 1;
        queries::save_change(tx, (version, draft.valid_from), &files, me)?;
        Ok(Draft { state: DraftState::Published, version: Some(version), ..draft })
    };
    let published = step(ctx, (id, revision, DraftState::Submitted), "publish", out)?;
    Ok(published.version.unwrap_or(0))
}

/// Begins the draft that takes a published change back from a day on: every file that it changed gets the text that it
/// would have had without it. Refused when a later change touched one of them: then the value is changed again instead.
pub fn undo_change(ctx: &Ctx, version: u32, head: &DraftHead) -> Result<DraftId> {
    begin(ctx, head, |tx, draft| {
        let files = queries::files_of(tx, crate::policies::COUNTY, version)?;
        for (later, touched) in queries::changed_after(tx, version)? {
            if let Some(file) = touched.iter().find(|file| files.contains_key(*file)) {
                let refusal = Refusal::conflict("policies.changed_since").arg("file", file);
                return Err(refusal.arg("version", later).into());
            }
        }
        let before = queries::pack_on(tx, head.valid_from, Some(version.saturating_sub(1)))?;
        let before: BTreeMap<String, String> = before.map(|pack| pack.files).unwrap_or_default();
        let restored = files.into_keys().map(|path| {
            let text = before.get(&path).cloned().unwrap_or_default();
            Change::File { path, text }
        });
        Ok(restored.fold(Draft { undoes: Some(version), ..draft }, Draft::with))
    })
}

/// A draft and the pack that it would make.
pub fn preview_draft(ctx: &Ctx, id: DraftId) -> Result<Preview> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let draft = queries::load_draft(&mut session, id)?;
    let before = match draft.version {
        Some(version) => {
            let found = queries::pack_on(&mut session, draft.valid_from, Some(version - 1))?;
            found.ok_or_else(|| {
                Refusal::unavailable("policies.no_pack").arg("day", draft.valid_from)
            })?
        }
        None => must_hold(&mut session, draft.valid_from)?,
    };
    let after = draft.over(&before);
    Ok(Preview { draft, before, after })
}
