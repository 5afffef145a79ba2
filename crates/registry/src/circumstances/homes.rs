//! Queries that tell in which household a record of a person counts, once the person has lived in more than one.
//!
//! A bill, a loss, a grant or a house counts where the person lived on its day: that household bore or got it, and when
//! the person sets up an own household it stays there. What is so of the person (school, work, health, insurance, a loan,
//! a vehicle) goes with the person. A household that joined another hands what it bore on to that one. So nothing counts
//! twice and nothing is lost, on any day; and what was delivered is never rewritten. A person or household that is held to
//! be another one is followed here in the same way.

use std::collections::{BTreeSet, HashMap};

use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use serde_json::json;
use store::{Row, Session, params};

use super::shares::{Divisions, Gone, divisions};
use super::topics::Topic;
use crate::people::{Merged, StayThen};

/// One stay of somebody who has lived in more than one household.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stay {
    household: HouseholdId,
    from: Day,
    to: Option<Day>,
    joined_by_merge: bool,
    left_by_merge: bool,
    joined_by_split: bool,
    /// Set aside because the same stay is told under another number: it only says where records lie.
    aside: bool,
}

/// The stays of those people of some households who have lived in another one too.
#[derive(Clone, Debug, Default)]
pub(crate) struct Homes {
    stays: HashMap<PersonId, Vec<Stay>>,
    divided: Divisions,
    merged: Merged,
}

/// What is asked about a record: whose, about what, of which day, and the household that it was delivered for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) person: Option<PersonId>,
    pub(crate) topic: Topic,
    pub(crate) on: Day,
    pub(crate) household: HouseholdId,
}

macro_rules! stays {
    ($whose:literal) => {
        concat!(
            "select m.person_id, m.household_id, m.valid_from,
                case when m.ended_by = $2 then null else m.valid_to end,
                m.how_in, m.how_out, m.recorded_at, m.ended_at
             from memberships m where ",
            $whose,
            " and (m.batch_id is null or m.batch_id <> $2)
              order by m.person_id, m.valid_from, m.household_id"
        )
    };
}

/// The stays of everybody in the households of `$1` who has lived elsewhere too; those that the batch `$2` began are left
/// out and those that it ended go on.
const STAYS: &str = stays!(
    "m.person_id in (select a.person_id from memberships a
             join memberships b on b.person_id = a.person_id and b.household_id <> a.household_id
             where a.household_id in (select value from json_each($1)))"
);

/// The stays of some people.
const STAYS_OF: &str = stays!("m.person_id in (select value from json_each($1))");

/// Those of the people `$2` who have lived in households of `$1`.
const AMONG: &str =
    "select distinct person_id from memberships where household_id in (select value from json_each($1))
       and person_id in (select value from json_each($2))";

impl Homes {
    /// The homes of the people of some households, and of everybody in the households in which these people lived, as they
    /// were known until the instant `known` and as they will be without the batch `ends`.
    pub(crate) fn load(
        session: &mut Session,
        households: &[String],
        (known, ends): (&str, &str),
    ) -> Result<Self> {
        let mut within: BTreeSet<String> = households.iter().cloned().collect();
        let merged = Merged::load(session, known)?;
        loop {
            let list = json!(within).to_string();
            let mut homes = Self { merged: merged.clone(), ..Self::default() };
            homes.load_once(session, &list, (known, ends))?;
            let before = within.len();
            within.extend(homes.households().iter().map(ToString::to_string));
            if within.len() == before {
                homes.divided = divisions(session, &homes.gone(), (known, ends))?;
                return Ok(homes);
            }
        }
    }

    fn load_once(
        &mut self,
        session: &mut Session,
        households: &str,
        (known, ends): (&str, &str),
    ) -> Result<()> {
        let mut seen = BTreeSet::new();
        session.each(STAYS, params![households, ends], |row| {
            seen.insert(row.parse::<PersonId>(0)?);
            self.keep(&row, known)?;
            Ok(true)
        })?;
        let merged = self.merged.people();
        if merged.is_empty() {
            return Ok(());
        }
        let mut roots = BTreeSet::new();
        for row in session.rows(AMONG, params![households, json!(merged).to_string()])? {
            roots.insert(self.merged.person(row.parse(0)?));
        }
        let same = merged.into_iter().filter(|id| roots.contains(&self.merged.person(*id)));
        let same: Vec<PersonId> = same.filter(|id| !seen.contains(id)).collect();
        session.each(STAYS_OF, params![json!(same).to_string(), ends], |row| {
            self.keep(&row, known)?;
            Ok(true)
        })
    }

    fn keep(&mut self, row: &Row, known: &str) -> Result<()> {
        let (person, household, from) = (row.text(0)?, row.text(1)?, row.text(2)?);
        let then = match self.merged.stay_then((&household, &person, &from)) {
            Some(then) => then.clone(),
            None => StayThen {
                to: row.opt_text(3)?,
                how_in: row.text(4)?,
                how_out: row.opt_text(5)?,
                kin: String::new(),
                recorded_at: row.text(6)?,
                ended_at: row.opt_text(7)?,
            },
        };
        if then.recorded_at.as_str() > known {
            return Ok(());
        }
        let ended_later = then.ended_at.is_some_and(|ended| ended.as_str() > known);
        let to = then.to.filter(|_| !ended_later);
        let corrected = to.is_some() && then.how_out.as_deref() == Some("correction");
        let to: Option<Day> = to.map(|day| day.parse()).transpose()?;
        let from: Day = row.parse(2)?;
        let stay = Stay {
            household: row.parse(1)?,
            from,
            joined_by_merge: then.how_in == "merge",
            joined_by_split: then.how_in == "split",
            left_by_merge: to.is_some() && then.how_out.as_deref() == Some("merge"),
            aside: corrected && to == Some(from),
            to,
        };
        let person = self.merged.person(row.parse(0)?);
        self.stays.entry(person).or_default().push(stay);
        Ok(())
    }

    /// Who the person is held to be.
    pub(crate) fn person(&self, id: PersonId) -> PersonId {
        self.merged.person(id)
    }

    /// The household is held to be another one.
    pub(crate) fn goes(&self, household: HouseholdId) -> bool {
        self.merged.goes(household)
    }

    /// What has been written over since the instant that is asked for.
    pub(crate) fn merged(&self) -> &Merged {
        &self.merged
    }

    /// Who went from which household to which by a split.
    fn gone(&self) -> Vec<Gone> {
        let mut gone = Vec::new();
        for (person, stays) in &self.stays {
            for new in stays.iter().filter(|stay| stay.joined_by_split && !stay.aside) {
                let before = stays.iter().find(|stay| {
                    stay.to == Some(new.from)
                        && stay.from < new.from
                        && !stay.aside
                        && stay.household != new.household
                });
                gone.extend(before.map(|old| (old.household, new.from, new.household, *person)));
            }
        }
        gone
    }

    pub(super) fn divisions(&self) -> &Divisions {
        &self.divided
    }

    /// Nobody has lived anywhere else.
    pub(crate) fn is_empty(&self) -> bool {
        self.stays.is_empty()
    }

    /// Every household in which these people live or lived, in order.
    pub(crate) fn households(&self) -> BTreeSet<HouseholdId> {
        self.stays.values().flatten().map(|stay| stay.household).collect()
    }

    /// Every household in which somebody lives or lived.
    pub(crate) fn households_of(&self, person: PersonId) -> BTreeSet<HouseholdId> {
        let stays = self.stays.get(&self.merged.person(person));
        stays.into_iter().flatten().map(|stay| stay.household).collect()
    }

    /// Where somebody lived on a day: the stay of the day; after the last one still that household; before the first one
    /// that household already, because nothing older is known. `None` for those who have known one household only.
    pub(crate) fn on(&self, person: PersonId, day: Day) -> Option<HouseholdId> {
        let stays = self.stays.get(&self.merged.person(person))?;
        let lasted = |stay: &&Stay| stay.to.is_none_or(|to| to > stay.from);
        let begun = stays.iter().filter(lasted).filter(|stay| stay.from <= day);
        let latest = begun.max_by_key(|stay| (stay.to.is_none_or(|to| to > day), stay.from));
        let first = stays.iter().filter(lasted).min_by_key(|stay| stay.from);
        latest.or(first).or(stays.first()).map(|stay| stay.household)
    }

    /// The household that took over what this one bore, because all of it joined that one until the day; else itself.
    pub(crate) fn heir(&self, household: HouseholdId, day: Day) -> HouseholdId {
        let mut now = household;
        let mut been = BTreeSet::from([household]);
        while let Some((next, _)) = self.joined(now, day).filter(|(next, _)| been.insert(*next)) {
            now = next;
        }
        now
    }

    /// The household that all of this one joined until the day, and when.
    pub(super) fn joined(&self, household: HouseholdId, day: Day) -> Option<(HouseholdId, Day)> {
        let same = self.merged.household(household);
        if same != household {
            return Some((same, Day::MIN));
        }
        self.stays.values().find_map(|stays| {
            let stays = || stays.iter().filter(|stay| !stay.aside);
            let left = stays().find(|stay| {
                stay.household == household && stay.left_by_merge && stay.to <= Some(day)
            })?;
            let next = stays().find(|stay| {
                stay.joined_by_merge && Some(stay.from) == left.to && stay.household != household
            });
            next.map(|stay| (stay.household, stay.from))
        })
    }

    /// The household in which a record counts on a day.
    pub(crate) fn household_of(&self, asked: Asked, day: Day) -> HouseholdId {
        match asked.person {
            Some(person) if asked.topic.stays_behind() => {
                self.heir(self.on(person, asked.on).unwrap_or(asked.household), day)
            }
            Some(person) => {
                self.on(person, day).unwrap_or_else(|| self.merged.household(asked.household))
            }
            None if asked.topic.stays_behind() => self.heir(asked.household, day),
            None => self.merged.household(asked.household),
        }
    }
}

#[cfg(test)]
impl Homes {
    /// Households that were divided, and nothing else.
    pub(super) fn divided(divided: Divisions) -> Self {
        Self { divided, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn id<T: std::str::FromStr>(number: u8) -> T
    where
        T::Err: std::fmt::Debug,
    {
        format!("{number:032x}").parse().unwrap()
    }

    fn stay(household: u8, from: &str, to: Option<&str>, merged: (bool, bool)) -> Stay {
        Stay {
            household: id(household),
            from: day(from),
            to: to.map(day),
            joined_by_merge: merged.0,
            left_by_merge: merged.1,
            joined_by_split: false,
            aside: false,
        }
    }

    fn asked(topic: Topic, on: &str) -> Asked {
        Asked { person: Some(id(9)), topic, on: day(on), household: id(1) }
    }

    #[test]
    fn a_bill_stays_where_the_person_lived_and_the_loan_goes_along() {
        let stays = vec![
            stay(1, "2026-01-01", Some("2026-06-01"), (false, false)),
            stay(2, "2026-06-01", None, (false, false)),
        ];
        let homes = Homes { stays: HashMap::from([(id(9), stays)]), ..Homes::default() };
        let at = |topic, on, as_of| homes.household_of(asked(topic, on), day(as_of));
        assert_eq!(at(Topic::HospitalStay, "2026-05-31", "2026-10-31"), id(1));
        assert_eq!(at(Topic::HospitalStay, "2026-06-01", "2026-10-31"), id(2));
        assert_eq!(at(Topic::HospitalStay, "2025-12-01", "2026-10-31"), id(1));
        assert_eq!(at(Topic::LoanState, "2026-05-31", "2026-05-31"), id(1));
        assert_eq!(at(Topic::LoanState, "2026-05-31", "2026-06-01"), id(2));
        let stranger = Asked { person: Some(id(8)), ..asked(Topic::LoanState, "2026-05-31") };
        assert_eq!(homes.household_of(stranger, day("2026-10-31")), id(1));
    }

    #[test]
    fn a_household_that_joined_another_hands_on_what_it_bore() {
        let stays = vec![
            stay(1, "2026-01-01", Some("2026-06-01"), (false, true)),
            stay(2, "2026-06-01", Some("2026-08-01"), (true, true)),
            stay(3, "2026-08-01", None, (true, false)),
        ];
        let homes = Homes { stays: HashMap::from([(id(9), stays)]), ..Homes::default() };
        let at = |as_of| homes.household_of(asked(Topic::DisasterLoss, "2026-03-01"), day(as_of));
        assert_eq!(at("2026-05-31"), id(1));
        assert_eq!(at("2026-06-01"), id(2));
        assert_eq!(at("2026-10-31"), id(3));
        let of_nobody = Asked { person: None, ..asked(Topic::Complaint, "2026-03-01") };
        assert_eq!(homes.household_of(of_nobody, day("2026-10-31")), id(3));
        let house = Asked { person: None, ..asked(Topic::RegisterHousehold, "2026-01-01") };
        assert_eq!(homes.household_of(house, day("2026-10-31")), id(1));
    }
}
