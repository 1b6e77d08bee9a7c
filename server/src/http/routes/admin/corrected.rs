//! `GET /api/admin/corrected`: how many answers users have corrected.

use api::{CorrectedDays, ErrorBody};
use axum::{Json, extract::State};

use crate::{
    http::{error::ApiError, extract::Admin},
    store::Store,
};

/// Days that are counted, with today.
const DAYS: u32 = 14;

/// The answers of the last 14 days in UTC, by day and model, and how many of them users have corrected. Only the newest
/// 100,000 predictions are counted.
#[utoipa::path(get, path = "/admin/corrected", tag = "admin", responses(
    (status = 200, description = "The days with answers, the newest first", body = CorrectedDays),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn corrected(State(store): State<Store>, _admin: Admin) -> Result<Json<CorrectedDays>, ApiError> {
    let days = store.corrected_days(DAYS).await?;
    Ok(Json(CorrectedDays { days }))
}
