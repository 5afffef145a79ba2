//! A batch on one page: file, columns, result.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use kernel::error::Result;
use kernel::ids::BatchId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Column, Columns, Csrf, Note, Pager, Split, SplitPart, Tone};
use web::{Answer, CtxOf, Desk, L, blocking, page};

use super::{columns, said};
use crate::intake::actions;
use crate::intake::api::sees_whole;
use crate::intake::batch::{Batch, BatchState, RowOutcome};
use crate::intake::deliver::Desk as Tools;
use crate::intake::mapping::Mapping;
use crate::intake::queries::{self, StoredFinding, StoredSheet};

const FINDINGS_ON_A_PAGE: i64 = 20;

struct Mapped {
    heading: String,
    ours: String,
    samples: String,
    chip: Chip,
}

struct SheetView {
    name: String,
    template: String,
    heading_row: i64,
    columns: Vec<Mapped>,
    unused: String,
}

struct FindingRow {
    place: String,
    what: String,
    advice: String,
    severity: Chip,
    row: Option<String>,
}

struct Kind {
    code: String,
    what: String,
    number: String,
    severity: Chip,
    current: bool,
}

#[derive(Template)]
#[template(path = "intake/templates/batch.html")]
struct BatchPage {
    l: L,
    csrf: Csrf,
    id: String,
    note: Option<Note>,
    state: Chip,
    facts: Vec<(String, String)>,
    replaces: Option<String>,
    sheets: Vec<SheetView>,
    sure: bool,
    split: Split,
    total: String,
    heads: Columns,
    kinds: Vec<Kind>,
    findings: Vec<FindingRow>,
    pager: Pager,
    any_finding: bool,
    may_accept: bool,
    may_discard: bool,
    may_map: bool,
    may_revert: bool,
    waits: bool,
    asked: bool,
    whole: bool,
}

/// Findings of one code that are looked through for one of each severity.
const LIKE: i64 = 40;

struct Found {
    batch: Batch,
    /// The reader may have the whole file.
    whole: bool,
    by: String,
    sheets: Vec<StoredSheet>,
    /// Of each kind of finding one that may be seen, and how many there are.
    kinds: Vec<(StoredFinding, i64)>,
    findings: Vec<StoredFinding>,
}

fn find(ctx: &Ctx, id: BatchId, code: Option<&str>, after: i64) -> Result<Found> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let batch = actions::load(ctx, id)?;
    let mut session = ctx.read()?;
    let whole = sees_whole(ctx, &batch);
    let reach = (after, FINDINGS_ON_A_PAGE + 1);
    let mut kinds = Vec::new();
    for (kind, severity, number) in queries::count_findings(&mut session, id)? {
        let like = (id, Some(kind.as_str()));
        let alike = queries::list_findings(&mut session, (&permit, whole), like, (-1, LIKE))?;
        let mut alike = alike.into_iter().peekable();
        let first = alike.peek().cloned();
        if let Some(one) = alike.find(|one| one.severity == severity).or(first) {
            kinds.push((StoredFinding { severity, ..one }, number));
        }
    }
    Ok(Found {
        whole,
        by: queries::find_uploader(&mut session, &batch.uploaded_by)?,
        sheets: queries::list_sheets(&mut session, id)?,
        kinds,
        findings: queries::list_findings(&mut session, (&permit, whole), (id, code), reach)?,
        batch,
    })
}

/// `GET /intake/batches/{id}`
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    (desk, Path(id)): (Desk, Path<BatchId>),
) -> Answer {
    let l = desk.l;
    let code = desk.address.get("finding").map(str::to_owned);
    let after = desk.address.get("after").and_then(|text| text.parse().ok()).unwrap_or(-1);
    let chosen = code.clone();
    let mut found = blocking(move || find(&ctx, id, chosen.as_deref(), after)).await?;
    let size = usize::try_from(FINDINGS_ON_A_PAGE).unwrap_or(20);
    let next = (found.findings.len() > size)
        .then(|| found.findings.truncate(size))
        .and_then(|()| found.findings.last().map(|one| one.seq.to_string()));
    let total = found
        .kinds
        .iter()
        .filter(|(kind, _)| code.as_deref().is_none_or(|code| code == kind.code))
        .map(|(_, number)| *number)
        .sum();
    let batch = &found.batch;
    let list = said::list(l, &tools.templates, &batch.list);
    let waits = batch.state == BatchState::Ready;
    let sheets: Vec<(SheetView, bool)> =
        found.sheets.iter().filter_map(|sheet| sheet_view(l, &tools, sheet)).collect();
    let body = BatchPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        id: id.to_string(),
        note: note(&desk, batch),
        state: said::state(l, batch.state),
        facts: facts(l, batch, &found.by),
        replaces: batch.replaces.map(|id| id.to_string()),
        sure: sheets.iter().all(|(_, sure)| *sure),
        sheets: sheets.into_iter().map(|(view, _)| view).collect(),
        split: split(l, batch),
        total: l.count(batch.counts.total),
        heads: heads(&desk),
        kinds: kinds(&desk, &found),
        any_finding: !found.kinds.is_empty(),
        findings: found.findings.iter().map(|one| finding_row(l, batch, one)).collect(),
        pager: Pager::new(l, &desk.address, found.findings.len(), next, Some(total)),
        may_accept: waits && desk.may(Permission::IntakeAccept),
        may_discard: waits && desk.may(Permission::IntakeUpload),
        may_map: waits && desk.may(Permission::IntakeMap),
        may_revert: batch.state == BatchState::Accepted && desk.may(Permission::IntakeRevert),
        waits,
        asked: batch.counts.asked > 0 && desk.may(Permission::IntakeMatch),
        whole: found.whole && tools.originals.holds(&batch.file_hash),
    };
    let shell = desk
        .untitled()
        .title(&list)
        .lead(&batch.file_name)
        .nav("intake")
        .wide()
        .crumb(l.t("nav-intake"), "/intake");
    page(&shell, body)
}

fn note(desk: &Desk, batch: &Batch) -> Option<Note> {
    let l = desk.l;
    if desk.address.get("known").is_some() {
        return Some(Note::new(Tone::Accent, l.t("intake-known"), l.t("intake-known-text")));
    }
    (batch.state == BatchState::Ready).then(|| {
        let words = if batch.replaces.is_some() { "intake-ready-replaces" } else { "intake-ready" };
        let text = if desk.may(Permission::IntakeAccept) { words } else { "intake-ready-county" };
        Note::new(Tone::Amber, l.t("intake-ready-title"), l.t(text))
    })
}

fn facts(l: L, batch: &Batch, by: &str) -> Vec<(String, String)> {
    let period = batch.period.map(|period| said::period(l, period));
    let by = if by.is_empty() { l.t("intake-by-program") } else { by.to_owned() };
    let mut facts = vec![
        (l.t("intake-col-department"), said::department(l, &batch.department)),
        (l.t("intake-col-period"), period.unwrap_or_else(|| l.t("intake-no-period"))),
        (l.t("intake-col-brought"), format!("{by} · {}", batch.uploaded_at.local_text())),
    ];
    if let Some(at) = batch.accepted_at {
        facts.push((l.t("intake-accepted-at"), at.local_text()));
    }
    let ended = matches!(batch.state, BatchState::Reverted | BatchState::Replaced);
    if let Some(at) = batch.ended_at.filter(|_| ended) {
        facts.push((l.t("intake-ended-at"), at.local_text()));
    }
    facts
}

fn sheet_view(l: L, tools: &Tools, sheet: &StoredSheet) -> Option<(SheetView, bool)> {
    let mapping: Mapping = serde_json::from_str(&sheet.mapping).ok()?;
    let join = if l.is_zh() { "、" } else { ", " };
    let view = SheetView {
        name: sheet.name.clone(),
        template: said::template(l, &tools.templates, &sheet.template),
        heading_row: sheet.header_row.unwrap_or(0),
        columns: mapping
            .columns
            .iter()
            .map(|column| Mapped {
                heading: column.heading.clone(),
                ours: said::field(l, &column.field),
                samples: column.samples.join(join),
                chip: columns::sure(l, &mapping, column.confidence),
            })
            .collect(),
        unused: mapping
            .unused
            .iter()
            .map(|(_, words)| words.as_str())
            .collect::<Vec<_>>()
            .join(join),
    };
    Some((view, mapping.columns.iter().all(|column| column.confidence >= 60)))
}

fn split(l: L, batch: &Batch) -> Split {
    let counts = &batch.counts;
    let parts = [
        (RowOutcome::Taken, counts.taken),
        (RowOutcome::Asked, counts.asked),
        (RowOutcome::Rejected, counts.rejected),
        (RowOutcome::NotHere, counts.not_here),
        (RowOutcome::Duplicate, counts.duplicate),
    ];
    let part = |(outcome, size): (RowOutcome, i64)| SplitPart {
        tone: said::tone(outcome),
        size,
        number: l.count(size),
        label: l.t(&format!("intake-outcome-{outcome}")),
        href: format!("/intake/batches/{}/rows?outcome={outcome}", batch.id),
    };
    Split(parts.into_iter().map(part).collect())
}

fn heads(desk: &Desk) -> Columns {
    let l = desk.l;
    let words = ["intake-col-cell", "intake-col-what", "intake-col-advice"];
    let mut columns: Vec<Column> = words.iter().map(|id| Column::new(l.t(id))).collect();
    columns.push(Column::new(""));
    Columns::new(&desk.address, columns)
}

fn kinds(desk: &Desk, found: &Found) -> Vec<Kind> {
    let l = desk.l;
    let one = |(like, number): &(StoredFinding, i64)| Kind {
        code: like.code.clone(),
        what: said::finding(l, like).0,
        number: l.count(*number),
        severity: said::severity(l, like.severity),
        current: desk.address.get("finding") == Some(&like.code),
    };
    found.kinds.iter().map(one).collect()
}

fn finding_row(l: L, batch: &Batch, found: &StoredFinding) -> FindingRow {
    let (what, advice) = said::finding(l, found);
    FindingRow {
        place: said::place(&found.sheet, &found.cell),
        what,
        advice,
        severity: said::severity(l, found.severity),
        row: found
            .key
            .map(|key| format!("/intake/batches/{}/rows/{key}?cell={}", batch.id, found.cell)),
    }
}
