//! Indicators that a county defines itself: `indicators/<id>.toml` of its pack. What is counted and how is policy: it is
//! drafted, checked, published by a second person and taken back like a value. The figures are another room's.

use serde::{Deserialize, Serialize};

use super::Words;
use super::lists::is_code;
use super::pack::{Pack, PackFault, PackProblem, is_in, problem, read_toml};

kernel::word_list! {
    /// What an indicator counts: the rows of which table of facts.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Counted, "policies.indicator_counts", code:
    /// Households.
    Household = "household";
    /// Persons.
    Person = "person";
}

/// An indicator: `indicators/<id>.toml`. With a base it is a share: of the rows of the base, how many meet the condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorDef {
    /// Its code: it stands in addresses and in plans.
    pub id: String,
    /// What people call it; English falls back to Chinese.
    pub title: Words,
    /// What stands behind the number; English falls back to Chinese.
    pub unit: Words,
    /// What is counted.
    pub counted: Counted,
    /// The condition, a predicate over the facts of what is counted.
    pub when: String,
    /// Of which rows the share is taken; none for a plain number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The definition in words; English falls back to Chinese.
    pub definition: Words,
    /// The document that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Or why the county has set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_locally: Option<String>,
}

impl IndicatorDef {
    /// Where it stands in a pack.
    #[must_use]
    pub fn path_of(id: &str) -> String {
        format!("indicators/{id}.toml")
    }

    /// Reads one file. Whether its condition can be asked is the business of the room that has the figures.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<PackProblem>> {
        let mut one: Self = read_toml(file, text).map_err(|problem| vec![problem])?;
        for words in [&mut one.title, &mut one.unit, &mut one.definition] {
            if words.en.trim().is_empty() {
                words.en.clone_from(&words.zh);
            }
        }
        let mut faults = Vec::new();
        let mut wrong = |fault| faults.push(problem(file, fault));
        if !is_code(&one.id) || Self::path_of(&one.id) != file {
            wrong(PackFault::Name(one.id.clone()));
        }
        if [&one.title, &one.unit].iter().any(|words| words.zh.trim().is_empty()) {
            wrong(PackFault::Words);
        }
        let empty = |text: &String| text.trim().is_empty();
        if empty(&one.when) || one.base.as_ref().is_some_and(empty) {
            wrong(PackFault::NoValue);
        }
        let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !empty(text));
        if said(&one.basis) == said(&one.set_locally) {
            wrong(PackFault::Source);
        }
        if faults.is_empty() { Ok(one) } else { Err(faults) }
    }

    /// Those among the files of a pack, with what is wrong.
    pub(super) fn of<'a>(
        files: impl Iterator<Item = (&'a String, &'a String)>,
    ) -> (Vec<Self>, Vec<PackProblem>) {
        let (mut all, mut problems) = (Vec::new(), Vec::new());
        let is_one = |(file, text): &(&String, &String)| {
            is_in(file, "indicators") && !text.trim().is_empty() && !file.ends_with(".test.toml")
        };
        for (file, text) in files.filter(is_one) {
            match Self::read(file, text) {
                Ok(one) => all.push(one),
                Err(faults) => problems.extend(faults),
            }
        }
        (all, problems)
    }
}

impl Pack {
    /// The indicators in it, by code; it was read, so they are sound as files.
    #[must_use]
    pub fn indicators(&self) -> Vec<IndicatorDef> {
        IndicatorDef::of(self.files.iter()).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "id = \"able\"\ntitle = { zh = \"有劳力户\", en = \"\" }\nunit = { zh = \"户\", en = \"households\" }\n\
                        counted = \"household\"\nwhen = \"labour > 0\"\ndefinition = { zh = \"\", en = \"\" }\n\
                        set_locally = \"试\"\n";

    fn faults(text: &str) -> Vec<PackFault> {
        let wrong = IndicatorDef::read("indicators/able.toml", text).unwrap_err();
        wrong.into_iter().map(|one| one.fault).collect()
    }

    #[test]
    fn a_file_is_one_indicator_with_a_source_and_a_condition() {
        let one = IndicatorDef::read("indicators/able.toml", TEXT).unwrap();
        assert_eq!((one.title.en.as_str(), one.counted), ("有劳力户", Counted::Household));
        let again = toml::to_string(&one).unwrap();
        assert_eq!(IndicatorDef::read("indicators/able.toml", &again).unwrap(), one);
        assert_eq!(faults(&TEXT.replace("labour > 0", " ")), [PackFault::NoValue]);
        assert_eq!(faults(&TEXT.replace("试", "")), [PackFault::Source]);
        assert_eq!(faults(&TEXT.replace("有劳力户", "")), [PackFault::Words]);
        let both = format!("{TEXT}basis = \"文\"\nbase = \"\"\n");
        assert_eq!(faults(&both), [PackFault::NoValue, PackFault::Source]);
        assert_eq!(faults(&TEXT.replace("able", "other")), [PackFault::Name("other".into())]);
    }
}
