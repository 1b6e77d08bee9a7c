//! The response of `GET /api/admin/errors`.

use serde::{Deserialize, Serialize};

/// The latest warnings and errors, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogEntries {
    /// One entry per log line.
    pub entries: Vec<LogEntry>,
}

/// A logged warning or error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogEntry {
    /// The time, RFC 3339.
    pub time: String,
    /// `WARNING` or `ERROR`.
    pub level: String,
    /// The module that logged it.
    pub target: String,
    /// The message.
    pub message: String,
    /// The id of the request that caused it.
    pub request_id: Option<String>,
}
