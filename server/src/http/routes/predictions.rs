//! `GET /api/predictions` and `/api/predictions/{id}/correction`: the history of the signed-in user.

use api::{Correction, ErrorBody, ErrorCode, History, Label, PastPrediction};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use tracing::{info, warn};

use crate::{
    domain::User,
    http::{
        convert,
        error::ApiError,
        extract::{Cursors, HistoryUser, JsonBody, Paging, QueryParams},
    },
    metrics::Metrics,
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

/// Records what the image shows, a digit or none, for review and retraining. What was decided about another correction of it
/// does not hold any more.
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
    State(metrics): State<Metrics>,
    HistoryUser(user): HistoryUser,
    id: Result<Path<i64>, PathRejection>,
    JsonBody(correction): JsonBody<Correction>,
) -> Result<Json<PastPrediction>, ApiError> {
    let said = correction.label().ok_or_else(|| {
        let text = "Envía un digito de 0 a 9, o no_es_un_digito con el valor true.";
        ApiError::bad_request(ErrorCode::RequestInvalid, text)
    })?;
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let (row, before) = found(store.correct_prediction(user.id, id, said).await?, &user, id)?;
    let read = row.digit;
    let is_other = |label: Label| label.digit() != Some(read);
    if is_other(said) && !before.is_some_and(is_other) {
        metrics.corrected(&row.model);
    }
    if let Some(digit) = said.digit() {
        info!("Predicción {id} corregida: Dígito {digit} en vez de {read}.");
    } else {
        info!("Predicción {id} corregida: No es un dígito, en vez de {read}.");
    }
    Ok(Json(convert::past_prediction(&row)))
}

/// Takes a correction back, with what admins have decided about it. A prediction without one stays as it is.
#[utoipa::path(delete, path = "/predictions/{id}/correction", tag = "predictions",
    security(("token" = []), ("session" = []), ("key" = ["history"])),
    params(("id" = i64, Path, description = "The ID of the prediction")), responses(
    (status = 200, description = "The prediction as it is now", body = PastPrediction),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found: unknown, or of another user", body = ErrorBody),
))]
pub(crate) async fn take_back(
    State(store): State<Store>,
    HistoryUser(user): HistoryUser,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<PastPrediction>, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let row = found(store.take_back_correction(user.id, id).await?, &user, id)?;
    info!("Predicción {id}: corrección retirada.");
    Ok(Json(convert::past_prediction(&row)))
}

fn found<T>(row: Option<T>, user: &User, id: i64) -> Result<T, ApiError> {
    row.ok_or_else(|| {
        warn!(
            "Acceso denegado: la predicción {id} no existe o no es de '{}'.",
            user.username
        );
        ApiError::not_found()
    })
}
