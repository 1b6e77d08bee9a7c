//! The name of a route in logs, metrics and rate limit keys.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::request::Parts,
};

use crate::http::api_path::is_api;

/// The path template of the route, under `/api` if it is the API's own. A route and its alias without `/api` have the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint(pub String);

impl<S: Sync> FromRequestParts<S> for Endpoint {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Ok(Self(if is_api(path) {
            path.to_owned()
        } else {
            format!("/api{path}")
        }))
    }
}
