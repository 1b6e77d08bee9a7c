//! `GET /api/admin/errors`: the newest warnings and errors of this process.

use app::wire::ErrorBody;
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accounts::visitor::Admin,
    telemetry::{LogEntry, recent_errors},
};

/// What went wrong lately.
#[derive(Debug, Serialize, ToSchema)]
pub struct Errors {
    /// The newest first.
    pub entries: Vec<LogEntry>,
}

/// The newest warnings and errors, as they stand in the log.
#[utoipa::path(get, path = "/admin/errors", tag = "admin", responses(
    (status = 200, description = "The newest warnings and errors", body = Errors),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub async fn errors(_admin: Admin) -> Json<Errors> {
    Json(Errors {
        entries: recent_errors(),
    })
}
