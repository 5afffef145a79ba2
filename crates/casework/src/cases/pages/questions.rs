//! `GET /cases/questions`: what departments are asked about households that have consented; `POST …/{id}/{item}`: an answer.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind};
use kernel::ids::CaseId;
use kernel::permission::Permission;
use registry::policies::ShippedCodes;
use store::Ctx;
use web::ui::{Choice, Csrf, Empty, Errors, Field};
use web::{Act, Answer as Answered, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::queries::comparison::Waiting;
use super::super::record::{self, OfficeAnswer};
use crate::departments::office_name;

struct Row {
    href: String,
    number: String,
    household: String,
    place: String,
    question: String,
    office: String,
    asked_on: String,
    open: bool,
    action: String,
}

#[derive(Template)]
#[template(path = "cases/templates/questions.html")]
struct QuestionsPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    rows: Vec<Row>,
    fields: Vec<Field>,
    empty: Empty,
}

fn row(l: L, wish: &str, one: &Waiting) -> Row {
    let key = format!("{}.{}", one.case.0, one.item);
    Row {
        href: format!("/cases/questions?do={key}#{key}"),
        number: one.case.1.clone(),
        household: format!("{} {}", one.household.1, one.household.0),
        place: format!("{} {}", one.place.1, one.place.0).trim().to_owned(),
        question: ShippedCodes::Exclusions.words_of(&one.item, l.0),
        office: office_name(l, &one.office),
        asked_on: one.asked_on.to_string(),
        open: key == wish,
        action: format!("/cases/questions/{}/{}", one.case.0, one.item),
    }
}

async fn shown(
    ctx: Ctx,
    desk: Desk,
    sent: Fields,
    (wish, refused): (String, Option<Refusal>),
) -> Answered {
    let l = desk.l;
    let office = desk.address.get("office").map(str::to_owned);
    let waiting = blocking(move || record::waiting(&ctx, office.as_deref())).await?;
    let choices =
        ["none", "hit"].map(|code| Choice::new(code, l.t(&format!("cases-answer-{code}"))));
    let fields = [
        Field::radio("answer", l.t("cases-answer"), choices.into()),
        Field::area("found", l.t("cases-found")).help(l.t("cases-found-help")),
    ];
    let body = QuestionsPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        rows: waiting.iter().map(|one| row(l, &wish, one)).collect(),
        fields: fields.into_iter().map(|field| field.filled(l, &sent, refused.as_ref())).collect(),
        empty: Empty::new(l.t("cases-no-questions"), l.t("cases-no-questions-help")),
    };
    let export =
        desk.address.to_string().replacen("/cases/questions", "/cases/questions/export", 1);
    let shell = desk
        .shell("cases-questions")
        .nav("cases")
        .wide()
        .act(Act::new(l.t("web-export"), export).icon("export"))
        .act(Act::new(l.t("cases-answers-title"), "/cases/questions/answers").icon("intake"));
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /cases/questions`
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    ctx.permit(Permission::CaseCompare)?;
    let wish = desk.address.get("do").unwrap_or_default().to_owned();
    shown(ctx, desk, Fields::default(), (wish, None)).await
}

/// `POST /cases/questions/{id}/{item}`
pub async fn answer(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, item))): (Desk, Path<(CaseId, String)>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseCompare)?;
    let (acting, form, key) = (ctx.clone(), sent.clone(), format!("{id}.{item}"));
    let result = blocking(move || {
        let hit = match form.text("answer") {
            "none" => false,
            "hit" => true,
            _ => {
                return Err(Refusal::invalid("cases.fields")
                    .field("answer", "web.required")
                    .into());
            }
        };
        let answer = OfficeAnswer { hit, found: form.text("found").to_owned() };
        record::answer_question(&acting, (id, &item), &answer)
    })
    .await;
    match result {
        Ok(()) => done("/cases/questions", "cases-answered-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            shown(ctx, desk, sent, (key, Some(refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
