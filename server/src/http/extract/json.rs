//! A JSON body, refused with the contract's codes.

use api::ErrorCode;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::http::{error::Refusal, layers::body_limit::is_too_large};

/// An object of type `T`.
///
/// Its type has to be declared: a page of another site can post text, but not JSON, without being asked first.
pub struct JsonBody<T>(pub T);

impl<T, S> FromRequest<S> for JsonBody<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let path = request.uri().path().to_owned();
        read(request, state)
            .await
            .map(Self)
            .map_err(|refusal| refusal.answer(&path))
    }
}

async fn read<T: DeserializeOwned, S: Send + Sync>(request: Request, state: &S) -> Result<T, Refusal> {
    let invalid = |text: &'static str| Refusal::new(StatusCode::BAD_REQUEST, ErrorCode::RequestInvalid, text);
    if !is_json(request.headers()) {
        let text = "Envía JSON, con Content-Type: application/json.";
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::RequestInvalid,
            text,
        ));
    }
    let bytes = Bytes::from_request(request, state).await.map_err(|error| {
        if is_too_large(&error) {
            let text = "La solicitud es demasiado grande. Envía menos.";
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::FileTooLarge, text)
        } else {
            invalid("La solicitud llegó incompleta. Envíala de nuevo.")
        }
    })?;
    // By way of a value, because serde would take a list for an object as well.
    match serde_json::from_slice(&bytes) {
        Ok(value @ Value::Object(_)) => {
            serde_json::from_value(value).map_err(|_| invalid("Un campo sobra o es de otro tipo."))
        }
        Ok(_) => Err(invalid("Envía un objeto JSON.")),
        Err(_) => Err(invalid("El cuerpo no es JSON.")),
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
