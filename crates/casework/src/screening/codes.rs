//! The reasons that go with an answer, as the code list of the packs has them.

use std::sync::OnceLock;

use kernel::error::{Error, Result};
use kernel::lang::Lang;
use serde::Deserialize;

use super::model::Outcome;

static LIST: &str = include_str!("../../../../packs/common/codes/lead_answers.toml");

/// One reason of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonCode {
    /// What is stored.
    pub code: String,
    /// The outcome it goes with.
    pub outcome: String,
    /// In words, Simplified Chinese.
    pub zh: String,
    /// In words, English.
    pub en: String,
    /// The last day it is offered.
    #[serde(default)]
    pub valid_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[allow(dead_code)]
    source: String,
    reason: Vec<ReasonCode>,
}

/// The reasons in the order in which they are offered.
///
/// # Errors
/// A fault when the shipped list cannot be read.
pub fn reason_codes() -> Result<&'static [ReasonCode]> {
    static CODES: OnceLock<std::result::Result<Vec<ReasonCode>, String>> = OnceLock::new();
    let read = CODES.get_or_init(|| {
        toml::from_str::<List>(LIST).map(|list| list.reason).map_err(|why| why.to_string())
    });
    read.as_deref().map_err(|why| Error::fault(format!("lead_answers.toml: {why}")))
}

impl ReasonCode {
    /// The words in one language.
    pub fn words(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }
}

/// The words of a stored code; the code itself when the list no longer knows it.
pub fn words_of(code: &str, lang: Lang) -> String {
    let known = reason_codes().ok().and_then(|codes| codes.iter().find(|one| one.code == code));
    known.map_or_else(|| code.to_owned(), |one| one.words(lang).to_owned())
}

/// The reasons of one outcome.
pub fn codes_for(outcome: Outcome) -> impl Iterator<Item = &'static ReasonCode> {
    reason_codes()
        .unwrap_or(&[])
        .iter()
        .filter(move |one| one.outcome == outcome.code() && one.valid_to.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_reasons_with_words_and_no_code_stands_twice() {
        let codes = reason_codes().unwrap();
        for outcome in Outcome::ALL {
            assert!(codes_for(*outcome).next().is_some(), "{outcome}");
        }
        for (n, one) in codes.iter().enumerate() {
            assert!(one.outcome.parse::<Outcome>().is_ok(), "{}", one.code);
            assert!(!one.zh.is_empty() && !one.en.is_empty());
            assert!(codes.iter().skip(n + 1).all(|other| other.code != one.code), "{}", one.code);
        }
        assert_eq!(words_of("settled", Lang::En), codes_for(Outcome::NoRisk).nth(3).unwrap().en);
        assert_eq!(words_of("no_such", Lang::Zh), "no_such");
    }
}
