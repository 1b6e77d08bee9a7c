//! Sessions: a row each, named by an access token for API clients and by a cookie for browsers.

use chrono::Duration;

use super::Accounts;
use crate::{
    settings::AccountSettings,
    store::{ActiveSession, NewSession, StoreError},
    tokens::{AccessTokens, Keys, SignError, TokenError, token_hash},
    util::{Clock, random},
};

/// Issues the tokens that name a session.
pub(super) struct Sessions {
    access_tokens: AccessTokens,
    ttl: Duration,
    clock: Clock,
}

/// A session that was just started.
pub(crate) struct IssuedSession {
    /// The JWT for API clients.
    pub access_token: String,
    /// The value of the browser's session cookie.
    pub cookie_token: String,
    /// How long the session, and with it the cookie, lasts.
    pub ttl: Duration,
}

/// Why a token doesn't name an active session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    /// The token is not one of this server's, or its session has ended.
    #[error("the token is invalid")]
    Invalid,
    /// The access token has expired.
    #[error("the token has expired")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Sessions {
    pub(super) fn new(settings: &AccountSettings, keys: &Keys, clock: Clock) -> Self {
        Self {
            access_tokens: AccessTokens::new(keys, settings.jwt_access_token_expires, clock.clone()),
            ttl: Duration::days(settings.session_days.into()),
            clock,
        }
    }

    /// A new session of an account with `client`, and the row to be stored for it.
    pub(super) fn issue(&self, user_id: i64, client: Option<String>) -> Result<(IssuedSession, NewSession), SignError> {
        let id = random::id();
        let cookie_token = random::hex();
        let row = NewSession {
            token_hash: token_hash(&cookie_token).to_vec(),
            expires_at: self.clock.now() + self.ttl,
            client,
            id,
        };
        let issued = IssuedSession {
            access_token: self.access_tokens.sign(user_id, &row.id)?,
            cookie_token,
            ttl: self.ttl,
        };
        Ok((issued, row))
    }
}

impl Accounts {
    /// The session that an access token names.
    pub(crate) async fn session_of_access_token(&self, token: &str) -> Result<ActiveSession, SessionError> {
        let claims = self.0.sessions.access_tokens.verify(token)?;
        let session = self.0.store.session(&claims.sid).await?;
        session
            .filter(|session| session.user.id.to_string() == claims.sub)
            .ok_or(SessionError::Invalid)
    }

    /// The session that a browser's cookie names.
    pub(crate) async fn session_of_cookie(&self, token: &str) -> Result<ActiveSession, SessionError> {
        let session = self.0.store.session_of_token(&token_hash(token)).await?;
        session.ok_or(SessionError::Invalid)
    }

    /// Ends the session that a browser's cookie names, if there is one.
    pub(crate) async fn end_session_of_cookie(&self, token: &str) -> Result<(), StoreError> {
        match self.0.store.session_of_token(&token_hash(token)).await? {
            Some(session) => self.0.store.end_session(&session.id).await,
            None => Ok(()),
        }
    }
}

impl From<TokenError> for SessionError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Expired => Self::Expired,
            TokenError::Invalid => Self::Invalid,
        }
    }
}
