//! Two records of one person: which of their stays are told under the number that stays, worked out as rows before and
//! after. Pure; the queries write it down, and undoing a merge reads it back.

use serde::{Deserialize, Serialize};

/// A stay as it stands in its table. Days and instants are texts, which sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayRow {
    /// The household.
    pub household_id: String,
    /// The person.
    pub person_id: String,
    /// First day.
    pub valid_from: String,
    /// The first day on which it no longer holds.
    pub valid_to: Option<String>,
    /// Relation to the head.
    pub kin: String,
    /// How it began.
    pub how_in: String,
    /// How it ended.
    pub how_out: Option<String>,
    /// In the household book.
    pub hukou: i64,
    /// Shares income and spending.
    pub shares_budget: i64,
    /// Actually lives there.
    pub resident: i64,
    /// When it was written down.
    pub recorded_at: String,
    /// When its end was written down.
    pub ended_at: Option<String>,
    /// The batch that began it.
    pub batch_id: Option<String>,
    /// The batch that ended it.
    pub ended_by: Option<String>,
}

impl StayRow {
    /// It holds on some day.
    #[must_use]
    pub fn lasts(&self) -> bool {
        self.valid_to.as_ref().is_none_or(|to| *to > self.valid_from)
    }

    /// It holds and no end is known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.valid_to.is_none()
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> String {
        crate::people::stay_key(&self.household_id, &self.person_id, &self.valid_from)
    }

    /// The same row, holding on no day.
    #[must_use]
    pub fn set_aside(&self, now: &str) -> Self {
        Self {
            valid_to: Some(self.valid_from.clone()),
            how_out: Some("correction".to_owned()),
            ended_at: Some(now.to_owned()),
            ended_by: None,
            ..self.clone()
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        let before = |to: &Option<String>, from: &String| to.as_ref().is_some_and(|to| to <= from);
        !before(&self.valid_to, &other.valid_from) && !before(&other.valid_to, &self.valid_from)
    }
}

/// A row that is written over, or written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StayEdit {
    /// How it stood; nothing: there was no such row.
    pub before: Option<StayRow>,
    /// How it stands.
    pub after: StayRow,
    /// The key of the row whose place it takes.
    pub origin: Option<String>,
}

/// What is merged: the number that stays, the household that is renamed with it, and whose home is kept where both are
/// said to have lived at one time.
#[derive(Clone, Copy, Debug)]
pub struct Joining<'a> {
    /// The person who stays.
    pub stays: &'a str,
    /// A household that is held to be another one: from, to.
    pub renamed: Option<(&'a str, &'a str)>,
    /// Where the two contradict, the stays of the one that goes are kept.
    pub goes_first: bool,
    /// The instant.
    pub now: &'a str,
}

/// The parts of `stay` on which none of `taken` holds.
fn free(stay: &StayRow, taken: &[StayRow], now: &str) -> Vec<StayRow> {
    let mut pieces = vec![stay.clone()];
    for other in taken {
        let mut next = Vec::new();
        for piece in pieces {
            if !piece.overlaps(other) {
                next.push(piece);
                continue;
            }
            if piece.valid_from < other.valid_from {
                next.push(StayRow {
                    valid_to: Some(other.valid_from.clone()),
                    how_out: Some("correction".to_owned()),
                    ended_at: Some(now.to_owned()),
                    ended_by: None,
                    ..piece.clone()
                });
            }
            if let Some(to) = &other.valid_to
                && piece.valid_to.as_ref().is_none_or(|end| end > to)
            {
                next.push(StayRow {
                    valid_from: to.clone(),
                    how_in: "correction".to_owned(),
                    ..piece
                });
            }
        }
        pieces = next;
    }
    pieces
}

/// Works out how the stays of two numbers become those of one person: nobody lives in two households on a day, and no day
/// on which somebody was known to live somewhere is lost.
#[must_use]
pub fn join_stays(joining: Joining<'_>, mine: &[StayRow], theirs: &[StayRow]) -> Vec<StayEdit> {
    let Joining { stays, renamed, goes_first, now } = joining;
    let house = |id: &str| match renamed {
        Some((from, to)) if from == id => to.to_owned(),
        _ => id.to_owned(),
    };
    let live = |rows: &[StayRow]| -> Vec<StayRow> {
        rows.iter().filter(|row| row.lasts()).cloned().collect()
    };
    let (mine_live, theirs_live) = (live(mine), live(theirs));
    // the row as it shall stand, with the key of the one it stands for
    let told = |row: &StayRow, source: &StayRow| {
        (
            StayRow {
                household_id: house(&row.household_id),
                person_id: stays.to_owned(),
                ..row.clone()
            },
            source.key(),
        )
    };
    let (first, second) = match goes_first {
        true => (&theirs_live, &mine_live),
        false => (&mine_live, &theirs_live),
    };
    let mut target: Vec<(StayRow, String)> = first.iter().map(|row| told(row, row)).collect();
    for row in second {
        target.extend(free(row, first, now).iter().map(|piece| told(piece, row)));
    }
    let (mut edits, mut unchanged) = (Vec::<StayEdit>::new(), Vec::<String>::new());
    for (row, source) in target {
        let before = mine.iter().find(|own| own.key() == row.key()).cloned();
        if before.as_ref() == Some(&row) {
            unchanged.push(row.key());
            continue;
        }
        let own = before.as_ref().is_some_and(|own| own.key() == source);
        let recorded_at = if own { row.recorded_at.clone() } else { now.to_owned() };
        let ended_at = match (own, &row.valid_to) {
            (true, _) => row.ended_at.clone(),
            (false, Some(_)) => Some(now.to_owned()),
            (false, None) => None,
        };
        let after = StayRow { recorded_at, ended_at, ..row };
        let origin = (!own).then_some(source);
        edits.push(StayEdit { before, after, origin });
    }
    let told_of = |row: &StayRow| {
        unchanged.contains(&row.key()) || edits.iter().any(|edit| edit.after.key() == row.key())
    };
    let aside: Vec<StayRow> =
        mine_live.iter().chain(&theirs_live).filter(|row| !told_of(row)).cloned().collect();
    edits.extend(aside.into_iter().map(|row| {
        let after = row.set_aside(now);
        StayEdit { before: Some(row), after, origin: None }
    }));
    edits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(person: &str, household: &str, from: u32, to: Option<u32>) -> StayRow {
        let day = |n: u32| format!("2026-01-{n:02}");
        StayRow {
            household_id: household.into(),
            person_id: person.into(),
            valid_from: day(from),
            valid_to: to.map(day),
            kin: "son".into(),
            how_in: "register".into(),
            how_out: to.map(|_| "left".into()),
            hukou: 1,
            shares_budget: 1,
            resident: 1,
            recorded_at: "a".into(),
            ended_at: to.map(|_| "b".into()),
            batch_id: None,
            ended_by: None,
        }
    }

    fn written(rows: &[StayRow], edits: &[StayEdit]) -> Vec<StayRow> {
        let mut all: Vec<StayRow> = rows.to_vec();
        for edit in edits {
            let found = all.iter().position(|row| row.key() == edit.after.key());
            assert_eq!(
                found.map(|at| all[at].clone()),
                edit.before,
                "what was there is remembered"
            );
            match found {
                Some(at) => all[at] = edit.after.clone(),
                None => all.push(edit.after.clone()),
            }
        }
        all
    }

    fn joining(goes_first: bool) -> Joining<'static> {
        Joining { stays: "a", renamed: None, goes_first, now: "z" }
    }

    #[test]
    fn twice_in_one_household_is_one_stay() {
        let (mine, theirs) = ([row("a", "1", 1, None)], [row("b", "1", 1, None)]);
        let edits = join_stays(joining(false), &mine, &theirs);
        assert_eq!(edits.len(), 1);
        assert_eq!(edits[0].after, theirs[0].set_aside("z"));
        assert_eq!(join_stays(joining(true), &mine, &theirs), edits, "whichever is said to count");
    }

    #[test]
    fn the_home_that_is_kept_takes_over_and_what_came_before_stays() {
        let (mine, theirs) = ([row("a", "1", 1, None)], [row("b", "2", 10, None)]);
        let all =
            written(&[&mine[..], &theirs].concat(), &join_stays(joining(true), &mine, &theirs));
        let held: Vec<_> = all.iter().filter(|row| row.lasts()).collect();
        assert_eq!(held.len(), 2);
        assert_eq!(
            (held[0].household_id.as_str(), held[0].valid_to.as_deref()),
            ("1", Some("2026-01-10"))
        );
        assert_eq!((held[1].household_id.as_str(), held[1].person_id.as_str()), ("2", "a"));
        let kept = join_stays(joining(false), &mine, &theirs);
        assert_eq!(kept.len(), 1, "the other is only set aside: {kept:?}");
    }

    #[test]
    fn a_household_that_goes_takes_its_people_along() {
        let renamed = Joining { renamed: Some(("2", "1")), ..joining(false) };
        let edits = join_stays(renamed, &[row("a", "2", 3, None)], &[]);
        let all = written(&[row("a", "2", 3, None)], &edits);
        let held: Vec<_> = all.iter().filter(|row| row.lasts()).collect();
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].household_id, "1");
    }

    proptest! {
        /// Whatever two numbers were told about, one person lives in at most one household a day, on every day on which
        /// either was known to live somewhere, and where the one that comes first has a word it stands.
        #[test]
        fn one_home_a_day_and_no_day_is_lost(
            spans in prop::collection::vec((0_u8..2, 1_u8..4, 1_u32..28, 1_u32..8, any::<bool>()), 0..8),
            goes_first in any::<bool>(),
        ) {
            let mut rows: Vec<StayRow> = Vec::new();
            for (who, household, from, length, open) in spans {
                let to = (!open).then_some(from + length);
                let new = row(["a", "b"][usize::from(who)], &household.to_string(), from, to);
                if !rows.iter().any(|old| old.person_id == new.person_id && old.overlaps(&new)) {
                    rows.push(new);
                }
            }
            let of = |who: &str| -> Vec<StayRow> {
                rows.iter().filter(|row| row.person_id == who).cloned().collect()
            };
            let (mine, theirs) = (of("a"), of("b"));
            let edits = join_stays(joining(goes_first), &mine, &theirs);
            let after = written(&[&mine[..], &theirs].concat(), &edits);
            let first = if goes_first { &theirs } else { &mine };
            for day in 1..40 {
                let day = format!("2026-01-{day:02}");
                let on = |rows: &[StayRow]| -> Vec<String> {
                    let there = rows.iter().filter(|row| row.lasts() && row.valid_from <= day
                        && row.valid_to.as_ref().is_none_or(|to| *to > day));
                    there.map(|row| row.household_id.clone()).collect()
                };
                let now = on(&after);
                prop_assert!(now.len() <= 1, "{day}: {now:?}");
                prop_assert_eq!(now.is_empty(), on(&mine).is_empty() && on(&theirs).is_empty());
                let word = on(first);
                if !word.is_empty() {
                    prop_assert_eq!(now, word);
                }
            }
            prop_assert!(after.iter().all(|row| row.person_id == "a" || !row.lasts()));
        }
    }
}
