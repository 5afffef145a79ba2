//! The context of a signed-in request, for handlers.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use store::Ctx;

use crate::answer::Failure;

/// The context that the session middleware put into the request; without one the answer leads to the sign-in page.
///
/// `async fn show(CtxOf(ctx): CtxOf, desk: Desk) -> Answer`
pub struct CtxOf(pub Ctx);

impl<S: Send + Sync> FromRequestParts<S> for CtxOf {
    type Rejection = Failure;

    /// # Errors
    /// [`Failure::sign_in`] when nobody is signed in.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<CtxOf, Failure> {
        parts.extensions.get::<Ctx>().cloned().map(CtxOf).ok_or_else(Failure::sign_in)
    }
}
