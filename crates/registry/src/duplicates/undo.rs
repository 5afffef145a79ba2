//! A merge undone, at any time: what it wrote over stands again as it was. What was delivered under the number that went is
//! that person's again, because it was never rewritten. What happened meanwhile to a stay that came from that number goes
//! back with it; everything else stays where it is, and is said before anything is written.

use std::collections::BTreeSet;

use kernel::error::{OrFault, Refusal, Result};
use kernel::permission::Permission;
use serde_json::{Value as Json, json};
use store::{Ctx, Entry, Tx};

use super::actions::{load_merge, touch};
use super::carry::{Writer, point_again, set, set_aside, text};
use super::model::StayRow;
use super::queries::{self, Changed, Kind, Merge, MergeState};

/// Something that was recorded after the merge and of which nothing tells for certain whose it is: where it goes is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    /// The end of its Fluent id.
    pub code: &'static str,
    /// Whose, or which household.
    pub who: String,
    /// A day or a number, as text.
    pub what: String,
}

/// What an undoing did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// What was not certain, and where it went.
    pub unsure: Vec<Unsure>,
}

/// What undoing a merge would find that is not certain. Nothing is written.
///
/// # Errors
/// As [`undo`].
pub(super) fn preview(ctx: &Ctx, id: &str) -> Result<Undone> {
    let mut tx = ctx.begin()?;
    let merge = standing(ctx, &mut tx, id)?;
    carry_back(&mut tx, &merge)
}

/// Undoes a merge. `read`: the one who acts was shown what is not certain.
///
/// # Errors
/// Refused to whom may not confirm; *not found* outside the scope; a conflict when it does not stand, when a later merge
/// has written over what this one wrote (that one is undone first), or when something is not certain and was not read.
pub fn undo(ctx: &Ctx, id: &str, (reason, read): (&str, bool)) -> Result<Undone> {
    ctx.permit(Permission::HouseholdConfirm)?;
    if reason.trim().is_empty() {
        let code = "households.reason_needed";
        return Err(Refusal::invalid(code).field("reason", code).into());
    }
    let mut tx = ctx.begin()?;
    let seen = standing(ctx, &mut tx, id)?;
    queries::hold_merge(&mut tx, seen.id)?;
    // whoever waited looks again: the other may have undone it
    let merge = standing(ctx, &mut tx, id)?;
    let undone = carry_back(&mut tx, &merge)?;
    if !undone.unsure.is_empty() && !read {
        let code = "duplicates.undo_unsure";
        return Err(Refusal::conflict(code).field("read", code).into());
    }
    queries::end_merge(&mut tx, merge.id, &ctx.actor.account, reason)?;
    let unsure: Vec<Json> =
        undone.unsure.iter().map(|one| json!([one.code, one.who, one.what])).collect();
    let entry = Entry::new(ctx, "duplicate.undo").about(merge.kind.as_str(), merge.stays.clone());
    let detail =
        json!({ "goes": merge.goes, "merge": merge.id, "reason": reason, "unsure": unsure });
    tx.commit(entry.area(merge.village).detail(detail))?;
    Ok(undone)
}

fn standing(ctx: &Ctx, tx: &mut Tx, id: &str) -> Result<Merge> {
    let permit = ctx.permit(Permission::HouseholdConfirm)?;
    let merge = load_merge(ctx, tx, &permit, id)?;
    match (&merge.state, &merge.undone) {
        (MergeState::Carried, _) => {}
        (MergeState::Undone, Some((who, at))) => {
            return Err(Refusal::conflict("duplicates.already_undone")
                .arg("who", who)
                .arg("when", at.local_text())
                .into());
        }
        _ => return Err(Refusal::conflict("duplicates.not_merged").into()),
    }
    if let Some(later) = queries::find_later(tx, merge.id)? {
        let later = queries::name_of(tx, later)?;
        return Err(Refusal::conflict("duplicates.undo_later_first").arg("names", later).into());
    }
    Ok(merge)
}

struct Back<'t> {
    writer: Writer<'t>,
    /// The people who go and the ones in whose place they stood.
    people: Vec<(String, String)>,
    changes: Vec<Changed>,
    unsure: Vec<Unsure>,
    now: String,
}

/// Writes everything back inside `tx`.
fn carry_back(tx: &mut Tx, merge: &Merge) -> Result<Undone> {
    let changes = queries::changes_of(tx, merge.id)?;
    let pairs = queries::pairs_of(tx, merge.id)?;
    let since = merge.decided.as_ref().map_or(merge.at, |(_, at)| *at).to_string();
    let now = tx.now().to_string();
    let people: Vec<(String, String)> = pairs
        .iter()
        .filter(|(kind, ..)| *kind == Kind::Person)
        .map(|(_, goes, stays)| (goes.clone(), stays.clone()))
        .collect();
    let mut unsure = Vec::new();
    for (goes, stays) in &people {
        let same = queries::same_number(tx, (goes, stays))?;
        let n = queries::count_by_name_only(tx, (stays, &since, same))?;
        if n > 0 {
            let who = name_of(tx, stays)?;
            unsure.push(Unsure { code: "rows", who, what: n.to_string() });
        }
    }
    let writer = Writer::new(tx, merge.id, true)?;
    let mut back = Back { writer, people, changes, unsure, now };
    back.later_stays(&since)?;
    let mut homes: BTreeSet<String> = BTreeSet::new();
    for change in back.changes.clone().iter().rev() {
        match change.what.as_str() {
            "stay" => back.stay(change)?,
            "status" => back.status(change)?,
            "person" => back.person(change)?,
            _ => back.household(change)?,
        }
    }
    back.later_statuses(&since)?;
    back.settle()?;
    homes.append(&mut back.writer.households);
    homes.extend([merge.goes_home.clone(), merge.stays_home.clone()]);
    let unsure = back.unsure;
    queries::end_pairs(tx, merge.id)?;
    point_again(tx, merge.id)?;
    touch(tx, &homes)?;
    Ok(Undone { unsure })
}

fn name_of(tx: &mut Tx, person: &str) -> Result<String> {
    Ok(queries::find_person(tx, person)?.and_then(|row| text(&row, "name")).unwrap_or_default())
}

impl Back<'_> {
    fn say(&mut self, code: &'static str, person: &str, what: impl ToString) -> Result<()> {
        let who = name_of(self.writer.tx, person)?;
        self.unsure.push(Unsure { code, who, what: what.to_string() });
        Ok(())
    }

    /// The home that was open after the merge was that of the one who goes: what follows it is that person's life.
    fn line_of(&self, goes: &str, stays: &str) -> bool {
        self.changes.iter().filter(|change| change.what == "stay").any(|change| {
            let open = text(&change.after, "valid_to").is_none();
            let own = text(&change.after, "person_id").as_deref() == Some(stays);
            let from = change.origin.as_deref().and_then(|key| key.split('|').nth(1));
            open && own && from == Some(goes)
        })
    }

    /// Stays that began after the merge follow the home from which they began.
    fn later_stays(&mut self, since: &str) -> Result<()> {
        for (goes, stays) in self.people.clone() {
            let known = |row: &StayRow, changes: &[Changed]| {
                changes.iter().any(|change| change.what == "stay" && change.key == row.key())
            };
            let rows = queries::stays_of_person(self.writer.tx, &stays)?;
            let later: Vec<StayRow> = rows
                .into_iter()
                .filter(|row| {
                    row.recorded_at.as_str() > since && row.lasts() && !known(row, &self.changes)
                })
                .collect();
            let follows = self.line_of(&goes, &stays);
            for row in later {
                let whose = if follows { &goes } else { &stays };
                self.say("stay", whose, &row.valid_from)?;
                if follows {
                    let theirs = StayRow { person_id: goes.clone(), ..row.clone() };
                    self.writer.stay(&theirs, Some(row.key()))?;
                    self.writer.stay(&row.set_aside(&self.now), None)?;
                }
            }
        }
        Ok(())
    }

    fn stay(&mut self, change: &Changed) -> Result<()> {
        let row = |json: &Json| serde_json::from_value::<StayRow>(json.clone()).or_fault("a stay");
        let after = row(&change.after)?;
        let before = change.before.as_ref().map(row).transpose()?;
        let Some(current) = queries::find_stay(self.writer.tx, &change.key)? else { return Ok(()) };
        let as_before =
            |current: &StayRow| before.clone().unwrap_or_else(|| current.set_aside(&self.now));
        if current == after {
            let restored = as_before(&current);
            return self.writer.stay(&restored, None);
        }
        let origin = match &change.origin {
            Some(key) if after.is_open() => queries::find_stay(self.writer.tx, key)?,
            _ => None,
        };
        let Some(origin) = origin else {
            return self.say("stay_kept", &after.person_id, &after.valid_from);
        };
        // the end that was written meanwhile is the end of the stay that goes back
        let ended = StayRow {
            valid_to: current.valid_to.clone(),
            how_out: current.how_out.clone(),
            ended_at: current.ended_at.clone(),
            ended_by: current.ended_by.clone(),
            ..origin
        };
        let restored = as_before(&current);
        self.writer.stay(&ended, None)?;
        self.writer.stay(&restored, None)?;
        let day = current.valid_to.unwrap_or_default();
        self.say("stay_ended", &ended.person_id, day)
    }

    fn status(&mut self, change: &Changed) -> Result<()> {
        let Some(current) = queries::find_status(self.writer.tx, &change.key)? else {
            return Ok(());
        };
        let restored = change.before.clone().unwrap_or_else(|| set_aside(&current, &self.now));
        if current == change.after {
            return self.writer.status(restored, None);
        }
        let origin = match &change.origin {
            Some(key) => queries::find_status(self.writer.tx, key)?,
            None => None,
        };
        let whose = text(&current, "person_id").unwrap_or_default();
        let day = text(&current, "valid_to").unwrap_or_default();
        if let Some(mut origin) = origin {
            for name in ["valid_to", "ended_at", "ended_by"] {
                set(&mut origin, [(name, current.get(name).cloned().unwrap_or(Json::Null))]);
            }
            let person = text(&origin, "person_id").unwrap_or_default();
            self.writer.status(origin, None)?;
            self.writer.status(restored, None)?;
            return self.say("status_ended", &person, day);
        }
        self.say("status_kept", &whose, day)
    }

    /// Field by field: what nobody has changed since is as it was.
    fn person(&mut self, change: &Changed) -> Result<()> {
        let Some(mut current) = queries::find_person(self.writer.tx, &change.key)? else {
            return Ok(());
        };
        let Some(before) = &change.before else { return Ok(()) };
        let of = |row: &Json, name: &str| row.get(name).cloned().unwrap_or(Json::Null);
        let goes = self
            .people
            .iter()
            .find(|(_, stays)| *stays == change.key)
            .map(|(goes, _)| goes.clone());
        for name in ["name", "name_key", "sex", "birth_day", "died_on", "id_state"] {
            if of(&current, name) == of(&change.after, name) {
                set(&mut current, [(name, of(before, name))]);
                continue;
            }
            let day = text(&current, "died_on").unwrap_or_default();
            let follows =
                goes.as_ref().filter(|goes| name == "died_on" && self.line_of(goes, &change.key));
            if let Some(goes) = follows.cloned() {
                if let Some(mut theirs) = queries::find_person(self.writer.tx, &goes)? {
                    set(&mut theirs, [("died_on", of(&current, "died_on"))]);
                    self.writer.person(&goes, theirs)?;
                }
                set(&mut current, [("died_on", of(before, "died_on"))]);
                self.say("death", &goes, day)?;
            } else if name == "died_on" {
                self.say("death", &change.key, day)?;
            } else if name != "name_key" {
                self.say("field", &change.key, text(&current, name).unwrap_or_default())?;
            }
        }
        self.writer.person(&change.key, current)
    }

    fn household(&mut self, change: &Changed) -> Result<()> {
        let Some(mut current) = queries::find_household(self.writer.tx, &change.key)? else {
            return Ok(());
        };
        let Some(before) = &change.before else { return Ok(()) };
        for name in ["closed_on", "head_id"] {
            if current.get(name) == change.after.get(name) {
                set(&mut current, [(name, before.get(name).cloned().unwrap_or(Json::Null))]);
            }
        }
        self.writer.household(&change.key, current)
    }

    /// Statuses that came after the merge stay with the one to whom they were given, where that one lives now.
    fn later_statuses(&mut self, since: &str) -> Result<()> {
        for (_, stays) in self.people.clone() {
            let rows = queries::statuses_of_person(self.writer.tx, &stays)?;
            let Some(home) = queries::last_home(self.writer.tx, &stays)? else { continue };
            for row in rows {
                let known = self.changes.iter().any(|change| {
                    change.what == "status" && change.key == super::carry::status_key(&row)
                });
                let open = text(&row, "valid_to").is_none();
                if known || !open || text(&row, "recorded_at").as_deref() <= Some(since) {
                    continue;
                }
                self.say("status", &stays, text(&row, "valid_from").unwrap_or_default())?;
                if text(&row, "household_id").as_ref() != Some(&home) {
                    self.writer.move_status(&row, (&home, Some(&stays)))?;
                }
            }
        }
        Ok(())
    }

    /// A household into which somebody goes back stands again, and has a head.
    fn settle(&mut self) -> Result<()> {
        for home in self.writer.households.clone() {
            let rows = queries::stays_in(self.writer.tx, &home)?;
            let Some(mut after) = queries::find_household(self.writer.tx, &home)? else { continue };
            let open: Vec<&StayRow> = rows.iter().filter(|row| row.is_open()).collect();
            let closed = text(&after, "closed_on").is_some();
            if let Some(first) = open.first() {
                let head = open.iter().find(|row| row.kin == "head");
                if head.is_none() {
                    self.say("head", &first.person_id, "")?;
                    self.writer
                        .stay(&StayRow { kin: "head".to_owned(), ..(*first).clone() }, None)?;
                }
                if closed {
                    let day = text(&after, "closed_on").unwrap_or_default();
                    self.say("reopened", &first.person_id, day)?;
                }
                let head = head.unwrap_or(first).person_id.clone();
                set(&mut after, [("closed_on", Json::Null), ("head_id", json!(head))]);
            } else if !closed {
                let last = rows
                    .iter()
                    .filter(|row| row.lasts())
                    .filter_map(|row| row.valid_to.clone())
                    .max();
                let first = rows.iter().map(|row| row.valid_from.clone()).min();
                set(&mut after, [("closed_on", json!(last.or(first)))]);
            }
            self.writer.household(&home, after)?;
        }
        Ok(())
    }
}
