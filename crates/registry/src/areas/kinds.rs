//! Kinds of villages (村类型) in their precedence, as they ship in `packs/common/codes/village_kinds.toml`: many may apply to a
//! village, the first counts, so that classes exclude each other and add up to all villages.

use std::sync::OnceLock;

use kernel::error::{Error, Result};
use kernel::lang::Lang;
use kernel::time::Day;
use serde::Deserialize;

static LIST: &str = include_str!("../../../../packs/common/codes/village_kinds.toml");

/// A kind of village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VillageKind {
    /// The official word; it is what is kept.
    pub name: String,
    /// English.
    pub en: String,
    /// The first day on which it is offered.
    pub from: Day,
    /// The first day on which it is offered no more.
    pub to: Option<Day>,
    /// What a village is when nothing else applies.
    pub otherwise: bool,
    /// The document behind it, or why it was set locally.
    pub basis: String,
}

impl VillageKind {
    /// The word in a language.
    #[must_use]
    pub fn word(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.name } else { &self.en }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    kind: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    en: String,
    from: String,
    to: Option<String>,
    #[serde(default)]
    otherwise: bool,
    basis: Option<String>,
    set_locally: Option<String>,
}

fn read() -> std::result::Result<Vec<VillageKind>, String> {
    let read: Read = toml::from_str(LIST).map_err(|why| why.to_string())?;
    let day = |text: &str| Day::parse(text).map_err(|_| format!("{text} is no day"));
    let kind = |one: Written| {
        Ok(VillageKind {
            from: day(&one.from)?,
            to: one.to.as_deref().map(day).transpose()?,
            basis: one
                .basis
                .or(one.set_locally)
                .ok_or_else(|| format!("{}: no basis", one.name))?,
            name: one.name,
            en: one.en,
            otherwise: one.otherwise,
        })
    };
    read.kind.into_iter().map(kind).collect()
}

/// All kinds there ever were, in their precedence.
///
/// # Errors
/// A fault when the shipped list cannot be read.
pub fn village_kinds() -> Result<&'static [VillageKind]> {
    static KINDS: OnceLock<std::result::Result<Vec<VillageKind>, String>> = OnceLock::new();
    let kinds = KINDS.get_or_init(read);
    kinds.as_deref().map_err(|why| Error::fault(format!("village_kinds.toml: {why}")))
}

/// A kind in the words of a language; a word that only a code list uses stays as it is.
///
/// # Errors
/// As [`village_kinds`].
pub fn kind_word(name: &str, lang: Lang) -> Result<&str> {
    let known = village_kinds()?.iter().find(|kind| kind.name == name);
    Ok(known.map_or(name, |kind| kind.word(lang)))
}

/// The kind that counts of those that apply on a day; `None` when one of them is no kind of that day.
///
/// # Errors
/// As [`village_kinds`].
pub fn kind_that_counts(applies: &[String], day: Day) -> Result<Option<&'static VillageKind>> {
    let holds = |kind: &&VillageKind| kind.from <= day && kind.to.is_none_or(|to| day < to);
    let kinds: Vec<&VillageKind> = village_kinds()?.iter().filter(holds).collect();
    if !applies.iter().all(|name| kinds.iter().any(|kind| kind.name == *name)) {
        return Ok(None);
    }
    let first = kinds.iter().find(|kind| applies.contains(&kind.name));
    Ok(first.or_else(|| kinds.iter().find(|kind| kind.otherwise)).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(applies: &[&str], day: &str) -> Option<&'static str> {
        let applies: Vec<String> = applies.iter().map(ToString::to_string).collect();
        let kind = kind_that_counts(&applies, day.parse().unwrap()).unwrap();
        kind.map(|kind| kind.name.as_str())
    }

    #[test]
    fn the_first_that_applies_counts_and_something_always_does() {
        let day = "2026-10-31";
        assert_eq!(counts(&["软弱涣散村", "脱贫村"], day), Some("脱贫村"));
        assert_eq!(counts(&["百人以下搬迁安置村", "软弱涣散村"], day), Some("软弱涣散村"));
        assert_eq!(counts(&["一般村", "社区"], day), Some("社区"));
        assert_eq!(counts(&[], day), Some("一般村"));
        assert_eq!(counts(&["贫困村"], day), None);
        assert_eq!(counts(&["脱贫村"], "2015-06-01"), None, "not yet a kind on that day");
    }

    #[test]
    fn a_kind_is_said_in_the_words_of_the_reader() {
        assert_eq!(kind_word("一般村", Lang::En).unwrap(), "Ordinary village");
        assert_eq!(kind_word("一般村", Lang::Zh).unwrap(), "一般村");
        assert_eq!(kind_word("社区居委会", Lang::En).unwrap(), "社区居委会", "of a code list only");
    }

    #[test]
    fn the_list_has_one_otherwise_and_names_nothing_twice() {
        let kinds = village_kinds().unwrap();
        assert_eq!(kinds.iter().filter(|kind| kind.otherwise).count(), 1);
        let mut names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), kinds.len());
    }
}
