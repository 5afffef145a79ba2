//! `GET /households/{id}/helper/release`: a helper no longer looks after a household, and nobody follows yet.

use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::ids::{HelperId, HouseholdId};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Csrf, Errors, Field};
use web::{Answer as Page, Checks, CtxOf, Desk, Fields, blocking, done, page_of_form};

use super::plan::{FormPage, household};
use crate::assistance::carers::{self, Helper};

fn found(ctx: &Ctx, id: HouseholdId) -> Result<(String, Helper)> {
    let (head, _) = household(ctx, id, Permission::AssistanceAssign)?;
    let all = carers::helpers_of(&mut ctx.read()?, id, ctx.today)?;
    let now = all.into_iter().find(|one| one.to.is_none());
    Ok((head, now.ok_or_else(|| Refusal::conflict("assistance.helper_changed"))?))
}

async fn page_of(
    ctx: Ctx,
    desk: Desk,
    (id, sent): (HouseholdId, Fields),
    refused: Option<Refusal>,
) -> Page {
    let l = desk.l;
    let (head, now) = blocking(move || found(&ctx, id)).await?;
    let fields = [
        Field::input("date", "last", l.t("assistance-helper-last")).required(),
        Field::text("why", l.t("assistance-helper-why")).required(),
    ];
    let fields: Vec<Field> =
        fields.into_iter().map(|field| field.filled(l, &sent, refused.as_ref())).collect();
    let since = ("day", now.from.to_string().into());
    let body = FormPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()).labelled(l, &fields),
        note: Some(l.t_args("assistance-helper-now", &[("name", (&now.name).into()), since])),
        hidden: vec![("seen", now.id.to_string())],
        fields,
        send: l.t("assistance-helper-release"),
        back: format!("/households/{id}"),
    };
    let shell = desk
        .untitled()
        .title(format!("{head} · {}", l.t("assistance-helper-release")))
        .nav("households")
        .crumb(head.clone(), format!("/households/{id}"));
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /households/{id}/helper/release`
pub(super) async fn form(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<HouseholdId>)) -> Page {
    let sent = Fields::default().with("last", ctx.today);
    page_of(ctx, desk, (id, sent), None).await
}

/// `POST /households/{id}/helper/release`
pub(super) async fn post(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<HouseholdId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::AssistanceAssign)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result = blocking(move || {
        let mut checks = Checks::new(&form);
        let (last, why) = (checks.day("last"), checks.required("why"));
        checks.finish("assistance.form")?;
        let wrong = || Error::from(Refusal::invalid("assistance.form"));
        let last = last.ok_or_else(wrong)?;
        let seen = HelperId::parse(form.text("seen")).map_err(|_| wrong())?;
        carers::release(&acting, id, seen, (last, why.unwrap_or_default()))
    })
    .await;
    match result {
        Ok(()) => done(&format!("/households/{id}"), "assistance-released-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            page_of(ctx, desk, (id, sent), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
