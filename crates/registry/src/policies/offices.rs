//! The offices of a county as the code list of the packs has them: one vocabulary for accounts, templates and rules. Their
//! words are in the locales, `department-CODE`.

use std::sync::OnceLock;

use serde::Deserialize;

static LIST: &str = include_str!("../../../../packs/common/codes/departments.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[allow(dead_code)]
    source: String,
    department: Vec<Office>,
}

/// An office that delivers lists or answers for a rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// What accounts, templates, batches, rules and leads keep.
    pub code: String,
    /// Names by which documents call it.
    pub names: Vec<String>,
}

/// Every office, in the order of the list.
pub fn offices() -> &'static [Office] {
    static READ: OnceLock<Vec<Office>> = OnceLock::new();
    // a list that cannot be read is found by the test below, not by a county
    READ.get_or_init(|| {
        toml::from_str::<List>(LIST).map(|list| list.department).unwrap_or_default()
    })
}

/// Whether the code is that of an office.
pub fn is_office(code: &str) -> bool {
    offices().iter().any(|office| office.code == code)
}

/// The code of an office that a document calls by this name.
pub fn office_named(name: &str) -> Option<&'static str> {
    let known = |office: &&Office| office.names.iter().any(|known| known == name);
    offices().iter().find(known).map(|office| office.code.as_str())
}

#[cfg(test)]
mod tests {
    use kernel::lang::Lang;

    use super::*;

    #[test]
    fn an_office_has_one_code_names_and_words_in_both_languages() {
        assert!(offices().len() > 10);
        assert_eq!(office_named("水利局"), Some("water"));
        assert_eq!(office_named("人社局"), Some("human_resources"));
        assert_eq!(office_named("气象局"), None);
        for (n, office) in offices().iter().enumerate() {
            assert!(offices().iter().skip(n + 1).all(|other| other.code != office.code));
            assert!(!office.names.is_empty(), "{}", office.code);
            for lang in [Lang::Zh, Lang::En] {
                let id = format!("department-{}", office.code);
                assert!(web::L::new(lang).find(&id, &[]).is_some(), "{id}");
            }
        }
    }
}
