//! Which rows a fact came from. Nothing of it is stored: an explanation derives the household once more and listens.

use std::collections::BTreeMap;

use super::input::Origin;

/// Hears where values come from while a household is derived.
pub trait Trace {
    /// The row counts for the column.
    fn saw(&mut self, column: &'static str, origin: Origin);
}

/// Does not listen: for the thousands of households of a rebuild.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unheard;

impl Trace for Unheard {
    fn saw(&mut self, _column: &'static str, _origin: Origin) {}
}

/// The rows behind each column of one household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    rows: BTreeMap<&'static str, Vec<Origin>>,
}

/// Columns that are worked out from others; their rows are the rows of those.
const WORKED_OUT: &[(&str, &[&str])] = &[
    ("income_pc", &["income_12m", "persons"]),
    ("income_pc_prev", &["income_prev_12m", "persons"]),
    ("income_reference_12m", &["income_12m", "oop_12m"]),
    ("income_reference_pc", &["income_12m", "oop_12m", "persons"]),
    ("insurance_ok", &["uninsured"]),
    ("schooling_ok", &["dropout_suspects", "school_age_out"]),
    ("housing_ok", &["house_grade", "house_cd"]),
    ("hospital_stays", &["oop_12m"]),
    ("hospital_total_12m", &["oop_12m"]),
    ("students_paying", &["edu_cost"]),
    ("disaster_count", &["disaster_loss"]),
    ("loan_overdue", &["loan_balance"]),
    ("elder_alone", &["elders", "persons"]),
];

impl Trace for Evidence {
    fn saw(&mut self, column: &'static str, origin: Origin) {
        let rows = self.rows.entry(column).or_default();
        if !rows.contains(&origin) {
            rows.push(origin);
        }
    }
}

impl Evidence {
    /// The rows behind a column, in the order in which they counted.
    #[must_use]
    pub fn of(&self, column: &str) -> Vec<Origin> {
        let own = self.rows.get(column).cloned().unwrap_or_default();
        if !own.is_empty() {
            return own;
        }
        let parts =
            WORKED_OUT.iter().find(|(name, _)| *name == column).map_or(&[][..], |(_, parts)| parts);
        let mut all = Vec::new();
        for row in parts.iter().filter_map(|part| self.rows.get(part)).flatten() {
            if !all.contains(row) {
                all.push(*row);
            }
        }
        all
    }
}
