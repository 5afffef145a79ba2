//! The dry run of a draft of policy: which rules of it are wrong, and what the others would do. Handed to the room of
//! policies, which does not know rules.

use std::sync::Arc;

use kernel::error::Result;
use kernel::time::Day;
use registry::policies::{Effect, Pack, Trial, Tried, Wrong};
use store::Ctx;

use super::queries;
use super::rule::Level;
use super::what_if::{Difference, compare};

/// The dry run, as a layer of the router.
#[must_use]
pub fn trial() -> Trial {
    Trial(Arc::new(tried))
}

fn tried(ctx: &Ctx, after: &Pack, day: Day) -> Result<Tried> {
    let differences = compare(ctx, after, day)?;
    let mut tried = Tried::default();
    for one in &differences {
        tried.wrong.extend(
            one.problems
                .iter()
                .map(|issue| Wrong { rule: issue.rule.clone(), what: issue.trouble.to_string() }),
        );
        if let Some(millis) = one.stopped {
            let what = web::L::new(ctx.lang).t1("screening-issue-slow-ms", "ms", millis);
            tried.wrong.push(Wrong { rule: one.rule.clone(), what });
        }
    }
    let rows = queries::rows_of_levels(&mut ctx.read()?)?;
    tried.effects = differences.iter().filter_map(|one| effect(one, rows)).collect();
    Ok(tried)
}

fn effect(one: &Difference, (households, villages): (i64, i64)) -> Option<Effect> {
    let counts = one.counts?;
    let rows = if one.level == Level::Village { villages } else { households };
    Some(Effect {
        rule: one.rule.clone(),
        title: one.title.clone(),
        hits: (counts.hits_before, counts.hits_after),
        added: counts.came_in,
        dropped: counts.dropped_out,
        unknown: (counts.cannot_tell_before, counts.cannot_tell_after),
        rows,
    })
}
