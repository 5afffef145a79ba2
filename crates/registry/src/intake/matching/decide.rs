//! The decision: numbers first, then what stands beside them, then the name in its place.
//!
//! Thresholds, and why they are where they are:
//! - A right number of the register with the same name decides. A name that differs by ear or in one of three
//!   characters still does, unless somebody else around bears exactly that name: then it is a relative's number.
//! - A number that is right by its own check character and stands nowhere in the register means a stranger: the check
//!   catches every single slip, so the number was not mistyped. Only where the register's own number for that name is
//!   doubtful, or birth and name agree, is it asked.
//! - A number with one slip, or of which fifteen digits are left, decides together with the same name: two people of one
//!   name whose numbers are one slip apart do not occur in a county.
//! - A name alone decides only if it is the only one in its village (or in its town where the list names no village)
//!   and nothing in the row says otherwise.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::index::{Key, Member, RegisterIndex};
use super::names::{self, Likeness};
use super::number::Shown;
use super::places::{Certainty, Place, Places};
use super::reasons::{Decision, Reason};
use super::weigh::{self, Column, Holder};
use crate::intake::evidence::Evidence;

/// A person chooses among so many at most; more are no question that anybody could answer.
pub const MOST_CANDIDATES: usize = 8;

/// What kind of thing a list speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// People, or households by the name of their head.
    Person,
    /// Villages.
    Village,
}

/// Decides row by row. Cheap to make; keeps the places that it has already found.
pub struct Matcher<'a> {
    pub(super) index: &'a RegisterIndex,
    places: &'a Places,
    pub(super) digest: &'a dyn Fn(&str) -> Key,
    pub(super) open: &'a dyn Fn(Member) -> Option<String>,
    found: RefCell<HashMap<[Option<String>; 3], Rc<Place>>>,
}

/// What the matcher knows of one row while it decides.
pub(super) struct Row<'e> {
    pub(super) evidence: &'e Evidence,
    pub(super) name: String,
    pub(super) place: Rc<Place>,
    pub(super) phone: Option<Key>,
    /// Of the list's own column, else inside what is shown of a number.
    pub(super) birth: Option<u32>,
    pub(super) male: Option<bool>,
}

impl<'a> Matcher<'a> {
    /// `digest` turns a number, its first fifteen or a phone into the key that the index was built with; `open` gives
    /// the sealed number of one person, or nothing if it may not be opened.
    pub fn new(
        index: &'a RegisterIndex,
        places: &'a Places,
        digest: &'a dyn Fn(&str) -> Key,
        open: &'a dyn Fn(Member) -> Option<String>,
    ) -> Self {
        Self { index, places, digest, open, found: RefCell::default() }
    }

    /// Whom the row speaks of.
    pub fn decide(&self, subject: Subject, evidence: &Evidence) -> Decision {
        let place = self.place(evidence);
        if subject == Subject::Village {
            return match place.villages.as_slice() {
                [code] => Decision::Village { code: *code, by: Reason::PlaceVillage },
                [] => Decision::Rejected { reason: Reason::VillageUnknown },
                _ => Decision::Ask { candidates: Vec::new(), why: Reason::PlaceUnknown },
            };
        }
        let shown = weigh::numbers(evidence);
        let name = evidence.name.as_deref().map(names::normal).unwrap_or_default();
        let birth = evidence.birth.as_deref().and_then(weigh::day);
        let row = Row {
            evidence,
            place,
            phone: evidence
                .phone
                .as_ref()
                .and_then(weigh::phone_digits)
                .map(|phone| (self.digest)(&phone)),
            birth: birth.or_else(|| shown.iter().find_map(|(_, shown)| weigh::birth_shown(shown))),
            male: evidence.sex.as_deref().and_then(weigh::male),
            name,
        };
        if names::is_anonymous(&row.name) {
            return self.anonymous(&row);
        }
        self.by_number(&row, &shown)
            .or_else(|| self.by_near_number(&row, &shown))
            .or_else(|| self.by_register_number(&row, &shown))
            .or_else(|| self.by_phone(&row, &shown))
            .unwrap_or_else(|| self.without_number(&row, &shown))
    }

    fn place(&self, evidence: &Evidence) -> Rc<Place> {
        let key = [evidence.town.clone(), evidence.village.clone(), evidence.address.clone()];
        if let Some(place) = self.found.borrow().get(&key) {
            return Rc::clone(place);
        }
        let place =
            Rc::new(self.places.resolve(key[0].as_deref(), key[1].as_deref(), key[2].as_deref()));
        self.found.borrow_mut().insert(key, Rc::clone(&place));
        place
    }

    /// Whole numbers that the register holds.
    fn by_number(&self, row: &Row<'_>, shown: &[(Column, Shown)]) -> Option<Decision> {
        let mut other_names = Vec::new();
        let mut given: Option<(Member, Reason)> = None;
        for (column, shown) in shown {
            let (digits, repaired) = match shown {
                Shown::Whole { digits, repaired } => (digits, *repaired),
                // wrong, and registered just so
                Shown::Slip(digits) => (digits, false),
                _ => continue,
            };
            let holders = self.index.with_number((self.digest)(digits));
            let reason = match column {
                Column::Roll => Reason::RollNumber,
                Column::Certificate => Reason::Certificate,
                Column::Id if repaired => Reason::NumberRepaired,
                Column::Id => Reason::Number,
            };
            let found = match self.holder(row, &holders, reason) {
                Holder::Nobody => continue,
                Holder::This(member, by) => (member, by),
                Holder::Question(why, candidates) => {
                    other_names.push((why, candidates));
                    continue;
                }
            };
            match given {
                Some((before, _)) if before != found.0 => {
                    return Some(self.ask(row, Reason::NumbersDisagree, vec![before, found.0]));
                }
                Some(_) => {}
                None => given = Some(found),
            }
        }
        if let Some((member, by)) = given {
            return Some(match other_names.is_empty() {
                true => self.sure(member, by),
                false => self.ask(row, Reason::NumbersDisagree, vec![member]),
            });
        }
        let (why, mut candidates) = other_names.into_iter().next()?;
        candidates.extend(self.of_name_in_place(row));
        Some(self.ask(row, why, candidates))
    }

    /// Which holder of a number the name of the row means.
    pub(super) fn holder(&self, row: &Row<'_>, holders: &[Member], reason: Reason) -> Holder {
        if holders.is_empty() {
            return Holder::Nobody;
        }
        if row.name.is_empty() {
            return match holders {
                [only] => Holder::This(*only, Reason::NumberAlone),
                _ => Holder::Question(Reason::NumberTwice, holders.to_vec()),
            };
        }
        let with = |wanted: Likeness| -> Vec<Member> {
            holders
                .iter()
                .copied()
                .filter(|m| names::likeness(self.index.name(*m), &row.name) == wanted)
                .collect()
        };
        let same = with(Likeness::Same);
        match same.as_slice() {
            [only] => return Holder::This(*only, reason),
            [] => {}
            _ => return Holder::Question(Reason::NumberTwice, same),
        }
        let mut alike = with(Likeness::Sound);
        alike.extend(with(Likeness::OneCharacter));
        match alike.as_slice() {
            [only] => {
                let rivals = self.bearers_around(row, *only);
                if rivals.is_empty() {
                    Holder::This(*only, Reason::NumberNameAlike)
                } else {
                    Holder::Question(Reason::NumberOfRelative, [alike, rivals].concat())
                }
            }
            [] => match with(Likeness::Half).as_slice() {
                [only] if self.stands_by(row, *only) => {
                    Holder::This(*only, Reason::NumberNameAlike)
                }
                _ => Holder::Question(Reason::NumberOtherName, holders.to_vec()),
            },
            _ => Holder::Question(Reason::NumberTwice, alike),
        }
    }

    /// Of a name of two characters one agrees. The number is believed if the row's village, phone or birth date speaks
    /// for its holder too, and if nobody in that village bears the row's name: else it may be a brother's.
    fn stands_by(&self, row: &Row<'_>, member: Member) -> bool {
        let Some(holder) = self.index.person(member) else { return false };
        let village =
            !row.place.villages.is_empty() && row.place.fits(holder.village) == Some(true);
        let phone = row.phone.is_some_and(|phone| self.index.has_phone(member, phone));
        let born = row.evidence.birth.as_deref().and_then(weigh::day);
        let birth = born.is_some_and(|born| born == holder.birth);
        let neighbours = self.index.with_name(&row.name);
        let rival = neighbours.iter().filter_map(|m| self.index.person(*m));
        (village || phone || birth)
            && !rival.into_iter().any(|other| other.village == holder.village)
    }

    /// Those who bear exactly the row's name in the household of this member, or in the same village and were born on
    /// the same day, or, if the name does not even sound like the holder's, anywhere in the village: the row may mean
    /// them and carry somebody else's number.
    fn bearers_around(&self, row: &Row<'_>, member: Member) -> Vec<Member> {
        let Some(holder) = self.index.person(member) else { return Vec::new() };
        let by_ear = names::likeness(self.index.name(member), &row.name) == Likeness::Sound;
        self.index
            .with_name(&row.name)
            .into_iter()
            .filter(|other| {
                self.index.person(*other).is_some_and(|other| {
                    other.household == holder.household
                        || (other.village == holder.village
                            && (!by_ear || (other.birth == holder.birth && other.birth != 0)))
                })
            })
            .collect()
    }

    /// 人编号 and 户编号, each with the name.
    fn by_register_number(&self, row: &Row<'_>, shown: &[(Column, Shown)]) -> Option<Decision> {
        let person = row.evidence.person_number.as_ref().map(weigh::plain_number);
        let household = row.evidence.household_number.as_ref().map(weigh::plain_number);
        let person =
            person.map(|number| self.index.with_person_number(&number)).unwrap_or_default();
        let household =
            household.map(|number| self.index.with_household_number(&number)).unwrap_or_default();
        for (found, reason) in
            [(person, Reason::PersonNumberName), (household, Reason::HouseholdNumberName)]
        {
            if found.is_empty() || row.name.is_empty() {
                continue;
            }
            return Some(match self.holder(row, &found, reason) {
                Holder::This(member, by) if self.stranger_number(shown).is_none() => {
                    self.sure(member, if by == Reason::NumberNameAlike { reason } else { by })
                }
                Holder::This(member, _) => self.ask(row, Reason::NumberContradicts, vec![member]),
                Holder::Question(why, candidates) => self.ask(row, why, candidates),
                Holder::Nobody => continue,
            });
        }
        None
    }

    /// The phone with the name.
    fn by_phone(&self, row: &Row<'_>, shown: &[(Column, Shown)]) -> Option<Decision> {
        let holders = self.index.with_phone(row.phone?);
        let alike = |wanted: Likeness| -> Vec<Member> {
            holders
                .iter()
                .copied()
                .filter(|m| names::likeness(self.index.name(*m), &row.name) == wanted)
                .collect()
        };
        let mut same = alike(Likeness::Same);
        if same.is_empty() {
            same = alike(Likeness::Sound);
        }
        match same.as_slice() {
            [] => None,
            [only] if self.stranger_number(shown).is_some() => {
                Some(self.ask(row, Reason::NumberContradicts, vec![*only]))
            }
            [only] => Some(match self.contradiction(row, shown, *only) {
                Some(why) => self.ask(row, why, same),
                None => self.sure(*only, Reason::PhoneName),
            }),
            _ => Some(self.ask(row, Reason::SeveralOfThatName, same)),
        }
    }

    /// No number of the row leads anywhere: what do name, birth and place say, and does a number contradict them?
    fn without_number(&self, row: &Row<'_>, shown: &[(Column, Shown)]) -> Decision {
        if row.name.is_empty() {
            return self.nameless(row, shown);
        }
        if row.place.certainty == Certainty::Elsewhere && row.birth.is_none() {
            return Decision::NotHere { reason: Reason::Elsewhere };
        }
        let namesakes = self.index.with_name(&row.name);
        if let Some(number) = self.stranger_number(shown) {
            return self.stranger(row, number, &namesakes);
        }
        if let Some(broken) = shown.iter().find(|(_, shown)| {
            matches!(shown, Shown::First15(_) | Shown::Slip(_) | Shown::Masked { .. })
        }) {
            return self.broken_number(row, &broken.1, &namesakes);
        }
        if let Some(birth) = row.birth {
            let born: Vec<Member> = namesakes
                .iter()
                .copied()
                .filter(|m| self.index.person(*m).is_some_and(|person| person.birth == birth))
                .collect();
            if let [only] = born.as_slice() {
                return match self.contradiction(row, shown, *only) {
                    Some(why) => self.ask(row, why, born),
                    None => self.sure(*only, Reason::BirthName),
                };
            }
        }
        self.by_place(row, shown, &namesakes)
    }

    /// The name in its village, or in its town.
    fn by_place(&self, row: &Row<'_>, shown: &[(Column, Shown)], namesakes: &[Member]) -> Decision {
        if !row.place.is_known() {
            return if namesakes.is_empty() {
                Decision::NotHere { reason: Reason::NobodyOfThatName }
            } else {
                self.ask(row, Reason::NoPlace, namesakes.to_vec())
            };
        }
        let village_named = !row.place.villages.is_empty();
        let there = self.fitting(row, namesakes);
        if !there.is_empty() && row.place.certainty == Certainty::Unknown {
            return self.ask(row, Reason::PlaceUnknown, there);
        }
        let heads: Vec<Member> = there
            .iter()
            .copied()
            .filter(|m| self.index.person(*m).is_some_and(|person| person.head))
            .collect();
        let (chosen, reason) = match (row.evidence.is_head, heads.as_slice(), there.as_slice()) {
            (true, [head], _) => (*head, Reason::VillageHead),
            (true, [_, _, ..], _) => return self.ask(row, Reason::SeveralOfThatName, heads),
            (_, _, [only]) => {
                (*only, if village_named { Reason::VillageName } else { Reason::TownName })
            }
            (_, _, []) => {
                let mut sounding = self.fitting(row, &self.index.sounding_like(&row.name));
                sounding.retain(|m| names::one_by_ear(self.index.name(*m), &row.name));
                match sounding.as_slice() {
                    [] => return Decision::NotHere { reason: Reason::NobodyOfThatName },
                    [only] if village_named && row.place.certainty == Certainty::Exact => {
                        (*only, Reason::VillageSound)
                    }
                    _ => return self.ask(row, Reason::SeveralSoundAlike, sounding),
                }
            }
            _ => return self.ask(row, Reason::SeveralOfThatName, there),
        };
        match self.contradiction(row, shown, chosen) {
            Some(why) => self.ask(row, why, vec![chosen]),
            None => self.sure(chosen, reason),
        }
    }
}
