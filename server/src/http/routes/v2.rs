//! `GET /v2`: the server, in the Open Inference Protocol (`KServe` V2), and the other routes of the protocol.
//!
//! Source: <https://github.com/kserve/open-inference-protocol>. The names in JSON are the protocol's. Types are here and
//! not in `api`, because the page doesn't use the protocol.

pub(crate) mod health;
pub(crate) mod models;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The server.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerMetadata {
    name: &'static str,
    version: &'static str,
    /// The extensions of the protocol that the server supports.
    extensions: [&'static str; 1],
}

/// The server, and the extensions of the protocol that it supports.
#[utoipa::path(get, path = "/v2", tag = "inference", security(()), responses(
    (status = 200, description = "The server", body = ServerMetadata),
))]
pub(crate) async fn server() -> Json<ServerMetadata> {
    Json(ServerMetadata {
        name: "trazo",
        version: env!("CARGO_PKG_VERSION"),
        extensions: ["binary_tensor_data"],
    })
}
