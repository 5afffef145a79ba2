//! What a person typed: raw fields, checked field by field, shown again with the mistakes beside them.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use kernel::error::{Error, Refusal, Result};
use kernel::money::Money;
use kernel::time::{Day, Month};

use crate::answer::Failure;

/// The fields of a sent form, as typed. A name may come several times (boxes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// Reads `a=1&b=2`.
    #[must_use]
    pub fn parse(text: &[u8]) -> Fields {
        let pairs: Vec<(String, String)> = serde_html_form::from_bytes(text).unwrap_or_default();
        pairs.into_iter().collect()
    }

    /// The value of a field without the spaces around it; empty when it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Every value of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Sets a field; for forms that open with something filled in.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Fields {
        self.0.insert(name.to_owned(), vec![value.to_string()]);
        self
    }
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Fields {
        let mut fields = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Fields(fields)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Failure;

    /// # Errors
    /// `web.form_unreadable` when the body is too large or broken off.
    async fn from_request(request: Request, state: &S) -> Result<Fields, Failure> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Error::Refusal(Refusal::invalid("web.form_unreadable")))?;
        Ok(Fields::parse(&body))
    }
}

/// Checks a form field by field and remembers what is wrong.
///
/// ```
/// # use web::{Checks, Fields};
/// let fields = Fields::parse(b"day=2026-03-05&name=");
/// let mut checks = Checks::new(&fields);
/// let day = checks.day("day");
/// let name = checks.required("name");
/// let wrong = checks.finish("visits.form").unwrap_err();
/// assert!(day.is_some() && name.is_none());
/// assert_eq!(wrong.refusal().unwrap().fields, vec![("name".to_owned(), "web.required")]);
/// ```
#[derive(Debug)]
pub struct Checks<'a> {
    fields: &'a Fields,
    wrong: Vec<(String, &'static str)>,
}

impl<'a> Checks<'a> {
    /// Starts with nothing wrong.
    #[must_use]
    pub fn new(fields: &'a Fields) -> Checks<'a> {
        Checks { fields, wrong: Vec::new() }
    }

    /// Says that a field is wrong; `code` is worded as `refusal-…`.
    pub fn wrong(&mut self, name: &str, code: &'static str) {
        self.wrong.push((name.to_owned(), code));
    }

    /// A text that must not be empty.
    pub fn required(&mut self, name: &str) -> Option<&'a str> {
        let text = self.fields.text(name);
        if text.is_empty() {
            self.wrong(name, "web.required");
            return None;
        }
        Some(text)
    }

    /// A text or nothing.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<&'a str> {
        Some(self.fields.text(name)).filter(|text| !text.is_empty())
    }

    /// A required value that `read` understands; `code` when it does not.
    pub fn read<T>(
        &mut self,
        name: &str,
        code: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.required(name)?;
        let value = read(text);
        if value.is_none() {
            self.wrong(name, code);
        }
        value
    }

    /// A required day `2026-03-05`.
    pub fn day(&mut self, name: &str) -> Option<Day> {
        self.read(name, "web.not_a_day", |text| Day::parse(text).ok())
    }

    /// A required month `2026-03`.
    pub fn month(&mut self, name: &str) -> Option<Month> {
        self.read(name, "web.not_a_month", |text| Month::parse(text).ok())
    }

    /// A required amount in yuan, `12,345.60`.
    pub fn money(&mut self, name: &str) -> Option<Money> {
        self.read(name, "web.not_an_amount", |text| text.replace([',', '，'], "").parse().ok())
    }

    /// A required whole number.
    pub fn whole(&mut self, name: &str) -> Option<i64> {
        self.read(name, "web.not_a_number", |text| text.parse().ok())
    }

    /// Ends the check.
    ///
    /// # Errors
    /// A refusal `code` of kind invalid with every wrong field, if there is one.
    pub fn finish(self, code: &'static str) -> Result<()> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        let refusal = self
            .wrong
            .into_iter()
            .fold(Refusal::invalid(code), |refusal, (name, code)| refusal.field(name, code));
        Err(Error::Refusal(refusal))
    }
}
