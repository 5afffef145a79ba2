//! What stands around every room: number of the request, span, headers, limits, catching of panics.

use std::any::Any;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::error::Error;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tracing::Instrument;

use crate::answer::{Failure, answers};
use crate::csrf::FORM_LIMIT;

/// The number of a request, shown with an error and written in the log: `7K3F-92QX`.
#[derive(Clone, Debug)]
pub struct Reference(pub String);

/// The inner layers, close to the rooms: words for errors, the guard against forged requests.
/// The session middleware goes around the result.
pub fn inside(rooms: Router) -> Router {
    rooms
        .fallback(no_such_page)
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(middleware::from_fn(crate::csrf::guard))
        .layer(middleware::from_fn(answers))
}

/// The outer layers, around the session middleware; adds the addresses of `web` itself.
pub fn outside(program: Router) -> Router {
    let own = Router::new()
        .route("/assets/{hash}/{*path}", get(crate::assets::serve))
        .route("/favicon.ico", get(crate::shell::favicon))
        .route("/language", get(crate::shell::language))
        .route("/view", get(crate::view::choose));
    // Assets are kept compressed; event streams must not wait for a full block.
    let compress = SizeAbove::new(1024)
        .and(NotForContentType::new("text/event-stream"))
        .and(NotForContentType::IMAGES);
    own.merge(program)
        .layer(middleware::from_fn(answers))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(answers))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(middleware::from_fn(frame))
}

async fn no_such_page() -> Response {
    Failure::from(kernel::error::Refusal::not_found("web.no_such_page")).into_response()
}

/// A panic is a fault like any other: its text goes to the log, the person gets a reference.
#[allow(clippy::needless_pass_by_value)]
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    Failure::from(Error::fault(format!("a handler panicked: {}", text.unwrap_or("without a text"))))
        .into_response()
}

/// Outermost: gives the request its number and span, and every answer its headers.
async fn frame(mut request: Request, next: Next) -> Response {
    let reference = reference();
    let span = tracing::info_span!("request", reference, method = %request.method(), path = request.uri().path());
    request.extensions_mut().insert(Reference(reference.clone()));
    let mut answer = next.run(request).instrument(span.clone()).await;
    tracing::debug!(parent: &span, status = answer.status().as_u16(), "answered");
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&reference) {
        headers.insert("x-request-id", value);
    }
    answer
}

/// No script but our files, nothing from elsewhere, no frame around us.
/// `style-src-attr` allows the width of a bar in a `style` attribute; style sheets are files only.
const HEADERS: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(self)"),
];

/// Eight letters a person can read over the phone: no 0/O, 1/I.
fn reference() -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut bytes = [0_u8; 8];
    if getrandom::fill(&mut bytes).is_err() {
        return "--------".to_owned();
    }
    let letter =
        |byte: &u8| LETTERS.get(usize::from(byte % 32)).map_or('-', |letter| char::from(*letter));
    let text: String = bytes.iter().map(letter).collect();
    let (left, right) = text.split_at(4);
    format!("{left}-{right}")
}
