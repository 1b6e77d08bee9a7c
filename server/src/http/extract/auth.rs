//! Who is asking: taken from the request, refused with the contract's codes.

use api::{ErrorCode, Me, Role};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::Response,
};
use tracing::error;

use crate::{
    accounts::{Accounts, SessionError},
    domain::User,
    http::{error::Refusal, session_cookie::SessionCookie},
    store::{ActiveSession, StoreError},
};

/// A user who has signed in, by JWT or by cookie.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account, read for this request: what an admin changes holds from the next request on.
    pub user: User,
    /// The session.
    pub session_id: String,
}

/// A [`SignedIn`] who is an admin.
#[derive(Debug, Clone)]
pub struct Admin(pub User);

/// Why nobody is known to ask.
#[derive(Debug, thiserror::Error)]
pub enum Unknown {
    /// There is neither a token nor a cookie.
    #[error("no token")]
    Missing,
    /// What there is doesn't hold.
    #[error("the token doesn't hold")]
    Invalid,
    /// The token was good once.
    #[error("the token is over")]
    Expired,
    /// The cookie came with a page of another origin.
    #[error("another origin")]
    Origin,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

/// Who sent this request.
///
/// # Errors
///
/// [`Unknown`].
pub async fn identify(
    accounts: &Accounts,
    cookie: SessionCookie,
    method: &Method,
    headers: &HeaderMap,
) -> Result<SignedIn, Unknown> {
    let session = if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = bearer(value.to_str().unwrap_or_default()).ok_or(Unknown::Invalid)?;
        accounts.session_of_access_token(token).await?
    } else {
        let token = cookie.read(headers).ok_or(Unknown::Missing)?;
        if !method.is_safe() && !is_same_origin(headers) {
            return Err(Unknown::Origin);
        }
        accounts.session_of_cookie(&token).await?
    };
    let ActiveSession { id, user } = session;
    Ok(SignedIn { user, session_id: id })
}

fn bearer(authorization: &str) -> Option<&str> {
    authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
}

impl From<SessionError> for Unknown {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Invalid => Self::Invalid,
            SessionError::Expired => Self::Expired,
            SessionError::Store(error) => Self::Store(error),
        }
    }
}

/// Whether the browser says that one of our own pages sent this. SameSite=Strict keeps the cookie from other sites;
/// this keeps it from other origins of the same site, and from browsers that don't know `SameSite`.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let value = |name| {
        headers
            .get(name)
            .and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    if let Some(site) = value(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    // No browser of the last years leaves both out; a program that does has its user's cookie by its user's hand.
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

/// A user as every page may know them.
pub fn me(user: &User) -> Me {
    Me {
        id: user.id,
        username: user.username.clone(),
        email: user.email.clone(),
        role: user.role,
        email_confirmed: user.email_confirmed,
        created_at: crate::http::routes::rfc3339(user.created_at),
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    Accounts: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let accounts = Accounts::from_ref(state);
        let cookie = SessionCookie::from_ref(state);
        match identify(&accounts, cookie, &parts.method, &parts.headers).await {
            Ok(signed_in) => {
                parts.extensions.insert(signed_in.clone());
                Ok(signed_in)
            }
            Err(unknown) => Err(refusal(&unknown).answer(parts.uri.path())),
        }
    }
}

impl<S> FromRequestParts<S> for Admin
where
    Accounts: FromRef<S>,
    SessionCookie: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let SignedIn { user, .. } = SignedIn::from_request_parts(parts, state).await?;
        if user.role == Role::Admin {
            return Ok(Self(user));
        }
        let text = "Solo para administradores.";
        Err(Refusal::new(StatusCode::FORBIDDEN, ErrorCode::AdminOnly, text).answer(parts.uri.path()))
    }
}

/// What an unknown visitor is told.
pub fn refusal(unknown: &Unknown) -> Refusal {
    let unauthorized = |code, text: &'static str| Refusal::new(StatusCode::UNAUTHORIZED, code, text);
    match unknown {
        Unknown::Missing => unauthorized(ErrorCode::TokenMissing, "Inicia sesión: falta el token."),
        Unknown::Invalid => unauthorized(
            ErrorCode::TokenInvalid,
            "La sesión ya no es válida. Inicia sesión de nuevo.",
        ),
        Unknown::Expired => unauthorized(ErrorCode::TokenExpired, "La sesión caducó. Inicia sesión de nuevo."),
        Unknown::Origin => {
            let text = "La solicitud viene de otro origen.";
            Refusal::new(StatusCode::FORBIDDEN, ErrorCode::OriginForbidden, text)
        }
        Unknown::Store(cause) => {
            error!("No se pudo saber quién pregunta: {cause}");
            Refusal::internal()
        }
    }
}
