//! Findings: what is wrong in a file, where, and how serious it is. An import never stops at one.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::message_id;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; the value was taken, perhaps after a repair.
    Note,
    /// The row was taken, but a value of it is doubtful or left out.
    Warning,
    /// The row was not taken until somebody mends it.
    Error,
}

impl Severity {
    /// Text in tables and JSON.
    pub const fn text(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity of a text, `None` if it is none.
    pub fn from_text(text: &str) -> Option<Self> {
        [Severity::Note, Severity::Warning, Severity::Error].into_iter().find(|s| s.text() == text)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

/// Where in a delivered file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Path of the file within what was delivered, e.g. `departments/医保_2026-03.xlsx`.
    pub file: String,
    /// Name of the sheet; empty in a text file.
    pub sheet: String,
    /// Row or line, counted from 1; `None` for the whole sheet.
    pub row: Option<u32>,
    /// Column, counted from 1; `None` for the whole row.
    pub column: Option<u32>,
}

impl Place {
    /// The whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Place { file: file.into(), ..Place::default() }
    }

    /// The same file, this sheet.
    #[must_use]
    pub fn sheet(mut self, sheet: impl Into<String>) -> Self {
        self.sheet = sheet.into();
        self
    }

    /// The same sheet, this row (from 1).
    #[must_use]
    pub fn row(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }

    /// The same row, this column (from 1).
    #[must_use]
    pub fn column(mut self, column: u32) -> Self {
        self.column = Some(column);
        self
    }

    /// Address as the spreadsheet shows it: `H15`, `15` for a row, empty for a sheet.
    pub fn cell(&self) -> String {
        let letters = self.column.map(column_letters).unwrap_or_default();
        match self.row {
            Some(row) => format!("{letters}{row}"),
            None => letters,
        }
    }
}

/// Letters of a column counted from 1: 1 is `A`, 27 is `AA`; 0 is empty.
pub fn column_letters(column: u32) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from_u32(u32::from(b'A') + digit).unwrap_or('A'));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// One thing that is wrong in a file.
///
/// `args` may be personal; `Debug` shows only their names.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `room.reason`; the sentence stands in the locale files under [`Finding::message_id`].
    pub code: Cow<'static, str>,
    /// How serious.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// Arguments of the sentence: name in the locale file, text to put there.
    pub args: Vec<(Cow<'static, str>, String)>,
}

impl Finding {
    /// A finding without a place and arguments.
    pub fn new(code: impl Into<Cow<'static, str>>, severity: Severity) -> Self {
        Finding { code: code.into(), severity, place: Place::default(), args: Vec::new() }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((Cow::Borrowed(name), value.to_string()));
        self
    }

    /// The message in the locale files; its attribute `.advice` says what to do.
    /// `cells.not_an_amount` is `finding-cells-not_an_amount`.
    pub fn message_id(&self) -> String {
        message_id("finding", &self.code)
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args: Vec<&str> = self.args.iter().map(|(name, _)| name.as_ref()).collect();
        out.debug_struct("Finding")
            .field("code", &self.code)
            .field("severity", &self.severity)
            .field("place", &self.place)
            .field("args", &args)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_as_the_spreadsheet_names_it() {
        let place = Place::file("a.xlsx").sheet("户").row(15).column(8);
        assert_eq!(place.cell(), "H15");
        assert_eq!(column_letters(26), "Z");
        assert_eq!(column_letters(27), "AA");
        assert_eq!(column_letters(34), "AH");
        assert_eq!(column_letters(703), "AAA");
        assert_eq!(Place::file("a.csv").row(3).cell(), "3");
    }

    #[test]
    fn a_finding_survives_json() {
        let finding = Finding::new("cells.not_an_amount", Severity::Error)
            .at(Place::file("a.csv").row(3).column(2))
            .arg("text", "一百");
        let json = serde_json::to_string(&finding).unwrap();
        assert_eq!(serde_json::from_str::<Finding>(&json).unwrap(), finding);
        assert_eq!(finding.message_id(), "finding-cells-not_an_amount");
        assert!(!format!("{finding:?}").contains("一百"));
    }
}
