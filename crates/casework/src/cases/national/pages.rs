//! `GET /cases/national`: the workbook for the national system, and where its register says otherwise; settling and undoing.

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal};
use kernel::ids::CaseId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::ShippedCodes;
use store::Ctx;
use web::ui::{Csrf, Empty, Errors, Field as Input};
use web::{Answer as Answered, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::book::{CaseBook, book};
use super::actions::{self, takeable};
use super::model::{Choice, Difference, Field, way_word};
use super::queries::Settled;
use super::sheet;
use crate::papers::xlsx_answer;

/// Differences on one page.
const MOST: usize = 300;

struct Row {
    case: String,
    head: String,
    number: String,
    place: String,
    field: String,
    code: &'static str,
    ours: (String, String),
    theirs: (String, String),
    said: (String, String),
    takeable: bool,
}

struct Done {
    what: String,
    by: String,
    action: String,
}

#[derive(Template)]
#[template(path = "cases/national/templates/list.html")]
struct ListPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    exports: bool,
    purpose: Input,
    area: String,
    rows: Vec<Row>,
    more: String,
    done: Vec<Done>,
    settles: bool,
    empty: Empty,
}

/// A value in words.
fn shown(l: L, book: &CaseBook, (field, value): (Field, &str)) -> String {
    if value.is_empty() {
        return l.t("cases-national-nothing");
    }
    match field {
        Field::Class => {
            let known = book.classes.class.iter().find(|one| one.code == value);
            known.map_or_else(
                || registry::households::Scheme::Monitored.official(value).to_owned(),
                |one| if l.is_zh() { &one.zh } else { &one.en }.clone(),
            )
        }
        Field::Risks => {
            let words: Vec<String> =
                value.split(',').map(|code| ShippedCodes::Risks.words_of(code, l.0)).collect();
            words.join(if l.is_zh() { "、" } else { ", " })
        }
        Field::Removed => l.t(&format!("cases-national-removed-{value}")),
        Field::Way if l.is_zh() => way_word(value).to_owned(),
        Field::Way if matches!(value, "helped" | "natural") => {
            l.t(&format!("cases-national-way-{value}"))
        }
        Field::IdentifiedOn | Field::RemovedOn | Field::Way => value.to_owned(),
    }
}

fn row(l: L, book: &CaseBook, one: &Difference) -> Row {
    let words = |value: &str| shown(l, book, (one.field, value));
    Row {
        case: one.case.0.to_string(),
        head: if one.head.is_empty() { one.number.clone() } else { one.head.clone() },
        number: one.number.clone(),
        place: one.village.1.clone(),
        field: l.t(&format!("cases-national-field-{}", one.field.code())),
        code: one.field.code(),
        ours: (one.ours.clone(), words(&one.ours)),
        theirs: (one.theirs.clone(), words(&one.theirs)),
        said: (one.said.0.to_string(), one.said.1.clone()),
        takeable: takeable(book, one.field, &one.theirs),
    }
}

fn settled(l: L, book: &CaseBook, one: &Settled) -> Option<Done> {
    let field = Field::of(&one.field)?;
    let args = [
        ("case", one.case.1.clone().into()),
        ("field", l.t(&format!("cases-national-field-{}", one.field)).into()),
        ("ours", shown(l, book, (field, &one.values.0)).into()),
        ("theirs", shown(l, book, (field, &one.values.1)).into()),
    ];
    Some(Done {
        what: l.t_args(&format!("cases-national-kept-{}", one.choice), &args),
        by: format!("{} {}", one.by, one.at.local_text()),
        action: format!("/cases/national/{}/undo/{}", one.case.0, one.seq),
    })
}

fn area_of(text: Option<&str>) -> Option<AreaCode> {
    text.and_then(|text| AreaCode::parse_short(text).ok())
}

async fn list(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Answered {
    let l = desk.l;
    ctx.permit(Permission::CaseExport)?;
    let settles = desk.may(Permission::CaseApprove);
    let area = area_of(desk.address.get("area").or(Some(sent.text("area"))));
    let (book, all, known) = blocking(move || {
        let book = book(&mut ctx.read()?, ctx.today)?;
        if !settles {
            return Ok((book, Vec::new(), Vec::new()));
        }
        Ok((book, actions::differences(&ctx, area)?, actions::settled(&ctx, area)?))
    })
    .await?;
    let more = all.len().saturating_sub(MOST);
    let body = ListPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        exports: desk.may(Permission::HouseholdReveal),
        purpose: Input::text("purpose", l.t("cases-national-purpose"))
            .help(l.t("cases-national-purpose-help"))
            .required()
            .filled(l, &sent, refused.as_ref()),
        area: area.map(|area| area.to_string()).unwrap_or_default(),
        rows: all.iter().take(MOST).map(|one| row(l, &book, one)).collect(),
        more: if more > 0 { l.t1("cases-national-more", "n", more) } else { String::new() },
        done: known.iter().take(MOST).filter_map(|one| settled(l, &book, one)).collect(),
        settles,
        empty: Empty::new(l.t("cases-national-none"), l.t("cases-national-none-help")),
    };
    let shell = desk.shell("cases-national").nav("cases").wide().crumb(l.t("nav-cases"), "/cases");
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /cases/national`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    list(ctx, desk, Fields::default(), None).await
}

/// `POST /cases/national`: the workbook, for a purpose.
pub async fn export(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Answered {
    ctx.permit(Permission::CaseExport)?;
    let (acting, form, today) = (ctx.clone(), sent.clone(), ctx.today);
    let made = blocking(move || {
        sheet::workbook_of(&acting, area_of(Some(form.text("area"))), form.text("purpose"))
    });
    match made.await {
        Ok(bytes) => Ok(xlsx_answer(&format!("national-{}", day_name(today)), bytes)),
        Err(Error::Refusal(refusal)) => list(ctx, desk, sent, Some(refusal)).await,
        Err(fault) => Err(fault.into()),
    }
}

fn day_name(day: Day) -> String {
    day.to_string()
}

/// `POST /cases/national/{id}/{field}`: whose value holds.
pub async fn settle(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, field))): (Desk, Path<(CaseId, String)>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseApprove)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let field = Field::of(&field).ok_or_else(|| Refusal::not_found("cases.no_difference"))?;
        let choice = match form.text("choice") {
            "theirs" => Choice::Theirs,
            _ => Choice::Ours,
        };
        actions::settle(&acting, (id, field, form.text("ours"), form.text("theirs")), choice)
    })
    .await;
    answered(ctx, desk, (sent, result)).await
}

/// `POST /cases/national/{id}/undo/{seq}`
pub async fn undo(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, seq))): (Desk, Path<(CaseId, i64)>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseApprove)?;
    let acting = ctx.clone();
    let result = blocking(move || actions::undo(&acting, id, seq)).await;
    answered(ctx, desk, (sent, result)).await
}

async fn answered(
    ctx: Ctx,
    desk: Desk,
    (sent, result): (Fields, kernel::error::Result<()>),
) -> Answered {
    let to = match sent.text("area") {
        "" => "/cases/national".to_owned(),
        area => web::Address::new("/cases/national", "").with("area", area).to_string(),
    };
    match result {
        Ok(()) => done(&to, "cases-done"),
        Err(Error::Refusal(refusal)) => list(ctx, desk, sent, Some(refusal)).await,
        Err(fault) => Err(fault.into()),
    }
}
