//! The responses of `GET /health/live` and `GET /health/ready`.

use serde::{Deserialize, Serialize};

/// `{"status": …}`; errors are an [`ErrorBody`](super::ErrorBody).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// The state.
    pub status: HealthStatus,
}

/// The state of a healthy server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// The process responds.
    Live,
    /// The server can serve requests.
    Ready,
}
