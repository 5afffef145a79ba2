//! Numbers as delivered files hold them: repaired where the repair is certain, refused with a
//! reason where it would be a guess.

use std::fmt;

use super::{IdNumber, IdState};
use crate::width::{half_width, is_blank, is_quote};

/// What had to be mended before a cell was a number. None of these is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repair {
    /// Blanks, tabs or line ends in or around it.
    Blanks,
    /// An apostrophe or quotation marks around it.
    Quotes,
    /// Full-width digits or letters.
    FullWidth,
    /// Dashes between its parts.
    Dashes,
    /// A lower-case `x`, or a character that looks like one.
    LowerX,
    /// An old number of fifteen digits.
    FifteenDigits,
}

impl Repair {
    /// Code of the finding that tells of it.
    pub const fn code(self) -> &'static str {
        match self {
            Repair::Blanks => "idnumber.blanks",
            Repair::Quotes => "idnumber.quotes",
            Repair::FullWidth => "idnumber.full_width",
            Repair::Dashes => "idnumber.dashes",
            Repair::LowerX => "idnumber.lower_x",
            Repair::FifteenDigits => "idnumber.fifteen_digits",
        }
    }
}

/// A cell that holds no usable number.
#[derive(Clone, PartialEq, Eq)]
pub enum Unusable {
    /// Nothing in it.
    Empty,
    /// A spreadsheet took it for a number and shows `5.0011E+17`: most digits are lost.
    Scientific,
    /// A spreadsheet took it for a number: the first fifteen digits are true, the rest is lost.
    CutToFifteen {
        /// The fifteen digits; not to be shown.
        first_fifteen: String,
    },
    /// Neither fifteen nor eighteen characters long.
    WrongLength,
    /// Something that no number holds: letters, stars of a masked number, words.
    WrongCharacters,
}

impl Unusable {
    /// Code of the finding that tells of it.
    pub const fn code(&self) -> &'static str {
        match self {
            Unusable::Empty => "idnumber.empty",
            Unusable::Scientific => "idnumber.scientific",
            Unusable::CutToFifteen { .. } => "idnumber.cut_to_fifteen",
            Unusable::WrongLength => "idnumber.wrong_length",
            Unusable::WrongCharacters => "idnumber.wrong_characters",
        }
    }

    /// The first fifteen digits, if those are certain.
    pub fn first_fifteen(&self) -> Option<&str> {
        match self {
            Unusable::CutToFifteen { first_fifteen } => Some(first_fifteen),
            _ => None,
        }
    }
}

impl fmt::Debug for Unusable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// A number read from a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdReading {
    /// Eighteen characters in the right form.
    pub number: IdNumber,
    /// Whether they can be true.
    pub state: IdState,
    /// What was mended, each once, in the order of [`Repair`].
    pub repairs: Vec<Repair>,
}

impl IdReading {
    /// Whether its last three digits may be zeros that a spreadsheet filled up, although the check
    /// character happens to agree: then only the first fifteen digits are certain. True of one
    /// number in a thousand that is whole, and of one in eleven that was cut.
    pub fn may_be_cut(&self) -> bool {
        self.number.reveal().ends_with("000")
    }
}

/// Reads a text cell.
///
/// # Errors
/// Why there is no number in it.
pub fn read(cell: &str) -> Result<IdReading, Unusable> {
    let (text, repairs) = cleaned(cell);
    if text.is_empty() {
        return Err(Unusable::Empty);
    }
    if let Some(unusable) = scientific(&text) {
        return Err(unusable);
    }
    of_clean(&text, repairs)
}

/// Reads a cell that holds a number instead of text. Spreadsheets keep fifteen digits of it, so
/// only an old number of fifteen digits survives whole.
///
/// # Errors
/// Why there is no number in it; with the fifteen digits where it was one of eighteen.
pub fn read_number_cell(number: f64) -> Result<IdReading, Unusable> {
    if !number.is_finite() || number < 0.0 || number.fract() != 0.0 {
        return Err(Unusable::WrongCharacters);
    }
    if (1e17..1e22).contains(&number) {
        // Fifteen significant digits are what a spreadsheet kept; more would be invented here.
        let kept = format!("{number:.14e}");
        return Err(scientific(&kept).unwrap_or(Unusable::Scientific));
    }
    of_clean(&format!("{number:.0}"), Vec::new())
}

/// A disabled person's certificate (残疾人证号): the citizen number, the category, the grade and,
/// where it was issued again, two more characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The citizen number in it.
    pub id: IdReading,
    /// 1 sight, 2 hearing, 3 speech, 4 limb, 5 intellect, 6 mental, 7 multiple (GB/T 26341).
    pub category: u8,
    /// 1 (gravest) to 4.
    pub grade: u8,
    /// The two characters of a re-issue, e.g. `B1`.
    pub reissue: Option<String>,
}

/// Reads a certificate of 20 or 22 characters.
///
/// # Errors
/// Why there is no citizen number in it.
pub fn read_certificate(cell: &str) -> Result<Certificate, Unusable> {
    let (text, repairs) = cleaned(cell);
    if text.is_empty() {
        return Err(Unusable::Empty);
    }
    if let Some(unusable) = scientific(&text) {
        return Err(unusable);
    }
    let (number, rest) = text.split_at_checked(18).ok_or(Unusable::WrongLength)?;
    let [category, grade, reissue @ ..] = rest.as_bytes() else {
        return Err(Unusable::WrongLength);
    };
    if text.get(15..).is_some_and(|rest| rest.bytes().all(|digit| digit == b'0')) {
        let first_fifteen = text.get(..15).unwrap_or_default().to_owned();
        return Err(Unusable::CutToFifteen { first_fifteen });
    }
    let known = (b'1'..=b'7').contains(category) && (b'1'..=b'4').contains(grade);
    if !known {
        return Err(Unusable::WrongCharacters);
    }
    let reissue = match reissue {
        [] => None,
        [_, _] if reissue.iter().all(u8::is_ascii_alphanumeric) => {
            Some(reissue.iter().map(|byte| char::from(*byte)).collect())
        }
        _ => return Err(Unusable::WrongLength),
    };
    let id = of_clean(number, repairs)?;
    Ok(Certificate { id, category: category - b'0', grade: grade - b'0', reissue })
}

/// Reads a school roll number (学籍号): a letter, usually `G`, and the citizen number.
///
/// # Errors
/// Why there is no citizen number in it.
pub fn read_roll(cell: &str) -> Result<IdReading, Unusable> {
    let (text, repairs) = cleaned(cell);
    if text.is_empty() {
        return Err(Unusable::Empty);
    }
    let number = text.strip_prefix(['G', 'g', 'L', 'l', 'J', 'j']);
    of_clean(number.ok_or(Unusable::WrongCharacters)?, repairs)
}

fn cleaned(cell: &str) -> (String, Vec<Repair>) {
    let mut text = String::with_capacity(cell.len());
    let mut repairs = Vec::new();
    for character in cell.chars() {
        let repair = match character {
            c if is_blank(c) => Some(Repair::Blanks),
            c if is_quote(c) => Some(Repair::Quotes),
            '-' | '－' | '–' | '—' | '_' => Some(Repair::Dashes),
            'x' | '×' | 'х' | 'Х' | 'Ⅹ' | 'ⅹ' => {
                text.push('X');
                Some(Repair::LowerX)
            }
            c if half_width(c) != c => {
                match half_width(c) {
                    'x' => text.push('X'),
                    half => text.push(half),
                }
                Some(Repair::FullWidth)
            }
            c => {
                text.push(c);
                None
            }
        };
        repairs.extend(repair);
    }
    repairs.sort_unstable();
    repairs.dedup();
    (text, repairs)
}

/// A number of 18 characters, or a certificate of 20 or 22, that a spreadsheet took for a number:
/// `5.0011E+17`, after cleaning also `5.0011E+17` with full-width characters.
fn scientific(text: &str) -> Option<Unusable> {
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !plain(whole) || !plain(fraction) || !plain(exponent) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    if digits.len() == 15 && whole.len() == 1 && matches!(exponent, "17" | "19" | "21") {
        return Some(Unusable::CutToFifteen { first_fifteen: digits });
    }
    Some(Unusable::Scientific)
}

fn of_clean(text: &str, mut repairs: Vec<Repair>) -> Result<IdReading, Unusable> {
    let length = text.chars().count();
    let number = match length {
        15 => {
            repairs.push(Repair::FifteenDigits);
            IdNumber::of_fifteen(text)
        }
        18 => IdNumber::of_form(text),
        _ if text.chars().all(|c| c.is_ascii_digit() || c == 'X') => {
            return Err(Unusable::WrongLength);
        }
        _ => return Err(Unusable::WrongCharacters),
    };
    let number = number.ok_or(Unusable::WrongCharacters)?;
    let state = number.state();
    if state == IdState::WrongCheck && length == 18 && text.ends_with("000") {
        // A number cell that was turned into text afterwards: its last three digits are filled up.
        let first_fifteen = text.get(..15).unwrap_or_default().to_owned();
        return Err(Unusable::CutToFifteen { first_fifteen });
    }
    Ok(IdReading { number, state, repairs })
}
