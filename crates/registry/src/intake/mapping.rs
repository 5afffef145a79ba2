//! Which of their columns is which of ours, how sure that is, and what speaks for it.

use serde::{Deserialize, Serialize};
use sheets::{Heading, Layout, Row};

use super::headings::{Whose, plain_heading};
use super::template::{FieldType, Names, Template, TemplateColumn, Templates};
use weigh::{SURE, Theirs, confidence};

mod weigh;

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
    let mut best: Option<((bool, i64), Mapping)> = None;
    for template in templates.iter() {
        let mapping = map(template, layout, rows);
        let required = template.columns.iter().filter(|column| column.required).count();
        let found = required - mapping.missing.len();
        let words = template.words.iter().filter(|word| around.contains(word.as_str())).count();
        // One required column may have a heading nobody has seen; more is another list. Of few columns two are enough if
        // the list is called by its name, and nothing else fits: then the third is asked.
        let weak = found < required && found < 3;
        if found + 1 < required || (weak && (words == 0 || found < 2)) {
            continue;
        }
        let named = template.sheets.iter().any(|name| name == sheet);
        let sure: i64 = mapping.columns.iter().map(|column| i64::from(column.confidence)).sum();
        let score =
            sure + i64::try_from(words.min(3)).unwrap_or(3) * 60 + if named { 150 } else { 0 }
                - i64::try_from(mapping.missing.len()).unwrap_or(1) * 200
                - i64::try_from(mapping.unused.len()).unwrap_or(0) * 40;
        let rank = (!weak, score);
        if best.as_ref().is_none_or(|(other, _)| rank > *other) {
            best = Some((rank, mapping));
        }
    }
    best.map(|(_, mapping)| mapping)
}

/// Maps a sheet to a given template.
pub fn map(template: &Template, layout: &Layout, rows: &[Row]) -> Mapping {
    let theirs: Vec<Theirs<'_>> = layout
        .headings
        .iter()
        .filter(|heading| !template.is_none_of_ours(&heading.text))
        .map(|heading| Theirs::of(heading, template))
        .collect();
    let mut pairs: Vec<(u8, usize, usize)> = Vec::new();
    for (ours, column) in template.columns.iter().enumerate() {
        for (at, heading) in theirs.iter().enumerate() {
            let confidence = confidence(template, column, heading, rows);
            if confidence >= 40 {
                pairs.push((confidence, ours, at));
            }
        }
    }
    pairs
        .sort_by_key(|(confidence, ours, theirs)| (std::cmp::Reverse(*confidence), *ours, *theirs));
    let mut columns: Vec<MappedColumn> = Vec::new();
    for (confidence, ours, at) in pairs {
        let (Some(column), Some(heading)) = (template.columns.get(ours), theirs.get(at)) else {
            continue;
        };
        let taken = columns
            .iter()
            .any(|mapped| mapped.field == column.field || mapped.column == heading.heading.column);
        if !taken {
            columns.push(mapped(column, heading.heading, confidence, rows));
        }
    }
    // A guess about a column that the list can do without is none.
    columns.retain(|mapped| {
        mapped.confidence >= SURE
            || template.column(&mapped.field).is_some_and(|column| column.required)
    });
    one_person(template, &theirs, &mut columns, rows);
    by_content(template, &theirs, &mut columns, rows);
    written_twice(template, &theirs, &mut columns, rows);
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

fn mapped(
    column: &TemplateColumn,
    heading: &Heading,
    confidence: u8,
    rows: &[Row],
) -> MappedColumn {
    MappedColumn {
        field: column.field.clone(),
        column: heading.column,
        heading: heading.text.clone(),
        confidence,
        samples: samples(heading.column, rows),
    }
}

/// Name and number must be one person's. The number of the head beside the name of another member says nothing about
/// that member; where the head's name was taken for the member's, another column of names is the member's.
fn one_person(
    template: &Template,
    theirs: &[Theirs<'_>],
    columns: &mut Vec<MappedColumn>,
    rows: &[Row],
) {
    if template.subject != Names::Person {
        return;
    }
    let whose = |field: &str| {
        let mapped = columns.iter().find(|mapped| mapped.field == field)?;
        Some(template.roles.whose(&plain_heading(&mapped.heading)))
    };
    let (name, id) = (whose("name"), whose("id"));
    if id == Some(Whose::Head) && name != Some(Whose::Head) {
        columns.retain(|mapped| mapped.field != "id");
    }
    let Some(column) = template.column("name").filter(|_| name == Some(Whose::Head)) else {
        return;
    };
    let other: Vec<&Theirs<'_>> = theirs
        .iter()
        .filter(|theirs| theirs.whose == Whose::Own)
        .filter(|theirs| !columns.iter().any(|mapped| mapped.column == theirs.heading.column))
        .filter(|theirs| weigh::may_be(column, theirs, rows))
        .collect();
    // 身份证号 alone may be the head's
    let said = columns
        .iter()
        .find(|mapped| mapped.field == "id")
        .is_some_and(|mapped| template.roles.names_own(&plain_heading(&mapped.heading)));
    if let ([only], Some(Whose::Own), true) = (other.as_slice(), id, said) {
        columns.retain(|mapped| mapped.field != "name");
        columns.push(mapped(column, only.heading, SURE + 2, rows));
    }
}

/// Two columns of one heading that say different things: which of them is meant must be asked, if it counts.
fn written_twice(
    template: &Template,
    theirs: &[Theirs<'_>],
    columns: &mut [MappedColumn],
    rows: &[Row],
) {
    let at: Vec<usize> = columns.iter().map(|mapped| mapped.column).collect();
    for mapped in columns.iter_mut() {
        let counts = template.column(&mapped.field).is_some_and(|column| {
            column.required
                || column.kind == FieldType::Id
                || template.amount.as_deref() == Some(column.field.as_str())
        });
        let own = theirs.iter().find(|theirs| theirs.heading.column == mapped.column);
        let twin = own.filter(|_| counts).and_then(|own| {
            let same = |other: &&Theirs<'_>| {
                other.heading.squeezed == own.heading.squeezed
                    && other.heading.squeezed_group == own.heading.squeezed_group
                    && !at.contains(&other.heading.column)
            };
            theirs.iter().find(same)
        });
        let differ = |column: usize, other: usize| {
            rows.iter().any(|row| {
                let (one, two) = (row.cell(column).shown(), row.cell(other).shown());
                !one.is_empty() && !two.is_empty() && one != two
            })
        };
        if twin.is_some_and(|twin| differ(mapped.column, twin.heading.column)) {
            mapped.confidence = mapped.confidence.min(SURE - 1);
        }
    }
}

/// Fields that count and still have no column are looked for among the columns that are left, by what their cells hold:
/// taken only if one column alone can be meant, or one by far more than the others.
fn by_content(
    template: &Template,
    theirs: &[Theirs<'_>],
    columns: &mut Vec<MappedColumn>,
    rows: &[Row],
) {
    if columns.len() < 2 {
        return;
    }
    for column in &template.columns {
        let has = |kind| {
            columns.iter().any(|m| template.column(&m.field).is_some_and(|c| c.kind == kind))
        };
        let placeless =
            !has(FieldType::Town) && !has(FieldType::Village) && !has(FieldType::Address);
        let counts = column.required
            || !column.values.is_empty()
            || template.amount.as_deref() == Some(column.field.as_str())
            || match column.kind {
                FieldType::Id | FieldType::Certificate | FieldType::RollNumber => true,
                FieldType::Village => !has(FieldType::Address),
                FieldType::Town | FieldType::Address => placeless,
                _ => false,
            };
        let done =
            columns.iter().any(|mapped| mapped.field == column.field && mapped.confidence >= SURE);
        if !counts || done {
            continue;
        }
        let mut free: Vec<(usize, &Theirs<'_>)> = theirs
            .iter()
            .filter(|theirs| theirs.whose != Whose::Other && !is_running_number(theirs.heading))
            .filter(|theirs| {
                !columns.iter().any(|mapped| {
                    mapped.column == theirs.heading.column && mapped.field != column.field
                })
            })
            .filter(|theirs| weigh::may_be(column, theirs, rows))
            .map(|theirs| (weigh::resemblance(column, theirs), theirs))
            .collect();
        free.sort_by_key(|(like, _)| std::cmp::Reverse(*like));
        let found = match free.as_slice() {
            [(_, only)] => *only,
            [(most, first), (next, _), ..] if *most >= 40 && *most >= next + 20 => *first,
            _ => continue,
        };
        columns.retain(|mapped| mapped.field != column.field);
        columns.push(mapped(column, found.heading, SURE + 2, rows));
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
