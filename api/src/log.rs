//! The answer of `GET /api/admin/errors`.

use serde::{Deserialize, Serialize};

/// The newest warnings and errors, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogEntries {
    /// One a line of the log.
    pub entries: Vec<LogEntry>,
}

/// A warning or an error that was logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogEntry {
    /// When, as RFC 3339 has it.
    pub time: String,
    /// `WARNING` or `ERROR`.
    pub level: String,
    /// The part of the program that says it.
    pub target: String,
    /// What it says.
    pub message: String,
    /// The request that caused it.
    pub request_id: Option<String>,
}
