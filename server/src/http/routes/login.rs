//! `POST /login`: starts a session, named by a JWT for API clients and by a cookie for browsers.

use std::sync::Arc;

use api::{AccessToken, Credentials, ErrorBody, ErrorCode};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use tracing::{info, warn};

use crate::{
    accounts::{Accounts, Attempts, SignInError},
    http::{
        error::ApiError,
        extract::{ClientIp, Endpoint, JsonBody},
        layers::rate_limit,
    },
    metrics::{LoginResult, Metrics},
};

type Session = ([(HeaderName, HeaderValue); 1], Json<AccessToken>);

/// Signs in. The response to an unknown name equals the one to a wrong password, in its bytes and its time.
#[utoipa::path(post, path = "/login", tag = "accounts", request_body = Credentials, security(()), responses(
    (status = 200, description = "Signed in; the browser's session cookie is set as well", body = AccessToken),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "bad_credentials", body = ErrorBody),
    (status = 403, description = "account_disabled", body = ErrorBody),
))]
pub(crate) async fn login(
    State(accounts): State<Accounts>,
    State(throttle): State<Arc<Attempts>>,
    State(metrics): State<Metrics>,
    client: ClientIp,
    endpoint: Endpoint,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<Session, Response> {
    let username = credentials.username.as_str();
    throttle.check(client.ip, username).map_err(|exceeded| {
        metrics.login(LoginResult::Limited);
        rate_limit::reject(&endpoint.0, &exceeded)
    })?;
    let result = accounts.sign_in(&credentials).await;
    // The same delay for every result, so that it reveals nothing.
    tokio::time::sleep(throttle.delay(username)).await;
    match &result {
        Ok(_) => metrics.login(LoginResult::Success),
        Err(SignInError::BadCredentials) => {
            throttle.failed(client.ip, username);
            metrics.login(LoginResult::Failure);
        }
        Err(SignInError::Disabled) => metrics.login(LoginResult::Disabled),
        Err(SignInError::FieldMissing | SignInError::Failed(_)) => {}
    }
    let (user, session) = result.map_err(|error| rejected(error, username).into_response())?;
    info!("Usuario '{}' inició sesión exitosamente.", user.username);
    let access_token = session.access_token;
    Ok(([(SET_COOKIE, session.cookie)], Json(AccessToken { access_token })))
}

fn rejected(error: SignInError, username: &str) -> ApiError {
    if !matches!(error, SignInError::Failed(_)) {
        warn!("Inicio de sesión fallido para el username '{username}'.");
    }
    match error {
        SignInError::FieldMissing => ApiError::fields_required("Username and password required"),
        SignInError::BadCredentials => {
            let text = "Bad username or password";
            ApiError::new(StatusCode::UNAUTHORIZED, ErrorCode::BadCredentials, text)
        }
        SignInError::Disabled => {
            let text = "La cuenta está desactivada. Escribe a quien administra el servicio.";
            ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AccountDisabled, text)
        }
        SignInError::Failed(failed) => failed.into(),
    }
}
