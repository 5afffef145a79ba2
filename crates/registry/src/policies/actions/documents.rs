//! Entering the documents behind policy.

use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry};

use crate::policies::model::Document;
use crate::policies::queries;

/// Enters a document, or corrects one. Refused without `policy.manage`, without number, issuer or title, when its last
/// day is before its first, when documents would take each other's place or stand under each other in a ring, and when
/// something is to run on after an end that is not set.
pub fn enter_document(ctx: &Ctx, document: &Document) -> Result<()> {
    ctx.permit(Permission::PolicyManage)?;
    let texts =
        [("number", &document.number), ("issuer", &document.issuer), ("title", &document.title)];
    let empty = texts.iter().filter(|(_, text)| text.trim().is_empty());
    let refusal = empty.fold(Refusal::invalid("policies.document_form"), |refusal, (name, _)| {
        refusal.field(*name, "web.required")
    });
    if !refusal.fields.is_empty() {
        return Err(refusal.into());
    }
    let mut tx = ctx.begin()?;
    document.check(&queries::list_documents(&mut tx)?)?;
    for other in [document.supersedes, document.parent].into_iter().flatten() {
        queries::load_document(&mut tx, other)?;
    }
    queries::save_document(&mut tx, document, &ctx.actor.account)?;
    let detail = json!({ "step": "document", "number": document.number, "title": document.title });
    let entry = Entry::new(ctx, "policy.manage").about("document", document.id.to_string());
    tx.commit(entry.detail(detail))?;
    Ok(())
}
