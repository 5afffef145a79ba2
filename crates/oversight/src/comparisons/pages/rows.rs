//! The rows behind a difference: who came in, who went out, whose value changed, and why.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use registry::intake;
use store::Ctx;
use web::ui::{Empty, Pager};
use web::{Act, Address, Answer, CtxOf, Desk, L, blocking, page};

use super::super::actions::{RowLine, Sides};
use super::super::behind::{Behind, PAGE, RowsWanted, rows};
use super::super::laid::TwoDays;
use super::super::model::{Comparison, Way};
use super::super::sheet::rows_workbook;
use super::overview::rule_names;
use super::said::{Told, Words};
use super::{Wanted, heads, ready, shell, workbook};

/// Values that are told of one household in a list; the page of the household tells all.
const MOST_VALUES: usize = 4;

struct Line {
    href: String,
    name: String,
    number: String,
    village: String,
    values: Vec<(String, String, String)>,
    more: Option<String>,
    why: Vec<Told>,
}

#[derive(Template)]
#[template(path = "comparisons/templates/rows.html")]
struct RowsPage {
    l: L,
    means: String,
    heads: [String; 2],
    lines: Vec<Line>,
    pager: Pager,
    empty: Empty,
}

fn asked(address: &Address, wanted: &Wanted) -> Result<RowsWanted> {
    let missing = || Refusal::not_found("comparisons.no_such_line");
    let of = address.get("of").ok_or_else(missing)?.to_owned();
    let way = address.get("way").and_then(Way::of).ok_or_else(missing)?;
    Ok(RowsWanted { of, way, area: wanted.area })
}

fn line(words: &Words<'_>, wanted: &Wanted, one: &RowLine) -> Line {
    let values = one.values.iter().map(|two| words.two(two));
    let more = one.values.len().saturating_sub(MOST_VALUES);
    let href = match &one.lead {
        Some(lead) if one.household.is_empty() => format!("/leads/{lead}"),
        _ => wanted.to(&format!("/compare/households/{}", one.household)).to_string(),
    };
    Line {
        href,
        name: match one.household.is_empty() {
            true => words.l.t1("comparisons-of-village", "village", one.village.clone()),
            false => one.name.clone(),
        },
        number: one.number.clone(),
        village: one.village.clone(),
        values: values.take(MOST_VALUES).collect(),
        more: (more > 0).then(|| words.l.t1("comparisons-more-values", "n", more)),
        why: one.causes.iter().take(2 * MOST_VALUES).map(|cause| words.cause(cause)).collect(),
    }
}

/// What the rows are, in a few words.
fn title(words: &Words<'_>, found: &Comparison, of: &RowsWanted) -> String {
    if of.of == "facts" {
        return words.l.t("comparisons-changed");
    }
    let name = words.line_alone(&of.of, &found.columns);
    words.l.t1(&format!("comparisons-way-{}", of.way.code()), "what", name)
}

fn look(
    ctx: &Ctx,
    days: &TwoDays,
    (wanted, of): (&Wanted, &RowsWanted),
) -> Result<(Sides, Arc<Comparison>, Behind)> {
    ctx.permit(Permission::HouseholdSee)?;
    let sides = days.sides(ctx, wanted.asking)?;
    let found = days.compare(ctx, &sides)?;
    let behind = rows(&sides, &found, of)?;
    Ok((sides, found, behind))
}

/// `GET /compare/rows?of=…&way=in|out|changed&…`: exactly the rows of one number.
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
    let (l, of) = (desk.l, asked(&desk.address, &wanted)?);
    let offset = desk.address.get("after").and_then(|text| text.parse().ok()).unwrap_or(0);
    let (asked, query) = (wanted.clone(), of.clone());
    let (found, total, lines, rules) = blocking(move || {
        let (sides, found, behind) = look(&ctx, &days, (&asked, &query))?;
        let lines = behind.page(&sides, offset)?;
        Ok((found, behind.total(), lines, rule_names(&ctx)?))
    })
    .await?;
    let words = Words { l, templates: &tools.templates, rules };
    let at = offset + lines.len();
    let next = (at < total && lines.len() == PAGE).then(|| at.to_string());
    let total = i64::try_from(total).ok();
    let body = RowsPage {
        l,
        means: wanted.words(l),
        heads: heads(l, &wanted),
        pager: Pager::new(l, &desk.address, lines.len(), next, total),
        lines: lines.iter().map(|one| line(&words, &wanted, one)).collect(),
        empty: Empty::new(l.t("comparisons-no-rows"), l.t("comparisons-no-rows-help")),
    };
    let mut shell = shell(&desk, &wanted, title(&words, &found, &of)).act(Act::print(l));
    if desk.may(Permission::HouseholdExport) {
        let to = wanted.here("/compare/rows/export").with("of", &of.of).with("way", of.way.code());
        shell = shell.act(Act::new(l.t("web-export"), to.to_string()).icon("export"));
    }
    page(&shell, body)
}

/// `GET /compare/rows/export`
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
    let of = asked(&desk.address, &wanted)?;
    let bytes = blocking(move || {
        let (sides, _, behind) = look(&ctx, &days, (&wanted, &of))?;
        let words = Words { l, templates: &tools.templates, rules: rule_names(&ctx)? };
        let texts = |one: &RowLine| {
            let why = one.causes.iter().map(|cause| words.cause(cause).text);
            (one.values.iter().map(|two| words.two(two)).collect(), why.collect::<Vec<_>>())
        };
        let about =
            (wanted.here("/compare/rows").with("of", &of.of).to_string(), heads(l, &wanted));
        rows_workbook((&ctx, l), (&sides, &behind), about, &texts)
    })
    .await?;
    Ok(workbook("compare-rows", bytes))
}
