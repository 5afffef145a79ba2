//! All rooms under one roof: their routes, the navigation, and the layer that knows who is signed in.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use casework::{
    alarms, assistance, cases, declarations, departments, papers, quality, screening, slips,
};
use kernel::permission::Permission;
use oversight::{comparisons, indicators, journal, search, work};
use registry::{
    accounts, areas, circumstances, duplicates, households, intake, policies, views, villages,
};
use store::Ctx;
use utoipa::OpenApi;
use web::{Failure, Nav, NavItem, SetClock, Viewer};

use crate::app::App;
use crate::outside::outside_of;
use crate::past;

/// Pages that are reached while the first password still has to be changed.
const WITH_FIRST_PASSWORD: [&str; 2] = ["/account/password", "/sign-out"];

const NAV: &[NavItem] = &[
    NavItem { key: "work", href: "/work", icon: "work", permission: None, on_phone: true },
    NavItem {
        key: "households",
        href: "/households",
        icon: "house",
        permission: Some(Permission::HouseholdSee),
        on_phone: true,
    },
    NavItem {
        key: "leads",
        href: "/leads",
        icon: "lead",
        permission: Some(Permission::LeadSee),
        on_phone: true,
    },
    NavItem {
        key: "cases",
        href: "/cases",
        icon: "people",
        permission: Some(Permission::CaseSee),
        on_phone: true,
    },
    NavItem {
        key: "assistance",
        href: "/assistance",
        icon: "check",
        permission: Some(Permission::AssistanceSee),
        on_phone: false,
    },
    NavItem {
        key: "intake",
        href: "/intake",
        icon: "intake",
        permission: Some(Permission::IntakeSee),
        on_phone: true,
    },
    NavItem {
        key: "departments",
        href: "/departments",
        icon: "board",
        permission: Some(Permission::DeliverySee),
        on_phone: false,
    },
    NavItem {
        key: "rules",
        href: "/rules",
        icon: "rule",
        permission: Some(Permission::RuleSee),
        on_phone: false,
    },
    NavItem {
        key: "indicators",
        href: "/indicators",
        icon: "board",
        permission: Some(Permission::IndicatorSee),
        on_phone: false,
    },
    NavItem {
        key: "policies",
        href: "/policies",
        icon: "policy",
        permission: Some(Permission::PolicySee),
        on_phone: false,
    },
    NavItem {
        key: "areas",
        href: "/areas",
        icon: "area",
        permission: Some(Permission::AreaSee),
        on_phone: false,
    },
    NavItem {
        key: "accounts",
        href: "/accounts",
        icon: "people",
        permission: Some(Permission::AccountManage),
        on_phone: false,
    },
    NavItem {
        key: "journal",
        href: "/journal",
        icon: "journal",
        permission: Some(Permission::JournalSee),
        on_phone: false,
    },
];

/// What the OpenAPI document says of the whole; operations come from the routers of the rooms.
#[derive(OpenApi)]
#[openapi(info(
    title = "Shouwang 守望",
    description = "Households, lists, leads and cases of one county, for other programs of the county. Signed in by the session \
                   cookie; what changes something carries the form token in X-CSRF-Token.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Api;

/// The whole program as one router.
///
/// # Errors
/// A fault when a template of a list does not have its form.
pub fn router(app: &App) -> anyhow::Result<Router> {
    let tools = app.intake()?;
    let largest = usize::try_from(app.config.max_upload).unwrap_or(usize::MAX);
    let (api, described) = utoipa_axum::router::OpenApiRouter::with_openapi(Api::openapi())
        .merge(households::api::routes())
        .merge(intake::api::routes(largest))
        .merge(screening::api::routes())
        .merge(cases::api::routes())
        .split_for_parts();
    let described = axum::Json(described);
    let rooms = accounts::routes()
        .merge(views::routes())
        .merge(areas::routes())
        .merge(villages::routes())
        .merge(households::routes())
        .merge(policies::routes())
        .merge(duplicates::routes())
        .merge(intake::routes())
        .merge(work::routes())
        .merge(search::routes())
        .merge(journal::routes())
        .merge(screening::routes())
        .merge(departments::routes())
        .merge(alarms::routes())
        .merge(papers::routes())
        .merge(cases::routes())
        .merge(assistance::routes())
        .merge(slips::routes())
        .merge(declarations::routes())
        .merge(quality::routes())
        .merge(indicators::routes())
        .merge(comparisons::routes())
        .merge(api)
        .route("/api/openapi.json", axum::routing::get(|| async { described }));
    let shelf = Arc::new(past::shelf());
    let inside = web::inside(rooms)
        .layer(axum::Extension(panels()))
        .layer(middleware::from_fn(own_lists))
        .layer(middleware::from_fn_with_state(Arc::clone(&shelf), past::layer))
        .layer(axum::Extension(Arc::new(comparisons::TwoDays::new(Arc::clone(&shelf)))))
        .layer(axum::Extension(shelf))
        .layer(axum::Extension(tools))
        .layer(axum::Extension(outside_of(app)))
        .layer(axum::Extension(indicators::trial(screening::trial())))
        .layer(axum::Extension(indicators::measure()))
        .layer(middleware::from_fn_with_state(app.clone(), session))
        .layer(axum::Extension(Nav(NAV.into())));
    let inside = match app.config.clock {
        kernel::time::Clock::System => inside,
        set => inside.layer(axum::Extension(SetClock(set.today()))),
    };
    Ok(web::outside(inside))
}

/// What the rooms put on the page of a household, in the order in which it stands there.
fn panels() -> households::Panels {
    households::Panels {
        panels: [
            circumstances::panels::guarantees as households::PanelOf,
            circumstances::panels::income as households::PanelOf,
            assistance::measures_panel as households::PanelOf,
            assistance::helper_panel as households::PanelOf,
            screening::panel as households::PanelOf,
            declarations::panel as households::PanelOf,
            quality::panel as households::PanelOf,
            cases::panel as households::PanelOf,
        ]
        .into(),
        events: [
            circumstances::panels::events as households::EventsOf,
            assistance::events as households::EventsOf,
        ]
        .into(),
    }
}

/// Gives intake the lists that the county has made itself beside those that ship.
async fn own_lists(mut request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let both = extensions.get::<Ctx>().cloned().zip(extensions.get::<intake::Desk>().cloned());
    if let Some((ctx, desk)) = both {
        match web::blocking(move || desk.of_day(&mut ctx.read()?, ctx.today)).await {
            Ok(desk) => drop(request.extensions_mut().insert(desk)),
            Err(error) => return Failure::from(error).into_response(),
        }
    }
    next.run(request).await
}

/// Puts the context of the person behind the session cookie, or of nobody, into the request.
async fn session(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let lang = web::lang_of(request.headers());
    let token = web::session::token(request.headers());
    let clock = app.config.clock;
    request.extensions_mut().insert(accounts::Door {
        db: app.db.clone(),
        clock,
        demo: app.is_demo(),
        lang,
    });
    if let Some(token) = token {
        let db = app.db.clone();
        let found = web::blocking(move || accounts::resume(&db, clock, &token)).await;
        match found {
            Ok(Some(current)) => {
                let path = request.uri().path();
                if current.account.must_change && !WITH_FIRST_PASSWORD.contains(&path) {
                    return Redirect::to("/account/password").into_response();
                }
                request.extensions_mut().insert(Viewer {
                    name: current.account.name.clone(),
                    role: current.account.role,
                    place: current.place,
                    home: current.actor.home,
                });
                request.extensions_mut().insert(Ctx::new(&app.db, current.actor, clock, lang));
            }
            Ok(None) => {}
            Err(error) => return Failure::from(error).into_response(),
        }
    }
    next.run(request).await
}
