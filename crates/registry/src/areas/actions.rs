//! What the county does with areas: take in a code list, merge villages, name a group.

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::finding::{Finding, Severity};
use kernel::permission::Permission;
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry, Tx};

use super::kinds::kind_that_counts;
use super::model::{AreaChange, compare};
use super::{queries, sheet};

/// Longest name of a document, in characters.
const LONGEST: usize = 200;

/// More groups than that no village has; a number beyond it is a household's or a year.
const MOST_GROUPS: i64 = 99;

/// What a code list did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Codes that were not known.
    pub added: usize,
    /// Areas with another name.
    pub renamed: usize,
    /// Villages with another class.
    pub reclassed: usize,
    /// Codes that live on in another.
    pub succeeded: usize,
    /// What is wrong with the file, and codes that left it without a trace.
    pub findings: Vec<Finding>,
}

/// Takes in a statistical code list. What it changes holds from today on.
///
/// # Errors
/// Refused without the permission `area.manage`, or when the file is no code list.
pub fn import_list(ctx: &Ctx, bytes: Vec<u8>, file: &str) -> Result<Imported> {
    let (tx, done) = taken(ctx, bytes, file)?;
    let detail = json!({
        "file": file, "added": done.added, "renamed": done.renamed, "reclassed": done.reclassed,
        "succeeded": done.succeeded, "findings": done.findings.len(),
    });
    tx.commit(Entry::new(ctx, "area.import").about("area", file).detail(detail))?;
    Ok(done)
}

/// Says what a code list would do, and keeps nothing of it.
///
/// # Errors
/// As [`import_list`].
pub fn try_list(ctx: &Ctx, bytes: Vec<u8>, file: &str) -> Result<Imported> {
    taken(ctx, bytes, file).map(|(_, done)| done)
}

fn taken(ctx: &Ctx, bytes: Vec<u8>, file: &str) -> Result<(Tx, Imported)> {
    ctx.permit(Permission::AreaManage)?;
    let (rows, findings) = sheet::read(bytes, file)?;
    let mut done = Imported { findings, ..Imported::default() };
    let mut tx = ctx.begin()?;
    let known = queries::list_areas(&mut tx, None)?;
    // the first list is no change of anything: its areas have been there
    let from = if known.is_empty() { Day::from_count(0) } else { ctx.today };
    for change in compare(&known, &rows) {
        carry_out(&mut tx, change, from, &mut done)?;
    }
    Ok((tx, done))
}

fn carry_out(tx: &mut Tx, change: AreaChange, from: Day, done: &mut Imported) -> Result<()> {
    match change {
        AreaChange::Add(row) => {
            done.added += 1;
            queries::save_area(tx, &row, from)?;
            if let Some(class) = &row.class {
                reclass(tx, row.code, class, from)?;
            }
            touch(tx, row.code);
        }
        AreaChange::Rename { code, row, old_name } => {
            done.renamed += 1;
            queries::save_area(tx, &row, from)?;
            queries::save_name(tx, code, &old_name, "former", Some(from))?;
            touch(tx, code);
        }
        AreaChange::Reclass { code, class } => {
            // what was set by hand with a document stands until a hand changes it
            let current = queries::load_classes(tx, code)?;
            let said = queries::list_said_kinds(tx, code)?.into_iter().next();
            if let Some(said) = said.filter(|said| current.on(from) == Some(&said.class)) {
                let finding = Finding::new("areas.class_by_hand", Severity::Warning);
                done.findings.push(
                    finding
                        .arg("code", code)
                        .arg("class", class)
                        .arg("kept", said.class)
                        .arg("document", said.document),
                );
                return Ok(());
            }
            done.reclassed += 1;
            reclass(tx, code, &class, from)?;
            touch(tx, code);
        }
        AreaChange::Enrich(row) => queries::save_area(tx, &row, from)?,
        AreaChange::Succeed { old, new } => {
            done.succeeded += 1;
            succeed(tx, old, new, from)?;
        }
        AreaChange::Missing(code) => {
            done.findings.push(Finding::new("areas.missing", Severity::Warning).arg("code", code));
        }
    }
    Ok(())
}

fn touch(tx: &mut Tx, code: AreaCode) {
    if code.level() == AreaLevel::Village {
        tx.touch_village(code);
    }
}

fn reclass(tx: &mut Tx, code: AreaCode, class: &str, from: Day) -> Result<()> {
    let mut classes = queries::load_classes(tx, code)?;
    classes.set(class, from);
    queries::save_classes(tx, code, &classes)
}

fn succeed(tx: &mut Tx, old: AreaCode, new: AreaCode, on: Day) -> Result<()> {
    queries::end_area(tx, old, on)?;
    queries::save_successor(tx, old, new, on)?;
    if let Some(name) = queries::find_name(tx, old)? {
        queries::save_name(tx, new, &name, "former", Some(on))?;
    }
    for household in queries::move_households(tx, old, new, on)? {
        tx.touch_household(household, new);
    }
    touch(tx, old);
    touch(tx, new);
    Ok(())
}

/// Merges a village into another of the same county from `on`: its households stand in the other, its code and name still
/// lead there.
///
/// # Errors
/// Refused without `area.manage`, when one of them is no village in use, or both are the same.
pub fn merge(ctx: &Ctx, old: AreaCode, new: AreaCode, on: Day) -> Result<()> {
    ctx.permit(Permission::AreaManage)?;
    let mut tx = ctx.begin()?;
    for code in [old, new] {
        let in_use = queries::find_area(&mut tx, code)?
            .is_some_and(|area| area.span.is_open() && area.row.level == AreaLevel::Village);
        if !in_use {
            return Err(Refusal::not_found("areas.no_such_village").arg("code", code).into());
        }
    }
    if old == new || old.at(AreaLevel::County) != new.at(AreaLevel::County) {
        return Err(Refusal::invalid("areas.cannot_merge").into());
    }
    succeed(&mut tx, old, new, on)?;
    let entry = Entry::new(ctx, "area.merge").about("area", old.to_string()).area(new);
    tx.commit(entry.detail(json!({ "into": new, "on": on })))?;
    Ok(())
}

/// Gives an area another name from `on`; the one it had stays known as a former name, so that lists that still write it
/// are understood.
///
/// # Errors
/// Refused without `area.manage`, when the area is not in use, or when the name is empty or the one it has.
pub fn rename(ctx: &Ctx, code: AreaCode, (name, official): (&str, &str), on: Day) -> Result<()> {
    ctx.permit(Permission::AreaManage)?;
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::invalid("areas.no_new_name").field("name", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    let area = queries::find_area(&mut tx, code)?.filter(|area| area.span.is_open());
    let Some(area) = area else {
        return Err(Refusal::not_found("areas.no_such_village").arg("code", code).into());
    };
    if area.row.name == name {
        return Err(Refusal::conflict("areas.same_name").field("name", "areas.same_name").into());
    }
    let official = if official.trim().is_empty() { name } else { official.trim() };
    let row = super::model::AreaRow {
        name: name.to_owned(),
        official_name: official.to_owned(),
        former_names: Vec::new(),
        ..area.row.clone()
    };
    queries::save_area(&mut tx, &row, area.span.from)?;
    queries::save_name(&mut tx, code, &area.row.name, "former", Some(on))?;
    touch(&mut tx, code);
    let entry = Entry::new(ctx, "area.rename").about("area", code.to_string()).area(code);
    tx.commit(entry.detail(json!({ "from": area.row.name, "to": name, "on": on })))?;
    Ok(())
}

/// Names a group (村民小组) of a village.
///
/// # Errors
/// Refused without `area.manage`, when the village is not in use, when the number is none of a group, when the name is
/// empty or that of another group.
pub fn name_group(ctx: &Ctx, village: AreaCode, number: i64, name: &str) -> Result<()> {
    ctx.permit(Permission::AreaManage)?;
    let name = name.trim();
    let wrong = |code: &'static str, field| Refusal::invalid(code).field(field, code);
    if !(1..=MOST_GROUPS).contains(&number) {
        return Err(wrong("areas.group_number", "number").into());
    }
    if name.is_empty() {
        return Err(Refusal::invalid("areas.change_incomplete")
            .field("name", "web.required")
            .into());
    }
    let mut tx = ctx.begin()?;
    let in_use = queries::find_area(&mut tx, village)?
        .is_some_and(|area| area.span.is_open() && area.row.level == AreaLevel::Village);
    if !in_use || !ctx.actor.works_in(village) {
        return Err(Refusal::not_found("areas.no_such_village").arg("code", village).into());
    }
    let groups = queries::list_groups(&mut tx, village)?;
    if groups
        .iter()
        .any(|group| group.number.is_some_and(|other| other != number) && group.name == name)
    {
        return Err(wrong("areas.group_name_taken", "name").into());
    }
    queries::save_group(&mut tx, village, number, name)?;
    let entry = Entry::new(ctx, "area.group").about("area", village.to_string()).area(village);
    tx.commit(entry.detail(json!({ "number": number, "name": name })))?;
    Ok(())
}

/// Says by hand of what kind a village is from a day on: of all that applies the first in the precedence counts. Needs a
/// document; a code list that says otherwise no longer changes it. The kind that counts.
///
/// # Errors
/// Refused without `area.manage`, without a document, for a day to come, for what is no kind of that day, and when the
/// village is not in use.
pub fn set_kind(
    ctx: &Ctx,
    village: AreaCode,
    applies: &[String],
    (from, document): (Day, &str),
) -> Result<String> {
    ctx.permit(Permission::AreaManage)?;
    let document: String = document.trim().chars().take(LONGEST).collect();
    if document.is_empty() {
        let refusal = Refusal::invalid("areas.no_document");
        return Err(refusal.field("document", "web.required").into());
    }
    if from > ctx.today {
        let refusal = Refusal::invalid("areas.kind_day").arg("today", ctx.today);
        return Err(refusal.field("kind_on", "web.not_a_day").into());
    }
    let Some(kind) = kind_that_counts(applies, from)? else {
        return Err(Refusal::invalid("areas.no_such_kind")
            .field("kind", "areas.no_such_kind")
            .into());
    };
    let mut tx = ctx.begin()?;
    let area = queries::find_area(&mut tx, village)?
        .filter(|area| area.span.is_open() && area.row.level == AreaLevel::Village)
        .filter(|area| ctx.actor.works_in(area.row.code));
    let Some(area) = area else {
        return Err(Refusal::not_found("areas.no_such_village").arg("code", village).into());
    };
    reclass(&mut tx, village, &kind.name, from)?;
    queries::insert_said_kind(&mut tx, ctx, village, (from, &kind.name, applies, &document))?;
    touch(&mut tx, village);
    let entry = Entry::new(ctx, "area.kind").about("area", village.to_string()).area(village);
    tx.commit(entry.detail(json!({
        "before": area.row.class, "class": kind.name, "applies": applies, "from": from, "document": document,
    })))?;
    Ok(kind.name.clone())
}
