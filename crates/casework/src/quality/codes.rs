//! Why something that looks wrong is right, as the code list of the packs has it.

use std::sync::OnceLock;

use kernel::error::{Error, Result};
use kernel::lang::Lang;
use serde::Deserialize;

static LIST: &str = include_str!("../../../../packs/common/codes/check_answers.toml");

/// The code that says nothing without words.
pub const OTHER: &str = "other";

/// One reason of the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// What is stored.
    pub code: String,
    zh: String,
    en: String,
    #[serde(default)]
    valid_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[allow(dead_code)]
    source: String,
    reason: Vec<Because>,
}

impl Because {
    /// The words in one language.
    pub fn words(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }
}

fn all() -> Result<&'static [Because]> {
    static CODES: OnceLock<std::result::Result<Vec<Because>, String>> = OnceLock::new();
    let read = CODES.get_or_init(|| {
        toml::from_str::<List>(LIST).map(|list| list.reason).map_err(|why| why.to_string())
    });
    read.as_deref().map_err(|why| Error::fault(format!("check_answers.toml: {why}")))
}

/// The reasons that are offered, in their order.
///
/// # Errors
/// A fault when the shipped list cannot be read.
pub fn offered() -> Result<impl Iterator<Item = &'static Because>> {
    Ok(all()?.iter().filter(|one| one.valid_to.is_none()))
}

/// The words of a stored code; the code itself when the list no longer knows it.
pub fn words_of(code: &str, lang: Lang) -> String {
    let known = all().ok().and_then(|codes| codes.iter().find(|one| one.code == code));
    known.map_or_else(|| code.to_owned(), |one| one.words(lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_and_no_code_stands_twice() {
        let codes = all().unwrap();
        for (n, one) in codes.iter().enumerate() {
            assert!(!one.zh.is_empty() && !one.en.is_empty(), "{}", one.code);
            assert!(codes.iter().skip(n + 1).all(|other| other.code != one.code), "{}", one.code);
        }
        assert!(offered().unwrap().any(|one| one.code == OTHER));
        assert_eq!(words_of("no_such", Lang::Zh), "no_such");
        assert_eq!(words_of("paper_seen", Lang::En), "Papers were looked at; the record is right");
    }
}
