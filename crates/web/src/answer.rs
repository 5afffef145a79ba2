//! From an error to an answer, in one place: a page, a fragment or problem+json with the right status.
//!
//! A handler returns [`Answer`]. Its [`Failure`] travels as an extension of an empty response up to the layer
//! [`answers`], which knows language and kind of the request. A refusal is shown as it is; a fault is logged
//! once with the reference number that the person sees.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use kernel::error::{Error, Refusal, RefusalKind, message_id};

use crate::desk::Desk;
use crate::links::Address;
use crate::ui::{Icon, Tone};
use crate::words::{Arg, L};

/// What a page handler returns.
pub type Answer = Result<Response, Failure>;

#[derive(Debug, Clone)]
enum Cause {
    Error(Arc<Error>),
    SignIn,
}

/// An error on its way to the one place that words it.
#[derive(Debug, Clone)]
pub struct Failure(Cause);

impl Failure {
    /// Nobody is signed in: leads to the sign-in page and back.
    #[must_use]
    pub fn sign_in() -> Failure {
        Failure(Cause::SignIn)
    }

    /// The refusal, if it is one: for a handler that shows a form again.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.0 {
            Cause::Error(error) => error.refusal(),
            Cause::SignIn => None,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure(Cause::Error(Arc::new(error)))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::from(Error::Refusal(refusal))
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Failure {
        Failure::from(Error::fault(format!("a template did not render: {error}")))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut answer = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// The sentence of a code in the family `prefix` (`refusal`, `finding`), with a plain one when it has no words.
#[must_use]
pub fn word_of(l: L, prefix: &str, code: &str, args: &[(&str, Arg)]) -> String {
    let id = message_id(prefix, code);
    l.find(&id, args).unwrap_or_else(|| {
        tracing::error!(code, prefix, "a code has no words");
        l.t1(&format!("{prefix}-unworded"), "code", code)
    })
}

/// The sentence of a refusal, and what to do next.
#[must_use]
pub fn words_of_refusal(l: L, refusal: &Refusal) -> (String, Option<String>) {
    let args: Vec<(&str, Arg)> =
        refusal.args.iter().map(|(name, value)| (*name, value.into())).collect();
    let advice = l.find(&format!("{}.advice", refusal.message_id()), &args);
    let by_kind = || l.find(&format!("refusal-kind-{}.advice", refusal.kind.text()), &[]);
    (word_of(l, "refusal", refusal.code, &args), advice.or_else(by_kind))
}

/// What is wrong with each field that a refusal names. The values of the refusal are those of its fields too.
#[must_use]
pub fn words_of_fields(l: L, refusal: &Refusal) -> Vec<(String, String)> {
    let args: Vec<(&str, Arg)> =
        refusal.args.iter().map(|(name, value)| (*name, value.into())).collect();
    let word =
        |(name, code): &(String, &'static str)| (name.clone(), word_of(l, "refusal", code, &args));
    refusal.fields.iter().map(word).collect()
}

/// What an error page says.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    l: L,
    what: &'a str,
    safe: String,
    advice: &'a str,
    wrong: Vec<String>,
    reference: &'a str,
    tone: Tone,
    signed_in: bool,
}

#[derive(Template)]
#[template(path = "error_fragment.html")]
struct ErrorFragment<'a> {
    l: L,
    what: &'a str,
    advice: &'a str,
    reference: &'a str,
}

/// Middleware: gives words to a failure, and to what axum itself refused (no such page, wrong method, bad body).
pub(crate) async fn answers(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let desk = Desk::of(&parts);
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    let failure = match answer.extensions_mut().remove::<Failure>() {
        Some(failure) => failure,
        None => match unworded(&answer) {
            Some(failure) => failure,
            None => return answer,
        },
    };
    let kept = answer.headers().get_all(header::SET_COOKIE).iter().cloned().collect::<Vec<_>>();
    let mut worded = words(&desk, &failure);
    for cookie in kept {
        worded.headers_mut().append(header::SET_COOKIE, cookie);
    }
    worded
}

/// An error answer that nobody wrote for a reader.
fn unworded(answer: &Response) -> Option<Failure> {
    let kind = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("text/plain");
    if !kind.starts_with("text/plain") {
        return None;
    }
    let refusal = match answer.status() {
        StatusCode::NOT_FOUND => Refusal::not_found("web.no_such_page"),
        StatusCode::METHOD_NOT_ALLOWED => Refusal::invalid("web.wrong_method"),
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_many("web.form_too_large"),
        status if status.is_client_error() => Refusal::invalid("web.form_unreadable"),
        status if status.is_server_error() => {
            return Some(Error::fault("an answer without words").into());
        }
        _ => return None,
    };
    Some(refusal.into())
}

fn words(desk: &Desk, failure: &Failure) -> Response {
    let error = match &failure.0 {
        Cause::SignIn => return sign_in(desk),
        Cause::Error(error) => error.as_ref(),
    };
    let l = desk.l;
    let (status, what, advice) = match error {
        Error::Refusal(refusal) => {
            let (what, advice) = words_of_refusal(l, refusal);
            (refusal.kind.http_status(), what, advice.unwrap_or_default())
        }
        Error::Fault(fault) => {
            tracing::error!(reference = desk.reference, path = desk.address.path(), %fault, "a request failed");
            (500, l.t("web-fault"), l.t("web-fault.advice"))
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if desk.json {
        return problem(desk, error, status, (&what, &advice));
    }
    let reference = desk.reference.as_str();
    if desk.fragment {
        let body = ErrorFragment { l, what: &what, advice: &advice, reference }
            .render()
            .unwrap_or_else(|_| what.clone());
        let place = [("hx-retarget", "#notice"), ("hx-reswap", "innerHTML")];
        return (status, place, Html(body)).into_response();
    }
    let fields = error.refusal().map(|refusal| words_of_fields(l, refusal)).unwrap_or_default();
    let safe = match error.refusal().map(|refusal| refusal.kind) {
        Some(RefusalKind::NotFound | RefusalKind::Forbidden) => String::new(),
        Some(_) => l.t("web-error-safe"),
        None => l.t("web-fault-safe"),
    };
    let body = ErrorPage {
        l,
        what: &what,
        safe,
        advice: &advice,
        wrong: fields.into_iter().map(|(_, words)| words).collect(),
        reference,
        tone: if status.is_server_error() { Tone::Red } else { Tone::Amber },
        signed_in: desk.viewer.is_some(),
    };
    let shell = desk.untitled().title(l.t("web-error-title"));
    let page = crate::shell::page(&shell, body).unwrap_or_else(|_| what.clone().into_response());
    (status, page).into_response()
}

fn problem(
    desk: &Desk,
    error: &Error,
    status: StatusCode,
    (what, advice): (&str, &str),
) -> Response {
    let refusal = error.refusal();
    let codes = refusal.into_iter().flat_map(|refusal| &refusal.fields).map(|(_, code)| code);
    let words = refusal.into_iter().flat_map(|refusal| words_of_fields(desk.l, refusal));
    let fields: Vec<_> = codes
        .zip(words)
        .map(|(code, (name, words))| serde_json::json!({ "name": name, "code": code, "message": words }))
        .collect();
    let code = refusal.map_or("fault", |refusal| refusal.code);
    let body = serde_json::json!({
        "type": format!("urn:shouwang:problem:{code}"), "title": what, "status": status.as_u16(),
        "code": code, "advice": advice, "fields": fields, "reference": desk.reference,
    });
    let mut answer = (status, Json(body)).into_response();
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    answer
}

fn sign_in(desk: &Desk) -> Response {
    let target = Address::new("/sign-in", "").with("next", &desk.address.to_string()).to_string();
    if desk.json {
        let refusal = Error::Refusal(Refusal::forbidden("web.signed_out"));
        let (what, advice) = (word_of(desk.l, "refusal", "web.signed_out", &[]), String::new());
        return problem(desk, &refusal, StatusCode::UNAUTHORIZED, (&what, &advice));
    }
    if desk.fragment {
        let target = HeaderValue::from_str(&target).unwrap_or(HeaderValue::from_static("/sign-in"));
        return (StatusCode::UNAUTHORIZED, [("hx-redirect", target)]).into_response();
    }
    Redirect::to(&target).into_response()
}
