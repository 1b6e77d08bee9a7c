//! `POST /register`: creates an account and sends the email that confirms its address.

use api::{ErrorBody, ErrorCode, Message, Registration};
use axum::{Json, extract::State, http::StatusCode};
use tracing::{info, warn};

use super::message;
use crate::{
    accounts::{Accounts, RegisterError},
    http::{
        error::ApiError,
        extract::{JsonBody, RequestId, RequestLocale},
    },
};

/// Creates an account. An email with the link that confirms its address follows.
#[utoipa::path(post, path = "/register", tag = "accounts", request_body = Registration, security(()), responses(
    (status = 201, description = "Created; the email is on its way", body = Message),
    (status = 400, description = "fields_required, username_invalid, email_invalid, email_undeliverable, password_weak, request_invalid", body = ErrorBody),
    (status = 409, description = "username_taken, email_taken", body = ErrorBody),
))]
pub(crate) async fn register(
    State(accounts): State<Accounts>,
    RequestLocale(locale): RequestLocale,
    RequestId(request_id): RequestId,
    JsonBody(registration): JsonBody<Registration>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let user = accounts
        .register(&registration, locale, &request_id)
        .await
        .map_err(|error| rejected(error, &registration))?;
    info!(
        "Nuevo usuario registrado: '{}' con email '{}'.",
        user.username, user.email
    );
    let text = "User registered successfully. Por favor, confirma tu email.";
    Ok((StatusCode::CREATED, message(text)))
}

fn rejected(error: RegisterError, Registration { username, email, .. }: &Registration) -> ApiError {
    match error {
        RegisterError::FieldMissing => {
            warn!("Registro fallido: Datos incompletos para el username '{username}'.");
            ApiError::fields_required("Username, email and password required")
        }
        RegisterError::UsernameTaken => {
            warn!("Registro fallido: Username '{username}' ya existe.");
            let text = "Username already exists";
            ApiError::new(StatusCode::CONFLICT, ErrorCode::UsernameTaken, text)
        }
        RegisterError::EmailTaken => {
            warn!("Registro fallido: Email '{email}' ya registrado.");
            ApiError::email_taken()
        }
        RegisterError::UsernameInvalid(_) => {
            warn!("Registro fallido: Username '{username}' no válido.");
            let text = "El nombre lleva de 3 a 32 letras, cifras, '_', '.' o '-'.";
            ApiError::bad_request(ErrorCode::UsernameInvalid, text)
        }
        RegisterError::EmailInvalid(_) => {
            warn!("Registro fallido: Email '{email}' no válido.");
            ApiError::email_invalid()
        }
        RegisterError::EmailUndeliverable => {
            warn!("Registro fallido: No se puede enviar correo a '{email}'.");
            ApiError::email_undeliverable()
        }
        RegisterError::PasswordWeak(_) => {
            warn!("Registro fallido: Contraseña débil para el username '{username}'.");
            ApiError::password_weak()
        }
        RegisterError::Internal(error) => error.into(),
    }
}
