//! A past view in the pages: the two days are carried by every link and every filter, what would change something is
//! switched off, and a band says which days are shown. Rooms know nothing of it.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, header};
use axum::response::Response;
use kernel::error::{Error, Result};
use kernel::time::Day;

/// The filters of the two days.
pub const AS_OF: &str = "as_of";
/// What was known by then.
pub const KNOWN_AT: &str = "known_at";

/// Which pages have a past, by their path; as an axum `Extension`.
#[derive(Clone, Copy)]
pub struct HasPast(pub fn(&str) -> bool);

/// The past view of a request, as an axum `Extension`; without one a page shows today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastView {
    /// The day whose state is shown.
    pub day: Day,
    /// The day until which things were known.
    pub known: Day,
    /// For people: the day, with the time of day when it is today.
    pub known_text: String,
    /// What addresses carry: the day, or the instant at which the view was opened.
    pub carried: String,
}

impl PastView {
    fn query(&self, and: &str) -> String {
        format!("{AS_OF}={}{and}{KNOWN_AT}={}", self.day, self.carried.replace(':', "%3A"))
    }

    /// An address with the two days, if its page has a past and it does not say its own.
    fn on(&self, address: &str, (has, and): (HasPast, &str)) -> Option<String> {
        let (whole, place) = address.split_once('#').unwrap_or((address, ""));
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        if !path.starts_with('/') || path.starts_with("//") || !has.0(path) {
            return None;
        }
        let own = |one: &str| one.starts_with("as_of=") || one.starts_with("known_at=");
        if query.split('&').any(|one| own(one.strip_prefix("amp;").unwrap_or(one))) {
            return None;
        }
        let query = match query {
            "" => self.query(and),
            before => format!("{before}{and}{}", self.query(and)),
        };
        let place = if place.is_empty() { String::new() } else { format!("#{place}") };
        Some(format!("{path}?{query}{place}"))
    }
}

/// Attributes whose address is opened by a click.
const LINKS: [&str; 3] = ["href", "data-href", "hx-get"];

/// A page or a part of one as a past view shows it. `here` is the path of the request.
#[must_use]
pub fn carry(html: &str, view: &PastView, (here, has): (&str, HasPast)) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    let mut off = false;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let end = end_of_tag(tag);
        let (tag, after) = tag.split_at(end);
        rest = after;
        if tag.starts_with("</form") {
            if std::mem::take(&mut off) {
                out.push_str("</fieldset>");
            }
            out.push_str(tag);
        } else if tag.starts_with("<form") {
            out.push_str(tag);
            let action = attribute(tag, "action");
            if attribute(tag, "method").is_some_and(|method| method.eq_ignore_ascii_case("post")) {
                off = action != Some("/sign-out");
                if off {
                    out.push_str("<fieldset class=\"sw-past-off\" disabled>");
                }
            } else if !tag.contains("data-days")
                && view.on(action.unwrap_or(here), (has, "&")).is_some()
            {
                let field = |name: &str, value: &str| {
                    format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
                };
                out.push_str(&field(AS_OF, &view.day.to_string()));
                out.push_str(&field(KNOWN_AT, &view.carried));
            }
        } else if tag.starts_with("</") || tag.starts_with("<!") || tag.contains("data-days") {
            out.push_str(tag);
        } else {
            out.push_str(&with_days(tag, (view, has)));
        }
    }
    out.push_str(rest);
    out
}

/// The length of a tag, up to and with its `>`, which may also stand in a quoted value.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag.get(start..)?.split('"').next()
}

fn with_days(tag: &str, (view, has): (&PastView, HasPast)) -> String {
    let mut tag = tag.to_owned();
    for name in LINKS {
        let found = attribute(&tag, name).and_then(|old| {
            let fresh = view.on(old, (has, "&amp;"))?;
            Some((format!(" {name}=\"{old}\""), format!(" {name}=\"{fresh}\"")))
        });
        if let Some((old, fresh)) = found {
            tag = tag.replacen(&old, &fresh, 1);
        }
    }
    tag
}

/// The answer of a page as a past view shows it.
///
/// # Errors
/// A fault when the page cannot be read.
pub async fn shown(
    answer: Response,
    view: &PastView,
    (here, has): (&str, HasPast),
) -> Result<Response> {
    let (mut parts, body) = answer.into_parts();
    let to = parts.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
    if let Some(to) = to.and_then(|to| view.on(to, (has, "&")))
        && let Ok(to) = HeaderValue::from_str(&to)
    {
        parts.headers.insert(header::LOCATION, to);
    }
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return Ok(Response::from_parts(parts, body));
    }
    let bytes = to_bytes(body, usize::MAX)
        .await
        .map_err(|why| Error::fault(format!("a page could not be read: {why}")))?;
    parts.headers.remove(header::CONTENT_LENGTH);
    let text = carry(&String::from_utf8_lossy(&bytes), view, (here, has));
    Ok(Response::from_parts(parts, Body::from(text)))
}

/// Whether a request only looks.
#[must_use]
pub fn only_looks(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has() -> HasPast {
        HasPast(|path| path.starts_with("/leads") || path.starts_with("/households"))
    }

    fn shows(html: &str) -> String {
        let view = PastView {
            day: "2026-10-01".parse().unwrap(),
            known: "2026-10-02".parse().unwrap(),
            known_text: "2026-10-02".into(),
            carried: "2026-10-02".into(),
        };
        carry(html, &view, ("/leads", has()))
    }

    #[test]
    fn links_to_pages_with_a_past_carry_the_days_and_others_do_not() {
        assert_eq!(
            shows(
                r##"<a class="x" href="/leads?q=1&amp;b=2#top">a</a><tr data-href="/households/1">"##
            ),
            r##"<a class="x" href="/leads?q=1&amp;b=2&amp;as_of=2026-10-01&amp;known_at=2026-10-02#top">a</a><tr data-href="/households/1?as_of=2026-10-01&amp;known_at=2026-10-02">"##
        );
        for same in [
            r#"<a href="/journal">a</a>"#,
            r##"<a href="#main">a</a>"##,
            r#"<a href="https://example.org/leads">a</a>"#,
            r#"<a href="//leads">a</a>"#,
            r#"<a href="/leads?as_of=2026-09-01">a</a>"#,
            r#"<a href="/leads" data-days>a</a>"#,
            r#"<use href="/assets/icons.svg#x"></use>"#,
            "1 < 2 and 3 > 2",
        ] {
            assert_eq!(shows(same), same);
        }
    }

    #[test]
    fn filters_carry_the_days_and_what_changes_something_is_switched_off() {
        assert_eq!(
            shows(r#"<form role="search"><input name="q"></form>"#),
            r#"<form role="search"><input type="hidden" name="as_of" value="2026-10-01"><input type="hidden" name="known_at" value="2026-10-02"><input name="q"></form>"#
        );
        let journal = r#"<form action="/journal"><input name="q"></form>"#;
        assert_eq!(shows(journal), journal);
        assert_eq!(
            shows(r#"<form method="post" action="/leads/answer"><button>a</button></form><p>"#),
            r#"<form method="post" action="/leads/answer"><fieldset class="sw-past-off" disabled><button>a</button></fieldset></form><p>"#
        );
        let out = r#"<form method="post" action="/sign-out"><button>a</button></form>"#;
        assert_eq!(shows(out), out);
    }

    #[test]
    fn a_sign_in_a_quoted_value_does_not_end_a_tag() {
        let html = r#"<a title="a > b" href="/leads">x</a>"#;
        assert!(shows(html).contains(r#"title="a > b" href="/leads?as_of=2026-10-01"#));
    }

    #[test]
    fn an_instant_is_carried_as_an_address_can_carry_it() {
        let view = PastView {
            day: "2026-10-01".parse().unwrap(),
            known: "2026-10-31".parse().unwrap(),
            known_text: String::new(),
            carried: "2026-10-31T06:00:00.000Z".into(),
        };
        let link = carry(r#"<a href="/leads">"#, &view, ("/", has()));
        assert!(link.contains("known_at=2026-10-31T06%3A00%3A00.000Z"), "{link}");
    }
}
