//! `GET /api/me/sessions` and `DELETE /api/me/sessions/{id}`: the sessions of the signed-in user.

use api::{ErrorBody, Message, Sessions};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use tracing::info;

use crate::{
    http::{
        convert,
        error::ApiError,
        extract::CurrentUser,
        routes::{logout::signed_out, message},
        session_cookie::SessionCookie,
    },
    store::Store,
};

/// The sessions that haven't ended, newest first; at most a hundred.
#[utoipa::path(get, path = "/me/sessions", tag = "accounts", responses(
    (status = 200, description = "The sessions", body = Sessions),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
))]
pub(crate) async fn sessions(
    State(store): State<Store>,
    CurrentUser { user, session_id }: CurrentUser,
) -> Result<Json<Sessions>, ApiError> {
    let sessions = store.sessions(user.id).await?;
    let sessions = sessions.into_iter().map(|row| convert::session(row, &session_id));
    Ok(Json(Sessions {
        sessions: sessions.collect(),
    }))
}

/// Ends a session, with its cookie and its JWT. Ending the current one signs out.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "accounts",
    params(("id" = String, Path, description = "The ID of the session")), responses(
    (status = 200, description = "Ended", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found: the user has no such session", body = ErrorBody),
))]
pub(crate) async fn end(
    State(store): State<Store>,
    State(cookie): State<SessionCookie>,
    current: CurrentUser,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    if !store.end_session_of(current.user.id, &id).await? {
        return Err(ApiError::not_found());
    }
    let text = "Sesión cerrada.";
    if id == current.session_id {
        return Ok(signed_out(&cookie, &current.user, text).into_response());
    }
    info!("Usuario '{}': {text}", current.user.username);
    Ok(message(text).into_response())
}
