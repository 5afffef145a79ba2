//! Dated parameters as a predicate sees them: by name, on one day, perhaps different from area to area.

use std::collections::BTreeMap;

use crate::column::{Kind, Unit};
use crate::scalar::Scalar;

/// The value of a parameter in one area.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaValue {
    /// First 12-digit code of the area.
    pub low: String,
    /// Last 12-digit code of the area.
    pub high: String,
    /// The value as stored: money in fen.
    pub value: Scalar,
}

/// One parameter on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Kind; decides what it may be compared with.
    pub kind: Kind,
    /// What the number counts.
    pub unit: Unit,
    /// Its name for people, Simplified Chinese.
    pub title_zh: String,
    /// Its name for people, English.
    pub title_en: String,
    /// Values, the most special area first; the first that holds a village counts.
    pub values: Vec<AreaValue>,
}

impl Param {
    /// A parameter with one value everywhere.
    pub fn everywhere(kind: Kind, unit: Unit, value: Scalar) -> Self {
        let all = AreaValue { low: "0".repeat(12), high: "9".repeat(12), value };
        let (title_zh, title_en) = (String::new(), String::new());
        Self { kind, unit, title_zh, title_en, values: vec![all] }
    }

    /// Names it in both languages.
    #[must_use]
    pub fn titled(mut self, zh: &str, en: &str) -> Self {
        (self.title_zh, self.title_en) = (zh.to_owned(), en.to_owned());
        self
    }

    /// The value in a village; `Null` where none is set.
    pub fn at(&self, village: &str) -> Scalar {
        self.values
            .iter()
            .find(|area| village >= area.low.as_str() && village <= area.high.as_str())
            .map_or(Scalar::Null, |area| area.value.clone())
    }

    /// The value, if it is the same everywhere.
    pub fn only_value(&self) -> Option<&Scalar> {
        match self.values.as_slice() {
            [one] => Some(&one.value),
            _ => None,
        }
    }
}

/// All parameters of a pack on one day, by name.
pub type Params = BTreeMap<String, Param>;
