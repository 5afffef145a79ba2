//! A list or a list of codes of the county's own making goes into a draft, or is taken away there; a new one never takes
//! another's place.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use serde::Serialize;
use store::Ctx;
use web::Fields;

use crate::policies::{Change, put_own, text_in};

/// What a form made: its code, its title and itself.
pub(super) struct Made<T> {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) file: T,
}

/// Where the files of one kind stand, and how one is read off its form (`known`: the code of one that is there).
pub(super) struct Kind<T> {
    pub(super) path_of: fn(&str) -> String,
    pub(super) read: fn(&Fields, Option<&str>) -> Result<Made<T>>,
}

/// Puts what was typed into the chosen draft.
///
/// # Errors
/// What the form lacks; `policies.list_there` when a new one has the code of another.
pub(super) fn put<T: Serialize>(
    ctx: &Ctx,
    kind: &Kind<T>,
    known: Option<&str>,
    fields: &Fields,
) -> Result<DraftId> {
    ctx.permit(Permission::PolicyManage)?;
    if let Some(id) = known.filter(|_| fields.text("remove") == "yes") {
        let change = Change::File { path: (kind.path_of)(id), text: String::new() };
        return put_own(ctx, fields, id.to_owned(), vec![change]);
    }
    let made = (kind.read)(fields, known)?;
    let path = (kind.path_of)(&made.id);
    if known.is_none() {
        let draft = fields.text("draft").parse().ok();
        let there = text_in(&mut ctx.read()?, &path, (draft, ctx.today))?;
        if there.is_some_and(|text| !text.trim().is_empty()) {
            let refusal = Refusal::conflict("policies.list_there").arg("list", &made.id);
            return Err(refusal.field("id", "policies.list_there").into());
        }
    }
    let text = toml::to_string(&made.file).map_err(|why| Error::fault(why.to_string()))?;
    put_own(ctx, fields, made.title, vec![Change::File { path, text }])
}
