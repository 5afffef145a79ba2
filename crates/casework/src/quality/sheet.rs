//! Questions as a workbook to be filled in, and the same workbook coming back with answers.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::HouseholdId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use serde_json::json;
use sheets::{Book, Column, ColumnKind, Columns, Limits, RowKind, Table, Value, squeeze};
use store::{Ctx, Entry};
use web::L;

use super::actions::{self, Filter, Given, Line};
use super::codes;
use super::model::Kind;
use super::queries::Answered;

/// The columns, left to right, by the word of their heading.
const HEADINGS: [&str; 9] =
    ["check", "household", "seen", "number", "head", "village", "question", "kind", "why"];

/// Most questions in one workbook.
const MOST: usize = 20_000;

fn heading(l: L, name: &str) -> String {
    l.t(&format!("quality-sheet-{name}"))
}

/// The questions of a list in the person's scope, with two columns for the answer, which hold the one that was given. No
/// identity number and no phone is in it. Journalled.
///
/// # Errors
/// Refused without `check.export`; faults of the database.
pub fn workbook_of(ctx: &Ctx, l: L, filter: &Filter) -> Result<Vec<u8>> {
    let permit = ctx.permit(Permission::CheckExport)?;
    let page = actions::listed(ctx, &permit, filter, (None, MOST))?;
    let rows: Vec<Vec<Value>> = page.lines.iter().map(|line| cells(l, line)).collect();
    let detail = json!({ "rows": rows.len(), "state": filter.state.code(), "check": filter.check, "area": filter.area });
    ctx.journal(Entry::new(ctx, "check.export").detail(detail))?;
    let columns =
        HEADINGS.iter().map(|name| Column::new(heading(l, name), ColumnKind::Text)).collect();
    let table = Columns { sheet: l.t("quality-title"), columns };
    let mut bytes = Vec::new();
    table
        .write_xlsx(rows.into_iter(), &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of questions: {why}")))?;
    Ok(bytes)
}

fn cells(l: L, line: &Line) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let whose = &line.whose;
    let hit = &line.question.found.hit;
    let names: Vec<&str> =
        line.question.found.named.iter().map(|(_, name)| name.as_str()).collect();
    let said = if l.is_zh() { &hit.sentence_zh } else { &hit.sentence_en };
    let group = whose.group.as_deref().unwrap_or_default();
    let answer = line.question.answer.as_ref();
    let of = |text: Option<String>| text.map_or(Value::Empty, Value::Text);
    vec![
        text(&line.question.id),
        Value::Text(whose.id.to_string()),
        Value::Text(line.question.seen()),
        text(&whose.number),
        text(whose.head.as_deref().unwrap_or_default()),
        Value::Text(format!("{} {group}", whose.village_name).trim().to_owned()),
        Value::Text(format!("{said} {}", names.join(" ")).trim().to_owned()),
        of(answer.map(|answer| l.t(&format!("quality-kind-{}", answer.kind.code())))),
        of(answer.map(|answer| why(l, answer))),
    ]
}

fn why(l: L, answer: &Answered) -> String {
    match answer.words.trim() {
        "" => codes::words_of(&answer.code, l.0),
        words => words.to_owned(),
    }
}

/// What came of one row of a returned workbook.
#[derive(Debug, Clone)]
pub struct AnswerRow {
    /// Row of the sheet, as the person sees it.
    pub row: u32,
    /// What stands in the column of the household number.
    pub number: String,
    /// Why it was not taken; `None` where the question is answered now.
    pub refused: Option<Refusal>,
}

/// What came of a returned workbook.
#[derive(Debug, Clone, Default)]
pub struct AnswersReport {
    /// Rows with an answer, in order.
    pub rows: Vec<AnswerRow>,
    /// Rows without an answer: still to be done.
    pub blank: usize,
}

impl AnswersReport {
    /// Rows that are answered now.
    pub fn taken(&self) -> usize {
        self.rows.iter().filter(|row| row.refused.is_none()).count()
    }

    /// Rows that were refused.
    pub fn refused(&self) -> usize {
        self.rows.len() - self.taken()
    }
}

/// Reads the answers of a workbook that [`workbook_of`] made. Each row is answered by itself, by the one who brings it;
/// what cannot be taken is named and leaves the others alone.
///
/// # Errors
/// Refused without `check.answer`, and when it is no such workbook; faults of the database.
pub fn answers_in(ctx: &Ctx, bytes: &[u8]) -> Result<AnswersReport> {
    ctx.permit(Permission::CheckAnswer)?;
    let unreadable = || Error::from(Refusal::invalid("quality.no_workbook"));
    let mut book =
        Book::from_bytes(bytes.to_vec(), &Limits::default()).map_err(|_| unreadable())?;
    let known = |text: &str| place_of(text).is_some();
    let mut report = AnswersReport::default();
    let table = Table::new(book.rows(0).map_err(|_| unreadable())?, &known);
    let layout = table.layout().cloned().ok_or_else(unreadable)?;
    let mut places = [None; HEADINGS.len()];
    for heading in &layout.headings {
        if let Some(place) = place_of(&heading.squeezed).and_then(|at| places.get_mut(at)) {
            *place = Some(heading.column);
        }
    }
    let [Some(check), Some(household), Some(seen), number, _, _, _, Some(kind), why] = places
    else {
        return Err(unreadable());
    };
    for row in table {
        let (row, row_kind) = row.map_err(|_| unreadable())?;
        if row_kind != RowKind::Data {
            continue;
        }
        let cell = |at| row.cell(at).shown().trim().to_owned();
        let (kind, why) = (cell(kind), why.map(cell).unwrap_or_default());
        if kind.is_empty() && why.is_empty() {
            report.blank += 1;
            continue;
        }
        let refused = match take(ctx, [cell(check), cell(household), cell(seen), kind, why]) {
            Ok(()) => None,
            Err(Error::Refusal(refusal)) => Some(refusal),
            Err(fault) => return Err(fault),
        };
        let number = number.map(cell).unwrap_or_default();
        report.rows.push(AnswerRow { row: row.number, number, refused });
    }
    Ok(report)
}

/// A row that gives only a reason says that it is really so. Words that are none of the list are the person's own.
fn take(ctx: &Ctx, [check, household, seen, kind, why]: [String; 5]) -> Result<()> {
    let household = HouseholdId::parse(&household)
        .map_err(|_| Error::from(Refusal::invalid("quality.sheet_no_question")))?;
    let kind = match kind.as_str() {
        "" => Kind::True,
        text => kind_of(text)
            .ok_or_else(|| Error::from(Refusal::invalid("quality.sheet_kind").arg("text", text)))?,
    };
    let of_list = codes::offered()?.find(|one| {
        [Lang::Zh, Lang::En].iter().any(|lang| squeeze(one.words(*lang)) == squeeze(&why))
    });
    let (code, words) = match (kind, of_list) {
        (Kind::Mending, _) => (String::new(), why),
        (Kind::True, Some(code)) => (code.code.clone(), String::new()),
        (Kind::True, None) if why.is_empty() => (String::new(), why),
        (Kind::True, None) => (codes::OTHER.to_owned(), why),
    };
    actions::answer(ctx, &Given { check, household, seen, kind, code, words })
}

/// The heading that a squeezed text is, in either language.
fn place_of(squeezed: &str) -> Option<usize> {
    let is = |name: &&str| {
        [Lang::Zh, Lang::En].iter().any(|lang| squeeze(&heading(L::new(*lang), name)) == squeezed)
    };
    HEADINGS.iter().position(is)
}

/// A kind in words of either language, or its code.
fn kind_of(text: &str) -> Option<Kind> {
    let text = squeeze(text);
    Kind::ALL.into_iter().find(|kind| {
        let words = |lang| squeeze(&L::new(lang).t(&format!("quality-kind-{}", kind.code())));
        text == squeeze(kind.code()) || text == words(Lang::Zh) || text == words(Lang::En)
    })
}
