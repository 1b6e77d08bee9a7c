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
    accounts::{Accounts, SignInError},
    http::error::Refusal,
    http::{
        extract::Client,
        layers::rate_limit::{Limits, endpoint_refused},
    },
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
    State(limits): State<Limits>,
    State(metrics): State<Metrics>,
    client: Client,
    JsonBody(given): JsonBody<Credentials>,
) -> Result<([(HeaderName, HeaderValue); 1], Json<AccessToken>), Response> {
    let attempts = &limits.0.attempts;
    let username = given.username.as_str();
    attempts.check(client.ip, username).map_err(|refused| {
        metrics.login(LoginResult::Limited);
        endpoint_refused("/api/login", "/api/login", &refused)
    })?;
    let signed_in = accounts.sign_in(&given).await;
    // Whatever came of it, so that the time tells nothing.
    tokio::time::sleep(attempts.delay(username)).await;
    match signed_in {
        Ok((user, begun)) => {
            metrics.login(LoginResult::Success);
            info!("Usuario '{}' inició sesión exitosamente.", user.username);
            let access_token = begun.access_token;
            Ok(([(SET_COOKIE, begun.cookie)], Json(AccessToken { access_token })))
        }
        Err(error) => {
            match error {
                SignInError::BadCredentials => {
                    attempts.failed(client.ip, username);
                    metrics.login(LoginResult::Failure);
                }
                SignInError::Disabled => metrics.login(LoginResult::Disabled),
                SignInError::FieldMissing | SignInError::Failed(_) => {}
            }
            Err(refusal(&error, username).answer("/api/login"))
        }
    }
}

fn refusal(error: &SignInError, username: &str) -> Refusal {
    if !matches!(error, SignInError::Failed(_)) {
        warn!("Inicio de sesión fallido para el username '{username}'.");
    }
    match error {
        SignInError::FieldMissing => fields_required("Username and password required"),
        SignInError::BadCredentials => {
            let text = "Bad username or password";
            Refusal::new(StatusCode::UNAUTHORIZED, ErrorCode::BadCredentials, text)
        }
        SignInError::Disabled => {
            let text = "La cuenta está desactivada. Escribe a quien administra el servicio.";
            Refusal::new(StatusCode::FORBIDDEN, ErrorCode::AccountDisabled, text)
        }
        SignInError::Failed(failed) => failure(failed),
    }
}
