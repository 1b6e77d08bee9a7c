//! The answers of `GET /health/live` and `GET /health/ready`.

use serde::{Deserialize, Serialize};

/// `{"status": …}`; a refusal is an [`ErrorBody`](super::ErrorBody) instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// What holds.
    pub status: HealthStatus,
}

/// What a healthy server says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// The process answers.
    Live,
    /// It has all it needs to serve.
    Ready,
}
