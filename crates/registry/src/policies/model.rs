//! Documents, drafts of changes and what they do to the files of a pack. Pure.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::{DocumentId, DraftId};
use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::pack::{Pack, PackFault, PackProblem, problem};
use super::values::{NewValue, with_value};

/// The pack whose versions are the county's own changes.
pub const COUNTY: &str = "county";

kernel::word_list! {
    /// What a change does to policy (延续、优化、调整).
    Stance, "policies.not_a_stance", code:
    /// The same goes on, perhaps with another number.
    Continued = "continued";
    /// Made better.
    Optimised = "optimised";
    /// Made otherwise.
    Adjusted = "adjusted";
}

kernel::word_list! {
    /// How far a draft has come.
    DraftState, "policies.not_a_state", code:
    /// Being written.
    Open = "open";
    /// Waiting for a second person.
    Submitted = "submitted";
    /// A version of the county's pack.
    Published = "published";
    /// Given up.
    Withdrawn = "withdrawn";
}

kernel::word_list! {
    /// What a document is.
    DocumentKind, "policies.not_a_kind", code:
    /// A rule, notice or measure (文件).
    Document = "document";
    /// A plan of work (方案).
    Plan = "plan";
    /// A library of patterns to choose from (模式库).
    Library = "library";
}

kernel::word_list! {
    /// Whether a document holds.
    DocumentState, "policies.not_a_state", code:
    /// Being drafted.
    Draft = "draft";
    /// It holds within its days.
    InForce = "in_force";
    /// Taken back.
    Repealed = "repealed";
}

/// A document behind policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// 文号.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: DocumentKind,
    /// Whether it holds.
    pub state: DocumentState,
    /// When it was issued.
    pub issued_on: Option<Day>,
    /// The first day it holds.
    pub valid_from: Day,
    /// The last one.
    pub valid_to: Option<Day>,
    /// Where it holds; everywhere if nothing is said.
    pub area: Option<AreaCode>,
    /// The document whose place it takes.
    pub supersedes: Option<DocumentId>,
    /// The document under which it stands: of an action plan the general one.
    pub parent: Option<DocumentId>,
    /// For how many months after its last day whoever has something by it keeps it.
    pub run_out_months: Option<u32>,
    /// What the county says about it.
    pub note: String,
}

impl Document {
    /// As it is named as a source: 文号 《title》.
    #[must_use]
    pub fn named(&self) -> String {
        format!("{}《{}》", self.number, self.title).trim().to_owned()
    }

    /// The last day on which something that was given by it runs on; none where nothing does or it has no end.
    #[must_use]
    pub fn runs_out_on(&self) -> Option<Day> {
        let months = self.run_out_months.filter(|months| *months > 0)?;
        self.valid_to.map(|to| to.add_months(i64::from(months)))
    }

    /// Whether another one that is in force has taken its place by a day.
    #[must_use]
    pub fn is_superseded(&self, all: &[Document], day: Day) -> bool {
        all.iter().any(|other| {
            other.supersedes == Some(self.id)
                && other.state == DocumentState::InForce
                && other.valid_from <= day
        })
    }

    /// Refused when the last day is before the first, and when following what it supersedes, or under what it stands, leads
    /// back to it.
    ///
    /// # Errors
    /// `policies.document_backwards`, `policies.document_loop`, `policies.document_under_itself`, `policies.no_end`.
    pub fn check(&self, all: &[Document]) -> Result<()> {
        if self.valid_to.is_some_and(|to| to < self.valid_from) {
            let refusal = Refusal::invalid("policies.document_backwards");
            return Err(refusal.field("valid_to", "policies.document_backwards").into());
        }
        if self.run_out_months.is_some_and(|months| months > 0) && self.valid_to.is_none() {
            let refusal = Refusal::invalid("policies.no_end");
            return Err(refusal.field("valid_to", "policies.no_end").into());
        }
        if self.leads_back(all, |one| one.supersedes) {
            let refusal = Refusal::invalid("policies.document_loop");
            return Err(refusal.field("supersedes", "policies.document_loop").into());
        }
        if self.leads_back(all, |one| one.parent) {
            let refusal = Refusal::invalid("policies.document_under_itself");
            return Err(refusal.field("parent", "policies.document_under_itself").into());
        }
        Ok(())
    }

    /// Whether going from document to document comes back to this one.
    fn leads_back(&self, all: &[Document], step: impl Fn(&Document) -> Option<DocumentId>) -> bool {
        let next: BTreeMap<DocumentId, DocumentId> =
            all.iter().filter_map(|one| Some((one.id, step(one)?))).collect();
        let mut at = step(self);
        for _ in 0..next.len() + 2 {
            match at {
                None => return false,
                Some(id) if id == self.id => return true,
                Some(id) => at = next.get(&id).copied(),
            }
        }
        true
    }
}

/// One thing that a draft changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A value of a parameter from the draft's first day on.
    Value(NewValue),
    /// The text of a file of the pack; empty to take the file away.
    File {
        /// `screening/oop.toml`.
        path: String,
        /// The whole text.
        text: String,
    },
}

impl Change {
    /// Two changes of the same thing: the later one takes the place of the earlier.
    #[must_use]
    pub fn same_thing(&self, other: &Change) -> bool {
        match (self, other) {
            (Self::Value(one), Self::Value(two)) => {
                one.parameter == two.parameter && one.area == two.area
            }
            (Self::File { path: one, .. }, Self::File { path: two, .. }) => one == two,
            _ => false,
        }
    }
}

/// A change that is being written, or was.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// A few words.
    pub title: String,
    /// What it does to policy.
    pub stance: Stance,
    /// The document that it carries out.
    pub document: Option<DocumentId>,
    /// The first day of what it changes.
    pub valid_from: Day,
    /// What it changes.
    pub changes: Vec<Change>,
    /// The published version that it takes back.
    pub undoes: Option<u32>,
    /// How far it has come.
    pub state: DraftState,
    /// Goes up with every change.
    pub revision: i64,
    /// Account that made it.
    pub made_by: String,
    /// Account that handed it to a second person.
    pub submitted_by: Option<String>,
    /// Why it was given back.
    pub said: String,
    /// The version of the county's pack that it became.
    pub version: Option<u32>,
}

impl Draft {
    /// The same draft with one more change; a change of the same thing is replaced.
    #[must_use]
    pub fn with(mut self, change: Change) -> Draft {
        self.changes.retain(|known| !known.same_thing(&change));
        self.changes.push(change);
        self
    }

    /// The files that it changes, over the pack that holds on its first day without it.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn files(
        &self,
        on: &Pack,
    ) -> std::result::Result<BTreeMap<String, String>, Vec<PackProblem>> {
        let mut files = BTreeMap::new();
        let mut problems = Vec::new();
        for change in &self.changes {
            match change {
                Change::File { path, text } => drop(files.insert(path.clone(), text.clone())),
                Change::Value(value) => {
                    let of = |(file, text): (&str, &str)| {
                        let known = on.parameters.iter().any(|one| one.id == value.parameter);
                        let named = toml::from_str::<toml::Table>(text).ok()?;
                        let id = named.get("id")?.as_str()?;
                        (known && id == value.parameter).then(|| file.to_owned())
                    };
                    let Some(file) = on.folder("parameters").find_map(of) else {
                        let fault = PackFault::Name(value.parameter.clone());
                        problems.push(problem("parameters", fault));
                        continue;
                    };
                    let known = files.get(&file).or_else(|| on.files.get(&file));
                    let text = known.cloned().unwrap_or_default();
                    match with_value(&file, &text, value, self.valid_from) {
                        Ok(text) => drop(files.insert(file, text)),
                        Err(faults) => problems.extend(faults),
                    }
                }
            }
        }
        if problems.is_empty() { Ok(files) } else { Err(problems) }
    }

    /// The pack with the draft in it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn over(&self, on: &Pack) -> std::result::Result<Pack, Vec<PackProblem>> {
        let mut pack = on.patched(&self.files(on)?)?;
        pack.head.clone_from(&on.head);
        Ok(pack)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> DocumentId {
        DocumentId::parse(&format!("0190000000007000800000000000000{n}")).unwrap()
    }

    fn document(n: u8, supersedes: Option<DocumentId>) -> Document {
        Document {
            id: id(n),
            number: "县办〔2026〕1号".into(),
            issuer: "县".into(),
            title: "办法".into(),
            kind: DocumentKind::Document,
            state: DocumentState::InForce,
            issued_on: None,
            valid_from: Day::parse("2026-01-01").unwrap(),
            valid_to: None,
            area: None,
            supersedes,
            parent: None,
            run_out_months: None,
            note: String::new(),
        }
    }

    fn code(result: Result<()>) -> &'static str {
        result.unwrap_err().refusal().unwrap().code
    }

    #[test]
    fn a_document_does_not_take_its_own_place_by_way_of_others() {
        let chain = [document(2, Some(id(1))), document(3, Some(id(2)))];
        assert!(document(4, Some(id(3))).check(&chain).is_ok());
        assert_eq!(code(document(1, Some(id(3))).check(&chain)), "policies.document_loop");
        assert_eq!(code(document(1, Some(id(1))).check(&chain)), "policies.document_loop");
        let under = |n: u8, parent: u8| Document { parent: Some(id(parent)), ..document(n, None) };
        let tree = [under(2, 1), under(3, 2)];
        assert!(under(4, 3).check(&tree).is_ok());
        assert_eq!(code(under(1, 3).check(&tree)), "policies.document_under_itself");
        // what already stands in a ring is no way out either
        assert_eq!(
            code(under(9, 7).check(&[under(7, 8), under(8, 7)])),
            "policies.document_under_itself"
        );
        let mut late = document(1, None);
        late.valid_to = Some(Day::parse("2025-12-31").unwrap());
        assert_eq!(code(late.check(&chain)), "policies.document_backwards");
        let mut runs = document(1, None);
        runs.run_out_months = Some(6);
        assert_eq!(code(runs.check(&chain)), "policies.no_end");
        runs.valid_to = Some(Day::parse("2026-12-31").unwrap());
        assert!(runs.check(&chain).is_ok());
        assert_eq!(runs.runs_out_on(), Some(Day::parse("2027-06-30").unwrap()));
    }
}
