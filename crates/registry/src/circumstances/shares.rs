//! Queries and arithmetic of shares: who has which part of an income that was earned before a household was divided.
//!
//! Incomes are delivered by household and name nobody. What was earned while people lived together was theirs together: once
//! they live apart each part keeps the share of its people, by heads. So the sum stays the same, nothing counts twice, and
//! on the day of the split nobody has become richer or poorer per head. A household that joined another hands its part on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use serde_json::json;
use store::{Session, params};

use super::homes::Homes;

/// A household that was divided on a day: how many lived there, and how many of them went where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Division {
    pub(super) all: i64,
    pub(super) went: BTreeMap<HouseholdId, i64>,
}

/// The divisions of each household, by day.
pub(super) type Divisions = BTreeMap<HouseholdId, BTreeMap<Day, Division>>;

/// Where somebody went from which household, on which day.
pub(super) type Gone = (HouseholdId, Day, HouseholdId, PersonId);

/// The stays in households of `$1`; those that the batch `$2` began are left out and those that it ended go on.
const LIVED: &str =
    "select m.household_id, m.person_id, m.valid_from, case when m.ended_by = $2 then null else m.valid_to end,
        m.recorded_at, m.ended_at
     from memberships m where m.household_id in (select value from json_each($1))
       and (m.batch_id is null or m.batch_id <> $2)";

/// Counts who lived in a household when some of them went.
pub(super) fn divisions(
    session: &mut Session,
    gone: &[Gone],
    (known, ends): (&str, &str),
) -> Result<Divisions> {
    let mut divided = Divisions::new();
    if gone.is_empty() {
        return Ok(divided);
    }
    let from: BTreeSet<String> = gone.iter().map(|(from, ..)| from.to_string()).collect();
    let mut lived: HashMap<HouseholdId, Vec<(PersonId, Day, Option<Day>)>> = HashMap::new();
    session.each(LIVED, params![json!(from).to_string(), ends], |row| {
        if row.text(4)?.as_str() > known {
            return Ok(true);
        }
        let ended_later = row.opt_text(5)?.is_some_and(|ended| ended.as_str() > known);
        let to: Option<Day> = row.opt_parse(3)?.filter(|_| !ended_later);
        lived.entry(row.parse(0)?).or_default().push((row.parse(1)?, row.parse(2)?, to));
        Ok(true)
    })?;
    for (from, on, to, _) in gone {
        let division = divided.entry(*from).or_default().entry(*on).or_default();
        *division.went.entry(*to).or_default() += 1;
        let before = |stay: &&(PersonId, Day, Option<Day>)| {
            stay.1 < *on && stay.2.is_none_or(|to| to >= *on)
        };
        let people: BTreeSet<PersonId> =
            lived.get(from).into_iter().flatten().filter(before).map(|stay| stay.0).collect();
        division.all = i64::try_from(people.len()).unwrap_or(i64::MAX);
    }
    Ok(divided)
}

/// The part of `amount` that `some` of `all` have.
fn part(amount: i64, some: i64, all: i64) -> i64 {
    if all <= 0 {
        return 0;
    }
    let share = i128::from(amount) * i128::from(some.min(all)) / i128::from(all);
    i64::try_from(share).unwrap_or(0)
}

/// Longer chains of splits and merges than that are a circle.
const DEEPEST: usize = 24;

impl Homes {
    /// Who has what, on the day `until`, of an amount that a household earned up to the day `earned`.
    pub(crate) fn shares(
        &self,
        household: HouseholdId,
        amount: i64,
        (earned, until): (Day, Day),
    ) -> BTreeMap<HouseholdId, i64> {
        let mut found = BTreeMap::new();
        self.spread((household, amount), (earned, until), DEEPEST, &mut found);
        found
    }

    fn spread(
        &self,
        (household, amount): (HouseholdId, i64),
        (after, until): (Day, Day),
        deeper: usize,
        found: &mut BTreeMap<HouseholdId, i64>,
    ) {
        let Some(deeper) = deeper.checked_sub(1) else {
            *found.entry(household).or_default() += amount;
            return;
        };
        let mut left = amount;
        let days = self.divisions().get(&household).into_iter().flatten();
        for (on, division) in days.filter(|(on, _)| **on > after && **on <= until) {
            let before = left;
            for (to, some) in &division.went {
                let share = part(before, *some, division.all);
                left -= share;
                self.spread((*to, share), (*on, until), deeper, found);
            }
        }
        match self.joined(household, until) {
            Some((next, on)) => {
                self.spread((next, left), (on.max(after), until), deeper, found);
            }
            None => *found.entry(household).or_default() += left,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(offset: i64) -> Day {
        "2026-01-01".parse::<Day>().unwrap().add_days(offset)
    }

    fn house(number: u8) -> HouseholdId {
        format!("{number:032x}").parse().unwrap()
    }

    fn divided(from: u8, on: i64, all: i64, went: &[(u8, i64)]) -> Divisions {
        let went = went.iter().map(|(to, some)| (house(*to), *some)).collect();
        BTreeMap::from([(house(from), BTreeMap::from([(day(on), Division { all, went })]))])
    }

    #[test]
    fn what_was_earned_together_is_shared_by_heads_and_what_came_later_is_not() {
        let homes = Homes::divided(divided(1, 100, 3, &[(2, 1)]));
        let of = |earned, until| homes.shares(house(1), 1_000, (day(earned), day(until)));
        assert_eq!(of(50, 99), BTreeMap::from([(house(1), 1_000)]), "they still live together");
        assert_eq!(of(50, 100), BTreeMap::from([(house(1), 667), (house(2), 333)]));
        assert_eq!(of(100, 200), BTreeMap::from([(house(1), 1_000)]), "earned after the split");
    }

    #[test]
    fn a_part_that_is_divided_again_is_shared_again() {
        let mut all = divided(1, 100, 4, &[(2, 2), (3, 1)]);
        all.extend(divided(2, 120, 2, &[(4, 1)]));
        let homes = Homes::divided(all);
        let shares = homes.shares(house(1), 4_000, (day(0), day(150)));
        let each = [1_u8, 2, 3, 4].map(|number| (house(number), 1_000));
        assert_eq!(shares, BTreeMap::from(each));
    }

    proptest! {
        /// However households are divided, and divided again, the sum is the whole amount, costs too.
        #[test]
        fn nothing_is_lost_and_nothing_counts_twice(
            amount in -1_000_000_i64..1_000_000,
            splits in prop::collection::vec((1_u8..6, 1_i64..50, 1_i64..6, 1_i64..6), 0..6),
            earned in 0_i64..40,
        ) {
            let mut all = Divisions::new();
            for (at, (from, on, some, more)) in splits.iter().enumerate() {
                let to = house(10 + u8::try_from(at).unwrap());
                let division = Division { all: some + more, went: BTreeMap::from([(to, *some)]) };
                all.entry(house(*from)).or_default().insert(day(*on), division);
            }
            let homes = Homes::divided(all);
            let shares = homes.shares(house(1), amount, (day(earned), day(60)));
            prop_assert_eq!(shares.values().sum::<i64>(), amount);
        }
    }
}
