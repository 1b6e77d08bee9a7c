//! `GET /v2/models/digits` and `GET /v2/models/digits/ready`, with and without a version.

pub(crate) mod infer;
mod request;
mod response;

use api::PredictErrorBody;
use axum::{
    Json,
    extract::{Path, Request, State, rejection::PathRejection},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use classifier::SIDE;
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{
        Object, RefOr, Required, Type,
        path::{ParameterBuilder, ParameterIn},
    },
};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::{
    http::{
        error::ApiError,
        readiness::Readiness,
        routes::openapi::{add_error, operations},
    },
    prediction::Predictor,
};

/// The name of the model.
const NAME: &str = "digits";

/// The model's input; the exported network (`scripts/export_onnx.py`) gives it the same name and meaning.
const INPUT: &str = "image";

/// The datatype of the outputs, and that of the input unless the request names another one.
const FP32: &str = "FP32";

/// The path of the model, with which the paths of its routes begin.
const PATH: &str = "/v2/models/digits";

/// The path of the model with a version.
const PATH_OF_VERSION: &str = "/v2/models/digits/versions/{version}";

/// The version in the path of a request: an extension of it.
#[derive(Debug, Clone)]
pub(crate) struct RequestedVersion(String);

/// Only the version of the live model is there.
async fn require_live(
    State(predictor): State<Predictor>,
    version: Result<Path<String>, PathRejection>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Path(version) = version.map_err(|_| ApiError::not_found())?;
    if version != *predictor.version() {
        return Err(ApiError::not_found());
    }
    request.extensions_mut().insert(RequestedVersion(version));
    Ok(next.run(request).await)
}

/// A route of the model with a version in its path, described under `operation_id`.
pub(crate) fn of_version<S>(
    (schemas, mut paths, handler): UtoipaMethodRouter<S>,
    operation_id: &str,
    predictor: &Predictor,
) -> UtoipaMethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let version = ParameterBuilder::new()
        .name("version")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The model's version"))
        .schema(Some(Object::with_type(Type::String)))
        .build();
    let described = std::mem::take(&mut paths.paths).into_iter().map(|(path, mut item)| {
        for operation in operations(&mut item) {
            operation.summary = Some("As without the version.".to_owned());
            operation.description = None;
            operation.operation_id = Some(operation_id.to_owned());
            let parameters = operation.parameters.get_or_insert_default();
            parameters.insert(0, RefOr::T(version.clone()));
            add_error(operation, "404", "not_found", true);
        }
        (path.replacen(PATH, PATH_OF_VERSION, 1), item)
    });
    paths.paths = described.collect();
    let layer = from_fn_with_state(predictor.clone(), require_live);
    (schemas, paths, handler.route_layer(layer))
}

/// The model.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelMetadata {
    name: &'static str,
    /// The only version: that of the live model, as `modelo` in the responses of predict.
    versions: [String; 1],
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
pub(crate) async fn model(State(predictor): State<Predictor>) -> Json<ModelMetadata> {
    let tensor = |name, shape: &[usize]| TensorMetadata {
        name,
        datatype: FP32,
        shape: std::iter::once(-1)
            .chain(shape.iter().map(|length| i64::try_from(*length).unwrap_or(i64::MAX)))
            .collect(),
    };
    Json(ModelMetadata {
        name: NAME,
        versions: [predictor.version().to_string()],
        platform: "burn",
        inputs: [tensor(INPUT, &[1, SIDE, SIDE])],
        outputs: response::Output::ALL.map(|output| tensor(output.name(), output.shape())),
    })
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
