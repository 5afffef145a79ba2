//! What the county publishes for the public side: places, kinds of trouble, phones, and where declarations stand. Nobody's
//! name, number or words are in it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::lang::Lang;
use kernel::time::Day;
use serde::{Deserialize, Serialize};

/// The name of the file in the folder.
pub const PUBLISHED: &str = "published.json";

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// In one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }
}

/// A village.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
}

/// A township with its villages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Town {
    /// Its code.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
    /// Whom to call; empty where nobody has entered it.
    pub phone: String,
    /// Its villages.
    pub villages: Vec<Place>,
}

/// How far something has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Taken in; somebody looks whom it is about.
    Received,
    /// The village or township looks into it, until the day.
    Checking,
    /// Answered on the day.
    Answered,
    /// Whom it is about was not found in this county.
    NotHere,
    /// Nothing could be followed.
    Closed,
    /// What a later step says of itself.
    Later,
}

/// Where one declaration stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The step.
    pub step: Step,
    /// The day by which something happens, or on which it happened.
    pub day: Option<Day>,
    /// How it was answered, a word of the county's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The reason in plain words; of a later step, what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
    /// Why, of a later step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Said>,
    /// Whose phone is to be called.
    pub town: Option<AreaCode>,
    /// The answer can be objected to.
    pub may_object: bool,
    /// An objection waits for an answer.
    #[serde(default)]
    pub objected: bool,
    /// The last objection was answered on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Day>,
}

impl Status {
    /// A step of which nothing more is said.
    #[must_use]
    pub const fn of(step: Step) -> Self {
        Self {
            step,
            day: None,
            outcome: None,
            said: None,
            why: None,
            town: None,
            may_object: false,
            objected: false,
            answered: None,
        }
    }
}

/// What the county publishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// To whom letters are sealed.
    pub address: String,
    /// The name of the county.
    pub county: String,
    /// Working days within which somebody comes.
    pub days: u16,
    /// Townships and their villages.
    pub towns: Vec<Town>,
    /// Kinds of trouble in plain words.
    pub kinds: Vec<(String, Said)>,
    /// Where declarations stand, by the digest of their code.
    pub statuses: BTreeMap<String, Status>,
}

impl Published {
    /// Reads the file.
    ///
    /// # Errors
    /// `declarations.nothing_published` when it is missing or not whole.
    pub fn read(folder: &Path) -> Result<Self> {
        let refused = || Refusal::unavailable("declarations.nothing_published");
        let text = fs::read(folder.join(PUBLISHED)).map_err(|_| refused())?;
        Ok(serde_json::from_slice(&text).map_err(|_| refused())?)
    }

    /// Writes the file whole or not at all; whether it differs from the one before.
    ///
    /// # Errors
    /// Faults of the folder.
    pub fn write(&self, folder: &Path) -> Result<bool> {
        let text = serde_json::to_vec(self).map_err(|why| kernel::Error::fault(why.to_string()))?;
        let path = folder.join(PUBLISHED);
        if fs::read(&path).is_ok_and(|before| before == text) {
            return Ok(false);
        }
        fs::create_dir_all(folder)?;
        let beside = folder.join(format!("{PUBLISHED}.new"));
        let mut file = fs::File::create(&beside)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        Ok(true)
    }

    /// The township of a village.
    #[must_use]
    pub fn town_of(&self, village: AreaCode) -> Option<&Town> {
        self.towns.iter().find(|town| town.villages.iter().any(|one| one.code == village))
    }

    /// A township by its code.
    #[must_use]
    pub fn town(&self, code: AreaCode) -> Option<&Town> {
        self.towns.iter().find(|town| town.code == code)
    }
}
