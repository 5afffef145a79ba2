//! What the forms of own lists and of own lists of codes share: one is put into a draft, or taken away there; a new one
//! never takes another's place.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use serde::Serialize;
use store::{Ctx, Session};
use web::{Desk, Fields, Shell};

use crate::policies::{Change, OwnForm, put_own, text_in};

/// What a form made: its code, its title and itself.
pub(super) struct Made<T> {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) file: T,
}

/// One kind of thing that the county makes by a form.
pub(super) trait OwnKind: OwnForm {
    /// Its file in the pack.
    type File: Serialize + Send;
    /// Its folder in the pack and below `/policies`.
    const FOLDER: &'static str;
    /// The page that makes a new one.
    const NEW: &'static str;

    /// What a file's text says.
    fn read(path: &str, text: &str) -> Option<Self::File>;

    /// What was typed (`known`: the code of one that is there).
    fn typed(fields: &Fields, known: Option<&str>) -> Result<Made<Self::File>>;
}

fn path_of<K: OwnKind>(id: &str) -> String {
    format!("{}/{id}.toml", K::FOLDER)
}

/// The one that stands in the draft, or today.
///
/// # Errors
/// `intake.no_list` when there is none.
pub(super) fn there<K: OwnKind>(
    session: &mut Session,
    ctx: &Ctx,
    (id, draft): (&str, Option<DraftId>),
) -> Result<K::File> {
    let path = path_of::<K>(id);
    let text = text_in(session, &path, (draft, ctx.today))?;
    let file = text.filter(|text| !text.trim().is_empty()).and_then(|text| K::read(&path, &text));
    file.ok_or_else(|| Refusal::not_found("intake.no_list").arg("list", id).into())
}

/// Where the form is sent to.
pub(super) fn action<K: OwnKind>(id: Option<&str>, draft: &str) -> String {
    match id {
        None => format!("/policies/{}/new", K::FOLDER),
        Some(id) => format!("/policies/{}/{id}?draft={draft}", K::FOLDER),
    }
}

/// The frame around the form: one that is there is called by its title.
pub(super) fn shell<K: OwnKind>(desk: &Desk, title: Option<&str>) -> Shell {
    let l = desk.l;
    let shell = match title {
        None => desk.shell(K::NEW),
        Some(title) => desk.untitled().title(title).lead(l.t("policies-own-edit-lead")),
    };
    shell
        .nav("policies")
        .crumb(l.t("policies-list-title"), "/policies")
        .crumb(l.t("policies-lists"), "/policies/lists")
}

/// Puts what was typed into the chosen draft.
///
/// # Errors
/// What the form lacks; `policies.list_there` when a new one has the code of another.
pub(super) fn put_file<K: OwnKind>(
    ctx: &Ctx,
    known: Option<&str>,
    fields: &Fields,
) -> Result<DraftId> {
    ctx.permit(Permission::PolicyManage)?;
    if let Some(id) = known.filter(|_| fields.text("remove") == "yes") {
        let change = Change::File { path: path_of::<K>(id), text: String::new() };
        return put_own(ctx, fields, id.to_owned(), vec![change]);
    }
    let made = K::typed(fields, known)?;
    let path = path_of::<K>(&made.id);
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
