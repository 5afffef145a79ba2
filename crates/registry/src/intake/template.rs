//! Templates: what a department's list looks like, as data of the packs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::error::{Error, Result};
use serde::Deserialize;

use super::headings::{Forms, Roles, plain_heading};
use super::shipped::{HEADINGS, SHIPPED};
use crate::policies::CodeList;

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Name of a person.
    Name,
    /// Citizen's identity number.
    Id,
    /// 男 or 女.
    Sex,
    /// Birth date; evidence, not an event.
    Birth,
    /// School roll number.
    RollNumber,
    /// Disability certificate.
    Certificate,
    /// Telephone.
    Phone,
    /// Number of a household in the register.
    HouseholdNumber,
    /// Number of a person in the register.
    PersonNumber,
    /// Town.
    Town,
    /// Village.
    Village,
    /// Free address.
    Address,
    /// Name of a guardian.
    Guardian,
    /// A day.
    Date,
    /// Money; kept in fen.
    Amount,
    /// A whole number.
    Int,
    /// A measure with up to two places; kept in hundredths.
    Hundredths,
    /// 是 or 否.
    YesNo,
    /// A word out of a list, or a number that is a name.
    Code,
    /// Words.
    Text,
}

/// One of our columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateColumn {
    /// Name of the value in the row that is read.
    pub field: String,
    /// What its cells hold.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Headings by which it is known.
    #[serde(default)]
    pub headings: Vec<String>,
    /// A set of shared headings that it takes over.
    #[serde(default)]
    pub like: Option<String>,
    /// Without it the list cannot be this one.
    #[serde(default)]
    pub required: bool,
    /// An empty cell means the value of the row above (written once per block).
    #[serde(default)]
    pub fill: bool,
    /// Words that its cells usually hold: they tell a column whose heading nobody has seen.
    #[serde(default)]
    pub values: Vec<String>,
    /// Headings that look like it and are something else.
    #[serde(default, rename = "not")]
    pub not_headings: Vec<String>,
    /// The code list of an own list's column.
    #[serde(skip)]
    pub codes: Option<Arc<CodeList>>,
    /// Headings made comparable: its own first, then the shared ones.
    #[serde(skip)]
    pub known: Vec<String>,
    /// The same, for headings that nobody has written before.
    #[serde(skip)]
    pub forms: Vec<Forms>,
    /// What it is not, made comparable.
    #[serde(skip)]
    pub not: Vec<Forms>,
}

/// Whom a row of the list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// A person.
    Person,
    /// The head of a household.
    Head,
    /// A household by its number.
    Household,
    /// A whole village.
    Village,
}

/// What it means that somebody is not on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Nothing happened to them in the period of the list; lists of other periods stay.
    Events,
    /// They are not in that state; the later list replaces the earlier.
    Snapshot,
    /// They were not enrolled in that term; each term has its list.
    Roll,
}

impl Coverage {
    /// The word in `batch_sheets`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Snapshot => "snapshot",
            Self::Roll => "roll",
        }
    }
}

/// A title in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A department's list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Name of the template: `medical_stays`.
    pub id: String,
    /// The list whose delivery is recorded.
    pub list: String,
    /// The department that sends it.
    pub department: String,
    /// Topic of the records that its rows become; `None` = no dated records (income).
    #[serde(default)]
    pub topic: Option<String>,
    /// What people call it.
    pub title: Title,
    /// Whom a row names.
    pub subject: Names,
    /// What absence means.
    pub coverage: Coverage,
    /// Words in titles, sheet names and file names that speak for this list.
    #[serde(default)]
    pub words: Vec<String>,
    /// Names that its sheet usually has.
    #[serde(default)]
    pub sheets: Vec<String>,
    /// The sheet is named after the town of its rows.
    #[serde(default)]
    pub town_from_sheet: bool,
    /// Where the day of a row comes from, in this order: a field, `@event_day` (day in the title or file name), `@as_of`
    /// (the day whose state the list shows, or the last day of its period).
    #[serde(default)]
    pub event_date: Vec<String>,
    /// The field that is the amount of a row.
    #[serde(default)]
    pub amount: Option<String>,
    /// Order in which lists are imported: those that others lean on first.
    pub order: u32,
    /// Our columns.
    pub columns: Vec<TemplateColumn>,
    /// Fields by which one event of the list is told from another about the same person, household or village. Without
    /// them it is told apart by its day and all its days, amounts and codes.
    #[serde(default)]
    pub told_apart_by: Option<Vec<String>>,
    /// Words in front of headings that say whose value it is.
    #[serde(skip)]
    pub roles: Arc<Roles>,
    /// Headings that no list needs, made comparable.
    #[serde(skip)]
    pub others: Arc<BTreeSet<String>>,
}

impl Template {
    /// A heading that many departments have and that no column of ours is, unless this list knows it by name.
    pub fn is_none_of_ours(&self, heading: &str) -> bool {
        let plain = plain_heading(heading);
        self.others.contains(&plain)
            && !self.columns.iter().any(|column| column.known.contains(&plain))
    }

    /// The column of a field.
    pub fn column(&self, field: &str) -> Option<&TemplateColumn> {
        self.columns.iter().find(|column| column.field == field)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    headings: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    roles: SharedRoles,
    #[serde(default)]
    others: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct SharedRoles {
    own: Vec<String>,
    other: Vec<String>,
}

/// All templates in use.
#[derive(Debug, Clone)]
pub struct Templates {
    templates: Vec<Template>,
    known: BTreeSet<String>,
}

impl Templates {
    /// Those that ship with the program.
    ///
    /// # Errors
    /// A fault that names the file: it does not have the form of a template.
    pub fn shipped() -> Result<Self> {
        Self::from_texts(HEADINGS, SHIPPED.iter().copied())
    }

    /// From the texts of the shared headings and of the templates (name and text).
    ///
    /// # Errors
    /// As [`Templates::shipped`].
    pub fn from_texts<'a>(
        headings: &str,
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self> {
        let read = texts.into_iter().map(|(name, text)| parse(name, text));
        Self::of(headings, read.collect::<Result<Vec<Template>>>()?)
    }

    /// Those that ship with the program and others beside them.
    ///
    /// # Errors
    /// As [`Templates::shipped`].
    pub fn shipped_and(others: Vec<Template>) -> Result<Self> {
        let read =
            SHIPPED.iter().map(|(name, text)| parse(name, text)).chain(others.into_iter().map(Ok));
        Self::of(HEADINGS, read.collect::<Result<Vec<Template>>>()?)
    }

    fn of(headings: &str, read: Vec<Template>) -> Result<Self> {
        let shared: Shared = parse("headings", headings)?;
        let roles = Arc::new(Roles::new(&shared.roles.own, &shared.roles.other));
        let others: Arc<BTreeSet<String>> =
            Arc::new(shared.others.iter().map(|heading| plain_heading(heading)).collect());
        let mut templates = Vec::new();
        for mut template in read {
            (template.roles, template.others) = (Arc::clone(&roles), Arc::clone(&others));
            for column in &mut template.columns {
                let common = match &column.like {
                    Some(like) => shared.headings.get(like).ok_or_else(|| {
                        Error::fault(format!("template {}: no shared headings {like}", template.id))
                    })?,
                    None => &Vec::new(),
                };
                column.known = column
                    .headings
                    .iter()
                    .chain(common)
                    .map(|heading| plain_heading(heading))
                    .collect();
                let forms = |headings: &[String]| -> Vec<Forms> {
                    headings.iter().map(|heading| Forms::of(heading, &roles)).collect()
                };
                column.forms = forms(&column.known);
                column.not = forms(&column.not_headings);
            }
            templates.push(template);
        }
        templates.sort_by_key(|template| template.order);
        let known = templates
            .iter()
            .flat_map(|template| &template.columns)
            .flat_map(|column| column.known.iter().cloned())
            .chain(shared.headings.values().flatten().map(|heading| plain_heading(heading)))
            .chain(others.iter().cloned())
            .collect();
        Ok(Self { templates, known })
    }

    /// The templates in the order of import.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter()
    }

    /// The lists of one office; headings are told by all templates as before.
    pub fn of_office(&self, office: &str) -> Self {
        let own = self.templates.iter().filter(|template| template.department == office);
        Self { templates: own.cloned().collect(), known: self.known.clone() }
    }

    /// The offices whose lists these are.
    pub fn offices(&self) -> BTreeSet<&str> {
        self.templates.iter().map(|template| template.department.as_str()).collect()
    }

    /// The template of this name.
    pub fn get(&self, id: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == id)
    }

    /// Whether any list uses this text as a heading.
    pub fn knows(&self, heading: &str) -> bool {
        self.known.contains(&plain_heading(heading))
    }
}

fn parse<'a, T: Deserialize<'a>>(name: &str, text: &'a str) -> Result<T> {
    toml::from_str(text).map_err(|error| Error::fault(format!("template {name}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_template_is_complete() {
        let templates = Templates::shipped().expect("parses");
        assert_eq!(templates.iter().count(), SHIPPED.len());
        for template in templates.iter() {
            let required = template.columns.iter().filter(|column| column.required).count();
            assert!(required >= 2, "{} could be anything", template.id);
            for field in template.event_date.iter().filter(|field| !field.starts_with('@')) {
                let column = template.column(field).expect("event date is a column");
                assert_eq!(column.kind, FieldType::Date, "{} {field}", template.id);
            }
            if let Some(amount) = &template.amount {
                assert_eq!(template.column(amount).map(|c| c.kind), Some(FieldType::Amount));
            }
            for field in template.told_apart_by.iter().flatten() {
                assert!(template.column(field).is_some(), "{} has no {field}", template.id);
            }
            assert!(
                crate::accounts::is_office(&template.department),
                "{}: {}",
                template.id,
                template.department
            );
            if let Some(topic) = &template.topic {
                assert!(crate::circumstances::topics::Topic::parse(topic).is_some(), "{topic}");
            }
            let fields: BTreeSet<&str> =
                template.columns.iter().map(|c| c.field.as_str()).collect();
            assert_eq!(fields.len(), template.columns.len(), "{} names a field twice", template.id);
        }
    }
}
