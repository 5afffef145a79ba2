//! Areas: what a code list says, what changed since the last one, and where an old code lives on.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::{AreaCode, AreaLevel};
use kernel::time::Day;

use super::span::Span;

/// One line of the code list.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaRow {
    /// The 12 digits.
    pub code: AreaCode,
    /// The short name, 红坡村.
    pub name: String,
    /// The official name, 红坡村委会.
    pub official_name: String,
    /// Province to village.
    pub level: AreaLevel,
    /// The area above; `None` at the top.
    pub parent: Option<AreaCode>,
    /// 脱贫村, 一般村 … of a village; `None` where the list says nothing.
    pub class: Option<String>,
    /// Names before a renaming or a merger.
    pub former_names: Vec<String>,
    /// Longitude and latitude (WGS-84).
    pub point: Option<(f64, f64)>,
}

/// An area as the county knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// What the last code list said.
    pub row: AreaRow,
    /// While the code is in use.
    pub span: Span,
}

/// What a new code list changes.
#[derive(Clone, Debug, PartialEq)]
pub enum AreaChange {
    /// A code that was not known.
    Add(AreaRow),
    /// A known code with another name; the old one is kept as a former name.
    Rename {
        /// The area.
        code: AreaCode,
        /// Its new line.
        row: AreaRow,
        /// The short name that ends.
        old_name: String,
    },
    /// Another class from the day of the list on.
    Reclass {
        /// The village.
        code: AreaCode,
        /// Its new class.
        class: String,
    },
    /// Former names or the place on the map became known or changed; nothing that is dated.
    Enrich(AreaRow),
    /// A code left the list and a new one carries its name as a former name: it was merged or recoded.
    Succeed {
        /// The code that ends.
        old: AreaCode,
        /// The code in which it lives on.
        new: AreaCode,
    },
    /// A code left the list and nobody carries its name: a person must say what became of it.
    Missing(AreaCode),
}

/// What `incoming` changes about `known`. Only villages and towns below an area that the list itself contains can be
/// missing: a list of one county says nothing about its neighbour.
#[must_use]
pub fn compare(known: &[Area], incoming: &[AreaRow]) -> Vec<AreaChange> {
    let before: BTreeMap<AreaCode, &AreaRow> = known
        .iter()
        .filter(|area| area.span.is_open())
        .map(|area| (area.row.code, &area.row))
        .collect();
    let codes: BTreeSet<AreaCode> = incoming.iter().map(|row| row.code).collect();
    let mut changes = Vec::new();
    for row in incoming {
        match before.get(&row.code) {
            None => changes.push(AreaChange::Add(row.clone())),
            Some(old) => changes.extend(difference(old, row)),
        }
    }
    for (code, old) in &before {
        let parent_listed = old.parent.is_some_and(|parent| codes.contains(&parent));
        if codes.contains(code) || !parent_listed {
            continue;
        }
        let heir = incoming.iter().find(|row| {
            row.level == old.level
                && row.parent == old.parent
                && row.former_names.contains(&old.name)
        });
        changes.push(match heir {
            Some(row) => AreaChange::Succeed { old: *code, new: row.code },
            None => AreaChange::Missing(*code),
        });
    }
    changes
}

fn difference(old: &AreaRow, new: &AreaRow) -> Vec<AreaChange> {
    let mut changes = Vec::new();
    if old.name != new.name || old.official_name != new.official_name {
        changes.push(AreaChange::Rename {
            code: new.code,
            row: new.clone(),
            old_name: old.name.clone(),
        });
    } else if old.former_names != new.former_names || old.point != new.point {
        changes.push(AreaChange::Enrich(new.clone()));
    }
    if let Some(class) = &new.class
        && old.class.as_ref() != Some(class)
    {
        changes.push(AreaChange::Reclass { code: new.code, class: class.clone() });
    }
    changes
}

/// Where codes that ended live on.
#[derive(Clone, Debug, Default)]
pub struct Successors(BTreeMap<AreaCode, Vec<(AreaCode, Day)>>);

impl Successors {
    /// From (old code, new code, day) as stored.
    pub fn new(links: impl IntoIterator<Item = (AreaCode, AreaCode, Day)>) -> Self {
        let mut map: BTreeMap<AreaCode, Vec<(AreaCode, Day)>> = BTreeMap::new();
        for (old, new, day) in links {
            map.entry(old).or_default().push((new, day));
        }
        Self(map)
    }

    /// The codes in which `code` lives on `day`: itself while nothing ended it, several after a village was divided.
    /// A circle of successors (a mistake in the data) ends at the code where it closes.
    #[must_use]
    pub fn on(&self, code: AreaCode, day: Day) -> Vec<AreaCode> {
        let mut seen = BTreeSet::new();
        let mut open = vec![code];
        let mut ends = BTreeSet::new();
        while let Some(here) = open.pop() {
            if !seen.insert(here) {
                continue;
            }
            let next: Vec<AreaCode> = self
                .0
                .get(&here)
                .map(|links| {
                    links.iter().filter(|(_, from)| *from <= day).map(|(new, _)| *new).collect()
                })
                .unwrap_or_default();
            if next.iter().all(|new| seen.contains(new)) {
                ends.insert(here);
            } else {
                open.extend(next);
            }
        }
        ends.into_iter().collect()
    }
}

/// The classes of one village over time: never two on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes(Vec<(String, Span)>);

impl Classes {
    /// As stored, in any order.
    #[must_use]
    pub fn new(mut rows: Vec<(String, Span)>) -> Self {
        rows.sort_by_key(|(_, span)| span.from);
        Self(rows)
    }

    /// The class on `day`.
    #[must_use]
    pub fn on(&self, day: Day) -> Option<&str> {
        self.0.iter().find(|(_, span)| span.holds_on(day)).map(|(class, _)| class.as_str())
    }

    /// Sets the class from `day` on. What was known for later days gives way; what held before ends on that day.
    pub fn set(&mut self, class: &str, day: Day) {
        if self.on(day) == Some(class) && self.0.last().is_some_and(|(_, span)| span.holds_on(day))
        {
            return;
        }
        self.0.retain(|(_, span)| span.from < day);
        for (_, span) in &mut self.0 {
            *span = span.ended(day);
        }
        self.0.push((class.to_owned(), Span::since(day)));
    }

    /// The rows, oldest first.
    #[must_use]
    pub fn rows(&self) -> &[(String, Span)] {
        &self.0
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
