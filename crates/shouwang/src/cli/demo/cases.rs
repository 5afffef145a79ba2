//! Cases of the sample county: each stands somewhere else on its way, taken there by the people whose turn it was.

use anyhow::{Context as _, Result};
use casework::assistance::{self, NewMeasure, Subject};
use casework::cases::{self, AskKind, Asked, MONITORING, NewRisk, OfficeAnswer, Paper};
use casework::screening::{self, Answer, Filter, Outcome, State};
use kernel::ids::{CaseId, HouseholdId};
use store::Ctx;

use super::super::Desk;
use super::history::days_ago;
use crate::app::App;

/// What was done with a case: by whom, how many days ago.
const WAY: [(&str, &str, i64); 13] = [
    ("consent", "chen", 14),
    ("risks", "chen", 14),
    ("check", "chen", 14),
    ("ask", "alice", 13),
    ("answers", "alice", 12),
    ("compare", "alice", 12),
    ("review", "chen", 11),
    ("post", "chen", 10),
    ("submit", "chen", 4),
    ("pass", "bob", 3),
    ("approve", "alice", 2),
    ("announce", "alice", 2),
    ("plan", "chen", 1),
];
/// How far each case came, the furthest first; the next one waits for its check.
const FAR: [usize; 6] = [13, 12, 9, 8, 4, 0];
/// What they suffer from, and the help that fits it.
const RISKS: [(&str, &str); 6] = [
    ("illness", "health_relief"),
    ("unstable_work", "work_local"),
    ("schooling", "school_grant"),
    ("accident", "health_relief"),
    ("disability", "net_disability"),
    ("illness", "health_major"),
];

/// The village confirms some leads, and the cases go their way.
pub fn live(desk: &Desk, app: &App) -> Result<()> {
    let chen = days_ago(app, 15).ctx(Some("chen"), desk.lang)?;
    let open = screening::list(&chen, &Filter::of(State::Open), None)?.lines;
    let homes = open.iter().filter(|line| line.household_id.is_some());
    for line in homes.take(FAR.len()) {
        let seen = screening::Shown { id: line.id, version: line.version };
        let answer = Answer::new(Outcome::RiskConfirmed, "spending_heavy", "");
        screening::answer(&chen, seen, &answer)?;
    }
    let filter = cases::Filter { phase: Some("identify".to_owned()), ..cases::Filter::default() };
    let lines = cases::list(&chen, &filter, None)?.lines;
    for ((line, far), risk) in lines.iter().zip(FAR).zip(RISKS) {
        let home: HouseholdId = line.household.parse().context("household of a case")?;
        for (what, login, back) in WAY.iter().take(far) {
            let ctx = days_ago(app, *back).ctx(Some(login), desk.lang)?;
            done(&ctx, (line.id, home), (what, risk))?;
        }
    }
    Ok(())
}

fn done(
    ctx: &Ctx,
    (id, home): (CaseId, HouseholdId),
    (what, risk): (&str, (&str, &str)),
) -> Result<()> {
    let view = cases::show(ctx, id)?;
    let seen = cases::Shown { id, version: view.case.version };
    match what {
        "consent" => {
            let paper = Paper {
                kind: String::new(),
                on: ctx.today,
                signed_by: view.head.clone(),
                how: "signed".to_owned(),
                read_by: String::new(),
                name: String::new(),
            };
            cases::record_consent(ctx, seen, &paper)?;
        }
        "risks" => {
            let risk = NewRisk { risk: risk.0.to_owned(), ..NewRisk::default() };
            cases::save_risks(ctx, seen, &[risk])?;
        }
        "ask" => cases::ask_offices(ctx, seen)?,
        "answers" => {
            for question in &view.questions {
                cases::answer_question(ctx, (id, &question.item), &OfficeAnswer::default())?;
            }
        }
        step => {
            if step == "plan" {
                planned(ctx, home, risk)?;
            }
            take(ctx, seen, step)?;
        }
    }
    Ok(())
}

/// Help for the risk, and a measure of development and the safety net besides, so that the plan fits whoever lives there.
fn planned(ctx: &Ctx, home: HouseholdId, (risk, kind): (&str, &str)) -> Result<()> {
    for kind in [kind, "industry_own", "net_temporary"] {
        let measure = NewMeasure {
            subject: Subject::Household(home),
            kind: kind.to_owned(),
            aims: vec![risk.to_owned()],
            words: String::new(),
            office: String::new(),
            owner: ctx.actor.name.clone(),
            promised_on: ctx.today,
            due_on: ctx.today.add_days(30),
        };
        assistance::plan(ctx, measure)?;
    }
    Ok(())
}

/// Takes a step with what its fields ask for.
fn take(ctx: &Ctx, seen: cases::Shown, step: &str) -> Result<()> {
    let book = cases::book(&mut ctx.read()?, ctx.today)?;
    let asks = book.life(MONITORING)?.step(step).map(|step| step.asks.clone()).unwrap_or_default();
    let field = |id: &str| -> String {
        let Some(ask) = asks.iter().find(|ask| ask.id == id) else { return String::new() };
        match ask.kind {
            AskKind::Day => ctx.today.to_string(),
            AskKind::Number => "17".to_owned(),
            AskKind::Yes => "yes".to_owned(),
            AskKind::Choice => ask.options.first().map(|one| one.code.clone()).unwrap_or_default(),
            AskKind::Class => {
                book.classes.class.first().map(|one| one.code.clone()).unwrap_or_default()
            }
            AskKind::Text | AskKind::Words if ask.optional => String::new(),
            AskKind::Text => "村委会".to_owned(),
            AskKind::Words => "情况属实，支出明显超过收入，同意按程序办理".to_owned(),
        }
    };
    cases::take(ctx, seen, &Asked { step, field: &field })?;
    Ok(())
}
