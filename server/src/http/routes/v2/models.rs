//! `GET /v2/models/digits` and `GET /v2/models/digits/ready`, with and without a version.

pub(crate) mod infer;
mod request;
mod response;

use api::PredictErrorBody;
use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
};
use classifier::{SIDE, model_version};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::{error::ApiError, readiness::Readiness};

/// The name of the model.
const NAME: &str = "digits";

/// The model's input; the exported network (`scripts/export_onnx.py`) gives it the same name and meaning.
const INPUT: &str = "image";

/// The datatype of the outputs, and that of the input unless the request names another one.
const FP32: &str = "FP32";

/// The version in the path of a request, which has to be that of the shipped model.
pub(crate) struct Version;

impl<S: Send + Sync> FromRequestParts<S> for Version {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let version = Path::<String>::from_request_parts(parts, state).await;
        if version.is_ok_and(|Path(version)| version == model_version()) {
            return Ok(Self);
        }
        Err(ApiError::not_found())
    }
}

/// The model.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelMetadata {
    name: &'static str,
    /// The only version: that of `modelo` in the responses of predict.
    versions: [&'static str; 1],
    platform: &'static str,
    inputs: [TensorMetadata; 1],
    outputs: [TensorMetadata; 2],
}

/// An input or an output.
#[derive(Serialize, ToSchema)]
pub(crate) struct TensorMetadata {
    name: &'static str,
    datatype: &'static str,
    /// -1 is the number of images.
    shape: Vec<i64>,
}

/// The model is loaded.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelReady {
    name: &'static str,
    ready: bool,
}

/// The model's inputs and outputs.
#[utoipa::path(get, path = "/v2/models/digits", tag = "inference", operation_id = "v2_model", security(()), responses(
    (status = 200, description = "The model", body = ModelMetadata),
))]
pub(crate) async fn model() -> Json<ModelMetadata> {
    let tensor = |name, shape: &[usize]| TensorMetadata {
        name,
        datatype: FP32,
        shape: std::iter::once(-1)
            .chain(shape.iter().map(|length| i64::try_from(*length).unwrap_or(i64::MAX)))
            .collect(),
    };
    Json(ModelMetadata {
        name: NAME,
        versions: [model_version()],
        platform: "burn",
        inputs: [tensor(INPUT, &[1, SIDE, SIDE])],
        outputs: response::Output::ALL.map(|output| tensor(output.name(), output.shape())),
    })
}

/// As without the version.
#[utoipa::path(get, path = "/v2/models/digits/versions/{version}", tag = "inference", security(()),
    params(("version" = String, Path, description = "The model's version")), responses(
    (status = 200, description = "The model", body = ModelMetadata),
    (status = 404, description = "not_found", body = PredictErrorBody),
))]
pub(crate) async fn model_of_version(_: Version) -> Json<ModelMetadata> {
    model().await
}

/// The model can predict.
#[utoipa::path(get, path = "/v2/models/digits/ready", tag = "inference", security(()), responses(
    (status = 200, description = "Ready", body = ModelReady),
    (status = 503, description = "starting, draining, model_missing, site_missing, database_unavailable", body = PredictErrorBody),
))]
pub(crate) async fn model_ready(State(readiness): State<Readiness>) -> Result<Json<ModelReady>, ApiError> {
    readiness.check().await?;
    Ok(Json(ModelReady {
        name: NAME,
        ready: true,
    }))
}

/// As without the version.
#[utoipa::path(get, path = "/v2/models/digits/versions/{version}/ready", tag = "inference", security(()),
    params(("version" = String, Path, description = "The model's version")), responses(
    (status = 200, description = "Ready", body = ModelReady),
    (status = 404, description = "not_found", body = PredictErrorBody),
    (status = 503, description = "starting, draining, model_missing, site_missing, database_unavailable", body = PredictErrorBody),
))]
pub(crate) async fn model_of_version_ready(
    _: Version,
    readiness: State<Readiness>,
) -> Result<Json<ModelReady>, ApiError> {
    model_ready(readiness).await
}
