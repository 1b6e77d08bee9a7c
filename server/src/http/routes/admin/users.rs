//! `/api/admin/users…`: the accounts, for admins.

use api::{ErrorBody, Locale, Message, Role, User, UserListQuery, UserPatch, Users};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::Deserialize;
use tracing::{error, info};
use utoipa::{IntoParams, ToSchema};

use crate::{
    accounts::Accounts,
    domain,
    http::{
        convert::{self, rfc3339},
        error::ApiError,
        extract::{Admin, Cursors, JsonBody, PageRequest, Paging, QueryParams, RequestId, cursor_invalid},
        routes::message,
    },
    store::{ChangeUserError, Store, StoreError, UserKey},
};

/// Rows of the CSV export per query.
const CSV_CHUNK: u64 = 500;

/// One page of the users.
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(UserListQuery, Paging), responses(
    (status = 200, description = "One page", body = Users),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn users(
    State(store): State<Store>,
    _admin: Admin,
    QueryParams(query): QueryParams<UserListQuery>,
    QueryParams(paging): QueryParams<Paging>,
) -> Result<Json<Users>, ApiError> {
    let request: PageRequest<UserKey> = paging.request()?;
    if request.position.key().is_some_and(|key| key.sort() != query.sort) {
        return Err(cursor_invalid());
    }
    let found = store.users(&query, &request.position, request.size).await?;
    let Cursors { previous, next } = Cursors::of(&found.page);
    Ok(Json(Users {
        users: with_keys_and_changes(&store, &found.page.rows).await?,
        total: found.total,
        more: found.more,
        page: request.number(),
        per_page: request.size,
        previous,
        next,
        counts: store.user_counts().await?,
    }))
}

/// Changes the role of a user, or disables or enables the account.
#[utoipa::path(patch, path = "/admin/users/{id}", tag = "admin", request_body = UserPatch,
    params(("id" = i64, Path, description = "The ID of the account")), responses(
    (status = 200, description = "The account as it is now", body = User),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
    (status = 409, description = "last_admin", body = ErrorBody),
))]
pub(crate) async fn change(
    State(store): State<Store>,
    Admin(admin): Admin,
    id: Result<Path<i64>, PathRejection>,
    JsonBody(patch): JsonBody<UserPatch>,
) -> Result<Json<User>, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let user = store.change_user(id, patch, &admin.username).await?;
    info!(
        "Administrador '{}' cambió la cuenta '{}': {patch:?}.",
        admin.username, user.username
    );
    let changes = store.audit_entries(&[user.id]).await?;
    let keys = store.count_keys(&[user.id]).await?.remove(&user.id).unwrap_or_default();
    Ok(Json(convert::user(&user, keys, &changes)))
}

/// Sends the confirmation email again.
#[utoipa::path(post, path = "/admin/users/{id}/resend", tag = "admin",
    params(("id" = i64, Path, description = "The ID of the account")), responses(
    (status = 202, description = "A mail is on its way, unless the address is confirmed already", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
))]
pub(crate) async fn resend(
    State(accounts): State<Accounts>,
    State(store): State<Store>,
    Admin(admin): Admin,
    RequestId(request_id): RequestId,
    id: Result<Path<i64>, PathRejection>,
) -> Result<(StatusCode, Json<Message>), ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let user = store.user(id).await?.ok_or_else(ApiError::not_found)?;
    if user.email_confirmed {
        return Ok((StatusCode::ACCEPTED, message("El email ya está confirmado.")));
    }
    accounts.resend(&user, &admin.username, &request_id).await?;
    Ok((StatusCode::ACCEPTED, message("El mensaje está en camino.")))
}

/// The format of the CSV export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CsvFormat {
    /// What separates the cells. Without it: a semicolon if `Accept-Language` prefers Spanish, else a comma.
    #[param(inline)]
    sep: Option<Separator>,
}

/// What separates the cells of the CSV export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Separator {
    Comma,
    Semicolon,
    Tab,
}

impl Separator {
    /// That of spreadsheets in the language of the browser: in Spanish the comma separates decimals. Programs state no
    /// language.
    fn usual(headers: &HeaderMap) -> Self {
        let languages = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        match languages.and_then(Locale::accepted) {
            Some(Locale::Es) => Self::Semicolon,
            Some(Locale::En) | None => Self::Comma,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// All matching users, by id, as CSV. Accepts the parameters of the list and ignores the page.
#[utoipa::path(get, path = "/admin/users.csv", tag = "admin", params(UserListQuery, Paging, CsvFormat), responses(
    (status = 200, description = "CSV with a byte order mark and a header row", body = String, content_type = "text/csv"),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn csv(
    State(store): State<Store>,
    Admin(admin): Admin,
    QueryParams(query): QueryParams<UserListQuery>,
    QueryParams(paging): QueryParams<Paging>,
    QueryParams(format): QueryParams<CsvFormat>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    paging.size()?;
    let separator = format.sep.unwrap_or_else(|| Separator::usual(&headers));
    info!("Administrador '{}' exportó la lista de usuarios.", admin.username);
    let start = Some((store, query, None));
    let rows = stream::try_unfold(start, move |state| async move {
        let Some((store, query, after)) = state else {
            return Ok(None);
        };
        let users = store
            .users_after(&query, after.unwrap_or(0), CSV_CHUNK)
            .await
            .inspect_err(|cause| error!("La exportación de usuarios se cortó: {cause}"))?;
        let text = table(&users, separator, after.is_none());
        let next = users.last().map(|last| (store, query, Some(last.id)));
        Ok::<_, StoreError>(Some((Bytes::from(text), next)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"usuarios.csv\""),
    ];
    Ok((headers, Body::from_stream(rows)).into_response())
}

/// CSV rows, with or without the beginning of the file: the header row, and before it the mark without which Excel reads
/// UTF-8 as another encoding.
fn table(users: &[domain::User], separator: Separator, with_header: bool) -> Vec<u8> {
    let start = if with_header { "\u{feff}" } else { "" };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator.byte())
        .terminator(csv::Terminator::CRLF)
        .from_writer(start.as_bytes().to_vec());
    let header = [
        "id",
        "username",
        "email",
        "role",
        "email_confirmed",
        "disabled",
        "created_at",
        "last_login_at",
        "predictions",
    ];
    let rows = users.iter().map(|user| {
        [
            user.id.to_string(),
            escape_formula(&user.username),
            escape_formula(&user.email),
            role_name(user.role).to_owned(),
            user.email_confirmed.to_string(),
            user.disabled.to_string(),
            rfc3339(user.created_at),
            user.last_login_at.map(rfc3339).unwrap_or_default(),
            user.predictions.to_string(),
        ]
    });
    // Writing to memory doesn't fail.
    if with_header {
        let _infallible = writer.write_record(header);
    }
    for row in rows {
        let _infallible = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Admin => "admin",
    }
}

/// Prevents spreadsheets from evaluating a cell as a formula (OWASP, CSV injection).
fn escape_formula(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

async fn with_keys_and_changes(store: &Store, users: &[domain::User]) -> Result<Vec<User>, StoreError> {
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let changes = store.audit_entries(&ids).await?;
    let keys = store.count_keys(&ids).await?;
    let keys_of = |user: &domain::User| keys.get(&user.id).copied().unwrap_or_default();
    let users = users.iter().map(|user| convert::user(user, keys_of(user), &changes));
    Ok(users.collect())
}

impl From<ChangeUserError> for ApiError {
    fn from(error: ChangeUserError) -> Self {
        match error {
            ChangeUserError::NotFound => Self::not_found(),
            ChangeUserError::LastAdmin => Self::last_admin(),
            ChangeUserError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::escape_formula;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"] {
            assert!(escape_formula(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(escape_formula("ana.lópez"), "ana.lópez");
    }
}
