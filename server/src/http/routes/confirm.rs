//! `POST /api/confirm/{token}` and `POST /api/confirm/resend`: the address is the visitor's.

use api::{EmailRequest, ErrorBody, ErrorCode, Message};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use tracing::info;

use super::{
    JsonBody, RequestId, VisitorLanguage, bad_request, fields_required, message,
    register::{failure, password_weak},
};
use crate::{
    accounts::{Accounts, MailTokenError},
    domain::MailPurpose,
    http::error::Refusal,
};

/// Confirm the address that the token was sent to. The token holds once.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/confirm/{token}", tag = "accounts", security(()),
    params(("token" = String, Path, description = "The token of the mail's link")), responses(
    (status = 200, description = "Confirmed", body = Message),
    (status = 400, description = "token_invalid: never made, or used; token_expired", body = ErrorBody),
))]
pub async fn confirm(State(accounts): State<Accounts>, Path(token): Path<String>) -> Result<Json<Message>, Response> {
    match accounts.confirm(&token).await {
        Ok(user) => {
            info!("Email confirmado para el usuario '{}'.", user.username);
            Ok(message("Email confirmado. Ya puedes usar todo Trazo."))
        }
        Err(error) => Err(refusal(&error).answer("/api/confirm")),
    }
}

/// Send the confirmation once more. The answer doesn't tell whether there is such an account.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/confirm/resend", tag = "accounts", request_body = EmailRequest, security(()), responses(
    (status = 202, description = "If there is such an account that isn't confirmed, a mail is on its way", body = Message),
    (status = 400, description = "fields_required, email_invalid, request_invalid", body = ErrorBody),
))]
pub async fn resend(
    State(accounts): State<Accounts>,
    VisitorLanguage(language): VisitorLanguage,
    RequestId(request_id): RequestId,
    JsonBody(EmailRequest { email }): JsonBody<EmailRequest>,
) -> Result<(StatusCode, Json<Message>), Response> {
    check(&email).map_err(|refusal| refusal.answer("/api/confirm/resend"))?;
    accounts.send_to(email, MailPurpose::Confirm, language, request_id);
    let text = "Si hay una cuenta con ese email sin confirmar, te llegará un mensaje.";
    Ok((StatusCode::ACCEPTED, message(text)))
}

/// An address that mail can be asked for.
pub(super) fn check(email: &str) -> Result<(), Refusal> {
    if email.is_empty() {
        return Err(fields_required("Email required"));
    }
    if !api::validation::is_email(email) {
        return Err(bad_request(
            ErrorCode::EmailInvalid,
            "El email no es una dirección válida.",
        ));
    }
    Ok(())
}

/// A token of a mail that does nothing.
pub(super) fn refusal(error: &MailTokenError) -> Refusal {
    match error {
        MailTokenError::Invalid => {
            let text = "El enlace no vale: ya se usó o está incompleto. Pide otro.";
            bad_request(ErrorCode::TokenInvalid, text)
        }
        MailTokenError::Expired => bad_request(ErrorCode::TokenExpired, "El enlace caducó. Pide otro."),
        MailTokenError::PasswordWeak(_) => password_weak(),
        MailTokenError::Internal(error) => failure(error),
    }
}
