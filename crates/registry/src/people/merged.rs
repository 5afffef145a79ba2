//! Queries of who is held to be whom: people and households that were recorded twice and merged, until that is undone.
//!
//! What was delivered keeps the number under which it came. Whoever reads follows the pairs that stood at the instant of
//! which is asked, so that undoing a merge is exact and what was known earlier can still be told.

use std::collections::{BTreeSet, HashMap};

use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use store::{Session, params};

/// Later than every instant.
pub const EVER: &str = "9";

/// The pairs that stood at an instant, and the rows that merges have written over since then.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    people: HashMap<PersonId, PersonId>,
    households: HashMap<HouseholdId, HouseholdId>,
    before: HashMap<(String, String), Option<serde_json::Value>>,
}

const PAIRS: &str = "select kind, goes_id, stays_id from merge_pairs
     where at <= $1 and (undone_at is null or undone_at > $1)";

const CHANGES: &str =
    "select what, row_key, before from merge_changes where at > $1 order by at, merge_id, seq";

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
        let mut found = Self::default();
        session.each(PAIRS, params![known], |row| {
            if row.text(0)? == "person" {
                found.people.insert(row.parse(1)?, row.parse(2)?);
            } else {
                found.households.insert(row.parse(1)?, row.parse(2)?);
            }
            Ok(true)
        })?;
        if known != EVER {
            session.each(CHANGES, params![known], |row| {
                let before = row.opt_text(2)?.and_then(|text| serde_json::from_str(&text).ok());
                found.before.entry((row.text(0)?, row.text(1)?)).or_insert(before);
                Ok(true)
            })?;
        }
        Ok(found)
    }

    /// Nobody is held to be somebody else, and no merge has written anything since.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.households.is_empty() && self.before.is_empty()
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

    /// How a row was before merges wrote over it, if they did since the instant: `Some(None)` when it was not there.
    #[must_use]
    pub fn before(&self, what: &str, key: impl Into<String>) -> Option<Option<&serde_json::Value>> {
        if self.before.is_empty() {
            return None;
        }
        self.before.get(&(what.to_owned(), key.into())).map(Option::as_ref)
    }

    /// How a stay was before, by household, person and first day.
    #[must_use]
    pub fn stay_before(
        &self,
        (household, person, from): (&str, &str, &str),
    ) -> Option<Option<StayThen>> {
        if self.before.is_empty() {
            return None;
        }
        let found = self.before("stay", stay_key(household, person, from))?;
        Some(found.map(|row| StayThen {
            to: text_at(row, "valid_to"),
            how_in: text_at(row, "how_in").unwrap_or_default(),
            how_out: text_at(row, "how_out"),
            kin: text_at(row, "kin").unwrap_or_default(),
            recorded_at: text_at(row, "recorded_at").unwrap_or_default(),
            ended_at: text_at(row, "ended_at"),
        }))
    }
}

/// A stay as it was known before a merge wrote over it.
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
