//! `/api/me…`: the account of the signed-in user.

pub(crate) mod data;
pub(crate) mod delete;
pub(crate) mod email;
pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod totp;

use api::{Account, ErrorBody, ErrorCode, Quota};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tracing::warn;

use crate::{
    accounts::{Accounts, CheckError, OwnAccountError},
    domain::User,
    http::{
        convert,
        error::ApiError,
        extract::{CurrentUser, Endpoint},
        layers::rate_limit::{self, RouteLimits},
    },
    limits::RateLimitKey,
    store::Store,
};

/// The account of the signed-in user, and the predictions it has left.
#[utoipa::path(get, path = "/me", tag = "accounts", responses(
    (status = 200, description = "The account", body = Account),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
))]
pub(crate) async fn me(
    State(accounts): State<Accounts>,
    State(store): State<Store>,
    State(limits): State<RouteLimits>,
    CurrentUser { user, .. }: CurrentUser,
) -> Result<Json<Account>, ApiError> {
    Ok(Json(Account {
        me: convert::me(&user),
        quota: quota(&accounts, &limits, &user).await,
        sessions: store.count_sessions(user.id).await?,
        totp: accounts.has_totp(&user).await?,
    }))
}

async fn quota(accounts: &Accounts, limits: &RouteLimits, user: &User) -> Quota {
    let status = limits.predict.status(&RateLimitKey::User(user.id)).await;
    let unconfirmed = u64::from(accounts.unconfirmed_predictions()).saturating_sub(user.predictions);
    Quota {
        limit: status.map(|status| status.limit),
        remaining: status.map(|status| status.remaining),
        reset_seconds: status.map_or(0, |status| status.reset.as_secs()),
        unconfirmed_remaining: (!user.email_confirmed).then_some(unconfirmed),
    }
}

/// The response to a change of the user's own account that isn't made. Never 401, which means that the session has ended.
pub(super) fn rejected(error: OwnAccountError, user: &User, endpoint: &Endpoint) -> Response {
    let conflict = |code, text: &'static str| ApiError::new(StatusCode::CONFLICT, code, text);
    let error = match error {
        OwnAccountError::Check(CheckError::Throttled(exceeded)) | OwnAccountError::TooManyEmails(exceeded) => {
            return rate_limit::reject(&endpoint.0, &exceeded);
        }
        OwnAccountError::Check(CheckError::FieldMissing) => ApiError::fields_required("Falta un campo."),
        OwnAccountError::Check(CheckError::PasswordWrong) => {
            warn!(
                "Contraseña incorrecta del usuario '{}' en '{}'.",
                user.username, endpoint.0
            );
            let text = "La contraseña no es correcta.";
            ApiError::new(StatusCode::FORBIDDEN, ErrorCode::PasswordWrong, text)
        }
        OwnAccountError::Check(CheckError::CodeRequired) => ApiError::code_required(StatusCode::FORBIDDEN),
        OwnAccountError::Check(CheckError::CodeWrong) => {
            warn!("Código incorrecto del usuario '{}' en '{}'.", user.username, endpoint.0);
            ApiError::code_wrong(StatusCode::FORBIDDEN)
        }
        OwnAccountError::Check(CheckError::Internal(error)) => error.into(),
        OwnAccountError::PasswordWeak(_) => ApiError::password_weak(),
        OwnAccountError::EmailInvalid(_) => ApiError::email_invalid(),
        OwnAccountError::EmailUndeliverable => ApiError::email_undeliverable(),
        OwnAccountError::EmailTaken => ApiError::email_taken(),
        OwnAccountError::LastAdmin => ApiError::last_admin(),
        OwnAccountError::KeyInvalid => {
            let text = "El nombre lleva de 1 a 64 caracteres, y la caducidad va de 1 a 3650 días.";
            ApiError::bad_request(ErrorCode::RequestInvalid, text)
        }
        OwnAccountError::TooManyKeys => conflict(
            ErrorCode::TooManyKeys,
            "La cuenta ya tiene todas las claves que puede tener. Revoca antes una.",
        ),
        OwnAccountError::TotpActive => conflict(ErrorCode::TotpActive, "El segundo factor ya está activo."),
        OwnAccountError::TotpMissing => conflict(ErrorCode::TotpMissing, "No hay un segundo factor. Prepáralo antes."),
    };
    error.into_response()
}
