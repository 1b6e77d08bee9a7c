//! Denied requests in the log, so that attempts to get around the access rules are found.

use axum::{extract::MatchedPath, http::Extensions};
use tracing::{info, warn};

use super::auth::AuthError;

/// Logs a request that could not be authenticated. A failure of the database is logged where it becomes a response.
pub(super) fn unauthenticated(extensions: &Extensions, error: &AuthError) {
    let route = route(extensions);
    match error {
        // Visitors, programs whose token has run out, and pages of who was signed in before: no attempt.
        AuthError::Missing => info!("Acceso denegado en '{route}': falta el token."),
        AuthError::Expired => info!("Acceso denegado en '{route}': el token caducó."),
        AuthError::KeyExpired => info!("Acceso denegado en '{route}': la clave de API caducó."),
        AuthError::OtherUser => info!("Acceso denegado en '{route}': la sesión es de otra cuenta."),
        AuthError::Invalid => warn!("Acceso denegado en '{route}': el token no es válido."),
        AuthError::KeyInvalid => warn!("Acceso denegado en '{route}': la clave de API no es válida."),
        AuthError::Origin => warn!("Acceso denegado en '{route}': la solicitud viene de otro origen."),
        AuthError::Store(_) => {}
    }
}

/// Logs a request of a user that only admins may send.
pub(crate) fn not_admin(extensions: &Extensions, username: &str) {
    let route = route(extensions);
    warn!("Acceso denegado en '{route}': el usuario '{username}' no es administrador.");
}

/// Logs a request that an API key may not send. The key is a field of the line.
pub(super) fn not_for_key(extensions: &Extensions, username: &str) {
    let route = route(extensions);
    warn!("Acceso denegado en '{route}': la clave de API del usuario '{username}' no lo permite.");
}

/// The template of the path: the path itself may contain a token.
fn route(extensions: &Extensions) -> &str {
    extensions.get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str)
}
