//! `GET /api/predictions` and `POST /api/predictions/{id}/correction`: the history of the signed-in user.

use api::{Correction, ErrorBody, ErrorCode, History, PastPrediction};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use tracing::{info, warn};

use crate::{
    http::{
        convert,
        error::ApiError,
        extract::{Cursors, HistoryUser, JsonBody, Paging, QueryParams},
    },
    store::Store,
};

/// The user's predictions, newest first, with the images that the network saw.
#[utoipa::path(get, path = "/predictions", tag = "predictions", params(Paging),
    security(("token" = []), ("session" = []), ("key" = ["history"])), responses(
    (status = 200, description = "One page", body = History),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
))]
pub(crate) async fn predictions(
    State(store): State<Store>,
    HistoryUser(user): HistoryUser,
    QueryParams(paging): QueryParams<Paging>,
) -> Result<Json<History>, ApiError> {
    let request = paging.request()?;
    let found = store.predictions(user.id, &request.position, request.size).await?;
    // Counting takes longer the more there are; clients that follow cursors have the number from the first page.
    let total = match request.number() {
        Some(_) => Some(store.count_predictions(user.id).await?),
        None => None,
    };
    let Cursors { previous, next } = Cursors::of(&found);
    Ok(Json(History {
        predictions: found.rows.iter().map(convert::past_prediction).collect(),
        total,
        page: request.number(),
        per_page: request.size,
        previous,
        next,
    }))
}

/// Records which digit the image shows, for review and retraining.
#[utoipa::path(post, path = "/predictions/{id}/correction", tag = "predictions", request_body = Correction,
    security(("token" = []), ("session" = []), ("key" = ["history"])),
    params(("id" = i64, Path, description = "The ID of the prediction")), responses(
    (status = 200, description = "The corrected prediction", body = PastPrediction),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found: unknown, or of another user", body = ErrorBody),
))]
pub(crate) async fn correction(
    State(store): State<Store>,
    HistoryUser(user): HistoryUser,
    id: Result<Path<i64>, PathRejection>,
    JsonBody(Correction { digit: actual }): JsonBody<Correction>,
) -> Result<Json<PastPrediction>, ApiError> {
    if actual > 9 {
        return Err(ApiError::bad_request(ErrorCode::RequestInvalid, "digito va de 0 a 9."));
    }
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let corrected = store.correct_prediction(user.id, id, actual).await?;
    let Some(row) = corrected else {
        warn!(
            "Acceso denegado: la predicción {id} no existe o no es de '{}'.",
            user.username
        );
        return Err(ApiError::not_found());
    };
    info!("Predicción {id} corregida: Dígito {actual} en vez de {}.", row.digit);
    Ok(Json(convert::past_prediction(&row)))
}
