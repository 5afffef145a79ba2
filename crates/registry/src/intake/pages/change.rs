//! What is done with a batch as a whole: accept, throw away, take back, give back with findings.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use kernel::error::{Refusal, Result};
use kernel::finding::Severity;
use kernel::ids::BatchId;
use kernel::permission::Permission;
use sheets::Shade;
use store::Ctx;
use web::{Answer, CtxOf, Desk, Failure, Fields, L, blocking, done};

use super::said;
use crate::intake::actions;
use crate::intake::api::sees_whole;
use crate::intake::batch::{Batch, RowOutcome};
use crate::intake::deliver::{Desk as Tools, Unwatched, forget_unused};
use crate::intake::jobs::Jobs;
use crate::intake::look_back::{self, Remark};
use crate::intake::queries;

/// Rows that are accepted while the page waits; more, and every register, have a page that shows how far it is.
const AT_ONCE: i64 = 5_000;

/// `POST /intake/batches/{id}/accept`
pub async fn accept(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    Extension(jobs): Extension<Jobs>,
    Path(id): Path<BatchId>,
) -> Answer {
    ctx.permit(Permission::IntakeAccept)?;
    let accepted = blocking(move || {
        let batch = actions::load(&ctx, id)?;
        let whole = batch.list == "register" || batch.list == "income";
        if whole || batch.counts.total > AT_ONCE {
            return jobs.accept(&ctx, &tools, id).map(Err);
        }
        actions::accept(&ctx, &tools, id, &mut Unwatched).map(Ok)
    })
    .await?;
    match accepted {
        Ok(batch) => done(&format!("/intake/batches/{batch}"), "intake-accept-done"),
        Err(job) => Ok(Redirect::to(&format!("/intake/readings/{job}")).into_response()),
    }
}

/// `POST /intake/batches/{id}/discard`
pub async fn discard(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    Path(id): Path<BatchId>,
) -> Answer {
    ctx.permit(Permission::IntakeUpload)?;
    blocking(move || {
        let hash = actions::load(&ctx, id)?.file_hash;
        actions::discard(&ctx, id)?;
        forget_unused(&ctx, &tools, &hash);
        Ok(())
    })
    .await?;
    done("/intake", "intake-discard-done")
}

/// `POST /intake/batches/{id}/revert`
pub async fn revert(CtxOf(ctx): CtxOf, Path(id): Path<BatchId>, fields: Fields) -> Answer {
    ctx.permit(Permission::IntakeRevert)?;
    let reason = fields.text("reason").to_owned();
    if reason.is_empty() {
        let refusal = Refusal::invalid("intake.no_reason").field("reason", "web.required");
        return Err(Failure::from(refusal));
    }
    blocking(move || actions::revert(&ctx, id, &reason)).await?;
    done(&format!("/intake/batches/{id}"), "intake-revert-done")
}

/// `GET /intake/batches/{id}/findings.xlsx`
pub async fn workbook(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    (desk, Path(id)): (Desk, Path<BatchId>),
) -> Answer {
    let l = desk.l;
    let (bytes, name) = blocking(move || {
        let batch = actions::load(&ctx, id)?;
        if !sees_whole(&ctx, &batch) {
            return Err(ctx.not_found("intake.no_batch", &id.to_string()));
        }
        let remarks = remarks(&ctx, l, &batch)?;
        let heading = l.t("intake-findings");
        let bytes = look_back::give_back(&ctx, &tools, &batch, (&remarks, &heading))?;
        Ok((bytes, batch.file_name))
    })
    .await?;
    let stem = name.split('.').next().unwrap_or("list");
    let encoded: String = stem.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let disposition =
        format!("attachment; filename=\"findings.xlsx\"; filename*=UTF-8''{encoded}-findings.xlsx");
    let headers =
        [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

fn remarks(ctx: &Ctx, l: L, batch: &Batch) -> Result<BTreeMap<i64, Remark>> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let mut session = ctx.read()?;
    let mut remarks: BTreeMap<i64, Remark> = BTreeMap::new();
    let all = (-1, i64::from(i32::MAX));
    let rows = queries::list_seen(&mut session, (&permit, true), (batch.id, None), all)?;
    for row in rows.iter().filter(|row| row.outcome != RowOutcome::Taken) {
        let shade = match row.outcome {
            RowOutcome::Rejected => Shade::Wrong,
            RowOutcome::Asked => Shade::Doubt,
            _ => Shade::Note,
        };
        let remark = remarks.entry(row.key).or_default();
        let outcome = l.t(&format!("intake-outcome-{}", row.outcome));
        remark.text = l.t_args(
            "intake-remark",
            &[("outcome", outcome.into()), ("reason", said::reason(l, &row.reason).into())],
        );
        remark.shade = Some(shade);
    }
    let found = queries::list_findings(&mut session, (&permit, true), (batch.id, None), all)?;
    for one in &found {
        let Some(key) = one.key else { continue };
        let shade = match one.severity {
            Severity::Error => Shade::Wrong,
            Severity::Warning => Shade::Doubt,
            Severity::Note => Shade::Note,
        };
        let (what, advice) = said::finding(l, one);
        let remark = remarks.entry(key).or_default();
        let parts = [remark.text.as_str(), &what, &advice];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        remark.text = parts.join(if l.is_zh() { "；" } else { "; " });
        remark.cells.push((one.cell.clone(), shade));
        remark.shade = remark.shade.max(Some(shade));
    }
    Ok(remarks)
}
