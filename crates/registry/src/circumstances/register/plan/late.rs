//! What a register changes about households that are known.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use store::Value;

/// Changes of known households, carried out when the batch is accepted. Parameters of the statements in `queries`.
#[derive(Debug, Default)]
pub(in crate::circumstances::register) struct Late {
    pub(in crate::circumstances::register) ended_stays: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) opened_stays: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) ended_statuses: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) statuses: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) heads: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) moved: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) standing: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) persons: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) renamed: Vec<Vec<Value>>,
    pub(in crate::circumstances::register) search_keys: Vec<Vec<Value>>,
    /// Villages that the register speaks of.
    pub(in crate::circumstances::register) covered: BTreeSet<AreaCode>,
    /// Rows of `register_absences`.
    pub(in crate::circumstances::register) absent: Vec<Vec<Value>>,
}

impl Late {
    pub(super) fn size(&self) -> usize {
        self.ended_stays.len()
            + self.opened_stays.len()
            + self.ended_statuses.len()
            + self.statuses.len()
            + self.heads.len()
            + self.standing.len()
    }
}
