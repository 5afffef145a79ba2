//! Lists for other programs: batches, their rows, and a file sent without a browser.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::{Extension, Json};
use kernel::error::{Refusal, Result};
use kernel::ids::BatchId;
use kernel::permission::Permission;
use serde::{Deserialize, Serialize};
use store::Ctx;
use utoipa::{IntoParams, ToSchema};
use web::{CtxOf, Failure, blocking};

use super::batch::{Batch, RowOutcome, place_of};
use super::deliver::{Delivered, Desk, Until, Unwatched, Upload, Wish};
use super::match_actions::sees_all;
use super::queries::{self, BatchFilter, SeenResult};
use super::{actions, bring};

const BATCHES: i64 = 100;
const ROWS: i64 = 500;

/// Which batches to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct BatchQuery {
    /// Only of this department, such as `medical_insurance`.
    department: Option<String>,
    /// Only in this state: ready, accepted, reverted, replaced.
    state: Option<String>,
    /// Only this list, such as `medical_stays`.
    list: Option<String>,
    /// Go on after the batch with this id.
    after: Option<String>,
}

/// How many rows became what.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountsOut {
    /// Data rows.
    total: i64,
    /// Given to somebody.
    taken: i64,
    /// Repeats.
    duplicate: i64,
    /// In the match queue.
    asked: i64,
    /// Of people elsewhere.
    not_here: i64,
    /// To be mended.
    rejected: i64,
}

/// A batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchOut {
    /// Its id.
    id: String,
    /// Template of its first sheet.
    template: String,
    /// Who sends the list.
    department: String,
    /// The list.
    list: String,
    /// Name of the file.
    file: String,
    /// SHA-256 of the file.
    sha256: String,
    /// First day it speaks of.
    from: Option<String>,
    /// Last day it speaks of.
    to: Option<String>,
    /// ready, accepted, reverted or replaced.
    state: String,
    /// The batch it takes the place of.
    replaces: Option<String>,
    /// When it came, UTC.
    uploaded_at: String,
    /// When it began to count, UTC.
    accepted_at: Option<String>,
    /// What became of its rows.
    rows: CountsOut,
}

/// A page of batches, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchListOut {
    /// The batches.
    batches: Vec<BatchOut>,
    /// The id to go on after, if there are more.
    after: Option<String>,
}

fn counts_out(counts: &super::batch::Counts) -> CountsOut {
    CountsOut {
        total: counts.total,
        taken: counts.taken,
        duplicate: counts.duplicate,
        asked: counts.asked,
        not_here: counts.not_here,
        rejected: counts.rejected,
    }
}

fn batch_out(batch: &Batch) -> BatchOut {
    BatchOut {
        id: batch.id.to_string(),
        template: batch.template.clone(),
        department: batch.department.clone(),
        list: batch.list.clone(),
        file: batch.file_name.clone(),
        sha256: batch.file_hash.clone(),
        from: batch.period.map(|period| period.from.to_string()),
        to: batch.period.map(|period| period.to.to_string()),
        state: batch.state.to_string(),
        replaces: batch.replaces.map(|id| id.to_string()),
        uploaded_at: batch.uploaded_at.to_string(),
        accepted_at: batch.accepted_at.map(|at| at.to_string()),
        rows: counts_out(&batch.counts),
    }
}

/// A wrong word in the address is refused, not ignored: a program must not take all for some.
fn word<T: std::str::FromStr>(text: Option<&str>, code: &'static str) -> Result<Option<T>> {
    let read = |text: &str| text.parse::<T>().map_err(|_| Refusal::invalid(code).into());
    text.filter(|text| !text.is_empty()).map(read).transpose()
}

/// Batches of the caller's office, or of all for those who see all.
///
/// # Errors
/// Refused without `intake.see`.
#[utoipa::path(get, path = "/api/v1/intake/batches", params(BatchQuery), tag = "intake",
    responses((status = 200, body = BatchListOut), (status = 401), (status = 403), (status = 422)))]
pub async fn list_batches(
    CtxOf(ctx): CtxOf,
    Query(query): Query<BatchQuery>,
) -> Result<Json<BatchListOut>, Failure> {
    let found = blocking(move || {
        let filter = BatchFilter {
            department: query.department.filter(|text| !text.is_empty()),
            state: word(query.state.as_deref(), "intake.unknown_state")?,
            list: query.list.filter(|text| !text.is_empty()),
            before: word(query.after.as_deref(), "intake.unknown_key")?,
        };
        actions::list(&ctx, &filter, BATCHES)
    })
    .await?;
    let full = i64::try_from(found.len()).unwrap_or(0) == BATCHES;
    let last = found.last().map(|(batch, _)| batch.id.to_string());
    let batches = found.iter().map(|(batch, _)| batch_out(batch)).collect();
    Ok(Json(BatchListOut { batches, after: last.filter(|_| full) }))
}

/// One batch.
///
/// # Errors
/// Refused without `intake.see`; not found for another office's.
#[utoipa::path(get, path = "/api/v1/intake/batches/{id}", params(("id" = String, Path, description = "Id of the batch")),
    tag = "intake", responses((status = 200, body = BatchOut), (status = 401), (status = 403), (status = 404)))]
pub async fn show_batch(
    CtxOf(ctx): CtxOf,
    Path(id): Path<String>,
) -> Result<Json<BatchOut>, Failure> {
    let batch = blocking(move || load(&ctx, &id)).await?;
    Ok(Json(batch_out(&batch)))
}

fn load(ctx: &Ctx, id: &str) -> Result<Batch> {
    let known = id.parse::<BatchId>().map_err(|_| Refusal::not_found("intake.no_batch"))?;
    actions::load(ctx, known)
}

/// How far to go with a file.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct FileQuery {
    /// Its name with its ending, such as `住院结算_2026-10.xlsx`.
    name: String,
    /// `look` writes nothing (the default), `ready` waits to be accepted, `accepted` counts at once.
    until: Option<String>,
}

/// What is wrong with a row or a cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingOut {
    /// Its code, as in the reference of findings.
    code: String,
    /// error, warning or note.
    severity: String,
    /// Sheet of the file.
    sheet: String,
    /// Cell or row.
    cell: String,
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveredOut {
    /// The batch, unless it was only looked at.
    batch: Option<String>,
    /// The same content was accepted before; nothing was done.
    known: bool,
    /// Template of its first sheet.
    template: String,
    /// What became of its rows.
    rows: CountsOut,
    /// Titles, totals, blanks.
    not_data: i64,
    /// The first thousand findings.
    findings: Vec<FindingOut>,
}

fn delivered_out(done: &Delivered) -> DeliveredOut {
    DeliveredOut {
        batch: done.batch.map(|id| id.to_string()),
        known: done.known.is_some(),
        template: done.template.clone(),
        rows: counts_out(&done.counts),
        not_data: done.not_data,
        findings: done
            .findings
            .iter()
            .take(1000)
            .map(|found| FindingOut {
                code: found.code.to_string(),
                severity: found.severity.to_string(),
                sheet: found.place.sheet.clone(),
                cell: found.place.cell(),
            })
            .collect(),
    }
}

/// Sends a file: its bytes are the body.
///
/// # Errors
/// Refused without `intake.upload`, or without `intake.accept` when it should count at once; a refusal that says why the
/// file cannot be read.
#[utoipa::path(post, path = "/api/v1/intake/files", params(FileQuery), tag = "intake",
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = DeliveredOut), (status = 401), (status = 403), (status = 413), (status = 415),
        (status = 422), (status = 429)))]
pub async fn send_file(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Desk>,
    Query(query): Query<FileQuery>,
    body: Bytes,
) -> Result<Json<DeliveredOut>, Failure> {
    let done = blocking(move || {
        let until = match query.until.as_deref().unwrap_or("look") {
            "look" | "" => Until::Look,
            "ready" => Until::Ready,
            "accepted" => Until::Accepted,
            _ => return Err(Refusal::invalid("intake.unknown_state").into()),
        };
        let name = if query.name.is_empty() { "list".to_owned() } else { query.name };
        let upload = Upload { name, bytes: Arc::from(body.as_ref()) };
        let wish = Wish::of(until);
        bring(&ctx, &tools, (&upload, None, &wish), &mut Unwatched)
    })
    .await?;
    Ok(Json(delivered_out(&done)))
}

/// Accepts a batch that waits. A register comes back with another id.
///
/// # Errors
/// Refused without `intake.accept`; a conflict when it does not wait.
#[utoipa::path(post, path = "/api/v1/intake/batches/{id}/accept",
    params(("id" = String, Path, description = "Id of the batch")), tag = "intake",
    responses((status = 200, body = BatchOut), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn accept_batch(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Desk>,
    Path(id): Path<String>,
) -> Result<Json<BatchOut>, Failure> {
    let batch = blocking(move || {
        let batch = load(&ctx, &id)?;
        let accepted = actions::accept(&ctx, &tools, batch.id, &mut Unwatched)?;
        actions::load(&ctx, accepted)
    })
    .await?;
    Ok(Json(batch_out(&batch)))
}

/// Which rows to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct RowQuery {
    /// Only with this outcome: taken, duplicate, asked, not_here, rejected.
    outcome: Option<String>,
    /// Go on after the row with this key.
    after: Option<String>,
}

/// What became of a row.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowOut {
    /// Its key in the batch.
    key: i64,
    /// Place of its sheet, from 0.
    sheet: i64,
    /// Row of the sheet, from 1.
    row: i64,
    /// taken, duplicate, asked, not_here or rejected.
    outcome: String,
    /// Why, as a code.
    reason: String,
    /// Id of the person it speaks of.
    person: Option<String>,
    /// Id of the household it counts for.
    household: Option<String>,
    /// The day it names.
    day: Option<String>,
    /// Its amount in fen.
    amount_fen: Option<i64>,
}

/// A page of rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowListOut {
    /// The rows, in the order of the file.
    rows: Vec<RowOut>,
    /// The key to go on after, if there are more.
    after: Option<String>,
}

fn row_out(row: &SeenResult) -> RowOut {
    let (sheet, number) = place_of(row.key);
    RowOut {
        key: row.key,
        sheet,
        row: number,
        outcome: row.outcome.to_string(),
        reason: row.reason.clone(),
        person: row.person.as_ref().map(|(id, _)| id.to_string()),
        household: row.household.as_ref().map(|(id, _)| id.to_string()),
        day: row.day.map(|day| day.to_string()),
        amount_fen: row.amount.map(kernel::money::Money::fen),
    }
}

/// Rows of a batch, within the caller's scope.
///
/// # Errors
/// Refused without `intake.see`; not found for another office's batch.
#[utoipa::path(get, path = "/api/v1/intake/batches/{id}/rows",
    params(("id" = String, Path, description = "Id of the batch"), RowQuery), tag = "intake",
    responses((status = 200, body = RowListOut), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn list_rows(
    CtxOf(ctx): CtxOf,
    Path(id): Path<String>,
    Query(query): Query<RowQuery>,
) -> Result<Json<RowListOut>, Failure> {
    let rows = blocking(move || {
        let permit = ctx.permit(Permission::IntakeSee)?;
        let batch = load(&ctx, &id)?;
        let outcome: Option<RowOutcome> = word(query.outcome.as_deref(), "intake.unknown_state")?;
        let after = word(query.after.as_deref(), "intake.unknown_key")?.unwrap_or(-1);
        let whole = sees_whole(&ctx, &batch);
        let mut session = ctx.read()?;
        queries::list_seen(&mut session, (&permit, whole), (batch.id, outcome), (after, ROWS))
    })
    .await?;
    let full = i64::try_from(rows.len()).unwrap_or(0) == ROWS;
    let last = rows.last().map(|row| row.key.to_string());
    Ok(Json(RowListOut { rows: rows.iter().map(row_out).collect(), after: last.filter(|_| full) }))
}

/// Whether the caller sees every row of a batch: all of the county, or their own file.
pub(super) fn sees_whole(ctx: &Ctx, batch: &Batch) -> bool {
    sees_all(ctx)
        || ctx.actor.department.as_deref() == Some(batch.department.as_str())
        || batch.uploaded_by == ctx.actor.account
}

/// The routes with their descriptions; a file may be as large as the limits of reading say.
pub fn routes(largest: usize) -> utoipa_axum::router::OpenApiRouter {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(send_file))
        .layer(DefaultBodyLimit::max(largest))
        .routes(utoipa_axum::routes!(list_batches))
        .routes(utoipa_axum::routes!(show_batch))
        .routes(utoipa_axum::routes!(accept_batch))
        .routes(utoipa_axum::routes!(list_rows))
}
