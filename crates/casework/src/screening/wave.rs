//! The baseline is given out in waves: in each village the gravest leads that wait, up to its weekly budget.

use std::collections::BTreeMap;

use kernel::error::{Error, Refusal, Result};
use kernel::ids::LeadId;
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry, Session};

use super::book::{bound, working_calendar};
use super::queries::changes;
use super::rule::{Calendar, Due};
use super::rules;

/// The parameter of the packs that says how many leads a village may be given in a week.
pub const WEEKLY_BUDGET: &str = "leads_per_village_week";

/// How many leads each village may be given in a week.
fn budget(ctx: &Ctx, session: &mut Session) -> Result<impl Fn(&str) -> usize + use<>> {
    let book = bound(session, ctx.today)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let budget = book
        .book
        .params
        .get(WEEKLY_BUDGET)
        .cloned()
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_budget")))?;
    Ok(move |village: &str| match budget.at(village) {
        facts::Scalar::Int(number) => usize::try_from(number).unwrap_or(0),
        _ => 0,
    })
}

/// How many each village was given this week.
fn spent(ctx: &Ctx, session: &mut Session) -> Result<BTreeMap<String, usize>> {
    let monday = ctx.today.add_days(1 - i64::from(ctx.today.weekday()));
    changes::spent_since(session, monday)
}

/// The leads of the next wave.
fn next(ctx: &Ctx, session: &mut Session) -> Result<Vec<LeadId>> {
    let budget = budget(ctx, session)?;
    let spent = spent(ctx, session)?;
    Ok(rules::wave(changes::waiting(session)?, budget, &spent))
}

/// How many leads wait, and how many of them the next wave may give out now.
///
/// # Errors
/// Refused without `lead.release`.
pub fn waiting_for_wave(ctx: &Ctx) -> Result<(usize, usize)> {
    ctx.permit(Permission::LeadRelease)?;
    let mut session = ctx.read()?;
    let key = format!("next wave {} {}", session.journal_number()?, ctx.today);
    session.remembered(key, |session| count_next(ctx, session))
}

fn count_next(ctx: &Ctx, session: &mut Session) -> Result<(usize, usize)> {
    let waiting = changes::count_waiting(session)?;
    let all = waiting.iter().map(|(_, number)| number).sum();
    if all == 0 {
        return Ok((0, 0));
    }
    let budget = match budget(ctx, session) {
        Ok(budget) => budget,
        Err(Error::Refusal(_)) => return Ok((all, 0)),
        Err(fault) => return Err(fault),
    };
    let spent = spent(ctx, session)?;
    Ok((all, rules::wave_size(&waiting, budget, &spent)))
}

/// Gives out the next wave of the baseline. Gives their number. Refused where no budget is set.
///
/// # Errors
/// Refused without `lead.release`, and where no budget is set.
pub fn release_wave(ctx: &Ctx) -> Result<usize> {
    ctx.permit(Permission::LeadRelease)?;
    let mut tx = ctx.begin()?;
    let chosen = next(ctx, &mut tx)?;
    let calendar = working_calendar()?;
    let due = changes::clocks(&mut tx, &chosen)?
        .into_iter()
        .map(|(id, days, kind)| {
            let days = u16::try_from(days).unwrap_or(u16::MAX);
            let kind = if kind == "working" { Calendar::Working } else { Calendar::Calendar };
            (id, Due { days, calendar: kind }.day_after(ctx.today, calendar))
        })
        .collect();
    let released = changes::release(&mut tx, ctx.today, due)?;
    if released > 0 {
        let detail = json!({ "released": released });
        tx.commit(
            Entry::new(ctx, "lead.release").about("wave", ctx.today.to_string()).detail(detail),
        )?;
    }
    Ok(released)
}
