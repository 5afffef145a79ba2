//! The tables of this room as workbooks, and the workbook of returned rows coming back with what the office says.

use kernel::error::{Error, Refusal, Result};
use kernel::lang::Lang;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::intake::Templates;
use registry::intake::batch::place_of;
use serde_json::json;
use sheets::{Book, Column, ColumnKind, Columns, Limits, RowKind, Table, Value, squeeze};
use store::{Ctx, Entry};
use web::L;

use super::actions::{list_questions, say};
use super::look::{Back, BackOf, Calendar, all_back, calendar, list_offices, rules_of};
use super::model::{RowSaid, Slot};
use super::pages::{list_name, office_name, period_words, reason_words};
use super::queries::questions::QuestionFilter;

/// A table that can be taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Out {
    /// Twelve months of lists.
    Calendar,
    /// What is late.
    Late,
    /// All offices.
    Offices,
    /// What came back.
    Returned,
    /// Rules with what came of them.
    Rules,
    /// Questions.
    Questions,
}

/// Most questions in one workbook.
const MOST: i64 = 20_000;
/// The columns of the workbook of returned rows by which it is read when it comes back.
const BACK: [&str; 9] =
    ["subject", "from", "number", "head", "village", "sentence", "why", "said", "words"];

type Heads = Vec<(&'static str, ColumnKind)>;

/// A table of an office as a workbook. Journalled.
pub fn workbook_of(
    ctx: &Ctx,
    (l, templates): (L, &Templates),
    (out, department): (Out, Option<&str>),
) -> Result<Vec<u8>> {
    let (heads, rows) = match out {
        Out::Calendar => {
            calendar_rows((l, templates), &calendar(ctx, templates, department)?, None)
        }
        Out::Late => {
            let whole = calendar(ctx, templates, department)?;
            calendar_rows((l, templates), &whole, Some(ctx.today))
        }
        Out::Offices => office_rows((l, templates), ctx)?,
        Out::Returned => returned_rows((l, templates), ctx, department.unwrap_or_default())?,
        Out::Rules => rule_rows(l, ctx, department.unwrap_or_default())?,
        Out::Questions => question_rows(l, ctx, department)?,
    };
    let detail = json!({ "table": format!("{out:?}").to_lowercase(), "department": department, "rows": rows.len() });
    ctx.journal(Entry::new(ctx, "delivery.export").detail(detail))?;
    let columns = heads
        .into_iter()
        .map(|(id, kind)| Column::new(l.t(&format!("departments-sheet-{id}")), kind))
        .collect();
    let table = Columns { sheet: l.t("departments-sheet"), columns };
    let mut bytes = Vec::new();
    table
        .write_xlsx(rows.into_iter(), &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of departments: {why}")))?;
    Ok(bytes)
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn day(day: Option<Day>) -> Value {
    day.map_or(Value::Empty, |day| Value::Text(day.to_string()))
}

fn calendar_rows(
    (l, templates): (L, &Templates),
    calendar: &Calendar,
    late_on: Option<Day>,
) -> (Heads, Vec<Vec<Value>>) {
    let heads = vec![
        ("office", ColumnKind::Text),
        ("list", ColumnKind::Text),
        ("period", ColumnKind::Text),
        ("due", ColumnKind::Day),
        ("standing", ColumnKind::Text),
        ("came", ColumnKind::Day),
        ("late", ColumnKind::Number),
        ("missing", ColumnKind::Text),
    ];
    let row = |department: &str, list: &str, slot: &Slot| {
        let over = late_on.zip(slot.due).map_or(slot.late_by, |(today, due)| due.days_until(today));
        vec![
            text(office_name(l, department)),
            text(list_name(l, templates, list)),
            text(period_words(l, slot.period)),
            day(slot.due),
            text(l.t(&format!("departments-standing-{}", slot.standing))),
            day(slot.on),
            if over > 0 { Value::Int(over) } else { Value::Empty },
            text(calendar.places(&slot.missing).join(if l.is_zh() { "、" } else { ", " })),
        ]
    };
    let rows = match late_on {
        Some(today) => {
            let late = calendar.late(today);
            late.iter().map(|(line, slot)| row(&line.department, &line.list, slot)).collect()
        }
        None => {
            let lines = calendar.lines.iter();
            let slots = lines.flat_map(|line| line.slots.iter().map(move |slot| (line, slot)));
            slots.map(|(line, slot)| row(&line.department, &line.list, slot)).collect()
        }
    };
    (heads, rows)
}

fn office_rows((l, templates): (L, &Templates), ctx: &Ctx) -> Result<(Heads, Vec<Vec<Value>>)> {
    let heads = vec![
        ("office", ColumnKind::Text),
        ("lists", ColumnKind::Number),
        ("late_lists", ColumnKind::Text),
        ("next", ColumnKind::Day),
        ("waiting_rows", ColumnKind::Number),
        ("open_questions", ColumnKind::Number),
    ];
    let whole = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let rows = list_offices(ctx, templates)?.into_iter().map(|line| {
        let late: Vec<String> =
            line.late.iter().map(|list| list_name(l, templates, list)).collect();
        vec![
            text(office_name(l, line.code)),
            whole(line.lists),
            text(late.join(if l.is_zh() { "、" } else { ", " })),
            day(line.next.map(|(day, _)| day)),
            whole(line.back),
            Value::Int(line.questions.0),
        ]
    });
    Ok((heads, rows.collect()))
}

fn returned_rows(
    (l, templates): (L, &Templates),
    ctx: &Ctx,
    department: &str,
) -> Result<(Heads, Vec<Vec<Value>>)> {
    let heads = BACK.iter().map(|id| (*id, ColumnKind::Text)).collect();
    let back = all_back(ctx, department)?.back;
    Ok((heads, back.iter().map(|one| returned_row((l, templates), one)).collect()))
}

fn returned_row((l, templates): (L, &Templates), one: &Back) -> Vec<Value> {
    let mut cells = vec![text(&one.subject)];
    match &one.what {
        BackOf::Lead(reasons) => {
            let first = reasons.first();
            let of = |get: fn(&crate::screening::Returned) -> Option<String>| {
                text(first.and_then(get).unwrap_or_default())
            };
            let sentences: Vec<&str> = reasons
                .iter()
                .map(|one| if l.is_zh() { one.zh.as_str() } else { one.en.as_str() })
                .collect();
            cells.push(text(l.t("departments-back-lead-line")));
            cells.push(of(|one| one.number.clone()));
            cells.push(of(|one| one.head.clone()));
            cells.push(of(|one| Some(one.village.clone())));
            cells.push(text(sentences.join("\n")));
            cells.push(text(first.map(|one| reason_words(l, one)).unwrap_or_default()));
        }
        BackOf::Row(row) => {
            let (_, number) = place_of(row.key);
            let place = format!("{} · {} · {number}", list_name(l, templates, &row.list), row.file);
            cells.extend([text(place), Value::Empty, Value::Empty, Value::Empty]);
            cells.push(text(l.t("departments-back-row-sentence")));
            cells.push(text(l.t_args(
                "departments-back-by",
                &[("who", (&row.by).into()), ("day", row.on.to_string().into())],
            )));
        }
    }
    let said = one.said.as_ref();
    cells.push(said.map_or(Value::Empty, |said| text(said_word(l, said.said))));
    cells.push(text(said.and_then(|said| said.words.clone()).unwrap_or_default()));
    cells
}

fn said_word(l: L, said: RowSaid) -> String {
    l.t(&format!("departments-said-{said}"))
}

fn rule_rows(l: L, ctx: &Ctx, department: &str) -> Result<(Heads, Vec<Vec<Value>>)> {
    let heads = vec![
        ("rule", ColumnKind::Text),
        ("hits", ColumnKind::Number),
        ("answered", ColumnKind::Number),
        ("confirmed", ColumnKind::Number),
        ("wrong", ColumnKind::Number),
    ];
    let rows = rules_of(ctx, department)?.into_iter().map(|line| {
        let title = line.rule.as_ref().map(|rule| rule.def.title.get(l.0).to_owned());
        let count = &line.count;
        vec![
            text(title.unwrap_or(line.id)),
            Value::Int(count.hits),
            Value::Int(count.answered),
            Value::Int(count.confirmed),
            Value::Int(count.wrong_data),
        ]
    });
    Ok((heads, rows.collect()))
}

fn question_rows(l: L, ctx: &Ctx, department: Option<&str>) -> Result<(Heads, Vec<Vec<Value>>)> {
    let heads = vec![
        ("office", ColumnKind::Text),
        ("village", ColumnKind::Text),
        ("question", ColumnKind::Text),
        ("asked_by", ColumnKind::Text),
        ("asked_on", ColumnKind::Day),
        ("due", ColumnKind::Day),
        ("answer", ColumnKind::Text),
        ("answered_by", ColumnKind::Text),
        ("answered_on", ColumnKind::Day),
    ];
    let department = department.map(str::to_owned);
    let filter = QuestionFilter { department, ..QuestionFilter::default() };
    let rows = list_questions(ctx, &filter, MOST)?.into_iter().map(|one| {
        let (answer, by, on) = one
            .answer
            .map_or_else(Default::default, |(answer, by, at)| (answer, by, Some(at.day())));
        vec![
            text(office_name(l, &one.asked.department)),
            text(one.village_name),
            text(one.asked.text),
            text(one.by_name),
            day(Some(one.at.day())),
            day(Some(one.asked.due_on)),
            text(answer),
            text(by),
            day(on),
        ]
    });
    Ok((heads, rows.collect()))
}

/// What came of one row of a returned workbook.
#[derive(Debug, Clone)]
pub struct SaidRow {
    /// Row of the sheet, as the person sees it.
    pub row: u32,
    /// Why it was not taken; `None` where it is kept now.
    pub refused: Option<Refusal>,
}

/// What came of a returned workbook.
#[derive(Debug, Clone, Default)]
pub struct SaidReport {
    /// Rows with a word of the office, in order.
    pub rows: Vec<SaidRow>,
    /// Rows without one, and those that say what is kept already.
    pub blank: usize,
}

/// Reads what an office says in a workbook that [`workbook_of`] made. Each row is kept by itself; what cannot be taken is
/// named and leaves the others alone. Refused when it is no such workbook.
pub fn said_in(ctx: &Ctx, bytes: &[u8]) -> Result<SaidReport> {
    ctx.permit(Permission::DeliveryAnswer)?;
    let unreadable = || Error::from(Refusal::invalid("departments.no_workbook"));
    let mut book =
        Book::from_bytes(bytes.to_vec(), &Limits::default()).map_err(|_| unreadable())?;
    let known = |text: &str| heading_of(text).is_some();
    let table = Table::new(book.rows(0).map_err(|_| unreadable())?, &known);
    let layout = table.layout().cloned().ok_or_else(unreadable)?;
    let column = |name: &str| {
        let found = layout.headings.iter().find(|one| heading_of(&one.squeezed) == Some(name));
        found.map(|one| one.column)
    };
    let (Some(subject), Some(said)) = (column("subject"), column("said")) else {
        return Err(unreadable());
    };
    let words = column("words");
    let known = all_back(ctx, ctx.actor.department.as_deref().unwrap_or_default())?.back;
    let stands = |subject: &str, said: Option<RowSaid>| {
        let mut known = known.iter().filter(|one| one.subject == subject);
        known.any(|one| one.said.as_ref().is_some_and(|kept| Some(kept.said) == said))
    };
    let mut report = SaidReport::default();
    for row in table {
        let (row, kind) = row.map_err(|_| unreadable())?;
        if kind != RowKind::Data {
            continue;
        }
        let cell = |at: usize| row.cell(at).shown().trim().to_owned();
        if cell(said).is_empty() || stands(&cell(subject), said_of(&cell(said))) {
            report.blank += 1;
            continue;
        }
        let taken = said_of(&cell(said))
            .ok_or_else(|| Refusal::invalid("departments.not_an_answer").into())
            .and_then(|said| say(ctx, &cell(subject), said, &words.map(cell).unwrap_or_default()));
        let refused = match taken {
            Ok(()) => None,
            Err(Error::Refusal(refusal)) => Some(refusal),
            Err(fault) => return Err(fault),
        };
        report.rows.push(SaidRow { row: row.number, refused });
    }
    Ok(report)
}

fn heading_of(squeezed: &str) -> Option<&'static str> {
    let is = |name: &&&str| {
        [Lang::Zh, Lang::En]
            .iter()
            .any(|lang| squeeze(&L::new(*lang).t(&format!("departments-sheet-{name}"))) == squeezed)
    };
    BACK.iter().find(is).copied()
}

fn said_of(text: &str) -> Option<RowSaid> {
    let text = squeeze(text);
    RowSaid::ALL.iter().copied().find(|said| {
        let words = |lang| squeeze(&said_word(L::new(lang), *said));
        text == squeeze(said.code()) || text == words(Lang::Zh) || text == words(Lang::En)
    })
}
