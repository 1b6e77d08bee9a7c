//! `GET /api/me`: the account of the signed-in user.

use api::{Account, ErrorBody, Quota};
use axum::{Json, extract::State};

use crate::{
    accounts::Accounts,
    domain::User,
    http::{convert, error::ApiError, extract::CurrentUser, layers::rate_limit::RouteLimits},
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
        quota: quota(&accounts, &limits, &user),
        sessions: store.count_sessions(user.id).await?,
    }))
}

fn quota(accounts: &Accounts, limits: &RouteLimits, user: &User) -> Quota {
    let status = limits.predict.status(&RateLimitKey::User(user.id));
    let unconfirmed = u64::from(accounts.unconfirmed_predictions()).saturating_sub(user.predictions);
    Quota {
        limit: status.map(|status| status.limit),
        remaining: status.map(|status| status.remaining),
        reset_seconds: status.map_or(0, |status| status.reset.as_secs()),
        unconfirmed_remaining: (!user.email_confirmed).then_some(unconfirmed),
    }
}
