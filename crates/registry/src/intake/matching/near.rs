//! Numbers that are not the registered one but near it, each together with the name: a slip, the fifteen digits that a
//! spreadsheet kept, both ends of a starred number.

use super::decide::{Matcher, Row};
use super::index::Member;
use super::number::{self, Shown};
use super::places::Certainty;
use super::reasons::{Decision, Reason};
use super::weigh::{Column, Holder, digits_differing};

/// So many sealed numbers are opened for one row at most. Digests and birth dates leave one or two of a hundred people
/// of one name; only a number that is too long or too short needs more.
const MOST_OPENED: usize = 64;

impl Matcher<'_> {
    /// Numbers with a slip, cut by a spreadsheet, or starred, each with the name.
    pub(super) fn by_near_number(
        &self,
        row: &Row<'_>,
        shown: &[(Column, Shown)],
    ) -> Option<Decision> {
        if row.name.is_empty() {
            return None;
        }
        for (_, shown) in shown {
            for namesakes in [self.index.with_name(&row.name), self.index.sounding_like(&row.name)]
            {
                let (near, reason) = self.near(row, shown, &namesakes);
                match near.as_slice() {
                    [] => {}
                    [only] => return Some(self.sure(*only, reason)),
                    _ => return Some(self.ask(row, Reason::SeveralOfThatName, near)),
                }
            }
            // fifteen digits also carry a name that differs in one character, as a whole number does
            let kept = match shown {
                Shown::First15(kept) => Some(kept.as_str()),
                Shown::Whole { digits, .. } if digits.ends_with("000") => digits.get(..15),
                _ => None,
            };
            let holders =
                kept.map(|kept| self.index.with_first15((self.digest)(kept))).unwrap_or_default();
            if let Holder::This(member, _) = self.holder(row, &holders, Reason::First15Name) {
                return Some(self.sure(member, Reason::First15Name));
            }
        }
        None
    }

    /// Those among people of the row's name whose number agrees with what is shown.
    fn near(&self, row: &Row<'_>, shown: &Shown, namesakes: &[Member]) -> (Vec<Member>, Reason) {
        let by_first15 = |kept: &str| -> Vec<Member> {
            let key = (self.digest)(kept);
            let agrees =
                |m: &Member| self.index.number(*m).is_some_and(|number| number.first15 == key);
            namesakes.iter().copied().filter(agrees).collect()
        };
        match shown {
            Shown::First15(kept) => {
                let found = by_first15(kept);
                if !found.is_empty() {
                    return (found, Reason::First15Name);
                }
                // a number that truly ends in 000, with a slip
                (self.one_slip(row, &format!("{kept}000"), namesakes), Reason::OneSlipName)
            }
            Shown::Whole { digits, .. } => {
                // right by its check, so a near number in the register must be wrong itself
                let found = self.one_slip(row, digits, namesakes);
                if found.is_empty() && digits.ends_with("000") {
                    return (
                        digits.get(..15).map(by_first15).unwrap_or_default(),
                        Reason::First15Name,
                    );
                }
                (found, Reason::OneSlipName)
            }
            Shown::Slip(digits) => {
                let mut found = self.one_slip(row, digits, namesakes);
                if found.is_empty() && digits.len() == 18 {
                    found = digits.get(..15).map(by_first15).unwrap_or_default();
                }
                (found, Reason::OneSlipName)
            }
            Shown::Masked { head, tail } => {
                let fits = |m: &Member| {
                    (self.open)(*m).is_some_and(|number| {
                        number.starts_with(head.as_str()) && number.ends_with(tail.as_str())
                    })
                };
                let likely = |m: &&Member| {
                    self.index.person(**m).is_some_and(|p| row.place.fits(p.village) != Some(false))
                };
                // so few digits prove somebody only where the row says that they live
                let enough = head.len() + tail.len() >= 8 || row.place.is_known();
                let found = namesakes.iter().filter(likely).take(MOST_OPENED).copied().filter(fits);
                (if enough { found.collect() } else { Vec::new() }, Reason::MaskedNumberName)
            }
            Shown::Nothing | Shown::Lost(_) => (Vec::new(), Reason::OneSlipName),
        }
    }

    /// Opens the numbers of those whose digests or birth leave a single slip possible, and compares.
    fn one_slip(&self, row: &Row<'_>, digits: &str, namesakes: &[Member]) -> Vec<Member> {
        let first15 = digits.get(..15).map(|part| (self.digest)(part));
        let last6 = digits
            .len()
            .checked_sub(6)
            .and_then(|from| digits.get(from..))
            .map(|part| (self.digest)(part));
        let born: Option<u32> = digits.get(6..14).and_then(|text| text.parse().ok());
        let possible = |m: &&Member| {
            let Some((person, number)) = self.index.person(**m).zip(self.index.number(**m)) else {
                return false;
            };
            first15 == Some(number.first15)
                || last6 == Some(number.last6)
                || digits.len() != 18
                || person.birth == 0
                || born.is_some_and(|born| digits_differing(born, person.birth) <= 2)
                || person.doubtful
        };
        let mut likely: Vec<&Member> = namesakes.iter().filter(possible).collect();
        let fits = |m: &Member| {
            self.index.person(*m).and_then(|p| row.place.fits(p.village)) == Some(true)
        };
        likely.sort_by_key(|m| !fits(m));
        likely
            .into_iter()
            .take(MOST_OPENED)
            .copied()
            .filter(|m| {
                (self.open)(*m).is_some_and(|number| number::one_slip_apart(digits, &number))
            })
            .collect()
    }

    /// The row brings a right number that the register does not hold: a stranger, unless the register's own number for
    /// that name is doubtful, the birth agrees too (a number that was given anew), or all but two digits agree (two
    /// slips pass the check once in eleven times).
    pub(super) fn stranger(&self, row: &Row<'_>, number: &str, namesakes: &[Member]) -> Decision {
        let there = |m: &Member| {
            let person = self.index.person(*m)?;
            (row.place.fits(person.village) != Some(false)).then_some(person)
        };
        let may_be = |m: &Member| {
            there(m).is_some_and(|person| {
                person.doubtful || (row.birth == Some(person.birth) && person.birth != 0)
            })
        };
        let mut candidates: Vec<Member> = namesakes.iter().copied().filter(may_be).collect();
        if candidates.is_empty() && row.place.is_known() {
            candidates = namesakes.iter().copied().filter(|m| there(m).is_some()).collect();
            candidates = self.two_digits_off(number, &candidates);
        }
        if candidates.is_empty() {
            return Decision::NotHere { reason: Reason::NumberNotInRegister };
        }
        self.ask(row, Reason::NumberDoubtful, candidates)
    }

    /// The row brings a number that is broken and near nobody of its name. If it is two digits off that of the only one
    /// of that name in the village, it is theirs: sixteen digits, name and village agree. Else it is asked; by the
    /// town's name alone only if the birth agrees.
    pub(super) fn broken_number(
        &self,
        row: &Row<'_>,
        shown: &Shown,
        namesakes: &[Member],
    ) -> Decision {
        let village_named = !row.place.villages.is_empty();
        let masked = matches!(shown, Shown::Masked { .. });
        let may_be = |m: &Member| {
            self.index.person(*m).is_some_and(|person| {
                let born = row.birth == Some(person.birth) && person.birth != 0;
                match row.place.fits(person.village) {
                    Some(true) => village_named || masked || born || person.doubtful,
                    Some(false) => false,
                    None => born,
                }
            })
        };
        let candidates: Vec<Member> = namesakes.iter().copied().filter(may_be).collect();
        match (shown, candidates.as_slice()) {
            (_, []) => Decision::NotHere { reason: Reason::NumberNotInRegister },
            (Shown::Slip(digits), [only])
                if village_named
                    && row.place.certainty == Certainty::Exact
                    && !self.two_digits_off(digits, &candidates).is_empty() =>
            {
                self.sure(*only, Reason::TwoSlipsVillageName)
            }
            _ => self.ask(row, Reason::NumberContradicts, candidates),
        }
    }

    /// Those whose number differs in at most two of its eighteen characters.
    fn two_digits_off(&self, number: &str, members: &[Member]) -> Vec<Member> {
        let off = |m: &Member| {
            (self.open)(*m).is_some_and(|registered| {
                let differing = registered.bytes().zip(number.bytes()).filter(|(a, b)| a != b);
                registered.len() == number.len() && differing.count() <= 2
            })
        };
        members.iter().take(MOST_OPENED).copied().filter(off).collect()
    }
}
