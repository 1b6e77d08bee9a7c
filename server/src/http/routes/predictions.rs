//! `GET /api/predictions` and `POST /api/predictions/{id}/correction`: a user's own predictions.

use std::io::Cursor;

use api::{Correction, ErrorBody, ErrorCode, History, PastPrediction};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use classifier::SIDE;
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{JsonBody, QueryOf, bad_request, not_found, register::failure, rfc3339};
use crate::{accounts::Accounts, http::error::Refusal, http::extract::auth::SignedIn, store::StoredPrediction};

/// Which page.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// From 1.
    #[serde(default = "first")]
    #[param(value_type = u64, minimum = 1, maximum = 4_294_967_295_u64, default = 1)]
    pub page: std::num::NonZeroU32,
    /// How many a page holds: 1 to 100.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub per_page: u64,
}

/// The largest page there is.
const MOST: u64 = 100;

fn first() -> std::num::NonZeroU32 {
    std::num::NonZeroU32::MIN
}

fn twenty() -> u64 {
    20
}

impl Paging {
    /// Which page, and how many it holds.
    pub(super) fn read(self) -> Result<(u64, u64), Refusal> {
        if (1..=MOST).contains(&self.per_page) {
            Ok((self.page.get().into(), self.per_page))
        } else {
            Err(bad_request(ErrorCode::RequestInvalid, "per_page va de 1 a 100."))
        }
    }
}

/// The signed-in user's predictions, newest first, with the pictures the network saw.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(get, path = "/predictions", tag = "predictions", params(Paging), responses(
    (status = 200, description = "One page", body = History),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
))]
pub async fn predictions(
    State(accounts): State<Accounts>,
    SignedIn { user, .. }: SignedIn,
    QueryOf(paging): QueryOf<Paging>,
) -> Result<Json<History>, Response> {
    let (page, per_page) = paging.read().map_err(|refusal| refusal.answer("/api/predictions"))?;
    let (rows, total) = accounts
        .store()
        .predictions_of(user.id, page, per_page)
        .await
        .map_err(|error| failure(&error.into()).answer("/api/predictions"))?;
    Ok(Json(History {
        predictions: rows.iter().map(past).collect(),
        total,
        page,
        per_page,
    }))
}

/// Say which digit it was. Kept for review and for training.
///
/// # Errors
///
/// The refusal to answer with.
#[utoipa::path(post, path = "/predictions/{id}/correction", tag = "predictions", request_body = Correction,
    params(("id" = i64, Path, description = "The prediction's number")), responses(
    (status = 200, description = "Kept", body = PastPrediction),
    (status = 400, description = "request_invalid", body = ErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = ErrorBody),
    (status = 403, description = "origin_forbidden", body = ErrorBody),
    (status = 404, description = "not_found: it is none of this user's", body = ErrorBody),
))]
pub async fn correction(
    State(accounts): State<Accounts>,
    SignedIn { user, .. }: SignedIn,
    id: Result<Path<i64>, PathRejection>,
    JsonBody(Correction { digit: actual }): JsonBody<Correction>,
) -> Result<Json<PastPrediction>, Response> {
    let path = "/api/predictions";
    if actual > 9 {
        return Err(bad_request(ErrorCode::RequestInvalid, "digito va de 0 a 9.").answer(path));
    }
    let Ok(Path(id)) = id else {
        return Err(not_found().answer(path));
    };
    let corrected = accounts
        .store()
        .correct_prediction(user.id, id, actual)
        .await
        .map_err(|error| failure(&error.into()).answer(path))?;
    let row = corrected.ok_or_else(|| not_found().answer(path))?;
    tracing::info!("Predicción {id} corregida: Dígito {actual} en vez de {}.", row.digit);
    Ok(Json(past(&row)))
}

fn past(row: &StoredPrediction) -> PastPrediction {
    PastPrediction {
        id: row.id,
        created_at: rfc3339(row.created_at),
        digit: row.digit,
        probability: row.probability,
        model: row.model.clone(),
        correction: row.correction,
        image: data_url(&row.image),
    }
}

/// A picture of 28x28 as a PNG in a `data:` URL; empty for one that isn't.
fn data_url(picture: &[u8]) -> String {
    // 28 fits.
    let side = u32::try_from(SIDE).unwrap_or_default();
    let mut png = Cursor::new(Vec::new());
    match PngEncoder::new(&mut png).write_image(picture, side, side, ExtendedColorType::L8) {
        Ok(()) => format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png.into_inner())),
        Err(_) => String::new(),
    }
}
