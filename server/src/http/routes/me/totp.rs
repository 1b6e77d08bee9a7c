//! `POST /api/me/totp`, `…/activate` and `…/remove`: the second factor.

use api::{ErrorBody, FullCheck, Message, PasswordCheck, RecoveryCodes, TotpCode, TotpSecret};
use axum::{Json, extract::State, response::Response};
use tracing::info;

use super::rejected;
use crate::{
    accounts::Accounts,
    http::{
        extract::{Admin, ClientIp, CurrentUser, Endpoint, JsonBody, RequestId},
        routes::message,
    },
};

/// Makes a secret for an authenticator app, in place of an earlier one that isn't active. The login asks for codes only
/// after it was activated.
#[utoipa::path(post, path = "/me/totp", tag = "accounts", request_body = PasswordCheck, responses(
    (status = 200, description = "The secret", body = TotpSecret),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, password_wrong, origin_forbidden", body = ErrorBody),
    (status = 409, description = "totp_active", body = ErrorBody),
))]
pub(crate) async fn start(
    State(accounts): State<Accounts>,
    Admin(user): Admin,
    client: ClientIp,
    endpoint: Endpoint,
    JsonBody(check): JsonBody<PasswordCheck>,
) -> Result<Json<TotpSecret>, Response> {
    let secret = accounts.start_totp(&user, &check.password, client.ip).await;
    let secret = secret.map_err(|error| rejected(error, &user, &endpoint))?;
    info!("Segundo factor preparado por el usuario '{}'.", user.username);
    Ok(Json(secret))
}

/// Activates the second factor with a code of the app. The recovery codes are in this response only. The account's address
/// gets a notice.
#[utoipa::path(post, path = "/me/totp/activate", tag = "accounts", request_body = TotpCode, responses(
    (status = 200, description = "Active", body = RecoveryCodes),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, code_wrong, origin_forbidden", body = ErrorBody),
    (status = 409, description = "totp_active, totp_missing", body = ErrorBody),
))]
pub(crate) async fn activate(
    State(accounts): State<Accounts>,
    Admin(user): Admin,
    client: ClientIp,
    endpoint: Endpoint,
    RequestId(request_id): RequestId,
    JsonBody(TotpCode { code }): JsonBody<TotpCode>,
) -> Result<Json<RecoveryCodes>, Response> {
    let recovery_codes = accounts.activate_totp(&user, &code, client.ip, &request_id).await;
    let recovery_codes = recovery_codes.map_err(|error| rejected(error, &user, &endpoint))?;
    info!("Segundo factor activado por el usuario '{}'.", user.username);
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Removes the second factor, also of somebody who isn't an admin any more. The account's address gets a notice.
#[utoipa::path(post, path = "/me/totp/remove", tag = "accounts", request_body = FullCheck, responses(
    (status = 200, description = "Removed", body = Message),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "password_wrong, code_required, code_wrong, origin_forbidden", body = ErrorBody),
    (status = 409, description = "totp_missing", body = ErrorBody),
))]
pub(crate) async fn remove(
    State(accounts): State<Accounts>,
    CurrentUser { user, .. }: CurrentUser,
    client: ClientIp,
    endpoint: Endpoint,
    RequestId(request_id): RequestId,
    JsonBody(check): JsonBody<FullCheck>,
) -> Result<Json<Message>, Response> {
    let removed = accounts.remove_totp(&user, &check, client.ip, &request_id).await;
    removed.map_err(|error| rejected(error, &user, &endpoint))?;
    info!("Segundo factor quitado por el usuario '{}'.", user.username);
    Ok(message("Segundo factor quitado."))
}
