//! `/api/admin/users…`: the admin's user list.

use api::{ErrorBody, ErrorCode, Message, Role, User, UserChange, UserListQuery, UserPatch, Users};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Path, State, rejection::PathRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tracing::{error, info};

use crate::http::routes::{
    JsonBody, QueryOf, RequestId, message, not_found, predictions::Paging, register::failure, rfc3339,
};
use crate::{
    accounts::Accounts,
    domain,
    http::error::Refusal,
    http::extract::auth::Admin,
    store::{AuditEntry, ChangeUserError, Store, StoreError},
};

const PATH: &str = "/api/admin/users";

/// Rows of the CSV that are held at once.
const CSV_ROWS: u64 = 500;

/// One page of the users.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(get, path = "/admin/users", tag = "admin", params(UserListQuery, Paging), responses(
    (status = 200, description = "One page", body = Users),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub async fn users(
    State(accounts): State<Accounts>,
    _admin: Admin,
    QueryOf(asked): QueryOf<UserListQuery>,
    QueryOf(paging): QueryOf<Paging>,
) -> Result<Json<Users>, Response> {
    let (page, per_page) = paging.read().map_err(|refusal| refusal.answer(PATH))?;
    one_page(accounts.store(), &asked, page, per_page)
        .await
        .map(Json)
        .map_err(failed)
}

async fn one_page(store: &Store, query: &UserListQuery, page: u64, per_page: u64) -> Result<Users, StoreError> {
    let found = store.users(query, page, per_page).await?;
    Ok(Users {
        users: with_changes(store, &found.users).await?,
        total: found.total,
        more: found.more,
        page,
        per_page,
        counts: store.user_counts().await?,
    })
}

/// Change what a user may do, or switch the account off or on.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(patch, path = "/admin/users/{id}", tag = "admin", request_body = UserPatch,
    params(("id" = i64, Path, description = "The account's number")), responses(
    (status = 200, description = "The account as it is now", body = User),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
    (status = 409, description = "last_admin", body = ErrorBody),
))]
pub async fn change(
    State(accounts): State<Accounts>,
    Admin(admin): Admin,
    id: Result<Path<i64>, PathRejection>,
    JsonBody(patch): JsonBody<UserPatch>,
) -> Result<Json<User>, Response> {
    let Ok(Path(id)) = id else {
        return Err(not_found().answer(PATH));
    };
    let store = accounts.store();
    let user = match store.change_user(id, patch, &admin.username).await {
        Ok(user) => user,
        Err(ChangeUserError::NotFound) => return Err(not_found().answer(PATH)),
        Err(ChangeUserError::LastAdmin) => {
            let text = "Es el último administrador: nombra antes a otro.";
            return Err(Refusal::new(StatusCode::CONFLICT, ErrorCode::LastAdmin, text).answer(PATH));
        }
        Err(ChangeUserError::Store(error)) => return Err(failed(error)),
    };
    info!(
        "Administrador '{}' cambió la cuenta '{}': {patch:?}.",
        admin.username, user.username
    );
    let entries = store.audit_entries(&[user.id]).await.map_err(failed)?;
    Ok(Json(row(&user, &entries)))
}

/// Send the confirmation once more.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/admin/users/{id}/resend", tag = "admin",
    params(("id" = i64, Path, description = "The account's number")), responses(
    (status = 202, description = "A mail is on its way, unless the address is confirmed already", body = Message),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
))]
pub async fn resend(
    State(accounts): State<Accounts>,
    Admin(admin): Admin,
    RequestId(request_id): RequestId,
    id: Result<Path<i64>, PathRejection>,
) -> Result<(StatusCode, Json<Message>), Response> {
    let Ok(Path(id)) = id else {
        return Err(not_found().answer(PATH));
    };
    let found = accounts.store().user(id).await.map_err(failed)?;
    let user = found.ok_or_else(|| not_found().answer(PATH))?;
    if user.email_confirmed {
        return Ok((StatusCode::ACCEPTED, message("El email ya está confirmado.")));
    }
    accounts
        .resend(&user, &admin.username, &request_id)
        .await
        .map_err(failed)?;
    Ok((StatusCode::ACCEPTED, message("El mensaje está en camino.")))
}

/// All users that fit, by number, as CSV. It takes what the list takes; it has no pages, whichever is asked for.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(get, path = "/admin/users.csv", tag = "admin", params(UserListQuery, Paging), responses(
    (status = 200, description = "A table with a head line", body = String, content_type = "text/csv"),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub async fn csv(
    State(accounts): State<Accounts>,
    Admin(admin): Admin,
    QueryOf(asked): QueryOf<UserListQuery>,
    QueryOf(paging): QueryOf<Paging>,
) -> Result<Response, Response> {
    paging.read().map_err(|refusal| refusal.answer(PATH))?;
    info!("Administrador '{}' exportó la lista de usuarios.", admin.username);
    let start = Some((accounts.store().clone(), asked, None));
    let rows = stream::try_unfold(start, |state| async move {
        let Some((store, query, after)) = state else {
            return Ok(None);
        };
        let users = store
            .users_after(&query, after.unwrap_or(0), CSV_ROWS)
            .await
            .inspect_err(|cause| error!("La exportación de usuarios se cortó: {cause}"))?;
        let text = table(&users, after.is_none());
        let next = users.last().map(|last| (store, query, Some(last.id)));
        Ok::<_, StoreError>(Some((Bytes::from(text), next)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"usuarios.csv\""),
    ];
    Ok((headers, Body::from_stream(rows)).into_response())
}

/// Rows as CSV, with the head line or without.
fn table(users: &[domain::User], with_head: bool) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let head = [
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
            inert(&user.username),
            inert(&user.email),
            role(user.role).to_owned(),
            user.email_confirmed.to_string(),
            user.disabled.to_string(),
            rfc3339(user.created_at),
            user.last_login_at.map(rfc3339).unwrap_or_default(),
            user.predictions.to_string(),
        ]
    });
    // Into memory: it doesn't fail.
    if with_head {
        let _infallible = writer.write_record(head);
    }
    for row in rows {
        let _infallible = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula (OWASP, CSV injection).
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

async fn with_changes(store: &Store, users: &[domain::User]) -> Result<Vec<User>, StoreError> {
    let ids: Vec<_> = users.iter().map(|user| user.id).collect();
    let changes = store.audit_entries(&ids).await?;
    Ok(users.iter().map(|user| row(user, &changes)).collect())
}

fn row(user: &domain::User, changes: &[AuditEntry]) -> User {
    User {
        id: user.id,
        username: user.username.clone(),
        email: user.email.clone(),
        role: user.role,
        email_confirmed: user.email_confirmed,
        disabled: user.disabled,
        created_at: rfc3339(user.created_at),
        last_login_at: user.last_login_at.map(rfc3339),
        predictions: user.predictions,
        changes: changes
            .iter()
            .filter(|change| change.user_id == user.id)
            .map(changed)
            .collect(),
    }
}

fn changed(entry: &AuditEntry) -> UserChange {
    UserChange {
        at: rfc3339(entry.created_at),
        by: entry.actor.clone(),
        action: entry.action,
    }
}

/// A role as the CSV names it.
fn role(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Admin => "admin",
    }
}

fn failed(error: StoreError) -> Response {
    failure(&error.into()).answer(PATH)
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"] {
            assert!(inert(cell).starts_with('\''), "{cell:?}");
        }
        assert_eq!(inert("ana.lópez"), "ana.lópez");
    }
}
