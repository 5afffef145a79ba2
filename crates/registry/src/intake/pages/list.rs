//! The batches of the departments, and which lists have arrived for which month.

use askama::Template;
use axum::Extension;
use kernel::error::Result;
use kernel::permission::Permission;
use kernel::time::Month;
use store::Ctx;
use web::ui::{Chip, Choice, Column, Columns, Empty, Field, Pager};
use web::{Act, Address, Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::said;
use crate::intake::batch::{Batch, BatchState};
use crate::intake::jobs::{Job, JobState, Jobs};
use crate::intake::queries::{self, BatchFilter, Covered};
use crate::intake::{self as room, Templates};

const ON_A_PAGE: i64 = 20;
const MONTHS: i64 = 12;

struct Row {
    id: String,
    list: String,
    file: String,
    department: String,
    period: String,
    state: Chip,
    total: String,
    asked: String,
    rejected: String,
    by: String,
    day: String,
}

struct MonthCell {
    label: String,
    batch: Option<String>,
}

struct ListMonths {
    list: String,
    department: String,
    months: Vec<MonthCell>,
}

struct Running {
    id: String,
    file: String,
    words: String,
}

#[derive(Template)]
#[template(path = "intake/templates/list.html")]
struct ListPage {
    l: L,
    running: Vec<Running>,
    department: Option<Field>,
    state: Field,
    columns: Columns,
    rows: Vec<Row>,
    pager: Pager,
    empty: Empty,
    filtered: bool,
    heads: Vec<(String, String)>,
    calendar: Vec<ListMonths>,
}

struct Found {
    batches: Vec<(Batch, String)>,
    total: i64,
    coverage: Vec<Covered>,
    since: Month,
    office: Option<String>,
}

fn find(ctx: &Ctx, address: &Address) -> Result<Found> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let office = permit.department().map(str::to_owned);
    let mut session = ctx.read()?;
    let filter = BatchFilter {
        department: office.clone().or(address.get("department").map(str::to_owned)),
        state: address.get("state").and_then(|state| state.parse().ok()),
        list: address.get("list").map(str::to_owned),
        before: address.get("after").and_then(|id| id.parse().ok()),
    };
    let since = ctx.today.in_month().add_months(1 - MONTHS);
    Ok(Found {
        batches: queries::list_filtered(&mut session, &filter, ON_A_PAGE + 1)?,
        total: queries::count_filtered(&mut session, &filter)?,
        coverage: queries::list_coverage(&mut session, office.as_deref(), since.first_day())?,
        since,
        office,
    })
}

/// `GET /intake`
pub async fn list(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<room::Desk>,
    Extension(jobs): Extension<Jobs>,
    desk: Desk,
) -> Answer {
    let l = desk.l;
    let running = jobs.list(&ctx).iter().map(|job| running(l, job)).collect();
    let address = desk.address.clone();
    let mut found = blocking(move || find(&ctx, &address)).await?;
    let page_size = usize::try_from(ON_A_PAGE).unwrap_or(20);
    let after = (found.batches.len() > page_size)
        .then(|| found.batches.truncate(page_size))
        .and_then(|()| found.batches.last().map(|(batch, _)| batch.id.to_string()));
    let templates = &tools.templates;
    let body = ListPage {
        l,
        running,
        department: found.office.is_none().then(|| departments(&desk, templates)),
        state: states(&desk),
        columns: columns(&desk),
        pager: Pager::new(l, &desk.address, found.batches.len(), after, Some(found.total)),
        rows: found.batches.iter().map(|(batch, by)| row(l, templates, batch, by)).collect(),
        empty: Empty::new(l.t("intake-list-empty"), l.t("intake-list-empty-help")),
        filtered: ["department", "state", "list"].iter().any(|key| desk.address.get(key).is_some()),
        heads: (0..MONTHS).map(|at| month_head(found.since.add_months(at))).collect(),
        calendar: calendar(l, templates, &found),
    };
    let mut shell = desk.shell("intake-list").nav("intake").wide();
    if desk.may(Permission::IntakeMatch) {
        shell = shell.act(Act::new(l.t("intake-to-match"), "/intake/match").icon("match"));
    }
    if desk.may(Permission::IntakeUpload) {
        shell = shell.act(Act::new(l.t("intake-upload"), "/intake/new").icon("plus").primary());
    }
    page(&shell, body)
}

fn running(l: L, job: &Job) -> Running {
    let words = match job.state {
        JobState::Unmapped => l.t("intake-reading-unmapped"),
        _ if job.accepts => l.t("intake-accepting"),
        _ => l.t1("intake-reading-rows", "n", job.rows),
    };
    Running { id: job.id.clone(), file: job.file.clone(), words }
}

fn columns(desk: &Desk) -> Columns {
    let l = desk.l;
    Columns::new(
        &desk.address,
        vec![
            Column::new(l.t("intake-col-list")),
            Column::new(l.t("intake-col-department")).id("department"),
            Column::new(l.t("intake-col-period")).id("period"),
            Column::new(l.t("intake-col-state")).id("state"),
            Column::new(l.t("intake-col-rows")).number().id("rows"),
            Column::new(l.t("intake-outcome-asked")).number().id("asked"),
            Column::new(l.t("intake-outcome-rejected")).number().id("rejected"),
            Column::new(l.t("intake-col-brought")).id("brought"),
        ],
    )
    .liked(&desk.view, "batches")
}

fn row(l: L, templates: &Templates, batch: &Batch, by: &str) -> Row {
    let count = |number: i64| if number == 0 { "—".to_owned() } else { l.count(number) };
    Row {
        id: batch.id.to_string(),
        list: said::list(l, templates, &batch.list),
        file: batch.file_name.clone(),
        department: said::department(l, &batch.department),
        period: batch.period.map(|period| said::period(l, period)).unwrap_or_default(),
        state: said::state(l, batch.state),
        total: l.count(batch.counts.total),
        asked: count(batch.counts.asked),
        rejected: count(batch.counts.rejected),
        by: if by.is_empty() { l.t("intake-by-program") } else { by.to_owned() },
        day: batch.uploaded_at.day().to_string(),
    }
}

fn departments(desk: &Desk, templates: &Templates) -> Field {
    let l = desk.l;
    let mut codes: Vec<&str> = templates.iter().map(|one| one.department.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut choices = vec![Choice::new("", l.t("intake-any-department"))];
    choices.extend(codes.into_iter().map(|code| Choice::new(code, said::department(l, code))));
    let chosen = desk.address.get("department").unwrap_or_default();
    Field::select("department", l.t("intake-col-department"), choices).filled(
        l,
        &Fields::default().with("department", chosen),
        None,
    )
}

fn states(desk: &Desk) -> Field {
    let l = desk.l;
    let mut choices = vec![Choice::new("", l.t("intake-any-state"))];
    let states =
        [BatchState::Ready, BatchState::Accepted, BatchState::Replaced, BatchState::Reverted];
    choices.extend(
        states.iter().map(|state| Choice::new(state.text(), l.t(&format!("intake-state-{state}")))),
    );
    let chosen = desk.address.get("state").unwrap_or_default();
    Field::select("state", l.t("intake-col-state"), choices).filled(
        l,
        &Fields::default().with("state", chosen),
        None,
    )
}

/// Year over month: the year only where it begins.
fn month_head(month: Month) -> (String, String) {
    let text = month.to_string();
    let (year, number) = text.split_once('-').unwrap_or((&text, ""));
    (year.to_owned(), number.trim_start_matches('0').to_owned())
}

fn calendar(l: L, templates: &Templates, found: &Found) -> Vec<ListMonths> {
    let mut lists: Vec<(&str, &str)> = Vec::new();
    for template in templates.iter() {
        let mine = found.office.as_deref().is_none_or(|office| office == template.department);
        // the register says what stands on one day; it is about no month
        let monthly = template.list != "register";
        if mine && monthly && !lists.iter().any(|(list, _)| *list == template.list) {
            lists.push((&template.list, &template.department));
        }
    }
    lists
        .into_iter()
        .map(|(list, department)| ListMonths {
            list: said::list(l, templates, list),
            department: said::department(l, department),
            months: (0..MONTHS)
                .map(|at| {
                    let month = found.since.add_months(at);
                    let arrived = found
                        .coverage
                        .iter()
                        .rfind(|one| one.list == list && one.period.overlaps(month.period()));
                    MonthCell {
                        label: month.to_string(),
                        batch: arrived.map(|one| one.batch.to_string()),
                    }
                })
                .collect(),
        })
        .collect()
}
