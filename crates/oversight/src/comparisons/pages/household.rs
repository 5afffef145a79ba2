//! One household on the two days.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use kernel::permission::Permission;
use registry::intake;
use web::ui::Empty;
use web::{Act, Answer, CtxOf, Desk, L, blocking, page};

use super::super::actions::{OneHousehold, Two, of_household};
use super::super::laid::TwoDays;
use super::overview::rule_names;
use super::said::{Told, Words};
use super::{DayWords, heads, ready, shell};

struct Line {
    what: String,
    href: Option<String>,
    old: String,
    new: String,
    why: Vec<Told>,
}

#[derive(Template)]
#[template(path = "comparisons/templates/household.html")]
struct HouseholdPage {
    l: L,
    path: String,
    days: [DayWords; 2],
    latest: String,
    means: String,
    absent: Option<String>,
    heads: [String; 2],
    members: Vec<Told>,
    tables: [(String, Vec<Line>); 2],
    empty: Option<Empty>,
}

fn facts(words: &Words<'_>, found: &OneHousehold) -> Vec<Line> {
    let line =
        |(column, old, new, causes): &(facts::Column, facts::Scalar, facts::Scalar, Vec<_>)| {
            let (what, old, new) = words.two(&Two::Fact(*column, old.clone(), new.clone()));
            let why = causes.iter().map(|cause| words.cause(cause)).collect();
            Line { what, href: None, old, new, why }
        };
    found.facts.iter().map(line).collect()
}

fn leads(words: &Words<'_>, found: &OneHousehold) -> Vec<Line> {
    let line = |(lead, two, causes): &(String, Two, Vec<_>)| {
        let (what, old, new) = words.two(two);
        let why = causes.iter().map(|cause| words.cause(cause)).collect();
        Line { what, href: Some(format!("/leads/{lead}")), old, new, why }
    };
    found.leads.iter().map(line).collect()
}

/// `GET /compare/households/{id}?from=…&known_from=…&to=…&known_to=…`
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(days): Extension<Arc<TwoDays>>,
    Extension(tools): Extension<intake::Desk>,
    desk: Desk,
    Path(id): Path<String>,
) -> Answer {
    ctx.permit(Permission::HouseholdSee)?;
    let wanted = match ready((&ctx, &desk), &days).await {
        Ok(wanted) => wanted,
        Err(answer) => return answer,
    };
    let (l, asking, home) = (desk.l, wanted.asking, id.clone());
    let (found, rules) = blocking(move || {
        let sides = days.sides(&ctx, asking)?;
        Ok((of_household(&sides, &home)?, rule_names(&ctx)?))
    })
    .await?;
    let words = Words { l, templates: &tools.templates, rules };
    let nothing = found.facts.is_empty() && found.members.is_empty() && found.leads.is_empty();
    let absent = match found.there {
        (false, _) => Some("comparisons-not-on-first"),
        (_, false) => Some("comparisons-not-on-second"),
        _ => None,
    };
    let body = HouseholdPage {
        l,
        path: desk.address.path().to_owned(),
        days: wanted.days(),
        latest: wanted.today.to_string(),
        means: wanted.words(l),
        heads: heads(l, &wanted),
        members: found.members.iter().map(|cause| words.cause(cause)).collect(),
        tables: [
            (l.t("comparisons-group-leads"), leads(&words, &found)),
            (l.t("comparisons-group-changes"), facts(&words, &found)),
        ],
        empty: (nothing && absent.is_none())
            .then(|| Empty::new(l.t("comparisons-nothing"), l.t("comparisons-nothing-help"))),
        absent: absent.map(|id| l.t(id)),
    };
    let title = l.t1("comparisons-household-title", "name", found.name.clone());
    let mut shell = shell(&desk, &wanted, title)
        .lead(format!("{} · {}", found.number, found.village))
        .act(Act::print(l));
    if found.there.1 && wanted.asking.to.is_none() {
        let open = l.t("comparisons-open-household");
        shell = shell.act(Act::new(open, format!("/households/{id}")).icon("house"));
    }
    page(&shell, body)
}
