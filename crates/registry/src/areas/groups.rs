//! The groups (村民小组) of a village: their numbers and names, and how many households stand in each.

use askama::Template;
use axum::extract::Path;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Csrf, Empty, Errors, Field};
use web::{Address, Answer, Checks, CtxOf, Desk, Fields, L, blocking, page_of_form};

use super::queries::{Group, list_groups};
use super::{actions, queries};

#[derive(Template)]
#[template(path = "areas/templates/groups.html")]
struct GroupsPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    code: String,
    groups: Vec<Group>,
    number: Field,
    name: Field,
    empty: Empty,
}

struct Found {
    name: String,
    groups: Vec<Group>,
    path: Vec<(AreaCode, String)>,
}

fn found(ctx: &Ctx, code: AreaCode) -> Result<Found> {
    ctx.permit(Permission::AreaManage)?;
    let mut session = ctx.read()?;
    let area = queries::find_area(&mut session, code)?.filter(|area| {
        area.span.is_open() && area.row.level == AreaLevel::Village && ctx.actor.works_in(code)
    });
    let Some(area) = area else {
        return Err(Refusal::not_found("areas.no_such_village").arg("code", code).into());
    };
    let groups = list_groups(&mut session, code)?;
    Ok(Found { name: area.row.name, groups, path: queries::path_of(&mut session, code)? })
}

async fn groups_page(
    ctx: Ctx,
    desk: &Desk,
    code: AreaCode,
    (fields, refused): (&Fields, Option<&Refusal>),
) -> Answer {
    let l = desk.l;
    let found = blocking(move || found(&ctx, code)).await?;
    let number = Field::input("number", "number", l.t("areas-group-number")).required();
    let name = Field::text("name", l.t("areas-group-name")).required();
    let body = GroupsPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        code: code.to_string(),
        groups: found.groups,
        number: number.filled(l, fields, refused),
        name: name.help(l.t("areas-group-name-help")).filled(l, fields, refused),
        empty: Empty::new(l.t("areas-groups-none"), l.t("areas-groups-none-help")),
    };
    let mut shell = desk
        .untitled()
        .title(l.t1("areas-groups-title", "name", &found.name))
        .lead(l.t("areas-groups-lead"))
        .nav("areas");
    for (code, name) in &found.path {
        let href = Address::new("/areas", "").with("area", code.as_str()).to_string();
        shell = shell.crumb(name, href);
    }
    page_of_form(&shell, body, refused)
}

fn code_of(text: &str) -> Result<AreaCode> {
    AreaCode::parse_short(text)
        .map_err(|_| Refusal::not_found("areas.no_such_village").arg("code", text).into())
}

/// `GET /areas/{code}/groups`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(code): Path<String>) -> Answer {
    ctx.permit(Permission::AreaManage)?;
    let fields = match desk.address.get("number") {
        Some(number) => Fields::default().with("number", number),
        None => Fields::default(),
    };
    groups_page(ctx, &desk, code_of(&code)?, (&fields, None)).await
}

/// `POST /areas/{code}/groups`: names a group, or gives it another name.
pub async fn save(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(code): Path<String>,
    fields: Fields,
) -> Answer {
    ctx.permit(Permission::AreaManage)?;
    let code = code_of(&code)?;
    let (acting, sent) = (ctx.clone(), fields.clone());
    let done = blocking(move || {
        let mut checks = Checks::new(&sent);
        let (number, name) = (checks.whole("number"), checks.required("name"));
        checks.finish("areas.change_incomplete")?;
        actions::name_group(&acting, code, number.unwrap_or(0), name.unwrap_or_default())
    });
    match done.await {
        Ok(()) => web::done(&format!("/areas/{code}/groups"), "areas-group-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            groups_page(ctx, &desk, code, (&fields, Some(&refusal))).await
        }
        Err(error) => Err(error.into()),
    }
}
