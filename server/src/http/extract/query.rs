//! The query parameters of a URL.

use api::ErrorCode;
use axum::{
    extract::{FromRequestParts, Query},
    http::{Uri, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::http::error::ApiError;

/// The query parameters as a `T`. A parameter with an empty value counts as absent, because HTML forms send those.
pub(crate) struct QueryParams<T>(pub T);

impl<T, S> FromRequestParts<S> for QueryParams<T>
where
    T: DeserializeOwned,
    S: Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let present: Vec<_> = parts
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| pair.split_once('=').is_some_and(|(_, value)| !value.is_empty()))
            .collect();
        Uri::builder()
            .path_and_query(format!("/?{}", present.join("&")))
            .build()
            .ok()
            .and_then(|uri| Query::try_from_uri(&uri).ok())
            .map(|Query(query)| Self(query))
            .ok_or_else(|| ApiError::bad_request(ErrorCode::RequestInvalid, "Un parámetro de la dirección no vale."))
    }
}
