//! `POST /api/confirm/{token}` and `POST /api/confirm/resend`: confirms the email address of an account, or its change.

use api::{ConfirmedAddress, EmailRequest, ErrorBody, ErrorCode, Message};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, Method, StatusCode},
};
use tracing::info;

use super::{accepted, requested_address};
use crate::{
    accounts::{Accounts, MailTokenError},
    domain::MailPurpose,
    http::{
        error::ApiError,
        extract::{JsonBody, RequestId, RequestLocale, auth::authenticate},
        session_cookie::SessionCookie,
    },
    store::Confirmation,
};

/// Confirms the address that the token was sent to. If it is the one that an account changes to, every session of the account
/// ends, except the one that the request is made in. The token is valid once.
#[utoipa::path(post, path = "/confirm/{token}", tag = "accounts", security(()),
    params(("token" = String, Path, description = "The token of the mail's link")), responses(
    (status = 200, description = "Confirmed", body = ConfirmedAddress),
    (status = 400, description = "token_invalid: unknown or already used; token_expired", body = ErrorBody),
    (status = 409, description = "email_taken: another account has registered the new address", body = ErrorBody),
))]
pub(crate) async fn confirm(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    RequestId(request_id): RequestId,
    method: Method,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Json<ConfirmedAddress>, ApiError> {
    let current = authenticate(&accounts, &cookie, &method, &headers).await.ok();
    let kept = current.as_ref().map(|current| current.session_id.as_str());
    let (changed, text) = match accounts.confirm(&token, kept, &request_id).await? {
        Confirmation::Address(user) => {
            info!("Email confirmado para el usuario '{}'.", user.username);
            (false, "Email confirmado. Ya puedes usar todo Trazo.")
        }
        Confirmation::Change(user) => {
            info!("Email cambiado a '{}' por el usuario '{}'.", user.email, user.username);
            (true, "Email cambiado. Las demás sesiones se han cerrado.")
        }
    };
    let msg = text.to_owned();
    Ok(Json(ConfirmedAddress { msg, changed }))
}

/// Sends the confirmation email again. The response doesn't reveal whether the account exists.
#[utoipa::path(post, path = "/confirm/resend", tag = "accounts", request_body = EmailRequest, security(()), responses(
    (status = 202, description = "If there is such an account that isn't confirmed, a mail is on its way", body = Message),
    (status = 400, description = "fields_required, email_invalid, request_invalid", body = ErrorBody),
))]
pub(crate) async fn resend(
    State(accounts): State<Accounts>,
    RequestLocale(locale): RequestLocale,
    RequestId(request_id): RequestId,
    JsonBody(request): JsonBody<EmailRequest>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let address = requested_address(request)?;
    accounts.send_to(address, MailPurpose::Confirm, locale, request_id);
    Ok(accepted(
        "Si hay una cuenta con ese email sin confirmar, te llegará un mensaje.",
    ))
}

impl From<MailTokenError> for ApiError {
    fn from(error: MailTokenError) -> Self {
        match error {
            MailTokenError::Invalid => {
                let text = "El enlace no vale: ya se usó o está incompleto. Pide otro.";
                Self::bad_request(ErrorCode::TokenInvalid, text)
            }
            MailTokenError::Expired => Self::bad_request(ErrorCode::TokenExpired, "El enlace caducó. Pide otro."),
            MailTokenError::EmailTaken => Self::email_taken(),
            MailTokenError::PasswordWeak(_) => Self::password_weak(),
            MailTokenError::Internal(error) => error.into(),
        }
    }
}
