//! The helper of a household (帮扶责任人) from a day to a day: beside the measures, for it is changed by other people.

use kernel::error::{Refusal, Result};
use kernel::ids::{HelperId, HouseholdId};
use kernel::permission::Permission;
use kernel::phone::Phone;
use kernel::time::Day;
use registry::households::{self, Household};
use serde_json::json;
use store::{Ctx, Entry, Tx};

use super::queries::carers as queries;

pub use queries::{helper_names, list_helpers as helpers_of};

/// Longest text that is kept, in characters.
const LONGEST: usize = 100;

/// Somebody who looks after a household, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helper {
    /// Its id.
    pub id: HelperId,
    /// Name.
    pub name: String,
    /// Where they work.
    pub unit: String,
    /// Phone, sealed.
    pub phone_sealed: Option<String>,
    /// Account with which they sign in, if they have one.
    pub account: Option<String>,
    /// First day.
    pub from: Day,
    /// Last day, when it is over.
    pub to: Option<Day>,
    /// Why it is over.
    pub why: String,
    /// Counts the changes.
    pub version: i64,
    /// For which household it was written down: that one, or one that is held to be it.
    pub household: HouseholdId,
}

/// Who is to look after a household.
#[derive(Debug, Clone)]
pub struct NewHelper {
    /// Name.
    pub name: String,
    /// Where they work.
    pub unit: String,
    /// Phone.
    pub phone: Option<Phone>,
    /// Account with which they sign in.
    pub account: Option<String>,
    /// First day.
    pub from: Day,
    /// Why the one before is over; empty where there was none.
    pub why: String,
}

fn tidy(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

/// The household and who looks after it now: the newest first. There are two where two households are held to be one.
fn begin(ctx: &Ctx, household: HouseholdId) -> Result<(Tx, Household, Vec<Helper>)> {
    let permit = ctx.permit(Permission::AssistanceAssign)?;
    let mut tx = ctx.begin()?;
    let house = households::load_household(ctx, &mut tx, &permit, &household.to_string())?;
    let now = queries::list_helpers(&mut tx, household, ctx.today)?;
    Ok((tx, house, now.into_iter().filter(|one| one.to.is_none()).collect()))
}

fn close(tx: &mut Tx, ctx: &Ctx, helper: &Helper, (last, why): (Day, &str)) -> Result<()> {
    if last < helper.from || last > ctx.today {
        let refusal = Refusal::invalid("assistance.helper_when");
        return Err(refusal.field("from", "web.required").into());
    }
    if why.is_empty() {
        return Err(Refusal::invalid("assistance.why_needed").field("why", "web.required").into());
    }
    if !queries::end_helper(tx, ctx, helper, (last, why))? {
        return Err(Refusal::conflict("assistance.helper_changed").into());
    }
    Ok(())
}

/// Names the helper of a household; the one before hands over and keeps the days until then. `seen` is the helper that the
/// page showed: the second of two people is told that it was changed.
///
/// # Errors
/// Not found outside of the scope; a refusal that says what does not fit.
pub fn assign(
    ctx: &Ctx,
    household: HouseholdId,
    seen: Option<HelperId>,
    mut new: NewHelper,
) -> Result<HelperId> {
    let (mut tx, house, before) = begin(ctx, household)?;
    if before.first().map(|one| one.id) != seen {
        return Err(Refusal::conflict("assistance.helper_changed").into());
    }
    new.name = tidy(&new.name);
    new.unit = tidy(&new.unit);
    for (text, field) in [(&new.name, "name"), (&new.unit, "unit")] {
        if text.is_empty() {
            let refusal = Refusal::invalid("assistance.helper_needed");
            return Err(refusal.field(field, "web.required").into());
        }
    }
    if new.from > ctx.today {
        let refusal = Refusal::invalid("assistance.helper_when");
        return Err(refusal.field("from", "web.required").into());
    }
    if let Some(account) = &new.account
        && !queries::is_helper_account(&mut tx, account)?
    {
        let refusal = Refusal::invalid("assistance.no_account");
        return Err(refusal.field("account", "web.required").into());
    }
    for before in &before {
        let last = new.from.add_days(-1);
        close(&mut tx, ctx, before, (last, &tidy(&new.why)))?;
    }
    let id: HelperId = ctx.new_id();
    queries::insert_helper(&mut tx, ctx, (id, household), (&new, house.village))?;
    tx.touch_household(household.to_string(), house.village);
    let detail = json!({
        "helper": id.to_string(), "before": before.first().map(|one| one.id.to_string()), "from": new.from,
        "account": new.account,
    });
    let entry = Entry::new(ctx, "assistance.assign").about("household", household.to_string());
    tx.commit(entry.area(house.village).detail(detail))?;
    Ok(id)
}

/// Ends the help of a helper without naming another.
///
/// # Errors
/// Not found outside of the scope; nobody to release; a refusal that says what does not fit.
pub fn release(
    ctx: &Ctx,
    household: HouseholdId,
    seen: HelperId,
    (last, why): (Day, &str),
) -> Result<()> {
    let (mut tx, house, before) = begin(ctx, household)?;
    let Some(before) = before.into_iter().find(|one| one.id == seen) else {
        return Err(Refusal::conflict("assistance.helper_changed").into());
    };
    close(&mut tx, ctx, &before, (last, &tidy(why)))?;
    tx.touch_household(household.to_string(), house.village);
    let entry = Entry::new(ctx, "assistance.release").about("household", household.to_string());
    let detail = json!({ "helper": before.id.to_string(), "last": last, "why": tidy(why) });
    tx.commit(entry.area(house.village).detail(detail))?;
    Ok(())
}
