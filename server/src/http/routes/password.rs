//! `POST /api/password/forgot` and `POST /api/password/reset`: another password, by mail.

use api::{EmailRequest, ErrorBody, Message, PasswordReset};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use tracing::info;

use super::{JsonBody, RequestId, VisitorLanguage, confirm, fields_required, message};
use crate::{accounts::Accounts, domain::MailPurpose};

/// Ask for a mail with a link that sets another password. The answer doesn't tell whether there is such an account.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/password/forgot", tag = "accounts", request_body = EmailRequest, security(()), responses(
    (status = 202, description = "If there is such an account, a mail is on its way", body = Message),
    (status = 400, description = "fields_required, email_invalid, request_invalid", body = ErrorBody),
))]
pub async fn forgot(
    State(accounts): State<Accounts>,
    VisitorLanguage(language): VisitorLanguage,
    RequestId(request_id): RequestId,
    JsonBody(EmailRequest { email }): JsonBody<EmailRequest>,
) -> Result<(StatusCode, Json<Message>), Response> {
    confirm::check(&email).map_err(|refusal| refusal.answer("/api/password/forgot"))?;
    accounts.send_to(email, MailPurpose::Reset, language, request_id);
    let text = "Si hay una cuenta con ese email, te llegará un mensaje para cambiar la contraseña.";
    Ok((StatusCode::ACCEPTED, message(text)))
}

/// Set another password by the token of the mail. All sessions of the account end.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/password/reset", tag = "accounts", request_body = PasswordReset, security(()), responses(
    (status = 200, description = "Changed", body = Message),
    (status = 400, description = "fields_required, password_weak, token_invalid, token_expired, request_invalid", body = ErrorBody),
))]
pub async fn reset(
    State(accounts): State<Accounts>,
    JsonBody(PasswordReset { token, password }): JsonBody<PasswordReset>,
) -> Result<Json<Message>, Response> {
    if token.is_empty() || password.is_empty() {
        return Err(fields_required("Token and password required").answer("/api/password/reset"));
    }
    match accounts.reset_password(&token, &password).await {
        Ok(user) => {
            info!("Contraseña cambiada para el usuario '{}'.", user.username);
            Ok(message("Contraseña cambiada. Inicia sesión con la nueva."))
        }
        Err(error) => Err(confirm::refusal(&error).answer("/api/password/reset")),
    }
}
