//! Sign-ins: a row each, named by a JWT for programs and by a cookie for the browser.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{Duration, Utc};
use cookie::{Cookie, SameSite};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    settings::AccountSettings,
    store::{NewSession, entities::user},
    tokens::{Keys, Tokens, random_hex},
};

/// Makes and reads what names a session.
pub struct Sessions {
    /// The API's tokens.
    pub tokens: Tokens,
    life: Duration,
    is_secure: bool,
}

/// A session that has just begun.
pub struct Begun {
    /// For programs.
    pub access_token: String,
    /// For the browser: the value of `Set-Cookie`.
    pub cookie: HeaderValue,
}

impl Sessions {
    /// `is_secure`: visitors come over TLS.
    pub fn new(settings: &AccountSettings, keys: &Keys, is_secure: bool) -> Self {
        Self {
            tokens: Tokens::new(keys, settings.jwt_access_token_expires),
            life: Duration::days(settings.session_days.into()),
            is_secure,
        }
    }

    /// A new session of `user`, and the row that makes it hold.
    pub(super) fn begin(&self, user: &user::Model) -> jsonwebtoken::errors::Result<(Begun, NewSession)> {
        let id = Uuid::new_v4().simple().to_string();
        let token = random_hex();
        let begun = Begun {
            access_token: self.tokens.sign(user.id, &id)?,
            cookie: self.cookie(&token, self.life),
        };
        let row = NewSession {
            id,
            token_hash: hash(&token),
            expires_at: Utc::now() + self.life,
        };
        Ok((begun, row))
    }

    /// The `Set-Cookie` that takes the cookie away.
    pub fn removal(&self) -> HeaderValue {
        self.cookie("", Duration::zero())
    }

    /// The hash of the token in the request's cookie, if it has one.
    pub fn token_hash(&self, headers: &HeaderMap) -> Option<Vec<u8>> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == self.name() && !cookie.value().is_empty())
            .map(|cookie| hash(cookie.value()))
    }

    /// Whether visitors come over TLS.
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// A browser takes a `__Host-` cookie only from this host itself, over TLS, for every path.
    fn name(&self) -> &'static str {
        if self.is_secure {
            "__Host-trazo_session"
        } else {
            "trazo_session"
        }
    }

    fn cookie(&self, value: &str, life: Duration) -> HeaderValue {
        let cookie = Cookie::build((self.name(), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self.is_secure)
            .max_age(cookie::time::Duration::seconds(life.num_seconds()))
            .build();
        // Hexadecimal and our own words: always a header's value.
        HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
