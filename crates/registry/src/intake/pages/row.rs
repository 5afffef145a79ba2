//! The very row of a department's file, the cell in question highlighted.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use kernel::error::Result;
use kernel::ids::BatchId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::Chip;
use web::{Act, Answer, CtxOf, Desk, L, blocking, page};

use super::said;
use crate::intake::actions;
use crate::intake::api::sees_whole;
use crate::intake::batch::{Batch, RowOutcome};
use crate::intake::deliver::Desk as Tools;
use crate::intake::look_back::{self, SeenRow};
use crate::intake::queries::{self, SeenResult, StoredFinding};

struct CellView {
    letters: String,
    heading: String,
    group: String,
    text: String,
    ours: String,
    sealed: bool,
    marked: bool,
}

struct Remark {
    cell: String,
    what: String,
    advice: String,
    severity: Chip,
}

#[derive(Template)]
#[template(path = "intake/templates/row.html")]
struct RowPage {
    l: L,
    titles: Vec<(u32, String)>,
    heading_row: u32,
    number: u32,
    cells: Vec<CellView>,
    grouped: bool,
    gap: bool,
    marked: Vec<(String, String)>,
    sealed: bool,
    outcome: Chip,
    reason: String,
    who: Option<(String, String, String)>,
    repeats: Option<String>,
    asked: Option<String>,
    remarks: Vec<Remark>,
    facts: Vec<(String, String)>,
}

struct Found {
    batch: Batch,
    row: SeenRow,
    result: Option<SeenResult>,
    findings: Vec<StoredFinding>,
}

/// Rows of a register and of incomes that were taken have no line of their own: they are open to those who see the whole,
/// and to those who see the household they speak of.
fn find(ctx: &Ctx, tools: &Tools, (id, key): (BatchId, i64), of: Option<&str>) -> Result<Found> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let batch = actions::load(ctx, id)?;
    let whole = sees_whole(ctx, &batch);
    let mut session = ctx.read()?;
    let result = queries::find_seen(&mut session, (&permit, whole), (id, key))?;
    let speaks = |session: &mut _| queries::speaks_of_seen(session, &permit, (id, key), of);
    if result.is_none() && !whole && !speaks(&mut session)? {
        return Err(ctx.not_found("intake.no_row", &format!("{id}/{key}")));
    }
    let findings = queries::list_findings_of_row(&mut session, (&permit, whole), (id, key))?;
    drop(session);
    let row = look_back::read_row(ctx, tools, &batch, key)?;
    Ok(Found { batch, row, result, findings })
}

/// `GET /intake/batches/{id}/rows/{key}?cell=C17` or `?field=out_of_pocket_fen,total_fen`
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    (desk, Path((id, key))): (Desk, Path<(BatchId, i64)>),
) -> Answer {
    let l = desk.l;
    let (tools_too, of) = (tools.clone(), desk.address.get("of").map(str::to_owned));
    let found = blocking(move || find(&ctx, &tools_too, (id, key), of.as_deref())).await?;
    let batch = &found.batch;
    let list = said::list(l, &tools.templates, &batch.list);
    let rows = format!("/intake/batches/{id}/rows");
    let mut shell = desk
        .untitled()
        .title(l.t_args(
            "intake-row-title",
            &[("file", (&batch.file_name).into()), ("row", i64::from(found.row.number).into())],
        ))
        .lead(if found.row.sheet.is_empty() {
            list.clone()
        } else {
            format!("{list} · {}", found.row.sheet)
        })
        .nav("intake")
        .wide()
        .crumb(l.t("nav-intake"), "/intake")
        .crumb(&list, format!("/intake/batches/{id}"))
        .crumb(l.t("intake-rows-title"), rows)
        .act(Act::print(l));
    if desk.may(Permission::QuestionAsk) && found.result.is_some() {
        let ask = format!("/questions/new?batch={id}&row={key}");
        shell = shell.act(Act::new(l.t("departments-ask"), ask).icon("ask"));
    }
    page(&shell, body(&desk, &found, (id, key)))
}

fn body(desk: &Desk, found: &Found, (id, key): (BatchId, i64)) -> RowPage {
    let l = desk.l;
    let result = found.result.as_ref();
    let cells = cells(desk, found);
    let outcome = result.map_or(RowOutcome::Taken, |result| result.outcome);
    RowPage {
        l,
        titles: found.row.titles.clone(),
        heading_row: found.row.heading_row,
        number: found.row.number,
        marked: marked(&cells, found.row.number),
        cells,
        gap: found.row.number > found.row.heading_row + 1,
        grouped: found.row.cells.iter().any(|cell| !cell.group.is_empty()),
        sealed: found.row.cells.iter().any(|cell| cell.sealed),
        outcome: said::outcome(l, outcome),
        reason: said::reason(l, result.map_or("register", |result| &result.reason)),
        who: result.and_then(who),
        repeats: result
            .and_then(|result| result.repeats)
            .map(|(batch, row)| format!("/intake/batches/{batch}/rows/{row}")),
        asked: (outcome == RowOutcome::Asked && desk.may(Permission::IntakeMatch))
            .then(|| format!("/intake/match?at={id}-{key}")),
        remarks: found.findings.iter().map(|one| remark(l, one)).collect(),
        facts: facts(l, &found.batch),
    }
}

/// The cells in question in words: a phone shows only the left end of a wide row.
fn marked(cells: &[CellView], number: u32) -> Vec<(String, String)> {
    let marked = cells.iter().filter(|cell| cell.marked && !cell.sealed);
    let line = |cell: &CellView| {
        let name = if cell.heading.is_empty() { &cell.ours } else { &cell.heading };
        (format!("{}{number} {name}", cell.letters), cell.text.clone())
    };
    marked.map(line).collect()
}

fn who(result: &SeenResult) -> Option<(String, String, String)> {
    let (household, number) = result.household.as_ref()?;
    let name = result.person.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    Some((household.to_string(), name, number.clone()))
}

fn facts(l: L, batch: &Batch) -> Vec<(String, String)> {
    vec![
        (l.t("intake-col-department"), said::department(l, &batch.department)),
        (
            l.t("intake-col-period"),
            batch.period.map_or_else(|| l.t("intake-no-period"), |period| said::period(l, period)),
        ),
        (l.t("intake-col-brought"), batch.uploaded_at.day().to_string()),
    ]
}

/// The cells asked for in the address; without any, those that findings name.
fn cells(desk: &Desk, found: &Found) -> Vec<CellView> {
    let l = desk.l;
    let letters = |cell: &str| {
        cell.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_uppercase()
    };
    let (cell, field) = (desk.address.get("cell").map(letters), desk.address.get("field"));
    let fields: Vec<&str> = field.map(|names| names.split(',').collect()).unwrap_or_default();
    let named: Vec<String> = match (&cell, field) {
        (None, None) => found.findings.iter().map(|one| letters(&one.cell)).collect(),
        _ => Vec::new(),
    };
    let mut above = String::new();
    let cells = found.row.cells.iter();
    cells
        .map(|one| CellView {
            letters: one.letters.clone(),
            heading: one.heading.clone(),
            group: if one.group == above {
                String::new()
            } else {
                one.group.clone_into(&mut above);
                above.clone()
            },
            text: one.text.clone(),
            ours: one.field.as_deref().map(|field| said::field(l, field)).unwrap_or_default(),
            sealed: one.sealed,
            marked: cell.as_deref() == Some(one.letters.as_str())
                || one.field.as_deref().is_some_and(|ours| fields.contains(&ours))
                || named.contains(&one.letters),
        })
        .collect()
}

fn remark(l: L, found: &StoredFinding) -> Remark {
    let (what, advice) = said::finding(l, found);
    Remark { cell: found.cell.clone(), what, advice, severity: said::severity(l, found.severity) }
}
