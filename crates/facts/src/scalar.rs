//! A value as a fact table stores it.

use std::collections::BTreeMap;

/// A stored value. Money is `Int` in fen, yes/no `Int` 0 or 1, a day `Text`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Scalar {
    /// Cannot tell (or, under coverage, nothing happened).
    #[default]
    Null,
    /// BIGINT.
    Int(i64),
    /// DOUBLE PRECISION.
    Real(f64),
    /// TEXT.
    Text(String),
}

/// One row of a fact table by column name; a column that is not there is NULL.
pub type FactRow = BTreeMap<String, Scalar>;

/// What a predicate is asked about when no database is at hand: a household (or village), and its members.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// The 12-digit village code: parameters and coverage depend on it.
    pub village: String,
    /// The facts of the subject.
    pub row: FactRow,
    /// The facts of each person of the household, for `members(…)`.
    pub members: Vec<FactRow>,
}
