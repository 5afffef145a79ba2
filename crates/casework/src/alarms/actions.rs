//! Alarms follow what is known; people look at them, the county says what it does.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use registry::{areas, policies};
use serde_json::json;
use store::{Ctx, Entry, Session};

use super::book::{AlarmBook, Asked, Over};
use super::queries::{self, AlarmId, Raised};
use crate::screening::working_calendar;

/// Longest text that is kept, in characters.
const LONGEST: usize = 1_000;

fn book(session: &mut Session, today: Day) -> Result<Option<Arc<AlarmBook>>> {
    let key = format!("alarm book {} {today}", session.journal_number()?);
    session.remembered(key, |session| {
        let counties = areas::list_below(session, None)?;
        let Some((county, _)) = counties.first() else { return Ok(None) };
        let Some(pack) = policies::find_pack_on(session, today)? else { return Ok(None) };
        AlarmBook::of(&pack, *county, today).map(|book| Some(Arc::new(book)))
    })
}

fn asked(session: &mut Session, book: &AlarmBook) -> Result<Arc<Asked>> {
    let key = format!("alarms {} {}", session.journal_number()?, book.today);
    session.remembered(key, |session| {
        Ok(Arc::new(book.ask(&queries::count_villages(session, book.today)?)))
    })
}

/// What must change so that what stands is what holds.
#[derive(Debug, Default)]
struct Changes {
    raise: Vec<Over>,
    refresh: Vec<(AlarmId, Over)>,
    end: Vec<Raised>,
}

impl Changes {
    fn none(&self) -> bool {
        self.raise.is_empty() && self.refresh.is_empty() && self.end.is_empty()
    }
}

/// An alarm stays where it cannot tell or cannot be asked: an unknown ends nothing.
fn changes(session: &mut Session, book: &AlarmBook) -> Result<Changes> {
    let asked = asked(session, book)?;
    let mut over: BTreeMap<(String, AreaCode), Over> =
        asked.over.iter().map(|one| ((one.alarm.clone(), one.area), one.clone())).collect();
    let mut changes = Changes::default();
    for stands in queries::list_raised(session, ("", "~"), (true, i64::MAX))? {
        match over.remove(&(stands.alarm.clone(), stands.area)) {
            Some(now) => {
                if now.sentence != stands.sentence || now.evidence != stands.evidence {
                    changes.refresh.push((stands.id, now));
                }
            }
            None => {
                let told = match asked.areas.get(&stands.alarm) {
                    Some((_, unknown)) => !unknown.contains(&stands.area),
                    None => book.troubles.is_empty(),
                };
                if told {
                    changes.end.push(stands);
                }
            }
        }
    }
    changes.raise = over.into_values().collect();
    Ok(changes)
}

/// Raises, refreshes and ends alarms so that they say what holds today. Nothing changed: nothing done. How many were raised
/// and ended.
pub fn follow(ctx: &Ctx) -> Result<(usize, usize)> {
    ctx.permit(Permission::RuleRun)?;
    let mut session = ctx.read()?;
    let Some(stands) = book(&mut session, ctx.today)? else { return Ok((0, 0)) };
    if changes(&mut session, &stands)?.none() {
        return Ok((0, 0));
    }
    drop(session);
    let mut tx = ctx.begin()?;
    let Some(book) = book(&mut tx, ctx.today)? else { return Ok((0, 0)) };
    let changes = changes(&mut tx, &book)?;
    if changes.none() {
        return Ok((0, 0));
    }
    for over in &changes.raise {
        if let Some(alarm) = book.find(&over.alarm) {
            let due = alarm.rule.def.clock.day_after(ctx.today, working_calendar()?);
            queries::insert_raised(&mut tx, &book, (alarm, over), due)?;
        }
    }
    for (id, over) in &changes.refresh {
        queries::update_raised(&mut tx, *id, over)?;
    }
    for ended in &changes.end {
        queries::end_raised(&mut tx, ended.id, ctx.today)?;
    }
    let raised = changes.raise.iter().map(|one| json!({ "alarm": one.alarm, "area": one.area }));
    let ended = changes.end.iter().map(|one| json!({ "alarm": one.alarm, "area": one.area }));
    let detail = json!({
        "raised": raised.collect::<Vec<_>>(), "ended": ended.collect::<Vec<_>>(),
        "refreshed": changes.refresh.len(), "pack": book.pack.0, "version": book.pack.1,
    });
    tx.commit(Entry::new(ctx, "alarm.follow").detail(detail))?;
    Ok((changes.raise.len(), changes.end.len()))
}

/// How one alarm of the pack stands among the areas in which the person works.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its place in the book.
    pub place: usize,
    /// Areas that were asked.
    pub asked: usize,
    /// Areas over the threshold.
    pub over: usize,
    /// Areas of which it cannot tell.
    pub unknown: usize,
}

/// The alarms of the pack and how they stand.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The book.
    pub book: Arc<AlarmBook>,
    /// One line for each alarm.
    pub lines: Vec<Line>,
}

/// How the alarms stand today. `None` before a pack is published or areas are there.
pub fn standing(ctx: &Ctx) -> Result<Option<Standing>> {
    ctx.permit(Permission::AlarmSee)?;
    let mut session = ctx.read()?;
    let Some(book) = book(&mut session, ctx.today)? else { return Ok(None) };
    let asked = asked(&mut session, &book)?;
    let own = |areas: &[AreaCode]| areas.iter().filter(|area| ctx.actor.works_in(**area)).count();
    let lines = book.alarms.iter().enumerate().map(|(place, alarm)| {
        let id = &alarm.rule.def.id;
        let (all, unknown) = asked.areas.get(id).cloned().unwrap_or_default();
        let over = asked.over.iter().filter(|one| one.alarm == *id).map(|one| one.area);
        Line {
            place,
            asked: own(&all),
            over: own(&over.collect::<Vec<_>>()),
            unknown: own(&unknown),
        }
    });
    let lines = lines.filter(|line| line.asked > 0).collect();
    Ok(Some(Standing { book, lines }))
}

/// The lowest and highest code of the areas in which the person works.
fn reach(ctx: &Ctx) -> (String, String) {
    ctx.actor.home.map_or_else(
        || (String::new(), "~".to_owned()),
        |home| (home.range().0.to_string(), home.range().1.to_string()),
    )
}

/// Alarms of the areas in which the person works: those that stand, or those that ended.
pub fn list(ctx: &Ctx, open: bool, limit: i64) -> Result<Vec<Raised>> {
    ctx.permit(Permission::AlarmSee)?;
    let (low, high) = reach(ctx);
    queries::list_raised(&mut ctx.read()?, (&low, &high), (open, limit))
}

/// How many alarms stand without an answer, and how many of them are past their day.
pub fn count_open(ctx: &Ctx) -> Result<(i64, i64)> {
    ctx.permit(Permission::AlarmSee)?;
    let (low, high) = reach(ctx);
    queries::count_unsaid(&mut ctx.read()?, (&low, &high), ctx.today)
}

/// One alarm with its condition in words, if the pack still has it.
#[derive(Debug, Clone)]
pub struct View {
    /// The alarm.
    pub raised: Raised,
    /// The book of today.
    pub book: Option<Arc<AlarmBook>>,
    /// Names of the areas down to this one.
    pub path: Vec<(AreaCode, String)>,
}

/// One alarm. Of an area in which the person does not work it is not found.
pub fn show(ctx: &Ctx, id: AlarmId) -> Result<View> {
    ctx.permit(Permission::AlarmSee)?;
    let mut session = ctx.read()?;
    let raised = queries::find_raised(&mut session, id)?
        .filter(|raised| ctx.actor.works_in(raised.area))
        .ok_or_else(|| ctx.not_found("alarms.no_alarm", &id.to_string()))?;
    let path = areas::path_of(&mut session, raised.area)?;
    let book = book(&mut session, ctx.today)?;
    Ok(View { raised, book, path })
}

/// Says what the county does about an alarm. The second of two people is told who was first.
pub fn answer(ctx: &Ctx, id: AlarmId, words: &str, document: &str) -> Result<()> {
    ctx.permit(Permission::AlarmAnswer)?;
    let raised = show(ctx, id)?.raised;
    let tidy = |text: &str| -> String { text.trim().chars().take(LONGEST).collect() };
    let (words, document) = (tidy(words), tidy(document));
    if words.is_empty() {
        return Err(Refusal::invalid("alarms.words_needed").field("words", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    if !queries::save_said(&mut tx, ctx, id, (&words, &document))? {
        drop(tx);
        let now = show(ctx, id)?.raised;
        return Err(match now.said {
            Some(said) => Error::from(Refusal::conflict("alarms.said_already").arg("who", said.by)),
            None => Refusal::conflict("alarms.ended").into(),
        });
    }
    let entry = Entry::new(ctx, "alarm.answer").about("alarm", id.to_string()).area(raised.area);
    tx.commit(
        entry.detail(json!({ "alarm": raised.alarm, "words": words, "document": document })),
    )?;
    Ok(())
}
