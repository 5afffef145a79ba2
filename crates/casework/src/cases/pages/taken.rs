//! Papers leave the program as pages, as `.docx` in the layout of the county, and as workbooks; each way out is journalled.

use axum::extract::Path;
use kernel::error::Result;
use kernel::ids::{CaseId, SittingId};
use kernel::permission::Permission;
use store::Ctx;
use web::{Answer as Answered, CtxOf, Desk, L, blocking};

use super::super::actions;
use super::super::book::CaseBook;
use super::super::cards::cards_of;
use super::super::look;
use super::super::on_paper;
use super::super::queries::lists::{Filter, Line};
use super::super::sittings;
use super::card;
use super::list::filter_of;
use super::paper::{MOST, Sheet, approval, check_sheet, line_of, notice, notices, plain, printed};
use crate::papers::{self, Paper, Values, docx_answer, xlsx_answer};

/// The paper of an address and the form in which it is wanted: `card`, `card.docx`.
fn wanted(ctx: &Ctx, text: &str) -> Result<(Paper, Option<Form>)> {
    let (code, form) = match text.rsplit_once('.') {
        Some((code, "docx")) => (code, Some(Form::Word)),
        Some((code, "xlsx")) => (code, Some(Form::Workbook)),
        _ => (text, None),
    };
    let paper = Paper::of(code).ok_or_else(|| ctx.not_found("cases.no_paper", text))?;
    if form.is_some() {
        ctx.permit(Permission::PaperMake)?;
    }
    if form == Some(Form::Workbook) && paper.is_public() {
        return Err(ctx.not_found("cases.no_paper", text));
    }
    Ok((paper, form))
}

/// A form in which a paper leaves the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Word,
    Workbook,
}

/// What is answered: a page, or a file that the browser keeps.
enum Out {
    Sheets(Vec<Sheet>, (String, String)),
    File(Form, Vec<u8>),
}

/// The file of a paper; journalled.
fn file(ctx: &Ctx, (l, paper, form): (L, Paper, Form), values: &[Values]) -> Result<Out> {
    let households = match paper.fields().any(|field| field.id == "household.head") {
        true => values.len(),
        false => values.iter().map(|one| one.rows.len()).sum(),
    };
    if form == Form::Workbook {
        let bytes = super::super::sheet::workbook_of_paper(l, paper, values)?;
        papers::note_made(ctx, paper, (households, 0))?;
        return Ok(Out::File(form, bytes));
    }
    let made = papers::made_with(&mut ctx.read()?, (paper, ctx.today), values)?;
    papers::note_made(ctx, paper, (households, made.layout))?;
    Ok(Out::File(form, made.bytes))
}

fn answered(desk: &Desk, paper: Paper, out: Out) -> Answered {
    match out {
        Out::Sheets(sheets, back) => printed(desk, sheets, (back, paper)),
        Out::File(Form::Word, bytes) => Ok(docx_answer(paper.code(), bytes)),
        Out::File(Form::Workbook, bytes) => Ok(xlsx_answer(paper.code(), bytes)),
    }
}

/// In which language a paper is made: what goes to offices is Chinese.
fn official() -> L {
    L::new(kernel::lang::Lang::Zh)
}

/// `GET /cases/{id}/papers/{paper}`, also with `.docx`
pub async fn of_case(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, text))): (Desk, Path<(CaseId, String)>),
) -> Answered {
    let l = desk.l;
    let (paper, form) = wanted(&ctx, &text)?;
    let out = blocking(move || {
        let view = look::show(&ctx, id)?;
        let back = (format!("{} {}", view.head, view.case.number), format!("/cases/{id}"));
        let one = paper.fields().any(|field| field.id == "household.head");
        if !one && !matches!(paper, Paper::Notice | Paper::Announcement) {
            return Err(ctx.not_found("cases.no_paper", &text));
        }
        if let Some(form) = form {
            let values = match one {
                true => vec![on_paper::of_one(&ctx, official(), &view)?],
                false => {
                    let lines = [line_of(&view)];
                    on_paper::of_list(&ctx, (official(), paper), (&view.book, &lines))?
                }
            };
            return file(&ctx, (official(), paper, form), &values);
        }
        let line = line_of(&view);
        let sheet = match paper {
            Paper::CheckSheet => check_sheet(l, &view),
            Paper::Card => {
                let made = cards_of(&ctx, &mut ctx.read()?, std::slice::from_ref(&line))?;
                let sheets = made.iter().map(|made| card::sheet(l, &view.book, made)).collect();
                return Ok(Out::Sheets(sheets, back));
            }
            Paper::Notice => notice(l, (&view.book, ctx.today), (&line.village.1, &[&line]))?,
            Paper::HouseholdFile => plain(l, paper, &on_paper::of_one(&ctx, l, &view)?),
            _ => return listed(&ctx, (l, paper), (&view.book, &[line]), back),
        };
        Ok(Out::Sheets(vec![sheet], back))
    })
    .await?;
    answered(&desk, paper, out)
}

fn listed(
    ctx: &Ctx,
    (l, paper): (L, Paper),
    (book, lines): (&CaseBook, &[Line]),
    back: (String, String),
) -> Result<Out> {
    let values = on_paper::of_list(ctx, (l, paper), (book, lines))?;
    if paper.is_public() {
        // what would be refused in the document is refused on the page as well
        papers::made_with(&mut ctx.read()?, (paper, ctx.today), &values)?;
    }
    Ok(Out::Sheets(values.iter().map(|one| plain(l, paper, one)).collect(), back))
}

fn all_of(
    ctx: &Ctx,
    (l, paper, form): (L, Paper, Option<Form>),
    (filter, back): (&Filter, (String, String)),
) -> Result<Out> {
    ctx.permit(Permission::CaseSee)?;
    let (book, lines) = actions::list_all(ctx, filter, MOST)?;
    if lines.is_empty() {
        return Ok(Out::Sheets(Vec::new(), back));
    }
    let one = paper.fields().any(|field| field.id == "household.head");
    if paper == Paper::Minutes {
        return Err(ctx.not_found("cases.no_paper", paper.code()));
    }
    if let Some(form) = form {
        let values = match one {
            true => lines
                .iter()
                .map(|line| on_paper::of_one(ctx, official(), &look::show(ctx, line.id)?))
                .collect::<Result<Vec<_>>>()?,
            false => on_paper::of_list(ctx, (official(), paper), (&book, &lines))?,
        };
        return file(ctx, (official(), paper, form), &values);
    }
    let shown = |line: &Line| {
        let view = look::show(ctx, line.id)?;
        Ok(match paper {
            Paper::CheckSheet => check_sheet(l, &view),
            _ => plain(l, paper, &on_paper::of_one(ctx, l, &view)?),
        })
    };
    match paper {
        Paper::Notice => Ok(Out::Sheets(notices(l, (&book, ctx.today), &lines)?, back)),
        Paper::TownshipReview | Paper::CountyApproval => {
            Ok(Out::Sheets(vec![approval((l, paper), &book, &lines)], back))
        }
        _ if one => {
            let sheets = lines.iter().map(shown).collect::<Result<Vec<_>>>()?;
            Ok(Out::Sheets(sheets, back))
        }
        _ => listed(ctx, (l, paper), (&book, &lines), back),
    }
}

/// `GET /cases/papers/{paper}?state=reviewed&area=…`, also with `.docx` and `.xlsx`: of all cases that the list shows.
pub async fn of_list(CtxOf(ctx): CtxOf, (desk, Path(text)): (Desk, Path<String>)) -> Answered {
    let l = desk.l;
    let filter = filter_of(&desk.address, ctx.today);
    let (paper, form) = wanted(&ctx, &text)?;
    let back =
        web::Address::new("/cases", desk.address.to_string().split_once('?').unwrap_or_default().1);
    let back = (l.t("cases-back-list"), back.to_string());
    if (paper, form) == (Paper::Card, None) {
        return card::of_list(ctx, desk, (filter, back)).await;
    }
    let out = blocking(move || all_of(&ctx, (l, paper, form), (&filter, back))).await?;
    answered(&desk, paper, out)
}

/// `GET /sittings/{id}/minutes`, also with `.docx` and `.xlsx`
pub async fn of_sitting(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, text))): (Desk, Path<(SittingId, String)>),
) -> Answered {
    let l = desk.l;
    let (paper, form) = wanted(&ctx, &text)?;
    if paper != Paper::Minutes {
        return Err(ctx.not_found("cases.no_paper", &text).into());
    }
    let out = blocking(move || {
        let sitting = sittings::show(&ctx, id)?;
        if let Some(form) = form {
            let values = [on_paper::of_sitting(&ctx, official(), &sitting)?];
            return file(&ctx, (official(), paper, form), &values);
        }
        let values = on_paper::of_sitting(&ctx, l, &sitting)?;
        let back = (sitting.village.1.clone(), format!("/sittings/{id}"));
        Ok(Out::Sheets(vec![plain(l, paper, &values)], back))
    })
    .await?;
    answered(&desk, paper, out)
}
