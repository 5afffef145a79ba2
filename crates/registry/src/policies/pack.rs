//! A pack: a folder of policy files with a head that says from when to when it holds.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use kernel::error::{Error, Result};
use kernel::time::Day;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Words;
use super::indicators::IndicatorDef;
use super::lists::OwnLists;
use super::parameter::{Parameter, read_parameter};

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs");

/// `pack.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackHead {
    /// `cn-2026`; also the name of the folder.
    pub id: String,
    /// 0 while it is being written; counted up with each published change.
    pub version: u32,
    /// For people.
    pub title: Words,
    /// The first day it holds.
    #[serde(deserialize_with = "day")]
    pub valid_from: Day,
    /// The last day it holds; none for until further notice.
    #[serde(default, deserialize_with = "opt_day")]
    pub valid_to: Option<Day>,
    /// The pack whose files hold here too unless this one has a file at the same path.
    #[serde(default)]
    pub extends: Option<String>,
    /// The documents it carries out.
    pub basis: Vec<String>,
}

pub(super) fn day<'de, D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Day, D::Error> {
    let text = String::deserialize(from)?;
    Day::parse(&text).map_err(|_| serde::de::Error::custom(format!("{text} is no day YYYY-MM-DD")))
}

pub(super) fn opt_day<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> std::result::Result<Option<Day>, D::Error> {
    day(from).map(Some)
}

/// A pack that has been read and whose parameters are sound. Its rules are proven by the rooms that own them.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// The head.
    pub head: PackHead,
    /// Every file by its path in the pack, `screening/oop.toml`.
    pub files: BTreeMap<String, String>,
    /// The dated parameters.
    pub parameters: Vec<Parameter>,
}

/// One thing that is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {fault}", line.map_or(String::new(), |line| format!(", line {line}")))]
pub struct PackProblem {
    /// The file in the pack.
    pub file: String,
    /// The line, where known.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: PackFault,
}

/// What is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackFault {
    /// There is no `pack.toml`.
    #[error("missing")]
    Missing,
    /// No TOML, or not of the right form.
    #[error("{0}")]
    Unreadable(String),
    /// A text in both languages is needed.
    #[error("a text is missing in one language")]
    Words,
    /// The first day is after the last.
    #[error("the first day is after the last")]
    Backwards,
    /// The unit is not known.
    #[error("the unit {0} is not known")]
    Unit(String),
    /// The value does not go with the kind or unit.
    #[error("the value {0} does not fit")]
    Value(String),
    /// Neither source nor reason, or both.
    #[error("each value needs its source or set_locally = \"why\"")]
    Source,
    /// The area is no code of 2, 4, 6, 9 or 12 digits.
    #[error("{0} is no area")]
    Area(String),
    /// Two values hold on the same day in the same area.
    #[error("two values for area {area} hold on {day}")]
    Overlap {
        /// The area as written.
        area: String,
        /// A day on which both hold.
        day: Day,
    },
    /// The name is not lower case with digits and underscores.
    #[error("{0} is no name for a parameter")]
    Name(String),
    /// Two files give the same parameter.
    #[error("the parameter {0} is given twice")]
    Twice(String),
    /// Nothing gives it a value.
    #[error("no value")]
    NoValue,
    /// An own list by whose columns nobody can be found.
    #[error("no column by which a row is given to somebody")]
    NoKey,
    /// A column of codes without its code list, or the other way round.
    #[error("{0}: a column of codes needs a code list")]
    NoCodes(String),
    /// No columns or words at all, or too many.
    #[error("1 to {0} are needed")]
    Columns(usize),
}

impl PackFault {
    /// The message code in `locales/*/policies.ftl`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "policies.missing",
            Self::Unreadable(_) => "policies.unreadable",
            Self::Words => "policies.words",
            Self::Backwards => "policies.backwards",
            Self::Unit(_) => "policies.unit",
            Self::Value(_) => "policies.value",
            Self::Source => "policies.source",
            Self::Area(_) => "policies.area",
            Self::Overlap { .. } => "policies.overlap",
            Self::Name(_) => "policies.name",
            Self::Twice(_) => "policies.twice",
            Self::NoValue => "policies.no_value",
            Self::NoKey => "policies.no_key",
            Self::NoCodes(_) => "policies.no_codes",
            Self::Columns(_) => "policies.columns",
        }
    }

    /// The arguments of the message.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unreadable(text) | Self::Unit(text) | Self::Value(text) | Self::Area(text) => {
                vec![("text", text.clone())]
            }
            Self::Name(text) | Self::Twice(text) | Self::NoCodes(text) => {
                vec![("text", text.clone())]
            }
            Self::Overlap { area, day } => vec![("area", area.clone()), ("day", day.to_string())],
            Self::Columns(most) => vec![("most", most.to_string())],
            Self::Missing | Self::Words | Self::Backwards => Vec::new(),
            Self::Source | Self::NoValue | Self::NoKey => Vec::new(),
        }
    }
}

pub(super) fn problem(file: &str, fault: PackFault) -> PackProblem {
    PackProblem { file: file.to_owned(), line: None, fault }
}

pub(super) fn read_toml<T: serde::de::DeserializeOwned>(
    file: &str,
    text: &str,
) -> std::result::Result<T, PackProblem> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let fault = PackFault::Unreadable(error.message().to_owned());
        PackProblem { file: file.to_owned(), line: Some(line), fault }
    })
}

impl Pack {
    /// Reads a pack from its files. All problems are reported, not only the first.
    pub fn read(files: BTreeMap<String, String>) -> std::result::Result<Self, Vec<PackProblem>> {
        let mut problems = Vec::new();
        let head = match files.get("pack.toml") {
            None => Err(problem("pack.toml", PackFault::Missing)),
            Some(text) => read_toml::<PackHead>("pack.toml", text),
        };
        if let Ok(head) = &head {
            if !head.title.complete() {
                problems.push(problem("pack.toml", PackFault::Words));
            }
            if head.valid_to.is_some_and(|to| to < head.valid_from) {
                problems.push(problem("pack.toml", PackFault::Backwards));
            }
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        for (file, text) in files.iter().filter(|(file, _)| is_in(file, "parameters")) {
            match read_parameter(file, text) {
                Ok(parameter) if parameters.iter().any(|other| other.id == parameter.id) => {
                    problems.push(problem(file, PackFault::Twice(parameter.id)));
                }
                Ok(parameter) => parameters.push(parameter),
                Err(faults) => problems.extend(faults),
            }
        }
        problems.extend(OwnLists::of(&files).1);
        problems.extend(IndicatorDef::of(files.iter()).1);
        match head {
            Ok(head) if problems.is_empty() => Ok(Self { head, files, parameters }),
            Ok(_) => Err(problems),
            Err(first) => {
                problems.insert(0, first);
                Err(problems)
            }
        }
    }

    /// This pack on top of the one it extends: a file of this pack replaces the base's file at the same path, an empty
    /// one removes it.
    pub fn over(&self, base: &Pack) -> std::result::Result<Self, Vec<PackProblem>> {
        base.patched(&self.files)
    }

    /// This pack with other texts in the place of some of its files; an empty text takes a file away.
    pub fn patched(
        &self,
        files: &BTreeMap<String, String>,
    ) -> std::result::Result<Self, Vec<PackProblem>> {
        let mut all = self.files.clone();
        all.extend(files.clone());
        all.retain(|_, text| !text.trim().is_empty());
        Self::read(all)
    }

    /// The files directly in one folder of the pack, tests left out: `rules("screening")`.
    pub fn folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        let wanted = move |file: &str| is_in(file, folder) && !file.ends_with(".test.toml");
        let pair = |(file, text): (&'a String, &'a String)| (file.as_str(), text.as_str());
        self.files.iter().map(pair).filter(move |(file, _)| wanted(file))
    }

    /// The test file that stands beside a rule file: `a.toml` and `a.test.toml`.
    pub fn test_of(&self, file: &str) -> Option<&str> {
        let test = format!("{}.test.toml", file.strip_suffix(".toml")?);
        self.files.get(&test).map(String::as_str)
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.head.valid_from <= day && self.head.valid_to.is_none_or(|to| day <= to)
    }

    /// SHA-256 over paths and texts, hexadecimal: the same files give the same hash.
    pub fn hash(&self) -> String {
        hash_of(&self.files)
    }
}

/// SHA-256 over paths and texts, hexadecimal.
pub(super) fn hash_of(files: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for (file, text) in files {
        for part in [file, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn is_in(file: &str, folder: &str) -> bool {
    let inside = file.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    inside.is_some_and(|name| !name.contains('/') && name.ends_with(".toml"))
}

/// The files of every pack that ships with this program, by the name of its folder.
pub fn shipped() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut packs = BTreeMap::new();
    for folder in SHIPPED.dirs() {
        let mut files = BTreeMap::new();
        collect(folder, folder.path(), &mut files);
        if files.contains_key("pack.toml") {
            packs.insert(folder.path().to_string_lossy().into_owned(), files);
        }
    }
    packs
}

fn collect(dir: &Dir<'_>, root: &Path, files: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        let path = file.path().strip_prefix(root).unwrap_or(file.path());
        if let Some(text) = file.contents_utf8()
            && path.extension().is_some_and(|ending| ending == "toml")
        {
            files.insert(path.to_string_lossy().replace('\\', "/"), text.to_owned());
        }
    }
    dir.dirs().for_each(|below| collect(below, root, files));
}

/// Largest file of a pack in bytes.
const LARGEST_FILE: u64 = 1 << 20;
/// Most files in a pack.
const MOST_FILES: usize = 5_000;

/// The `.toml` files below a folder, for packs that are being written. A folder that cannot be read, or holds far more
/// than a pack, is refused.
pub fn read_folder(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).map_err(|why| unreadable(&dir, &why))? {
            let entry = entry.map_err(|why| unreadable(&dir, &why))?;
            let path = entry.path();
            let meta = entry.metadata().map_err(|why| unreadable(&path, &why))?;
            if meta.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                if meta.len() > LARGEST_FILE || files.len() >= MOST_FILES {
                    return Err(unreadable(&path, &"too large for a pack"));
                }
                let text = std::fs::read_to_string(&path).map_err(|why| unreadable(&path, &why))?;
                let name = path.strip_prefix(folder).unwrap_or(&path);
                files.insert(name.to_string_lossy().replace('\\', "/"), text);
            }
        }
    }
    Ok(files)
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Error {
    kernel::error::Refusal::invalid("policies.folder_unreadable")
        .arg("path", path.display())
        .arg("why", why)
        .into()
}
