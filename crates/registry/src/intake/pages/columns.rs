//! Their columns and ours, side by side, put right by hand.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use kernel::error::{Error, Refusal, Result};
use kernel::ids::BatchId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Csrf, Errors, Tone};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, page, page_of_form};

use super::said;
use crate::intake::actions;
use crate::intake::ask_mapping::{self, Chosen, Sheet};
use crate::intake::batch::BatchState;
use crate::intake::deliver::{Desk as Tools, Upload};
use crate::intake::jobs::Jobs;
use crate::intake::mapping::Mapping;

/// One of their columns.
pub struct Line {
    pub column: usize,
    pub letters: String,
    pub heading: String,
    pub samples: String,
    pub field: String,
    pub ours: String,
    pub chip: Option<Chip>,
}

/// One sheet of the form.
pub struct SheetForm {
    pub index: usize,
    pub name: String,
    pub template: String,
    pub heading_row: i64,
    pub fields: Vec<(String, String)>,
    pub lines: Vec<Line>,
    pub missing: String,
}

/// The form in which columns are put right.
#[derive(Template)]
#[template(path = "intake/templates/columns.html")]
pub struct ColumnsForm {
    l: L,
    csrf: Csrf,
    errors: Errors,
    get: String,
    post: String,
    templates: Vec<(String, String)>,
    here: String,
    sheets: Vec<SheetForm>,
    may: bool,
}

/// How sure a column is, in words.
pub fn sure(l: L, mapping: &Mapping, confidence: u8) -> Chip {
    match confidence {
        _ if mapping.remembered => {
            Chip::new(Tone::Accent, l.t("intake-sure-remembered")).icon("history")
        }
        90.. => Chip::new(Tone::Green, l.t("intake-sure-certain")).icon("check"),
        60.. => Chip::new(Tone::Green, l.t("intake-sure-likely")).icon("check"),
        _ => Chip::new(Tone::Amber, l.t("intake-sure-look")).icon("ask"),
    }
}

fn letters(column: usize) -> String {
    kernel::finding::column_letters(u32::try_from(column).unwrap_or(0) + 1)
}

fn sheet_form(l: L, tools: &Tools, sheet: &Sheet) -> SheetForm {
    let mapping = sheet.plan.mapping.as_ref();
    let template = mapping.and_then(|mapping| tools.templates.get(&mapping.template));
    let lines = sheet
        .columns
        .iter()
        .map(|(column, heading, samples)| {
            let mapped = mapping
                .and_then(|m| Some((m, m.columns.iter().find(|one| one.column == *column)?)));
            Line {
                column: *column,
                letters: letters(*column),
                heading: heading.clone(),
                samples: samples.join(if l.is_zh() { "、" } else { ", " }),
                field: mapped.map(|(_, one)| one.field.clone()).unwrap_or_default(),
                ours: mapped.map(|(_, one)| said::field(l, &one.field)).unwrap_or_default(),
                chip: mapped.map(|(mapping, one)| sure(l, mapping, one.confidence)),
            }
        })
        .collect();
    let missing: Vec<String> =
        mapping.iter().flat_map(|m| &m.missing).map(|field| said::field(l, field)).collect();
    SheetForm {
        index: sheet.plan.index,
        name: sheet.plan.sheet.clone(),
        template: template.map(|template| template.id.clone()).unwrap_or_default(),
        heading_row: sheet.plan.layout.as_ref().map_or(0, |layout| i64::from(layout.last_row)),
        fields: template.map(|template| said::fields(l, template)).unwrap_or_default(),
        lines,
        missing: missing.join(if l.is_zh() { "、" } else { ", " }),
    }
}

/// The form for the sheets of a file, sent to `post`; what was refused is said above it.
pub fn form(
    tools: &Tools,
    desk: &Desk,
    (sheets, post): (&[Sheet], &str),
    refusal: Option<&Refusal>,
) -> ColumnsForm {
    let l = desk.l;
    let mut forms: Vec<SheetForm> =
        sheets.iter().map(|sheet| sheet_form(l, tools, sheet)).collect();
    if forms.iter().any(|form| !form.template.is_empty()) {
        forms.retain(|form| !form.template.is_empty());
    }
    let templates = tools.templates.iter();
    ColumnsForm {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal),
        // A reading shows its columns on its own page, a batch on a page of the columns.
        get: match post.strip_suffix("/mapping") {
            Some(reading) if reading.starts_with("/intake/readings/") => reading.to_owned(),
            _ => post.to_owned(),
        },
        post: post.to_owned(),
        here: forms
            .iter()
            .map(|form| form.template.clone())
            .find(|id| !id.is_empty())
            .unwrap_or_default(),
        templates: templates.map(|one| (one.id.clone(), said::title(l, &one.title))).collect(),
        sheets: forms,
        may: desk.may(Permission::IntakeMap),
    }
}

/// What the form sent: `template-S` for each sheet and `column-S-C` for each of its columns.
pub fn chosen(fields: &Fields) -> Vec<Chosen> {
    let sheets = fields.all("sheet").iter().filter_map(|text| text.parse::<usize>().ok());
    sheets
        .map(|sheet| Chosen {
            sheet,
            template: fields.text(&format!("template-{sheet}")).to_owned(),
            columns: fields
                .all(&format!("columns-{sheet}"))
                .iter()
                .filter_map(|text| text.parse::<usize>().ok())
                .map(|column| (column, fields.text(&format!("column-{sheet}-{column}")).to_owned()))
                .collect(),
        })
        .collect()
}

/// `GET /intake/batches/{id}/mapping`: to put right how a batch was read.
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    (desk, Path(id)): (Desk, Path<BatchId>),
) -> Answer {
    ctx.permit(Permission::IntakeMap)?;
    let template = desk.address.get("template").map(str::to_owned);
    let tools_too = tools.clone();
    let (batch, sheets) = blocking(move || {
        let batch = actions::load(&ctx, id)?;
        let file = (batch.file_name.as_str(), batch.file_hash.as_str());
        let sheets = ask_mapping::sheets_of(&ctx, &tools_too, file, template.as_deref())?;
        Ok((batch, sheets))
    })
    .await?;
    let l = desk.l;
    let shell = desk
        .shell("intake-columns")
        .nav("intake")
        .wide()
        .crumb(l.t("nav-intake"), "/intake")
        .crumb(&batch.file_name, format!("/intake/batches/{id}"));
    let post = format!("/intake/batches/{id}/mapping");
    page(&shell, form(&tools, &desk, (&sheets, &post), None))
}

/// What came of columns that were sent: where the file is read again, or why not and how they were chosen.
pub enum Kept {
    /// The reading that goes on.
    Reads(String),
    /// Refused: the file, its sheets as chosen, why.
    Refused(String, Vec<Sheet>, Refusal),
}

/// Keeps the columns; what is missing brings the form back as it was filled in.
pub fn keep(
    ctx: &Ctx,
    tools: &Tools,
    file: (&str, &str),
    chosen: &[Chosen],
) -> Result<Option<Kept>> {
    match ask_mapping::settle(ctx, tools, file, chosen) {
        Ok(()) => Ok(None),
        Err(Error::Refusal(refusal)) if refusal.code == "intake.columns_missing" => {
            let sheets = ask_mapping::sheets_as_chosen(ctx, tools, file, chosen)?;
            Ok(Some(Kept::Refused(file.0.to_owned(), sheets, refusal)))
        }
        Err(error) => Err(error),
    }
}

/// On to the reading, or the form once more.
pub fn kept(tools: &Tools, desk: &Desk, (kept, post): (Kept, &str)) -> Answer {
    let (file, sheets, refusal) = match kept {
        Kept::Reads(next) => {
            return Ok(Redirect::to(&format!("/intake/readings/{next}")).into_response());
        }
        Kept::Refused(file, sheets, refusal) => (file, sheets, refusal),
    };
    let l = desk.l;
    let shell = desk.untitled().title(&file).nav("intake").crumb(l.t("nav-intake"), "/intake");
    let form = form(tools, desk, (&sheets, post), Some(&refusal));
    page_of_form(&shell.lead(l.t("intake-columns-lead")).wide(), form, Some(&refusal))
}

/// `POST /intake/batches/{id}/mapping`: keeps the columns; a batch that waits is read again by them.
pub async fn map(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    Extension(jobs): Extension<Jobs>,
    (desk, Path(id), fields): (Desk, Path<BatchId>, Fields),
) -> Answer {
    let (chosen, tools_too) = (chosen(&fields), tools.clone());
    let done = blocking(move || {
        ctx.permit(Permission::IntakeMap)?;
        let batch = actions::load(&ctx, id)?;
        if batch.state != BatchState::Ready {
            return Err(Error::Refusal(Refusal::conflict("intake.not_waiting")));
        }
        let file = (batch.file_name.as_str(), batch.file_hash.as_str());
        if let Some(refused) = keep(&ctx, &tools_too, file, &chosen)? {
            return Ok(refused);
        }
        let bytes = tools_too.originals.open(&batch.file_hash)?.into();
        actions::discard(&ctx, id)?;
        let upload = Upload { name: batch.file_name, bytes };
        Ok(Kept::Reads(jobs.start(&ctx, &tools_too, upload, batch.period)?))
    })
    .await?;
    kept(&tools, &desk, (done, &format!("/intake/batches/{id}/mapping")))
}
