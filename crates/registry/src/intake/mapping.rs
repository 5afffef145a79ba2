//! Which of their columns is which of ours, how sure that is, and what speaks for it.

use kernel::cells::{read_amount, read_day};
use serde::{Deserialize, Serialize};
use sheets::{Cell, Heading, Layout, Row};

use super::template::{FieldType, Names, Template, TemplateColumn, Templates, plain_heading};

/// One of their columns taken for one of ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// Our field.
    pub field: String,
    /// Their column, counted from 0.
    pub column: usize,
    /// Their heading.
    pub heading: String,
    /// 0 to 100: 100 = a known heading with fitting cells, or set by hand.
    pub confidence: u8,
    /// Up to three values as shown.
    pub samples: Vec<String>,
}

/// How a sheet is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// The template.
    pub template: String,
    /// Our fields that have a column.
    pub columns: Vec<MappedColumn>,
    /// Their headings that mean nothing to us: column and words.
    pub unused: Vec<(usize, String)>,
    /// Our required fields that no column was found for.
    pub missing: Vec<String>,
    /// 0 to 100: how well template and sheet agree as a whole.
    pub confidence: u8,
    /// Somebody corrected it for the same headings before.
    #[serde(default)]
    pub remembered: bool,
}

impl Mapping {
    /// Sure enough to go on without asking: every required field has a column that is no guess.
    pub fn is_sure(&self) -> bool {
        self.missing.is_empty() && self.columns.iter().all(|column| column.confidence >= 60)
    }

    /// Puts one of their columns under one of our fields by hand; a field or column used before is freed.
    pub fn assign(&mut self, field: &str, heading: &Heading) {
        self.release(field);
        if let Some(at) = self.columns.iter().position(|mapped| mapped.column == heading.column) {
            let freed = self.columns.remove(at).field;
            self.missing.push(freed);
        }
        self.columns.push(MappedColumn {
            field: field.to_owned(),
            column: heading.column,
            heading: heading.text.clone(),
            confidence: 100,
            samples: Vec::new(),
        });
        self.unused.retain(|(column, _)| *column != heading.column);
        self.missing.retain(|missing| missing != field);
    }

    /// Takes the column away from one of our fields.
    pub fn release(&mut self, field: &str) {
        if let Some(at) = self.columns.iter().position(|mapped| mapped.field == field) {
            let freed = self.columns.remove(at);
            self.unused.push((freed.column, freed.heading));
        }
    }

    /// The mapping as it may be stored: samples without numbers of identity and phones.
    pub fn masked(&self, template: &Template) -> Mapping {
        let mut masked = self.clone();
        for column in &mut masked.columns {
            let kind = template.column(&column.field).map(|ours| ours.kind);
            for sample in &mut column.samples {
                *sample = super::mask::shown(kind, sample);
            }
        }
        masked
    }

    /// The mapping as it is remembered for other files: without samples.
    pub fn to_remember(&self) -> Mapping {
        let mut kept = Mapping { remembered: true, ..self.clone() };
        kept.columns.iter_mut().for_each(|column| column.samples.clear());
        kept
    }

    /// Takes samples from some data rows.
    pub fn sample(&mut self, rows: &[Row]) {
        for column in &mut self.columns {
            column.samples = samples(column.column, rows);
        }
    }

    /// The column of a field.
    pub fn column(&self, field: &str) -> Option<&MappedColumn> {
        self.columns.iter().find(|mapped| mapped.field == field)
    }
}

/// The words of a heading in their order: the same list of next month has the same signature, so a mapping that was
/// corrected once is found again.
pub fn signature(layout: &Layout) -> String {
    let words: Vec<String> = layout
        .headings
        .iter()
        .map(|heading| format!("{}:{}{}", heading.column, heading.squeezed_group, heading.squeezed))
        .collect();
    words.join("|")
}

/// The best template for a sheet, with its mapping. `around` = title rows, name of the sheet, name of the file; `rows` =
/// some data rows. `None` = no template has all it requires, or nearly.
pub fn recognise(
    templates: &Templates,
    layout: &Layout,
    sheet: &str,
    around: &str,
    rows: &[Row],
) -> Option<Mapping> {
    let mut best: Option<(i64, Mapping)> = None;
    for template in templates.iter() {
        let mapping = map(template, layout, rows);
        let required = template.columns.iter().filter(|column| column.required).count();
        let found = required - mapping.missing.len();
        // One required column may have a heading nobody has seen; more is another list.
        if found + 1 < required || (found < required && found < 3) {
            continue;
        }
        let words = template.words.iter().filter(|word| around.contains(word.as_str())).count();
        let named = template.sheets.iter().any(|name| name == sheet);
        let sure: i64 = mapping.columns.iter().map(|column| i64::from(column.confidence)).sum();
        let score =
            sure + i64::try_from(words.min(3)).unwrap_or(3) * 60 + if named { 150 } else { 0 }
                - i64::try_from(mapping.missing.len()).unwrap_or(1) * 200
                - i64::try_from(mapping.unused.len()).unwrap_or(0) * 40;
        if best.as_ref().is_none_or(|(other, _)| score > *other) {
            best = Some((score, mapping));
        }
    }
    best.map(|(_, mapping)| mapping)
}

/// Maps a sheet to a given template.
pub fn map(template: &Template, layout: &Layout, rows: &[Row]) -> Mapping {
    let mut pairs: Vec<(u8, usize, usize)> = Vec::new();
    for (ours, column) in template.columns.iter().enumerate() {
        for (theirs, heading) in layout.headings.iter().enumerate() {
            let confidence = confidence(column, heading, rows);
            if confidence >= 40 {
                pairs.push((confidence, ours, theirs));
            }
        }
    }
    pairs
        .sort_by_key(|(confidence, ours, theirs)| (std::cmp::Reverse(*confidence), *ours, *theirs));
    let mut columns: Vec<MappedColumn> = Vec::new();
    for (confidence, ours, theirs) in pairs {
        let (Some(column), Some(heading)) =
            (template.columns.get(ours), layout.headings.get(theirs))
        else {
            continue;
        };
        let taken = columns
            .iter()
            .any(|mapped| mapped.field == column.field || mapped.column == heading.column);
        if !taken {
            columns.push(MappedColumn {
                field: column.field.clone(),
                column: heading.column,
                heading: heading.text.clone(),
                confidence,
                samples: samples(heading.column, rows),
            });
        }
    }
    columns.sort_by_key(|mapped| mapped.column);
    let missing = missing(template, &columns);
    let unused = layout
        .headings
        .iter()
        .filter(|heading| !columns.iter().any(|mapped| mapped.column == heading.column))
        .filter(|heading| !is_running_number(heading))
        .map(|heading| (heading.column, heading.text.clone()))
        .collect();
    let least = columns.iter().map(|mapped| mapped.confidence).min().unwrap_or(0);
    let confidence = if missing.is_empty() { least } else { least.min(30) };
    Mapping {
        template: template.id.clone(),
        columns,
        unused,
        missing,
        confidence,
        remembered: false,
    }
}

/// Our required fields that no column was found for.
pub fn missing(template: &Template, columns: &[MappedColumn]) -> Vec<String> {
    template
        .columns
        .iter()
        .filter(|column| column.required && !columns.iter().any(|m| m.field == column.field))
        .filter(|column| !replaced_by_address(template, column, columns))
        .map(|column| column.field.clone())
        .collect()
}

/// A list that gives one free address needs no column for town and village.
fn replaced_by_address(
    template: &Template,
    column: &TemplateColumn,
    columns: &[MappedColumn],
) -> bool {
    matches!(column.kind, FieldType::Town | FieldType::Village)
        && matches!(template.subject, Names::Person | Names::Head)
        && columns.iter().any(|mapped| mapped.field == "address")
}

fn is_running_number(heading: &Heading) -> bool {
    matches!(heading.squeezed.as_str(), "序号" | "序" | "行号" | "no" | "no." | "№" | "项次")
}

/// Up to three different values of a column.
pub fn samples(column: usize, rows: &[Row]) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    for row in rows {
        let shown = row.cell(column).shown();
        if !shown.is_empty() && !samples.contains(&shown) {
            samples.push(shown);
        }
        if samples.len() == 3 {
            break;
        }
    }
    samples
}

/// 0 to 100 for one of our columns and one of theirs: by the heading first, tempered by what the cells hold.
fn confidence(column: &TemplateColumn, heading: &Heading, rows: &[Row]) -> u8 {
    let by_heading = by_heading(column, heading);
    let fit = fit(column.kind, heading.column, rows);
    match (by_heading, fit) {
        (0, Some(fit)) if fit >= 80 && speaks_for_itself(column.kind) => 45,
        (0, _) => 0,
        (words, Some(fit)) if fit < 30 => words / 2,
        (words, _) => words,
    }
}

fn by_heading(column: &TemplateColumn, heading: &Heading) -> u8 {
    let words = plain_heading(&heading.text);
    let grouped = plain_heading(&format!("{}{}", heading.group, heading.text));
    let own = column.headings.len();
    let mut best = 0u8;
    for (at, known) in column.known.iter().enumerate() {
        let exact = if at < own { 100 } else { 97 };
        let found = if words == *known {
            exact
        } else if grouped == *known {
            exact - 2
        } else {
            inside(&words, known)
        };
        best = best.max(found);
    }
    best
}

/// One inside the other: the more of it, the surer.
fn inside(words: &str, known: &str) -> u8 {
    let (long, short) = if words.len() >= known.len() { (words, known) } else { (known, words) };
    let (all, part) = (long.chars().count(), short.chars().count());
    if part < 2 || !(long.starts_with(short) || long.ends_with(short)) {
        return 0;
    }
    let share = part * 100 / all.max(1);
    match share {
        75.. => 85,
        60.. => 75,
        50.. => 65,
        _ if long == words => 50,
        _ => 0,
    }
}

fn speaks_for_itself(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Id | FieldType::Phone | FieldType::RollNumber | FieldType::Certificate
    )
}

/// How many of the filled cells, in per cent, could be of this kind; `None` = nothing to judge by.
fn fit(kind: FieldType, column: usize, rows: &[Row]) -> Option<usize> {
    let mut filled = 0usize;
    let mut fitting = 0usize;
    for cell in rows.iter().map(|row| row.cell(column)).filter(|cell| !cell.is_blank()) {
        let fits = fits(kind, cell)?;
        filled += 1;
        fitting += usize::from(fits);
    }
    (filled > 0).then(|| fitting * 100 / filled)
}

fn fits(kind: FieldType, cell: &Cell) -> Option<bool> {
    let shown = sheets::squeeze(&cell.shown());
    let digits = shown.chars().filter(char::is_ascii_digit).count();
    let all = shown.chars().count();
    Some(match kind {
        FieldType::Id => (15..=22).contains(&digits) || shown.contains("e+1") || digits == 17,
        FieldType::Certificate => (18..=22).contains(&digits) || shown.contains("e+1"),
        FieldType::RollNumber => shown.starts_with(['g', 'l', 'j']) && (16..=19).contains(&digits),
        FieldType::Phone => {
            (7..=13).contains(&digits)
                && digits + 3 >= all
                && digits != 8
                && shown.starts_with(['1', '0', '+', '8'])
        }
        FieldType::Date | FieldType::Birth => match cell {
            Cell::Serial(_) => true,
            _ => read_day(&shown).is_ok(),
        },
        FieldType::Amount | FieldType::Int | FieldType::Hundredths => {
            matches!(cell, Cell::Number(_))
                || read_amount(&shown, kernel::cells::Unit::Yuan).is_ok()
                || (digits > 0 && digits * 2 >= all)
        }
        FieldType::Name | FieldType::Guardian => digits == 0 && all <= 20,
        FieldType::Sex => kernel::idnumber::Sex::read(&shown).is_some(),
        FieldType::Town | FieldType::Village | FieldType::Address => digits < all,
        _ => return None,
    })
}
