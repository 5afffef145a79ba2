//! The comparison with departments as a workbook: `GET /cases/questions/export`, `GET` and `POST /cases/questions/answers`.

use askama::Template;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use kernel::error::{Error, Refusal};
use kernel::permission::Permission;
use web::ui::{Csrf, Errors, Field};
use web::{Answer as Answered, CtxOf, Desk, Fields, L, Secret, blocking, page_of_form};

use super::super::answers_in::{self, Report};
use crate::papers::xlsx_answer;

/// `GET /cases/questions/export`: the questions that wait, to be filled in by the office.
pub async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    let l = desk.l;
    let office = desk.address.get("office").map(str::to_owned);
    let bytes = blocking(move || answers_in::questions_out(&ctx, l, office.as_deref())).await?;
    Ok(xlsx_answer("comparison", bytes))
}

#[derive(Template)]
#[template(path = "cases/templates/answers.html")]
struct AnswersPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    file: Field,
    report: Option<String>,
    lines: Vec<(String, String, String)>,
}

fn shown(desk: &Desk, report: Option<&Report>, refused: Option<&Refusal>) -> Answered {
    let l = desk.l;
    let lines = report.iter().flat_map(|report| &report.rows).map(|row| {
        let what = match &row.refused {
            None => l.t("screening-answers-taken"),
            Some(refusal) => web::words_of_refusal(l, refusal).0,
        };
        (row.row.to_string(), row.number.clone(), what)
    });
    let body = AnswersPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        file: Field::input("file", "file", l.t("screening-answers-file"))
            .help(l.t("cases-answers-help"))
            .filled(l, &Fields::default(), refused),
        lines: lines.collect(),
        report: report.map(|report| {
            let refused = report.rows.len() - report.taken();
            l.t_args(
                "screening-answers-report",
                &[
                    ("taken", report.taken().into()),
                    ("refused", refused.into()),
                    ("blank", report.blank.into()),
                ],
            )
        }),
    };
    let shell = desk
        .shell("cases-answers")
        .nav("cases")
        .crumb(l.t("cases-questions-title"), "/cases/questions");
    page_of_form(&shell, body, refused)
}

/// `GET /cases/questions/answers`: where the workbook comes back.
pub async fn page(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    ctx.permit(Permission::CaseCompare)?;
    shown(&desk, None, None)
}

/// `POST /cases/questions/answers`
pub async fn post(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    secret: Secret,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Answered {
    ctx.permit(Permission::CaseCompare)?;
    let mut form = form.map_err(|_| Error::from(Refusal::invalid("web.form_unreadable")))?;
    secret.admit(&mut form).await?;
    let mut bytes = Vec::new();
    let broken = || Error::from(Refusal::invalid("web.form_unreadable"));
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(|_| broken())?.to_vec();
        }
    }
    match blocking(move || answers_in::answers_in(&ctx, &bytes)).await {
        Ok(report) => shown(&desk, Some(&report), None),
        Err(Error::Refusal(refusal)) => shown(&desk, None, Some(&refusal)),
        Err(fault) => Err(fault.into()),
    }
}
