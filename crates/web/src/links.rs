//! Addresses with their filters: a page's address holds every filter, so it can be sent and comes back the same.

use std::fmt;

/// A path and its query, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    path: String,
    query: Vec<(String, String)>,
}

impl Address {
    /// The address of a path, with the query text of a request (or an empty text).
    #[must_use]
    pub fn new(path: impl Into<String>, query: &str) -> Address {
        Address { path: path.into(), query: serde_html_form::from_str(query).unwrap_or_default() }
    }

    /// The path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The value of a filter; an empty value is as good as none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Every filter but the ones named: for the hidden fields of a form that changes those.
    pub fn others<'a>(&'a self, keys: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !keys.contains(name))
    }

    /// The same address with one filter set; an empty value takes it away.
    #[must_use]
    pub fn with(&self, key: &str, value: &str) -> Address {
        let mut next = self.without(key);
        if !value.is_empty() {
            next.query.push((key.to_owned(), value.to_owned()));
        }
        next
    }

    /// The same address without one filter.
    #[must_use]
    pub fn without(&self, key: &str) -> Address {
        let query = self.query.iter().filter(|(name, _)| name != key).cloned().collect();
        Address { path: self.path.clone(), query }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.query.is_empty() {
            return Ok(());
        }
        write!(f, "?{}", serde_html_form::to_string(&self.query).map_err(|_| fmt::Error)?)
    }
}

/// Is this a place on our own server a browser may be sent to after signing in? Anything else would
/// let a link to us lead elsewhere.
#[must_use]
pub fn is_local(target: &str) -> bool {
    target.starts_with('/')
        && !target.starts_with("//")
        && !target.contains(['\\', '\n', '\r', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_set_changed_and_taken_away() {
        let address = Address::new("/leads", "area=500154201&sort=due&after=");
        assert_eq!(address.get("after"), None);
        assert_eq!(
            address.with("sort", "-due").without("after").to_string(),
            "/leads?area=500154201&sort=-due"
        );
        assert_eq!(address.with("area", "").with("q", "张 三").get("q"), Some("张 三"));
        assert_eq!(
            Address::new("/leads", &address.with("q", "张&三").to_string().replace("/leads?", ""))
                .get("q"),
            Some("张&三")
        );
    }

    #[test]
    fn only_our_own_paths_are_local() {
        assert!(is_local("/households?area=1"));
        for bad in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "households", "/a\nb"]
        {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
