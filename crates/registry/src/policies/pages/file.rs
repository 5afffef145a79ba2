//! The text of a rule, to be changed in a draft.

use askama::Template;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, DraftHead};
use super::super::model::{Change, Draft, DraftState, Stance};
use super::super::queries;

#[derive(Template)]
#[template(path = "policies/templates/file.html")]
struct FilePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    path: String,
    fields: Vec<Field>,
}

/// The text that a path has in a draft, or without one in the pack of today, and the drafts that are open.
fn found(ctx: &Ctx, path: &str, draft: Option<DraftId>) -> Result<(String, Vec<Draft>)> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let day = match draft {
        Some(id) => queries::load_draft(&mut session, id)?.valid_from,
        None => ctx.today,
    };
    let pack = queries::find_pack_on(&mut session, day)?;
    let mut text = pack.and_then(|pack| pack.files.get(path).cloned());
    if let Some(id) = draft {
        for change in queries::load_draft(&mut session, id)?.changes {
            if let Change::File { path: known, text: changed } = change
                && known == path
            {
                text = Some(changed);
            }
        }
    }
    if !path.starts_with("screening/") {
        return Err(Refusal::not_found("policies.no_file").arg("file", path).into());
    }
    let text =
        text.ok_or_else(|| Error::from(Refusal::not_found("policies.no_file").arg("file", path)))?;
    let mut drafts = queries::list_drafts(&mut session)?;
    drafts.retain(|one| one.state == DraftState::Open);
    Ok((text, drafts))
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
    let mut choices = vec![Choice::new("", l.t("policies-in-new-draft"))];
    choices.extend(drafts.iter().map(|one| Choice::new(one.id.to_string(), &one.title)));
    let made: Vec<Field> = vec![
        Field::area("text", l.t("policies-text")).help(l.t("policies-text-help")),
        Field::select("draft", l.t("policies-draft"), choices).help(l.t("policies-draft-help")),
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
    let (draft, fresh) = match fields.text("draft").parse::<DraftId>() {
        Ok(draft) => (draft, false),
        Err(_) => {
            let head = DraftHead {
                title: path.trim_start_matches("screening/").trim_end_matches(".toml").to_owned(),
                stance: Stance::Optimised,
                document: None,
                valid_from: ctx.today.add_days(1),
            };
            (actions::begin_draft(ctx, &head, None)?, true)
        }
    };
    let revision = queries::load_draft(&mut ctx.read()?, draft)?.revision;
    let put =
        actions::put_change(ctx, draft, revision, Change::File { path: path.to_owned(), text });
    if put.is_err() && fresh {
        actions::withdraw_draft(ctx, draft, revision)?;
    }
    put.map(|()| draft)
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
