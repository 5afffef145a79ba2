//! Statistical area codes: twelve digits from the province down to the village.
//!
//! Two digits for the province, two for the city, two for the county, three for the town, three
//! for the village; what is not used is zero. A group (村民小组) has no code of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::BadText;

/// Level of an area; the wider one is the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaLevel {
    /// 省, 自治区, 直辖市.
    Province,
    /// 市, 地区, 自治州.
    City,
    /// 县, 区, 县级市, 旗.
    County,
    /// 乡, 镇, 街道.
    Town,
    /// 村委会, 居委会, 社区.
    Village,
}

impl AreaLevel {
    /// All levels, the widest first.
    pub const ALL: [AreaLevel; 5] = [
        AreaLevel::Province,
        AreaLevel::City,
        AreaLevel::County,
        AreaLevel::Town,
        AreaLevel::Village,
    ];

    /// Text in tables and JSON.
    pub const fn text(self) -> &'static str {
        match self {
            AreaLevel::Province => "province",
            AreaLevel::City => "city",
            AreaLevel::County => "county",
            AreaLevel::Town => "town",
            AreaLevel::Village => "village",
        }
    }

    /// How many digits of a code are used at this level.
    pub const fn digits(self) -> usize {
        match self {
            AreaLevel::Province => 2,
            AreaLevel::City => 4,
            AreaLevel::County => 6,
            AreaLevel::Town => 9,
            AreaLevel::Village => 12,
        }
    }
}

impl fmt::Display for AreaLevel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

impl FromStr for AreaLevel {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        AreaLevel::ALL
            .into_iter()
            .find(|level| level.text() == text)
            .ok_or(BadText { code: "area.not_a_level" })
    }
}

/// Digits of a code.
const LENGTH: usize = 12;

/// A twelve-digit area code. Its text order puts every area right before what lies in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode([u8; LENGTH]);

impl AreaCode {
    /// Reads exactly twelve digits, the first two not both zero.
    ///
    /// # Errors
    /// `area.not_a_code`.
    pub fn parse(text: &str) -> Result<Self, BadText> {
        let bad = BadText { code: "area.not_a_code" };
        let digits: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| bad)?;
        let fine = digits.iter().all(u8::is_ascii_digit) && !digits.starts_with(b"00");
        if fine { Ok(AreaCode(digits)) } else { Err(bad) }
    }

    /// Reads a code whose trailing zeros were left off: 2, 4, 6, 9 or 12 digits.
    ///
    /// # Errors
    /// `area.not_a_code`.
    pub fn parse_short(text: &str) -> Result<Self, BadText> {
        if AreaLevel::ALL.iter().any(|level| level.digits() == text.len()) {
            AreaCode::parse(&format!("{text:0<LENGTH$}"))
        } else {
            Err(BadText { code: "area.not_a_code" })
        }
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        // Always ASCII digits: the only constructors check it.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Level, told from the trailing zeros.
    pub fn level(self) -> AreaLevel {
        AreaLevel::ALL
            .into_iter()
            .find(|level| self.0.iter().skip(level.digits()).all(|digit| *digit == b'0'))
            .unwrap_or(AreaLevel::Village)
    }

    /// The digits in use: `140430` for a county.
    pub fn prefix(&self) -> &str {
        self.as_str().get(..self.level().digits()).unwrap_or_default()
    }

    /// The area at this level that the code lies in; `None` if the code itself is wider.
    pub fn at(self, level: AreaLevel) -> Option<AreaCode> {
        (self.level() >= level).then(|| self.filled(level.digits(), b'0'))
    }

    /// The next wider area; `None` for a province.
    pub fn parent(self) -> Option<AreaCode> {
        AreaLevel::ALL
            .into_iter()
            .rev()
            .find(|level| *level < self.level())
            .and_then(|level| self.at(level))
    }

    /// Lowest and highest code of the area and all below it, both included: for a county
    /// `140430000000` and `140430999999`, for a village the village twice. For `between` in SQL.
    pub fn range(self) -> (AreaCode, AreaCode) {
        let digits = self.level().digits();
        (self, self.filled(digits, b'9'))
    }

    /// Whether the other area is this one or lies in it.
    pub fn contains(self, other: AreaCode) -> bool {
        let (low, high) = self.range();
        low <= other && other <= high
    }

    fn filled(self, keep: usize, with: u8) -> AreaCode {
        let mut digits = self.0;
        digits.iter_mut().skip(keep).for_each(|digit| *digit = with);
        AreaCode(digits)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for AreaCode {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        AreaCode::parse(text)
    }
}

serde_as_text!(AreaCode);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> AreaCode {
        AreaCode::parse(text).unwrap()
    }

    #[test]
    fn the_level_is_told_from_the_zeros() {
        for (text, level, prefix, parent) in [
            ("140000000000", AreaLevel::Province, "14", None),
            ("140400000000", AreaLevel::City, "1404", Some("140000000000")),
            ("140430000000", AreaLevel::County, "140430", Some("140400000000")),
            ("140430203000", AreaLevel::Town, "140430203", Some("140430000000")),
            ("140430203200", AreaLevel::Village, "140430203200", Some("140430203000")),
            ("500154201000", AreaLevel::Town, "500154201", Some("500154000000")),
        ] {
            assert_eq!(code(text).level(), level, "{text}");
            assert_eq!(code(text).prefix(), prefix);
            assert_eq!(code(text).parent(), parent.map(code));
        }
    }

    #[test]
    fn the_range_of_a_county_holds_its_villages_only() {
        let county = code("140430000000");
        assert_eq!(county.range(), (code("140430000000"), code("140430999999")));
        assert!(county.contains(code("140430203200")));
        assert!(county.contains(county));
        assert!(!county.contains(code("140431203200")));
        assert!(!code("140430203200").contains(code("140430203000")));
        assert_eq!(code("140430203200").range().1, code("140430203200"));
    }

    #[test]
    fn only_twelve_digits_are_a_code() {
        for bad in ["", "14043", "1404302032000", "14043020320x", "000000000000", "１40430203"] {
            assert!(AreaCode::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(AreaCode::parse_short("140430"), Ok(code("140430000000")));
        assert!(AreaCode::parse_short("14043").is_err());
    }

    proptest! {
        #[test]
        fn every_area_lies_in_all_its_parents(text in "[1-9][0-9]{11}") {
            let village = code(&text);
            prop_assert_eq!(AreaCode::parse(&village.to_string()), Ok(village));
            prop_assert!(village.contains(village));
            let mut area = village;
            while let Some(parent) = area.parent() {
                prop_assert!(parent.contains(village));
                prop_assert!(parent.level() < area.level());
                prop_assert!(parent < village);
                area = parent;
            }
            prop_assert_eq!(area.level(), AreaLevel::Province);
        }
    }
}
