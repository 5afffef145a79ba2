//! What a row says while nobody knows about whom: kept sealed beside the question, so that a decision is one short
//! transaction and does not read the file again (a workbook of 20 MB takes seconds to open, a person decides in three).

use kernel::error::{Error, Result};
use kernel::finding::Severity;
use kernel::time::Day;
use serde::{Deserialize, Serialize};
use store::Keys;

use super::bodies::body_of;
use super::matching::event_key;
use super::period::Said;
use super::reading::ReadRow;
use super::template::Template;

/// Stands in the text of an event where the subject's id will be.
const SUBJECT: &str = "\u{1e}";

/// What is recorded once the row has found its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// A cell that counts cannot be read: the row stays rejected for this reason, whoever it speaks of.
    pub broken: Option<String>,
    /// Topic of the record; empty when broken.
    pub topic: String,
    /// Source of the record.
    pub department: String,
    /// Body of the record.
    pub body: String,
    /// The day it speaks of.
    pub day: Option<Day>,
    event: String,
}

impl Waiting {
    /// What `row` says.
    ///
    /// # Errors
    /// A fault when the template names a topic that no list delivers.
    pub fn of(template: &Template, said: &Said, row: &ReadRow) -> Result<Self> {
        let broken = row.findings.iter().find(|finding| finding.severity == Severity::Error);
        let mut waiting = Waiting {
            broken: broken.map(|finding| finding.code.to_string()),
            topic: String::new(),
            department: template.department.clone(),
            body: String::new(),
            day: row.event_date,
            event: event_key(template, said, row, SUBJECT),
        };
        if waiting.broken.is_none() {
            let (statement, _) = body_of(template, said, row)?;
            waiting.topic = statement.topic.as_str().to_owned();
            waiting.body = statement.body;
            waiting.day = Some(statement.day);
        }
        Ok(waiting)
    }

    /// The event as one text, now that the subject is known.
    pub fn event_of(&self, subject: &str) -> String {
        self.event.replacen(SUBJECT, subject, 1)
    }

    /// For the database.
    ///
    /// # Errors
    /// A fault when it cannot be written as JSON.
    pub fn seal(&self, keys: &Keys) -> Result<String> {
        let text = serde_json::to_string(self)
            .map_err(|why| Error::fault(format!("waiting statement: {why}")))?;
        keys.seal_text(&text)
    }

    /// From the database.
    ///
    /// # Errors
    /// A fault when it was sealed with another key or has another form.
    pub fn open(keys: &Keys, sealed: &str) -> Result<Self> {
        serde_json::from_str(&keys.open_text(sealed)?)
            .map_err(|why| Error::fault(format!("waiting statement: {why}")))
    }
}
