//! One parameter: every value it has had and will have, and the form for another one.

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{DocumentId, DraftId};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer, Checks, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::model::{Change, Document, DocumentState, Draft, Stance};
use super::super::parameter::Parameter;
use super::super::{NewValue, queries};
use super::into::{draft_field, open_drafts, put_into};
use super::{today, value_words};
use crate::areas;

struct ValueRow {
    area: String,
    from: String,
    to: String,
    value: String,
    source: String,
    holds: bool,
}

#[derive(Template)]
#[template(path = "policies/templates/parameter.html")]
struct ParameterPage {
    l: L,
    id: String,
    now: String,
    values: Vec<ValueRow>,
    form: Option<(Csrf, Errors, Vec<Field>)>,
}

struct Found {
    parameter: Parameter,
    places: Vec<(AreaCode, String)>,
    documents: Vec<Document>,
    drafts: Vec<Draft>,
    home: Option<AreaCode>,
}

fn found(ctx: &Ctx, id: &str) -> Result<Found> {
    ctx.permit(Permission::PolicySee)?;
    let mut session = ctx.read()?;
    let pack = queries::find_pack_on(&mut session, ctx.today)?;
    let parameter = pack.and_then(|pack| pack.parameters.into_iter().find(|one| one.id == id));
    let missing = || Error::from(Refusal::not_found("policies.no_parameter").arg("id", id));
    let home = super::home(ctx);
    let mut places = Vec::new();
    for area in areas::list_areas(&mut session, ctx.actor.home)? {
        if area.span.is_open() && area.row.level != kernel::area::AreaLevel::Village {
            places.push((area.row.code, area.row.name));
        }
    }
    let mut documents = queries::list_documents(&mut session)?;
    documents.retain(|one| one.state == DocumentState::InForce);
    let drafts = open_drafts(&mut session)?;
    Ok(Found { parameter: parameter.ok_or_else(missing)?, places, documents, drafts, home })
}

fn form(
    desk: &Desk,
    found: &Found,
    (sent, refused): (Option<&Fields>, Option<&Refusal>),
) -> (Csrf, Errors, Vec<Field>) {
    let l = desk.l;
    let fresh = Fields::default();
    let fields = sent.unwrap_or(&fresh);
    let label = match found.parameter.unit.title().get(l.0) {
        "" => l.t("policies-new-number"),
        unit => l.t1("policies-new-value", "unit", unit),
    };
    let whole = Choice::new("", l.t("policies-everywhere"));
    let places = found.places.iter().map(|(code, name)| Choice::new(code.as_str(), name));
    let no_document = Choice::new("", l.t("policies-no-document"));
    let documents = found.documents.iter().map(|one| Choice::new(one.id.to_string(), one.named()));
    let choices = |first: Choice, others: &mut dyn Iterator<Item = Choice>| {
        std::iter::once(first).chain(others).collect::<Vec<_>>()
    };
    let made = vec![
        Field::text("value", label).required(),
        Field::select("area", l.t("policies-where"), choices(whole, &mut places.into_iter())),
        Field::select(
            "document",
            l.t("policies-document"),
            choices(no_document, &mut documents.into_iter()),
        ),
        Field::text("why", l.t("policies-why")).help(l.t("policies-why-help")),
        draft_field(l, &found.drafts),
    ];
    let made: Vec<Field> = made.into_iter().map(|field| field.filled(l, fields, refused)).collect();
    (Csrf(desk.csrf.clone()), Errors::new(l, refused).labelled(l, &made), made)
}

async fn shown(
    (ctx, desk, id): (Ctx, Desk, String),
    sent: (Option<&Fields>, Option<&Refusal>),
) -> Answer {
    let (l, day) = (desk.l, ctx.today);
    let manages = desk.may(Permission::PolicyManage);
    let found = blocking(move || found(&ctx, &id)).await?;
    let parameter = &found.parameter;
    let place = |code: Option<AreaCode>| match code {
        None => l.t("policies-everywhere"),
        Some(code) => {
            let known = found.places.iter().find(|(known, _)| *known == code);
            known.map_or_else(|| code.prefix().to_owned(), |(_, name)| name.clone())
        }
    };
    let values = parameter.values.iter().map(|value| ValueRow {
        area: place(value.area),
        from: value.from.to_string(),
        to: value.to.map(|to| to.to_string()).unwrap_or_default(),
        value: value_words(l, parameter, &value.value),
        source: l
            .half(value.source.as_deref().or(value.set_locally.as_deref()).unwrap_or_default()),
        holds: value.from <= day && value.to.is_none_or(|to| day <= to),
    });
    let mut values: Vec<ValueRow> = values.collect();
    values.reverse();
    let body = ParameterPage {
        l,
        id: parameter.id.clone(),
        now: found.home.map(|home| today(l, parameter, (home, day)).0).unwrap_or_default(),
        values,
        form: manages.then(|| form(&desk, &found, sent)),
    };
    let shell = desk
        .untitled()
        .title(parameter.title.get(l.0))
        .lead(l.t1("policies-parameter-lead", "id", &parameter.id))
        .nav("policies")
        .crumb(l.t("policies-list-title"), "/policies")
        .here(parameter.title.get(l.0));
    page_of_form(&shell, body, sent.1)
}

/// `GET /policies/parameters/{id}`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    shown((ctx, desk, id), (None, None)).await
}

/// Puts the value into a draft: one that is open, or a new one from tomorrow on.
fn put_value(ctx: &Ctx, id: &str, title: &str, fields: &Fields) -> Result<DraftId> {
    ctx.permit(Permission::PolicyManage)?;
    let mut checks = Checks::new(fields);
    let value = checks.required("value");
    let document: Option<DocumentId> = fields.text("document").parse().ok();
    if document.is_none() && fields.text("why").is_empty() {
        checks.wrong("why", "policies.unfit_source");
    }
    checks.finish("policies.value_form")?;
    let source = match document {
        Some(id) => Some(queries::load_document(&mut ctx.read()?, id)?.named()),
        None => None,
    };
    let set_locally = source.is_none().then(|| fields.text("why").to_owned());
    let new = NewValue {
        parameter: id.to_owned(),
        area: fields.text("area").to_owned(),
        value: value.unwrap_or_default().to_owned(),
        source,
        set_locally,
    };
    let title = format!("{title} → {}", new.value);
    put_into(ctx, fields, (title, Stance::Adjusted, document), Change::Value(new))
}

/// `POST /policies/parameters/{id}`
pub async fn put(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>, fields: Fields) -> Answer {
    let l = desk.l;
    let (acting, sent, name) = (ctx.clone(), fields.clone(), id.clone());
    let made = blocking(move || {
        let title = found(&acting, &name)?.parameter.title.get(l.0).to_owned();
        put_value(&acting, &name, &title, &sent)
    });
    match made.await {
        Ok(draft) => done(&format!("/policies/drafts/{draft}"), "policies-put-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            shown((ctx, desk, id), (Some(&fields), Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
