//! Telephone numbers: mobile and landline numbers of the mainland.

use std::fmt;
use std::str::FromStr;

use crate::text::BadText;
use crate::width::{compact, is_quote};

/// A telephone number in its normal form: digits only, without +86; a landline begins with 0.
///
/// Neither `Display` nor `Debug` shows it whole; [`Phone::reveal`] does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a cell: blanks, dashes, brackets, full-width digits, an apostrophe and +86 are taken
    /// off. A mobile number has eleven digits and begins with 13–19; a landline has its area code.
    ///
    /// # Errors
    /// `phone.empty`, `phone.masked`, `phone.not_a_number`, `phone.wrong_length`.
    pub fn read(cell: &str) -> Result<Self, BadText> {
        let bad = |code| Err(BadText { code });
        let text: String = compact(cell)
            .chars()
            .filter(|c| !is_quote(*c) && !matches!(c, '-' | '(' | ')' | '–' | '—' | '.'))
            .collect();
        if text.is_empty() {
            return bad("phone.empty");
        }
        if text.contains('*') {
            return bad("phone.masked");
        }
        let text = ["+86", "0086"].iter().find_map(|p| text.strip_prefix(p)).unwrap_or(&text);
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return bad("phone.not_a_number");
        }
        let text = match text.strip_prefix("86") {
            Some(rest) if is_mobile(rest) => rest,
            _ => text,
        };
        if is_mobile(text) || is_landline(text) {
            Ok(Phone(text.to_owned()))
        } else {
            bad("phone.wrong_length")
        }
    }

    /// Reads a cell that holds a number instead of text.
    ///
    /// # Errors
    /// As [`Phone::read`].
    pub fn read_number_cell(number: f64) -> Result<Self, BadText> {
        if number.is_finite() && number.fract() == 0.0 && number > 0.0 {
            Phone::read(&format!("{number:.0}"))
        } else {
            Err(BadText { code: "phone.not_a_number" })
        }
    }

    /// The whole number: only for sealing, digests, and a reveal that is journalled.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether it is a mobile number.
    pub fn is_mobile(&self) -> bool {
        is_mobile(&self.0)
    }

    /// The last four digits, by which people search.
    pub fn tail(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default()
    }

    /// For pages and papers: `138****5678`; a landline keeps its area code and its last two.
    pub fn masked(&self) -> String {
        let keep_end = if self.is_mobile() { 4 } else { 2 };
        let end = self.0.len().saturating_sub(keep_end);
        let stars = "*".repeat(end.saturating_sub(3));
        let part = |range| self.0.get::<std::ops::Range<usize>>(range).unwrap_or_default();
        format!("{}{stars}{}", part(0..3), part(end..self.0.len()))
    }
}

fn is_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9)
}

fn is_landline(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'0', b'1'..=b'9', rest @ ..] if (8..=10).contains(&rest.len()))
}

impl fmt::Display for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.masked())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl FromStr for Phone {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        Phone::read(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn phones_are_read_in_many_forms() {
        for (cell, normal, masked) in [
            ("16075050152", "16075050152", "160****0152"),
            ("160 7505 0152", "16075050152", "160****0152"),
            ("160-7505-0152", "16075050152", "160****0152"),
            ("'16075050152\t", "16075050152", "160****0152"),
            ("１６０７５０５０１５２", "16075050152", "160****0152"),
            ("+86 16075050152", "16075050152", "160****0152"),
            ("008616075050152", "16075050152", "160****0152"),
            ("8616075050152", "16075050152", "160****0152"),
            ("0355-7022345", "03557022345", "035******45"),
            ("(023)52661234", "02352661234", "023******34"),
        ] {
            let phone = Phone::read(cell).unwrap();
            assert_eq!(phone.reveal(), normal, "{cell}");
            assert_eq!(phone.masked(), masked);
            assert_eq!(format!("{phone:?}"), masked);
        }
        assert_eq!(Phone::read("16075050152").unwrap().tail(), "0152");
        assert_eq!(Phone::read_number_cell(16_075_050_152.0), Phone::read("16075050152"));
    }

    #[test]
    fn what_is_no_phone_is_refused_with_a_reason() {
        for (cell, code) in [
            ("", "phone.empty"),
            ("1607505015", "phone.wrong_length"),
            ("160750501522", "phone.wrong_length"),
            ("12075050152", "phone.wrong_length"),
            ("7022345", "phone.wrong_length"),
            ("160****0152", "phone.masked"),
            ("无", "phone.not_a_number"),
            ("16075050152/16075050153", "phone.not_a_number"),
        ] {
            assert_eq!(Phone::read(cell), Err(BadText { code }), "{cell}");
        }
        assert!(Phone::read_number_cell(0.5).is_err());
    }

    proptest! {
        #[test]
        fn the_normal_form_is_stable_and_masked_forms_hide_the_middle(mobile in "1[3-9][0-9]{9}") {
            let phone = Phone::read(&mobile).unwrap();
            prop_assert_eq!(Phone::read(phone.reveal()), Ok(phone.clone()));
            prop_assert_eq!(phone.to_string().matches('*').count(), 4);
        }

        #[test]
        fn no_cell_makes_the_reader_panic(cell in "\\PC{0,24}", number in any::<f64>()) {
            let _ = Phone::read(&cell);
            let _ = Phone::read_number_cell(number);
        }
    }
}
