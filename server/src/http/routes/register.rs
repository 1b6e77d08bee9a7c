//! `POST /register`: an account, and the mail that confirms its address.

use api::{ErrorBody, ErrorCode, Message, Registration};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use tracing::{error, info, warn};

use super::{JsonBody, RequestId, VisitorLanguage, bad_request, fields_required, message};
use crate::{
    accounts::{Accounts, HashError, InternalError, RegisterError},
    http::error::Refusal,
};

/// Make an account. A mail with the link that confirms its address follows.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/register", tag = "accounts", request_body = Registration, security(()), responses(
    (status = 201, description = "Made; the mail is on its way", body = Message),
    (status = 400, description = "fields_required, username_invalid, email_invalid, password_weak, request_invalid", body = ErrorBody),
    (status = 409, description = "username_taken, email_taken", body = ErrorBody),
))]
pub async fn register(
    State(accounts): State<Accounts>,
    VisitorLanguage(language): VisitorLanguage,
    RequestId(request_id): RequestId,
    JsonBody(new): JsonBody<Registration>,
) -> Result<(StatusCode, Json<Message>), Response> {
    let Registration { username, email, .. } = &new;
    match accounts.register(&new, language, &request_id).await {
        Ok(user) => {
            info!(
                "Nuevo usuario registrado: '{}' con email '{}'.",
                user.username, user.email
            );
            let text = "User registered successfully. Por favor, confirma tu email.";
            Ok((StatusCode::CREATED, message(text)))
        }
        Err(error) => Err(refusal(&error, username, email).answer("/api/register")),
    }
}

fn refusal(error: &RegisterError, username: &str, email: &str) -> Refusal {
    match error {
        RegisterError::FieldMissing => {
            warn!("Registro fallido: Datos incompletos para el username '{username}'.");
            fields_required("Username, email and password required")
        }
        RegisterError::UsernameTaken => {
            warn!("Registro fallido: Username '{username}' ya existe.");
            let text = "Username already exists";
            Refusal::new(StatusCode::CONFLICT, ErrorCode::UsernameTaken, text)
        }
        RegisterError::EmailTaken => {
            warn!("Registro fallido: Email '{email}' ya registrado.");
            let text = "Email already registered";
            Refusal::new(StatusCode::CONFLICT, ErrorCode::EmailTaken, text)
        }
        RegisterError::UsernameInvalid(_) => {
            warn!("Registro fallido: Username '{username}' no válido.");
            let text = "El nombre lleva de 3 a 32 letras, cifras, '_', '.' o '-'.";
            bad_request(ErrorCode::UsernameInvalid, text)
        }
        RegisterError::EmailInvalid(_) => {
            warn!("Registro fallido: Email '{email}' no válido.");
            bad_request(ErrorCode::EmailInvalid, "El email no es una dirección válida.")
        }
        RegisterError::PasswordWeak(_) => {
            warn!("Registro fallido: Contraseña débil para el username '{username}'.");
            password_weak()
        }
        RegisterError::Internal(error) => failure(error),
    }
}

/// A password that isn't taken.
pub(super) fn password_weak() -> Refusal {
    let text = "La contraseña lleva de 8 a 128 caracteres y no puede ser una de las más comunes.";
    bad_request(ErrorCode::PasswordWeak, text)
}

/// The server's own failure: the log has the cause.
pub(super) fn failure(error: &InternalError) -> Refusal {
    if let InternalError::Hash(HashError::Overloaded) = error {
        warn!("{error}");
        let text = "El servidor está ocupado. Inténtalo de nuevo en unos segundos.";
        return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded, text).retry_after(2);
    }
    error!("Error interno: {error}");
    Refusal::internal()
}
