//! Cases of the sample county: each stands somewhere else on its way, taken there by the people whose turn it was.

use anyhow::{Context as _, Result};
use casework::assistance::{self, NewMeasure, Subject};
use casework::cases::{self, AskKind, Asked, MONITORING, NewRisk, OfficeAnswer, Paper};
use casework::screening::{self, Answer, Filter, LeadLine, Outcome, Severity, State};
use kernel::ids::{CaseId, HouseholdId};
use store::Ctx;

use super::super::Desk;
use super::history::{Weeks, days_ago};
use crate::app::App;

/// Since when the village has been at it: the last wave was given out before.
const BEGAN: i64 = 6;
/// What was done with a case: by whom, how many days ago. A notice hangs five days.
const WAY: [(&str, &str, i64); 13] = [
    ("consent", "chen", BEGAN),
    ("risks", "chen", BEGAN),
    ("check", "chen", BEGAN),
    ("ask", "alice", BEGAN),
    ("answers", "alice", BEGAN),
    ("compare", "alice", BEGAN),
    ("review", "chen", BEGAN),
    ("post", "chen", BEGAN),
    ("submit", "chen", 0),
    ("pass", "bob", 0),
    ("approve", "alice", 0),
    ("announce", "alice", 0),
    ("plan", "chen", 0),
];
/// How far the cases of the village came, the furthest first, and those of the other villages, where the township does the
/// village's part and nobody reviews their own step.
const FAR: [(&str, &[usize]); 2] = [("chen", &[13, 8]), ("bob", &[9, 4])];
/// What they suffer from, and the help that fits it.
const RISKS: [(&str, &str); 6] = [
    ("illness", "health_relief"),
    ("unstable_work", "work_local"),
    ("schooling", "school_grant"),
    ("accident", "health_relief"),
    ("disability", "net_disability"),
    ("illness", "health_major"),
];

/// Villages confirm some of the lighter leads, and the cases go their way.
pub fn live(desk: &Desk, app: &App, weeks: &Weeks) -> Result<()> {
    let began = weeks.waves.iter().copied().min().unwrap_or(BEGAN).min(BEGAN);
    for (who, far) in FAR {
        let then = days_ago(app, began).ctx(Some(who), desk.lang)?;
        let open = screening::list(&then, &Filter::of(State::Open), None)?.lines;
        let light =
            |line: &&LeadLine| line.household_id.is_some() && line.severity != Severity::Severe;
        for line in open.iter().filter(light).take(far.len()) {
            let seen = screening::Shown { id: line.id, version: line.version };
            let answer = Answer::new(Outcome::RiskConfirmed, "spending_heavy", "");
            screening::answer(&then, seen, &answer)?;
        }
        let state = Some("accepted".to_owned());
        let filter = cases::Filter { state, ..cases::Filter::default() };
        let lines = cases::list(&then, &filter, None)?.lines;
        for ((line, far), risk) in lines.iter().zip(far).zip(RISKS) {
            let home: HouseholdId = line.household.parse().context("household of a case")?;
            for (what, login, back) in WAY.iter().take(*far) {
                let login = if *login == "chen" { who } else { login };
                let ctx = days_ago(app, began.min(*back)).ctx(Some(login), desk.lang)?;
                if !done(&ctx, (line.id, home), (what, risk))? {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// Does it; `false` where the case has to wait, for the end of its notice.
fn done(
    ctx: &Ctx,
    (id, home): (CaseId, HouseholdId),
    (what, risk): (&str, (&str, &str)),
) -> Result<bool> {
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
            let view = cases::show(ctx, id)?;
            let ready = |(known, lacks): &(_, Vec<_>)| -> bool {
                let known: &cases::StepDef = known;
                known.id == step && lacks.is_empty()
            };
            if !view.offered.iter().any(ready) {
                return Ok(false);
            }
            take(ctx, seen, step)?;
        }
    }
    Ok(true)
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
            AskKind::Choice if id == "trigger" => "sudden".to_owned(),
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
