//! A sheet and its mapping become typed rows. Nothing is looked up here and nothing is dropped: what cannot be read is
//! a finding beside what can.

mod ahead;
mod around;

use std::sync::Arc;

use kernel::cells::Unit;
use kernel::error::Result;
use kernel::finding::{Finding, Place, Severity};
use kernel::money::Money;
use kernel::time::Day;
use serde::{Deserialize, Serialize};
use sheets::{Book, Cell, Layout, Row, RowKind, Table};

use super::evidence::{AsRead, Evidence};
use super::mapping::{Mapping, recognise, signature};
use super::period::Said;
use super::template::{FieldType, Names, Template, TemplateColumn, Templates};
use super::value::{self, Problem};
use around::{declared, town_of};

/// A value that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// 是 or 否.
    Bool(bool),
    /// A whole number; of a measure, hundredths of it.
    Int(i64),
    /// Money; fen in JSON.
    Money(Money),
    /// A day.
    Day(Day),
    /// Words.
    Text(String),
}

/// One row of a file, read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRow {
    /// Name of the file as delivered.
    pub file: Arc<str>,
    /// Name of the sheet; empty for a text table.
    pub sheet: Arc<str>,
    /// Row of the sheet, or line of the text, from 1.
    pub row: u32,
    /// Data, or which piece of furniture.
    pub kind: RowKind,
    /// By what its person can be found.
    pub evidence: Evidence,
    /// Our fields with their values; empty cells have none.
    pub fields: Vec<(Arc<str>, FieldValue)>,
    /// The day that the row itself, or its list, names.
    pub event_date: Option<Day>,
    /// The amount of the row.
    pub amount: Option<Money>,
    /// What is wrong in it.
    pub findings: Vec<Finding>,
}

impl ReadRow {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&FieldValue> {
        self.fields.iter().find(|(field, _)| &**field == name).map(|(_, value)| value)
    }

    /// A text field.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.field(name) {
            Some(FieldValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A field with a day.
    pub fn day(&self, name: &str) -> Option<Day> {
        match self.field(name) {
            Some(FieldValue::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// A field with money.
    pub fn money(&self, name: &str) -> Option<Money> {
        match self.field(name) {
            Some(FieldValue::Money(money)) => Some(*money),
            _ => None,
        }
    }

    /// A field with a whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.field(name) {
            Some(FieldValue::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// A field that says yes or no.
    pub fn yes(&self, name: &str) -> Option<bool> {
        match self.field(name) {
            Some(FieldValue::Bool(value)) => Some(*value),
            _ => None,
        }
    }
}

/// How one sheet of a file is to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetPlan {
    /// Place in the workbook, from 0.
    pub index: usize,
    /// Its name; empty for a text table.
    pub sheet: String,
    /// Somebody hid it.
    pub hidden: bool,
    /// So many of its rows somebody hid.
    pub hidden_rows: u64,
    /// Its heading; `None` = no table in it.
    pub layout: Option<Layout>,
    /// Its columns; `None` = no template fits.
    pub mapping: Option<Mapping>,
    /// By which a corrected mapping is remembered; empty without a heading.
    pub signature: String,
    /// What its titles and names say about time.
    pub said: Said,
    /// Rows of data stand below the heading.
    pub filled: bool,
}

/// Looks at every sheet of a file: where its heading is, which list it is, how its columns map. `remembered` gives the
/// mapping that somebody corrected for the same headings before.
///
/// # Errors
/// A refusal when a sheet is damaged.
pub fn plan(
    book: &mut Book,
    file: &str,
    templates: &Templates,
    remembered: &dyn Fn(&str) -> Option<Mapping>,
) -> Result<Vec<SheetPlan>> {
    let mut plans = Vec::new();
    let infos = book.sheets().to_vec();
    for (index, info) in infos.into_iter().enumerate() {
        let hidden_rows = book.hidden_rows(index);
        let table = Table::new(book.rows(index)?, &|text| templates.knows(text));
        let layout = table.layout().cloned();
        let (mut mapping, mut signed, mut said) = (None, String::new(), Said::default());
        let mut filled = false;
        if let Some(layout) = &layout {
            let rows: Vec<Row> = table
                .preview()
                .filter(|(_, kind)| *kind == RowKind::Data)
                .map(|(row, _)| row.clone())
                .collect();
            filled = !rows.is_empty();
            let titles: Vec<&str> = layout.titles.iter().map(|(_, text)| text.as_str()).collect();
            let around = format!("{} {} {file}", titles.join(" "), info.name);
            signed = signature(layout);
            mapping = remembered(&signed)
                .or_else(|| recognise(templates, layout, &info.name, &around, &rows));
            // a sheet that nobody filled needs no meaning
            mapping = mapping.filter(|mapping| filled || mapping.is_sure());
            if let Some(mapping) = &mut mapping {
                mapping.sample(&rows);
            }
            let notes = titles.iter().rev().copied();
            let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
            said = Said::of(notes.chain([info.name.as_str(), name]));
        }
        plans.push(SheetPlan {
            index,
            sheet: info.name,
            hidden: info.hidden,
            hidden_rows,
            layout,
            mapping,
            signature: signed,
            said,
            filled,
        });
    }
    super::neighbours::like_their_neighbours(&mut plans);
    Ok(plans)
}

/// Reads the rows of a planned sheet, furniture too, and gives them one by one. A sheet without mapping gives none.
///
/// # Errors
/// What `each` returns, or a refusal when the sheet is damaged further down.
pub fn read(
    book: &mut Book,
    (file, plan): (&str, &SheetPlan),
    templates: &Templates,
    each: &mut dyn FnMut(ReadRow) -> Result<()>,
) -> Result<()> {
    let Some(mut reader) = Reader::new(file, plan, templates) else { return Ok(()) };
    let table = Table::new(book.rows(plan.index)?, &|text| templates.knows(text));
    ahead::rows(table, &mut |ahead::Taken { row, kind, bad_characters }| {
        let mut read = reader.row(&row, kind);
        if bad_characters {
            read.findings.push(
                Finding::new("intake.bad_characters", Severity::Warning)
                    .at(Place::file(file).row(row.number)),
            );
        }
        each(read)
    })
}

struct Reader<'a> {
    file: Arc<str>,
    sheet: Arc<str>,
    template: &'a Template,
    columns: Vec<Reading<'a>>,
    said: &'a Said,
    town: Option<String>,
}

/// One mapped column while rows pass by.
struct Reading<'a> {
    field: Arc<str>,
    ours: &'a TemplateColumn,
    column: usize,
    unit: Unit,
    /// The last value of a column that is written once per block.
    above: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(file: &str, plan: &'a SheetPlan, templates: &'a Templates) -> Option<Self> {
        let (mapping, layout) = (plan.mapping.as_ref()?, plan.layout.as_ref()?);
        let template = templates.get(&mapping.template)?;
        let columns = mapping
            .columns
            .iter()
            .filter_map(|mapped| {
                let heading = layout.headings.iter().find(|h| h.column == mapped.column);
                let unit = heading
                    .and_then(|h| declared(&h.text).or_else(|| declared(&h.group)))
                    .or(layout.unit)
                    .unwrap_or_default();
                Some(Reading {
                    field: mapped.field.as_str().into(),
                    ours: template.column(&mapped.field)?,
                    column: mapped.column,
                    unit,
                    above: None,
                })
            })
            .collect();
        let town = template.town_from_sheet.then(|| town_of(plan, layout)).flatten();
        Some(Self {
            file: file.into(),
            sheet: plan.sheet.as_str().into(),
            template,
            columns,
            said: &plan.said,
            town,
        })
    }

    fn row(&mut self, row: &Row, kind: RowKind) -> ReadRow {
        let mut read = ReadRow {
            file: Arc::clone(&self.file),
            sheet: Arc::clone(&self.sheet),
            row: row.number,
            kind,
            evidence: Evidence::default(),
            fields: Vec::new(),
            event_date: None,
            amount: None,
            findings: Vec::new(),
        };
        if kind != RowKind::Data {
            if kind == RowKind::NotData(sheets::NotData::Total) {
                self.columns.iter_mut().for_each(|column| column.above = None);
            }
            return read;
        }
        for at in 0..self.columns.len() {
            self.cell(at, row, &mut read);
        }
        read.evidence.is_head = self.template.subject == Names::Head;
        if read.evidence.town.is_none() {
            read.evidence.town.clone_from(&self.town);
        }
        self.event(&mut read);
        read.amount = self.template.amount.as_deref().and_then(|field| read.money(field));
        read
    }

    /// The day of the row, from the first source that names one.
    fn event(&self, read: &mut ReadRow) {
        read.event_date =
            self.template.event_date.iter().find_map(|source| match source.as_str() {
                "@event_day" => self.said.day,
                "@as_of" => self.said.as_of(),
                field => read.day(field),
            });
        let unread = || read.findings.iter().any(|finding| finding.severity == Severity::Error);
        if read.event_date.is_none() && !self.template.event_date.is_empty() && !unread() {
            let place = self.place(read.row);
            read.findings.push(Finding::new("intake.no_event_date", Severity::Error).at(place));
        }
    }

    fn place(&self, row: u32) -> Place {
        Place::file(&*self.file).sheet(&*self.sheet).row(row)
    }

    fn cell(&mut self, at: usize, row: &Row, read: &mut ReadRow) {
        let Some(reading) = self.columns.get_mut(at) else { return };
        let cell = row.cell(reading.column);
        if reading.ours.fill {
            if cell.is_blank() {
                read.evidence.town = read.evidence.town.take().or_else(|| reading.above.clone());
            } else {
                reading.above = Some(cell.shown());
            }
        }
        if cell.is_blank() {
            return;
        }
        let Some(reading) = self.columns.get(at) else { return };
        match value::read(reading.ours.kind, cell, (reading.unit, self.said)) {
            Ok(Some(value::Read::Field(found))) => {
                read.fields.push((Arc::clone(&reading.field), found));
            }
            Ok(Some(value::Read::Id(as_read))) => {
                identify(&mut read.evidence, reading.ours.kind, as_read)
            }
            Ok(Some(value::Read::Word(word))) => tell(&mut read.evidence, reading.ours.kind, word),
            Ok(None) => {}
            Err(problem) => {
                let finding = self.finding(reading, cell, &problem, row.number);
                read.findings.push(finding);
                if let Problem::Kept(_, word) = problem {
                    read.fields.push((Arc::clone(&reading.field), FieldValue::Text(word)));
                }
            }
        }
    }

    fn finding(&self, reading: &Reading<'_>, cell: &Cell, problem: &Problem, row: u32) -> Finding {
        let register = self.template.list == "register";
        let counts = reading.ours.required
            || self.template.amount.as_deref() == Some(&*reading.field)
            || self.template.event_date.first().map(String::as_str) == Some(&*reading.field)
            || (register && reading.ours.kind == FieldType::Birth);
        let kept = matches!(problem, Problem::Kept(..));
        let severity = if counts && !kept { Severity::Error } else { Severity::Warning };
        let column = u32::try_from(reading.column).unwrap_or(u32::MAX - 1) + 1;
        Finding::new(problem.code(), severity)
            .at(self.place(row).column(column))
            .arg("text", cell.shown())
            .arg("field", &reading.field)
    }
}

fn identify(evidence: &mut Evidence, kind: FieldType, id: AsRead) {
    let place = match kind {
        FieldType::RollNumber => &mut evidence.roll_number,
        FieldType::Certificate => &mut evidence.certificate,
        FieldType::Phone => &mut evidence.phone,
        FieldType::HouseholdNumber => &mut evidence.household_number,
        FieldType::PersonNumber => &mut evidence.person_number,
        _ => &mut evidence.id,
    };
    *place = Some(id);
}

fn tell(evidence: &mut Evidence, kind: FieldType, word: String) {
    let place = match kind {
        FieldType::Name => &mut evidence.name,
        FieldType::Sex => &mut evidence.sex,
        FieldType::Birth => &mut evidence.birth,
        FieldType::Town => &mut evidence.town,
        FieldType::Village => &mut evidence.village,
        FieldType::Guardian => &mut evidence.guardian,
        _ => &mut evidence.address,
    };
    *place = Some(word);
}
