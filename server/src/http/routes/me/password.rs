//! `POST /api/me/password`: changes the password.

use api::{ErrorBody, Message, PasswordChange};
use axum::{Json, extract::State, response::Response};
use tracing::info;

use super::rejected;
use crate::{
    accounts::Accounts,
    http::{
        extract::{ClientIp, CurrentUser, Endpoint, JsonBody, RequestId},
        routes::message,
    },
};

/// Changes the password. Every other session of the account ends, and the account's address gets a notice.
#[utoipa::path(post, path = "/me/password", tag = "accounts", request_body = PasswordChange, responses(
    (status = 200, description = "Changed", body = Message),
    (status = 400, description = "fields_required, password_weak, request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "password_wrong, origin_forbidden", body = ErrorBody),
))]
pub(crate) async fn change(
    State(accounts): State<Accounts>,
    CurrentUser { user, session_id }: CurrentUser,
    client: ClientIp,
    endpoint: Endpoint,
    RequestId(request_id): RequestId,
    JsonBody(change): JsonBody<PasswordChange>,
) -> Result<Json<Message>, Response> {
    accounts
        .change_password(&user, &session_id, &change, client.ip, &request_id)
        .await
        .map_err(|error| rejected(error, &user, &endpoint))?;
    info!("Contraseña cambiada por el usuario '{}'.", user.username);
    Ok(message("Contraseña cambiada. Las demás sesiones se han cerrado."))
}
