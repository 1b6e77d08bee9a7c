//! Authentication: the user of a request, by JWT, by session cookie or by API key.

use std::borrow::Cow;

use api::{ErrorCode, KeyScope, Role};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
};
use tracing::{Span, error};

use crate::{
    accounts::{Accounts, SessionError},
    domain::{User, api_key::PREFIX},
    http::{error::ApiError, extract::denials, session_cookie::SessionCookie},
    store::{ActiveKey, ActiveSession, StoreError, UseKeyError},
};

/// The user of a session. API keys are refused, so that what a route allows them is said where it takes another extractor.
#[derive(Debug, Clone)]
pub(crate) struct CurrentUser {
    /// The account, read for this request, so that a changed role or a disabled account takes effect at once.
    pub user: User,
    /// The session.
    pub session_id: String,
}

/// The user of a session, or of an API key with the scope `predict`.
#[derive(Debug, Clone)]
pub(crate) struct PredictUser(pub User);

/// The user of a session, or of an API key with the scope `history`.
#[derive(Debug, Clone)]
pub(crate) struct HistoryUser(pub User);

/// Who sends a request; an extension of it once this is known.
#[derive(Debug, Clone)]
enum Requester {
    Session(CurrentUser),
    Key(ActiveKey),
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
    /// There is no such API key.
    #[error("invalid API key")]
    KeyInvalid,
    /// The API key has expired.
    #[error("expired API key")]
    KeyExpired,
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

/// Finds the session of a request by its bearer token, else by its cookie. An API key names none.
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

impl Requester {
    /// Authenticates a request, once.
    async fn of<S>(parts: &mut Parts, state: &S) -> Result<Self, ApiError>
    where
        Accounts: FromRef<S>,
        SessionCookie: FromRef<S>,
    {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let (accounts, cookie) = (Accounts::from_ref(state), SessionCookie::from_ref(state));
        let key = bearer(&parts.headers).filter(|token| token.starts_with(PREFIX));
        let known = match key {
            Some(key) => accounts.use_key(key).await.map(Self::Key).map_err(AuthError::from),
            None => authenticate(&accounts, &cookie, &parts.method, &parts.headers)
                .await
                .map(Self::Session),
        };
        let known = known.inspect_err(|error| denials::unauthenticated(&parts.extensions, error))?;
        if let Self::Key(key) = &known {
            // In the log lines that follow.
            Span::current().record("key", key.hint.as_str());
        }
        parts.extensions.insert(known.clone());
        Ok(known)
    }

    /// The user, if a session or a key with this scope asks.
    fn allowed(self, scope: KeyScope, parts: &Parts) -> Result<User, ApiError> {
        match self {
            Self::Session(current) => Ok(current.user),
            Self::Key(key) if key.scopes.contains(&scope) => Ok(key.user),
            Self::Key(key) => {
                let text = format!(
                    "La clave de API no vale para esto: le falta el permiso '{}'.",
                    scope.tag()
                );
                Err(key_forbidden(parts, &key, text))
            }
        }
    }
}

fn key_forbidden(parts: &Parts, key: &ActiveKey, text: impl Into<Cow<'static, str>>) -> ApiError {
    denials::not_for_key(&parts.extensions, &key.user.username);
    ApiError::new(StatusCode::FORBIDDEN, ErrorCode::KeyForbidden, text)
}

impl<S> FromRequestParts<S> for CurrentUser
where
    Accounts: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Requester::of(parts, state).await? {
            Requester::Session(current) => Ok(current),
            Requester::Key(key) => {
                let text = "Las claves de API no valen para esto. Inicia sesión.";
                Err(key_forbidden(parts, &key, text))
            }
        }
    }
}

impl<S> FromRequestParts<S> for PredictUser
where
    Accounts: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let requester = Requester::of(parts, state).await?;
        requester.allowed(KeyScope::Predict, parts).map(Self)
    }
}

impl<S> FromRequestParts<S> for HistoryUser
where
    Accounts: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let requester = Requester::of(parts, state).await?;
        requester.allowed(KeyScope::History, parts).map(Self)
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

impl From<UseKeyError> for AuthError {
    fn from(error: UseKeyError) -> Self {
        match error {
            UseKeyError::NotFound => Self::KeyInvalid,
            UseKeyError::Expired => Self::KeyExpired,
            UseKeyError::Store(error) => Self::Store(error),
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
            AuthError::KeyInvalid => unauthorized(
                ErrorCode::TokenInvalid,
                "La clave de API no vale: se revocó o está incompleta. Crea otra.",
            ),
            AuthError::KeyExpired => unauthorized(ErrorCode::TokenExpired, "La clave de API caducó. Crea otra."),
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
