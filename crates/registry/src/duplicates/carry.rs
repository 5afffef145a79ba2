//! A merge carried out inside a transaction: every row that it writes over is kept as it was, so that it can be undone and
//! what was known before can still be read. What departments delivered is not touched: reading follows the pair.

use std::collections::{BTreeMap, BTreeSet};

use kernel::error::{Error, OrFault, Refusal, Result};
use kernel::ids::MergeId;
use serde_json::{Value as Json, json};
use store::Tx;

use super::actions::{Chosen, Pair, touch};
use super::model::{Joining, StayRow, join_stays};
use super::queries::{self, Changed, Kind};
use crate::households::Household;

/// Writes rows and remembers what they were.
pub(super) struct Writer<'t> {
    pub(super) tx: &'t mut Tx,
    id: MergeId,
    seq: i64,
    undoes: bool,
    pub(super) households: BTreeSet<String>,
}

impl<'t> Writer<'t> {
    pub(super) fn new(tx: &'t mut Tx, id: MergeId, undoes: bool) -> Result<Self> {
        let seq = queries::count_changes(tx, id)?;
        Ok(Self { tx, id, seq, undoes, households: BTreeSet::new() })
    }

    fn note(&mut self, change: &Changed) -> Result<()> {
        if change.before.as_ref() == Some(&change.after) {
            return Ok(());
        }
        queries::insert_change(self.tx, (self.id, self.seq, self.undoes), change)?;
        self.seq += 1;
        Ok(())
    }

    pub(super) fn stay(&mut self, after: &StayRow, origin: Option<String>) -> Result<()> {
        let before = queries::find_stay(self.tx, &after.key())?;
        queries::write_stay(self.tx, after)?;
        self.households.insert(after.household_id.clone());
        let json = |row: &StayRow| serde_json::to_value(row).or_fault("a stay");
        let before = before.as_ref().map(json).transpose()?;
        self.note(&Changed {
            what: "stay".into(),
            key: after.key(),
            origin,
            before,
            after: json(after)?,
        })
    }

    pub(super) fn status(&mut self, after: Json, origin: Option<String>) -> Result<()> {
        let key = status_key(&after);
        let before = queries::find_status(self.tx, &key)?;
        queries::write_status(self.tx, &after)?;
        self.households.extend(text(&after, "household_id"));
        self.note(&Changed { what: "status".into(), key, origin, before, after })
    }

    pub(super) fn person(&mut self, id: &str, after: Json) -> Result<()> {
        let before = queries::find_person(self.tx, id)?;
        queries::write_person(self.tx, id, &after)?;
        self.note(&Changed { what: "person".into(), key: id.into(), origin: None, before, after })
    }

    pub(super) fn household(&mut self, id: &str, after: Json) -> Result<()> {
        let before = queries::find_household(self.tx, id)?;
        queries::write_household(self.tx, id, &after)?;
        self.households.insert(id.to_owned());
        self.note(&Changed {
            what: "household".into(),
            key: id.into(),
            origin: None,
            before,
            after,
        })
    }

    /// Moves a status into another household: the row there takes its place, the one here holds on no day.
    pub(super) fn move_status(
        &mut self,
        row: &Json,
        (home, person): (&str, Option<&str>),
    ) -> Result<()> {
        let now = self.tx.now().to_string();
        let mut copy = row.clone();
        let seq = queries::next_status(self.tx, home)?;
        let ended = row.get("ended_at").cloned().unwrap_or(Json::Null);
        let fields = [
            ("household_id", json!(home)),
            ("seq", json!(seq)),
            ("person_id", json!(person)),
            ("recorded_at", json!(now)),
            ("ended_at", if ended.is_null() { ended } else { json!(now) }),
        ];
        set(&mut copy, fields);
        self.status(copy, Some(status_key(row)))?;
        self.status(set_aside(row, &now), None)
    }
}

pub(super) fn text(row: &Json, name: &str) -> Option<String> {
    crate::people::text_at(row, name)
}

pub(super) fn set<const N: usize>(row: &mut Json, fields: [(&str, Json); N]) {
    if let Some(map) = row.as_object_mut() {
        map.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    }
}

pub(super) fn status_key(row: &Json) -> String {
    let seq = row.get("seq").and_then(Json::as_i64).unwrap_or_default();
    format!("{}|{seq}", text(row, "household_id").unwrap_or_default())
}

/// A status that holds on no day.
pub(super) fn set_aside(row: &Json, now: &str) -> Json {
    let mut aside = row.clone();
    let from = row.get("valid_from").cloned().unwrap_or(Json::Null);
    set(&mut aside, [("valid_to", from), ("ended_at", json!(now)), ("ended_by", Json::Null)]);
    aside
}

fn lasts(row: &Json) -> bool {
    text(row, "valid_to").is_none_or(|to| Some(to) > text(row, "valid_from"))
}

/// Carries a merge out.
///
/// # Errors
/// A household of several people that would have no head; people of the pair that are not there; what the database refuses.
pub(super) fn carry_out(
    tx: &mut Tx,
    id: MergeId,
    (pair, chosen): (&Pair, &Chosen),
    (goes, stays): &(Household, Household),
) -> Result<()> {
    let mut writer = Writer::new(tx, id, false)?;
    writer.households.extend([goes.id.to_string(), stays.id.to_string()]);
    match pair.kind {
        Kind::Person => {
            let whose = Whose { renamed: None, goes_first: chosen.home_of_goes };
            one_person(&mut writer, (&pair.goes, &pair.stays), whose)?;
            describe(&mut writer, (&pair.goes, &pair.stays), chosen.name_of_goes)?;
            queries::insert_pair(writer.tx, id, (Kind::Person, &pair.goes, &pair.stays))?;
        }
        Kind::Household => one_household(&mut writer, (id, pair), chosen)?,
    }
    settle(&mut writer)?;
    let households = std::mem::take(&mut writer.households);
    point_again(tx, id)?;
    touch(tx, &households)
}

/// After pairs changed: who is held to be whom, and by which texts they are found.
pub(super) fn point_again(tx: &mut Tx, id: MergeId) -> Result<()> {
    let mut people: BTreeSet<String> = BTreeSet::new();
    let mut households: BTreeSet<String> = BTreeSet::new();
    for (kind, goes, stays) in queries::pairs_of(tx, id)? {
        match kind {
            Kind::Person => people.extend([goes, stays]),
            Kind::Household => households.extend([goes, stays]),
        }
    }
    let mut names = Vec::new();
    for person in &people {
        names.extend(queries::names_under(tx, person)?);
    }
    queries::point(tx, Kind::Person, &people)?;
    queries::point(tx, Kind::Household, &households)?;
    let mut found: BTreeSet<String> = people;
    for home in &households {
        let rows = queries::stays_in(tx, home)?;
        found.extend(rows.into_iter().map(|row| row.person_id));
    }
    for person in &found {
        queries::write_search_keys(tx, person, &names)?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Whose<'a> {
    renamed: Option<(&'a str, &'a str)>,
    goes_first: bool,
}

fn one_person(
    writer: &mut Writer<'_>,
    (goes, stays): (&str, &str),
    whose: Whose<'_>,
) -> Result<()> {
    let mine = queries::stays_of_person(writer.tx, stays)?;
    let theirs =
        if goes == stays { Vec::new() } else { queries::stays_of_person(writer.tx, goes)? };
    let now = writer.tx.now().to_string();
    let joining =
        Joining { stays, renamed: whose.renamed, goes_first: whose.goes_first, now: &now };
    let edits = join_stays(joining, &mine, &theirs);
    for edit in &edits {
        writer.stay(&edit.after, edit.origin.clone())?;
    }
    let home = queries::last_home(writer.tx, stays)?;
    let Some(home) = home else { return Ok(()) };
    let own = queries::statuses_of_person(writer.tx, stays)?;
    let open = |row: &Json| text(row, "valid_to").is_none();
    let same = |a: &Json, b: &Json| {
        ["scheme", "value"].iter().all(|name| text(a, name) == text(b, name)) && open(a) == open(b)
    };
    for row in
        own.iter().filter(|row| open(row) && text(row, "household_id").as_ref() != Some(&home))
    {
        writer.move_status(row, (&home, Some(stays)))?;
    }
    let theirs =
        if goes == stays { Vec::new() } else { queries::statuses_of_person(writer.tx, goes)? };
    for row in theirs.iter().filter(|row| lasts(row)) {
        if own.iter().any(|known| lasts(known) && same(known, row)) {
            let aside = set_aside(row, &now);
            writer.status(aside, None)?;
        } else {
            let there = text(row, "household_id").filter(|_| !open(row));
            writer.move_status(row, (&there.unwrap_or_else(|| home.clone()), Some(stays)))?;
        }
    }
    Ok(())
}

/// The name that was chosen; what only the other record knows; the number counts as used once when nobody else has it.
fn describe(
    writer: &mut Writer<'_>,
    (goes, stays): (&str, &str),
    name_of_goes: bool,
) -> Result<()> {
    let missing = |id: &str| Error::fault(format!("person {id} is gone"));
    let other = queries::find_person(writer.tx, goes)?.ok_or_else(|| missing(goes))?;
    let mut own = queries::find_person(writer.tx, stays)?.ok_or_else(|| missing(stays))?;
    let of = |row: &Json, name: &str| row.get(name).cloned().unwrap_or(Json::Null);
    if name_of_goes {
        set(&mut own, [("name", of(&other, "name")), ("name_key", of(&other, "name_key"))]);
    }
    for name in ["sex", "birth_day", "died_on"] {
        if of(&own, name).is_null() {
            set(&mut own, [(name, of(&other, name))]);
        }
    }
    if text(&own, "id_state").as_deref() == Some("twice")
        && !queries::number_is_twice(writer.tx, (stays, goes))?
    {
        set(&mut own, [("id_state", json!("ok"))]);
    }
    writer.person(stays, own)
}

fn one_household(
    writer: &mut Writer<'_>,
    (id, pair): (MergeId, &Pair),
    chosen: &Chosen,
) -> Result<()> {
    let there = queries::stays_in(writer.tx, &pair.goes)?;
    let here = queries::stays_in(writer.tx, &pair.stays)?;
    let member = |rows: &[StayRow], id: &str| rows.iter().any(|row| row.person_id == id);
    let mut same: BTreeMap<&str, &str> = BTreeMap::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (goes, stays) in &chosen.same {
        let known = member(&there, goes) && member(&here, stays) && goes != stays;
        if !known || !taken.insert(stays) || same.insert(goes, stays).is_some() {
            return Err(Refusal::invalid("duplicates.not_a_pair").into());
        }
    }
    let renamed = Some((pair.goes.as_str(), pair.stays.as_str()));
    let people: BTreeSet<&str> =
        there.iter().filter(|row| row.lasts()).map(|row| row.person_id.as_str()).collect();
    let headed = here.iter().any(|row| row.is_open() && row.kin == "head");
    for person in people {
        let stays = same.get(person).copied().unwrap_or(person);
        let whose = Whose { renamed, goes_first: false };
        one_person(writer, (person, stays), whose)?;
        if stays != person {
            describe(writer, (person, stays), false)?;
            queries::insert_pair(writer.tx, id, (Kind::Person, person, stays))?;
        } else if headed {
            // a household has one head: that of the number that stays
            for row in queries::stays_of_person(writer.tx, person)? {
                if row.household_id == pair.stays && row.is_open() && row.kin == "head" {
                    let origin =
                        Some(StayRow { household_id: pair.goes.clone(), ..row.clone() }.key());
                    writer.stay(&StayRow { kin: "other".to_owned(), ..row }, origin)?;
                }
            }
        }
    }
    let own = queries::statuses_of_household(writer.tx, &pair.stays)?;
    for row in queries::statuses_of_household(writer.tx, &pair.goes)? {
        if !own.iter().any(|known| text(known, "scheme") == text(&row, "scheme")) {
            writer.move_status(&row, (&pair.stays, None))?;
        }
    }
    let first = there.iter().filter(|row| row.lasts()).map(|row| row.valid_from.clone()).min();
    let mut after = queries::find_household(writer.tx, &pair.goes)?
        .ok_or_else(|| Error::fault("a household is gone"))?;
    let first = first.unwrap_or_else(|| writer.tx.today().to_string());
    set(&mut after, [("closed_on", json!(first))]);
    writer.household(&pair.goes, after)?;
    queries::insert_pair(writer.tx, id, (Kind::Household, &pair.goes, &pair.stays))
}

/// Brings the households that were written into order: one in which nobody is left stands no more, and where several live
/// there is a head.
fn settle(writer: &mut Writer<'_>) -> Result<()> {
    for home in writer.households.clone() {
        let rows = queries::stays_in(writer.tx, &home)?;
        let Some(mut after) = queries::find_household(writer.tx, &home)? else { continue };
        if text(&after, "closed_on").is_some() {
            continue;
        }
        let open: Vec<&StayRow> = rows.iter().filter(|row| row.is_open()).collect();
        if let Some(head) = open.iter().find(|row| row.kin == "head") {
            set(&mut after, [("head_id", json!(head.person_id))]);
        } else if !open.is_empty() {
            return Err(Refusal::invalid("duplicates.head_needed")
                .field("home", "duplicates.head_needed")
                .into());
        } else {
            let last =
                rows.iter().filter(|row| row.lasts()).filter_map(|row| row.valid_to.clone()).max();
            let first = rows.iter().map(|row| row.valid_from.clone()).min();
            set(&mut after, [("closed_on", json!(last.or(first)))]);
        }
        writer.household(&home, after)?;
    }
    Ok(())
}
