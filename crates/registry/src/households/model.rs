//! A household over time: who lives in it, since when, as what to its head, and what births, deaths, leaving, splitting,
//! merging and another head change about that. Pure: a change is worked out as [`Edits`], which the queries write down.

use std::collections::BTreeMap;

use kernel::ids::{HouseholdId, PersonId};
use kernel::time::Day;
use thiserror::Error;

use super::how::{HowIn, HowOut};
use super::kin::{Kin, toward_new_head};
use crate::areas::Span;
use crate::people::Sex;

/// One stay of one person in one household, with one kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The household.
    pub household: HouseholdId,
    /// The person.
    pub person: PersonId,
    /// From and until when.
    pub span: Span,
    /// Relation to the head.
    pub kin: Kin,
    /// How it began.
    pub how_in: HowIn,
    /// How it ended.
    pub how_out: Option<HowOut>,
    /// In the household book (户籍).
    pub hukou: bool,
    /// Shares income and spending (共享收支).
    pub shares_budget: bool,
    /// Actually lives there.
    pub resident: bool,
    /// The person's sex, which tells a father from a mother when the head changes.
    pub sex: Option<Sex>,
}

/// A household with all its stays, past and present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct House {
    /// The household.
    pub id: HouseholdId,
    /// Since when it is closed.
    pub closed_on: Option<Day>,
    /// All stays, in any order.
    pub stays: Vec<Membership>,
}

/// What a change writes down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Stays that end: household, person, first day of the stay, the day it ends, how.
    pub ended: Vec<EndedStay>,
    /// Stays that begin.
    pub opened: Vec<Membership>,
    /// Households in which nobody is left.
    pub closed: Vec<(HouseholdId, Day)>,
}

/// A stay that ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedStay {
    /// The household.
    pub household: HouseholdId,
    /// The person.
    pub person: PersonId,
    /// The first day of the stay, part of its key.
    pub from: Day,
    /// The first day on which it no longer holds.
    pub to: Day,
    /// How it ended.
    pub how: HowOut,
}

/// Why a change cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChangeError {
    /// The household is closed.
    #[error("the household is closed")]
    Closed,
    /// The person does not live there on that day.
    #[error("no member on that day")]
    NotAMember,
    /// The person lives there already.
    #[error("a member already")]
    AlreadyAMember,
    /// Something later is already recorded about this household; it must be undone or corrected first.
    #[error("something later is recorded")]
    LaterChange,
    /// The head goes and others stay: somebody must become head.
    #[error("somebody must become head")]
    HeadNeeded,
    /// The named head is not among those who stay (or go).
    #[error("the named head is not among them")]
    HeadNotThere,
    /// There may be only one head.
    #[error("only one head")]
    SecondHead,
    /// Everybody would go: that is a move, not a split.
    #[error("nobody would stay")]
    NobodyStays,
    /// Nobody was named.
    #[error("nobody named")]
    NobodyNamed,
    /// A household cannot be merged with itself.
    #[error("the same household")]
    SameHousehold,
}

impl House {
    /// Those who live there on `day`: the head first, then in the order in which they came.
    #[must_use]
    pub fn members_on(&self, day: Day) -> Vec<&Membership> {
        let mut found: Vec<&Membership> =
            self.stays.iter().filter(|stay| stay.span.holds_on(day)).collect();
        found.sort_by(|a, b| {
            b.kin
                .is_head()
                .cmp(&a.kin.is_head())
                .then(a.span.from.cmp(&b.span.from))
                .then(a.person.cmp(&b.person))
        });
        found
    }

    /// The head on `day`.
    #[must_use]
    pub fn head_on(&self, day: Day) -> Option<&Membership> {
        self.stays.iter().find(|stay| stay.kin.is_head() && stay.span.holds_on(day))
    }

    fn member_on(&self, person: &PersonId, day: Day) -> Result<&Membership, ChangeError> {
        self.stays
            .iter()
            .find(|stay| stay.person == *person && stay.span.holds_on(day))
            .ok_or(ChangeError::NotAMember)
    }

    /// A change on `day` must be the latest word about the household: nobody came or went after it.
    fn nothing_later_than(&self, day: Day) -> Result<(), ChangeError> {
        if self.closed_on.is_some() {
            return Err(ChangeError::Closed);
        }
        let later = self
            .stays
            .iter()
            .filter(|stay| !stay.span.is_empty())
            .any(|stay| stay.span.from > day || stay.span.to.is_some_and(|to| to > day));
        if later { Err(ChangeError::LaterChange) } else { Ok(()) }
    }

    /// Somebody joins: by birth, marriage or coming back.
    ///
    /// # Errors
    /// When the household is closed, the person lives there already, or a head joins one that has a head.
    pub fn join(&self, newcomer: Membership) -> Result<Edits, ChangeError> {
        if self.closed_on.is_some() {
            return Err(ChangeError::Closed);
        }
        let present = |stay: &&Membership| {
            stay.person == newcomer.person && stay.span.overlaps(&newcomer.span)
        };
        if self.stays.iter().any(|stay| present(&stay)) {
            return Err(ChangeError::AlreadyAMember);
        }
        if newcomer.kin.is_head()
            && self
                .stays
                .iter()
                .any(|stay| stay.kin.is_head() && stay.span.overlaps(&newcomer.span))
        {
            return Err(ChangeError::SecondHead);
        }
        Ok(Edits { opened: vec![newcomer], ..Edits::default() })
    }

    /// Somebody dies or leaves. When the head goes and others stay, `new_head` must be one of them; the kin of the
    /// others follows the new head.
    ///
    /// # Errors
    /// [`ChangeError::NotAMember`], [`ChangeError::HeadNeeded`], [`ChangeError::HeadNotThere`],
    /// [`ChangeError::LaterChange`].
    pub fn go(
        &self,
        person: &PersonId,
        on: Day,
        how: HowOut,
        new_head: Option<&PersonId>,
    ) -> Result<Edits, ChangeError> {
        self.depart(std::slice::from_ref(person), on, how, new_head)
    }

    fn depart(
        &self,
        going: &[PersonId],
        on: Day,
        how: HowOut,
        new_head: Option<&PersonId>,
    ) -> Result<Edits, ChangeError> {
        self.nothing_later_than(on)?;
        let mut edits = Edits::default();
        let mut head_goes = false;
        for person in going {
            let stay = self.member_on(person, on)?;
            head_goes |= stay.kin.is_head();
            edits.end(stay, on, how);
        }
        let staying: Vec<&Membership> =
            self.members_on(on).into_iter().filter(|stay| !going.contains(&stay.person)).collect();
        if staying.is_empty() {
            edits.closed.push((self.id, on));
        } else if head_goes {
            let person = new_head.ok_or(ChangeError::HeadNeeded)?;
            crown(&staying, person, on, &mut edits)?;
        }
        Ok(edits)
    }

    /// Another member becomes head.
    ///
    /// # Errors
    /// [`ChangeError::HeadNotThere`] when the person does not live there, [`ChangeError::LaterChange`].
    pub fn change_head(&self, person: &PersonId, on: Day) -> Result<Edits, ChangeError> {
        self.nothing_later_than(on)?;
        let mut edits = Edits::default();
        crown(&self.members_on(on), person, on, &mut edits)?;
        Ok(edits)
    }

    /// Some members set up a household of their own (分户). `going` names them with their kin to the new head, who is
    /// one of them.
    ///
    /// # Errors
    /// [`ChangeError::NobodyNamed`], [`ChangeError::NobodyStays`], [`ChangeError::HeadNotThere`],
    /// [`ChangeError::SecondHead`], and those of [`House::go`].
    pub fn split(
        &self,
        new_house: &HouseholdId,
        going: &BTreeMap<PersonId, Kin>,
        on: Day,
        new_head_here: Option<&PersonId>,
    ) -> Result<Edits, ChangeError> {
        one_head(going.values().copied())?;
        let people: Vec<PersonId> = going.keys().copied().collect();
        let mut edits = self.depart(&people, on, HowOut::Split, new_head_here)?;
        if !edits.closed.is_empty() {
            return Err(ChangeError::NobodyStays);
        }
        for (person, kin) in going {
            let stay = self.member_on(person, on)?;
            edits.opened.push(stay.moved_to(new_house, *kin, on, HowIn::Split));
        }
        Ok(edits)
    }

    /// The whole of this household joins `into` (并户). `kins` names what each becomes to the head there; who is not
    /// named becomes "other".
    ///
    /// # Errors
    /// [`ChangeError::SameHousehold`], [`ChangeError::Closed`], [`ChangeError::SecondHead`],
    /// [`ChangeError::AlreadyAMember`], [`ChangeError::LaterChange`].
    pub fn merge_into(
        &self,
        into: &House,
        kins: &BTreeMap<PersonId, Kin>,
        on: Day,
    ) -> Result<Edits, ChangeError> {
        if self.id == into.id {
            return Err(ChangeError::SameHousehold);
        }
        into.nothing_later_than(on)?;
        let people: Vec<PersonId> =
            self.members_on(on).into_iter().map(|stay| stay.person).collect();
        let mut edits = self.depart(&people, on, HowOut::Merge, None)?;
        for stay in self.members_on(on) {
            let kin = kins.get(&stay.person).copied().unwrap_or(Kin::Other);
            let newcomer = stay.moved_to(&into.id, kin, on, HowIn::Merge);
            edits.opened.extend(into.join(newcomer)?.opened);
        }
        Ok(edits)
    }

    /// Writes edits into this household: those that name it.
    pub fn apply(&mut self, edits: &Edits) {
        for end in edits.ended.iter().filter(|end| end.household == self.id) {
            for stay in &mut self.stays {
                if stay.person == end.person && stay.span.from == end.from {
                    stay.span = stay.span.ended(end.to);
                    stay.how_out = Some(end.how);
                }
            }
        }
        // a stay that ends on the day it began and begins again is one stay with another kin
        for new in edits.opened.iter().filter(|new| new.household == self.id) {
            self.stays.retain(|stay| stay.person != new.person || stay.span.from != new.span.from);
            self.stays.push(new.clone());
        }
        for (_, day) in edits.closed.iter().filter(|(house, _)| *house == self.id) {
            self.closed_on = Some(*day);
        }
    }
}

impl Membership {
    fn moved_to(&self, household: &HouseholdId, kin: Kin, on: Day, how_in: HowIn) -> Self {
        Self {
            household: *household,
            span: Span::since(on),
            kin,
            how_in,
            how_out: None,
            ..self.clone()
        }
    }
}

impl Edits {
    fn end(&mut self, stay: &Membership, on: Day, how: HowOut) {
        self.ended.push(EndedStay {
            household: stay.household,
            person: stay.person,
            from: stay.span.from,
            to: on,
            how,
        });
    }
}

/// Makes `person` the head of `members`: everybody whose kin changes gets a new stay from `on`.
fn crown(
    members: &[&Membership],
    person: &PersonId,
    on: Day,
    edits: &mut Edits,
) -> Result<(), ChangeError> {
    let new_head =
        members.iter().find(|stay| stay.person == *person).ok_or(ChangeError::HeadNotThere)?;
    let was = (new_head.kin, new_head.sex);
    for stay in members {
        let kin = if stay.person == *person {
            Kin::Head
        } else {
            toward_new_head(was, (stay.kin, stay.sex))
        };
        if kin != stay.kin {
            edits.end(stay, on, HowOut::Head);
            edits.opened.push(stay.moved_to(&stay.household, kin, on, HowIn::Head));
        }
    }
    Ok(())
}

fn one_head(kins: impl Iterator<Item = Kin>) -> Result<(), ChangeError> {
    let (mut people, mut heads) = (0_usize, 0_usize);
    for kin in kins {
        people = people.saturating_add(1);
        heads = heads.saturating_add(usize::from(kin.is_head()));
    }
    match (people, heads) {
        (0, _) => Err(ChangeError::NobodyNamed),
        (_, 0) => Err(ChangeError::HeadNotThere),
        (_, 1) => Ok(()),
        _ => Err(ChangeError::SecondHead),
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
