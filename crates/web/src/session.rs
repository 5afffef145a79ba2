//! The cookies of the program: their names, how they are read and set. What a session *is* the room accounts knows.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session: an unguessable text; only its digest is stored.
pub const SESSION: &str = "shouwang_session";
/// A visitor who is not signed in: only there to bind the token of the sign-in form to the browser.
pub const VISIT: &str = "shouwang_visit";
/// The chosen language.
pub const LANG: &str = "shouwang_lang";
/// How the browser's person likes to see tables.
pub const VIEW: &str = "shouwang_view";
/// The id of the message to show once on the next page.
pub const DONE: &str = "shouwang_done";

/// The page on which a form stood that was refused.
pub const FORM: &str = "shouwang_form";

/// The value of a cookie of the request.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(given, value)| *given == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The session token of the request.
#[must_use]
pub fn token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, SESSION)
}

/// A `Set-Cookie` value that lives until the browser closes; `secure` when the program is reached over TLS.
///
/// `value` must be of letters, digits, `-`, `_`, `.`; anything else gives an empty cookie.
#[must_use]
pub fn set(name: &str, value: &str, secure: bool) -> HeaderValue {
    let plain =
        value.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    let secure = if secure { "; Secure" } else { "" };
    let text = format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Lax{secure}",
        if plain { value } else { "" }
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// A `Set-Cookie` value that takes the cookie away.
#[must_use]
pub fn clear(name: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"))
        .unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("a=1; shouwang_session=abc; shouwang_lang="),
        );
        assert_eq!(token(&headers).as_deref(), Some("abc"));
        assert_eq!(cookie(&headers, LANG), None);
    }

    #[test]
    fn a_value_cannot_add_attributes() {
        assert!(!set(SESSION, "a; Domain=evil", true).to_str().unwrap().contains("Domain"));
    }
}
