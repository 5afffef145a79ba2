//! Classes of monitored households, as the pack of a stage names them.

use serde::Deserialize;

/// A class in which a household is monitored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassDef {
    /// What is stored.
    pub code: String,
    /// The official word.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Of which households: `lifted`, `general`, `any`.
    pub base: String,
    /// What mainly brings them in: `income`, `sudden`, `any`.
    pub trigger: String,
}

/// `lives/classes.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classes {
    /// The document that names them.
    pub basis: String,
    /// In the order in which they are tried.
    pub class: Vec<ClassDef>,
}

impl Classes {
    /// The first class that fits a household lifted out of poverty (or not) that comes in for this reason.
    pub fn suggest(&self, lifted: bool, trigger: &str) -> Option<&ClassDef> {
        let base = if lifted { "lifted" } else { "general" };
        self.class.iter().find(|class| {
            (class.base == "any" || class.base == base)
                && (class.trigger == "any" || class.trigger == trigger)
        })
    }
}
