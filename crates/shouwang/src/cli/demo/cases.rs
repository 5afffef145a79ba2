//! Cases of the sample county: each stands somewhere else on its way, taken there by the people whose turn it was.

use std::collections::BTreeSet;

use anyhow::Result;
use casework::assistance::{self, NewMeasure, Subject};
use casework::cases::{self, AskKind, Asked, MONITORING, NewRisk, OfficeAnswer, Paper};
use casework::declarations;
use casework::screening::{self, Answer, Outcome, State};
use kernel::area::AreaCode;
use kernel::ids::{CaseId, HouseholdId, PersonId};
use kernel::permission::Permission;
use registry::households;
use store::Ctx;

use super::super::Desk;
use super::history::{Weeks, days_ago};
use crate::app::App;
use crate::sample::Sample;

/// Since when the villages have been at it. A notice hangs five days.
const BEGAN: i64 = 6;
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
    ("pass", "bob", 0),
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
    then: Option<(&'static str, &'static str)>,
}

const SCENES: [Scene; 11] = [
    Scene {
        who: "chen",
        risk: ("illness", "户主住院做了手术，自付的钱是借的。", "health_relief"),
        until: "plan",
        then: None,
    },
    Scene {
        who: "chen",
        risk: ("unstable_work", "在外打工的儿子回来了，三个月没有活。", "work_local"),
        until: "post",
        then: None,
    },
    Scene {
        who: "chen",
        risk: ("schooling", "两个孩子上大学，学费和生活费凑不齐。", "school_grant"),
        until: "post",
        then: Some(("object", "chen")),
    },
    Scene {
        who: "bob",
        risk: ("accident", "干活时从房上摔下来，不能下地。", "health_relief"),
        until: "submit",
        then: None,
    },
    Scene {
        who: "bob",
        risk: ("disability", "家里的残疾老人没有人照看。", "net_disability"),
        until: "ask",
        then: None,
    },
    Scene {
        who: "chen",
        risk: ("illness", "长期吃药，一个月要八百多元。", "health_major"),
        until: "pass",
        then: Some(("return_by_county", "alice")),
    },
    Scene {
        who: "bob",
        risk: ("unstable_work", "说是没有收入，看着不像。", "work_local"),
        until: "risks",
        then: Some(("refuse_at_door", "bob")),
    },
    Scene {
        who: "bob",
        risk: ("schooling", "孩子的学费还没有交。", "school_grant"),
        until: "check",
        then: Some(("suspend", "bob")),
    },
    Scene {
        who: "bob",
        risk: ("accident", "车祸，人还在医院，先垫了钱。", "health_relief"),
        until: "urgent",
        then: None,
    },
    // the next two wait for the sitting of their village
    Scene {
        who: "chen",
        risk: ("unstable_work", "厂里停工，两个月没有发工资。", "work_local"),
        until: "compare",
        then: None,
    },
    Scene {
        who: "chen",
        risk: ("schooling", "孩子考上高职，学费还差一半。", "school_grant"),
        until: "compare",
        then: None,
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
        way.extend(scene.then.map(|(step, who)| (step, who, 0)));
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

/// Two children of whom the schools say that they are not there: both are visited, the first has come back.
pub fn matters(desk: &Desk, app: &App) -> Result<()> {
    const LIFE: &str = "dropout";
    let bob = days_ago(app, BEGAN).ctx(Some("bob"), desk.lang)?;
    let ways: [&[(&str, i64)]; 2] = [&[("visit", 4), ("back_at_school", 2)], &[("visit", 1)]];
    for ((home, pupil), way) in pupils(&bob, ways.len())?.into_iter().zip(ways) {
        let id = cases::open_by_hand(&bob, (LIFE, home), (Some(pupil), "学校说没有到校"))?;
        for ((step, back), version) in way.iter().zip(1..) {
            let then = days_ago(app, *back).ctx(Some("bob"), desk.lang)?;
            take(&then, (cases::Shown { id, version }, LIFE), step)?;
        }
    }
    Ok(())
}

/// Children of school age in households with a suspected drop-out, by the number of the household.
fn pupils(ctx: &Ctx, most: usize) -> Result<Vec<(HouseholdId, PersonId)>> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let filter = households::Filter::default();
    let mut lines = households::list_households(&mut ctx.read()?, &permit, &filter, 200)?;
    lines.sort_by(|a, b| a.number.cmp(&b.number));
    let (young, old) = (ctx.today.add_months(-6 * 12), ctx.today.add_months(-16 * 12));
    let mut found = Vec::new();
    for line in lines {
        let facts = screening::facts_of(ctx, &line.id.to_string())?;
        if !matches!(facts.get("dropout_suspects"), Some(facts::Scalar::Int(1..))) {
            continue;
        }
        let members = households::list_residents(&mut ctx.read()?, &line.id)?;
        let child = members.iter().find(|one| {
            one.birth_day.is_some_and(|born| born <= young && born > old) && one.died_on.is_none()
        });
        found.extend(child.map(|child| (line.id, child.stay.person)));
        if found.len() == most {
            break;
        }
    }
    Ok(found)
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
    // the first ones have their own stories on the page of doors
    Ok(lines.into_iter().filter(plain).nth(1).map(|line| line.id))
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
    let cases = cases::list(ctx, &cases::Filter::default(), None)?.lines;
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
            let view = cases::show(ctx, id)?;
            let ready = |(known, lacks): &(_, Vec<_>)| -> bool {
                let known: &cases::StepDef = known;
                known.id == step && lacks.is_empty()
            };
            if !view.offered.iter().any(ready) {
                return Ok(false);
            }
            take(ctx, (seen, MONITORING), step)?;
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
