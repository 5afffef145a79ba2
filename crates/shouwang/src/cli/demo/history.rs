//! Three weeks in which the sample people worked: waves were given out, leads answered, changes proposed and confirmed.

use anyhow::Result;
use casework::declarations;
use casework::screening::{
    self, Answer, Filter, Outcome, Severity, Shown, State, working_calendar,
};
use kernel::idnumber::Sex;
use kernel::permission::Permission;
use kernel::time::{Clock, Day};
use registry::circumstances::ledger;
use registry::households::{self, Change, Kin, Newcomer, Papers};
use store::Ctx;

use super::super::Desk;
use crate::app::App;
use crate::config::Config;
use crate::sample::Sample;

/// The days of the work, counted back from today.
#[derive(Debug, Clone)]
pub struct Weeks {
    /// The day of the first screening.
    pub first: i64,
    /// The days on which further waves were given out.
    pub waves: Vec<i64>,
}

/// The days since the list of the hail came: a whole village hit is due in three days, so it is due today, on a Sunday too.
pub const LATE: i64 = 3;

/// The first screening lies so that what it gave fifteen working days is due today.
pub fn weeks(today: Day) -> Result<Weeks> {
    let calendar = working_calendar()?;
    let due_today = |back: &i64| calendar.add_working_days(today.add_days(-back), 15) == today;
    let first = (15..40).find(due_today).unwrap_or(21);
    Ok(Weeks { first, waves: vec![first - 7, first - 14] })
}

/// The same folder, so many days ago.
pub fn days_ago(app: &App, days: i64) -> App {
    let clock = match app.config.clock {
        Clock::System => Clock::Shifted { days: -days },
        Clock::Shifted { days: ahead } => Clock::Shifted { days: ahead - days },
        Clock::Fixed(instant) => Clock::Fixed(instant.add_millis(-days * 86_400_000)),
    };
    App { config: Config { clock, ..app.config.clone() }, db: app.db.clone() }
}

/// Lives through the weeks before the late list.
pub fn live(desk: &Desk, (app, county): (&App, &Sample), weeks: &Weeks) -> Result<()> {
    let on = |back: i64, login: Option<&str>| days_ago(app, back).ctx(login, desk.lang);
    screening::release_wave(&on(weeks.first, None)?)?;
    for back in &weeks.waves {
        let before = back + 2;
        answer(&on(before, Some("chen"))?, county, 2)?;
        answer(&on(before, Some("bob"))?, county, 9)?;
        answer(&on(before, Some("eve"))?, county, 9)?;
        let ctx = on(*back, None)?;
        ledger::turn_day(&ctx)?;
        screening::screen_stale(&ctx)?;
        screening::release_wave(&ctx)?;
    }
    Ok(())
}

/// Today: what became stale is screened, the next wave is given out, changes are proposed.
pub fn today(desk: &Desk, (app, county): (&App, &Sample)) -> Result<()> {
    changes(desk, (app, county))?;
    called(desk, (app, county))?;
    let ctx = app.ctx(None, desk.lang)?;
    ledger::turn_day(&ctx)?;
    screening::screen_stale(&ctx)?;
    screening::release_wave(&ctx)?;
    Ok(())
}

/// Somebody called the hotline about a household that nobody can tell from the call.
fn called(desk: &Desk, (app, county): (&App, &Sample)) -> Result<()> {
    let yesterday = days_ago(app, 1);
    let bob = yesterday.ctx(Some("bob"), desk.lang)?;
    let entered = declarations::Entered {
        channel: screening::Channel::Hotline,
        household: None,
        writing: declarations::Writing {
            name: "村东头的老人".to_owned(),
            phone: String::new(),
            number: String::new(),
            words: "来电说村东头一位独居老人摔伤，没有人照看，没有说姓名。".to_owned(),
            village: county.village.parse()?,
            kind: "accident".to_owned(),
            helper: None,
            source: "12345-20261030-017".to_owned(),
        },
        on: bob.today,
        urgent: true,
    };
    declarations::enter(&bob, entered)?;
    Ok(())
}

/// Answers some of what is open, the lighter ones first: what is severe is left for the visitor.
fn answer(ctx: &Ctx, county: &Sample, most: usize) -> Result<()> {
    let lines = screening::list(ctx, &Filter::of(State::Open), None)?.lines;
    let light = lines.iter().filter(|line| line.severity != Severity::Severe);
    for (line, said) in light.take(most).zip(county.answers.iter().cycle()) {
        let shown = Shown { id: line.id, version: line.version };
        let outcome: Outcome = said.outcome.parse()?;
        screening::answer(ctx, shown, &Answer::new(outcome, "", &said.reason))?;
    }
    Ok(())
}

/// The village worker proposes; one change is confirmed, two wait for the township.
fn changes(desk: &Desk, (app, county): (&App, &Sample)) -> Result<()> {
    let then = days_ago(app, 2);
    let chen = then.ctx(Some("chen"), desk.lang)?;
    let village = county.village.parse()?;
    let filter = households::Filter { area: Some(village), ..households::Filter::default() };
    let permit = chen.permit(Permission::HouseholdSee)?;
    let lines = households::list_households(&mut chen.read()?, &permit, &filter, 40)?;
    let mut proposed = 0;
    for line in lines.iter().filter(|line| line.people >= 3) {
        let Some(head) = line.head.as_deref().and_then(|name| name.chars().next()) else {
            continue;
        };
        let born = chen.today.add_days(-20 - proposed);
        let (kin, sex, given) = match proposed {
            0 => (Kin::Daughter, Sex::Female, "雨桐"),
            1 => (Kin::Son, Sex::Male, "浩宇"),
            _ => (Kin::Daughter, Sex::Female, "欣怡"),
        };
        let newcomer = Newcomer {
            name: format!("{head}{given}"),
            sex,
            birth_day: born,
            kin: kin.code().to_owned(),
        };
        let id = line.id.to_string();
        let change = Change::Birth { newcomer };
        let outcome = households::propose(&chen, &id, born, &change, &Papers::default())?;
        if let (0, households::Outcome::Waits(proposal)) = (proposed, outcome) {
            households::confirm(&days_ago(app, 1).ctx(Some("bob"), desk.lang)?, &proposal)?;
        }
        proposed += 1;
        if proposed == 3 {
            break;
        }
    }
    Ok(())
}

/// How many leads there are, by severity and state.
#[derive(Debug, Clone, Default)]
pub struct Leads {
    /// All.
    pub all: i64,
    /// Severe.
    pub severe: i64,
    /// Serious.
    pub serious: i64,
    /// Notices.
    pub notice: i64,
    /// Not yet given out.
    pub waiting: i64,
    /// To be answered.
    pub open: i64,
    /// Answered, or drawn for a second look.
    pub answered: i64,
}

/// Counts them.
pub fn leads(ctx: &Ctx) -> Result<Leads> {
    let states = screening::count_states(ctx, None)?;
    let of = |state: State| states.get(&state).copied().unwrap_or(0);
    let mut leads = Leads {
        waiting: of(State::Waiting),
        open: of(State::Open),
        answered: of(State::Answered) + of(State::SecondLook),
        ..Leads::default()
    };
    leads.all = leads.waiting + leads.open + leads.answered;
    for state in [State::Waiting, State::Open, State::Answered, State::SecondLook] {
        let count = |severity: Severity| -> Result<i64> {
            let filter = Filter { severity: Some(severity), ..Filter::of(state) };
            Ok(screening::list(ctx, &filter, None)?.total)
        };
        leads.severe += count(Severity::Severe)?;
        leads.serious += count(Severity::Serious)?;
        leads.notice += count(Severity::Notice)?;
    }
    Ok(leads)
}
