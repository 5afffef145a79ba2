//! The rows of a batch by what became of them.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use kernel::error::Result;
use kernel::ids::BatchId;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Column, Columns, Empty, Pager, Tab, Tabs};
use web::{Address, Answer, CtxOf, Desk, L, blocking, page};

use super::said;
use crate::intake::actions;
use crate::intake::api::sees_whole;
use crate::intake::batch::{Batch, RowOutcome, place_of};
use crate::intake::deliver::Desk as Tools;
use crate::intake::queries::{self, SeenResult, StoredSheet};

const ON_A_PAGE: i64 = 100;

struct Line {
    href: String,
    place: String,
    outcome: Chip,
    reason: String,
    who: String,
    household: Option<(String, String)>,
    village: String,
    day: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "intake/templates/rows.html")]
struct RowsPage {
    l: L,
    tabs: Tabs,
    columns: Columns,
    rows: Vec<Line>,
    pager: Pager,
    empty: Empty,
    part: bool,
}

struct Found {
    batch: Batch,
    sheets: Vec<StoredSheet>,
    rows: Vec<SeenResult>,
    whole: bool,
}

fn find(ctx: &Ctx, id: BatchId, address: &Address) -> Result<Found> {
    let permit = ctx.permit(Permission::IntakeSee)?;
    let batch = actions::load(ctx, id)?;
    let outcome = address.get("outcome").and_then(|word| word.parse::<RowOutcome>().ok());
    let after = address.get("after").and_then(|key| key.parse().ok()).unwrap_or(-1);
    let mut session = ctx.read()?;
    let whole = sees_whole(ctx, &batch);
    let reach = (after, ON_A_PAGE + 1);
    Ok(Found {
        sheets: queries::list_sheets(&mut session, id)?,
        rows: queries::list_seen(&mut session, (&permit, whole), (id, outcome), reach)?,
        whole,
        batch,
    })
}

/// `GET /intake/batches/{id}/rows?outcome=`
pub async fn list(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    (desk, Path(id)): (Desk, Path<BatchId>),
) -> Answer {
    let l = desk.l;
    let address = desk.address.clone();
    let mut found = blocking(move || find(&ctx, id, &address)).await?;
    let size = usize::try_from(ON_A_PAGE).unwrap_or(100);
    let after = (found.rows.len() > size)
        .then(|| found.rows.truncate(size))
        .and_then(|()| found.rows.last().map(|row| row.key.to_string()));
    let total = found.whole.then(|| total(&desk, &found.batch));
    let registered = matches!(found.batch.list.as_str(), "register" | "income");
    let empty_help = if registered { "intake-rows-registered" } else { "intake-rows-empty-help" };
    let body = RowsPage {
        l,
        tabs: tabs(&desk, &found.batch),
        columns: columns(&desk),
        pager: Pager::new(l, &desk.address, found.rows.len(), after, total),
        rows: found.rows.iter().map(|row| line(l, &found, row)).collect(),
        empty: Empty::new(l.t("intake-rows-empty"), l.t(empty_help)),
        part: !found.whole,
    };
    let title = said::list(l, &tools.templates, &found.batch.list);
    let shell = desk
        .shell("intake-rows")
        .nav("intake")
        .wide()
        .crumb(l.t("nav-intake"), "/intake")
        .crumb(title, format!("/intake/batches/{id}"));
    page(&shell, body)
}

const TABS: [RowOutcome; 5] = [
    RowOutcome::Taken,
    RowOutcome::Asked,
    RowOutcome::Rejected,
    RowOutcome::NotHere,
    RowOutcome::Duplicate,
];

fn number(batch: &Batch, outcome: RowOutcome) -> i64 {
    match outcome {
        RowOutcome::Taken => batch.counts.taken,
        RowOutcome::Asked => batch.counts.asked,
        RowOutcome::Rejected => batch.counts.rejected,
        RowOutcome::NotHere => batch.counts.not_here,
        RowOutcome::Duplicate => batch.counts.duplicate,
    }
}

fn total(desk: &Desk, batch: &Batch) -> i64 {
    let outcome = desk.address.get("outcome").and_then(|word| word.parse().ok());
    outcome.map_or(batch.counts.total, |outcome| number(batch, outcome))
}

fn tabs(desk: &Desk, batch: &Batch) -> Tabs {
    let l = desk.l;
    let here = desk.address.get("outcome");
    let tab = |word: &str, label: String, size: i64| Tab {
        href: desk.address.without("after").with("outcome", word).to_string(),
        label,
        count: Some(l.count(size)),
        current: here.unwrap_or_default() == word,
    };
    let mut tabs = vec![tab("", l.t("web-all"), batch.counts.total)];
    tabs.extend(TABS.iter().map(|outcome| {
        tab(outcome.text(), l.t(&format!("intake-outcome-{outcome}")), number(batch, *outcome))
    }));
    Tabs(tabs)
}

fn columns(desk: &Desk) -> Columns {
    let l = desk.l;
    let words = [
        "intake-col-row",
        "intake-col-outcome",
        "intake-col-who",
        "intake-col-village",
        "intake-col-day",
        "intake-col-amount",
    ];
    let columns = words.iter().map(|id| {
        let column = Column::new(l.t(id));
        if *id == "intake-col-amount" { column.number() } else { column }
    });
    Columns::new(&desk.address, columns.collect())
}

fn line(l: L, found: &Found, row: &SeenResult) -> Line {
    let (sheet, number) = place_of(row.key);
    let name = found.sheets.iter().find(|one| one.sheet == sheet).map(|one| one.name.as_str());
    Line {
        href: format!("/intake/batches/{}/rows/{}", found.batch.id, row.key),
        place: said::place(name.unwrap_or_default(), &number.to_string()),
        outcome: said::outcome(l, row.outcome),
        reason: said::reason(l, &row.reason),
        who: row.person.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
        household: row.household.as_ref().map(|(id, number)| (id.to_string(), number.clone())),
        village: row.village.clone().unwrap_or_default(),
        day: row.day.map(|day| day.to_string()).unwrap_or_default(),
        amount: row.amount.map(|money| l.money(money.fen())).unwrap_or_default(),
    }
}
