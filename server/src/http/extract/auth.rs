//! Authentication: the user of a request, by JWT or by session cookie.

use api::{ErrorCode, Role};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
};
use tracing::error;

use crate::{
    accounts::{Accounts, SessionError},
    domain::User,
    http::{error::ApiError, extract::denials, session_cookie::SessionCookie},
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

/// The id of the account that a request is meant for. The page sends it with what it has kept, because another account may
/// have signed in since.
const EXPECTED_USER: HeaderName = HeaderName::from_static("x-user-id");

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
    /// The session is of another account than the request says ([`EXPECTED_USER`]).
    #[error("another account")]
    OtherUser,
    /// The request has a cookie and comes from a page of another origin.
    #[error("another origin")]
    Origin,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

/// Authenticates a request by its bearer token, else by its session cookie.
///
/// # Errors
///
/// [`AuthError`], also for an unsafe method with a cookie that comes from another origin.
pub(crate) async fn authenticate(
    accounts: &Accounts,
    cookie: &SessionCookie,
    method: &Method,
    headers: &HeaderMap,
) -> Result<CurrentUser, AuthError> {
    let ActiveSession { id, user } = if let Some(token) = bearer(headers) {
        accounts.session_of_access_token(token).await?
    } else {
        let token = cookie.read(headers).ok_or(AuthError::Missing)?;
        if !cookie.is_usable(method, headers) {
            return Err(AuthError::Origin);
        }
        accounts.session_of_cookie(&token).await?
    };
    let is_other = |expected: &HeaderValue| expected.as_bytes() != user.id.to_string().as_bytes();
    if headers.get_all(EXPECTED_USER).iter().any(is_other) {
        return Err(AuthError::OtherUser);
    }
    Ok(CurrentUser { user, session_id: id })
}

/// The token of an `Authorization: Bearer` header. Other schemes, such as the `Basic` of a proxy, are not ours.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(header::AUTHORIZATION).iter().find_map(|value| {
        let value = value.to_str().ok()?;
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    })
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
        let current = authenticate(&accounts, &cookie, &parts.method, &parts.headers)
            .await
            .inspect_err(|error| denials::unauthenticated(&parts.extensions, error))?;
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
        denials::not_admin(&parts.extensions, &user.username);
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
            AuthError::OtherUser => unauthorized(ErrorCode::TokenInvalid, "La sesión es de otra cuenta."),
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
