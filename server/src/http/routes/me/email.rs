//! `POST /api/me/email`: asks for another address, which the link in an email confirms.

use api::{EmailChange, ErrorBody, Message};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use tracing::info;

use super::rejected;
use crate::{
    accounts::Accounts,
    http::{
        extract::{ClientIp, CurrentUser, Endpoint, JsonBody, RequestId, RequestLocale},
        routes::accepted,
    },
};

/// Sends a link to the new address. The account keeps its address until that link is confirmed with
/// `POST /api/confirm/{token}`. A new request replaces an earlier one.
#[utoipa::path(post, path = "/me/email", tag = "accounts", request_body = EmailChange, responses(
    (status = 202, description = "A mail to the new address is on its way", body = Message),
    (status = 400, description = "fields_required, email_invalid, email_undeliverable, request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "password_wrong, origin_forbidden", body = ErrorBody),
    (status = 409, description = "email_taken", body = ErrorBody),
))]
pub(crate) async fn change(
    State(accounts): State<Accounts>,
    CurrentUser { user, .. }: CurrentUser,
    client: ClientIp,
    endpoint: Endpoint,
    RequestLocale(locale): RequestLocale,
    RequestId(request_id): RequestId,
    JsonBody(change): JsonBody<EmailChange>,
) -> Result<(StatusCode, Json<Message>), Response> {
    let email = accounts
        .request_email_change(&user, &change, client.ip, locale, &request_id)
        .await
        .map_err(|error| rejected(error, &user, &endpoint))?;
    info!("Cambio de email a '{email}' pedido por el usuario '{}'.", user.username);
    Ok(accepted(
        "Te llegará un mensaje a la dirección nueva. Ábrelo y confírmala; hasta entonces vale la de antes.",
    ))
}
