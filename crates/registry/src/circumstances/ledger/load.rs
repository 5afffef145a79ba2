//! Everything recorded about some households, ready for the derivation.

use std::collections::{HashMap, HashSet};

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::ids::HouseholdId;
use kernel::time::Day;
use store::{Row, Session};

use super::{View, hear, queries};
use crate::circumstances::facts::{
    Acted, HouseholdRecords, Income, Member, Origin, Record, Status, Windows,
};
use crate::circumstances::homes::{Asked, Homes};
use crate::circumstances::topics::Topic;
use crate::people::{Merged, StayThen};

/// A household that stands on the day, with its records.
pub(super) struct Loaded {
    pub(super) village: AreaCode,
    /// The day on which it stops standing, if one is set.
    pub(super) closes: Option<Day>,
    pub(super) records: HouseholdRecords,
}

/// The households among `ids` that stand on the view's day, in the order of `ids`. Who loads many knows which batches count.
pub(super) fn households(
    session: &mut Session,
    ids: &[String],
    (view, counting): (&View, Option<&queries::Counting>),
) -> Result<Vec<Loaded>> {
    let list = queries::listed(ids);
    let homes = Homes::load(session, ids, (&view.known, &view.ends()))?;
    let (mut found, at) = standing(session, (ids, &list), (view, homes.merged()))?;
    members(session, &list, (view, homes.merged()), &mut |id, member| {
        if let Some(one) = place(&mut found, &at, id) {
            one.members.push(member);
        }
    })?;
    queries::statuses(session, &list, view, &mut |row| {
        if let Some(one) = place(&mut found, &at, row.str(0)?) {
            one.statuses.extend(status(&row, (view, homes.merged()))?);
        }
        Ok(true)
    })?;
    for (id, acted) in hear::acted(session, ids, view)? {
        if let Some(one) = place(&mut found, &at, &id) {
            one.acted = acted;
        }
    }
    let elsewhere = homes.households().into_iter().map(|id| id.to_string());
    let asked: HashSet<&String> = ids.iter().collect();
    let beside = queries::listed(elsewhere.filter(|id| !asked.contains(id)));
    let mut followed: Vec<(String, Income)> = Vec::new();
    for list in if homes.is_empty() { vec![&list] } else { vec![&list, &beside] } {
        queries::records(session, list, (view, counting), &mut |row| {
            if homes.is_empty() {
                if let Some(one) = place(&mut found, &at, row.str(0)?) {
                    one.records.push(record(row, &homes)?);
                }
                return Ok(true);
            }
            for (home, own) in homes_of(&homes, &row, view.day)? {
                if let Some(one) = place(&mut found, &at, &home) {
                    let records = if own { &mut one.records } else { &mut one.elsewhere };
                    records.push(record(row.clone(), &homes)?);
                }
            }
            Ok(true)
        })?;
        let since = Windows::ending(view.day).before;
        queries::incomes(session, list, (view, counting, since), &mut |row| {
            let entry = income(&row)?;
            if homes.is_empty() {
                if let Some(one) = place(&mut found, &at, row.str(0)?) {
                    one.incomes.push(entry);
                }
                return Ok(true);
            }
            let delivered_for = row.text(0)?;
            let goes = homes.goes(delivered_for.parse().map_err(Error::from)?);
            for (home, amount_fen) in shares_of(&homes, &delivered_for, (&entry, view.day))? {
                if goes {
                    followed.push((home, Income { amount_fen, ..entry }));
                } else if let Some(one) = place(&mut found, &at, &home) {
                    one.incomes.push(Income { amount_fen, ..entry });
                }
            }
            Ok(true)
        })?;
    }
    for (home, entry) in followed {
        // the same household under two numbers: what both were given for one line and day is one amount
        if let Some(one) = place(&mut found, &at, &home)
            && !one.incomes.iter().any(|own| (own.line, own.to_day) == (entry.line, entry.to_day))
        {
            one.incomes.push(entry);
        }
    }
    // the same order, whichever households were loaded together
    for one in &mut found {
        one.records.records.sort_by_key(|record| record.origin);
        one.records.elsewhere.sort_by_key(|record| record.origin);
        if !homes.is_empty() {
            one.records.incomes.sort_by_key(|entry| (entry.to_day, entry.line, entry.origin));
        }
    }
    Ok(found)
}

/// The households that hear of a record, and whether it counts there. A bill is heard where the person lives now too,
/// because it is the person's own; what was put right about a person is heard wherever the person lived.
fn homes_of(homes: &Homes, row: &Row, day: Day) -> Result<Vec<(String, bool)>> {
    let delivered_for = row.text(0)?;
    let topic = topic_of(row)?;
    let person = if row.text(3)? == "person" { Some(row.parse(4)?) } else { None };
    if let Some(person) = person.filter(|_| topic == Topic::Correction) {
        let mut heard = homes.households_of(person);
        heard.insert(delivered_for.parse().map_err(Error::from)?);
        return Ok(heard.into_iter().map(|home| (home.to_string(), true)).collect());
    }
    let household = delivered_for.parse().map_err(Error::from)?;
    let counts = homes.household_of(Asked { person, topic, on: row.parse(6)?, household }, day);
    let mut heard = vec![(counts.to_string(), true)];
    let now = person.and_then(|person| homes.on(person, day));
    if let Some(now) = now.filter(|now| topic == Topic::HospitalStay && *now != counts) {
        heard.push((now.to_string(), false));
    }
    Ok(heard)
}

/// Who has what of an income on a day.
fn shares_of(
    homes: &Homes,
    household: &str,
    (entry, day): (&Income, Day),
) -> Result<Vec<(String, i64)>> {
    let household = household.parse().map_err(Error::from)?;
    let shares = homes.shares(household, entry.amount_fen, (entry.to_day, day));
    Ok(shares.into_iter().map(|(home, fen)| (home.to_string(), fen)).collect())
}

fn place<'f>(
    found: &'f mut [Loaded],
    at: &HashMap<String, usize>,
    id: &str,
) -> Option<&'f mut HouseholdRecords> {
    let index = at.get(id)?;
    found.get_mut(*index).map(|one| &mut one.records)
}

fn standing(
    session: &mut Session,
    (ids, list): (&[String], &str),
    (view, merged): (&View, &Merged),
) -> Result<(Vec<Loaded>, HashMap<String, usize>)> {
    let mut there: HashMap<String, (AreaCode, Option<Day>)> = HashMap::with_capacity(ids.len());
    queries::households(session, list, view, &mut |row| {
        let Some(village) = row.opt_parse(1)? else { return Ok(true) };
        let mut closes: Option<Day> = row.opt_parse(2)?;
        if let Some(then) = merged.closed_then(row.str(0)?) {
            closes = then.map(str::parse).transpose()?;
        }
        let opened: Option<Day> = row.opt_parse(3)?;
        let stands =
            closes.is_none_or(|day| day > view.day) && opened.is_none_or(|day| day <= view.day);
        if stands {
            there.insert(row.text(0)?, (village, closes));
        }
        Ok(true)
    })?;
    let mut found = Vec::with_capacity(there.len());
    let mut at = HashMap::with_capacity(there.len());
    for id in ids {
        let Some((village, closes)) = there.remove(id) else { continue };
        at.insert(id.clone(), found.len());
        let household: HouseholdId = id.parse().map_err(Error::from)?;
        let records = HouseholdRecords {
            household,
            members: Vec::new(),
            statuses: Vec::new(),
            records: Vec::new(),
            elsewhere: Vec::new(),
            incomes: Vec::new(),
            acted: Acted::default(),
        };
        found.push(Loaded { village, closes, records });
    }
    Ok((found, at))
}

fn members(
    session: &mut Session,
    list: &str,
    (view, merged): (&View, &Merged),
    keep: &mut dyn FnMut(&str, Member),
) -> Result<()> {
    queries::members(session, list, view, &mut |row| {
        let (household, person) = (row.str(0)?, row.str(1)?);
        let then = match merged.stay_then((household, person, row.str(7)?)) {
            Some(then) => then.clone(),
            None => StayThen {
                to: row.opt_text(9)?,
                how_in: row.text(8)?,
                how_out: row.opt_text(10)?,
                kin: row.text(2)?,
                recorded_at: row.text(11)?,
                ended_at: row.opt_text(12)?,
            },
        };
        if then.recorded_at > view.known {
            return Ok(true);
        }
        let ended_later = then.ended_at.is_some_and(|ended| ended > view.known);
        let valid_from: Day = row.parse(7)?;
        let to = then.to.filter(|_| !ended_later);
        let valid_to: Option<Day> = to.map(|day| day.parse()).transpose()?;
        let how_out = then.how_out.filter(|_| !ended_later);
        if valid_to == Some(valid_from) && how_out.as_deref() == Some("correction") {
            return Ok(true);
        }
        let mut member = Member {
            person: row.parse(1)?,
            kin: then.kin,
            sex: row.opt_text(3)?,
            birth_day: row.opt_parse(4)?,
            // a death that was not known yet
            died_on: row.opt_parse(5)?.filter(|_| !ended_later),
            id_state: row.text(6)?,
            valid_from,
            how_in: then.how_in,
            valid_to,
            how_out,
        };
        if let Some(then) = merged.person_then(person).cloned() {
            (member.sex, member.id_state) = (then.sex, then.id_state);
            (member.birth_day, member.died_on) = (then.birth_day, then.died_on);
        }
        keep(household, member);
        Ok(true)
    })
}

fn status(row: &Row, (view, merged): (&View, &Merged)) -> Result<Option<Status>> {
    let (mut to, mut ended): (Option<String>, _) = (row.opt_text(7)?, row.opt_text(9)?);
    if let Some(then) = merged.status_then((row.str(0)?, row.int(10)?)) {
        (to, ended) = (then.to.clone(), then.ended_at.clone());
    }
    let ended_later = ended.is_some_and(|ended| ended > view.known);
    Ok(Some(Status {
        origin: origin(row)?,
        person: row.opt_parse(3)?,
        scheme: row.text(4)?,
        value: row.text(5)?,
        valid_from: row.parse(6)?,
        valid_to: to.filter(|_| !ended_later).map(|day| day.parse()).transpose()?,
        from_register: row.flag(8)?,
    }))
}

fn origin(row: &Row) -> Result<Origin> {
    Ok(Origin { batch: row.parse(1)?, row: row.int(2)? })
}

fn topic_of(row: &Row) -> Result<Topic> {
    let topic = row.str(5)?;
    Topic::parse(topic)
        .ok_or_else(|| Error::fault(format!("a record has the unknown topic {topic}")))
}

fn record(mut row: Row, homes: &Homes) -> Result<Record> {
    Ok(Record {
        origin: origin(&row)?,
        person: match row.str(3)? {
            "person" => Some(homes.person(row.parse(4)?)),
            _ => None,
        },
        topic: topic_of(&row)?,
        valid_from: row.parse(6)?,
        valid_to: row.opt_parse(7)?,
        recorded_at: row.parse(8)?,
        body: row.take_text(9)?,
    })
}

fn income(row: &Row) -> Result<Income> {
    let line = row.str(3)?;
    Ok(Income {
        origin: origin(row)?,
        line: line
            .as_bytes()
            .try_into()
            .map_err(|_| Error::fault(format!("an income has the unknown line {line}")))?,
        to_day: row.parse(4)?,
        amount_fen: row.int(5)?,
    })
}

/// The records of a village itself.
pub(super) fn village_records(
    session: &mut Session,
    village: AreaCode,
    view: &View,
) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    queries::village_records(session, village, view, &mut |row| {
        found.push(record(row, &Homes::default())?);
        Ok(true)
    })?;
    Ok(found)
}
