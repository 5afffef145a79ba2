//! What speaks for and against a find, and the questions that end a row.

use kernel::phone::Phone;

use super::decide::{MOST_CANDIDATES, Matcher, Row};
use super::index::Member;
use super::names::{self, Likeness};
use super::number::{self, Shown};
use super::places::town_of;
use super::reasons::{Agreement, Candidate, Decision, Reason};
use crate::intake::evidence::{AsRead, Evidence};

/// The column that a number stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Certificate,
    Roll,
}

/// Whom among the holders of a number the row means.
pub(super) enum Holder {
    Nobody,
    This(Member, Reason),
    Question(Reason, Vec<Member>),
}

/// What the row shows of identity numbers, the surest column first.
pub(super) fn numbers(evidence: &Evidence) -> Vec<(Column, Shown)> {
    let id = evidence.id.as_ref().map(|cell| (Column::Id, number::read(cell)));
    let certificate = evidence
        .certificate
        .as_ref()
        .map(|cell| (Column::Certificate, number::read_certificate(cell)));
    let roll = evidence.roll_number.as_ref().map(|cell| (Column::Roll, number::read_roll(cell)));
    [id, certificate, roll]
        .into_iter()
        .flatten()
        .filter(|(_, shown)| *shown != Shown::Nothing)
        .collect()
}

/// `2026-03-05` as 20260305.
pub(super) fn day(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 8).then(|| digits.parse().ok()).flatten()
}

/// `男` or `女`.
pub(super) fn male(text: &str) -> Option<bool> {
    match text.trim().chars().next() {
        Some('男') => Some(true),
        Some('女') => Some(false),
        _ => None,
    }
}

/// A phone in the form in which the index holds its digest; none if it is none.
pub fn phone_digits(cell: &AsRead) -> Option<String> {
    let phone = match cell {
        AsRead::Text(text) => Phone::read(text),
        AsRead::Number(number) => Phone::read_number_cell(*number),
    };
    phone.ok().map(|phone| phone.reveal().to_owned())
}

/// A number of the register as the register writes it.
pub(super) fn plain_number(cell: &AsRead) -> String {
    cell.written_out().chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The birth date in what is shown of a number.
pub(super) fn birth_shown(shown: &Shown) -> Option<u32> {
    match shown {
        Shown::Whole { digits, .. } | Shown::First15(digits) => number::birth(digits),
        Shown::Slip(digits) if digits.len() == 18 => number::birth(digits),
        _ => None,
    }
}

/// In how many of their eight digits two days differ.
pub(super) fn digits_differing(one: u32, other: u32) -> usize {
    let (mut a, mut b, mut differing) = (one, other, 0);
    for _ in 0..8 {
        differing += usize::from(a % 10 != b % 10);
        (a, b) = (a / 10, b / 10);
    }
    differing
}

impl Matcher<'_> {
    pub(super) fn sure(&self, member: Member, by: Reason) -> Decision {
        match self.index.person(member) {
            Some(person) => {
                Decision::Sure { member, person: person.person, household: person.household, by }
            }
            None => Decision::Rejected { reason: Reason::NothingToGoBy },
        }
    }

    /// A question, the candidates with most agreement first.
    pub(super) fn ask(&self, row: &Row<'_>, why: Reason, mut members: Vec<Member>) -> Decision {
        members.sort_unstable();
        members.dedup();
        let mut candidates: Vec<Candidate> =
            members.into_iter().filter_map(|member| self.candidate(row, member)).collect();
        candidates.sort_by_key(|c| (c.differs.len(), std::cmp::Reverse(c.agrees.len())));
        candidates.truncate(MOST_CANDIDATES);
        Decision::Ask { candidates, why }
    }

    /// Compares everything that the row shows with one person.
    fn candidate(&self, row: &Row<'_>, member: Member) -> Option<Candidate> {
        let person = self.index.person(member)?;
        let mut agrees = Vec::new();
        let mut differs = Vec::new();
        let mut say = |what: Agreement, verdict: Option<bool>| match verdict {
            Some(true) => agrees.push(what),
            Some(false) => differs.push(what),
            None => {}
        };
        let registered = self.index.number(member);
        for (_, shown) in numbers(row.evidence) {
            match shown {
                Shown::Whole { digits, .. } => {
                    say(
                        Agreement::Number,
                        registered.map(|number| number.whole == (self.digest)(&digits)),
                    );
                }
                Shown::First15(kept) => {
                    say(
                        Agreement::First15,
                        registered.map(|number| number.first15 == (self.digest)(&kept)),
                    );
                }
                _ => {}
            }
        }
        if !row.name.is_empty() {
            match names::likeness(self.index.name(member), &row.name) {
                Likeness::Same => say(Agreement::Name, Some(true)),
                Likeness::Sound | Likeness::OneCharacter | Likeness::Half => {
                    say(Agreement::NameAlike, Some(true))
                }
                Likeness::Other => say(Agreement::Name, Some(false)),
            }
        }
        let birth = row.birth.filter(|_| person.birth != 0);
        say(Agreement::Birth, birth.map(|birth| birth == person.birth));
        say(Agreement::Sex, row.male.zip(person.male).map(|(said, known)| said == known));
        say(
            Agreement::Phone,
            row.phone.map(|phone| self.index.has_phone(member, phone)).filter(|same| *same),
        );
        if row.place.villages.is_empty() {
            say(Agreement::Town, row.place.fits(person.village));
        } else {
            say(Agreement::Village, row.place.fits(person.village));
            let same_town = row
                .place
                .villages
                .iter()
                .any(|village| town_of(*village) == town_of(person.village));
            say(Agreement::Town, Some(same_town).filter(|same| *same));
        }
        if let Some(guardian) =
            row.evidence.guardian.as_deref().map(names::normal).filter(|name| !name.is_empty())
        {
            let family = self.index.members_of(person.household);
            let lives_there =
                family.iter().any(|other| *other != member && self.index.name(*other) == guardian);
            say(Agreement::Guardian, Some(lives_there).filter(|same| *same));
        }
        if row.evidence.is_head {
            say(Agreement::Head, Some(person.head));
        }
        Some(Candidate {
            member,
            person: person.person,
            household: person.household,
            agrees,
            differs,
        })
    }

    /// What the row says against somebody whom name, phone or birth point to.
    pub(super) fn contradiction(
        &self,
        row: &Row<'_>,
        shown: &[(Column, Shown)],
        member: Member,
    ) -> Option<Reason> {
        let person = self.index.person(member)?;
        let other_sex = row.male.zip(person.male).is_some_and(|(said, known)| said != known);
        let born = row.evidence.birth.as_deref().and_then(day);
        let other_birth = born.is_some_and(|born| person.birth != 0 && born != person.birth);
        let elsewhere = row.place.certainty == super::places::Certainty::Elsewhere;
        if other_sex || other_birth || elsewhere {
            return Some(Reason::OtherEvidenceContradicts);
        }
        let lost = shown.iter().find_map(|(_, shown)| match shown {
            Shown::Lost(digits) => Some(digits),
            _ => None,
        })?;
        let number = (self.open)(member)?;
        (!number.starts_with(lost.as_str())).then_some(Reason::NumberContradicts)
    }

    /// A number that is right by its check and that the register does not hold.
    pub(super) fn stranger_number<'s>(&self, shown: &'s [(Column, Shown)]) -> Option<&'s str> {
        shown.iter().find_map(|(_, shown)| match shown {
            // one number in eleven that a spreadsheet cut happens to pass its check
            Shown::Whole { digits, .. } if !digits.ends_with("000") => {
                self.index.with_number((self.digest)(digits)).is_empty().then_some(digits.as_str())
            }
            _ => None,
        })
    }

    /// Those of the row's name who live where it says.
    pub(super) fn fitting(&self, row: &Row<'_>, members: &[Member]) -> Vec<Member> {
        let fits = |m: &Member| {
            self.index.person(*m).and_then(|person| row.place.fits(person.village)) == Some(true)
        };
        members.iter().copied().filter(fits).collect()
    }

    /// Those of the row's name who live where it says, looked up.
    pub(super) fn of_name_in_place(&self, row: &Row<'_>) -> Vec<Member> {
        self.fitting(row, &self.index.with_name(&row.name))
    }

    /// 匿名, 张先生: nobody, unless the phone is known and the family name agrees.
    pub(super) fn anonymous(&self, row: &Row<'_>) -> Decision {
        let family = names::family_of_anonymous(&row.name);
        let mut holders = row.phone.map(|phone| self.index.with_phone(phone)).unwrap_or_default();
        holders.retain(|m| family.is_some_and(|family| self.index.name(*m).starts_with(family)));
        if holders.is_empty() {
            return Decision::NotHere { reason: Reason::Anonymous };
        }
        self.ask(row, Reason::PhoneOnly, holders)
    }

    /// No name at all: what is left of a number, or the phone, may give a hint; never more.
    pub(super) fn nameless(&self, row: &Row<'_>, shown: &[(Column, Shown)]) -> Decision {
        for (_, shown) in shown {
            if let Shown::First15(kept) = shown {
                let holders = self.index.with_first15((self.digest)(kept));
                if !holders.is_empty() {
                    return self.ask(row, Reason::NumberContradicts, holders);
                }
            }
        }
        if self.stranger_number(shown).is_some() {
            return Decision::NotHere { reason: Reason::NumberNotInRegister };
        }
        let holders = row.phone.map(|phone| self.index.with_phone(phone)).unwrap_or_default();
        if holders.is_empty() {
            return Decision::Rejected { reason: Reason::NothingToGoBy };
        }
        self.ask(row, Reason::PhoneOnly, holders)
    }
}
