//! How somebody likes to see tables: the space between rows, and which columns of which table are left out. It is kept
//! in the browser for a year; the answers of the program are the same for everybody.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::forms::Fields;
use crate::links::is_local;
use crate::session;

/// The choice of one browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    compact: bool,
    left_out: BTreeMap<String, Vec<String>>,
}

/// A name of a table or a column as it may stand in the cookie.
fn plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 32
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

impl View {
    /// Reads `c.households-group-people`: dense, and two columns of one table left out. What cannot be read is not there.
    #[must_use]
    pub fn parse(text: &str) -> View {
        let mut view = View::default();
        for part in text.split('.') {
            let mut names = part.split('-').filter(|name| plain(name)).map(str::to_owned);
            match names.next() {
                Some(density) if density == "c" => view.compact = true,
                Some(table) => {
                    let columns: Vec<String> = names.collect();
                    if !columns.is_empty() {
                        view.left_out.insert(table, columns);
                    }
                }
                None => {}
            }
        }
        view
    }

    /// The text of the cookie.
    #[must_use]
    pub fn text(&self) -> String {
        let tables = self.left_out.iter().filter(|(_, columns)| !columns.is_empty());
        let tables = tables.map(|(table, columns)| format!("{table}-{}", columns.join("-")));
        self.compact.then(|| "c".to_owned()).into_iter().chain(tables).collect::<Vec<_>>().join(".")
    }

    /// Rows stand close together.
    #[must_use]
    pub fn compact(&self) -> bool {
        self.compact
    }

    /// Whether a column of a table is shown.
    #[must_use]
    pub fn shows(&self, table: &str, column: &str) -> bool {
        !self.left_out.get(table).is_some_and(|columns| columns.iter().any(|one| one == column))
    }

    /// The choice that a form of [`crate::ui::Columns`] sends.
    fn chosen(mut self, fields: &Fields) -> View {
        self.compact = fields.text("density") == "compact";
        let table = fields.text("table");
        if plain(table) {
            let shown = fields.all("show");
            let all = fields.text("all").split('.').filter(|name| plain(name));
            let out = all.filter(|name| !shown.iter().any(|one| one == name)).map(str::to_owned);
            self.left_out.insert(table.to_owned(), out.collect());
        }
        self
    }
}

/// `GET /view?table=households&all=group.people&show=people&density=compact&back=/households`: remembers and goes back.
pub(crate) async fn choose(request: axum::extract::Request) -> Response {
    let fields = Fields::parse(request.uri().query().unwrap_or_default().as_bytes());
    let kept = session::cookie(request.headers(), session::VIEW).unwrap_or_default();
    let view = View::parse(&kept).chosen(&fields);
    let back = if is_local(fields.text("back")) { fields.text("back") } else { "/" };
    let mut answer = Redirect::to(back).into_response();
    let text = format!("{}={}; Path=/; SameSite=Lax; Max-Age=31536000", session::VIEW, view.text());
    if let Ok(value) = HeaderValue::from_str(&text) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_written_and_read_again() {
        let fields = Fields::parse(
            b"table=households&all=number.group.people&show=people&density=compact&back=/",
        );
        let view = View::default().chosen(&fields);
        assert_eq!(view.text(), "c.households-number-group");
        let again = View::parse(&view.text());
        assert_eq!(again, view);
        assert!(again.compact() && again.shows("households", "people"));
        assert!(!again.shows("households", "group") && again.shows("leads", "group"));
        let wide = again.chosen(&Fields::parse(b"table=households&all=group&show=group"));
        assert_eq!(wide.text(), "", "what is all shown and wide leaves nothing to keep");
    }

    #[test]
    fn a_cookie_of_somebody_elses_making_breaks_nothing() {
        let view = View::parse("c.\"; Domain=evil.a-B-..-x_y.--");
        assert!(view.compact());
        assert_eq!(View::parse(&view.text()), view);
        assert!(view.text().bytes().all(|b| b.is_ascii_lowercase() || b"._-".contains(&b)));
    }
}
