//! Lists and codes that a county makes itself: `lists/<code>.toml` and `codes/<code>.toml` of its pack. What a list looks
//! like is policy: it is drafted, checked, published by a second person and taken back like a value.

use std::collections::BTreeMap;

use facts::Kind;
use facts::own::{OwnField, OwnList};
use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::Words;
use super::codes::CodeList;
use super::pack::{Pack, PackFault, PackProblem, problem, read_toml};
use super::rhythm::{After, DueBy, Every, Rhythm};

kernel::word_list! {
    /// Whom a row of a list names.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    About, "policies.list_about", code:
    /// A person.
    Person = "person";
    /// The head of a household.
    Head = "head";
    /// A whole village.
    Village = "village";
}

kernel::word_list! {
    /// By what a row is given to somebody.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    ByKey, "policies.list_by", code:
    /// Citizen's number [身份证号].
    Id = "id";
    /// Number of the person in the register [人编号].
    PersonNumber = "person_number";
    /// Number of the household in the register [户编号].
    HouseholdNumber = "household_number";
    /// Birth day [出生日期].
    Birth = "birth";
    /// Telephone [联系电话].
    Phone = "phone";
    /// Town [乡镇].
    Town = "town";
    /// Village [行政村].
    Village = "village";
}

kernel::word_list! {
    /// What the cells of a column hold.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    ListType, "policies.list_type", code:
    /// Words.
    Text = "text";
    /// A whole number.
    Number = "number";
    /// A number with up to two places.
    Measure = "measure";
    /// Money.
    Amount = "amount";
    /// A day.
    Day = "day";
    /// 是 or 否.
    YesNo = "yes_no";
    /// A word of a code list.
    Code = "code";
}

/// A column of an own list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListColumn {
    /// Its heading, also its name in predicates: letters and digits of any writing.
    pub name: String,
    /// What people call it; English falls back to Chinese.
    pub title: Words,
    /// What its cells hold.
    #[serde(rename = "type")]
    pub kind: ListType,
    /// Without it a row cannot be used.
    #[serde(default)]
    pub required: bool,
    /// It tells two rows about the same person apart.
    #[serde(default)]
    pub tells_apart: bool,
    /// Other headings by which it is known.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The code list, where it holds codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<String>,
}

/// A list that the county made: `lists/<id>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListDef {
    /// Its code, as in `listed('code', months)`.
    pub id: String,
    /// What people call it; English falls back to Chinese.
    pub title: Words,
    /// The office that delivers it.
    pub department: String,
    /// Whom a row names.
    pub about: About,
    /// By what a row is given to somebody, beside the name.
    pub by: Vec<ByKey>,
    /// The column that holds the day of a row; none for the day of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Deliveries add up (things that happen); otherwise each takes the place of the earlier one (how things stand).
    pub adds: bool,
    /// Who is not on a delivered list has nothing; otherwise it cannot be told.
    pub absent_is_none: bool,
    /// How often it is due.
    pub rhythm: Every,
    /// Day of the month (after the time that it speaks of) on which it is due.
    pub due_day: u8,
    /// Words in titles, sheet names and file names that speak for this list.
    #[serde(default)]
    pub words: Vec<String>,
    /// Its own columns.
    pub columns: Vec<ListColumn>,
}

/// Most columns of a list.
pub const MOST_COLUMNS: usize = 40;

/// Names that a list's own columns may not have, because the columns that identify have them.
const TAKEN: [&str; 10] = [
    "name",
    "id",
    "person_number",
    "household_number",
    "birth",
    "phone",
    "town",
    "village",
    "address",
    "note",
];

/// Whether a text may be the code of a list or code list: it stands in addresses, files and predicates.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 40
        && text.chars().all(plain)
}

/// A heading as the name of a column: without marks, blanks and what stands in brackets.
#[must_use]
pub fn column_name(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut name = String::new();
    for c in heading.chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 && (c.is_alphanumeric() || c == '_') => name.push(c),
            _ => {}
        }
    }
    name
}

impl ListDef {
    /// Reads one file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<PackProblem>> {
        let mut list: Self = read_toml(file, text).map_err(|problem| vec![problem])?;
        let titles = list.columns.iter_mut().map(|column| &mut column.title);
        for title in titles.chain([&mut list.title]) {
            if title.en.trim().is_empty() {
                title.en.clone_from(&title.zh);
            }
        }
        let faults = list.faults(file);
        if faults.is_empty() { Ok(list) } else { Err(faults) }
    }

    fn faults(&self, file: &str) -> Vec<PackProblem> {
        let mut faults = Vec::new();
        let mut wrong = |fault| faults.push(problem(file, fault));
        if !is_code(&self.id) || format!("lists/{}.toml", self.id) != file {
            wrong(PackFault::Name(self.id.clone()));
        }
        if self.title.zh.trim().is_empty() {
            wrong(PackFault::Words);
        }
        let places = [ByKey::Town, ByKey::Village];
        let enough = match self.about {
            About::Village => self.by.contains(&ByKey::Village),
            _ => self.by.iter().any(|key| *key != ByKey::Town),
        };
        if !enough || (self.about == About::Village && self.by.iter().any(|k| !places.contains(k)))
        {
            wrong(PackFault::NoKey);
        }
        if self.columns.is_empty() || self.columns.len() > MOST_COLUMNS {
            wrong(PackFault::Columns(MOST_COLUMNS));
        }
        for (at, column) in self.columns.iter().enumerate() {
            let name = &column.name;
            if name.is_empty() || *name != column_name(name) || TAKEN.contains(&name.as_str()) {
                wrong(PackFault::Name(name.clone()));
            }
            if self.columns.iter().take(at).any(|other| other.name == *name) {
                wrong(PackFault::Twice(name.clone()));
            }
            if column.title.zh.trim().is_empty() {
                wrong(PackFault::Words);
            }
            if (column.kind == ListType::Code) != column.codes.is_some() {
                wrong(PackFault::NoCodes(name.clone()));
            }
        }
        let day = self.day.as_ref();
        let is_day = |name: &String| {
            self.columns.iter().any(|column| column.name == *name && column.kind == ListType::Day)
        };
        if day.is_some_and(|name| !is_day(name)) {
            wrong(PackFault::Value(day.cloned().unwrap_or_default()));
        }
        if !(1..=28).contains(&self.due_day) {
            wrong(PackFault::Value(self.due_day.to_string()));
        }
        faults
    }

    /// When it is due, from its first day on.
    #[must_use]
    pub fn due(&self, from: Day) -> Rhythm {
        let due = DueBy { after: After::End, months: 1, day: u32::from(self.due_day) };
        Rhythm {
            from,
            every: self.rhythm,
            first_month: 1,
            due: self.rhythm.months().map(|_| due),
            source: None,
            set_locally: Some(self.title.zh.clone()),
        }
    }

    /// The list as predicates ask it; words of codes come from the code lists of the same pack.
    #[must_use]
    pub fn asked(&self, codes: &BTreeMap<String, CodeList>) -> OwnList {
        let field = |column: &ListColumn| {
            let list = column.codes.as_ref().and_then(|id| codes.get(id));
            let words = list.iter().flat_map(|list| &list.codes);
            OwnField {
                name: column.name.clone(),
                title: (column.title.zh.clone(), column.title.en.clone()),
                kind: column.kind.stored(),
                words: words
                    .map(|one| (one.code.clone(), one.title.zh.clone(), one.title.en.clone()))
                    .collect(),
            }
        };
        OwnList {
            code: self.id.clone(),
            title: (self.title.zh.clone(), self.title.en.clone()),
            of_villages: self.about == About::Village,
            adds: self.adds,
            absent_is_none: self.absent_is_none,
            months: self.rhythm.looked_back(self.adds),
            columns: self.columns.iter().map(field).collect(),
        }
    }
}

impl ListType {
    /// The kind of a fact that its values have.
    #[must_use]
    pub const fn stored(self) -> Kind {
        match self {
            Self::Text | Self::Code => Kind::Text,
            Self::Number => Kind::Int,
            Self::Measure => Kind::Real,
            Self::Amount => Kind::Money,
            Self::Day => Kind::Day,
            Self::YesNo => Kind::Bool,
        }
    }
}

/// The lists and code lists among the files of a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnLists {
    /// Lists by code.
    pub lists: BTreeMap<String, ListDef>,
    /// Code lists by name.
    pub codes: BTreeMap<String, CodeList>,
}

impl OwnLists {
    /// Reads them, with what is wrong. A column that refers to a code list that is not there is wrong.
    #[must_use]
    pub fn of(files: &BTreeMap<String, String>) -> (Self, Vec<PackProblem>) {
        let (mut own, mut problems) = (Self::default(), Vec::new());
        for (file, text) in files.iter().filter(|(_, text)| !text.trim().is_empty()) {
            if super::pack::is_in(file, "codes") {
                match CodeList::read(file, text) {
                    Ok(list) => drop(own.codes.insert(list.id.clone(), list)),
                    Err(faults) => problems.extend(faults),
                }
            } else if super::pack::is_in(file, "lists") {
                match ListDef::read(file, text) {
                    Ok(list) => drop(own.lists.insert(list.id.clone(), list)),
                    Err(faults) => problems.extend(faults),
                }
            }
        }
        for list in own.lists.values() {
            for codes in list.columns.iter().filter_map(|column| column.codes.as_ref()) {
                if !own.codes.contains_key(codes) {
                    let file = format!("lists/{}.toml", list.id);
                    problems.push(problem(&file, PackFault::NoCodes(codes.clone())));
                }
            }
        }
        (own, problems)
    }

    /// As predicates ask them.
    #[must_use]
    pub fn asked(&self) -> Vec<OwnList> {
        self.lists.values().map(|list| list.asked(&self.codes)).collect()
    }
}

impl Pack {
    /// The county's own lists in it; it was read, so they are sound.
    #[must_use]
    pub fn own_lists(&self) -> OwnLists {
        OwnLists::of(&self.files).0
    }
}
