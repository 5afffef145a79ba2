//! Leads as a workbook, out and back.

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::header;
use axum::response::IntoResponse;
use kernel::error::{Error, Refusal};
use kernel::permission::Permission;
use web::ui::{Csrf, Errors, Field};
use web::{Answer as Page, CtxOf, Desk, Fields, L, Secret, blocking, page};

use super::super::sheet;
use super::inbox::filter_of;

/// The leads of the list as a workbook to be filled in.
pub async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let (l, address) = (desk.l, desk.address.clone());
    let bytes = blocking(move || {
        let filter = filter_of(&address, ctx.today);
        sheet::workbook_of(&ctx, l, &filter)
    })
    .await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = "attachment; filename=\"leads.xlsx\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

#[derive(Template)]
#[template(path = "screening/templates/answers.html")]
struct AnswersPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    file: Field,
    report: Option<String>,
    lines: Vec<(String, String, String)>,
}

fn answers_body(
    l: L,
    desk: &Desk,
    report: Option<sheet::AnswersReport>,
    refused: Option<&Refusal>,
) -> AnswersPage {
    let lines = report.iter().flat_map(|report| &report.rows).map(|row| {
        let what = match &row.refused {
            None => l.t("screening-answers-taken"),
            Some(refusal) => web::words_of_refusal(l, refusal).0,
        };
        (row.row.to_string(), row.number.clone(), what)
    });
    AnswersPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        file: Field::input("file", "file", l.t("screening-answers-file"))
            .help(l.t("screening-answers-help"))
            .filled(l, &Fields::default(), refused),
        lines: lines.collect(),
        report: report.as_ref().map(|report| {
            l.t_args(
                "screening-answers-report",
                &[
                    ("taken", report.taken().into()),
                    ("refused", report.refused().into()),
                    ("blank", report.blank.into()),
                ],
            )
        }),
    }
}

/// Where the workbook comes back.
pub async fn answers_page(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    blocking(move || ctx.permit(Permission::LeadAnswer).map(drop)).await?;
    let shell = desk.shell("screening-answers").nav("leads");
    page(&shell, answers_body(desk.l, &desk, None, None))
}

/// Takes the answers of a workbook.
pub async fn answers_post(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    secret: Secret,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Page {
    ctx.permit(Permission::LeadAnswer)?;
    let mut form = form.map_err(|_| Error::from(Refusal::invalid("web.form_unreadable")))?;
    secret.admit(&mut form).await?;
    let l = desk.l;
    let mut bytes = Vec::new();
    let broken = || Error::from(Refusal::invalid("web.form_unreadable"));
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(|_| broken())?.to_vec();
        }
    }
    let report = blocking(move || sheet::answers_in(&ctx, &bytes)).await;
    let shell = desk.shell("screening-answers").nav("leads");
    match report {
        Ok(report) => page(&shell, answers_body(l, &desk, Some(report), None)),
        Err(Error::Refusal(refusal)) => page(&shell, answers_body(l, &desk, None, Some(&refusal))),
        Err(fault) => Err(fault.into()),
    }
}
