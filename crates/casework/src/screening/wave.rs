//! The baseline is given out in waves: in each village the gravest leads that wait, up to its weekly budget.

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

/// The leads of the next wave.
fn next(ctx: &Ctx, session: &mut Session) -> Result<Vec<LeadId>> {
    let book = bound(session, ctx.today)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let budget = book
        .book
        .params
        .get(WEEKLY_BUDGET)
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_budget")))?;
    let monday = ctx.today.add_days(1 - i64::from(ctx.today.weekday()));
    let spent = changes::spent_since(session, monday)?;
    let waiting = changes::waiting(session)?;
    let of_village = |village: &str| match budget.at(village) {
        facts::Scalar::Int(number) => usize::try_from(number).unwrap_or(0),
        _ => 0,
    };
    Ok(rules::wave(waiting, of_village, &spent))
}

/// How many leads wait, and how many of them the next wave may give out now.
///
/// # Errors
/// Refused without `lead.release`.
pub fn waiting_for_wave(ctx: &Ctx) -> Result<(usize, usize)> {
    ctx.permit(Permission::LeadRelease)?;
    let mut session = ctx.read()?;
    let waiting = changes::waiting(&mut session)?.len();
    match waiting {
        0 => Ok((0, 0)),
        _ => match next(ctx, &mut session) {
            Ok(wave) => Ok((waiting, wave.len())),
            Err(Error::Refusal(_)) => Ok((waiting, 0)),
            Err(fault) => Err(fault),
        },
    }
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
