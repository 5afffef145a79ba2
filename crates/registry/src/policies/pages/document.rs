//! The form of a document behind policy.

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DocumentId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, Checks, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions;
use super::super::model::{Document, DocumentKind, DocumentState};
use super::super::queries;

#[derive(Template)]
#[template(path = "policies/templates/form.html")]
struct DocumentForm {
    l: L,
    csrf: Csrf,
    errors: Errors,
    action: String,
    fields: Vec<Field>,
    button: String,
}

fn fields_of(document: &Document) -> Fields {
    let text = |day: Option<kernel::time::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    Fields::default()
        .with("number", &document.number)
        .with("title", &document.title)
        .with("issuer", &document.issuer)
        .with("kind", document.kind)
        .with("state", document.state)
        .with("issued_on", text(document.issued_on))
        .with("valid_from", document.valid_from)
        .with("valid_to", text(document.valid_to))
        .with("area", document.area.map(|area| area.prefix().to_owned()).unwrap_or_default())
        .with("supersedes", document.supersedes.map(|id| id.to_string()).unwrap_or_default())
        .with("parent", document.parent.map(|id| id.to_string()).unwrap_or_default())
        .with("run_out", document.run_out_months.map(|n| n.to_string()).unwrap_or_default())
        .with("note", &document.note)
}

fn form_fields(l: L, others: &[Document]) -> Vec<Field> {
    let kinds = DocumentKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), l.t(&format!("policies-kind-{kind}"))));
    let states = DocumentState::ALL
        .iter()
        .map(|state| Choice::new(state.code(), l.t(&format!("policies-document-{state}"))));
    let mut earlier = vec![Choice::new("", l.t("policies-supersedes-none"))];
    earlier.extend(others.iter().map(|one| Choice::new(one.id.to_string(), one.named())));
    let mut above = vec![Choice::new("", l.t("policies-parent-none"))];
    above.extend(others.iter().map(|one| Choice::new(one.id.to_string(), one.named())));
    let label = |name: &str| l.t(&format!("policies-field-{name}"));
    vec![
        Field::text("number", label("number")).help(l.t("policies-number-help")).required(),
        Field::text("title", label("title")).required(),
        Field::text("issuer", label("issuer")).required(),
        Field::radio("kind", label("kind"), kinds.collect()),
        Field::radio("state", label("state"), states.collect()),
        Field::input("date", "issued_on", label("issued_on")),
        Field::input("date", "valid_from", label("valid_from")).required(),
        Field::input("date", "valid_to", label("valid_to")),
        Field::input("number", "run_out", label("run_out")).help(l.t("policies-run-out-help")),
        Field::text("area", label("area")).help(l.t("policies-area-help")),
        Field::select("parent", label("parent"), above).help(l.t("policies-parent-help")),
        Field::select("supersedes", label("supersedes"), earlier),
        Field::area("note", label("note")).help(l.t("policies-note-help")),
    ]
}

async fn form_page(
    (ctx, desk, id): (Ctx, Desk, Option<DocumentId>),
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let (l, today) = (desk.l, ctx.today);
    let found = blocking(move || -> Result<(Option<Document>, Vec<Document>)> {
        ctx.permit(Permission::PolicyManage)?;
        let mut session = ctx.read()?;
        let known = id.map(|id| queries::load_document(&mut session, id)).transpose()?;
        Ok((known, queries::list_documents(&mut session)?))
    });
    let (known, others) = found.await?;
    let fresh = match &known {
        Some(document) => fields_of(document),
        None => Fields::default()
            .with("kind", DocumentKind::Document)
            .with("state", DocumentState::InForce)
            .with("valid_from", today),
    };
    let fields = sent.unwrap_or(&fresh);
    let others: Vec<Document> = others.into_iter().filter(|one| Some(one.id) != id).collect();
    let made: Vec<Field> =
        form_fields(l, &others).into_iter().map(|field| field.filled(l, fields, refused)).collect();
    let body = DocumentForm {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused).labelled(l, &made),
        action: id.map_or("/policies/documents/new".to_owned(), |id| {
            format!("/policies/documents/{id}/edit")
        }),
        fields: made,
        button: l.t("policies-document-save"),
    };
    let title = known.map_or_else(|| l.t("policies-new-document"), |one| one.named());
    let shell = desk
        .untitled()
        .title(title)
        .nav("policies")
        .crumb(l.t("policies-list-title"), "/policies")
        .crumb(l.t("policies-documents"), "/policies/documents");
    page_of_form(&shell, body, refused)
}

/// `GET /policies/documents/new`
pub async fn form(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    form_page((ctx, desk, None), (None, None)).await
}

/// `GET /policies/documents/{id}/edit`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    form_page((ctx, desk, Some(id_of(&id)?)), (None, None)).await
}

pub(super) fn id_of(text: &str) -> Result<DocumentId> {
    text.parse().map_err(|_| Refusal::not_found("policies.no_document").into())
}

fn read(ctx: &Ctx, id: Option<DocumentId>, fields: &Fields) -> Result<Document> {
    let mut checks = Checks::new(fields);
    let (number, title) = (checks.required("number"), checks.required("title"));
    let (issuer, from) = (checks.required("issuer"), checks.day("valid_from"));
    let mut day = |name: &'static str| match fields.text(name) {
        "" => None,
        _ => checks.day(name),
    };
    let (issued_on, valid_to) = (day("issued_on"), day("valid_to"));
    let area = match fields.text("area") {
        "" => None,
        code => {
            let read = AreaCode::parse_short(code).ok();
            if read.is_none() {
                checks.wrong("area", "policies.unfit_area");
            }
            read
        }
    };
    let run_out_months = fields.text("run_out").parse::<u32>().ok().filter(|n| *n <= 240);
    if run_out_months.is_none() && !fields.text("run_out").is_empty() {
        checks.wrong("run_out", "web.not_a_number");
    }
    checks.finish("policies.document_form")?;
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Ok(Document {
        id: id.unwrap_or_else(|| ctx.new_id()),
        number: owned(number),
        issuer: owned(issuer),
        title: owned(title),
        kind: fields.text("kind").parse().unwrap_or(DocumentKind::Document),
        state: fields.text("state").parse().unwrap_or(DocumentState::InForce),
        issued_on,
        valid_from: from.unwrap_or(ctx.today),
        valid_to,
        area,
        supersedes: fields.text("supersedes").parse().ok(),
        parent: fields.text("parent").parse().ok(),
        run_out_months,
        note: fields.text("note").to_owned(),
    })
}

async fn save((ctx, desk, id): (Ctx, Desk, Option<DocumentId>), fields: Fields) -> Answer {
    let (acting, sent) = (ctx.clone(), fields.clone());
    let saved = blocking(move || {
        acting.permit(Permission::PolicyManage)?;
        if let Some(id) = id {
            queries::load_document(&mut acting.read()?, id)?;
        }
        let document = read(&acting, id, &sent)?;
        actions::enter_document(&acting, &document)?;
        Ok(document.id)
    });
    match saved.await {
        Ok(id) => done(&format!("/policies/documents/{id}"), "policies-document-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            form_page((ctx, desk, id), (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /policies/documents/new`
pub async fn enter(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    save((ctx, desk, None), fields).await
}

/// `POST /policies/documents/{id}/edit`
pub async fn correct(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    save((ctx, desk, Some(id_of(&id)?)), fields).await
}
