//! What the county says to the public side: places, phones, kinds, and where every declaration stands. No names, no numbers,
//! no words that somebody typed.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::area::AreaLevel;
use kernel::error::{Refusal, Result};
use kernel::ids::LeadId;
use kernel::lang::Lang;
use kernel::permission::Permission;
use registry::areas;
use registry::policies::Words;
use store::{Ctx, Session};

use super::model::{State, kinds_on};
use super::outside::{Place, Published, Said, Status, Step, Town};
use super::queries::out;
use crate::cases;
use crate::screening::{self, Channel, Outcome, State as LeadState};

/// What a later step says of a lead, if it has come that far: the program fills the list in.
pub type StatusAfter = fn(&Ctx, &mut Session, LeadId) -> Result<Option<Status>>;

/// What the case says that answers a lead: step, next day, why, whom to call, whether one may object.
///
/// # Errors
/// What the database refuses.
pub fn after_case(ctx: &Ctx, session: &mut Session, lead: LeadId) -> Result<Option<Status>> {
    let said = |words: &Words| Said { zh: words.zh.clone(), en: words.en.clone() };
    let Some(told) = cases::told_outside(ctx, session, lead)? else { return Ok(None) };
    Ok(Some(Status {
        said: Some(said(&told.state)),
        why: told.why.as_ref().map(said),
        day: told.next,
        town: told.village.at(AreaLevel::Town),
        may_object: told.may_object,
        objected: told.objected,
        answered: told.answered,
        ..Status::of(Step::Later)
    }))
}

/// Publishes into a folder; whether anything changed.
///
/// # Errors
/// Faults of the database and of the folder.
pub fn publish(ctx: &Ctx, folder: &Path, after: &[StatusAfter]) -> Result<bool> {
    ctx.permit(Permission::DeclarationFetch)?;
    let mut session = ctx.read()?;
    let published = of_today(ctx, &mut session, after)?;
    drop(session);
    published.write(folder)
}

fn of_today(ctx: &Ctx, session: &mut Session, after: &[StatusAfter]) -> Result<Published> {
    let (towns, county) = towns(session)?;
    if towns.is_empty() {
        return Err(Refusal::unavailable("declarations.no_areas").into());
    }
    let kinds = kinds_on(ctx.today).filter_map(|one| {
        let plain = one.plain.as_ref()?;
        Some((one.code.clone(), Said { zh: plain.zh.clone(), en: plain.en.clone() }))
    });
    Ok(Published {
        address: ctx.db.keys().letter_address().text(),
        county,
        days: screening::days_on(session, ctx.today, Channel::Household)?,
        kinds: kinds.collect(),
        statuses: statuses(ctx, session, after)?,
        towns,
    })
}

fn towns(session: &mut Session) -> Result<(Vec<Town>, String)> {
    let phones = out::phones(session)?;
    let mut towns: Vec<Town> = Vec::new();
    let mut county = String::new();
    let in_use = areas::list_areas(session, None)?.into_iter().filter(|one| one.span.is_open());
    for area in in_use {
        let (code, name) = (area.row.code, area.row.name);
        match area.row.level {
            AreaLevel::County => county = name,
            AreaLevel::Town => {
                let phone = phones.get(&code).cloned().unwrap_or_default();
                towns.push(Town { code, name, phone, villages: Vec::new() });
            }
            AreaLevel::Village => {
                let town = towns.iter_mut().find(|town| town.code.contains(code));
                if let Some(town) = town {
                    town.villages.push(Place { code, name });
                }
            }
            _ => {}
        }
    }
    towns.retain(|town| !town.villages.is_empty());
    Ok((towns, county))
}

fn statuses(
    ctx: &Ctx,
    session: &mut Session,
    after: &[StatusAfter],
) -> Result<BTreeMap<String, Status>> {
    let mut found = BTreeMap::new();
    for one in out::list(session)? {
        let town = one.village.at(AreaLevel::Town);
        let status = |step| Status { town, ..Status::of(step) };
        let status = match (one.state, one.lead) {
            (State::NotHere, _) => status(Step::NotHere),
            (State::Junk, _) => status(Step::Closed),
            (State::Waiting, _) | (_, None) => status(Step::Received),
            (State::Placed, Some(lead)) => {
                let mut now = later(ctx, session, (lead, after))?
                    .map_or_else(|| of_lead(session, lead, status(Step::Checking)), Ok)?;
                now.town = now.town.or(town);
                now.may_object &= !one.objected;
                now
            }
        };
        found.insert(one.letter, status);
    }
    Ok(found)
}

fn later(
    ctx: &Ctx,
    session: &mut Session,
    (lead, after): (LeadId, &[StatusAfter]),
) -> Result<Option<Status>> {
    for one in after {
        if let Some(status) = one(ctx, session, lead)? {
            return Ok(Some(status));
        }
    }
    Ok(None)
}

/// Where the lead stands. The reason is that of the county's list: words that somebody typed may name people.
fn of_lead(session: &mut Session, lead: LeadId, checking: Status) -> Result<Status> {
    let Some(lead) = screening::status_of_lead(session, lead)? else { return Ok(checking) };
    Ok(match lead.state {
        LeadState::Answered => {
            let outcome = lead.outcome;
            let said = lead.reason_code.map(|code| Said {
                zh: screening::reason_words_of(&code, Lang::Zh),
                en: screening::reason_words_of(&code, Lang::En),
            });
            Status {
                step: Step::Answered,
                day: lead.answered_on,
                outcome: outcome.map(|outcome| outcome.code().to_owned()),
                said,
                may_object: outcome.is_some_and(|outcome| outcome != Outcome::RiskConfirmed),
                ..checking
            }
        }
        LeadState::Open => Status { day: lead.due_on, ..checking },
        _ => checking,
    })
}
