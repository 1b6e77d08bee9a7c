//! `GET`, `POST /api/keys` and `DELETE /api/keys/{id}`: the API keys of the signed-in user.

use api::{ApiKeys, CreatedKey, ErrorBody, KeyScope, Message, NewKey};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::Response,
};
use tracing::info;

use super::{me::rejected, message};
use crate::{
    accounts::Accounts,
    http::{
        convert,
        error::ApiError,
        extract::{ClientIp, CurrentUser, Endpoint, JsonBody, RequestId},
    },
    store::Store,
};

/// The keys, newest first; expired ones too, until they are revoked.
#[utoipa::path(get, path = "/keys", tag = "accounts", responses(
    (status = 200, description = "The keys", body = ApiKeys),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
))]
pub(crate) async fn keys(
    State(store): State<Store>,
    CurrentUser { user, .. }: CurrentUser,
) -> Result<Json<ApiKeys>, ApiError> {
    let keys = store.keys(user.id).await?;
    Ok(Json(ApiKeys {
        keys: keys.into_iter().map(convert::api_key).collect(),
    }))
}

/// Makes a key, which is in this response only. The account's address gets a notice. An account has at most 20 keys.
#[utoipa::path(post, path = "/keys", tag = "accounts", request_body = NewKey, responses(
    (status = 201, description = "The key", body = CreatedKey),
    (status = 400, description = "fields_required, request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "password_wrong, origin_forbidden", body = ErrorBody),
    (status = 409, description = "too_many_keys", body = ErrorBody),
))]
pub(crate) async fn create(
    State(accounts): State<Accounts>,
    CurrentUser { user, .. }: CurrentUser,
    client: ClientIp,
    endpoint: Endpoint,
    RequestId(request_id): RequestId,
    JsonBody(new): JsonBody<NewKey>,
) -> Result<(StatusCode, Json<CreatedKey>), Response> {
    let created = accounts.create_key(&user, &new, client.ip, &request_id).await;
    let (key, row) = created.map_err(|error| rejected(error, &user, &endpoint))?;
    let scopes: Vec<_> = row.scopes.iter().copied().map(KeyScope::tag).collect();
    info!(
        "Clave de API '{}' creada por el usuario '{}', para: {}.",
        row.hint,
        user.username,
        scopes.join(", ")
    );
    let info = convert::api_key(row);
    Ok((StatusCode::CREATED, Json(CreatedKey { key, info })))
}

/// Revokes a key: from the next request on it is refused.
#[utoipa::path(delete, path = "/keys/{id}", tag = "accounts",
    params(("id" = i64, Path, description = "The ID of the key")), responses(
    (status = 200, description = "Revoked", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found: the user has no such key", body = ErrorBody),
))]
pub(crate) async fn revoke(
    State(store): State<Store>,
    CurrentUser { user, .. }: CurrentUser,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Message>, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let revoked = store.revoke_key(user.id, id).await?;
    let key = revoked.ok_or_else(ApiError::not_found)?;
    info!(
        "Clave de API '{}' revocada por el usuario '{}'.",
        key.hint, user.username
    );
    Ok(message("Clave revocada."))
}
