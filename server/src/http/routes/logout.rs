//! `POST /api/logout` and `POST /api/logout/everywhere`: end one session, or all sessions of the user.

use api::{ErrorBody, Message};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header::SET_COOKIE},
};
use tracing::info;

use super::message;
use crate::{
    accounts::Accounts,
    domain::User,
    http::{error::ApiError, extract::CurrentUser, session_cookie::SessionCookie},
};

/// A text, and the removal of the session cookie.
pub(super) type SignedOut = ([(HeaderName, HeaderValue); 1], Json<Message>);

/// Signs out: the session, with its cookie and its JWT, becomes invalid.
#[utoipa::path(post, path = "/logout", tag = "accounts", responses(
    (status = 200, description = "Signed out", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
))]
pub(crate) async fn logout(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    current: CurrentUser,
) -> Result<SignedOut, ApiError> {
    accounts.store().end_session(&current.session_id).await?;
    Ok(signed_out(&cookie, &current.user, "Sesión cerrada."))
}

/// Signs out everywhere: all sessions of the user become invalid.
#[utoipa::path(post, path = "/logout/everywhere", tag = "accounts", responses(
    (status = 200, description = "Signed out everywhere", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
))]
pub(crate) async fn everywhere(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    current: CurrentUser,
) -> Result<SignedOut, ApiError> {
    accounts.store().end_sessions(current.user.id).await?;
    let text = "Sesión cerrada en todos los dispositivos.";
    Ok(signed_out(&cookie, &current.user, text))
}

/// The response to a user whose session has ended.
pub(super) fn signed_out(cookie: &SessionCookie, user: &User, text: &str) -> SignedOut {
    info!("Usuario '{}': {text}", user.username);
    ([(SET_COOKIE, cookie.removal())], message(text))
}
