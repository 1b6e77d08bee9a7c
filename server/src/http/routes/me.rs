//! `GET /api/me`: who has signed in, and what they have left.

use api::{Account, ErrorBody, Quota};
use axum::{Json, extract::State, response::Response};

use super::register::failure;
use crate::{
    accounts::Accounts,
    http::{
        extract::auth::{SignedIn, me as as_me},
        layers::rate_limit::Limits,
    },
    limits::RateLimitKey,
    store::entities::user,
};

/// Who has signed in.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(get, path = "/me", tag = "accounts", responses(
    (status = 200, description = "The account", body = Account),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
))]
pub async fn me(
    State(accounts): State<Accounts>,
    State(limits): State<Limits>,
    SignedIn { user, .. }: SignedIn,
) -> Result<Json<Account>, Response> {
    let sessions = accounts
        .store()
        .sessions_of(user.id)
        .await
        .map_err(|error| failure(&error.into()).answer("/api/me"))?;
    Ok(Json(Account {
        me: as_me(&user),
        quota: quota(&accounts, &limits, &user),
        sessions,
    }))
}

fn quota(accounts: &Accounts, limits: &Limits, user: &user::Model) -> Quota {
    let standing = match limits.0.predict.peek(&RateLimitKey::User(user.id)) {
        Ok(standing) => standing,
        Err(refused) => Some(refused.status),
    };
    let had = user.predictions.cast_unsigned();
    let unconfirmed = u64::from(accounts.unconfirmed_predictions()).saturating_sub(had);
    Quota {
        limit: standing.map(|standing| standing.limit),
        remaining: standing.map(|standing| standing.remaining),
        reset_seconds: standing.map_or(0, |standing| standing.reset.as_secs()),
        unconfirmed_remaining: (!user.email_confirmed).then_some(unconfirmed),
    }
}
