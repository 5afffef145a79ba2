//! Putting their columns under ours by hand, and keeping it for every later file with the same headings.

use kernel::error::{Refusal, Result};
use sheets::{Book, Row, RowKind, Table};
use store::Ctx;

use super::actions::remember_mapping;
use super::deliver::{Desk, Looked, Upload, look, of_own_office};
use super::mapping::{self, Mapping};
use super::mask;
use super::reading::SheetPlan;
use super::template::{Template, Templates};

/// A sheet whose columns can be put right.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// How it is read now.
    pub plan: SheetPlan,
    /// Every heading of it: column, words, up to three samples.
    pub columns: Vec<(usize, String, Vec<String>)>,
}

fn rows_of(book: &mut Book, index: usize, templates: &Templates) -> Result<Vec<Row>> {
    let table = Table::new(book.rows(index)?, &|text| templates.knows(text));
    let data = table.preview().filter(|(_, kind)| *kind == RowKind::Data);
    Ok(data.map(|(row, _)| row.clone()).collect())
}

/// The sheets of a kept file with their headings and samples. `template` reads every sheet that is not recognised, and is
/// kept for the others too if `forced`.
///
/// # Errors
/// A refusal when the file cannot be opened.
pub fn sheets_of(
    ctx: &Ctx,
    desk: &Desk,
    (name, hash): (&str, &str),
    template: Option<&str>,
) -> Result<Vec<Sheet>> {
    let upload = Upload { name: name.to_owned(), bytes: desk.originals.open(hash)?.into() };
    let Looked { mut book, plans } = look(ctx, desk, &upload)?;
    let mut found = Vec::new();
    for mut plan in plans {
        let Some(layout) = plan.layout.clone() else { continue };
        let rows = rows_of(&mut book, plan.index, &desk.templates)?;
        if let Some(wanted) = template.and_then(|id| desk.templates.get(id)) {
            let other = plan.mapping.as_ref().is_none_or(|mapping| mapping.template != wanted.id);
            if other && (plan.mapping.is_none() || !plan.hidden) {
                plan.mapping = Some(mapping::map(wanted, &layout, &rows));
            }
        }
        let kind = |column: usize| {
            let mapping = plan.mapping.as_ref()?;
            let field = &mapping.columns.iter().find(|mapped| mapped.column == column)?.field;
            Some(desk.templates.get(&mapping.template)?.column(field)?.kind)
        };
        let columns = layout
            .headings
            .iter()
            .map(|heading| {
                let words = match heading.group.as_str() {
                    "" => heading.text.clone(),
                    group => format!("{group} / {}", heading.text),
                };
                let samples = mapping::samples(heading.column, &rows);
                let kind = kind(heading.column);
                let samples = samples.iter().map(|text| mask::shown(kind, text)).collect();
                (heading.column, words, samples)
            })
            .collect();
        found.push(Sheet { plan, columns });
    }
    Ok(found)
}

/// What somebody chose for one sheet: the template, and for each of their columns our field or nothing.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Place in the workbook.
    pub sheet: usize,
    /// The template.
    pub template: String,
    /// Their column and our field; an empty field means nothing to us.
    pub columns: Vec<(usize, String)>,
}

/// The mapping as it was chosen by hand.
fn by_hand(template: &Template, layout: &sheets::Layout, one: &Chosen) -> Mapping {
    let mut mapping: Mapping = mapping::map(template, layout, &[]);
    for mapped in mapping.columns.clone() {
        mapping.release(&mapped.field);
    }
    for (column, field) in &one.columns {
        let heading = layout.headings.iter().find(|heading| heading.column == *column);
        if let (Some(heading), Some(ours)) = (heading, template.column(field)) {
            mapping.assign(&ours.field, heading);
        }
    }
    mapping.columns.sort_by_key(|mapped| mapped.column);
    mapping.missing = mapping::missing(template, &mapping.columns);
    mapping.confidence = 100;
    mapping
}

/// The sheets of a kept file as somebody chose them, to show a choice that was refused.
///
/// # Errors
/// A refusal when the file cannot be opened.
pub fn sheets_as_chosen(
    ctx: &Ctx,
    desk: &Desk,
    file: (&str, &str),
    chosen: &[Chosen],
) -> Result<Vec<Sheet>> {
    let template = chosen.first().map(|one| one.template.as_str());
    let mut sheets = sheets_of(ctx, desk, file, template)?;
    for sheet in &mut sheets {
        let one = chosen.iter().find(|one| one.sheet == sheet.plan.index);
        if let (Some(one), Some(layout)) = (one, &sheet.plan.layout)
            && let Some(template) = desk.templates.get(&one.template)
        {
            sheet.plan.mapping = Some(by_hand(template, layout, one));
        }
    }
    Ok(sheets)
}

/// Keeps what was chosen for every file with these headings.
///
/// # Errors
/// Refused without `intake.map`, and for another office's list; invalid when a required field of ours has no column.
pub fn settle(ctx: &Ctx, desk: &Desk, file: (&str, &str), chosen: &[Chosen]) -> Result<()> {
    let sheets = sheets_of(ctx, desk, file, None)?;
    for one in chosen {
        let unknown = || Refusal::invalid("intake.unknown_template");
        let template = desk.templates.get(&one.template).ok_or_else(unknown)?;
        of_own_office(ctx, std::iter::once(template.department.as_str()))?;
        let sheet =
            sheets.iter().find(|sheet| sheet.plan.index == one.sheet).ok_or_else(unknown)?;
        let Some(layout) = &sheet.plan.layout else { continue };
        let mapping = by_hand(template, layout, one);
        if !mapping.missing.is_empty() {
            return Err(Refusal::invalid("intake.columns_missing").into());
        }
        remember_mapping(ctx, (&template.department, &sheet.plan.signature), &mapping)?;
    }
    Ok(())
}
