//! Lists of codes that a county makes itself: words in both languages for what a column of an own list may hold.

use serde::{Deserialize, Serialize};

use super::Words;
use super::lists::is_code;
use super::pack::{PackFault, PackProblem, problem, read_toml};

/// Most words of a code list.
pub const MOST_CODES: usize = 500;

/// One word of a code list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeWord {
    /// The code, as predicates write it.
    pub code: String,
    /// What people read and files write.
    pub title: Words,
}

/// A list of codes that the county made: `codes/<id>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Its name, as columns refer to it.
    pub id: String,
    /// What people call it.
    pub title: Words,
    /// The words, in their order.
    pub codes: Vec<CodeWord>,
}

impl CodeList {
    /// Reads one file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<PackProblem>> {
        let mut list: Self = read_toml(file, text).map_err(|problem| vec![problem])?;
        for title in list.codes.iter_mut().map(|one| &mut one.title).chain([&mut list.title]) {
            if title.en.trim().is_empty() {
                title.en.clone_from(&title.zh);
            }
        }
        let mut faults = Vec::new();
        if !is_code(&list.id) || format!("codes/{}.toml", list.id) != file {
            faults.push(problem(file, PackFault::Name(list.id.clone())));
        }
        let unnamed = |words: &Words| words.zh.trim().is_empty();
        if unnamed(&list.title) || list.codes.iter().any(|one| unnamed(&one.title)) {
            faults.push(problem(file, PackFault::Words));
        }
        if list.codes.is_empty() || list.codes.len() > MOST_CODES {
            faults.push(problem(file, PackFault::Columns(MOST_CODES)));
        }
        for (at, one) in list.codes.iter().enumerate() {
            let same = |other: &CodeWord| other.code == one.code || other.title.zh == one.title.zh;
            if one.code.trim().is_empty() {
                faults.push(problem(file, PackFault::Name(one.code.clone())));
            } else if list.codes.iter().take(at).any(same) {
                faults.push(problem(file, PackFault::Twice(one.code.clone())));
            }
        }
        if faults.is_empty() { Ok(list) } else { Err(faults) }
    }

    /// The code of what a file writes: the code itself or one of its words.
    #[must_use]
    pub fn code_of(&self, written: &str) -> Option<&str> {
        let plain = written.trim();
        let means = |one: &&CodeWord| {
            one.code == plain || one.title.zh == plain || one.title.en.eq_ignore_ascii_case(plain)
        };
        self.codes.iter().find(means).map(|one| one.code.as_str())
    }
}
