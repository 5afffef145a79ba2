//! What is done with a document on its page: a target set, its value recorded, sent to units, received.

use axum::Extension;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{DocumentId, MilestoneId};
use kernel::permission::Permission;
use store::Ctx;
use web::{Answer, Checks, CtxOf, Desk, Fields, blocking, done};

use super::super::actions;
use super::super::plans::{Direction, Measure, Milestone, UnitKind};
use super::super::queries;
use super::document::id_of;
use super::one_document::shown;

/// Does something with a document and comes back to it; what is refused is said there.
async fn step(
    (ctx, desk, id): (Ctx, Desk, DocumentId),
    (measure, fields): (Measure, Fields),
    said: &'static str,
    work: impl FnOnce(&Ctx, &Fields) -> Result<()> + Send + 'static,
) -> Answer {
    let (acting, sent) = (ctx.clone(), fields.clone());
    match blocking(move || work(&acting, &sent)).await {
        Ok(()) => done(&format!("/policies/documents/{id}"), said),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            shown((ctx, desk, id), measure, (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}

fn typed(ctx: &Ctx, document: DocumentId, fields: &Fields) -> Result<Milestone> {
    let mut checks = Checks::new(fields);
    let (title, due_on) = (checks.required("title"), checks.day("due_on"));
    let unit = checks.required("unit");
    let target = fields.text("target").trim_end_matches('%').trim().parse::<f64>().ok();
    if target.is_none() {
        checks.wrong("target", "web.not_a_number");
    }
    let area = match fields.text("area") {
        "" => None,
        code => {
            let read = AreaCode::parse_short(code).ok();
            if read.is_none() {
                checks.wrong("area", "policies.unfit_area");
            }
            read
        }
    };
    checks.finish("policies.milestone_form")?;
    Ok(Milestone {
        id: ctx.new_id(),
        document,
        title: title.unwrap_or_default().to_owned(),
        due_on: due_on.unwrap_or(ctx.today),
        indicator: Some(fields.text("indicator").to_owned()).filter(|id| !id.is_empty()),
        area,
        unit: unit.unwrap_or_default().to_owned(),
        direction: fields.text("direction").parse().unwrap_or(Direction::AtLeast),
        target: target.unwrap_or(f64::NAN),
        value: None,
        note: String::new(),
    })
}

/// `POST /policies/documents/{id}/milestones`
pub async fn milestone(
    CtxOf(ctx): CtxOf,
    Extension(measure): Extension<Measure>,
    (desk, Path(id)): (Desk, Path<String>),
    fields: Fields,
) -> Answer {
    let id = id_of(&id)?;
    step((ctx, desk, id), (measure, fields), "policies-milestone-done", move |ctx, fields| {
        ctx.permit(Permission::PolicyManage)?;
        actions::set_milestone(ctx, &typed(ctx, id, fields)?)
    })
    .await
}

/// `POST /policies/milestones/{id}`: its value as of today.
pub async fn record(
    CtxOf(ctx): CtxOf,
    Extension(measure): Extension<Measure>,
    (desk, Path(id)): (Desk, Path<String>),
    fields: Fields,
) -> Answer {
    let missing = || Error::from(Refusal::not_found("policies.no_milestone"));
    let milestone: MilestoneId = id.parse().map_err(|_| missing())?;
    let reading = ctx.clone();
    let of = blocking(move || {
        reading.permit(Permission::PolicyManage)?;
        Ok(queries::load_milestone(&mut reading.read()?, milestone)?.document)
    })
    .await?;
    let asked = measure.clone();
    step(
        (ctx, desk, of),
        (measure, fields),
        "policies-milestone-recorded-done",
        move |ctx, fields| {
            let value = fields.text("value").trim_end_matches('%').trim().parse().ok();
            actions::record_milestone(ctx, milestone, (value, fields.text("note")), &asked)
        },
    )
    .await
}

/// `POST /policies/documents/{id}/issue`
pub async fn issue(
    CtxOf(ctx): CtxOf,
    Extension(measure): Extension<Measure>,
    (desk, Path(id)): (Desk, Path<String>),
    fields: Fields,
) -> Answer {
    let id = id_of(&id)?;
    step((ctx, desk, id), (measure, fields), "policies-issued-done", move |ctx, fields| {
        let kinds: Vec<UnitKind> =
            fields.all("units").iter().filter_map(|text| text.parse().ok()).collect();
        actions::issue_document(ctx, id, &kinds).map(drop)
    })
    .await
}

/// `POST /policies/documents/{id}/receive`
pub async fn receive(
    CtxOf(ctx): CtxOf,
    Extension(measure): Extension<Measure>,
    (desk, Path(id)): (Desk, Path<String>),
    fields: Fields,
) -> Answer {
    let id = id_of(&id)?;
    step((ctx, desk, id), (measure, fields), "policies-received-done", move |ctx, _| {
        actions::receive_document(ctx, id)
    })
    .await
}
