//! `POST /api/predict/number`: the number on an uploaded image.

use std::sync::Arc;

use api::{Number, NumberPart, PredictErrorBody};
use axum::{Json, extract::State};
use tracing::info;

use super::{Admitted, PictureForm, PredictRejection, agreement, as_parsed_from_json, notice, pixels, receive};
use crate::{
    accounts::Accounts,
    http::{
        error::ApiError,
        extract::{Form, PredictUser, ReadByPage},
    },
    prediction::{NumberOutcome, Predictor},
    store::NewPrediction,
};

/// Predicts the number on an image, or the numbers: one for each line of writing.
#[utoipa::path(post, path = "/predict/number", tag = "predictions",
    security(("token" = []), ("session" = []), ("key" = ["predict"])),
    request_body(content = PictureForm, content_type = "multipart/form-data"), responses(
    (status = 200, description = "The number", body = Number),
    (status = 400, description = "file_missing, file_not_selected, file_type, form_invalid", body = PredictErrorBody),
    (status = 401, description = "token_missing, token_invalid, token_expired", body = PredictErrorBody),
    (status = 403, description = "email_unconfirmed, origin_forbidden", body = PredictErrorBody),
    (status = 413, description = "file_too_large", body = PredictErrorBody),
    (status = 422, description = "image_unreadable, image_too_large", body = PredictErrorBody),
    (status = 503, description = "overloaded, database_unavailable", body = PredictErrorBody),
))]
pub(crate) async fn predict_number(
    State(predictor): State<Predictor>,
    State(accounts): State<Accounts>,
    PredictUser(user): PredictUser,
    ReadByPage(page): ReadByPage,
    form: Form,
) -> Result<Json<Number>, ApiError> {
    let admitted = Admitted::check(&predictor, &accounts, &user)?;
    let upload = receive(predictor.uploads(), form).await?;
    let outcome = predictor.predict_number(upload).await.map_err(PredictRejection::from)?;
    let numbers = &outcome.numbers;
    let row = NewPrediction {
        digit: numbers.digits().next().unwrap_or_default(),
        number: Some(numbers.text()),
        probability: numbers.probability,
        model: outcome.model.to_string(),
        image: Arc::clone(&outcome.grid),
    };
    admitted.record(vec![row]).await?;
    if outcome.cached {
        info!("Predicción obtenida desde la cache.");
    } else {
        let number = api::on_one_line(&numbers.text());
        let probability = as_parsed_from_json(numbers.probability);
        info!("Predicción realizada: Número {number} con probabilidad {probability:.2}.");
    }
    let number = body(&outcome);
    agreement::compare(page, number.numeral().as_deref(), &number.model);
    Ok(Json(number))
}

fn body(outcome: &NumberOutcome) -> Number {
    let numbers = &outcome.numbers;
    let parts = numbers.lines.iter().enumerate().flat_map(|(index, line)| {
        line.parts.iter().map(move |part| NumberPart {
            digit: part.digit(),
            probability: part.probability(),
            line: index + 1,
            area: pixels(part.area),
        })
    });
    Number {
        number: numbers.text(),
        parts: parts.collect(),
        probability: numbers.probability,
        cached: outcome.cached,
        model: outcome.model.to_string(),
        notice: numbers.notice.map(notice),
    }
}
