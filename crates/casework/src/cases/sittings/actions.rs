//! What people do with sittings: open one from the cases that wait, fill it in, enter it as held, drop a draft.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{CaseId, SittingId};
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry as Noted, Session};

use super::super::actions::{Asked, MOST_TOGETHER, Shown, Within, list_all};
use super::super::book::MONITORING;
use super::super::queries::lists::{Filter, Line as CaseLine};
use super::model::{Entry, Line, Outcome, Sitting};
use super::queries;

/// States in which a case waits for its village: to be taken in, to be removed.
const WAITING: [(&str, bool); 2] = [("compared", false), ("removal_checked", true)];
/// Sittings on one page.
const MOST: i64 = 200;

/// The cases of an area that wait for a sitting and are in no draft: each with whether it is to be removed.
pub fn waiting(ctx: &Ctx, area: Option<AreaCode>) -> Result<Vec<(CaseLine, bool)>> {
    let mut all = Vec::new();
    for (state, removal) in WAITING {
        let life = Some(MONITORING.to_owned());
        let filter = Filter { life, state: Some(state.to_owned()), area, ..Filter::default() };
        let most = i64::try_from(MOST_TOGETHER).unwrap_or(i64::MAX);
        let (_, lines) = list_all(ctx, &filter, most)?;
        all.extend(lines.into_iter().map(|line| (line, removal)));
    }
    let mut session = ctx.read()?;
    let mut free = Vec::new();
    for (line, removal) in all {
        if queries::draft_of(&mut session, line.id)?.is_none() {
            free.push((line, removal));
        }
    }
    Ok(free)
}

/// Sittings of an area.
pub fn list(ctx: &Ctx, area: Option<AreaCode>) -> Result<Vec<Sitting>> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let all = queries::list(&mut ctx.read()?, &permit, (area, MOST))?;
    Ok(all.into_iter().filter(|one| ctx.actor.works_in(one.village.0)).collect())
}

/// Sittings in which a case was. The caller has loaded the case under its permit.
pub fn of_case(
    session: &mut Session,
    case: CaseId,
) -> Result<Vec<(SittingId, kernel::time::Day, String, String)>> {
    queries::of_case(session, case)
}

fn visible(ctx: &Ctx, session: &mut Session, id: SittingId) -> Result<Sitting> {
    let found = queries::find(session, id)?.filter(|one| ctx.actor.works_in(one.village.0));
    found.ok_or_else(|| ctx.not_found("cases.no_sitting", &id.to_string()))
}

/// One sitting. Outside of the places in which the person works it is not found.
pub fn show(ctx: &Ctx, id: SittingId) -> Result<Sitting> {
    ctx.permit(Permission::CaseSee)?;
    visible(ctx, &mut ctx.read()?, id)
}

/// Opens a draft with some of the cases that wait, all of one village.
pub fn open(ctx: &Ctx, cases: &[CaseId]) -> Result<SittingId> {
    ctx.permit(Permission::CaseWork)?;
    if cases.is_empty() {
        return Err(Refusal::invalid("cases.none_chosen").into());
    }
    let chosen: Vec<(CaseLine, bool)> =
        waiting(ctx, None)?.into_iter().filter(|(line, _)| cases.contains(&line.id)).collect();
    if chosen.len() != cases.len() {
        return Err(Refusal::conflict("cases.no_longer_waits").into());
    }
    let Some((first, _)) = chosen.first() else {
        return Err(Refusal::invalid("cases.none_chosen").into());
    };
    let village = first.village.clone();
    if chosen.iter().any(|(line, _)| line.village.0 != village.0) {
        return Err(Refusal::invalid("cases.one_village").into());
    }
    let line = |(line, removal): &(CaseLine, bool)| Line {
        case: line.id,
        number: line.number.clone(),
        household_number: line.household_number.clone(),
        head: line.head.clone(),
        group: line.group.clone(),
        removal: *removal,
        result: String::new(),
        agreed: 0,
        words: String::new(),
        outcome: Outcome::None,
    };
    let entry = Entry {
        on: ctx.today,
        place: String::new(),
        presided: String::new(),
        recorder: String::new(),
        present: 0,
        attending: String::new(),
        minutes: String::new(),
        lines: BTreeMap::new(),
    };
    let new = Sitting {
        id: ctx.new_id(),
        village,
        state: "draft".to_owned(),
        entry,
        by: ctx.actor.name.clone(),
        held_by: None,
        version: 1,
        lines: chosen.iter().map(line).collect(),
    };
    let mut tx = ctx.begin()?;
    for line in &new.lines {
        if queries::draft_of(&mut tx, line.case)?.is_some() {
            return Err(Refusal::conflict("cases.no_longer_waits").into());
        }
    }
    queries::insert(&mut tx, ctx, &new)?;
    let detail = json!({ "cases": new.lines.len() });
    let noted = Noted::new(ctx, "sitting.open").about("sitting", new.id.to_string());
    tx.commit(noted.area(new.village.0).detail(detail))?;
    Ok(new.id)
}

fn draft(ctx: &Ctx, session: &mut Session, (id, seen): (SittingId, i64)) -> Result<Sitting> {
    let found = visible(ctx, session, id)?;
    if !found.is_draft() {
        return Err(Refusal::conflict("cases.sitting_closed").into());
    }
    if found.version != seen {
        return Err(Refusal::conflict("cases.changed").into());
    }
    Ok(found)
}

/// Keeps what was entered so far.
pub fn save(ctx: &Ctx, shown: (SittingId, i64), entry: Entry) -> Result<()> {
    ctx.permit(Permission::CaseWork)?;
    let mut tx = ctx.begin()?;
    let found = draft(ctx, &mut tx, shown)?;
    let mut entry = entry.tidy();
    entry.lines.retain(|case, _| found.lines.iter().any(|line| line.case == *case));
    if !queries::save(&mut tx, shown, &entry)? {
        return Err(Refusal::conflict("cases.changed").into());
    }
    let noted = Noted::new(ctx, "sitting.save").about("sitting", found.id.to_string());
    tx.commit(noted.area(found.village.0).detail(json!({ "on": entry.on }))).map(drop)
}

/// Enters a sitting as held: every result takes the step of its case. A case that cannot take it stays and says why.
pub fn hold(ctx: &Ctx, shown: (SittingId, i64)) -> Result<Sitting> {
    ctx.permit(Permission::CaseWork)?;
    let within = Within::open(ctx)?;
    let mut tx = ctx.begin()?;
    let found = draft(ctx, &mut tx, shown)?;
    if let Some(wrong) = found.lacks(ctx.today) {
        return Err(wrong.into());
    }
    let (mut taken, mut refused) = (Vec::new(), 0usize);
    for line in &found.lines {
        let Some(step) = line.step() else { continue };
        let Some(version) = within.version(&mut tx, line.case)? else {
            refused += 1;
            queries::save_outcome(&mut tx, (found.id, line.case), ("refused", "cases.no_case"))?;
            continue;
        };
        let field = |name: &str| said(&found, line, name);
        let asked = Asked { step, field: &field };
        match within.take(ctx, &mut tx, Shown { id: line.case, version }, &asked) {
            Ok(_) => {
                queries::save_outcome(&mut tx, (found.id, line.case), ("taken", ""))?;
                taken.push(line.case.to_string());
            }
            Err(Error::Refusal(why)) => {
                refused += 1;
                queries::save_outcome(&mut tx, (found.id, line.case), ("refused", why.code))?;
            }
            Err(fault) => return Err(fault),
        }
    }
    if !queries::close(&mut tx, ctx, (shown, "held"))? {
        return Err(Refusal::conflict("cases.changed").into());
    }
    let detail = json!({
        "on": found.entry.on, "cases": taken, "refused": refused, "pack": within.pack().0, "pack_version": within.pack().1,
    });
    let noted = Noted::new(ctx, "sitting.hold").about("sitting", found.id.to_string());
    tx.commit(noted.area(found.village.0).detail(detail))?;
    show(ctx, found.id)
}

/// What a field of the step holds: what the sitting says of itself and of this household.
fn said(sitting: &Sitting, line: &Line, name: &str) -> String {
    let entry = &sitting.entry;
    let words = if line.words.is_empty() { &entry.minutes } else { &line.words };
    match name {
        "on" => entry.on.to_string(),
        "place" => entry.place.clone(),
        "present" => entry.present.to_string(),
        "agreed" => line.agreed.to_string(),
        "minutes" | "reason" | "words" => words.clone(),
        _ => String::new(),
    }
}

/// Drops a draft; its cases wait again.
pub fn drop_draft(ctx: &Ctx, shown: (SittingId, i64)) -> Result<()> {
    ctx.permit(Permission::CaseWork)?;
    let mut tx = ctx.begin()?;
    let found = draft(ctx, &mut tx, shown)?;
    if !queries::close(&mut tx, ctx, (shown, "dropped"))? {
        return Err(Refusal::conflict("cases.changed").into());
    }
    let noted = Noted::new(ctx, "sitting.drop").about("sitting", found.id.to_string());
    tx.commit(noted.area(found.village.0)).map(drop)
}
