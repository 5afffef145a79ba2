//! What indicators give to other rooms: the proof of those in a draft of policy, and the value of one for a plan.

use std::sync::Arc;

use casework::screening;
use kernel::error::Result;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::{Measure, Pack, Trial, Wrong, resolve};
use store::Ctx;

use super::actions::value;
use super::model::prove;

/// The value of an indicator now, for plans.
#[must_use]
pub fn measure() -> Measure {
    Measure(Arc::new(value))
}

/// A dry run that also proves the indicators of a draft.
#[must_use]
pub fn trial(inner: Trial) -> Trial {
    Trial(Arc::new(move |ctx: &Ctx, pack: &Pack, day: Day| {
        let mut tried = (inner.0)(ctx, pack, day)?;
        tried.wrong.extend(wrong(ctx, pack, day)?);
        Ok(tried)
    }))
}

/// Indicators of a pack that cannot be asked, with what is wrong: also those that a draft takes a list away from.
fn wrong(ctx: &Ctx, pack: &Pack, day: Day) -> Result<Vec<Wrong>> {
    ctx.permit(Permission::PolicySee)?;
    let defs = pack.indicators();
    if defs.is_empty() {
        return Ok(Vec::new());
    }
    let schema = screening::schema_of(pack)?;
    let Some(county) = screening::find_county(&mut ctx.read()?)? else { return Ok(Vec::new()) };
    let params = resolve(&pack.parameters, county, day);
    let wrong = defs.iter().filter_map(|def| {
        let (field, problem) = prove(def, (&schema, &params)).err()?;
        Some(Wrong { rule: def.id.clone(), what: format!("{field}: {problem}") })
    });
    Ok(wrong.collect())
}
