//! Leads as a workbook for a village to fill in, and the same workbook coming back with answers.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::LeadId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use serde_json::json;
use sheets::{Book, Column, ColumnKind, Columns, Limits, RowKind, Table, Value, squeeze};
use store::{Ctx, Entry};
use web::L;

use super::actions::{self, Filter, LeadLine, Shown};
use super::codes;
use super::model::{Answer, Outcome};

/// The columns of the workbook, left to right, by the word of their heading.
const HEADINGS: [&str; 10] = [
    "lead", "version", "number", "head", "village", "severity", "reasons", "due", "outcome", "why",
];

/// Most leads in one workbook.
const MOST: i64 = 20_000;

fn heading(l: L, name: &str) -> String {
    l.t(&format!("screening-sheet-{name}"))
}

/// The leads of a list in the person's scope as a workbook: what is known, and two empty columns for the answer. No
/// identity number and no phone is in it. Journalled.
pub fn workbook_of(ctx: &Ctx, l: L, filter: &Filter) -> Result<Vec<u8>> {
    let permit = ctx.permit(Permission::LeadExport)?;
    let lines = actions::list_all(ctx, &permit, filter, MOST)?;
    let rows: Vec<Vec<Value>> = lines
        .iter()
        .map(|line| {
            let zh = l.0 == Lang::Zh;
            let sentences: Vec<&str> = line
                .reasons
                .iter()
                .map(|reason| if zh { reason.zh.as_str() } else { reason.en.as_str() })
                .collect();
            cells(l, line, sentences.join("\n"))
        })
        .collect();
    let detail = json!({ "leads": rows.len(), "state": filter.state.code(), "area": filter.area });
    let entry = Entry::new(ctx, "lead.export").about("leads", rows.len().to_string());
    actions::journal(ctx, entry.detail(detail))?;
    let kind = |name: &&str| match *name {
        "version" => ColumnKind::Number,
        "due" => ColumnKind::Day,
        _ => ColumnKind::Text,
    };
    let columns = HEADINGS.iter().map(|name| Column::new(heading(l, name), kind(name))).collect();
    let table = Columns { sheet: l.t("screening-inbox-title"), columns };
    let mut bytes = Vec::new();
    table
        .write_xlsx(rows.into_iter(), &mut bytes)
        .map_err(|why| Error::fault(format!("workbook of leads: {why}")))?;
    Ok(bytes)
}

fn cells(l: L, line: &LeadLine, sentences: String) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let group = line.group.as_deref().unwrap_or_default();
    vec![
        Value::Text(line.id.to_string()),
        Value::Int(line.version),
        text(line.household_number.as_deref().unwrap_or_default()),
        text(line.head.as_deref().unwrap_or_default()),
        Value::Text(format!("{} {group}", line.village_name).trim().to_owned()),
        Value::Text(l.t(&format!("screening-severity-{}", line.severity.code()))),
        Value::Text(sentences),
        line.due_on.map_or(Value::Empty, |day| Value::Text(day.to_string())),
        Value::Empty,
        Value::Empty,
    ]
}

/// What came of one row of a returned workbook.
#[derive(Debug, Clone)]
pub struct AnswerRow {
    /// Row of the sheet, as the person sees it.
    pub row: u32,
    /// What stands in the column of the household number.
    pub number: String,
    /// Why it was not taken; `None` where the lead is answered now.
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
/// what cannot be taken is named and leaves the others alone. Refused when it is no such workbook.
pub fn answers_in(ctx: &Ctx, bytes: &[u8]) -> Result<AnswersReport> {
    ctx.permit(Permission::LeadAnswer)?;
    let unreadable = || Error::from(Refusal::invalid("screening.no_workbook"));
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
    let column = |name: &str| {
        let at = HEADINGS.iter().position(|known| *known == name)?;
        places.get(at).copied().flatten()
    };
    let (Some(lead), Some(version), Some(outcome)) =
        (column("lead"), column("version"), column("outcome"))
    else {
        return Err(unreadable());
    };
    let (number, why) = (column("number"), column("why"));
    for row in table {
        let (row, kind) = row.map_err(|_| unreadable())?;
        if kind != RowKind::Data {
            continue;
        }
        let cell = |at: Option<usize>| at.map_or_else(String::new, |at| row.cell(at).shown());
        if cell(Some(outcome)).trim().is_empty() {
            report.blank += 1;
            continue;
        }
        let words = Words {
            lead: cell(Some(lead)),
            version: cell(Some(version)),
            outcome: cell(Some(outcome)),
            why: cell(why),
        };
        let refused = match take(ctx, &words) {
            Ok(()) => None,
            Err(Error::Refusal(refusal)) => Some(refusal),
            Err(fault) => return Err(fault),
        };
        report.rows.push(AnswerRow { row: row.number, number: cell(number), refused });
    }
    Ok(report)
}

struct Words {
    lead: String,
    version: String,
    outcome: String,
    why: String,
}

fn take(ctx: &Ctx, words: &Words) -> Result<()> {
    let id = LeadId::parse(words.lead.trim())
        .map_err(|_| Error::from(Refusal::invalid("screening.sheet_no_lead")))?;
    let version = words
        .version
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && number.fract() == 0.0)
        .ok_or_else(|| Error::from(Refusal::invalid("screening.sheet_no_lead")))?;
    #[allow(clippy::cast_possible_truncation)]
    let version = version as i64;
    let outcome = outcome_of(&words.outcome).ok_or_else(|| {
        Error::from(Refusal::invalid("screening.sheet_outcome").arg("text", words.outcome.trim()))
    })?;
    let code = codes::codes_for(outcome).find(|one| {
        squeeze(&one.zh) == squeeze(&words.why) || squeeze(&one.en) == squeeze(&words.why)
    });
    let answer = match code {
        Some(code) => Answer::new(outcome, &code.code, ""),
        None => Answer::new(outcome, "", &words.why),
    };
    actions::answer(ctx, Shown { id, version }, &answer).map(drop)
}

/// The heading that a squeezed text is, in either language.
fn place_of(squeezed: &str) -> Option<usize> {
    let is = |name: &&str| {
        [Lang::Zh, Lang::En].iter().any(|lang| squeeze(&heading(L::new(*lang), name)) == squeezed)
    };
    HEADINGS.iter().position(is)
}

/// An outcome in words of either language, or its code.
fn outcome_of(text: &str) -> Option<Outcome> {
    let text = squeeze(text);
    Outcome::ALL.iter().copied().find(|outcome| {
        let words = |lang| squeeze(&L::new(lang).t(&format!("screening-outcome-{outcome}")));
        text == squeeze(outcome.code()) || text == words(Lang::Zh) || text == words(Lang::En)
    })
}
