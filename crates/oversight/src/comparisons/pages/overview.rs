//! The two days side by side, and by place.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use casework::screening;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use registry::{areas, intake};
use store::Ctx;
use web::ui::{Empty, Stat, Stats};
use web::{Act, Answer, CtxOf, Desk, L, blocking, page};

use super::super::laid::TwoDays;
use super::super::model::{Comparison, Figure, Way};
use super::super::queries;
use super::super::sheet::lines_workbook;
use super::said::Words;
use super::{DayWords, Wanted, heads, ready, shell, workbook};
use crate::indicators::part_of;

struct Number {
    text: String,
    href: Option<String>,
}

struct LineRow {
    name: String,
    by: String,
    chosen: bool,
    from: String,
    to: String,
    more: String,
    came: Number,
    went: Number,
}

struct Group {
    title: String,
    help: String,
    rows: Vec<LineRow>,
}

struct PlaceRow {
    name: String,
    href: Option<String>,
    from: String,
    to: String,
    more: String,
    came: Number,
    went: Number,
}

#[derive(Template)]
#[template(path = "comparisons/templates/overview.html")]
struct OverviewPage {
    l: L,
    days: [DayWords; 2],
    latest: String,
    area: String,
    by: String,
    only: bool,
    means: String,
    then: String,
    corrected: String,
    stats: Stats,
    heads: [String; 2],
    groups: Vec<Group>,
    changes: Vec<(String, Number)>,
    place_title: String,
    places: Vec<PlaceRow>,
    empty: Option<Empty>,
}

/// A difference with its sign.
pub fn signed(l: L, more: i64) -> String {
    match more {
        0 => "0".to_owned(),
        more if more > 0 => format!("+{}", l.count(more)),
        more => format!("−{}", l.count(-more)),
    }
}

/// The address of the rows behind a number.
fn number(l: L, wanted: &Wanted, (of, way, n): (&str, Way, i64)) -> Number {
    let href = wanted.here("/compare/rows").with("of", of).with("way", way.code());
    Number { text: l.count(n), href: (n > 0).then(|| href.to_string()) }
}

fn line_row(
    words: &Words<'_>,
    found: &Comparison,
    wanted: &Wanted,
    (at, figure, by): (usize, &Figure, &str),
) -> LineRow {
    let l = words.l;
    let code = found.lines.get(at).map_or("", String::as_str);
    LineRow {
        name: words.line(code, &found.columns),
        by: wanted.here("/compare").with("by", code).to_string(),
        chosen: code == by,
        from: l.count(figure.from),
        to: l.count(figure.to),
        more: signed(l, figure.more()),
        came: number(l, wanted, (code, Way::In, figure.came)),
        went: number(l, wanted, (code, Way::Out, figure.went)),
    }
}

/// The lines by what they are about, in the order of the page.
pub fn grouped(found: &Comparison) -> Vec<(&'static str, Vec<usize>)> {
    let kinds: [(&str, &[&str]); 6] = [
        ("people", &["households", "people"]),
        ("classes", &["class"]),
        ("income", &["income"]),
        ("leads", &["lead"]),
        ("rules", &["rule"]),
        ("facts", &["yes"]),
    ];
    let order = ["severe", "serious", "notice", "under", "over", "unknown"];
    let kind = |code: &str| code.split('.').next().unwrap_or_default().to_owned();
    let mut groups = Vec::new();
    for (group, of) in kinds {
        let lines = found.lines.iter().enumerate();
        let mut at: Vec<(usize, &String)> =
            lines.filter(|(_, code)| of.contains(&kind(code).as_str())).collect();
        let rank = |code: &str| order.iter().position(|word| code.ends_with(&format!(".{word}")));
        at.sort_by_key(|(_, code)| (rank(code), (*code).clone()));
        groups.push((group, at.into_iter().map(|(at, _)| at).collect()));
    }
    groups
}

/// What a number was before, in words; that nothing moved is said as that.
fn was(l: L, figure: Figure) -> String {
    if figure.more() == 0 {
        return l.t("comparisons-same");
    }
    let args = [("from", l.count(figure.from).into()), ("more", signed(l, figure.more()).into())];
    l.t_args("comparisons-was", &args)
}

fn stats(l: L, found: &Comparison, wanted: &Wanted, figures: &[Figure]) -> Stats {
    let figure = |at: Option<usize>| at.and_then(|at| figures.get(at)).copied().unwrap_or_default();
    let stat =
        |figure: Figure, id: &str| Stat::new(l.count(figure.to), l.t(id)).small(was(l, figure));
    let mut all = vec![
        stat(figure(found.line("households")), "comparisons-line-households"),
        stat(figure(found.line("people")), "comparisons-line-people"),
    ];
    let leads = found.lines.iter().zip(figures).filter(|(code, _)| code.starts_with("lead."));
    let sum = leads.fold(Figure::default(), |sum, (_, one)| Figure {
        from: sum.from + one.from,
        to: sum.to + one.to,
        ..sum
    });
    if sum != Figure::default() {
        all.push(stat(sum, "comparisons-leads"));
    }
    let changed = found.changed.iter().filter(|one| one.within(wanted.area)).count();
    let label = l.t("comparisons-changed");
    let stat = Stat::new(l.count(changed), label).small(l.t("comparisons-changed-help"));
    let href = wanted.here("/compare/rows").with("of", "facts").with("way", "changed");
    all.push(if changed > 0 { stat.href(href.to_string()) } else { stat });
    Stats(all)
}

struct Seen {
    found: Arc<Comparison>,
    path: Vec<(AreaCode, String)>,
    names: BTreeMap<String, String>,
    rules: BTreeMap<String, (String, String)>,
}

/// Titles of rules as they are today.
pub fn rule_names(ctx: &Ctx) -> Result<BTreeMap<String, (String, String)>> {
    let all = screening::rule_titles(ctx)?;
    Ok(all.into_iter().map(|(id, zh, en)| (id, (zh, en))).collect())
}

fn look(ctx: &Ctx, days: &TwoDays, wanted: &Wanted) -> Result<Seen> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let sides = days.sides(ctx, wanted.asking)?;
    let found = days.compare(ctx, &sides)?;
    let mut session = ctx.read()?;
    let (low, high) = permit.hull();
    let path = match wanted.area {
        None => Vec::new(),
        Some(area) => {
            let (first, last) = area.range();
            // a place of which one sees nothing is no place
            if last.as_str() < low || first.as_str() > high {
                return Err(ctx.not_found("areas.not_found", area.as_str()));
            }
            areas::path_of(&mut session, area)?
        }
    };
    let households = found.line("households").unwrap_or_default();
    let parts = found.places(households, None, |village, _| village);
    let codes: Vec<String> = parts
        .keys()
        .flat_map(|village| [village.to_string(), part_of(*village, None).to_string()])
        .collect();
    let names = queries::area_names(&mut session, &codes)?;
    Ok(Seen { found, path, names, rules: rule_names(ctx)? })
}

fn place_row(
    l: L,
    seen: &Seen,
    wanted: &Wanted,
    (area, figure, by): (AreaCode, &Figure, &str),
) -> PlaceRow {
    let there = Wanted { area: Some(area), ..wanted.clone() };
    let code = area.to_string();
    let down = there.here("/compare").with("by", by);
    let known = wanted.area != Some(area);
    PlaceRow {
        name: seen.names.get(&code).cloned().unwrap_or(code),
        href: known.then(|| down.to_string()),
        from: l.count(figure.from),
        to: l.count(figure.to),
        more: signed(l, figure.more()),
        came: number(l, &there, (by, Way::In, figure.came)),
        went: number(l, &there, (by, Way::Out, figure.went)),
    }
}

fn overview(words: &Words<'_>, (seen, wanted): (&Seen, &Wanted), desk: &Desk) -> OverviewPage {
    let (l, found) = (words.l, &seen.found);
    let figures = found.figures(wanted.area);
    let by = desk.address.get("by").and_then(|by| found.line(by)).or(found.line("households"));
    let by = by.unwrap_or_default();
    let code = found.lines.get(by).cloned().unwrap_or_default();
    let only = desk.address.get("only") == Some("moved");
    let mut groups = Vec::new();
    for (group, lines) in grouped(found) {
        let rows = lines.into_iter().filter_map(|at| Some((at, figures.get(at)?)));
        let shown = rows.filter(|(_, one)| one.moved() || (!only && one.from + one.to > 0));
        let rows: Vec<LineRow> =
            shown.map(|(at, one)| line_row(words, found, wanted, (at, one, &code))).collect();
        if !rows.is_empty() {
            groups.push(Group {
                title: l.t(&format!("comparisons-group-{group}")),
                help: l.find(&format!("comparisons-group-{group}-help"), &[]).unwrap_or_default(),
                rows,
            });
        }
    }
    let mut changes: Vec<(i64, String, Number)> = found
        .changes(wanted.area)
        .into_iter()
        .zip(&found.columns)
        .filter(|(n, _)| *n > 0)
        .map(|(n, column)| {
            let of = format!("fact.{}", column.name);
            (n, column.title.get(l.0).to_owned(), number(l, wanted, (&of, Way::Changed, n)))
        })
        .collect();
    changes.sort_by(|a, b| (-a.0, &a.1).cmp(&(-b.0, &b.1)));
    let [first, _] = wanted.days();
    let today = wanted.today.to_string();
    let area = wanted.area.map(|area| area.to_string()).unwrap_or_default();
    let preset = |from: &str, known_from: &str, to: &str| {
        let address = web::Address::new("/compare", "").with("from", from);
        let address =
            address.with("known_from", known_from).with("to", to).with("known_to", &today);
        address.with("area", &area).to_string()
    };
    let moved = figures.iter().any(Figure::moved) || !changes.is_empty();
    let places = found.places(by, wanted.area, part_of);
    OverviewPage {
        l,
        means: wanted.words(l),
        then: preset(&first.day, &first.day, &today),
        corrected: preset(&first.day, &first.day, &first.day),
        stats: stats(l, found, wanted, &figures),
        heads: heads(l, wanted),
        place_title: words.line_alone(&code, &found.columns),
        places: places
            .iter()
            .map(|(area, figure)| place_row(l, seen, wanted, (*area, figure, &code)))
            .collect(),
        groups,
        changes: changes.into_iter().map(|(_, title, number)| (title, number)).collect(),
        empty: (!moved)
            .then(|| Empty::new(l.t("comparisons-nothing"), l.t("comparisons-nothing-help"))),
        days: wanted.days(),
        latest: today.clone(),
        area: area.clone(),
        by: desk.address.get("by").unwrap_or_default().to_owned(),
        only,
    }
}

/// `GET /compare?from=…&known_from=…&to=…&known_to=…&area=…&by=…`
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(days): Extension<Arc<TwoDays>>,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
) -> Answer {
    ctx.permit(Permission::HouseholdSee)?;
    let wanted = match ready((&ctx, &desk), &days).await {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    let (l, asked) = (desk.l, wanted.clone());
    let seen = blocking(move || look(&ctx, &days, &asked)).await?;
    let words = Words { l, templates: &tools.templates, rules: seen.rules.clone() };
    let body = overview(&words, (&seen, &wanted), &desk);
    let mut shell = shell(&desk, &wanted, l.t("comparisons-title"))
        .lead(l.t("comparisons-lead-sentence"))
        .act(Act::print(l));
    for (code, name) in seen.path.iter().filter(|(code, _)| code.level() >= AreaLevel::County) {
        let there = Wanted { area: Some(*code), ..wanted.clone() };
        shell = shell.area(&(*code, name.clone()), there.here("/compare").to_string());
    }
    if desk.may(Permission::HouseholdExport) {
        let to = wanted.here("/compare/export").to_string();
        shell = shell.act(Act::new(l.t("web-export"), to).icon("export"));
    }
    page(&shell, body)
}

/// `GET /compare/export`: every line, in the area and each of its parts.
pub async fn export(
    CtxOf(ctx): CtxOf,
    Extension(days): Extension<Arc<TwoDays>>,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
) -> Answer {
    ctx.permit(Permission::HouseholdExport)?;
    let wanted = match Wanted::read(&ctx, &desk.address)? {
        Ok(wanted) => wanted,
        Err(_) => return Err(Refusal::invalid("comparisons.not_pinned").into()),
    };
    let l = desk.l;
    let bytes = blocking(move || {
        let seen = look(&ctx, &days, &wanted)?;
        let words = Words { l, templates: &tools.templates, rules: seen.rules };
        let name = |code: &str| words.line_alone(code, &seen.found.columns);
        let about = (wanted.here("/compare").to_string(), wanted.area, heads(l, &wanted));
        lines_workbook((&ctx, l), &seen.found, about, (&name, &seen.names))
    })
    .await?;
    Ok(workbook("compare", bytes))
}

#[cfg(test)]
mod tests {
    use kernel::lang::Lang;

    use super::*;

    #[test]
    fn a_number_that_did_not_move_is_said_in_words() {
        let l = L::new(Lang::En);
        assert_eq!(
            was(l, Figure { from: 1200, to: 1200, ..Figure::default() }),
            "as many as before"
        );
        assert_eq!(
            was(l, Figure { from: 1200, to: 1199, ..Figure::default() }),
            "1,200 before, −1"
        );
    }
}
