//! One office: its calendar, what came back, its rules, its questions.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use kernel::error::{Refusal, Result};
use kernel::permission::{Permission, allows};
use kernel::time::{Day, Month, Period};
use registry::intake;
use store::Ctx;
use web::ui::{Clock, Column, Columns, Empty, Stat, Stats, Tone};
use web::{Answer as Page, CtxOf, Desk, L, blocking, page};

use super::super::actions::list_questions;
use super::super::look::{AllBack, Calendar, ListLine, all_back, calendar, office, rules_of};
use super::super::model::{MONTHS, Slot, Standing, first_month};
use super::super::queries::questions::{Question, QuestionFilter};
use super::super::sheet::{Out, workbook_of};
use super::questions::{QuestionLine, question_line};
use super::{list_name, office_name, period_words, standing_look, workbook};
use crate::screening::RuleLine;

/// Questions that stand on the page of an office.
const SHOWN: i64 = 8;

struct Cell {
    span: i64,
    look: &'static str,
    icon: &'static str,
    words: String,
    href: Option<String>,
    wide: String,
}

struct Line {
    name: String,
    rhythm: String,
    cells: Vec<Cell>,
    next: Option<Clock>,
    next_of: String,
    missing: Vec<(String, String)>,
}

struct RuleRow {
    href: String,
    title: String,
    hits: String,
    live: String,
    answered: String,
    confirmed: String,
    wrong: String,
}

#[derive(Template)]
#[template(path = "departments/templates/one.html")]
struct OnePage {
    l: L,
    code: String,
    stats: Stats,
    heads: Vec<(String, String)>,
    lines: Vec<Line>,
    legend: Vec<(&'static str, &'static str, String)>,
    rules: Vec<RuleRow>,
    rule_columns: Columns,
    rules_empty: Empty,
    questions: Option<Vec<QuestionLine>>,
    unread: Vec<(Option<String>, String, String)>,
}

struct Found {
    calendar: Calendar,
    back: AllBack,
    rules: Vec<RuleLine>,
    questions: Option<Vec<Question>>,
}

fn find(ctx: &Ctx, tools: &intake::Desk, code: &str) -> Result<Found> {
    ctx.permit(Permission::DeliverySee)?;
    office(ctx, code)?;
    let open = QuestionFilter {
        state: Some("open"),
        department: Some(code.to_owned()),
        ..QuestionFilter::default()
    };
    let sees = allows(ctx.actor.role, Permission::QuestionSee);
    Ok(Found {
        calendar: calendar(ctx, &tools.templates, Some(code))?,
        back: all_back(ctx, code)?,
        rules: rules_of(ctx, code)?,
        questions: sees.then(|| list_questions(ctx, &open, SHOWN)).transpose()?,
    })
}

/// `GET /departments/{code}`
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    (desk, Path(code)): (Desk, Path<String>),
) -> Page {
    let (l, today, own) = (desk.l, ctx.today, ctx.actor.department.is_some());
    let (asked, kit) = (code.clone(), tools.clone());
    let found = blocking(move || find(&ctx, &kit, &asked)).await?;
    let opens = desk.may(Permission::IntakeSee);
    let unread = found.back.unread.iter().map(|file| {
        let href = opens.then(|| format!("/intake/batches/{}/rows?outcome=rejected", file.batch));
        let name = format!("{} · {}", list_name(l, &tools.templates, &file.list), file.file);
        (href, name, l.t1("departments-unread-rows", "n", file.rows))
    });
    let body = OnePage {
        l,
        stats: stats((l, today), &code, &found),
        heads: (0..MONTHS).map(|at| month_head(first_month(today).add_months(at))).collect(),
        lines: lines((&desk, today), &tools, &found.calendar),
        legend: legend(l),
        rules: found.rules.iter().map(|line| rule_row(l, line)).collect(),
        rule_columns: rule_columns(&desk),
        rules_empty: Empty::new(l.t("departments-rules-none"), l.t("departments-rules-none-help")),
        questions: found
            .questions
            .as_ref()
            .map(|all| all.iter().map(|one| question_line((l, today), one)).collect()),
        unread: unread.collect(),
        code: code.clone(),
    };
    let lead = if own { "departments-one-own-lead" } else { "departments-one-lead" };
    let mut shell = desk
        .untitled()
        .title(office_name(l, &code))
        .lead(l.t(lead))
        .nav("departments")
        .wide()
        .act(web::Act::print(l));
    if !own {
        shell = shell.crumb(l.t("nav-departments"), "/departments");
    }
    page(&shell, body)
}

fn stats((l, today): (L, Day), code: &str, found: &Found) -> Stats {
    let late = found.calendar.late(today).len();
    let waiting = found.back.back.iter().filter(|one| one.said.is_none()).count();
    let tone = |stat: Stat, number: usize, tone: Tone, icon: &'static str| {
        if number > 0 { stat.tone(tone, icon) } else { stat }
    };
    let next = found.calendar.lines.iter().filter_map(|line| line.next.map(|(_, due)| due)).min();
    let mut all = vec![
        tone(
            Stat::new(l.count(late), l.t("departments-stat-late")).href("#calendar"),
            late,
            Tone::Red,
            "bang",
        ),
        next.map_or_else(
            || Stat::new("—", l.t("departments-stat-next")),
            |day| {
                let left = l.days(today.days_until(day));
                Stat::new(left, l.t("departments-stat-next")).small(day.to_string())
            },
        )
        .href("#calendar"),
        tone(
            Stat::new(l.count(waiting), l.t("departments-stat-back"))
                .href(format!("/departments/{code}/returned")),
            waiting,
            Tone::Amber,
            "bang",
        ),
    ];
    if let Some(questions) = &found.questions {
        let number = questions.len();
        let stat = Stat::new(l.count(number), l.t("departments-stat-questions"));
        let stat = stat.href(format!("/questions?department={code}"));
        all.push(tone(stat, number, Tone::Amber, "ask"));
    }
    Stats(all)
}

/// Year over month: the year only where it begins.
fn month_head(month: Month) -> (String, String) {
    let (year, number) = (month.year().to_string(), month.month());
    (year, number.to_string())
}

fn lines((desk, today): (&Desk, Day), tools: &intake::Desk, calendar: &Calendar) -> Vec<Line> {
    let l = desk.l;
    let line = |line: &ListLine| {
        let rhythm = line.rhythm.on(today);
        let every = rhythm.map_or("as_needed", |rhythm| rhythm.every.code());
        let missing = line.slots.iter().filter(|slot| !slot.missing.is_empty()).map(|slot| {
            let places = calendar.places(&slot.missing);
            (period_words(l, slot.period), places.join(if l.is_zh() { "、" } else { ", " }))
        });
        Line {
            name: list_name(l, &tools.templates, &line.list),
            rhythm: l.t(&format!("departments-every-{every}")),
            cells: cells((desk, today), line),
            next: line.next.map(|(_, due)| Clock::new(l, today, due)),
            next_of: line.next.map(|(period, _)| period_words(l, period)).unwrap_or_default(),
            missing: missing.collect(),
        }
    };
    calendar.lines.iter().map(line).collect()
}

/// The twelve months of a list: one cell for every stretch, as wide as its months.
fn cells((desk, today): (&Desk, Day), line: &ListLine) -> Vec<Cell> {
    let l = desk.l;
    let first = first_month(today);
    let calendar_list = line.rhythm.on(today).is_some_and(|rhythm| rhythm.every.months().is_some());
    if !calendar_list {
        return (0..MONTHS)
            .map(|at| {
                let month = first.add_months(at).period();
                let slot = line.slots.iter().rfind(|slot| month.contains(slot.period.from));
                slot.map_or_else(|| nothing(l, 1), |slot| cell(desk, slot, 1))
            })
            .collect();
    }
    let window = Period { from: first.first_day(), to: today.in_month().last_day() };
    let shown = line.slots.iter().filter_map(|slot| {
        let inside = slot.period.shared_with(window)?;
        let span = inside.from.in_month().months_until(inside.to.in_month()) + 1;
        Some(cell(desk, slot, span))
    });
    let begun = line.slots.iter().find_map(|slot| slot.period.shared_with(window));
    let before = begun.map_or(MONTHS, |begun| first.months_until(begun.from.in_month()));
    (before > 0).then(|| nothing(l, before)).into_iter().chain(shown).collect()
}

/// Months in which nothing was owed.
fn nothing(l: L, span: i64) -> Cell {
    let words = l.t("departments-nothing");
    Cell { span, look: "is-ahead", icon: "", words, href: None, wide: String::new() }
}

fn cell(desk: &Desk, slot: &Slot, span: i64) -> Cell {
    let l = desk.l;
    let opens = desk.may(Permission::IntakeSee);
    let (_, icon, look) = standing_look(slot.standing);
    let standing = l.t(&format!("departments-standing-{}", slot.standing));
    let mut words = vec![period_words(l, slot.period), standing.clone()];
    if let Some(due) = slot.due {
        words.push(l.t1("departments-due-on", "day", due.to_string()));
    }
    if let Some(on) = slot.on {
        words.push(l.t1("departments-came-on", "day", on.to_string()));
    }
    if slot.late_by > 0 {
        words.push(l.t1("departments-came-late", "n", slot.late_by));
    }
    let late = slot.standing == Standing::Delivered && slot.late_by > 0;
    Cell {
        span,
        look: if late { "is-here is-after" } else { look },
        icon,
        words: words.join(" · "),
        href: slot.batch.filter(|_| opens).map(|batch| format!("/intake/batches/{batch}")),
        wide: if span > 1 { standing } else { String::new() },
    }
}

fn legend(l: L) -> Vec<(&'static str, &'static str, String)> {
    let of = |standing: &Standing| {
        let (_, icon, look) = standing_look(*standing);
        (look, icon, l.t(&format!("departments-standing-{standing}")))
    };
    Standing::ALL.iter().map(of).collect()
}

fn rule_columns(desk: &Desk) -> Columns {
    let l = desk.l;
    let ids = ["rule", "hits", "live", "answered", "confirmed", "wrong"];
    let columns = ids.iter().map(|id| {
        let column = Column::new(l.t(&format!("departments-sheet-{id}")));
        if *id == "rule" { column } else { column.number() }
    });
    Columns::new(&desk.address, columns.collect())
}

fn rule_row(l: L, line: &RuleLine) -> RuleRow {
    let title = line.rule.as_ref().map(|rule| rule.def.title.get(l.0).to_owned());
    let count = &line.count;
    let share = |part: i64, whole: i64| match whole {
        0 => "—".to_owned(),
        _ => format!("{} · {}", l.count(part), l.percent(part, whole)),
    };
    RuleRow {
        href: format!("/rules/{}", line.id),
        title: title.unwrap_or_else(|| line.id.clone()),
        hits: l.count(count.hits),
        live: l.count(count.live),
        answered: share(count.answered, count.hits),
        confirmed: share(count.confirmed, count.answered),
        wrong: share(count.wrong_data, count.answered),
    }
}

/// `GET /departments/{code}/export/{table}`
pub async fn export(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    (desk, Path((code, table))): (Desk, Path<(String, String)>),
) -> Page {
    let l = desk.l;
    ctx.permit(Permission::DeliverySee)?;
    let out = match table.as_str() {
        "calendar" => Out::Calendar,
        "returned" => Out::Returned,
        "rules" => Out::Rules,
        "questions" => Out::Questions,
        _ => return Err(Refusal::not_found("web.no_such_page").into()),
    };
    let bytes = blocking(move || {
        office(&ctx, &code)?;
        workbook_of(&ctx, (l, &tools.templates), (out, Some(&code)))
    })
    .await?;
    Ok(workbook(&table, bytes))
}
