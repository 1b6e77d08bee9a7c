//! The locale of a request.

use std::convert::Infallible;

use api::Locale;
use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderName,
        header::{ACCEPT_LANGUAGE, COOKIE},
        request::Parts,
    },
};

/// The locale of the visitor: the cookie, else `Accept-Language`, else Spanish.
pub(crate) struct RequestLocale(pub Locale);

impl<S: Sync> FromRequestParts<S> for RequestLocale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(of(&parts.headers)))
    }
}

/// As [`RequestLocale`], from the headers alone.
pub(crate) fn of(headers: &HeaderMap) -> Locale {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    Locale::requested(text(COOKIE), text(ACCEPT_LANGUAGE))
}
