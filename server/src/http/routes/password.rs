//! `POST /api/password/forgot`, `POST /api/password/reset/check` and `POST /api/password/reset`: sets a new password
//! through an emailed link.

use api::{EmailRequest, ErrorBody, Message, PasswordReset, ResetLink};
use axum::{Json, extract::State, http::StatusCode};
use tracing::info;

use super::{accepted, message, requested_address};
use crate::{
    accounts::Accounts,
    domain::MailPurpose,
    http::{
        error::ApiError,
        extract::{JsonBody, RequestId, RequestLocale},
    },
};

/// Requests an email with a link that sets a new password. The response doesn't reveal whether the account exists.
#[utoipa::path(post, path = "/password/forgot", tag = "accounts", request_body = EmailRequest, security(()), responses(
    (status = 202, description = "If there is such an account, a mail is on its way", body = Message),
    (status = 400, description = "fields_required, email_invalid, request_invalid", body = ErrorBody),
))]
pub(crate) async fn forgot(
    State(accounts): State<Accounts>,
    RequestLocale(locale): RequestLocale,
    RequestId(request_id): RequestId,
    JsonBody(request): JsonBody<EmailRequest>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let address = requested_address(request)?;
    accounts.send_to(address, MailPurpose::Reset, locale, request_id);
    Ok(accepted(
        "Si hay una cuenta con ese email, te llegará un mensaje para cambiar la contraseña.",
    ))
}

/// Tells whether the link of the email could set a new password now. The link stays valid.
#[utoipa::path(post, path = "/password/reset/check", tag = "accounts", request_body = ResetLink, security(()), responses(
    (status = 200, description = "It could", body = Message),
    (status = 400, description = "fields_required, token_invalid, token_expired, request_invalid", body = ErrorBody),
))]
pub(crate) async fn check(
    State(accounts): State<Accounts>,
    JsonBody(ResetLink { token }): JsonBody<ResetLink>,
) -> Result<Json<Message>, ApiError> {
    if token.is_empty() {
        return Err(ApiError::fields_required("Token required"));
    }
    accounts.check_reset(&token).await?;
    Ok(message("El enlace vale."))
}

/// Sets a new password with the token of the email. All sessions of the account end, and its address gets a notice.
#[utoipa::path(post, path = "/password/reset", tag = "accounts", request_body = PasswordReset, security(()), responses(
    (status = 200, description = "Changed", body = Message),
    (status = 400, description = "fields_required, password_weak, token_invalid, token_expired, request_invalid", body = ErrorBody),
))]
pub(crate) async fn reset(
    State(accounts): State<Accounts>,
    RequestId(request_id): RequestId,
    JsonBody(PasswordReset { token, password }): JsonBody<PasswordReset>,
) -> Result<Json<Message>, ApiError> {
    if token.is_empty() || password.is_empty() {
        return Err(ApiError::fields_required("Token and password required"));
    }
    let user = accounts.reset_password(&token, &password, &request_id).await?;
    info!("Contraseña cambiada para el usuario '{}'.", user.username);
    Ok(message("Contraseña cambiada. Inicia sesión con la nueva."))
}
