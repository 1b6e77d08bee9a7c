//! The browser's session cookie.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Method, header};
use chrono::Duration;
use cookie::{Cookie, SameSite};

use super::own_origin::OwnOrigin;

/// Writes and reads the session cookie, and knows which requests may use it.
#[derive(Debug, Clone)]
pub(crate) struct SessionCookie {
    is_secure: bool,
    own_origin: Arc<OwnOrigin>,
}

impl SessionCookie {
    /// `is_secure`: visitors use HTTPS. `public_origin`: the origin of `PUBLIC_URL`, if that is set.
    pub(crate) fn new(is_secure: bool, public_origin: Option<String>) -> Self {
        Self {
            is_secure,
            own_origin: Arc::new(OwnOrigin::new(public_origin)),
        }
    }

    /// Whether visitors use HTTPS.
    pub(crate) fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// The `Set-Cookie` header that stores a session's token for `ttl`.
    pub(crate) fn set(&self, token: &str, ttl: Duration) -> HeaderValue {
        let cookie = Cookie::build((self.name(), token))
            .path("/")
            .http_only(true)
            // Not `Strict`: links in emails and chats would open as if the visitor were signed out.
            .same_site(SameSite::Lax)
            .secure(self.is_secure)
            .max_age(cookie::time::Duration::seconds(ttl.num_seconds()))
            .build();
        // Hexadecimal digits and fixed words are always a valid header value.
        HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// The `Set-Cookie` header that removes the cookie.
    pub(crate) fn removal(&self) -> HeaderValue {
        self.set("", Duration::zero())
    }

    /// Whether a request with this method and these headers may use the cookie. `SameSite=Lax` covers unsafe methods from
    /// other sites; this check also covers other origins of the same site, and browsers without support for `SameSite`.
    pub(crate) fn is_usable(&self, method: &Method, headers: &HeaderMap) -> bool {
        method.is_safe() || self.own_origin.sent(headers)
    }

    /// The token in the request's cookie.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<String> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == self.name() && !cookie.value().is_empty())
            .map(|cookie| cookie.value().to_owned())
    }

    /// Browsers accept a `__Host-` cookie only from this host itself, over HTTPS, and for every path.
    fn name(&self) -> &'static str {
        if self.is_secure {
            "__Host-trazo_session"
        } else {
            "trazo_session"
        }
    }
}
