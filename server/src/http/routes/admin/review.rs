//! `/api/admin/review…`: the review of corrections, for admins.

use std::num::NonZeroU32;

use api::{
    ErrorBody, ErrorCode, Label, ReviewAction, ReviewDecision, ReviewEntry, ReviewQuery, ReviewQueue, ReviewScope,
    ReviewState, Reviewed,
};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use serde::Deserialize;
use tracing::{info, warn};
use utoipa::IntoParams;

use crate::{
    http::{
        convert::{png_data_url, rfc3339},
        error::ApiError,
        extract::{Admin, JsonBody, QueryParams},
    },
    metrics::Metrics,
    prediction::Predictor,
    review,
    store::{Decision, ReviewFilter, ReviewRow, Store},
};

/// Corrections that today's model reads before a page is answered; it reads the others in the background.
const MAX_READ: u64 = 64;

/// IDs of one request.
const MAX_IDS: usize = 100;

/// Corrections that are decided about in one transaction.
const STEP: u64 = 500;

/// Transactions of one request.
const MAX_STEPS: u64 = 20;

/// The page of the queue.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReviewPaging {
    /// The page, from 1.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 4_294_967_295_u64, default = 1)]
    page: Option<NonZeroU32>,
    /// Entries per page: 1 to 100.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 100, default = 50)]
    per_page: u64,
}

fn fifty() -> u64 {
    50
}

/// One page of the corrections, with what today's model reads.
#[utoipa::path(get, path = "/admin/review", tag = "admin", params(ReviewQuery, ReviewPaging), responses(
    (status = 200, description = "One page", body = ReviewQueue),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only", body = ErrorBody),
))]
pub(crate) async fn queue(
    State(store): State<Store>,
    State(predictor): State<Predictor>,
    _admin: Admin,
    QueryParams(query): QueryParams<ReviewQuery>,
    QueryParams(paging): QueryParams<ReviewPaging>,
) -> Result<Json<ReviewQueue>, ApiError> {
    if !(1..=MAX_IDS as u64).contains(&paging.per_page) {
        let text = "per_page va de 1 a 100.";
        return Err(ApiError::bad_request(ErrorCode::RequestInvalid, text));
    }
    if let Err(cause) = review::read_waiting(&store, &predictor, MAX_READ).await {
        // The queue is of use without it, too.
        warn!("No se leyeron las correcciones que esperan: {cause}");
    }
    let filter = filter(&store, query.state, query.label, &query.user).await?;
    let page = u64::from(paging.page.map_or(1, NonZeroU32::get));
    let found = match &filter {
        Some(filter) => Some(store.corrections(filter, query.sort, page, paging.per_page).await?),
        None => None,
    };
    let model = predictor.version();
    Ok(Json(ReviewQueue {
        more: found.as_ref().is_some_and(|page| page.more),
        entries: found.map(|page| entries(&page.rows, &model)).unwrap_or_default(),
        counts: store
            .correction_counts(filter.as_ref().map(|filter| plain_of(filter, &model)).as_ref())
            .await?,
        people: store.correction_people().await?,
    }))
}

/// `None` if there is no account with the name `username`, which is empty for all accounts.
async fn filter(
    store: &Store,
    state: ReviewState,
    said: Option<Label>,
    username: &str,
) -> Result<Option<ReviewFilter>, ApiError> {
    let user_id = if username.is_empty() {
        None
    } else {
        match store.user_by_name(username).await? {
            Some(user) => Some(user.id),
            None => return Ok(None),
        }
    };
    Ok(Some(ReviewFilter {
        state,
        said,
        user_id,
        confirmed_by: None,
    }))
}

/// Those of them that wait and say what today's model reads.
fn plain_of(filter: &ReviewFilter, model: &str) -> ReviewFilter {
    ReviewFilter {
        state: ReviewState::Waiting,
        confirmed_by: Some(model.to_owned()),
        ..*filter
    }
}

/// The rows with near duplicates behind each other.
fn entries(rows: &[ReviewRow], model: &str) -> Vec<ReviewEntry> {
    let groups = review::groups(rows);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&index| (groups[index], index));
    order
        .into_iter()
        .map(|index| entry(&rows[index], rows[groups[index]].prediction.id, model))
        .collect()
}

fn entry(row: &ReviewRow, group: i64, model: &str) -> ReviewEntry {
    let (prediction, correction) = (&row.prediction, &row.correction);
    let today = today(row, model);
    ReviewEntry {
        id: prediction.id,
        group,
        user_id: row.user_id,
        username: row.username.clone(),
        created_at: rfc3339(correction.created_at),
        image: png_data_url(&prediction.image),
        read: prediction.digit,
        probability: prediction.probability,
        model: prediction.model.clone(),
        said: correction.said,
        today: today.map(|(reading, _)| reading),
        confidence: today.map(|(_, confidence)| confidence),
        state: correction.state,
        label: correction.label,
        decided_at: row.decided.as_ref().map(|(at, _)| rfc3339(*at)),
        decided_by: row.decided.as_ref().map(|(_, by)| by.clone()),
    }
}

/// What today's model has read; not what another one did.
fn today(row: &ReviewRow, today: &str) -> Option<(Label, f32)> {
    let (model, reading, confidence) = row.reading.as_ref()?;
    (model == today).then_some((*reading, *confidence))
}

/// Decides about corrections.
#[utoipa::path(post, path = "/admin/review", tag = "admin", request_body = ReviewDecision, responses(
    (status = 200, description = "Decided", body = Reviewed),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
))]
pub(crate) async fn decide(
    State(store): State<Store>,
    State(metrics): State<Metrics>,
    Admin(admin): Admin,
    JsonBody(ReviewDecision { ids, action, label }): JsonBody<ReviewDecision>,
) -> Result<Json<Reviewed>, ApiError> {
    if !(1..=MAX_IDS).contains(&ids.len()) {
        let text = "Envía de 1 a 100 números de predicciones.";
        return Err(ApiError::bad_request(ErrorCode::RequestInvalid, text));
    }
    let decision = match (action, label) {
        (ReviewAction::Agree, label) => Decision::Agree(label),
        (ReviewAction::Drop, None) => Decision::Drop,
        (ReviewAction::Reopen, None) => Decision::Reopen,
        (ReviewAction::Drop | ReviewAction::Reopen, Some(_)) => {
            let text = "Solo agree lleva label.";
            return Err(ApiError::bad_request(ErrorCode::RequestInvalid, text));
        }
    };
    let changed = store.decide(&ids, decision, &admin.username).await?;
    metrics.corrections_reviewed(action, changed);
    info!(
        "Administrador '{}' revisó {changed} correcciones: {decision:?}.",
        admin.username
    );
    Ok(Json(Reviewed { changed }))
}

/// Agrees to all corrections that wait and say what today's model reads. At most 10,000 at a time.
#[utoipa::path(post, path = "/admin/review/plain", tag = "admin", request_body = ReviewScope, responses(
    (status = 200, description = "Agreed to", body = Reviewed),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
))]
pub(crate) async fn plain(
    State(store): State<Store>,
    State(predictor): State<Predictor>,
    State(metrics): State<Metrics>,
    Admin(admin): Admin,
    JsonBody(scope): JsonBody<ReviewScope>,
) -> Result<Json<Reviewed>, ApiError> {
    let filter = filter(&store, ReviewState::Waiting, scope.label, &scope.user).await?;
    let Some(filter) = filter.map(|filter| plain_of(&filter, &predictor.version())) else {
        return Ok(Json(Reviewed { changed: 0 }));
    };
    let changed = decide_all(&store, &metrics, &filter, ReviewAction::Agree, &admin.username).await?;
    info!(
        "Administrador '{}' aceptó {changed} correcciones en las que el modelo coincide.",
        admin.username
    );
    Ok(Json(Reviewed { changed }))
}

/// Drops all corrections of an account that wait. At most 10,000 at a time.
#[utoipa::path(post, path = "/admin/review/people/{id}/drop", tag = "admin",
    params(("id" = i64, Path, description = "The ID of the account")), responses(
    (status = 200, description = "Dropped", body = Reviewed),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "admin_only, origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found", body = ErrorBody),
))]
pub(crate) async fn drop_person(
    State(store): State<Store>,
    State(metrics): State<Metrics>,
    Admin(admin): Admin,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Reviewed>, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::not_found())?;
    let user = store.user(id).await?.ok_or_else(ApiError::not_found)?;
    let filter = ReviewFilter {
        user_id: Some(user.id),
        ..ReviewFilter::default()
    };
    let changed = decide_all(&store, &metrics, &filter, ReviewAction::Drop, &admin.username).await?;
    info!(
        "Administrador '{}' descartó {changed} correcciones de '{}'.",
        admin.username, user.username
    );
    Ok(Json(Reviewed { changed }))
}

/// Decides about all that wait and match, in transactions small enough that others don't wait noticeably.
async fn decide_all(
    store: &Store,
    metrics: &Metrics,
    filter: &ReviewFilter,
    action: ReviewAction,
    actor: &str,
) -> Result<u64, ApiError> {
    let decision = match action {
        ReviewAction::Agree => Decision::Agree(None),
        ReviewAction::Drop => Decision::Drop,
        ReviewAction::Reopen => Decision::Reopen,
    };
    let mut changed = 0;
    for _ in 0..MAX_STEPS {
        let found = store.decide_matching(filter, decision, actor, STEP).await?;
        metrics.corrections_reviewed(action, found);
        changed += found;
        if found < STEP {
            break;
        }
    }
    Ok(changed)
}
