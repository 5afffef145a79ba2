//! What is written on the public page, the letter in which it travels, the code by which it is asked for, and the marks that
//! make somebody look twice.

use std::str::FromStr;

use kernel::area::AreaCode;
use kernel::idnumber::{self, IdNumber};
use kernel::phone::Phone;
use kernel::time::Day;
use registry::policies::{ListedCode, ShippedCodes};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::screening::Channel;

kernel::word_list! {
    /// Where a declaration stands.
    State, "declarations.not_a_state", code:
    /// Somebody must say whom it is about.
    Waiting = "waiting";
    /// It is a reason of a household's lead.
    Placed = "placed";
    /// Whom it is about does not live in this county.
    NotHere = "not_here";
    /// Somebody looked and found nothing that could be followed; it is kept.
    Junk = "junk";
}

kernel::word_list! {
    /// Why somebody should look twice.
    Mark, "declarations.not_a_mark", code:
    /// Many came from one device within the hour.
    ManyFromDevice = "many_from_device";
    /// Many came from one address within the hour; a whole village may sit behind it.
    ManyFromAddress = "many_from_address";
    /// Many came for one village within the hour.
    ManyForVillage = "many_for_village";
    /// The identity number cannot be right.
    WrongNumber = "wrong_number";
    /// No identity number was given.
    NoNumber = "no_number";
    /// The household stands in another village than the one that was chosen.
    OtherVillage = "other_village";
    /// The same person declared before, not long ago.
    Again = "again";
}

impl Mark {
    /// Whether what carries it waits until somebody has looked, and is not given to a household by itself.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::ManyFromDevice | Self::ManyFromAddress | Self::ManyForVillage)
    }
}

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 40;
/// Longest text in own words, in characters.
pub const LONGEST_WORDS: usize = 800;
/// Longest other field.
pub const LONGEST_FIELD: usize = 60;

/// Who writes for somebody else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helper {
    /// Name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// What they are to the household.
    pub relation: String,
}

/// What was written, before anybody looked whom it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    /// Name of who is in trouble.
    pub name: String,
    /// Phone, as written.
    pub phone: String,
    /// Identity number, as written; may be empty.
    pub number: String,
    /// What happened, in own words.
    pub words: String,
    /// The village that was chosen.
    pub village: AreaCode,
    /// The kind of trouble, a code of the list of risks.
    pub kind: String,
    /// Who wrote it for them.
    #[serde(default)]
    pub helper: Option<Helper>,
    /// Number of the ticket, letter or article, of what came by another office.
    #[serde(default)]
    pub source: String,
}

/// What of a writing is sealed in the county's database: everything by which somebody can be known.
pub type Written = Writing;

impl Writing {
    /// On which way it came, from the public page.
    #[must_use]
    pub fn channel(&self) -> Channel {
        if self.helper.is_some() { Channel::Neighbour } else { Channel::Household }
    }

    /// What is doubtful about its number.
    #[must_use]
    pub fn mark_of_number(&self) -> Option<Mark> {
        let number = plain_number(&self.number);
        if number.is_empty() {
            return Some(Mark::NoNumber);
        }
        let sound = match IdNumber::of_form(&number) {
            Some(one) => one.state() == idnumber::IdState::Ok,
            None => IdNumber::of_fifteen(&number).is_some(),
        };
        (!sound).then_some(Mark::WrongNumber)
    }

    /// What tells that two writings speak of the same person: the number, else name and phone.
    #[must_use]
    pub fn same(&self) -> String {
        let number = plain_number(&self.number);
        match IdNumber::of_form(&number).or_else(|| IdNumber::of_fifteen(&number)) {
            Some(number) => number.reveal().to_owned(),
            None => {
                let phone = Phone::read(&self.phone)
                    .map_or_else(|_| compact(&self.phone), |phone| phone.reveal().to_owned());
                format!("{}/{phone}", compact(&self.name))
            }
        }
    }
}

/// A text without blanks, what was typed in full width in half width.
fn compact(text: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(half).collect()
}

/// An identity number without blanks, in half width, its letter large.
#[must_use]
pub fn plain_number(text: &str) -> String {
    compact(text).to_uppercase()
}

/// A letter from the public page to the county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The same id as outside on the line, so that nobody exchanges what is inside.
    pub id: String,
    /// When it was taken in.
    pub at: String,
    /// What it says.
    pub what: What,
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Somebody declares.
    Declaration {
        /// What was written.
        writing: Box<Writing>,
        /// Why somebody should look twice.
        marks: Vec<String>,
    },
    /// Who declared before objects to the answer.
    Objection {
        /// The digest of the code.
        of: String,
        /// In own words.
        words: String,
    },
}

/// The marks of a letter that are known.
#[must_use]
pub fn marks_of(texts: &[String]) -> Vec<Mark> {
    texts.iter().filter_map(|text| Mark::from_str(text).ok()).collect()
}

/// The kinds of trouble that the public page offers on a day, in the order of the list.
pub fn kinds_on(day: Day) -> impl Iterator<Item = &'static ListedCode> {
    let all = ShippedCodes::Risks.all().iter();
    all.filter(move |one| one.of.is_none() && one.plain.is_some() && one.offered_on(day))
}

/// Letters of a code: none that is taken for another on paper or on the phone.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters in one code: 80 bits.
const CODE: usize = 16;

/// The code that belongs to one filled-in form: the same form sent twice gets the same, and nobody who does not know the
/// secret of the process can tell it beforehand.
#[must_use]
pub fn code_of(secret: &[u8; 32], form: &str) -> String {
    let digest = Sha256::new()
        .chain_update(b"shouwang code\0")
        .chain_update(secret)
        .chain_update(form.as_bytes())
        .finalize();
    let letter =
        |byte: &u8| LETTERS.get(usize::from(byte % 32)).map_or('2', |one| char::from(*one));
    let letters: Vec<char> = digest.iter().take(CODE).map(letter).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A code as somebody typed it; `None` for what has not its form.
#[must_use]
pub fn read_code(text: &str) -> Option<String> {
    let letters: String =
        compact(text).to_uppercase().chars().filter(|c| !matches!(c, '-' | '—' | '–')).collect();
    let form = letters.len() == CODE && letters.bytes().all(|byte| LETTERS.contains(&byte));
    form.then_some(letters)
}

/// What stands for a code outside and in the county's tables: who has it cannot tell the code.
#[must_use]
pub fn digest_of_code(code: &str) -> Option<String> {
    let letters = read_code(code)?;
    let digest = Sha256::new()
        .chain_update(b"shouwang declaration\0")
        .chain_update(letters.as_bytes())
        .finalize();
    Some(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writing(number: &str) -> Writing {
        Writing {
            name: "王 小明".into(),
            phone: "138 0000 1234".into(),
            number: number.into(),
            words: "房子漏雨".into(),
            village: "140430203200".parse().unwrap(),
            kind: "unsafe_housing".into(),
            helper: None,
            source: String::new(),
        }
    }

    #[test]
    fn a_code_is_read_however_it_is_typed_and_belongs_to_one_form() {
        let code = code_of(&[7; 32], "form");
        assert_eq!(code.len(), 19);
        assert_eq!(code, code_of(&[7; 32], "form"));
        assert_ne!(code, code_of(&[7; 32], "other"));
        assert_ne!(code, code_of(&[8; 32], "form"));
        let digest = digest_of_code(&code).unwrap();
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(digest_of_code(&typed), Some(digest.clone()));
        assert!(!digest.contains(&code[..4]));
        for wrong in ["", "AAAA-BBBB", "AAAA-BBBB-CCCC-DDD0", "<script>"] {
            assert_eq!(digest_of_code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_that_cannot_be_right_is_marked_and_never_refused() {
        assert_eq!(writing("11010519491231002X").mark_of_number(), None);
        assert_eq!(writing("1101 0519 4912 3100 2x").mark_of_number(), None);
        assert_eq!(writing("110105194912310022").mark_of_number(), Some(Mark::WrongNumber));
        assert_eq!(writing("记不得").mark_of_number(), Some(Mark::WrongNumber));
        assert_eq!(writing(" ").mark_of_number(), Some(Mark::NoNumber));
    }

    #[test]
    fn the_same_person_is_the_same_by_number_else_by_name_and_phone() {
        assert_eq!(writing("11010519491231002X").same(), writing("1101051949 1231002X").same());
        assert_eq!(writing("").same(), writing("?").same());
        let other = Writing { phone: "13800001235".into(), ..writing("") };
        assert_ne!(writing("").same(), other.same());
    }

    #[test]
    fn the_page_offers_troubles_in_plain_words_and_no_epidemic_today() {
        let codes: Vec<&str> =
            kinds_on("2026-11-22".parse().unwrap()).map(|one| one.code.as_str()).collect();
        assert!(codes.contains(&"illness") && codes.contains(&"other"));
        assert!(!codes.contains(&"epidemic") && !codes.contains(&"disaster_flood"));
    }
}
