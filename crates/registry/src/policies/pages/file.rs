//! The text of a rule, to be changed in a draft.

use askama::Template;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use kernel::time::Day;
use store::{Ctx, Session};
use web::ui::{Csrf, Errors, Field};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::model::{Change, Draft, Stance};
use super::super::queries;
use super::into::{draft_field, open_drafts, put_into};

#[derive(Template)]
#[template(path = "policies/templates/file.html")]
struct FilePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    path: String,
    fields: Vec<Field>,
}

/// The text of a file in a draft, or without one in the pack of today; none where neither has it.
///
/// # Errors
/// Not found when there is no such draft.
pub fn text_in(
    session: &mut Session,
    path: &str,
    (draft, today): (Option<DraftId>, Day),
) -> Result<Option<String>> {
    let draft = draft.map(|id| queries::load_draft(session, id)).transpose()?;
    let changed = draft.iter().flat_map(|draft| &draft.changes).find_map(|change| match change {
        Change::File { path: known, text } if known == path => Some(text.clone()),
        _ => None,
    });
    let day = draft.as_ref().map_or(today, |draft| draft.valid_from);
    match changed {
        Some(text) => Ok(Some(text)),
        None => {
            Ok(queries::find_pack_on(session, day)?.and_then(|mut pack| pack.files.remove(path)))
        }
    }
}

/// The same for a rule.
fn text_of(
    session: &mut Session,
    path: &str,
    (draft, today): (Option<DraftId>, Day),
) -> Result<String> {
    let text = text_in(session, path, (draft, today))?;
    let text = text.filter(|_| path.starts_with("screening/"));
    text.ok_or_else(|| Refusal::not_found("policies.no_file").arg("file", path).into())
}

fn found(ctx: &Ctx, path: &str, draft: Option<DraftId>) -> Result<(String, Vec<Draft>)> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let text = text_of(&mut session, path, (draft, ctx.today))?;
    Ok((text, open_drafts(&mut session)?))
}

async fn shown(
    (ctx, desk, path): (Ctx, Desk, String),
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let l = desk.l;
    let draft: Option<DraftId> = desk.address.get("draft").and_then(|id| id.parse().ok());
    let name = path.clone();
    let (text, drafts) = blocking(move || found(&ctx, &name, draft)).await?;
    let fresh = Fields::default()
        .with("text", &text)
        .with("draft", draft.map(|id| id.to_string()).unwrap_or_default());
    let fields = sent.unwrap_or(&fresh);
    let made: Vec<Field> = vec![
        Field::area("text", l.t("policies-text")).help(l.t("policies-text-help")),
        draft_field(l, &drafts),
    ];
    let made: Vec<Field> = made.into_iter().map(|one| one.filled(l, fields, refused)).collect();
    let body = FilePage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused).labelled(l, &made),
        path: path.clone(),
        fields: made,
    };
    let shell = desk
        .untitled()
        .title(l.t1("policies-file-title", "file", &path))
        .lead(l.t("policies-file-lead"))
        .nav("policies")
        .wide()
        .crumb(l.t("policies-list-title"), "/policies")
        .here(path);
    page_of_form(&shell, body, refused)
}

/// `GET /policies/files?path=screening/a.toml`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let path = desk.address.get("path").unwrap_or_default().to_owned();
    shown((ctx, desk, path), (None, None)).await
}

fn put_text(ctx: &Ctx, path: &str, fields: &Fields) -> Result<DraftId> {
    found(ctx, path, None).or_else(|_| found(ctx, path, fields.text("draft").parse().ok()))?;
    let text = fields.text("text").replace("\r\n", "\n") + "\n";
    let title = path.trim_start_matches("screening/").trim_end_matches(".toml").to_owned();
    let change = Change::File { path: path.to_owned(), text };
    put_into(ctx, fields, (title, Stance::Optimised, None), change)
}

/// `POST /policies/files?path=screening/a.toml`
pub async fn put(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    let path = desk.address.get("path").unwrap_or_default().to_owned();
    let (acting, sent, name) = (ctx.clone(), fields.clone(), path.clone());
    match blocking(move || put_text(&acting, &name, &sent)).await {
        Ok(draft) => done(&format!("/policies/drafts/{draft}"), "policies-put-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            shown((ctx, desk, path), (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
