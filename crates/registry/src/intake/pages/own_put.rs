//! A list or a list of codes of the county's own making: shown in a form, put into a draft, or taken away there; a new one
//! never takes another's place.

use std::future::Future;

use axum::extract::Path;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use serde::Serialize;
use store::{Ctx, Session};
use web::ui::Field;
use web::{Answer, CtxOf, Desk, Fields, Shell, blocking, done};

use crate::policies::{Change, Draft, draft_field_today, put_own, text_in};

/// What a form made: its code, its title and itself.
pub(super) struct Made<T> {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) file: T,
}

/// What was sent with the form and why it was refused: both are missing when it is opened.
pub(super) type Sent<'a> = (Option<&'a Fields>, Option<&'a Refusal>);

/// One kind of thing that the county makes by a form.
pub(super) trait OwnKind: Send + 'static {
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

    /// The form itself.
    fn shown(
        place: (Ctx, Desk, Option<String>),
        sent: Sent<'_>,
    ) -> impl Future<Output = Answer> + Send;
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

/// The draft that the address names.
pub(super) fn draft_of(desk: &Desk) -> Option<DraftId> {
    desk.address.get("draft").and_then(|id| id.parse().ok())
}

/// Where the form is sent to.
pub(super) fn action<K: OwnKind>(id: Option<&str>, draft: &str) -> String {
    match id {
        None => format!("/policies/{}/new", K::FOLDER),
        Some(id) => format!("/policies/{}/{id}?draft={draft}", K::FOLDER),
    }
}

/// The field of drafts, as what was sent fills it.
pub(super) fn foot(
    desk: &Desk,
    drafts: &[Draft],
    (fields, refused): (&Fields, Option<&Refusal>),
) -> Vec<Field> {
    vec![draft_field_today(desk.l, drafts).filled(desk.l, fields, refused)]
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
fn put_own_file<K: OwnKind>(ctx: &Ctx, known: Option<&str>, fields: &Fields) -> Result<DraftId> {
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

async fn put_in<K: OwnKind>(
    (ctx, desk, id): (Ctx, Desk, Option<String>),
    fields: Fields,
) -> Answer {
    let (acting, sent, known) = (ctx.clone(), fields.clone(), id.clone());
    match blocking(move || put_own_file::<K>(&acting, known.as_deref(), &sent)).await {
        Ok(draft) => done(&format!("/policies/drafts/{draft}"), "policies-put-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            K::shown((ctx, desk, id), (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /policies/{kind}/new`
pub(super) async fn form<K: OwnKind>(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    K::shown((ctx, desk, None), (None, None)).await
}

/// `GET /policies/{kind}/{id}`
pub(super) async fn show<K: OwnKind>(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
) -> Answer {
    K::shown((ctx, desk, Some(id)), (None, None)).await
}

/// `POST /policies/{kind}/new`
pub(super) async fn make<K: OwnKind>(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    put_in::<K>((ctx, desk, None), fields).await
}

/// `POST /policies/{kind}/{id}`
pub(super) async fn put<K: OwnKind>(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    put_in::<K>((ctx, desk, Some(id)), fields).await
}
