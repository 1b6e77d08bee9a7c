//! Requests and answers as they travel, shared by the server and the page. No secrets, no storage derives.

mod error;
mod health;
mod predict;

pub use error::{ErrorBody, ErrorCode, PredictErrorBody};
pub use health::{Health, HealthStatus};
pub use predict::{Notice, Prediction};
