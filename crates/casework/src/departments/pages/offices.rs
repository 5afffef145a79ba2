//! All offices side by side, in the order of the code list, and what is late.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse, Redirect};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::intake;
use store::Ctx;
use web::ui::{Chip, Clock, Column, Columns, Empty, Tone};
use web::{Act, Answer as Page, CtxOf, Desk, L, blocking, page};

use super::super::look::{Calendar, ListLine, OfficeLine, calendar, list_offices};
use super::super::model::Slot;
use super::super::sheet::{Out, workbook_of};
use super::{list_name, office_name, period_words, standing_chip, workbook};

struct Row {
    code: &'static str,
    name: String,
    lists: String,
    late: Vec<String>,
    next: Option<(Clock, String)>,
    back: String,
    questions: String,
    over: Option<Chip>,
}

#[derive(Template)]
#[template(path = "departments/templates/offices.html")]
struct OfficesPage {
    l: L,
    columns: Columns,
    rows: Vec<Row>,
}

fn dash(l: L, number: impl TryInto<i64>) -> String {
    match number.try_into() {
        Ok(0) => "—".to_owned(),
        Ok(number) => l.count(number),
        Err(_) => String::new(),
    }
}

fn row((l, today): (L, Day), tools: &intake::Desk, line: &OfficeLine) -> Row {
    let name = |list: &String| list_name(l, &tools.templates, list);
    let over = line.questions.1;
    Row {
        code: line.code,
        name: office_name(l, line.code),
        lists: l.count(line.lists),
        late: line.late.iter().map(name).collect(),
        next: line.next.as_ref().map(|(due, list)| (Clock::new(l, today, *due), name(list))),
        back: dash(l, line.back),
        questions: dash(l, line.questions.0),
        over: (over > 0).then(|| {
            Chip::new(Tone::Red, l.t1("departments-questions-over", "n", over)).icon("bang")
        }),
    }
}

/// `GET /departments`: all offices; who belongs to one is led to it.
pub async fn list(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
) -> Page {
    ctx.permit(Permission::DeliverySee)?;
    if let Some(own) = &ctx.actor.department {
        return Ok(Redirect::to(&format!("/departments/{own}")).into_response());
    }
    let (l, today, found) = (desk.l, ctx.today, tools.clone());
    let lines = blocking(move || list_offices(&ctx, &found.templates)).await?;
    let ids = ["office", "lists", "late_lists", "next", "waiting_rows", "open_questions"];
    let columns = ids.iter().map(|id| {
        let column = Column::new(l.t(&format!("departments-sheet-{id}"))).id(id);
        let number = ["lists", "waiting_rows", "open_questions"].contains(id);
        if number { column.number() } else { column }
    });
    let columns = Columns::new(&desk.address, columns.collect())
        .liked(&desk.view, "departments")
        .file("Excel", "/departments/export");
    let rows = lines.iter().map(|line| row((l, today), &tools, line)).collect();
    let shell = desk
        .shell("departments-list")
        .nav("departments")
        .wide()
        .act(Act::new(l.t("departments-late-title"), "/departments/late").icon("bang"));
    page(&shell, OfficesPage { l, columns, rows })
}

/// `GET /departments/export`
pub async fn export(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
) -> Page {
    out((ctx, tools, desk.l), Out::Offices, "departments").await
}

async fn out((ctx, tools, l): (Ctx, intake::Desk, L), what: Out, name: &str) -> Page {
    ctx.permit(Permission::DeliverySee)?;
    let bytes = blocking(move || workbook_of(&ctx, (l, &tools.templates), (what, None))).await?;
    Ok(workbook(name, bytes))
}

struct Late {
    code: String,
    office: String,
    list: String,
    period: String,
    clock: Option<Clock>,
    standing: Chip,
    missing: String,
}

#[derive(Template)]
#[template(path = "departments/templates/late.html")]
struct LatePage {
    l: L,
    columns: Columns,
    rows: Vec<Late>,
    text: String,
    empty: Empty,
}

fn late_row(
    (l, today): (L, Day),
    tools: &intake::Desk,
    calendar: &Calendar,
    (line, slot): (&ListLine, &Slot),
) -> Late {
    Late {
        code: line.department.clone(),
        office: office_name(l, &line.department),
        list: list_name(l, &tools.templates, &line.list),
        period: period_words(l, slot.period),
        clock: slot.due.map(|due| Clock::new(l, today, due)),
        standing: standing_chip(l, slot.standing),
        missing: calendar.places(&slot.missing).join(if l.is_zh() { "、" } else { ", " }),
    }
}

/// The reminder as a text for the group of the offices.
fn reminder(l: L, ctx_today: Day, rows: &[Late]) -> String {
    let mut text = l.t1("departments-reminder", "day", ctx_today.to_string());
    for row in rows {
        let id = if row.missing.is_empty() {
            "departments-reminder-line"
        } else {
            "departments-reminder-part"
        };
        text.push('\n');
        text.push_str(&l.t_args(
            id,
            &[
                ("office", (&row.office).into()),
                ("list", (&row.list).into()),
                ("period", (&row.period).into()),
                ("missing", (&row.missing).into()),
            ],
        ));
    }
    text
}

fn late_of(ctx: &Ctx, tools: &intake::Desk, l: L) -> kernel::error::Result<Vec<Late>> {
    let calendar = calendar(ctx, &tools.templates, None)?;
    let late = calendar.late(ctx.today);
    Ok(late.into_iter().map(|one| late_row((l, ctx.today), tools, &calendar, one)).collect())
}

/// `GET /departments/late`: whom to remind of what.
pub async fn late(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let rows = blocking(move || late_of(&ctx, &tools, l)).await?;
    let ids = ["office", "list", "period", "due", "standing", "missing"];
    let columns = ids.iter().map(|id| Column::new(l.t(&format!("departments-sheet-{id}"))));
    let columns =
        Columns::new(&desk.address, columns.collect()).file("Excel", "/departments/late/export");
    let text = reminder(l, today, &rows);
    let empty = Empty::new(l.t("departments-late-none"), l.t("departments-late-none-help"));
    let shell = desk
        .shell("departments-late")
        .nav("departments")
        .wide()
        .crumb(l.t("nav-departments"), "/departments")
        .act(Act::print(l));
    page(&shell, LatePage { l, columns, rows, text, empty })
}

/// `GET /departments/late/export`
pub async fn late_export(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
) -> Page {
    out((ctx, tools, desk.l), Out::Late, "late").await
}
