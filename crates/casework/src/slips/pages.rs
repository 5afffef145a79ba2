//! `GET /slips`: the slips of a village, or of all villages of a township.

use askama::Template;
use axum::routing::get;
use axum::{Extension, Router};
use kernel::area::AreaCode;
use kernel::permission::Permission;
use kernel::time::{Day, Period};
use registry::intake::{self, Templates};
use web::ui::{Empty, Stat, Stats, Tone};
use web::{Act, Address, Answer as Page, CtxOf, Desk, L, blocking, page};

use super::actions::{Slips, slips};
use super::model::{Counts, VillageSlip};
use crate::departments::{list_name, period_words};

mod brief;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new().route("/slips", get(show)).route("/brief", get(brief::show))
}

struct Slip {
    name: String,
    id: String,
    text: String,
    sheets: Option<String>,
}

#[derive(Template)]
#[template(path = "slips/templates/slips.html")]
struct SlipsPage {
    l: L,
    stats: Stats,
    whole: Option<String>,
    slips: Vec<Slip>,
    quiet: Vec<String>,
    towns: Vec<Town>,
    everything: String,
    empty: Empty,
}

/// A township to choose.
struct Town {
    name: String,
    href: String,
    counts: [String; 4],
}

/// The townships of a larger area: its slips together are too long to look for one's own. All of them stay a choice.
fn towns(l: L, found: &Slips, everything: bool) -> Vec<Town> {
    if everything || found.towns.len() < 2 {
        return Vec::new();
    }
    let town = |(code, name, counts): &(AreaCode, String, Counts)| Town {
        name: name.clone(),
        href: Address::new("/slips", "").with("area", code.as_str()).to_string(),
        counts: [counts.open, counts.fresh, counts.today, counts.overdue].map(|n| l.count(n)),
    };
    found.towns.iter().map(town).collect()
}

/// The lines of a slip.
fn text((l, today): (L, Day), templates: &Templates, slip: &VillageSlip) -> String {
    let head = l.t_args(
        "slips-head",
        &[("village", (&slip.name).into()), ("day", today.to_string().into())],
    );
    let mut lines = vec![head, numbers(l, slip.counts)];
    if !slip.came.is_empty() {
        let names = came_words(l, templates, &slip.came);
        lines.push(l.t1("slips-came", "lists", names.join(if l.is_zh() { "、" } else { ", " })));
    }
    lines.join("\n")
}

/// Lists that came, each once: a county that takes in a year of them in a week reads of a dozen lists, not of a hundred files.
pub(super) fn came_words(
    l: L,
    templates: &Templates,
    came: &[(String, Option<Period>)],
) -> Vec<String> {
    let words = |of: &[(String, Option<Period>)]| {
        let name = of.first().map(|(list, _)| list_name(l, templates, list)).unwrap_or_default();
        let newest = of.iter().filter_map(|(_, period)| *period).max_by_key(|period| period.to);
        let Some(newest) = newest else { return name };
        let (number, period) = (of.len().into(), period_words(l, newest).into());
        let args = [("list", name.into()), ("number", number), ("period", period)];
        l.t_args(if of.len() > 1 { "slips-lists" } else { "slips-list" }, &args)
    };
    came.chunk_by(|one, next| one.0 == next.0).map(words).collect()
}

fn numbers(l: L, counts: Counts) -> String {
    if counts.open == 0 {
        return l.t1("slips-nothing", "answered", counts.answered);
    }
    l.t_args(
        "slips-numbers",
        &[
            ("fresh", counts.fresh.into()),
            ("today", counts.today.into()),
            ("soon", counts.soon.into()),
            ("overdue", counts.overdue.into()),
            ("open", counts.open.into()),
            ("answered", counts.answered.into()),
        ],
    )
}

fn stats(l: L, area: Option<AreaCode>, sum: Counts) -> Stats {
    let leads = |due: &str| {
        let address = Address::new("/leads", "").with("due", due);
        area.map_or(address.clone(), |area| address.with("area", area.as_str())).to_string()
    };
    let tone = |stat: Stat, number: i64, tone: Tone, icon: &'static str| {
        if number > 0 { stat.tone(tone, icon) } else { stat }
    };
    let of =
        |number: i64, id: &str, due: &str| Stat::new(l.count(number), l.t(id)).href(leads(due));
    Stats(vec![
        of(sum.fresh, "slips-fresh", "new"),
        tone(of(sum.today, "slips-today", "today"), sum.today, Tone::Amber, "clock"),
        tone(of(sum.overdue, "slips-overdue", "overdue"), sum.overdue, Tone::Red, "bang"),
        of(sum.open, "slips-open", ""),
    ])
}

async fn show(CtxOf(ctx): CtxOf, Extension(tools): Extension<intake::Desk>, desk: Desk) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let asked = desk.address.get("area").and_then(|code| AreaCode::parse_short(code).ok());
    let found = blocking(move || slips(&ctx, asked)).await?;
    let prints = desk.may(Permission::LeadExport);
    let towns = towns(l, &found, desk.address.get("all").is_some());
    let one = found.villages.len() == 1;
    let busy = |slip: &&VillageSlip| one || slip.counts.open > 0;
    let shown: Vec<&VillageSlip> =
        found.villages.iter().filter(busy).filter(|_| towns.is_empty()).collect();
    let slips: Vec<Slip> = shown
        .iter()
        .map(|slip| Slip {
            name: slip.name.clone(),
            id: format!("slip-{}", slip.code),
            text: text((l, today), &tools.templates, slip),
            sheets: (prints && slip.counts.open > 0)
                .then(|| format!("/leads/sheets?area={}", slip.code)),
        })
        .collect();
    let whole: Vec<&str> = slips.iter().map(|slip| slip.text.as_str()).collect();
    let body = SlipsPage {
        l,
        stats: stats(l, found.path.last().map(|(code, _)| *code), found.sum),
        whole: (slips.len() > 1).then(|| whole.join("\n\n")),
        quiet: found
            .villages
            .iter()
            .filter(|slip| towns.is_empty() && !busy(slip))
            .map(|slip| slip.name.clone())
            .collect(),
        slips,
        everything: desk.address.with("all", "yes").to_string(),
        towns,
        empty: Empty::new(l.t("slips-none"), l.t("slips-none-help")),
    };
    let mut shell = desk.shell("slips").nav("leads").act(Act::print(l));
    if desk.may(Permission::LeadAnswerFor) {
        shell = shell.act(Act::new(l.t("screening-entry-title"), "/leads/entry").icon("edit"));
    }
    for step in &found.path {
        shell = shell.area(step, format!("/slips?area={}", step.0));
    }
    page(&shell, body)
}
