//! Authentication: the user of a request, by JWT or by session cookie.

use api::{ErrorCode, Role};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use tracing::error;

use crate::{
    accounts::{Accounts, SessionError},
    domain::User,
    http::{error::ApiError, session_cookie::SessionCookie},
    store::{ActiveSession, StoreError},
};

/// The authenticated user of a request.
#[derive(Debug, Clone)]
pub(crate) struct CurrentUser {
    /// The account, read for this request, so that a changed role or a disabled account takes effect at once.
    pub user: User,
    /// The session.
    pub session_id: String,
}

/// A [`CurrentUser`] with the role of an admin.
#[derive(Debug, Clone)]
pub(crate) struct Admin(pub User);

/// Why a request could not be authenticated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthError {
    /// There is neither a token nor a cookie.
    #[error("no token")]
    Missing,
    /// The token or its session is not valid.
    #[error("invalid token")]
    Invalid,
    /// The token has expired.
    #[error("expired token")]
    Expired,
    /// The request has a cookie and comes from a page of another origin.
    #[error("another origin")]
    Origin,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

/// Authenticates a request by its `Authorization` header, else by its session cookie.
///
/// # Errors
///
/// [`AuthError`], also for an unsafe method with a cookie that comes from another origin.
pub(crate) async fn authenticate(
    accounts: &Accounts,
    cookie: SessionCookie,
    method: &Method,
    headers: &HeaderMap,
) -> Result<CurrentUser, AuthError> {
    let ActiveSession { id, user } = if headers.contains_key(header::AUTHORIZATION) {
        let token = bearer(headers).ok_or(AuthError::Invalid)?;
        accounts.session_of_access_token(token).await?
    } else {
        let token = cookie.read(headers).ok_or(AuthError::Missing)?;
        if !method.is_safe() && !is_same_origin(headers) {
            return Err(AuthError::Origin);
        }
        accounts.session_of_cookie(&token).await?
    };
    Ok(CurrentUser { user, session_id: id })
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether the browser reports that a page of this origin sent the request. `SameSite=Strict` covers other sites; this
/// check covers other origins of the same site, and browsers without support for `SameSite`.
pub(crate) fn is_same_origin(headers: &HeaderMap) -> bool {
    let value = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    if let Some(site) = value(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    // Current browsers send at least one of the two headers. Other clients hold no ambient cookies, so they aren't
    // exposed to CSRF.
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, host)| host);
    host.is_some() && host == value(header::HOST)
}

impl<S> FromRequestParts<S> for CurrentUser
where
    Accounts: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let (accounts, cookie) = (Accounts::from_ref(state), SessionCookie::from_ref(state));
        let current = authenticate(&accounts, cookie, &parts.method, &parts.headers).await?;
        parts.extensions.insert(current.clone());
        Ok(current)
    }
}

impl<S> FromRequestParts<S> for Admin
where
    Accounts: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let CurrentUser { user, .. } = CurrentUser::from_request_parts(parts, state).await?;
        if user.role == Role::Admin {
            return Ok(Self(user));
        }
        let text = "Solo para administradores.";
        Err(ApiError::new(StatusCode::FORBIDDEN, ErrorCode::AdminOnly, text))
    }
}

impl From<SessionError> for AuthError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Invalid => Self::Invalid,
            SessionError::Expired => Self::Expired,
            SessionError::Store(error) => Self::Store(error),
        }
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        let unauthorized = |code, text: &'static str| Self::new(StatusCode::UNAUTHORIZED, code, text);
        match error {
            AuthError::Missing => unauthorized(ErrorCode::TokenMissing, "Inicia sesión: falta el token."),
            AuthError::Invalid => unauthorized(
                ErrorCode::TokenInvalid,
                "La sesión ya no es válida. Inicia sesión de nuevo.",
            ),
            AuthError::Expired => unauthorized(ErrorCode::TokenExpired, "La sesión caducó. Inicia sesión de nuevo."),
            AuthError::Origin => {
                let text = "La solicitud viene de otro origen.";
                Self::new(StatusCode::FORBIDDEN, ErrorCode::OriginForbidden, text)
            }
            AuthError::Store(cause) => Self::database_unavailable(&cause).unwrap_or_else(|| {
                error!("No se pudo saber quién pregunta: {cause}");
                Self::internal()
            }),
        }
    }
}
