//! The lives of a day: what the pack that holds says of cases, with its parameters.

use std::sync::{Arc, Mutex, PoisonError};

use facts::{Binding, Column, CoverageView, Params, Schema, Situation};
use kernel::calendar::WorkingCalendar;
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::areas;
use registry::policies::{self, Pack};
use store::{Ctx, Session};

use super::classes::Classes;
use super::life::Life;
use super::model::Days;
use super::queries::lists::{Among, Filter};
use super::removal::{Condition, Held, Removal};
use super::starts::Subject;
use super::wrong::{Wrong, line_of};
use crate::screening::working_calendar;

/// Books kept in memory by what they rest on, also for a commit, which would read all lives again: a county has one, the
/// tests of one program run beside each other.
static KEPT: Mutex<Vec<(String, Arc<CaseBook>)>> = Mutex::new(Vec::new());
const MOST_KEPT: usize = 16;

/// The life of monitored households.
pub const MONITORING: &str = "monitoring";
/// Files of the folder that are no lives.
const BESIDE: [&str; 2] = ["lives/classes.toml", "lives/removal.toml"];

/// A life that cannot be led, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The file in the pack.
    pub file: String,
    /// What is wrong with it, and where.
    pub wrong: Wrong,
}

/// What the pack of a day says of cases.
#[derive(Debug)]
pub struct CaseBook {
    /// The pack and its version.
    pub pack: (String, u32),
    /// The lives.
    pub lives: Vec<Life>,
    /// Classes of monitored households.
    pub classes: Classes,
    /// When a risk counts as gone.
    pub removal: Removal,
    /// What cannot be used.
    pub troubles: Vec<Trouble>,
    /// Parameters of the day.
    pub params: Params,
    /// Public holidays.
    pub calendar: &'static WorkingCalendar,
    /// The day.
    pub today: Day,
}

impl CaseBook {
    /// Reads what a pack says of cases in a county on a day.
    ///
    /// # Errors
    /// A fault when the fact tables or the calendar are unsound.
    pub fn of(pack: &Pack, county: kernel::area::AreaCode, today: Day) -> Result<Self> {
        let params = policies::resolve(&pack.parameters, county, today);
        let (mut lives, mut troubles) = (Vec::<Life>::new(), Vec::new());
        let mut trouble = |file: &str, wrong: Wrong| {
            troubles.push(Trouble { file: file.to_owned(), wrong });
        };
        let facts = crate::screening::schema()?;
        for (file, text) in pack.folder("lives").filter(|(file, _)| !BESIDE.contains(file)) {
            match Life::read(text, &params) {
                Ok(life) if lives.iter().any(|known| known.id == life.id) => {
                    trouble(file, Wrong::new(1, "life_twice").arg("what", &life.id));
                }
                Ok(life) => match unsound(&life, facts, &params) {
                    Some(why) => {
                        let line = line_of(text, ("", ""), "whom");
                        trouble(file, Wrong::new(line, "whom").arg("detail", why));
                    }
                    None => lives.push(life),
                },
                Err(wrong) => wrong.into_iter().for_each(|one| trouble(file, one)),
            }
        }
        let [classes, removal] = BESIDE;
        let none = Classes { basis: String::new(), class: Vec::new() };
        let classes = match pack.files.get(classes) {
            Some(text) => toml::from_str::<Classes>(text).unwrap_or_else(|why| {
                trouble(classes, Wrong::unreadable(text, &why));
                none
            }),
            None => none,
        };
        let schema = schema()?;
        let (removal, wrong) = match pack.files.get(removal) {
            Some(text) => Removal::read(text, &schema, &params),
            None => (Removal::default(), Vec::new()),
        };
        wrong.into_iter().for_each(|why| trouble(BESIDE[1], why));
        let pack = (pack.head.id.clone(), pack.head.version);
        let calendar = working_calendar()?;
        Ok(Self { pack, lives, classes, removal, troubles, params, calendar, today })
    }

    /// A life.
    ///
    /// # Errors
    /// `cases.no_life` when the pack of the day has none of this name.
    pub fn life(&self, id: &str) -> Result<&Life> {
        let known = self.lives.iter().find(|life| life.id == id);
        known.ok_or_else(|| Refusal::unavailable("cases.no_life").arg("life", id).into())
    }

    /// Among which cases a filter looks: its part of the life, else that of its state.
    pub(super) fn among(&self, filter: &Filter) -> Among {
        let life = self.life(filter.life.as_deref().unwrap_or(MONITORING)).ok();
        let state = filter.state.as_deref();
        let known = state.and_then(|id| life.and_then(|life| life.state(id)));
        filter.among(known.map(|state| state.phase.code()))
    }

    /// What the days of the lives are counted by.
    pub fn days(&self) -> Days<'_> {
        Days { params: &self.params, calendar: self.calendar, today: self.today }
    }

    /// How the conditions of removal stand for a household whose facts and case these are.
    pub fn held(&self, coverage: &CoverageView, of: &Situation) -> Vec<(&Condition, Held)> {
        let binding = Binding { today: self.today, params: &self.params, coverage };
        self.removal.conditions.iter().map(|one| (one, one.held(binding, of))).collect()
    }
}

/// Why nobody can be told whom a life is for.
fn unsound(life: &Life, schema: &Schema, params: &Params) -> Option<String> {
    let table = match life.subject {
        Subject::Household => facts::HOUSEHOLD.name,
        Subject::Person => facts::PERSON.name,
    };
    let compiled = facts::compile(life.whom.as_deref()?, facts::Scope { schema, table, params });
    compiled.err().map(|why| why.to_string())
}

/// The columns of households and those of their case.
fn schema() -> Result<Schema> {
    let household = crate::screening::schema()?;
    let known = household.columns(facts::HOUSEHOLD.name).copied();
    let columns: Vec<Column> = known.chain(super::removal::COLUMNS).collect();
    Schema::of(columns).map_err(|why| Error::fault(format!("columns of cases: {why}")))
}

/// What the pack of today says of cases.
///
/// # Errors
/// `cases.no_book` before a county and a pack are there.
pub fn book(session: &mut Session, today: Day) -> Result<Arc<CaseBook>> {
    find_book(session, today)?.ok_or_else(|| Refusal::unavailable("cases.no_book").into())
}

/// The same; `None` before a county and a pack are there.
pub fn find_book(session: &mut Session, today: Day) -> Result<Option<Arc<CaseBook>>> {
    let counties = areas::list_below(session, None)?;
    let Some((county, _)) = counties.first() else { return Ok(None) };
    let versions = policies::list_versions(session)?;
    let packs: Vec<_> = versions.iter().map(|v| (&v.pack_id, v.version, &v.hash)).collect();
    let key = format!("{county} {today} {packs:?}");
    let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, book)) = kept().iter().find(|(known, _)| *known == key) {
        return Ok(Some(Arc::clone(book)));
    }
    let Some(pack) = policies::find_pack_on(session, today)? else { return Ok(None) };
    let book = Arc::new(CaseBook::of(&pack, *county, today)?);
    let mut kept = kept();
    kept.insert(0, (key, Arc::clone(&book)));
    kept.truncate(MOST_KEPT);
    Ok(Some(book))
}

/// What is wrong with the lives of the pack of today: file, line, what.
///
/// # Errors
/// Refused without `rule.see`, and before a county and a pack are there.
pub fn check_lives(ctx: &Ctx) -> Result<Vec<Trouble>> {
    ctx.permit(Permission::RuleSee)?;
    Ok(book(&mut ctx.read()?, ctx.today)?.troubles.clone())
}
