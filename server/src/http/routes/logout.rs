//! `POST /api/logout` and `POST /api/logout/everywhere`: the end of one session, or of all.

use api::{ErrorBody, Message};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, header::SET_COOKIE},
    response::Response,
};
use tracing::info;

use super::{message, register::failure};
use crate::{
    accounts::Accounts,
    http::{extract::auth::SignedIn, session_cookie::SessionCookie},
    store::StoreError,
};

type Left = ([(HeaderName, HeaderValue); 1], Json<Message>);

/// Sign out: the session, its cookie and its JWT hold no more.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/logout", tag = "accounts", responses(
    (status = 200, description = "Signed out", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
))]
pub async fn logout(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    who: SignedIn,
) -> Result<Left, Response> {
    let ended = accounts.store().end_session(&who.session_id).await;
    ended.map_err(failed)?;
    Ok(left(cookie, &who, "Sesión cerrada."))
}

/// Sign out everywhere: all sessions of the user hold no more.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/logout/everywhere", tag = "accounts", responses(
    (status = 200, description = "Signed out everywhere", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
))]
pub async fn everywhere(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    who: SignedIn,
) -> Result<Left, Response> {
    let ended = accounts.store().end_sessions(who.user.id).await;
    ended.map_err(failed)?;
    Ok(left(cookie, &who, "Sesión cerrada en todos los dispositivos."))
}

fn failed(error: StoreError) -> Response {
    failure(&error.into()).answer("/api/logout")
}

fn left(cookie: SessionCookie, who: &SignedIn, text: &str) -> Left {
    info!("Usuario '{}': {text}", who.user.username);
    ([(SET_COOKIE, cookie.removal())], message(text))
}
