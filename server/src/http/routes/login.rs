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
        Err(LoginError::Throttled(refused)) => {
            metrics.login(LoginResult::Limited);
            Err(endpoint_refused("/api/login", "/api/login", &refused))
        }
        Err(error) => {
            match error {
                LoginError::BadCredentials => metrics.login(LoginResult::Failure),
                LoginError::Disabled => metrics.login(LoginResult::Disabled),
                LoginError::Throttled(_) | LoginError::FieldMissing | LoginError::Internal(_) => {}
            }
            Err(refusal(&error, username).answer("/api/login"))
        }
    }
}

fn refusal(error: &LoginError, username: &str) -> Refusal {
    if !matches!(error, LoginError::Internal(_)) {
        warn!("Inicio de sesión fallido para el username '{username}'.");
    }
    match error {
        LoginError::FieldMissing => fields_required("Username and password required"),
        LoginError::BadCredentials => {
            let text = "Bad username or password";
            Refusal::new(StatusCode::UNAUTHORIZED, ErrorCode::BadCredentials, text)
        }
        LoginError::Disabled => {
            let text = "La cuenta está desactivada. Escribe a quien administra el servicio.";
            Refusal::new(StatusCode::FORBIDDEN, ErrorCode::AccountDisabled, text)
        }
        LoginError::Throttled(refused) => {
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, "").retry_after(refused.retry_after())
        }
        LoginError::Internal(error) => failure(error),
    }
}
