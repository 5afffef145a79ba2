//! Cases for other programs: the list, one case with its steps, a step; within the caller's scope, refused as on the pages.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query};
use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::CaseId;
use kernel::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{CtxOf, Failure, blocking};

use super::actions::{self, Asked, Shown};
use super::book::{CaseBook, MONITORING};
use super::look;
use super::model::Case;
use super::queries::lists::{Filter, Line};

/// The routes of this room for other programs.
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show)).routes(routes!(step))
}

/// Which cases to list: the filters of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct CaseQuery {
    /// running (the default without a state), identify, help, remove, closed, all.
    phase: Option<String>,
    /// The life; monitoring where a state is given.
    life: Option<String>,
    /// The state, by its name in the life.
    state: Option<String>,
    /// Whose turn it is: village, township, county.
    owner: Option<String>,
    /// The class.
    class: Option<String>,
    /// With this risk.
    risk: Option<String>,
    /// Only this area: a code, trailing zeros may be left out.
    area: Option<String>,
    /// Due on or before this day, YYYY-MM-DD.
    due_to: Option<String>,
    /// Due on or after this day, YYYY-MM-DD.
    due_from: Option<String>,
    /// In its state since this day or later, YYYY-MM-DD.
    since: Option<String>,
    /// Household number, case number or name of the head.
    q: Option<String>,
    /// Begun with this campaign.
    campaign: Option<String>,
    /// Only where help comes first.
    urgent: Option<bool>,
    /// Only where nobody looks after the household.
    no_helper: Option<bool>,
    /// Go on after this key.
    after: Option<String>,
}

/// A case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseOut {
    /// Its id.
    id: String,
    /// Its number, as papers show it.
    number: String,
    /// The life that it leads.
    life: String,
    /// Id of the household.
    household: String,
    /// 户编号.
    household_number: String,
    /// Village code.
    village: String,
    /// Its state.
    state: String,
    /// The state in words.
    state_title: String,
    /// identify, help, remove, follow, over, side.
    phase: String,
    /// Whose turn it is: village, township, county.
    owner: String,
    /// The class, once it is decided.
    class: Option<String>,
    /// Codes of its risks, the gravest first.
    risks: Vec<String>,
    /// The day on which the risk was found.
    discovered_on: String,
    /// By when its state must be left.
    due_on: Option<String>,
    /// By when it must be announced.
    total_due_on: Option<String>,
    /// The day of identification.
    identified_on: Option<String>,
    /// The day on which it ended.
    closed_on: Option<String>,
    /// Help first, papers later.
    urgent: bool,
    /// To be sent back with a step.
    version: i64,
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseList {
    /// The cases, by their day.
    cases: Vec<CaseOut>,
    /// How many there are with this filter.
    total: i64,
    /// The key to go on after, if there are more.
    after: Option<String>,
}

/// A step that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepOut {
    /// Its place, from 0.
    seq: i64,
    /// Which.
    step: String,
    /// The state before; empty for the first.
    from: String,
    /// The state after.
    to: String,
    /// The day, YYYY-MM-DD.
    on: String,
    /// When it was written down, UTC.
    at: String,
    /// Who.
    by: String,
    /// What was filled in.
    fields: BTreeMap<String, String>,
    /// The pack and version by which it was done.
    pack: String,
}

/// A step that may be taken now.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferOut {
    /// Which.
    step: String,
    /// In words.
    title: String,
    /// Fields that it asks for; those that may stay empty end with a question mark.
    fields: Vec<String>,
    /// What is still missing: consent, risks, answered, notice_over, no_objection, other_person, plan, removal, labour.
    lacks: Vec<String>,
}

/// One case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseDetail {
    /// What a list says of it.
    case: CaseOut,
    /// Its steps in their order.
    steps: Vec<StepOut>,
    /// Steps that the caller may take now.
    offered: Vec<OfferOut>,
}

/// A step to be taken.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StepIn {
    /// The version that was read.
    version: i64,
    /// The fields that the step asks for.
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

/// What the case became.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepTaken {
    /// Its state.
    state: String,
    /// By when that must be left.
    due_on: Option<String>,
    /// To be sent back with the next step.
    version: i64,
}

const PHASES: [&str; 6] = ["running", "identify", "help", "remove", "closed", "all"];

fn filter_of(query: &CaseQuery) -> Result<Filter> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let day = |text: &Option<String>| given(text).map(|text| Day::parse(&text)).transpose();
    let phase = given(&query.phase);
    if phase.as_deref().is_some_and(|phase| !PHASES.contains(&phase)) {
        return Err(Refusal::invalid("cases.no_phase").into());
    }
    let state = given(&query.state);
    let running = (phase.is_none() && state.is_none()).then(|| "running".to_owned());
    Ok(Filter {
        // a state has its name within a life
        life: given(&query.life).or_else(|| state.as_ref().map(|_| MONITORING.to_owned())),
        campaign: given(&query.campaign),
        phase: phase.filter(|phase| phase != "all").or(running),
        owner: given(&query.owner),
        state,
        class: given(&query.class),
        area: given(&query.area).map(|text| AreaCode::parse_short(&text)).transpose()?,
        risk: given(&query.risk),
        due_to: day(&query.due_to)?,
        clocked: false,
        due_from: day(&query.due_from)?,
        since_from: day(&query.since)?,
        text: given(&query.q),
        urgent: query.urgent.unwrap_or(false),
        no_helper: query.no_helper.unwrap_or(false),
    })
}

fn after_of(query: &CaseQuery) -> Option<(Day, CaseId)> {
    let (day, id) = query.after.as_deref()?.split_once('_')?;
    Some((Day::parse(day).ok()?, CaseId::parse(id).ok()?))
}

fn text(day: Option<Day>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn title(book: &CaseBook, (life, state): (&str, &str), lang: kernel::lang::Lang) -> String {
    let known = book.life(life).ok().and_then(|life| life.state(state));
    known.map_or_else(|| state.to_owned(), |state| state.title.get(lang).to_owned())
}

fn line_out(book: &CaseBook, line: Line, lang: kernel::lang::Lang) -> CaseOut {
    CaseOut {
        state_title: title(book, (&line.life, &line.state), lang),
        id: line.id.to_string(),
        number: line.number,
        life: line.life,
        household: line.household,
        household_number: line.household_number,
        village: line.village.0.to_string(),
        state: line.state,
        phase: line.phase,
        owner: line.owner,
        class: line.class,
        risks: line.risks,
        discovered_on: line.discovered_on.to_string(),
        due_on: text(line.due),
        total_due_on: text(line.total_due),
        identified_on: text(line.identified_on),
        closed_on: text(line.closed_on),
        urgent: line.urgent,
        version: line.version,
    }
}

/// The cases of the caller's scope.
///
/// # Errors
/// Refused without `case.see`; *invalid* for a filter that is none.
#[utoipa::path(get, path = "/api/v1/cases", params(CaseQuery), tag = "cases",
    responses((status = 200, body = CaseList), (status = 400), (status = 401), (status = 403), (status = 422), (status = 503)))]
pub async fn list(
    CtxOf(ctx): CtxOf,
    Query(query): Query<CaseQuery>,
) -> std::result::Result<Json<CaseList>, Failure> {
    let found = blocking(move || {
        let page = actions::list(&ctx, &filter_of(&query)?, after_of(&query))?;
        let book = page.book;
        Ok(CaseList {
            total: page.total,
            after: page.next.map(|(day, id)| format!("{day}_{id}")),
            cases: page.lines.into_iter().map(|line| line_out(&book, line, ctx.lang)).collect(),
        })
    })
    .await?;
    Ok(Json(found))
}

fn id_of(text: &str) -> Result<CaseId> {
    CaseId::parse(text).map_err(|_| Refusal::not_found("cases.no_case").into())
}

fn case_out(view: &look::View, lang: kernel::lang::Lang) -> CaseOut {
    let case: &Case = &view.case;
    let known = view.book.life(&case.life).ok().and_then(|life| life.state(&case.state));
    CaseOut {
        id: case.id.to_string(),
        number: case.number.clone(),
        life: case.life.clone(),
        household: case.household.to_string(),
        household_number: view.household.number.clone(),
        village: case.village.to_string(),
        state: case.state.clone(),
        state_title: title(&view.book, (&case.life, &case.state), lang),
        phase: known.map_or("side", |state| state.phase.code()).to_owned(),
        owner: known.map_or("county", |state| state.owner.code()).to_owned(),
        class: case.class.clone(),
        risks: view.risks.iter().map(|risk| risk.risk.clone()).collect(),
        discovered_on: case.discovered_on.to_string(),
        due_on: text(case.due),
        total_due_on: text(case.total_due),
        identified_on: text(case.identified_on),
        closed_on: text(case.closed_on),
        urgent: case.urgent,
        version: case.version,
    }
}

/// One case of the caller's scope with its steps.
///
/// # Errors
/// *Not found* outside the scope.
#[utoipa::path(get, path = "/api/v1/cases/{id}", params(("id" = String, Path, description = "id of the case")),
    tag = "cases", responses((status = 200, body = CaseDetail), (status = 401), (status = 403), (status = 404)))]
pub async fn show(
    CtxOf(ctx): CtxOf,
    Path(id): Path<String>,
) -> std::result::Result<Json<CaseDetail>, Failure> {
    let found = blocking(move || {
        let view = look::show(&ctx, id_of(&id)?)?;
        let steps = view.steps.iter().map(|one| StepOut {
            seq: one.seq,
            step: one.step.clone(),
            from: one.states.0.clone(),
            to: one.states.1.clone(),
            on: one.on.to_string(),
            at: one.at.to_string(),
            by: one.by.1.clone(),
            fields: one.filled.clone(),
            pack: format!("{} {}", one.pack.0, one.pack.1),
        });
        let offered = view.offered.iter().map(|(step, lacks)| OfferOut {
            step: step.id.clone(),
            title: step.title.get(ctx.lang).to_owned(),
            fields: step
                .asks
                .iter()
                .map(|ask| format!("{}{}", ask.id, if ask.optional { "?" } else { "" }))
                .collect(),
            lacks: lacks.iter().map(|need| need.code().to_owned()).collect(),
        });
        Ok(CaseDetail {
            case: case_out(&view, ctx.lang),
            steps: steps.collect(),
            offered: offered.collect(),
        })
    })
    .await?;
    Ok(Json(found))
}

/// Takes a step with a case. The second of two callers gets *conflict* with who was first.
///
/// # Errors
/// *Not found* outside the scope or for a step that the life does not have, *forbidden* for a step of another level, *conflict* out
/// of order, while something is missing, or when the case has changed, *invalid* for fields.
#[utoipa::path(post, path = "/api/v1/cases/{id}/steps/{step}",
    params(("id" = String, Path, description = "id of the case"), ("step" = String, Path, description = "the step")),
    request_body = StepIn, tag = "cases",
    responses((status = 200, body = StepTaken), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 415), (status = 422)))]
pub async fn step(
    CtxOf(ctx): CtxOf,
    Path((id, step)): Path<(String, String)>,
    Json(given): Json<StepIn>,
) -> std::result::Result<Json<StepTaken>, Failure> {
    let taken = blocking(move || {
        let field = |name: &str| given.fields.get(name).cloned().unwrap_or_default();
        let shown = Shown { id: id_of(&id)?, version: given.version };
        actions::take(&ctx, shown, &Asked { step: &step, field: &field })
    })
    .await?;
    Ok(Json(StepTaken { state: taken.state, due_on: text(taken.due), version: taken.version }))
}
