//! Whether a page of this site sent a request, according to the browser.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::{HeaderMap, header};
use tracing::warn;

/// The origins of this site: what `Host` names, and that of `PUBLIC_URL`.
#[derive(Debug)]
pub(crate) struct OwnOrigin {
    public: Option<String>,
    is_reported: AtomicBool,
}

impl OwnOrigin {
    /// `public` is the origin of `PUBLIC_URL`, if that is set.
    pub(crate) fn new(public: Option<String>) -> Self {
        Self {
            public,
            is_reported: AtomicBool::new(false),
        }
    }

    /// Whether no header says that a page of another origin sent the request. Current browsers send at least one of the
    /// two. Other clients hold no ambient cookies, so they aren't exposed to CSRF.
    pub(crate) fn sent(&self, headers: &HeaderMap) -> bool {
        let site = headers.get("sec-fetch-site");
        if site.is_some_and(|site| site != "same-origin" && site != "none") {
            return false;
        }
        let Some(origin) = headers.get(header::ORIGIN) else {
            return true;
        };
        origin.to_str().is_ok_and(|origin| self.is_own(origin, headers))
    }

    fn is_own(&self, origin: &str, headers: &HeaderMap) -> bool {
        if self.public.as_deref() == Some(origin) {
            return true;
        }
        let Some((_, host)) = origin.split_once("://") else {
            return false;
        };
        let asked = headers.get(header::HOST).and_then(|asked| asked.to_str().ok());
        if asked == Some(host) {
            return true;
        }
        // A proxy may have replaced `Host`. Once: every page of another site could cause the line.
        if self.public.is_none() && !self.is_reported.swap(true, Ordering::Relaxed) {
            warn!(
                "Se rechazó una solicitud de una página de '{origin}', porque su cabecera Host es '{}'. Si esa es la \
                 dirección de este sitio, ponla en PUBLIC_URL.",
                asked.unwrap_or_default()
            );
        }
        false
    }
}
