//! What a person can do with policy: publish a version, change it by drafts, enter the documents behind it. Nothing that
//! was published is ever changed.

mod documents;
mod drafts;
mod plans;

pub use documents::enter_document;
pub use drafts::{
    DraftHead, Effect, Preview, Trial, Tried, Wrong, begin_draft, begin_with, drop_change,
    give_back, preview_draft, publish_checked, publish_draft, put_change, put_together, save_head,
    submit_draft, undo_change, withdraw_draft,
};

pub use plans::{issue_document, receive_document, record_milestone, set_milestone, unit_of};

use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry};

use super::pack::{Pack, shipped};
use super::queries;

/// Publishes a pack. The same text again is no new version and gives `false`. Refused for who may not manage policy, and
/// where the version number does not go up although the text differs.
pub fn publish(ctx: &Ctx, pack: &Pack) -> Result<bool> {
    ctx.permit(Permission::PolicyManage)?;
    if pack.head.id == super::COUNTY {
        return Err(Refusal::invalid("policies.reserved").arg("pack", &pack.head.id).into());
    }
    let mut tx = ctx.begin()?;
    if let Some((version, hash)) = queries::find_newest(&mut tx, &pack.head.id)? {
        if hash == pack.hash() {
            return Ok(false);
        }
        if i64::from(pack.head.version) <= version {
            return Err(Refusal::conflict("policies.version_taken")
                .arg("pack", &pack.head.id)
                .arg("version", version)
                .into());
        }
    }
    queries::save_version(&mut tx, pack, &ctx.actor.account)?;
    let detail = json!({ "version": pack.head.version, "hash": pack.hash() });
    tx.commit(Entry::new(ctx, "policy.manage").about("pack", &pack.head.id).detail(detail))?;
    Ok(true)
}

/// Publishes what ships with the program and is not in the database yet, a base before what extends it. Gives the ids
/// of the packs that became new versions. A shipped pack older than the county's own version is left alone.
pub fn publish_shipped(ctx: &Ctx) -> Result<Vec<String>> {
    let mut packs = Vec::new();
    for (id, files) in shipped() {
        let pack = Pack::read(files).map_err(|problems| {
            let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Error::fault(format!("shipped pack {id}: {}", words.join("; ")))
        })?;
        packs.push(pack);
    }
    packs.sort_by_key(|pack| (pack.head.extends.is_some(), pack.head.valid_from));
    let mut published = Vec::new();
    for pack in packs {
        let newest = queries::find_newest(&mut ctx.read()?, &pack.head.id)?;
        let older = newest.is_some_and(|(version, _)| version >= i64::from(pack.head.version));
        if !older && publish(ctx, &pack)? {
            published.push(pack.head.id);
        }
    }
    Ok(published)
}
