//! Households for other programs: the list and one household, within the caller's scope, without numbers of identity.

use axum::Json;
use axum::extract::{Path, Query};
use kernel::area::AreaCode;
use kernel::permission::Permission;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{CtxOf, Failure, blocking};

use super::queries::{self, Filter, Line};
use super::search;

/// What to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct ListQuery {
    /// Only this area: a code, trailing zeros may be left out.
    area: Option<String>,
    /// Name, pinyin, initials, a number, its last six, or the end of a phone.
    q: Option<String>,
    /// Go on after this key.
    after: Option<String>,
}

/// A household in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdLine {
    /// Its id.
    id: String,
    /// 户编号.
    number: String,
    /// Village code.
    village: String,
    /// Name of the village.
    village_name: String,
    /// Name of the head.
    head: Option<String>,
    /// People who live there today.
    people: i64,
    /// Open statuses.
    statuses: Vec<StatusOut>,
}

/// A status that holds today.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusOut {
    /// type, monitored, dibao, tekun, legacy.
    scheme: String,
    /// The code of its value.
    value: String,
}

/// A page of households.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdList {
    /// The households, by village and number.
    households: Vec<HouseholdLine>,
    /// How many there are with this filter.
    total: i64,
    /// The key to go on after, if there are more.
    after: Option<String>,
}

/// Somebody who lives in a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberOut {
    /// The person's id.
    id: String,
    /// 人编号.
    number: String,
    /// Name.
    name: String,
    /// Relation to the head.
    kin: String,
    /// Day of birth.
    birth_day: Option<String>,
    /// Since when the person lives there as that.
    since: String,
}

/// One household.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseholdOut {
    /// Its id.
    id: String,
    /// 户编号.
    number: String,
    /// Village code.
    village: String,
    /// Group.
    group: Option<String>,
    /// Since when it is closed.
    closed_on: Option<String>,
    /// Who lives there today.
    members: Vec<MemberOut>,
    /// Statuses that hold today.
    statuses: Vec<StatusOut>,
}

const ON_A_PAGE: i64 = 200;

fn line_out(line: Line) -> HouseholdLine {
    HouseholdLine {
        id: line.id.to_string(),
        number: line.number,
        village: line.village.to_string(),
        village_name: line.village_name,
        head: line.head,
        people: line.people,
        statuses: line
            .statuses
            .into_iter()
            .map(|(scheme, value)| StatusOut { scheme: scheme.as_str().to_owned(), value })
            .collect(),
    }
}

/// The households of the caller's scope.
///
/// # Errors
/// Refused without `household.see`.
#[utoipa::path(get, path = "/api/v1/households", params(ListQuery), tag = "households",
    responses((status = 200, body = HouseholdList), (status = 401), (status = 403)))]
pub async fn list(
    CtxOf(ctx): CtxOf,
    Query(query): Query<ListQuery>,
) -> Result<Json<HouseholdList>, Failure> {
    let found = blocking(move || {
        let permit = ctx.permit(Permission::HouseholdSee)?;
        let mut session = ctx.read()?;
        let ids = match query.q.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => {
                Some(search::find_households(&ctx, &mut session, &permit, text, ON_A_PAGE)?)
            }
            None => None,
        };
        let area = query
            .area
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(AreaCode::parse_short)
            .transpose()?;
        let after = query.after.as_deref().and_then(|key| key.split_once('|'));
        let after = after.map(|(village, number)| (village.to_owned(), number.to_owned()));
        let filter = Filter { area, status: None, ids, after };
        let lines = queries::list_households(&mut session, &permit, &filter, ON_A_PAGE)?;
        let total = queries::count_households(&mut session, &permit, &filter)?;
        let full = i64::try_from(lines.len()).unwrap_or(0) == ON_A_PAGE;
        let after =
            lines.last().filter(|_| full).map(|line| format!("{}|{}", line.village, line.number));
        Ok(HouseholdList { households: lines.into_iter().map(line_out).collect(), total, after })
    })
    .await?;
    Ok(Json(found))
}

/// One household of the caller's scope.
///
/// # Errors
/// *Not found* outside the scope.
#[utoipa::path(get, path = "/api/v1/households/{id}", params(("id" = String, Path, description = "id of the household")),
    tag = "households", responses((status = 200, body = HouseholdOut), (status = 401), (status = 403), (status = 404)))]
pub async fn show(
    CtxOf(ctx): CtxOf,
    Path(id): Path<String>,
) -> Result<Json<HouseholdOut>, Failure> {
    let found = blocking(move || {
        let permit = ctx.permit(Permission::HouseholdSee)?;
        let mut session = ctx.read()?;
        let household = queries::load_household(&ctx, &mut session, &permit, &id)?;
        let residents = super::residents::list_residents(&mut session, &household.id)?;
        let here = residents.into_iter().filter(|resident| resident.stay.span.holds_on(ctx.today));
        let members = here.map(|resident| MemberOut {
            id: resident.stay.person.to_string(),
            number: resident.number,
            name: resident.name,
            kin: resident.stay.kin.code().to_owned(),
            birth_day: resident.birth_day.map(|day| day.to_string()),
            since: resident.stay.span.from.to_string(),
        });
        let members = members.collect();
        let statuses = queries::list_statuses(&mut session, &household.id)?
            .into_iter()
            .filter(|status| status.person.is_none() && status.span.holds_on(ctx.today))
            .map(|status| StatusOut {
                scheme: status.scheme.as_str().to_owned(),
                value: status.value,
            })
            .collect();
        Ok(HouseholdOut {
            id: household.id.to_string(),
            number: household.number,
            village: household.village.to_string(),
            group: household.group,
            closed_on: household.closed_on.map(|day| day.to_string()),
            members,
            statuses,
        })
    })
    .await?;
    Ok(Json(found))
}

/// The routes with their descriptions.
pub fn routes() -> utoipa_axum::router::OpenApiRouter {
    utoipa_axum::router::OpenApiRouter::new()
        .routes(utoipa_axum::routes!(list))
        .routes(utoipa_axum::routes!(show))
}
