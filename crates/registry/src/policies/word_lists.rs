//! Code lists that ship with the program (`packs/common/codes`): risks, kinds of help, questions before a household is taken
//! in. Several rooms read them, so they are read here once.

use std::sync::OnceLock;

use kernel::lang::Lang;
use kernel::time::Day;
use serde::Deserialize;

use super::Words;
use super::pack::opt_day;

/// A code list that ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShippedCodes {
    /// 致贫返贫风险: why a household may fall into poverty.
    Risks,
    /// 帮扶措施类型: kinds of help.
    Measures,
    /// 比对情形: what is asked before a household is taken in.
    Exclusions,
}

/// One code of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedCode {
    /// What is stored.
    pub code: String,
    /// The official word, Simplified Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// How a household itself would say it.
    #[serde(default)]
    pub plain: Option<Words>,
    /// The code of which it is a kind, or the office that answers for it.
    #[serde(default)]
    pub of: Option<String>,
    /// The codes of another list at which it can be aimed; none for any.
    #[serde(default)]
    pub aims: Vec<String>,
    /// What is special about it, as the head of its list explains.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The last day on which it is offered.
    #[serde(default, deserialize_with = "opt_day")]
    pub valid_to: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[allow(dead_code)]
    source: String,
    code: Vec<ListedCode>,
}

impl ListedCode {
    /// The official words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }

    /// Whether it carries a tag.
    #[must_use]
    pub fn is(&self, tag: &str) -> bool {
        self.tags.iter().any(|one| one == tag)
    }

    /// Whether it is offered on a day.
    #[must_use]
    pub fn offered_on(&self, day: Day) -> bool {
        self.valid_to.is_none_or(|to| day <= to)
    }
}

const RISKS: &str = include_str!("../../../../packs/common/codes/risks.toml");
const MEASURES: &str = include_str!("../../../../packs/common/codes/measures.toml");
const EXCLUSIONS: &str = include_str!("../../../../packs/common/codes/exclusions.toml");

// a list that cannot be read is found by the test below, not by a county
fn read(text: &str) -> Vec<ListedCode> {
    toml::from_str::<List>(text).map(|list| list.code).unwrap_or_default()
}

impl ShippedCodes {
    /// Every code of the list, in its order.
    #[must_use]
    pub fn all(self) -> &'static [ListedCode] {
        static READ: [OnceLock<Vec<ListedCode>>; 3] = [const { OnceLock::new() }; 3];
        let [risks, measures, exclusions] = &READ;
        let (lock, text) = match self {
            Self::Risks => (risks, RISKS),
            Self::Measures => (measures, MEASURES),
            Self::Exclusions => (exclusions, EXCLUSIONS),
        };
        lock.get_or_init(|| read(text))
    }

    /// One code.
    #[must_use]
    pub fn find(self, code: &str) -> Option<&'static ListedCode> {
        self.all().iter().find(|one| one.code == code)
    }

    /// The official words of a stored code; the code itself when the list does not know it.
    #[must_use]
    pub fn words_of(self, code: &str, lang: Lang) -> String {
        self.find(code).map_or_else(|| code.to_owned(), |one| one.words(lang).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [ShippedCodes; 3] =
        [ShippedCodes::Risks, ShippedCodes::Measures, ShippedCodes::Exclusions];

    #[test]
    fn every_code_stands_once_with_words_and_leads_somewhere() {
        for list in ALL {
            assert!(list.all().len() > 5, "{list:?}");
            for (n, one) in list.all().iter().enumerate() {
                assert!(!one.zh.is_empty() && !one.en.is_empty(), "{}", one.code);
                assert!(list.all().iter().skip(n + 1).all(|other| other.code != one.code));
                let known = |of: &String| match list {
                    ShippedCodes::Exclusions => super::super::is_office(of),
                    _ => list.find(of).is_some_and(|parent| parent.of.is_none()),
                };
                assert!(one.of.as_ref().is_none_or(known), "{}", one.code);
                assert!(one.aims.iter().all(|aim| ShippedCodes::Risks.find(aim).is_some()));
            }
        }
        assert_eq!(ShippedCodes::Risks.words_of("illness", Lang::Zh), "因病");
        assert_eq!(ShippedCodes::Risks.words_of("no_such", Lang::En), "no_such");
    }

    #[test]
    fn every_risk_has_a_measure_and_some_measures_are_of_development() {
        let measures = ShippedCodes::Measures.all();
        for risk in ShippedCodes::Risks.all().iter().filter(|one| one.of.is_none()) {
            assert!(
                measures.iter().any(|one| one.of.is_some()
                    && (one.aims.is_empty() || one.aims.contains(&risk.code)))
            );
        }
        let training = ShippedCodes::Measures.find("work_training").unwrap();
        assert!(!training.is("development"));
        let loan = ShippedCodes::Measures.find("finance_loan").unwrap();
        assert!(loan.is("development") && loan.offered_on("2026-01-01".parse().unwrap()));
    }
}
