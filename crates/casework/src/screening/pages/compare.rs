//! Two drafts of policy side by side, before either is published.

use askama::Template;
use kernel::error::Result;
use kernel::ids::DraftId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::{Draft, open_drafts, submitted_drafts};
use store::Ctx;
use web::ui::{Choice, Field, Note, Stat, Stats, Tone};
use web::{Answer as Page, CtxOf, Desk, Fields, L, blocking, page};

use super::super::what_if::{Compared, PlaceOfBoth, SHOWN, Sides, compare_drafts};

/// Villages shown.
const VILLAGES: usize = 30;

struct RuleRow {
    href: String,
    title: String,
    cells: [(String, String); 6],
}

struct PlaceRow {
    name: String,
    cells: [(String, String); 4],
}

struct ApartRow {
    href: String,
    name: String,
    number: String,
    village: String,
    one: String,
    other: String,
}

struct Results {
    stats: Stats,
    work: Vec<String>,
    rules: Vec<RuleRow>,
    towns: Vec<PlaceRow>,
    villages: Vec<PlaceRow>,
    more: String,
    apart: Vec<ApartRow>,
    first: String,
}

#[derive(Template)]
#[template(path = "screening/templates/compare.html")]
struct ComparePage {
    l: L,
    fields: Vec<Field>,
    days: Vec<(String, String)>,
    notes: Vec<Note>,
    heads: [String; 2],
    results: Option<Results>,
}

fn drafts(ctx: &Ctx) -> Result<Vec<Draft>> {
    ctx.permit(Permission::PolicyManage)?;
    let mut session = ctx.read()?;
    let mut drafts = open_drafts(&mut session)?;
    drafts.extend(submitted_drafts(&mut session)?);
    Ok(drafts)
}

/// The last days of the last four quarters.
fn quarters(today: Day) -> Vec<Day> {
    let month = today.in_month();
    let into = i64::from((month.month() - 1) % 3);
    (0..4).map(|n| month.add_months(-into - 3 * n).first_day().add_days(-1)).collect()
}

/// `GET /rules/compare?one=…&other=…&day=…`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let read = |name: &str| desk.address.get(name).and_then(|text| text.parse::<DraftId>().ok());
    let day = desk.address.get("day").and_then(|text| Day::parse(text.trim()).ok());
    let sides = Sides { one: read("one"), other: read("other"), day };
    let acting = ctx.clone();
    let drafts = blocking(move || drafts(&acting)).await?;
    let asked = sides.one != sides.other;
    let found = match asked {
        true => Some(blocking(move || compare_drafts(&ctx, sides)).await?),
        false => None,
    };
    let mut notes = Vec::new();
    if !asked {
        let id = if drafts.is_empty() { "screening-compare-none" } else { "screening-compare-ask" };
        notes.push(Note::new(Tone::Grey, l.t(id), ""));
    }
    if found.as_ref().is_some_and(|found| found.rules.is_empty()) {
        notes.push(Note::new(Tone::Grey, l.t("screening-compare-same"), ""));
    }
    let stopped = found.iter().flat_map(|found| &found.rules).filter(|rule| rule.stopped.is_some());
    for rule in stopped {
        let text = l.t("screening-compare-stopped");
        notes.push(Note::new(Tone::Red, rule.title.get(l.0).to_owned(), text));
    }
    for issue in found.iter().flat_map(|found| &found.rules).flat_map(|rule| &rule.problems) {
        notes.push(super::rulebook::issue_note(l, issue));
    }
    let heads = found.as_ref().map_or_else(Default::default, |found| {
        found
            .titles
            .clone()
            .map(|title| title.unwrap_or_else(|| l.t("screening-compare-published")))
    });
    let mut choices = vec![Choice::new("", l.t("screening-compare-published"))];
    choices.extend(drafts.iter().map(|one| Choice::new(one.id.to_string(), &one.title)));
    let chosen = |id: Option<DraftId>| id.map(|id| id.to_string()).unwrap_or_default();
    let fields = Fields::default()
        .with("one", chosen(sides.one))
        .with("other", chosen(sides.other))
        .with("day", day.map(|day| day.to_string()).unwrap_or_default());
    let made = vec![
        Field::select("one", l.t("screening-compare-one"), choices.clone()),
        Field::select("other", l.t("screening-compare-other"), choices),
        Field::input("date", "day", l.t("screening-what-if-day"))
            .help(l.t("screening-what-if-day-help")),
    ];
    let body = ComparePage {
        l,
        fields: made.into_iter().map(|field| field.filled(l, &fields, None)).collect(),
        days: quarters(today)
            .into_iter()
            .map(|day| {
                let to = desk.address.with("day", &day.to_string()).to_string();
                (to, day.to_string())
            })
            .collect(),
        notes,
        results: found.as_ref().map(|found| results(l, found, &heads)),
        heads,
    };
    let shell = desk
        .shell("screening-compare")
        .nav("policies")
        .wide()
        .crumb(l.t("policies-list-title"), "/policies")
        .crumb(l.t("policies-changes"), "/policies/changes");
    page(&shell, body)
}

fn results(l: L, found: &Compared, heads: &[String; 2]) -> Results {
    let (only_one, only_other, both) = found.households;
    let [one, other] = heads;
    let stats = vec![
        Stat::new(l.count(only_one), l.t1("screening-compare-only", "side", one)),
        Stat::new(l.count(only_other), l.t1("screening-compare-only", "side", other)),
        Stat::new(l.count(both), l.t("screening-compare-both")),
        Stat::new(l.count(found.all_apart), l.t("screening-compare-apart")),
    ];
    let sides = [(one, found.one), (other, found.other)];
    let work = sides.map(|(title, side)| {
        let id = if found.past { "screening-compare-later" } else { "screening-compare-work" };
        let args = [
            ("side", title.as_str().into()),
            ("n", side.households.into()),
            ("fresh", side.new_leads.into()),
            ("confirmed", side.confirmed.into()),
            ("share", l.percent(side.confirmed, side.households).into()),
            ("day", found.day.to_string().into()),
        ];
        l.t_args(id, &args)
    });
    let more = found.places.1.len().saturating_sub(VILLAGES);
    Results {
        stats: Stats(stats),
        work: work.to_vec(),
        rules: found.rules.iter().map(|rule| rule_row(l, rule, heads)).collect(),
        towns: found.places.0.iter().map(|place| place_row(l, place, heads)).collect(),
        villages: found.places.1.iter().take(VILLAGES).map(|p| place_row(l, p, heads)).collect(),
        more: match more {
            0 => String::new(),
            more => l.t1("screening-what-if-more-villages", "n", more),
        },
        apart: apart_rows(l, found),
        first: match found.all_apart > i64::try_from(SHOWN).unwrap_or(i64::MAX) {
            true => l.t1("screening-what-if-first", "n", SHOWN),
            false => String::new(),
        },
    }
}

/// The heads of the rules' columns.
fn rule_heads(l: L, [one, other]: &[String; 2]) -> [String; 6] {
    [
        one.clone(),
        other.clone(),
        l.t1("screening-compare-only", "side", one),
        l.t1("screening-compare-only", "side", other),
        l.t("screening-compare-both"),
        l.t("screening-cannot-tell"),
    ]
}

fn rule_row(l: L, rule: &super::super::what_if::Difference, heads: &[String; 2]) -> RuleRow {
    let heads = rule_heads(l, heads);
    let cells = match rule.counts {
        None => std::array::from_fn(|_| "—".to_owned()),
        Some(counts) => [
            l.count(counts.hits_before),
            l.count(counts.hits_after),
            l.count(counts.dropped_out),
            l.count(counts.came_in),
            l.count(counts.unchanged),
            format!(
                "{} | {}",
                l.count(counts.cannot_tell_before),
                l.count(counts.cannot_tell_after)
            ),
        ],
    };
    let mut cells = cells.into_iter();
    RuleRow {
        href: format!("/rules/{}", rule.rule),
        title: rule.title.get(l.0).to_owned(),
        cells: heads.map(|head| (head, cells.next().unwrap_or_default())),
    }
}

/// The heads of the places' columns.
fn place_heads(l: L, [one, other]: &[String; 2]) -> [String; 4] {
    [
        l.t1("screening-compare-only", "side", one),
        l.t1("screening-compare-only", "side", other),
        l.t1("screening-compare-leads", "side", one),
        l.t1("screening-compare-leads", "side", other),
    ]
}

fn place_row(l: L, place: &PlaceOfBoth, heads: &[String; 2]) -> PlaceRow {
    let numbers = [place.only_one, place.only_other, place.leads_one, place.leads_other];
    let mut numbers = numbers.into_iter();
    PlaceRow {
        name: place.name.clone(),
        cells: place_heads(l, heads).map(|head| (head, l.count(numbers.next().unwrap_or(0)))),
    }
}

fn apart_rows(l: L, found: &Compared) -> Vec<ApartRow> {
    let title = |id: &String| {
        let known = found.rules.iter().find(|rule| rule.rule == *id);
        known.map_or_else(|| id.clone(), |rule| rule.title.get(l.0).to_owned())
    };
    let said = |ids: &[String]| match ids {
        [] => l.t("screening-what-if-no-hit"),
        ids => {
            let joined = if l.is_zh() { "、" } else { ", " };
            ids.iter().map(title).collect::<Vec<_>>().join(joined)
        }
    };
    let row = |one: &super::super::what_if::Apart| ApartRow {
        href: format!("/households/{}", one.household),
        name: one.name.clone(),
        number: one.number.clone(),
        village: one.village.clone(),
        one: said(&one.one),
        other: said(&one.other),
    };
    found.apart.iter().map(row).collect()
}

impl Results {
    /// Title and rows of townships and villages.
    fn places(&self, l: L) -> [(String, &[PlaceRow], &str); 2] {
        [
            (l.t("screening-what-if-townships"), &self.towns, ""),
            (l.t("screening-compare-villages"), &self.villages, &self.more),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_end_before_today() {
        let of = |day: &str| {
            let all = quarters(day.parse().unwrap());
            all.iter().map(Day::to_string).collect::<Vec<_>>()
        };
        assert_eq!(of("2026-11-22"), ["2026-09-30", "2026-06-30", "2026-03-31", "2025-12-31"]);
        assert_eq!(of("2026-10-01")[0], "2026-09-30");
        assert_eq!(of("2026-01-31")[..2], ["2025-12-31", "2025-09-30"]);
    }
}
