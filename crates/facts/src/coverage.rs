//! Which lists have arrived, for which areas: the one small thing that turns an absent event into "none".

use std::collections::BTreeMap;

use crate::column::Coverage;

/// Added to the months of a window in which one delivery is enough: of a list whose newest delivery says how things stand.
pub const ANY_WITHIN: u16 = 1_000;

/// How far a list reaches on the day of reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Extent {
    /// Delivered for the whole county and the whole window.
    Whole,
    /// Delivered for these areas only: inclusive ranges of 12-digit village codes.
    Areas(Vec<(String, String)>),
    /// Not delivered, or not for the whole window.
    #[default]
    Incomplete,
}

impl Extent {
    /// Whether a village is inside.
    pub fn holds(&self, village: &str) -> bool {
        match self {
            Self::Whole => true,
            Self::Areas(ranges) => {
                ranges.iter().any(|(low, high)| village >= low.as_str() && village <= high.as_str())
            }
            Self::Incomplete => false,
        }
    }
}

/// The coverage of every list on one day. A list that is not mentioned is incomplete.
#[derive(Debug, Clone, Default)]
pub struct CoverageView {
    extents: BTreeMap<(String, u16), Extent>,
    otherwise: Extent,
}

impl CoverageView {
    /// Every list complete, for tests of rules and for tables that were derived from complete data.
    pub fn everything() -> Self {
        Self { extents: BTreeMap::new(), otherwise: Extent::Whole }
    }

    /// No list has arrived.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Says how far a list reaches over a window of so many months.
    pub fn set(&mut self, list: &str, window_months: u16, extent: Extent) {
        self.extents.insert((list.to_owned(), window_months), extent);
    }

    /// How far the list behind a column reaches.
    pub fn extent(&self, coverage: &Coverage) -> &Extent {
        let key = (coverage.list.to_owned(), coverage.window_months);
        self.extents.get(&key).unwrap_or(&self.otherwise)
    }
}
