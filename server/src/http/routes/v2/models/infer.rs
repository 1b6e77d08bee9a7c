//! `POST /v2/models/digits/infer`, with and without a version: the outputs of the network for images that are its inputs
//! already.

use api::{ErrorCode, PredictErrorBody};
use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_ENCODING},
    response::Response,
};
use classifier::Prediction;
use futures_util::TryStreamExt;
use tracing::warn;
use utoipa::ToSchema;

use super::{
    RequestedVersion,
    request::{Inference, InferenceRequest, RequestError},
    response::{HEADER_LENGTH, InferenceResponse, respond},
};
use crate::{
    accounts::Accounts,
    http::{
        body_size::is_too_large,
        error::ApiError,
        extract::PredictUser,
        layers::rate_limit::Charge,
        routes::predict::{Admitted, PredictRejection, log, row},
    },
    prediction::{Predictor, Upload},
};

/// The schema of a body in which tensors follow the JSON.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct BinaryTensors(String);

/// Runs the network on up to 64 images. Tensors are in JSON, or follow it in binary.
#[utoipa::path(post, path = "/v2/models/digits/infer", tag = "inference",
    security(("token" = []), ("session" = []), ("key" = ["predict"])),
    params(("Inference-Header-Content-Length" = Option<usize>, Header,
        description = "Bytes of the JSON with which the body begins, if tensors follow it")),
    request_body(content((InferenceRequest = "application/json"), (BinaryTensors = "application/octet-stream"))), responses(
    (status = 200, description = "The outputs", content(
        (InferenceResponse = "application/json"), (BinaryTensors = "application/octet-stream"))),
    (status = 400, description = "request_invalid", body = PredictErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = PredictErrorBody),
    (status = 403, description = "email_unconfirmed, origin_forbidden", body = PredictErrorBody),
    (status = 413, description = "file_too_large, batch_too_large", body = PredictErrorBody),
    (status = 415, description = "request_invalid: the body is compressed", body = PredictErrorBody),
    (status = 503, description = "overloaded, database_unavailable", body = PredictErrorBody),
))]
pub(crate) async fn infer(
    State(predictor): State<Predictor>,
    State(accounts): State<Accounts>,
    PredictUser(user): PredictUser,
    Extension(charge): Extension<Charge>,
    version: Option<Extension<RequestedVersion>>,
    request: Request,
) -> Result<Response, ApiError> {
    let admitted = Admitted::check(&predictor, &accounts, &user)?;
    let length = header_length(request.headers())?;
    let upload = receive(&predictor, request).await?;
    let parse = move |body: &[u8]| Inference::parse(body, length);
    let Inference { id, images, outputs } = predictor.read(upload, parse).await.map_err(PredictRejection::from)??;
    admitted.check_count(images.len())?;
    charge.take_others(images.len()).await?;
    let outcomes = predictor.infer(images).await.map_err(PredictRejection::from)?;
    // A request has at least one image, and all were read by one model.
    let model = outcomes
        .first()
        .map(|outcome| outcome.model.to_string())
        .unwrap_or_default();
    if version.is_some_and(|Extension(RequestedVersion(version))| version != model) {
        // Another model was put live meanwhile.
        return Err(ApiError::not_found());
    }
    admitted.record(outcomes.iter().map(row).collect()).await?;
    outcomes.iter().for_each(log);
    let predictions: Vec<Prediction> = outcomes.iter().map(|outcome| outcome.prediction).collect();
    Ok(respond(id, &outputs, &predictions, model))
}

/// The length of the JSON, if binary tensors may follow it.
fn header_length(headers: &HeaderMap) -> Result<Option<usize>, ApiError> {
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding != "identity")
    {
        let text = "El cuerpo no puede ir comprimido.";
        warn!("Predicción fallida: {text}");
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::RequestInvalid,
            text,
        ));
    }
    let length = |value: &HeaderValue| value.to_str().ok()?.parse().ok();
    match headers.get(HEADER_LENGTH) {
        None => Ok(None),
        Some(value) => Ok(Some(length(value).ok_or(RequestError::HeaderLength)?)),
    }
}

/// The body, in the memory that uploads share.
async fn receive(predictor: &Predictor, request: Request) -> Result<Upload, ApiError> {
    let mut upload = predictor.upload();
    let mut chunks = request.into_body().into_data_stream();
    while let Some(chunk) = chunks.try_next().await.map_err(|error| {
        if is_too_large(&error) {
            ApiError::body_too_large()
        } else {
            ApiError::bad_request(
                ErrorCode::RequestInvalid,
                "La solicitud llegó incompleta. Envíala de nuevo.",
            )
        }
    })? {
        upload.push(&chunk).map_err(PredictRejection::from)?;
    }
    Ok(upload)
}

impl From<RequestError> for ApiError {
    /// Logs the rejection.
    fn from(error: RequestError) -> Self {
        let (status, code) = match &error {
            RequestError::TooMany => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BatchTooLarge),
            RequestError::Json(_)
            | RequestError::HeaderLength
            | RequestError::Input
            | RequestError::Datatype
            | RequestError::Shape
            | RequestError::Length
            | RequestError::Value
            | RequestError::Output => (StatusCode::BAD_REQUEST, ErrorCode::RequestInvalid),
        };
        if let RequestError::Json(cause) = &error {
            // Not the library's text, which may quote the request at length.
            let (line, column) = (cause.line(), cause.column());
            warn!("Predicción fallida: {error} (línea {line}, columna {column})");
        } else {
            warn!("Predicción fallida: {error}");
        }
        Self::new(status, code, error.to_string())
    }
}
