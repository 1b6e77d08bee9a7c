//! A JSON request body.

use api::ErrorCode;
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
};
use futures_util::TryStreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::http::{
    body_size::{BodyTooLargeError, is_too_large},
    error::ApiError,
};

/// Largest body, in bytes. Valid ones have a few hundred; files are uploaded as forms, which have another limit.
const MAX_BYTES: usize = 256 * 1024;

/// A JSON object, read as a `T`.
///
/// The content type must be `application/json`: a page of another origin can send such a request only after a CORS
/// preflight, while it could send text or a form without one.
pub(crate) struct JsonBody<T>(pub T);

impl<T, S> FromRequest<S> for JsonBody<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let invalid = |text| ApiError::bad_request(ErrorCode::RequestInvalid, text);
        if !is_json(request.headers()) {
            let text = "Envía JSON, con Content-Type: application/json.";
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorCode::RequestInvalid,
                text,
            ));
        }
        let bytes = read(request.into_body()).await.map_err(|error| {
            if is_too_large(&error) {
                ApiError::body_too_large()
            } else {
                invalid("La solicitud llegó incompleta. Envíala de nuevo.")
            }
        })?;
        // Some programs, such as Windows PowerShell, start UTF-8 with a byte order mark; RFC 8259 lets readers ignore it.
        let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        // Through a `Value`, because serde would accept an array as a struct too.
        match serde_json::from_slice(json) {
            Ok(value @ Value::Object(_)) => serde_json::from_value(value)
                .map(Self)
                .map_err(|_| invalid("Un campo sobra o es de otro tipo.")),
            Ok(_) => Err(invalid("Envía un objeto JSON.")),
            Err(_) => Err(invalid("El cuerpo no es JSON.")),
        }
    }
}

/// The body. The rest of one that is too large is read and dropped, up to the limit on all bodies, because a client that
/// writes its whole body before it reads would otherwise see a connection reset instead of the error response.
async fn read(body: Body) -> Result<Vec<u8>, axum::Error> {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut fits = true;
    while let Some(chunk) = chunks.try_next().await? {
        fits = fits && bytes.len() + chunk.len() <= MAX_BYTES;
        if fits {
            bytes.extend_from_slice(&chunk);
        }
    }
    if fits {
        Ok(bytes)
    } else {
        Err(axum::Error::new(BodyTooLargeError))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
