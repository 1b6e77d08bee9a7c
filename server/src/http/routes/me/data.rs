//! `/api/me/data` and `DELETE /api/me/corrections`: what the user has given.

use api::{ErrorBody, Message, OwnData};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tracing::{error, info};

use crate::{
    http::{convert, error::ApiError, extract::CurrentUser, routes::message},
    store::{Position, Store, StoreError},
};

/// Predictions per query, and per transaction that removes some.
const CHUNK: u64 = 200;

/// All that the account has given: its name and address, and its history with the corrections and what has become of them.
#[utoipa::path(get, path = "/me/data", tag = "accounts", responses(
    (status = 200, description = "A file", body = OwnData),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
))]
pub(crate) async fn data(State(store): State<Store>, CurrentUser { user, .. }: CurrentUser) -> Response {
    info!("Usuario '{}' descargó sus datos.", user.username);
    // Writing to memory doesn't fail.
    let account = serde_json::to_string(&convert::me(&user)).unwrap_or_default();
    let head = format!("{{\"account\":{account},\"predictions\":[");
    let start = Some((store, head, Position::Page(1)));
    let chunks = stream::try_unfold(start, move |state| async move {
        let Some((store, head, position)) = state else {
            return Ok(None);
        };
        let page = store
            .predictions(user.id, &position, CHUNK)
            .await
            .inspect_err(|cause| error!("La descarga de los datos de un usuario se cortó: {cause}"))?;
        let rows: Vec<String> = page
            .rows
            .iter()
            .filter_map(|row| serde_json::to_string(&convert::own_prediction(row)).ok())
            .collect();
        // The rows of the next page may be removed meanwhile.
        let comma = if head.is_empty() && !rows.is_empty() { "," } else { "" };
        let end = if page.next.is_some() { "" } else { "]}" };
        let text = format!("{head}{comma}{}{end}", rows.join(","));
        let next = page.next.map(|key| (store, String::new(), Position::After(key)));
        Ok::<_, StoreError>(Some((Bytes::from(text), next)))
    });
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, "attachment; filename=\"trazo-mis-datos.json\""),
    ];
    (headers, Body::from_stream(chunks)).into_response()
}

/// Deletes the history with all corrections and what admins have decided about them. The account stays, and the number of its
/// predictions.
#[utoipa::path(delete, path = "/me/data", tag = "accounts", responses(
    (status = 200, description = "Deleted", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
))]
pub(crate) async fn delete(
    State(store): State<Store>,
    CurrentUser { user, .. }: CurrentUser,
) -> Result<Json<Message>, ApiError> {
    let mut removed = 0;
    loop {
        let step = store.remove_predictions_of(user.id, CHUNK).await?;
        removed += step;
        if step < CHUNK {
            break;
        }
    }
    info!(
        "Usuario '{}': historial borrado, {removed} predicciones.",
        user.username
    );
    Ok(message("Datos borrados."))
}

/// Takes all corrections back, with what admins have decided about them. The predictions stay.
#[utoipa::path(delete, path = "/me/corrections", tag = "accounts", responses(
    (status = 200, description = "Taken back", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
))]
pub(crate) async fn take_back(
    State(store): State<Store>,
    CurrentUser { user, .. }: CurrentUser,
) -> Result<Json<Message>, ApiError> {
    let removed = store.take_back_corrections(user.id).await?;
    info!("Usuario '{}': {removed} correcciones retiradas.", user.username);
    Ok(message("Correcciones retiradas."))
}
