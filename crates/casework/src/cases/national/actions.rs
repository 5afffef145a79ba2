//! What people do with differences to the national register: look at them, settle one, undo that.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::CaseId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::households;
use registry::policies::ShippedCodes;
use serde_json::json;
use store::{Ctx, Entry, Tx};

use super::super::actions::list_all;
use super::super::book::{CaseBook, MONITORING};
use super::super::look::visible;
use super::super::model::Case;
use super::super::queries as cases;
use super::super::queries::lists::{Filter, Line};
use super::super::queries::papers::{self, Risk};
use super::super::record::MOST_RISKS;
use super::model::{Choice, Difference, Field, differ};
use super::queries::{self, Settled};

/// Most cases that are compared at once.
const MOST: i64 = 20_000;

/// The monitored households of an area, those whose risk is gone too.
pub(super) fn monitored(
    ctx: &Ctx,
    area: Option<AreaCode>,
) -> Result<(std::sync::Arc<CaseBook>, Vec<Line>)> {
    let life = Some(MONITORING.to_owned());
    let filter = Filter { area, life, ..Filter::default() };
    let (book, mut lines) = list_all(ctx, &filter, MOST)?;
    lines.retain(|line| line.identified_on.is_some());
    Ok((book, lines))
}

/// Where the cases of an area and the newest register differ and nobody has said yet whose value holds.
pub fn differences(ctx: &Ctx, area: Option<AreaCode>) -> Result<Vec<Difference>> {
    ctx.permit(Permission::CaseApprove)?;
    let (_, lines) = monitored(ctx, area)?;
    let mut session = ctx.read()?;
    let ids: Vec<&str> = lines.iter().map(|line| line.household.as_str()).collect();
    let there = queries::registered(&mut session, &ids)?;
    let keys: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
    let mut silent: BTreeMap<(CaseId, String), (String, String)> = BTreeMap::new();
    for one in queries::list_settled(&mut session, &keys)? {
        // the newest comes first and holds
        silent.entry((one.case.0, one.field)).or_insert(one.values);
    }
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut found = Vec::new();
    for line in &lines {
        let Some((on, href, body)) = there.get(&line.household) else { continue };
        let Some(case) = cases::find(&mut session, &permit, line.id)? else { continue };
        for field in Field::ALL {
            let Some((ours, theirs)) = differ(field, (&case, &line.risks), body) else { continue };
            let known = silent.get(&(line.id, field.code().to_owned()));
            if known.is_some_and(|known| known.0 == ours && known.1 == theirs) {
                continue;
            }
            found.push(Difference {
                case: (line.id, case.version),
                number: line.household_number.clone(),
                head: line.head.clone(),
                village: line.village.clone(),
                field,
                ours,
                theirs,
                said: (*on, href.clone()),
            });
        }
    }
    Ok(found)
}

/// What was settled in an area and holds.
pub fn settled(ctx: &Ctx, area: Option<AreaCode>) -> Result<Vec<Settled>> {
    ctx.permit(Permission::CaseApprove)?;
    let (_, lines) = monitored(ctx, area)?;
    let keys: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
    queries::list_settled(&mut ctx.read()?, &keys)
}

/// Whether theirs can be taken over: a state of a case changes by its steps only, and what no list knows stays theirs.
pub fn takeable(book: &CaseBook, field: Field, theirs: &str) -> bool {
    match field {
        Field::Removed => false,
        Field::Class => book.classes.class.iter().any(|class| class.code == theirs),
        Field::IdentifiedOn | Field::RemovedOn => {
            Day::parse(theirs).is_ok_and(|day| day <= book.today)
        }
        Field::Way => matches!(theirs, "helped" | "natural"),
        Field::Risks => {
            let codes: Vec<&str> = theirs.split(',').collect();
            codes.len() <= MOST_RISKS
                && codes
                    .iter()
                    .all(|code| ShippedCodes::Risks.find(code).is_some_and(|one| one.of.is_none()))
        }
    }
}

/// Settles one difference as the page showed it: ours stays and it is silent until one of the two changes, or theirs is
/// taken over.
pub fn settle(ctx: &Ctx, shown: (CaseId, Field, &str, &str), choice: Choice) -> Result<()> {
    ctx.permit(Permission::CaseApprove)?;
    let (id, field, ours, theirs) = shown;
    let area = visible(ctx, &mut ctx.read()?, &ctx.permit(Permission::CaseSee)?, id)?.village;
    let all = differences(ctx, Some(area))?;
    let one = all.into_iter().find(|one| {
        one.case.0 == id && one.field == field && one.ours == ours && one.theirs == theirs
    });
    let one = one.ok_or_else(|| Error::from(Refusal::conflict("cases.no_difference")))?;
    let mut tx = ctx.begin()?;
    if choice == Choice::Theirs {
        put(ctx, &mut tx, (id, Some(one.case.1)), (field, theirs))?;
    }
    queries::insert_settled(&mut tx, ctx, (&one, choice))?;
    let detail =
        json!({ "field": field.code(), "ours": ours, "theirs": theirs, "choice": choice.code() });
    let entry = Entry::new(ctx, "case.settle").about("case", id.to_string()).area(area);
    tx.commit(entry.detail(detail)).map(drop)
}

/// Undoes a settlement: what was taken over goes back, and the difference is open again. Not over what changed since.
pub fn undo(ctx: &Ctx, case: CaseId, seq: i64) -> Result<()> {
    let permit = ctx.permit(Permission::CaseApprove)?;
    let mut tx = ctx.begin()?;
    let before = visible(ctx, &mut tx, &permit, case)?;
    let missing = || Error::from(Refusal::conflict("cases.no_difference"));
    let one = queries::find_settled(&mut tx, case, seq)?.ok_or_else(missing)?;
    let field = Field::of(&one.field).ok_or_else(missing)?;
    if one.choice == Choice::Theirs.code() {
        let risks = papers::list_risks(&mut tx, case)?;
        if now(field, &before, &risks) != one.values.1 {
            return Err(Refusal::conflict("cases.changed").into());
        }
        put(ctx, &mut tx, (case, None), (field, &one.values.0))?;
    }
    if !queries::undo_settled(&mut tx, ctx, (case, seq))? {
        return Err(missing());
    }
    let detail = json!({ "field": one.field, "back": one.values.0 });
    let entry = Entry::new(ctx, "case.unsettle").about("case", case.to_string());
    tx.commit(entry.area(before.village).detail(detail)).map(drop)
}

/// The value of a field as it stands.
fn now(field: Field, case: &Case, risks: &[Risk]) -> String {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    match field {
        Field::Class => case.class.clone().unwrap_or_default(),
        Field::IdentifiedOn => day(case.identified_on),
        Field::Removed => if case.closed_on.is_some() { "yes" } else { "no" }.to_owned(),
        Field::RemovedOn => day(case.closed_on),
        Field::Way => case.closed_how.clone().unwrap_or_default(),
        Field::Risks => risks.iter().map(|risk| risk.risk.as_str()).collect::<Vec<_>>().join(","),
    }
}

/// Puts a value into the case, and into the status of its household where that follows.
fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, seen): (CaseId, Option<i64>),
    (field, value): (Field, &str),
) -> Result<()> {
    let permit = ctx.permit(Permission::CaseApprove)?;
    let book = super::super::book::book(tx, ctx.today)?;
    let before = visible(ctx, tx, &permit, id)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(Refusal::conflict("cases.changed").into());
    }
    if seen.is_some() && !takeable(&book, field, value) {
        return Err(Refusal::conflict("cases.not_takeable").into());
    }
    let mut after = before.clone();
    after.version += 1;
    let day = Day::parse(value).ok();
    match field {
        Field::Class => after.class = Some(value.to_owned()).filter(|value| !value.is_empty()),
        Field::IdentifiedOn => after.identified_on = day,
        Field::RemovedOn => after.closed_on = day,
        Field::Way => after.closed_how = Some(value.to_owned()).filter(|value| !value.is_empty()),
        Field::Risks => save_risks(ctx, tx, id, value)?,
        Field::Removed => return Err(Refusal::conflict("cases.not_takeable").into()),
    }
    if let (Some(from), Some(to)) = (after.identified_on, after.closed_on)
        && to < from
    {
        return Err(Refusal::conflict("cases.removed_before").into());
    }
    if !cases::save(tx, (&before, &after), book.life(&before.life)?)? {
        return Err(Refusal::conflict("cases.changed").into());
    }
    follow(ctx, tx, field, &after)
}

/// The status of the household under monitoring follows class and days.
fn follow(ctx: &Ctx, tx: &mut Tx, field: Field, case: &Case) -> Result<()> {
    let home = (case.household, case.village);
    tx.touch_household(case.household.to_string(), case.village);
    let (Some(class), Some(since)) = (case.class.as_deref(), case.identified_on) else {
        return Ok(());
    };
    if !matches!(field, Field::Class | Field::IdentifiedOn | Field::RemovedOn) {
        return Ok(());
    }
    let detail = json!({ "case": case.number, "settled": field.code() }).to_string();
    if case.closed_on.is_some() {
        // what was written down before makes room for what holds now
        households::resume_monitoring(tx, home)?;
    }
    households::begin_monitoring(tx, ctx, home, (class, since, &detail))?;
    match case.closed_on {
        Some(on) => households::end_monitoring(tx, ctx, home, (class, since, on)),
        None => Ok(()),
    }
}

fn save_risks(ctx: &Ctx, tx: &mut Tx, id: CaseId, codes: &str) -> Result<()> {
    let old: BTreeMap<String, Risk> =
        papers::list_risks(tx, id)?.into_iter().map(|risk| (risk.risk.clone(), risk)).collect();
    let codes = codes.split(',').filter(|code| !code.is_empty());
    let risks: Vec<Risk> = codes
        .zip(1i64..)
        .map(|(code, position)| match old.get(code) {
            Some(known) => Risk { position, ..known.clone() },
            None => Risk {
                position,
                risk: code.to_owned(),
                kind: None,
                words: String::new(),
                found_on: ctx.today,
                gone_on: None,
                gone_why: None,
                name: ctx.actor.name.clone(),
            },
        })
        .collect();
    papers::save_risks(tx, id, &risks)
}
