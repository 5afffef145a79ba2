//! What came back to an office as wrong, and what it says about it: row by row, or in a workbook.

use askama::Template;
use axum::Extension;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path};
use kernel::error::{Error, Refusal};
use kernel::permission::Permission;
use registry::intake;
use registry::intake::batch::place_of;
use web::ui::{Chip, Csrf, Empty, Errors, Field, Note, Tone};
use web::{Act, Answer as Page, CtxOf, Desk, Fields, L, Secret, blocking, done, page_of_form};

use super::super::actions::say;
use super::super::look::{AllBack, Back, BackOf, all_back};
use super::super::model::RowSaid;
use super::super::sheet::{SaidReport, said_in};
use super::{list_name, office_name, reason_words};

struct Item {
    subject: String,
    title: String,
    /// Its page, for who may open it.
    href: Option<String>,
    who: String,
    sentences: Vec<String>,
    why: String,
    said: Option<Note>,
}

#[derive(Template)]
#[template(path = "departments/templates/returned.html")]
struct BackPage {
    l: L,
    code: String,
    csrf: Csrf,
    errors: Errors,
    items: Vec<Item>,
    unread: Vec<(Option<String>, String, Chip)>,
    answering: Option<Vec<(&'static str, String, String)>>,
    sent: (String, String, String),
    file: Option<Field>,
    report: Option<String>,
    refused: Vec<(String, String)>,
    empty: Empty,
}

fn item((desk, tools): (&Desk, &intake::Desk), one: &Back) -> Item {
    let l = desk.l;
    let said = one.said.as_ref().map(|said| {
        let title = l.t_args(
            "departments-said-by",
            &[
                ("said", l.t(&format!("departments-said-{}", said.said)).into()),
                ("who", (&said.by).into()),
                ("day", said.on.to_string().into()),
            ],
        );
        Note::new(Tone::Green, title, said.words.clone().unwrap_or_default())
    });
    match &one.what {
        BackOf::Lead(reasons) => {
            let first = reasons.first();
            let who = first.map(|one| {
                let parts = [Some(one.village.clone()), one.head.clone(), one.number.clone()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
            });
            Item {
                subject: one.subject.clone(),
                title: l.t("departments-back-lead-line"),
                href: first.map(|one| format!("/leads/{}", one.lead)),
                who: who.unwrap_or_default(),
                sentences: reasons
                    .iter()
                    .map(|one| if l.is_zh() { one.zh.clone() } else { one.en.clone() })
                    .collect(),
                why: first.map(|one| reason_words(l, one)).unwrap_or_default(),
                said,
            }
        }
        BackOf::Row(row) => Item {
            subject: one.subject.clone(),
            title: l.t("departments-back-row"),
            href: desk
                .may(Permission::IntakeSee)
                .then(|| format!("/intake/batches/{}/rows/{}", row.batch, row.key)),
            who: format!(
                "{} · {} · {}",
                list_name(l, &tools.templates, &row.list),
                row.file,
                l.t1("departments-row", "n", place_of(row.key).1.to_string())
            ),
            sentences: vec![l.t("departments-back-row-sentence")],
            why: l.t_args(
                "departments-back-by",
                &[("who", (&row.by).into()), ("day", row.on.to_string().into())],
            ),
            said,
        },
    }
}

fn choices(l: L) -> Vec<(&'static str, String, String)> {
    let choice = |said: &RowSaid| {
        let word = l.t(&format!("departments-said-{said}"));
        (said.code(), word, l.t(&format!("departments-said-{said}-help")))
    };
    RowSaid::ALL.iter().map(choice).collect()
}

/// What is shown again after something was sent.
#[derive(Default)]
struct After {
    sent: Fields,
    refused: Option<Refusal>,
    report: Option<SaidReport>,
}

fn body(
    desk: &Desk,
    tools: &intake::Desk,
    (code, all): (&str, &AllBack),
    after: &After,
) -> BackPage {
    let l = desk.l;
    let answers = desk.may(Permission::DeliveryAnswer);
    let unread = all.unread.iter().map(|file| {
        let name = format!("{} · {}", list_name(l, &tools.templates, &file.list), file.file);
        let chip = Chip::new(Tone::Amber, l.t1("departments-unread-rows", "n", file.rows));
        let href = desk
            .may(Permission::IntakeSee)
            .then(|| format!("/intake/batches/{}/rows?outcome=rejected", file.batch));
        (href, name, chip)
    });
    let report = after.report.as_ref();
    let refused = report.iter().flat_map(|report| &report.rows).filter_map(|row| {
        let refusal = row.refused.as_ref()?;
        Some((row.row.to_string(), web::words_of_refusal(l, refusal).0))
    });
    let refused: Vec<(String, String)> = refused.collect();
    BackPage {
        l,
        code: code.to_owned(),
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, after.refused.as_ref()),
        items: all.back.iter().map(|one| item((desk, tools), one)).collect(),
        unread: unread.collect(),
        answering: answers.then(|| choices(l)),
        sent: {
            let of = |name: &str| after.sent.text(name).to_owned();
            (of("subject"), of("said"), of("words"))
        },
        file: answers.then(|| {
            Field::input("file", "file", l.t("departments-back-file"))
                .help(l.t("departments-back-file-help"))
        }),
        report: report.map(|report| {
            l.t_args(
                "departments-back-report",
                &[
                    ("taken", (report.rows.len() - refused.len()).into()),
                    ("refused", refused.len().into()),
                    ("blank", report.blank.into()),
                ],
            )
        }),
        refused,
        empty: Empty::new(l.t("departments-back-none"), l.t("departments-back-none-help")),
    }
}

async fn show(
    ctx: store::Ctx,
    tools: intake::Desk,
    (desk, code): (Desk, String),
    after: After,
) -> Page {
    let l = desk.l;
    let asked = code.clone();
    let all = blocking(move || all_back(&ctx, &asked)).await?;
    let shell = desk
        .shell("departments-back")
        .nav("departments")
        .crumb(office_name(l, &code), format!("/departments/{code}"))
        .act(Act::new("Excel", format!("/departments/{code}/export/returned")).icon("export"))
        .act(Act::print(l));
    page_of_form(&shell, body(&desk, &tools, (&code, &all), &after), after.refused.as_ref())
}

/// `GET /departments/{code}/returned`
pub async fn list(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    (desk, Path(code)): (Desk, Path<String>),
) -> Page {
    show(ctx, tools, (desk, code), After::default()).await
}

/// `POST /departments/{code}/returned`: the office says what became of one.
pub async fn say_post(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    (desk, Path(code)): (Desk, Path<String>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::DeliveryAnswer)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let said = form.text("said").parse::<RowSaid>().map_err(|_| {
            let refusal = Refusal::invalid("departments.not_an_answer");
            Error::from(refusal.field("said", "web.required"))
        })?;
        say(&acting, form.text("subject"), said, form.text("words"))
    })
    .await;
    match result {
        Ok(()) => done(&format!("/departments/{code}/returned"), "departments-said-done"),
        Err(Error::Refusal(refusal)) if refusal.code != "departments.not_back" => {
            let after = After { sent, refused: Some(refusal), report: None };
            show(ctx, tools, (desk, code), after).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /departments/{code}/returned/workbook`: the workbook comes back.
pub async fn workbook_post(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<intake::Desk>,
    ((desk, Path(code)), secret): ((Desk, Path<String>), Secret),
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Page {
    ctx.permit(Permission::DeliveryAnswer)?;
    let broken = || Error::from(Refusal::invalid("web.form_unreadable"));
    let mut form = form.map_err(|_| broken())?;
    secret.admit(&mut form).await?;
    let mut bytes = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        if field.name() == Some("file") {
            bytes = field.bytes().await.map_err(|_| broken())?.to_vec();
        }
    }
    let acting = ctx.clone();
    let after = match blocking(move || said_in(&acting, &bytes)).await {
        Ok(report) => After { report: Some(report), ..After::default() },
        Err(Error::Refusal(refusal)) => After { refused: Some(refusal), ..After::default() },
        Err(fault) => return Err(fault.into()),
    };
    show(ctx, tools, (desk, code), after).await
}
