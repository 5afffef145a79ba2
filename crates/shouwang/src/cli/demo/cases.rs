//! Cases of the sample county: each stands somewhere else on its way, taken there by the people whose turn it was.

use std::collections::BTreeSet;

use anyhow::Result;
use casework::assistance::{self, NewMeasure, Subject};
use casework::cases::{self, AskKind, Asked, MONITORING, NewRisk, OfficeAnswer, Paper};
use casework::declarations;
use casework::screening::{self, Answer, Outcome, State};
use kernel::area::AreaCode;
use kernel::ids::{CaseId, HouseholdId};
use kernel::permission::Permission;
use registry::households;
use store::Ctx;

use super::super::Desk;
use super::history::{Weeks, days_ago};
use crate::app::App;
use crate::sample::Sample;

/// Since when the villages have been at it. A notice hangs five days.
pub(super) const BEGAN: i64 = 6;
/// What is done with a case up to the plan: by whom, how many days ago. `chen` stands for whoever does the village's part.
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
    ("pass", "jia", 0),
    ("approve", "alice", 0),
    ("announce", "alice", 0),
    ("plan", "chen", 0),
];

/// A household in which somebody found trouble, and how far its case came.
struct Scene {
    /// Who found it and does the village's part: chen in the own village, bob in the others.
    who: &'static str,
    /// The trouble, the words of whoever found it, and the help that fits.
    risk: (&'static str, &'static str, &'static str),
    /// The last step of the way that was taken.
    until: &'static str,
    /// What came after it instead of the next step, and who did it.
    then: &'static [(&'static str, &'static str)],
}

const SCENES: [Scene; 17] = [
    Scene {
        who: "chen",
        risk: ("illness", "户主住院做了手术，自付的钱是借的。", "health_relief"),
        until: "plan",
        then: &[],
    },
    Scene {
        who: "chen",
        risk: ("unstable_work", "在外打工的儿子回来了，三个月没有活。", "work_local"),
        until: "post",
        then: &[],
    },
    Scene {
        who: "chen",
        risk: ("schooling", "两个孩子上大学，学费和生活费凑不齐。", "school_grant"),
        until: "post",
        then: &[("object", "chen")],
    },
    Scene {
        who: "bob",
        risk: ("accident", "干活时从房上摔下来，不能下地。", "health_relief"),
        until: "submit",
        then: &[],
    },
    Scene {
        who: "bob",
        risk: ("disability", "家里的残疾老人没有人照看。", "net_disability"),
        until: "ask",
        then: &[],
    },
    Scene {
        who: "chen",
        risk: ("illness", "长期吃药，一个月要八百多元。", "health_major"),
        until: "pass",
        then: &[("return_by_county", "alice")],
    },
    Scene {
        who: "bob",
        risk: ("unstable_work", "说是没有收入，看着不像。", "work_local"),
        until: "risks",
        then: &[("refuse_at_door", "bob")],
    },
    Scene {
        who: "bob",
        risk: ("schooling", "孩子的学费还没有交。", "school_grant"),
        until: "check",
        then: &[("suspend", "bob")],
    },
    Scene {
        who: "bob",
        risk: ("accident", "车祸，人还在医院，先垫了钱。", "health_relief"),
        until: "urgent",
        then: &[],
    },
    // the next two wait for the sitting of their village
    Scene {
        who: "chen",
        risk: ("unstable_work", "厂里停工，两个月没有发工资。", "work_local"),
        until: "compare",
        then: &[],
    },
    Scene {
        who: "chen",
        risk: ("schooling", "孩子考上高职，学费还差一半。", "school_grant"),
        until: "compare",
        then: &[],
    },
    Scene {
        who: "bob",
        risk: ("illness", "老人做了心脏支架，报销以后还欠三万多元。", "health_relief"),
        until: "review",
        then: &[],
    },
    Scene {
        who: "bob",
        risk: ("accident", "骑车摔断了腿，半年不能干活。", "health_relief"),
        until: "pass",
        then: &[],
    },
    Scene {
        who: "bob",
        risk: ("unstable_work", "两口子都从厂里回来了，没有别的收入。", "work_local"),
        until: "approve",
        then: &[],
    },
    Scene {
        who: "bob",
        risk: ("schooling", "两个孩子同时上高中，寄宿费凑不齐。", "school_grant"),
        until: "announce",
        then: &[],
    },
    Scene {
        who: "bob",
        risk: ("unstable_work", "说在外面没有活，入户看已经上班了。", "work_local"),
        until: "risks",
        then: &[("refuse_at_door", "bob"), ("tell", "bob")],
    },
    Scene {
        who: "bob",
        risk: ("illness", "查出慢性病要长期吃药。", "health_relief"),
        until: "compare",
        then: &[("decline", "bob")],
    },
];

/// Village and township find trouble, confirm it, and the cases go their way.
pub fn live(desk: &Desk, (app, county): (&App, &Sample), weeks: &Weeks) -> Result<()> {
    let began = weeks.waves.iter().copied().min().unwrap_or(BEGAN).min(BEGAN);
    let village: AreaCode = county.village.parse()?;
    let mut taken = BTreeSet::new();
    for scene in &SCENES {
        let then = days_ago(app, began).ctx(Some(scene.who), desk.lang)?;
        let Some(home) = somebody(&then, (village, scene.who == "chen"), &taken)? else {
            continue;
        };
        taken.insert(home);
        let Some(id) = found(&then, home, scene)? else { continue };
        let mut way: Vec<(&str, &str, i64)> = Vec::new();
        if scene.until == "urgent" {
            way.push(("urgent", scene.who, began));
        } else {
            let far = WAY.iter().position(|step| step.0 == scene.until).map_or(0, |at| at + 1);
            way.extend(WAY.iter().take(far));
        }
        way.extend(scene.then.iter().map(|(step, who)| (*step, *who, 0)));
        for (what, login, back) in way {
            let login = if login == "chen" { scene.who } else { login };
            let ctx = days_ago(app, began.min(back)).ctx(Some(login), desk.lang)?;
            if !done(&ctx, (id, home), (what, (scene.risk.0, scene.risk.2)))? {
                break;
            }
        }
    }
    Ok(())
}

/// The next household, by its number, of which the register says nothing: in the own village, or in another.
fn somebody(
    ctx: &Ctx,
    (village, own): (AreaCode, bool),
    taken: &BTreeSet<HouseholdId>,
) -> Result<Option<HouseholdId>> {
    let area = own.then_some(village);
    let filter = households::Filter { area, ..households::Filter::default() };
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let mut lines = households::list_households(&mut ctx.read()?, &permit, &filter, 200)?;
    lines.sort_by(|a, b| a.number.cmp(&b.number));
    let plain = |line: &households::Line| {
        line.people >= 2
            && own == (line.village == village)
            && line.statuses.iter().all(|(scheme, _)| *scheme == households::Scheme::Type)
            && !taken.contains(&line.id)
    };
    // the first ones have their own stories on the page of doors; a lead that waits elsewhere stays somebody's to answer
    for line in lines.into_iter().filter(plain).skip(1) {
        let leads = screening::of_household(ctx, &mut ctx.read()?, &line.id.to_string())?;
        if own || leads.is_empty() {
            return Ok(Some(line.id));
        }
    }
    Ok(None)
}

/// Reports the finding and confirms the lead that it makes; the case that begins.
fn found(ctx: &Ctx, home: HouseholdId, scene: &Scene) -> Result<Option<CaseId>> {
    let finding = declarations::Finding {
        household: home,
        kind: scene.risk.0.to_owned(),
        words: scene.risk.1.to_owned(),
        on: ctx.today,
        urgent: scene.until == "urgent",
    };
    declarations::report(ctx, finding)?;
    let leads = screening::of_household(ctx, &mut ctx.read()?, &home.to_string())?;
    let Some(line) = leads.iter().find(|line| line.state == State::Open) else { return Ok(None) };
    let seen = screening::Shown { id: line.id, version: line.version };
    let answer = Answer::new(Outcome::RiskConfirmed, "spending_heavy", "");
    screening::answer(ctx, seen, &answer)?;
    let monitored = Some(MONITORING.to_owned());
    let filter = cases::Filter { life: monitored, ..cases::Filter::default() };
    let (_, cases) = cases::list_all(ctx, &filter, 1_000)?;
    Ok(cases.iter().find(|case| case.household == home.to_string()).map(|case| case.id))
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
        "urgent" => cases::mark_urgent(ctx, seen, true)?,
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
            return stepped(ctx, (id, MONITORING), step);
        }
    }
    Ok(true)
}

/// Takes a step of a case; `false` where it is not offered now.
pub(super) fn stepped(ctx: &Ctx, (id, life): (CaseId, &str), step: &str) -> Result<bool> {
    let view = cases::show(ctx, id)?;
    let ready = |(known, lacks): &(_, Vec<_>)| -> bool {
        let known: &cases::StepDef = known;
        known.id == step && lacks.is_empty()
    };
    if !view.offered.iter().any(ready) {
        return Ok(false);
    }
    take(ctx, (cases::Shown { id, version: view.case.version }, life), step)?;
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
fn take(ctx: &Ctx, (seen, life): (cases::Shown, &str), step: &str) -> Result<()> {
    let book = cases::book(&mut ctx.read()?, ctx.today)?;
    let asks = book.life(life)?.step(step).map(|step| step.asks.clone()).unwrap_or_default();
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
