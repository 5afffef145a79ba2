//! Pages of duplicates: the list of pairs, two side by side, and what became of the ones that were decided.

use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Permit, Session};
use web::ui::{Chip, Choice, Empty, Field, Tab, Tabs, Tone};
use web::{Act, Address, Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::queries::{self, Kind, Merge, MergeState};
use super::suggest::{Reason, Suggested, merged_people, open_homes, suggested};

mod merge;
mod pair;

/// Pairs on one page.
const ON_A_PAGE: usize = 100;
/// Merges on one page.
const MERGES_AT_MOST: i64 = 200;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/duplicates", get(list))
        .route("/duplicates/compare", get(compare))
        .route("/duplicates/pairs/{kind}/{one}/{other}", get(pair::show).post(pair::decide))
        .route("/duplicates/merges/{id}", get(merge::show))
        .route("/duplicates/merges/{id}/confirm", post(merge::confirm))
        .route("/duplicates/merges/{id}/refuse", post(merge::refuse))
        .route("/duplicates/merges/{id}/undo", post(merge::undo))
        .route("/duplicates/again", post(pair::again))
}

/// Pairs of the scope that nobody has decided, as the address filters them, with the names of both.
pub(super) struct Open {
    pub(super) pair: Suggested,
    pub(super) names: ((String, String), (String, String)),
}

pub(super) fn open_pairs(
    ctx: &Ctx,
    session: &mut Session,
    (permit, address): (&Permit, &Address),
) -> Result<Vec<Open>> {
    let all = suggested(session, ctx.db.keys())?;
    let kind = address.get("kind").and_then(|text| text.parse::<Kind>().ok());
    let reason = address.get("reason").and_then(|text| text.parse::<Reason>().ok());
    let area = address.get("area").and_then(|code| AreaCode::parse_short(code).ok());
    let inside = |village: &str| {
        area.is_none_or(|area| {
            village.parse::<AreaCode>().is_ok_and(|village| area.contains(village))
        })
    };
    let wanted: Vec<&Suggested> = all
        .iter()
        .filter(|pair| kind.is_none_or(|kind| kind == pair.kind))
        .filter(|pair| reason.is_none_or(|reason| pair.reasons.contains(&reason)))
        .filter(|pair| inside(&pair.villages.0) || inside(&pair.villages.1))
        .collect();
    let homes: BTreeSet<&str> =
        wanted.iter().flat_map(|pair| [pair.homes.0.as_str(), pair.homes.1.as_str()]).collect();
    let homes = open_homes(session, permit, &homes)?;
    let said: BTreeSet<(Kind, String, String)> = queries::list_verdicts(session)?
        .into_iter()
        .map(|(kind, one, other, ..)| (kind, one, other))
        .collect();
    let of = |kind: Kind| -> BTreeSet<&str> {
        let pairs = wanted.iter().filter(|pair| pair.kind == kind);
        pairs.flat_map(|pair| [pair.one.as_str(), pair.other.as_str()]).collect()
    };
    let (people, houses) = (of(Kind::Person), of(Kind::Household));
    let gone = merged_people(session, &people)?;
    let mut names = queries::names(session, (true, &json!(people).to_string()))?;
    names.extend(queries::names(session, (false, &json!(houses).to_string()))?);
    let open = wanted.into_iter().filter(|pair| {
        homes.contains(&pair.homes.0)
            && homes.contains(&pair.homes.1)
            && !gone.contains(&pair.one)
            && !gone.contains(&pair.other)
            && !said.contains(&(pair.kind, pair.one.clone(), pair.other.clone()))
    });
    let name = |id: &String| names.get(id).cloned().unwrap_or_default();
    Ok(open
        .map(|pair| Open { pair: pair.clone(), names: (name(&pair.one), name(&pair.other)) })
        .collect())
}

pub(super) fn href_of((kind, one, other): (Kind, &str, &str), address: &Address) -> String {
    let mut to = Address::new(format!("/duplicates/pairs/{kind}/{one}/{other}"), "");
    for key in ["kind", "reason", "area"] {
        if let Some(value) = address.get(key) {
            to = to.with(key, value);
        }
    }
    to.to_string()
}

struct Row {
    href: String,
    kind: String,
    one: (String, String),
    other: (String, String),
    place: String,
    reasons: Vec<Chip>,
}

struct MergeRow {
    merge: Merge,
    kind: String,
    word: Chip,
    at: String,
}

struct Said {
    kind: Kind,
    one: String,
    other: String,
    words: String,
    by: String,
    at: String,
}

#[derive(Template)]
#[template(path = "duplicates/templates/list.html")]
struct ListPage {
    l: L,
    csrf: web::ui::Csrf,
    tabs: Tabs,
    suggested: bool,
    filtered: bool,
    kind: Field,
    reason: Field,
    area: Field,
    rows: Vec<Row>,
    total: usize,
    merges: Vec<MergeRow>,
    said: Vec<Said>,
    empty: Empty,
    number_one: Field,
    number_other: Field,
}

struct Found {
    open: Vec<Open>,
    villages: std::collections::BTreeMap<String, String>,
    merges: Vec<Merge>,
    said: Vec<queries::Verdict>,
    names: std::collections::BTreeMap<String, (String, String)>,
    below: Vec<(AreaCode, String)>,
}

fn gather(ctx: &Ctx, address: &Address) -> Result<Found> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut session = ctx.read()?;
    let state = address.get("state").unwrap_or("suggested");
    let open = match state {
        "suggested" => open_pairs(ctx, &mut session, (&permit, address))?,
        _ => Vec::new(),
    };
    let mut villages = std::collections::BTreeMap::new();
    for one in open.iter().take(ON_A_PAGE) {
        for code in [&one.pair.villages.0, &one.pair.villages.1] {
            if !villages.contains_key(code)
                && let Ok(area) = code.parse::<AreaCode>()
            {
                let name = crate::areas::find_area(&mut session, area)?.map(|area| area.row.name);
                villages.insert(code.clone(), name.unwrap_or_default());
            }
        }
    }
    let merges = match state {
        "suggested" | "differ" => Vec::new(),
        state => queries::list_merges(&mut session, &permit, (Some(state), None), MERGES_AT_MOST)?,
    };
    let mut said = match state {
        "differ" => queries::list_verdicts(&mut session)?,
        _ => Vec::new(),
    };
    let mut names = std::collections::BTreeMap::new();
    if !said.is_empty() {
        let ids: BTreeSet<&str> =
            said.iter().flat_map(|one| [one.1.as_str(), one.2.as_str()]).collect();
        let list = json!(ids).to_string();
        names.extend(queries::names(&mut session, (true, &list))?);
        names.extend(queries::names(&mut session, (false, &list))?);
        let seen = queries::visible_records(&mut session, (&permit, &list))?;
        said.retain(|one| seen.contains(&one.1) && seen.contains(&one.2));
    }
    let below = crate::areas::list_below(&mut session, ctx.actor.home)?;
    Ok(Found { open, villages, merges, said, names, below })
}

fn chip_of(l: L, reason: Reason) -> Chip {
    let tone = match reason {
        Reason::NumberTwice | Reason::NumberSlip | Reason::Heads => Tone::Amber,
        _ => Tone::Grey,
    };
    Chip::new(tone, l.t(&format!("duplicates-reason-{reason}")))
}

pub(super) fn state_chip(l: L, state: MergeState) -> Chip {
    let tone = match state {
        MergeState::Carried => Tone::Green,
        MergeState::Proposed => Tone::Amber,
        MergeState::Refused | MergeState::Undone => Tone::Grey,
    };
    Chip::new(tone, l.t(&format!("duplicates-state-{state}")))
}

async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let (l, address) = (desk.l, desk.address.clone());
    let asked = address.clone();
    let found = blocking(move || gather(&ctx, &asked)).await?;
    let state = address.get("state").unwrap_or("suggested").to_owned();
    let tabs = ["suggested", "proposed", "carried", "undone", "differ"].map(|one| Tab {
        href: Address::new("/duplicates", "").with("state", one).to_string(),
        label: l.t(&format!("duplicates-tab-{one}")),
        count: None,
        current: state == one,
    });
    let filled = ["kind", "reason", "area"].iter().fold(Fields::default(), |fields, key| {
        fields.with(key, address.get(key).unwrap_or_default())
    });
    let mut kinds = vec![Choice::new("", l.t("duplicates-any-kind"))];
    kinds.extend(
        Kind::ALL
            .iter()
            .map(|kind| Choice::new(kind.as_str(), l.t(&format!("duplicates-kind-{kind}")))),
    );
    let mut reasons = vec![Choice::new("", l.t("duplicates-any-reason"))];
    reasons.extend(
        Reason::ALL.iter().map(|reason| {
            Choice::new(reason.as_str(), l.t(&format!("duplicates-reason-{reason}")))
        }),
    );
    let mut places = vec![Choice::new("", l.t("duplicates-any-place"))];
    places.extend(found.below.iter().map(|(code, name)| Choice::new(code.as_str(), name)));
    let village = |code: &String| found.villages.get(code).cloned().unwrap_or_default();
    let rows = found.open.iter().take(ON_A_PAGE).map(|open| {
        let pair = &open.pair;
        let (one, other) = (village(&pair.villages.0), village(&pair.villages.1));
        Row {
            href: href_of((pair.kind, &pair.one, &pair.other), &address),
            kind: l.t(&format!("duplicates-kind-{}", pair.kind)),
            one: open.names.0.clone(),
            other: open.names.1.clone(),
            place: if one == other { one } else { format!("{one} · {other}") },
            reasons: pair.reasons.iter().map(|reason| chip_of(l, *reason)).collect(),
        }
    });
    let merges = found.merges.into_iter().map(|merge| MergeRow {
        kind: l.t(&format!("duplicates-kind-{}", merge.kind)),
        word: state_chip(l, merge.state),
        at: merge.at.local_text(),
        merge,
    });
    let name = |id: &String| found.names.get(id).cloned().unwrap_or_default();
    let said = found.said.iter().map(|(kind, one, other, by, at)| {
        let (a, b) = (name(one), name(other));
        Said {
            kind: *kind,
            one: one.clone(),
            other: other.clone(),
            words: format!("{} {} · {} {}", a.0, a.1, b.0, b.1),
            by: by.clone(),
            at: at.local_text(),
        }
    });
    let body = ListPage {
        l,
        csrf: web::ui::Csrf(desk.csrf.clone()),
        tabs: Tabs(tabs.into()),
        suggested: state == "suggested",
        filtered: ["kind", "reason", "area"].iter().any(|key| address.get(key).is_some()),
        kind: Field::select("kind", l.t("duplicates-kind"), kinds).filled(l, &filled, None),
        reason: Field::select("reason", l.t("duplicates-reason"), reasons).filled(l, &filled, None),
        area: Field::select("area", l.t("duplicates-area"), places).filled(l, &filled, None),
        rows: rows.collect(),
        total: found.open.len(),
        merges: merges.collect(),
        said: said.collect(),
        empty: Empty::new(l.t(&format!("duplicates-none-{state}")), l.t("duplicates-none-help")),
        number_one: Field::text("one", l.t("duplicates-number-one")),
        number_other: Field::text("other", l.t("duplicates-number-other")),
    };
    let mut shell = desk.shell("duplicates-list").nav("households").wide();
    if desk.may(Permission::IntakeMatch) {
        shell = shell.act(Act::new(l.t("match-title"), "/intake/match"));
    }
    page(&shell.crumb(l.t("nav-households"), "/households"), body)
}

/// `GET /duplicates/compare?one=&other=`: two numbers that somebody knows of.
async fn compare(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let number = |key: &str| desk.address.get(key).unwrap_or_default().trim().to_uppercase();
    let (one, other) = (number("one"), number("other"));
    let to = blocking(move || {
        ctx.permit(Permission::HouseholdPropose)?;
        let mut session = ctx.read()?;
        let find = |session: &mut Session, number: &str| -> Result<(bool, String)> {
            queries::find_number(session, number)?
                .ok_or_else(|| ctx.not_found("duplicates.no_such_number", number))
        };
        let (a, b) = (find(&mut session, &one)?, find(&mut session, &other)?);
        if a.0 != b.0 || a.1 == b.1 {
            return Err(kernel::error::Refusal::invalid("duplicates.two_kinds").into());
        }
        let kind = if a.0 { Kind::Person } else { Kind::Household };
        Ok(href_of((kind, &a.1, &b.1), &Address::new("/duplicates", "")))
    })
    .await?;
    Ok(Redirect::to(&to).into_response())
}
