//! The page of areas: one level at a time, with what stands there.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::Result;
use kernel::permission::Permission;
use store::{Ctx, Session};
use web::ui::Empty;
use web::{Act, Address, Answer, CtxOf, Desk, L, blocking, page};

use super::kinds::village_kinds;
use super::model::Area;
use super::{change, groups, queries};

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/areas", get(list))
        .route("/areas/import", get(change::form).post(change::take))
        .route("/areas/{code}/change", get(change::show))
        .route("/areas/{code}/groups", get(groups::show).post(groups::save))
        .route("/areas/{code}/rename", post(change::rename))
        .route("/areas/{code}/merge", post(change::merge))
        .route("/areas/{code}/kind", post(change::kind))
}

struct AreaLine {
    area: Area,
    former: String,
    households: i64,
    people: i64,
    note: String,
    below: bool,
}

#[derive(Template)]
#[template(path = "areas/templates/list.html")]
struct ListPage {
    l: L,
    rows: Vec<AreaLine>,
    households: i64,
    people: i64,
    empty: Empty,
    manages: bool,
    classes: bool,
    formers: bool,
    kinds: Vec<KindLine>,
    villages: usize,
    collective: bool,
}

/// How many villages are of a kind.
struct KindLine {
    word: String,
    number: usize,
    href: String,
    current: bool,
}

struct Found {
    path: Vec<(AreaCode, String)>,
    areas: Vec<Area>,
    kinds: BTreeMap<String, usize>,
    counts: BTreeMap<AreaCode, (i64, i64)>,
    heirs: BTreeMap<AreaCode, String>,
}

/// The villages in use of every kind; those of which nothing is said under the empty word. Together they are all villages.
fn count_kinds(all: &[Area]) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for area in all.iter().filter(|area| is_village(area)) {
        *kinds.entry(area.row.class.clone().unwrap_or_default()).or_default() += 1;
    }
    kinds
}

fn is_village(area: &Area) -> bool {
    area.span.is_open() && area.row.level == AreaLevel::Village
}

fn gather(ctx: &Ctx, asked: Option<AreaCode>, class: Option<&str>) -> Result<Found> {
    ctx.permit(Permission::AreaSee)?;
    let mut session = ctx.read()?;
    let top = match ctx.actor.home {
        Some(home) => Some(home),
        None => queries::list_below(&mut session, None)?.first().map(|(code, _)| *code),
    };
    // nobody counts the people of a place in which they do not work
    let here = asked.filter(|code| ctx.actor.works_in(*code)).or(top);
    let Some(here) = here else {
        return Ok(Found {
            path: Vec::new(),
            areas: Vec::new(),
            kinds: BTreeMap::new(),
            counts: BTreeMap::new(),
            heirs: BTreeMap::new(),
        });
    };
    let all = queries::list_areas(&mut session, Some(here))?;
    let kinds = count_kinds(&all);
    let of_kind = |area: &Area, class: &str| {
        is_village(area) && area.row.class.as_deref().unwrap_or("") == class
    };
    let areas: Vec<Area> = match (all.len(), class) {
        (_, Some(class)) => all.into_iter().filter(|area| of_kind(area, class)).collect(),
        (1, None) => all,
        _ => all.into_iter().filter(|area| area.row.parent == Some(here)).collect(),
    };
    let mut counts: BTreeMap<AreaCode, (i64, i64)> = BTreeMap::new();
    for (village, households, people) in queries::count_people(&mut session, here)? {
        if let Some(area) = areas.iter().find(|area| area.row.code.contains(village)) {
            let sum = counts.entry(area.row.code).or_default();
            *sum = (sum.0 + households, sum.1 + people);
        }
    }
    let heirs = heirs_of(&mut session, &areas, ctx)?;
    Ok(Found { path: queries::path_of(&mut session, here)?, areas, kinds, counts, heirs })
}

fn heirs_of(
    session: &mut Session,
    areas: &[Area],
    ctx: &Ctx,
) -> Result<BTreeMap<AreaCode, String>> {
    let successors = queries::load_successors(session)?;
    let mut heirs = BTreeMap::new();
    for area in areas.iter().filter(|area| !area.span.is_open()) {
        let mut names = Vec::new();
        for code in successors
            .on(area.row.code, ctx.today)
            .into_iter()
            .filter(|code| *code != area.row.code)
        {
            names.extend(queries::find_area(session, code)?.map(|heir| heir.row.name));
        }
        heirs.insert(area.row.code, names.join("、"));
    }
    Ok(heirs)
}

/// Villages of which nothing is said, in the address.
const NO_KIND: &str = "none";

/// The kinds in their precedence, then words that only a code list uses, then villages of which nothing is said.
fn kind_lines(desk: &Desk, counts: &BTreeMap<String, usize>) -> Result<Vec<KindLine>> {
    let known = village_kinds()?;
    let asked = desk.address.get("class");
    let line = |name: &str, word: String| {
        let number = counts.get(name).copied().unwrap_or_default();
        let key = if name.is_empty() { NO_KIND } else { name };
        let current = asked == Some(key);
        let to =
            if current { desk.address.without("class") } else { desk.address.with("class", key) };
        (number > 0).then(|| KindLine { word, number, href: to.to_string(), current })
    };
    let mut lines: Vec<KindLine> =
        known.iter().filter_map(|kind| line(&kind.name, kind.word(desk.l.0).to_owned())).collect();
    let others = counts.keys().filter(|name| known.iter().all(|kind| kind.name != **name));
    let (nothing, words): (Vec<&String>, Vec<&String>) = others.partition(|name| name.is_empty());
    lines.extend(words.into_iter().filter_map(|name| line(name, name.clone())));
    lines.extend(nothing.into_iter().filter_map(|name| line(name, desk.l.t("areas-no-kind"))));
    Ok(lines)
}

async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let asked = desk.address.get("area").and_then(|code| AreaCode::parse_short(code).ok());
    let class =
        desk.address.get("class").map(|text| if text == NO_KIND { "" } else { text }.to_owned());
    let found = blocking(move || gather(&ctx, asked, class.as_deref())).await?;
    let kinds = kind_lines(&desk, &found.kinds)?;
    let villages = found.kinds.values().sum();
    let mut shell = desk.shell("areas-list").nav("areas").wide();
    for step in &found.path {
        let to = Address::new("/areas", "").with("area", step.0.as_str());
        shell = shell.area(step, to.to_string());
    }
    let rows: Vec<AreaLine> = found
        .areas
        .into_iter()
        .map(|area| {
            let (households, people) =
                found.counts.get(&area.row.code).copied().unwrap_or_default();
            let ended = area.span.to.map(|day| l.t1("areas-ended", "day", day.to_string()));
            let heir = found.heirs.get(&area.row.code).filter(|name| !name.is_empty());
            let heir = heir.map(|name| l.t1("areas-lives-on", "name", name));
            AreaLine {
                former: area.row.former_names.join("、"),
                households,
                people,
                note: ended.into_iter().chain(heir).collect::<Vec<_>>().join(" · "),
                below: area.row.level != AreaLevel::Village,
                area,
            }
        })
        .collect();
    if desk.may(Permission::VillageSee) {
        shell = shell.act(Act::new(l.t("areas-collective"), "/villages").icon("board"));
    }
    let manages = desk.may(Permission::AreaManage);
    let mut empty = Empty::new(l.t("areas-none"), l.t("areas-none-help"));
    if manages {
        shell = shell.act(Act::new(l.t("areas-import"), "/areas/import").icon("intake"));
        empty = empty.action(l.t("areas-import"), "/areas/import");
    }
    let body = ListPage {
        l,
        manages,
        classes: rows.iter().any(|row| row.area.row.class.is_some()),
        kinds,
        villages,
        collective: desk.may(Permission::VillageSee),
        formers: rows.iter().any(|row| !row.former.is_empty()),
        households: rows.iter().map(|row| row.households).sum(),
        people: rows.iter().map(|row| row.people).sum(),
        rows,
        empty,
    };
    page(&shell, body)
}
