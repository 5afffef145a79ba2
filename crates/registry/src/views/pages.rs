//! `/views`: one's own views, and the form that keeps the list one came from. Asked for as a fragment it is the menu above
//! a table.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use kernel::error::{Refusal, Result};
use kernel::ids::ViewId;
use web::ui::{Csrf, Empty, Errors, Field};
use web::{Address, Answer, CtxOf, Desk, Fields, L, blocking, done, fragment, page_of_form};

use super::actions;
use super::model::{NewView, View};

/// The routes of this room.
pub fn routes() -> Router {
    Router::new().route("/views", get(show).post(keep)).route("/views/{id}/drop", post(drop_view))
}

/// One view as the page shows it.
struct Line {
    id: String,
    name: String,
    href: String,
    place: String,
}

#[derive(Template)]
#[template(path = "views/templates/list.html")]
struct ViewsPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    at: String,
    place: Option<String>,
    name: Field,
    lines: Vec<Line>,
    empty: Empty,
}

#[derive(Template)]
#[template(path = "views/templates/menu.html")]
struct Menu {
    l: L,
    csrf: Csrf,
    at: String,
    name: Field,
    lines: Vec<Line>,
    all: String,
}

/// The views whose list the reader may still open.
fn lines(desk: &Desk, views: Vec<View>) -> Vec<Line> {
    let line = |view: View| {
        let place = desk.place_of(&view.path)?;
        Some(Line { id: view.id.to_string(), href: view.address(), name: view.name, place })
    };
    views.into_iter().filter_map(line).collect()
}

fn path_of(at: &str) -> &str {
    at.split('?').next().unwrap_or_default()
}

fn views_page(
    desk: &Desk,
    views: Vec<View>,
    (fields, refused): (&Fields, Option<&Refusal>),
) -> Answer {
    let l = desk.l;
    let at = fields.text("at").to_owned();
    let name = Field::text("name", l.t("views-name")).required();
    let name = name.help(l.t("views-name-help")).filled(l, fields, refused);
    let body = ViewsPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        place: desk.place_of(path_of(&at)),
        at,
        name,
        lines: lines(desk, views),
        empty: Empty::new(l.t("views-none"), l.t("views-none-help")),
    };
    page_of_form(&desk.shell("views"), body, refused)
}

/// `GET /views?at=/leads?severity=severe`
async fn show(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let views = blocking(move || actions::list(&ctx)).await?;
    let at = desk.address.get("at").unwrap_or_default().to_owned();
    if !desk.fragment {
        return views_page(&desk, views, (&Fields::default().with("at", at), None));
    }
    let here = path_of(&at);
    let of_this_list = views.into_iter().filter(|view| view.path == here).collect();
    fragment(Menu {
        l: desk.l,
        csrf: Csrf(desk.csrf.clone()),
        name: Field::text("name", desk.l.t("views-name")).required(),
        lines: lines(&desk, of_this_list),
        all: Address::new("/views", "").with("at", &at).to_string(),
        at,
    })
}

/// `POST /views`: keeps the list that `at` names.
async fn keep(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Answer {
    let known = desk.place_of(path_of(fields.text("at"))).is_some();
    let (acting, sent) = (ctx.clone(), fields.clone());
    let kept = blocking(move || -> Result<ViewId> {
        let new = NewView::parse(sent.text("name"), sent.text("at"))?;
        if !known {
            return Err(Refusal::invalid("views.incomplete")
                .field("at", "views.not_a_list")
                .into());
        }
        actions::keep(&acting, &new)
    });
    match kept.await {
        Ok(_) => done(fields.text("at"), "views-kept-done"),
        Err(error) => match error.refusal() {
            Some(refusal) => {
                let views = blocking(move || actions::list(&ctx)).await?;
                views_page(&desk, views, (&fields, Some(refusal)))
            }
            None => Err(error.into()),
        },
    }
}

/// `POST /views/{id}/drop`
async fn drop_view(CtxOf(ctx): CtxOf, Path(id): Path<String>) -> Answer {
    blocking(move || match ViewId::parse(&id) {
        Ok(id) => actions::drop_view(&ctx, id),
        Err(_) => Err(ctx.not_found("views.unknown", &id)),
    })
    .await?;
    done("/views", "views-dropped-done")
}
