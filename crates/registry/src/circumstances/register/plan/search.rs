//! Under which texts new people are found: kept small while the register is worked out, written last and in order.
//!
//! A person has five or six texts, in no order at all. Written with the people they would touch every page of a table of
//! a hundred megabytes in every transaction; sorted they fill it page by page.

use kernel::area::AreaCode;
use kernel::ids::{HouseholdId, PersonId};
use store::Value;

use crate::people::SearchKind;

/// Rows that are written in one transaction.
const AT_A_TIME: usize = 30_000;

/// The texts of the new people.
#[derive(Debug, Default)]
pub(super) struct SearchKeys {
    people: Vec<(PersonId, HouseholdId, AreaCode)>,
    /// Text, place in `people`, kind.
    keys: Vec<(Box<str>, u32, SearchKind)>,
}

impl SearchKeys {
    pub(super) fn add(
        &mut self,
        person: (PersonId, HouseholdId, AreaCode),
        keys: Vec<(String, SearchKind)>,
    ) {
        let index = u32::try_from(self.people.len()).unwrap_or(u32::MAX);
        self.people.push(person);
        self.keys.extend(keys.into_iter().map(|(text, kind)| (text.into_boxed_str(), index, kind)));
    }

    /// Rows of `search_keys` in the order of the table, in pieces for one transaction each. Ids ascend in the order in
    /// which people were added.
    pub(super) fn pieces(mut self) -> impl Iterator<Item = Vec<Vec<Value>>> {
        self.keys.sort_unstable_by(|(a, of_a, kind_a), (b, of_b, kind_b)| {
            (a, of_a, kind_a.text()).cmp(&(b, of_b, kind_b.text()))
        });
        let mut keys = self.keys.into_iter();
        let people = self.people;
        std::iter::from_fn(move || {
            let piece: Vec<Vec<Value>> = keys
                .by_ref()
                .take(AT_A_TIME)
                .filter_map(|(text, index, kind)| {
                    let (person, household, village) = people.get(usize::try_from(index).ok()?)?;
                    Some(vec![
                        text.into_string().into(),
                        kind.text().into(),
                        household.to_string().into(),
                        person.to_string().into(),
                        (*village).into(),
                    ])
                })
                .collect();
            (!piece.is_empty()).then_some(piece)
        })
    }
}
