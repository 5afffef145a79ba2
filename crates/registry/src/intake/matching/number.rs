//! What a cell still shows of a citizen's identity number, after everything that spreadsheets and people do to it.

use kernel::idnumber::IdNumber;

use crate::intake::evidence::AsRead;

/// What is left of an identity number in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The cell is empty or holds a dash.
    Nothing,
    /// Eighteen characters whose check character is right. `repaired` = it was not written that way (15 digits, full
    /// width, lower-case x, blanks, quotes, a letter O for a zero).
    Whole {
        /// The eighteen characters, upper case.
        digits: String,
        /// Whether anything had to be repaired.
        repaired: bool,
    },
    /// Only the first fifteen digits can be trusted: a spreadsheet kept the cell as a number.
    First15(String),
    /// Fourteen to twenty characters that fail their check: somebody slipped.
    Slip(String),
    /// Digits, stars, digits: `5122**********1234`.
    Masked {
        /// What stands before the stars.
        head: String,
        /// What stands behind the stars.
        tail: String,
    },
    /// `5.0011E+17`: all that is left are these leading digits. Never enough to find anybody, enough to contradict.
    Lost(String),
}

/// Eighteen characters, a right check character and a birth date that exists.
pub fn is_valid(number: &str) -> bool {
    IdNumber::parse(number).is_ok()
}

/// The birth date in the eighteen characters as `yyyymmdd`; none if there is no such day.
pub fn birth(number: &str) -> Option<u32> {
    let day: u32 = number.get(6..14)?.parse().ok()?;
    let (year, month, dom) = (day / 10_000, day / 100 % 100, day % 100);
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    ((1850..2200).contains(&year) && (1..=last).contains(&dom)).then_some(day)
}

/// One character as it was meant: full width to half width, the many crosses that stand for X, capitals.
fn plain(c: char) -> char {
    match c {
        '\u{ff0a}' | '\u{ff03}' => '*',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_uppercase()
        }
        '×' | 'х' | 'Х' | 'χ' | 'Χ' => 'X',
        '●' | '•' | '#' => '*',
        _ => c.to_ascii_uppercase(),
    }
}

/// Reads a cell of identity numbers.
pub fn read(cell: &AsRead) -> Shown {
    match cell {
        AsRead::Number(number) => of_number(*number),
        AsRead::Text(text) => of_text(text, 20),
    }
}

/// Reads the number inside a disability certificate: its first eighteen characters.
pub fn read_certificate(cell: &AsRead) -> Shown {
    match cell {
        AsRead::Number(number) => of_number(*number),
        AsRead::Text(text) => of_text(text, 19),
    }
}

/// Reads the number inside a school roll number: the letter in front is dropped.
pub fn read_roll(cell: &AsRead) -> Shown {
    match cell {
        AsRead::Number(number) => of_number(*number),
        AsRead::Text(text) => {
            of_text(text.trim().trim_start_matches(|c: char| c.is_alphabetic()), 20)
        }
    }
}

fn of_number(number: f64) -> Shown {
    if !number.is_finite() || number < 1e13 {
        return Shown::Nothing;
    }
    if number >= 1e17 {
        // fifteen significant digits are what a spreadsheet kept; more would be invented here
        let kept: String = format!("{number:.14e}")
            .chars()
            .take_while(|c| *c != 'e')
            .filter(char::is_ascii_digit)
            .collect();
        return if number < 1e22 { Shown::First15(kept) } else { Shown::Nothing };
    }
    let text = format!("{number:.0}");
    of_text(&text, 20)
}

/// `certificate_from`: so many characters and more are a disability certificate, the number and what follows it.
fn of_text(text: &str, certificate_from: usize) -> Shown {
    let folded: String = text.chars().map(plain).collect();
    let stripped: String =
        folded.chars().filter(|c| c.is_ascii_alphanumeric() || ".+*".contains(*c)).collect();
    if let Some(shown) = scientific(&stripped) {
        return shown;
    }
    let digits: String =
        stripped.chars().filter(|c| c.is_ascii_digit() || *c == 'X' || *c == '*').collect();
    if let Some((head, tail)) = digits.split_once('*') {
        let (head, tail) = (head.to_owned(), tail.trim_start_matches('*').to_owned());
        return if head.len() + tail.len() < 4 || tail.contains('*') {
            Shown::Nothing
        } else {
            Shown::Masked { head, tail }
        };
    }
    let repaired = digits != text;
    if digits.len() >= certificate_from {
        return digits.get(..18).map_or(Shown::Nothing, |number| of_digits(number, repaired));
    }
    if digits.len() < stripped.len() && matches!(stripped.len(), 15 | 18) {
        // letters that a scan took for digits, or that somebody typed for them
        let meant: String = stripped.chars().map(digit_meant).collect();
        match of_digits(&meant, true) {
            Shown::Slip(_) if meant.chars().any(|c| c.is_ascii_alphabetic() && c != 'X') => {}
            shown => return shown,
        }
    }
    of_digits(&digits, repaired)
}

/// The digit that a letter of the same shape stands for.
fn digit_meant(c: char) -> char {
    match c {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'B' => '8',
        _ => c,
    }
}

fn of_digits(digits: &str, repaired: bool) -> Shown {
    if is_valid(digits) {
        return Shown::Whole { digits: digits.to_owned(), repaired };
    }
    match digits.len() {
        18 if digits.ends_with("000") => Shown::First15(digits.chars().take(15).collect()),
        15 => upgraded(digits).map_or_else(
            || Shown::Slip(digits.to_owned()),
            |digits| Shown::Whole { digits, repaired: true },
        ),
        14..=20 => Shown::Slip(digits.to_owned()),
        _ => Shown::Nothing,
    }
}

/// The old number of fifteen digits with its century and check character.
fn upgraded(old: &str) -> Option<String> {
    IdNumber::of_fifteen(old)
        .map(|number| number.reveal().to_owned())
        .filter(|number| is_valid(number))
}

/// `5.12222E+17`, and `5.12222197407229e+17`, of which fifteen digits were kept.
fn scientific(text: &str) -> Option<Shown> {
    let (mantissa, exponent) = text.split_once('E')?;
    let exponent: usize = exponent.trim_start_matches('+').parse().ok()?;
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{first}{rest}");
    if first.len() != 1
        || !digits.bytes().all(|b| b.is_ascii_digit())
        || !(14..=22).contains(&(exponent + 1))
    {
        return None;
    }
    // fewer than fourteen digits after rounding are a display, not a number; one trailing zero may have been dropped
    if digits.len() < 14 || exponent + 1 < 17 {
        // the last digit shown may be rounded up
        return Some(Shown::Lost(digits.chars().take(digits.len().saturating_sub(1)).collect()));
    }
    let mut kept = digits;
    while kept.len() < 15 {
        kept.push('0');
    }
    kept.truncate(15);
    Some(Shown::First15(kept))
}

/// Two numbers that one slip of one finger tells apart: a digit replaced, two neighbours swapped, one left out or
/// typed twice.
pub fn one_slip_apart(one: &str, other: &str) -> bool {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    let same_head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let same_tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match a.len().abs_diff(b.len()) {
        0 if same_head == a.len() => false,
        0 => {
            let differing = a.len() - same_head - same_tail;
            let swapped = || {
                a.get(same_head) == b.get(same_head + 1) && a.get(same_head + 1) == b.get(same_head)
            };
            differing == 1 || (differing == 2 && swapped())
        }
        1 => same_head + same_tail >= a.len().min(b.len()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cell: &str) -> Shown {
        read(&AsRead::Text(cell.to_owned()))
    }

    fn whole(digits: &str) -> Shown {
        Shown::Whole { digits: digits.to_owned(), repaired: true }
    }

    #[test]
    fn what_spreadsheets_and_people_do_to_a_number_is_undone() {
        let right = "512222197503058574";
        assert_eq!(text(right), Shown::Whole { digits: right.into(), repaired: false });
        assert_eq!(text("512222197503058575"), Shown::Slip("512222197503058575".into()));
        assert_eq!(text("５１２２２２１９７５０３０５８５７４"), whole("512222197503058574"));
        assert_eq!(text("500234 19970917 8791"), whole("500234199709178791"));
        assert_eq!(text("'512222198209169454\t"), whole("512222198209169454"));
        assert_eq!(text("51222219860609867x"), whole("51222219860609867X"));
        assert_eq!(text("512222820826775"), whole("512222198208267757"));
        assert_eq!(text("5l2222197503058574"), whole("512222197503058574"));
        assert_eq!(text("5I22221975O3O58574"), whole("512222197503058574"));
        assert_eq!(text("5l2222197503058573"), Shown::Slip("512222197503058573".into()));
        assert_eq!(text("51222219860609867×"), whole("51222219860609867X"));
    }

    #[test]
    fn a_number_cell_keeps_fifteen_digits() {
        let fifteen = Shown::First15("512222198110099".into());
        assert_eq!(read(&AsRead::Number(5.122_221_981_100_99e17)), fifteen);
        assert_eq!(text("5.12222198110099e+17"), fifteen);
        assert_eq!(text("512222198110099000"), fifteen);
        assert_eq!(
            read_certificate(&AsRead::Number(5.122_221_956_042_98e19)),
            Shown::First15("512222195604298".into())
        );
    }

    #[test]
    fn what_is_only_displayed_is_lost() {
        assert_eq!(text("5.00110E+17"), Shown::Lost("50011".into()));
        assert_eq!(text("—"), Shown::Nothing);
        assert_eq!(text(""), Shown::Nothing);
    }

    #[test]
    fn certificates_and_roll_numbers_carry_the_number() {
        let number = "512222197503058574";
        let certificate = AsRead::Text(format!("{number}42"));
        assert!(
            matches!(read_certificate(&certificate), Shown::Whole { digits, .. } if digits == number)
        );
        let roll = AsRead::Text(format!("G{number}"));
        assert!(matches!(read_roll(&roll), Shown::Whole { digits, .. } if digits == number));
    }

    #[test]
    fn masked_numbers_show_both_ends() {
        assert_eq!(
            text("5122**********9742"),
            Shown::Masked { head: "5122".into(), tail: "9742".into() }
        );
    }

    #[test]
    fn one_slip_is_a_replaced_swapped_dropped_or_doubled_digit() {
        let number = "512222195403059742";
        assert!(one_slip_apart(number, "512222195403059743"));
        assert!(one_slip_apart(number, "512222194503059742"));
        assert!(one_slip_apart(number, "51222219540305942"));
        assert!(one_slip_apart(number, "5122222195403059742"));
        assert!(!one_slip_apart(number, number));
        assert!(!one_slip_apart(number, "512222195403059831"));
    }
}
