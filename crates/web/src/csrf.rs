//! Against forged requests: what changes something must carry a token that only our own pages know.
//!
//! The token is derived from the session cookie (before sign-in from the visit cookie), so nothing is stored
//! and a token of one session is worth nothing in another. It comes as the hidden field `_csrf` or the header
//! `X-CSRF-Token`. The guard reads the field from ordinary forms; a multipart upload puts `_csrf` first and the
//! handler calls [`Secret::admit`], after the guard has seen that the browser calls the request same-origin.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, Refusal};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::answer::Failure;
use crate::forms::Fields;
use crate::session;

/// The largest ordinary form, in bytes. Files come as multipart and are not limited by this.
pub const FORM_LIMIT: usize = 2 * 1024 * 1024;

/// What the token of this browser is derived from; in the extensions of every request.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret from the value of a cookie.
    #[must_use]
    pub fn of(cookie: &str) -> Secret {
        Secret(cookie.to_owned())
    }

    /// The token for forms.
    #[must_use]
    pub fn token(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(b"shouwang form token\0");
        digest.update(self.0.as_bytes());
        digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Does `token` come from our own page?
    #[must_use]
    pub fn proves(&self, token: &str) -> bool {
        self.token().as_bytes().ct_eq(token.as_bytes()).into()
    }
}

impl Secret {
    /// Takes the first field of an upload, which must be `_csrf` with our token.
    ///
    /// # Errors
    /// `web.forged` when it is not; `web.form_unreadable` when the upload broke off.
    pub async fn admit(&self, upload: &mut Multipart) -> Result<(), Failure> {
        let unreadable = |_| Error::Refusal(Refusal::invalid("web.form_unreadable"));
        let first = upload.next_field().await.map_err(unreadable)?;
        let token = match first {
            Some(field) if field.name() == Some("_csrf") => {
                field.text().await.map_err(unreadable)?
            }
            _ => String::new(),
        };
        if self.proves(&token) { Ok(()) } else { Err(refused()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Secret {
    type Rejection = Failure;

    /// # Errors
    /// `web.forged` outside the guard, where there is no secret.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Secret, Failure> {
        parts.extensions.get::<Secret>().cloned().ok_or_else(refused)
    }
}

fn refused() -> Failure {
    Failure::from(Error::Refusal(Refusal::forbidden("web.forged")))
}

/// Middleware: refuses a changing request without its token.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let session = session::token(request.headers());
    let visit = session::cookie(request.headers(), session::VISIT);
    let fresh = if session.is_none() && visit.is_none() { random() } else { None };
    let Some(cookie) = session.or(visit).or(fresh.clone()) else {
        return Failure::from(Error::fault("no random bytes for a visit cookie")).into_response();
    };
    let secret = Secret::of(&cookie);
    let request = if changes(&request) {
        match proven(request, &secret).await {
            Ok(request) => request,
            Err(failure) => return failure.into_response(),
        }
    } else {
        request
    };
    let mut request = request;
    request.extensions_mut().insert(secret);
    let mut answer = next.run(request).await;
    if let Some(value) = fresh {
        answer
            .headers_mut()
            .append(header::SET_COOKIE, session::set(session::VISIT, &value, false));
    }
    answer
}

fn random() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A request with a bearer token carries no cookie that a foreign page could abuse.
fn changes(request: &Request) -> bool {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value.as_bytes().starts_with(b"Bearer "));
    let cookieless = bearer && session::token(request.headers()).is_none();
    !reads && !cookieless
}

async fn proven(request: Request, secret: &Secret) -> Result<Request, Failure> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if let Some(given) = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok())
    {
        return if secret.proves(given) { Ok(request) } else { Err(refused()) };
    }
    if kind.starts_with("multipart/form-data") {
        return if same_origin(&request) { Ok(request) } else { Err(refused()) };
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM_LIMIT)
        .await
        .map_err(|_| Error::Refusal(Refusal::too_many("web.form_too_large")))?;
    if !secret.proves(Fields::parse(&bytes).text("_csrf")) {
        return Err(refused());
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Browsers send `Origin` with every POST; a program that is no browser sends neither and has no foreign cookies.
fn same_origin(request: &Request) -> bool {
    let header = |name: &str| {
        request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if let Some(site) = header("sec-fetch-site") {
        return site == "same-origin";
    }
    match (header("origin"), header("host")) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, name)| name == host)
        }
        (origin, _) => origin.is_none(),
    }
}
