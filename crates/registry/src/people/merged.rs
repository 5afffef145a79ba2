//! Queries of who is held to be whom: people and households that were recorded twice and merged, until that is undone.
//!
//! What was delivered keeps the number under which it came. Whoever reads follows the pairs that stood at the instant of
//! which is asked, so that undoing a merge is exact and what was known earlier can still be told.

use std::collections::{BTreeSet, HashMap};

use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use store::{Session, params};

/// Later than every instant.
pub const EVER: &str = "9";

/// The pairs that stood at an instant, and what rows were then that anything has written over since.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    people: HashMap<PersonId, PersonId>,
    households: HashMap<HouseholdId, HouseholdId>,
    stays: HashMap<String, StayThen>,
    statuses: HashMap<String, StatusThen>,
    persons: HashMap<String, PersonThen>,
    closed: HashMap<String, Option<String>>,
}

const PAIRS: &str = "select kind, goes_id, stays_id from merge_pairs
     where at <= $1 and (undone_at is null or undone_at > $1)";

// Of the states that a row has had since the instant the oldest is the one that stood then. Everything that writes leaves
// one (`store/src/kept.rs`), so a change by hand between a merge and its undoing is not taken for something known before.
macro_rules! kept {
    ($columns:literal, $table:literal, $same:literal) => {
        concat!(
            "select ",
            $columns,
            " from ",
            $table,
            "_kept k where k.until > $1
             and not exists (select 1 from ",
            $table,
            "_kept x where x.until > $1 and x.until < k.until and ",
            $same,
            ")"
        )
    };
}

const STAYS: &str = kept!(
    "k.household_id, k.person_id, k.valid_from, k.valid_to, k.how_in, k.how_out, k.kin, k.recorded_at, k.ended_at",
    "memberships",
    "x.household_id = k.household_id and x.person_id = k.person_id and x.valid_from = k.valid_from"
);

const STATUSES: &str = kept!(
    "k.household_id, k.seq, k.valid_to, k.ended_at",
    "statuses",
    "x.household_id = k.household_id and x.seq = k.seq"
);

const PERSONS: &str =
    kept!("k.id, k.sex, k.birth_day, k.died_on, k.id_state", "persons", "x.id = k.id");

const HOUSEHOLDS: &str = kept!("k.id, k.closed_on", "households", "x.id = k.id");

/// Longer chains of merges than that are a circle.
const DEEPEST: usize = 32;

fn root<T: Copy + Eq + std::hash::Hash>(pairs: &HashMap<T, T>, id: T) -> T {
    let mut now = id;
    for _ in 0..DEEPEST {
        match pairs.get(&now) {
            Some(next) => now = *next,
            None => break,
        }
    }
    now
}

impl Merged {
    /// The pairs that stood at the instant `known`, a text; [`EVER`] for now.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn load(session: &mut Session, known: &str) -> Result<Self> {
        let mut found = Self::pairs(session, known)?;
        if known != EVER {
            found.load_kept(session, known)?;
        }
        Ok(found)
    }

    /// The pairs alone.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn pairs(session: &mut Session, known: &str) -> Result<Self> {
        let mut found = Self::default();
        session.each(PAIRS, params![known], |row| {
            if row.text(0)? == "person" {
                found.people.insert(row.parse(1)?, row.parse(2)?);
            } else {
                found.households.insert(row.parse(1)?, row.parse(2)?);
            }
            Ok(true)
        })?;
        Ok(found)
    }

    fn load_kept(&mut self, session: &mut Session, known: &str) -> Result<()> {
        session.each(STAYS, params![known], |row| {
            let key = stay_key(row.str(0)?, row.str(1)?, row.str(2)?);
            let then = StayThen {
                to: row.opt_text(3)?,
                how_in: row.text(4)?,
                how_out: row.opt_text(5)?,
                kin: row.text(6)?,
                recorded_at: row.text(7)?,
                ended_at: row.opt_text(8)?,
            };
            self.stays.insert(key, then);
            Ok(true)
        })?;
        session.each(STATUSES, params![known], |row| {
            let then = StatusThen { to: row.opt_text(2)?, ended_at: row.opt_text(3)? };
            self.statuses.insert(status_key(row.str(0)?, row.int(1)?), then);
            Ok(true)
        })?;
        session.each(PERSONS, params![known], |row| {
            let then = PersonThen {
                sex: row.opt_text(1)?,
                birth_day: row.opt_parse(2)?,
                died_on: row.opt_parse(3)?,
                id_state: row.text(4)?,
            };
            self.persons.insert(row.text(0)?, then);
            Ok(true)
        })?;
        session.each(HOUSEHOLDS, params![known], |row| {
            self.closed.insert(row.text(0)?, row.opt_text(1)?);
            Ok(true)
        })
    }

    /// Who the person is held to be.
    #[must_use]
    pub fn person(&self, id: PersonId) -> PersonId {
        root(&self.people, id)
    }

    /// Which household this one is held to be.
    #[must_use]
    pub fn household(&self, id: HouseholdId) -> HouseholdId {
        root(&self.households, id)
    }

    /// The households that are held to be this one.
    pub fn merged_into(&self, id: HouseholdId) -> impl Iterator<Item = HouseholdId> + '_ {
        self.households.keys().copied().filter(move |goes| self.household(*goes) == id)
    }

    /// Everybody who goes by another's number or by whose number another goes.
    #[must_use]
    pub fn people(&self) -> BTreeSet<PersonId> {
        self.people.iter().flat_map(|(goes, stays)| [*goes, *stays]).collect()
    }

    /// The household goes by another's number.
    #[must_use]
    pub fn goes(&self, id: HouseholdId) -> bool {
        self.households.contains_key(&id)
    }

    /// How a stay was then, by household, person and first day, if anything has written over it since.
    #[must_use]
    pub fn stay_then(&self, (household, person, from): (&str, &str, &str)) -> Option<&StayThen> {
        if self.stays.is_empty() {
            return None;
        }
        self.stays.get(&stay_key(household, person, from))
    }

    /// How a status was then, by household and number, if anything has written over it since.
    #[must_use]
    pub fn status_then(&self, (household, seq): (&str, i64)) -> Option<&StatusThen> {
        if self.statuses.is_empty() {
            return None;
        }
        self.statuses.get(&status_key(household, seq))
    }

    /// How a person was then, if anything has written over it since.
    #[must_use]
    pub fn person_then(&self, person: &str) -> Option<&PersonThen> {
        self.persons.get(person)
    }

    /// The day on which a household was said then to stand no more, if anything has written over it since.
    #[must_use]
    pub fn closed_then(&self, household: &str) -> Option<Option<&str>> {
        self.closed.get(household).map(Option::as_deref)
    }
}

/// A stay as it was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayThen {
    /// The first day on which it no longer holds.
    pub to: Option<String>,
    /// How it began.
    pub how_in: String,
    /// How it ended.
    pub how_out: Option<String>,
    /// The relation to the head.
    pub kin: String,
    /// When it was written down.
    pub recorded_at: String,
    /// When its end was written down.
    pub ended_at: Option<String>,
}

/// A status as it was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusThen {
    /// The first day on which it no longer holds.
    pub to: Option<String>,
    /// When its end was written down.
    pub ended_at: Option<String>,
}

/// A person as known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonThen {
    /// Sex.
    pub sex: Option<String>,
    /// Birth.
    pub birth_day: Option<Day>,
    /// Death.
    pub died_on: Option<Day>,
    /// What is known of the identity number.
    pub id_state: String,
}

fn status_key(household: &str, seq: i64) -> String {
    format!("{household}|{seq}")
}

/// The key of a stay in `merge_changes`.
#[must_use]
pub fn stay_key(household: &str, person: &str, from: &str) -> String {
    format!("{household}|{person}|{from}")
}

/// A text of a row that is kept as JSON.
#[must_use]
pub fn text_at(row: &serde_json::Value, name: &str) -> Option<String> {
    row.get(name).and_then(serde_json::Value::as_str).map(str::to_owned)
}
