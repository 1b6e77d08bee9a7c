//! `GET /api/admin/errors`: the newest warnings and errors of this process.

use api::{ErrorBody, LogEntries};
use axum::Json;

use crate::{http::extract::Admin, telemetry::recent_errors};

/// The newest warnings and errors, as they stand in the log.
#[utoipa::path(get, path = "/admin/errors", tag = "admin", responses(
    (status = 200, description = "The newest warnings and errors", body = LogEntries),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn errors(_admin: Admin) -> Json<LogEntries> {
    Json(LogEntries {
        entries: recent_errors(),
    })
}
