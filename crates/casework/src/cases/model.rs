//! A case and what a step makes of it. No database, no clock: the days come in from outside.

use std::collections::BTreeMap;

use facts::Params;
use kernel::area::AreaCode;
use kernel::calendar::WorkingCalendar;
use kernel::ids::{CaseId, HouseholdId, PersonId};
use kernel::time::Day;

use super::classes::Classes;
use super::life::{Ask, AskKind, BACK, ClockDef, Effect, Life, Need, StateDef, StepDef, days_of};
use crate::papers::not_public;
use crate::screening::Calendar;

/// Longest text of a field, in characters.
pub const LONGEST: usize = 2_000;

/// A case as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number, as papers show it.
    pub number: String,
    /// The life it leads.
    pub life: String,
    /// The household.
    pub household: HouseholdId,
    /// The member that it is about, in the lives of one person.
    pub person: Option<PersonId>,
    /// Where the household stands.
    pub village: AreaCode,
    /// Its state.
    pub state: String,
    /// Where it goes back to.
    pub back: Option<String>,
    /// The class in which the household is monitored, once decided.
    pub class: Option<String>,
    /// The day on which the risk was found.
    pub discovered_on: Day,
    /// By when it must be announced; `None` once that clock has stopped.
    pub total_due: Option<Day>,
    /// Since when it is in its state.
    pub since: Day,
    /// By when it must leave its state.
    pub due: Option<Day>,
    /// Help first, papers later.
    pub urgent: bool,
    /// Until when the notice hangs, if one does or did in this round.
    pub notice_until: Option<Day>,
    /// A notice hangs now.
    pub notice_hangs: bool,
    /// Objections that are open.
    pub objections: i64,
    /// The day of identification.
    pub identified_on: Option<Day>,
    /// The day on which it ended or the risk was gone.
    pub closed_on: Option<Day>,
    /// The way it ended: `helped`, `natural`.
    pub closed_how: Option<String>,
    /// Who did the last step that somebody else must confirm.
    pub last_by: Option<String>,
    /// Goes up with every change.
    pub version: i64,
}

/// What is known about the case beside itself when a step is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The consent paper is there.
    pub consent: bool,
    /// Risks that are named.
    pub risks: usize,
    /// Questions without answer, hits without a decision.
    pub unanswered: usize,
    /// Objections from the public page without an answer.
    pub objections: usize,
    /// What the plan lacks, by code.
    pub plan_lacks: Vec<String>,
    /// Conditions of removal that do not hold or cannot be told, by id.
    pub removal_lacks: Vec<String>,
    /// Somebody can work; `None` cannot be told.
    pub labour: Option<bool>,
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CannotTake {
    /// Somebody changed the case meanwhile.
    Changed,
    /// The step does not start in the state.
    OutOfOrder,
    /// These are not there.
    Needs(Vec<Need>),
    /// These fields are wrong: name and code.
    Fields(Vec<(String, &'static str)>),
    /// A public text holds this: the field and the place in it.
    NotPublic(String, String),
}

/// What the days of a life are counted by.
#[derive(Clone, Copy)]
pub struct Days<'a> {
    /// Parameters of the day.
    pub params: &'a Params,
    /// Public holidays.
    pub calendar: &'a WorkingCalendar,
    /// The day.
    pub today: Day,
}

impl Days<'_> {
    /// The day after the days of a clock in a village.
    pub fn after(&self, clock: &ClockDef, village: AreaCode, from: Day) -> Option<Day> {
        let days = days_of(clock, self.params, village.as_str())?;
        Some(match clock.calendar {
            Calendar::Working => self.calendar.add_working_days(from, i32::from(days)),
            Calendar::Calendar => from.add_days(i64::from(days)),
        })
    }
}

/// Who takes a step and what the person filled in.
#[derive(Debug, Clone, Copy)]
pub struct Take<'a> {
    /// The step.
    pub step: &'a StepDef,
    /// The version that was on the page.
    pub seen: i64,
    /// Account of the person.
    pub by: &'a str,
    /// The fields, checked by [`fill`].
    pub filled: &'a BTreeMap<String, String>,
}

impl Case {
    /// A case that begins.
    pub fn begin(
        life: &Life,
        start: (CaseId, String),
        of: (HouseholdId, AreaCode),
        discovered_on: Day,
        days: Days<'_>,
    ) -> Self {
        let mut case = Self {
            id: start.0,
            number: start.1,
            life: life.id.clone(),
            household: of.0,
            person: None,
            village: of.1,
            state: life.start.clone(),
            back: None,
            class: None,
            discovered_on,
            total_due: None,
            since: days.today,
            due: None,
            urgent: false,
            notice_until: None,
            notice_hangs: false,
            objections: 0,
            identified_on: None,
            closed_on: None,
            closed_how: None,
            last_by: None,
            version: 1,
        };
        case.start_clocks(life, days);
        case
    }

    fn start_clocks(&mut self, life: &Life, days: Days<'_>) {
        self.total_due = life
            .total
            .as_ref()
            .and_then(|clock| days.after(clock, self.village, self.discovered_on));
        self.due = life
            .state(&self.state)
            .and_then(|state| state.clock.as_ref())
            .and_then(|clock| days.after(clock, self.village, days.today));
    }

    /// What a step still needs, in the order in which its file says so.
    pub fn lacks(&self, step: &StepDef, known: &Known, (by, today): (&str, Day)) -> Vec<Need> {
        let lacks = |need: &Need| match need {
            Need::Consent => !known.consent,
            Need::Risks => known.risks == 0,
            Need::Answered => known.unanswered > 0,
            // the notice hangs through its last day
            Need::NoticeOver => self.notice_until.is_none_or(|until| today <= until),
            Need::NoObjection => self.objections > 0 || known.objections > 0,
            Need::OtherPerson => self.last_by.as_deref() == Some(by),
            Need::Plan => !known.plan_lacks.is_empty(),
            Need::Removal => !known.removal_lacks.is_empty(),
            Need::Labour => known.labour != Some(true),
        };
        step.needs.iter().map(|one| one.0).filter(lacks).collect()
    }

    /// Whether somebody must have done something by now.
    pub fn is_overdue(&self, today: Day) -> bool {
        self.due.is_some_and(|due| due < today) || self.total_due.is_some_and(|due| due < today)
    }

    /// The case after a step.
    ///
    /// # Errors
    /// Why the step cannot be taken; nothing has changed then.
    pub fn take(
        &self,
        life: &Life,
        take: Take<'_>,
        known: &Known,
        days: Days<'_>,
    ) -> Result<Self, CannotTake> {
        if take.seen != self.version {
            return Err(CannotTake::Changed);
        }
        let state = life.state(&self.state).ok_or(CannotTake::OutOfOrder)?;
        if !life.starts_in(take.step, state) {
            return Err(CannotTake::OutOfOrder);
        }
        let lacks = self.lacks(take.step, known, (take.by, days.today));
        if !lacks.is_empty() {
            return Err(CannotTake::Needs(lacks));
        }
        if life.notice.is_some() && said_on(take).is_some_and(|on| on < self.earliest(take.step)) {
            return Err(CannotTake::Fields(vec![("on".to_owned(), "cases.day_too_early")]));
        }
        let to = match take.step.to.as_str() {
            BACK => self.back.as_deref().unwrap_or(&life.start),
            to => to,
        };
        let to = life.state(to).ok_or(CannotTake::OutOfOrder)?;
        Ok(self.moved(life, (state, to), take, days))
    }

    /// Before this day a step cannot have been: not before the risk was found or the household was taken in, and what a
    /// notice comes before not while it hung.
    fn earliest(&self, step: &StepDef) -> Day {
        let decides = [Effect::Identify, Effect::Remove].iter().any(|one| step.has_effect(*one));
        let hung = self.notice_until.filter(|_| decides).map(|until| until.add_days(1));
        [self.identified_on, hung].into_iter().flatten().fold(self.discovered_on, Day::max)
    }

    fn moved(
        &self,
        life: &Life,
        (from, to): (&StateDef, &StateDef),
        take: Take<'_>,
        days: Days<'_>,
    ) -> Self {
        let mut next = self.clone();
        if from.phase.runs() {
            next.back = Some(from.id.clone());
        }
        next.state.clone_from(&to.id);
        next.since = days.today;
        next.version += 1;
        next.last_by = Some(take.by.to_owned());
        let on = said_on(take).unwrap_or(days.today);
        for effect in &take.step.does {
            // a notice cannot have hung before what it tells of was written down
            let on = if effect.0 == Effect::Post { on.max(self.since) } else { on };
            next.change(life, effect.0, (take, on), days);
        }
        if to.ends_total {
            next.total_due = None;
        }
        next.due = match &to.clock {
            Some(clock) => days.after(clock, next.village, days.today),
            None => None,
        };
        next
    }

    fn change(&mut self, life: &Life, effect: Effect, (take, on): (Take<'_>, Day), days: Days<'_>) {
        match effect {
            Effect::Post => {
                let until =
                    life.notice.as_ref().and_then(|clock| days.after(clock, self.village, on));
                (self.notice_until, self.notice_hangs) = (until, true);
            }
            Effect::TakeDown => self.notice_hangs = false,
            Effect::Object => self.objections = self.objections.saturating_add(1),
            Effect::Settle => self.objections = 0,
            Effect::Judge => {
                if let Some(class) = take.filled.get("class") {
                    self.class = Some(class.clone());
                }
            }
            Effect::Leave => self.class = None,
            // what it does to the household's monitoring is done beside
            Effect::Reassess => self.close(on, if self.class.is_some() { "kept" } else { "left" }),
            Effect::Identify => {
                self.identified_on = Some(on);
                (self.closed_on, self.closed_how) = (None, None);
            }
            Effect::Remove => self.close(on, "helped"),
            Effect::Natural => self.close(on, "natural"),
            Effect::Again => (self.closed_on, self.closed_how) = (None, None),
            Effect::Anew => {
                self.discovered_on = days.today;
                self.total_due = life
                    .total
                    .as_ref()
                    .and_then(|clock| days.after(clock, self.village, days.today));
                (self.notice_until, self.identified_on) = (None, None);
                (self.closed_on, self.closed_how) = (None, None);
            }
        }
    }

    fn close(&mut self, on: Day, how: &str) {
        (self.closed_on, self.closed_how) = (Some(on), Some(how.to_owned()));
        self.total_due = None;
    }
}

/// The day on which somebody says that the step was.
fn said_on(take: Take<'_>) -> Option<Day> {
    take.filled.get("on").and_then(|day| Day::parse(day).ok())
}

/// Checks what a person filled in for a step.
///
/// # Errors
/// Every field that is wrong, or the first public text that holds what must not hang on a board.
pub fn fill(
    step: &StepDef,
    sent: &dyn Fn(&str) -> String,
    (classes, today): (Option<&Classes>, Day),
) -> Result<BTreeMap<String, String>, CannotTake> {
    let (mut filled, mut wrong) = (BTreeMap::new(), Vec::new());
    for ask in &step.asks {
        let text: String = sent(&ask.id).trim().chars().take(LONGEST).collect();
        if text.is_empty() {
            if !ask.optional && ask.kind != AskKind::Yes {
                wrong.push((ask.id.clone(), "web.required"));
            }
            continue;
        }
        match value_of(ask, &text, (classes, today)) {
            Ok(value) => drop(filled.insert(ask.id.clone(), value)),
            Err(code) => wrong.push((ask.id.clone(), code)),
        }
        if let Some(place) = ask.public.then(|| not_public(&text)).flatten() {
            return Err(CannotTake::NotPublic(ask.id.clone(), place));
        }
    }
    let number = |id: &str| filled.get(id).and_then(|text: &String| text.parse::<u32>().ok());
    match (number("present"), number("agreed")) {
        (Some(0), _) => wrong.push(("present".to_owned(), "web.required")),
        (Some(present), Some(agreed)) if agreed > present => {
            wrong.push(("agreed".to_owned(), "cases.more_than_present"));
        }
        _ => {}
    }
    if wrong.is_empty() { Ok(filled) } else { Err(CannotTake::Fields(wrong)) }
}

fn value_of(
    ask: &Ask,
    text: &str,
    (classes, today): (Option<&Classes>, Day),
) -> Result<String, &'static str> {
    let text = text.to_owned();
    match ask.kind {
        AskKind::Text | AskKind::Words => Ok(text),
        AskKind::Yes => Ok("yes".to_owned()),
        AskKind::Number => match text.parse::<u32>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => Err("web.not_a_number"),
        },
        AskKind::Day => match Day::parse(&text) {
            Ok(day) if day > today => Err("cases.day_to_come"),
            Ok(day) => Ok(day.to_string()),
            Err(_) => Err("web.not_a_day"),
        },
        AskKind::Choice => match ask.options.iter().any(|option| option.code == text) {
            true => Ok(text),
            false => Err("web.required"),
        },
        AskKind::Class => {
            match classes.is_some_and(|list| list.class.iter().any(|class| class.code == text)) {
                true => Ok(text),
                false => Err("cases.no_such_class"),
            }
        }
    }
}
