//! Where a link leads that shows "this page" once more. A page that answers a form has an address of its own, under which
//! there often is no page: then it is the page on which the form stood, remembered while the form is refused again.

use axum::http::HeaderMap;
use axum::http::header::{HOST, REFERER};
use axum::http::{HeaderValue, Method};

use crate::links::{Address, is_local};
use crate::past::only_looks;
use crate::session::{FORM, cookie, set};

/// Where this page can be opened again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Back {
    /// The address.
    pub address: String,
    /// The address that was posted to; none for a page that was only looked at.
    posted: Option<String>,
}

/// The address from which a request came, if it is one of ours.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let (_, rest) = headers.get(REFERER)?.to_str().ok()?.split_once("://")?;
    let local = rest.strip_prefix(host)?;
    is_local(local).then(|| local.to_owned())
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn of_hex(text: &str) -> Option<String> {
    let bytes = text
        .as_bytes()
        .chunks(2)
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

impl Back {
    /// Reads a request.
    #[must_use]
    pub fn of((method, here): (&Method, &Address), headers: &HeaderMap) -> Back {
        if only_looks(method) {
            return Back { address: here.to_string(), posted: None };
        }
        let from = came_from(headers);
        let path = |address: &str| address.split(['?', '#']).next().unwrap_or_default().to_owned();
        // a form that was refused before stands on a page that answered a form itself
        let before = cookie(headers, FORM).and_then(|kept| of_hex(&kept));
        let before = before.as_deref().and_then(|kept| kept.split_once(' '));
        let again = before.filter(|(posted, address)| {
            is_local(address) && from.as_deref().is_some_and(|from| path(from) == *posted)
        });
        let address = match again {
            Some((_, address)) => address.to_owned(),
            None => from.unwrap_or_else(|| "/".to_owned()),
        };
        Back { address, posted: Some(here.path().to_owned()) }
    }

    /// What a page that answers a form remembers for the next answer.
    #[must_use]
    pub fn remembered(&self) -> Option<HeaderValue> {
        let posted = self.posted.as_ref()?;
        Some(set(FORM, &hex(&format!("{posted} {}", self.address)), false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(path: &str, from: &str, kept: Option<&HeaderValue>) -> Back {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("county.example:8080"));
        headers.insert(REFERER, HeaderValue::from_str(from).unwrap());
        if let Some(kept) = kept {
            let pair = kept.to_str().unwrap().split(';').next().unwrap().to_owned();
            headers.insert("cookie", HeaderValue::from_str(&pair).unwrap());
        }
        Back::of((&Method::POST, &Address::new(path, "")), &headers)
    }

    #[test]
    fn a_refused_form_leads_back_to_the_page_on_which_it_stood_however_often_it_is_refused() {
        let site = "http://county.example:8080";
        let first = posted("/areas/1/kind", &format!("{site}/areas/1/change?a=b"), None);
        assert_eq!(first.address, "/areas/1/change?a=b");
        let kept = first.remembered().unwrap();
        // again, and then another form of the refused page
        let second = posted("/areas/1/kind", &format!("{site}/areas/1/kind"), Some(&kept));
        assert_eq!(second.address, "/areas/1/change?a=b");
        let kept = second.remembered().unwrap();
        let third = posted("/areas/1/rename", &format!("{site}/areas/1/kind"), Some(&kept));
        assert_eq!(third.address, "/areas/1/change?a=b");
        // what is remembered of another form says nothing of this one
        let other = posted("/leads/entry", &format!("{site}/leads/entry?sheet=3"), Some(&kept));
        assert_eq!(other.address, "/leads/entry?sheet=3");
    }

    #[test]
    fn nobody_is_led_elsewhere() {
        for from in ["http://evil.example/x", "http://county.example:8080//evil.example", "nothing"]
        {
            assert_eq!(posted("/save", from, None).address, "/", "{from}");
        }
        let looked = Back::of((&Method::GET, &Address::new("/leads", "q=1")), &HeaderMap::new());
        assert_eq!((looked.address.as_str(), looked.remembered()), ("/leads?q=1", None));
    }
}
