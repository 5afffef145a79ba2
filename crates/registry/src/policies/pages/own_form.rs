//! The form of what a county makes itself (lists, codes, rules, indicators): opened, shown once more where it was refused,
//! put into a draft.

use std::future::Future;

use axum::extract::Path;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use store::Ctx;
use web::ui::Field;
use web::{Answer, CtxOf, Desk, Fields, blocking, done};

use super::super::model::Draft;
use super::into::draft_field_today;

/// What was sent with the form and why it was refused: both are missing when it is opened.
pub type Sent<'a> = (Option<&'a Fields>, Option<&'a Refusal>);

/// One kind of thing that a county makes by a form.
pub trait OwnForm: Send + 'static {
    /// The form, of one that is there where its code is given.
    fn shown(
        place: (Ctx, Desk, Option<String>),
        sent: Sent<'_>,
    ) -> impl Future<Output = Answer> + Send;

    /// Puts what was typed into the chosen draft (`known`: the code of one that is there).
    ///
    /// # Errors
    /// With fields where the form is to be shown once more.
    fn put(ctx: &Ctx, known: Option<&str>, fields: &Fields) -> Result<DraftId>;
}

/// The draft that was chosen, or that the address names.
pub fn draft_of(desk: &Desk, sent: Option<&Fields>) -> Option<DraftId> {
    let sent = sent.and_then(|fields| fields.text("draft").parse().ok());
    sent.or_else(|| desk.address.get("draft").and_then(|id| id.parse().ok()))
}

/// Into which draft it goes, as it was sent.
pub fn foot_of(
    desk: &Desk,
    drafts: &[Draft],
    (fields, refused): (&Fields, Option<&Refusal>),
) -> Vec<Field> {
    vec![draft_field_today(desk.l, drafts).filled(desk.l, fields, refused)]
}

/// `GET …/new`
pub async fn form_new<F: OwnForm>(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    F::shown((ctx, desk, None), (None, None)).await
}

/// `GET …/{id}`
pub async fn form_known<F: OwnForm>(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
) -> Answer {
    F::shown((ctx, desk, Some(id)), (None, None)).await
}

/// `POST …/new`
pub async fn put_new<F: OwnForm>(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    put_in::<F>((ctx, desk, None), fields).await
}

/// `POST …/{id}`
pub async fn put_known<F: OwnForm>(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    put_in::<F>((ctx, desk, Some(id)), fields).await
}

async fn put_in<F: OwnForm>(
    (ctx, desk, id): (Ctx, Desk, Option<String>),
    fields: Fields,
) -> Answer {
    let (acting, sent, known) = (ctx.clone(), fields.clone(), id.clone());
    match blocking(move || F::put(&acting, known.as_deref(), &sent)).await {
        Ok(draft) => done(&format!("/policies/drafts/{draft}"), "policies-put-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            F::shown((ctx, desk, id), (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
