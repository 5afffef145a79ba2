//! What people see here: the slips of an area.

use std::collections::BTreeMap;

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::Result;
use kernel::permission::Permission;
use registry::areas;
use store::Ctx;

use super::model::{Counts, VillageSlip, Week};
use super::queries;

/// The morning of an area on one page.
#[derive(Debug, Clone)]
pub struct Brief {
    /// Names of the areas down to this one.
    pub path: Vec<(AreaCode, String)>,
    /// The leads together.
    pub leads: Counts,
    /// The last seven days, and the seven before.
    pub weeks: (Week, Week),
}

/// The morning of an area in which the person works. `None` before areas are there.
pub fn brief(ctx: &Ctx) -> Result<Option<Brief>> {
    let slips = slips(ctx, None)?;
    let Some((area, _)) = slips.path.last().cloned() else { return Ok(None) };
    let permit = ctx.permit(Permission::SlipSee)?;
    let mut session = ctx.read()?;
    let mut week = |last| queries::week_to(&mut session, &permit, (area, last));
    let weeks = (week(ctx.today)?, week(ctx.today.add_days(-7))?);
    Ok(Some(Brief { path: slips.path, leads: slips.sum, weeks }))
}

/// The slips of an area: of one village, or of all villages of a township.
#[derive(Debug, Clone)]
pub struct Slips {
    /// Names of the areas down to this one.
    pub path: Vec<(AreaCode, String)>,
    /// One for every village in use, in the order of the codes.
    pub villages: Vec<VillageSlip>,
    /// Their numbers together.
    pub sum: Counts,
    /// The townships in which they lie, with their names and numbers.
    pub towns: Vec<(AreaCode, String, Counts)>,
}

/// The villages added up by townships, in the order of the codes; a township that is not known by name has its code.
fn by_town(
    villages: &[VillageSlip],
    names: &BTreeMap<AreaCode, String>,
) -> Vec<(AreaCode, String, Counts)> {
    let mut towns: BTreeMap<AreaCode, Counts> = BTreeMap::new();
    for slip in villages {
        if let Some(town) = slip.code.at(AreaLevel::Town) {
            let sum = towns.entry(town).or_default();
            *sum = sum.plus(slip.counts);
        }
    }
    let name = |code: AreaCode| names.get(&code).cloned().unwrap_or_else(|| code.to_string());
    towns.into_iter().map(|(code, counts)| (code, name(code), counts)).collect()
}

/// The slips of an area in which the person works; of the person's own without one.
pub fn slips(ctx: &Ctx, asked: Option<AreaCode>) -> Result<Slips> {
    let permit = ctx.permit(Permission::SlipSee)?;
    let mut session = ctx.read()?;
    let own = match ctx.actor.home {
        Some(home) => Some(home),
        None => areas::list_below(&mut session, None)?.first().map(|(code, _)| *code),
    };
    let nothing =
        Slips { path: Vec::new(), villages: Vec::new(), sum: Counts::default(), towns: Vec::new() };
    let Some(own) = own else { return Ok(nothing) };
    // nobody counts a place in which they do not work
    let area = asked.filter(|code| ctx.actor.works_in(*code)).unwrap_or(own);
    let counts = queries::count_villages(&mut session, &permit, (area, ctx.today))?;
    let came = queries::list_came(&mut session, ctx.today)?;
    let all = areas::list_areas(&mut session, Some(area))?;
    let names: BTreeMap<AreaCode, String> =
        all.iter().map(|one| (one.row.code, one.row.name.clone())).collect();
    let in_use =
        all.into_iter().filter(|one| one.span.is_open() && one.row.level == AreaLevel::Village);
    let villages: Vec<VillageSlip> = in_use
        .map(|one| {
            let code = one.row.code;
            let mut lists: Vec<_> = came
                .iter()
                .filter(|(_, _, covers)| covers.contains(code))
                .map(|(list, period, _)| (list.clone(), *period))
                .collect();
            lists.dedup();
            let counts = counts.get(&code).copied().unwrap_or_default();
            VillageSlip { code, name: one.row.name, counts, came: lists }
        })
        .collect();
    let sum = villages.iter().fold(Counts::default(), |sum, one| sum.plus(one.counts));
    let towns = by_town(&villages, &names);
    Ok(Slips { path: areas::path_of(&mut session, area)?, villages, sum, towns })
}
