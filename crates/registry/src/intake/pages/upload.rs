//! Sending a file: `GET` and `POST /intake/new`.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartRejection;
use axum::response::{IntoResponse, Redirect};
use kernel::error::{Error, Refusal};
use kernel::permission::Permission;
use kernel::time::{Month, Period};
use web::ui::{Csrf, Errors, Field};
use web::{Answer, CtxOf, Desk, Failure, Fields, L, Secret, blocking, page_of_form};

use super::said;
use crate::intake::deliver::{Desk as Tools, Upload};
use crate::intake::jobs::Jobs;

#[derive(Template)]
#[template(path = "intake/templates/upload.html")]
struct UploadPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    file: Field,
    period: Field,
    limit: String,
    lists: Vec<(String, String)>,
}

fn form_page(tools: &Tools, desk: &Desk, (fields, refusal): (&Fields, Option<&Refusal>)) -> Answer {
    let l = desk.l;
    let limit = said::size(usize::try_from(tools.limits.file_bytes).unwrap_or(usize::MAX));
    let mut lists: Vec<(String, String)> = Vec::new();
    for template in tools.templates.iter() {
        let line = (
            said::list(l, &tools.templates, &template.list),
            said::department(l, &template.department),
        );
        if !lists.contains(&line) {
            lists.push(line);
        }
    }
    let body = UploadPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal),
        file: Field::input("file", "file", l.t("intake-file"))
            .help(l.t1("intake-file-help", "limit", &limit))
            .required()
            .filled(l, fields, refusal),
        period: Field::input("month", "period", l.t("intake-period"))
            .help(l.t("intake-period-help"))
            .filled(l, fields, refusal),
        limit,
        lists,
    };
    let shell = desk.shell("intake-new").nav("intake").crumb(l.t("nav-intake"), "/intake");
    page_of_form(&shell, body, refusal)
}

/// `GET /intake/new`
pub async fn form(CtxOf(ctx): CtxOf, Extension(tools): Extension<Tools>, desk: Desk) -> Answer {
    ctx.permit(Permission::IntakeUpload)?;
    form_page(&tools, &desk, (&Fields::default(), None))
}

/// What came in an upload.
#[derive(Default)]
struct Sent {
    name: String,
    bytes: Vec<u8>,
    period: String,
}

/// Reads the parts of an upload; the file only as far as it may be long.
async fn receive(mut upload: Multipart, limit: u64) -> Result<Sent, Failure> {
    let unreadable = |_| Error::Refusal(Refusal::invalid("web.form_unreadable"));
    let mut sent = Sent::default();
    while let Some(mut field) = upload.next_field().await.map_err(unreadable)? {
        match field.name() {
            Some("period") => {
                sent.period = field.text().await.map_err(unreadable)?.trim().to_owned()
            }
            Some("file") => {
                sent.name = field.file_name().unwrap_or_default().to_owned();
                while let Some(piece) = field.chunk().await.map_err(unreadable)? {
                    sent.bytes.extend_from_slice(&piece);
                    if u64::try_from(sent.bytes.len()).unwrap_or(u64::MAX) > limit {
                        let mb = (limit / 1_048_576).to_string();
                        let refusal = Refusal::too_many("intake.file_too_large").arg("limit", mb);
                        return Err(Failure::from(refusal));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(sent)
}

fn check(sent: &Sent) -> Result<Option<Period>, Refusal> {
    if sent.name.is_empty() || sent.bytes.is_empty() {
        return Err(Refusal::invalid("intake.no_file").field("file", "web.required"));
    }
    match sent.period.as_str() {
        "" => Ok(None),
        month => match Month::parse(month) {
            Ok(month) => Ok(Some(month.period())),
            Err(_) => Err(Refusal::invalid("intake.no_file").field("period", "web.not_a_month")),
        },
    }
}

/// `POST /intake/new`: the file is kept, reading begins, its page shows how far it is.
pub async fn take(
    (CtxOf(ctx), secret): (CtxOf, Secret),
    Extension(tools): Extension<Tools>,
    Extension(jobs): Extension<Jobs>,
    desk: Desk,
    upload: std::result::Result<Multipart, MultipartRejection>,
) -> Answer {
    ctx.permit(Permission::IntakeUpload)?;
    let mut upload = upload.map_err(|_| Failure::from(Refusal::invalid("web.form_unreadable")))?;
    secret.admit(&mut upload).await?;
    let sent = match receive(upload, tools.limits.file_bytes).await {
        Ok(sent) => sent,
        Err(failure) => {
            return match failure.refusal() {
                Some(refusal) => form_page(&tools, &desk, (&Fields::default(), Some(refusal))),
                None => Err(failure),
            };
        }
    };
    let period = match check(&sent) {
        Ok(period) => period,
        Err(refusal) => {
            let fields = Fields::default().with("period", &sent.period);
            return form_page(&tools, &desk, (&fields, Some(&refusal)));
        }
    };
    let upload = Upload { name: sent.name, bytes: Arc::from(sent.bytes) };
    let id = blocking(move || jobs.start(&ctx, &tools, upload, period)).await?;
    Ok(Redirect::to(&format!("/intake/readings/{id}")).into_response())
}
