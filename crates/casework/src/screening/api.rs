//! Leads for other programs: the list, one lead, an answer; within the caller's scope.

use axum::Json;
use axum::extract::{Path, Query};
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::LeadId;
use kernel::lang::Lang;
use kernel::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{CtxOf, Failure, L, blocking};

use super::actions::{self, Filter, LeadLine, Shown};
use super::model::{Answer, Outcome, State};
use super::pages::first_sentence;

/// The routes of this room for other programs.
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).routes(routes!(answer))
}

/// Which leads to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct LeadQuery {
    /// open (the default), second_look, answered, withdrawn, waiting.
    state: Option<String>,
    /// severe, serious, notice.
    severity: Option<String>,
    /// Only this area: a code, trailing zeros may be left out.
    area: Option<String>,
    /// With a reason by this rule.
    rule: Option<String>,
    /// Due on or before this day, YYYY-MM-DD.
    due_to: Option<String>,
    /// Go on after this key.
    after: Option<String>,
}

/// A lead in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadOut {
    /// Its id.
    id: String,
    /// household or village.
    level: String,
    /// Id of the household, of a lead about one.
    household: Option<String>,
    /// 户编号.
    household_number: Option<String>,
    /// Village code.
    village: String,
    /// severe, serious, notice.
    severity: String,
    /// Where it stands.
    state: String,
    /// Whose list shows it.
    department: String,
    /// The day by which it must be answered, YYYY-MM-DD.
    due_on: Option<String>,
    /// How it ended.
    outcome: Option<String>,
    /// The sentence of the gravest reason.
    explanation: String,
    /// The rules that hit.
    rules: Vec<String>,
    /// To be sent back with an answer.
    version: i64,
}

/// A page of leads.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadList {
    /// The leads, by their day.
    leads: Vec<LeadOut>,
    /// How many there are with this filter.
    total: i64,
    /// The key to go on after, if there are more.
    after: Option<String>,
}

/// A reason of a lead.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonOut {
    /// The rule.
    rule: String,
    /// severe, serious, notice.
    severity: String,
    /// The sentence with its numbers.
    explanation: String,
    /// The day it hit.
    hit_on: String,
    /// The day it no longer did.
    gone_on: Option<String>,
    /// The pack and version by which it hit.
    pack: String,
}

/// An answer that stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenOut {
    /// How the lead ended.
    outcome: String,
    /// The reason from the list.
    reason_code: Option<String>,
    /// The reason in words.
    reason: Option<String>,
    /// Who.
    by: String,
    /// When, UTC.
    at: String,
}

/// One lead.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadDetail {
    /// Its id.
    id: String,
    /// household or village.
    level: String,
    /// Id of the household.
    household: Option<String>,
    /// Village code.
    village: String,
    /// severe, serious, notice.
    severity: String,
    /// Where it stands.
    state: String,
    /// The day it was found.
    opened_on: String,
    /// The day by which it must be answered.
    due_on: Option<String>,
    /// Its reasons.
    reasons: Vec<ReasonOut>,
    /// The answer.
    answer: Option<GivenOut>,
    /// To be sent back with an answer.
    version: i64,
}

/// An answer to be given.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerIn {
    /// The version that was read.
    version: i64,
    /// risk_confirmed, no_risk, already_covered, helped_ordinary, not_found, wrong_data.
    outcome: String,
    /// The reason from the list.
    #[serde(default)]
    reason_code: String,
    /// The reason in words.
    #[serde(default)]
    reason: String,
}

/// What the lead became.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerOut {
    /// answered, or second_look where it was drawn.
    state: String,
}

fn filter_of(query: &LeadQuery) -> Result<Filter> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let mut filter = Filter::of(State::Open);
    if let Some(state) = given(&query.state) {
        filter.state = state.parse()?;
    }
    filter.severity = given(&query.severity).map(|text| text.parse()).transpose()?;
    filter.area = given(&query.area).map(|text| AreaCode::parse_short(&text)).transpose()?;
    filter.rule = given(&query.rule);
    filter.due_to = given(&query.due_to).map(|text| Day::parse(&text)).transpose()?;
    Ok(filter)
}

fn after_of(query: &LeadQuery) -> Option<(Day, LeadId)> {
    let (day, id) = query.after.as_deref()?.split_once('_')?;
    Some((Day::parse(day).ok()?, LeadId::parse(id).ok()?))
}

fn line_out(line: LeadLine, explanation: String) -> LeadOut {
    LeadOut {
        id: line.id.to_string(),
        level: line.level.code().to_owned(),
        household: line.household_id,
        household_number: line.household_number,
        village: line.village.to_string(),
        severity: line.severity.code().to_owned(),
        state: line.state.code().to_owned(),
        department: line.department,
        due_on: line.due_on.map(|day| day.to_string()),
        outcome: line.outcome.map(|outcome| outcome.code().to_owned()),
        explanation,
        rules: line.reasons.into_iter().map(|reason| reason.rule).collect(),
        version: line.version,
    }
}

/// The leads of the caller's scope.
///
/// # Errors
/// Refused without `lead.see`; *invalid* for a filter that is none.
#[utoipa::path(get, path = "/api/v1/leads", params(LeadQuery), tag = "leads",
    responses((status = 200, body = LeadList), (status = 401), (status = 403), (status = 422)))]
pub async fn list(
    CtxOf(ctx): CtxOf,
    Query(query): Query<LeadQuery>,
) -> std::result::Result<Json<LeadList>, Failure> {
    let found = blocking(move || {
        let page = actions::list(&ctx, &filter_of(&query)?, after_of(&query))?;
        let l = L::new(ctx.lang);
        let out = |line: LeadLine| {
            let words = first_sentence(l, &line);
            line_out(line, words)
        };
        Ok(LeadList {
            total: page.total,
            after: page.next.map(|(day, id)| format!("{day}_{id}")),
            leads: page.lines.into_iter().map(out).collect(),
        })
    })
    .await?;
    Ok(Json(found))
}

fn id_of(text: &str) -> Result<LeadId> {
    LeadId::parse(text).map_err(|_| Refusal::not_found("screening.no_lead").into())
}

/// One lead of the caller's scope.
///
/// # Errors
/// *Not found* outside the scope.
#[utoipa::path(get, path = "/api/v1/leads/{id}", params(("id" = String, Path, description = "id of the lead")),
    tag = "leads", responses((status = 200, body = LeadDetail), (status = 401), (status = 403), (status = 404)))]
pub async fn show(
    CtxOf(ctx): CtxOf,
    Path(id): Path<String>,
) -> std::result::Result<Json<LeadDetail>, Failure> {
    let found = blocking(move || {
        let view = actions::show(&ctx, id_of(&id)?)?;
        let lead = &view.lead;
        let reasons = view.reasons.iter().map(|reason| ReasonOut {
            rule: reason.rule.clone(),
            severity: reason.severity.code().to_owned(),
            explanation: if ctx.lang == Lang::Zh { &reason.zh } else { &reason.en }.clone(),
            hit_on: reason.hit_on.to_string(),
            gone_on: reason.gone_on.map(|day| day.to_string()),
            pack: format!("{} {}", reason.pack.0, reason.pack.1),
        });
        let answer = lead.given.as_ref().map(|given| GivenOut {
            outcome: given.answer.outcome.code().to_owned(),
            reason_code: given.answer.reason_code.clone(),
            reason: given.answer.reason.clone(),
            by: given.name.clone(),
            at: given.at.to_string(),
        });
        Ok(LeadDetail {
            id: lead.id.to_string(),
            level: lead.level.code().to_owned(),
            household: lead.household.map(|id| id.to_string()),
            village: lead.village.to_string(),
            severity: lead.severity.code().to_owned(),
            state: lead.state.code().to_owned(),
            opened_on: lead.opened_on.to_string(),
            due_on: lead.due_on.map(|day| day.to_string()),
            reasons: reasons.collect(),
            answer,
            version: lead.version,
        })
    })
    .await?;
    Ok(Json(found))
}

/// Answers a lead. The second of two callers gets *conflict* with who answered and what.
///
/// # Errors
/// *Not found* outside the scope, *conflict* when it was answered or has changed, *invalid* without a reason.
#[utoipa::path(post, path = "/api/v1/leads/{id}/answer", params(("id" = String, Path, description = "id of the lead")),
    request_body = AnswerIn, tag = "leads",
    responses((status = 200, body = AnswerOut), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 415), (status = 422)))]
pub async fn answer(
    CtxOf(ctx): CtxOf,
    Path(id): Path<String>,
    Json(given): Json<AnswerIn>,
) -> std::result::Result<Json<AnswerOut>, Failure> {
    let state = blocking(move || {
        let outcome: Outcome = given.outcome.parse().map_err(Error::from)?;
        let answer = Answer::new(outcome, &given.reason_code, &given.reason);
        let shown = Shown { id: id_of(&id)?, version: given.version };
        actions::answer(&ctx, shown, &answer)
    })
    .await?;
    Ok(Json(AnswerOut { state: state.code().to_owned() }))
}
