//! What is sent from the page of a case: a step, a paper, risks, what is asked and decided.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::ids::CaseId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::ShippedCodes;
use store::Ctx;
use web::{Answer as Answered, CtxOf, Desk, Fields, L, blocking, done};

use super::super::actions::{self, Asked, Shown};
use super::super::queries::papers::Paper;
use super::super::record::{self, NewRisk};
use super::super::told;
use super::one::one;

/// What a form of a case led to: the page again with a line that says so, or with what was wrong.
pub(super) async fn answered(
    ctx: Ctx,
    desk: Desk,
    (id, sent, wish): (CaseId, Fields, &str),
    result: Result<()>,
) -> Answered {
    match result {
        Ok(()) => done(&format!("/cases/{id}"), "cases-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            one(ctx, desk, (id, sent), (wish.to_owned(), Some(refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}

fn seen(id: CaseId, sent: &Fields) -> Shown {
    Shown { id, version: sent.text("version").parse().unwrap_or(0) }
}

/// `POST /cases/{id}/steps/{step}`
pub async fn step(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, step))): (Desk, Path<(CaseId, String)>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseSee)?;
    let (acting, form, wanted) = (ctx.clone(), sent.clone(), step.clone());
    let result = blocking(move || {
        let field = |name: &str| form.text(name).to_owned();
        actions::take(&acting, seen(id, &form), &Asked { step: &wanted, field: &field }).map(drop)
    });
    let result = result.await;
    answered(ctx, desk, (id, sent, &step), result).await
}

/// `POST /cases/{id}/consent`
pub async fn consent(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<CaseId>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let Ok(on) = Day::parse(form.text("on")) else {
            return Err(Refusal::invalid("cases.fields").field("on", "web.not_a_day").into());
        };
        let text = |name: &str| form.text(name).to_owned();
        let paper = Paper {
            kind: String::new(),
            on,
            signed_by: text("signed_by"),
            how: text("how"),
            read_by: text("read_by"),
            name: acting.actor.name.clone(),
        };
        record::record_consent(&acting, seen(id, &form), &paper)
    });
    let result = result.await;
    answered(ctx, desk, (id, sent, "consent"), result).await
}

/// `POST /cases/{id}/risks`
pub async fn risks(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<CaseId>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let text = |name: &str, place: usize| form.text(&format!("{name}-{place}")).to_owned();
        let typed = (1..=record::MOST_RISKS).map(|place| NewRisk {
            risk: text("risk", place),
            kind: text("kind", place),
            words: text("words", place),
            gone_why: text("gone", place),
        });
        let typed: Vec<NewRisk> = typed.filter(|risk| !risk.risk.is_empty()).collect();
        record::save_risks(&acting, seen(id, &form), &typed)
    });
    let result = result.await;
    answered(ctx, desk, (id, sent, "risks"), result).await
}

/// `POST /cases/{id}/urgent`
pub async fn urgent(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<CaseId>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        record::mark_urgent(&acting, seen(id, &form), form.text("urgent") == "yes")
    });
    let result = result.await;
    answered(ctx, desk, (id, sent, ""), result).await
}

/// `POST /cases/{id}/ask`
pub async fn ask(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<CaseId>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseCompare)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || record::ask_offices(&acting, seen(id, &form))).await;
    answered(ctx, desk, (id, sent, ""), result).await
}

/// `POST /cases/{id}/questions/{item}`
pub async fn decide(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, item))): (Desk, Path<(CaseId, String)>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let (acting, form, wish) = (ctx.clone(), sent.clone(), format!("decide-{item}"));
    let result = blocking(move || {
        let goes_on = match form.text("decision") {
            "goes_on" => true,
            "stops" => false,
            _ => {
                return Err(Refusal::invalid("cases.fields")
                    .field("decision", "web.required")
                    .into());
            }
        };
        record::decide_question(&acting, (id, &item), (goes_on, form.text("words")))
    });
    let result = result.await;
    answered(ctx, desk, (id, sent, &wish), result).await
}

/// `POST /cases/{id}/objections/{seq}`: answers an objection from the public page.
pub async fn objection(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, seq))): (Desk, Path<(CaseId, i64)>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseSee)?;
    let (acting, form, wish) = (ctx.clone(), sent.clone(), format!("objection-{seq}"));
    let result = blocking(move || {
        told::answer_objection(&acting, seen(id, &form), (seq, form.text("answer")))
    });
    let result = result.await;
    answered(ctx, desk, (id, sent, &wish), result).await
}

#[derive(Template)]
#[template(path = "cases/templates/found.html")]
struct FoundPage {
    l: L,
    what: String,
    found: String,
    back: String,
}

/// `POST /cases/{id}/found/{item}`: opens what an office found. The opening is noted.
pub async fn found(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, item))): (Desk, Path<(CaseId, String)>),
) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let l = desk.l;
    let what = ShippedCodes::Exclusions.words_of(&item, l.0);
    let found = blocking(move || record::open_found(&ctx, (id, &item))).await?;
    let back = format!("/cases/{id}");
    let shell = desk.shell("cases-found").nav("cases").crumb(l.t("nav-cases"), "/cases");
    web::page(&shell, FoundPage { l, what, found, back })
}
