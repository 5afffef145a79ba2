//! `GET /search`: what was found, by kind; one certain household opens at once.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use axum::{Extension, Router};
use kernel::permission::Permission;
use registry::intake::{self, Templates};
use store::Ctx;
use web::ui::{Chip, Clock, Empty, Field, Tone};
use web::{Address, Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::find::{Everything, MOST, find};

/// The routes of this room.
pub fn routes() -> Router {
    Router::new().route("/search", get(show))
}

/// One thing found.
struct Hit {
    href: String,
    name: String,
    about: String,
    chip: Option<Chip>,
    clock: Option<Clock>,
}

/// Things of one kind.
struct Kind {
    title: String,
    hits: Vec<Hit>,
    /// The list in which there are more: label and address.
    more: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "search/templates/search.html")]
struct SearchPage {
    l: L,
    field: Field,
    kinds: Vec<Kind>,
    empty: Option<Empty>,
}

async fn show(CtxOf(ctx): CtxOf, Extension(tools): Extension<intake::Desk>, desk: Desk) -> Answer {
    let l = desk.l;
    let text = desk.address.get("q").unwrap_or_default().trim().to_owned();
    let (acting, templates, asked) = (ctx.clone(), tools.templates.clone(), text.clone());
    let found = blocking(move || find(&acting, &templates, &asked)).await?;
    if let Some(only) = certain(&text, &found) {
        return Ok(Redirect::to(&only).into_response());
    }
    let mut kinds = vec![
        people(l, &found, &text),
        households(l, &found, &text),
        leads(l, &ctx, &found),
        areas(&desk, &found),
        batches(l, &tools.templates, &found),
        rules(l, &found),
        views(&desk, &found),
        pages(&desk, &text),
    ];
    kinds.retain(|kind| !kind.hits.is_empty());
    let empty = match (kinds.is_empty(), text.is_empty()) {
        (true, true) => Some(Empty::new(l.t("search-ask"), l.t("search-ask-help"))),
        (true, false) => {
            Some(Empty::new(l.t1("search-nothing", "text", &text), l.t("search-nothing-help")))
        }
        (false, _) => None,
    };
    let field = Field::input("search", "q", l.t("search-what"))
        .help(l.t("search-ask-help"))
        .filled(l, &Fields::default().with("q", &text), None);
    page(&desk.shell("search"), SearchPage { l, field, kinds, empty })
}

/// A number that leads to one household and nowhere else.
fn certain(text: &str, found: &Everything) -> Option<String> {
    let number = text.chars().filter(char::is_ascii_digit).count() >= 11;
    let mut ids: Vec<String> = found.people.iter().map(|one| one.household.to_string()).collect();
    ids.extend(found.households.iter().map(|line| line.id.to_string()));
    ids.dedup();
    match ids.as_slice() {
        [only] if number && found.areas.is_empty() => Some(format!("/households/{only}")),
        _ => None,
    }
}

fn hit(href: String, name: impl Into<String>, about: Vec<String>) -> Hit {
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    Hit { href, name: name.into(), about, chip: None, clock: None }
}

fn place(village: &str, group: Option<&str>) -> String {
    format!("{village} {}", group.unwrap_or_default()).trim().to_owned()
}

fn all_households(l: L, text: &str) -> (String, String) {
    let href = Address::new("/households", "").with("q", text).to_string();
    (l.t("search-all-households"), href)
}

fn people(l: L, found: &Everything, text: &str) -> Kind {
    let one = |one: &registry::households::Found| {
        let born = one.birth_day.map(|day| l.t1("search-born", "day", day.to_string()));
        let head = if one.head { l.t("search-head") } else { String::new() };
        let about = vec![
            head,
            born.unwrap_or_default(),
            place(&one.village, one.group.as_deref()),
            l.t1("search-household-number", "number", &one.number),
        ];
        hit(format!("/households/{}", one.household), &one.name, about)
    };
    let more = (found.people.len() >= MOST).then(|| all_households(l, text));
    Kind { title: l.t("search-people"), hits: found.people.iter().map(one).collect(), more }
}

fn households(l: L, found: &Everything, text: &str) -> Kind {
    let one = |line: &registry::households::Line| {
        let name = line.head.clone().unwrap_or_else(|| line.number.clone());
        let about = vec![
            place(&line.village_name, line.group.as_deref()),
            l.t1("search-household-number", "number", &line.number),
            l.t1("search-members", "n", line.people),
        ];
        hit(format!("/households/{}", line.id), name, about)
    };
    let more = (found.households.len() >= MOST).then(|| all_households(l, text));
    Kind { title: l.t("nav-households"), hits: found.households.iter().map(one).collect(), more }
}

fn leads(l: L, ctx: &Ctx, found: &Everything) -> Kind {
    let one = |line: &casework::screening::LeadLine| {
        let name = line.head.clone().unwrap_or_else(|| line.village_name.clone());
        let sentence = line.reasons.first().map(|reason| match l.is_zh() {
            true => reason.zh.clone(),
            false => reason.en.clone(),
        });
        let mut hit = hit(format!("/leads/{}", line.id), name, vec![sentence.unwrap_or_default()]);
        hit.clock = line.due_on.map(|due| Clock::new(l, ctx.today, due));
        hit
    };
    Kind { title: l.t("nav-leads"), hits: found.leads.iter().map(one).collect(), more: None }
}

fn areas(desk: &Desk, found: &Everything) -> Kind {
    let l = desk.l;
    let one = |area: &registry::areas::Area| {
        let row = &area.row;
        let former = match row.former_names.is_empty() {
            true => String::new(),
            false => l.t1("search-former", "names", row.former_names.join("、")),
        };
        let village = row.level == kernel::area::AreaLevel::Village;
        let list = if village { "/households" } else { "/areas" };
        let href = Address::new(list, "").with("area", row.code.as_str()).to_string();
        hit(href, &row.name, vec![row.code.to_string(), former])
    };
    Kind { title: l.t("nav-areas"), hits: found.areas.iter().map(one).collect(), more: None }
}

fn batches(l: L, templates: &Templates, found: &Everything) -> Kind {
    let one = |batch: &registry::intake::batch::Batch| {
        let known = templates.iter().find(|template| template.list == batch.list);
        let title = known.map_or(batch.list.clone(), |known| match l.is_zh() {
            true => known.title.zh.clone(),
            false => known.title.en.clone(),
        });
        let office = l.t(&format!("department-{}", batch.department));
        let day = batch.uploaded_at.day().to_string();
        let about = vec![office, batch.file_name.clone(), day];
        let mut hit = hit(format!("/intake/batches/{}", batch.id), title, about);
        let state = l.t(&format!("intake-state-{}", batch.state));
        hit.chip = Some(Chip::new(Tone::Grey, state));
        hit
    };
    let more = (found.batches.len() >= MOST).then(|| (l.t("nav-intake"), "/intake".to_owned()));
    Kind { title: l.t("search-batches"), hits: found.batches.iter().map(one).collect(), more }
}

fn rules(l: L, found: &Everything) -> Kind {
    let one = |(id, title): &(String, String)| hit(format!("/rules/{id}"), title, vec![id.clone()]);
    Kind { title: l.t("nav-rules"), hits: found.rules.iter().map(one).collect(), more: None }
}

fn views(desk: &Desk, found: &Everything) -> Kind {
    let one = |view: &registry::views::View| {
        let place = desk.place_of(&view.path)?;
        Some(hit(view.address(), &view.name, vec![place]))
    };
    let hits = found.views.iter().filter_map(one).collect();
    Kind { title: desk.l.t("search-views"), hits, more: None }
}

fn pages(desk: &Desk, text: &str) -> Kind {
    let mut hits: Vec<Hit> = desk
        .places_called(text)
        .into_iter()
        .map(|(word, href)| hit(href.to_owned(), word, Vec::new()))
        .collect();
    let match_word = desk.l.t("nav-match");
    if desk.may(Permission::IntakeMatch) && !text.is_empty() && match_word.contains(text) {
        hits.push(hit("/intake/match".to_owned(), match_word, Vec::new()));
    }
    Kind { title: desk.l.t("search-pages"), hits, more: None }
}
