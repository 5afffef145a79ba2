//! The words and the printed forms of the sample county, as data of `packs/sample`.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use kernel::time::{Day, Month};
use serde::Deserialize;

const WORDS: &str = include_str!("../../../../packs/sample/words.toml");
const LISTS: &str = include_str!("../../../../packs/sample/lists.toml");
/// The code list of the sample county.
pub const AREAS: &str = include_str!("../../../../packs/sample/areas.csv");

/// What somebody calls about.
#[derive(Debug, Clone, Deserialize)]
pub struct Call {
    /// Category (类别).
    pub category: String,
    /// What is said; `{village}` stands for the place.
    pub text: String,
}

/// What a sample person answered.
#[derive(Debug, Clone, Deserialize)]
pub struct Said {
    /// Code of the outcome.
    pub outcome: String,
    /// In their own words.
    pub reason: String,
}

/// The words out of which people and events are made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names are those of the file, which explains them")]
pub struct Words {
    pub surnames: String,
    pub given_men: String,
    pub given_women: String,
    pub given_boys: String,
    pub given_girls: String,
    pub variants: String,
    pub sounds: String,
    pub hospitals: Vec<String>,
    pub places_away: Vec<String>,
    pub employers: Vec<String>,
    pub posts: Vec<String>,
    pub nations: Vec<String>,
    pub disabilities: Vec<String>,
    pub fuels: Vec<String>,
    pub roads: Vec<String>,
    pub risks: Vec<String>,
    pub remarks: Vec<String>,
    pub comments: Vec<String>,
    pub water_causes: Vec<String>,
    pub water_means: Vec<String>,
    pub structures: Vec<String>,
    pub vehicles: Vec<String>,
    pub losses: Vec<String>,
    pub complaints: Vec<Call>,
    pub people: BTreeMap<String, String>,
    pub answers: Vec<Said>,
}

/// How a department prints a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    /// Name of the file, with blanks to fill in.
    pub file: String,
    /// Name of the sheet; empty in a text table.
    #[serde(default)]
    pub sheet: String,
    /// Lines above the heading.
    #[serde(default)]
    pub titles: Vec<String>,
    /// One or two rows.
    pub headings: Vec<Vec<String>>,
    /// Lines below the last row.
    #[serde(default)]
    pub below: Vec<String>,
}

/// All printed forms by name.
pub type Lists = BTreeMap<String, Printed>;

/// Reads both files.
///
/// # Errors
/// Text that says which file does not have its form; a test reads them.
pub fn load() -> Result<(Words, Lists)> {
    let words = toml::from_str(WORDS).context("packs/sample/words.toml")?;
    let lists = toml::from_str(LISTS).context("packs/sample/lists.toml")?;
    Ok((words, lists))
}

/// What fills the blanks of a form.
#[derive(Debug, Clone, Default)]
pub struct Blanks(Vec<(&'static str, String)>);

impl Blanks {
    /// For a month.
    pub fn month(month: Month) -> Self {
        let days = month.last_day().to_string();
        Blanks(vec![
            ("{year}", month.year().to_string()),
            ("{month}", month.month().to_string()),
            ("{mm}", format!("{:02}", month.month())),
            ("{days}", days.get(8..).unwrap_or_default().to_owned()),
        ])
    }

    /// For a day.
    pub fn day(day: Day) -> Self {
        let text = day.to_string();
        let mut blanks = Self::month(day.in_month());
        blanks.0.push(("{dd}", text.get(8..).unwrap_or_default().to_owned()));
        blanks
    }

    /// And this one.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, value.to_string()));
        self
    }

    /// The text with its blanks filled in.
    pub fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_have_their_form_and_the_blanks_are_filled() {
        let (words, lists) = load().unwrap();
        assert!(words.surnames.chars().count() > 80);
        assert_eq!(words.variants.chars().count() % 2, 0);
        assert_eq!(words.sounds.chars().count() % 2, 0);
        let month = Month::parse("2026-02").unwrap();
        assert_eq!(
            Blanks::month(month).fill(&lists["medical"].file),
            "departments/医保_住院结算_2026-02.xlsx"
        );
        assert_eq!(Blanks::month(month).fill("{month}.{days}"), "2.28");
    }
}
