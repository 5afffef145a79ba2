//! Households of the sample county whose risk is gone, or was thought to be: each stands somewhere else on the way out.

use anyhow::Result;
use casework::assistance::{self, Delivered, NewMeasure, Proof, Subject};
use casework::cases::{self, Line, MONITORING, NewRisk, Shown};
use kernel::ids::{CaseId, HouseholdId};
use store::Ctx;

use super::super::Desk;
use super::cases::{BEGAN, stepped};
use super::history::days_ago;
use crate::app::App;

/// The way out: by whom, how many days ago. A notice hangs five days.
const WAY: [(&str, &str, i64); 9] = [
    ("propose_removal", "bob", BEGAN),
    ("check_removal", "bob", BEGAN),
    ("review_removal", "bob", BEGAN),
    ("post_removal", "bob", BEGAN),
    ("submit_removal", "bob", 0),
    ("pass_removal", "jia", 0),
    ("approve_removal", "alice", 0),
    ("announce_removal", "alice", 0),
    ("look_back", "bob", 0),
];

/// How far somebody came on the way out, and the step that came instead of the next one, with who took it.
type Scene = (Option<&'static str>, Option<Taken>);
/// A step and who took it.
type Taken = (&'static str, &'static str);

/// How far somebody came on it, and what came instead of the next step. The first are those of which a visitor asks first.
const SCENES: [Scene; 13] = [
    (Some("post_removal"), None),
    (Some("announce_removal"), None),
    (Some("pass_removal"), None),
    (Some("propose_removal"), None),
    (Some("check_removal"), None),
    (Some("review_removal"), None),
    (Some("post_removal"), Some(("object_removal", "bob"))),
    (Some("submit_removal"), None),
    (Some("approve_removal"), None),
    (Some("announce_removal"), Some(("roll_back", "bob"))),
    (Some("announce_removal"), Some(("mark_again", "bob"))),
    (Some("look_back"), None),
    (None, Some(("end", "bob"))),
];

/// The township looks at the households that it has long helped, and those whose risk is gone go their way.
pub fn live(desk: &Desk, app: &App) -> Result<()> {
    let bob = days_ago(app, BEGAN).ctx(Some("bob"), desk.lang)?;
    let mut scenes = SCENES.iter();
    for line in helped(&bob)? {
        if !is_gone(&bob, line.id)? {
            continue;
        }
        let Some((until, then)) = scenes.next() else { break };
        let mut way: Vec<(&str, &str, i64)> = Vec::new();
        if let Some(until) = until {
            relieved(&bob, line.id, line.household.parse()?)?;
            let far = WAY.iter().position(|step| step.0 == *until).map_or(0, |at| at + 1);
            way.extend(WAY.iter().take(far));
        }
        way.extend(then.map(|(step, who)| (step, who, 0)));
        for (step, login, back) in way {
            let ctx = days_ago(app, back).ctx(Some(login), desk.lang)?;
            if !stepped(&ctx, (line.id, MONITORING), step)? {
                break;
            }
        }
    }
    Ok(())
}

/// Households that are being helped, by their number.
fn helped(ctx: &Ctx) -> Result<Vec<Line>> {
    let filter = cases::Filter {
        life: Some(MONITORING.to_owned()),
        state: Some("helping".to_owned()),
        ..cases::Filter::default()
    };
    let (_, mut lines) = cases::list_all(ctx, &filter, 1_000)?;
    lines.retain(|line| line.identified_on.is_some_and(|on| on < ctx.today.add_months(-6)));
    lines.sort_by(|a, b| a.household_number.cmp(&b.household_number));
    Ok(lines)
}

/// Whether nothing but the household's own risk and the proof of help stands in the way.
fn is_gone(ctx: &Ctx, id: CaseId) -> Result<bool> {
    let view = cases::show(ctx, id)?;
    let to_do = ["risks", "helped"];
    let lacks = view.known.removal_lacks.iter().filter(|one| !to_do.contains(&one.as_str()));
    Ok(lacks.count() == 0 && view.known.labour == Some(true))
}

/// Help was given and the risks are gone.
fn relieved(ctx: &Ctx, id: CaseId, home: HouseholdId) -> Result<()> {
    let view = cases::show(ctx, id)?;
    let measure = NewMeasure {
        subject: Subject::Household(home),
        kind: "industry_own".to_owned(),
        aims: view.risks.iter().map(|risk| risk.risk.clone()).collect(),
        words: "养羊十二只，村里统一收购".to_owned(),
        office: String::new(),
        owner: ctx.actor.name.clone(),
        promised_on: ctx.today,
        due_on: ctx.today.add_days(30),
    };
    let measure = assistance::plan(ctx, measure)?;
    let given = Delivered {
        on: ctx.today,
        proof: Proof::Contract,
        number: "收购合同 2026-07".to_owned(),
        amount: None,
        term: None,
    };
    let version = assistance::show(ctx, measure)?.version;
    assistance::deliver(ctx, (measure, version), given)?;
    let gone = |risk: &cases::Risk| NewRisk {
        risk: risk.risk.clone(),
        kind: risk.kind.clone().unwrap_or_default(),
        words: risk.words.clone(),
        gone_why: "收入稳定，支出已经解决".to_owned(),
    };
    let risks: Vec<NewRisk> = view.risks.iter().map(gone).collect();
    cases::save_risks(ctx, Shown { id, version: view.case.version }, &risks)?;
    Ok(())
}
