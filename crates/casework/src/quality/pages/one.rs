//! `GET /checks/{check}/{household}`: one question with its values and where they come from, and the form that answers it.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::ids::HouseholdId;
use kernel::permission::Permission;
use registry::areas;
use store::Ctx;
use web::ui::{Chip, Choice, Csrf, Errors, Field, Note, Tone, Why};
use web::{Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, Given, View};
use super::super::codes;
use super::super::model::{Kind, State};
use super::{by, said, state_chip};
use crate::screening::explained;

struct Past {
    question: String,
    said: String,
    by: String,
    replaced: bool,
    merged: Option<String>,
}

#[derive(Template)]
#[template(path = "quality/templates/one.html")]
struct OnePage {
    l: L,
    action: String,
    household: String,
    csrf: Csrf,
    errors: Errors,
    state: Option<Chip>,
    whose: String,
    note: Option<Note>,
    why: Option<Why>,
    named: Vec<String>,
    seen: String,
    answering: Option<(Field, Field, Field)>,
    mend: Option<String>,
    past: Vec<Past>,
}

fn id_of(text: &str) -> Result<HouseholdId> {
    let missing = || Error::from(Refusal::not_found("quality.not_found"));
    HouseholdId::parse(text).map_err(|_| missing())
}

type Shown = (View, Option<Why>, Vec<(kernel::area::AreaCode, String)>);

fn found(ctx: &Ctx, l: L, check: &str, household: HouseholdId) -> Result<Shown> {
    let view = actions::show(ctx, check, household)?;
    let permit = ctx.permit(Permission::CheckSee)?;
    let mut session = ctx.read()?;
    let path = areas::path_of(&mut session, view.whose.village)?;
    let why = match (&view.question, view.book.rule(view.check)) {
        (Some(question), Some(rule)) => Some(explained(
            (ctx, l),
            (&mut session, &permit),
            (&view.book.bound, rule),
            (household, view.whose.village),
            &question.found.hit,
        )?),
        _ => None,
    };
    Ok((view, why, path))
}

/// The fields of an answer.
fn fields(l: L, sent: &Fields, refused: Option<&Refusal>) -> Result<(Field, Field, Field)> {
    let kinds = Kind::ALL.into_iter().map(|kind| {
        Choice::new(kind.code(), l.t(&format!("quality-kind-{}", kind.code())))
            .help(l.t(&format!("quality-kind-{}-help", kind.code())))
    });
    let first = Choice::new("", l.t("quality-no-code"));
    let known = codes::offered()?.map(|one| Choice::new(one.code.as_str(), one.words(l.0)));
    let code = std::iter::once(first).chain(known).collect();
    Ok((
        Field::radio("kind", l.t("quality-answer"), kinds.collect()).filled(l, sent, refused),
        Field::select("code", l.t("quality-code"), code).filled(l, sent, refused),
        Field::area("words", l.t("quality-words"))
            .help(l.t("quality-words-help"))
            .filled(l, sent, refused),
    ))
}

async fn one(
    ctx: Ctx,
    desk: Desk,
    (check, household, sent): (String, HouseholdId, Fields),
    refused: Option<Refusal>,
) -> Page {
    let l = desk.l;
    let asked = check.clone();
    let (view, why, path) = blocking(move || found(&ctx, l, &asked, household)).await?;
    let state = view.question.as_ref().map(|question| question.state);
    let waits = matches!(state, Some(State::Open | State::Mending));
    let may = waits && desk.may(Permission::CheckAnswer);
    let title = view.book.checks.get(view.check).map(|check| check.def.title.get(l.0).to_owned());
    let title = title.unwrap_or_default();
    let now = view.question.as_ref().and_then(|question| question.answer.as_ref());
    let note = match (state, now) {
        (None, _) => Some(Note::new(Tone::Green, l.t("quality-gone"), l.t("quality-gone-help"))),
        (Some(State::Answered), Some(answer)) => {
            Some(Note::new(Tone::Green, said(l, answer), l.t1("quality-silent", "by", by(answer))))
        }
        (Some(State::Mending), Some(answer)) => {
            Some(Note::new(Tone::Accent, said(l, answer), l.t1("quality-mends", "by", by(answer))))
        }
        _ => None,
    };
    let corrects = desk.may(Permission::HouseholdPropose) || desk.may(Permission::HouseholdConfirm);
    let mend = (view.question.is_some() && corrects)
        .then(|| format!("/households/{household}/change/correct"));
    let answering = if may { Some(fields(l, &sent, refused.as_ref())?) } else { None };
    let past = |answer: &super::super::queries::Answered| Past {
        question: if l.is_zh() { answer.question.0.clone() } else { answer.question.1.clone() },
        said: said(l, answer),
        by: by(answer),
        replaced: answer.replaced,
        merged: answer.merged.as_ref().map(|number| l.t1("quality-merged", "number", number)),
    };
    let whose = &view.whose;
    let head = whose.head.clone().unwrap_or_else(|| whose.number.clone());
    let body = OnePage {
        l,
        action: format!("/checks/{check}/{household}/answer"),
        household: format!("/households/{household}"),
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        state: state.map(|state| state_chip(l, state)),
        whose: format!("{head} · {} · {}", whose.number, whose.village_name),
        note,
        why,
        named: view
            .question
            .iter()
            .flat_map(|question| question.found.named.iter().map(|(_, name)| name.clone()))
            .collect(),
        seen: view.question.as_ref().map(actions::Question::seen).unwrap_or_default(),
        answering,
        mend,
        past: view.answers.iter().map(past).collect(),
    };
    let mut shell = desk
        .untitled()
        .title(format!("{head} · {title}"))
        .nav("leads")
        .crumb(l.t("quality-title"), "/checks");
    for step in &path {
        shell = shell.area(step, format!("/areas?area={}", step.0));
    }
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /checks/{check}/{household}`
pub async fn show(
    CtxOf(ctx): CtxOf,
    (desk, Path((check, household))): (Desk, Path<(String, String)>),
) -> Page {
    let household = id_of(&household)?;
    one(ctx, desk, (check, household, Fields::default()), None).await
}

/// `POST /checks/{check}/{household}/answer`
pub async fn answer(
    CtxOf(ctx): CtxOf,
    (desk, Path((check, household))): (Desk, Path<(String, String)>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::CheckAnswer)?;
    let household = id_of(&household)?;
    let kind = Kind::of(sent.text("kind"));
    let given = kind.map(|kind| Given {
        check: check.clone(),
        household,
        seen: sent.text("seen").to_owned(),
        kind,
        code: sent.text("code").to_owned(),
        words: sent.text("words").to_owned(),
    });
    let acting = ctx.clone();
    let result = blocking(move || match given {
        Some(given) => actions::answer(&acting, &given),
        None => {
            let refusal = Refusal::invalid("quality.kind_needed").field("kind", "web.required");
            Err(refusal.into())
        }
    })
    .await;
    let correct = format!("/households/{household}/change/correct");
    match result {
        Ok(()) if kind == Some(Kind::Mending) && desk.may(Permission::HouseholdPropose) => {
            done(&correct, "quality-mending-done")
        }
        Ok(()) => done(&format!("/households/{household}"), "quality-answered-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            one(ctx, desk, (check, household, sent), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
