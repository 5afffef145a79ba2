//! The townships and villages of the sample county, from its code list.

use anyhow::{Context as _, Result};

use super::words::AREAS;

/// A village.
#[derive(Debug, Clone)]
pub struct Village {
    /// The twelve digits.
    pub code: String,
    /// 西汤村.
    pub name: String,
    /// A name that it had before; empty if none.
    pub former: String,
    /// Place of its township among the townships.
    pub town: usize,
    /// Whether it received families who were moved.
    pub settlement: bool,
}

/// A township.
#[derive(Debug, Clone)]
pub struct Town {
    /// The twelve digits.
    pub code: String,
    /// 牛寺乡.
    pub name: String,
}

/// All places.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// 山西省.
    pub province: String,
    /// 长治市.
    pub city: String,
    /// 沁县.
    pub county: String,
    /// The twelve digits of the county.
    pub county_code: String,
    /// The townships in the order of the list.
    pub towns: Vec<Town>,
    /// The villages in the order of the list.
    pub villages: Vec<Village>,
}

impl Places {
    /// Reads the code list that ships with the program.
    ///
    /// # Errors
    /// Text that says what the list lacks; a test reads it.
    pub fn load() -> Result<Self> {
        let mut places = Places::default();
        let mut reader = csv::Reader::from_reader(AREAS.as_bytes());
        for record in reader.records() {
            let record = record.context("packs/sample/areas.csv")?;
            let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
            let (code, name) = (cell(0), cell(1));
            match cell(3).as_str() {
                "province" => places.province = name,
                "city" => places.city = name,
                "county" => (places.county, places.county_code) = (name, code),
                "town" => places.towns.push(Town { code, name }),
                _ => {
                    let parent = cell(4);
                    let town = places.towns.iter().position(|town| town.code == parent);
                    places.villages.push(Village {
                        code,
                        name,
                        former: cell(6),
                        town: town.context("packs/sample/areas.csv: a village without its town")?,
                        settlement: cell(5).contains("安置"),
                    });
                }
            }
        }
        anyhow::ensure!(
            places.towns.len() >= 2 && places.villages.len() >= 10,
            "packs/sample/areas.csv is too small"
        );
        Ok(places)
    }

    /// The six digits of the county.
    pub fn county_digits(&self) -> &str {
        self.county_code.get(..6).unwrap_or_default()
    }

    /// The township of a village, by name.
    pub fn town_of(&self, village: usize) -> &str {
        self.villages
            .get(village)
            .and_then(|village| self.towns.get(village.town))
            .map_or("", |town| town.name.as_str())
    }

    /// A village by name.
    pub fn village(&self, village: usize) -> &str {
        self.villages.get(village).map_or("", |village| village.name.as_str())
    }

    /// The former name of a village.
    pub fn former(&self, village: usize) -> &str {
        self.villages.get(village).map_or("", |village| village.former.as_str())
    }
}
