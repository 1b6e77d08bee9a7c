//! `POST /login`: a session, as a JWT for programs and as a cookie for the browser.

use api::{AccessToken, Credentials, ErrorBody, ErrorCode};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header::SET_COOKIE},
    response::Response,
};
use tracing::{info, warn};

use super::{JsonBody, fields_required, register::failure};
use crate::{
    accounts::{Accounts, LoginError},
    http::error::Refusal,
    http::{extract::Client, layers::rate_limit::endpoint_refused, session_cookie::SessionCookie},
    metrics::{LoginResult, Metrics},
};

/// Sign in. The answer is the same, in its bytes and its time, for a name that nobody has and for a wrong password.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/login", tag = "accounts", request_body = Credentials, security(()), responses(
    (status = 200, description = "Signed in; the browser's session cookie is set as well", body = AccessToken),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "bad_credentials", body = ErrorBody),
    (status = 403, description = "account_disabled", body = ErrorBody),
))]
pub async fn login(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    State(metrics): State<Metrics>,
    client: Client,
    JsonBody(given): JsonBody<Credentials>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<AccessToken>), Response> {
    let username = given.username.as_str();
    match accounts.log_in(&given, client.ip).await {
        Ok((user, session)) => {
            metrics.login(LoginResult::Success);
            info!("Usuario '{}' inició sesión exitosamente.", user.username);
            let access_token = session.access_token;
            let cookie = cookie.set(&session.cookie_token, session.ttl);
            Ok(([(SET_COOKIE, cookie)], Json(AccessToken { access_token })))
        }
        Err(error) => Err(refuse(&error, username, &metrics)),
    }
}

fn refuse(error: &LoginError, username: &str, metrics: &Metrics) -> Response {
    if !matches!(error, LoginError::Throttled(_) | LoginError::Internal(_)) {
        warn!("Inicio de sesión fallido para el username '{username}'.");
    }
    let refusal = match error {
        LoginError::Throttled(refused) => {
            metrics.login(LoginResult::Limited);
            return endpoint_refused("/api/login", "/api/login", refused);
        }
        LoginError::FieldMissing => fields_required("Username and password required"),
        LoginError::BadCredentials => {
            metrics.login(LoginResult::Failure);
            let text = "Bad username or password";
            Refusal::new(StatusCode::UNAUTHORIZED, ErrorCode::BadCredentials, text)
        }
        LoginError::Disabled => {
            metrics.login(LoginResult::Disabled);
            let text = "La cuenta está desactivada. Escribe a quien administra el servicio.";
            Refusal::new(StatusCode::FORBIDDEN, ErrorCode::AccountDisabled, text)
        }
        LoginError::Internal(error) => failure(error),
    };
    refusal.answer("/api/login")
}
