//! The register, arranged for looking people up. About 260 bytes a person: a county of 141,000 takes 37 MB.

use kernel::ids::{HouseholdId, PersonId};

use super::names;

/// A digest of an identity number, a part of one, or a phone; or a hash of a plain text such as a register number.
/// Sixty-four bits of the keyed digest in the database: over a million people the chance that any two numbers meet is
/// one in thirty million, and every find is checked against the name.
pub type Key = u64;

/// Which person of the index: the position in which it was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member(u32);

impl Member {
    /// Position in the order of adding.
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

/// Digests of an identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberKeys {
    /// Of the eighteen characters.
    pub whole: Key,
    /// Of the first fifteen.
    pub first15: Key,
    /// Of the last six.
    pub last6: Key,
}

/// One person of the register, as the index takes it in.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The person.
    pub person: PersonId,
    /// The household the person belongs to.
    pub household: HouseholdId,
    /// 人编号.
    pub person_number: &'a str,
    /// 户编号.
    pub household_number: &'a str,
    /// Code of the village as a number, `500154201200`.
    pub village: u64,
    /// Name as registered; the index brings it to its normal form.
    pub name: &'a str,
    /// Birth date `yyyymmdd`, preferably the one inside the identity number.
    pub birth: Option<u32>,
    /// `true` = male, `false` = female.
    pub male: Option<bool>,
    /// Digests of the registered number.
    pub number: Option<NumberKeys>,
    /// The registered number fails its check. (That it is used twice, the index sees itself.)
    pub wrong_check: bool,
    /// Digests of the person's and the household's phone.
    pub phones: [Option<Key>; 2],
    /// Head of the household [户主].
    pub head: bool,
    /// Held to be somebody else of the register: found by the own numbers only, and what comes under them is kept so.
    pub goes: bool,
}

/// What the index keeps of a person.
#[derive(Debug, Clone)]
pub struct Person {
    /// The person.
    pub person: PersonId,
    /// The household the person belongs to.
    pub household: HouseholdId,
    /// Village code as a number.
    pub village: u64,
    /// Birth date `yyyymmdd`, 0 = not known.
    pub birth: u32,
    /// Sex, if known.
    pub male: Option<bool>,
    /// Head of the household.
    pub head: bool,
    /// The registered number is missing, fails its check or stands for two people: it proves nothing against a row.
    pub doubtful: bool,
    name: (u32, u8),
    number: Option<NumberKeys>,
    phones: [Option<Key>; 2],
}

/// Key → persons, sorted by key.
#[derive(Debug, Default)]
struct Table(Vec<(Key, u32)>);

impl Table {
    fn get(&self, key: Key) -> impl Iterator<Item = Member> + '_ {
        let from = self.0.partition_point(|(k, _)| *k < key);
        self.0.iter().skip(from).take_while(move |(k, _)| *k == key).map(|(_, at)| Member(*at))
    }
}

/// The register, arranged for looking people up.
#[derive(Debug, Default)]
pub struct RegisterIndex {
    people: Vec<Person>,
    names: String,
    by_number: Table,
    by_first15: Table,
    by_name: Table,
    by_sound: Table,
    by_phone: Table,
    by_person_number: Table,
    by_household_number: Table,
    by_household: Table,
}

/// Takes people in one by one; [`IndexBuilder::finish`] sorts them.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    index: RegisterIndex,
}

impl IndexBuilder {
    /// An empty register.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in one person.
    pub fn add(&mut self, entry: &Entry<'_>) {
        let index = &mut self.index;
        let at = index.people.len() as u32;
        let name = names::normal(entry.name);
        index.by_person_number.0.push((text_key(entry.person_number), at));
        if !entry.goes {
            index.by_name.0.push((text_key(&name), at));
            index.by_sound.0.push((text_key(&names::sound(&name)), at));
            index.by_household_number.0.push((text_key(entry.household_number), at));
            index.by_household.0.push((household_key(entry.household), at));
        }
        if let Some(keys) = entry.number {
            index.by_number.0.push((keys.whole, at));
            index.by_first15.0.push((keys.first15, at));
        }
        let mut phones = entry.phones;
        if phones[0] == phones[1] {
            phones[1] = None;
        }
        if !entry.goes {
            index.by_phone.0.extend(phones.into_iter().flatten().map(|key| (key, at)));
        }
        let span = (index.names.len() as u32, name.len().min(255) as u8);
        index.names.push_str(&name);
        index.people.push(Person {
            person: entry.person,
            household: entry.household,
            village: entry.village,
            birth: entry.birth.unwrap_or(0),
            male: entry.male,
            head: entry.head,
            doubtful: entry.wrong_check || entry.number.is_none(),
            name: span,
            number: entry.number,
            phones,
        });
    }

    /// Sorts the tables and marks the numbers that stand for two people.
    pub fn finish(self) -> RegisterIndex {
        let mut index = self.index;
        for table in [
            &mut index.by_number,
            &mut index.by_first15,
            &mut index.by_name,
            &mut index.by_sound,
            &mut index.by_phone,
            &mut index.by_person_number,
            &mut index.by_household_number,
            &mut index.by_household,
        ] {
            table.0.sort_unstable();
            table.0.shrink_to_fit();
        }
        let twice: Vec<u32> = index
            .by_number
            .0
            .windows(2)
            .filter_map(|pair| match pair {
                [(one, a), (other, b)] if one == other => Some([*a, *b]),
                _ => None,
            })
            .flatten()
            .collect();
        for at in twice {
            if let Some(person) = index.people.get_mut(at as usize) {
                person.doubtful = true;
            }
        }
        index
    }
}

impl RegisterIndex {
    /// Number of people.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Nobody in it.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// What is kept of a person; none only for a member of another index.
    pub fn person(&self, member: Member) -> Option<&Person> {
        self.people.get(member.position())
    }

    /// Normal form of the person's name.
    pub fn name(&self, member: Member) -> &str {
        let Some(person) = self.person(member) else { return "" };
        let from = person.name.0 as usize;
        self.names.get(from..from + person.name.1 as usize).unwrap_or("")
    }

    /// Digests of the person's number.
    pub(super) fn number(&self, member: Member) -> Option<NumberKeys> {
        self.person(member).and_then(|person| person.number)
    }

    /// Whether the phone is the person's or the household's.
    pub(super) fn has_phone(&self, member: Member, phone: Key) -> bool {
        self.person(member).is_some_and(|person| person.phones.contains(&Some(phone)))
    }

    /// People with this number.
    pub(super) fn with_number(&self, whole: Key) -> Vec<Member> {
        self.by_number.get(whole).collect()
    }

    /// People whose number begins so.
    pub(super) fn with_first15(&self, first15: Key) -> Vec<Member> {
        self.by_first15.get(first15).collect()
    }

    /// People of exactly this name, in normal form.
    pub(super) fn with_name(&self, normal: &str) -> Vec<Member> {
        self.by_name.get(text_key(normal)).filter(|member| self.name(*member) == normal).collect()
    }

    /// People whose name sounds the same, without those of exactly this name.
    pub(super) fn sounding_like(&self, normal: &str) -> Vec<Member> {
        let found = self.by_sound.get(text_key(&names::sound(normal)));
        found
            .filter(|member| names::likeness(self.name(*member), normal) == names::Likeness::Sound)
            .collect()
    }

    /// People with this phone, their own or of the household.
    pub(super) fn with_phone(&self, phone: Key) -> Vec<Member> {
        self.by_phone.get(phone).collect()
    }

    /// Who has this 人编号.
    pub(super) fn with_person_number(&self, number: &str) -> Vec<Member> {
        self.by_person_number.get(text_key(number)).collect()
    }

    /// Who belongs to the household of this 户编号.
    pub(super) fn with_household_number(&self, number: &str) -> Vec<Member> {
        self.by_household_number.get(text_key(number)).collect()
    }

    /// Who belongs to this household.
    pub(super) fn members_of(&self, household: HouseholdId) -> Vec<Member> {
        let found = self.by_household.get(household_key(household));
        found
            .filter(|member| {
                self.person(*member).is_some_and(|person| person.household == household)
            })
            .collect()
    }
}

fn household_key(household: HouseholdId) -> Key {
    use kernel::ids::Id;
    text_hash(&household.bytes())
}

/// Hash of a text that is no secret.
fn text_key(text: &str) -> Key {
    text_hash(text.as_bytes())
}

/// FNV-1a: short, the same on every machine, and good enough for texts that nobody chooses against us here, because
/// what is found is compared again.
fn text_hash(bytes: &[u8]) -> Key {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
