//! Into which draft a change goes: a new one, or one of those that are open.

use kernel::error::Result;
use kernel::ids::{DocumentId, DraftId};
use kernel::permission::Permission;
use store::{Ctx, Session};
use web::ui::{Choice, Field};
use web::{Fields, L};

use super::super::actions::{self, DraftHead};
use super::super::model::{Change, Draft, DraftState, Stance};
use super::super::queries;

/// The drafts into which a change can be put.
pub fn open_drafts(session: &mut Session) -> Result<Vec<Draft>> {
    let mut drafts = queries::list_drafts(session)?;
    drafts.retain(|one| one.state == DraftState::Open);
    Ok(drafts)
}

/// The drafts that wait for a second person.
pub fn submitted_drafts(session: &mut Session) -> Result<Vec<Draft>> {
    let mut drafts = queries::list_drafts(session)?;
    drafts.retain(|one| one.state == DraftState::Submitted);
    Ok(drafts)
}

/// The choice of the draft into which a change goes: a new one or one of those that are open.
pub fn draft_field(l: L, drafts: &[Draft]) -> Field {
    draft_choice(l, drafts, "policies-in-new-draft")
}

/// The same for what [`put_own`] puts: a new draft holds from today on.
pub(super) fn draft_field_today(l: L, drafts: &[Draft]) -> Field {
    draft_choice(l, drafts, "policies-in-new-draft-today")
}

fn draft_choice(l: L, drafts: &[Draft], fresh: &str) -> Field {
    let mut choices = vec![Choice::new("", l.t(fresh))];
    choices.extend(drafts.iter().map(|one| Choice::new(one.id.to_string(), &one.title)));
    Field::select("draft", l.t("policies-draft"), choices).help(l.t("policies-draft-help"))
}

/// Puts a change into the draft that [`draft_field`] chose; a new one holds from tomorrow on.
pub(super) fn put_into(
    ctx: &Ctx,
    fields: &Fields,
    (title, stance, document): (String, Stance, Option<DocumentId>),
    change: Change,
) -> Result<DraftId> {
    let head = DraftHead { title, stance, document, valid_from: ctx.today.add_days(1) };
    put_in(ctx, fields, &head, change)
}

/// Puts files that the county makes itself (lists, codes, rules) into the draft that [`draft_field`] chose; a new one holds
/// from today on, so that a list that came this morning is used before the evening. Either all of them are put or none.
///
/// # Errors
/// Refused without `policy.manage`, for what cannot be read, and when somebody changed the draft meanwhile.
pub fn put_own(ctx: &Ctx, fields: &Fields, title: String, changes: Vec<Change>) -> Result<DraftId> {
    ctx.permit(Permission::PolicyManage)?;
    let document: Option<DocumentId> = fields.text("document").parse().ok();
    let head = DraftHead { title, stance: Stance::Optimised, document, valid_from: ctx.today };
    actions::put_together(ctx, fields.text("draft").parse().ok(), &head, changes)
}

fn put_in(ctx: &Ctx, fields: &Fields, head: &DraftHead, change: Change) -> Result<DraftId> {
    let Ok(draft) = fields.text("draft").parse::<DraftId>() else {
        return actions::begin_with(ctx, head, change);
    };
    let revision = queries::load_draft(&mut ctx.read()?, draft)?.revision;
    actions::put_change(ctx, draft, revision, change)?;
    Ok(draft)
}
