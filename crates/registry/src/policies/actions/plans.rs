//! Milestones of a plan, their values, and documents that are sent to units and received by them.

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::ids::{DocumentId, MilestoneId};
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry};

use crate::policies::offices::offices;
use crate::policies::plans::{Measure, Milestone, UnitKind};
use crate::policies::queries;

/// Sets a milestone of a plan. Refused without `policy.manage`, without title or unit, and where there is no such plan
/// or no such indicator today.
pub fn set_milestone(ctx: &Ctx, milestone: &Milestone) -> Result<()> {
    ctx.permit(Permission::PolicyManage)?;
    milestone.check()?;
    let mut tx = ctx.begin()?;
    let document = queries::load_document(&mut tx, milestone.document)?;
    if let Some(indicator) = &milestone.indicator {
        let pack = queries::find_pack_on(&mut tx, ctx.today)?;
        let known =
            pack.is_some_and(|pack| pack.indicators().iter().any(|one| one.id == *indicator));
        if !known {
            let refusal = Refusal::invalid("policies.no_indicator").arg("id", indicator);
            return Err(refusal.field("indicator", "policies.no_indicator").into());
        }
    }
    queries::insert_milestone(&mut tx, milestone, &ctx.actor.account)?;
    let detail = json!({
        "step": "milestone", "number": document.number, "title": milestone.title, "due": milestone.due_on,
        "target": milestone.target, "indicator": milestone.indicator,
    });
    let entry = Entry::new(ctx, "policy.manage").about("document", document.id.to_string());
    tx.commit(entry.detail(detail))?;
    Ok(())
}

/// Records the value of a milestone as of today: that of its indicator, or one written by hand. Refused without
/// `policy.manage`, for an indicator that cannot be asked, by hand without words on where the value is from, and when
/// somebody recorded one meanwhile. A later record takes the place of an earlier one; the journal keeps both.
pub fn record_milestone(
    ctx: &Ctx,
    id: MilestoneId,
    (by_hand, note): (Option<f64>, &str),
    measure: &Measure,
) -> Result<()> {
    ctx.permit(Permission::PolicyManage)?;
    let known = queries::load_milestone(&mut ctx.read()?, id)?;
    let value = match &known.indicator {
        Some(indicator) => (measure.0)(ctx, indicator, known.area)?
            .ok_or_else(|| Refusal::unavailable("policies.no_value_now").arg("id", indicator))?,
        None => {
            let mut refusal = Refusal::invalid("policies.milestone_form");
            if by_hand.is_none_or(|value| !value.is_finite()) {
                refusal = refusal.field("value", "web.not_a_number");
            }
            if note.trim().is_empty() {
                refusal = refusal.field("note", "web.required");
            }
            match by_hand.filter(|_| refusal.fields.is_empty()) {
                Some(value) => value,
                None => return Err(refusal.into()),
            }
        }
    };
    let mut tx = ctx.begin()?;
    let by = &ctx.actor.account;
    if !queries::record_value(&mut tx, (&known, value), (ctx.today, by, note.trim()))? {
        return Err(Refusal::conflict("policies.milestone_changed")
            .arg("title", &known.title)
            .into());
    }
    let detail = json!({
        "step": "milestone_value", "title": known.title, "value": value, "before": known.value.map(|(v, _)| v),
        "note": note.trim(),
    });
    let entry = Entry::new(ctx, "policy.manage").about("document", known.document.to_string());
    tx.commit(entry.detail(detail))?;
    Ok(())
}

/// Sends a document to all units of some kinds that do not have it yet; gives how many. Refused without `policy.manage`
/// and for a document that is still a draft.
pub fn issue_document(ctx: &Ctx, id: DocumentId, kinds: &[UnitKind]) -> Result<usize> {
    ctx.permit(Permission::PolicyManage)?;
    if kinds.is_empty() {
        let refusal = Refusal::invalid("policies.issue_form");
        return Err(refusal.field("units", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    let document = queries::load_document(&mut tx, id)?;
    if document.state == crate::policies::model::DocumentState::Draft {
        return Err(Refusal::conflict("policies.issue_draft").arg("title", &document.title).into());
    }
    let mut sent = 0;
    for kind in kinds {
        let units: Vec<String> = match kind {
            UnitKind::Office => offices().iter().map(|office| office.code.clone()).collect(),
            UnitKind::Town | UnitKind::Village => {
                queries::list_units(&mut tx, kind.code())?.iter().map(ToString::to_string).collect()
            }
        };
        for unit in units {
            let by = (ctx.today, ctx.actor.account.as_str());
            sent += usize::from(queries::insert_issue(&mut tx, id, (*kind, &unit), by)?);
        }
    }
    if sent == 0 {
        return Ok(0);
    }
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.code()).collect();
    let detail =
        json!({ "step": "issue", "number": document.number, "units": kinds, "sent": sent });
    let entry = Entry::new(ctx, "policy.manage").about("document", id.to_string());
    tx.commit(entry.detail(detail))?;
    Ok(sent)
}

/// The unit for which a person receives documents.
#[must_use]
pub fn unit_of(ctx: &Ctx) -> Option<(UnitKind, String)> {
    let home = ctx.actor.home;
    match (&ctx.actor.department, home.map(AreaCode::level)) {
        (Some(office), _) => Some((UnitKind::Office, office.clone())),
        (None, Some(AreaLevel::Town)) => home.map(|home| (UnitKind::Town, home.to_string())),
        (None, Some(AreaLevel::Village)) => home.map(|home| (UnitKind::Village, home.to_string())),
        _ => None,
    }
}

/// Confirms that the person's own unit has received a document. Refused without `policy.receive`; *not found* where it
/// was not sent to the unit, and refused where another of the unit has confirmed it.
pub fn receive_document(ctx: &Ctx, id: DocumentId) -> Result<()> {
    ctx.permit(Permission::PolicyReceive)?;
    let missing = || ctx.not_found("policies.no_document", &id.to_string());
    let (kind, unit) = unit_of(ctx).ok_or_else(missing)?;
    let mut tx = ctx.begin()?;
    let sent = queries::list_issues(&mut tx, id)?;
    if !sent.iter().any(|one| one.kind == kind && one.unit == unit) {
        return Err(missing());
    }
    let who = (ctx.actor.account.as_str(), ctx.actor.name.as_str());
    if !queries::receive(&mut tx, id, (kind, &unit), who)? {
        return Err(Refusal::conflict("policies.received").into());
    }
    let entry = Entry::new(ctx, "policy.receive").about("document", id.to_string());
    tx.commit(entry.detail(json!({ "kind": kind.code(), "unit": unit })))?;
    Ok(())
}
