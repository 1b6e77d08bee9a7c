//! How many answers users have corrected.

use serde::{Deserialize, Serialize};

/// Response of `GET /api/admin/corrected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectedDays {
    /// The newest day first; of a day each model that has answered.
    pub days: Vec<CorrectedDay>,
}

/// The answers of a model on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectedDay {
    /// The day in UTC: `2026-11-27`.
    pub day: String,
    /// The version of the model.
    pub model: String,
    /// Its answers about one digit.
    pub answers: u64,
    /// Those of which a user says that the image shows another digit, or none.
    pub corrected: u64,
}
