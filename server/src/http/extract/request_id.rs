//! The id of a request, for work that outlives it.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::http::request_id;

/// The id of the request.
pub(crate) struct RequestId(pub String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(request_id::current()))
    }
}
