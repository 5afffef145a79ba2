//! The steps of a draft: saved, handed on, given back, given up, published, and taken back.

use axum::extract::Path;
use kernel::error::{Error, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use store::Ctx;
use web::{Answer, CtxOf, Desk, Fields, blocking, done};

use super::draft::{Asked, head_of, shown};
use crate::policies::actions::{self, DraftHead};
use crate::policies::model::Stance;

/// Does one step with a draft; what is refused is said on its page.
async fn step(
    asked: Asked,
    fields: Fields,
    (to, said): (&str, &'static str),
    work: impl FnOnce(&Ctx, DraftId, i64, &Fields) -> Result<()> + Send + 'static,
) -> Answer {
    let (acting, id) = (asked.ctx.clone(), asked.id);
    let stepped = blocking(move || {
        acting.permit(Permission::PolicyManage)?;
        let revision = fields.text("revision").parse().unwrap_or(-1);
        work(&acting, id, revision, &fields)
    });
    match stepped.await {
        Ok(()) if to.is_empty() => done(&format!("/policies/drafts/{id}"), said),
        Ok(()) => done(to, said),
        Err(Error::Refusal(refusal)) if refusal.kind != kernel::error::RefusalKind::NotFound => {
            shown(asked, (None, Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /policies/drafts/{id}`: title, day, stance and document.
pub async fn save(asked: Asked, fields: Fields) -> Answer {
    step(asked, fields, ("", "policies-saved-done"), |ctx, id, revision, fields| {
        actions::save_head(ctx, id, revision, &head_of(ctx, fields)?)
    })
    .await
}

/// `POST /policies/drafts/{id}/drop`: takes one change out.
pub async fn cut(asked: Asked, fields: Fields) -> Answer {
    step(asked, fields, ("", "policies-dropped-done"), |ctx, id, revision, fields| {
        let place = fields.text("place").parse().unwrap_or(usize::MAX);
        actions::drop_change(ctx, id, revision, place)
    })
    .await
}

/// `POST /policies/drafts/{id}/submit`
pub async fn submit(asked: Asked, fields: Fields) -> Answer {
    step(asked, fields, ("", "policies-submitted-done"), |ctx, id, revision, _| {
        actions::submit_draft(ctx, id, revision)
    })
    .await
}

/// `POST /policies/drafts/{id}/give-back`
pub async fn back(asked: Asked, fields: Fields) -> Answer {
    step(asked, fields, ("", "policies-given-back-done"), |ctx, id, revision, fields| {
        actions::give_back(ctx, id, revision, fields.text("why"))
    })
    .await
}

/// `POST /policies/drafts/{id}/withdraw`
pub async fn withdraw(asked: Asked, fields: Fields) -> Answer {
    let to = ("/policies/changes", "policies-withdrawn-done");
    step(asked, fields, to, |ctx, id, revision, _| actions::withdraw_draft(ctx, id, revision)).await
}

/// `POST /policies/drafts/{id}/publish`
pub async fn publish(asked: Asked, fields: Fields) -> Answer {
    let by = asked.trial.clone();
    step(asked, fields, ("", "policies-published-done"), move |ctx, id, revision, fields| {
        let checked = fields.text("nearly_all") == "yes";
        actions::publish_checked(ctx, (id, revision), &by, checked).map(drop)
    })
    .await
}

/// `POST /policies/versions/{version}/undo`: begins the draft that takes a published change back.
pub async fn undo(CtxOf(ctx): CtxOf, desk: Desk, Path(version): Path<u32>) -> Answer {
    let l = desk.l;
    let begun = blocking(move || {
        let head = DraftHead {
            title: l.t1("policies-undo-title", "version", i64::from(version)),
            stance: Stance::Adjusted,
            document: None,
            valid_from: ctx.today.add_days(1),
        };
        actions::undo_change(&ctx, version, &head)
    });
    let draft = begun.await?;
    done(&format!("/policies/drafts/{draft}"), "policies-undo-begun-done")
}
