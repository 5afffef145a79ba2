//! The buffered access log: denied attempts, reveals, exports. It never holds up a request.

use std::sync::PoisonError;

use kernel::error::Result;
use kernel::time::Instant;

use crate::db::Db;
use crate::tx::Tx;
use crate::value::Value;

/// One line of the access log. References only, no identity numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessNote {
    /// When.
    pub at: Instant,
    /// Whose account.
    pub account: String,
    /// `denied`, `not_found`, `reveal`, `export`.
    pub kind: &'static str,
    /// What was tried.
    pub verb: String,
    /// On what.
    pub about: String,
    /// The request's number.
    pub request: String,
}

impl Db {
    pub(crate) fn note_access(&self, note: AccessNote) {
        self.shared.access.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    /// Writes the buffered notes. Called by a job every second, and before the program ends.
    pub fn flush_access(&self) -> Result<usize> {
        let notes =
            std::mem::take(&mut *self.shared.access.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(last) = notes.last() else { return Ok(0) };
        let mut tx = Tx::begin(self, last.at, last.at.day())?;
        let count = tx.exec_many(
            "insert into access_log (at, account_id, kind, verb, about, request) values ($1, $2, $3, $4, $5, $6)",
            notes.iter().map(|note| {
                vec![
                    note.at.into(),
                    Value::from(&note.account),
                    note.kind.into(),
                    Value::from(&note.verb),
                    Value::from(&note.about),
                    Value::from(&note.request),
                ]
            }),
        )?;
        tx.commit_unseen()?;
        Ok(count)
    }
}
