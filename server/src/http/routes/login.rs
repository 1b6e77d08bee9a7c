//! `POST /login`: starts a session, named by a JWT for API clients and by a cookie for browsers.

use api::{AccessToken, Credentials, ErrorBody, ErrorCode};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use tracing::{info, warn};

use crate::{
    accounts::{Accounts, CheckError, LoginError},
    http::{
        error::ApiError,
        extract::{ClientIp, Endpoint, JsonBody},
        layers::rate_limit,
        session_cookie::SessionCookie,
        user_agent::client_label,
    },
    metrics::{LoginResult, Metrics},
};

type LoggedIn = ([(HeaderName, HeaderValue); 1], Json<AccessToken>);

/// Signs in. The response to an unknown name equals the one to a wrong password, in its bytes and its time.
#[utoipa::path(post, path = "/login", tag = "accounts", request_body = Credentials, security(()), responses(
    (status = 200, description = "Signed in; the browser's session cookie is set as well", body = AccessToken),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "bad_credentials; code_required: the password is right, and the account has a second factor; code_wrong", body = ErrorBody),
    (status = 403, description = "account_disabled", body = ErrorBody),
))]
pub(crate) async fn login(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    State(metrics): State<Metrics>,
    client: ClientIp,
    endpoint: Endpoint,
    headers: HeaderMap,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<LoggedIn, Response> {
    match accounts.log_in(&credentials, client.ip, client_label(&headers)).await {
        Ok((user, session)) => {
            // The new cookie replaces the browser's old one, whose session could no longer be ended from this browser.
            if let Some(replaced) = cookie.read(&headers) {
                let ended = accounts.end_session_of_cookie(&replaced).await;
                ended.map_err(|cause| ApiError::from(cause).into_response())?;
            }
            metrics.login(LoginResult::Success);
            info!("Usuario '{}' inició sesión exitosamente.", user.username);
            let access_token = session.access_token;
            let cookie = cookie.set(&session.cookie_token, session.ttl);
            Ok(([(SET_COOKIE, cookie)], Json(AccessToken { access_token })))
        }
        Err(error) => Err(rejected(error, &credentials.username, &endpoint, &metrics)),
    }
}

fn rejected(error: LoginError, username: &str, endpoint: &Endpoint, metrics: &Metrics) -> Response {
    let error = match error {
        LoginError::Check(CheckError::Throttled(exceeded)) => {
            metrics.login(LoginResult::Limited);
            return rate_limit::reject(&endpoint.0, &exceeded);
        }
        LoginError::Check(CheckError::Internal(error)) => return ApiError::from(error).into_response(),
        LoginError::Check(CheckError::FieldMissing) => ApiError::fields_required("Username and password required"),
        LoginError::Check(CheckError::CodeRequired) => {
            // Half a login, neither successful nor failed: the same request follows with a code.
            info!("Inicio de sesión del username '{username}': falta el código.");
            return ApiError::code_required(StatusCode::UNAUTHORIZED).into_response();
        }
        LoginError::Check(CheckError::CodeWrong) => {
            metrics.login(LoginResult::Failure);
            ApiError::code_wrong(StatusCode::UNAUTHORIZED)
        }
        LoginError::Check(CheckError::PasswordWrong) => {
            metrics.login(LoginResult::Failure);
            let text = "Bad username or password";
            ApiError::new(StatusCode::UNAUTHORIZED, ErrorCode::BadCredentials, text)
        }
        LoginError::Disabled => {
            metrics.login(LoginResult::Disabled);
            let text = "La cuenta está desactivada. Escribe a quien administra el servicio.";
            ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AccountDisabled, text)
        }
    };
    warn!("Inicio de sesión fallido para el username '{username}'.");
    error.into_response()
}
