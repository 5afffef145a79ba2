//! The comparison with a department as a workbook: its questions out, its answers back. A workbook is known by its headings,
//! in either language and any order; each row is an answer or is told with its number.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::CaseId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use registry::policies::ShippedCodes;
use serde_json::json;
use sheets::{Book, Column, ColumnKind, Columns, Limits, RowKind, Table, Value, squeeze};
use store::{Ctx, Entry};
use web::L;

use super::record::{OfficeAnswer, answer_question, waiting};
use crate::departments::office_name;

/// The columns, left to right, by the word of their heading. No identity number and no phone is among them.
const HEADINGS: [&str; 9] =
    ["key", "number", "head", "place", "question", "office", "asked", "answer", "found"];
const ANSWERS: [&str; 2] = ["none", "hit"];

fn heading(l: L, name: &str) -> String {
    l.t(&format!("cases-sheet-{name}"))
}

/// The questions that wait for an office, with two columns for its answer. Journalled.
///
/// # Errors
/// Refused without `case.compare`; faults of the database.
pub fn questions_out(ctx: &Ctx, l: L, office: Option<&str>) -> Result<Vec<u8>> {
    let waiting = waiting(ctx, office)?;
    let detail = json!({ "rows": waiting.len(), "office": office });
    ctx.journal(Entry::new(ctx, "case.questions_out").detail(detail))?;
    let columns =
        HEADINGS.iter().map(|name| Column::new(heading(l, name), ColumnKind::Text)).collect();
    let rows = waiting.iter().map(|one| {
        let place = format!("{} {}", one.place.1, one.place.0).trim().to_owned();
        let texts = [
            format!("{}.{}", one.case.0, one.item),
            one.household.0.clone(),
            one.household.1.clone(),
            place,
            ShippedCodes::Exclusions.words_of(&one.item, l.0),
            office_name(l, &one.office),
            one.asked_on.to_string(),
        ];
        texts.into_iter().map(Value::Text).chain([Value::Empty, Value::Empty]).collect()
    });
    let mut bytes = Vec::new();
    Columns { sheet: l.t("cases-questions"), columns }
        .write_xlsx(rows, &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of the comparison: {why}")))?;
    Ok(bytes)
}

/// What came of one row.
#[derive(Debug, Clone)]
pub struct AnsweredRow {
    /// Row of the sheet, as the person sees it.
    pub row: u32,
    /// 户编号 as it stands there.
    pub number: String,
    /// Why it was not taken; `None` where the question is answered now.
    pub refused: Option<Refusal>,
}

/// What came of a workbook that came back.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Rows with an answer, in order.
    pub rows: Vec<AnsweredRow>,
    /// Rows without one: still to be done.
    pub blank: usize,
}

impl Report {
    /// Rows that are answered now.
    pub fn taken(&self) -> usize {
        self.rows.iter().filter(|row| row.refused.is_none()).count()
    }
}

/// Reads the answers of a workbook that [`questions_out`] made.
///
/// # Errors
/// Refused without `case.compare`, and when it is no such workbook; faults of the database.
pub fn answers_in(ctx: &Ctx, bytes: &[u8]) -> Result<Report> {
    ctx.permit(Permission::CaseCompare)?;
    let unreadable = || Error::from(Refusal::invalid("cases.no_workbook"));
    let mut book =
        Book::from_bytes(bytes.to_vec(), &Limits::default()).map_err(|_| unreadable())?;
    let known = |text: &str| place_of(text).is_some();
    let table = Table::new(book.rows(0).map_err(|_| unreadable())?, &known);
    let layout = table.layout().cloned().ok_or_else(unreadable)?;
    let mut places = [None; HEADINGS.len()];
    for heading in &layout.headings {
        if let Some(place) = place_of(&heading.squeezed).and_then(|at| places.get_mut(at)) {
            *place = Some(heading.column);
        }
    }
    let [Some(key), number, _, _, _, _, _, Some(answer), found] = places else {
        return Err(unreadable());
    };
    let mut report = Report::default();
    for row in table {
        let (row, kind) = row.map_err(|_| unreadable())?;
        if kind != RowKind::Data {
            continue;
        }
        let cell = |at| row.cell(at).shown().trim().to_owned();
        let (said, found) = (cell(answer), found.map(cell).unwrap_or_default());
        if said.is_empty() && found.is_empty() {
            report.blank += 1;
            continue;
        }
        let refused = match take(ctx, (&cell(key), &said), found) {
            Ok(()) => None,
            Err(Error::Refusal(refusal)) => Some(refusal),
            Err(fault) => return Err(fault),
        };
        let number = number.map(cell).unwrap_or_default();
        report.rows.push(AnsweredRow { row: row.number, number, refused });
    }
    Ok(report)
}

/// A row that only says what was found is a hit; one that says both that nothing was found and what is asked about.
fn take(ctx: &Ctx, (key, said): (&str, &str), found: String) -> Result<()> {
    let (case, item) = key
        .split_once('.')
        .and_then(|(case, item)| Some((CaseId::parse(case).ok()?, item)))
        .ok_or_else(|| Refusal::invalid("cases.sheet_no_question"))?;
    let hit = match (answer_of(said), said.is_empty()) {
        (Some(hit), _) => hit,
        (None, true) => true,
        (None, false) => {
            return Err(Refusal::invalid("cases.sheet_answer").arg("text", said).into());
        }
    };
    if !hit && !found.is_empty() {
        return Err(Refusal::invalid("cases.sheet_both").into());
    }
    answer_question(ctx, (case, item), &OfficeAnswer { hit, found })
}

/// The heading that a squeezed text is, in either language.
fn place_of(squeezed: &str) -> Option<usize> {
    let is = |name: &&str| {
        [Lang::Zh, Lang::En].iter().any(|lang| squeeze(&heading(L::new(*lang), name)) == squeezed)
    };
    HEADINGS.iter().position(is)
}

/// An answer in words of either language, or its code: whether it is a hit.
fn answer_of(text: &str) -> Option<bool> {
    let text = squeeze(text);
    let is = |code: &&&str| {
        let words = |lang| squeeze(&L::new(lang).t(&format!("cases-answer-{code}")));
        text == squeeze(code) || text == words(Lang::Zh) || text == words(Lang::En)
    };
    ANSWERS.iter().find(is).map(|code| *code == "hit")
}
