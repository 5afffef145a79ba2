//! Citizen identity numbers (公民身份号码, GB 11643-1999) and what contains one: the certificate of
//! a disabled person and the school roll number.
//!
//! Seventeen digits — six for the area, eight for the birth day, three in sequence, the last of
//! them odd for men — and a check character. Numbers of fifteen digits were given out until 1999
//! and lack the century and the check character.
//!
//! Neither `Display` nor `Debug` of anything here shows a whole number; [`IdNumber::reveal`] does.

mod reading;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::BadText;
use crate::time::Day;

pub use reading::{
    Certificate, IdReading, Repair, Unusable, read, read_certificate, read_number_cell, read_roll,
};

/// Characters of a number.
const LENGTH: usize = 18;
/// Weight of each of the first seventeen digits (GB 11643).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check character for each remainder modulo 11.
const CHECKS: [u8; 11] = *b"10X98765432";

/// Sex as papers state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// Text in tables and JSON.
    pub const fn text(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
        }
    }

    /// As the lists write it: 男, 女, 男性, 女性, and the codes 1 and 2 of GB/T 2261.1.
    pub fn read(cell: &str) -> Option<Self> {
        match crate::width::compact(cell).as_str() {
            "男" | "男性" | "1" | "male" => Some(Sex::Male),
            "女" | "女性" | "2" | "female" => Some(Sex::Female),
            _ => None,
        }
    }
}

impl FromStr for Sex {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        Sex::read(text).ok_or(BadText { code: "idnumber.not_a_sex" })
    }
}

impl fmt::Display for Sex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

/// What a number is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdState {
    /// The check character agrees and the birth day exists.
    Ok,
    /// At least one character is wrong: the check character disagrees.
    WrongCheck,
    /// The check character agrees, yet there is no such birth day.
    ImpossibleBirth,
}

impl IdState {
    /// Text in tables: `ok`, `wrong_check`, `impossible_birth`.
    pub const fn text(self) -> &'static str {
        match self {
            IdState::Ok => "ok",
            IdState::WrongCheck => "wrong_check",
            IdState::ImpossibleBirth => "impossible_birth",
        }
    }

    /// Code of the finding that tells of it; `None` if all is well.
    pub const fn code(self) -> Option<&'static str> {
        match self {
            IdState::Ok => None,
            IdState::WrongCheck => Some("idnumber.wrong_check"),
            IdState::ImpossibleBirth => Some("idnumber.impossible_birth"),
        }
    }
}

/// Eighteen characters in the form of a number; whether they can be true is its [`IdState`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber([u8; LENGTH]);

impl IdNumber {
    /// Reads a number that must be right: eighteen characters, the check character agrees, the
    /// birth day exists. Cells of delivered files go through [`read`].
    ///
    /// # Errors
    /// `idnumber.wrong_form`, `idnumber.wrong_check`, `idnumber.impossible_birth`.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let number = Self::of_form(text).ok_or(BadText { code: "idnumber.wrong_form" })?;
        match number.state() {
            IdState::Ok => Ok(number),
            IdState::WrongCheck => Err(BadText { code: "idnumber.wrong_check" }),
            IdState::ImpossibleBirth => Err(BadText { code: "idnumber.impossible_birth" }),
        }
    }

    /// Reads anything with the form of a number: seventeen digits and a digit or `X`.
    pub fn of_form(text: &str) -> Option<Self> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().ok()?;
        let (last, digits) = bytes.split_last()?;
        let fine = digits.iter().all(u8::is_ascii_digit)
            && (last.is_ascii_digit() || *last == b'X')
            && digits.first() != Some(&b'0');
        fine.then_some(IdNumber(bytes))
    }

    /// The number of eighteen characters for an old one of fifteen digits: the century 19 goes in
    /// and the check character is added. `None` if it is not fifteen digits.
    pub fn of_fifteen(text: &str) -> Option<Self> {
        let (area, rest) = text.split_at_checked(6)?;
        if rest.len() != 9 {
            return None;
        }
        let mut longer = format!("{area}19{rest}");
        let check = check_character(longer.as_bytes())?;
        longer.push(char::from(check));
        IdNumber::of_form(&longer)
    }

    /// What the number is worth.
    pub fn state(&self) -> IdState {
        let (last, digits) = match self.0.split_last() {
            Some(parts) => parts,
            None => return IdState::WrongCheck,
        };
        if check_character(digits) != Some(*last) {
            IdState::WrongCheck
        } else if self.birth_day().is_none() {
            IdState::ImpossibleBirth
        } else {
            IdState::Ok
        }
    }

    /// The whole number: only for sealing, digests, and a reveal that is journalled.
    pub fn reveal(&self) -> &str {
        // Always ASCII: the constructors check it.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The first six digits: the county that gave the number out. Not where the person lives.
    pub fn area_prefix(&self) -> &str {
        self.part(0, 6)
    }

    /// The first fifteen digits, which a spreadsheet keeps when it takes the number for one.
    pub fn first_fifteen(&self) -> &str {
        self.part(0, 15)
    }

    /// The last six characters, by which people ask for each other.
    pub fn last_six(&self) -> &str {
        self.part(12, LENGTH)
    }

    /// The birth day; `None` if there is no such day.
    pub fn birth_day(&self) -> Option<Day> {
        let part = |from, to| self.part(from, to).parse::<u32>().ok();
        let year = i32::try_from(part(6, 10)?).ok()?;
        Day::of(year, part(10, 12)?, part(12, 14)?).filter(|day| day.year() >= 1850)
    }

    /// The sex: odd sequence numbers are men's.
    pub fn sex(&self) -> Sex {
        let odd = self.part(16, 17).bytes().all(|digit| digit % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }

    /// For pages and papers: `5002**********1234`.
    pub fn masked(&self) -> String {
        format!("{}**********{}", self.part(0, 4), self.part(14, LENGTH))
    }

    /// In how many of the eighteen places two numbers differ.
    pub fn places_differing(&self, other: &IdNumber) -> usize {
        self.0.iter().zip(&other.0).filter(|(a, b)| a != b).count()
    }

    fn part(&self, from: usize, to: usize) -> &str {
        self.reveal().get(from..to).unwrap_or_default()
    }
}

/// The check character of seventeen digits; `None` if they are not seventeen digits.
pub fn check_character(digits: &[u8]) -> Option<u8> {
    if digits.len() != WEIGHTS.len() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

impl fmt::Display for IdNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.masked())
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl FromStr for IdNumber {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        IdNumber::parse(text)
    }
}

#[cfg(test)]
mod tests;
