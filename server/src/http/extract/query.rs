//! The query of a URL, refused with the contract's codes.

use api::ErrorCode;
use axum::{
    extract::{FromRequestParts, Query},
    http::{StatusCode, Uri, request::Parts},
    response::Response,
};
use serde::de::DeserializeOwned;

use crate::http::error::Refusal;

/// The parameters as a `T`; one without a value, as a form sends it, is as if it weren't there.
pub struct QueryOf<T>(pub T);

impl<T, S> FromRequestParts<S> for QueryOf<T>
where
    T: DeserializeOwned,
    S: Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        let given: Vec<_> = parts
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| pair.split_once('=').is_some_and(|(_, value)| !value.is_empty()))
            .collect();
        let read = Uri::builder()
            .path_and_query(format!("/?{}", given.join("&")))
            .build()
            .ok()
            .and_then(|uri| Query::try_from_uri(&uri).ok());
        read.map(|Query(query)| Self(query)).ok_or_else(|| {
            let text = "Un parámetro de la dirección no vale.";
            Refusal::new(StatusCode::BAD_REQUEST, ErrorCode::RequestInvalid, text).answer(parts.uri.path())
        })
    }
}
