//! Questions as a workbook, out and back.

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::http::header;
use axum::response::IntoResponse;
use kernel::error::{Error, Refusal};
use kernel::permission::Permission;
use web::ui::{Csrf, Errors, Field};
use web::{Answer as Page, CtxOf, Desk, Fields, L, Secret, blocking, page};

use super::super::sheet::{self, AnswersReport};
use super::list::filter_of;

/// `GET /checks/export`: the questions of the list, to be filled in.
pub async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let (l, filter) = (desk.l, filter_of(&desk.address));
    let bytes = blocking(move || sheet::workbook_of(&ctx, l, &filter)).await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = "attachment; filename=\"checks.xlsx\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

#[derive(Template)]
#[template(path = "quality/templates/answers.html")]
struct AnswersPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    file: Field,
    report: Option<String>,
    lines: Vec<(String, String, String)>,
}

fn body(desk: &Desk, report: Option<&AnswersReport>, refused: Option<&Refusal>) -> AnswersPage {
    let l = desk.l;
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
            .help(l.t("quality-answers-help"))
            .filled(l, &Fields::default(), refused),
        lines: lines.collect(),
        report: report.map(|report| {
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

/// `GET /checks/answers`: where the workbook comes back.
pub async fn answers_page(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    blocking(move || ctx.permit(Permission::CheckAnswer).map(drop)).await?;
    let shell =
        desk.shell("quality-answers").nav("leads").crumb(desk.l.t("quality-title"), "/checks");
    page(&shell, body(&desk, None, None))
}

/// `POST /checks/answers`
pub async fn answers_post(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    secret: Secret,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Page {
    ctx.permit(Permission::CheckAnswer)?;
    let mut form = form.map_err(|_| Error::from(Refusal::invalid("web.form_unreadable")))?;
    secret.admit(&mut form).await?;
    let mut bytes = Vec::new();
    let broken = || Error::from(Refusal::invalid("web.form_unreadable"));
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(|_| broken())?.to_vec();
        }
    }
    let report = blocking(move || sheet::answers_in(&ctx, &bytes)).await;
    let shell =
        desk.shell("quality-answers").nav("leads").crumb(desk.l.t("quality-title"), "/checks");
    match report {
        Ok(report) => page(&shell, body(&desk, Some(&report), None)),
        Err(Error::Refusal(refusal)) => page(&shell, body(&desk, None, Some(&refusal))),
        Err(fault) => Err(fault.into()),
    }
}
