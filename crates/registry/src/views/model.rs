//! A view: which list, which filters, under what name.

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::ViewId;
use web::{Address, is_local};

/// Views that one person keeps at the most.
pub const MOST: usize = 50;
/// Characters of a name at the most.
const NAME_MOST: usize = 40;
/// Digits in a row that may stand in a filter: a phone has eleven, a number of identity more.
const DIGITS_MOST: usize = 10;

/// A list with its filters under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub id: ViewId,
    /// What its owner calls it.
    pub name: String,
    /// The list: `/households`.
    pub path: String,
    /// Its filters as they stand in an address.
    pub query: String,
}

impl View {
    /// Where it leads.
    #[must_use]
    pub fn address(&self) -> String {
        Address::new(&self.path, &self.query).to_string()
    }
}

/// What somebody wants to keep, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) query: String,
}

impl NewView {
    /// Reads a name and the address of a list. The page of a list one stood on is not part of the view.
    ///
    /// # Errors
    /// `views.incomplete` with the field that is wrong: no name or a long one, an address that is not a list of ours,
    /// a filter in which a number of a person stands.
    pub fn parse(name: &str, at: &str) -> Result<NewView> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let (path, query) = at.split_once('?').unwrap_or((at, ""));
        let refuse =
            |field, code| Err(Refusal::invalid("views.incomplete").field(field, code).into());
        if name.is_empty() {
            return refuse("name", "web.required");
        }
        if name.chars().count() > NAME_MOST {
            return refuse("name", "views.name_long");
        }
        if !is_local(path) || path.starts_with("/api/") {
            return refuse("at", "views.not_a_list");
        }
        let address = Address::new(path, query).without("after");
        if address.others(&[]).any(|(_, value)| names_somebody(value)) || names_somebody(&name) {
            return refuse("name", "views.personal");
        }
        let text = address.to_string();
        let query = text.split_once('?').map_or("", |(_, query)| query).to_owned();
        Ok(NewView { name, path: path.to_owned(), query })
    }
}

/// Whether so many digits stand in a row that they may be a phone or a number of identity. Codes of areas (twelve
/// digits) and ids (thirty-two) are neither.
fn names_somebody(value: &str) -> bool {
    if AreaCode::parse(value).is_ok() || ViewId::parse(value).is_ok() {
        return false;
    }
    let digits = |part: &str| part.chars().filter(|one| !matches!(one, ' ' | '-')).count();
    value
        .split(|one: char| !one.is_numeric() && !matches!(one, ' ' | '-'))
        .any(|part| digits(part) > DIGITS_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(name: &str, at: &str) -> (String, &'static str) {
        let error = NewView::parse(name, at).unwrap_err();
        error.refusal().unwrap().fields[0].clone()
    }

    #[test]
    fn a_view_is_a_list_and_its_filters_without_the_page_one_stood_on() {
        let view =
            NewView::parse("  严重 线索 ", "/leads?severity=severe&after=x9&area=140430203000")
                .unwrap();
        assert_eq!(view.name, "严重 线索");
        assert_eq!(
            (view.path.as_str(), view.query.as_str()),
            ("/leads", "severity=severe&area=140430203000")
        );
        let all = NewView::parse("全部", "/leads").unwrap();
        assert_eq!(all.query, "");
    }

    #[test]
    fn what_cannot_be_kept_is_said_at_its_field() {
        assert_eq!(wrong(" ", "/leads"), ("name".to_owned(), "web.required"));
        assert_eq!(wrong(&"长".repeat(41), "/leads"), ("name".to_owned(), "views.name_long"));
        for elsewhere in ["//evil.example", "https://evil.example/", "", "/api/leads", "/\\evil"] {
            assert_eq!(wrong("a", elsewhere), ("at".to_owned(), "views.not_a_list"), "{elsewhere}");
        }
        for number in
            ["13812345678", "138 1234-5678", "14043019700101002X", "１３８１２３４５６７８"]
        {
            let at = Address::new("/households", "").with("q", number).to_string();
            assert_eq!(wrong("a", &at), ("name".to_owned(), "views.personal"), "{number}");
            assert_eq!(wrong(number, "/leads"), ("name".to_owned(), "views.personal"));
        }
    }
}
