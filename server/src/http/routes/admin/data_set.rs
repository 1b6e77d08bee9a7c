//! `GET /api/admin/dataset.tar`: the images that admins have agreed to.

use api::ErrorBody;
use axum::{
    body::Body,
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use tracing::info;
use utoipa::{IntoParams, ToSchema};

use crate::{
    data_set::{self, Contents},
    http::{
        error::ApiError,
        extract::{Admin, QueryParams},
    },
    store::Store,
};

/// The files of the archive.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DataSetQuery {
    /// The format of the images; by default IDX.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

/// The format of the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// As those of MNIST: a file of images and one of labels.
    #[default]
    Idx,
    /// PNG, with a table of labels.
    Png,
}

/// The images of the corrections that were agreed to, with their labels: a TAR archive with a card that counts them.
#[utoipa::path(get, path = "/admin/dataset.tar", tag = "admin", params(DataSetQuery), responses(
    (status = 200, description = "A TAR archive", body = String, content_type = "application/x-tar"),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn archive(
    State(store): State<Store>,
    Admin(admin): Admin,
    QueryParams(query): QueryParams<DataSetQuery>,
) -> Result<Response, ApiError> {
    let (contents, disposition) = match query.format {
        Format::Idx => (Contents::Idx, "attachment; filename=\"trazo-idx.tar\""),
        Format::Png => (Contents::Png, "attachment; filename=\"trazo-png.tar\""),
    };
    info!(
        "Administrador '{}' exportó las correcciones ({contents:?}).",
        admin.username
    );
    let headers = [(CONTENT_TYPE, "application/x-tar"), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(data_set::archive(store, contents))).into_response())
}
