//! `POST /api/me/delete`: deletes the account.

use api::{ErrorBody, FullCheck, Message};
use axum::{extract::State, response::Response};

use super::rejected;
use crate::{
    accounts::Accounts,
    http::{
        extract::{ClientIp, CurrentUser, Endpoint, JsonBody, RequestId},
        routes::logout::{SignedOut, signed_out},
        session_cookie::SessionCookie,
    },
};

/// Deletes the account with its sessions and its history. Its name and address can be registered again.
#[utoipa::path(post, path = "/me/delete", tag = "accounts", request_body = FullCheck, responses(
    (status = 200, description = "Deleted, and signed out", body = Message),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "password_wrong, code_required, code_wrong, origin_forbidden", body = ErrorBody),
    (status = 409, description = "last_admin", body = ErrorBody),
))]
pub(crate) async fn delete(
    State(accounts): State<Accounts>,
    State(cookie): State<SessionCookie>,
    CurrentUser { user, .. }: CurrentUser,
    client: ClientIp,
    endpoint: Endpoint,
    RequestId(request_id): RequestId,
    JsonBody(check): JsonBody<FullCheck>,
) -> Result<SignedOut, Response> {
    accounts
        .delete(&user, &check, client.ip, &request_id)
        .await
        .map_err(|error| rejected(error, &user, &endpoint))?;
    Ok(signed_out(&cookie, &user, "Cuenta borrada."))
}
