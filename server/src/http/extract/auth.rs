//! Who is asking: taken from the request, refused with the contract's codes.

use api::{ErrorCode, Me, Role};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::Response,
};
use sea_orm::DbErr;
use tracing::error;

use crate::{
    accounts::Accounts,
    http::error::Refusal,
    store::{self, entities::user},
    tokens::TokenError,
};

/// A user who has signed in, by JWT or by cookie.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account, read for this request: what an admin changes holds from the next request on.
    pub user: user::Model,
    /// The session.
    pub session_id: String,
    /// Whether the browser's cookie named it.
    pub by_cookie: bool,
}

/// A [`SignedIn`] who is an admin.
#[derive(Debug, Clone)]
pub struct Admin(pub user::Model);

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
    Database(#[from] DbErr),
}

impl Accounts {
    /// Who sent this request.
    ///
    /// # Errors
    ///
    /// [`Unknown`].
    pub async fn identify(&self, method: &Method, headers: &HeaderMap) -> Result<SignedIn, Unknown> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            return self.by_token(value.to_str().unwrap_or_default()).await;
        }
        let hash = self.sessions().token_hash(headers).ok_or(Unknown::Missing)?;
        if !method.is_safe() && !is_same_origin(headers) {
            return Err(Unknown::Origin);
        }
        let (session, user) = self.store().session_of_token(&hash).await?.ok_or(Unknown::Invalid)?;
        Ok(SignedIn {
            user,
            session_id: session.id,
            by_cookie: true,
        })
    }

    async fn by_token(&self, authorization: &str) -> Result<SignedIn, Unknown> {
        let token = authorization
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(Unknown::Invalid)?;
        let claims = self.sessions().tokens.read(token).map_err(|error| match error {
            TokenError::Expired => Unknown::Expired,
            TokenError::Invalid => Unknown::Invalid,
        })?;
        let (session, user) = self.store().session(&claims.sid).await?.ok_or(Unknown::Invalid)?;
        if user.id.to_string() != claims.sub {
            return Err(Unknown::Invalid);
        }
        Ok(SignedIn {
            user,
            session_id: session.id,
            by_cookie: false,
        })
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
pub fn me(user: &user::Model) -> Me {
    Me {
        id: user.id,
        username: user.username.clone(),
        email: user.email.clone(),
        role: store::role(user),
        email_confirmed: user.email_confirmed,
        created_at: crate::http::routes::rfc3339(user.created_at),
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    Accounts: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let accounts = Accounts::from_ref(state);
        match accounts.identify(&parts.method, &parts.headers).await {
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
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let SignedIn { user, .. } = SignedIn::from_request_parts(parts, state).await?;
        if store::role(&user) == Role::Admin {
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
        Unknown::Database(cause) => {
            error!("No se pudo saber quién pregunta: {cause}");
            Refusal::internal()
        }
    }
}
