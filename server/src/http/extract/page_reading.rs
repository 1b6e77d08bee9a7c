//! What the page has read of the picture in a request.

use std::convert::Infallible;

use api::{PAGE_READING, PageReading};
use axum::{extract::FromRequestParts, http::request::Parts};

use super::auth::bearer;

/// What the page has read; `None` if the request isn't the page's, or says nothing that the page would.
pub(crate) struct ReadByPage(pub(crate) Option<PageReading>);

impl<S: Sync> FromRequestParts<S> for ReadByPage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // Programs send a token, the page has a cookie.
        if bearer(&parts.headers).is_some() {
            return Ok(Self(None));
        }
        let header = parts.headers.get(PAGE_READING);
        let text = header.and_then(|value| value.to_str().ok());
        Ok(Self(text.and_then(PageReading::parse)))
    }
}
